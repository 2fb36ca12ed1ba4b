package series

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawFarringtonSeries is a series of a few years with all that the methods
// have to bear: season, trend, outbreaks, gaps, exposure, dates.
func drawFarringtonSeries(t *rapid.T, years, half int) *Series {
	freq := rapid.SampledFrom([]int{52, 52, 12, 4, 24}).Draw(t, "freq")
	n := years*freq + half + rapid.IntRange(3, 20).Draw(t, "extra")
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	s := &Series{Freq: freq, Start: [2]int{2015, 1}, Counts: make([]float64, n)}
	level := rapid.Float64Range(0.5, 6).Draw(t, "level")
	phi := rapid.Float64Range(1.05, 8).Draw(t, "phi")
	slope := rapid.Float64Range(-0.4, 0.4).Draw(t, "slope") / float64(freq)
	wave := rapid.Float64Range(0, 0.8).Draw(t, "wave")
	for i := range s.Counts {
		mu := math.Exp(level + slope*float64(i) + wave*math.Sin(2*math.Pi*float64(i)/float64(freq)))
		if r.Float64() < 0.03 {
			mu *= 4
		}
		s.Counts[i] = qnbinom(r.Float64(), mu/(phi-1), mu)
	}
	if rapid.Bool().Draw(t, "gaps") {
		for range 3 {
			for i := r.IntN(n); r.IntN(4) > 0 && i < n; i++ {
				s.Counts[i] = Missing
			}
		}
	}
	if rapid.Bool().Draw(t, "population") {
		s.Population = make([]float64, n)
		for i := range s.Population {
			s.Population[i] = 1000 * math.Exp(0.3*math.Sin(float64(i)/9)) * (1 + 0.2*r.Float64())
		}
	}
	if freq != 4 && freq != 24 && rapid.Bool().Draw(t, "dates") {
		s.Dates = plainFarringtonDates(time.Date(2015, 1, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*r.IntN(60)), freq, n)
	}
	return s
}

func TestFarringtonFlexibleAgainstPlain(t *testing.T) {
	t.Parallel()
	assessed := 0
	rapid.Check(t, func(t *rapid.T) {
		m := NewFarringtonFlexible()
		m.Years = rapid.IntRange(1, 5).Draw(t, "b")
		m.HalfWidth = rapid.IntRange(0, 1).Draw(t, "w")
		s := drawFarringtonSeries(t, m.Years, m.HalfWidth)
		if s.Freq > 12 {
			m.HalfWidth = rapid.IntRange(0, 4).Draw(t, "w of weeks")
		}
		m.Levels = rapid.IntRange(1, min(12, s.Freq-2*m.HalfWidth)).Draw(t, "noPeriods")
		m.SkipLast = rapid.SampledFrom([]int{0, 1, m.HalfWidth, s.Freq / 2}).Draw(t, "pastWeeksNotIncluded")
		m.Reweight = rapid.Bool().Draw(t, "reweight")
		m.WeightsThreshold = rapid.SampledFrom([]float64{1, 2.58}).Draw(t, "weightsThreshold")
		m.PThresholdTrend = rapid.SampledFrom([]float64{1, 0.05, 0.5}).Draw(t, "pThresholdTrend")
		m.Trend = rapid.Bool().Draw(t, "trend")
		m.Alpha = rapid.SampledFrom([]float64{0.005, 0.05}).Draw(t, "alpha")
		m.Limit54 = [2]int{0, 1}
		m.PopulationOffset = len(s.Population) > 0
		m.ThresholdMethod = rapid.SampledFrom([]string{"nbPlugin", "muan", "delta"}).Draw(t, "thresholdMethod")
		m.PowerTrans = rapid.SampledFrom([]string{"2/3", "1/2", "none"}).Draw(t, "powertrans")
		last := s.Len() - 1
		got, err := m.Explain(s, last-1, last+1)
		if err != nil {
			t.Fatal(err)
		}
		for k, r := range got {
			at := last - 1 + k
			labels := plainFarringtonLabels(s, at, m.Years, m.HalfWidth, m.Levels, m.SkipLast)
			want := plainFarringtonModel(s, at, labels, m.Levels-1, m.PopulationOffset, m.Trend, m.Reweight, m.Years, m.WeightsThreshold, m.PThresholdTrend)
			if !want.ok && !want.runaway && r.Outcome != NotAssessed {
				t.Fatalf("period %d: %+v, plainly there is no model", at, r)
			}
			if !want.ok || want.runaway || IsMissing(s.Counts[at]) || r.Note == noteAllZero {
				continue
			}
			compareFarrington(t, at, r, want)
			z := qnorm(1 - m.Alpha)
			var upper float64
			switch m.ThresholdMethod {
			case "nbPlugin":
				upper = plainFarringtonQuantile(1-m.Alpha, want.mean, want.phi)
			case "muan":
				upper = plainFarringtonQuantile(1-m.Alpha, math.Exp(math.Log(want.mean)+z*want.se), want.phi)
			case "delta":
				upper = plainFarringtonPower(m.PowerTrans, want, z)
			}
			if e := relOff(r.Upper, upper); !(e < 1e-8) {
				t.Fatalf("period %d: bound %v, plainly %v", at, r.Upper, upper)
			}
			if (r.Outcome == Alarm) != (r.Observed > upper) || r.Outcome == NotAssessed {
				t.Fatalf("period %d: %v of %v above %v", at, r.Outcome, r.Observed, upper)
			}
			assessed++
		}
	})
	if assessed < 50 {
		t.Errorf("only %d periods were compared", assessed)
	}
}

