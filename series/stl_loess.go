package series

import "math"

// smoother is one of the three loess smoothers of [STL].
type smoother struct{ span, degree, jump int }

// steps is how many weights it computes over n positions, with the two beyond.
func (s smoother) steps(n int) float64 {
	at := n/min(s.jump, max(1, n-1)) + 4
	return float64(at) * float64(min(s.span, n))
}

// loess is local regression of values at some of the positions 0 to n-1, with
// the choices of the authors' program: within a thousandth of the bandwidth
// the weight is 1, beyond 999 thousandths 0; a slope is fitted only where the
// points lie apart; a span of more points than there are widens the bandwidth
// by half of what is lacking, rounded down.
type loess struct {
	n      int
	at     []int // positions with a value, ascending; at least one
	y      []float64
	weight []float64 // robustness weights; used where robust
	robust bool
	lo     int       // the span begins here in at
	k      []float64 // weights of the span
}

func (l *loess) over(n int, at []int, y, weight []float64, robust bool) *loess {
	l.n, l.at, l.y, l.weight, l.robust, l.lo = n, at, y, weight, robust, 0
	return l
}

// smooth evaluates the smoother at all positions.
func (l *loess) smooth(s smoother, dst []float64) {
	n := l.n
	if n < 2 {
		dst[0] = l.y[0]
		return
	}
	jump := min(s.jump, n-1)
	last := 0
	for x := 0; ; x = min(x+jump, n-1) {
		dst[x] = l.value(s, x)
		if step := (dst[x] - dst[last]) / float64(max(1, x-last)); x > last {
			for i := last + 1; i < x; i++ {
				dst[i] = dst[last] + step*float64(i-last)
			}
		}
		if last = x; x == n-1 {
			return
		}
	}
}

// value is the smoother at x. Where the robustness weights leave nothing near
// x, it is the value at x itself, as in the authors' program, and without one
// the fit that ignores those weights.
func (l *loess) value(s smoother, x int) float64 {
	lo, hi := l.near(s, x)
	if v, ok := l.fit(s, x, lo, hi, l.robust); ok {
		return v
	}
	for i := lo; i <= hi && l.at[i] <= x; i++ {
		if l.at[i] == x {
			return l.y[i]
		}
	}
	v, _ := l.fit(s, x, lo, hi, false)
	return v
}

// beyond is the smoother at an x outside, or else what stands there.
func (l *loess) beyond(s smoother, x int, otherwise float64) float64 {
	l.lo = 0
	lo, hi := l.near(s, x)
	if v, ok := l.fit(s, x, lo, hi, l.robust); ok {
		return v
	}
	return otherwise
}

// near moves the span to the nearest values; x ascends from call to call.
func (l *loess) near(s smoother, x int) (lo, hi int) {
	q := min(s.span, len(l.at))
	for l.lo+q < len(l.at) && l.at[l.lo+q]-x < x-l.at[l.lo] {
		l.lo++
	}
	return l.lo, l.lo + q - 1
}

// fit is the weighted regression on the values lo to hi, at x.
func (l *loess) fit(s smoother, x, lo, hi int, robust bool) (float64, bool) {
	h := float64(max(x-l.at[lo], l.at[hi]-x))
	if m := len(l.at); s.span > m {
		h += float64((s.span - m) / 2)
	}
	sum := l.weigh(x, lo, hi, h, robust)
	if sum <= 0 && !robust {
		// All of them lie equally far: on the edge, where the weight is 0.
		sum = l.weigh(x, lo, hi, 1.01*h+1, false)
	}
	if sum <= 0 {
		return Missing, false
	}
	mean := 0.0
	for i, w := range l.k {
		l.k[i] = w / sum
		mean += l.k[i] * float64(l.at[lo+i])
	}
	slope, away := 0.0, float64(x)-mean
	if h > 0 && s.degree > 0 {
		c := 0.0
		for i, w := range l.k {
			c += w * (float64(l.at[lo+i]) - mean) * (float64(l.at[lo+i]) - mean)
		}
		if math.Sqrt(c) > 0.001*float64(l.n-1) {
			slope = away / c
		}
	}
	v := 0.0
	for i, w := range l.k {
		v += w * (slope*(float64(l.at[lo+i])-mean) + 1) * l.y[lo+i]
	}
	return v, true
}

// weigh sets the tricube weights of the values lo to hi, and sums them up.
func (l *loess) weigh(x, lo, hi int, h float64, robust bool) float64 {
	l.k = l.k[:0]
	sum := 0.0
	for i := lo; i <= hi; i++ {
		w, r := 0.0, math.Abs(float64(l.at[i]-x))
		if r <= 0.999*h {
			w = 1
			if r > 0.001*h {
				u := r / h
				w = 1 - u*u*u
				w = w * w * w
			}
			if robust {
				w *= l.weight[i]
			}
		}
		l.k = append(l.k, w)
		sum += w
	}
	return sum
}
