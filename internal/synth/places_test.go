package synth

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// Numbers that are not from a range for films have the form of a number of their country, and are given to nobody there.
func TestPhonesAreNobodys(t *testing.T) {
	t.Parallel()
	for i, c := range countries {
		for n := 0; n < 10_000_000; n += 99_991 {
			text := string(appendPhone(nil, i, n))
			p, err := phonenumbers.Parse(text, "")
			if err != nil || phonenumbers.IsPossibleNumberWithReason(p) != phonenumbers.IS_POSSIBLE || phonenumbers.IsValidNumber(p) {
				t.Fatalf("%s: %s is possible: %v, valid: %v (%v); want possible and not valid", c.code, text,
					phonenumbers.IsPossibleNumber(p), phonenumbers.IsValidNumber(p), err)
			}
			if got, want := phonenumbers.Format(p, phonenumbers.E164), strings.ReplaceAll(text, " ", ""); got != want {
				t.Fatalf("%s: %s is read as %s", c.code, text, got)
			}
		}
	}
	d := newDesk(1, DemoOptions{Until: defaultUntil})
	for i, c := range countries {
		f, ok := fictional[c.code]
		if !ok {
			continue
		}
		seen := map[string]bool{}
		for range f.number + 10 {
			p := d.newPhone(i)
			if strings.HasPrefix(p, f.start) == (len(seen) >= f.number) || seen[p] {
				t.Fatalf("%s: number %d is %s", c.code, len(seen), p)
			}
			seen[p] = true
		}
	}
}

func TestDelegatedPlacesEveryAddress(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := WriteDelegated(&b, time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	v4 := map[netip.Addr]string{}
	type block struct {
		netip.Prefix
		country string
	}
	var v6 []block
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	records := 0
	for _, line := range lines[4:] {
		f := strings.Split(line, "|")
		records++
		value, err := strconv.Atoi(f[4])
		if err != nil {
			t.Fatal(err)
		}
		switch f[2] {
		case "ipv4":
			for a := netip.MustParseAddr(f[3]); value > 0; a, value = a.Next(), value-1 {
				if was, twice := v4[a]; twice {
					t.Errorf("%s is given to %q and %q", a, was, f[1])
				}
				v4[a] = f[1]
			}
		case "ipv6":
			p := netip.PrefixFrom(netip.MustParseAddr(f[3]), value)
			for _, o := range v6 {
				if o.Overlaps(p) {
					t.Errorf("%s and %s overlap", o, p)
				}
			}
			v6 = append(v6, block{p, f[1]})
		}
	}
	if want := strings.Split(lines[0], "|")[3]; strconv.Itoa(records) != want || len(v4) != 768 {
		t.Errorf("%d records and %d IPv4 addresses, the header says %s records; want all 768 addresses", records, len(v4), want)
	}
	for i, c := range countries {
		for n := range uint64(200) {
			a := netip.MustParseAddr(string(appendIPv4(nil, i, n*13)))
			if v4[a] != c.code {
				t.Fatalf("%s of %s is in the block of %q", a, c.code, v4[a])
			}
			a = netip.MustParseAddr(string(appendIPv6(nil, i, n*0x9e3779b97f4a7>>3)))
			for _, o := range v6 {
				if o.Contains(a) != (o.country == c.code) {
					t.Fatalf("%s of %s: in the block of %s: %v", a, c.code, o.country, o.Contains(a))
				}
			}
		}
	}
}

// Different numbers are different addresses.
func TestIPv6NumbersDiffer(t *testing.T) {
	t.Parallel()
	seen := map[netip.Addr]uint64{}
	for _, base := range []uint64{0, 1 << 12, 1 << 28, 1 << 44, 1<<52 - 5000} {
		for n := base; n < base+5000; n++ {
			text := string(appendIPv6(nil, 3, n))
			a := netip.MustParseAddr(text)
			if a.String() != text {
				t.Fatalf("%s is written in another form than %s", a, text)
			}
			if was, twice := seen[a]; twice && was != n {
				t.Fatalf("%d and %d are both %s", was, n, a)
			}
			seen[a] = n
		}
	}
}

func TestAppendTime(t *testing.T) {
	t.Parallel()
	for unix := int64(0); unix < 4_200_000_000; unix += 86_400*3 + 12_347 {
		if got, want := string(appendTime(nil, unix)), time.Unix(unix, 0).UTC().Format(time.RFC3339); got != want {
			t.Fatalf("appendTime(%d) = %s, want %s", unix, got, want)
		}
	}
}
