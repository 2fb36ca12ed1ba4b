package indicatorhttp

import (
	"net/http"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/web"
)

// maxLinks is how many series of a source are linked.
const maxLinks = 250

// indicatorSection is an indicator with who tells of it.
type indicatorSection struct {
	indicator.Stated
	Sources []*sourceRow
}

// sourceRow is the series of one source that have one length of period.
type sourceRow struct {
	Source    string
	Length    calendar.Length
	Series    []seriesLink
	Left      int // series that are not linked
	Countries int
	Periods   int64
	Revisions int64
	Learned   time.Time

	first, last calendar.Day
}

type seriesLink struct{ Geography, Href string }

// Span is from the first period to the last.
func (r *sourceRow) Span() string { return span(r.Length, r.first, r.last) }

// Count is how many series there are.
func (r *sourceRow) Count() int { return len(r.Series) + r.Left }

func (r *sourceRow) add(sr *indicator.Series) {
	if r.Count() == 0 {
		r.first, r.last = sr.First, sr.Last
	}
	r.first, r.last = min(r.first, sr.First), max(r.last, sr.Last)
	if len(r.Series) < maxLinks {
		r.Series = append(r.Series, seriesLink{sr.Geography, address(sr.Key)})
	} else {
		r.Left++
	}
	if len(sr.Geography) == 2 {
		r.Countries++
	}
	r.Periods += sr.Periods
	r.Revisions += sr.Revisions
	if sr.Learned.After(r.Learned) {
		r.Learned = sr.Learned
	}
}

// indicators lists what the figures measure, what they do not, and who tells.
func (p *pages) indicators(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	stated, err := p.desk.Definitions(r.Context(), time.Time{})
	if err != nil {
		return err
	}
	all, err := p.desk.Series(r.Context(), indicator.Selection{})
	if err != nil {
		return err
	}
	sections := make([]*indicatorSection, len(stated))
	byID := map[string]*indicatorSection{}
	for i, s := range stated {
		sections[i] = &indicatorSection{Stated: s}
		byID[s.ID] = sections[i]
	}
	type group struct {
		indicator, source string
		length            calendar.Length
	}
	rows := map[group]*sourceRow{}
	for i := range all {
		sr := &all[i]
		sec := byID[sr.Indicator]
		if sec == nil {
			continue // nobody can say what it is
		}
		g := group{sr.Indicator, sr.Source, sr.Length}
		if rows[g] == nil {
			rows[g] = &sourceRow{Source: sr.Source, Length: sr.Length}
			sec.Sources = append(sec.Sources, rows[g])
		}
		rows[g].add(sr)
	}
	return p.views.Render(w, "indicators", web.View{Title: "Indicators", Section: "/indicators", Main: sections})
}

// eventRow is an event with where and what it concerns, in words.
type eventRow struct {
	indicator.Event
	Where, Concerns string
}

func eventRows(es []indicator.Event, name func(id string) string) []eventRow {
	var rows []eventRow
	for _, e := range es {
		r := eventRow{Event: e, Where: "everywhere", Concerns: "all indicators"}
		if len(e.Countries) > 0 {
			var names []string
			for _, c := range e.Countries {
				names = append(names, place(c))
			}
			r.Where = strings.Join(names, ", ")
		}
		if e.Indicator != "" {
			r.Concerns = name(e.Indicator)
		}
		if e.Source != "" {
			r.Concerns += ", as " + e.Source + " tells it"
		}
		rows = append(rows, r)
	}
	return rows
}

// events lists what may explain a change, the latest first.
func (p *pages) events(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	es, err := p.desk.Events(r.Context(), time.Time{})
	if err != nil {
		return err
	}
	stated, err := p.desk.Definitions(r.Context(), time.Time{})
	if err != nil {
		return err
	}
	rows := eventRows(es, func(id string) string {
		for _, s := range stated {
			if s.ID == id {
				return s.Name
			}
		}
		return id
	})
	for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
		rows[i], rows[j] = rows[j], rows[i]
	}
	return p.views.Render(w, "events", web.View{Title: "Events", Section: "/events", Main: rows})
}
