package series

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// refLogDensity is the logarithm of the probability of x.
func refLogDensity(x, mu, alpha float64) float64 {
	lgamma := func(v float64) float64 { g, _ := math.Lgamma(v); return g }
	if alpha == 0 {
		return x*math.Log(mu) - mu - lgamma(x+1)
	}
	size := 1 / alpha
	return lgamma(x+size) - lgamma(size) - lgamma(x+1) + size*math.Log(size/(size+mu)) + x*math.Log(mu/(size+mu))
}

// refRatio is sup over κ of the log ratio of a run of counts, by ternary search
// of a concave function.
func refRatio(x []float64, mu, alpha, sign float64) float64 {
	ratio := func(kappa float64) float64 {
		var sum float64
		for _, v := range x {
			if !IsMissing(v) {
				sum += refLogDensity(v, mu*math.Exp(kappa), alpha) - refLogDensity(v, mu, alpha)
			}
		}
		return sum
	}
	lo, hi := 0.0, 20.0
	if sign < 0 {
		lo, hi = -40, 0
	}
	for range 150 {
		a, b := lo+(hi-lo)/3, hi-(hi-lo)/3
		if ratio(a) < ratio(b) {
			lo = a
		} else {
			hi = b
		}
	}
	return math.Max(0, ratio((lo+hi)/2))
}

func TestGLRAgainstItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := NewGLRPoisson()
		*g.Alpha = rapid.SampledFrom([]float64{0, 0.05, 1}).Draw(t, "alpha")
		mu := rapid.SampledFrom([]float64{0.7, 5, 30}).Draw(t, "mu")
		g.Mu0 = Level{Values: []float64{mu}}
		g.M = rapid.SampledFrom([]int{-1, 3}).Draw(t, "M")
		g.Mtilde = rapid.IntRange(1, 3).Draw(t, "Mtilde")
		g.Limit = rapid.SampledFrom([]float64{1, 4}).Draw(t, "limit")
		g.Dir = rapid.SampledFrom([]string{"inc", "inc", "dec"}).Draw(t, "dir")
		g.Compat = rapid.SampledFrom([]string{"", "documented"}).Draw(t, "compat")
		g.Ret = "value"
		sign := 1.0
		if g.Dir == "dec" {
			sign = -1
		}
		s := drawWeekly(t, 1, 14)
		start := 0 // of the run
		for n, v := range detectAll(t, g, s, 0, s.Len()) {
			if IsMissing(s.Counts[n]) {
				continue
			}
			// k runs over start … n - Mtilde + 1, and not further back than M.
			want, last := 0.0, n-g.Mtilde+1
			if *g.Alpha == 0 && g.Compat == "" {
				if g.M > 0 {
					last = n - g.Mtilde
				} else if last >= start {
					last = n
				}
			}
			for k := start; k <= last; k++ {
				if g.M < 0 || k >= n-g.M {
					want = math.Max(want, refRatio(s.Counts[k:n+1], mu, *g.Alpha, sign))
				}
			}
			if e := math.Abs(v.Upper - want); e > 1e-7 {
				t.Fatalf("%+v alpha %v: period %d of %v from %d: got %+v, want %v", g, *g.Alpha, n, s.Counts, start, v, want)
			}
			if math.Abs(want-g.Limit) > 1e-7 && (v.Outcome == Alarm) != (want >= g.Limit) {
				t.Fatalf("%+v: period %d has statistic %v, and is %+v", g, n, want, v)
			}
			if v.Outcome == Alarm {
				start = n + 1
			}
		}
	})
}

