package series

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestCompareOracle(t *testing.T) {
	t.Parallel()
	type model struct {
		SE, P             num
		RateRatio         num `json:"rate_ratio"`
		CI95              []num
		Dispersion, Theta num
		LogLik            num
		DF                int
	}
	var f struct {
		Cases []struct {
			ID          string
			CountNow    float64 `json:"count_now"`
			ExpNow      float64 `json:"exposure_now"`
			CountBefore float64 `json:"count_before"`
			ExpBefore   float64 `json:"exposure_before"`
			Conf        float64
			Out         struct {
				RateRatio num   `json:"rate_ratio"`
				PctChange num   `json:"pct_change"`
				Exact     []num `json:"exact_conditional_ci"`
				PMinLike  num   `json:"p_poisson_test_minlike"`
				PDoubled  num   `json:"p_two_sided_doubled"`
				PGreater  num   `json:"p_one_sided_greater"`
				PMidP     num   `json:"p_midp_two_sided"`
				MidP      []num `json:"midp_ci_own"`
				Wald      []num `json:"wald_log_ci"`
				PWald     num   `json:"p_wald"`
			}
		}
		SeriesCases []struct {
			ID, Series  string
			Before, Now [2]int
			Offset      bool
			Out         struct {
				NBefore, NNow int
				SumNow        num   `json:"sum_now"`
				SumBefore     num   `json:"sum_before"`
				ExpNow        num   `json:"exposure_now"`
				ExpBefore     num   `json:"exposure_before"`
				RateRatio     num   `json:"rate_ratio"`
				Exact         []num `json:"exact_conditional_ci"`
				Poisson       model `json:"poisson_wald"`
				QuasiPoisson  model
				NegBin        model
			}
		} `json:"series_cases"`
	}
	if !readOracle(t, "rate_ratio.json", &f) {
		return
	}
	var exact, midp, waldly, poisson, quasi, negbin tally
	bounds := func(l *tally, r Ratio, want []num) {
		if want != nil {
			l.add("ci", r.Ratio.Lower, float64(want[0]))
			l.add("ci", r.Ratio.Upper, float64(want[1]))
		}
	}
	for _, c := range f.Cases {
		now, before := Rate{c.CountNow, c.ExpNow}, Rate{c.CountBefore, c.ExpBefore}
		compare := func(l *tally, m RatioMethod) Ratio {
			r, err := Comparison{Method: m, Conf: c.Conf}.Counts(now, before)
			if err != nil {
				t.Errorf("%s %s: %v", c.ID, m, err)
			}
			l.cases++
			l.add("rate_ratio", r.Ratio.Estimate, float64(c.Out.RateRatio))
			l.add("pct_change", r.Change().Estimate, float64(c.Out.PctChange))
			return r
		}
		r := compare(&exact, ExactRatio)
		bounds(&exact, r, c.Out.Exact)
		exact.add("p_minlike", r.PMinLike, float64(c.Out.PMinLike))
		exact.add("p_doubled", r.P, float64(c.Out.PDoubled))
		exact.add("p_greater", r.PGreater, float64(c.Out.PGreater))
		r = compare(&midp, MidPRatio)
		bounds(&midp, r, c.Out.MidP)
		midp.add("p", r.P, float64(c.Out.PMidP))
		if c.Out.Wald == nil {
			if _, err := NewComparison(WaldRatio).Counts(now, before); !errors.Is(err, ErrNotAssessed) {
				t.Errorf("%s wald: %v, want not assessed", c.ID, err)
			}
			continue
		}
		r = compare(&waldly, WaldRatio)
		bounds(&waldly, r, c.Out.Wald)
		waldly.add("p", r.P, float64(c.Out.PWald))
	}
	all := oracleSeries(t)
	for _, c := range f.SeriesCases {
		compare := func(l *tally, m RatioMethod, want model) Ratio {
			r, err := Comparison{Method: m, Conf: 0.95, Offset: c.Offset}.Periods(all[c.Series],
				Span{c.Now[0] - 1, c.Now[1]}, Span{c.Before[0] - 1, c.Before[1]})
			if err != nil {
				t.Errorf("%s %s: %v", c.ID, m, err)
			}
			l.cases++
			l.add("sum", r.Now.Count, float64(c.Out.SumNow))
			l.add("sum", r.Before.Count, float64(c.Out.SumBefore))
			l.add("exposure", r.Now.Exposure, float64(c.Out.ExpNow))
			l.add("exposure", r.Before.Exposure, float64(c.Out.ExpBefore))
			l.add("rate_ratio", r.Ratio.Estimate, float64(want.RateRatio))
			bounds(l, r, want.CI95)
			if want.SE != 0 {
				l.add("se", r.SE, float64(want.SE))
				l.add("p", r.P, float64(want.P))
			}
			return r
		}
		compare(&exact, ExactRatio, model{RateRatio: c.Out.RateRatio, CI95: c.Out.Exact})
		compare(&poisson, PoissonRatio, c.Out.Poisson)
		r := compare(&quasi, QuasiPoissonRatio, c.Out.QuasiPoisson)
		quasi.add("dispersion", r.Dispersion, float64(c.Out.QuasiPoisson.Dispersion))
		quasi.add("df", float64(r.DF), float64(c.Out.QuasiPoisson.DF))
		r = compare(&negbin, NegBinRatio, c.Out.NegBin)
		negbin.add("theta", r.Theta, float64(c.Out.NegBin.Theta))
		negbin.add("loglik", r.LogLik, float64(c.Out.NegBin.LogLik))
	}
	exact.check(t, "exact ratio (rate_ratio.json)", 1e-8)
	midp.check(t, "mid-p ratio (rate_ratio.json)", 1e-8)
	waldly.check(t, "Wald ratio (rate_ratio.json)", 1e-8)
	poisson.check(t, "Poisson ratio of periods (rate_ratio.json)", 1e-8)
	quasi.check(t, "quasi-Poisson ratio of periods (rate_ratio.json)", 1e-8)
	negbin.check(t, "negative binomial ratio of periods (rate_ratio.json)", 1e-4)
}

