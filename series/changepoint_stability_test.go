package series

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestSupFAndrews: the critical values of Andrews, Econometrica 71 (2003),
// 395-397, table I, for a break in the middle 70 %.
func TestSupFAndrews(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		k           int
		p, critical float64
	}{{1, 0.10, 7.12}, {1, 0.05, 8.68}, {1, 0.01, 12.16}, {2, 0.10, 10.00}, {2, 0.05, 11.72}, {2, 0.01, 15.56}} {
		if got := supFTail(c.critical, c.k, 0.15); math.Abs(got/c.p-1) > 0.12 {
			t.Errorf("supFTail(%v, %d, 0.15) = %v, want %v", c.critical, c.k, got, c.p)
		}
	}
}

// TestSupFTail holds Hansen's table against the limit of the tail for large x
// (DeLong, Communications in Statistics A 10, 1981, 2197-2213), from which it
// is known to depart by a quarter, and its entries against their neighbours.
func TestSupFTail(t *testing.T) {
	t.Parallel()
	for k := 1; k <= 2; k++ {
		half := float64(k) / 2
		gamma, _ := math.Lgamma(half)
		for tau := 0.03; tau < 0.485; tau += 0.005 {
			for _, x := range []float64{5, 7, 9} {
				x += 3 * float64(k)
				lambda := math.Pow((1-tau)/tau, 2)
				want := math.Exp(half*math.Log(x/2)-x/2-gamma) * (math.Log(lambda)*(1-float64(k)/x) + 2/x)
				if got := supFTail(x, k, tau); math.Abs(got/want-1) > 0.27 {
					t.Errorf("supFTail(%v, %d, %.3f) = %v, in the limit %v", x, k, tau, got, want)
				}
			}
		}
		for tau := 0.07; tau < 0.395; tau += 0.02 {
			for _, x := range []float64{3, 5, 8} {
				bend := math.Log(supFTail(x, k, tau-0.02) * supFTail(x, k, tau+0.02) / math.Pow(supFTail(x, k, tau), 2))
				if math.Abs(bend) > 0.024 {
					t.Errorf("supFTail(%v, %d, %.2f) = %v stands out by %.3f", x, k, tau, supFTail(x, k, tau), bend)
				}
			}
		}
		last := 1.0
		for x := 0.0; x < 2000; x += 0.25 {
			p := supFTail(x, k, 0.15)
			if p > last || p < 0 {
				t.Fatalf("supFTail(%v, %d, 0.15) = %v after %v", x, k, p, last)
			}
			last = p
		}
		// One place known beforehand: an ordinary test.
		if got, want := supFTail(6, k, 0.5), chiSquaredTail(6, float64(k)); off(got, want) > 1e-14 {
			t.Errorf("supFTail(6, %d, 0.5) = %v, want %v", k, got, want)
		}
	}
	for _, c := range []struct{ x, df, want float64 }{{3.841458820694124, 1, 0.05}, {5.991464547107979, 2, 0.05}, {0, 2, 1}, {-3, 1, 1}, {math.Inf(1), 2, 0}} {
		if got := chiSquaredTail(c.x, c.df); off(got, c.want) > 1e-12 {
			t.Errorf("chiSquaredTail(%v, %v) = %v, want %v", c.x, c.df, got, c.want)
		}
	}
	if !math.IsNaN(supFTail(math.NaN(), 1, 0.15)) {
		t.Error("a statistic that is not known has a p-value")
	}
}

// TestBridgeTail: the critical values of Kolmogorov's distribution (Smirnov,
// Annals of Mathematical Statistics 19, 1948, 279-281).
func TestBridgeTail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ x, want, tolerance float64 }{
		{1.2238, 0.10, 5e-5}, {1.3581, 0.05, 5e-5}, {1.6276, 0.01, 5e-5}, {0.8275735551899077, 0.5, 1e-12}, // the median
		{0.05, 1, 0}, {0.1, 1, 1e-12}, {0.2, 1, 1e-10}, {50, 0, 0},
	} {
		if got := bridgeTail(c.x); math.Abs(got-c.want) > c.tolerance {
			t.Errorf("bridgeTail(%v) = %v, want %v", c.x, got, c.want)
		}
	}
}

// TestStability compares both tests with their definitions.
func TestStability(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		s := stepSeries(r, rapid.IntRange(10, 50).Draw(t, "n"))
		lose(r, s, 0.1)
		for i := range s.Counts { // no two places equally good
			s.Counts[i] += r.Float64()
		}
		trend := rapid.Bool().Draw(t, "trend")
		trim := rapid.SampledFrom([]float64{0.01, 0.1, 0.15, 0.3, 0.45}).Draw(t, "trim")
		p := stretchOf(s.Counts, 0, trend)
		n, k := p.n(), p.regressors()
		if n < 8 {
			return
		}
		from := int(trim * float64(n))
		to := n - from
		from, to = max(from, k+1), min(to, n-k-1)
		whole := plainRSS(p.x, p.y, trend)
		best, at := -1.0, -1
		for i := from; i <= to; i++ {
			rss := plainRSS(p.x[:i], p.y[:i], trend) + plainRSS(p.x[i:], p.y[i:], trend)
			if f := (whole - rss) / rss * float64(n-2*k); f > best {
				best, at = f, p.x[i-1]
			}
		}
		got := p.supF(trim)
		if off(got.Statistic, best) > 1e-8 || got.At != at {
			t.Fatalf("supF of %v: got %+v, want %v at %d", s.Counts, got, best, at)
		}
		if at >= 0 {
			lambda := float64((n-from)*to) / float64(from*(n-to))
			if want := supFTail(got.Statistic, k, 1/(1+math.Sqrt(lambda))); off(got.P, want) > 1e-12 {
				t.Fatalf("p-value of %v: got %v, want %v", s.Counts, got.P, want)
			}
		}
		a, b := plainFit(p.x, p.y, trend)
		most, sum := 0.0, 0.0
		for i, y := range p.y {
			sum += y - a - b*float64(p.x[i])
			most = max(most, math.Abs(sum)/math.Sqrt(whole/float64(n-k)*float64(n)))
		}
		cusum := p.olsCUSUM()
		if off(cusum.Statistic, most) > 1e-8 || off(cusum.P, bridgeTail(most)) > 1e-7 {
			t.Fatalf("OLS-CUSUM of %v: got %+v, want %v", s.Counts, cusum, most)
		}
	})
}
