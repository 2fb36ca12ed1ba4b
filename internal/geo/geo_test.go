package geo

import (
	"bytes"
	"compress/gzip"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/internal/referral"
)

const built = 1_793_448_000 // 2026-10-31

func testMMDB(ipVersion int) mmdbFile {
	m := mmdbFile{ipVersion: ipVersion, dbType: "Example-Country", built: built, networks: map[string]any{
		"192.0.2.0/24":      country("LU", "FR", ""),
		"198.51.100.0/25":   country("", "NL", ""),
		"198.51.100.128/28": country("DE", "DE", "US"),
		"203.0.113.0/26":    country("EU", "", ""),
		"203.0.113.64/26":   country("A1", "BE", ""),
		"203.0.113.128/26":  map[string]any{"city": map[string]any{"geoname_id": uint32(1)}},
	}}
	if ipVersion == 6 {
		m.networks["2001:db8::/32"] = country("PT", "", "")
	}
	return m
}

const testRIR = `# a list for tests
2|example|20260115|9|19830101|20260114|+0000
example|*|asn|*|1|summary
example|*|ipv4|*|4|summary
example|LU|asn|64496|1|20200101|allocated|OPAQUE-1
example|LU|ipv4|192.0.2.0|256|20200101|allocated|OPAQUE-1
example|NL|ipv4|198.51.100.0|192|20200101|assigned|OPAQUE-2|e-stats
example|EU|ipv4|198.51.100.192|32|20200101|assigned|OPAQUE-2
example|LU|ipv6|2001:db8::|32|20200101|allocated|OPAQUE-1
example|be|ipv6|2001:db8:8000::|33|20200101|assigned|OPAQUE-3
example||ipv4|203.0.113.0|128||available|
example|ZZ|ipv4|203.0.113.128|64||reserved|
example|FR|ipv4|203.0.113.192|64|20200101|reserved|
`

func TestLookup(t *testing.T) {
	t.Parallel()
	six, four, rir := mustParse(t, testMMDB(6).bytes()), mustParse(t, testMMDB(4).bytes()), mustParse(t, []byte(testRIR))
	for _, c := range []struct {
		name string
		db   *DB
		addr string
		want Answer
		ok   bool
	}{
		{"located", six, "192.0.2.7", Answer{Country: "LU", Kind: Located, Registered: "FR"}, true},
		{"located in a v4 file", four, "192.0.2.7", Answer{Country: "LU", Kind: Located, Registered: "FR"}, true},
		{"mapped", six, "::ffff:192.0.2.7", Answer{Country: "LU", Kind: Located, Registered: "FR"}, true},
		{"mapped in a v4 file", four, "::ffff:192.0.2.7", Answer{Country: "LU", Kind: Located, Registered: "FR"}, true},
		{"zone", six, "2001:db8::1%eth0", Answer{Country: "PT", Kind: Located}, true},
		{"v6 in a v4 file", four, "2001:db8::1", Answer{}, false},
		{"registered only", six, "198.51.100.1", Answer{Country: "NL", Kind: Registered, Registered: "NL"}, true},
		{"base of another country", six, "198.51.100.129", Answer{Country: "DE", Kind: Located, Registered: "DE", Represented: "US"}, true},
		{"EU", six, "203.0.113.1", Answer{Kind: Registered}, true},
		{"anonymous proxy", six, "203.0.113.65", Answer{Country: "BE", Kind: Registered, Registered: "BE"}, true},
		{"a city without country", six, "203.0.113.129", Answer{}, false},
		{"not there", six, "8.8.8.8", Answer{}, false},

		{"first", rir, "192.0.2.0", Answer{Country: "LU", Kind: Registered, Registered: "LU"}, true},
		{"last", rir, "192.0.2.255", Answer{Country: "LU", Kind: Registered, Registered: "LU"}, true},
		{"before", rir, "192.0.1.255", Answer{}, false},
		{"after", rir, "192.0.3.0", Answer{}, false},
		{"192 addresses, the last", rir, "198.51.100.191", Answer{Country: "NL", Kind: Registered, Registered: "NL"}, true},
		{"no country", rir, "198.51.100.192", Answer{Kind: Registered, Registered: "EU"}, true},
		{"past all of them", rir, "198.51.100.224", Answer{}, false},
		{"available", rir, "203.0.113.1", Answer{}, false},
		{"ZZ", rir, "203.0.113.129", Answer{}, false},
		{"reserved", rir, "203.0.113.200", Answer{}, false},
		{"v6", rir, "2001:db8:1::1", Answer{Country: "LU", Kind: Registered, Registered: "LU"}, true},
		{"v6 part", rir, "2001:db8:ffff::1", Answer{Country: "BE", Kind: Registered, Registered: "BE"}, true},
		{"v6 after", rir, "2001:db9::", Answer{}, false},
		{"v4 is not v6", rir, "::c000:200", Answer{}, false},
	} {
		got, ok := c.db.Lookup(netip.MustParseAddr(c.addr))
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s: Lookup(%s) = %+v, %t; want %+v, %t", c.name, c.addr, got, ok, c.want, c.ok)
		}
	}
	if _, ok := rir.Lookup(netip.Addr{}); ok {
		t.Error("an answer for no address")
	}
}

