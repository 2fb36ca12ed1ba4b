package series

import "math"

// seasonalHigh is the tail in which a count must lie for the period before to
// be looked at with it: an outbreak that goes on is still seen.
const seasonalHigh = 0.1

// seasonalLooks are the looks at a period, which share its false alarms.
type seasonalLooks struct {
	only seasonalLook // at a period of which the one before is not known
	one  seasonalLook // at a period by itself
	two  seasonalLook // at its sum with the one before
	high seasonalLook // how high it must be for the sum to count
}

// looks shares Alpha among the looks so that independent normal periods alarm
// with probability Alpha: by itself with probability a, or, being high and the
// one before having been quiet by itself, together with that one with
// probability Memory·a.
func (d Seasonal) looks() seasonalLooks {
	a := d.Alpha
	if d.Memory > 0 {
		lo, hi := 0.0, d.Alpha
		for range 50 {
			if a = (lo + hi) / 2; a+d.together(a) > d.Alpha {
				hi = a
			} else {
				lo = a
			}
		}
	}
	return seasonalLooks{
		only: newSeasonalLook(d.Alpha), one: newSeasonalLook(a),
		two: newSeasonalLook(min(0.5, d.Memory*a)), high: newSeasonalLook(max(seasonalHigh, a)),
	}
}

// together is the probability of an alarm by the sum alone, where a is that of
// an alarm by the period itself.
func (d Seasonal) together(a float64) float64 {
	z1, z2 := qnorm(1-a), qnorm(1-min(0.5, d.Memory*a))
	from := qnorm(1 - max(seasonalHigh, a))
	const n = 64
	sum, width := 0.0, (z1-from)/n
	for i := range n {
		x := from + width*(float64(i)+0.5)
		// The one before must be above this, and below z1.
		sum += width * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) * max(0, pnormUpper(math.Sqrt2*z2-x)-a)
	}
	return sum
}

// seasonalLook is a tail probability below which a count is improbable.
type seasonalLook struct{ alpha, z float64 }

func newSeasonalLook(alpha float64) seasonalLook { return seasonalLook{alpha, qnorm(1 - alpha)} }

// widen is φ made larger for its being estimated with free degrees of freedom:
// by the square of Student's over the normal quantile (Cornish and Fisher's
// expansion, Abramowitz and Stegun 26.7.5, to the third power).
func (l seasonalLook) widen(phi, free float64) float64 {
	z2 := l.z * l.z
	r := 1 + (z2+1+((5*z2+16)*z2+3+(((3*z2+19)*z2+17)*z2-15)/(4*free))/(24*free))/(4*free)
	return phi * r * r
}

// bound is where the mid-p value of a count of that mean and variance φ·mean
// falls to alpha: counts above it are improbable. Between two counts it goes by
// the logarithm of the mid-p value, so that it says how near either of them is.
func (l seasonalLook) bound(mean, phi, free float64) float64 {
	phi = l.widen(phi, free)
	size := seasonalSize(mean, phi)
	k := qnbinom(1-l.alpha, size, mean)
	below, at := pnbinomUpper(k-1, size, mean), pnbinomUpper(k, size, mean)
	mid := (below + at) / 2
	var next float64
	if mid >= l.alpha {
		next = (at + pnbinomUpper(k+1, size, mean)) / 2
	} else {
		k--
		next = mid
		mid = (pnbinomUpper(k-1, size, mean) + below) / 2
	}
	if f := math.Log(mid/l.alpha) / math.Log(mid/next); f > 0 && f < 1 {
		k += f
	}
	return k
}

// quiet says whether a count is not improbable.
func (l seasonalLook) quiet(y, mean, phi, free float64) bool {
	phi = l.widen(phi, free)
	size := seasonalSize(mean, phi)
	return pnbinomUpper(y-1, size, mean)+pnbinomUpper(y, size, mean) >= 2*l.alpha
}

// seasonalSize is the size of a negative binomial variable of variance φ·mean.
func seasonalSize(mean, phi float64) float64 {
	if phi < 1+1e-9 {
		return math.Inf(1)
	}
	return mean / (phi - 1)
}

// seasonalLogMass is the logarithm of the probability of the count y.
func seasonalLogMass(y, mean, phi float64) float64 {
	if phi < 1+1e-6 {
		return y*math.Log(mean) - mean - seasonalLogGamma(y+1)
	}
	size := mean / (phi - 1)
	none := -size * math.Log(phi)
	if y == 0 {
		return none
	}
	return none + y*math.Log1p(-1/phi) + seasonalLogGamma(y+size) - seasonalLogGamma(size) - seasonalLogGamma(y+1)
}

func seasonalLogGamma(x float64) float64 { v, _ := math.Lgamma(x); return v }
