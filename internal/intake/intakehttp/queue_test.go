package intakehttp

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lapwing/internal/intake"
	"lapwing/internal/referral"

	"pgregory.net/rapid"
)

var rowAnchor = regexp.MustCompile(`<th scope="row"><a href="/referrals/([0-9A-Z]{16})">`)

// refsOf are the referrals that a page of the queue lists, in order.
func refsOf(page string) (refs []string) {
	for _, m := range rowAnchor.FindAllStringSubmatch(page, -1) {
		refs = append(refs, m[1])
	}
	return refs
}

func TestQueueRow(t *testing.T) {
	t.Parallel()
	f := invented(1)
	f.rows[0] = intake.Summary{
		Ref: "4K7Q2M9XWPVTA123", Source: "ncmec", ExternalID: "900000017", State: referral.StateOpen, Countries: []string{"LU", "NL"}, Risk: 46, Completeness: 92,
		Media: referral.MediaNear, Kind: referral.SolicitExtortion, Provider: "Example Platform", Links: 3, Notices: 1, Incident: noon.AddDate(0, 0, -2), Received: noon,
		Position: intake.Position{Risk: 46, Completeness: 92, ID: 1},
	}
	page := get(site(f), "/referrals").Body.String()
	want := "46 medium Sexual coercion and extortion 4K7Q2M9XWPVTA123 Near LU NL Example Platform ncmec 1 notice 3 links 2026-11-18 12:00 UTC received 2026-11-20 12:00 UTC 92 good"
	if got := text(page); !strings.Contains(got, want) {
		t.Errorf("the queue has no row %q:\n%s", want, got)
	}
	if !strings.Contains(page, `<path d="M0 2h46"/>`) {
		t.Error("the bar is not 46 long")
	}
	if n := strings.Count(page, `scope="col"`); n != 8 {
		t.Errorf("the table has %d column heads, want 8", n)
	}
}

func TestPagingShowsEveryReferralOnce(t *testing.T) {
	t.Parallel()
	f := invented(237)
	h := site(f)
	all, err := f.Queue(t.Context(), intake.Filter{All: true})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, s := range all {
		want = append(want, s.Ref)
	}
	var got []string
	pages := 0
	for path := "/referrals?state=all"; path != ""; pages++ {
		w := get(h, path)
		if w.Code != 200 || w.Body.Len() > 60_000 {
			t.Fatalf("GET %s: status %d, %d bytes; want at most 60 000", path, w.Code, w.Body.Len())
		}
		refs := refsOf(w.Body.String())
		if len(refs) > pageSize {
			t.Fatalf("GET %s: %d rows", path, len(refs))
		}
		got = append(got, refs...)
		path = nextLink(w.Body.String())
	}
	if !slices.Equal(got, want) || pages != 5 {
		t.Errorf("%d pages list %d referrals, want 5 pages with all %d in order", pages, len(got), len(want))
	}
}

// The API pages the same way, whatever the size of a page and however many
// referrals share their numbers.
func TestAPIPagingProperty(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := site(f)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		f.rows = nil
		for i := range n {
			s := intake.Summary{Ref: string(rune('A'+i%26)) + string(rune('A'+i/26)), State: referral.StateOpen,
				Risk: rapid.IntRange(0, 2).Draw(t, "risk"), Completeness: rapid.IntRange(0, 2).Draw(t, "completeness")}
			s.Position = intake.Position{Risk: s.Risk, Completeness: s.Completeness, ID: int64(i)}
			f.rows = append(f.rows, s)
		}
		limit := rapid.SampledFrom([]string{"", "1", "2", "7", "39", "40", "41"}).Draw(t, "limit")
		seen := map[string]int{}
		q := url.Values{"limit": {limit}}
		for range n + 2 {
			var doc queueDocument
			w := get(h, "/api/v1/referrals?"+q.Encode())
			if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || doc.Referrals == nil {
				t.Fatalf("status %d, %v: %s", w.Code, err, w.Body)
			}
			for _, s := range doc.Referrals {
				seen[s.Ref]++
			}
			if doc.Next == "" {
				break
			}
			q.Set("after", doc.Next)
		}
		for _, s := range f.rows {
			if seen[s.Ref] != 1 {
				t.Fatalf("limit %q: %s came %d times", limit, s.Ref, seen[s.Ref])
			}
		}
	})
}

