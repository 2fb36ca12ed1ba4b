package series

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"testing"

	"pgregory.net/rapid"
)

// tally keeps the worst error of each field, over all cases of an oracle file.
// Errors are relative, whatever the size of the number.
type tally struct {
	cases int
	worst map[string]float64
}

func (l *tally) add(field string, got, want float64) {
	if l.worst == nil {
		l.worst = map[string]float64{}
	}
	l.worst[field] = math.Max(l.worst[field], relative(got, want))
}

// relative is |got-want|/|want|, 0 where both are the same infinity or NaN.
func relative(got, want float64) float64 {
	switch {
	case got == want, math.IsNaN(got) && math.IsNaN(want):
		return 0
	case !isFinite(got) || !isFinite(want):
		return math.Inf(1)
	case want == 0:
		return math.Abs(got)
	}
	return math.Abs(got-want) / math.Abs(want)
}

// check reports each field and fails where it is further off than the limit.
func (l *tally) check(t *testing.T, method string, limit float64) {
	t.Helper()
	var fields []string
	all := 0.0
	for f, w := range l.worst {
		fields = append(fields, f)
		all = math.Max(all, w)
	}
	sort.Strings(fields)
	for _, f := range fields {
		if t.Logf("%s %s: worst error %.1e", method, f, l.worst[f]); !(l.worst[f] <= limit) {
			t.Errorf("%s %s is off by %.1e, more than %.0e", method, f, l.worst[f], limit)
		}
	}
	report(t, method, l.cases, all)
}

func near(t *testing.T, what string, got, want, limit float64) {
	t.Helper()
	if !(relative(got, want) <= limit) {
		t.Errorf("%s is %.15g, want %.15g", what, got, want)
	}
}

func TestGLMOracle(t *testing.T) {
	t.Parallel()
	var f struct {
		Cases []struct {
			ID, Series          string
			From, To, Harmonics int
			Weights             []num
			Out                 struct {
				Coef        []num
				CovUnscaled [][]num `json:"cov_unscaled"`
				Dispersion  num
				Deviance    num
				Iter        int
				Converged   bool
				Fitted, Hat []num
				AnscombeStd []num `json:"anscombe_std"`
			}
		}
	}
	if !readOracle(t, "glm.json", &f) {
		return
	}
	all := oracleSeries(t)
	var l tally
	for _, c := range f.Cases {
		s := all[c.Series]
		k, err := s.known(c.From-1, c.To, false)
		if err != nil {
			t.Fatal(err)
		}
		g := glm{x: TrendModel{Harmonics: c.Harmonics}.design(k.time, s.Freq), y: k.y}
		for _, time := range k.time {
			g.weights = append(g.weights, float64(c.Weights[int(time)-1]))
		}
		if err := g.fit(); err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		l.cases++
		if g.iter != c.Out.Iter || g.converged != c.Out.Converged {
			t.Errorf("%s: %d steps, converged %v; want %d, %v", c.ID, g.iter, g.converged, c.Out.Iter, c.Out.Converged)
		}
		for j := range g.coef {
			l.add("coef", g.coef[j], float64(c.Out.Coef[j]))
			for k := range g.coef {
				l.add("cov_unscaled", g.covariance(j, k), float64(c.Out.CovUnscaled[j][k]))
			}
		}
		l.add("dispersion", g.dispersion, float64(c.Out.Dispersion))
		l.add("deviance", g.deviance, float64(c.Out.Deviance))
		for i := range g.y {
			l.add("fitted", g.mu[i], float64(c.Out.Fitted[i]))
			l.add("hat", g.hat[i], float64(c.Out.Hat[i]))
			l.add("anscombe_std", g.anscombe(i), float64(c.Out.AnscombeStd[i]))
		}
	}
	l.check(t, "quasi-Poisson IRLS (glm.json)", 1e-8)
}

