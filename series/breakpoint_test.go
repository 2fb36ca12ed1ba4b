package series

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// plainFit is the line, or the mean, with the least squares.
func plainFit(x []int, y []float64, trend bool) (constant, slope float64) {
	var n, sx, sy float64
	for i := range x {
		n, sx, sy = n+1, sx+float64(x[i]), sy+y[i]
	}
	if trend && len(x) > 1 {
		var sxx, sxy float64
		for i := range x {
			d := float64(x[i]) - sx/n
			sxx, sxy = sxx+d*d, sxy+d*y[i]
		}
		slope = sxy / sxx
	}
	return sy/n - slope*sx/n, slope
}

func plainRSS(x []int, y []float64, trend bool) float64 {
	a, b := plainFit(x, y, trend)
	rss := 0.0
	for i := range x {
		e := y[i] - a - b*float64(x[i])
		rss += e * e
	}
	return rss
}

// TestPartition tries every partition there is.
func TestPartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		s := stepSeries(r, rapid.IntRange(4, 18).Draw(t, "n"))
		lose(r, s, rapid.SampledFrom([]float64{0, 0.2}).Draw(t, "lost"))
		for i := range s.Counts { // no two partitions equally good
			s.Counts[i] += r.Float64()
		}
		p := stretchOf(s.Counts, 0, rapid.Bool().Draw(t, "trend"))
		n := p.n()
		h := rapid.IntRange(p.regressors()+1, 5).Draw(t, "h")
		most := n/h - 1
		if most < 0 {
			return
		}
		want, where := make([]float64, most+1), make([][]int, most+1)
		for i := range want {
			want[i] = math.Inf(1)
		}
		var try func(at []int, rss float64)
		try = func(at []int, rss float64) {
			from := 0
			if len(at) > 0 {
				from = at[len(at)-1]
			}
			if total := rss + plainRSS(p.x[from:], p.y[from:], p.trend); n-from >= h && total < want[len(at)] {
				want[len(at)], where[len(at)] = total, slices.Clone(at)
			}
			for to := from + h; to+h <= n; to++ {
				try(append(at, to), rss+plainRSS(p.x[from:to], p.y[from:to], p.trend))
			}
		}
		try(nil, 0)
		got := p.partition(h, most)
		for b := range want {
			if off(got.rss[b], want[b]) > 1e-9 || !slices.Equal(got.breaks(b), where[b]) {
				t.Fatalf("%v with %d breaks of segments of %d: got %v at %v, want %v at %v", s.Counts, b, h, got.rss[b], got.breaks(b), want[b], where[b])
			}
		}
	})
}

// TestGrowing: sums of squares do not cancel, far from 0 and on a slope.
func TestGrowing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	for _, trend := range []bool{false, true} {
		for _, far := range []float64{0, 1e6, 1e12} {
			var g growing
			var x []int
			var noise, y []float64
			for i := range 500 {
				e := math.Round(1000*r.NormFloat64()) / 8
				x = append(x, 3*i+100)
				noise = append(noise, e)
				y = append(y, far+e)
				if trend {
					y[i] += 4 * float64(i)
				}
				g.add(float64(x[i]), y[i], trend)
			}
			if want := plainRSS(x, noise, trend); math.Abs(g.rss/want-1) > 1e-16*far+1e-11 {
				t.Errorf("trend %v, %g away: got %v, want %v", trend, far, g.rss, want)
			}
		}
	}
}

