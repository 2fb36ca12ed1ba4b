package series

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// countless is where counts are taken to be continuous: above it the tails of
// counts are those of a gamma variable of the same mean and variance, whose
// bounds then differ by less than one in a million.
const countless = 1e10

// ppoisUpper is P(X > k) of a Poisson variable with mean mu.
func ppoisUpper(k, mu float64) float64 {
	k = math.Floor(k)
	switch {
	case math.IsNaN(k) || !(mu >= 0) || math.IsInf(mu, 1):
		return math.NaN()
	case k < 0:
		return 1
	case mu == 0 || math.IsInf(k, 1):
		return 0
	case k == 0:
		return -math.Expm1(-mu)
	case math.Max(k, mu) > countless:
		return gammaUpper(k, mu, mu)
	}
	a := k + 1
	front := math.Exp(-stirlingRest(a)-deviance(a, mu)) / math.Sqrt(2*math.Pi*a)
	if mu < a+1 {
		sum, term := 1.0, 1.0
		for j := a + 1; term > 1e-17*sum; j++ {
			term *= mu / j
			sum += term
		}
		return front * sum
	}
	// The lower tail, as a continued fraction by Lentz's method.
	b := mu + 1 - a
	c := 1 / tiny
	d := 1 / b
	h := d
	for i := 1.0; i < steps; i++ {
		an := i * (a - i)
		b += 2
		d = 1 / away(an*d+b)
		c = away(b + an/c)
		h *= d * c
		if math.Abs(d*c-1) < 1e-16 {
			break
		}
	}
	return math.Max(0, 1-front*a*h)
}

// pnbinomUpper is P(X > k) of a negative binomial variable with that size and
// mean: variance mu + mu²/size.
func pnbinomUpper(k, size, mu float64) float64 {
	k = math.Floor(k)
	switch {
	case math.IsNaN(k) || !(size > 0) || !(mu >= 0) || math.IsInf(mu, 1):
		return math.NaN()
	case math.IsInf(size, 1):
		return ppoisUpper(k, mu)
	case k < 0:
		return 1
	case mu == 0 || math.IsInf(k, 1):
		return 0
	case k == 0:
		return -math.Expm1(-size * math.Log1p(mu/size))
	case math.Max(k, mu) > countless:
		return gammaUpper(k, mu, mu*(1+mu/size))
	}
	switch m := math.Max(k, mu); {
	case size > 1e15*m*m: // Poisson to the last digit
		return ppoisUpper(k, mu)
	case size < 0.01 && mu/size > 1e6:
		return rareUpper(k, size, mu)
	}
	upper, _ := ibeta(mu/(size+mu), size/(size+mu), k+1, size)
	return upper
}

// rareUpper is P(X > k) of a negative binomial variable that is nearly always
// zero and else enormous, for which the continued fraction is slow; good to 1e-8.
func rareUpper(k, size, mu float64) float64 {
	if k > 1e4 {
		return mathext.GammaIncRegComp(size, (k+0.5)*math.Log1p(size/mu))
	}
	x := mu / (size + mu)
	zero := size * math.Log1p(mu/size)
	sum, term := -math.Expm1(-zero), math.Exp(-zero)
	for j := 0.0; j < k; j++ {
		term *= x * (size + j) / (j + 1)
		sum -= term
	}
	return sum
}

// gammaUpper is P(X > k) of a variable that is as good as continuous.
func gammaUpper(k, mean, variance float64) float64 {
	shape := mean / variance * mean
	if !(shape > 0) || math.IsInf(shape, 1) || math.IsInf(variance, 1) {
		return math.NaN()
	}
	return mathext.GammaIncRegComp(shape, (k+0.5)/variance*mean)
}

// met is by how much of itself a probability may be missed and still be met.
const met = 0x1p-48

// qpois is the smallest k with P(X <= k) >= p of a Poisson variable with mean mu.
func qpois(p, mu float64) float64 { return qnbinom(p, math.Inf(1), mu) }

// qnbinom is the smallest k with P(X <= k) >= p of a negative binomial variable;
// an infinite size is a Poisson variable. Where P(X <= k) is p but for
// rounding, it is k.
func qnbinom(p, size, mu float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || !(size > 0) || !(mu >= 0) || math.IsInf(mu, 1):
		return math.NaN()
	case p == 0 || mu == 0:
		return 0
	case p == 1:
		return math.Inf(1)
	}
	// Near zero the probabilities are summed up from there; the sum is good to
	// 1e-13 of p, so the last digits of p are left to the tails.
	zero := -mu
	if !math.IsInf(size, 1) {
		zero = -size * math.Log1p(mu/size)
	}
	if mu < 200 && zero > -600 && p < 1-1e-6 {
		if k := fromZero(p, math.Exp(zero), size, mu); k >= 0 {
			return k
		}
	}
	return fromTail(p, size, mu)
}

// fromZero sums probabilities from that of zero until they reach p; it gives up
// with -1 after some hundreds.
func fromZero(p, zero, size, mu float64) float64 {
	first, x := mu, 0.0 // the ratio of two neighbours is first/k + x·(k-1)/k
	if !math.IsInf(size, 1) {
		x = mu / (size + mu)
		first = size * x
	}
	p *= 1 - met
	sum, term := zero, zero
	for k := 0; k < 1024; k++ {
		if sum >= p {
			return float64(k)
		}
		term *= (first + x*float64(k)) / float64(k+1)
		sum += term
	}
	return -1
}

// fromTail searches with the exact tail: from a Cornish-Fisher guess outwards
// until the quantile is between two counts, then inwards along the logarithm of
// the tail, halving where that is slow.
func fromTail(p, size, mu float64) float64 {
	tail := 1 - p + met*p
	sd := math.Sqrt(mu) * math.Sqrt(1+mu/size)
	z, skew := qnorm(p), (1+2*mu/size)/sd
	k := math.Max(0, math.Floor(mu+sd*(z+skew*(z*z-1)/6)))
	if math.IsNaN(k) || math.IsInf(k, 0) {
		return math.NaN()
	}
	lo, hi := -1.0, math.Inf(1) // upper(lo) > tail >= upper(hi)
	uLo, uHi := 1.0, 0.0
	width := hi
	step := math.Max(1, math.Floor(sd/64))
	for range 4096 { // enough to double a step past any number and to halve it back
		switch u := pnbinomUpper(k, size, mu); {
		case u > tail:
			lo, uLo = k, u
		case u <= tail:
			hi, uHi = k, u
		default:
			return math.NaN()
		}
		if hi-lo <= math.Max(1, math.Min(hi, math.MaxFloat64)*0x1p-52) {
			return hi
		}
		slow := hi-lo > width/2
		width = hi - lo
		switch {
		case math.IsInf(hi, 1):
			k, step = k+step, 2*step
			continue
		case lo < 0 && hi-step > 0:
			k, step = hi-step, 2*step
			continue
		case slow || !(uHi > 0):
			k = math.Floor(lo + (hi-lo)/2)
		default:
			k = math.Floor(lo + (hi-lo)*math.Log(uLo/tail)/math.Log(uLo/uHi))
		}
		k = math.Min(math.Max(k, lo+1), hi-1)
	}
	return hi
}
