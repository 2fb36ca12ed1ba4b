package series

import (
	"fmt"
	"math"
)

// EARS are the three methods of the Early Aberration Reporting System for
// series without a long history: a count is held against the mean and the
// standard deviation of the few periods before it.
//
//   - C1 looks at the Baseline periods just before, C2 leaves out the two
//     nearest, so that a slow start does not raise its own bound. Either alarms
//     where Observed > mean + z·max(SD, MinSigma).
//   - C3 adds up what C2 found in this and the two periods before:
//     Σ max(0, C2-1) > z, with C2 = (Observed-mean)/max(SD, MinSigma).
//
// z is the normal quantile of 1-Alpha. Source: Hutwagner, Thompson, Seeman and
// Treadwell, J Urban Health 80 (2003) i89-i96; in this notation Fricker, Hegler
// and Dunfee, Statist Med 27 (2008) 3407-3429, section 2, and the documentation
// of earsC in R's package surveillance.
//
// One missing value in a window, or in C3 in any of its three windows, and the
// period is not assessed. Nor is it where the window has no spread, MinSigma is
// 0 and the count equals the mean: the statistic is then 0/0. A count above
// such a mean alarms.
//
// The documentation's bound of C3, which Upper is, leaves out the 1 that its
// statistic takes off. The statistic decides, Score is the statistic over z,
// and Note says so wherever bound and alarm disagree.
type EARS struct {
	Method   string  `json:"method"`   // "C1", "C2" or "C3"
	Baseline int     `json:"baseline"` // periods in the window, at least 3
	MinSigma float64 `json:"minSigma"` // least standard deviation; 0.5 or 1 suits sparse counts
	Alpha    float64 `json:"alpha"`    // one-sided; 0 stands for 0.001, and 0.025 with C3

	// Compat chooses among the forms in use. "" and "documented" are the above.
	// "r" is what the package computes: its bound of C3 is added to the count
	// instead of to the mean, so that its C3 does not look at the count at all.
	// "cdc" is Hutwagner's: S = max(0, (Observed-(mean+SD))/SD), an alarm where
	// S > 2, which is z = 3 whatever Alpha is; C3 adds to S those of the two
	// periods before that do not exceed 2.
	Compat string `json:"compat"`
}

// NewEARS is C1 over seven periods in its documented form.
func NewEARS() EARS { return EARS{Method: "C1", Baseline: 7} }

const (
	noteShort    = "there are not enough periods before it"
	noteCount    = "the count is missing"
	noteWindow   = "a value it is held against is missing"
	noteNoSpread = "the values it is held against are all equal: a least standard deviation would allow an answer"
	noteHuge     = "the counts are too large to calculate with"

	noteCarried   = "the two periods before carry the alarm, not this count"
	noteBoundOnly = "above the documented bound, but the sum over three periods, which decides, is within its limit"
)

// Detect implements [Detector].
func (e EARS) Detect(s *Series, from, to int) ([]Evaluation, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, err
	}
	z, err := e.limit()
	if err != nil {
		return nil, err
	}
	out := make([]Evaluation, 0, to-from)
	if e.Method == "C3" {
		return e.detectC3(s, from, to, z, out), nil
	}
	lag := 0
	if e.Method == "C2" {
		lag = 2
	}
	for t := from; t < to; t++ {
		out = append(out, e.single(s, t, lag, z))
	}
	return out, nil
}

// limit checks the parameters and gives z.
func (e EARS) limit() (float64, error) {
	alpha := e.Alpha
	if alpha == 0 {
		alpha = 0.001
		if e.Method == "C3" {
			alpha = 0.025
		}
	}
	switch {
	case e.Method != "C1" && e.Method != "C2" && e.Method != "C3":
		return 0, fmt.Errorf("series: EARS method is %q, use C1, C2 or C3", e.Method)
	case e.Baseline < 3:
		return 0, fmt.Errorf("series: EARS baseline is %d, use 3 periods or more", e.Baseline)
	case !(e.MinSigma >= 0) || math.IsInf(e.MinSigma, 0):
		return 0, fmt.Errorf("series: EARS minSigma is %v, use 0 or more", e.MinSigma)
	}
	if err := checkAlpha(alpha); err != nil {
		return 0, err
	}
	switch e.Compat {
	case "", "documented", "r":
		return qnorm(1 - alpha), nil
	case "cdc":
		return 3, nil
	}
	return 0, fmt.Errorf("series: EARS compat is %q, use documented, r or cdc", e.Compat)
}

// checkAlpha says whether 1-alpha is a probability that differs from 0 and 1.
func checkAlpha(alpha float64) error {
	if !(alpha >= 1e-12 && alpha <= 1-1e-12) {
		return fmt.Errorf("series: alpha is %v, use a value between 0 and 1, such as 0.01", alpha)
	}
	return nil
}

