package series

import "math"

// seasonalLevel follows how far a series is from its model, relative to it, by
// sums that forget: of residuals a, of means b, and of what the variance of a
// would be without any drift, over φ, c.
type seasonalLevel struct{ a, b, c float64 }

func (l *seasonalLevel) forget(rho float64) {
	l.a *= rho
	l.b *= rho
	l.c *= rho * rho
}

// add takes in a count, of the mean given by the model and the level known
// before it. What goes further than an ordinary count does is cut off, but in
// plain passes.
func (l *seasonalLevel) add(y, mean, level, phi float64, plain bool) {
	expected := mean * (1 + level)
	res := y - expected
	if !plain {
		cut := seasonalCut * math.Sqrt(phi*expected)
		res = max(-cut, min(cut, res))
	}
	l.a += res + mean*level
	l.b += mean
	l.c += mean
}

// shrunk is the level as it is best taken to be, where such levels vary by
// drift: a/b, pulled to zero by the share of its variance that is noise.
func (l *seasonalLevel) shrunk(drift, phi float64) float64 {
	if drift == 0 || l.b == 0 {
		return 0
	}
	return max(-0.9, l.a*l.b*drift/(l.b*l.b*drift+phi*l.c))
}

// variance is that of the level given what was seen.
func (l *seasonalLevel) variance(drift, phi float64) float64 {
	if drift == 0 {
		return 0
	}
	return drift * phi * l.c / (l.b*l.b*drift + phi*l.c)
}