func TestFarringtonAgainstPlain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := NewFarrington()
		m.Years = rapid.IntRange(2, 5).Draw(t, "b")
		m.HalfWidth = 1
		s := drawFarringtonSeries(t, m.Years, m.HalfWidth)
		s.Population = nil
		if s.Freq > 12 {
			m.HalfWidth = rapid.IntRange(1, 4).Draw(t, "w of weeks")
		}
		m.Reweight = rapid.Bool().Draw(t, "reweight")
		m.Trend = rapid.Bool().Draw(t, "trend")
		m.Limit54 = [2]int{0, 1}
		m.PowerTrans = rapid.SampledFrom([]string{"2/3", "1/2", "none"}).Draw(t, "powertrans")
		at := s.Len() - 1
		got, err := m.Explain(s, at, at+1)
		if err != nil {
			t.Fatal(err)
		}
		labels := plainFarringtonLabels(s, at, m.Years, m.HalfWidth, 1, m.HalfWidth)
		want := plainFarringtonModelAt(s, at, labels, 0, false, m.Trend, m.Reweight, m.Years, 1, 0.05, func(k int) float64 { return float64(k) })
		r := got[0]
		if !want.ok || want.runaway || IsMissing(s.Counts[at]) || r.Note == noteAllZero {
			return
		}
		compareFarrington(t, at, r, want)
		if upper := plainFarringtonPower(m.PowerTrans, want, qnorm(1-m.Alpha/2)); relOff(r.Upper, upper) > 1e-8 {
			t.Fatalf("bound %v, plainly %v", r.Upper, upper)
		}
	})
}

func compareFarrington(t *rapid.T, at int, got FarringtonReason, want plainFarringtonReason) {
	t.Helper()
	if got.Trend != want.trend {
		t.Fatalf("period %d: trend %v, plainly %v (p %v)", at, got.Trend, want.trend, want.p)
	}
	for _, c := range []struct {
		what      string
		got, want float64
		limit     float64
	}{
		{"mean", got.Mean, want.mean, 1e-8},
		{"standard error", got.SE, want.se, 1e-8},
		{"dispersion", got.Phi, want.phi, 1e-8},
		{"slope", got.Slope, want.slope, 1e-6},
		{"p-value", got.SlopeP, want.p, 1e-5},
	} {
		if math.IsNaN(c.got) != math.IsNaN(c.want) || off(c.got, c.want) > c.limit {
			t.Fatalf("period %d: %s %v, plainly %v", at, c.what, c.got, c.want)
		}
	}
}

// plainFarringtonQuantile adds up probabilities of the negative binomial of variance
// phi·mu from their definition.
func plainFarringtonQuantile(p, mu, phi float64) float64 {
	size, sum := mu/(phi-1), 0.0
	for k := 0.0; ; k++ {
		if phi > 1 {
			a, _ := math.Lgamma(size + k)
			b, _ := math.Lgamma(size)
			c, _ := math.Lgamma(k + 1)
			sum += math.Exp(a - b - c - size*math.Log(phi) + k*math.Log(1-1/phi))
		} else {
			c, _ := math.Lgamma(k + 1)
			sum += math.Exp(k*math.Log(mu) - mu - c)
		}
		if sum >= p {
			return k
		}
	}
}

func plainFarringtonPower(powertrans string, r plainFarringtonReason, z float64) float64 {
	tau := r.phi + math.Pow(r.se*r.mean, 2)/r.mean
	switch powertrans {
	case "none":
		return r.mean + z*math.Sqrt(r.mean*tau)
	case "1/2":
		return math.Pow(math.Sqrt(r.mean)+z*math.Sqrt(tau/4), 2)
	}
	return math.Pow(math.Pow(r.mean, 2./3)+z*math.Sqrt(4./9*math.Cbrt(r.mean)*tau), 1.5)
}

