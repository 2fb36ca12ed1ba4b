package indicatorhttp

import (
	"context"
	"errors"
	"fmt"
	"html"
	"math"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatortest"
)

// wave is n figures of a series up to the last period that is over on
// 2026-03-01: a level with a season, and some noise.
func wave(k indicator.Key, n int, level float64) []indicator.Figure {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	last := k.Length.Add(k.Length.First(calendar.Date(2026, time.March, 1)), -1)
	out := make([]indicator.Figure, n)
	for i := range out {
		day := k.Length.Add(last, i-n+1)
		m := level * (1 + 0.2*math.Sin(2*math.Pi*float64(i)/float64(k.Length.PerYear())))
		out[i] = indicator.Figure{Key: k, Observation: indicator.Observation{First: day, Value: math.Max(0, math.Round(m+math.Sqrt(m)*r.NormFloat64()))}}
	}
	return out
}

func key(indicatorID, source, geography string, l calendar.Length) indicator.Key {
	return indicator.Key{Indicator: indicatorID, Source: source, Geography: geography, Length: l}
}

var (
	weekly    = key("p2p", "crc", "DE", calendar.Weekly)
	daily     = key("forum-posts", "web-iq", "ALL", calendar.Daily)
	monthly   = key("referrals", "ncmec", "DE", calendar.Monthly)
	quarterly = key("public-reports", "insafe", "EU27", calendar.Quarterly)
)

