package series

import (
	"math"
	"math/big"
	"testing"
	"time"
)

// relOff is how far got is from want as a part of want.
func relOff(got, want float64) float64 {
	if got == want || math.IsNaN(got) && math.IsNaN(want) {
		return 0
	}
	return math.Abs(got-want) / math.Abs(want)
}

func TestDistributionsOracle(t *testing.T) {
	t.Parallel()
	var f struct {
		Qnorm struct{ P, Q []num }          `json:"qnorm"`
		Qt    struct{ Df, P, Q []num }      `json:"qt"`
		Qbeta struct{ A, B, P, Q []num }    `json:"qbeta"`
		Qpois struct{ Mu, P, Q []num }      `json:"qpois"`
		Qnb   struct{ Mu, Phi, P, Q []num } `json:"qnbinom"`
		Pnb   struct {
			Mu, Phi, Y []num
			Prob       []num `json:"prob_ge_y"`
		} `json:"pnbinom_upper"`
		Ppois struct {
			Mu, Y []num
			Prob  []num `json:"prob_ge_y"`
		} `json:"ppois_upper"`
	}
	if !readOracle(t, "distributions.json", &f) {
		return
	}
	check := func(name string, n int, limit float64, at func(i int) (got, want float64)) {
		worst := 0.0
		for i := range n {
			got, want := at(i)
			e := relOff(got, want)
			if !(e <= limit) {
				t.Errorf("%s, case %d: got %v, want %v", name, i+1, got, want)
			}
			worst = math.Max(worst, e)
		}
		report(t, name, n, worst)
	}
	check("normal quantile", len(f.Qnorm.P), 1e-14, func(i int) (float64, float64) {
		return qnorm(float64(f.Qnorm.P[i])), float64(f.Qnorm.Q[i])
	})
	check("t quantile", len(f.Qt.P), 1e-12, func(i int) (float64, float64) {
		return qt(float64(f.Qt.P[i]), float64(f.Qt.Df[i])), float64(f.Qt.Q[i])
	})
	check("t tail of its quantile", len(f.Qt.P), 1e-12, func(i int) (float64, float64) {
		p := float64(f.Qt.P[i])
		return ptTwoSided(float64(f.Qt.Q[i]), float64(f.Qt.Df[i])), 2 * math.Min(p, 1-p)
	})
	check("beta quantile", len(f.Qbeta.P), 1e-12, func(i int) (float64, float64) {
		return qbeta(float64(f.Qbeta.P[i]), float64(f.Qbeta.A[i]), float64(f.Qbeta.B[i])), float64(f.Qbeta.Q[i])
	})
	check("Poisson quantile", len(f.Qpois.P), 0, func(i int) (float64, float64) {
		return qpois(float64(f.Qpois.P[i]), float64(f.Qpois.Mu[i])), float64(f.Qpois.Q[i])
	})
	check("Poisson upper tail", len(f.Ppois.Mu), 1e-11, func(i int) (float64, float64) {
		return ppoisUpper(float64(f.Ppois.Y[i])-1, float64(f.Ppois.Mu[i])), float64(f.Ppois.Prob[i])
	})
	size := func(mu, phi num) float64 { return float64(mu) / (float64(phi) - 1) }
	check("negative binomial quantile", len(f.Qnb.P), 0, func(i int) (float64, float64) {
		return qnbinom(float64(f.Qnb.P[i]), size(f.Qnb.Mu[i], f.Qnb.Phi[i]), float64(f.Qnb.Mu[i])), float64(f.Qnb.Q[i])
	})
	// Here R's size and probability, rounded each, differ from ours by 2e-11.
	check("negative binomial upper tail", len(f.Pnb.Mu), 1e-10, func(i int) (float64, float64) {
		return pnbinomUpper(float64(f.Pnb.Y[i])-1, size(f.Pnb.Mu[i], f.Pnb.Phi[i]), float64(f.Pnb.Mu[i])), float64(f.Pnb.Prob[i])
	})
}

