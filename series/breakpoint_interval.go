package series

import "math"

// breakInterval bounds a break between two segments: edges are the values
// where the first begins, where the second begins, and where that ends. The
// bounds are numbers of values before the break. It is the interval of Bai
// (1997), with the variance and the regressors of each segment its own.
func breakInterval(p *stretch, edges []int, before, after line, level float64) (lo, hi int, ok bool) {
	// The step of the regression function at a time, squared, averaged over a segment.
	step := func(lo, hi int) float64 {
		sum := 0.0
		for _, x := range p.x[lo:hi] {
			d := after.value(float64(x)) - before.value(float64(x))
			sum += d * d
		}
		return sum / float64(hi-lo)
	}
	q1, q2 := step(edges[0], edges[1]), step(edges[1], edges[2])
	v1, v2 := before.rss/float64(before.n), after.rss/float64(after.n)
	tail := (1 - level) / 2
	a := argmax{xi: q2 / q1, phi: q2 / q1 * v2 / v1}
	if at0 := a.p(0); !(at0 >= tail && at0 <= 1-tail) || !(v1 > 0) || !(q1 > 0) {
		return 0, 0, false
	}
	up, ok1 := a.quantile(1 - tail)
	down, ok2 := a.quantile(tail)
	up, down = math.Ceil(up*v1/q1), math.Floor(down*v1/q1)
	if !ok1 || !ok2 || !(up-down < 1e9) {
		return 0, 0, false
	}
	return edges[1] - int(up), edges[1] - int(down), true
}

// argmax is the distribution of the place where a two-sided Brownian motion
// with drift is largest, of which the two sides have different scales: Bai
// (1997), appendix B, with phi = xi (phi2/phi1)².
type argmax struct{ xi, phi float64 }

// p is the distribution function.
func (a argmax) p(x float64) float64 {
	xi, phi, r := a.xi, a.phi, math.Sqrt(math.Abs(x))
	half := math.Abs(x) / 2
	if x < 0 {
		c := xi / phi
		return -r/math.Sqrt(2*math.Pi)*math.Exp(-half/4) -
			phi/xi*(phi+2*xi)/(phi+xi)*math.Exp(c*(1+c)*half+logPhi(-(0.5+c)*r)) +
			(half-2+(phi+2*xi)*(phi+2*xi)/((phi+xi)*xi))*math.Exp(logPhi(-r/2))
	}
	c := xi * xi / phi
	return 1 + math.Sqrt(c)*r/math.Sqrt(2*math.Pi)*math.Exp(-c*half/4) +
		xi/phi*(2*phi+xi)/(phi+xi)*math.Exp((phi+xi)*half+logPhi(-(phi+xi/2)/math.Sqrt(phi)*r)) -
		((2*phi+xi)*(2*phi+xi)/((phi+xi)*phi)-2+c*half)*math.Exp(logPhi(-math.Sqrt(c)*r/2))
}

// quantile finds where p is q, on the side of 0 where that is.
func (a argmax) quantile(q float64) (float64, bool) {
	far := 1.0
	if a.p(0) > q {
		far = -1
	}
	for sign := far; (a.p(far)-q)*sign < 0; far *= 2 {
		if math.Abs(far) > 1e12 {
			return 0, false
		}
	}
	near := 0.0
	for range 200 {
		mid := (near + far) / 2
		if (a.p(mid) > q) == (far > 0) {
			far = mid
		} else {
			near = mid
		}
	}
	x := (near + far) / 2
	return x, math.Abs(a.p(x)-q) < 1e-6
}

// logPhi is the logarithm of the standard normal distribution function.
func logPhi(x float64) float64 {
	if x > -30 {
		return math.Log(math.Erfc(-x/math.Sqrt2) / 2)
	}
	// Mills' ratio: Abramowitz and Stegun 26.2.12.
	u := 1 / (x * x)
	return -x*x/2 - math.Log(-x*math.Sqrt(2*math.Pi)) + math.Log1p(-u*(1-3*u*(1-5*u)))
}
