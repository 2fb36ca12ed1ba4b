package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lapwing/internal/calendar"
	"lapwing/internal/chart"
	"lapwing/internal/indicator"
	"lapwing/internal/outlook"
	"lapwing/series"
)

// about is the section of an indicator.
func about(o outlook.Outlook, d outlook.Data, v *outlook.IndicatorView) Section {
	def := v.Definition
	s := Section{ID: def.ID, Title: def.Name, Label: v.Label, Reasons: v.Reasons}
	for _, f := range o.Findings {
		if f.Indicator == def.ID {
			s.Lead = append(s.Lead, f.Text)
		}
	}
	if def.Of != "" {
		s.Lead = append(s.Lead, "Another view of "+strings.ToLower(o.NameOf(def.Of))+".", v.Sentence(o.Question))
	}
	if v.TotalOf != "" {
		s.Lead = append(s.Lead, v.TotalOf)
	}
	s.Terms = []Term{{"Measures", def.Measures}, {"Does not measure", def.DoesNotMeasure}, {"A rise can mean", def.Direction}}
	if len(def.Caveats) > 0 {
		s.Terms = append(s.Terms, Term{"Mind", strings.Join(def.Caveats, " ")})
	}
	for n, f := range families(o, def.ID) {
		if n == 2 {
			break // two sources are shown in full; all are in the tables at the end
		}
		s.Figures = append(s.Figures, draw(o, d, v, f, n)...)
	}
	return s
}

// draw chooses charts by the length of the periods and the number of places.
func draw(o outlook.Outlook, d outlook.Data, v *outlook.IndicatorView, f []*outlook.SeriesView, n int) (out []Figure) {
	length, source := f[0].Key.Length, f[0].Key.Source
	id := func(kind string) string {
		if n > 0 {
			kind += fmt.Sprint("-", n+1)
		}
		return v.Definition.ID + "-" + kind
	}
	frame := func(kind, title, sub string) chart.Frame {
		return chart.Frame{ID: id(kind), Title: title, Subtitle: sub, Source: source}
	}
	total := v.Total
	if n > 0 || len(f) == 1 {
		total = f[0].Dense
	}
	places := slices.DeleteFunc(slices.Clone(f), func(x *outlook.SeriesView) bool { return len(x.Dense) == 0 })
	name := strings.ToLower(v.Definition.Name)
	switch length {
	case calendar.Quarterly:
		if len(total) > 0 {
			out = append(out, Figure{id("trend"), trend(frame("trend", v.Definition.Name+" by quarter", sub(v)), v.Definition.Units, total)})
		}
	case calendar.Daily, calendar.Weekly:
		if len(total) > 0 {
			t := chart.Timeline{Frame: frame("course", v.Definition.Name+" by "+string(length), sub(v)), Unit: v.Definition.Units, Length: length, First: total[0].Period.First, Values: values(total),
				Events: concerning(d, v.Definition.ID, total[0].Period.First, o.Question.To)}
			if length == calendar.Daily {
				t.Median = 7
			}
			if len(f) == 1 {
				for _, a := range f[0].Alarms {
					t.Alarms = append(t.Alarms, chart.Alarm{First: a.Period.First, Word: string(a.Label)})
				}
			}
			out = append(out, Figure{id("course"), t})
		}
		if len(places) > 1 {
			out = append(out, Figure{id("countries"), lines(o, d, frame("countries", v.Definition.Name+" by country", "Sum by month"), v, places)})
		}
	case calendar.Monthly:
		if len(places) > 1 {
			out = append(out, Figure{id("countries"), multiples(o, frame("countries", v.Definition.Name+" by country, this year against the year before", "By month; each panel has its own scale"), v, places)})
		} else if len(total) > 0 {
			out = append(out, Figure{id("course"), chart.Timeline{Frame: frame("course", v.Definition.Name+" by month", sub(v)), Unit: v.Definition.Units, Length: length, First: total[0].Period.First, Values: values(total)}})
		}
	}
	if len(places) > 1 {
		out = append(out, Figure{id("change"), byCountry(frame("change", "Change of "+name+" by country", "The window against the same periods of the year before"), places)})
	}
	return out
}

func sub(v *outlook.IndicatorView) string { return v.TotalOf }

