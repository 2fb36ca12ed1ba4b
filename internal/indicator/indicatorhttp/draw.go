package indicatorhttp

import (
	"errors"
	"fmt"
	"math"

	"lapwing/internal/calendar"
	"lapwing/internal/chart"
	"lapwing/internal/indicator"
	"lapwing/series"
)

// shown is how many of the last periods are drawn and judged.
var shown = map[calendar.Length]int{calendar.Daily: 2 * 366, calendar.Weekly: 5*52 + 1, calendar.Monthly: 10 * 12, calendar.Quarterly: 15 * 4}

// chartWidth is in CSS pixels; a page that is narrower scales it.
const chartWidth = 1120

// values are the observations as a chart takes them: what is missing says why.
func values(os []indicator.Observation) []chart.Value {
	vs := make([]chart.Value, len(os))
	for i, o := range os {
		vs[i] = chart.Value{V: o.Value, Provisional: o.Provisional}
		if o.Status != indicator.Observed {
			vs[i] = chart.None(string(o.Status))
		}
	}
	return vs
}

func chartEvents(es []indicator.Event) (out []chart.Event) {
	for _, e := range es {
		out = append(out, chart.Event{Name: e.Name, From: e.From, To: e.To})
	}
	return out
}

// last is the end of the run that is drawn.
func last(r *indicator.Run) []indicator.Observation {
	return r.Known[max(0, len(r.Known)-shown[r.Length]):]
}

// frame is what the chart says around the figures.
func frame(id, title string, r *indicator.Run) chart.Frame {
	os := last(r)
	sub := place(r.Geography) + ", " + span(r.Length, os[0].First, os[len(os)-1].First)
	return chart.Frame{ID: id, Title: title, Subtitle: sub, Source: r.Source, Width: chartWidth}
}

// course draws a run with its outages and events, and, where it was judged,
// with what was expected and where it alarmed.
func course(id, title, unit string, r *indicator.Run, j *judged, events []indicator.Event) chart.Chart {
	os := last(r)
	if r.Length == calendar.Quarterly {
		return line(chart.Trend{Frame: frame(id, title, r), Unit: unit, Length: r.Length, First: os[0].First, Values: values(os)}, r)
	}
	t := chart.Timeline{Frame: frame(id, title, r), Unit: unit, Length: r.Length, First: os[0].First, Values: values(os), Events: chartEvents(events)}
	if r.Length == calendar.Daily {
		t.Median = 7
	}
	if j == nil || j.Assessed == 0 {
		return t
	}
	t.Baseline = &chart.Baseline{Name: "Expected, up to the bound (0.5 % chance to exceed it)", Expected: missing(len(os)), Upper: missing(len(os))}
	for _, e := range j.evals {
		if i := e.Index - (len(r.Known) - len(os)); i >= 0 && e.Outcome != series.NotAssessed {
			t.Baseline.Expected[i], t.Baseline.Upper[i] = e.Expected, e.Upper
		}
	}
	for _, a := range j.Alarms {
		word := "above the bound"
		if a.Score != "" {
			word = "score " + a.Score
		}
		t.Alarms = append(t.Alarms, chart.Alarm{First: a.first, Word: word})
	}
	return t
}

func missing(n int) []float64 {
	vs := make([]float64, n)
	for i := range vs {
		vs[i] = math.NaN()
	}
	return vs
}

// line adds the straight line of least squares, with the interval of the mean
// at each period: slope and level are uncorrelated at the middle of the known
// periods, so their variances add up there.
func line(t chart.Trend, r *indicator.Run) chart.Chart {
	from := len(r.Known) - len(t.Values)
	fit, err := series.NewTrendModel(series.LinearTrend).Fit(&r.Series, from, len(r.Known))
	if err != nil {
		if errors.Is(err, series.ErrNotAssessed) {
			t.Note = "Too few figures for a line."
		}
		return t
	}
	mean, n := 0.0, 0.0
	for i, v := range r.Series.Counts[from:] {
		if !series.IsMissing(v) {
			mean, n = mean+float64(from+i), n+1
		}
	}
	mean /= n
	wide := 0.0 // quantile of the interval
	if fit.SE > 0 {
		wide = (fit.Slope.Upper - fit.Slope.Estimate) / fit.SE
	}
	for i := range t.Values {
		x := float64(from + i)
		half := wide * math.Sqrt(fit.Sigma*fit.Sigma/n+fit.SE*fit.SE*(x-mean)*(x-mean))
		y := fit.At(from + i)
		t.Fit, t.Lower, t.Upper = append(t.Fit, y), append(t.Lower, y-half), append(t.Upper, y+half)
	}
	t.Name = "linear trend, with 95 % interval"
	t.Words = fmt.Sprintf("%s %s a %s (95 %%: %s to %s)", signed(fit.Slope.Estimate), t.Unit, r.Length, signed(fit.Slope.Lower), signed(fit.Slope.Upper))
	return t
}

func signed(v float64) string {
	if v > 0 {
		return "+" + chart.Number(v)
	}
	return chart.Number(v)
}
