package assess

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"lapwing/internal/referral"
)

type places map[string]Located

func (p places) Locate(a netip.Addr) (Located, bool) {
	l, ok := p[a.String()]
	return l, ok
}

func TestJurisdictionEvidence(t *testing.T) {
	t.Parallel()
	event := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	base := referral.Base{Name: "base", Built: "2026-05-01"}
	geo := places{
		"192.0.2.1":  {Country: "LU", Base: base},
		"192.0.2.2":  {Country: "NL", Registered: true, Base: base},
		"192.0.2.3":  {Country: "EU", Registered: true, Base: base},
		"192.0.2.4":  {Country: "DE", Represented: "US", Base: base},
		"192.0.2.5":  {Country: "LU", Registered: true, Base: base},
		"100.64.0.1": {Country: "FR", Base: base},
		"10.0.0.1":   {Country: "FR", Base: base},
	}
	ip := func(a string, more ...func(*referral.Identifier)) referral.Draft {
		id := referral.Identifier{Kind: "ip", Value: a, Event: "login", At: event.AddDate(0, 0, 7)}
		for _, m := range more {
			m(&id)
		}
		return referral.Draft{Parties: []referral.Party{{Role: referral.RoleReported, Identifiers: []referral.Identifier{id}}}}
	}
	set := func(f func(*referral.Identifier)) func(*referral.Identifier) { return f }
	party := func(role referral.Role, p referral.Party) referral.Draft {
		p.Role = role
		return referral.Draft{Parties: []referral.Party{p}}
	}
	phone := func(v string, ok referral.Tri) referral.Party {
		return referral.Party{Identifiers: []referral.Identifier{{Kind: "phone", Value: v, Verified: ok}}}
	}
	for _, c := range []struct {
		name     string
		d        referral.Draft
		suspect  string // "CC rule strength" of each evidence
		victim   string
		hosting  string
		unusable string
	}{
		{"nothing", referral.Draft{}, "", "", "", "No usable evidence"},
		{"residence", party(referral.RoleReported, referral.Party{Addresses: []referral.Address{{Use: "Home", Country: "Luxembourg"}}}), "LU residence 90", "", "", ""},
		{"billing", party(referral.RoleReported, referral.Party{Addresses: []referral.Address{{Use: "Billing", Country: "LU"}}}), "LU address-other 40", "", "", ""},
		{"overseas", party(referral.RoleReported, referral.Party{Addresses: []referral.Address{{Country: "RE"}}}), "FR residence 90", "", "", ""},
		{"verified phone", party(referral.RoleReported, phone("+352621000000", referral.True)), "LU phone-verified 85", "", "", ""},
		{"phone", party(referral.RoleReported, phone("+352621000000", 0)), "LU phone 30", "", "", ""},
		{"phone with area", party(referral.RoleReported, phone("+77011234567", 0)), "KZ phone 28", "", "", ""},
		{"phone of two", party(referral.RoleReported, phone("+7000", 0)), "KZ phone 20, RU phone 20", "", "", ""},
		{"phone of many", party(referral.RoleReported, phone("+15550100", 0)), "", "", "", "too many countries share"},
		{"estimate", party(referral.RoleReported, referral.Party{Estimates: []referral.Estimate{{Country: "GR"}}}), "GR estimate 60", "", "", ""},
		{"verified estimate", party(referral.RoleReported, referral.Party{Estimates: []referral.Estimate{{Country: "EL", Verified: referral.True}}}), "GR estimate-verified 80", "", "", ""},
		{"A1", party(referral.RoleReported, referral.Party{Estimates: []referral.Estimate{{Country: "A1"}}}), "", "", "", "A1 stands for an anonymous proxy"},
		{"nonsense", party(referral.RoleReported, referral.Party{Estimates: []referral.Estimate{{Country: "Nowhereland"}}}), "", "", "", "could not be read"},
		{"mail", party(referral.RoleReported, referral.Party{Identifiers: []referral.Identifier{{Kind: "email", Value: "a@example.lu"}}}), "LU mail-domain 8", "", "", "only hints"},
		{"mentioned", party(referral.RoleReported, referral.Party{Identifiers: []referral.Identifier{{Kind: "phone", Value: "+352621000000", Mentioned: true}}}), "", "", "", "No usable"},
		{"victim", party(referral.RoleVictim, referral.Party{Estimates: []referral.Estimate{{Country: "LU"}}}), "", "LU estimate 60", "", ""},
		{"recipient without contact", party(referral.RoleRecipient, referral.Party{Estimates: []referral.Estimate{{Country: "LU"}}}), "", "", "", "No usable"},
		{"reporter", party(referral.RoleReporter, referral.Party{Addresses: []referral.Address{{Country: "US"}}}), "", "", "", "No usable"},

		{"login near", ip("192.0.2.1"), "LU ip-event 70", "", "", ""},
		{"login a second late", ip("192.0.2.1", set(func(i *referral.Identifier) { i.At = i.At.Add(time.Second) })), "LU ip-dated 50", "", "", ""},
		{"login before", ip("192.0.2.1", set(func(i *referral.Identifier) { i.At = event.AddDate(0, 0, -7) })), "LU ip-event 70", "", "", ""},
		{"purchase", ip("192.0.2.1", set(func(i *referral.Identifier) { i.Event = "purchase" })), "LU ip-dated 50", "", "", ""},
		{"registration", ip("192.0.2.1", set(func(i *referral.Identifier) { i.Event = "registration" })), "LU ip-registration 45", "", "", ""},
		{"no time", ip("192.0.2.1", set(func(i *referral.Identifier) { i.At = time.Time{} })), "LU ip-undated 30", "", "", ""},
		{"located, then registered", referral.Draft{Parties: append(ip("192.0.2.1").Parties, ip("192.0.2.5").Parties...)}, "LU ip-event 70", "", "", ""},
		{"registered, then located", referral.Draft{Parties: append(ip("192.0.2.5").Parties, ip("192.0.2.1").Parties...)}, "LU ip-event 70", "", "", ""},
		{"registered only", ip("192.0.2.2"), "NL ip-event 49", "", "", ""},
		{"EU", ip("192.0.2.3"), "", "", "", "EU stands for"},
		{"base of another country", ip("192.0.2.4"), "DE ip-event 70, US represented 25", "", "", ""},
		{"proxy", ip("192.0.2.1", set(func(i *referral.Identifier) { i.Proxy = referral.True })), "", "", "", "behind a proxy"},
		{"private", ip("10.0.0.1"), "", "", "", "Private, local"},
		{"CGNAT", ip("100.64.0.1"), "", "", "", "carrier-grade"},
		{"CGNAT with port", ip("100.64.0.1", set(func(i *referral.Identifier) { i.Port = 9 })), "FR ip-event 70", "", "", ""},
		{"documentation", ip("203.0.113.1"), "", "", "", "documentation"},
		{"unknown", ip("9.9.9.9"), "", "", "", "no database places"},
		{"rubbish", ip("9.9.9"), "", "", "", "could not be read"},

		{"associated", referral.Draft{Parties: []referral.Party{{Role: referral.RoleReported}, {Role: referral.RoleVictim},
			{Role: referral.RoleAssociated, Of: 1, Addresses: []referral.Address{{Country: "BE"}}}, {Role: referral.RoleAssociated, Of: 2, Addresses: []referral.Address{{Country: "NL"}}}}},
			"BE residence 63", "NL residence 63", "", ""},
		{"recipient with contact", referral.Draft{Incidents: []referral.Incident{{Kind: referral.SolicitGrooming}},
			Parties: []referral.Party{{Role: referral.RoleRecipient, Addresses: []referral.Address{{Country: "BE"}}}}}, "", "BE residence 72", "", ""},
		{"case", referral.Draft{Law: []referral.Law{{Agency: "x", Country: "SE"}}}, "SE existing-case 10", "", "", ""},
		{"hosting", referral.Draft{Places: []referral.Place{{Kind: referral.PlaceWeb, Hosting: "US", Apparent: "NL", Identifiers: []referral.Identifier{{Kind: "ip", Value: "192.0.2.1"}}}}},
			"", "", "US hosting 60, LU hosting-ip 40, NL apparent 20", "No usable"},
		{"scene", referral.Draft{Places: []referral.Place{{Kind: referral.PlaceOffline, Addresses: []referral.Address{{Country: "PT"}}}}}, "PT scene 75", "PT scene 75", "", ""},
		{"peer to peer", referral.Draft{Places: []referral.Place{{Kind: referral.PlaceP2P, Identifiers: []referral.Identifier{{Kind: "ip", Value: "192.0.2.1"}}}}}, "LU ip-undated 30", "", "", ""},
		{"file", referral.Draft{Files: []referral.File{{Uploaded: event, Identifiers: []referral.Identifier{{Kind: "ip", Value: "192.0.2.1", Event: "upload", At: event}}}}}, "LU ip-event 70", "", "", ""},

		{"lookup", referral.Draft{Lookups: []referral.Lookup{{IP: "9.9.9.9", Country: "PL", About: referral.RoleReported}}}, "PL lookup 55", "", "", ""},
		{"lookup of the child", referral.Draft{Lookups: []referral.Lookup{{IP: "9.9.9.9", Country: "Poland", About: referral.RoleVictim}}}, "", "PL lookup 55", "", ""},
		{"lookup of somebody", referral.Draft{Lookups: []referral.Lookup{{IP: "9.9.9.9", Country: "PL"}}}, "", "", "", "whose address"},
		{"lookup of the web", referral.Draft{Places: []referral.Place{{Kind: referral.PlaceWeb}}, Lookups: []referral.Lookup{{IP: "9.9.9.9", Country: "PL"}}}, "", "", "PL hosting-lookup 50", ""},
		{"lookup A2", referral.Draft{Lookups: []referral.Lookup{{IP: "9.9.9.9", Country: "A2", About: referral.RoleReported}}}, "", "", "", "satellite"},
		{"lookup private", referral.Draft{Lookups: []referral.Lookup{{IP: "10.9.9.9", Country: "PL", About: referral.RoleReported}}}, "", "", "", "Private"},
		{"lookup documentation", referral.Draft{Lookups: []referral.Lookup{{IP: "203.0.113.9", Country: "PL", About: referral.RoleReported}}}, "", "", "", "documentation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := c.d
			d.Times = []referral.Moment{{Kind: referral.MomentIncident, UTC: event}}
			got, _ := judgeCountries(&d, kindsOf(&d), geo, newest())
			for _, a := range []struct {
				name  string
				found []referral.CountryFinding
				want  string
			}{{"suspect", got.Suspect, c.suspect}, {"victim", got.Victim, c.victim}, {"hosting", got.Hosting, c.hosting}} {
				var ev []string
				for _, f := range a.found {
					for _, e := range f.Evidence {
						ev = append(ev, f.Country+" "+e.Rule+" "+strconv.Itoa(e.Strength))
					}
				}
				if s := strings.Join(ev, ", "); s != a.want {
					t.Errorf("%s: %q, want %q", a.name, s, a.want)
				}
			}
			if !strings.Contains(strings.Join(got.Unusable, "\n"), c.unusable) {
				t.Errorf("unusable %q does not contain %q", got.Unusable, c.unusable)
			}
			if len(got.Hosting) > 0 && len(got.Suspect)+len(got.Victim) == 0 && len(got.Concerned) > 0 {
				t.Errorf("a hosting country is concerned: %v", got.Concerned)
			}
		})
	}
}

