// Package series asks of counts in time what a careful epidemiologist would
// ask: is this more than was to be expected, is it rising, did it change, and
// what may still come in.
//
// A [Series] is a run of counts, one a period, in which a missing value is
// [Missing] and never zero. A [Detector] looks at single periods and gives an
// [Evaluation] of each: what was expected, the bound above which it alarms,
// and how far the count is from it. Where the data do not allow an answer, the
// answer is [NotAssessed] with the reason; nothing is filled in in silence.
//
// Every method cites the paper and the equation that it follows. Where R's
// package surveillance differs from its own papers, the method follows the
// papers, and reproduces the package when asked to.
package series

import (
	"fmt"
	"math"
	"time"
)

// Missing is the value of a period of which nothing is known: the source was
// not available, did not report, or holds the figure back. It is not zero.
var Missing = math.NaN()

// IsMissing says whether a value is [Missing].
func IsMissing(v float64) bool { return math.IsNaN(v) }

// Series is a run of counts over consecutive periods of one length.
type Series struct {
	Counts     []float64   // one a period, [Missing] where nothing is known
	Freq       int         // periods in a year: 52 weeks, 12 months, 4 quarters, 365 days
	Start      [2]int      // year, and number of the period in it from 1, of Counts[0]
	Dates      []time.Time // first day of each period, UTC; or none
	Population []float64   // exposure of each period, for methods that offset by it; or none
}

// Len is the number of periods.
func (s *Series) Len() int { return len(s.Counts) }

// Check says what is wrong with the shape of a series.
func (s *Series) Check() error {
	switch {
	case s.Freq < 1:
		return fmt.Errorf("series: a year has %d periods", s.Freq)
	case len(s.Dates) != 0 && len(s.Dates) != len(s.Counts):
		return fmt.Errorf("series: %d dates for %d counts", len(s.Dates), len(s.Counts))
	case len(s.Population) != 0 && len(s.Population) != len(s.Counts):
		return fmt.Errorf("series: %d populations for %d counts", len(s.Population), len(s.Counts))
	}
	for i, c := range s.Counts {
		if c < 0 || math.IsInf(c, 0) {
			return fmt.Errorf("series: count %d is %v", i+1, c)
		}
	}
	return nil
}

// Outcome is what a detector says of one period.
type Outcome int8

const (
	NotAssessed Outcome = iota // the data do not allow an answer; Note says why
	Quiet                      // within what was to be expected
	Alarm                      // above the bound
)

// String is "not assessed", "quiet" or "alarm".
func (o Outcome) String() string {
	switch o {
	case Quiet:
		return "quiet"
	case Alarm:
		return "alarm"
	}
	return "not assessed"
}

// Evaluation is what a detector says of one period, with what it rests on.
type Evaluation struct {
	Index    int     // of the period in Series.Counts, from 0
	Observed float64 // the count
	Expected float64 // what was to be expected; NaN where the method has no such figure
	Upper    float64 // bound above which the period alarms; NaN where there is none. It may stand where only the count is missing
	Score    float64 // (Observed-Expected)/(Upper-Expected): above 1 is an alarm; NaN where it has no meaning
	Outcome  Outcome
	Note     string // why it was not assessed, or what limits the answer
}

// A Detector evaluates periods from what came before them. It never looks
// ahead: the evaluation of a period is the same whatever follows.
type Detector interface {
	// Detect evaluates the periods [from, to) of the series. It fails only
	// where parameters or the shape of the series make no sense; missing data
	// are an answer.
	Detect(s *Series, from, to int) ([]Evaluation, error)
}

// notAssessed is the evaluation of a period that has no answer.
func notAssessed(s *Series, t int, why string) Evaluation {
	return Evaluation{Index: t, Observed: s.Counts[t], Expected: math.NaN(), Upper: math.NaN(), Score: math.NaN(), Note: why}
}

// judge fills score and outcome from observed, expected and upper.
func (e *Evaluation) judge() {
	e.Score = math.NaN()
	if d := e.Upper - e.Expected; d > 0 {
		e.Score = (e.Observed - e.Expected) / d
	}
	e.Outcome = Quiet
	if e.Observed > e.Upper {
		e.Outcome = Alarm
	}
}

// checkRange says whether [from, to) are periods of the series.
func (s *Series) checkRange(from, to int) error {
	if err := s.Check(); err != nil {
		return err
	}
	if from < 0 || to > len(s.Counts) || from > to {
		return fmt.Errorf("series: range %d to %d of %d periods", from+1, to, len(s.Counts))
	}
	return nil
}