func TestFilters(t *testing.T) {
	t.Parallel()
	f := invented(237)
	h := site(f)
	for _, c := range []struct {
		query string
		keep  func(s intake.Summary) bool
	}{
		{"", func(s intake.Summary) bool { return s.State == "open" }},
		{"state=&country=&source=&kind=&media=&risk=", func(s intake.Summary) bool { return s.State == "open" }},
		{"state=closed", func(s intake.Summary) bool { return s.State == "closed" }},
		{"state=closed&state=retracted", func(s intake.Summary) bool { return s.State == "closed" || s.State == "retracted" }},
		{"state=all", func(intake.Summary) bool { return true }},
		{"state=all&country=gr", func(s intake.Summary) bool { return slices.Contains(s.Countries, "GR") }},
		{"state=all&country=EL", func(s intake.Summary) bool { return slices.Contains(s.Countries, "GR") }},
		{"state=all&source=example-hotline", func(s intake.Summary) bool { return s.Source == "example-hotline" }},
		{"state=all&kind=csam", func(s intake.Summary) bool { return strings.HasPrefix(string(s.Kind), "csam.") }},
		{"state=all&kind=csam.selfgen", func(s intake.Summary) bool { return strings.HasPrefix(string(s.Kind), "csam.selfgen.") }},
		{"state=all&kind=solicit.grooming", func(s intake.Summary) bool { return s.Kind == referral.SolicitGrooming }},
		{"state=all&media=near", func(s intake.Summary) bool { return s.Media == referral.MediaNear }},
		{"state=all&risk=80", func(s intake.Summary) bool { return s.Risk >= 80 }},
		{"kind=csam&country=LU&media=new&source=ncmec&risk=5", func(s intake.Summary) bool {
			return s.State == "open" && strings.HasPrefix(string(s.Kind), "csam.") && slices.Contains(s.Countries, "LU") && s.Media == "new" && s.Source == "ncmec" && s.Risk >= 5
		}},
	} {
		want := map[string]bool{}
		for _, s := range f.rows {
			if c.keep(s) {
				want[s.Ref] = true
			}
		}
		got := map[string]bool{}
		path := "/referrals?" + c.query
		for path != "" {
			page := get(h, path).Body.String()
			for _, ref := range refsOf(page) {
				got[ref] = true
			}
			path = nextLink(page)
		}
		if len(got) != len(want) {
			t.Errorf("filter %q lists %d referrals, want %d", c.query, len(got), len(want))
		}
		for ref := range want {
			if !got[ref] {
				t.Errorf("filter %q leaves out %s", c.query, ref)
			}
		}
	}
}

func TestTheFormShowsTheFilter(t *testing.T) {
	t.Parallel()
	page := get(site(invented(100)), "/referrals?state=closed&country=lu&source=ncmec&kind=csam.selfgen&media=near&risk=12").Body.String()
	for _, want := range []string{
		`<input type="hidden" name="state" value="closed">`, `name="country" value="LU"`, `name="source" value="ncmec"`, `<option selected>csam.selfgen</option>`,
		`<option value="near" selected>Near</option>`, `value="12"`, `<a href="/referrals?country=LU&amp;kind=csam.selfgen&amp;media=near&amp;risk=12&amp;source=ncmec&amp;state=closed" aria-current="page">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the form has no %s", want)
		}
	}
	if !strings.Contains(text(page), "Open 91 Informational 3 Retracted 3 Closed 3 All 100") {
		t.Errorf("the tabs do not count:\n%.600s", text(page))
	}
	if n := strings.Count(page, ` aria-current="page">Closed`); n != 1 {
		t.Errorf("the tab of the state is marked %d times", n)
	}
}

func TestEmptyQueues(t *testing.T) {
	t.Parallel()
	last := writePosition(intake.Position{})
	for _, c := range []struct {
		n           int
		query, want string
	}{
		{0, "", "No referral is here."},
		{20, "?country=XX", "No referral passes this filter."},
		{20, "?after=" + last, "Nothing follows here any more."},
	} {
		if got := text(get(site(invented(c.n)), "/referrals"+c.query).Body.String()); !strings.Contains(got, c.want) {
			t.Errorf("%d referrals, %q: the page does not say %q:\n%s", c.n, c.query, c.want, got)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	f := invented(30)
	h := site(f)
	ref := f.rows[3].Ref
	for _, what := range []string{ref, strings.ToLower(ref), ref[:6], f.rows[3].ExternalID, "+" + ref + "+"} {
		w := get(h, "/referrals?find="+what)
		if w.Code != 303 || w.Header().Get("Location") != "/referrals/"+ref {
			t.Errorf("find %q: status %d to %q, want %s", what, w.Code, w.Header().Get("Location"), ref)
		}
	}
	if w := get(h, "/referrals/"+f.rows[3].ExternalID+"?version=1"); w.Code != 303 || w.Header().Get("Location") != "/referrals/"+ref+"?version=1" {
		t.Errorf("the address with the report's number: status %d to %q", w.Code, w.Header().Get("Location"))
	}
	if len(f.looks) != 0 {
		t.Errorf("finding is on record as looking: %v", f.looks)
	}
}

func FuzzPosition(f *testing.F) {
	f.Add(writePosition(intake.Position{Risk: 100, Completeness: 7, ID: 1 << 60}))
	f.Add("MC4wLjA")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := readPosition(s)
		if err != nil {
			return
		}
		if p.Risk < 0 || p.Risk > 100 || p.Completeness < 0 || p.Completeness > 100 || p.ID < 0 {
			t.Fatalf("readPosition(%q) = %+v is no place in a queue", s, p)
		}
		if got := writePosition(*p); got != s {
			t.Fatalf("readPosition(%q) = %+v, which is written %q", s, p, got)
		}
	})
}
