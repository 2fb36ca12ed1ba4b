package assess

import (
	"strings"
	"testing"

	"lapwing/internal/referral"
)

func TestLinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		key  Key
		s    Shared
		weak bool
		why  string
	}{
		{"account", Key{Kind: "account", Role: referral.RoleReported}, Shared{Count: 1, Same: true}, false, "A reported person's account is in 1 earlier referral as well, at least once in the same role."},
		{"child", Key{Kind: "email", Role: referral.RoleVictim}, Shared{Count: 2}, false, "A child's e-mail address is in 2 earlier referrals as well."},
		{"mentioned", Key{Kind: "email", Mentioned: true}, Shared{Count: 2}, true, "only mentioned"},
		{"address without time", Key{Kind: "ip", Role: referral.RoleReported}, Shared{Count: 2}, true, "No time"},
		{"address without port", Key{Kind: "ip", Role: referral.RoleReported, Timed: true}, Shared{Count: 2}, false, "no port"},
		{"address in full", Key{Kind: "ip", Role: referral.RoleReported, Timed: true, Ported: true}, Shared{Count: 2}, false, "Time and port"},
		{"fifty", Key{Kind: "url"}, Shared{Count: 50}, false, "50 earlier"},
		{"too many", Key{Kind: "url"}, Shared{Count: 51}, true, "says little"},
		{"capped", Key{Kind: "url"}, Shared{Count: 50, Capped: true}, true, "more than 50"},
		{"network name", Key{Kind: "device", Value: "ssid/Cafe", Role: referral.RoleReported}, Shared{Count: 2}, true, "wireless"},
	} {
		ls, _ := relate(&referral.Draft{}, []Key{c.key}, Facts{Shared: func(Key) Shared { return c.s }}, newest())
		if len(ls) != 1 || ls[0].Weak != c.weak || !strings.Contains(ls[0].Why, c.why) {
			t.Errorf("%s: got %+v, want weak=%t and %q", c.name, ls, c.weak, c.why)
		}
	}
}

func TestRepeats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key  Key
		s    Shared
		want repeats
	}{
		{Key{Kind: "account", Role: referral.RoleReported}, Shared{Count: 7, Same: true}, repeats{reported: 7}},
		{Key{Kind: "account", Role: referral.RoleReported}, Shared{Count: 7}, repeats{}},
		{Key{Kind: "account", Role: referral.RoleVictim}, Shared{Count: 7, Same: true}, repeats{victim: 7}},
		{Key{Kind: "account", Role: referral.RoleReported, Mentioned: true}, Shared{Count: 7, Same: true}, repeats{}},
		{Key{Kind: "ip", Role: referral.RoleReported, Timed: true}, Shared{Count: 7, Same: true}, repeats{}},
	} {
		f := Facts{Shared: func(Key) Shared { return c.s }}
		if _, got := relate(&referral.Draft{}, []Key{c.key}, f, newest()); got != c.want {
			t.Errorf("%+v shared %+v: repeats %+v, want %+v", c.key, c.s, got, c.want)
		}
	}
}

func TestPriorReports(t *testing.T) {
	t.Parallel()
	d := referral.Draft{ExternalID: "9", Parties: []referral.Party{
		{Role: referral.RoleReported, Prior: []string{"3", "9", " ", "5"}}, {Role: referral.RoleReported, Prior: []string{"3", "4"}}}}
	prior := func(id string) []string { return map[string][]string{"3": {"R-3"}, "5": {"R-5", "R-3"}}[id] }
	ls, again := relate(&d, nil, Facts{Prior: prior}, newest())
	if len(ls) != 1 || ls[0].Count != 2 || strings.Join(ls[0].Earlier, " ") != "R-5 R-3" || again.reported != 3 {
		t.Errorf("links %+v, repeats %+v; want one link to R-5 and R-3, and 3 reports", ls, again)
	}
}

func TestSharedFileIsToldOnce(t *testing.T) {
	t.Parallel()
	d := referral.Draft{Files: []referral.File{{Hashes: []referral.Hash{
		{Kind: "pdq", Value: picture(0), Quality: 10}, {Kind: "md5", Value: strings.Repeat("a1", 16)}, {Kind: "sha256", Value: strings.Repeat("c3", 32)}}}}}
	f := Facts{SharedFile: func(h referral.Hash) Shared {
		return map[string]Shared{"pdq": {Count: 9}, "md5": {Count: 3}, "sha256": {Count: 3}}[h.Kind]
	}}
	ls, _ := relate(&d, nil, f, newest())
	if len(ls) != 1 || ls[0].Count != 3 || ls[0].Kind != "file" {
		t.Errorf("links %+v, want one to 3 earlier referrals: a PDQ of low quality does not count", ls)
	}
}