// Which counts a period rests on: every other one may change without effect.
func TestFarringtonReference(t *testing.T) {
	t.Parallel()
	base := make([]float64, 320)
	for i := range base {
		base[i] = 20 + 5*math.Sin(float64(i)) + float64(i%7)
	}
	const at = 300
	in := func(ranges ...[2]int) map[int]bool {
		set := map[int]bool{}
		for _, r := range ranges {
			for i := r[0]; i <= r[1]; i++ {
				set[i] = true
			}
		}
		return set
	}
	windows := in([2]int{at - 260 - 3, at - 260 + 3}, [2]int{at - 208 - 3, at - 208 + 3}, [2]int{at - 156 - 3, at - 156 + 3},
		[2]int{at - 104 - 3, at - 104 + 3}, [2]int{at - 52 - 3, at - 52 + 3})
	near := in([2]int{at - 3, at - 2})
	for i := range windows {
		near[i] = true
	}
	flexible := NewFarringtonFlexible()
	flexible.Trend = true
	narrow := flexible
	narrow.Levels, narrow.SkipLast = 1, 3
	nearer := narrow
	nearer.SkipLast = 1
	byDefault := narrow
	byDefault.SkipLast = -1
	for _, c := range []struct {
		name    string
		explain func(s *Series) ([]FarringtonReason, error)
		want    map[int]bool
	}{
		{"flexible", func(s *Series) ([]FarringtonReason, error) { return flexible.Explain(s, at, at+1) }, in([2]int{at - 263, at - 27})},
		{"windows only", func(s *Series) ([]FarringtonReason, error) { return narrow.Explain(s, at, at+1) }, windows},
		{"as many left out as the window is wide", func(s *Series) ([]FarringtonReason, error) { return byDefault.Explain(s, at, at+1) }, windows},
		{"up to the week before last", func(s *Series) ([]FarringtonReason, error) { return nearer.Explain(s, at, at+1) }, near},
		{"original", func(s *Series) ([]FarringtonReason, error) { return NewFarrington().Explain(s, at, at+1) }, windows},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &Series{Counts: append([]float64{}, base...), Freq: 52, Start: [2]int{2015, 1}}
			before, err := c.explain(s)
			if err != nil {
				t.Fatal(err)
			}
			for i := range base {
				if i == at {
					continue
				}
				s.Counts[i] += 4
				after, err := c.explain(s)
				if err != nil {
					t.Fatal(err)
				}
				s.Counts[i] = base[i]
				if changed := after[0].Mean != before[0].Mean || after[0].Phi != before[0].Phi; changed != c.want[i] {
					t.Errorf("the count %d periods before: changes the prediction %v, want %v", at-i, changed, c.want[i])
				}
			}
			if got, want := before[0].Reference, len(c.want); got != want {
				t.Errorf("%d reference values, want %d", got, want)
			}
		})
	}
}

// A year of 12 periods with w = 1 and 5 levels leaves 9 between the windows:
// blocks of 3, 2, 2, 2.
func TestFarringtonSeasons(t *testing.T) {
	t.Parallel()
	s := &Series{Counts: make([]float64, 40), Freq: 12, Start: [2]int{2015, 1}}
	c, err := newFarringtonCalendar(s)
	if err != nil {
		t.Fatal(err)
	}
	runs, note := c.seasons(nil, 30, 2, 1, 5, 30-4)
	want := []farringtonRun{
		{5, 8, 4}, {8, 11, 0}, {11, 13, 1}, {13, 15, 2}, {15, 17, 3},
		{17, 20, 4}, {20, 23, 0}, {23, 25, 1}, {25, 26, 2},
	}
	if note != "" || !reflect.DeepEqual(runs, want) {
		t.Errorf("seasons are %v (%s), want %v", runs, note, want)
	}
	if _, note := c.seasons(nil, 23, 2, 1, 5, 20); note != noteShort {
		t.Errorf("the same period two years before period 23 is not in the series, the note is %q", note)
	}
}

