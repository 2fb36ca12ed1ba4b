package series

import "math"

// negBin is sup over κ of the log ratio of negative binomial counts,
//
//	Σ κx + (x + 1/α)·log((1+α·mu)/(1+α·mu·exp(κ))), k … n
//
// (Höhle and Paul 2008, section 2.1) where the open count is x. The sum is
// concave in κ, so its slope at 0 says whether the best κ is on the side that
// is looked at; Newton's steps find it; where one would leave the bracket
// known so far, its middle is taken instead.
func (r *glrRun) negBin(k int, x float64) float64 {
	n := len(r.x) - 1
	slope := r.score[k] + (x-r.mu[n])/(1+r.alpha*r.mu[n])
	if !(r.sign*slope > 0) {
		r.kappa[k] = 0
		return 0
	}
	r.x[n] = x
	if r.counts[k]+x == 0 {
		return r.negBinAt(k, math.Inf(-1))
	}
	lo, hi := 0.0, math.Inf(1) // the slope falls from above 0 to below
	if r.sign < 0 {
		lo, hi = math.Inf(-1), 0
	}
	kappa := r.kappa[k]
	for range 200 {
		slope, curve := r.negBinSlope(k, kappa)
		if slope > 0 {
			lo = kappa
		} else {
			hi = kappa
		}
		step := slope / curve
		if math.Abs(step) <= 1e-9 {
			kappa += step
			break
		}
		next := kappa + math.Max(-5, math.Min(5, step))
		if !(next > lo && next < hi) {
			next = (math.Max(lo, kappa-5) + math.Min(hi, kappa+5)) / 2
		}
		kappa = next
	}
	r.kappa[k] = kappa
	return math.Max(0, r.negBinAt(k, kappa))
}

// negBinSlope is the first derivative of the sum by κ, and less its second.
func (r *glrRun) negBinSlope(k int, kappa float64) (slope, curve float64) {
	e := math.Exp(kappa)
	x := r.x[k:]
	for i, mu := range r.mu[k:] {
		d := 1 / (1 + r.alpha*e*mu)
		slope += (x[i] - e*mu) * d
		curve += mu * (r.alpha*x[i] + 1) * d * d
	}
	return slope, curve * e
}

// negBinAt is the sum at κ.
func (r *glrRun) negBinAt(k int, kappa float64) float64 {
	e := math.Exp(kappa)
	x := r.x[k:]
	var sum float64
	for i, mu := range r.mu[k:] {
		if x[i] > 0 {
			sum += kappa * x[i]
		}
		sum += (x[i] + 1/r.alpha) * (math.Log1p(r.alpha*mu) - math.Log1p(r.alpha*mu*e))
	}
	return sum
}
