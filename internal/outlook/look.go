package outlook

import (
	"cmp"
	"math"
	"runtime"
	"slices"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"

	"golang.org/x/sync/errgroup"
)

// Look answers. The same question and data give the same answer.
func Look(q Question, d Data) Outlook {
	if q.Alpha == 0 {
		q.Alpha = 0.005
	}
	_, name := detector(q.Alpha)
	o := Outlook{Question: q, Detector: name}
	slices.SortFunc(d.Lines, func(a, b Line) int { return a.Key.Compare(b.Key) })

	views := make([]SeriesView, len(d.Lines))
	runs := make([]*run, len(d.Lines))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range d.Lines {
		g.Go(func() error {
			if runs[i] = lay(&d.Lines[i], q); runs[i] != nil {
				views[i] = runs[i].view(d, q)
			}
			return nil
		})
	}
	g.Wait()
	for i, r := range runs {
		if r == nil {
			continue
		}
		v := views[i]
		o.Series = append(o.Series, v)
		o.Alarms = append(o.Alarms, v.Alarms...)
		o.Evaluations += v.Evaluations
		o.Coverage.Add(v.Coverage)
		if rs := d.Lines[i].Revisions; len(rs) > 0 {
			o.Revised = append(o.Revised, RevisedLine{v.Key, rs})
		}
	}
	o.FalseAlarms = float64(o.Evaluations) * q.Alpha
	rank(o.Alarms)
	if q.Budget > 0 && len(o.Alarms) > q.Budget {
		o.OverBudget = len(o.Alarms) - q.Budget
	}
	for _, def := range d.Definitions {
		if !slices.ContainsFunc(d.Lines, func(l Line) bool { return l.Key.Indicator == def.ID }) {
			continue // nobody tells of it
		}
		o.Indicators = append(o.Indicators, about(def, d, runs, views))
	}
	o.tell()
	return o
}

// view says everything about one series.
func (r *run) view(d Data, q Question) SeriesView {
	v := SeriesView{Key: r.line.Key, Level: math.NaN(), Coverage: r.coverage()}
	if n, s := r.known(max(r.from, 0), r.to); n > 0 {
		v.Level = s / float64(n)
	}
	v.YearOnYear = r.againstYearBefore()
	v.Previous = r.againstBefore()
	j := r.judged()
	if len(j.obs) > 0 {
		v.Trend = j.trend()
		es := j.judge(&v, q)
		v.Dense = r.points()
		for _, e := range es {
			if p := j.obs[e.Index].First; j == r {
				for k := range v.Dense {
					if v.Dense[k].Period.First == p {
						v.Dense[k].Expected, v.Dense[k].Upper = e.Expected, e.Upper
					}
				}
			}
		}
	} else {
		v.Trend = Trend{PercentPerYear: math.NaN(), Low: math.NaN(), High: math.NaN(), P: math.NaN(), Direction: NotAssessed, Reasons: []Reason{{"short-history", "There are too few figures."}}}
		v.Dense = r.points()
	}
	from, to := q.From, q.To
	v.Events = eventsOf(d.Events, r.line.Key, from, to)
	r.label(&v, d, q)
	for i := range v.Alarms {
		a := &v.Alarms[i]
		a.Events = eventsOf(d.Events, r.line.Key, a.Period.First, a.Period.Last())
		for k := range v.Dense {
			if p := v.Dense[k].Period; p.First >= a.Period.First && p.Last() <= a.Period.Last() {
				v.Dense[k].Alarm = true
			}
		}
	}
	return v
}

// points are the periods from a year before the window to its end.
func (r *run) points() []Point {
	back := r.length.PerYear()
	if r.length == calendar.Quarterly {
		back = 5 * 4
	}
	var ps []Point
	for i := max(0, r.from-back); i < len(r.obs); i++ {
		o := r.obs[i]
		if i >= r.due && !r.had[i] {
			continue
		}
		ps = append(ps, Point{Period: r.length.Of(o.First), Status: o.Status, Value: r.value(i), Provisional: o.Provisional, Expected: math.NaN(), Upper: math.NaN()})
	}
	return ps
}

// about says everything about an indicator.
func about(def indicator.Definition, d Data, runs []*run, views []SeriesView) IndicatorView {
	v := IndicatorView{Definition: def, YearOnYear: unknown(), Previous: unknown(), Direction: NotAssessed, Label: Unknown,
		Trend: Trend{PercentPerYear: math.NaN(), Low: math.NaN(), High: math.NaN(), P: math.NaN(), Direction: NotAssessed}}
	state := map[string]Direction{} // by country, of the source that counts most
	main := total(&v, d, runs, views)
	for _, first := range []bool{true, false} {
		for i, r := range runs {
			if r == nil || r.line.Key.Indicator != def.ID || (family{r.line.Key.Source, r.line.Key.Length} == main) != first {
				continue
			}
			s := &views[i]
			v.Coverage.Add(s.Coverage)
			v.Alarms += len(s.Alarms)
			g := r.line.Key.Geography
			if _, told := state[g]; told || len(g) != 2 {
				continue
			}
			state[g] = s.YearOnYear.Direction
			if s.Label == Artefact || s.Label == Unknown {
				state[g] = NotAssessed
			}
		}
	}
	v.Countries = len(state)
	for g, is := range state {
		switch is {
		case Rising:
			v.Rising++
		case Falling:
			v.Falling++
		case NotAssessed:
			v.NotAssessed = append(v.NotAssessed, g)
		}
	}
	slices.Sort(v.NotAssessed)
	return v
}