// rich is a desk with a series of each length: with an outage, a period that
// is far above the others, a provisional figure, a revision and events.
func rich(t *testing.T) *site {
	t.Helper()
	s := open(t)
	now := s.Clock.Now()
	for _, c := range []struct {
		k     indicator.Key
		n     int
		level float64
	}{{weekly, 7 * 52, 60}, {daily, 7 * 366, 20}, {monthly, 96, 1000}, {quarterly, 24, 5000}} {
		fs := wave(c.k, c.n, c.level)
		fs[c.n-20].Value *= 4
		for i := c.n - 12; i < c.n-9; i++ {
			fs[i].Value, fs[i].Status = 0, indicator.Unavailable
		}
		fs = append(fs[:c.n-6], fs[c.n-5:]...) // of one nothing is told
		fs[len(fs)-1].Provisional = true
		s.Take(fs...)
	}
	s.Clock.Move(24 * time.Hour)
	f := wave(monthly, 1, 1)[0]
	f.Value = 1234
	s.Take(f)
	s.Clock.Move(now.Sub(s.Clock.Now()) + 48*time.Hour)
	_, err := s.PutEvents(t.Context(), s.Who, []indicator.Event{
		{ID: "closures", Name: "School closures", Kind: indicator.Lockdown, From: calendar.Date(2025, time.March, 16), To: calendar.Date(2025, time.May, 11), Countries: []string{"DE", "FR"}},
		{ID: "counting", Name: "New way of counting", Kind: indicator.DefinitionChange, From: calendar.Date(2025, time.July, 1), Indicator: "referrals", Source: "ncmec", Note: "Files are counted one by one."},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var pageRoutes = []string{
	"/indicators", "/events", address(weekly), address(daily), address(monthly), address(quarterly),
	address(monthly) + "?as_of=2026-03-01", address(monthly) + "?as_of=", address(monthly) + "?as_of=2020-01-01", address(monthly) + "/figures.csv",
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := rich(t)
	pages := map[string]string{}
	for _, path := range pageRoutes {
		w := s.get(path)
		if w.Code != 200 {
			t.Fatalf("GET %s: status %d: %s", path, w.Code, text(w.Body.String()))
		}
		hd := w.Header()
		if !strings.HasPrefix(hd.Get("Content-Security-Policy"), "default-src 'none'; style-src 'self'") || hd.Get("Cache-Control") != "no-store" {
			t.Errorf("GET %s: headers %v", path, hd)
		}
		page := w.Body.String()
		if m := regexp.MustCompile(`<script|<style|\sstyle=|\son[a-z]+="|javascript:`).FindString(page); m != "" {
			t.Errorf("GET %s has %q, which the policy forbids", path, m)
		}
		if strings.Contains(page, "NaN") || strings.Contains(page, "%!") || strings.Contains(page, "ZgotmplZ") {
			t.Errorf("GET %s: something is not filled in", path)
		}
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if seen[m[1]] {
				t.Errorf("GET %s: the id %q stands twice", path, m[1])
			}
			seen[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`href="#([^"]*)"|aria-labelledby="([^" ]*)"| for="([^"]*)"`).FindAllStringSubmatch(withoutSVG(page), -1) {
			if id := m[1] + m[2] + m[3]; !seen[id] {
				t.Errorf("GET %s: nothing has the id %q", path, id)
			}
		}
		if dir := os.Getenv("LAPWING_TEST_PAGES"); dir != "" {
			name := strings.NewReplacer("/", "_", "?", "_").Replace(path) + ".html"
			if err := os.WriteFile(filepath.Join(dir, name), w.Body.Bytes(), 0o644); err != nil {
				t.Error(err)
			}
		}
		pages[path] = text(withoutSVG(page))
	}

	got := pages["/indicators"]
	has(t, got, "Referrals referrals Measures Reports that were referred", "Does not measure How many children were harmed",
		"ncmec month 2018-03 to 2026-02 1 95 1 2026-03-02 12:00 UTC Germany (DE)", "web-iq day", "All countries (ALL)", "Nobody has told of it yet.")
	has(t, s.get("/indicators").Body.String(), `<a href="/series/referrals/ncmec/DE/month">`)

	has(t, pages["/events"], "2025-07-01 the same day New way of counting Files are counted one by one. Counted otherwise everywhere Referrals, as ncmec tells it 2025-03-16 2025-05-11 School closures Lockdown Germany (DE), France (FR) all indicators")

	got = pages[address(monthly)]
	has(t, got, "Referrals : Germany (DE) as ncmec tells it, by month", "Periods 96 2018-03 to 2026-02", "With a value 92 of 96", "Latest 1 234 2026-02, final", "Revised 1 period", "Last learned 2026-03-02 12:00 UTC",
		"2024-07 5 020 alarm final", "2025-03 unavailable no value not judged 2026-03-01 12:00 UTC never", "2025-09 not reported nothing was told not judged never", "School closures", "New way of counting",
		"2026-02 1 234 alarm final", "2026-03-02 12:00 UTC 1 time", "Does not measure How many children were harmed", "3 alarms in", "to be expected by chance alone")
	if !regexp.MustCompile(`2026-02 [\d ]+ provisional 1 234 final 2026-03-02 12:00 UTC 5`).MatchString(got) {
		t.Errorf("the revision is not told:\n%s", got)
	}
	if n := strings.Count(s.get(address(monthly)).Body.String(), `scope="row"`); n != 60+3+1+2 {
		t.Errorf("%d rows, want 60 figures, three alarms, a revision and two events", n)
	}
	got = pages[address(monthly)+"?as_of=2026-03-01"]
	has(t, got, "as they were known at the end of 2026-03-01", "Revised 0 periods", "Last learned 2026-03-01 12:00 UTC", "provisional")
	for _, no := range []string{"1 234", "New way of counting"} { // it was told a day later
		if strings.Contains(got, no) {
			t.Errorf("a day earlier the page has %q", no)
		}
	}
	has(t, pages[address(monthly)+"?as_of=2020-01-01"], "Nothing was known of this series then. As known now")

	has(t, pages[address(weekly)], "Peer-to-peer activity : Germany (DE)", "3 alarms in", "weeks judged", "seasonal, alpha 0.005")
	has(t, pages[address(daily)], "weeks judged", "Days are added up to weeks to be judged.")
	has(t, pages[address(quarterly)], "Reports from the public : EU27")
	for path, want := range map[string][]string{
		address(weekly):    {"Peer-to-peer activity by week", "Expected, up to the bound"},
		address(daily):     {"Forum posts by day", "Forum posts by week, against what was to be expected"},
		address(monthly):   {"Referrals by month", "Expected, up to the bound", "School closures", "no data: unavailable"},
		address(quarterly): {"Reports from the public by quarter", "linear trend", "No data"},
	} {
		has(t, text(s.get(path).Body.String()), want...)
	}

	csv := s.get(address(monthly) + "/figures.csv")
	if n := strings.Count(csv.Body.String(), "\n"); n != 1+95 || csv.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("the CSV has %d lines, %v", n, csv.Header())
	}
	if got := s.get(address(monthly) + "/figures.csv?as_of=2026-03-01").Body.String(); strings.Contains(got, ",1234,") || strings.Count(got, "\n") != 96 {
		t.Errorf("the CSV of a day earlier:\n%.200s", got)
	}
}

// Whatever names say, they say it and do nothing.
func TestPagesEscape(t *testing.T) {
	t.Parallel()
	s := open(t)
	const bad = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>` + "\u202e"
	def := indicator.Definition{ID: "main", Name: bad, Measures: bad, DoesNotMeasure: bad, Unit: bad, Units: bad, Direction: bad, Caveats: []string{bad}, Length: "month"}
	if _, err := s.Define(t.Context(), s.Who, def); err != nil {
		t.Fatal(err)
	}
	k := key("main", "javascript", `A<b>"'&?#% …`, calendar.Monthly)
	s.Take(wave(k, 3, 10)...)
	if _, err := s.PutEvents(t.Context(), s.Who, []indicator.Event{{ID: "figures", Name: bad, Note: bad, From: calendar.Date(2026, 1, 1), Countries: []string{k.Geography}, Indicator: "main"}}); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`href="(/series/[^"]*)"`).FindStringSubmatch(s.get("/indicators").Body.String())
	if link == nil {
		t.Fatal("the series has no link")
	}
	link[1] = html.UnescapeString(link[1])
	for _, path := range []string{"/indicators", "/events", link[1], link[1] + "?as_of=2026-03-01", link[1] + "/figures.csv"} {
		w := s.get(path)
		page := w.Body.String()
		if w.Code != 200 {
			t.Fatalf("GET %s: status %d: %s", path, w.Code, page)
		}
		if strings.HasSuffix(path, ".csv") {
			has(t, page, `"A<b>""'&?#% …"`)
			continue
		}
		for _, no := range []string{"<script", "<img src=x", "<b>\"", "onerror=alert(1)>", "\u202e"} {
			if strings.Contains(page, no) {
				t.Errorf("GET %s has %q", path, no)
			}
		}
		if _, svg, ok := strings.Cut(page, "<svg"); ok && !strings.Contains(svg, "&lt;script") {
			t.Error("the drawing does not name the indicator")
		}
		has(t, page, "&lt;script&gt;", "U+202E")
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if seen[m[1]] {
				t.Errorf("GET %s: the id %q stands twice", path, m[1])
			}
			seen[m[1]] = true
		}
	}
}

