package series

import (
	"fmt"
	"math"
)

// OutbreakP asks whether the counts so far, taken as Poisson, have begun to
// rise from a constant level: the likelihood ratio of the best means that never
// fall against one constant mean,
//
//	OutbreakP(t) = Π (rising mean of j / constant mean)^(count of j), j = 1 … t
//
// with an alarm where it is above K. It takes no season into account and looks
// at the whole series from its first period on, whatever the range.
//
// Expected is the constant mean, Score the logarithm of the statistic over that
// of K, and Upper as Ret says. A missing count is not assessed; later periods
// leave it out, and Note says so.
//
// Source: Frisén, Andersson and Schiöler, Statist Med 28 (2009) 476-493,
// equation 5; the rising means are those of Frisén and Andersson, Sequential
// Analysis 28 (2009) 434-454.
type OutbreakP struct {
	K float64 `json:"k"` // threshold of the statistic

	// Ret is "cases" for an Upper that is the least count with which the period
	// alarms, NaN where every count would, or none up to MaxCases; "value" for
	// an Upper that is the statistic itself, +Inf where it is too large a number.
	Ret      string  `json:"ret"`
	MaxCases float64 `json:"maxUpperboundCases"` // where the search for "cases" ends
}

// NewOutbreakP has the threshold 100.
func NewOutbreakP() OutbreakP { return OutbreakP{K: 100, Ret: "cases", MaxCases: 1e5} }

const (
	noteAnyCount  = "any count here alarms"
	noteNoCount   = "no count that was tried would alarm"
	noteGapBefore = "periods before it are missing and left out"
)

// Detect implements [Detector].
func (o OutbreakP) Detect(s *Series, from, to int) ([]Evaluation, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, err
	}
	switch {
	case !(o.K > 0) || !isFinite(o.K):
		return nil, fmt.Errorf("series: k is %v, use a number above 0", o.K)
	case o.Ret != "cases" && o.Ret != "value":
		return nil, fmt.Errorf("series: ret is %q, use cases or value", o.Ret)
	case !(o.MaxCases >= 0) || o.MaxCases > mostCounts:
		return nil, fmt.Errorf("series: maxUpperboundCases is %v, use 0 to %v", o.MaxCases, float64(mostCounts))
	}
	out := make([]Evaluation, 0, to-from)
	var past rising
	gap := false
	for t, x := range s.Counts[:to] {
		if t >= from {
			out = append(out, o.evaluate(s, t, &past, gap))
		}
		if IsMissing(x) {
			gap = true
		} else {
			past.add(x)
		}
	}
	return out, nil
}

func (o OutbreakP) evaluate(s *Series, t int, past *rising, gap bool) Evaluation {
	x := s.Counts[t]
	if IsMissing(x) {
		return notAssessed(s, t, noteCount)
	}
	if past.sum+x > mostCounts {
		return notAssessed(s, t, noteHuge)
	}
	v := Evaluation{Index: t, Observed: x, Expected: (past.sum + x) / (past.n + 1), Outcome: Quiet}
	ratio := past.logRatio(x)
	if o.alarms(ratio) {
		v.Outcome = Alarm
	}
	v.Score = scoreOf(ratio, math.Log(o.K))
	if gap {
		v.Note = noteGapBefore
	}
	if o.Ret == "value" {
		v.Upper = math.Exp(ratio)
		return v
	}
	switch {
	case o.alarms(past.logRatio(0)):
		v.Upper, v.Note = math.NaN(), noteAnyCount
	case !o.alarms(past.logRatio(math.Floor(o.MaxCases))):
		v.Upper, v.Note = math.NaN(), noteNoCount
	default:
		// The ratio never falls as the last count rises: its derivative is
		// log(last rising mean / constant mean).
		quiet, alarm := 0.0, math.Floor(o.MaxCases)
		for alarm-quiet > 1 {
			if m := math.Floor((quiet + alarm) / 2); o.alarms(past.logRatio(m)) {
				alarm = m
			} else {
				quiet = m
			}
		}
		v.Upper = alarm
	}
	return v
}

// alarms says whether the statistic is above K; a tie is not, whatever the last
// bits of the logarithm.
func (o OutbreakP) alarms(logRatio float64) bool {
	return logRatio > math.Log(o.K)+1e-12
}

// rising is the best fit of means that never fall to the counts added so far,
// as plateaus: each begins above the one before (pool adjacent violators).
type rising struct {
	plateaus []plateau
	sum, n   float64
}

type plateau struct{ sum, n float64 }

func (p plateau) join(q plateau) plateau { return plateau{p.sum + q.sum, p.n + q.n} }

// below says whether the mean of p is below that of q.
func (p plateau) below(q plateau) bool { return p.sum*q.n < q.sum*p.n }

// with is the last plateau once x is added, and how many before it remain.
func (r *rising) with(x float64) (last plateau, remain int) {
	last = plateau{x, 1}
	for remain = len(r.plateaus); remain > 0 && !r.plateaus[remain-1].below(last); remain-- {
		last = r.plateaus[remain-1].join(last)
	}
	return last, remain
}

func (r *rising) add(x float64) {
	last, remain := r.with(x)
	r.plateaus = append(r.plateaus[:remain], last)
	r.sum += x
	r.n++
}

// logRatio is the logarithm of the statistic if the next count were x.
func (r *rising) logRatio(x float64) float64 {
	last, remain := r.with(x)
	all := plateau{r.sum + x, r.n + 1}
	sum := last.gain(all)
	for _, p := range r.plateaus[:remain] {
		sum += p.gain(all)
	}
	return math.Max(0, sum)
}

// gain is what the counts of a plateau add to the logarithm of the ratio.
func (p plateau) gain(all plateau) float64 {
	if p.sum == 0 {
		return 0
	}
	return p.sum * math.Log(p.sum*all.n/(p.n*all.sum))
}
