package series

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// PairedRatio is the quasi-Poisson model of pairs of periods, each with a level
// of its own: the season is in both of a pair and falls out.
const PairedRatio RatioMethod = "paired"

// Pairs compares now[i] with before[i] over all i for which both are known: this
// April with last April, and so on. The model is quasi-Poisson with a factor for
// the pair (McCullagh and Nelder 1989, 6.3 and 9.2); given the totals of the pairs
// its estimate is the ratio of the sums, with
//
//	dispersion = Σ (now - r·before)² / (r (now + before)) / (n-1), at least 1
//	Var(log r) = dispersion · (1/Σnow + 1/Σbefore)
//
// and Student's t with n-1 degrees of freedom. It fails with [ErrNotAssessed] for
// fewer than three pairs and where a sum is zero.
func (c Comparison) Pairs(now, before []float64) (Ratio, error) {
	r := Ratio{Method: PairedRatio, Conf: c.Conf}
	if !(c.Conf > 0 && c.Conf < 1) {
		return r, fmt.Errorf("series: confidence %v is not between 0 and 1", c.Conf)
	}
	if len(now) != len(before) {
		return r, fmt.Errorf("series: %d periods against %d are no pairs", len(now), len(before))
	}
	known := func(i int) bool { return !IsMissing(now[i]) && !IsMissing(before[i]) }
	n := 0
	for i := range now {
		if now[i] < 0 || before[i] < 0 || math.IsInf(now[i], 0) || math.IsInf(before[i], 0) {
			return r, fmt.Errorf("series: %v against %v are no counts", now[i], before[i])
		}
		if IsMissing(now[i]) {
			r.MissingNow++
		}
		if IsMissing(before[i]) {
			r.MissingBefore++
		}
		if known(i) {
			n++
			r.Now.Count += now[i]
			r.Before.Count += before[i]
		}
	}
	r.NNow, r.NBefore = n, n
	r.Now.Exposure, r.Before.Exposure = float64(n), float64(n)
	if n < 3 || r.Now.Count == 0 || r.Before.Count == 0 {
		return r, fmt.Errorf("series: ratio %w: %d pairs with %v counts now and %v before", ErrNotAssessed, n, r.Now.Count, r.Before.Count)
	}
	est := r.Now.Count / r.Before.Count
	chi := 0.0
	for i := range now {
		if known(i) && now[i]+before[i] > 0 {
			d := now[i] - est*before[i]
			chi += d * d / (est * (now[i] + before[i]))
		}
	}
	r.DF = n - 1
	r.Dispersion = math.Max(1, chi/float64(r.DF))
	r.SE = math.Sqrt(r.Dispersion * (1/r.Now.Count + 1/r.Before.Count))
	half := qt(1-(1-c.Conf)/2, float64(r.DF)) * r.SE
	r.Ratio = Interval{Estimate: est, Lower: est * math.Exp(-half), Upper: est * math.Exp(half)}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(r.DF)}
	r.PGreater = t.Survival(math.Log(est) / r.SE)
	r.P = math.Min(1, 2*math.Min(r.PGreater, 1-r.PGreater))
	r.PMinLike = r.P
	return r, nil
}
