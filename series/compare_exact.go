package series

import "math"

// conditional fills in the exact or the mid-p method. Given the sum of two
// Poisson counts, the first is binomial, with odds of the ratio of the rates
// times the ratio of the exposures; so an interval for the odds is one for the
// ratio of the rates.
func (r *Ratio) conditional() {
	a, b := r.Now.Count, r.Before.Count
	part := 1.0 // of the probability of what was seen
	if r.Method == MidPRatio {
		part = 0.5
	}
	exposures := math.Log(r.Now.Exposure / r.Before.Exposure)
	alpha := (1 - r.Conf) / 2
	r.Ratio.Estimate = a / b * (r.Before.Exposure / r.Now.Exposure)
	r.Ratio.Lower = math.Exp(lowerLogOdds(a, b, part, alpha) - exposures)
	r.Ratio.Upper = math.Exp(-lowerLogOdds(b, a, part, alpha) - exposures)

	below, at, above := binomialTails(a, a+b, exposures)
	less, greater := below+part*at, above+part*at
	r.P = math.Min(1, 2*math.Min(less, greater))
	r.PGreater, r.PMinLike = greater, r.P
	if r.Method == ExactRatio {
		r.PMinLike = minLikelihood(a, a+b, exposures, below, at, above)
	}
}

// lowerLogOdds is the logarithm of the odds at which seeing more than a of a+b,
// and the given part of seeing a itself, has the probability alpha. It rises
// with the odds, so that the root is one; Newton's steps on its logarithm find
// it, held within a bracket.
func lowerLogOdds(a, b, part, alpha float64) float64 {
	if a == 0 {
		return math.Inf(-1)
	}
	n := a + b
	target := math.Log(alpha)
	lo, hi := -800.0, 800.0 // beyond which a probability is 0 in floating point
	theta := math.Log(a) - math.Log(b+1) - 2/math.Sqrt(a)
	for range 200 {
		_, at, above := binomialTails(a, n, theta)
		seen := above + part*at
		f := math.Log(seen) - target
		if f > 0 {
			hi = theta
		} else {
			lo = theta
		}
		// d/dtheta of P(X >= a) is at·a·(1-p), that of P(X > a) is at·b·p.
		p, q := 1/(1+math.Exp(-theta)), 1/(1+math.Exp(theta))
		next := theta - f*seen/(at*(part*a*q+(1-part)*b*p))
		if !(next > lo && next < hi) {
			next = (lo + hi) / 2
		}
		if math.Abs(next-theta) <= 1e-15*math.Max(1, math.Abs(theta)) {
			return next
		}
		theta = next
	}
	return theta
}

// minLikelihood is the probability of all outcomes of n trials at log odds
// theta that are no likelier than k, which has the probability at. Likelihoods
// that differ by less than 1e-7 of themselves are taken to be the same, as R does.
func minLikelihood(k, n, theta, below, at, above float64) float64 {
	p, q := 1/(1+math.Exp(-theta)), 1/(1+math.Exp(theta))
	mean := n * p
	if k == mean || n == 0 {
		return 1
	}
	bound := math.Log(at) + 1e-7
	likely := func(j float64) bool { return logBinomial(j, n-j, p, q) > bound }
	if k < mean {
		lo, hi := math.Ceil(mean)-1, n+1 // the first beyond the mean that is not likelier
		for hi-lo > 1 {
			if m := math.Floor((lo + hi) / 2); likely(m) {
				lo = m
			} else {
				hi = m
			}
		}
		if hi > n {
			return math.Min(1, below+at)
		}
		_, there, beyond := binomialTails(hi, n, theta)
		return math.Min(1, below+at+there+beyond)
	}
	lo, hi := -1.0, math.Floor(mean)+1
	for hi-lo > 1 {
		if m := math.Floor((lo + hi) / 2); likely(m) {
			hi = m
		} else {
			lo = m
		}
	}
	if lo < 0 {
		return math.Min(1, at+above)
	}
	before, there, _ := binomialTails(lo, n, theta)
	return math.Min(1, at+above+before+there)
}