// Quantiles that have a closed form, or an inverse that has.
func TestQuantilesInClosedForm(t *testing.T) {
	t.Parallel()
	check := func(what string, got, want, limit float64, args ...float64) {
		t.Helper()
		if e := relOff(got, want); !(e < limit) {
			t.Errorf("%s%v = %v, want %v", what, args, got, want)
		}
	}
	for _, p := range []float64{1e-300, 1e-40, 1e-12, 1e-5, 0.005, 0.07, 0.08, 0.3, 0.5, 0.6, 0.93, 0.995, 1 - 1e-9} {
		if p < 0.5 {
			check("the tail above qnorm", pnormUpper(-qnorm(p)), p, 1e-12, p)
		}
		q := 1 - p
		if p > 1e-9 {
			check("qnorm", qnorm(p), -qnorm(q), 1e-7, p)
		}
		if p > 1e-100 && p < 0.5 {
			check("qt", qt(p, 1), -1/math.Tan(math.Pi*p), 1e-12, p, 1)
			check("qt", qt(p, 2), (2*p-1)/math.Sqrt(2*p*q), 1e-12, p, 2)
			check("ptTwoSided", ptTwoSided(qt(p, 7), 7), 2*p, 1e-12, p, 7)
		} else if p > 0.5 {
			check("qt", qt(p, 1), 1/math.Tan(math.Pi*q), 1e-12, p, 1)
			check("ptTwoSided", ptTwoSided(qt(p, 7), 7), 2*q, 1e-12, p, 7)
		}
		for _, a := range []float64{0.3, 1, 7, 1e4} {
			if want := math.Pow(p, 1/a); want > 1e-300 {
				check("qbeta", qbeta(p, a, 1), want, 1e-12, p, a, 1)
			}
			check("qbeta", qbeta(p, 1, a), -math.Expm1(math.Log1p(-p)/a), 1e-12, p, 1, a)
		}
	}
	for _, x := range []float64{0.001, 0.4, 3, 50, 1e8} {
		check("ptTwoSided", ptTwoSided(x, 1), 2/math.Pi*math.Atan(1/x), 1e-10, x, 1)
	}
}

// The tails against sums of their terms in 700 bits.
func TestTailsOfCounts(t *testing.T) {
	t.Parallel()
	worst := 0.0
	for _, mu := range []float64{0.001, 0.3, 1, 4.5, 19, 120, 900, 7000} {
		for _, size := range []float64{1e-8, 1e-4, 0.02, 0.5, 1, 3.25, 40, 700, 1e5, 1e12, math.Inf(1)} {
			exact := newExact(size, mu)
			sd := math.Sqrt(mu + mu*mu/size)
			for _, at := range []float64{0, 1, 2, 5, mu - 3*sd, mu - sd, mu, mu + sd, mu + 3*sd, mu + 8*sd, mu + 20*sd} {
				k := math.Floor(at)
				if k < 0 || k > 20000 {
					continue
				}
				want := exact.upper(int(k))
				if want < 1e-290 {
					continue
				}
				got := pnbinomUpper(k, size, mu)
				limit := 1e-10
				if size < 0.01 && mu/size > 1e6 {
					limit = 1e-8
				}
				if e := relOff(got, want); !(e < limit) {
					t.Errorf("pnbinomUpper(%v, size %v, mean %v) = %v, the sum is %v", k, size, mu, got, want)
				} else if e > worst {
					worst = e
				}
			}
		}
	}
	t.Logf("worst relative error %.1e", worst)
}

func TestQuantilesOfCounts(t *testing.T) {
	t.Parallel()
	for _, mu := range []float64{0.001, 0.3, 1, 4.5, 19, 120, 199, 201, 900} {
		for _, size := range []float64{0.02, 0.5, 1, 3.25, 40, 700, 1e5, math.Inf(1)} {
			exact := newExact(size, mu)
			for _, p := range []float64{1e-6, 0.005, 0.3, 0.5, 0.9, 0.95, 0.99, 0.995, 0.9999, 1 - 1e-9} {
				k := int(qnbinom(p, size, mu))
				if up := exact.upper(k); !(up <= 1-p+1e-14) {
					t.Errorf("qnbinom(%v, size %v, mean %v) = %d, above which there is still %v", p, size, mu, k, up)
				}
				if k == 0 {
					continue
				}
				if up := exact.upper(k - 1); !(up > 1-p-1e-14) {
					t.Errorf("qnbinom(%v, size %v, mean %v) = %d, above the count before there is only %v", p, size, mu, k, up)
				}
			}
		}
	}
}

// Where a probability is met exactly, the quantile is that count: 1/4, 3/4 and
// so on of a geometric variable of mean 3.
func TestQuantileIsMetExactly(t *testing.T) {
	t.Parallel()
	for k := 0.0; k < 30; k++ {
		p := 1 - math.Pow(0.75, k+1)
		if got := qnbinom(p, 1, 3); got != k {
			t.Errorf("qnbinom(%v, 1, 3) = %v, want %v", p, got, k)
		}
		if got := fromTail(p, 1, 3); got != k {
			t.Errorf("by tails: qnbinom(%v, 1, 3) = %v, want %v", p, got, k)
		}
	}
}