// family is the series of one source and length of period.
type family struct {
	source string
	length calendar.Length
}

// total adds up the places of the source that counts most, as far as they can
// be added up: those that told every period that the others told, and counted
// the same thing all the time. It gives the source with its length of period.
func total(v *IndicatorView, d Data, runs []*run, views []SeriesView) (best family) {
	groups := map[family][]int{}
	counted := map[family]float64{}
	for i, r := range runs {
		if r == nil || r.line.Key.Indicator != v.Definition.ID || views[i].Coverage.Reported == 0 {
			continue
		}
		f := family{r.line.Key.Source, r.line.Key.Length}
		groups[f] = append(groups[f], i)
		_, n := r.known(max(r.from, 0), r.to)
		counted[f] += n
	}
	for f := range groups {
		if cmp.Or(cmp.Compare(counted[best], counted[f]), cmp.Compare(f.source, best.source), cmp.Compare(f.length, best.length)) < 0 || best.source == "" {
			best = f
		}
	}
	is := groups[best]
	if len(is) == 0 {
		v.Reasons = append(v.Reasons, Reason{"no-figures", "There is no value in the window."})
		return best
	}
	if len(is) > 1 {
		// A total that a source gives itself is not added to its parts.
		is = slices.DeleteFunc(slices.Clone(is), func(i int) bool { return len(runs[i].line.Key.Geography) != 2 })
		if len(is) == 0 {
			is = groups[best][:1]
		}
	}
	start, due := runs[is[0]].first, runs[is[0]].obs[0].First
	for _, i := range is {
		start = min(start, runs[i].first)
		due = max(due, best.length.Add(runs[i].first, runs[i].due))
	}
	end := runs[is[0]].length.Add(runs[is[0]].first, len(runs[is[0]].obs))
	sum := &run{line: &Line{Key: indicator.Key{Indicator: v.Definition.ID, Source: best.source, Geography: "sum", Length: best.length}}, length: best.length, first: start}
	n := best.length.Between(start, end)
	sum.from = best.length.Between(start, best.length.Add(runs[is[0]].first, runs[is[0]].from))
	sum.to, sum.due = n, min(n, best.length.Between(start, due))
	base := max(0, sum.yearBefore(max(sum.from, 0)))

	told := make([]int, n)
	at := func(i, p int) (indicator.Observation, bool) {
		r := runs[i]
		j := p - best.length.Between(start, r.first)
		if j < 0 || j >= len(r.obs) {
			return indicator.Observation{Status: indicator.NotReported}, false
		}
		return r.obs[j], r.obs[j].Status == indicator.Observed
	}
	for _, i := range is {
		for p := range n {
			if _, ok := at(i, p); ok {
				told[p]++
			}
		}
	}
	var in []int
	var gaps, other []string
	for _, i := range is {
		whole := true
		for p := base; p < sum.due; p++ {
			if _, ok := at(i, p); !ok && told[p]*2 > len(is) {
				whole = false
			}
		}
		switch g := runs[i].line.Key.Geography; {
		case !whole:
			gaps = append(gaps, g)
		case runs[i].changed(d):
			other = append(other, g)
		default:
			in = append(in, i)
		}
	}
	v.TotalOf = describe(best.source, len(in), len(is), gaps, other)
	if len(in) == 0 {
		v.Reasons = append(v.Reasons, Reason{"coverage", "No source told every period, so that there is nothing to add up."})
		return best
	}
	sum.obs, sum.had = make([]indicator.Observation, n), make([]bool, n)
	for p := range n {
		o := indicator.Observation{First: best.length.Add(start, p)}
		for _, i := range in {
			x, ok := at(i, p)
			switch {
			case !ok && o.Status == indicator.Observed:
				o.Status, o.Value = x.Status, 0
			case ok && o.Status == indicator.Observed:
				o.Value += x.Value
				o.Provisional = o.Provisional || x.Provisional
			}
		}
		sum.obs[p], sum.had[p] = o, o.Status == indicator.Observed || o.Status == indicator.Unavailable
	}
	v.Total = sum.points()
	v.YearOnYear, v.Previous = sum.againstYearBefore(), sum.againstBefore()
	if j := sum.judged(); len(j.obs) > 0 {
		v.Trend = j.trend()
	}
	v.Direction = v.YearOnYear.Direction
	switch {
	case v.Direction == NotAssessed:
		v.Label = Unknown
		v.Reasons = append(v.Reasons, v.YearOnYear.Reasons...)
	case len(in)*2 < len(is):
		v.Label = Unknown
		v.Reasons = append(v.Reasons, Reason{"coverage", "The sum holds less than half of the countries."})
	case v.Direction == Flat:
		v.Label = Steady
	default:
		v.Label = Real
	}
	return best
}
