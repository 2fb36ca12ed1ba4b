package chart

import (
	"math"
	"slices"
)

// scale places numbers on a line from a (its low end) to b.
type scale struct {
	lo, hi float64
	a, b   float64
}

// at is the place of v, at the nearer end where v is beyond.
func (s scale) at(v float64) float64 {
	if !(s.hi > s.lo) {
		return s.a
	}
	return s.a + (s.b-s.a)*min(max((v-s.lo)/(s.hi-s.lo), 0), 1)
}

// reach gathers the least and the greatest of what is to be shown. Zero is
// always shown: a count is as long as its bar.
type reach struct {
	lo, hi float64
	broken bool // has a number that is not whole
	any    bool
}

func (r *reach) add(vs ...float64) {
	for _, v := range vs {
		if !drawable(v) {
			continue
		}
		r.any = true
		r.lo, r.hi = min(r.lo, v), max(r.hi, v)
		if v != math.Trunc(v) {
			r.broken = true
		}
	}
}

func (r *reach) values(vs []Value) {
	for _, v := range vs {
		r.add(v.V)
	}
}

// scale is a scale between a and b whose ends are ticks, with its ticks, about
// so many.
func (r reach) scale(a, b float64, about int) (scale, []float64) {
	lo, hi := r.lo, r.hi
	if !(hi > lo) {
		hi = lo + 1
	}
	step := niceStep((hi - lo) / float64(max(about, 1)))
	if !r.broken {
		step = max(step, 1)
	}
	first, last := math.Floor(lo/step+1e-9), math.Ceil(hi/step-1e-9)
	ticks := make([]float64, 0, 16)
	for k := first; k <= last && len(ticks) < 100; k++ {
		ticks = append(ticks, k*step+0) // + 0: no negative zero
	}
	return scale{first * step, last * step, a, b}, ticks
}

// tight is a scale that ends a little above the greatest, with the ticks that
// fall on it, three if there are so many: for narrow places.
func (r reach) tight(a, b float64) (scale, []float64) {
	for about := 2; ; about++ {
		s, ticks := r.scale(a, b, about)
		if r.hi > 0 {
			s.hi = min(s.hi, r.hi*1.06)
		}
		if r.lo < 0 {
			s.lo = max(s.lo, r.lo*1.06)
		}
		in := slices.DeleteFunc(ticks, func(t float64) bool { return t < s.lo || t > s.hi })
		if len(in) >= 3 || about >= 5 {
			return s, in
		}
	}
}

// niceStep is the least of 1, 2, 5 times a power of ten that is not less
// than v.
func niceStep(v float64) float64 {
	if !(v > 1e-12) {
		return 1e-12
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*p >= v*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}

// tickWords writes ticks all alike: in full, or in millions and the like
// where they would be long.
func tickWords(ticks []float64, narrow bool) []string {
	var most, step float64
	for i, t := range ticks {
		most = max(most, math.Abs(t))
		if i == 1 {
			step = t - ticks[0]
		}
	}
	unit, sign := 1.0, ""
	switch {
	case most >= 1e12:
		unit, sign = 1e12, "T"
	case most >= 1e9:
		unit, sign = 1e9, "bn"
	case most >= 1e7, narrow && most >= 1e6:
		unit, sign = 1e6, "M"
	case narrow && most >= 1e4:
		unit, sign = 1e3, "k"
	}
	places := 0
	if s := step / unit; s > 0 && s < 1 {
		places = min(int(math.Ceil(-math.Log10(s)-1e-9)), 12)
	}
	out := make([]string, len(ticks))
	for i, t := range ticks {
		out[i] = decimals(t/unit, places)
		if t != 0 {
			out[i] += sign
		}
	}
	return out
}
