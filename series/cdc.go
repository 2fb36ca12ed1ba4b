package series

import (
	"fmt"
	"math"
)

// CDC is the historical limits method: the counts of the last four weeks
// together are held against the same four weeks, and those of Months months of
// four weeks before and after, in each of Years years. With n such sums,
//
//	Upper = mean + z(1-Alpha/2) · SD · sqrt(1 + 1/n)
//
// Source: Stroup, Williamson, Herndon and Karon, Statist Med 8 (1989) 323-329;
// the bound is equation 8-1 of Farrington and Andrews in Brookmeyer and Stroup
// (eds), Monitoring the Health of Populations, 2003.
//
// Observed, Expected and Upper are sums over four weeks, the evaluated week and
// the three before it, and Note says so. One missing week among those, or in
// the years before, and the week is not assessed. Weekly series only.
type CDC struct {
	Years  int     `json:"b"`     // how many years to go back
	Months int     `json:"m"`     // months of four weeks on either side, at most 6
	Alpha  float64 `json:"alpha"` // two-sided
}

// NewCDC goes back five years with a month on either side, and Alpha 0.025.
func NewCDC() CDC { return CDC{Years: 5, Months: 1, Alpha: 0.025} }

const noteFourWeeks = "sums of four weeks"

// Detect implements [Detector].
func (c CDC) Detect(s *Series, from, to int) ([]Evaluation, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, err
	}
	switch {
	case s.Freq != 52:
		return nil, fmt.Errorf("series: historical limits need weeks, not years of %d periods", s.Freq)
	case c.Years < 1 || c.Months < 0 || c.Months > 6:
		return nil, fmt.Errorf("series: b is %d and m is %d, use 1 or more years and 0 to 6 months", c.Years, c.Months)
	case c.Years == 1 && c.Months == 0:
		return nil, fmt.Errorf("series: one sum has no spread: use more years or months")
	}
	if err := checkAlpha(c.Alpha); err != nil {
		return nil, err
	}
	z := qnorm(1 - c.Alpha/2)
	out := make([]Evaluation, 0, to-from)
	var sums []float64
	for t := from; t < to; t++ {
		if room := t - 4*c.Months - 3; room < 0 || c.Years > room/52 {
			out = append(out, notAssessed(s, t, noteShort))
			continue
		}
		sums = sums[:0]
		for year := c.Years; year > 0; year-- {
			for month := -c.Months; month <= c.Months; month++ {
				sums = append(sums, fourWeeks(s, t-52*year+4*month))
			}
		}
		out = append(out, c.evaluate(s, t, z, sums))
	}
	return out, nil
}

func (c CDC) evaluate(s *Series, t int, z float64, sums []float64) Evaluation {
	mean, sd := meanSD(sums)
	v := Evaluation{Index: t, Observed: fourWeeks(s, t), Expected: mean, Score: math.NaN(), Note: noteFourWeeks}
	v.Upper = mean + z*sd*math.Sqrt(1+1/float64(len(sums)))
	switch {
	case math.IsNaN(mean):
		return notAssessed(s, t, noteWindow)
	case math.IsInf(v.Upper, 0) || math.IsNaN(v.Upper) || math.IsInf(v.Observed, 0):
		return notAssessed(s, t, noteHuge)
	case IsMissing(v.Observed):
		v.Note = noteCount
	default:
		v.judge()
	}
	return v
}

// fourWeeks is the sum of the week t and the three before it.
func fourWeeks(s *Series, t int) float64 {
	return s.Counts[t-3] + s.Counts[t-2] + s.Counts[t-1] + s.Counts[t]
}