// With only an intercept the whole of a step can be written down: the new mean
// is exp of the weighted mean of the working response. The counts are chosen so
// that another rule of when to stop takes another number of steps.
func TestGLMStepByStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		y, weight []float64
		iter      int
	}{
		{[]float64{0, 3, 1, 9, 4}, []float64{1, 2, 0.5, 1, 0.25}, 5},
		{[]float64{7, 9}, []float64{1, 1}, 4},                // 3 steps down to 1e-6
		{[]float64{100, 101, 100}, []float64{1, 1, 1}, 3},    // 2 steps down to 1e-6
		{[]float64{1000, 1001, 1000}, []float64{1, 1, 1}, 2}, // 3 steps without the 0.1
	} {
		mu := make([]float64, len(c.y))
		for i, y := range c.y {
			mu[i] = y + 0.1
		}
		deviance := func() (d float64) {
			for i, y := range c.y {
				if y > 0 {
					d += 2 * c.weight[i] * y * math.Log(y/mu[i])
				}
				d -= 2 * c.weight[i] * (y - mu[i])
			}
			return d
		}
		var iter int
		var information, pearson, b float64
		for last, done := deviance(), false; !done; iter++ {
			up := 0.0
			information, pearson = 0, 0
			for i, y := range c.y {
				information += c.weight[i] * mu[i]
				up += c.weight[i] * mu[i] * (math.Log(mu[i]) + y/mu[i] - 1)
			}
			b = up / information
			for i, y := range c.y { // the weights are of the old means, the residuals of the new
				r := y/math.Exp(b) - 1
				pearson += c.weight[i] * mu[i] * r * r
			}
			for i := range mu {
				mu[i] = math.Exp(b)
			}
			now := deviance()
			done = math.Abs(now-last)/(math.Abs(now)+0.1) < 1e-8
			last = now
		}
		one := make([]float64, len(c.y))
		sum, weights := 0.0, 0.0
		for i, w := range c.weight {
			one[i] = 1
			sum += w * c.y[i]
			weights += w
		}
		g := glm{x: [][]float64{one}, y: c.y, weights: c.weight}
		if err := g.fit(); err != nil {
			t.Fatal(err)
		}
		if g.iter != iter || g.iter != c.iter {
			t.Errorf("%v: %d steps; the test takes %d, and should take %d", c.y, g.iter, iter, c.iter)
		}
		near(t, "coefficient", g.coef[0], b, 1e-13)
		near(t, "coefficient, closed form", g.coef[0], math.Log(sum/weights), 1e-7)
		near(t, "variance", g.covariance(0, 0), 1/information, 1e-13)
		near(t, "dispersion", g.dispersion, pearson/float64(len(c.y)-1), 1e-10)
		near(t, "deviance", g.deviance, deviance(), 1e-9)
	}
}

// The weights of the last step are visibly not those of its means after a fit
// that takes few steps; an implementation with fresh weights is off by 1e-4 here.
func TestGLMWeightsAreOneStepOld(t *testing.T) {
	t.Parallel()
	g := glm{x: [][]float64{{1, 1, 1, 1}}, y: []float64{90, 110, 95, 105}}
	if err := g.fit(); err != nil {
		t.Fatal(err)
	}
	fresh := 0.0
	for i, mu := range g.mu {
		fresh += (g.y[i] - mu) * (g.y[i] - mu) / mu / 3
	}
	if d := relative(g.dispersion, fresh); d < 1e-7 || d > 1e-2 {
		t.Errorf("dispersion %.12g is %.1e away from that of fresh weights, %.12g", g.dispersion, d, fresh)
	}
}

