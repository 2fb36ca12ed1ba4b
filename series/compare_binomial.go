package series

import "math"

// logBinomial is the logarithm of the probability of k hits and l misses in k+l
// trials, of probability p each with q = 1-p, by Loader's saddle point expansion
// (C. Loader, Fast and accurate computation of binomial probabilities, 2000),
// which does not cancel however many the trials are. Neither k nor l need be whole.
func logBinomial(k, l, p, q float64) float64 {
	switch {
	case k < 0 || l < 0:
		return math.Inf(-1)
	case k == 0:
		return allOf(l, q, p)
	case l == 0:
		return allOf(k, p, q)
	}
	n := k + l
	return stirlingError(n) - stirlingError(k) - stirlingError(l) - deviancePart(k, n*p) - deviancePart(l, n*q) -
		(math.Log(2*math.Pi)+math.Log(k)+math.Log(l/n))/2
}

// allOf is log(pⁿ), where q = 1-p.
func allOf(n, p, q float64) float64 {
	switch {
	case n == 0:
		return 0
	case q < p:
		return n * math.Log1p(-q)
	}
	return n * math.Log(p)
}

// logPoisson is the logarithm of the probability of y where mu is expected.
func logPoisson(y, mu float64) float64 {
	if y == 0 {
		return -mu
	}
	return -stirlingError(y) - deviancePart(y, mu) - math.Log(2*math.Pi*y)/2
}

// poissonDeviance is deviancePart, also where nothing was counted.
func poissonDeviance(y, mu float64) float64 {
	if y == 0 {
		return mu
	}
	return deviancePart(y, mu)
}

// stirlingError is log(x!) less Stirling's approximation of it.
func stirlingError(x float64) float64 {
	if x < 16 {
		g, _ := math.Lgamma(x + 1)
		return g - (x+0.5)*math.Log(x) + x - math.Log(2*math.Pi)/2
	}
	s := 1 / (x * x)
	return (1.0/12 - s*(1.0/360-s*(1.0/1260-s*(1.0/1680-s/1188)))) / x
}

// deviancePart is x log(x/m) + m - x.
func deviancePart(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	sum, term := (x-m)*v, 2*x*v
	for k := 3.0; k < 40; k += 2 { // v is less than 0.1
		term *= v * v
		sum += term / k
	}
	return sum
}

// binomialTails is P(X < k), P(X = k) and P(X > k) of n trials at the log odds
// theta. The smaller of the two tails is summed term by term, all positive,
// so that its relative error stays small however far out it is.
func binomialTails(k, n, theta float64) (below, at, above float64) {
	odds := math.Exp(theta)
	p, q := 1/(1+math.Exp(-theta)), 1/(1+odds)
	at = math.Exp(logBinomial(k, n-k, p, q))
	if k >= n*p {
		above = at * tailTerms(n-k, k, odds)
		return math.Max(0, 1-at-above), at, above
	}
	below = at * tailTerms(k, n-k, 1/odds)
	return below, at, math.Max(0, 1-at-below)
}

// tailTerms is the sum of P(X = k+1), P(X = k+2), ... in units of P(X = k),
// where left = n-k.
func tailTerms(left, k, odds float64) float64 {
	sum, term := 0.0, 1.0
	for left > 0 {
		k++
		term *= left / k * odds
		left--
		sum += term
		if term <= sum*0x1p-54 {
			break
		}
	}
	return sum
}
