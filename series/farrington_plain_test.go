package series

import (
	"math"
	"slices"
	"time"
)

// Farrington's methods once more, as plainly as can be: a label for each
// period, a full design matrix, elimination, a logarithm wherever the formula
// has one. The methods must agree with it.

// plainFarringtonFit is a quasi-Poisson fit by R's rules.
type plainFarringtonFit struct {
	coef      []float64
	mu, muOld []float64
	cov       [][]float64 // inverse of the weighted cross products of the last step
	converged bool
	scatter   float64
}

// plainFarringtonGLM fits counts to rows of a design matrix with offsets and weights.
func plainFarringtonGLM(x [][]float64, y, offset, weights []float64) (plainFarringtonFit, bool) {
	n, p := len(y), len(x[0])
	f := plainFarringtonFit{mu: make([]float64, n), muOld: make([]float64, n)}
	eta := make([]float64, n)
	dev := func() float64 {
		d := 0.0
		for i := range y {
			if y[i] > 0 {
				d += 2 * weights[i] * y[i] * math.Log(y[i]/f.mu[i])
			}
			d -= 2 * weights[i] * (y[i] - f.mu[i])
		}
		return d
	}
	for i := range y {
		f.mu[i] = y[i] + 0.1
		eta[i] = math.Log(f.mu[i])
	}
	old := dev()
	for range 25 {
		xx := make([][]float64, p)
		for a := range xx {
			xx[a] = make([]float64, p)
		}
		xz := make([]float64, p)
		for i := range y {
			w := weights[i] * f.mu[i]
			z := eta[i] - offset[i] + (y[i]-f.mu[i])/f.mu[i]
			for a := range p {
				xz[a] += w * x[i][a] * z
				for b := range p {
					xx[a][b] += w * x[i][a] * x[i][b]
				}
			}
		}
		inv, ok := plainFarringtonInverse(xx)
		if !ok {
			return f, false
		}
		f.cov = inv
		f.coef = make([]float64, p)
		for a := range p {
			for b := range p {
				f.coef[a] += inv[a][b] * xz[b]
			}
		}
		copy(f.muOld, f.mu)
		for i := range y {
			eta[i] = offset[i]
			for a := range p {
				eta[i] += x[i][a] * f.coef[a]
			}
			f.mu[i] = math.Exp(eta[i])
		}
		d := dev()
		if math.Abs(d-old)/(math.Abs(d)+0.1) < 1e-8 {
			f.converged = true
			break
		}
		old = d
	}
	for i := range y {
		f.scatter += weights[i] * f.muOld[i] * math.Pow((y[i]-f.mu[i])/f.mu[i], 2) / float64(n-p)
	}
	return f, n > p
}

// plainFarringtonInverse inverts by elimination with the largest pivot.
func plainFarringtonInverse(m [][]float64) ([][]float64, bool) {
	p := len(m)
	a := make([][]float64, p)
	scale := 0.0
	for i := range m {
		a[i] = append(append([]float64{}, m[i]...), make([]float64, p)...)
		a[i][p+i] = 1
	}
	for c := range p {
		best := c
		for r := c; r < p; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[best][c]) {
				best = r
			}
		}
		a[c], a[best] = a[best], a[c]
		pivot := a[c][c]
		scale = math.Max(scale, math.Abs(pivot))
		if !(math.Abs(pivot) > 1e-11*scale) {
			return nil, false
		}
		for k := range a[c] {
			a[c][k] /= pivot
		}
		for r := range p {
			if f := a[r][c]; r != c {
				for k := range a[r] {
					a[r][k] -= f * a[c][k]
				}
			}
		}
	}
	for i := range a {
		a[i] = a[i][p:]
	}
	return a, true
}

// plainFarringtonTwice fits, weighs and fits again.
func plainFarringtonTwice(x [][]float64, y, offset []float64, reweight bool, threshold float64) (plainFarringtonFit, float64, bool) {
	ones := make([]float64, len(y))
	for i := range ones {
		ones[i] = 1
	}
	f, ok := plainFarringtonGLM(x, y, offset, ones)
	if !ok || !f.converged {
		return f, 0, false
	}
	phi := math.Max(1, f.scatter)
	if !reweight {
		return f, phi, true
	}
	weights := make([]float64, len(y))
	sum := 0.0
	for i := range y {
		h := 0.0
		for a := range x[i] {
			for b := range x[i] {
				h += f.muOld[i] * x[i][a] * f.cov[a][b] * x[i][b]
			}
		}
		weights[i] = 1
		if 1-h > 1e-9 {
			s := 1.5 * (math.Pow(y[i], 2./3)*math.Pow(f.mu[i], -1./6) - math.Sqrt(f.mu[i])) / math.Sqrt(phi*(1-h))
			if s > threshold {
				weights[i] = 1 / (s * s)
			}
		}
		sum += weights[i]
	}
	for i := range weights {
		weights[i] *= float64(len(y)) / sum
	}
	f, ok = plainFarringtonGLM(x, y, offset, weights)
	return f, math.Max(1, f.scatter), ok
}

