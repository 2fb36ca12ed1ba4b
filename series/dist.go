package series

import "math"

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
	// df/(df+t²) is beta(df/2, 1/2), t²/(df+t²) its complement; the logarithm
	// of their ratio is found from the smaller of the two probabilities.
	logit := 0.0
	if tail < 0.25 {
		logit = -betaLogit(2*tail, df/2, 0.5)
	} else {
		logit = betaLogit(1-2*tail, 0.5, df/2)
	}
	return math.Copysign(math.Sqrt(df)*math.Exp(logit/2), p-0.5)
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

// qbeta is the p-quantile of the beta distribution: Newton's method on the
// logarithm of the nearer tail, as a function of log(x/(1-x)), inside a bracket.
func qbeta(p, a, b float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || !(a > 0) || !(b > 0) || !(a+b < 1e300):
		return math.NaN()
	case p == 0 || p == 1:
		return p
	case p > 0.5:
		// The upper tail of x is the lower one of its complement.
		return 1 / (1 + math.Exp(betaLogit(1-p, b, a)))
	}
	return 1 / (1 + math.Exp(-betaLogit(p, a, b)))
}

// betaLogit is log(x/(1-x)) of the p-quantile x of the beta distribution.
func betaLogit(p, a, b float64) float64 {
	lo, hi := -745.0, 745.0
	u := math.Log(a/b) + qnorm(p)*math.Sqrt(1/a+1/b)
	for range 200 {
		if !(u > lo && u < hi) {
			u = (lo + hi) / 2
		}
		x, y := 1/(1+math.Exp(-u)), 1/(1+math.Exp(u))
		lower, _ := ibeta(x, y, a, b)
		if lower == p {
			break
		}
		if lower < p {
			lo = u
		} else {
			hi = u
		}
		step := math.Log(lower/p) * lower / (a * ibetaFront(x, y, a, b))
		if math.Abs(step) < 1e-15*math.Max(1, math.Abs(u)) || hi-lo < 1e-15*math.Abs(u) {
			break
		}
		u -= step // outside the bracket, or no number, it is halved next
	}
	return u
}
