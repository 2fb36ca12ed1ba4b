package series

import "math"

// farringtonPower is the bound of a count whose power is taken as normal
// (Farrington 1996, section 3.6 for 2/3), and the probability of a count so
// large. The standard error se is that of the mean.
func farringtonPower(powertrans string, mean, se, phi, z, y float64) (upper, tail float64) {
	tau := phi + se*se/mean
	var sd, power float64
	switch powertrans {
	case "none":
		sd, power = math.Sqrt(mean*tau), 1
	case "1/2":
		sd, power = math.Sqrt(tau/4), 0.5
	default:
		sd, power = math.Sqrt(4./9*math.Cbrt(mean)*tau), 2./3
	}
	raise := func(x float64) float64 {
		switch power {
		case 0.5:
			return math.Sqrt(x)
		case 1:
			return x
		}
		r := math.Cbrt(x)
		return r * r
	}
	centre := raise(mean)
	upper = centre + math.Abs(z)*sd
	switch power {
	case 0.5:
		upper *= upper
	case 1:
	default:
		upper *= math.Sqrt(upper)
	}
	return upper, pnormUpper((raise(y) - centre) / sd)
}

// farringtonCount is the bound of a negative binomial count of that mean and
// variance phi·mean, or of a Poisson count where phi is 1 (Noufaily 2013,
// section 3.4), and the probability of a count so large.
func farringtonCount(mean, phi, alpha, y float64, full bool) (upper, tail float64) {
	size := math.Inf(1)
	if phi > 1 {
		size = mean / (phi - 1)
	}
	tail = math.NaN()
	if full {
		tail = pnbinomUpper(y-1, size, mean)
	}
	return qnbinom(1-alpha, size, mean), tail
}
