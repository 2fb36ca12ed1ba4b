package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lapwing/internal/calendar"
	"lapwing/internal/chart"
	"lapwing/internal/outlook"
)

// Compose makes the report of an outlook.
func Compose(o outlook.Outlook, d outlook.Data, opt Options) *Report {
	q := o.Question
	r := &Report{
		Title: "Situational report", Desk: opt.Desk, Program: opt.Program, Invented: opt.Invented,
		Window: outlook.Span(q.From, q.To), AsOf: q.AsOf.UTC().Format("2 January 2006, 15:04 UTC"), Headline: o.Headline,
	}
	if !q.Since.IsZero() {
		r.Since = q.Since.UTC().Format("2 January 2006")
	}
	r.Rising = o.Findings
	r.Sure = sure(o)
	r.Missing = missing(o)
	r.Overview = Figure{"overview", overview(o)}
	for i := range o.Indicators {
		r.Sections = append(r.Sections, about(o, d, &o.Indicators[i]))
	}
	r.Sections = append(r.Sections, periods(o), alarms(o), coverage(o, d))
	if len(o.Revised) > 0 {
		r.Sections = append(r.Sections, revised(o))
	}
	if len(d.Events) > 0 {
		r.Sections = append(r.Sections, events(o, d))
	}
	r.Sections = append(r.Sections, methods(o))
	for _, n := range opt.Notes {
		for i := range r.Sections {
			if r.Sections[i].ID == n.Section {
				r.Sections[i].Notes = append(r.Sections[i].Notes, n)
			}
		}
	}
	return r
}

// sure says how sure the answer is.
func sure(o outlook.Outlook) (out []string) {
	if len(o.Series) == 0 {
		return nil
	}
	unknown, all := 0, 0
	for _, v := range o.Indicators {
		if v.Definition.Of == "" {
			all++
			if v.Label == outlook.Unknown {
				unknown++
			}
		}
	}
	if unknown > 0 {
		out = append(out, fmt.Sprintf("Nothing certain can be said of %d of %d indicators; the sections below say why.", unknown, all))
	}
	series := map[outlook.Label]int{}
	for _, v := range o.Series {
		series[v.Label]++
	}
	out = append(out, fmt.Sprintf("Of %d series, %d changed as far as figures can tell, %d stayed as they were, %d changed because of the way of counting, and %d cannot be judged.",
		len(o.Series), series[outlook.Real], series[outlook.Steady], series[outlook.Artefact], series[outlook.Unknown]))
	if o.Evaluations > 0 {
		out = append(out, fmt.Sprintf("%s single periods were judged at %g %%: about %.0f false alarms are to be expected, %d alarms were raised.",
			outlook.Number(float64(o.Evaluations)), 100*o.Question.Alpha, o.FalseAlarms, len(o.Alarms)))
	}
	return append(out, "Intervals hold the true value in 95 of 100 cases if the figures are what they claim to be. Indicators count what is detected and told, not what happens.")
}

// missing says what is not known.
func missing(o outlook.Outlook) (out []string) {
	c := o.Coverage
	if c.Expected == 0 {
		return []string{"No figure was expected."}
	}
	s := fmt.Sprintf("%.1f %% of the expected figures are in (%s of %s)", 100*c.Share(), outlook.Number(float64(c.Reported)), outlook.Number(float64(c.Expected)))
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{c.Unavailable, "because a source was not available"}, {c.Late, "that are late"}, {c.NotReported - c.Late, "that were not reported"}, {c.Suppressed, "that are held back"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", outlook.Number(float64(p.n)), p.what))
		}
	}
	if len(parts) > 0 {
		s += "; missing are " + list(parts)
	}
	out = append(out, s+".")
	if c.Provisional > 0 {
		out = append(out, fmt.Sprintf("%s of the figures are provisional and will be revised.", outlook.Number(float64(c.Provisional))))
	}
	where := map[string][]string{}
	for _, v := range o.Indicators {
		if v.Definition.Of != "" {
			continue
		}
		for _, g := range v.NotAssessed {
			where[g] = append(where[g], strings.ToLower(v.Definition.Name))
		}
	}
	var gs []string
	for g := range where {
		gs = append(gs, g)
	}
	slices.Sort(gs)
	var names []string
	for _, g := range gs {
		names = append(names, fmt.Sprintf("%s (%s)", outlook.Country(g), list(where[g])))
	}
	if len(names) > 0 {
		out = append(out, "Not assessed: "+strings.Join(names, "; ")+".")
	}
	return out
}

