package series

import (
	"fmt"
	"math"
)

// Bayes predicts a count from the same weeks of earlier years, or from the
// weeks just before it, taken as Poisson counts of one rate with Jeffreys'
// prior. The predictive distribution is then negative binomial with size
// Σx + 1/2 and mean (Σx + 1/2)/n over the n reference values; Upper is its
// (1-Alpha) quantile and Expected its mean. It knows neither season nor trend
// nor more spread than a Poisson variable has, and alarms too often where
// counts have it.
//
// Source: Riebler, Empirischer Vergleich von statistischen Methoden zur
// Ausbruchserkennung, Munich 2004; Höhle, Comput Stat 22 (2007) 571-582.
//
// Missing reference values are left out, which Note says: the distribution
// widens by itself when n falls. With none left the period is not assessed.
type Bayes struct {
	Years     int     `json:"b"`     // how many years to go back
	HalfWidth int     `json:"w"`     // weeks on either side in those years, weeks before in this one
	ThisYear  bool    `json:"actY"`  // whether the HalfWidth periods just before belong to the reference
	Alpha     float64 `json:"alpha"` // probability of a count above Upper
}

// NewBayes is the reference of six weeks just before, with Alpha 0.05.
func NewBayes() Bayes { return Bayes{HalfWidth: 6, ThisYear: true, Alpha: 0.05} }

const (
	noteSomeMissing = "reference values are missing and left out"
	noteAllMissing  = "all reference values are missing"
)

// mostCounts is the largest sum of counts that is still counted one by one.
const mostCounts = 1 << 50

// Detect implements [Detector].
func (b Bayes) Detect(s *Series, from, to int) ([]Evaluation, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, err
	}
	r := reference{b.Years, b.HalfWidth, b.ThisYear}
	if err := r.check(s); err != nil {
		return nil, err
	}
	if err := checkAlpha(b.Alpha); err != nil {
		return nil, err
	}
	out := make([]Evaluation, 0, to-from)
	var values []float64
	for t := from; t < to; t++ {
		var ok bool
		if values, ok = r.values(s, t, values[:0]); !ok {
			out = append(out, notAssessed(s, t, noteShort))
			continue
		}
		out = append(out, b.evaluate(s, t, values))
	}
	return out, nil
}

func (b Bayes) evaluate(s *Series, t int, values []float64) Evaluation {
	var sum, n float64
	for _, x := range values {
		if !IsMissing(x) {
			sum += x
			n++
		}
	}
	switch {
	case n == 0:
		return notAssessed(s, t, noteAllMissing)
	case sum > mostCounts:
		return notAssessed(s, t, noteHuge)
	}
	size := sum + 0.5
	v := Evaluation{Index: t, Observed: s.Counts[t], Expected: size / n, Score: math.NaN()}
	v.Upper = qnbinom(1-b.Alpha, size, size/n)
	if IsMissing(v.Observed) {
		v.Note = noteCount
		return v
	}
	v.judge()
	if n < float64(len(values)) {
		v.Note = noteSomeMissing
	}
	return v
}

// reference are the values that [Bayes] and [RKI] hold a count against.
type reference struct {
	years, halfWidth int
	thisYear         bool
}

func (r reference) check(s *Series) error {
	switch {
	case r.years < 0 || r.halfWidth < 0:
		return fmt.Errorf("series: b is %d and w is %d, use 0 or more", r.years, r.halfWidth)
	case r.years == 0 && (!r.thisYear || r.halfWidth == 0):
		return fmt.Errorf("series: b %d, w %d, actY %v leave nothing to compare with: use b or actY with a w",
			r.years, r.halfWidth, r.thisYear)
	case r.years > 0 && r.halfWidth >= s.Freq:
		return fmt.Errorf("series: w is %d in years of %d periods: it would reach the count itself", r.halfWidth, s.Freq)
	}
	return nil
}

// values appends the reference of period t to buf: this year's first, then
// year by year backwards. ok is false where the series does not reach back.
func (r reference) values(s *Series, t int, buf []float64) (values []float64, ok bool) {
	if room := t - r.halfWidth; room < 0 || r.years > room/s.Freq {
		return buf, false
	}
	if r.thisYear {
		buf = append(buf, s.Counts[t-r.halfWidth:t]...)
	}
	for i := 1; i <= r.years; i++ {
		c := t - i*s.Freq
		buf = append(buf, s.Counts[c-r.halfWidth:c+r.halfWidth+1]...)
	}
	return buf, true
}