// TestArgmax checks Bai's distribution where it is known otherwise.
func TestArgmax(t *testing.T) {
	t.Parallel()
	// Both sides alike: Yao, Annals of Statistics 15 (1987), 1321-1328: 90, 95
	// and 99 % of the places of the maximum lie within 7.7, 11.0 and 19.8.
	even := argmax{xi: 1, phi: 1}
	for _, c := range []struct{ level, within float64 }{{0.90, 7.7}, {0.95, 11.0}, {0.99, 19.8}} {
		hi, ok1 := even.quantile((1 + c.level) / 2)
		lo, ok2 := even.quantile((1 - c.level) / 2)
		if !ok1 || !ok2 || math.Abs(hi-c.within) > 0.1 || math.Abs(lo+hi) > 1e-6 {
			t.Errorf("%v: from %v to %v, want %v", c.level, lo, hi, c.within)
		}
	}
	// The two maxima are exponential with rates 1 and xi/phi, so that the left
	// one is larger with probability xi/(xi+phi).
	for _, a := range []argmax{{1, 1}, {1, 3}, {0.4, 1}, {5, 0.2}, {2, 7}, {0.01, 0.02}} {
		if got, want := a.p(0), a.xi/(a.xi+a.phi); off(got, want) > 1e-12 {
			t.Errorf("%+v at 0: got %v, want %v", a, got, want)
		}
		last := 0.0
		for x := -400.0; x <= 4000; x += 0.5 {
			p := a.p(x)
			if p < last-1e-9 || p > 1+1e-9 {
				t.Fatalf("%+v at %v: %v after %v", a, x, p, last)
			}
			last = p
		}
		// The other way round, the sides change places and scale: to the right
		// the variance is phi and the drift xi/2.
		mirror := argmax{xi: 1 / a.xi, phi: 1 / a.phi}
		for _, x := range []float64{0.3, 1, 4, 20} {
			if got, want := a.p(x), 1-mirror.p(-x*a.xi*a.xi/a.phi); math.Abs(got-want) > 1e-9 {
				t.Errorf("%+v at %v: got %v, mirrored %v", a, x, got, want)
			}
		}
	}
	if _, ok := (argmax{math.NaN(), 1}).quantile(0.9); ok {
		t.Error("a distribution that is not one has a quantile")
	}
}

// TestArgmaxWalk holds the distribution against random walks with fine steps.
func TestArgmaxWalk(t *testing.T) {
	t.Parallel()
	a := argmax{xi: 1.5, phi: 0.7}
	r := rand.New(rand.NewPCG(1997, 551))
	const step, reach, walks = 0.02, 40.0, 4000
	var places []float64
	for range walks {
		best, at := 0.0, 0.0
		for _, side := range []struct{ sign, drift, sd float64 }{{-1, 0.5, 1}, {1, a.xi / 2, math.Sqrt(a.phi)}} {
			v := 0.0
			for x := step; x < reach && v > best-30; x += step {
				v += side.sd*math.Sqrt(step)*r.NormFloat64() - side.drift*step
				if v > best {
					best, at = v, side.sign*x
				}
			}
		}
		places = append(places, at)
	}
	slices.Sort(places)
	for _, q := range []float64{0.05, 0.2, 0.5, 0.8, 0.95} {
		at := places[int(q*walks)]
		if got := a.p(at); math.Abs(got-q) > 0.03 {
			t.Errorf("at %v: got %v, %v of the walks are below", at, got, q)
		}
	}
}

func TestLogPhi(t *testing.T) {
	t.Parallel()
	if got, want := logPhi(-1.959963984540054), math.Log(0.025); off(got, want) > 1e-12 {
		t.Errorf("logPhi(-1.96) = %v, want %v", got, want)
	}
	if a, b := logPhi(-30-1e-9), logPhi(-30+1e-9); math.Abs(a-b) > 1e-6 {
		t.Errorf("logPhi jumps at -30: %v, %v", a, b)
	}
	if got := logPhi(-1e6); math.IsInf(got, 0) || math.Abs(got/-5e11-1) > 1e-9 {
		t.Errorf("logPhi(-1e6) = %v", got)
	}
}

// TestBreakIntervals: 95 % intervals contain a large enough change at least
// that often.
func TestBreakIntervals(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	m := NewChangePoints()
	m.Breaks = 1
	in, all := 0.0, 0.0
	for range 400 {
		s := &Series{Freq: 52}
		for i := range 120 {
			mu, sd := 40.0, 5.0
			if i > 69 {
				mu, sd = 46, 8
			}
			s.Counts = append(s.Counts, math.Max(0, mu+sd*r.NormFloat64()))
		}
		got, err := m.Find(s, 0, 120)
		if err != nil {
			t.Fatal(err)
		}
		if got.Best == 1 && got.Breaks[0].Bounded {
			all++
			if b := got.Breaks[0]; b.Low <= 69 && 69 <= b.High {
				in++
			}
		}
	}
	t.Logf("%.1f %% of %.0f intervals hold", 100*in/all, all)
	if all < 300 || in/all < 0.9 || in/all > 0.995 {
		t.Errorf("%v of %v 95 %% intervals hold", in, all)
	}
}
