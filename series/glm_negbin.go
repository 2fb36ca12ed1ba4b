package series

import "math"

// fitTheta estimates theta too where asked to, else it is as given.
func (g *glm) fitTheta(negBin bool) error {
	if negBin {
		return g.fitNegBin()
	}
	return g.fit()
}

// fitNegBin fits coefficients and theta of a negative binomial by maximum
// likelihood, in turns: one given the other, until both stand still (Venables
// and Ripley 2002, section 7.4). A theta of +Inf says that the counts do not
// vary more than Poisson's, and that the fit is Poisson's.
func (g *glm) fitNegBin() error {
	g.theta = 0
	if err := g.fit(); err != nil {
		return err
	}
	theta := g.sizeGivenMeans()
	for range negBinMaxTurns {
		g.theta = theta
		if err := g.steps(true); err != nil {
			return err
		}
		if math.IsInf(theta, 1) {
			return nil
		}
		theta = g.sizeGivenMeans()
		if math.Abs(theta-g.theta) <= negBinEpsilon*g.theta {
			return nil
		}
	}
	return errDiverged
}

const (
	negBinMaxTurns = 100
	negBinEpsilon  = 1e-9 // relative change of theta at which it stands still
	// The least mean/theta that is told from Poisson: the variance would be
	// above the mean by that part.
	negBinLeast = 1e-9
)

// sizeGivenMeans is the theta of greatest likelihood at the means: the root of
// its score. It is +Inf where the likelihood still rises towards Poisson.
func (g *glm) sizeGivenMeans() float64 {
	most := 0.0
	for _, mu := range g.mu {
		most = math.Max(most, mu)
	}
	// Bracket the root from the mean of the counts, in steps of e.
	lo, hi := math.Log(most), math.Log(most)
	flo := g.scoreOfSize(math.Exp(lo))
	fhi := flo
	for ; !(flo > 0) && lo > -50; flo = g.scoreOfSize(math.Exp(lo)) {
		hi, fhi = lo, flo
		lo--
	}
	for ; fhi > 0; fhi = g.scoreOfSize(math.Exp(hi)) {
		lo, flo = hi, fhi
		hi++
		if most*math.Exp(-hi) < negBinLeast {
			return math.Inf(1)
		}
	}
	// Regula falsi with the weight of the end that stays halved (Illinois).
	stay := 0
	for range 200 {
		if hi-lo <= 1e-13*math.Max(1, math.Abs(hi)) || flo == fhi {
			break
		}
		m := hi - fhi*(hi-lo)/(fhi-flo)
		if !(m > lo && m < hi) {
			m = (lo + hi) / 2
		}
		switch f := g.scoreOfSize(math.Exp(m)); {
		case f > 0:
			lo, flo = m, f
			if stay > 0 {
				fhi /= 2
			}
			stay = 1
		case f < 0:
			hi, fhi = m, f
			if stay < 0 {
				flo /= 2
			}
			stay = -1
		default:
			return math.Exp(m)
		}
	}
	return math.Exp((lo + hi) / 2)
}

// scoreOfSize is the derivative of the log-likelihood by theta, times theta²
// so that it neither vanishes nor cancels where theta is large:
// psi(y+theta) - psi(theta) + log(theta/(theta+mu)) + 1 - (y+theta)/(mu+theta).
func (g *glm) scoreOfSize(theta float64) float64 {
	sum := 0.0
	for i, mu := range g.mu {
		w, y := g.weight(i), g.y[i]
		if w == 0 {
			continue
		}
		d := (y - mu) / (theta + mu)
		sum += w * (digammaRise(theta, y) + log1pMinus(d))
	}
	return sum * theta * theta
}

// negBinDeviance is y log(y/mu) - (y+theta) log((y+theta)/(mu+theta)), half of
// what a count adds to the deviance. The two terms may be 10⁹ times as large as
// their difference; which way around that is good depends on theta.
func negBinDeviance(y, mu, theta float64) float64 {
	d := y - mu
	if theta > math.Abs(d)/2 {
		return poissonDeviance(y, mu) - deviancePart(y+theta, mu+theta)
	}
	v := -theta * logOf((y+theta)/(mu+theta), d/(mu+theta))
	if y > 0 {
		v += y * logOf(y/mu*((mu+theta)/(y+theta)), d/mu*(theta/(y+theta)))
	}
	return v
}

// logOf is log(x), where d is x-1 without its rounding.
func logOf(x, d float64) float64 {
	if math.Abs(d) < 0.5 {
		return math.Log1p(d)
	}
	return math.Log(x)
}

// digammaRise is psi(a+y) - psi(a) - log((a+y)/a), without the cancellation
// between its terms where y is much smaller than a.
func digammaRise(a, y float64) float64 {
	rise, b := 0.0, a+y
	if m := math.Ceil(20 - a); m > 0 { // psi(x) = psi(x+1) - 1/x, up to where the series holds
		rise = math.Log1p(m/b) - math.Log1p(m/a)
		for ; m > 0; m-- {
			rise += y / (a * b)
			a++
			b++
		}
	}
	// psi(x) = log x - 1/2x - 1/12x² + 1/120x⁴ - 1/252x⁶ + 1/240x⁸ - ...
	s, t := 1/(a*a), 1/(b*b)
	series := func(s float64) float64 { return s * s * (1.0/120 - s*(1.0/252-s/240)) }
	return rise + y/(2*a*b)*(1+(a+b)/(6*a*b)) + series(t) - series(s)
}

// log1pMinus is log(1+d) - d.
func log1pMinus(d float64) float64 {
	if math.Abs(d) > 0.01 {
		return math.Log1p(d) - d
	}
	sum, power := 0.0, -d
	for k := 2.0; k < 12; k++ {
		power *= -d
		sum -= power / k
	}
	return sum
}

// logLikelihood is that of the counts under the fitted means.
func (g *glm) logLikelihood() float64 {
	sum := 0.0
	for i, mu := range g.mu {
		y, size := g.y[i], g.theta
		if g.poisson() {
			sum += g.weight(i) * logPoisson(y, mu)
		} else {
			l := logBinomial(size, y, size/(size+mu), mu/(size+mu))
			sum += g.weight(i) * (l - math.Log1p(y/size))
		}
	}
	return sum
}
