package series

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestTrendOracle(t *testing.T) {
	t.Parallel()
	type model struct {
		Intercept, Estimate, SE, Stat, P num
		PctPerYear                       num `json:"pct_per_year"`
		CI95                             []num
		R2, Sigma                        num
		DF                               int
		NeweyWest                        map[string]num `json:"newey_west_se"`
		Dispersion, Theta, LogLik        num
		Coef                             []num
	}
	var f struct {
		Cases []struct {
			ID, Series string
			From, To   int
			Offset     bool
			Out        struct {
				N            int
				LM           model
				Poisson      model
				QuasiPoisson model
				NegBin       model
				Harmonic     model `json:"quasipoisson_harmonic1"`
				MannKendall  struct {
					TauB num `json:"tau_b"`
					Z    num
					P    num `json:"p_two_sided"`
				} `json:"mann_kendall"`
				Sen  num `json:"sen_slope_own"`
				ACF1 num `json:"resid_acf1_complete_rows"`
			}
		}
	}
	if !readOracle(t, "trend.json", &f) {
		return
	}
	all := oracleSeries(t)
	var lm, poisson, quasi, harmonic, negbin, kendall, sen tally
	for _, c := range f.Cases {
		s, from := all[c.Series], c.From-1
		fit := func(l *tally, m TrendModel, want model) Trend {
			got, err := m.Fit(s, from, c.To)
			if err != nil {
				t.Errorf("%s %s: %v", c.ID, m.Method, err)
			}
			if got.N != c.Out.N || got.N+got.Missing != c.To-from {
				t.Errorf("%s %s: %d used and %d missing, want %d of %d", c.ID, m.Method, got.N, got.Missing, c.Out.N, c.To-from)
			}
			l.cases++
			l.add("estimate", got.Slope.Estimate, float64(want.Estimate))
			l.add("se", got.SE, float64(want.SE))
			l.add("stat", got.Stat, float64(want.Stat))
			l.add("p", got.P, float64(want.P))
			ci := got.PercentYear
			if m.Method == LinearTrend {
				ci = got.Slope
			} else {
				l.add("pct_per_year", ci.Estimate, float64(want.PctPerYear))
			}
			l.add("ci95", ci.Lower, float64(want.CI95[0]))
			l.add("ci95", ci.Upper, float64(want.CI95[1]))
			return got
		}
		// The oracle takes counts, not rates, for all but the loglinear models.
		r := fit(&lm, TrendModel{Method: LinearTrend, Conf: 0.95}, c.Out.LM)
		lm.add("intercept", r.Intercept, float64(c.Out.LM.Intercept))
		lm.add("r2", r.R2, float64(c.Out.LM.R2))
		lm.add("sigma", r.Sigma, float64(c.Out.LM.Sigma))
		lm.add("df", float64(r.DF), float64(c.Out.LM.DF))
		lm.add("resid_acf1", r.ACF1, float64(c.Out.ACF1))
		for lags, want := range c.Out.LM.NeweyWest {
			m := TrendModel{Method: LinearTrend, Conf: 0.95}
			fmt.Sscan(lags, &m.Lags)
			got, err := m.Fit(s, from, c.To)
			if err != nil {
				t.Errorf("%s with %s lags: %v", c.ID, lags, err)
			}
			lm.add("newey_west_se", got.SE, float64(want))
		}
		r = fit(&poisson, TrendModel{Method: PoissonTrend, Conf: 0.95, Offset: c.Offset}, c.Out.Poisson)
		poisson.add("intercept", r.Intercept, float64(c.Out.Poisson.Intercept))
		r = fit(&quasi, TrendModel{Method: QuasiPoissonTrend, Conf: 0.95, Offset: c.Offset}, c.Out.QuasiPoisson)
		quasi.add("dispersion", r.Dispersion, float64(c.Out.QuasiPoisson.Dispersion))
		r = fit(&harmonic, TrendModel{Method: QuasiPoissonTrend, Conf: 0.95, Offset: c.Offset, Harmonics: 1}, c.Out.Harmonic)
		harmonic.add("dispersion", r.Dispersion, float64(c.Out.Harmonic.Dispersion))
		for j, got := range append([]float64{r.Intercept, r.Slope.Estimate}, r.Season...) {
			harmonic.add("coef", got, float64(c.Out.Harmonic.Coef[j]))
		}
		r = fit(&negbin, TrendModel{Method: NegBinTrend, Conf: 0.95, Offset: c.Offset}, c.Out.NegBin)
		negbin.add("intercept", r.Intercept, float64(c.Out.NegBin.Intercept))
		negbin.add("theta", r.Theta, float64(c.Out.NegBin.Theta))
		negbin.add("loglik", r.LogLik, float64(c.Out.NegBin.LogLik))

		mk, err := MannKendall{}.Test(s, from, c.To)
		if err != nil || mk.N != c.Out.N {
			t.Errorf("%s Mann-Kendall: %d used, want %d: %v", c.ID, mk.N, c.Out.N, err)
		}
		kendall.cases++
		kendall.add("tau_b", mk.TauB, float64(c.Out.MannKendall.TauB))
		kendall.add("z", mk.Z, float64(c.Out.MannKendall.Z))
		kendall.add("p_two_sided", mk.P, float64(c.Out.MannKendall.P))

		slope, err := NewSen().Fit(s, from, c.To)
		if err != nil || slope.N != c.Out.N {
			t.Errorf("%s Sen: %d used, want %d: %v", c.ID, slope.N, c.Out.N, err)
		}
		sen.cases++
		sen.add("sen_slope", slope.Slope.Estimate, float64(c.Out.Sen))
	}
	lm.check(t, "linear trend (trend.json)", 1e-8)
	poisson.check(t, "Poisson trend (trend.json)", 1e-8)
	quasi.check(t, "quasi-Poisson trend (trend.json)", 1e-8)
	harmonic.check(t, "quasi-Poisson trend with season (trend.json)", 1e-8)
	negbin.check(t, "negative binomial trend (trend.json)", 1e-4)
	kendall.check(t, "Mann-Kendall (trend.json)", 1e-8)
	sen.check(t, "Sen's slope (trend.json)", 1e-8)
}