func TestPagesWithoutData(t *testing.T) {
	t.Parallel()
	s := open(t)
	has(t, text(s.get("/indicators").Body.String()), "Nobody has told of it yet.", "Dark web forum activity")
	has(t, text(s.get("/events").Body.String()), "No event is known.")
	// A series whose figures are all missing, and one with a single figure.
	k := key("p2p", "crc", "DE", calendar.Weekly)
	s.Take(indicatortest.Gap(k, "2026-W05", indicator.Suppressed), indicatortest.Gap(k, "2026-W07", indicator.Unavailable))
	got := text(withoutSVG(s.get(address(k)).Body.String()))
	has(t, got, "With a value 0 of 3", "Latest unavailable 2026-W07, no value", "No period could be judged.", "suppressed no value", "not reported nothing was told")
	for _, l := range calendar.Lengths {
		k := key("referrals", "other", "FR", l)
		s.Take(wave(k, 1, 5)...)
		if w := s.get(address(k)); w.Code != 200 {
			t.Errorf("one %s: status %d: %s", l, w.Code, text(w.Body.String()))
		}
	}
}

func TestPagesNotThere(t *testing.T) {
	t.Parallel()
	s := told(t)
	for path, want := range map[string]int{
		"/series/referrals/ncmec/DE/month": 200,
		"/series/referrals/ncmec/FR/week":  404, "/series/referrals/ncmec/FR/year": 404, "/series/nosuch/ncmec/DE/month": 404, "/series/referrals/nosuch/DE/month": 404,
		"/series/referrals/ncmec/de/month": 404, "/series/referrals/ncmec/%00/month": 404, "/series/referrals/ncmec/%FF/month": 404, "/series/%3Cscript%3E/a/b/day": 404,
		"/series/referrals/" + strings.Repeat("x", 201) + "/DE/month": 404, "/series/referrals/ncmec/..%2F..%2Fetc/month": 404, "/series/%27%20OR%201%3D1/ncmec/DE/month": 404,
		"/series/referrals/ncmec/DE": 404, "/series/referrals/ncmec/DE/month/": 404,
		"/series/referrals/ncmec/DE/month?as_of=yesterday": 400, "/series/referrals/ncmec/DE/month?as_of=2026-02-30": 400, "/series/referrals/ncmec/DE/month?as_of=%00": 400,
		"/series/referrals/ncmec/DE/month?as_of=2026-01-01&as_of=2026-01-02": 400, "/series/referrals/ncmec/DE/month?wrong=1": 400,
		"/series/referrals/ncmec/DE/month?as_of=%22%3E%3Cscript%3E": 400, "/series/referrals/ncmec/DE/month?as_of=0000-01-01": 200, "/series/referrals/ncmec/DE/month?as_of=9999-12-31": 200,
		"/series/referrals/ncmec/DE/month/figures.csv?as_of=x": 400, "/series/nosuch/ncmec/DE/month/figures.csv": 404,
	} {
		w := s.get(path)
		if w.Code != want || strings.Contains(w.Body.String(), "<script") {
			t.Errorf("GET %.80s: status %d, want %d: %.300s", path, w.Code, want, text(w.Body.String()))
		}
	}
	for _, path := range pageRoutes {
		r := httptest.NewRequest("GET", path, nil)
		r.Host, r.RemoteAddr = "desk.example", "127.0.0.1:5000"
		w := httptest.NewRecorder()
		s.h.ServeHTTP(w, r)
		if w.Code != 403 {
			t.Errorf("GET %s by another name: status %d, want 403", path, w.Code)
		}
	}
}