// trend is a bar for each quarter with a straight line through them.
func trend(f chart.Frame, unit string, ps []outlook.Point) chart.Chart {
	t := chart.Trend{Frame: f, Unit: unit, Length: ps[0].Period.Length, First: ps[0].Period.First, Values: values(ps)}
	s := &series.Series{Freq: ps[0].Period.Length.PerYear(), Start: [2]int{ps[0].Period.First.Time().Year(), 1}}
	for _, p := range ps {
		s.Counts = append(s.Counts, p.Value)
	}
	m := series.NewTrendModel(series.LinearTrend)
	fit, err := m.Fit(s, 0, len(s.Counts))
	if err != nil {
		return t
	}
	// The band is that of the mean at each period: with slope and level
	// uncorrelated at the middle of the known periods.
	var xs []float64
	for i, c := range s.Counts {
		if !math.IsNaN(c) {
			xs = append(xs, float64(i))
		}
	}
	mean := 0.0
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	q := (fit.Slope.Upper - fit.Slope.Estimate) / fit.SE // quantile of the interval
	for i := range s.Counts {
		at := fit.At(i)
		half := q * math.Sqrt(fit.Sigma*fit.Sigma/float64(len(xs))+fit.SE*fit.SE*(float64(i)-mean)*(float64(i)-mean))
		t.Fit, t.Lower, t.Upper = append(t.Fit, at), append(t.Lower, at-half), append(t.Upper, at+half)
	}
	t.Name = "linear trend, with 95 % interval"
	t.Words = fmt.Sprintf("%s %s a %s (95 %%: %s to %s)", signed(fit.Slope.Estimate), unit, ps[0].Period.Length, signed(fit.Slope.Lower), signed(fit.Slope.Upper))
	return t
}

func signed(v float64) string {
	if v > 0 {
		return "+" + outlook.Number(v)
	}
	return outlook.Number(v)
}

// byMonth adds the points of shorter periods up to months; a month with an
// unknown period is unknown, and a week belongs to the month of its Thursday.
func byMonth(ps []outlook.Point) (first calendar.Day, vs []chart.Value) {
	if len(ps) == 0 {
		return 0, nil
	}
	month := func(p outlook.Point) calendar.Day {
		d := p.Period.First
		if p.Period.Length == calendar.Weekly {
			d += 3
		}
		return calendar.Monthly.First(d)
	}
	first = month(ps[0])
	if first < ps[0].Period.First-6 {
		first = calendar.Monthly.Add(first, 1) // the first is not whole
	}
	for _, p := range ps {
		m := calendar.Monthly.Between(first, month(p))
		if m < 0 {
			continue
		}
		for len(vs) <= m {
			vs = append(vs, chart.Value{})
		}
		v := &vs[m]
		switch {
		case math.IsNaN(v.V):
		case math.IsNaN(p.Value):
			*v = chart.None(string(p.Status))
		default:
			v.V += p.Value
			v.Provisional = v.Provisional || p.Provisional
		}
	}
	// The last month is shown only when it is whole.
	if last := ps[len(ps)-1].Period; len(vs) > 0 && last.Last()+7 <= calendar.Monthly.Add(first, len(vs)) {
		vs = vs[:len(vs)-1]
	}
	return first, vs
}

func lines(o outlook.Outlook, d outlook.Data, f chart.Frame, v *outlook.IndicatorView, places []*outlook.SeriesView) chart.Chart {
	c := chart.Lines{Frame: f, Unit: v.Definition.Units, Length: calendar.Monthly}
	c.First = calendar.Day(1 << 30)
	type run struct {
		name  string
		first calendar.Day
		vs    []chart.Value
	}
	var runs []run
	for _, p := range places {
		first, vs := byMonth(p.Dense)
		if len(vs) == 0 {
			continue
		}
		runs = append(runs, run{outlook.Country(p.Key.Geography), first, vs})
		c.First = min(c.First, first)
	}
	for _, r := range runs {
		var pad []chart.Value
		for range calendar.Monthly.Between(c.First, r.first) {
			pad = append(pad, chart.None("not yet reporting"))
		}
		c.Series = append(c.Series, chart.Line{Name: r.name, Values: append(pad, r.vs...)})
	}
	c.Events = concerning(d, v.Definition.ID, c.First, o.Question.To)
	return c
}

