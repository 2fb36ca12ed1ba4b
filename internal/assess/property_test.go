package assess

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lapwing/internal/referral"
)

// TestSameInputSameBytes assesses twice, the second time from a copy that went
// through JSON and with lists that answer in another order.
func TestSameInputSameBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, seed := drawDraft(t), rapid.IntRange(0, 59).Draw(t, "seed")
		b, err := json.Marshal(d.Draft)
		if err != nil {
			t.Fatal(err)
		}
		var copied referral.Draft
		if err := json.Unmarshal(b, &copied); err != nil {
			t.Fatal(err)
		}
		keys, again := Identify(&d.Draft), Identify(&copied)
		if !reflect.DeepEqual(keys, again) {
			t.Fatalf("keys %v, from the copy %v", keys, again)
		}
		first, _ := json.Marshal(Assess(&d.Draft, keys, drawnFacts(seed, false)))
		second, _ := json.Marshal(Assess(&copied, again, drawnFacts(seed, true)))
		if string(first) != string(second) {
			t.Fatalf("two assessments of one draft:\n%s\n%s", first, second)
		}
		if after, _ := json.Marshal(d.Draft); string(after) != string(b) {
			t.Fatal("assessing changed the draft")
		}
	})
}

// TestNothingPersonalInAnAssessment is the promise under which assessments
// are listed without unsealing.
func TestNothingPersonalInAnAssessment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		keys := Identify(&d.Draft)
		b, err := json.Marshal(Assess(&d.Draft, keys, drawnFacts(rapid.IntRange(0, 59).Draw(t, "seed"), false)))
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		if i := strings.Index(strings.ToLower(text), marker); i >= 0 {
			t.Fatalf("a value of the draft came out: %s", text[max(0, i-80):min(len(text), i+80)])
		}
		for _, s := range d.secrets {
			if strings.Contains(text, s) {
				t.Fatalf("%q of the draft is in the assessment", s)
			}
		}
		for _, k := range keys {
			if strings.Contains(text, k.Value) {
				t.Fatalf("the key %q is in the assessment", k.Value)
			}
		}
	})
}

func TestScoresAndStrengthsStayInRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDraft(t)
		a := Assess(&d.Draft, Identify(&d.Draft), drawnFacts(rapid.IntRange(0, 59).Draw(t, "seed"), false))
		for _, s := range []referral.Score{a.Risk, a.Completeness} {
			sum := 0
			for _, f := range s.Factors {
				sum += f.Weight
				if f.Missing && f.Weight != 0 || strings.ContainsAny(f.Because, "{}") {
					t.Fatalf("factor %+v", f)
				}
			}
			if s.Value != min(max(sum, 0), 100) {
				t.Fatalf("value %d, the factors add up to %d", s.Value, sum)
			}
		}
		j := a.Jurisdiction
		for _, f := range slices.Concat(j.Suspect, j.Victim, j.Hosting) {
			if f.Strength < 1 || f.Strength > maxStrength || len(f.Evidence) == 0 || noCountry[f.Country] != "" {
				t.Fatalf("finding %+v", f)
			}
			if c, _ := countryOf(f.Country); c == nil || c.authority != f.Country {
				t.Fatalf("country %q acts for nothing", f.Country)
			}
			for _, e := range f.Evidence {
				if e.Strength < 1 || e.Strength > f.Strength || strings.ContainsAny(e.Because, "{}") {
					t.Fatalf("evidence %+v in a finding of strength %d", e, f.Strength)
				}
			}
		}
		if len(j.Concerned) == 0 && len(j.Unusable) == 0 {
			t.Fatal("no country is concerned, and no reason says why")
		}
		if len(j.Concerned) > 1 && !slices.ContainsFunc(a.Notices, func(n referral.Notice) bool { return n.Code == "deconfliction" }) {
			t.Fatalf("%v are concerned without a notice", j.Concerned)
		}
		if m := a.Media; m.Known+m.Near+m.New+m.Benign+m.Blind > len(d.Files) {
			t.Fatalf("%+v counts more than the %d files", m, len(d.Files))
		}
	})
}

// TestEvidenceNeverLowers adds one more fact about a country: it must not get weaker.
func TestEvidenceNeverLowers(t *testing.T) {
	t.Parallel()
	strength := func(d *referral.Draft, seed int) int {
		for _, f := range Assess(d, nil, drawnFacts(seed, false)).Jurisdiction.Suspect {
			if f.Country == "LU" {
				return f.Strength
			}
		}
		return 0
	}
	rapid.Check(t, func(t *rapid.T) {
		d, seed := drawDraft(t), rapid.IntRange(0, 59).Draw(t, "seed")
		before := strength(&d.Draft, seed)
		p := referral.Party{Role: rapid.SampledFrom([]referral.Role{referral.RoleReported, referral.RoleAssociated}).Draw(t, "role of the new one")}
		certain := true
		switch rapid.IntRange(0, 5).Draw(t, "new") {
		case 0:
			p.Addresses = []referral.Address{{Country: "LU"}}
		case 1:
			p.Estimates = []referral.Estimate{{Country: "LU"}}
		case 2:
			p.Identifiers = []referral.Identifier{{Kind: "phone", Value: "+352621000000"}}
		case 3:
			p.Identifiers = []referral.Identifier{{Kind: "email", Value: "a@example.lu"}}
		case 4:
			d.Law = append(d.Law, referral.Law{Country: "LU"})
		case 5:
			p.Identifiers = []referral.Identifier{{Kind: "ip", Value: "81.1.2." + strconv.Itoa(rapid.IntRange(0, 255).Draw(t, "address"))}}
			certain = false
		}
		d.Parties = append(d.Parties, p)
		if after := strength(&d.Draft, seed); after < before || after == 0 && certain {
			t.Fatalf("strength of LU was %d, with more evidence it is %d", before, after)
		}
	})
}

// TestLargeDraft bounds the time for a report that is nothing but large.
func TestLargeDraft(t *testing.T) {
	t.Parallel()
	const n = 20_000
	var d referral.Draft
	for i := range n {
		v := strconv.Itoa(i)
		ip := "81." + strconv.Itoa(i>>16) + "." + strconv.Itoa(i>>8&0xff) + "." + strconv.Itoa(i&0xff)
		at := drawnNow.Add(-time.Duration(i) * time.Hour)
		d.Parties = append(d.Parties, referral.Party{Role: referral.RoleReported, Prior: []string{v}, Identifiers: []referral.Identifier{
			{Kind: "email", Value: v + "@example.lu"}, {Kind: "ip", Value: ip, At: at, Event: "login"}}, Addresses: []referral.Address{{Country: "LU"}}})
		d.Files = append(d.Files, referral.File{Uploaded: at, Hashes: []referral.Hash{drawnHashes[1], drawnHashes[2]}})
		d.Lookups = append(d.Lookups, referral.Lookup{IP: ip, Country: "LU"})
		d.Law = append(d.Law, referral.Law{Agency: "agency " + v, Country: "LU"})
	}
	start := time.Now()
	a := Assess(&d, Identify(&d), drawnFacts(1, false))
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("%d parties, files, lookups and agencies took %v", n, took)
	}
	if len(a.Relations) > maxLinks || len(a.Media.Matches) > maxAllMatches {
		t.Errorf("%d links, %d matches", len(a.Relations), len(a.Media.Matches))
	}
	if b, _ := json.Marshal(a); len(b) > 1<<20 {
		t.Errorf("the assessment has %d bytes", len(b))
	}
}