// One count of 10 at the mean 2 is 10·log(5) - 8 = 8.094 above; two of 3 are
// 6·log(1.5) - 2 = 0.4328 above.
func TestGLRByHand(t *testing.T) {
	t.Parallel()
	g := NewGLRPoisson()
	g.Mu0, g.Ret = Level{Values: []float64{2}}, "value"
	counts := []float64{2, 3, 3, 0, 10, 3, Missing, 3}
	want := []float64{0, 3*math.Log(1.5) - 1, 6*math.Log(1.5) - 2, 0, 10*math.Log(5) - 8,
		3*math.Log(1.5) - 1, math.NaN(), 6*math.Log(1.5) - 2}
	got := detectAll(t, g, &Series{Counts: counts, Freq: 52}, 0, len(counts))
	for i, v := range got {
		alarm := i == 4 // and the chart starts anew with the next
		if off(v.Upper, want[i]) > 1e-14 || (v.Outcome == Alarm) != alarm {
			t.Errorf("period %d: got %+v, want %v, alarm %v", i, v, want[i], alarm)
		}
	}
	if got[6].Outcome != NotAssessed || got[6].Note != noteCount || got[7].Note != noteRunGap {
		t.Errorf("the gap: got %+v and %+v", got[6], got[7])
	}
	// The known rise: log 2 · x - mu, added up, back to 0 below 0 and after an alarm.
	g.Theta, g.Limit = math.Ln2, 2
	counts = []float64{1, 4, 5, 9, 4}
	want = []float64{0, 4*math.Ln2 - 2, 9*math.Ln2 - 4, 9*math.Ln2 - 2, 4*math.Ln2 - 2}
	for i, v := range detectAll(t, g, &Series{Counts: counts, Freq: 52}, 0, len(counts)) {
		if off(v.Upper, want[i]) > 1e-14 || (v.Outcome == Alarm) != (want[i] > 2) {
			t.Errorf("known rise, period %d: got %+v, want %v", i, v, want[i])
		}
	}
}

// A statistic that equals the limit alarms where κ is sought, and does not
// where it is given.
func TestGLRTies(t *testing.T) {
	t.Parallel()
	g := NewGLRPoisson()
	g.Mu0, g.Dir, g.Limit = Level{Values: []float64{5}}, "dec", 5 // no case where 5 are normal is 5 below
	if v := detectAll(t, g, &Series{Counts: []float64{0}, Freq: 52}, 0, 1)[0]; v.Outcome != Alarm || v.Score != 1 || v.Upper != 1 {
		t.Errorf("got %+v, want an alarm at the limit, and none with 1", v)
	}
	g = NewGLRPoisson()
	g.Mu0, g.Theta = Level{Values: []float64{2}}, math.Ln2
	g.Limit = 4*math.Ln2 - math.Expm1(math.Ln2)*2
	if v := detectAll(t, g, &Series{Counts: []float64{4}, Freq: 52}, 0, 1)[0]; v.Outcome != Quiet || v.Score != 1 {
		t.Errorf("got %+v, want quiet at the limit", v)
	}
}

// A small rise that lasts is found from its first period on, and a single high
// count far from where the search for κ starts.
func TestGLRFarStarts(t *testing.T) {
	t.Parallel()
	long := make([]float64, 20)
	for i := range long {
		long[i] = 3
	}
	for _, c := range []struct {
		counts    []float64
		mu, limit float64
	}{
		{long, 2, 5},
		{[]float64{5, 2, 11, 1, 3, 1000}, 0.4, 1e6},
		{[]float64{0, 0, 0, 1e6}, 0.4, 1e9},
		{[]float64{1, 0, 0, 40, 1e5}, 30, 1e9},
		{[]float64{436}, 0.19, 1e9}, // with a dispersion of 0.0034 full steps would go back and forth
	} {
		for _, alpha := range []float64{0, 0.0034, 0.1, 2} {
			g := NewGLRPoisson()
			*g.Alpha, g.Mu0, g.Limit, g.Ret = alpha, Level{Values: []float64{c.mu}}, c.limit, "value"
			s := &Series{Counts: c.counts, Freq: 52}
			n := len(c.counts) - 1
			statistic := func(x float64) float64 {
				most := 0.0
				for k := range c.counts {
					run := append(append([]float64{}, c.counts[k:n]...), x)
					most = math.Max(most, refRatio(run, c.mu, alpha, 1))
				}
				return most
			}
			v := detectAll(t, g, s, 0, n+1)[n]
			if want := statistic(c.counts[n]); math.Abs(v.Upper-want) > 1e-6*math.Max(1, want) {
				t.Errorf("alpha %v, %v: got %+v, want %v", alpha, c.counts, v, want)
			}
			if c.limit > 100 {
				continue
			}
			g.Ret = "cases"
			if u := detectAll(t, g, s, 0, n+1)[n].Upper; !(statistic(u) >= c.limit && statistic(u-1) < c.limit) {
				t.Errorf("alpha %v, %v: %v cases have %v, one less %v, the limit is %v",
					alpha, c.counts, u, statistic(u), statistic(u-1), c.limit)
			}
		}
	}
}

func TestGLRKnownRiseAgainstItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := NewGLRPoisson()
		*g.Alpha = rapid.SampledFrom([]float64{0, 0.05, 1}).Draw(t, "alpha")
		mu := rapid.SampledFrom([]float64{0.7, 5, 30}).Draw(t, "mu")
		g.Mu0, g.Ret, g.Theta = Level{Values: []float64{mu}}, "value", rapid.SampledFrom([]float64{0.2, 1}).Draw(t, "theta")
		s := drawWeekly(t, 1, 40)
		sum := 0.0
		for i, v := range detectAll(t, g, s, 0, s.Len()) {
			x := s.Counts[i]
			if IsMissing(x) {
				continue
			}
			sum = math.Max(0, sum+refLogDensity(x, mu*math.Exp(g.Theta), *g.Alpha)-refLogDensity(x, mu, *g.Alpha))
			if math.Abs(v.Upper-sum) > 1e-8*math.Max(1, sum) || math.Abs(sum-g.Limit) > 1e-8 && (v.Outcome == Alarm) != (sum > g.Limit) {
				t.Fatalf("%+v: period %d of %v: got %+v, want %v", g, i, s.Counts, v, sum)
			}
			if sum = v.Upper; v.Outcome == Alarm {
				sum = 0
			}
		}
	})
}

// What Upper says is so: that many cases alarm, one less do not.
func TestGLRCasesAreWhatItTakes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawDetectorOf(t, "glr").(GLR)
		g.Ret = "cases"
		if g.Mu0.Model == "" && len(g.Mu0.Values) == 0 {
			g.Mu0 = Level{Values: []float64{3}}
		}
		if g.Theta == 0 {
			g.Dir = rapid.SampledFrom([]string{"inc", "dec"}).Draw(t, "dir")
		}
		s := drawWeekly(t, 60, 80)
		from := s.Len() - rapid.IntRange(1, 25).Draw(t, "length")
		now := s.Len() - 1
		v := detectAll(t, g, s, from, s.Len())[now-from]
		if math.IsNaN(v.Upper) {
			if v.Note == "" {
				t.Fatalf("%+v: no bound and no note: %+v", g, v)
			}
			return
		}
		judge := func(x float64) Outcome {
			s.Counts[now] = x
			at := detectAll(t, g, s, from, s.Len())[now-from]
			if x == v.Upper && g.Theta == 0 && at.Upper != v.Upper {
				t.Fatalf("%+v: the bound depends on the count: %v and %v", g, v.Upper, at.Upper)
			}
			return at.Outcome
		}
		switch {
		case g.Theta > 0:
			if x := v.Upper * (1 + 1e-9); x > 0 && judge(x) != Alarm {
				t.Fatalf("%+v: no alarm above the bound %v", g, v.Upper)
			}
			if x := v.Upper * (1 - 1e-9); x > 0 && judge(x) != Quiet {
				t.Fatalf("%+v: an alarm below the bound %v", g, v.Upper)
			}
		case g.Dir == "inc":
			if judge(v.Upper) != Alarm || v.Upper > 0 && judge(v.Upper-1) != Quiet {
				t.Fatalf("%+v: %v is not the least count that alarms", g, v.Upper)
			}
		default:
			if judge(v.Upper) != Quiet || v.Upper > 0 && judge(v.Upper-1) != Alarm {
				t.Fatalf("%+v: %v is not the least count that does not alarm", g, v.Upper)
			}
		}
	})
}

// In R's Poisson chart with a window one high count alone is not seen at once.
func TestGLRWindowOfThePackage(t *testing.T) {
	t.Parallel()
	s := &Series{Counts: []float64{2, 2, 2, 0, 12, 2}, Freq: 52}
	for _, c := range []struct {
		compat string
		want   float64
	}{{"", 12*math.Log(3) - 8}, {"documented", 12*math.Log(6) - 10}} {
		g := NewGLRPoisson()
		g.Mu0, g.M, g.Limit, g.Ret, g.Compat = Level{Values: []float64{2}}, 3, 100, "value", c.compat
		if v := detectAll(t, g, s, 0, 6)[4]; off(v.Upper, c.want) > 1e-14 {
			t.Errorf("compat %q: got %+v, want %v", c.compat, v, c.want)
		}
	}
}