// Four counts by hand: 1 2 2 4 at 1 2 3 4. Mean 2.25, Σ(t-2.5)² = 5,
// Σ(t-2.5)y = 4.5, slope 0.9, intercept 0, residuals 0.1 0.2 -0.7 0.4 with the
// square sum 0.7. Student's t of 2 degrees of freedom has a closed form.
func TestTrendLinearByHand(t *testing.T) {
	t.Parallel()
	s := &Series{Counts: []float64{9, 1, 2, 2, 4, 9}, Freq: 4}
	r, err := NewTrendModel(LinearTrend).Fit(s, 1, 5)
	if err != nil {
		t.Fatal(err)
	}
	se := math.Sqrt(0.35 / 5)
	q := 0.95 * math.Sqrt(2/(1-0.95*0.95))
	stat := 0.9 / se
	if r.N != 4 || r.Missing != 0 || r.DF != 2 || r.From != 1 {
		t.Errorf("used %d, missing %d, df %d, from %d; want 4, 0, 2, 1", r.N, r.Missing, r.DF, r.From)
	}
	near(t, "slope", r.Slope.Estimate, 0.9, 1e-14)
	if math.Abs(r.Intercept) > 1e-14 {
		t.Errorf("intercept is %v, want 0", r.Intercept)
	}
	near(t, "standard error", r.SE, se, 1e-14)
	near(t, "lower", r.Slope.Lower, 0.9-q*se, 1e-9)
	near(t, "upper", r.Slope.Upper, 0.9+q*se, 1e-9)
	near(t, "statistic", r.Stat, stat, 1e-13)
	near(t, "p", r.P, 1-stat/math.Sqrt(2+stat*stat), 1e-12)
	near(t, "sigma", r.Sigma, math.Sqrt(0.35), 1e-14)
	near(t, "R²", r.R2, 1-0.7/4.75, 1e-14)
	near(t, "autocorrelation", r.ACF1, (0.1*0.2-0.2*0.7-0.7*0.4)/0.7, 1e-13)
	near(t, "per cent a year", r.PercentYear.Estimate, 100*4*0.9/2.25, 1e-14)
	near(t, "per cent a year, upper", r.PercentYear.Upper, 100*4*r.Slope.Upper/2.25, 1e-14)
	near(t, "level of the last", r.At(4), 3.6, 1e-14)

	// Newey and West with one lag: each period pulls by (t-2.5)e/5, which is
	// -0.03 -0.02 -0.07 0.12; squares 0.0206, neighbours 0.0006+0.0014-0.0084,
	// of which Bartlett takes 2·(1-1/2).
	m := NewTrendModel(LinearTrend)
	m.Lags = 1
	r, err = m.Fit(s, 1, 5)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Newey and West's standard error", r.SE, math.Sqrt(0.0206-0.0064), 1e-13)
	near(t, "and its interval", r.Slope.Upper, 0.9+q*math.Sqrt(0.0142), 1e-9)
	// With two lags 2·(2/3) of the neighbours and 2·(1/3) of -0.03·-0.07 - 0.02·0.12.
	m.Lags = 2
	if r, err = m.Fit(s, 1, 5); err != nil {
		t.Fatal(err)
	}
	near(t, "with two lags", r.SE, math.Sqrt(0.0206-0.0064*4/3+(0.0021-0.0024)*2/3), 1e-12)
}

