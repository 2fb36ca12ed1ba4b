package series

import (
	"fmt"
	"math"
	"slices"
)

// stlFit is a decomposition with all parameters known.
type stlFit struct {
	n, period                int
	periodic, likeR          bool
	seasonal, trend, lowpass smoother
	inner, outer             int
}

// steps bounds the number of weights that the fit computes.
func (f *stlFit) steps() float64 {
	p := min(f.period, f.n)
	pass := float64(p)*f.seasonal.steps(f.n/f.period+1) + f.trend.steps(f.n) + f.lowpass.steps(f.n)
	return pass * float64(f.inner) * float64(f.outer+1)
}

// run is the outer loop.
func (f *stlFit) run(d *Decomposition) {
	n, p := f.n, f.period
	w := stlWork{
		y: d.Observed, all: make([]int, n), weight: slices.Repeat([]float64{1}, n),
		season: make([]float64, n), trend: make([]float64, n),
		cycles: make([]float64, n+2*p), filtered: make([]float64, n+2*p), low: make([]float64, n+2*p),
		residual: make([]float64, 0, n),
	}
	for i := range w.all {
		w.all[i] = i
		if !IsMissing(w.y[i]) {
			w.seen = append(w.seen, i)
		}
	}
	for pass := range f.outer + 1 {
		for range f.inner {
			f.pass(&w, pass > 0)
		}
		if pass < f.outer {
			w.reweigh(f.likeR)
		}
	}
	if f.periodic {
		alike(w.season, p)
	}
	f.give(d, &w)
}

// stlWork is the memory of one decomposition.
type stlWork struct {
	y                     []float64
	all, seen             []int     // all positions, and those with a value
	weight                []float64 // robustness weights
	season, trend         []float64
	cycles, filtered, low []float64
	residual              []float64
	loess                 loess
	at                    []int
	part, partWeight      []float64
}

// pass is the inner loop, steps 1 to 6 of the paper.
func (f *stlFit) pass(w *stlWork, robust bool) {
	n, p := f.n, f.period
	for j := range p { // the cycle-subseries, smoothed and extended by a cycle either side
		w.at, w.part, w.partWeight = w.at[:0], w.part[:0], w.partWeight[:0]
		for i := j; i < n; i += p {
			if !IsMissing(w.y[i]) {
				w.at = append(w.at, i/p)
				w.part = append(w.part, w.y[i]-w.trend[i])
				w.partWeight = append(w.partWeight, w.weight[i])
			}
		}
		k := (n-1-j)/p + 1
		l := w.loess.over(k, w.at, w.part, w.partWeight, robust)
		fit := w.filtered[:k+2]
		l.smooth(f.seasonal, fit[1:k+1])
		fit[0] = l.beyond(f.seasonal, -1, fit[1])
		fit[k+1] = l.beyond(f.seasonal, k, fit[k])
		for i, v := range fit {
			w.cycles[i*p+j] = v
		}
	}
	average(w.filtered, w.cycles, p)
	average(w.low, w.filtered[:n+p+1], p)
	average(w.filtered, w.low[:n+2], 3)
	w.loess.over(n, w.all, w.filtered[:n], nil, false).smooth(f.lowpass, w.low[:n])
	w.part, w.partWeight = w.part[:0], w.partWeight[:0]
	for i := range n {
		w.season[i] = w.cycles[p+i] - w.low[i]
	}
	for _, i := range w.seen {
		w.part = append(w.part, w.y[i]-w.season[i])
		w.partWeight = append(w.partWeight, w.weight[i])
	}
	w.loess.over(n, w.seen, w.part, w.partWeight, robust).smooth(f.trend, w.trend)
}

// average puts the means of k neighbours of src into dst, len(src)-k+1 of them.
func average(dst, src []float64, k int) {
	sum := 0.0
	for i, v := range src {
		sum += v
		if i >= k {
			sum -= src[i-k]
		}
		if i >= k-1 {
			dst[i-k+1] = sum / float64(k)
		}
	}
}

// reweigh sets the robustness weights, bisquare in the remainders.
func (w *stlWork) reweigh(likeR bool) {
	w.residual = w.residual[:0]
	for _, i := range w.seen {
		w.residual = append(w.residual, math.Abs(w.y[i]-w.season[i]-w.trend[i]))
	}
	var h float64 // six medians
	if likeR {
		h = 3 * middlesLikeR(w.residual)
	} else {
		slices.Sort(w.residual)
		m := len(w.residual)
		h = 3 * (w.residual[m/2] + w.residual[m-m/2-1])
	}
	for _, i := range w.seen {
		switch r := math.Abs(w.y[i] - w.season[i] - w.trend[i]); {
		case r <= 0.001*h:
			w.weight[i] = 1
		case r <= 0.999*h:
			u := r / h
			w.weight[i] = (1 - u*u) * (1 - u*u)
		default:
			w.weight[i] = 0
		}
	}
}

// alike puts the mean over the years in the place of each season.
func alike(season []float64, period int) {
	for j := range period {
		sum, k := 0.0, 0
		for i := j; i < len(season); i += period {
			sum += season[i]
			k++
		}
		for i := j; i < len(season); i += period {
			season[i] = sum / float64(k)
		}
	}
}

// give copies what may be said.
func (f *stlFit) give(d *Decomposition, w *stlWork) {
	if f.outer > 0 {
		d.Weights = w.weight
	}
	dark, next := 0, 0
	for i := range f.n {
		for next < len(w.seen) && w.seen[next] < i {
			next++
		}
		switch {
		case next < len(w.seen) && w.seen[next] == i:
			d.Seasonal[i], d.Trend[i] = w.season[i], w.trend[i]
			d.Remainder[i] = w.y[i] - w.season[i] - w.trend[i]
			continue
		case next > 0 && next < len(w.seen) && min(i-w.seen[next-1], w.seen[next]-i) <= f.trend.span/2:
			d.Seasonal[i], d.Trend[i] = w.season[i], w.trend[i]
		default:
			dark++
		}
		if d.Weights != nil {
			d.Weights[i] = Missing
		}
	}
	if d.Missing > 0 {
		d.Note = fmt.Sprintf("%d of %d periods have no value and are left out of every fit", d.Missing, f.n)
	}
	if dark > 0 {
		d.Note += fmt.Sprintf("; %d of them are too far from any value, or outside the values, to have a trend", dark)
	}
}
