package series

import "math"

// before is e of the means before the last step; without a slope e stays.
func (f *farringtonFit) before() []float64 {
	if f.trend {
		return f.eOld
	}
	return f.e
}

// pearson is Σ w·meanOld·((count-mean)/mean)² over the degrees of freedom: R's
// estimate of the dispersion, in which the working weights are those of the
// last step and so one step older than the means.
func (f *farringtonFit) pearson() float64 {
	sum := 0.0
	for _, r := range f.runs {
		l := &f.levels[r.level]
		e, old, counts := f.e[r.from:r.to], f.before()[r.from:r.to], f.counts[r.from:r.to]
		part := 0.0
		for i, w := range f.weights[r.from:r.to] {
			d := counts[i]/(l.exp*e[i]) - 1
			part += w * old[i] * d * d
		}
		sum += l.expOld * part
	}
	return sum / f.freedom()
}

// pearsonOverwritten is the dispersion that R's package surveillance sees after
// it has put Farrington's weights in the place of the working weights.
func (f *farringtonFit) pearsonOverwritten() float64 {
	sum := 0.0
	for _, r := range f.runs {
		l := &f.levels[r.level]
		e, counts := f.e[r.from:r.to], f.counts[r.from:r.to]
		for i, w := range f.weights[r.from:r.to] {
			d := counts[i]/(l.exp*e[i]) - 1
			sum += w * d * d
		}
	}
	return sum / f.freedom()
}

// reweigh sets omega to Farrington's weights (1996, section 3.5; threshold as in
// Noufaily 2013): counts far above their mean count for less,
//
//	s = 3/2 (count^(2/3)·mean^(-1/6) - mean^(1/2)) / sqrt(phi·(1-h))
//	w = gamma·s^-2 where s > threshold, else gamma
//
// with leverage h, and gamma such that the weights sum to the number of counts.
func (f *farringtonFit) reweigh(phi, threshold float64) {
	root := f.e // of the fit in hand, e itself is no longer needed
	if !f.trend {
		root = f.eOld
	}
	f.powers(root, f.slope/6, f.origin, f.lo, f.hi)
	for i := f.lo; f.exposure != nil && i < f.hi; i++ {
		root[i] *= f.root6[i]
	}
	for i := range f.levels {
		f.levels[i].root6 = math.Exp(f.levels[i].log / 6)
	}
	sum, perSpread := 0.0, 1/f.spreadT
	for _, r := range f.runs {
		l := &f.levels[r.level]
		perInfo := 1 / l.info
		root, old, y23 := root[r.from:r.to], f.before()[r.from:r.to], f.y23[r.from:r.to]
		known, time, omega := f.known[r.from:r.to], f.time[r.from:r.to], f.omega[r.from:r.to]
		for i, w := range f.weights[r.from:r.to] {
			q := l.root6 * root[i]
			t := time[i] - f.origin - l.meanT
			h := w * l.expOld * old[i] * (perInfo + t*t*perSpread)
			a := 1.5 * (y23[i]/q - q*q*q)
			omega[i] = known[i]
			// A count that the fit passes through by force, h = 1, is not far from it.
			if v := phi * (1 - h); a > 0 && a*a > threshold*threshold*v && h < 1-1e-9 {
				omega[i] *= v / (a * a)
			}
			sum += omega[i]
		}
	}
	gamma := f.n / sum
	for _, r := range f.runs {
		omega := f.omega[r.from:r.to]
		for i := range omega {
			omega[i] *= gamma
		}
	}
}
