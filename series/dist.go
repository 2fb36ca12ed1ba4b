package series

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// The distributions that bounds and intervals are read from. Tails keep their
// relative accuracy however small they are, quantiles of counts are exact, and
// every argument gives an answer: NaN where there is none.

// qnorm is the p-quantile of the standard normal distribution: Wichura (1988),
// algorithm AS 241, PPND16, relative error about 1e-16.
func qnorm(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - q*q
		return q * poly(r, &ppndA) / poly(r, &ppndB)
	}
	r := p
	if q > 0 {
		r = 1 - p
	}
	switch {
	case !(r >= 0): // below 0, above 1, or NaN
		return math.NaN()
	case r == 0:
		return math.Copysign(math.Inf(1), q)
	}
	r = math.Sqrt(-math.Log(r))
	if r <= 5 {
		r = poly(r-1.6, &ppndC) / poly(r-1.6, &ppndD)
	} else {
		r = poly(r-5, &ppndE) / poly(r-5, &ppndF)
	}
	return math.Copysign(r, q)
}

// Coefficients of AS 241, of rising powers.
var (
	ppndA = [8]float64{3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
		4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3}
	ppndB = [8]float64{1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
		2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3}
	ppndC = [8]float64{1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
		1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4}
	ppndD = [8]float64{1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}
	ppndE = [8]float64{6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
		2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7}
	ppndF = [8]float64{1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
		7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}
)

func poly(x float64, c *[8]float64) float64 {
	return ((((((c[7]*x+c[6])*x+c[5])*x+c[4])*x+c[3])*x+c[2])*x+c[1])*x + c[0]
}

// pnormUpper is P(X > x) of the standard normal distribution.
func pnormUpper(x float64) float64 { return math.Erfc(x/math.Sqrt2) / 2 }

// qt is the p-quantile of Student's t distribution with df degrees of freedom.
func qt(p, df float64) float64 {
	tail := math.Min(p, 1-p)
	switch {
	case !(tail >= 0) || !(df > 0):
		return math.NaN()
	case p == 0.5:
		return 0
	case tail == 0:
		return math.Copysign(math.Inf(1), p-0.5)
	case math.IsInf(df, 1):
		return qnorm(p)
	}
	// t²/(df+t²) is beta(1/2, df/2); of it and its complement the one below
	// 1/2 is sought, where digits are not lost.
	var t2 float64
	if y := qbeta(1-2*tail, 0.5, df/2); y < 0.5 && tail > 0.01 {
		t2 = df * y / (1 - y)
	} else {
		x := qbeta(2*tail, df/2, 0.5)
		t2 = df * (1 - x) / x
	}
	return math.Copysign(math.Sqrt(t2), p-0.5)
}

// ptTwoSided is P(|X| >= |t|) of Student's t distribution.
func ptTwoSided(t, df float64) float64 {
	switch {
	case math.IsNaN(t) || !(df > 0):
		return math.NaN()
	case math.IsInf(df, 1):
		return 2 * pnormUpper(math.Abs(t))
	case math.IsInf(t*t, 0):
		return 0
	}
	_, upper := ibeta(t*t/(df+t*t), df/(df+t*t), 0.5, df/2)
	return upper
}

// qbeta is the p-quantile of the beta distribution.
func qbeta(p, a, b float64) float64 {
	if !(p >= 0 && p <= 1) || !(a > 0) || !(b > 0) || math.IsInf(a, 0) || math.IsInf(b, 0) {
		return math.NaN()
	}
	x := mathext.InvRegIncBeta(a, b, p)
	// Newton's step with the sharper distribution function, twice at most.
	for range 2 {
		if !(x > 0 && x < 1) || math.Max(a, b) > countless {
			break
		}
		lower, upper := ibeta(x, 1-x, a, b)
		density := ibetaFront(x, 1-x, a, b) * a / x / (1 - x)
		step := (lower - p) / density
		if lower > 0.5 {
			step = (1 - p - upper) / density
		}
		if !(x-step > 0 && x-step < 1) || math.Abs(step) > 0.01*x {
			break
		}
		x -= step
	}
	return x
}

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

// ibeta is the regularised incomplete beta function of x and its complement,
// where y is 1-x: the smaller of the two keeps its relative accuracy. It is the
// continued fraction of DiDonato and Morris (1992), algorithm 708, equation 8,
// by Lentz's method.
func ibeta(x, y, a, b float64) (lower, upper float64) {
	lambda := a*y - b*x
	switch {
	case !(a > 0) || !(b > 0) || math.IsNaN(lambda):
		return math.NaN(), math.NaN()
	case x <= 0:
		return 0, 1
	case y <= 0:
		return 1, 0
	case lambda < 0:
		upper, lower = ibeta(y, x, b, a)
		return lower, upper
	}
	h := away(a / (a + 1) * (lambda + 1))
	c, d := h, 0.0
	for n := 1.0; n < steps; n++ {
		r := n * (b - n) * x / (a + 2*n - 1)
		alpha := (a + n - 1) / (a + 2*n - 1) * (a + b + n - 1) * x * r
		beta := n + r + (a+n)/(a+2*n+1)*(lambda+1+n*(1+y))
		d = 1 / away(beta+alpha*d)
		c = away(beta + alpha/c)
		h *= c * d
		if math.Abs(c*d-1) < 1e-16 {
			break
		}
	}
	lower = math.Min(1, ibetaFront(x, y, a, b)*a/h)
	return lower, 1 - lower
}

const (
	tiny  = 1e-300
	steps = 1 << 16 // of a continued fraction: several times what any below countless needs
)

// away keeps a denominator of Lentz's method from zero.
func away(x float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}

// ibetaFront is x^a y^b / (a B(a,b)), which is also the probability of the
// count a of a negative binomial variable of size b. It is put together as in
// Loader (2000), Fast and Accurate Computation of Binomial Probabilities, so
// that nothing large cancels.
func ibetaFront(x, y, a, b float64) float64 {
	e := stirlingRest(a+b) - stirlingRest(a) - stirlingRest(b) - deviance(a, (a+b)*x) - deviance(b, (a+b)*y)
	return math.Exp(e) * math.Sqrt(b/(2*math.Pi*a*(a+b)))
}

// stirlingRest is log(n!) less Stirling's formula for it.
func stirlingRest(n float64) float64 {
	if n < 15 {
		lg, _ := math.Lgamma(n + 1)
		return lg - (n+0.5)*math.Log(n) + n - 0.918938533204672741780
	}
	r := 1 / (n * n)
	return (1./12 - (1./360-(1./1260-(1./1680-(1./1188-691./360360*r)*r)*r)*r)*r) / n
}

// deviance is x log(x/m) + m - x, without cancellation where x is near m.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	sum := (x - m) * v
	term := 2 * x * v
	v *= v
	for j := 3.0; j < 40; j += 2 { // v² is below 0.01
		term *= v
		sum += term / j
	}
	return sum
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