func multiples(o outlook.Outlook, f chart.Frame, v *outlook.IndicatorView, places []*outlook.SeriesView) chart.Chart {
	first := calendar.Monthly.Of(o.Question.From)
	m := chart.Multiples{Frame: f, Unit: v.Definition.Units, First: first, Order: chart.ByLevel}
	for _, p := range places {
		panel := chart.Panel{Name: outlook.Country(p.Key.Geography)}
		if p.Label == outlook.Artefact || p.Label == outlook.Unknown {
			panel.Note = string(p.Label)
		} else if p.YearOnYear.Direction != outlook.NotAssessed {
			panel.Note = outlook.Percent(p.YearOnYear.Ratio)
		}
		at := map[calendar.Day]outlook.Point{}
		for _, x := range p.Dense {
			at[x.Period.First] = x
		}
		n := 12
		for i := range n {
			now, before := first.Next(i), first.Next(i-12)
			if now.First > o.Question.To {
				break
			}
			if x, ok := at[before.First]; ok {
				panel.Before = append(panel.Before, value(x))
			} else {
				panel.Before = append(panel.Before, chart.None("no data"))
			}
			if x, ok := at[now.First]; ok {
				panel.Now = append(panel.Now, value(x))
			} // else it is not due
		}
		m.Panels = append(m.Panels, panel)
	}
	return m
}