// Dates: the same date of earlier years, and of weeks the nearest week. 2020
// had 53 weeks, so going back by 52 misses by one.
func TestFarringtonDates(t *testing.T) {
	t.Parallel()
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		freq              int
		first, now, want2 string // two years before
	}{
		{52, "2017-01-02", "2021-03-01", "2019-03-04"}, // Monday nearest Friday, 1 March 2019
		{52, "2017-01-02", "2020-12-28", "2018-12-31"}, // nearest Friday, 28 December 2018
		{52, "2017-01-02", "2021-06-14", "2019-06-17"}, // nearest Friday
		{52, "2017-01-01", "2020-01-05", "2018-01-07"}, // weeks from Sunday
		{12, "2017-01-01", "2021-03-01", "2019-03-01"},
		{4, "2017-01-01", "2021-07-01", "2019-07-01"},
		{365, "2017-01-01", "2020-02-29", "2018-03-01"},
		{365, "2017-01-01", "2021-02-28", "2019-02-28"},
	} {
		s := &Series{Counts: make([]float64, 2000), Freq: c.freq, Start: [2]int{2017, 1}}
		if c.freq == 4 {
			for i := range s.Counts {
				s.Dates = append(s.Dates, time.Date(2017, time.Month(1+3*i), 1, 0, 0, 0, 0, time.UTC))
			}
		} else {
			s.Dates = plainFarringtonDates(day(c.first), c.freq, 2000)
		}
		cal, err := newFarringtonCalendar(s)
		if err != nil {
			t.Fatal(err)
		}
		k := -1
		for i, d := range s.Dates {
			if d.Equal(day(c.now)) {
				k = i
			}
		}
		if k < 0 {
			t.Fatalf("%s is not a date of the series", c.now)
		}
		got, ok := cal.same(k, 2)
		if !ok || got < 0 || !s.Dates[got].Equal(day(c.want2)) {
			t.Errorf("freq %d: two years before %s is period %d (%v), want %s", c.freq, c.now, got, ok, c.want2)
		}
	}
	s := &Series{Counts: make([]float64, 3), Freq: 52, Dates: []time.Time{day("2020-01-06"), day("2020-01-06"), day("2020-01-20")}}
	if _, err := NewFarringtonFlexible().Detect(s, 0, 3); err == nil {
		t.Error("dates that stand still are taken")
	}
}

// With dates, and the first reference values missing, the package misdates its
// prediction by as many weeks.
func TestFarringtonTimeOrigin(t *testing.T) {
	t.Parallel()
	s := farringtonExample(320)
	s.Dates = plainFarringtonDates(time.Date(2016, 1, 4, 0, 0, 0, 0, time.UTC), 52, s.Len())
	m := NewFarringtonFlexible()
	labels := plainFarringtonLabels(s, 300, m.Years, m.HalfWidth, m.Levels, m.SkipLast)
	first := slices.Index(labels, m.Levels-1)
	for i := range 8 {
		s.Counts[first+i] = Missing
	}
	want := plainFarringtonModel(s, 300, labels, m.Levels-1, false, true, true, 5, m.WeightsThreshold, 1)
	if !want.trend || math.Abs(want.slope) < 1e-4 {
		t.Fatalf("trend %v, slope %v: not what this test needs", want.trend, want.slope)
	}
	for _, c := range []struct {
		compat string
		mean   float64
	}{
		{"", want.mean},
		{"r", want.mean * math.Exp(-8*want.slope)},
	} {
		m.Compat = c.compat
		r, err := m.Explain(s, 300, 301)
		if err != nil {
			t.Fatal(err)
		}
		if r[0].Missing != 8 || relOff(r[0].Mean, c.mean) > 1e-9 {
			t.Errorf("compat %q: mean %v with %d missing, want %v with 8", c.compat, r[0].Mean, r[0].Missing, c.mean)
		}
	}
	// Without dates the package has no such fault.
	s.Dates = nil
	var means []float64
	for _, compat := range []string{"", "r"} {
		m.Compat = compat
		r, err := m.Explain(s, 300, 301)
		if err != nil {
			t.Fatal(err)
		}
		means = append(means, r[0].Mean)
	}
	if means[0] != means[1] {
		t.Errorf("without dates: mean %v, as the package %v", means[0], means[1])
	}
}

// The package overwrites the working weights, so that its standard errors are
// too small: by about the square root of the mean.
func TestFarringtonStandardErrors(t *testing.T) {
	t.Parallel()
	s := farringtonExample(320)
	m := NewFarringtonFlexible()
	m.ThresholdMethod = "muan"
	right, err := m.Explain(s, 300, 320)
	if err != nil {
		t.Fatal(err)
	}
	m.Compat = "r"
	package_, err := m.Explain(s, 300, 320)
	if err != nil {
		t.Fatal(err)
	}
	higher := 0
	for i := range right {
		if ratio := right[i].SE / package_[i].SE; !(ratio > 2 && ratio < 8) {
			t.Errorf("period %d: standard errors %v and %v", 301+i, right[i].SE, package_[i].SE)
		}
		if right[i].Mean != package_[i].Mean || right[i].Phi != package_[i].Phi {
			t.Errorf("period %d: the means or dispersions differ", 301+i)
		}
		if right[i].Upper > package_[i].Upper {
			higher++
		}
	}
	if higher < 15 {
		t.Errorf("only %d of 20 bounds of muan are above the package's", higher)
	}
}

