package series

import (
	"fmt"
	"math"
)

// RatioMethod is how the interval of a ratio of two rates is made.
type RatioMethod string

const (
	// ExactRatio is the conditional interval of two Poisson counts (Przyborowski
	// and Wilenski 1940; Clopper and Pearson 1934): it holds the true ratio at
	// least as often as it says, whatever the counts, and is therefore wide.
	ExactRatio RatioMethod = "exact"
	// MidPRatio counts only half of the probability of what was seen (Lancaster
	// 1961): on average as often right as it says, and the better choice for
	// small counts. Asked for a confidence near 0, its interval closes around the
	// median and need not hold the estimate.
	MidPRatio RatioMethod = "mid-p"
	// WaldRatio is the normal approximation on the logarithm, which is also that
	// of a Poisson model of periods. It needs a count in both.
	WaldRatio RatioMethod = "wald"
	// PoissonRatio is the Poisson model of the single periods. It is WaldRatio up
	// to where the steps of its fit stop, and stands beside the two models below.
	PoissonRatio RatioMethod = "poisson"
	// QuasiPoissonRatio is a model of the single periods whose interval is as
	// wide as their scatter asks for (Wedderburn 1974). Intervals are Student's t.
	QuasiPoissonRatio RatioMethod = "quasipoisson"
	// NegBinRatio is a model of the single periods with the variance
	// mean + mean²/theta, theta by maximum likelihood (Lawless 1987).
	NegBinRatio RatioMethod = "negbin"
)

// Rate is a count and how much was watched for it: days, sources, population.
type Rate struct {
	Count    float64
	Exposure float64 // above 0, in the same unit for all rates compared
}

// Span is the periods [From, To) of a series.
type Span struct{ From, To int }

// Comparison says how one time is compared with another.
//
// The first four methods take the counts for independent events. Reports come in
// bursts; where the single periods are known, the last two are more honest.
type Comparison struct {
	Method RatioMethod `json:"method"`
	Conf   float64     `json:"conf"`   // of the interval, above 0 and below 1
	Offset bool        `json:"offset"` // for Periods: the exposure of a period is its Population, else 1
}

// NewComparison is a comparison by that method with 95 % intervals.
func NewComparison(m RatioMethod) Comparison { return Comparison{Method: m, Conf: 0.95} }

// Ratio is one rate as a multiple of another.
type Ratio struct {
	Method      RatioMethod
	Now, Before Rate // what was compared: the sums of the known periods

	// For Periods: how many are known, and how many were left out because count
	// or exposure is missing.
	NNow, NBefore             int
	MissingNow, MissingBefore int

	// Ratio is the rate now divided by the rate before. Without counts before,
	// the estimate and the upper bound are +Inf. Without any count at all there
	// is no estimate (NaN), and every ratio fits: the bounds are 0 and +Inf.
	Ratio Interval
	Conf  float64
	// P is two-sided, of a ratio of 1: twice the smaller tail, so that P is below
	// 1-Conf just where the interval leaves 1 out.
	P        float64
	PGreater float64 // one-sided: small where now is above before
	// PMinLike is, for ExactRatio, the other two-sided p-value in use, that of R's
	// poisson.test: of all outcomes that are no likelier than what was seen. For
	// other methods it is P.
	PMinLike float64

	SE         float64 // standard error of the logarithm of the ratio; 0 for ExactRatio and MidPRatio
	DF         int     // degrees of freedom of Student's t; 0 where the interval is not of it
	Dispersion float64 // QuasiPoissonRatio: variance as a multiple of the mean (Pearson)
	Theta      float64 // NegBinRatio; +Inf where the counts vary no more than Poisson's
	LogLik     float64 // PoissonRatio and NegBinRatio: logarithm of the likelihood
}

// Change is the ratio as a change in per cent: a ratio of 2.06 is +106 %.
func (r Ratio) Change() Interval {
	pct := func(ratio float64) float64 { return 100 * (ratio - 1) }
	return Interval{pct(r.Ratio.Estimate), pct(r.Ratio.Lower), pct(r.Ratio.Upper)}
}

// largestExact is the largest sum of two counts for the exact methods, whose
// work grows with its root.
const largestExact = 1e12

// Counts compares two counts. The models need single periods; see Periods.
//
// Counts must be whole for ExactRatio and MidPRatio. It fails with
// [ErrNotAssessed] for WaldRatio where a count is zero.
func (c Comparison) Counts(now, before Rate) (Ratio, error) {
	if err := c.check(); err != nil {
		return Ratio{}, err
	}
	for _, r := range []Rate{now, before} {
		if !(r.Count >= 0 && r.Count <= largest) {
			return Ratio{}, fmt.Errorf("series: a count of %v is not from 0 to %g", r.Count, largest)
		}
		if err := checkExposure(r.Exposure); err != nil {
			return Ratio{}, fmt.Errorf("series: %w", err)
		}
	}
	r := Ratio{Method: c.Method, Now: now, Before: before, Conf: c.Conf}
	switch c.Method {
	case ExactRatio, MidPRatio:
		if now.Count != math.Floor(now.Count) || before.Count != math.Floor(before.Count) || now.Count+before.Count > largestExact {
			return r, fmt.Errorf("series: the %s method needs whole counts up to %g, not %v and %v; WaldRatio takes others", c.Method, largestExact, now.Count, before.Count)
		}
		r.conditional()
		return r, nil
	case WaldRatio:
		if now.Count == 0 || before.Count == 0 {
			return r, fmt.Errorf("series: ratio %w: %v counts now and %v before; ExactRatio has an interval", ErrNotAssessed, now.Count, before.Count)
		}
		logRatio := math.Log(now.Count/before.Count) - math.Log(now.Exposure/before.Exposure)
		r.wald(logRatio, math.Sqrt(1/now.Count+1/before.Count), 0)
		return r, nil
	}
	return r, fmt.Errorf("series: the method %s models single periods, which two sums have not; use Periods", c.Method)
}