// Where one count is zero or one, the bounds have a closed form: p of the bound
// solves pⁿ = alpha/2 (exact) or pⁿ/2 = alpha/2 (mid-p).
func TestCompareClosedForms(t *testing.T) {
	t.Parallel()
	odds := func(p float64) float64 { return p / (1 - p) }
	for _, c := range []struct {
		method       RatioMethod
		now, before  Rate
		lower, upper float64
		p            float64
	}{
		{ExactRatio, Rate{0, 1}, Rate{3, 1}, 0, odds(1 - math.Pow(0.025, 1.0/3)), 0.25},
		{ExactRatio, Rate{3, 1}, Rate{0, 1}, odds(math.Pow(0.025, 1.0/3)), math.Inf(1), 0.25},
		{ExactRatio, Rate{3, 10}, Rate{0, 2}, odds(math.Pow(0.025, 1.0/3)) / 5, math.Inf(1), 1},
		{MidPRatio, Rate{0, 1}, Rate{3, 1}, 0, odds(1 - math.Pow(0.05, 1.0/3)), 0.125},
		{MidPRatio, Rate{3, 1}, Rate{0, 1}, odds(math.Pow(0.05, 1.0/3)), math.Inf(1), 0.125},
		{ExactRatio, Rate{1, 1}, Rate{1, 1}, odds(1 - math.Sqrt(0.975)), 1 / odds(1-math.Sqrt(0.975)), 1},
		{MidPRatio, Rate{1, 1}, Rate{1, 1}, 1.0 / 39, 39, 1}, // P(X > 1) + P(X = 1)/2 is p
		{MidPRatio, Rate{1, 7}, Rate{1, 1}, 1.0 / 39 / 7, 39.0 / 7, 0.25},
		{ExactRatio, Rate{0, 1}, Rate{0, 5}, 0, math.Inf(1), 1},
		{MidPRatio, Rate{0, 1}, Rate{0, 5}, 0, math.Inf(1), 1},
		{WaldRatio, Rate{500, 1}, Rate{500, 2}, 2 * math.Exp(-1.959963984540054*math.Sqrt(0.004)), 2 * math.Exp(1.959963984540054*math.Sqrt(0.004)), math.Erfc(math.Ln2 / math.Sqrt(0.008))},
	} {
		r, err := NewComparison(c.method).Counts(c.now, c.before)
		if err != nil {
			t.Errorf("%s of %v and %v: %v", c.method, c.now, c.before, err)
			continue
		}
		if relative(r.Ratio.Lower, c.lower) > 1e-12 || relative(r.Ratio.Upper, c.upper) > 1e-12 || relative(r.P, c.p) > 1e-12 {
			t.Errorf("%s of %v and %v: %v to %v, P %v; want %v to %v, P %v", c.method, c.now, c.before,
				r.Ratio.Lower, r.Ratio.Upper, r.P, c.lower, c.upper, c.p)
		}
	}
}