// Counts that double: the slope is log 2. Means 2 4 8 16 with times 1 to 4 have
// Σw = 30, Σwt = 98, Σwt² = 346, so the variance of the slope is 1/(346 - 98²/30).
func TestTrendPoissonByHand(t *testing.T) {
	t.Parallel()
	se := 1 / math.Sqrt(346-98*98/30.0)
	for _, c := range []struct {
		name string
		s    Series
		m    TrendModel
	}{
		{"counts", Series{Counts: []float64{2, 4, 8, 16}}, TrendModel{}},
		{"rates", Series{Counts: []float64{4, 4, 16, 8}, Population: []float64{2, 1, 2, 0.5}}, TrendModel{Offset: true}},
	} {
		c.s.Freq = 1
		c.m.Method, c.m.Conf = PoissonTrend, 0.95
		r, err := c.m.Fit(&c.s, 0, 4)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		near(t, c.name+": slope", r.Slope.Estimate, math.Ln2, 1e-8)
		near(t, c.name+": per cent a year", r.PercentYear.Estimate, 100, 1e-7)
		near(t, c.name+": level", r.At(3), 16, 1e-8)
		if c.name == "counts" {
			near(t, "standard error", r.SE, se, 1e-5)
			near(t, "lower", r.PercentYear.Lower, 100*(2*math.Exp(-1.959963984540054*se)-1), 1e-4)
			near(t, "p", r.P, math.Erfc(math.Ln2/se/math.Sqrt2), 1e-3)
			ll := 0.0
			for _, y := range c.s.Counts {
				g, _ := math.Lgamma(y + 1)
				ll += y*math.Log(y) - y - g
			}
			near(t, "log-likelihood", r.LogLik, ll, 1e-12)
			// With these means and no scatter there is nothing to make a
			// quasi-Poisson interval of, and theta has no end.
			c.m.Method = QuasiPoissonTrend
			if _, err := c.m.Fit(&c.s, 0, 4); !errors.Is(err, ErrNotAssessed) {
				t.Errorf("quasi-Poisson without scatter: %v, want not assessed", err)
			}
			c.m.Method = NegBinTrend
			if r, err := c.m.Fit(&c.s, 0, 4); err != nil || !math.IsInf(r.Theta, 1) {
				t.Errorf("negative binomial without scatter: theta %v, %v; want +Inf", r.Theta, err)
			}
		}
	}
}

// A missing period keeps its place in time; a missing exposure is a missing period.
func TestTrendMissing(t *testing.T) {
	t.Parallel()
	na := Missing
	s := &Series{
		Counts:     []float64{na, 2, 4, na, 16, 32, na, 128, na},
		Population: []float64{1, 1, 1, 1, 1, na, 1, 0, 1},
		Freq:       1,
	}
	m := NewTrendModel(PoissonTrend)
	r, err := m.Fit(s, 0, 9)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "slope", r.Slope.Estimate, math.Ln2, 1e-8)
	near(t, "level of the missing fourth", r.At(3), 8, 1e-7)
	if r.N != 5 || r.Missing != 4 {
		t.Errorf("%d used and %d missing, want 5 and 4", r.N, r.Missing)
	}
	m.Offset = true
	r, err = m.Fit(s, 0, 9)
	if err != nil {
		t.Fatal(err)
	}
	if r.N != 3 || r.Missing != 6 {
		t.Errorf("with exposure: %d used and %d missing, want 3 and 6", r.N, r.Missing)
	}
	near(t, "slope with exposure", r.Slope.Estimate, math.Ln2, 1e-8)
}