// farringtonExample is a calm invented series of weeks with a rise and a season.
func farringtonExample(n int) *Series {
	r := rand.New(rand.NewPCG(4, 2))
	s := &Series{Freq: 52, Start: [2]int{2016, 1}, Counts: make([]float64, n)}
	for i := range s.Counts {
		mu := math.Exp(2.5 + 0.002*float64(i) + 0.3*math.Sin(2*math.Pi*float64(i)/52))
		s.Counts[i] = qnbinom(r.Float64(), mu/0.8, mu)
	}
	return s
}

// Constant counts of ten: the mean is ten and the bound the 0.995 quantile of a
// Poisson count, 19 (P(X > 18) = 0.0072, P(X > 19) = 0.0035).
func TestFarringtonOfConstantCounts(t *testing.T) {
	t.Parallel()
	s := &Series{Freq: 52, Start: [2]int{2016, 1}, Counts: make([]float64, 330)}
	for i := range s.Counts {
		s.Counts[i] = 10
	}
	s.Counts[328], s.Counts[329] = 19, 20
	out, err := NewFarringtonFlexible().Detect(s, 263, 330)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range out {
		want := Quiet
		if e.Index == 329 {
			want = Alarm
		}
		if off(e.Expected, 10) > 1e-8 || e.Upper != 19 || e.Outcome != want || e.Note != "" {
			t.Errorf("%+v, want an expected 10, a bound of 19 and %v", e, want)
		}
	}
	for _, trend := range []bool{true, false} {
		m := NewFarrington()
		m.Trend = trend
		out, err = m.Detect(s, 263, 330)
		if err != nil {
			t.Fatal(err)
		}
		// 35 values of mean 10 and dispersion 1: the squared standard error is 10/35.
		upper := math.Pow(math.Pow(10, 2./3)+qnorm(0.995)*math.Sqrt(4./9*math.Cbrt(10)*(1+1./35)), 1.5)
		for _, e := range out {
			if off(e.Expected, 10) > 1e-8 || off(e.Upper, upper) > 1e-8 {
				t.Errorf("%+v, want an expected 10 and a bound of %v", e, upper)
			}
		}
	}
}

// Without trend and weights the prediction is the mean of the windows, and the
// dispersion is Pearson's.
func TestFarringtonByHand(t *testing.T) {
	t.Parallel()
	m := NewFarringtonFlexible()
	m.Years, m.HalfWidth, m.Levels, m.SkipLast = 3, 0, 4, 0
	m.Trend, m.Reweight = false, false
	// Quarters of three years, and the quarter in question.
	s := &Series{Freq: 4, Start: [2]int{2020, 1}, Counts: []float64{10, 40, 22, 31, 14, 44, 18, 27, 12, 60, 20, 32, 13}}
	r, err := m.Explain(s, 12, 13)
	if err != nil {
		t.Fatal(err)
	}
	// Means 12, 48, 20 and 30; squares of what is left over them:
	// (4+4+0)/12 + (64+16+144)/48 + (4+4+0)/20 + (1+9+4)/30 = 6.2, over 12-4.
	if got := r[0]; off(got.Mean, 12) > 1e-9 || relOff(got.Phi, 1) > 1e-9 || relOff(got.SE, math.Sqrt(1./36)) > 1e-3 {
		t.Errorf("mean %v, dispersion %v, standard error %v; want 12, 1 and 1/6", got.Mean, got.Phi, got.SE)
	}
	s.Counts[9], s.Counts[1] = 90, 10 // the mean stays 48, and (38²+4²+42²)/48 = 67.17 gives (68.7)/8
	if r, err = m.Explain(s, 12, 13); err != nil {
		t.Fatal(err)
	}
	if want := (8./12 + (38.*38+4*4+42*42)/48 + 8./20 + 14./30) / 8; relOff(r[0].Phi, want) > 5e-3 {
		t.Errorf("dispersion %v, want %v but for its weights, one step old", r[0].Phi, want)
	}
}

