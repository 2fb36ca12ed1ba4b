package series

import (
	"math"
	"slices"
)

// farringtonFit is the quasi-Poisson regression of Farrington's methods,
//
//	log mean = level of the season + slope · time + log exposure,
//
// and the space it works in. Ordered by level, its normal equations have the
// shape of an arrow: a diagonal, with one full row and column for the slope. A
// step of the fit is therefore one pass over the reference periods, and without
// a slope not even that.
//
// The steps are those of R's glm.fit: the first from means of count + 0.1, not
// more than 25, until the deviance changes by less than 1e-8 of itself plus
// 0.1. A better start would save steps and give another answer, as dispersion
// and leverages rest on the means of the step before the last.
type farringtonFit struct {
	*farringtonHistory
	runs   []farringtonRun
	lo, hi int     // the runs lie in [lo, hi)
	origin float64 // time that counts as 0

	asked  float64 // periods in the runs
	n      float64 // known counts among them
	used   float64 // levels that have some
	max    float64 // largest count
	sum    float64 // of the counts
	levels []farringtonLevel

	weights []float64 // of the fit in hand
	omega   []float64 // space for Farrington's weights
	e, eOld []float64 // exposure · exp(slope · time), now and before the last step

	trend     bool
	slope     float64
	slopeStep float64 // its last step
	spreadT   float64 // information on the slope given the levels, in the last step
	sumY      float64 // Σ w·count
	sumYLog   float64 // Σ w·count·log(count/exposure)

	scatter float64 // dispersion of the last fit, also below 1
}

// farringtonRun is a stretch [from, to) of reference periods of one level.
type farringtonRun struct{ from, to, level int }

// farringtonLevel is what the fit holds of one level of the season. In all
// sums w are the weights and t is time.
type farringtonLevel struct {
	n       float64 // known counts
	y, yt   float64 // Σ w·count, Σ w·count·t
	log     float64 // the level
	logStep float64 // its last step
	exp     float64 // exp(log)
	expOld  float64 // before the last step
	root6   float64 // sixth root of exp
	e0      float64 // Σ w·e
	e1, e2  float64 // Σ w·e·t, Σ w·e·t²
	w0      float64 // Σ w·mean
	w1, w2  float64 // Σ w·mean·t, Σ w·mean·t²
	r0, r1  float64 // Σ w·(count-mean), Σ w·(count-mean)·t
	info    float64 // w0 of the last step
	meanT   float64 // mean time under the weights of the last step
}

func newFarringtonFit(h *farringtonHistory, levels int) *farringtonFit {
	n := len(h.counts)
	buf := make([]float64, 3*n)
	return &farringtonFit{
		farringtonHistory: h, levels: make([]farringtonLevel, levels),
		omega: buf[:n:n], e: buf[n : 2*n : 2*n], eOld: buf[2*n:],
	}
}

// refer takes the runs as reference, which it may shorten, and origin as time 0.
func (f *farringtonFit) refer(runs []farringtonRun, origin float64) {
	f.runs, f.origin = runs, origin
	f.asked, f.n, f.used, f.max, f.sum, f.lo, f.hi = 0, 0, 0, 0, 0, 0, 0
	for i := range f.levels {
		f.levels[i].n = 0
	}
	for i, r := range runs {
		if i == 0 {
			f.lo = r.from
		}
		f.hi = r.to
		f.asked += float64(r.to - r.from)
		l := &f.levels[r.level]
		known := f.known[r.from:r.to]
		for i, y := range f.counts[r.from:r.to] {
			l.n += known[i]
			f.sum += y
			f.max = max(f.max, y)
		}
	}
	for i := range f.levels {
		if n := f.levels[i].n; n > 0 {
			f.n += n
			f.used++
		}
	}
	// Levels without a known count are no part of the model.
	f.runs = slices.DeleteFunc(f.runs, func(r farringtonRun) bool { return f.levels[r.level].n == 0 })
}

// freedom is the number of degrees of freedom left for the dispersion.
func (f *farringtonFit) freedom() float64 {
	if f.trend {
		return f.n - f.used - 1
	}
	return f.n - f.used
}

// fit runs the steps. It says whether they converged, and whether they led
// anywhere at all.
func (f *farringtonFit) fit(trend bool, weights []float64) (converged, ok bool) {
	f.trend, f.weights = trend, weights
	devOld := f.begin()
	for n := 1; n <= 25; n++ {
		fall, ok := f.step()
		if !ok {
			return false, false
		}
		f.sums(n == 1)
		dev := f.deviance()
		for half := 0; !isFinite(dev); half++ {
			if n == 1 || half == 25 {
				return false, false
			}
			f.halve()
			f.sums(false)
			dev = f.deviance()
		}
		// The second condition implies the first, but for rounding: large
		// counts with little scatter leave nothing else of the difference.
		scale := math.Abs(dev) + 0.1
		if n > 1 && (math.Abs(dev-devOld) < 1e-8*scale || fall < 1e-10*scale) {
			return true, true
		}
		devOld = dev
	}
	return false, true
}