// binomialExactly is P(X < k), P(X = k), P(X > k) in 200 bits, term by term, and
// the sum of all probabilities that are at most P(X = k).
func binomialExactly(k, n int, odds float64) (below, at, above, minLike float64) {
	number := func(v float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(v) }
	p := number(odds)
	p.Quo(p, new(big.Float).SetPrec(200).Add(number(1), p))
	q := new(big.Float).SetPrec(200).Sub(number(1), p)
	terms := make([]*big.Float, n+1)
	for j := range terms {
		c := new(big.Float).SetPrec(200).SetInt(new(big.Int).Binomial(int64(n), int64(j)))
		for range j {
			c.Mul(c, p)
		}
		for range n - j {
			c.Mul(c, q)
		}
		terms[j] = c
	}
	less, more, unlikely := number(0), number(0), number(0)
	bound := new(big.Float).Mul(terms[k], number(1+1e-7))
	for j, c := range terms {
		if j < k {
			less.Add(less, c)
		}
		if j > k {
			more.Add(more, c)
		}
		if c.Cmp(bound) <= 0 {
			unlikely.Add(unlikely, c)
		}
	}
	below, _ = less.Float64()
	at, _ = terms[k].Float64()
	above, _ = more.Float64()
	minLike, _ = unlikely.Float64()
	return below, at, above, minLike
}

// The tails, the p-values and the bounds agree with binomial sums in 200 bits.
func TestCompareAgainstSums(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.IntRange(0, 40).Draw(t, "now")
		b := rapid.IntRange(0, 40).Draw(t, "before")
		exposure := rapid.SampledFrom([]float64{1, 1, 0.25, 3, 40, 1e-6}).Draw(t, "exposure")
		conf := rapid.SampledFrom([]float64{0.5, 0.9, 0.95, 0.999999}).Draw(t, "conf")
		now, before := Rate{float64(a), exposure}, Rate{float64(b), 1}
		below, at, above, minLike := binomialExactly(a, a+b, exposure)
		close := func(what string, got, want, limit float64) {
			if !(math.Abs(got-want) <= limit*math.Max(math.Abs(want), 1e-3)) {
				t.Fatalf("%s of %v and %v is %.15g, want %.15g", what, now, before, got, want)
			}
		}
		exact, err := Comparison{Method: ExactRatio, Conf: conf}.Counts(now, before)
		if err != nil {
			t.Fatal(err)
		}
		midp, err := Comparison{Method: MidPRatio, Conf: conf}.Counts(now, before)
		if err != nil {
			t.Fatal(err)
		}
		close("P", exact.P, math.Min(1, 2*math.Min(below+at, above+at)), 1e-12)
		close("mid-p", midp.P, math.Min(1, 2*math.Min(below+at/2, above+at/2)), 1e-12)
		close("P of more", exact.PGreater, above+at, 1e-12)
		close("P by likelihood", exact.PMinLike, math.Min(1, minLike), 1e-12)
		alpha := (1 - conf) / 2
		for _, r := range []Ratio{exact, midp} {
			part := 1.0
			if r.Method == MidPRatio {
				part = 0.5
			}
			if a > 0 {
				_, at, above, _ := binomialExactly(a, a+b, r.Ratio.Lower*exposure)
				close("tail at the lower bound", (above+part*at)/alpha, 1, 1e-9)
			} else if r.Ratio.Lower != 0 {
				t.Fatalf("lower bound %v of nothing", r.Ratio.Lower)
			}
			if b > 0 {
				below, at, _, _ := binomialExactly(a, a+b, r.Ratio.Upper*exposure)
				close("tail at the upper bound", (below+part*at)/alpha, 1, 1e-9)
			} else if !math.IsInf(r.Ratio.Upper, 1) {
				t.Fatalf("upper bound %v with nothing before", r.Ratio.Upper)
			}
		}
	})
}