func TestFarringtonLimit54(t *testing.T) {
	t.Parallel()
	build := func(last ...float64) *Series {
		s := &Series{Freq: 52, Start: [2]int{2016, 1}, Counts: make([]float64, 300)}
		for i := range s.Counts {
			s.Counts[i] = float64(i % 3)
		}
		copy(s.Counts[len(s.Counts)-len(last):], last)
		return s
	}
	na := Missing
	for _, c := range []struct {
		name    string
		last    []float64
		partly  bool
		cases   int
		outcome Outcome
		note    string
		bound   bool
	}{
		{"five in four weeks", []float64{0, 2, 1, 1, 1}, false, 5, Quiet, "", true},
		{"five in five weeks", []float64{1, 2, 1, 0, 1}, false, 5, Quiet, noteFewCases, false},
		{"many, just now", []float64{0, 0, 0, 30}, false, 5, Alarm, "", true},
		{"four just now", []float64{0, 0, 0, 4}, false, 5, Quiet, noteFewCases, false},
		{"the rule is off", []float64{0, 0, 0, 0}, false, 0, Quiet, "", true},
		{"none, and the rule is off", []float64{0, na, 0, 30}, false, 0, Alarm, "", true},
		{"the count is missing", []float64{9, 9, 9, na}, true, 5, NotAssessed, noteCount, false},
		{"a count before is missing", []float64{na, 9, 9, 30}, false, 5, NotAssessed, noteLast, false},
		{"one four weeks before is missing", []float64{na, 9, 9, 9, 30}, false, 5, Alarm, "", true},
		{"enough all the same", []float64{na, 9, 9, 30}, true, 5, Alarm, "", true},
		{"not known to be enough", []float64{na, 1, 1, 2}, true, 5, NotAssessed, noteLast, false},
	} {
		s := build(c.last...)
		flexible, original := NewFarringtonFlexible(), NewFarrington()
		flexible.AssessPartly, flexible.Limit54 = c.partly, [2]int{c.cases, 4}
		original.AssessPartly, original.Limit54 = c.partly, [2]int{c.cases, 4}
		for _, d := range []Detector{flexible, original} {
			out, err := d.Detect(s, 299, 300)
			if err != nil {
				t.Fatal(err)
			}
			e := out[0]
			if e.Outcome != c.outcome || e.Note != c.note || math.IsNaN(e.Upper) == c.bound {
				t.Errorf("%s, %T: %v, bound %v, %q; want %v, a bound %v, %q", c.name, d, e.Outcome, e.Upper, e.Note, c.outcome, c.bound, c.note)
			}
		}
		if c.note == noteLast || c.note == noteCount {
			flexible.Compat = "r"
			if out, err := flexible.Detect(s, 299, 300); err != nil || out[0].Outcome != Quiet || !math.IsNaN(out[0].Upper) {
				t.Errorf("%s, as the package: %+v (%v), want no bound and no alarm", c.name, out[0], err)
			}
		}
	}
	s := build(0, 0, 0, 4)
	m := NewFarrington()
	m.Compat = "r"
	if out, err := m.Detect(s, 299, 300); err != nil || out[0].Upper != 0 || out[0].Outcome != Quiet {
		t.Errorf("the original as the package: %+v (%v), want a bound of 0 and no alarm", out[0], err)
	}
}

// No cases in any reference week is no ground for a bound; no cases in those of
// one season is, and said.
func TestFarringtonAllZero(t *testing.T) {
	t.Parallel()
	s := &Series{Freq: 52, Start: [2]int{2016, 1}, Counts: make([]float64, 300)}
	s.Counts[299] = 9
	for _, method := range []string{"nbPlugin", "muan", "delta"} {
		m := NewFarringtonFlexible()
		m.ThresholdMethod = method
		for _, d := range []Detector{m, NewFarrington()} {
			out, err := d.Detect(s, 299, 300)
			if err != nil || out[0].Outcome != NotAssessed || out[0].Note != noteAllZero || !math.IsNaN(out[0].Upper) {
				t.Errorf("%s %T: %+v (%v), want not assessed", method, d, out[0], err)
			}
		}
	}
	for year := range 5 {
		for i := range 10 {
			s.Counts[20+52*year+i+20] = 3 // weeks far from the 39th before and after
		}
	}
	out, err := NewFarringtonFlexible().Detect(s, 285, 286)
	if err != nil {
		t.Fatal(err)
	}
	s.Counts[285] = 9
	if out, err = NewFarringtonFlexible().Detect(s, 285, 286); err != nil || out[0].Outcome != Alarm || out[0].Upper != 0 || out[0].Note != noteSeasonZero {
		t.Errorf("%+v (%v), want an alarm above 0 that says that the season had none", out[0], err)
	}
	s.Counts[285+0] = Missing
	for i := range s.Counts {
		if i < 285 {
			s.Counts[i] = Missing
		}
	}
	s.Counts[285] = 9
	if out, err = NewFarringtonFlexible().Detect(s, 285, 286); err != nil || out[0].Outcome != NotAssessed {
		t.Errorf("with every reference value missing: %+v (%v)", out[0], err)
	}
}

