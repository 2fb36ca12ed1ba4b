package series

import "math"

// ibeta is the regularised incomplete beta function of x and its complement,
// where y is 1-x: the smaller of the two keeps its relative accuracy. It is the
// continued fraction of DiDonato and Morris (1992), algorithm 708, equation 8,
// by Lentz's method.
func ibeta(x, y, a, b float64) (lower, upper float64) {
	lambda := a*y - b*x
	switch {
	case !(a > 0) || !(b > 0) || math.IsNaN(lambda):
		return math.NaN(), math.NaN()
	case x <= 0:
		return 0, 1
	case y <= 0:
		return 1, 0
	case lambda < 0:
		upper, lower = ibeta(y, x, b, a)
		return lower, upper
	}
	h := away(a / (a + 1) * (lambda + 1))
	c, d := h, 0.0
	for n := 1.0; n < steps; n++ {
		r := n * (b - n) * x / (a + 2*n - 1)
		alpha := (a + n - 1) / (a + 2*n - 1) * (a + b + n - 1) * x * r
		beta := n + r + (a+n)/(a+2*n+1)*(lambda+1+n*(1+y))
		d = 1 / away(beta+alpha*d)
		c = away(beta + alpha/c)
		h *= c * d
		if math.Abs(c*d-1) < 1e-16 {
			break
		}
	}
	lower = math.Min(1, ibetaFront(x, y, a, b)*a/h)
	return lower, 1 - lower
}

const (
	tiny  = 1e-300
	steps = 1 << 16 // of a continued fraction: several times what any below countless needs
)

// away keeps a denominator of Lentz's method from zero.
func away(x float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}

// ibetaFront is x^a y^b / (a B(a,b)), which is also the probability of the
// count a of a negative binomial variable of size b. It is put together as in
// Loader (2000), Fast and Accurate Computation of Binomial Probabilities, so
// that nothing large cancels.
func ibetaFront(x, y, a, b float64) float64 {
	e := stirlingRest(a+b) - stirlingRest(a) - stirlingRest(b) - deviance(a, (a+b)*x) - deviance(b, (a+b)*y)
	return math.Exp(e) * math.Sqrt(b/(2*math.Pi*a*(a+b)))
}

// stirlingRest is log(n!) less Stirling's formula for it.
func stirlingRest(n float64) float64 {
	if n < 15 {
		lg, _ := math.Lgamma(n + 1)
		return lg - (n+0.5)*math.Log(n) + n - 0.918938533204672741780
	}
	r := 1 / (n * n)
	return (1./12 - (1./360-(1./1260-(1./1680-(1./1188-691./360360*r)*r)*r)*r)*r) / n
}

// deviance is x log(x/m) + m - x, without cancellation where x is near m.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	sum := (x - m) * v
	term := 2 * x * v
	v *= v
	for j := 3.0; j < 40; j += 2 { // v² is below 0.01
		term *= v
		sum += term / j
	}
	return sum
}