func overview(o outlook.Outlook) chart.Chart {
	s := chart.Strip{Frame: chart.Frame{ID: "overview", Title: "The indicators at a glance", Subtitle: outlook.Span(o.Question.From, o.Question.To) + ", as known on " + o.Question.AsOf.UTC().Format("2 January 2006"),
		Note: "Each line is the course over this window and the year before. A gap is a period without a figure."}}
	for _, v := range o.Indicators {
		row := chart.Row{Name: v.Definition.Name, Unit: v.Definition.Units, Values: values(v.Total), Have: v.Coverage.Reported, Want: v.Coverage.Expected, Label: label(v.Label)}
		if n := len(v.Total); n > 0 {
			last := v.Total[n-1]
			row.Unit += " a " + string(last.Period.Length)
			for i := n - 1; i >= 0; i-- {
				if !math.IsNaN(v.Total[i].Value) {
					last = v.Total[i]
					break
				}
			}
			row.Level, row.Period = value(last), short(last.Period)
		} else {
			row.Level = chart.None("")
		}
		if c := v.YearOnYear; c.Direction != outlook.NotAssessed {
			row.Change = outlook.Percent(c.Ratio)
			row.Against = fmt.Sprintf("on the year before, %s to %s", outlook.Percent(c.Low), outlook.Percent(c.High))
			row.Goes = goes(c.Direction)
		} else {
			row.Change = "not assessed"
		}
		if len(v.Reasons) > 0 {
			row.Reason = strings.ReplaceAll(v.Reasons[0].Code, "-", " ")
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func goes(d outlook.Direction) chart.Direction {
	switch d {
	case outlook.Rising:
		return chart.Up
	case outlook.Falling:
		return chart.Down
	}
	return chart.Unclear
}

func label(l outlook.Label) chart.Label {
	switch l {
	case outlook.Real:
		return chart.Real
	case outlook.Artefact:
		return chart.Artefact
	case outlook.Unknown:
		return chart.Unknown
	}
	return chart.NoLabel
}

func values(ps []outlook.Point) []chart.Value {
	vs := make([]chart.Value, len(ps))
	for i, p := range ps {
		vs[i] = value(p)
	}
	return vs
}

func value(p outlook.Point) chart.Value {
	if math.IsNaN(p.Value) {
		return chart.None(string(p.Status))
	}
	return chart.Value{V: p.Value, Provisional: p.Provisional}
}

func short(p calendar.Period) string {
	switch p.Length {
	case calendar.Monthly:
		return p.First.Time().Format("Jan 2006")
	case calendar.Daily:
		return p.First.Time().Format("2 Jan 2006")
	case calendar.Weekly:
		_, w := p.Number()
		return fmt.Sprintf("week %d, %s", w, p.First.Time().Format("2006"))
	}
	return p.String()
}

func list(s []string) string {
	if n := len(s); n > 1 {
		return strings.Join(s[:n-1], ", ") + " and " + s[n-1]
	}
	return strings.Join(s, "")
}

// families are the series of an indicator by source and length, the one that
// counts most first.
func families(o outlook.Outlook, id string) [][]*outlook.SeriesView {
	by := map[string][]*outlook.SeriesView{}
	counted := map[string]float64{}
	var keys []string
	for i := range o.Series {
		v := &o.Series[i]
		if v.Key.Indicator != id {
			continue
		}
		k := v.Key.Source + "/" + string(v.Key.Length)
		if by[k] == nil {
			keys = append(keys, k)
		}
		by[k] = append(by[k], v)
		for _, p := range v.Dense {
			if p.Period.First >= o.Question.From && !math.IsNaN(p.Value) {
				counted[k] += p.Value
			}
		}
	}
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(counted[b], counted[a]) })
	var out [][]*outlook.SeriesView
	for _, k := range keys {
		out = append(out, by[k])
	}
	return out
}

// concerning gives the events that an indicator's charts show.
func concerning(d outlook.Data, id string, from calendar.Day, to calendar.Day) (out []chart.Event) {
	for _, e := range d.Events {
		if e.Indicator != "" && e.Indicator != id || e.From > to || e.To < from || len(e.Countries) > 0 {
			continue
		}
		out = append(out, chart.Event{Name: e.Name, From: e.From, To: e.To})
	}
	return out
}