// The exposure counts only in proportion, and a week of no known exposure like
// one of no known count.
func TestFarringtonExposure(t *testing.T) {
	t.Parallel()
	s := farringtonExample(320)
	m := NewFarringtonFlexible()
	m.ThresholdMethod = "delta"
	at := func(offset bool) FarringtonReason {
		m.PopulationOffset = offset
		r, err := m.Explain(s, 310, 311)
		if err != nil {
			t.Fatal(err)
		}
		return r[0]
	}
	plain := at(false)
	s.Population = make([]float64, 320)
	for i := range s.Population {
		s.Population[i] = 12345
	}
	if got := at(true); off(got.Upper, plain.Upper) > 1e-9 || off(got.Mean, plain.Mean) > 1e-9 {
		t.Errorf("the same exposure everywhere: bound %v, without %v", got.Upper, plain.Upper)
	}
	s.Population[310] /= 2
	if got := at(true); off(got.Mean, plain.Mean/2) > 1e-9 {
		t.Errorf("half the exposure: mean %v, want half of %v", got.Mean, plain.Mean)
	}
	s.Population[310] *= 2
	for i, p := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		s.Population[100+i] = p
	}
	got := at(true)
	for i := range 4 {
		s.Population[100+i] = 12345
		s.Counts[100+i] = Missing
	}
	if want := at(true); got.Missing != 4 || off(got.Upper, want.Upper) > 1e-12 {
		t.Errorf("unknown exposure: bound %v with %d missing, want %v with 4", got.Upper, got.Missing, want.Upper)
	}
	s.Population[310] = 0
	if got := at(true); got.Outcome != NotAssessed || got.Note != noteNoExposure {
		t.Errorf("a period without exposure: %+v", got.Evaluation)
	}
	s.Population = nil
	if _, err := m.Detect(s, 310, 311); err == nil {
		t.Error("an offset without a population is taken")
	}
}

// What lies left out, or ahead, has no effect; the order of calls neither.
func TestFarringtonLooksBackOnly(t *testing.T) {
	t.Parallel()
	s := farringtonExample(400)
	for _, d := range []Detector{NewFarringtonFlexible(), NewFarrington()} {
		all, err := d.Detect(s, 0, 400)
		if err != nil {
			t.Fatal(err)
		}
		cut := &Series{Counts: append([]float64{}, s.Counts[:350]...), Freq: 52, Start: s.Start}
		one, err := d.Detect(cut, 349, 350)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := fmt.Sprint(all[349]), fmt.Sprint(one[0]); a != b {
			t.Errorf("%T: %s among all, %s alone", d, a, b)
		}
	}
}