func TestTrendSeasonIsNoTrend(t *testing.T) {
	t.Parallel()
	// Two years and a half of months whose season peaks at the end of the range.
	s := &Series{Freq: 12}
	for i := 1; i <= 30; i++ {
		s.Counts = append(s.Counts, math.Round(1000*math.Exp(0.8*math.Sin(2*math.Pi*float64(i-3)/12))))
	}
	without, err := NewTrendModel(QuasiPoissonTrend).Fit(s, 0, 30)
	if err != nil {
		t.Fatal(err)
	}
	m := NewTrendModel(QuasiPoissonTrend)
	m.Harmonics = 1
	with, err := m.Fit(s, 0, 30)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(with.PercentYear.Estimate) > 0.1 || math.Abs(without.PercentYear.Estimate) < 1 {
		t.Errorf("%.3f per cent a year with season, %.3f without; want 0 and something else", with.PercentYear.Estimate, without.PercentYear.Estimate)
	}
	// 0.8 sin(2π(t-3)/12) is -0.8 cos(2πt/12).
	near(t, "cosine", with.Season[0], -0.8, 1e-3)
	if math.Abs(with.Season[1]) > 1e-3 {
		t.Errorf("sine is %v, want 0", with.Season[1])
	}
}

func TestTrendRefuses(t *testing.T) {
	t.Parallel()
	na := Missing
	weeks := func(c ...float64) *Series { return &Series{Counts: c, Freq: 52} }
	for _, c := range []struct {
		name string
		s    *Series
		m    TrendModel
		data bool // the data are to blame, not the parameters
	}{
		{"nothing", weeks(), NewTrendModel(LinearTrend), true},
		{"one period", weeks(3), NewTrendModel(PoissonTrend), true},
		{"two periods", weeks(3, 4), NewTrendModel(LinearTrend), true},
		{"all missing", weeks(na, na, na, na), NewTrendModel(NegBinTrend), true},
		{"two known", weeks(3, na, na, 4), NewTrendModel(QuasiPoissonTrend), true},
		{"all zero, lm", weeks(0, 0, 0, 0), NewTrendModel(LinearTrend), true},
		{"all zero, poisson", weeks(0, 0, 0, 0), NewTrendModel(PoissonTrend), true},
		{"all zero, quasipoisson", weeks(0, 0, 0, 0), NewTrendModel(QuasiPoissonTrend), true},
		{"all zero, negbin", weeks(0, 0, 0, 0), NewTrendModel(NegBinTrend), true},
		{"one count, at the end", weeks(0, 0, 0, 7), NewTrendModel(PoissonTrend), true},
		{"no scatter, lm", weeks(5, 5, 5, 5), NewTrendModel(LinearTrend), true},
		{"no scatter about a line", weeks(10, 20, 30, 40), NewTrendModel(LinearTrend), true},
		{"no scatter, quasipoisson", weeks(5, 5, 5, 5), NewTrendModel(QuasiPoissonTrend), true},
		{"more lags than periods", weeks(1, 2, 2, 4), TrendModel{Method: LinearTrend, Conf: 0.95, Lags: 4}, true},
		{"season of fewer periods than waves", weeks(1, 2, 2, 4, 3), TrendModel{Method: PoissonTrend, Conf: 0.95, Harmonics: 2}, true},
		{"season of a thousand million waves", &Series{Counts: []float64{1, 2, 2, 4, 3}, Freq: 1 << 40}, TrendModel{Method: PoissonTrend, Conf: 0.95, Harmonics: 1 << 38}, true},
		{"negative count", weeks(1, 2, -2, 4), NewTrendModel(PoissonTrend), false},
		{"endless count", weeks(1, 2, math.Inf(1), 4), NewTrendModel(PoissonTrend), false},
		{"count beyond counting", weeks(1, 2, 1e16, 4), NewTrendModel(LinearTrend), false},
		{"no such method", weeks(1, 2, 2, 4), TrendModel{Method: "loess", Conf: 0.95}, false},
		{"confidence of 95", weeks(1, 2, 2, 4), TrendModel{Method: LinearTrend, Conf: 95}, false},
		{"confidence that is no number", weeks(1, 2, 2, 4), TrendModel{Method: LinearTrend, Conf: math.NaN()}, false},
		{"rates without exposure", weeks(1, 2, 2, 4), TrendModel{Method: PoissonTrend, Conf: 0.95, Offset: true}, false},
		{"lags of a count", weeks(1, 2, 2, 4), TrendModel{Method: PoissonTrend, Conf: 0.95, Lags: 2}, false},
		{"lags below AutoLags", weeks(1, 2, 2, 4), TrendModel{Method: LinearTrend, Conf: 0.95, Lags: -2}, false},
		{"negative harmonics", weeks(1, 2, 2, 4), TrendModel{Method: LinearTrend, Conf: 0.95, Harmonics: -1}, false},
		{"a wave of two quarters", &Series{Counts: []float64{1, 2, 2, 4, 5, 3, 2}, Freq: 4}, TrendModel{Method: PoissonTrend, Conf: 0.95, Harmonics: 2}, false},
	} {
		r, err := c.m.Fit(c.s, 0, c.s.Len())
		if err == nil {
			t.Errorf("%s: an answer, %+v", c.name, r)
		} else if errors.Is(err, ErrNotAssessed) != c.data {
			t.Errorf("%s: %v; not assessed is %v, want %v", c.name, err, !c.data, c.data)
		}
	}
	if _, err := NewTrendModel(LinearTrend).Fit(weeks(1, 2, 2, 4), 2, 5); err == nil {
		t.Error("a range past the end has an answer")
	}
	m := NewTrendModel(PoissonTrend)
	m.Offset = true
	if _, err := m.Fit(&Series{Counts: []float64{1, 2, 2}, Population: []float64{1, -1, 1}, Freq: 1}, 0, 3); err == nil {
		t.Error("an exposure below zero has an answer")
	}
}