// failing is a desk whose figures fail.
type failing struct {
	desk
	err error
}

func (d failing) Definitions(context.Context, time.Time) ([]indicator.Stated, error) {
	return nil, d.err
}
func (d failing) Series(context.Context, indicator.Selection) ([]indicator.Series, error) {
	return nil, d.err
}
func (d failing) Events(context.Context, time.Time) ([]indicator.Event, error) { return nil, d.err }

func TestPagesFaults(t *testing.T) {
	t.Parallel()
	s := told(t)
	for err, want := range map[error]int{errors.New("database secret"): 500, fault.New(fault.Busy, "x"): 503} {
		s.serve(failing{desk{s.Desk, s.keys}, err})
		for _, path := range []string{"/indicators", "/events", address(indicatortest.DE), address(indicatortest.DE) + "/figures.csv"} {
			if w := s.get(path); w.Code != want || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("GET %s where the desk says %v: status %d: %s", path, err, w.Code, text(w.Body.String()))
			}
		}
	}
}

// A page shows the latest revisions, whatever the order of their periods is.
func TestRevisionsLatestFirst(t *testing.T) {
	t.Parallel()
	v := &seriesPage{Key: monthly}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 500 {
		o := indicator.Observation{First: calendar.Monthly.Add(0, i), Learned: time.Unix(int64(r.IntN(1000)), 0)}
		v.step(indicator.Revision{Key: monthly, After: o})
	}
	if len(v.Steps) != shownRevisions || v.Left != 500-shownRevisions {
		t.Fatalf("%d are shown, %d left out", len(v.Steps), v.Left)
	}
	for i := 1; i < len(v.Steps); i++ {
		if v.Steps[i].After.Learned.After(v.Steps[i-1].After.Learned) {
			t.Errorf("revision %d was learned after the one before it", i)
		}
	}
	if last := v.Steps[len(v.Steps)-1].After.Learned; last.Unix() < 800 {
		t.Errorf("the earliest one shown was learned at %d of 1000", last.Unix())
	}
}

// A week is the sum of its seven days, and unknown where one is.
func TestWeeks(t *testing.T) {
	t.Parallel()
	monday := calendar.Date(2026, time.January, 5)
	var os []indicator.Observation
	for i := -3; i < 3*7+4; i++ {
		o := indicator.Observation{First: monday + calendar.Day(i), Value: float64(i + 10)}
		switch i {
		case 7 + 3:
			o.Status, o.Value = indicator.Unavailable, 0
		case 14:
			o.Provisional = true
		}
		os = append(os, o)
	}
	got := weeks(indicator.Dense(daily, os, 0, 0))
	var said []string
	for i := range got.Known {
		said = append(said, fmt.Sprint(got.Period(i), " ", indicatortest.Says(got.Known[i]), " ", got.Series.Counts[i]))
	}
	want := []string{"2026-W02 91 91", "2026-W03 unavailable NaN", "2026-W04 189? 189"}
	if strings.Join(said, "; ") != strings.Join(want, "; ") {
		t.Errorf("the weeks are %q, want %q", said, want)
	}
	for n := range 7 {
		if got := weeks(indicator.Dense(daily, os[3:3+n], 0, 0)); len(got.Known) != 0 {
			t.Errorf("%d days are a week: %v", n, got.Known)
		}
	}
}