// Periods compares the known periods of one span of a series with those of
// another. The first three methods see their sums; the models see each.
//
// It fails with [ErrNotAssessed] where a span has no known period, and for the
// models where fewer than three are known together, a span has no count above
// zero, or the counts of each span are all the same (which is no scatter).
func (c Comparison) Periods(s *Series, now, before Span) (Ratio, error) {
	if err := c.check(); err != nil {
		return Ratio{}, err
	}
	a, err := s.known(now.From, now.To, c.Offset)
	if err != nil {
		return Ratio{}, err
	}
	b, err := s.known(before.From, before.To, c.Offset)
	if err != nil {
		return Ratio{}, err
	}
	if max(now.From, before.From) < min(now.To, before.To) {
		return Ratio{}, fmt.Errorf("series: the spans %d to %d and %d to %d overlap", now.From+1, now.To, before.From+1, before.To)
	}
	r := Ratio{
		Method: c.Method, Conf: c.Conf, Now: a.sum(), Before: b.sum(),
		NNow: len(a.y), NBefore: len(b.y), MissingNow: a.missing, MissingBefore: b.missing,
	}
	if r.NNow == 0 || r.NBefore == 0 {
		return r, fmt.Errorf("series: ratio %w: %d known periods now and %d before", ErrNotAssessed, r.NNow, r.NBefore)
	}
	switch c.Method {
	case PoissonRatio, QuasiPoissonRatio, NegBinRatio:
		bare := r
		if err := r.model(a, b); err != nil {
			return bare, fmt.Errorf("series: ratio %w: %w", ErrNotAssessed, err)
		}
		return r, nil
	}
	sums, err := c.Counts(r.Now, r.Before)
	sums.NNow, sums.NBefore, sums.MissingNow, sums.MissingBefore = r.NNow, r.NBefore, r.MissingNow, r.MissingBefore
	return sums, err
}

func (c Comparison) check() error {
	switch c.Method {
	case ExactRatio, MidPRatio, WaldRatio, PoissonRatio, QuasiPoissonRatio, NegBinRatio:
		return checkConf(c.Conf)
	}
	return fmt.Errorf("series: no method %q for a ratio; take exact, mid-p, wald, poisson, quasipoisson or negbin", c.Method)
}

// sum is the count and exposure of all known periods together.
func (k known) sum() Rate {
	r := Rate{Exposure: float64(len(k.y))}
	for _, y := range k.y {
		r.Count += y
	}
	if k.exposure != nil {
		r.Exposure = 0
		for _, e := range k.exposure {
			r.Exposure += e
		}
	}
	return r
}

// wald fills the interval and p-values from the logarithm of the ratio and its
// standard error.
func (r *Ratio) wald(logRatio, se float64, df int) {
	ci, stat, p := wald(logRatio, se, r.Conf, df)
	r.Ratio = Interval{math.Exp(ci.Estimate), math.Exp(ci.Lower), math.Exp(ci.Upper)}
	r.SE, r.DF, r.P, r.PMinLike = se, df, p, p
	r.PGreater = p / 2
	if stat < 0 {
		r.PGreater = 1 - p/2
	}
}

// model fits a mean for each span, before first, so that the second coefficient
// is the logarithm of their ratio.
func (r *Ratio) model(now, before known) error {
	n := len(before.y) + len(now.y)
	if n < 3 {
		return fmt.Errorf("%d known periods; a model needs three", n)
	}
	g := glm{x: [][]float64{make([]float64, n), make([]float64, n)}}
	for i := range n {
		g.x[0][i] = 1
		if i >= len(before.y) {
			g.x[1][i] = 1
		}
	}
	g.y = append(append(g.y, before.y...), now.y...)
	if now.exposure != nil {
		g.offset = append(append(g.offset, before.logExposure...), now.logExposure...)
	}
	if err := g.fitTheta(r.Method == NegBinRatio); err != nil {
		return err
	}
	se := math.Sqrt(g.covariance(1, 1))
	if r.Method != QuasiPoissonRatio {
		r.Theta, r.LogLik = g.theta, g.logLikelihood()
		r.wald(g.coef[1], se, 0)
		return nil
	}
	if g.dispersion < noScatter {
		return fmt.Errorf("the counts do not scatter within the spans; WaldRatio has an interval")
	}
	r.Dispersion = g.dispersion
	r.wald(g.coef[1], se*math.Sqrt(g.dispersion), g.df)
	return nil
}