func TestGLMTwoGroups(t *testing.T) {
	t.Parallel()
	// Rates 10/4 and 21/3; the ratio is their quotient, its variance 1/10 + 1/21.
	g := glm{
		x:      [][]float64{{1, 1, 1, 1, 1}, {0, 0, 1, 1, 1}},
		y:      []float64{4, 6, 7, 5, 9},
		offset: []float64{math.Log(1), math.Log(3), math.Log(0.5), math.Log(0.5), math.Log(2)},
	}
	if err := g.fit(); err != nil {
		t.Fatal(err)
	}
	near(t, "intercept", g.coef[0], math.Log(2.5), 1e-8)
	near(t, "log ratio", g.coef[1], math.Log(7/2.5), 1e-8)
	near(t, "variance of it", g.covariance(1, 1), 1.0/10+1.0/21, 1e-4)
	near(t, "leverages", g.hat[0]+g.hat[1]+g.hat[2]+g.hat[3]+g.hat[4], 2, 1e-13)
	near(t, "leverage of one", g.hat[4], 2.0/3, 1e-4)
}

func TestGLMAnscombe(t *testing.T) {
	t.Parallel()
	g := glm{y: []float64{8, 0}, mu: []float64{64, 4}, hat: []float64{0.5, 0.75}, dispersion: 0.3}
	near(t, "8 at a mean of 64", g.anscombe(0), 1.5*(4.0/2-8)/math.Sqrt(0.5), 1e-15) // dispersion is at least 1
	g.dispersion = 4
	near(t, "0 at a mean of 4", g.anscombe(1), 1.5*(0-2)/1, 1e-15)
}

