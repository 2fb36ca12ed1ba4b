package series

import "math"

// supF compares a model with one break with the model without, for every
// place of the break beyond the share trim from both ends, and takes the
// largest F statistic (as a chi-squared: not divided by the number of
// coefficients): Andrews (1993).
func (p *stretch) supF(trim float64) Instability {
	n, k := p.n(), p.regressors()
	out := Instability{math.NaN(), math.NaN(), -1}
	first := int(trim * float64(n))
	last := min(n-first, n-k-1)
	first = max(first, k+1)
	if first > last {
		return out
	}
	after := make([]float64, n+1) // sum of squares of the values from i on
	var g growing
	for i := n - 1; i >= 0; i-- {
		g.add(float64(p.x[i]), p.y[i], p.trend)
		after[i] = g.rss
	}
	if after[0] <= p.noise() {
		return out
	}
	g = growing{}
	for i := range last {
		g.add(float64(p.x[i]), p.y[i], p.trend)
		if i+1 < first {
			continue
		}
		f := math.Inf(1)
		if rss := g.rss + after[i+1]; rss > p.noise() {
			f = (after[0] - rss) / rss * float64(n-2*k)
		}
		if !(f <= out.Statistic) {
			out.Statistic, out.At = f, p.x[i]
		}
	}
	lambda := float64(n-first) * float64(last) / (float64(first) * float64(n-last))
	out.P = supFTail(out.Statistic, k, 1/(1+math.Sqrt(lambda)))
	return out
}

// olsCUSUM is the largest sum of the first residuals of the model without a
// break, divided by their standard error: Ploberger and Krämer (1992). Its
// limit is the maximum of a Brownian bridge.
func (p *stretch) olsCUSUM() Instability {
	n := p.n()
	out := Instability{math.NaN(), math.NaN(), -1}
	f := p.line(0, n)
	if n <= p.regressors() || f.rss <= p.noise() {
		return out
	}
	scale := math.Sqrt(f.rss / float64(n-p.regressors()) * float64(n))
	sum := 0.0
	for i, y := range p.y {
		sum += y - f.value(float64(p.x[i]))
		if s := math.Abs(sum) / scale; !(s <= out.Statistic) {
			out.Statistic, out.At = s, p.x[i]
		}
	}
	out.P = bridgeTail(out.Statistic)
	return out
}

// bridgeTail is the probability that a Brownian bridge leaves [-x, x]:
// Kolmogorov's distribution.
func bridgeTail(x float64) float64 {
	if x < 0.1 {
		return 1
	}
	sum, sign := 0.0, 2.0
	for a := 1.0; ; a++ {
		term := math.Exp(-2 * a * a * x * x)
		sum += sign * term
		if sign = -sign; term < 1e-18 {
			return min(1, max(0, sum))
		}
	}
}
