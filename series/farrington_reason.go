package series

import "math"

// FarringtonReason is an evaluation with what led to it. Figures that were not
// worked out are NaN.
type FarringtonReason struct {
	Evaluation
	Mean         float64 // predicted count, also where there is no bound
	SE           float64 // of log Mean
	Phi          float64 // dispersion, at least 1: the variance of a count is Phi·Mean
	QuantileMean float64 // mean of the count whose quantile the bound is; NaN with delta
	Trend        bool    // whether the trend was kept
	Slope        float64 // of log mean, a period; NaN without a trend
	SlopeP       float64 // p-value of the trend, also where it was not kept
	Tail         float64 // probability of a count of Observed or more
	Reference    int     // known reference values
	Missing      int     // reference values left out
}

const (
	noteNoDate      = "the dates of the series do not hold the same period of earlier years"
	noteNoReference = "no reference values are left"
	noteLast        = "one of the last counts is missing"
	noteFewCases    = "fewer cases than the method needs: no bound"
	noteNoExposure  = "the exposure is not known"
	noteSeasonZero  = "not one case in the reference values of this season"
	noteYoung       = "the series does not reach back as far as asked"
)

func newFarringtonReason(s *Series, t int) FarringtonReason {
	nan := math.NaN()
	return FarringtonReason{Evaluation: notAssessed(s, t, ""), Mean: nan, SE: nan, Phi: nan, QuantileMean: nan, Slope: nan, SlopeP: nan, Tail: nan}
}

// enough applies the rule on the number of cases and says whether there is to
// be a bound; if not it fills in outcome and note.
func (r *FarringtonReason) enough(s *Series, limit54 [2]int, partly, compat bool) bool {
	cases, missing := 0.0, 0
	for _, y := range s.Counts[r.Index-min(r.Index, limit54[1]-1) : r.Index+1] {
		if IsMissing(y) {
			missing++
		} else {
			cases += y
		}
	}
	limit := float64(limit54[0])
	switch {
	case compat && missing > 0:
		r.Outcome, r.Note = Quiet, noteLast
	case IsMissing(r.Observed):
		r.Note = noteCount
	case missing > 0 && limit > 0 && (cases < limit || !partly):
		r.Note = noteLast
	case cases < limit:
		r.Outcome, r.Note = Quiet, noteFewCases
	default:
		return true
	}
	return false
}