// Now against before is one over before against now, whatever the method; the
// interval holds the estimate, is wider at a higher confidence, the exact one
// holds the mid-p one, and P agrees with the interval.
func TestCompareSwap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.OneOf(rapid.IntRange(0, 5), rapid.IntRange(0, 3000), rapid.IntRange(0, 20_000_000), rapid.IntRange(0, 2_000_000_000))
		exposure := rapid.SampledFrom([]float64{1, 365, 1.0 / 7, 1e6, 1e-6})
		now := Rate{float64(count.Draw(t, "now")), exposure.Draw(t, "exposure now")}
		before := Rate{float64(count.Draw(t, "before")), exposure.Draw(t, "exposure before")}
		c := Comparison{
			Method: rapid.SampledFrom([]RatioMethod{ExactRatio, MidPRatio, WaldRatio}).Draw(t, "method"),
			Conf:   rapid.SampledFrom([]float64{0.5, 0.9, 0.99}).Draw(t, "conf"),
		}
		r, err := c.Counts(now, before)
		if err != nil {
			if c.Method == WaldRatio && now.Count*before.Count == 0 && errors.Is(err, ErrNotAssessed) {
				return
			}
			t.Fatal(err)
		}
		swapped, err := c.Counts(before, now)
		if err != nil {
			t.Fatal(err)
		}
		finite(t, "p-values", r, r.P, r.PGreater, r.PMinLike, r.SE)
		if r.P < 0 || r.P > 1 || r.PMinLike < 0 || r.PMinLike > 1 || r.PGreater < 0 || r.PGreater > 1+1e-12 {
			t.Fatalf("p-values of %+v", r)
		}
		if now.Count+before.Count == 0 {
			if !math.IsNaN(r.Ratio.Estimate) || r.Ratio.Lower != 0 || !math.IsInf(r.Ratio.Upper, 1) || r.P != 1 {
				t.Fatalf("nothing against nothing: %+v", r)
			}
			return
		}
		ordered(t, "ratio", r.Ratio)
		for _, pair := range [][2]float64{
			{r.Ratio.Estimate, 1 / swapped.Ratio.Estimate}, {r.Ratio.Lower, 1 / swapped.Ratio.Upper},
			{r.Ratio.Upper, 1 / swapped.Ratio.Lower}, {1 + r.P, 1 + swapped.P}, {1 + r.PMinLike, 1 + swapped.PMinLike},
		} {
			if !(relative(pair[0], pair[1]) < 1e-9) {
				t.Fatalf("%v and, swapped, %v of %+v and %+v", pair[0], pair[1], r, swapped)
			}
		}
		// One of the two directions, or in both what was seen.
		if both := r.PGreater + swapped.PGreater; !(math.Abs(both-1) < 1e-11 || c.Method == ExactRatio && both > 1) {
			t.Fatalf("P of more is %v, of less %v for %+v", r.PGreater, swapped.PGreater, r)
		}
		if more := r.Ratio.Estimate > 1; more != (r.PGreater < swapped.PGreater) && r.P < 0.2 {
			t.Fatalf("P of more is %v, of less %v for %+v", r.PGreater, swapped.PGreater, r)
		}
		level := 1 - c.Conf
		if out := r.Ratio.Lower > 1 || r.Ratio.Upper < 1; out != (r.P < level) && math.Abs(r.P-level) > 1e-6*level {
			t.Fatalf("interval %v at %v and P = %v disagree", r.Ratio, c.Conf, r.P)
		}
		wide, err := Comparison{Method: c.Method, Conf: 0.995}.Counts(now, before)
		if err != nil || wide.Ratio.Lower > r.Ratio.Lower || wide.Ratio.Upper < r.Ratio.Upper {
			t.Fatalf("%v at 0.995 does not hold %v at %v: %v", wide.Ratio, r.Ratio, c.Conf, err)
		}
		if c.Method == MidPRatio {
			exact, err := Comparison{Method: ExactRatio, Conf: c.Conf}.Counts(now, before)
			if err != nil || exact.Ratio.Lower > r.Ratio.Lower || exact.Ratio.Upper < r.Ratio.Upper {
				t.Fatalf("exact %v does not hold mid-p %v: %v", exact.Ratio, r.Ratio, err)
			}
		}
	})
}