func TestGLMRefuses(t *testing.T) {
	t.Parallel()
	one := []float64{1, 1, 1, 1}
	for _, c := range []struct {
		name string
		g    glm
		want error
	}{
		{"all zero", glm{x: [][]float64{one}, y: []float64{0, 0, 0, 0}}, errSparse},
		{"a group without counts", glm{x: [][]float64{one, {0, 0, 1, 1}}, y: []float64{3, 2, 0, 0}}, errSparse},
		{"one period with counts, at the end", glm{x: [][]float64{one, {1, 2, 3, 4}}, y: []float64{0, 0, 0, 7}}, errSparse},
		{"counts only where the weight is zero", glm{x: [][]float64{one}, y: []float64{0, 0, 0, 7}, weights: []float64{1, 1, 1, 0}}, errSparse},
		{"more columns than periods", glm{x: [][]float64{{1}, {2}}, y: []float64{7}}, errSparse},
		{"no period", glm{x: [][]float64{{}}}, errSparse},
		{"no column", glm{y: []float64{1, 2}}, errSparse},
		{"same column twice", glm{x: [][]float64{one, {2, 2, 2, 2}}, y: []float64{3, 2, 1, 1}}, errSparse},
		{"a column that is not a number", glm{x: [][]float64{one, {1, math.NaN(), 3, 4}}, y: []float64{3, 2, 1, 1}}, errSparse},
	} {
		if err := c.g.fit(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// At the maximum the fitted means reproduce the totals of every column, whatever
// was drawn; and a workspace that is used again gives the same bits.
func TestGLMNormalEquations(t *testing.T) {
	t.Parallel()
	var reused glm
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(6, 60).Draw(t, "n")
		k := known{}
		weights, offset := make([]float64, n), make([]float64, n)
		for i := range n {
			k.time = append(k.time, float64(i+1))
			k.y = append(k.y, float64(rapid.IntRange(0, 200).Draw(t, "y")))
			weights[i] = rapid.SampledFrom([]float64{1, 1, 0.25, 2}).Draw(t, "weight")
			offset[i] = math.Log(rapid.SampledFrom([]float64{1, 1, 0.5, 7}).Draw(t, "exposure"))
		}
		theta := rapid.SampledFrom([]float64{0, math.Inf(1), 0.5, 5, 1000}).Draw(t, "theta")
		g := glm{x: TrendModel{Harmonics: 1}.design(k.time, 12), y: k.y, weights: weights, offset: offset, theta: theta}
		err := g.fit()
		reused.x, reused.y, reused.weights, reused.offset, reused.theta = g.x, g.y, weights, offset, theta
		if again := reused.fit(); again != err || err == nil && fmt.Sprint(reused.coef, reused.mu, reused.hat) != fmt.Sprint(g.coef, g.mu, g.hat) {
			t.Fatalf("a used workspace gives %v %v, a new one %v %v", reused.coef, again, g.coef, err)
		}
		if err != nil {
			return
		}
		if g.dispersion > 1e4 || g.deviance > 1e4*float64(n) {
			return // far from any Poisson: the rule of the deviance stops early
		}
		hats := 0.0
		for j, column := range g.x {
			sum, size := 0.0, 0.0
			for i, mu := range g.mu {
				v := g.information(mu) / mu * weights[i] * column[i]
				sum += v * (g.y[i] - mu)
				size += math.Abs(v) * (g.y[i] + mu)
			}
			if math.Abs(sum) > 1e-5*size {
				t.Fatalf("column %d: observed and fitted differ by %g of %g", j, sum, size)
			}
		}
		for i, h := range g.hat {
			if hats += h; !(h >= 0 && h <= 1+1e-12) {
				t.Fatalf("leverage %d is %v", i, h)
			}
		}
		if math.Abs(hats-4) > 1e-9 {
			t.Fatalf("leverages sum to %v, want 4", hats)
		}
	})
}

func TestGLMLeastSquaresFarFromOrigin(t *testing.T) {
	t.Parallel()
	// A line through times a million away from zero, where normal equations have
	// no digit left.
	var x [2][]float64
	var y []float64
	for i := range 20 {
		x[0] = append(x[0], 1)
		x[1] = append(x[1], 1e6+float64(i))
		y = append(y, 3+0.5*float64(i))
	}
	var ls leastSquares
	if !ls.factor(x[:], nil) {
		t.Fatal("columns count as dependent")
	}
	coef := make([]float64, 2)
	ls.solve(y, coef)
	near(t, "slope", coef[1], 0.5, 1e-9)
	near(t, "variance", ls.inverse(1, 1), 1/665.0, 1e-9) // Σ(i-9.5)² = 665
	near(t, "a slope steeper by 2", ls.length([]float64{3, 2.5}, []float64{3 + 2*(1e6+9.5), 0.5}), 2*math.Sqrt(665), 1e-9)
}

// Mites on 150 apple leaves (Bliss and Fisher 1953, Biometrics 9: 176-200):
// they give k = 1.02459 and a mean of 1.14667.
func TestGLMNegBinMites(t *testing.T) {
	t.Parallel()
	g := glm{x: [][]float64{nil}}
	for mites, leaves := range []int{70, 38, 17, 10, 9, 3, 2, 1} {
		for range leaves {
			g.x[0] = append(g.x[0], 1)
			g.y = append(g.y, float64(mites))
		}
	}
	if err := g.fitNegBin(); err != nil {
		t.Fatal(err)
	}
	near(t, "mean", math.Exp(g.coef[0]), 172.0/150, 1e-10)
	near(t, "theta", g.theta, 1.02459, 5e-6)
	near(t, "variance of the logarithm of the mean", g.covariance(0, 0), (150/172.0+1/g.theta)/150, 1e-8)
	// The likelihood from the textbook's gamma functions.
	want := 0.0
	mu := 172.0 / 150
	for _, y := range g.y {
		a, _ := math.Lgamma(g.theta + y)
		b, _ := math.Lgamma(g.theta)
		c, _ := math.Lgamma(y + 1)
		want += a - b - c + g.theta*math.Log(g.theta/(g.theta+mu)) + y*math.Log(mu/(g.theta+mu))
	}
	near(t, "log-likelihood", g.logLikelihood(), want, 1e-12)
}

// No theta or coefficient nearby is likelier than those found.
func TestGLMNegBinIsTheMaximum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 60).Draw(t, "n")
		level := rapid.SampledFrom([]int{3, 30, 3000, 3000000}).Draw(t, "level")
		k := known{}
		for i := range n {
			k.time = append(k.time, float64(i+1))
			k.y = append(k.y, float64(rapid.IntRange(0, level).Draw(t, "y")))
		}
		g := glm{x: TrendModel{}.design(k.time, 12), y: k.y}
		if err := g.fitNegBin(); err != nil {
			if !errors.Is(err, errSparse) {
				t.Fatalf("%v for %v", err, k.y)
			}
			return
		}
		best := g.logLikelihood()
		at := func(theta, step, slope float64) float64 {
			o := glm{y: g.y, theta: theta}
			for i, mu := range g.mu {
				o.mu = append(o.mu, mu*math.Exp(step+slope*(k.time[i]-float64(n)/2)))
			}
			return o.logLikelihood()
		}
		few := 1e-9 * math.Max(1, math.Abs(best))
		if math.IsInf(g.theta, 1) {
			if l := at(1e6*float64(level), 0, 0); l > best+few {
				t.Fatalf("Poisson has %v, theta %g has %v for %v", best, 1e6*float64(level), l, k.y)
			}
			return
		}
		for _, f := range []float64{0.5, 0.99, 0.9999, 1.0001, 1.01, 2} {
			if l := at(g.theta*f, 0, 0); l > best+few {
				t.Fatalf("theta %v has %v, theta %v has %v for %v", g.theta, best, g.theta*f, l, k.y)
			}
		}
		for _, step := range []float64{-0.1, -0.001, 0.001, 0.1} {
			if l := at(g.theta, step, 0); l > best+few {
				t.Fatalf("a level higher by %v has %v, not %v, for %v", step, l, best, k.y)
			}
			if l := at(g.theta, 0, step/float64(n)); l > best+few {
				t.Fatalf("a slope steeper by %v has %v, not %v, for %v", step, l, best, k.y)
			}
		}
	})
}

