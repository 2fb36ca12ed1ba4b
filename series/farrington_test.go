package series

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

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

// The package scores a count against the logarithm of its mean. One outbreak in
// a quiet past, not weighed down, gives a bound of 0 below that logarithm, and
// by the package's score no count is ever above it.
func TestFarringtonScore(t *testing.T) {
	t.Parallel()
	s := &Series{Freq: 52, Start: [2]int{2016, 1}, Counts: make([]float64, 300)}
	s.Counts[299-104], s.Counts[299] = 500, 5
	m := NewFarringtonFlexible()
	m.Levels, m.SkipLast, m.Trend, m.Reweight, m.Alpha = 1, 3, false, false, 0.2
	for compat, want := range map[string]Outcome{"": Alarm, "r": Quiet} {
		m.Compat = compat
		out, err := m.Detect(s, 299, 300)
		if err != nil {
			t.Fatal(err)
		}
		if e := out[0]; off(e.Expected, 500./35) > 1e-9 || e.Upper != 0 || e.Outcome != want {
			t.Errorf("compat %q: %+v, want a bound of 0 below an expected %v and %v", compat, e, 500./35, want)
		}
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

// Before five years have passed the flexible method does not answer; the
// original one does as soon as there is something to go by, and says so.
func TestFarringtonOfYoungSeries(t *testing.T) {
	t.Parallel()
	s := farringtonExample(300)
	for _, c := range []struct {
		method Detector
		at     int
		note   string
	}{
		{NewFarringtonFlexible(), 0, noteShort},
		{NewFarringtonFlexible(), 259, noteShort},
		{NewFarringtonFlexible(), 260, noteYoung},
		{NewFarringtonFlexible(), 262, noteYoung},
		{NewFarringtonFlexible(), 263, ""},
		{NewFarrington(), 0, noteShort},
		{NewFarrington(), 48, noteShort},
		{NewFarrington(), 49, noteFewValues}, // one value
		{NewFarrington(), 52, noteYoung},
		{NewFarrington(), 262, noteYoung},
		{NewFarrington(), 263, ""},
	} {
		out, err := c.method.Detect(s, c.at, c.at+1)
		if err != nil {
			t.Fatal(err)
		}
		assessed := c.note == "" || c.note == noteYoung
		if e := out[0]; e.Note != c.note || (e.Outcome != NotAssessed) != assessed {
			t.Errorf("%T, period %d: %+v, want the note %q", c.method, c.at, e, c.note)
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
		original.AssessPartly, original.Limit54, original.Compat = c.partly, [2]int{c.cases, 4}, ""
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
	s.Counts[285] = 9
	out, err := NewFarringtonFlexible().Detect(s, 285, 286)
	if err != nil || out[0].Outcome != Alarm || out[0].Upper != 0 || out[0].Note != noteSeasonZero {
		t.Errorf("%+v (%v), want an alarm above 0 that says that the season had none", out[0], err)
	}
	for i := range 282 {
		s.Counts[i] = Missing
	}
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