// begin sets up the first step and gives the deviance it starts from.
func (f *farringtonFit) begin() (dev float64) {
	f.slope, f.slopeStep, f.spreadT, f.sumY, f.sumYLog = 0, 0, math.Inf(1), 0, 0
	for i := range f.levels {
		f.levels[i] = farringtonLevel{n: f.levels[i].n}
	}
	for _, r := range f.runs {
		var w0, w1, w2, r0, r1, y0, y1, yLog float64
		counts, start, working := f.counts[r.from:r.to], f.start[r.from:r.to], f.working[r.from:r.to]
		startDev, yLogY, time := f.startDev[r.from:r.to], f.yLogY[r.from:r.to], f.time[r.from:r.to]
		for i, w := range f.weights[r.from:r.to] {
			t := time[i] - f.origin
			v := w * start[i]
			z := v * working[i]
			w0 += v
			r0 += z
			r1 += z * t
			v *= t
			w1 += v
			w2 += v * t
			y := w * counts[i]
			y0 += y
			y1 += y * t
			yLog += w * yLogY[i]
			dev += w * startDev[i]
		}
		l := &f.levels[r.level]
		l.w0 += w0
		l.w1 += w1
		l.w2 += w2
		l.r0 += r0
		l.r1 += r1
		l.y += y0
		l.yt += y1
		f.sumY += y0
		f.sumYLog += yLog
	}
	return dev
}

// step solves the normal equations and moves the levels and the slope. The
// deviance is to fall by about fall.
func (f *farringtonFit) step() (fall float64, ok bool) {
	var spread, pull, size float64
	for i := range f.levels {
		l := &f.levels[i]
		if l.n == 0 {
			continue
		}
		if !(l.w0 > 0) {
			return 0, false
		}
		l.info, l.meanT = l.w0, l.w1/l.w0
		spread += l.w2 - l.w1*l.meanT
		pull += l.r1 - l.r0*l.meanT
		size += l.w2
	}
	f.slopeStep = 0
	if f.trend {
		if !(spread > 1e-13*size) { // time and season cannot be told apart
			return 0, false
		}
		f.slopeStep, f.spreadT = pull/spread, spread
		f.slope += f.slopeStep
		fall = f.slopeStep * pull
	}
	for i := range f.levels {
		l := &f.levels[i]
		if l.n == 0 {
			continue
		}
		l.logStep = (l.r0 - f.slopeStep*l.w1) / l.w0
		l.log += l.logStep
		l.expOld, l.exp = l.exp, math.Exp(l.log)
		fall += l.r0 * l.r0 / l.w0
	}
	return fall, isFinite(fall)
}

// halve goes back half of the last step.
func (f *farringtonFit) halve() {
	f.slopeStep /= 2
	f.slope -= f.slopeStep
	for i := range f.levels {
		l := &f.levels[i]
		l.logStep /= 2
		l.log -= l.logStep
		l.exp = math.Exp(l.log)
	}
}

// sums works out the equations of the next step.
func (f *farringtonFit) sums(first bool) {
	if f.trend || first {
		f.e, f.eOld = f.eOld, f.e
		f.powers(f.e, f.slope, f.origin, f.lo, f.hi)
		if f.exposure != nil {
			for i := f.lo; i < f.hi; i++ {
				f.e[i] *= f.exposure[i]
			}
		}
		for i := range f.levels {
			l := &f.levels[i]
			l.e0, l.e1, l.e2 = 0, 0, 0
		}
		for _, r := range f.runs {
			var e0, e1, e2 float64
			e, time := f.e[r.from:r.to], f.time[r.from:r.to]
			for i, w := range f.weights[r.from:r.to] {
				t := time[i] - f.origin
				v := w * e[i]
				e0 += v
				v *= t
				e1 += v
				e2 += v * t
			}
			l := &f.levels[r.level]
			l.e0 += e0
			l.e1 += e1
			l.e2 += e2
		}
	}
	for i := range f.levels {
		l := &f.levels[i]
		l.w0, l.w1, l.w2 = l.exp*l.e0, l.exp*l.e1, l.exp*l.e2
		l.r0, l.r1 = l.y-l.w0, l.yt-l.w1
	}
}

// deviance of the counts from the means.
func (f *farringtonFit) deviance() float64 {
	dev := f.sumYLog - f.sumY
	for i := range f.levels {
		if l := &f.levels[i]; l.n > 0 {
			dev += l.w0 - l.log*l.y - f.slope*l.yt
		}
	}
	return 2 * dev
}