func mustParse(t testing.TB, b []byte) *DB {
	t.Helper()
	db, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestBase(t *testing.T) {
	t.Parallel()
	merged := strings.Replace(testRIR, "example", "other", -1)
	merged = strings.Replace(merged, "20260114|+", "20251231|+", 1)
	bare := "example|LU|ipv4|192.0.2.0|256|20200102|allocated\nexample|LU|ipv4|198.51.100.0|256|00000000|allocated\n"
	for _, c := range []struct {
		name string
		in   []byte
		want referral.Base
	}{
		{"mmdb", testMMDB(6).bytes(), referral.Base{Name: "Example-Country", Built: "2026-10-31"}},
		{"registry", []byte(testRIR), referral.Base{Name: "delegated example", Built: "2026-01-14"}},
		{"windows lines and a mark", []byte("\ufeff" + strings.ReplaceAll(testRIR, "\n", "\r\n")), referral.Base{Name: "delegated example", Built: "2026-01-14"}},
		{"merged", []byte(testRIR + merged), referral.Base{Name: "delegated example+other", Built: "2025-12-31"}},
		{"without header", []byte(bare), referral.Base{Name: "delegated example", Built: "2020-01-02"}},
	} {
		if got := mustParse(t, c.in).Base(); got != c.want {
			t.Errorf("%s: base %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, b := range map[string][]byte{
		"list.txt": []byte(testRIR), "country.mmdb": testMMDB(6).bytes(), "list.gz": zip(testRIR), "two.gz": append(zip(testRIR), zip(strings.ReplaceAll(testRIR, "example", "other"))...),
		"country.mmdb.gz": zip(string(testMMDB(4).bytes())),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := Open(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if a, ok := db.Lookup(netip.MustParseAddr("192.0.2.1")); !ok || a.Country != "LU" {
			t.Errorf("%s: Lookup = %+v, %t; want LU", name, a, ok)
		}
		if err := db.Close(); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
	}
	if _, err := Open(filepath.Join(dir, "none")); err == nil {
		t.Error("a file that is not there was opened")
	}
}

func zip(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.Bytes()
}

func TestRefused(t *testing.T) {
	t.Parallel()
	row := func(s string) []byte { return []byte("2|example|20260115|1|19830101|20260114|+0000\n" + s + "\n") }
	meta := func(key string, v any) []byte {
		m := testMMDB(6)
		m.meta = map[string]any{key: v}
		return m.bytes()
	}
	asn := testMMDB(6)
	asn.dbType, asn.networks = "Example-ASN", map[string]any{}
	maps.Copy(asn.networks, map[string]any{"1.0.0.0/8": map[string]any{"autonomous_system_number": uint32(64496)}})
	flat := testMMDB(6)
	flat.networks = map[string]any{"1.0.0.0/8": map[string]any{"country": "LU"}}
	whole := testMMDB(6).bytes()
	for _, c := range []struct {
		name string
		in   []byte
		want string
	}{
		{"nothing", nil, "neither"},
		{"text", []byte("hello\n"), "neither"},
		{"cut mmdb", whole[:len(whole)/2], "neither"},
		{"format 3", meta("binary_format_major_version", uint16(3)), "version"},
		{"ip version", meta("ip_version", uint16(5)), ""},
		{"no date", meta("build_epoch", uint64(0)), "built"},
		{"ASN database", asn.bytes(), "names no countries"},
		{"other records", flat.bytes(), "do not name countries"},
		{"half a gzip", zip(testRIR)[:100], "damaged"},
		{"gzip of nothing", zip(""), "neither"},
		{"no gzip", []byte{0x1f, 0x8b, 1, 2, 3}, "gzip"},

		{"header only", row(""), "cut short"},
		{"cut row", row("example|LU|ipv4|192.0.2"), "line 2: a record has at least 7 fields"},
		{"type", row("example|LU|ipv5|192.0.2.0|256|20200101|allocated"), "none of asn"},
		{"address", row("example|LU|ipv4|192.0.2.300|256|20200101|allocated"), "not an IPv4 address"},
		{"v6 address as v4", row("example|LU|ipv4|2001:db8::|256|20200101|allocated"), "not an IPv4 address"},
		{"count", row("example|LU|ipv4|192.0.2.0|0|20200101|allocated"), "not a number of IPv4 addresses"},
		{"count past the end", row("example|LU|ipv4|255.255.255.0|257|20200101|allocated"), "not a number of IPv4 addresses"},
		{"prefix length", row("example|LU|ipv6|2001:db8::|129|20200101|allocated"), "not a prefix length"},
		{"v6 count", row("example|LU|ipv6|2001:db8::|65536|20200101|allocated"), "not a prefix length"},
		{"code", row("example|LUX|ipv4|192.0.2.0|256|20200101|allocated"), "two letters"},
		{"registry", row("exa mple|LU|ipv4|192.0.2.0|256|20200101|allocated"), "registry"},
		{"cut file", []byte(strings.Replace(testRIR, "|9|", "|900|", 1)), "9 of the 900"},
		{"no dates", []byte("example|LU|ipv4|192.0.2.0|256||allocated\n"), "dated"},
		{"long line", []byte("a|b|c|d|e|f|g" + strings.Repeat("x", 100000)), "damaged"},
	} {
		db, err := Parse(c.in)
		if err == nil {
			t.Errorf("%s: opened as %+v, want an error with %q", c.name, db.Base(), c.want)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %q, want one with %q", c.name, err, c.want)
		}
	}
}

func TestTheWholeSpace(t *testing.T) {
	t.Parallel()
	db := mustParse(t, []byte("example|LU|ipv4|0.0.0.0|4294967296|20200101|allocated\nexample|NL|ipv4|255.255.255.255|1|20200101|assigned\n"+
		"example|LU|ipv6|8000::|1|20200101|allocated\nexample|NL|ipv6|ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff|128|20200101|assigned\n"))
	for addr, want := range map[string]string{
		"0.0.0.0": "LU", "255.255.255.254": "LU", "255.255.255.255": "NL", "8000::": "LU", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe": "LU",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff": "NL", "7fff::": "",
	} {
		if a, _ := db.Lookup(netip.MustParseAddr(addr)); a.Country != want {
			t.Errorf("%s: %q, want %q", addr, a.Country, want)
		}
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	list, mmdb := filepath.Join(dir, "list"), filepath.Join(dir, "mmdb")
	for path, b := range map[string][]byte{list: []byte(testRIR), mmdb: testMMDB(6).bytes()} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := OpenSet(list, mmdb)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct {
		addr, country, base string
		ok                  bool
	}{
		{"192.0.2.1", "LU", "delegated example", true},
		{"198.51.100.200", "", "delegated example", true}, // EU in the list, nothing in the other
		{"203.0.113.65", "BE", "Example-Country", true},
		{"203.0.113.1", "", "Example-Country", true},
		{"9.9.9.9", "", "", false},
	} {
		a, base, ok := s.Lookup(netip.MustParseAddr(c.addr))
		if a.Country != c.country || base.Name != c.base || ok != c.ok {
			t.Errorf("Lookup(%s) = %+v by %q, %t; want %q by %q, %t", c.addr, a, base.Name, ok, c.country, c.base, c.ok)
		}
	}
	// A country counts more than the first database's word that there is none.
	turned := NewSet(mustParse(t, []byte("example|EU|ipv4|192.0.2.0|256|20200101|allocated\n")), mustParse(t, []byte(testRIR)))
	if a, base, _ := turned.Lookup(netip.MustParseAddr("192.0.2.1")); a.Country != "LU" || base.Built != "2026-01-14" {
		t.Errorf("after EU: %+v by %+v, want LU by the second", a, base)
	}
	if bs := s.Bases(); len(bs) != 2 || bs[0].Name != "delegated example" {
		t.Errorf("bases %+v", bs)
	}
	if _, err := OpenSet(list, filepath.Join(dir, "none")); err == nil {
		t.Error("a set with a missing file was opened")
	}
	if _, _, ok := NewSet().Lookup(netip.MustParseAddr("192.0.2.1")); ok {
		t.Error("an empty set answers")
	}
}

// TestSharedSample reads the sample that comes with formats.md where it is there.
func TestSharedSample(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "shared", "data", "formats", "delegated-extended-sample.txt")
	if _, err := os.Stat(path); err != nil {
		t.Log("no shared sample here; the lists in this file cover the same")
		return
	}
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if a, ok := db.Lookup(netip.MustParseAddr("198.51.100.191")); !ok || a.Country != "NL" {
		t.Errorf("Lookup = %+v, %t; want NL", a, ok)
	}
	if _, ok := db.Lookup(netip.MustParseAddr("203.0.113.1")); ok {
		t.Error("an available block has an answer")
	}
}