func byCountry(f chart.Frame, places []*outlook.SeriesView) chart.Chart {
	c := chart.Compare{Frame: f, Before: "Before", Now: "Now", Interval: "95 % interval"}
	sorted := slices.Clone(places)
	slices.SortStableFunc(sorted, func(a, b *outlook.SeriesView) int {
		x, y := a.YearOnYear.Ratio, b.YearOnYear.Ratio
		switch {
		case math.IsNaN(x) && math.IsNaN(y):
			return 0
		case math.IsNaN(x):
			return 1
		case math.IsNaN(y):
			return -1
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for _, p := range sorted {
		it := item(outlook.Country(p.Key.Geography), p.YearOnYear)
		if p.Label == outlook.Artefact || p.Label == outlook.Unknown {
			it.Note = string(p.Label)
			if len(p.Reasons) > 0 {
				it.Note += ": " + strings.ReplaceAll(p.Reasons[0].Code, "-", " ")
			}
		}
		c.Items = append(c.Items, it)
	}
	return c
}

func item(name string, x outlook.Change) chart.Item {
	it := chart.Item{Name: name, Before: chart.Value{V: x.Before}, Now: chart.Value{V: x.Now}, Ratio: x.Ratio, Lower: x.Low, Upper: x.High}
	if x.NowPeriods == 0 {
		it.Now = chart.None("no data")
	}
	if x.BeforePeriods == 0 {
		it.Before = chart.None("no data")
	}
	if x.Direction == outlook.NotAssessed && len(x.Reasons) > 0 {
		it.Why = strings.ReplaceAll(x.Reasons[0].Code, "-", " ")
	}
	return it
}

// periods is the table of period against period over all indicators.
func periods(o outlook.Outlook) Section {
	s := Section{ID: "periods", Title: "Period against period", Lead: []string{
		"Against the same periods of the year before (pairs of periods, quasi-Poisson), and against the stretch of the same length just before (negative binomial model). Only periods that both sides have are compared."}}
	year := chart.Compare{Frame: chart.Frame{ID: "periods-year", Title: "Against the year before", Subtitle: outlook.Span(o.Question.From, o.Question.To)}, Before: "A year before", Now: "Window", Interval: "95 % interval"}
	prev := chart.Compare{Frame: chart.Frame{ID: "periods-before", Title: "Against the stretch just before", Subtitle: outlook.Span(o.Question.From, o.Question.To)}, Before: "Just before", Now: "Window", Interval: "95 % interval"}
	for _, v := range o.Indicators {
		a, b := item(v.Definition.Name, v.YearOnYear), item(v.Definition.Name, v.Previous)
		a.Note, b.Note = v.Definition.Units, v.Definition.Units
		year.Items, prev.Items = append(year.Items, a), append(prev.Items, b)
	}
	s.Figures = []Figure{{"periods-year", year}, {"periods-before", prev}}
	return s
}

// alarmsShown is how many alarms the report lists where no budget is set.
const alarmsShown = 40

func alarms(o outlook.Outlook) Section {
	s := Section{ID: "alarms", Title: "Alarms"}
	s.Lead = []string{fmt.Sprintf("%d alarms in %s evaluations by the detector %s. About %.0f of them are to be expected by chance alone. An alarm is a question, not an answer: it says that more came than the series itself lets expect.",
		len(o.Alarms), outlook.Number(float64(o.Evaluations)), o.Detector, o.FalseAlarms)}
	n := alarmsShown
	if o.Question.Budget > 0 {
		n = o.Question.Budget
	}
	n = min(n, len(o.Alarms))
	if n < len(o.Alarms) {
		s.Lead = append(s.Lead, fmt.Sprintf("The first %d are listed; %d more are in the table of the series.", n, len(o.Alarms)-n))
	}
	t := &Table{ID: "alarms", Caption: "Alarms, those that happened as far as figures can tell first, then by score",
		Head:   []string{"Indicator", "Place", "Period", "Counted", "Expected", "Bound", "Score", "Label", "Why, and what happened then"},
		Number: []bool{false, false, false, true, true, true, true, false, false}}
	for _, a := range o.Alarms[:n] {
		var why []string
		for _, r := range a.Reasons {
			why = append(why, r.Text)
		}
		for _, e := range a.Events {
			why = append(why, "At that time: "+e.Name+".")
		}
		t.Rows = append(t.Rows, []string{a.Key.Indicator, outlook.Country(a.Key.Geography), a.Period.String(), outlook.Number(a.Observed), outlook.Number(a.Expected), outlook.Number(a.Upper), score(a.Score), string(a.Label), strings.Join(why, " ")})
	}
	if n > 0 {
		s.Table = t
	}
	return s
}

func score(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.1f", v)
}

// coverage shows which source told which month.
func coverage(o outlook.Outlook, d outlook.Data) Section {
	s := Section{ID: "coverage", Title: "What is missing, and what came late", Lead: missing(o)}
	first := calendar.Monthly.First(o.Question.From)
	n := calendar.Monthly.Between(first, calendar.Monthly.First(o.Question.To)) + 1
	g := chart.Grid{Frame: chart.Frame{ID: "coverage", Title: "Who told what, by month", Subtitle: "A month is shown by the worst of its periods over all places of a source"}, Length: calendar.Monthly, First: first, Periods: n}
	type row struct{ id, source string }
	cells := map[row][]map[chart.State]int{}
	var rows []row
	for i := range o.Series {
		v := &o.Series[i]
		k := row{v.Key.Indicator, v.Key.Source}
		if cells[k] == nil {
			rows = append(rows, k)
			cells[k] = make([]map[chart.State]int, n)
			for j := range cells[k] {
				cells[k][j] = map[chart.State]int{}
			}
		}
		for _, p := range v.Dense {
			m := calendar.Monthly.Between(first, calendar.Monthly.First(p.Period.First))
			if m < 0 || m >= n {
				continue
			}
			st := chart.Reported
			switch p.Status {
			case indicator.Unavailable, indicator.NotReported:
				st = chart.Missing
			case indicator.Suppressed:
				st = chart.Suppressed
			}
			cells[k][m][st]++
		}
	}
	for _, k := range rows {
		r := chart.SourceRow{Name: k.id + " – " + k.source}
		for _, c := range cells[k] {
			all := c[chart.Reported] + c[chart.Missing] + c[chart.Suppressed]
			st := chart.Reported
			switch {
			case all == 0:
				st = chart.NotDue
			case c[chart.Missing]*10 > all: // more than one in ten
				st = chart.Missing
			case c[chart.Suppressed]*10 > all:
				st = chart.Suppressed
			}
			r.Cells = append(r.Cells, st)
		}
		g.Sources = append(g.Sources, r)
	}
	g.Subtitle = "Missing: more than one in ten figures of the source are not there for that month"
	s.Figures = []Figure{{"coverage", g}}
	t := &Table{ID: "series", Caption: "All series", Head: []string{"Indicator", "Source", "Place", "Per", "In", "Change on the year before", "95 % interval", "A year, over five years", "Alarms", "Label", "Why"},
		Number: []bool{false, false, false, false, true, true, true, true, true, false, false}}
	for _, v := range o.Series {
		why := ""
		if len(v.Reasons) > 0 {
			why = v.Reasons[0].Text
		}
		yr := "–"
		if v.Trend.Direction != outlook.NotAssessed {
			yr = outlook.Percent(1 + v.Trend.PercentPerYear/100)
		}
		interval := "–"
		if v.YearOnYear.Direction != outlook.NotAssessed {
			interval = outlook.Percent(v.YearOnYear.Low) + " to " + outlook.Percent(v.YearOnYear.High)
		}
		t.Rows = append(t.Rows, []string{v.Key.Indicator, v.Key.Source, outlook.Country(v.Key.Geography), string(v.Key.Length),
			fmt.Sprintf("%d of %d", v.Coverage.Reported, v.Coverage.Expected), outlook.Percent(v.YearOnYear.Ratio), interval, yr, fmt.Sprint(len(v.Alarms)), string(v.Label), why})
	}
	s.Table = t
	return s
}

func revised(o outlook.Outlook) Section {
	s := Section{ID: "revised", Title: "Revised since the last issue"}
	n := 0
	t := &Table{ID: "revised", Caption: "Figures that changed; the largest changes first", Head: []string{"Series", "Period", "Was", "Is", "Change", "Learned"}, Number: []bool{false, false, true, true, true, false}}
	type row struct {
		size  float64
		cells []string
	}
	var rows []row
	for _, l := range o.Revised {
		for _, r := range l.Revisions {
			n++
			size, change := math.Inf(1), "–"
			if r.Before.Status == indicator.Observed && r.After.Status == indicator.Observed && r.Before.Value > 0 {
				size = math.Abs(r.After.Value/r.Before.Value - 1)
				change = outlook.Percent(r.After.Value / r.Before.Value)
			}
			rows = append(rows, row{size, []string{l.Key.String(), l.Key.Length.Of(r.After.First).String(), told(r.Before), told(r.After), change, r.After.Learned.UTC().Format("2006-01-02")}})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		switch {
		case a.size > b.size:
			return -1
		case a.size < b.size:
			return 1
		}
		return 0
	})
	for _, r := range rows[:min(len(rows), alarmsShown)] {
		t.Rows = append(t.Rows, r.cells)
	}
	s.Lead = []string{fmt.Sprintf("%d figures of %d series changed.", n, len(o.Revised))}
	s.Table = t
	return s
}

func told(o indicator.Observation) string {
	if o.Status != indicator.Observed {
		return string(o.Status)
	}
	if o.Provisional {
		return outlook.Number(o.Value) + " (provisional)"
	}
	return outlook.Number(o.Value)
}

func events(o outlook.Outlook, d outlook.Data) Section {
	s := Section{ID: "events", Title: "What happened meanwhile", Lead: []string{"Events that overlap the window or the year before it. They may explain a change; that they happened at the same time proves nothing."}}
	t := &Table{ID: "events", Caption: "Events", Head: []string{"From", "To", "What", "Kind", "Where", "Concerns"}, Number: make([]bool, 6)}
	for _, e := range d.Events {
		if e.To < o.Question.From-366 || e.From > o.Question.To {
			continue
		}
		where := "everywhere"
		if len(e.Countries) > 0 {
			var names []string
			for _, c := range e.Countries {
				names = append(names, outlook.Country(c))
			}
			where = list(names)
		}
		concerns := "all indicators"
		if e.Indicator != "" {
			concerns = e.Indicator
		}
		t.Rows = append(t.Rows, []string{e.From.String(), e.To.String(), e.Name, string(e.Kind), where, concerns})
	}
	if len(t.Rows) > 0 {
		s.Table = t
	}
	return s
}

func methods(o outlook.Outlook) Section {
	return Section{ID: "methods", Title: "Methods", Terms: []Term{
		{"Change on the year before", "Each period with the same month, quarter or ISO week of the year before (days: 52 weeks before); the ratio of the sums, quasi-Poisson with a factor for the pair, Student's t. A pair counts only where both sides have a value."},
		{"Change on the stretch before", "A negative binomial model of the single periods; where there are fewer than three, sums whose scatter is taken from the history."},
		{"Trend", "Log-linear with season over five years, quasi-Poisson, 95 % interval. For quarters the chart shows a straight line by least squares."},
		{"Alarms", "Detector " + o.Detector + ". It sees only what came before the period it judges. Days are added up to weeks."},
		{"Real, artefact, unknown", "Artefact: an outage with a backlog behind it, a source that joined or left, or another way of counting explains the change. Unknown: too few counts, too little data, or no baseline. Real: none of these was found."},
		{"Missing figures", "They are left out and counted, never filled in. Zero is a figure; a source that was not available has none."},
	}}
}