func TestFarringtonRefuses(t *testing.T) {
	t.Parallel()
	s := farringtonExample(320)
	for name, change := range map[string]func(m *FarringtonFlexible){
		"no years":                   func(m *FarringtonFlexible) { m.Years = 0 },
		"endless years":              func(m *FarringtonFlexible) { m.Years = math.MaxInt },
		"a negative window":          func(m *FarringtonFlexible) { m.HalfWidth = -1 },
		"windows that overlap":       func(m *FarringtonFlexible) { m.HalfWidth = 26 },
		"an endless window":          func(m *FarringtonFlexible) { m.HalfWidth = math.MaxInt },
		"no levels":                  func(m *FarringtonFlexible) { m.Levels = 0 },
		"more levels than periods":   func(m *FarringtonFlexible) { m.Levels = 47 },
		"endless levels":             func(m *FarringtonFlexible) { m.Levels = math.MaxInt },
		"alpha of 0":                 func(m *FarringtonFlexible) { m.Alpha = 0 },
		"alpha of 1":                 func(m *FarringtonFlexible) { m.Alpha = 1 },
		"alpha that is no number":    func(m *FarringtonFlexible) { m.Alpha = math.NaN() },
		"a negative threshold":       func(m *FarringtonFlexible) { m.WeightsThreshold = -1 },
		"a p-value below 0":          func(m *FarringtonFlexible) { m.PThresholdTrend = -1 },
		"a limit over no periods":    func(m *FarringtonFlexible) { m.Limit54 = [2]int{5, 0} },
		"a negative limit":           func(m *FarringtonFlexible) { m.Limit54 = [2]int{-5, 4} },
		"an unknown method":          func(m *FarringtonFlexible) { m.ThresholdMethod = "nb" },
		"an unknown power":           func(m *FarringtonFlexible) { m.PowerTrans = "3/4" },
		"unknown company":            func(m *FarringtonFlexible) { m.Compat = "s" },
		"exposure that is not there": func(m *FarringtonFlexible) { m.PopulationOffset = true },
	} {
		m := NewFarringtonFlexible()
		change(&m)
		if out, err := m.Detect(s, 300, 320); err == nil || out != nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := NewFarrington().Detect(s, 300, 321); err == nil {
		t.Error("a range beyond the series is taken")
	}
	m := NewFarringtonFlexible()
	m.Levels = 46 // 45 weeks between the windows of seven: one level each
	if _, err := m.Detect(s, 300, 320); err != nil {
		t.Errorf("46 levels: %v", err)
	}
	m.SkipLast, m.Limit54[1] = math.MaxInt, math.MaxInt
	if _, err := m.Detect(s, 300, 320); err != nil {
		t.Error(err)
	}
}

// Parameters read from JSON fall on the defaults.
func TestFarringtonParameters(t *testing.T) {
	t.Parallel()
	m := NewFarringtonFlexible()
	if err := json.Unmarshal([]byte(`{"b":4,"w":2,"noPeriods":7,"alpha":0.01,"limit54":[3,2],"thresholdMethod":"muan"}`), &m); err != nil {
		t.Fatal(err)
	}
	want := NewFarringtonFlexible()
	want.Years, want.HalfWidth, want.Levels, want.Alpha, want.Limit54, want.ThresholdMethod = 4, 2, 7, 0.01, [2]int{3, 2}, "muan"
	if m != want {
		t.Errorf("got %+v, want %+v", m, want)
	}
}

// Any series is answered: no panic, no bound that is no number, no count of
// outcomes amiss, and nothing endless.
func TestFarringtonOfAnything(t *testing.T) {
	t.Parallel()
	values := []float64{0, 0, 0, 1, 2, 7, 50, 1e6, 1e9, 1e15, 1e100, 1e300, math.MaxFloat64, 5e-324, 0.3, math.NaN()}
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.SliceOfN(rapid.SampledFrom(values), 1, 4).Draw(t, "values")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		n := rapid.SampledFrom([]int{0, 1, 5, 60, 150, 330}).Draw(t, "n")
		s := &Series{Freq: rapid.SampledFrom([]int{1, 4, 12, 52, 365, math.MaxInt}).Draw(t, "freq"), Counts: make([]float64, n)}
		for i := range s.Counts {
			s.Counts[i] = few[r.IntN(len(few))]
		}
		m := NewFarringtonFlexible()
		m.Years, m.HalfWidth = rapid.IntRange(1, 5).Draw(t, "b"), rapid.IntRange(0, 3).Draw(t, "w")
		m.Levels = rapid.IntRange(1, 10).Draw(t, "noPeriods")
		m.SkipLast = rapid.IntRange(-1, 60).Draw(t, "skip")
		m.PThresholdTrend = rapid.SampledFrom([]float64{0.05, 1}).Draw(t, "pThresholdTrend")
		m.ThresholdMethod = rapid.SampledFrom([]string{"nbPlugin", "muan", "delta"}).Draw(t, "thresholdMethod")
		m.Compat = rapid.SampledFrom([]string{"", "r"}).Draw(t, "compat")
		m.AssessPartly = rapid.Bool().Draw(t, "partly")
		m.Limit54[0] = rapid.SampledFrom([]int{0, 5}).Draw(t, "limit54")
		if rapid.Bool().Draw(t, "offset") && n > 0 {
			m.PopulationOffset = true
			s.Population = make([]float64, n)
			for i := range s.Population {
				s.Population[i] = few[r.IntN(len(few))]
			}
		}
		if rapid.Bool().Draw(t, "dates") {
			s.Dates = plainFarringtonDates(time.Date(2016, 2, 29, 0, 0, 0, 0, time.UTC), s.Freq, n)
		}
		original := NewFarrington()
		original.Years, original.HalfWidth, original.AssessPartly = m.Years, m.HalfWidth, m.AssessPartly
		start := time.Now()
		for _, d := range []Detector{m, original} {
			out, err := d.Detect(s, 0, n)
			if err != nil {
				continue // the parameters do not suit the year
			}
			if len(out) != n {
				t.Fatalf("%d evaluations of %d periods", len(out), n)
			}
			for i, e := range out {
				switch {
				case e.Index != i, math.IsInf(e.Upper, 0), math.IsInf(e.Expected, 0):
					t.Fatalf("%T: %+v", d, e)
				case e.Outcome == NotAssessed && (e.Note == "" || !math.IsNaN(e.Upper)):
					t.Fatalf("%T: %+v has no reason, or a bound", d, e)
				case e.Outcome == Alarm && !(e.Observed > e.Upper) && m.Compat == "":
					t.Fatalf("%T: %+v", d, e)
				}
			}
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Fatalf("took %v", took)
		}
	})
}

// A period more costs no memory but its evaluation.
func TestFarringtonAllocatesOnce(t *testing.T) {
	s := farringtonExample(400)
	for _, d := range []Detector{NewFarringtonFlexible(), NewFarrington()} {
		allocs := func(periods int) float64 {
			return testing.AllocsPerRun(5, func() {
				if _, err := d.Detect(s, 300, 300+periods); err != nil {
					t.Fatal(err)
				}
			})
		}
		if one, many := allocs(1), allocs(100); many > one {
			t.Errorf("%T: %v allocations for one period, %v for a hundred", d, one, many)
		}
	}
}
