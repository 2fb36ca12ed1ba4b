package outlook

import (
	"math"
	"slices"

	"lapwing/series"
)

// conf is the confidence of all intervals.
const conf = 0.95

// againstYearBefore compares the window, period by period, with the year
// before: a pair counts where both sides have a value.
func (r *run) againstYearBefore() Change {
	var now, before []float64
	var places []int
	for i := max(r.from, 0); i < r.due; i++ {
		a, b := r.value(i), r.value(r.yearBefore(i))
		if !math.IsNaN(a) && !math.IsNaN(b) {
			now, before, places = append(now, a), append(before, b), append(places, i)
		}
	}
	c := r.compare(now, before, r.due-max(r.from, 0)-len(places))
	if n := len(places); n > 0 {
		c.From, c.To = r.obs[places[0]].First, r.length.Add(r.obs[places[n-1]].First, 1)-1
	}
	return c
}

// againstBefore compares the window with as many periods before it.
func (r *run) againstBefore() Change {
	n := r.due - max(r.from, 0)
	var now, before []float64
	left := 0
	for i := max(r.from, 0); i < r.due; i++ {
		for _, x := range []struct {
			to *[]float64
			v  float64
		}{{&now, r.value(i)}, {&before, r.value(i - n)}} {
			if math.IsNaN(x.v) {
				left++
				continue
			}
			*x.to = append(*x.to, x.v)
		}
	}
	c := unknown()
	c.NowPeriods, c.BeforePeriods, c.Left = len(now), len(before), left
	c.Now, c.Before = sum(now), sum(before)
	if len(now) < 3 || len(before) < 3 {
		return r.few(c)
	}
	s := &series.Series{Freq: max(1, r.length.PerYear()), Counts: append(slices.Clone(before), now...)}
	ratio, err := series.NewComparison(series.NegBinRatio).Periods(s, series.Span{From: len(before), To: len(s.Counts)}, series.Span{From: 0, To: len(before)})
	if err != nil {
		return r.few(c)
	}
	c.Method = "negative binomial model of the periods"
	c.fill(ratio.Ratio, ratio.P)
	return c
}

// compare is for pairs.
func (r *run) compare(now, before []float64, left int) Change {
	c := unknown()
	c.NowPeriods, c.BeforePeriods, c.Left = len(now), len(before), max(0, left)
	c.Now, c.Before = sum(now), sum(before)
	if len(now) == 0 {
		c.say("no-baseline", "There is no figure for the same periods of the year before.")
		return c
	}
	ratio, err := series.NewComparison(series.PairedRatio).Pairs(now, before)
	if err != nil {
		return r.few(c)
	}
	c.Method = "pairs of periods, quasi-Poisson"
	c.fill(ratio.Ratio, ratio.P)
	return c
}

// few compares sums of so few periods that their scatter has to be taken from
// the history: the median squared step from one period to the next, as a
// multiple of what independent events would show.
func (r *run) few(c Change) Change {
	switch {
	case c.NowPeriods == 0 || c.BeforePeriods == 0:
		c.say("no-baseline", "One side of the comparison has no figure.")
		return c
	case c.Now == 0 || c.Before == 0:
		if c.Now+c.Before == 0 {
			c.say("few-counts", "Nothing was counted on either side.")
			return c
		}
		c.say("few-counts", "Nothing was counted on one side, so that there is no ratio.")
		return c
	}
	phi, steps := r.scatter()
	if steps < 8 {
		c.say("short-history", "The history is too short to say how much the figures scatter.")
		return c
	}
	// Exposure is periods: the two sides may have different numbers of them.
	a, b := c.Now/float64(c.NowPeriods), c.Before/float64(c.BeforePeriods)
	se := math.Sqrt(phi * (1/c.Now + 1/c.Before))
	half := z * se
	c.Method = "sums, scatter from the history"
	c.fill(series.Interval{Estimate: a / b, Lower: a / b * math.Exp(-half), Upper: a / b * math.Exp(half)}, math.Erfc(math.Abs(math.Log(a/b))/se/math.Sqrt2))
	return c
}

const z = 1.959963984540054 // 97.5 % point of the normal distribution

// scatter is the variance of a period as a multiple of its mean, from the
// steps between neighbours before the window: (x-y)²/(x+y) is 1 on average for
// independent events, and its median 0.4549 (chi-squared with one degree of
// freedom); the median does not mind single surges.
func (r *run) scatter() (phi float64, steps int) {
	var d []float64
	for i := 1; i < min(r.from, len(r.obs)); i++ {
		x, y := r.value(i-1), r.value(i)
		if !math.IsNaN(x) && !math.IsNaN(y) && x+y > 0 {
			d = append(d, (x-y)*(x-y)/(x+y))
		}
	}
	if len(d) == 0 {
		return math.NaN(), 0
	}
	slices.Sort(d)
	return math.Max(1, d[len(d)/2]/0.4549), len(d)
}

// unknown is a change of which nothing can be said.
func unknown() Change {
	n := math.NaN()
	return Change{Ratio: n, Low: n, High: n, P: n, Conf: conf, Direction: NotAssessed}
}

func (c *Change) say(code, text string) { c.Reasons = append(c.Reasons, Reason{code, text}) }

func (c *Change) fill(i series.Interval, p float64) {
	c.Ratio, c.Low, c.High, c.P = i.Estimate, i.Lower, i.Upper, p
	c.Direction = directionOf(i.Lower, i.Upper, 1)
	if c.Now+c.Before < 20 {
		c.say("few-counts", "Fewer than 20 were counted on both sides together.")
	}
	if c.Left > 0 {
		c.say("gaps", plural(c.Left, "period is left out because one side has no figure.", "periods are left out because one side has no figure."))
	}
}

// directionOf says on which side of still an interval lies.
func directionOf(low, high, still float64) Direction {
	switch {
	case math.IsNaN(low) || math.IsNaN(high):
		return NotAssessed
	case low > still:
		return Rising
	case high < still:
		return Falling
	}
	return Flat
}

// trend is the growth a year over the last five years up to what is due.
func (r *run) trend() Trend {
	n := math.NaN()
	t := Trend{PercentPerYear: n, Low: n, High: n, P: n, Direction: NotAssessed}
	year := r.length.PerYear()
	from := max(0, r.due-5*year)
	known, _ := r.known(from, r.due)
	t.Periods = known
	if r.due-from < 2*year || known < year {
		t.Reasons = []Reason{{"short-history", "A trend wants two years of figures, at least half of them known."}}
		return t
	}
	m := series.NewTrendModel(series.QuasiPoissonTrend)
	m.Harmonics = 1
	if year >= 12 {
		m.Harmonics = 2
	}
	t.Method = "log-linear with season, quasi-Poisson"
	fit, err := m.Fit(r.asSeries(), from, r.due)
	if err != nil {
		t.Method = ""
		t.Reasons = []Reason{{"few-counts", "The figures are too few or too even for a trend with an interval."}}
		return t
	}
	t.PercentPerYear, t.Low, t.High, t.P = fit.PercentYear.Estimate, fit.PercentYear.Lower, fit.PercentYear.Upper, fit.P
	t.Direction = directionOf(t.Low, t.High, 0)
	if fit.ACF1 > 0.3 {
		t.Reasons = append(t.Reasons, Reason{"correlated", "Neighbouring periods are alike, so that the interval is narrower than it should be."})
	}
	return t
}

func sum(v []float64) (s float64) {
	for _, x := range v {
		s += x
	}
	return s
}