func TestLookupOfAProxyIsNotUsed(t *testing.T) {
	t.Parallel()
	d := referral.Draft{
		Parties: []referral.Party{{Role: referral.RoleReported, Identifiers: []referral.Identifier{
			{Kind: "ip", Value: "9.9.9.9"}, {Kind: "ip", Value: "9.9.9.9", Proxy: referral.True}}}},
		Lookups: []referral.Lookup{{IP: "9.9.9.9", Country: "PL", About: referral.RoleReported}},
	}
	if got, _ := judgeCountries(&d, nil, nil, newest()); len(got.Concerned) > 0 {
		t.Errorf("concerned %v by the lookup of a proxy's address, want none", got.Concerned)
	}
}

func TestTies(t *testing.T) {
	t.Parallel()
	finding := func(c string, s int) referral.CountryFinding { return referral.CountryFinding{Country: c, Strength: s} }
	for _, c := range []struct {
		in   []referral.CountryFinding
		want string
	}{
		{nil, ""},
		{[]referral.CountryFinding{finding("LU", 9)}, ""},
		{[]referral.CountryFinding{finding("LU", 10)}, "LU"},
		{[]referral.CountryFinding{finding("LU", 12), finding("NL", 9)}, "LU"},
		{[]referral.CountryFinding{finding("LU", 60), finding("NL", 55), finding("BE", 54)}, "LU NL"},
	} {
		if got := strings.Join(codesOf(strongest(c.in, newest())), " "); got != c.want {
			t.Errorf("strongest of %v = %q, want %q", c.in, got, c.want)
		}
	}
}
