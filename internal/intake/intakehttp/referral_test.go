package intakehttp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lapwing/internal/intake"
	"lapwing/internal/referral"
)

// one is a desk with one referral that the test may change.
func one(change func(r *intake.Record)) *fake {
	f := invented(2)
	f.rows = f.rows[1:]
	change(f.records[f.rows[0].Ref])
	return f
}

func show(t *testing.T, f *fake, query string) string {
	t.Helper()
	w := get(site(f), "/referrals/"+f.rows[0].Ref+query)
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, text(w.Body.String()))
	}
	return w.Body.String()
}

func TestReferralSaysEverything(t *testing.T) {
	t.Parallel()
	f := one(func(r *intake.Record) { r.Risk = 89; r.Assessment.Risk.Value = 89 })
	got := text(show(t, f, ""))
	for _, want := range []string{
		"Open version 1 of 1 Reported by Example Video ( Example Video ), by way of ncmec as 900000001",
		"Before you act The person may know. A reported person was told of the measure against the account and may know of the report.",
		"Speak to others first. An agency has the report or a case already, in: BE. Speak to it before acting.",
		"Risk to a child 89 very high",
		"Countries concerned NL, DE",
		"Handling H1: not in court without the provider's permission",
		"computed here too; the bytes were let go",
		"Priority as the source prints it E not ranked by it",
		"Marked by the source sexual coercion and extortion 1 mark without a label here",
		"+35 The source asks to hurry.",
		"missing No age of a child is stated.",
		"+8 It happened, or was detected, within a week. 2 days before the assessment",
		"\u221210 The source says that the material is widely passed on.",
		"Assessment 2, made 2026-11-20 09:00 UTC of version 1, with rules 2026-11.1 and hash lists as of change 41.",
		"A match is not a verdict: a person confirms.",
		"1 national version 17 example / e-1 SHA-256 equal ICCAM: baseline , Industry: B2",
		"2 industry version 3 other / 77 PDQ 12 bits none",
		"File 1 1 match Seen by the provider yes Publicly available no Marked by the source: AI-generated, viral.",
		"Seen by the provider not stated Publicly available not stated Relevance supplemental: sent as context",
		"Account Reported person A reported person's account is in 4 earlier referrals as well, at least once in the same role. 0037K7Q2M9XWPVTA 0074K7Q2M9XWPVTA of 4",
		"File weak The report File 1 is in more than 51 earlier referrals as well, with the same digest. So many share it that it says little. 0111K7Q2M9XWPVTA of more than 51",
		"Example Police , BE , case SYN-17 ; legal process served: no",
		"Country of a reported person Country Strength Evidence LU 91 Verified phone number of a reported person. strength 85 Upload or login address of a reported person, near the time of the event. strength 70, by Example-Country",
		"Country of hosting For takedown only. Country Strength Evidence DE 60",
		"Not usable An address of the documentation ranges",
		"Address databases that answered: Example-Country of 2026-11-01",
		"Reported person Service Example Video Stated age 40 Knows of the measure or report yes Account was disabled yes Earlier reports at the source 1 Name, 6 identifiers, 1 address, 1 estimated location",
		"IP address 192.0.2.10 2026-11-18 10:00:00 UTC login , not a proxy, as the source says , port 443",
		"IP address 2001:db8:0:17:a1b2:c3d4:e5f6:1234 2026-04-26 04:00:00 UTC registration , no port stated",
		"Web address https://example.net/u/17 not stated only mentioned, not stated as theirs",
		"Associated account Belongs to Reported person Sort of account billing",
		"Web page Hosted in DE Appears to come from NL",
		"Event or its detection 2026-11-18 10:00:00 UTC 2026-11-18T12:00:00+02:00",
		"Received by the clearing house or hotline 2026-11-18 20:00:00 UTC 2026-11-18 20:00:00 no zone was stated; UTC is assumed",
		"Made available to police not stated sometime in November could not be read as a time",
		"report/additionalInfo",
		"the time names no zone; UTC is assumed report/internetDetails",
		"1 current as submitted 2026-11-18 20:00 UTC 2026-11-19 06:00 UTC cybertip-xml 1 2 c0ffee0102030405",
		"2 2026-11-20 09:00 UTC 1 2026-11.1 41 1000 Example-Country 2026-11-01 89",
		"1 field that the reader has no name for Path Value report/somethingNew 17",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

// Notices stand before everything that could lead to an act.
func TestNoticesComeFirst(t *testing.T) {
	t.Parallel()
	page := show(t, one(func(*intake.Record) {}), "")
	notices, glance := strings.Index(page, "Before you act"), strings.Index(page, "At a glance")
	if notices < 0 || notices > glance {
		t.Errorf("notices at %d, the glance at %d", notices, glance)
	}
	if page := show(t, one(func(r *intake.Record) { r.Assessment.Notices = nil }), ""); strings.Contains(page, "Before you act") {
		t.Error("a referral without notices has a box for them")
	}
}

// What names people, what a person wrote and the source's own words are
// folded; the latter stand in the original alone.
func TestFolded(t *testing.T) {
	t.Parallel()
	page := show(t, one(func(*intake.Record) {}), "")
	open, depth := "", 0
	for rest := page; rest != ""; {
		i, j := strings.Index(rest, "<details>"), strings.Index(rest, "</details>")
		switch {
		case i < 0 && j < 0:
			open, rest = open+rest, ""
		case i >= 0 && i < j:
			if depth == 0 {
				open += rest[:i]
			}
			depth++
			rest = rest[i+len("<details>"):]
		default:
			depth--
			rest = rest[j+len("</details>"):]
		}
	}
	for _, folded := range []string{
		"Test Account", "user-0001", "user.name@example.org", "621 000 000", "192.0.2.10", "Example Street", "synthetic-payment-1", "board.example",
		"stored-1.bin", "drawing.png", "0c0c0c", "Synthetic report 17", "Synthetic reason to hurry", "Online Enticement", "newFlagWithoutLabel", "generativeAi",
	} {
		if strings.Contains(open, folded) {
			t.Errorf("%q is to be seen without opening anything", folded)
		}
	}
	before, original, ok := strings.Cut(page, `id="original"`)
	if wire := "Online Enticement of Children for Sexual Acts"; !ok || strings.Contains(before, wire) || !strings.Contains(original, wire) {
		t.Error("the source's own word for the incident is not in the original alone")
	}
	if !strings.Contains(open, "Reported person") {
		t.Error("the test folds too much")
	}
}

// evil is what a hostile source could write anywhere.
const evil = "</td></details><script>alert(1)</script><img src=x onerror=alert(1)>\"' onmouseover=x \u202Egnp.exe\u2066 \x00\xff"

func TestHostileValues(t *testing.T) {
	t.Parallel()
	f := one(func(r *intake.Record) {
		ids := []referral.Identifier{{Kind: evil, Value: evil, Scope: evil, Event: evil, Calling: evil, Use: evil, Path: evil}, {Kind: referral.IDDevice, Scope: evil}}
		adr := []referral.Address{{Use: evil, Street: evil, City: evil, Postal: evil, Region: evil, Country: evil}}
		lbl := []referral.Label{{Scheme: evil, Value: evil, Author: evil}}
		field := []referral.Field{{Path: evil, Value: evil}}
		find := []referral.Finding{{Path: evil, Severity: evil, Text: evil}}
		r.Source, r.ExternalID, r.Provider, r.Kind = evil, evil, evil, evil
		r.State, r.Media = evil, evil
		r.Draft = &referral.Draft{Format: evil, Source: evil, ExternalID: evil, IDFrom: evil, Priority: evil, Escalation: evil, Handling: []string{evil}, Evaluation: evil,
			Incidents: []referral.Incident{{Wire: evil, Kind: evil}}, Flags: []string{evil}, Times: []referral.Moment{{Kind: evil, Text: evil}},
			Provider: referral.Provider{Name: evil, Service: evil}, Law: []referral.Law{{Agency: evil, Case: evil, Country: evil}},
			Parties: []referral.Party{{Role: evil, Type: evil, Name: referral.Name{First: evil, Middle: evil, Last: evil}, Born: evil, Service: evil, Identifiers: ids, Addresses: adr, Group: evil,
				Estimates: []referral.Estimate{{City: evil, Region: evil, Country: evil}}, Prior: []string{evil}}, {Role: referral.RoleAssociated, Of: 1}, {Role: referral.RoleAssociated, Of: 99}, {Role: referral.RoleAssociated, Of: -1}},
			Places:  []referral.Place{{Kind: evil, Name: evil, Identifiers: ids, Addresses: adr, Hosting: evil, Apparent: evil}},
			Files:   []referral.File{{ID: evil, Name: evil, Original: evil, Hashes: []referral.Hash{{Kind: evil, Value: evil}}, Labels: lbl, Annotations: []string{evil}, Relevance: evil, Identifiers: ids, Media: evil}},
			Lookups: []referral.Lookup{{IP: evil, Country: evil, City: evil, Holder: evil, About: evil}}, Texts: []referral.Text{{Path: evil, Value: evil}}, Fields: field, Unknown: field}
		country := []referral.CountryFinding{{Country: evil, Evidence: []referral.Evidence{{Rule: evil, Because: evil, Base: evil}}}}
		score := referral.Score{Value: 500, Factors: []referral.Factor{{Code: evil, Because: evil}}}
		*r.Assessment = referral.Assessment{Rules: evil, Geo: []referral.Base{{Name: evil, Built: evil}}, Kinds: []referral.Kind{evil, evil},
			Media:        referral.Media{Verdict: evil, Matches: []referral.Match{{File: 1, Algorithm: evil, List: evil, Source: evil, Entry: evil, Labels: lbl}}, Reasons: []string{evil}},
			Relations:    []referral.Link{{Kind: evil, Role: evil, Earlier: []string{evil}, Why: evil}},
			Jurisdiction: referral.Countries{Concerned: []string{evil}, Suspect: country, Victim: country, Hosting: country, Unusable: []string{evil}},
			Risk:         score, Completeness: score, Notices: []referral.Notice{{Code: evil, Text: evil}}}
		r.Versions[0].Format, r.Versions[0].Findings = evil, find
	})
	f.rows[0].Source, f.rows[0].Provider, f.rows[0].Kind, f.rows[0].Countries = evil, evil, evil, []string{evil}
	h := site(f)
	for _, path := range []string{"/referrals/" + f.rows[0].Ref, "/referrals"} {
		w := get(h, path)
		page := w.Body.String()
		if w.Code != 200 {
			t.Fatalf("GET %s: status %d", path, w.Code)
		}
		for _, bad := range []string{"<script", "<img src=x", "\" onmouseover", "\u202E", "\u2066", "\x00", "\xff"} {
			if i := strings.Index(page, bad); i >= 0 {
				t.Errorf("GET %s lets %q through: …%s", path, bad, page[max(0, i-200):i+20])
			}
		}
		if !strings.Contains(page, `<span class="ctl">U+202E</span>`) {
			t.Errorf("GET %s does not show the turn of direction", path)
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	f := one(func(r *intake.Record) {
		v2 := r.Versions[0]
		v2.Version = 2
		v3 := v2
		v3.Version, v3.Current, v2.Current, r.Versions[0].Current = 3, true, false, false
		r.Versions = append(r.Versions, v2, v3)
		r.Summary.Version = 3
		r.Assessments[1].Version = 3
		r.Assessment = r.Assessments[1].Body
	})
	for _, c := range []struct {
		query, want string
		old         bool
	}{
		{"", "version 3 of 3", false},
		{"?version=3", "version 3 of 3", false},
		{"?version=2", "This is version 2, as submitted. It is not the current one: show version 3 . It was never assessed itself; the reasons below are those of version 3.", true},
	} {
		got := text(show(t, f, c.query))
		if !strings.Contains(got, c.want) || strings.Contains(got, "not the current one") != c.old {
			t.Errorf("%q does not say %q:\n%.900s", c.query, c.want, got)
		}
	}
	page := show(t, f, "?version=2")
	for v := range 3 {
		if want := fmt.Sprintf(`<a href="/referrals/%s?version=%d"`, f.rows[0].Ref, v+1); !strings.Contains(page, want) {
			t.Errorf("no link to version %d", v+1)
		}
	}
	if len(f.looks) != 4 || !strings.HasSuffix(f.looks[0], " 0") || !strings.HasSuffix(f.looks[3], " 2") {
		t.Errorf("looks on record: %v, want four, the last at version 2", f.looks)
	}
}

// The times at a glance are those of the version that is shown: a later one,
// such as a retraction, may state none.
func TestGlanceIsOfTheShownVersion(t *testing.T) {
	t.Parallel()
	f := one(func(r *intake.Record) {
		r.Incident, r.Received = noon.AddDate(1, 0, 0), noon.AddDate(1, 0, 0)
		r.Recorded = noon
	})
	if got, want := text(show(t, f, "")), "Event or detection 2026-11-18 10:00 UTC Received 2026-11-18 20:00 UTC"; !strings.Contains(got, want) {
		t.Errorf("the page does not say %q", want)
	}
	bare := one(func(r *intake.Record) { r.Draft, r.Recorded = &referral.Draft{}, noon })
	if got, want := text(show(t, bare, "")), "Event or detection not stated Received 2026-11-20 12:00 UTC"; !strings.Contains(got, want) {
		t.Errorf("without times the page does not say %q", want)
	}
}

// A bare record has no assessment, parties or files; a large one has all of
// the API and the beginning on the page.
func TestBareAndLarge(t *testing.T) {
	t.Parallel()
	bare := one(func(r *intake.Record) {
		*r = intake.Record{Summary: intake.Summary{Ref: r.Ref, Version: 1}, Draft: &referral.Draft{}}
	})
	if got := text(show(t, bare, "")); !strings.Contains(got, "There is no usable evidence of a country.") || !strings.Contains(got, "The report names nobody.") {
		t.Errorf("a bare referral: %s", got)
	}
	large := one(func(r *intake.Record) {
		d := r.Draft
		d.Fields, d.Texts = nil, []referral.Text{{Path: "x", Value: strings.Repeat("ß", 50_000)}}
		for i := range 20_000 {
			d.Fields = append(d.Fields, referral.Field{Path: fmt.Sprint("f/", i), Value: strings.Repeat("v", i%3000)})
		}
		d.Parties = slices.Repeat(d.Parties, 500)
		d.Files = slices.Repeat(d.Files, 500)
	})
	w := get(site(large), "/referrals/"+large.rows[0].Ref)
	if w.Code != 200 || w.Body.Len() > 10<<20 {
		t.Errorf("a large referral: status %d, %d bytes", w.Code, w.Body.Len())
	}
	got := text(w.Body.String())
	for _, want := range []string{"17 000 more are not shown here", "1 400 more are not shown here", "800 more are not shown here", "80 000 bytes more", "… and 999 bytes more"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page of a large referral does not say %q", want)
		}
	}
	if strings.Contains(w.Body.String(), "byte C3") {
		t.Error("a text is cut within a letter")
	}
	api := get(site(large), "/api/v1/referrals/"+large.rows[0].Ref)
	var rec intake.Record
	if err := json.Unmarshal(api.Body.Bytes(), &rec); err != nil || len(rec.Draft.Fields) != 20_000 {
		t.Errorf("the API: %v, %d fields", err, len(rec.Draft.Fields))
	}
}

func TestAPIReferral(t *testing.T) {
	t.Parallel()
	f := one(func(*intake.Record) {})
	for _, name := range []string{f.rows[0].Ref, f.rows[0].ExternalID} {
		w := get(site(f), "/api/v1/referrals/"+name)
		var doc struct {
			ID       string `json:"id"`
			Referral struct{ Parties []struct{ Role string } }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || doc.ID != f.rows[0].Ref || len(doc.Referral.Parties) != 3 || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("GET %s: %v, %+v", name, err, doc)
		}
	}
	if len(f.looks) != 2 || f.looks[0] != "local:ada show "+f.rows[0].Ref+" 0" {
		t.Errorf("looks on record: %q", f.looks)
	}
}

// A reference never stands in for markup, and links lead to what they name.
func TestLinksAreAddresses(t *testing.T) {
	t.Parallel()
	page := show(t, one(func(*intake.Record) {}), "")
	if !strings.Contains(page, `<a class="ref" href="/referrals/0037K7Q2M9XWPVTA"><bdi>0037K7Q2M9XWPVTA</bdi></a>`) {
		t.Error("an earlier referral is not linked")
	}
	for _, id := range []string{"why", "files", "links", "act", "people", "places", "times", "texts", "findings", "history", "original"} {
		if strings.Count(page, `href="#`+id+`"`) != 1 || strings.Count(page, `id="`+id+`"`) != 1 {
			t.Errorf("the section %s is not linked once", id)
		}
	}
}
