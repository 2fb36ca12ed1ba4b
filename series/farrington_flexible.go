package series

import (
	"fmt"
	"math"
)

// FarringtonFlexible is Farrington's method as improved by Noufaily: it learns
// from every period of the past Years years, with a level for each part of the
// year, where the original looks only at the weeks around the same week. A
// quasi-Poisson regression with levels and a trend predicts the count; past
// outbreaks count for less in it; and the bound is a quantile of a negative
// binomial count.
//
// Sources: Noufaily, Enki, Farrington, Garthwaite, Andrews and Charlett, Statist
// Med 32 (2013) 1206-1222; Farrington, Andrews, Beale and Catchpole, J R Statist
// Soc A 159 (1996) 547-563; Salmon, Schumacher and Höhle, J Stat Soft 70 (2016)
// issue 10, section 3.2.
//
// Missing reference values are left out, which Note says. The period is not
// assessed where its own count is missing, where one of the last Limit54[1]
// counts is (see AssessPartly), where the series is too short, where every
// reference value is zero, or where the model does not converge.
type FarringtonFlexible struct {
	Years     int `json:"b"`         // years to go back
	HalfWidth int `json:"w"`         // periods on either side of the same period in those years
	Levels    int `json:"noPeriods"` // parts of the year with a level each; 1 uses nothing but the windows of HalfWidth

	// SkipLast is how many periods just before the evaluated one are left out,
	// as an outbreak that has begun would raise its own bound. Below 0 it is
	// HalfWidth.
	SkipLast int `json:"pastWeeksNotIncluded"`

	Reweight         bool    `json:"reweight"`         // whether past outbreaks count for less
	WeightsThreshold float64 `json:"weightsThreshold"` // standardised residual above which a count is one

	// Trend asks for a trend in time. It is kept where Years is 3 or more, the
	// prediction does not exceed the largest reference value, and the p-value of
	// the trend is below PThresholdTrend; 1 keeps it whatever its p-value.
	Trend           bool    `json:"trend"`
	PThresholdTrend float64 `json:"pThresholdTrend"`

	Alpha float64 `json:"alpha"` // one-sided probability of a count above the bound

	// Limit54 is a number of cases and a number of periods: with fewer cases in
	// so many periods, the evaluated one included, there is no bound and no
	// alarm. With 0 cases the rule is off.
	Limit54 [2]int `json:"limit54"`

	// AssessPartly also evaluates a period where counts among the last
	// Limit54[1] are missing but those known are enough, so that the rule is
	// met whatever the missing ones were.
	AssessPartly bool `json:"assessPartly"`

	PopulationOffset bool `json:"populationOffset"` // whether means are in proportion to Population

	// ThresholdMethod is "nbPlugin", the quantile of a count of the predicted
	// mean; "muan", that of a count whose mean is the upper confidence limit of
	// the prediction; or "delta", the bound of the original method.
	ThresholdMethod string `json:"thresholdMethod"`
	PowerTrans      string `json:"powertrans"` // power of delta: "2/3", "1/2" or "none"

	// Compat is "", or "r" for what R's package surveillance (1.20.3) computes.
	// There the weights of the fit are overwritten before standard errors are
	// taken, so that these are several times too small (which moves the bounds
	// of muan and delta and keeps trends that are none); the prediction is
	// dated wrongly where the first reference value is missing and the series
	// has dates; and missing counts among the last give no bound and no alarm
	// instead of no assessment.
	Compat string `json:"compat"`
}

// NewFarringtonFlexible is the method with the parameters that Noufaily et al.
// recommend: five years, windows of seven weeks, ten levels, half a year left
// out, and nbPlugin with Alpha 0.005.
func NewFarringtonFlexible() FarringtonFlexible {
	return FarringtonFlexible{
		Years: 5, HalfWidth: 3, Levels: 10, SkipLast: 26,
		Reweight: true, WeightsThreshold: 2.58, Trend: true, PThresholdTrend: 1,
		Alpha: 0.005, Limit54: [2]int{5, 4}, ThresholdMethod: "nbPlugin", PowerTrans: "2/3",
	}
}

