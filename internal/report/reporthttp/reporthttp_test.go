package reporthttp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/chart"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/outlook"
	"lapwing/internal/report"
	"lapwing/internal/report/reporthttp"
	"lapwing/internal/web"
)

// desk has one series, and remembers what it was asked.
type desk struct {
	asked outlook.Question
	note  report.Note
}

func (d *desk) Today() calendar.Day { return calendar.Date(2026, 11, 22) }

func (d *desk) Report(_ context.Context, q outlook.Question) (*report.Report, error) {
	d.asked = q
	if q.AsOf.IsZero() {
		q.AsOf = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	}
	data := outlook.Data{Definitions: indicator.Shipped()}
	l := outlook.Line{Key: indicator.Key{Indicator: "referrals", Source: "sample <i>", Geography: "DE", Length: calendar.Monthly}}
	for m := range 40 {
		l.Figures = append(l.Figures, indicator.Observation{First: calendar.Monthly.Add(calendar.Date(2023, 7, 1), m), Value: float64(300 + m%7), Learned: time.Date(2023, 8, 1, 0, 0, 0, 0, time.UTC)})
	}
	data.Lines = []outlook.Line{l}
	var notes []report.Note
	if d.note.Section != "" {
		notes = append(notes, d.note)
	}
	return report.Compose(outlook.Look(q, data), data, report.Options{Desk: "Sample", Notes: notes}), nil
}

func (d *desk) WriteNote(_ context.Context, who identity.Actor, from, to calendar.Day, section, text string) error {
	if section != "referrals" {
		return fault.New(fault.Invalid, "no section %q", section)
	}
	d.note = report.Note{Section: section, Text: text, Author: who.ID, Written: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	return nil
}

func serve(t *testing.T) (*desk, func(method, target string, form url.Values) *httptest.ResponseRecorder) {
	t.Helper()
	d := &desk{}
	k := web.New(web.Options{Who: identity.Local("test")})
	reporthttp.Register(k, d)
	h := k.Handler()
	return d, func(method, target string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://localhost:8080"+target, strings.NewReader(form.Encode()))
		r.RemoteAddr = "127.0.0.1:5000"
		if form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	d, do := serve(t)
	w := do("GET", "/report", nil)
	if w.Code != http.StatusOK || d.asked.From != calendar.Date(2026, 1, 1) || d.asked.To != calendar.Date(2026, 10, 31) || !d.asked.AsOf.IsZero() {
		t.Fatalf("%d, asked %+v; want the year so far, as known now", w.Code, d.asked)
	}
	page := w.Body.String()
	for _, want := range []string{"Is it rising?", "<svg", `value="2026-01-01"`, `id="note-referrals"`, "/report/full?from=2026-01-01&amp;to=2026-10-31"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(page, "sample <i>") {
		t.Error("a source's name is not text")
	}
	if regexp.MustCompile(`<[a-z][^>]*\sstyle=`).MatchString(page) {
		t.Error("an inline style would be blocked")
	}
	do("GET", "/report?from=2026-Q1&to=2026-Q2&as_of=2026-07-15&since=2026-06-01", nil)
	if d.asked.To != calendar.Date(2026, 6, 30) || d.asked.AsOf.Format(time.DateTime) != "2026-07-15 23:59:59" || d.asked.Since.IsZero() {
		t.Errorf("asked %+v", d.asked)
	}
}

func TestQuestionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	_, do := serve(t)
	for _, query := range []string{"from=2026-05&to=2026-01", "from=x", "to=2026-13", "as_of=1.2.2026", "from=1990-01&to=2026-01", "from=" + strings.Repeat("9", 5000)} {
		if w := do("GET", "/report?"+query, nil); w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
			t.Errorf("%.40s: %d", query, w.Code)
		}
	}
}

// The whole report works under its own policy: one style sheet, nothing else.
func TestFull(t *testing.T) {
	t.Parallel()
	_, do := serve(t)
	w := do("GET", "/report/full?download", nil)
	if p := w.Header().Get("Content-Security-Policy"); !strings.Contains(p, "style-src 'sha256-") || strings.Contains(p, "unsafe") || !strings.Contains(p, "default-src 'none'") {
		t.Errorf("policy %q", p)
	}
	if w.Header().Get("Content-Disposition") != `attachment; filename="report-2026-01-01-2026-10-31.html"` || !strings.HasPrefix(w.Body.String(), "<!doctype html>") {
		t.Errorf("%v %.60s", w.Header(), w.Body.String())
	}
	if strings.Count(w.Body.String(), "<style") != 1 {
		t.Error("more than the one style sheet whose digest is in the policy")
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	d, do := serve(t)
	w := do("POST", "/report/notes", url.Values{"from": {"2026-01-01"}, "to": {"2026-10-31"}, "section": {"referrals"}, "text": {"</textarea><b>why"}})
	if w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "#note-referrals") || d.note.Text != "</textarea><b>why" {
		t.Fatalf("%d to %s, kept %+v", w.Code, w.Header().Get("Location"), d.note)
	}
	if page := do("GET", "/report", nil).Body.String(); !strings.Contains(page, "&lt;/textarea&gt;&lt;b&gt;why") {
		t.Error("the note is not text on the page")
	}
	if w := do("POST", "/report/notes", url.Values{"section": {"nowhere"}, "text": {"x"}}); w.Code < 400 {
		t.Errorf("a note to no section: %d", w.Code)
	}
}

// Charts on a dark page have the colours that package chart gives them.
func TestDarkCharts(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../web/static/desk.css")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), chart.DarkCSS()) {
		t.Errorf("desk.css does not hold, for dark pages:\n%s", chart.DarkCSS())
	}
}