// Large counts: all methods close in on the normal approximation, at a cost that
// stays small up to the limit.
func TestCompareLargeCounts(t *testing.T) {
	t.Parallel()
	for _, n := range []float64{1e6, 9e6, 1e9, 4.9e11} {
		now, before := Rate{n, 30}, Rate{n - 3*math.Floor(math.Sqrt(n)), 30}
		want, err := NewComparison(WaldRatio).Counts(now, before)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []RatioMethod{ExactRatio, MidPRatio} {
			r, err := NewComparison(m).Counts(now, before)
			if err != nil {
				t.Errorf("%v: %v", n, err)
				continue
			}
			// In standard errors the two differ by something over the root of n.
			if d := math.Abs(math.Log(r.Ratio.Lower/want.Ratio.Lower)) / want.SE; d > 2/math.Sqrt(n)+1e-4*1e6/n {
				t.Errorf("%s of %v: lower %v is %v standard errors from %v", m, n, r.Ratio.Lower, d, want.Ratio.Lower)
			}
			near(t, "P", r.P, want.P, 20/math.Sqrt(n)+1e-5)
		}
	}
	if _, err := NewComparison(ExactRatio).Counts(Rate{1e12, 1}, Rate{1, 1}); err == nil || errors.Is(err, ErrNotAssessed) {
		t.Errorf("more than the limit: %v", err)
	}
}

func TestCompareRefuses(t *testing.T) {
	t.Parallel()
	inf, nan := math.Inf(1), math.NaN()
	one := Rate{1, 1}
	for _, c := range []struct {
		name        string
		c           Comparison
		now, before Rate
	}{
		{"no method", Comparison{Conf: 0.95}, one, one},
		{"no confidence", Comparison{Method: ExactRatio}, one, one},
		{"all confidence", Comparison{Method: ExactRatio, Conf: 1}, one, one},
		{"a model of sums", NewComparison(NegBinRatio), one, one},
		{"negative", NewComparison(ExactRatio), Rate{-1, 1}, one},
		{"missing", NewComparison(ExactRatio), Rate{Missing, 1}, one},
		{"endless", NewComparison(WaldRatio), one, Rate{inf, 1}},
		{"half a count", NewComparison(ExactRatio), Rate{1.5, 1}, one},
		{"no exposure", NewComparison(WaldRatio), Rate{1, 0}, one},
		{"negative exposure", NewComparison(WaldRatio), one, Rate{1, -1}},
		{"exposure that is no number", NewComparison(MidPRatio), Rate{1, nan}, one},
		{"endless exposure", NewComparison(MidPRatio), Rate{1, inf}, one},
	} {
		if r, err := c.c.Counts(c.now, c.before); err == nil || errors.Is(err, ErrNotAssessed) {
			t.Errorf("%s: %+v, %v; want an error of the parameters", c.name, r, err)
		}
	}
	if r, err := NewComparison(WaldRatio).Counts(Rate{1.5, 1}, Rate{2.25, 1}); err != nil || r.Ratio.Estimate <= 0.66 || r.Ratio.Estimate >= 0.67 {
		t.Errorf("Wald takes counts that are not whole: %v, %v", r.Ratio, err)
	}
}

