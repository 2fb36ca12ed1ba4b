package series

import (
	"fmt"
	"math"
)

// Seasonal is the detector to use unless there is a reason for another: it is
// made for short, noisy series with gaps, of any length of period, and was
// chosen by measurement (docs/methods.md).
//
// One regression over the whole history gives the expected count: a constant,
// a season of a few waves a year (for days also a week), a trend, and a level
// that follows the series where it is seen to leave these. Counts vary more than
// Poisson counts, by a factor estimated with them (quasi-Poisson; the counts are
// taken to be negative binomial with variance φ·mean). Three things keep that
// honest:
//
//   - Season and trend are pulled to zero by a weak normal prior, so that a
//     short history gives a cautious answer instead of a wild one, and what
//     remains unknown of them widens the bound.
//   - A past outbreak is recognised by its likelihood, in a mixture of ordinary
//     periods and a few with an excess, and counts for as little as it is
//     likely to be one. The same holds for a zero that cannot be a count: an
//     outage that somebody coded as zero.
//   - The last weeks are left out, so that a slow rise does not raise its own
//     bound.
//
// A period alarms where its count is improbable by itself, or where it is high
// and improbable together with the period before, if that did not alarm by
// itself: most outbreaks last longer than one period. The two looks share Alpha,
// which is the expected number of false alarms a period.
//
// Missing counts are left out. A period is not assessed where its own count is
// missing, where there is less than a year of history, or where no case ever
// occurred in it. Nothing later than the evaluated period is looked at.
//
// Sources: the regression with down-weighted outbreaks and a negative binomial
// bound is Farrington, Andrews, Beale and Catchpole, J R Statist Soc A 159 (1996)
// 547-563, sections 3.2-3.6, and Noufaily, Enki, Farrington, Garthwaite, Andrews
// and Charlett, Statist Med 32 (2013) 1206-1222, section 3. Differences to them: all periods and smooth
// waves instead of levels of parts of the year (Serfling, Public Health Rep 78
// (1963) 494-506); the prior, which is ridge regression (le Cessie and van
// Houwelingen, Appl Statist 41 (1992) 191-201); weights that are posterior
// probabilities of a contaminated distribution (Box and Tiao, Biometrika 55
// (1968) 119-129), fitted by the EM algorithm (Dempster, Laird and Rubin, J R
// Statist Soc B 39 (1977) 1-38); a level by discounting (Harrison and Stevens, J R
// Statist Soc B 38 (1976) 205-247) with innovations cut as by Masreliez and Martin
// (IEEE Trans Autom Control 22 (1977) 361-371); the mid-p value (Lancaster, J Am
// Statist Assoc 56 (1961) 223-234); and the sum of two periods, a short memory in
// place of a CUSUM (Page, Biometrika 41 (1954) 100-115).
type Seasonal struct {
	// Alpha is the expected number of false alarms a period, one-sided: 0.01 is
	// one in a hundred periods.
	Alpha float64 `json:"alpha"`

	// Memory is the share of the look at two periods, relative to that at one:
	// 0 looks at single periods only, 1 spends as much on either. More memory
	// finds more outbreaks, fewer of them in their first period.
	Memory float64 `json:"memory"`

	Years         float64 `json:"years"`         // of history to learn from; 0 is all there is
	RecentYears   float64 `json:"recentYears"`   // left out just before the evaluated period, in years
	Harmonics     int     `json:"harmonics"`     // waves in a year: 1 is a year long, 2 half a year, and so on
	SeasonSD      float64 `json:"seasonSD"`      // of the prior of each wave, on the scale of log means
	TrendSD       float64 `json:"trendSD"`       // of the prior of the trend, on that scale, a year
	LevelYears    float64 `json:"levelYears"`    // time in which the level forgets, in years; 0 has no level
	Contamination float64 `json:"contamination"` // probability of a period to be part of an outbreak, or an outage coded as zero
}

// NewSeasonal is the detector with the parameters that were chosen on the
// benchmark: one false alarm in a hundred periods.
func NewSeasonal() Seasonal {
	return Seasonal{
		Alpha: 0.01, Memory: 0.6, RecentYears: 1.0 / 13, Harmonics: 3, SeasonSD: 0.5, TrendSD: 0.2,
		LevelYears: 0.15, Contamination: 0.012,
	}
}

