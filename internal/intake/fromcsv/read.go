// Package fromcsv reads hotline reports that come as a table: one record per
// report, with whatever columns the hotline has.
//
// A [Mapping] says which column means what; [ParseMapping] reads one that a
// person wrote, [Guess] recognises obvious names in five languages. [Read]
// makes a draft of one record: whoever walks a file splits it into records
// and hands over each with the header, which [ParseHeader] reads once. [Clean]
// gives the record without what must not be kept.
//
// The words for what happened and for classifications are those of package
// fromhotline: a record is a hotline report with fewer places. The prose is
// docs/formats/csv-hotline.md.
package fromcsv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"lapwing/internal/intake/fromhotline"
	"lapwing/internal/referral"
)

// Format is the name of this format; Reader the version of its reader.
const (
	Format = "hotline-csv"
	Reader = 1
)

// Options say how to read a record. Header is needed, all else has defaults.
type Options struct {
	Header  []string // the names of the columns, as ParseHeader gives them
	Comma   rune     // between cells; 0 is a comma
	Mapping Mapping  // column to field; nil is Guess(Header)
	Source  string   // the hotline's short name; may be left out where a column has it

	// Zone is where times without a zone are meant, nil for UTC. A time read
	// with it counts as one that names its zone.
	Zone *time.Location
	// Words are the hotline's own words for what happened and for
	// classifications, to those of package fromhotline. Case does not count.
	Words map[string]string

	MaxBytes int // of a record; 0 is 1 MiB
}

// Limits of a header: more than any table made by people has.
const (
	maxColumns = 300
	maxName    = 200
)

// ParseHeader reads the header line: the names of the columns and what stands
// between them, which is found from the line where comma is 0.
func ParseHeader(line []byte, comma rune) ([]string, rune, error) {
	text := decode(line)
	if comma == 0 {
		comma = findComma(text)
	}
	rec, _, err := split(text, comma)
	if err != nil {
		return nil, comma, fmt.Errorf("the header line cannot be read: %w", err)
	}
	if len(rec) > maxColumns {
		return nil, comma, fmt.Errorf("the header line has %d columns, more than the %d that a table may have", len(rec), maxColumns)
	}
	for i := range rec {
		rec[i] = strings.TrimSpace(rec[i])
		if name := rec[i]; !isName(name) {
			return nil, comma, fmt.Errorf("column %d of the first line is no name of a column: the first line has to be the header", i+1)
		}
	}
	return rec, comma, nil
}

// isName keeps values out of the header, and so out of every path, where a
// file begins with its first report.
func isName(s string) bool {
	_, isTime := when(s, nil)
	return len(s) <= maxName && !isTime && !strings.Contains(s, "://") && !strings.Contains(s, "@") && !fromhotline.AboutMachine(s)
}