func TestComparePeriodsByHand(t *testing.T) {
	t.Parallel()
	na := Missing
	// Before 2 4 6 (mean 4), now 5 . 11 (mean 8).
	s := &Series{Counts: []float64{2, 4, 6, 100, 5, na, 11}, Population: []float64{1, 1, 1, 1, 2, 1, 2}, Freq: 12}
	before, now := Span{0, 3}, Span{4, 7}
	for _, c := range []struct {
		method RatioMethod
		ratio  float64
		se     float64
		df     int
	}{
		{WaldRatio, 2, math.Sqrt(1.0/12 + 1.0/16), 0},
		{PoissonRatio, 2, math.Sqrt(1.0/12 + 1.0/16), 0},
		// Pearson: (4+0+4)/4 + (9+9)/8 = 4.25 of 5-2 degrees of freedom.
		{QuasiPoissonRatio, 2, math.Sqrt((1.0/12 + 1.0/16) * 4.25 / 3), 3},
		{ExactRatio, 2, 0, 0},
	} {
		r, err := NewComparison(c.method).Periods(s, now, before)
		if err != nil {
			t.Errorf("%s: %v", c.method, err)
			continue
		}
		if r.NNow != 2 || r.NBefore != 3 || r.MissingNow != 1 || r.MissingBefore != 0 || r.Now != (Rate{16, 2}) || r.Before != (Rate{12, 3}) || r.DF != c.df {
			t.Errorf("%s: %+v", c.method, r)
		}
		near(t, string(c.method)+" ratio", r.Ratio.Estimate, c.ratio, 1e-7)
		near(t, string(c.method)+" change", r.Change().Estimate, 100, 1e-7)
		near(t, string(c.method)+" standard error", r.SE, c.se, 1e-3)
	}
	// With the exposure the rate now is 16/4: nothing has changed.
	r, err := Comparison{Method: WaldRatio, Conf: 0.95, Offset: true}.Periods(s, now, before)
	if err != nil || r.Ratio.Estimate != 1 || r.P != 1 || r.Now.Exposure != 4 {
		t.Errorf("with exposure: %+v, %v; want a ratio of 1", r, err)
	}
	// Negative binomial of two means: the ratio is that of the means, and its
	// variance the sum of (1/mean + 1/theta)/n.
	wild := &Series{Counts: []float64{0, 9, 1, 30, 2, 50, 0, 7, 12, 90}, Freq: 12}
	r, err = NewComparison(NegBinRatio).Periods(wild, Span{5, 10}, Span{0, 5})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ratio", r.Ratio.Estimate, 159.0/42, 1e-6)
	near(t, "standard error", r.SE, math.Sqrt((5/42.0+5/159.0+2/r.Theta)/5), 1e-6)
	near(t, "upper", r.Ratio.Upper, r.Ratio.Estimate*math.Exp(1.959963984540054*r.SE), 1e-12)
	if r.Theta < 0.1 || r.Theta > 1 {
		t.Errorf("theta is %v", r.Theta)
	}
	// Counts that vary less than Poisson's: the standard error is Poisson's.
	calm := &Series{Counts: []float64{10, 10, 11, 20, 20, 21}, Freq: 12}
	r, err = NewComparison(NegBinRatio).Periods(calm, Span{3, 6}, Span{0, 3})
	if err != nil || !math.IsInf(r.Theta, 1) {
		t.Errorf("theta of calm counts is %v, want +Inf: %v", r.Theta, err)
	}
	near(t, "standard error of calm counts", r.SE, math.Sqrt(1.0/31+1.0/61), 1e-5)
}

