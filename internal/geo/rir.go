package geo

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// isRIR says whether a file begins like a registry's list: after comments, a
// line of at least six fields between bars.
func isRIR(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	if bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		return bytes.Count(line, []byte("|")) >= 5
	}
	return false
}

// A rirReader collects the rows of one list or of several that were put into
// one file (delegated-extended, formats.md H.1).
type rirReader struct {
	four, six  []span
	codes      []string
	codeOf     map[string]uint16
	registries []string
	records    int // rows that are neither header nor summary
	stated     int // rows as the headers state them
	built      string
	newest     string // date of the newest row as written, for lists without a header
}

func readRIR(in io.Reader) (*DB, error) {
	r := rirReader{codeOf: map[string]uint16{}}
	limited := &io.LimitedReader{R: in, N: MaxBytes + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(make([]byte, 0, 4096), 64<<10)
	n := 0
	for lines.Scan() {
		n++
		if err := r.line(lines.Text(), n == 1); err != nil {
			if lines.Err() != nil {
				break // what was left of a damaged file
			}
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("after line %d: it is damaged: %w", n, err)
	}
	if limited.N <= 0 {
		return nil, errors.New("it has more than 1 GiB")
	}
	// The registries' own counts differ by a few rows. More missing means that the file was cut.
	if r.records < r.stated-r.stated/100 {
		return nil, fmt.Errorf("it has %d of the %d records that its header states: it was cut short, fetch it again", r.records, r.stated)
	}
	if r.records == 0 {
		return nil, errors.New("it has no records")
	}
	if r.built == "" {
		r.built = date(r.newest)
	}
	if r.built == "" {
		return nil, errors.New("neither header nor records say when it was made, so no answer of it could be dated")
	}
	slices.Sort(r.registries)
	return &DB{
		base: referral.Base{Name: "delegated " + strings.Join(r.registries, "+"), Built: r.built},
		rir:  newTable(r.codes, r.four, r.six),
	}, nil
}

func (r *rirReader) line(s string, first bool) error {
	if first {
		s = strings.TrimPrefix(s, "\ufeff")
	}
	s = strings.TrimSpace(s)
	if s == "" || s[0] == '#' {
		return nil
	}
	var f [9]string // the opaque id and what follows are not needed
	n := 0
	for rest, more := s, true; more && n < len(f); n++ {
		f[n], rest, more = strings.Cut(rest, "|")
	}
	switch {
	case s[0] >= '0' && s[0] <= '9':
		return r.header(f[:n])
	case strings.HasSuffix(s, "|summary"):
		return nil
	case n < 7:
		return fmt.Errorf("a record has at least 7 fields, this has %d: it was cut short or is no registry's list", n)
	}
	return r.record(f[:n])
}

// header reads version|registry|serial|records|start|end|offset.
func (r *rirReader) header(f []string) error {
	if len(f) < 6 {
		return fmt.Errorf("a header has 7 fields, this has %d", len(f))
	}
	if err := r.registry(f[1]); err != nil {
		return err
	}
	if n, err := strconv.Atoi(f[3]); err == nil && n > 0 && n < 1<<30 {
		r.stated = min(r.stated+n, 1<<40)
	}
	day := date(f[5])
	if day == "" {
		day = date(f[2])
	}
	if day != "" && (r.built == "" || day < r.built) {
		r.built = day // the oldest of several: none is newer than the whole claims to be
	}
	return nil
}

func (r *rirReader) registry(name string) error {
	name = strings.ToLower(name)
	if slices.Contains(r.registries, name) {
		return nil
	}
	if name == "" || len(name) > 20 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
		return errors.New("the registry's name is not one")
	}
	if len(r.registries) == 20 {
		return errors.New("it names more than 20 registries: it is no registry's list")
	}
	r.registries = append(r.registries, name)
	return nil
}

// record reads registry|cc|type|start|value|date|status.
func (r *rirReader) record(f []string) error {
	if r.records++; r.records > maxRows {
		return fmt.Errorf("it has more than %d records", maxRows)
	}
	if err := r.registry(f[0]); err != nil {
		return err
	}
	if f[5] > r.newest && date(f[5]) != "" {
		r.newest = strings.Clone(f[5])
	}
	kind := f[2]
	if kind == "asn" {
		return nil
	}
	var s span
	var err error
	switch kind {
	case "ipv4":
		s.first, s.last, err = block4(f[3], f[4])
	case "ipv6":
		s.first, s.last, err = block6(f[3], f[4])
	default:
		return fmt.Errorf("type %.20q is none of asn, ipv4, ipv6", kind)
	}
	if err != nil {
		return err
	}
	code := strings.ToUpper(f[1])
	switch {
	case code == "" || code == "ZZ", f[6] != "allocated" && f[6] != "assigned":
		return nil // free, reserved or unknown
	case len(code) != 2:
		return fmt.Errorf("country code %.20q has not two letters", f[1])
	}
	if s.code, err = r.code(code); err != nil {
		return err
	}
	if kind == "ipv4" {
		r.four = append(r.four, s)
	} else {
		r.six = append(r.six, s)
	}
	return nil
}

func (r *rirReader) code(code string) (uint16, error) {
	i, ok := r.codeOf[code]
	if !ok {
		if len(r.codes) == 1<<16-1 {
			return 0, errors.New("it names more codes than there are")
		}
		i = uint16(len(r.codes))
		code = strings.Clone(code)
		r.codes = append(r.codes, code)
		r.codeOf[code] = i
	}
	return i, nil
}

// block4 reads the start of a block and the number of its addresses, which is
// not always a power of two.
func block4(start, count string) (first, last wide, err error) {
	a, err := netip.ParseAddr(start)
	if err != nil || !a.Is4() {
		return first, last, fmt.Errorf("%.40q is not an IPv4 address", start)
	}
	n, err := strconv.ParseUint(count, 10, 33)
	first = wideOf(a)
	if err != nil || n == 0 || first.lo+n > 1<<32 {
		return first, last, fmt.Errorf("%.20q is not a number of IPv4 addresses after that start", count)
	}
	return first, wide{lo: first.lo + n - 1}, nil
}

// block6 reads the start of a block and the length of its prefix.
func block6(start, length string) (first, last wide, err error) {
	a, err := netip.ParseAddr(start)
	if err != nil || !a.Is6() || a.Zone() != "" {
		return first, last, fmt.Errorf("%.60q is not an IPv6 address", start)
	}
	n, err := strconv.Atoi(length)
	if err != nil || n < 1 || n > 128 {
		return first, last, fmt.Errorf("%.20q is not a prefix length of IPv6", length)
	}
	first = wideOf(netip.PrefixFrom(a, n).Masked().Addr())
	last = first
	if n <= 64 {
		last.hi |= 1<<(64-n) - 1
		last.lo = 1<<64 - 1
	} else {
		last.lo |= 1<<(128-n) - 1
	}
	return first, last, nil
}

// date turns 20260114 into 2026-01-14, and anything else into "".
func date(s string) string {
	t, err := time.Parse("20060102", s)
	if err != nil || t.Year() < 1970 {
		return ""
	}
	return t.Format(time.DateOnly)
}