// Detect implements [Detector].
func (m FarringtonFlexible) Detect(s *Series, from, to int) ([]Evaluation, error) {
	out := make([]Evaluation, 0, max(0, to-from))
	err := m.each(s, from, to, false, func(r *FarringtonReason) { out = append(out, r.Evaluation) })
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Explain evaluates the periods [from, to) like Detect and tells more of each.
func (m FarringtonFlexible) Explain(s *Series, from, to int) ([]FarringtonReason, error) {
	out := make([]FarringtonReason, 0, max(0, to-from))
	err := m.each(s, from, to, true, func(r *FarringtonReason) { out = append(out, *r) })
	if err != nil {
		return nil, err
	}
	return out, nil
}

// check says what is wrong with the parameters.
func (m FarringtonFlexible) check(s *Series) error {
	if err := checkCompat("flexible Farrington", m.Compat); err != nil {
		return err
	}
	windows := 2*m.HalfWidth + 1
	switch {
	case m.Levels < 1:
		return fmt.Errorf("series: flexible Farrington: noPeriods is %d, use 1 or more", m.Levels)
	case m.Levels > 1 && m.HalfWidth >= 0 && m.HalfWidth < s.Freq && m.Levels-1 > s.Freq-windows:
		return fmt.Errorf("series: flexible Farrington: noPeriods is %d, but a year of %d periods has only %d outside the window of w = %d",
			m.Levels, s.Freq, max(0, s.Freq-windows), m.HalfWidth)
	case !(m.WeightsThreshold >= 0):
		return fmt.Errorf("series: flexible Farrington: weightsThreshold is %v, use 0 or more", m.WeightsThreshold)
	case !(m.PThresholdTrend >= 0):
		return fmt.Errorf("series: flexible Farrington: pThresholdTrend is %v, use 0 or more", m.PThresholdTrend)
	case m.ThresholdMethod != "nbPlugin" && m.ThresholdMethod != "muan" && m.ThresholdMethod != "delta":
		return fmt.Errorf("series: flexible Farrington: thresholdMethod is %q, use nbPlugin, muan or delta", m.ThresholdMethod)
	case m.PopulationOffset && len(s.Population) == 0:
		return fmt.Errorf("series: flexible Farrington: populationOffset is set, but the series has no population")
	}
	return checkFarrington(s, m.Years, m.HalfWidth, m.Alpha, m.PowerTrans, m.Limit54)
}

// checkFarrington is what both of Farrington's methods ask of their parameters.
func checkFarrington(s *Series, years, half int, alpha float64, powertrans string, limit54 [2]int) error {
	switch {
	case s.Freq > 1e5:
		return fmt.Errorf("series: Farrington: a year of %d periods is too fine", s.Freq)
	case years < 1 || years > 1000:
		return fmt.Errorf("series: Farrington: b is %d, use 1 to 1000 years", years)
	case half < 0 || half >= s.Freq || 2*half+1 > s.Freq:
		return fmt.Errorf("series: Farrington: w is %d, but windows must not overlap in a year of %d periods", half, s.Freq)
	case !(alpha > 0 && alpha < 1):
		return fmt.Errorf("series: Farrington: alpha is %v, use a value between 0 and 1", alpha)
	case powertrans != "2/3" && powertrans != "1/2" && powertrans != "none":
		return fmt.Errorf("series: Farrington: powertrans is %q, use 2/3, 1/2 or none", powertrans)
	case limit54[0] < 0 || limit54[1] < 1:
		return fmt.Errorf("series: Farrington: limit54 is %v, use 0 or more cases in 1 or more periods", limit54)
	}
	return nil
}

// flexibleWork evaluates one period after the other.
type flexibleWork struct {
	FarringtonFlexible
	s        *Series
	calendar *farringtonCalendar
	fit      *farringtonFit
	runs     []farringtonRun
	rules    farringtonRules
	skip     int
	z        float64
	full     bool
}

// each evaluates periods and hands over each.
func (m FarringtonFlexible) each(s *Series, from, to int, full bool, yield func(*FarringtonReason)) error {
	if err := s.checkRange(from, to); err != nil {
		return err
	}
	if err := m.check(s); err != nil {
		return err
	}
	calendar, err := newFarringtonCalendar(s)
	if err != nil {
		return err
	}
	w := flexibleWork{
		FarringtonFlexible: m, s: s, calendar: calendar, skip: m.SkipLast, z: qnorm(1 - m.Alpha), full: full,
		fit: newFarringtonFit(newFarringtonHistory(s, calendar.periods(s.Len()), m.PopulationOffset), m.Levels),
		rules: farringtonRules{
			trend: m.Trend, years: m.Years, pTrend: m.PThresholdTrend,
			reweight: m.Reweight, threshold: m.WeightsThreshold, packageSEs: m.Compat == "r",
		},
	}
	if w.skip < 0 {
		w.skip = m.HalfWidth
	}
	var r FarringtonReason
	for t := from; t < to; t++ {
		r = newFarringtonReason(s, t)
		w.evaluate(t, &r)
		yield(&r)
	}
	return nil
}

func (w *flexibleWork) evaluate(t int, r *FarringtonReason) {
	end := t - min(t, w.skip)
	if w.runs, r.Note = w.calendar.seasons(w.runs[:0], t, w.Years, w.HalfWidth, w.Levels, end); r.Note != "" {
		return
	}
	bounded := r.enough(w.s, w.Limit54, w.AssessPartly, w.Compat == "r")
	if !bounded && !w.full {
		return
	}
	note := w.predict(t, r)
	upper := math.NaN()
	if note == "" {
		upper, note = w.upper(r)
	}
	switch {
	case !bounded:
	case note == "":
		w.judge(r, upper)
	default:
		r.Note = note
		if w.Compat == "r" && !math.IsNaN(r.Mean) {
			r.Outcome = Quiet // the package has no bound there, and no alarm
		}
	}
}

// predict fills in what the model says.
func (w *flexibleWork) predict(t int, r *FarringtonReason) (note string) {
	exposure := 1.0
	if w.PopulationOffset {
		if exposure = w.s.Population[t]; !knownExposure(exposure) {
			return noteNoExposure
		}
	}
	f, after := w.fit, 0.0
	f.refer(w.runs, f.time[t])
	if w.Compat != "r" {
		if f.n > 0 && f.sum == 0 {
			return noteAllZero
		}
	} else if w.calendar.days != nil {
		after = w.packageShift()
	}
	return f.predict(r, after, exposure, w.rules, w.full)
}

// packageShift is by how much the package misdates its prediction: it counts
// reference periods from the first, and the predicted one from the first whose
// count is known.
func (w *flexibleWork) packageShift() float64 {
	first := w.runs[0].from
	for _, run := range w.runs {
		for i := run.from; i < run.to; i++ {
			if !IsMissing(w.s.Counts[i]) {
				return w.fit.time[first] - w.fit.time[i]
			}
		}
	}
	return 0
}

// upper is the bound, or a note why there is none. It also fills in what goes
// with it.
func (w *flexibleWork) upper(r *FarringtonReason) (upper float64, note string) {
	if w.ThresholdMethod == "delta" {
		upper, r.Tail = farringtonPower(w.PowerTrans, r.Mean, r.SE*r.Mean, r.Phi, w.z, r.Observed)
	} else {
		r.QuantileMean = r.Mean
		if w.ThresholdMethod == "muan" {
			r.QuantileMean *= math.Exp(w.z * r.SE)
		}
		upper, r.Tail = farringtonCount(r.QuantileMean, r.Phi, w.Alpha, r.Observed, w.full)
	}
	switch {
	case isFinite(upper):
		return upper, ""
	case w.seasonZero():
		return upper, noteSeasonZero
	}
	return upper, noteHuge
}

// seasonZero says whether there was not one case in the reference of this
// season, though in that of others: then the prediction is next to nothing.
func (w *flexibleWork) seasonZero() bool { return w.fit.levels[w.Levels-1].y == 0 }

// judge holds the count against the bound.
func (w *flexibleWork) judge(r *FarringtonReason, upper float64) {
	r.Expected, r.Upper = r.Mean, upper
	switch {
	case w.seasonZero():
		r.Note = noteSeasonZero
	case r.Missing > 0:
		r.Note = noteSomeMissing
	case w.runs[0].from == 0 && w.runs[0].to < 2*w.HalfWidth+1:
		r.Note = noteYoung
	}
	r.Evaluation.judge()
	if w.Compat != "r" {
		return
	}
	// The package scores counts against the logarithm of the mean.
	mean := r.Mean
	if w.ThresholdMethod != "delta" {
		mean = math.Log(mean)
	}
	r.Outcome = Quiet
	if (r.Observed-mean)/(upper-mean) > 1 && r.Observed != 0 {
		r.Outcome = Alarm
	}
}