func TestTrendAutoLags(t *testing.T) {
	t.Parallel()
	s := &Series{Freq: 52}
	for i := range 400 {
		s.Counts = append(s.Counts, float64((i*i)%17))
	}
	for n, want := range map[int]int{10: 2, 50: 3, 100: 4, 272: 4, 274: 5, 400: 5} { // 4(n/100)^(2/9)
		m := NewTrendModel(LinearTrend)
		m.Lags = AutoLags
		r, err := m.Fit(s, 0, n)
		if err != nil || r.Lags != want {
			t.Errorf("%d periods: %d lags, want %d: %v", n, r.Lags, want, err)
			continue
		}
		m.Lags = want
		same, _ := m.Fit(s, 0, n)
		near(t, "standard error", r.SE, same.SE, 0)
	}
}

// drawSeries draws whatever an import may hold, mostly small, gappy and dull.
func drawSeries(t *rapid.T) *Series {
	n := rapid.IntRange(0, 40).Draw(t, "n")
	s := &Series{Freq: rapid.SampledFrom([]int{1, 4, 12, 52, 365}).Draw(t, "freq")}
	level := rapid.SampledFrom([]int{1, 4, 1000, 1000000000}).Draw(t, "level")
	gaps := rapid.SampledFrom([]int{0, 3, 9}).Draw(t, "gaps of ten")
	rates := rapid.Bool().Draw(t, "rates")
	for range n {
		c := float64(rapid.IntRange(0, level).Draw(t, "count"))
		if rapid.IntRange(0, 9).Draw(t, "gap") < gaps {
			c = Missing
		}
		s.Counts = append(s.Counts, c)
		if rates {
			s.Population = append(s.Population, rapid.SampledFrom([]float64{1, 1, 0.5, 30, 0, Missing, 0.001, 1000}).Draw(t, "exposure"))
		}
	}
	return s
}

// finite fails where a number that the documentation promises is none.
func finite(t *rapid.T, what string, of any, values ...float64) {
	for i, v := range values {
		if !isFinite(v) {
			t.Fatalf("%s: number %d is %v in %+v", what, i, v, of)
		}
	}
}

func ordered(t *rapid.T, what string, ci Interval) {
	if !(ci.Lower <= ci.Estimate && ci.Estimate <= ci.Upper) {
		t.Fatalf("%s: %v is not from %v to %v", what, ci.Estimate, ci.Lower, ci.Upper)
	}
}