// No argument makes any of them panic, or think for long.
func TestDistributionsOfAnything(t *testing.T) {
	t.Parallel()
	values := []float64{math.NaN(), math.Inf(-1), -1, 0, 5e-324, 1e-300, 1e-20, 0.001, 0.5, 1 - 0x1p-53, 1, 1.5, 35, 1e5, 1e9, 1e12, 1e18, 1e100, math.MaxFloat64, math.Inf(1)}
	probabilities := []float64{math.NaN(), -1, 0, 5e-324, 1e-300, 0.01, 0.5, 0.995, 1 - 0x1p-53, 1, 2}
	slow := func(start time.Time, what string, args ...float64) {
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("%s%v took %v", what, args, d)
		}
	}
	for _, a := range values {
		for _, b := range values {
			for _, p := range probabilities {
				start := time.Now()
				if q := qnbinom(p, a, b); q < 0 {
					t.Errorf("qnbinom(%v, %v, %v) = %v", p, a, b, q)
				}
				slow(start, "qnbinom", p, a, b)
				start = time.Now()
				if q := qbeta(p, a, b); q < 0 || q > 1 {
					t.Errorf("qbeta(%v, %v, %v) = %v", p, a, b, q)
				}
				slow(start, "qbeta", p, a, b)
			}
			for _, k := range values {
				start := time.Now()
				if u := pnbinomUpper(k, a, b); u < 0 || u > 1 {
					t.Errorf("pnbinomUpper(%v, %v, %v) = %v", k, a, b, u)
				}
				slow(start, "pnbinomUpper", k, a, b)
			}
			start := time.Now()
			if u := ppoisUpper(a, b); u < 0 || u > 1 {
				t.Errorf("ppoisUpper(%v, %v) = %v", a, b, u)
			}
			ptTwoSided(a, b)
			slow(start, "ppoisUpper, ptTwoSided", a, b)
		}
		for _, p := range probabilities {
			qnorm(p)
			start := time.Now()
			qt(p, a)
			slow(start, "qt", p, a)
		}
	}
}

// exact holds the probabilities of counts in 700 bits, each from the one before.
type exact struct {
	below    []*big.Float // P(X <= k)
	term     *big.Float
	first, x *big.Float
}

func bigOf(x float64) *big.Float { return new(big.Float).SetPrec(700).SetFloat64(x) }

func newExact(size, mu float64) *exact {
	e := &exact{first: bigOf(mu), x: bigOf(0)}
	if math.IsInf(size, 1) {
		e.term = bigExp(bigOf(-mu))
	} else {
		all := new(big.Float).Add(bigOf(size), bigOf(mu))
		e.x = new(big.Float).Quo(bigOf(mu), all)
		e.first = new(big.Float).Mul(bigOf(size), e.x)
		// (1 - x)^size by logarithms: log(1-x) is the series of -x^j/j of a
		// number made small by square roots.
		l := bigLog(new(big.Float).Quo(bigOf(size), all))
		e.term = bigExp(l.Mul(l, bigOf(size)))
	}
	e.below = append(e.below, new(big.Float).Set(e.term))
	return e
}

func (e *exact) upper(k int) float64 {
	for len(e.below) <= k {
		j := float64(len(e.below))
		ratio := new(big.Float).Mul(e.x, bigOf(j-1))
		ratio.Add(ratio, e.first).Quo(ratio, bigOf(j))
		e.term = new(big.Float).Mul(e.term, ratio)
		e.below = append(e.below, new(big.Float).Add(e.below[len(e.below)-1], e.term))
	}
	up, _ := new(big.Float).Sub(bigOf(1), e.below[k]).Float64()
	return up
}

// bigExp is e^x by halving x until a short series will do.
func bigExp(x *big.Float) *big.Float {
	const halvings = 60
	r := new(big.Float).SetMantExp(x, -halvings)
	sum, term := bigOf(1), bigOf(1)
	for j := 1.0; j < 60; j++ {
		term = new(big.Float).Quo(new(big.Float).Mul(term, r), bigOf(j))
		sum.Add(sum, term)
	}
	for range halvings {
		sum = new(big.Float).Mul(sum, sum)
	}
	return sum
}

// bigLog is log x by Newton's method on e^y = x.
func bigLog(x *big.Float) *big.Float {
	near, _ := x.Float64()
	y := bigOf(math.Log(near))
	for range 7 {
		e := bigExp(new(big.Float).Neg(y))
		e.Mul(e, x).Sub(e, bigOf(1))
		y.Add(y, e)
	}
	return y
}

func BenchmarkQnbinom(b *testing.B) {
	for _, c := range []struct {
		name     string
		size, mu float64
	}{{"20", 15, 20}, {"150", 80, 150}, {"5000", 300, 5000}, {"1e6", 2000, 1e6}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				qnbinom(0.995, c.size, c.mu)
			}
		})
	}
}