// window is mean and spread of the Baseline periods that end lag periods
// before t-1; ok is false where the series does not reach back that far.
func (e EARS) window(s *Series, t, lag int) (mean, sd float64, ok bool) {
	if t-lag < e.Baseline {
		return math.NaN(), math.NaN(), false
	}
	mean, sd = meanSD(s.Counts[t-lag-e.Baseline : t-lag])
	return mean, sd, true
}

// single evaluates a period by C1 or C2.
func (e EARS) single(s *Series, t, lag int, z float64) Evaluation {
	mean, sd, ok := e.window(s, t, lag)
	switch {
	case !ok:
		return notAssessed(s, t, noteShort)
	case math.IsNaN(mean):
		return notAssessed(s, t, noteWindow)
	}
	sigma := math.Max(sd, e.MinSigma)
	v := Evaluation{Index: t, Observed: s.Counts[t], Expected: mean, Upper: mean + z*sigma, Score: math.NaN()}
	switch {
	case math.IsInf(v.Upper, 0) || math.IsNaN(v.Upper):
		return notAssessed(s, t, noteHuge)
	case IsMissing(v.Observed):
		v.Note = noteCount
	case sigma == 0 && v.Observed == mean && e.Compat != "r":
		v.Note = noteNoSpread
	default:
		v.judge()
	}
	return v
}

// detectC3 walks the range once and keeps what the two periods before found.
func (e EARS) detectC3(s *Series, from, to int, z float64, out []Evaluation) []Evaluation {
	before2, before1 := e.carried(e.excess(s, from-2)), e.carried(e.excess(s, from-1))
	for t := from; t < to; t++ {
		now := e.excess(s, t)
		out = append(out, e.triple(s, t, z, now, before1+before2))
		before2, before1 = before1, e.carried(now)
	}
	return out
}

// carried is what the excess of a period adds to the sum of a later one.
func (e EARS) carried(excess float64) float64 {
	if e.Compat == "cdc" && excess > 2 {
		return 0
	}
	return excess
}

// excess is max(0, C2-1) of a period; the S of the CDC is the same number.
func (e EARS) excess(s *Series, t int) float64 {
	if t < 0 {
		return math.NaN()
	}
	mean, sd, _ := e.window(s, t, 2)
	return math.Max(0, (s.Counts[t]-mean)/math.Max(sd, e.MinSigma)-1)
}

// triple evaluates a period by C3 from its own excess and that of the two before.
func (e EARS) triple(s *Series, t int, z, now, before float64) Evaluation {
	mean, sd, ok := e.window(s, t, 2)
	switch {
	case !ok || t-4 < e.Baseline:
		return notAssessed(s, t, noteShort)
	case math.IsNaN(mean):
		return notAssessed(s, t, noteWindow)
	}
	sigma := math.Max(sd, e.MinSigma)
	if math.IsInf(mean, 0) || math.IsInf(sigma, 0) {
		return notAssessed(s, t, noteHuge)
	}
	v := Evaluation{Index: t, Observed: s.Counts[t], Expected: mean, Score: math.NaN()}
	v.Upper = math.Max(0, mean+sigma*(z-before))
	limit, sum := z, now+before
	alarm := sum > limit
	switch e.Compat {
	case "cdc":
		limit, alarm = 2, sum > 2
	case "r":
		v.Upper = math.Max(0, v.Observed+sigma*(z-before))
		sum, alarm = before, v.Observed > v.Upper
		if math.IsNaN(v.Upper) {
			sum = math.NaN()
		}
	}

	switch {
	case IsMissing(v.Observed):
		v.Note = noteCount
		return v
	case math.IsNaN(sum):
		v.Note = e.whyNot(s, t)
		return v
	case alarm:
		v.Outcome = Alarm
		if !(v.Observed > v.Upper) {
			v.Note = noteCarried
		}
	default:
		v.Outcome = Quiet
		if v.Observed > v.Upper {
			v.Note = noteBoundOnly
		}
	}
	v.Score = scoreOf(sum, limit)
	return v
}

// scoreOf is a statistic in units of its limit, NaN where that is no number.
func scoreOf(statistic, limit float64) float64 {
	if score := statistic / limit; limit > 0 && isFinite(score) {
		return score
	}
	return math.NaN()
}

// whyNot says why one of the three excesses of C3 is not a number.
func (e EARS) whyNot(s *Series, t int) string {
	for i := t - 4 - e.Baseline; i < t; i++ {
		if IsMissing(s.Counts[i]) {
			return noteWindow
		}
	}
	return noteNoSpread
}

// meanSD is the mean and the standard deviation (divisor n-1) of the values,
// NaN where one is missing. It works with differences from the first value: a
// constant window has exactly its value as mean and exactly no spread.
func meanSD(values []float64) (mean, sd float64) {
	n := float64(len(values))
	var sum float64
	for _, v := range values {
		sum += v - values[0]
	}
	mean = values[0] + sum/n
	var squares float64
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(squares / (n - 1))
}