// Whatever comes in, either an error or numbers come out, the interval holds
// the estimate, and P agrees with it.
func TestTrendAnswersOrRefuses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		m := TrendModel{
			Method:    rapid.SampledFrom([]TrendMethod{LinearTrend, PoissonTrend, QuasiPoissonTrend, NegBinTrend}).Draw(t, "method"),
			Conf:      rapid.SampledFrom([]float64{0.01, 0.5, 0.95, 0.999999}).Draw(t, "conf"),
			Harmonics: rapid.IntRange(0, 2).Draw(t, "harmonics"),
			Offset:    len(s.Population) > 0 && rapid.Bool().Draw(t, "offset"),
		}
		if m.Method == LinearTrend {
			m.Lags = rapid.IntRange(-1, 3).Draw(t, "lags")
		}
		from := rapid.IntRange(0, s.Len()).Draw(t, "from")
		to := rapid.IntRange(from, s.Len()).Draw(t, "to")
		r, err := m.Fit(s, from, to)
		if r.N+r.Missing != to-from && !(r.N == 0 && r.Missing == 0) {
			t.Fatalf("%d used and %d missing of %d", r.N, r.Missing, to-from)
		}
		if err != nil {
			if r.Slope != (Interval{}) {
				t.Fatalf("an error and an answer: %v, %+v", err, r)
			}
			return
		}
		finite(t, "trend", r, r.Slope.Estimate, r.Slope.Lower, r.Slope.Upper, r.SE, r.Stat, r.P, r.Intercept,
			r.Sigma, r.R2, r.Dispersion, r.LogLik, r.ACF1)
		if math.IsNaN(r.Theta) || r.SE <= 0 || r.P < 0 || r.P > 1 {
			t.Fatalf("%+v", r)
		}
		ordered(t, "slope", r.Slope)
		ordered(t, "per cent a year", r.PercentYear)
		out := r.Slope.Lower > 0 || r.Slope.Upper < 0
		if level := 1 - m.Conf; out != (r.P < level) && math.Abs(r.P-level) > 1e-6*level {
			t.Fatalf("the interval %v says %v, P = %v of %v says otherwise", r.Slope, out, r.P, level)
		}
	})
}

// Backwards in time the trend is the same with the other sign; missing periods
// at either end change nothing but their number.
func TestTrendBackwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		for i := range s.Counts {
			s.Counts[i] = math.Min(s.Counts[i], 5000)
		}
		m := NewTrendModel(rapid.SampledFrom([]TrendMethod{LinearTrend, PoissonTrend, QuasiPoissonTrend, NegBinTrend}).Draw(t, "method"))
		back := &Series{Freq: s.Freq, Counts: []float64{Missing}}
		for i := range s.Counts {
			back.Counts = append(back.Counts, s.Counts[len(s.Counts)-1-i])
		}
		back.Counts = append(back.Counts, Missing, Missing)
		a, err := m.Fit(s, 0, s.Len())
		b, errBack := m.Fit(back, 0, back.Len())
		if (err == nil) != (errBack == nil) {
			t.Fatalf("%v forwards, %v backwards", err, errBack)
		}
		if err != nil || a.SE < 1e-12 {
			return
		}
		if b.N != a.N || b.Missing != a.Missing+3 {
			t.Fatalf("used %d and %d, missing %d and %d", a.N, b.N, a.Missing, b.Missing)
		}
		limit := 1e-6
		if m.Method == NegBinTrend {
			limit = 1e-4
		}
		if d := math.Abs(a.Slope.Estimate+b.Slope.Estimate) / a.SE; d > limit {
			t.Fatalf("%v forwards, %v backwards: %v standard errors apart", a.Slope, b.Slope, d)
		}
		if d := relative(b.SE, a.SE); d > 10*limit {
			t.Fatalf("standard errors %v and %v", a.SE, b.SE)
		}
	})
}

// Twice the counts is twice the line, and the same growth.
func TestTrendOfTwiceTheCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		twice := &Series{Freq: s.Freq}
		for _, c := range s.Counts {
			twice.Counts = append(twice.Counts, 2*c)
		}
		a, err := NewTrendModel(LinearTrend).Fit(s, 0, s.Len())
		b, errTwice := NewTrendModel(LinearTrend).Fit(twice, 0, s.Len())
		if (err == nil) != (errTwice == nil) {
			t.Fatalf("%v, of twice the counts %v", err, errTwice)
		}
		if err == nil && (2*a.Slope.Lower != b.Slope.Lower || a.P != b.P || a.PercentYear != b.PercentYear) {
			t.Fatalf("%+v, of twice the counts %+v", a, b)
		}
	})
}
