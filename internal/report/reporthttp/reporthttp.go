// Package reporthttp shows the situational report in the console: the answers
// and the indicators at a glance, the notes of editors, and the whole report as
// one file.
package reporthttp

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/chart"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/outlook"
	"lapwing/internal/report"
	"lapwing/internal/web"
)

// Desk is what the pages need.
type Desk interface {
	// Report answers the question; a zero AsOf is now.
	Report(ctx context.Context, q outlook.Question) (*report.Report, error)
	// WriteNote replaces the note to a section; an empty text takes it away.
	WriteNote(ctx context.Context, who identity.Actor, from, to calendar.Day, section, text string) error
	// Today is the desk's date.
	Today() calendar.Day
}

//go:embed *.html
var templates embed.FS

type pages struct {
	desk  Desk
	views *web.Views
	slots chan struct{} // a report is work: so many at a time
}

// Register adds the routes of the report.
func Register(k *web.Kit, d Desk) {
	p := &pages{desk: d, slots: make(chan struct{}, 2)}
	p.views = k.Views(templates, template.FuncMap{
		"svg":   func(f report.Figure) template.HTML { return template.HTML(chart.SVG(f.Chart)) },
		"shown": func(l outlook.Label) bool { return l == outlook.Artefact || l == outlook.Unknown },
	})
	k.Nav("Report", "/report")
	k.Page("GET /report", p.page)
	k.Page("GET /report/full", p.full)
	k.Page("POST /report/notes", p.note)
}

// asked is the question as the address says it.
type asked struct{ From, To, AsOf, Since string }

func (a asked) query() string {
	v := url.Values{}
	for name, value := range map[string]string{"from": a.From, "to": a.To, "as_of": a.AsOf, "since": a.Since} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v.Encode()
}

// read reads the question; what is left out is the year so far up to the last
// whole month, as known now.
func (p *pages) read(get func(string) string) (a asked, q outlook.Question, err error) {
	a = asked{get("from"), get("to"), get("as_of"), get("since")}
	q.To = calendar.Monthly.First(p.desk.Today()) - 1
	for _, x := range []struct {
		text, name string
		set        func(calendar.Period)
	}{{a.To, "To", func(p calendar.Period) { q.To = p.Last() }}, {a.From, "From", func(p calendar.Period) { q.From = p.First }}} {
		if x.text == "" {
			if x.name == "From" {
				q.From = calendar.Date(q.To.Time().Year(), time.January, 1)
			}
			continue
		}
		period, err := calendar.Parse(x.text)
		if err != nil {
			return a, q, fault.New(fault.Invalid, "%s: %v", x.name, err)
		}
		x.set(period)
	}
	if q.To < q.From || q.To-q.From > 10*366 {
		return a, q, fault.New(fault.Invalid, "the report would be about %s to %s: it is about one day at least and ten years at most", q.From, q.To)
	}
	if q.AsOf, err = endOf(a.AsOf); err == nil {
		q.Since, err = endOf(a.Since)
	}
	a.From, a.To = q.From.String(), q.To.String()
	return a, q, err
}

func endOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	var d calendar.Day
	if err := d.UnmarshalText([]byte(text)); err != nil {
		return time.Time{}, fault.New(fault.Invalid, "%v", err)
	}
	return (d + 1).Time().Add(-time.Microsecond), nil
}

func (p *pages) make(ctx context.Context, q outlook.Question) (*report.Report, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return p.desk.Report(ctx, q)
}

// page shows the answers, with a form for the question.
func (p *pages) page(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	a, q, err := p.read(r.URL.Query().Get)
	if err != nil {
		return err
	}
	rep, err := p.make(r.Context(), q)
	if err != nil {
		return err
	}
	return p.views.Render(w, "answers", web.View{Title: "Situational report", Section: "/report", Main: struct {
		*report.Report
		Asked asked
		Query template.URL
	}{rep, a, template.URL(a.query())}})
}

// full answers with the report as one file. It has a style sheet of its own.
func (p *pages) full(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	a, q, err := p.read(r.URL.Query().Get)
	if err != nil {
		return err
	}
	rep, err := p.make(r.Context(), q)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := rep.HTML(&b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", report.Policy+"; frame-ancestors 'none'")
	if r.URL.Query().Has("download") {
		h.Set("Content-Disposition", `attachment; filename="report-`+a.From+`-`+a.To+`.html"`)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// note writes what an editor has to say to a section.
func (p *pages) note(w http.ResponseWriter, r *http.Request, who identity.Actor) error {
	if err := r.ParseForm(); err != nil {
		return fault.Because(fault.Invalid, err, "the form cannot be read: send it again")
	}
	a, q, err := p.read(r.PostForm.Get)
	if err != nil {
		return err
	}
	section := r.PostForm.Get("section")
	if section == "" {
		return fault.New(fault.Invalid, "a note belongs to a section")
	}
	if err := p.desk.WriteNote(r.Context(), who, q.From, q.To, section, r.PostForm.Get("text")); err != nil {
		return err
	}
	http.Redirect(w, r, "/report?"+a.query()+"#note-"+url.PathEscape(section), http.StatusSeeOther)
	return nil
}
