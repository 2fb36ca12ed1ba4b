package series

import (
	"errors"
	"math"
	"testing"
)

// The ratio of pairs is that of a quasi-Poisson model with a factor for the
// pair: fitted in full, it gives the same estimate, error and dispersion.
func TestPairsEqualTheFullModel(t *testing.T) {
	t.Parallel()
	now := []float64{51, 24, 180, 150, 122, 70, Missing, 35, 18}
	before := []float64{20, 33, 95, 130, 71, 35, 12, Missing, 26}
	got, err := NewComparison(PairedRatio).Pairs(now, before)
	if err != nil {
		t.Fatal(err)
	}
	// The full model by Fisher scoring: log mu = a_i + b·(is now). Given b, a_i is
	// explicit: exp(a_i) = total_i / (1 + exp b).
	var tot, n1, nn float64
	for i := range now {
		if !IsMissing(now[i]) && !IsMissing(before[i]) {
			tot += now[i] + before[i]
			n1 += now[i]
			nn++
		}
	}
	b := 0.0
	for range 100 {
		p := math.Exp(b) / (1 + math.Exp(b))
		b += (n1 - tot*p) / (tot * p * (1 - p))
	}
	p := math.Exp(b) / (1 + math.Exp(b))
	chi := 0.0
	for i := range now {
		if !IsMissing(now[i]) && !IsMissing(before[i]) {
			m := now[i] + before[i]
			chi += math.Pow(now[i]-m*p, 2)/(m*p) + math.Pow(before[i]-m*(1-p), 2)/(m*(1-p))
		}
	}
	phi := chi / (nn - 1)
	se := math.Sqrt(phi / (tot * p * (1 - p)))
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"ratio", got.Ratio.Estimate, math.Exp(b)}, {"dispersion", got.Dispersion, phi}, {"standard error", got.SE, se},
		{"lower", got.Ratio.Lower, math.Exp(b - 2.446911848791681*se)}, // qt(0.975, 6)
	} {
		if off(c.got, c.want) > 1e-9 {
			t.Errorf("%s is %v, the full model has %v", c.what, c.got, c.want)
		}
	}
	if got.NNow != 7 || got.MissingNow != 1 || got.MissingBefore != 1 || got.DF != 6 {
		t.Errorf("pairs: %+v", got)
	}
	back, err := NewComparison(PairedRatio).Pairs(before, now)
	if err != nil || off(back.Ratio.Lower*got.Ratio.Upper, 1) > 1e-12 || off(back.P, got.P) > 1e-12 {
		t.Errorf("the other way round: %+v, %v", back, err)
	}
	if got.Ratio.Lower <= 1 != (got.P >= 0.05) {
		t.Errorf("interval from %v and p %v disagree", got.Ratio.Lower, got.P)
	}
}

func TestPairsThatSayNothing(t *testing.T) {
	t.Parallel()
	c := NewComparison(PairedRatio)
	for _, x := range [][2][]float64{{{1, 2}, {1, 2}}, {{0, 0, 0}, {1, 2, 3}}, {{1, 2, 3}, {0, 0, 0}}, {{1, 2, 3, Missing}, {1, 2, Missing, 3}}, {nil, nil}} {
		if r, err := c.Pairs(x[0], x[1]); !errors.Is(err, ErrNotAssessed) {
			t.Errorf("%v: %+v, %v", x, r, err)
		}
	}
	for _, x := range [][2][]float64{{{1, 2, 3}, {1, 2}}, {{-1, 2, 3}, {1, 2, 3}}, {{math.Inf(1), 2, 3}, {1, 2, 3}}} {
		if _, err := c.Pairs(x[0], x[1]); err == nil || errors.Is(err, ErrNotAssessed) {
			t.Errorf("%v: %v, want that it makes no sense", x, err)
		}
	}
	if r, err := c.Pairs([]float64{5, 5, 5}, []float64{5, 5, 5}); err != nil || r.P != 1 || r.Dispersion != 1 {
		t.Errorf("all the same: %+v, %v", r, err)
	}
}
