package series

import "math"

// farringtonRules are the choices of a model.
type farringtonRules struct {
	trend      bool
	years      int
	pTrend     float64 // p-value below which a trend is kept
	reweight   bool
	threshold  float64 // of the weights
	packageSEs bool    // dispersion as the unmodified farringtonFlexible sees it
}

const (
	noteNoFit     = "the model does not converge"
	noteAllZero   = "not enough data: all reference values are zero"
	noteFewValues = "not enough data: there are fewer reference values than the model needs"
)

// predict fits the model to the reference and fills in what it says of the last
// level, at a time after the origin and with that exposure. Full also gives the
// p-value of the trend where nothing depends on it. A note says why there is no
// prediction.
func (f *farringtonFit) predict(r *FarringtonReason, after, exposure float64, rules farringtonRules, full bool) (note string) {
	level := len(f.levels) - 1
	r.Reference, r.Missing = int(f.n), int(f.asked-f.n)
	switch {
	case f.levels[level].n == 0:
		return noteAllMissing
	case f.n <= f.used:
		return noteFewValues
	}
	phi, trend := 0.0, false
	// A trend that will not be kept is not fitted, unless it is to be shown.
	if rules.trend && (rules.years >= 3 || full) {
		if phi, trend = f.twice(true, rules); trend {
			p := math.NaN()
			if rules.pTrend < 1 || full {
				p = ptTwoSided(f.slope*math.Sqrt(f.spreadT/f.dispersion(phi, rules, true)), f.freedom())
			}
			r.SlopeP = p
			trend = rules.years >= 3 && f.meanAt(after, level)*exposure <= f.max
			if rules.pTrend < 1 {
				// A slope that is nothing but rounding has no p-value worth the name.
				trend = trend && p < rules.pTrend && math.Abs(f.slope)*float64(f.hi-f.lo) > 1e-9
			}
		}
	}
	if !trend {
		var ok bool
		if phi, ok = f.twice(false, rules); !ok {
			return noteNoFit
		}
	}
	l := &f.levels[level]
	variance := 1 / l.info
	if t := after - l.meanT; trend {
		variance += t * t / f.spreadT
	}
	mean := f.meanAt(after, level) * exposure
	se := math.Sqrt(f.dispersion(phi, rules, false) * variance)
	if !isFinite(mean) || math.IsNaN(se) {
		return noteHuge
	}
	if r.Mean, r.SE, r.Phi, r.Trend = mean, se, phi, trend; trend {
		r.Slope = f.slope
	}
	return ""
}

// twice fits, reweighs and fits again, and gives the dispersion.
func (f *farringtonFit) twice(trend bool, rules farringtonRules) (phi float64, ok bool) {
	if converged, _ := f.fit(trend, f.known); !converged || !(f.freedom() > 0) {
		return 0, false
	}
	f.scatter = f.pearson()
	if rules.reweight {
		f.reweigh(max(1, f.scatter), rules.threshold)
		// As in R, the second fit is taken as it is, converged or not.
		if _, ok := f.fit(trend, f.omega); !ok {
			return 0, false
		}
		f.scatter = f.pearson()
	}
	return max(1, f.scatter), isFinite(f.scatter)
}

// meanAt is the mean per unit of exposure at a time after the origin.
func (f *farringtonFit) meanAt(after float64, level int) float64 {
	return math.Exp(f.levels[level].log + f.slope*after)
}

// dispersion is the one that standard errors are multiplied with: phi, and in
// the test of the trend the estimate itself even below 1.
func (f *farringtonFit) dispersion(phi float64, rules farringtonRules, test bool) float64 {
	switch {
	case rules.packageSEs && rules.reweight:
		return f.pearsonOverwritten()
	case rules.packageSEs || test:
		return f.scatter
	}
	return phi
}