// check says what is wrong with the parameters.
func (d Seasonal) check() error {
	switch {
	case !(d.Alpha >= 1e-9 && d.Alpha < 0.5):
		return fmt.Errorf("series: seasonal: alpha is %v, use 1e-9 to below 0.5", d.Alpha)
	case d.Memory != 0 && !(d.Memory >= 0.01 && d.Memory <= 10):
		return fmt.Errorf("series: seasonal: memory is %v, use 0 or 0.01 to 10", d.Memory)
	case !(d.Years >= 0):
		return fmt.Errorf("series: seasonal: years is %v, use 0 for all or more", d.Years)
	case !(d.RecentYears >= 0 && d.RecentYears <= 10):
		return fmt.Errorf("series: seasonal: recentYears is %v, use 0 to 10", d.RecentYears)
	case d.Harmonics < 0 || d.Harmonics > 12:
		return fmt.Errorf("series: seasonal: harmonics is %d, use 0 to 12", d.Harmonics)
	case !(d.SeasonSD > 0) || !(d.TrendSD > 0):
		return fmt.Errorf("series: seasonal: seasonSD is %v and trendSD is %v, use numbers above 0", d.SeasonSD, d.TrendSD)
	case !(d.LevelYears >= 0):
		return fmt.Errorf("series: seasonal: levelYears is %v, use 0 for no level or more", d.LevelYears)
	case !(d.Contamination >= 0 && d.Contamination < 0.5):
		return fmt.Errorf("series: seasonal: contamination is %v, use a number from 0 to below 0.5", d.Contamination)
	}
	return nil
}

const (
	seasonalMissing  = "the count is missing"
	seasonalExposure = "the population is not known"
	seasonalYoung    = "less than a year of history"
	seasonalFew      = "too few known counts in the history"
	seasonalZero     = "not enough data: not one case in the history"
	seasonalUnfit    = "the model does not fit the history"
	seasonalShort    = "less than two years of history: season and trend are hardly known, the bound is wide"
)

// Detect implements [Detector].
func (d Seasonal) Detect(s *Series, from, to int) ([]Evaluation, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	out := make([]Evaluation, 0, to-from)
	if from == to {
		return out, nil
	}
	f := newSeasonalFit(d, s, to)
	looks := d.looks()
	for t := from; t < to; t++ {
		out = append(out, f.evaluate(t, &looks))
	}
	return out, nil
}

// evaluate judges period t.
func (f *seasonalFit) evaluate(t int, looks *seasonalLooks) Evaluation {
	why := f.learn(t)
	y := f.s.Counts[t]
	switch {
	case IsMissing(y):
		return notAssessed(f.s, t, seasonalMissing)
	case !f.known(t):
		return notAssessed(f.s, t, seasonalExposure)
	case why != "":
		return notAssessed(f.s, t, why)
	}
	mean, v := f.predict(t)
	e := Evaluation{Index: t, Observed: y, Expected: mean}
	phi := f.phi + mean*v // what is not known of the mean adds to the variance
	if !(mean > 0) || math.IsInf(mean, 0) || math.IsNaN(phi) || math.IsInf(phi, 0) {
		return notAssessed(f.s, t, seasonalUnfit)
	}
	alone := math.Inf(1)
	if before, was, ok := f.before(t); !ok {
		e.Upper = looks.only.bound(mean, phi, f.free)
	} else {
		alone = looks.one.bound(mean, phi, f.free)
		e.Upper = alone
		if looks.one.quiet(before, was, f.phi+was*v, f.free) {
			pair := looks.two.bound(mean+was, f.phi+(mean+was)*v, f.free) - before
			e.Upper = min(alone, max(pair, looks.high.bound(mean, phi, f.free)))
		}
	}
	if !(e.Upper >= 0) || math.IsInf(e.Upper, 1) {
		return notAssessed(f.s, t, seasonalUnfit)
	}
	e.judge()
	e.Note = f.note(t, e, alone)
	return e
}
