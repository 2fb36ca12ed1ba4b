package geo

import (
	"net/netip"
	"testing"
)

// asked are the addresses that each fuzzed database is asked about.
var asked = []netip.Addr{
	{}, netip.MustParseAddr("0.0.0.0"), netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("255.255.255.255"),
	netip.MustParseAddr("::"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
}

func exercise(t *testing.T, b []byte) {
	db, err := Parse(b)
	if err != nil {
		return
	}
	defer db.Close()
	if base := db.Base(); base.Name == "" || len(base.Built) != len("2006-01-02") {
		t.Fatalf("base %+v", base)
	}
	for _, a := range asked {
		ans, ok := db.Lookup(a)
		if ok && ans.Country != "" && usable(ans.Country) != ans.Country {
			t.Fatalf("Lookup(%s) = %+v", a, ans)
		}
	}
}

func FuzzRegistry(f *testing.F) {
	f.Add(testRIR)
	f.Add("example|LU|ipv4|0.0.0.0|4294967296|20200101|allocated\nexample|NL|ipv6|::|1|20200101|allocated")
	f.Fuzz(func(t *testing.T, s string) { exercise(t, []byte(s)) })
}

func FuzzMMDB(f *testing.F) {
	f.Add(testMMDB(4).bytes())
	f.Add(testMMDB(6).bytes())
	f.Fuzz(func(t *testing.T, b []byte) { exercise(t, b) })
}