func TestComparePeriodsRefuses(t *testing.T) {
	t.Parallel()
	na := Missing
	s := &Series{Counts: []float64{na, na, 0, 0, 5, 5, 7, 7}, Freq: 12}
	for _, c := range []struct {
		name        string
		method      RatioMethod
		now, before Span
		data        bool
	}{
		{"nothing known before", ExactRatio, Span{4, 6}, Span{0, 2}, true},
		{"no period now", ExactRatio, Span{6, 6}, Span{4, 6}, true},
		{"no count before, model", NegBinRatio, Span{4, 6}, Span{2, 4}, true},
		{"no count now, model", QuasiPoissonRatio, Span{2, 4}, Span{4, 6}, true},
		{"no count before, Wald", WaldRatio, Span{4, 6}, Span{2, 4}, true},
		{"no scatter", QuasiPoissonRatio, Span{6, 8}, Span{4, 6}, true},
		{"two periods", QuasiPoissonRatio, Span{7, 8}, Span{5, 6}, true},
		{"overlap", ExactRatio, Span{4, 7}, Span{2, 5}, false},
		{"backwards", ExactRatio, Span{7, 4}, Span{0, 2}, false},
		{"past the end", ExactRatio, Span{4, 9}, Span{0, 2}, false},
		{"before the start", ExactRatio, Span{4, 6}, Span{-1, 2}, false},
	} {
		r, err := NewComparison(c.method).Periods(s, c.now, c.before)
		if err == nil || errors.Is(err, ErrNotAssessed) != c.data {
			t.Errorf("%s: %+v, %v; not assessed should be %v", c.name, r, err, c.data)
		}
	}
	r, err := NewComparison(ExactRatio).Periods(s, Span{4, 6}, Span{2, 4})
	if err != nil || !math.IsInf(r.Ratio.Estimate, 1) || !(r.Ratio.Lower > 1) {
		t.Errorf("ten after nothing: %v, %v; want +Inf and a lower bound above 1", r.Ratio, err)
	}
}

// The order of the periods within a span does not matter, swapping the spans
// inverts the ratio, and no input makes anything but an error or numbers.
func TestComparePeriodsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		c := Comparison{
			Method: rapid.SampledFrom([]RatioMethod{ExactRatio, MidPRatio, WaldRatio, PoissonRatio, QuasiPoissonRatio, NegBinRatio}).Draw(t, "method"),
			Conf:   rapid.SampledFrom([]float64{0.5, 0.95, 0.999999}).Draw(t, "conf"),
			Offset: len(s.Population) > 0 && rapid.Bool().Draw(t, "offset"),
		}
		cut := rapid.IntRange(0, s.Len()).Draw(t, "cut")
		before, now := Span{0, cut}, Span{cut, s.Len()}
		r, err := c.Periods(s, now, before)
		if err != nil {
			if r.Ratio != (Interval{}) {
				t.Fatalf("an error and an answer: %v, %+v", err, r)
			}
			return
		}
		if r.NNow+r.MissingNow != now.To-now.From || r.NBefore+r.MissingBefore != cut {
			t.Fatalf("%+v of %v and %v", r, now, before)
		}
		if r.Now.Count+r.Before.Count > 0 {
			ordered(t, "ratio", r.Ratio)
		}
		finite(t, "ratio", r, r.P, r.PGreater, r.PMinLike, r.SE, r.Dispersion, r.LogLik)

		mixed := &Series{Freq: s.Freq}
		order := append(rapid.Permutation(indices(0, cut)).Draw(t, "before"), rapid.Permutation(indices(cut, s.Len())).Draw(t, "now")...)
		for _, i := range order {
			mixed.Counts = append(mixed.Counts, s.Counts[i])
			if len(s.Population) > 0 {
				mixed.Population = append(mixed.Population, s.Population[i])
			}
		}
		same, err := c.Periods(mixed, now, before)
		if err != nil {
			t.Fatalf("in another order: %v", err)
		}
		swapped, err := c.Periods(s, before, now)
		if err != nil {
			t.Fatalf("swapped: %v", err)
		}
		limit := 1e-6 * (1 + r.SE)
		for _, pair := range [][2]float64{
			{same.Ratio.Estimate, r.Ratio.Estimate}, {same.SE, r.SE}, {same.Theta, r.Theta},
			{1 / swapped.Ratio.Estimate, r.Ratio.Estimate}, {swapped.SE, r.SE}, {swapped.Theta, r.Theta},
		} {
			if !(relative(pair[0], pair[1]) <= limit) {
				t.Fatalf("%v, want %v: %+v, in another order %+v, swapped %+v", pair[0], pair[1], r, same, swapped)
			}
		}
	})
}

func indices(from, to int) []int {
	out := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

func BenchmarkCompareExact(b *testing.B) {
	for b.Loop() {
		if _, err := NewComparison(ExactRatio).Counts(Rate{900_000, 30}, Rate{430_000, 30}); err != nil {
			b.Fatal(err)
		}
	}
}
