package assess

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lapwing/internal/referral"
)

// risk is the value and the factors of a draft's risk, as one line.
func risk(d referral.Draft, f Facts) (int, string) {
	s := Assess(&d, Identify(&d), f).Risk
	var fs []string
	for _, x := range s.Factors {
		if x.Missing {
			fs = append(fs, "no "+x.Code)
			continue
		}
		fs = append(fs, fmt.Sprintf("%s%+d", x.Code, x.Weight))
	}
	return s.Value, strings.Join(fs, " ")
}

func TestRiskFactors(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	at := func(days int) []referral.Moment {
		return []referral.Moment{{Kind: referral.MomentIncident, UTC: now.AddDate(0, 0, -days)}}
	}
	kinds := func(ks ...referral.Kind) (in []referral.Incident) {
		for _, k := range ks {
			in = append(in, referral.Incident{Kind: k})
		}
		return in
	}
	victim := func(p referral.Party) []referral.Party { p.Role = referral.RoleVictim; return []referral.Party{p} }
	for _, c := range []struct {
		name string
		d    referral.Draft
		want string // part of the line
	}{
		{"nothing", referral.Draft{}, "no kind no age no access no recent"},
		{"escalated", referral.Draft{Escalation: "x"}, "escalated+35"},
		{"danger", referral.Draft{Flags: []string{"child-in-danger"}}, "danger+40"},
		{"gravest kind counts", referral.Draft{Incidents: kinds(referral.CSAMPossession, referral.AbuseContact)}, "kind.abuse.contact+30 kind.further+3"},
		{"further kinds are few", referral.Draft{Incidents: kinds(referral.CSAMPossession, referral.AbuseContact, referral.Travel, referral.Trafficking, referral.Commercial, referral.SolicitGrooming)}, "kind.abuse.contact+30 kind.further+9"},
		{"unknown kind", referral.Draft{Incidents: kinds("new.kind")}, "kind.unknown+6"},
		{"infant", referral.Draft{Files: []referral.File{{Annotations: []string{"infant"}}}}, "age.youngest+15"},
		{"industry label", referral.Draft{Files: []referral.File{{Labels: []referral.Label{{Scheme: "industry", Value: "A2"}}}}}, "age.young+10"},
		{"age 6", referral.Draft{Parties: victim(referral.Party{Age: 6})}, "age.youngest+15"},
		{"age 12", referral.Draft{Parties: victim(referral.Party{Age: 12})}, "age.young+10"},
		{"age 17", referral.Draft{Parties: victim(referral.Party{Age: 17})}, "age.teen+5"},
		{"grown up", referral.Draft{Parties: victim(referral.Party{Age: 30})}, "no age"},
		{"born", referral.Draft{Parties: victim(referral.Party{Born: "2013-11-21"})}, "age.young+10"},
		{"born a day before", referral.Draft{Parties: victim(referral.Party{Born: "2013-11-20"})}, "age.teen+5"},
		{"access", referral.Draft{Parties: []referral.Party{{Role: referral.RoleReported, Access: referral.True}}}, "access+15"},
		{"no access", referral.Draft{Parties: []referral.Party{{Role: referral.RoleReported, Access: referral.False}}}, "no age no recent"},
		{"today", referral.Draft{Times: at(0)}, "recent.week+8"},
		{"in the future", referral.Draft{Times: at(-3)}, "recent.week+8"},
		{"a month", referral.Draft{Times: at(30)}, "recent.month+5"},
		{"a year", referral.Draft{Times: at(365)}, "recent.year+2"},
		{"old", referral.Draft{Times: at(3650)}, "no age no access"},
		{"informational", referral.Draft{Informational: referral.True}, "informational-20"},
		{"viral", referral.Draft{Flags: []string{"VIRAL_POTENTIAL_MEME"}}, "viral-15"},
		{"one viral file of two", referral.Draft{Files: []referral.File{{Annotations: []string{"viral"}}, {}}}, "no media no age no access no recent"},
		{"severity", referral.Draft{Files: []referral.File{{Annotations: []string{"physicalHarm"}}}}, "severity+6"},
		{"prior reports", referral.Draft{Parties: []referral.Party{{Role: referral.RoleReported, Prior: []string{"1", "2", "3"}}}}, "repeat.few+10"},
		{"priority is opaque", referral.Draft{Priority: "1"}, "no kind no age no access no recent"},
	} {
		if _, got := risk(c.d, Facts{Now: now}); !strings.Contains(got, c.want) {
			t.Errorf("%s: factors %q do not contain %q", c.name, got, c.want)
		}
	}
}

