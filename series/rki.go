package series

import "math"

// RKI is the rule of the Robert Koch Institute's early system: up to a mean of
// 20 over the reference values, Upper is the upper 95 % confidence limit of a
// Poisson mean, looked up for the mean rounded down; above 20 it is the mean
// plus two standard deviations (divisor n-1).
//
// Source: Höhle, Comput Stat 22 (2007) 571-582, on the practice of the
// institute. The limits are those of Crow and Gardner, Biometrika 46 (1959)
// 441-453.
//
// One missing reference value, and the period is not assessed.
type RKI struct {
	Years     int  `json:"b"`    // how many years to go back
	HalfWidth int  `json:"w"`    // weeks on either side in those years, weeks before in this one
	ThisYear  bool `json:"actY"` // whether the HalfWidth periods just before belong to the reference
}

// NewRKI is the reference of four weeks on either side in the two years before.
func NewRKI() RKI { return RKI{Years: 2, HalfWidth: 4} }

// rkiLimit is the upper 95 % limit of a Poisson mean where 0, 1, ... 20 were
// counted: the largest mean whose shortest, then rightmost, set of counts with
// 95 % of the probability still holds that count.
var rkiLimit = [...]float64{
	3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633,
	19.050, 20.335, 21.364, 22.945, 23.762, 25.400, 26.306, 27.735, 28.966, 30.017,
}

const noteOneValue = "one reference value has no spread"

// Detect implements [Detector].
func (k RKI) Detect(s *Series, from, to int) ([]Evaluation, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, err
	}
	r := reference{k.Years, k.HalfWidth, k.ThisYear}
	if err := r.check(s); err != nil {
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
		out = append(out, k.evaluate(s, t, values))
	}
	return out, nil
}

func (k RKI) evaluate(s *Series, t int, values []float64) Evaluation {
	mean, sd := meanSD(values)
	v := Evaluation{Index: t, Observed: s.Counts[t], Expected: mean, Score: math.NaN()}
	switch {
	case math.IsNaN(mean):
		return notAssessed(s, t, noteWindow)
	case math.IsInf(mean, 0):
		return notAssessed(s, t, noteHuge)
	case mean <= 20:
		v.Upper = rkiLimit[int(mean)]
	case len(values) < 2:
		return notAssessed(s, t, noteOneValue)
	default:
		v.Upper = mean + 2*sd
	}
	switch {
	case math.IsInf(v.Upper, 0):
		return notAssessed(s, t, noteHuge)
	case IsMissing(v.Observed):
		v.Note = noteCount
	default:
		v.judge()
	}
	return v
}