// plainFarringtonLabels gives each period before t its level, or -1.
func plainFarringtonLabels(s *Series, t, years, half, levels, skip int) []int {
	same := make([]int, years+1)
	for i := range same {
		same[i] = t - i*s.Freq
		if len(s.Dates) == 0 || i == 0 {
			continue
		}
		want := s.Dates[t].AddDate(-i, 0, 0)
		same[i] = -1
		for k, d := range s.Dates {
			near := math.Abs(d.Sub(want).Hours()) / 24
			if near < 3.5 && s.Freq == 52 || near < 0.5 {
				same[i] = k
			}
		}
	}
	labels := make([]int, t)
	for k := range labels {
		labels[k] = -1
		for i, p := range same {
			if p-half <= k && k <= p+half {
				labels[k] = levels - 1
			}
			if i > 0 && levels > 1 && k > p+half && k < same[i-1]-half {
				gap := same[i-1] - p - 2*half - 1
				place := k - (p + half + 1)
				for block := range levels - 1 {
					length := gap / (levels - 1)
					if block < gap%(levels-1) {
						length++
					}
					if 0 <= place && place < length {
						labels[k] = block
					}
					place -= length
				}
			}
		}
		if k >= t-skip {
			labels[k] = -1
		}
	}
	return labels
}

// plainFarringtonReason is what the plain methods find.
type plainFarringtonReason struct {
	mean, se, phi, p, slope float64
	trend, ok               bool
	runaway                 bool // a fit heads for means of zero, where it ends is a matter of rounding
}

// plainFarringtonModel predicts period t from the labelled periods.
func plainFarringtonModel(s *Series, t int, labels []int, level int, offset, trend, reweight bool, years int, threshold, pTrend float64) plainFarringtonReason {
	when := func(k int) float64 {
		if len(s.Dates) == 0 {
			return float64(k)
		}
		unit := s.Dates[1].Sub(s.Dates[0])
		return float64(s.Dates[k].Sub(s.Dates[t])) / float64(unit)
	}
	return plainFarringtonModelAt(s, t, labels, level, offset, trend, reweight, years, threshold, pTrend, when)
}

func plainFarringtonModelAt(s *Series, t int, labels []int, level int, offset, trend, reweight bool, years int, threshold, pTrend float64, when func(int) float64) plainFarringtonReason {
	column := map[int]int{}
	for k, l := range labels {
		if l >= 0 && !IsMissing(s.Counts[k]) {
			if _, known := column[l]; !known {
				column[l] = len(column)
			}
		}
	}
	if _, known := column[level]; !known {
		return plainFarringtonReason{}
	}
	design := func(k, l int, trend bool) []float64 {
		row := make([]float64, len(column))
		row[column[l]] = 1
		if trend {
			row = append(row, when(k)-when(t))
		}
		return row
	}
	var y, off []float64
	var at []int
	largest := 0.0
	for k, l := range labels {
		if l < 0 || IsMissing(s.Counts[k]) {
			continue
		}
		at = append(at, k)
		y = append(y, s.Counts[k])
		largest = math.Max(largest, s.Counts[k])
		o := 0.0
		if offset {
			o = math.Log(s.Population[k])
		}
		off = append(off, o)
	}
	r := plainFarringtonReason{p: math.NaN(), slope: math.NaN()}
	run := func(trend bool) (plainFarringtonFit, float64, bool) {
		var x [][]float64
		for _, k := range at {
			x = append(x, design(k, labels[k], trend))
		}
		f, phi, ok := plainFarringtonTwice(x, y, off, reweight, threshold)
		r.runaway = r.runaway || slices.Min(f.mu) < 1e-3
		return f, phi, ok
	}
	exposure := 1.0
	if offset {
		exposure = s.Population[t]
	}
	var f plainFarringtonFit
	if trend {
		var ok bool
		if f, r.phi, ok = run(true); ok {
			last := len(column)
			r.p = ptTwoSided(f.coef[last]/math.Sqrt(f.scatter*f.cov[last][last]), float64(len(y)-last-1))
			r.mean = exposure * math.Exp(f.coef[column[level]])
			r.trend = years >= 3 && r.mean <= largest && (r.p < pTrend || pTrend >= 1)
		}
	}
	if r.trend {
		r.slope = f.coef[len(column)]
	} else {
		var ok bool
		if f, r.phi, ok = run(false); !ok {
			return r
		}
	}
	now := design(t, level, r.trend)
	var v, eta float64
	for a := range now {
		eta += now[a] * f.coef[a]
		for b := range now {
			v += now[a] * f.cov[a][b] * now[b]
		}
	}
	r.mean, r.se, r.ok = exposure*math.Exp(eta), math.Sqrt(r.phi*v), true
	return r
}

// plainFarringtonDates are the first days of n weeks or months from a day on.
func plainFarringtonDates(from time.Time, freq, n int) []time.Time {
	out := make([]time.Time, n)
	for i := range out {
		switch freq {
		case 52:
			out[i] = from.AddDate(0, 0, 7*i)
		case 12:
			out[i] = time.Date(from.Year(), from.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		default:
			out[i] = from.AddDate(0, 0, i)
		}
	}
	return out
}