// TestNewBeforeNearBeforeKnown is the order that the desk exists for.
func TestNewBeforeNearBeforeKnown(t *testing.T) {
	t.Parallel()
	bad, good := Opinion{List: "national", Entry: "e"}, Opinion{List: "nsrl", Entry: "g", Good: true}
	draft := func() referral.Draft {
		return referral.Draft{Incidents: []referral.Incident{{Kind: referral.CSAMDistribution}}, Files: []referral.File{{Hashes: []referral.Hash{
			{Kind: "sha256", Value: strings.Repeat("c3", 32)}, {Kind: "pdq", Value: picture(2), Quality: 90}}}}}
	}
	last := 101
	for _, l := range []lists{{}, {"pdq" + picture(0): {bad}}, {"sha256" + strings.Repeat("c3", 32): {bad}}, {"sha256" + strings.Repeat("c3", 32): {good}}} {
		v, fs := risk(draft(), Facts{Lookup: l})
		if v >= last {
			t.Errorf("risk %d (%s) is not below the one before, %d", v, fs, last)
		}
		last = v
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	d := referral.Draft{
		Incidents: []referral.Incident{{Kind: referral.SolicitGrooming}, {Kind: "what"}, {Kind: referral.CSAMPossession}},
		Flags:     []string{"sextortion", "minorToMinorInteraction", "unheard"},
		Parties:   []referral.Party{{Group: "x"}},
		Files:     []referral.File{{Annotations: []string{"generativeAi", "possibleSelfProduction"}}, {Annotations: []string{"liveStreaming", "generativeAi"}}},
	}
	want := "[solicit.grooming unknown csam.possession solicit.extortion peer.minor network.sadistic csam.generated csam.selfgen.unknown abuse.livestream]"
	if got := fmt.Sprint(kindsOf(&d)); got != want {
		t.Errorf("kinds %s, want %s", got, want)
	}
	for f, k := range flagKinds {
		if f != wireName(f) || !k.Valid() {
			t.Errorf("flag %q is not folded, or its kind %q is not in the taxonomy", f, k)
		}
	}
}

func TestCompleteness(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	full := referral.Draft{
		Times: []referral.Moment{{Kind: referral.MomentIncident, UTC: at, Zoned: true}},
		Parties: []referral.Party{
			{Role: referral.RoleReported, Name: referral.Name{First: "x"}, Addresses: []referral.Address{{Country: "LU"}}, Identifiers: []referral.Identifier{
				{Kind: "account", Value: "a", Scope: "s"}, {Kind: "email", Value: "a@example.org"}, {Kind: "ip", Value: "192.0.2.1", At: at, Port: 1}}},
			{Role: referral.RoleVictim, Age: 9}},
		Files: []referral.File{{Viewed: referral.False, Hashes: []referral.Hash{{Kind: "sha256", Value: strings.Repeat("c3", 32)}}}},
	}
	s := Assess(&full, nil, Facts{Lookup: lists{}}).Completeness
	if s.Value != 100 {
		t.Errorf("a full report has completeness %d, want 100: %+v", s.Value, s.Factors)
	}
	none := Assess(&referral.Draft{}, nil, Facts{}).Completeness
	if none.Value != 0 {
		t.Errorf("an empty report has completeness %d, want 0", none.Value)
	}
	for _, f := range none.Factors {
		if !f.Missing || f.Weight != 0 {
			t.Errorf("an empty report has factor %+v, want only missing ones", f)
		}
	}
}