// A period whose level is not known is a gap as well.
func TestGLRUnknownLevel(t *testing.T) {
	t.Parallel()
	s := &Series{Counts: []float64{3, 3, 3, 3}, Freq: 52}
	for _, theta := range []float64{0, 0.4} {
		g := NewGLRPoisson()
		g.Theta = theta
		g.Mu0 = Level{Values: []float64{2, Missing, 2, 0}}
		want := []string{"", noteLevelUnknown, noteRunGap, noteLevelUnknown}
		for i, v := range detectAll(t, g, s, 0, 4) {
			if v.Note != want[i] || (v.Outcome == NotAssessed) != (i%2 == 1) {
				t.Errorf("theta %v, period %d: got %+v, want note %q", theta, i, v, want[i])
			}
		}
	}
}

// With refit the level after an alarm is estimated from all periods up to it.
func TestGLRRefits(t *testing.T) {
	t.Parallel()
	counts := []float64{2, 4, 3, 3, 30, 3, 3}
	for _, c := range []struct {
		refit bool
		want  float64
	}{{false, 3}, {true, 42. / 5}} {
		g := NewGLRPoisson()
		g.Mu0 = Level{Model: "glm", Refit: c.refit}
		got := detectAll(t, g, &Series{Counts: counts, Freq: 52}, 4, 7)
		if got[0].Outcome != Alarm || off(got[0].Expected, 3) > 1e-9 || off(got[1].Expected, c.want) > 1e-7 || off(got[2].Expected, c.want) > 1e-7 {
			t.Errorf("refit %v: got %+v, want an alarm at 3 and then %v", c.refit, got, c.want)
		}
	}
}

func TestGLREstimatesDispersion(t *testing.T) {
	t.Parallel()
	s := wavySeries(200)
	g := NewGLRNegBin()
	if err := json.Unmarshal([]byte(`{"mu0":{"S":1},"alpha":null,"c.ARL":5}`), &g); err != nil || g.Alpha != nil {
		t.Fatalf("%+v: %v", g, err)
	}
	for _, v := range detectAll(t, g, s, 120, 200) {
		if v.Outcome == NotAssessed {
			t.Errorf("period %d: %+v", v.Index, v)
		}
	}
	// Nothing but zeros gives no level, and says so.
	for _, v := range detectAll(t, g, &Series{Counts: make([]float64, 60), Freq: 52}, 50, 60) {
		if v.Outcome != NotAssessed || v.Note == "" {
			t.Errorf("all zero: %+v", v)
		}
	}
}

func TestGLRRefuses(t *testing.T) {
	t.Parallel()
	minus := -1.0
	for _, change := range []func(*GLR){
		func(g *GLR) { g.Alpha = nil },
		func(g *GLR) { g.Alpha = &minus },
		func(g *GLR) { g.Limit = 0 },
		func(g *GLR) { g.M = 0 },
		func(g *GLR) { g.M = -2 },
		func(g *GLR) { g.M, g.Mtilde = 2, 3 },
		func(g *GLR) { g.Mtilde = 0 },
		func(g *GLR) { g.Change = "epi" },
		func(g *GLR) { g.Theta = -0.4 },
		func(g *GLR) { g.Theta, g.Dir = 0.4, "dec" },
		func(g *GLR) { g.Dir = "up" },
		func(g *GLR) { g.Ret = "" },
		func(g *GLR) { g.Compat = "cdc" },
		func(g *GLR) { g.Mu0.Values = []float64{1, 2, 3} },
	} {
		g := NewGLRPoisson()
		g.Mu0.Values = []float64{2}
		change(&g)
		if got, err := g.Detect(&Series{Counts: make([]float64, 20), Freq: 52}, 10, 20); err == nil {
			t.Errorf("%+v: got %v, want an error", g, got)
		}
	}
}