// Series on which Fisher's steps, or R's, do not arrive: found by rapid.
func TestGLMNegBinArrives(t *testing.T) {
	t.Parallel()
	for _, y := range [][]float64{
		{0, 0, 0, 0, 7, 1, 0, 0},
		{0, 0, 0, 0, 0, 0, 29166, 11},
		{1, 0, 0, 547, 438, 0, 28, 7, 69, 0, 3, 784, 12, 0, 2236260},
	} {
		k := known{y: y}
		for i := range y {
			k.time = append(k.time, float64(i+1))
		}
		g := glm{x: TrendModel{}.design(k.time, 12), y: y}
		if err := g.fitNegBin(); err != nil {
			t.Errorf("%v: %v", y, err)
			continue
		}
		level, slope := 0.0, 0.0 // the equations of the maximum
		for i, mu := range g.mu {
			level += (y[i] - mu) / g.variance(mu)
			slope += (y[i] - mu) / g.variance(mu) * k.time[i]
		}
		if math.Abs(level) > 1e-6 || math.Abs(slope) > 1e-5 || math.Abs(g.scoreOfSize(g.theta)) > 1e-6*g.theta {
			t.Errorf("%v: scores %v, %v and %v at theta %v are not zero", y, level, slope, g.scoreOfSize(g.theta), g.theta)
		}
	}
}

func TestGLMNegBinBecomesPoisson(t *testing.T) {
	t.Parallel()
	g := glm{x: [][]float64{{1, 1, 1, 1}}, y: []float64{5, 5, 6, 5}}
	if err := g.fitNegBin(); err != nil {
		t.Fatal(err)
	}
	if !math.IsInf(g.theta, 1) {
		t.Errorf("theta of counts that hardly vary is %v, want +Inf", g.theta)
	}
	near(t, "variance", g.covariance(0, 0), 1.0/21, 1e-4)
}

