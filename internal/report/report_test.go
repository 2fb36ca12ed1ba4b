package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/internal/outlook"
	"lapwing/internal/report"
)

// sample is a small invented set: every length of period, an outage, a source
// that is silent, a revision, an event.
func sample() (outlook.Outlook, outlook.Data) {
	d := outlook.Data{Definitions: indicator.Shipped()}
	to := calendar.Date(2026, 10, 31)
	add := func(id string, l calendar.Length, country string, mean float64) {
		line := outlook.Line{Key: indicator.Key{Indicator: id, Source: "sample", Geography: country, Length: l}, Lags: []int{1, 1, 1, 1, 1, 1}}
		for day := l.First(calendar.Date(2022, 1, 1)); l.Add(day, 1)-1 <= to; day = l.Add(day, 1) {
			o := indicator.Observation{First: day, Value: math.Round(mean * (1 + 0.2*math.Sin(float64(day)/58) + 0.1*math.Cos(float64(day)*1.7))), Learned: l.Add(day, 1).Time()}
			if id == "forum-posts" && day%37 < 3 {
				o.Status, o.Value = indicator.Unavailable, 0
			}
			if day >= calendar.Date(2026, 3, 1) && day < calendar.Date(2026, 6, 1) {
				o.Value = math.Round(o.Value * 2)
			}
			if o.Status != indicator.Observed {
				o.Value = 0
			}
			line.Figures = append(line.Figures, o)
		}
		if country == "FR" {
			last := &line.Figures[len(line.Figures)-2]
			was := *last
			was.Value, was.Provisional = last.Value-7, true
			line.Revisions = []outlook.Revision{{Before: was, After: *last}}
		}
		d.Lines = append(d.Lines, line)
	}
	for _, c := range []string{"DE", "FR", "IT"} {
		add("referrals", calendar.Monthly, c, 900)
		add("blocked-attempts", calendar.Weekly, c, 5000)
		add("public-reports", calendar.Quarterly, c, 300)
	}
	add("forum-posts", calendar.Daily, "ALL", 80)
	d.Events = []indicator.Event{{ID: "a", Name: "Event <b>&amp;", Kind: indicator.Lockdown, From: calendar.Date(2026, 3, 15), To: calendar.Date(2026, 5, 15)}}
	q := outlook.Question{From: calendar.Date(2026, 1, 1), To: to, AsOf: time.Date(2026, 11, 6, 12, 0, 0, 0, time.UTC), Since: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}
	return outlook.Look(q, d), d
}

func html(t *testing.T, opt report.Options) string {
	t.Helper()
	o, d := sample()
	var b bytes.Buffer
	if err := report.Compose(o, d, opt).HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The page holds everything: answers first, a table behind each chart, and
// nothing that is loaded from elsewhere.
func TestOneFileThatHoldsEverything(t *testing.T) {
	t.Parallel()
	page := html(t, report.Options{Desk: "Desk of <i>samples", Program: "lapwing", Invented: true})
	for _, want := range []string{"Is it rising?", "How sure are we?", "What is missing?", "Invented figures", "Desk of &lt;i&gt;samples", "Event &lt;b&gt;&amp;amp;",
		"Does not measure", "Period against period", "Revised since the last issue", "As known on 6 November 2026"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	at := strings.Index(page, "Is it rising?")
	for _, later := range []string{"<svg", "Alarms", "Methods"} {
		if i := strings.Index(page, later); i < at {
			t.Errorf("%q comes before the answer", later)
		}
	}
	figures := strings.Count(page, "<figure")
	if tables := strings.Count(page, "The figures as a table"); figures < 10 || tables != figures {
		t.Errorf("%d charts with %d tables", figures, tables)
	}
	if found := regexp.MustCompile(`(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//[^"')]*`).FindAllString(page, -1); len(found) > 0 {
		t.Errorf("the page loads %q", found)
	}
	if strings.Contains(page, "<script") {
		t.Error("the page has a script")
	}
	ids := map[string]int{}
	for _, m := range regexp.MustCompile(`\bid="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]]++; ids[m[1]] == 2 {
			t.Errorf("the id %q is there twice", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?:href="#|url\(#|aria-labelledby=")([^")]*)`).FindAllStringSubmatch(page, -1) {
		for _, id := range strings.Fields(m[1]) {
			if ids[id] == 0 {
				t.Errorf("%q points to nothing", id)
			}
		}
	}
}

func TestSameFiguresSameBytes(t *testing.T) {
	t.Parallel()
	first, second := html(t, report.Options{}), html(t, report.Options{})
	if first != second {
		t.Error("the same figures give another page")
	}
}

// A note stands in its section and is text, whatever it holds.
func TestNotes(t *testing.T) {
	t.Parallel()
	page := html(t, report.Options{Notes: []report.Note{
		{Section: "referrals", Text: "First <script>alert(1)</script>.\n\nSecond.", Author: "editor", Written: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)},
		{Section: "nowhere", Text: "lost"},
	}})
	i, j := strings.Index(page, `<section id="referrals"`), strings.Index(page, `<section id="blocked-attempts"`)
	if i < 0 || j < i || !strings.Contains(page[i:j], "<p>First &lt;script&gt;alert(1)&lt;/script&gt;.</p><p>Second.</p>") || !strings.Contains(page[i:j], "editor, 2 November 2026") {
		t.Error("the note is not in its section, or not as text")
	}
}

// Every chart is an SVG that parses, a PNG and a CSV.
func TestFiles(t *testing.T) {
	t.Parallel()
	o, d := sample()
	seen := map[string]bool{}
	err := report.Compose(o, d, report.Options{}).Each(func(name string, content []byte) error {
		if seen[name] {
			t.Errorf("two files are called %s", name)
		}
		seen[name] = true
		switch {
		case strings.HasSuffix(name, ".svg"):
			for x := xml.NewDecoder(bytes.NewReader(content)); ; {
				if _, err := x.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Errorf("%s: %v", name, err)
					break
				}
			}
		case strings.HasSuffix(name, ".png"):
			if !bytes.HasPrefix(content, []byte("\x89PNG\r\n")) {
				t.Errorf("%s is no PNG", name)
			}
		default:
			if rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll(); err != nil || len(rows) < 2 {
				t.Errorf("%s: %d rows, %v", name, len(rows), err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"overview.svg", "referrals-countries.png", "blocked-attempts-course.svg", "public-reports-trend.csv", "forum-posts-course.svg", "table-series.csv", "periods-year.svg", "coverage.svg"} {
		if !seen[name] {
			t.Errorf("there is no %s", name)
		}
	}
}

// With no figures at all there is still a report, which says so.
func TestNothingIsKnown(t *testing.T) {
	t.Parallel()
	d := outlook.Data{Definitions: indicator.Shipped()}
	o := outlook.Look(outlook.Question{From: calendar.Date(2026, 1, 1), To: calendar.Date(2026, 3, 31), AsOf: time.Date(2026, 4, 6, 12, 0, 0, 0, time.UTC)}, d)
	var b bytes.Buffer
	if err := report.Compose(o, d, report.Options{}).HTML(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "no figures") {
		t.Errorf("headline: %s", o.Headline)
	}
}

func BenchmarkReport(b *testing.B) {
	for b.Loop() {
		o, d := sample()
		if err := report.Compose(o, d, report.Options{}).HTML(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
