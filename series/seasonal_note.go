package series

import (
	"fmt"
	"math"
)

// note is what limits the evaluation of period t, or explains it. alone is the
// bound of the period by itself, where there was another.
func (f *seasonalFit) note(t int, e Evaluation, alone float64) string {
	note := ""
	say := func(text string) {
		if note != "" {
			note += "; "
		}
		note += text
	}
	if e.Outcome == Alarm && e.Observed <= alone && !math.IsInf(alone, 1) {
		before, was, _ := f.before(t)
		say(fmt.Sprintf("improbable together with the period before: %.4g where %.3g were expected", before+e.Observed, was+e.Expected))
	}
	if e.Observed == 0 && f.weight(0, e.Expected) < 0.5 {
		say(fmt.Sprintf("no case where %.3g were expected: an outage coded as zero?", e.Expected))
	}
	if f.outages > 0 {
		if f.noted != f.outages {
			f.noted = f.outages
			f.noteText = fmt.Sprintf("%d zeros in the history are no counts (outages coded as zero?) and were left out", f.outages)
			if f.outages == 1 {
				f.noteText = "a zero in the history is no count (an outage coded as zero?) and was left out"
			}
		}
		say(f.noteText)
	}
	if from, _ := f.reference(t); t-from < 2*f.s.Freq {
		say(seasonalShort)
	}
	return note
}