// findComma is the separator that stands most often outside quotes.
func findComma(line string) rune {
	best, most := ',', 0
	for _, c := range ";\t|," {
		n, quoted := 0, false
		for _, r := range line {
			switch {
			case r == '"':
				quoted = !quoted
			case r == c && !quoted:
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// Read reads one record. It gives one draft and everything that is wrong with
// the record, or no draft where a finding refuses it. Paths are the names of
// columns; a column without a name, or past the header, is column[7], and the
// second of a name is Name[2].
func Read(b []byte, o Options) ([]*referral.Draft, []referral.Finding) {
	r := &reader{o: o, d: &referral.Draft{Format: Format, Reader: Reader, IDFrom: referral.IDStated}}
	cells, ok := r.cells(b)
	if !ok {
		return nil, r.findings
	}
	r.protect(cells)
	r.take(cells)
	r.draft()
	r.keep(cells)
	if referral.Refuses(r.findings) {
		return nil, r.findings
	}
	return []*referral.Draft{r.d}, r.findings
}

// A cell is one value with its column.
type cell struct {
	path    string // the column
	name    string // of the column as in the header
	field   Field  // what it means, "" where nobody says
	text    string // without media
	media   bool   // media was taken out of it
	bad     bool   // could not be used
	dropped bool   // about the person who reported: kept nowhere
}

type reader struct {
	o        Options
	d        *referral.Draft
	findings []referral.Finding
	by       map[Field][]*cell // cells with something in them
}

func (r *reader) warn(c *cell, text string) {
	path := ""
	if c != nil {
		path = c.path
	}
	r.findings = append(r.findings, referral.Finding{Path: path, Severity: referral.Warn, Text: text})
}

func (r *reader) refuse(path, text string) {
	r.findings = append(r.findings, referral.Finding{Path: path, Severity: referral.Refuse, Text: text})
}

// bad says what is wrong with a cell; it goes with the unknown ones.
func (r *reader) bad(c *cell, text string) {
	c.bad = true
	r.warn(c, text)
}

// cells splits the record and gives each cell its column and field.
func (r *reader) cells(b []byte) ([]cell, bool) {
	o := r.o
	max := o.MaxBytes
	if max <= 0 {
		max = 1 << 20
	}
	switch {
	case len(o.Header) == 0:
		r.refuse("", "the names of the columns are missing: the first line of the file has them")
		return nil, false
	case len(b) > max:
		r.refuse("", fmt.Sprintf("the record has %d bytes, more than the %d that one report may have", len(b), max))
		return nil, false
	}
	rec, strict, err := split(decode(b), o.Comma)
	if err != nil {
		r.refuse("", err.Error())
		return nil, false
	}
	if isHeader(rec, o.Header) {
		r.refuse("", "this is the header line again, not a report")
		return nil, false
	}
	if len(rec) > maxColumns {
		r.refuse("", fmt.Sprintf("the record has %d cells, more than the %d that a table may have", len(rec), maxColumns))
		return nil, false
	}
	if !strict {
		r.warn(nil, "the quotes in this record are not as they should be (RFC 4180): see whether the cells are in their columns")
	}
	switch n := len(o.Header); {
	case len(rec) > n:
		r.warn(nil, fmt.Sprintf("the record has %d cells, the header %d: see whether the cells are in their columns; those past the header are kept as they are", len(rec), n))
	case len(rec) < n:
		r.warn(nil, fmt.Sprintf("the record has %d cells, the header %d: the last columns count as empty", len(rec), n))
	}
	m := o.Mapping
	if m == nil {
		m = Guess(o.Header)
	}
	cells := make([]cell, len(rec))
	for i, text := range rec {
		c := &cells[i]
		if i < len(o.Header) {
			c.name = o.Header[i]
			c.field = m.of(c.name)
		}
		c.path = columnPath(o.Header, i)
		t, n := fromhotline.TakeOutMedia(text)
		c.text, c.media = t, n > 0
	}
	return cells, true
}

func columnPath(header []string, i int) string {
	if i >= len(header) || header[i] == "" {
		return fmt.Sprintf("column[%d]", i+1)
	}
	n := 1
	for _, h := range header[:i] {
		if h == header[i] {
			n++
		}
	}
	if n > 1 {
		return fmt.Sprintf("%s[%d]", header[i], n)
	}
	return header[i]
}

func isHeader(rec, header []string) bool {
	if len(rec) != len(header) {
		return false
	}
	for i := range rec {
		if strings.TrimSpace(rec[i]) != header[i] {
			return false
		}
	}
	return true
}

// split reads the one record of text, and says whether its quotes are in order.
func split(text string, comma rune) (rec []string, strict bool, err error) {
	if comma == 0 {
		comma = ','
	}
	for _, lazy := range []bool{false, true} {
		rd := csv.NewReader(strings.NewReader(text))
		rd.Comma, rd.LazyQuotes, rd.FieldsPerRecord = comma, lazy, -1
		rec, err = rd.Read()
		if err == nil {
			if _, more := rd.Read(); more == io.EOF {
				return rec, !lazy, nil
			}
			err = errors.New("there is more than one record: hand over one at a time")
			if !lazy {
				continue // an open quote may run into the next line
			}
		}
	}
	switch {
	case errors.Is(err, io.EOF):
		err = errors.New("the record is empty")
	case errors.As(err, new(*csv.ParseError)):
		err = errors.New("the record is not CSV")
	}
	return nil, false, err
}

// decode gives text in UTF-8. What is not UTF-8 is read as Windows-1252, in
// which old spreadsheets write.
func decode(b []byte) string {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if utf8.Valid(b) {
		return string(b)
	}
	if t, err := charmap.Windows1252.NewDecoder().Bytes(b); err == nil {
		return string(t)
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}

// keep fills Fields and Unknown: every cell with something in it, in order.
func (r *reader) keep(cells []cell) {
	for i := range cells {
		c := &cells[i]
		if c.dropped || strings.TrimSpace(c.text) == "" {
			continue
		}
		if c.media {
			r.warn(c, "media has no place in a report: the desk keeps its length and SHA-256 and let the bytes go; send fingerprints")
		}
		f := referral.Field{Path: c.path, Value: c.text}
		r.d.Fields = append(r.d.Fields, f)
		if c.field == "" || c.bad {
			r.d.Unknown = append(r.d.Unknown, f)
		}
		if c.field == "" {
			r.warn(c, "nobody says what this column means: kept as it is; add it to the mapping")
		}
	}
}