// Counts near a million that vary a tenth more than Poisson's have a theta of
// ten million, which differences of gamma functions cannot see.
func TestGLMNegBinOfHugeTheta(t *testing.T) {
	t.Parallel()
	g := glm{x: [][]float64{nil}}
	const mean, step = 1e6, 1050.0 // ±1050 has the variance 1.1025e6
	for i := range 100 {
		g.x[0] = append(g.x[0], 1)
		g.y = append(g.y, mean+step*float64(1-2*(i%2)))
	}
	if err := g.fitNegBin(); err != nil {
		t.Fatal(err)
	}
	near(t, "theta", g.theta, mean*mean/(step*step-mean), 1e-4) // by moments
}

func TestGLMDigammaRise(t *testing.T) {
	t.Parallel()
	// psi(a+y) - psi(a) is 1/a + 1/(a+1) + ... for whole y.
	for _, a := range []float64{0.01, 0.5, 3, 19.999, 20, 35.5, 1000, 1e6} {
		for _, y := range []int{0, 1, 2, 7, 100, 5000} {
			sum, c := 0.0, 0.0
			for j := y - 1; j >= 0; j-- {
				v := 1/(a+float64(j)) - c
				s := sum + v
				c = s - sum - v
				sum = s
			}
			want := sum - math.Log1p(float64(y)/a)
			if got := digammaRise(a, float64(y)); math.Abs(got-want) > 1e-14*math.Max(1, sum) {
				t.Errorf("digammaRise(%v, %d) = %v, want %v", a, y, got, want)
			}
		}
	}
	for _, d := range []float64{-0.9, -0.0101, -0.0099, -1e-6, 0, 1e-9, 0.0099, 0.0101, 3} {
		if got, want := log1pMinus(d), math.Log1p(d)-d; math.Abs(got-want) > 4e-16*math.Abs(d) {
			t.Errorf("log1pMinus(%v) = %v, want %v", d, got, want)
		}
	}
}

func TestGLMNegBinDeviance(t *testing.T) {
	t.Parallel()
	for _, y := range []float64{0, 1, 3, 50, 700} {
		for _, mu := range []float64{1e-9, 0.4, 2.9, 3.1, 60, 1e5} {
			for _, theta := range []float64{0.01, 0.3, 1, 7.5, 1000} {
				want := -(y + theta) * math.Log((y+theta)/(mu+theta))
				if y > 0 {
					want += y * math.Log(y/mu)
				}
				if got := negBinDeviance(y, mu, theta); math.Abs(got-want) > 1e-14*(y+mu+theta)*math.Log(1e15) {
					t.Errorf("negBinDeviance(%v, %v, %v) = %v, want %v", y, mu, theta, got, want)
				}
			}
		}
	}
	// Near the mean it is d²·theta/(2mu(mu+theta)), which the logarithms of counts
	// of a thousand million cannot tell from zero.
	for _, theta := range []float64{0.07, 1, 1e4, 1e9, 1e12} {
		got := negBinDeviance(1e9+10, 1e9, theta)
		near(t, fmt.Sprintf("deviance with theta %v", theta), got, 100*theta/(2e9*(1e9+theta)), 1e-6)
	}
}

func BenchmarkGLMNegBin(b *testing.B) {
	k := known{}
	for i := range 416 {
		k.time = append(k.time, float64(i+1))
		k.y = append(k.y, float64(i*i%23))
	}
	g := glm{x: TrendModel{}.design(k.time, 52), y: k.y}
	b.ReportAllocs()
	for b.Loop() {
		if err := g.fitNegBin(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGLM(b *testing.B) {
	k := known{}
	for i := range 260 {
		k.time = append(k.time, float64(i+1))
		k.y = append(k.y, math.Round(20+10*math.Sin(float64(i))))
	}
	g := glm{x: TrendModel{Harmonics: 1}.design(k.time, 52), y: k.y}
	b.ReportAllocs()
	for b.Loop() {
		if err := g.fit(); err != nil {
			b.Fatal(err)
		}
	}
}
