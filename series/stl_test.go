package series

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSTLOracle(t *testing.T) {
	t.Parallel()
	type letters struct{ S, T, L int }
	var f struct {
		Cases []struct {
			ID, Series string
			From, To   int
			Transform  Scale
			Params     json.RawMessage
			Resolved   struct {
				Win, Deg, Jump letters
				Inner, Outer   int
			}
			Out struct{ Seasonal, Trend, Remainder, Weights []num }
			No  string `json:"r_error"`
		}
	}
	if !readOracle(t, "stl.json", &f) {
		return
	}
	all := oracleSeries(t)
	worst, cases := map[string]float64{}, map[string]int{}
	for _, c := range f.Cases {
		s := all[c.Series]
		for _, compat := range []string{"r", ""} {
			m := NewSTL()
			if err := json.Unmarshal(c.Params, &m); err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
			m.Transform, m.Compat = c.Transform, compat
			got, err := m.Decompose(s, c.From-1, c.To)
			if err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
			if c.No != "" {
				// R refuses missing values.
				if !got.Assessed || got.Missing == 0 || got.Note == "" {
					t.Errorf("%s, where R says %q: got %+v", c.ID, c.No, got)
				}
				continue
			}
			fit, err := m.resolve(s.Freq, c.To-c.From+1)
			if err != nil {
				t.Fatal(err)
			}
			// The oracle names spans before they are made odd.
			r := c.Resolved
			if win, jump := (letters{fit.seasonal.span, fit.trend.span, fit.lowpass.span}), (letters{fit.seasonal.jump, fit.trend.jump, fit.lowpass.jump}); win != (letters{r.Win.S | 1, r.Win.T | 1, r.Win.L | 1}) || jump != r.Jump || fit.inner != r.Inner || fit.outer != r.Outer {
				t.Errorf("%s: got spans %v, jumps %v, passes %d and %d, want %+v", c.ID, win, jump, fit.inner, fit.outer, r)
			}
			for _, part := range []struct {
				name string
				got  []float64
				want []num
			}{{"seasonal", got.Seasonal, c.Out.Seasonal}, {"trend", got.Trend, c.Out.Trend}, {"remainder", got.Remainder, c.Out.Remainder}, {"weights", got.Weights, c.Out.Weights}} {
				if len(part.got) != len(part.want) {
					t.Errorf("%s: %d %s, want %d", c.ID, len(part.got), part.name, len(part.want))
					continue
				}
				name, tolerance := part.name+" (compat r)", 1e-8
				if compat == "" {
					// R's wrong median: see STL.
					name, tolerance = part.name, 1e-4
				}
				if len(part.want) > 0 {
					cases[name]++
				}
				for i, want := range floats(part.want) {
					e := off(part.got[i], want)
					worst[name] = max(worst[name], e)
					if e > tolerance {
						t.Fatalf("%s, compat %q: %s of period %d is %v, want %v", c.ID, compat, part.name, i+1, part.got[i], want)
					}
				}
			}
		}
	}
	for _, name := range []string{"seasonal", "trend", "remainder", "weights"} {
		report(t, "stl "+name+" (compat r)", cases[name+" (compat r)"], worst[name+" (compat r)"])
		report(t, "stl "+name, cases[name], worst[name])
	}
}

// plainSTL is the procedure of the paper, written for reading: every loess
// sorts all points by their distance, and solves its normal equations.
type plainSTL struct {
	n, period              int
	periodic               bool
	seasonal, trend, low   smoother
	inner, outer           int
	y                      []float64
	season, drift, weights []float64
}

func plainLoess(s smoother, x int, at []int, y, weight []float64, n int) (float64, bool) {
	order := make([]int, len(at))
	for i := range order {
		order[i] = i
	}
	away := func(i int) float64 { return math.Abs(float64(at[i] - x)) }
	slices.SortStableFunc(order, func(a, b int) int { return int(away(a) - away(b)) })
	q := min(s.span, len(at))
	h := away(order[q-1])
	if s.span > len(at) {
		h += math.Floor(float64(s.span-len(at)) / 2)
	}
	kernel := func(i int, h float64) float64 {
		switch u := away(i) / h; {
		case away(i) <= 0.001*h:
			return 1
		case away(i) <= 0.999*h:
			return math.Pow(1-u*u*u, 3)
		}
		return 0
	}
	k := make([]float64, q)
	sum := 0.0
	for try := 0; try < 3 && sum == 0; try++ {
		for i, o := range order[:q] {
			switch {
			case try == 0:
				k[i] = kernel(o, h) * weight[o]
			case x < 0 || x >= n:
				return 0, false // nothing: the neighbour stands in
			case slices.Contains(at, x):
				return y[slices.Index(at, x)], true
			case try == 1:
				k[i] = kernel(o, h)
			default:
				k[i] = kernel(o, 1.01*h+1)
			}
			sum += k[i]
		}
	}
	if s.degree == 0 {
		v := 0.0
		for i, o := range order[:q] {
			v += k[i] / sum * y[o]
		}
		return v, true
	}
	var w, wx, wy float64
	for i, o := range order[:q] {
		w += k[i]
		wx += k[i] * float64(at[o])
		wy += k[i] * y[o]
	}
	var sxx, sxy float64
	for i, o := range order[:q] {
		sxx += k[i] * math.Pow(float64(at[o])-wx/w, 2)
		sxy += k[i] * (float64(at[o]) - wx/w) * y[o]
	}
	if math.Sqrt(sxx/w) <= 0.001*float64(n-1) || h <= 0 {
		return wy / w, true
	}
	return wy/w + sxy/sxx*(float64(x)-wx/w), true
}

func plainSmooth(s smoother, n int, at []int, y, weight []float64) []float64 {
	out := make([]float64, n)
	jump := min(s.jump, max(1, n-1))
	last := 0
	for x := 0; x < n; x++ {
		if x%jump == 0 || x == n-1 {
			out[x], _ = plainLoess(s, x, at, y, weight, n)
			for i := last + 1; i < x; i++ {
				u := float64(i-last) / float64(x-last)
				out[i] = (1-u)*out[last] + u*out[x]
			}
			last = x
		}
	}
	return out
}

func plainAverage(a []float64, k int) []float64 {
	var out []float64
	for i := 0; i+k <= len(a); i++ {
		sum := 0.0
		for _, v := range a[i : i+k] {
			sum += v
		}
		out = append(out, sum/float64(k))
	}
	return out
}

func (p *plainSTL) run() {
	p.season, p.drift = make([]float64, p.n), make([]float64, p.n)
	p.weights = slices.Repeat([]float64{1}, p.n)
	ones := slices.Repeat([]float64{1}, p.n)
	all := make([]int, p.n)
	for i := range all {
		all[i] = i
	}
	for pass := range p.outer + 1 {
		for range p.inner {
			cycle := make([]float64, p.n+2*p.period)
			for j := range p.period {
				var at []int
				var y, w []float64
				k := 0
				for i := j; i < p.n; i += p.period {
					if !IsMissing(p.y[i]) {
						at, y, w = append(at, k), append(y, p.y[i]-p.drift[i]), append(w, p.weights[i])
					}
					k++
				}
				fit := plainSmooth(p.seasonal, k, at, y, w)
				before, ok1 := plainLoess(p.seasonal, -1, at, y, w, k)
				after, ok2 := plainLoess(p.seasonal, k, at, y, w, k)
				if !ok1 {
					before = fit[0]
				}
				if !ok2 {
					after = fit[k-1]
				}
				for i, v := range append(append([]float64{before}, fit...), after) {
					cycle[i*p.period+j] = v
				}
			}
			low := plainAverage(plainAverage(plainAverage(cycle, p.period), p.period), 3)
			low = plainSmooth(p.low, p.n, all, low, ones)
			var at []int
			var y, w []float64
			for i := range p.n {
				p.season[i] = cycle[p.period+i] - low[i]
				if !IsMissing(p.y[i]) {
					at, y, w = append(at, i), append(y, p.y[i]-p.season[i]), append(w, p.weights[i])
				}
			}
			p.drift = plainSmooth(p.trend, p.n, at, y, w)
		}
		if pass == p.outer {
			break
		}
		var r []float64
		for i := range p.n {
			if !IsMissing(p.y[i]) {
				r = append(r, math.Abs(p.y[i]-p.season[i]-p.drift[i]))
			}
		}
		slices.Sort(r)
		h := 6 * (r[(len(r)-1)/2] + r[len(r)/2]) / 2
		for i := range p.n {
			u := math.Abs(p.y[i]-p.season[i]-p.drift[i]) / h
			switch {
			case u <= 0.001 || h == 0 && !(u > 0):
				p.weights[i] = 1
			case u <= 0.999:
				p.weights[i] = math.Pow(1-u*u, 2)
			default:
				p.weights[i] = 0
			}
		}
	}
	if p.periodic {
		for j := range p.period {
			sum, k := 0.0, 0.0
			for i := j; i < p.n; i += p.period {
				sum, k = sum+p.season[i], k+1
			}
			for i := j; i < p.n; i += p.period {
				p.season[i] = sum / k
			}
		}
	}
}

// seasonalSeries draws counts with a season, a trend and noise.
func seasonalSeries(r *rand.Rand, n, period int) *Series {
	s := &Series{Freq: period}
	for i := range n {
		mu := 60 + 20*math.Sin(2*math.Pi*float64(i)/float64(period)) + 0.2*float64(i)
		y := math.Max(0, math.Round(mu+6*r.NormFloat64()))
		if r.IntN(25) == 0 {
			y += 80
		}
		s.Counts = append(s.Counts, y)
	}
	return s
}

// lose makes a share of the values missing, and at times a stretch of them.
func lose(r *rand.Rand, s *Series, share float64) {
	for i := range s.Counts {
		if r.Float64() < share {
			s.Counts[i] = Missing
		}
	}
	if share > 0 && r.IntN(2) == 0 {
		at, k := r.IntN(len(s.Counts)), r.IntN(2*s.Freq)
		for i := at; i < min(at+k, len(s.Counts)); i++ {
			s.Counts[i] = Missing
		}
	}
}

func TestSTLPlain(t *testing.T) {
	t.Parallel()
	assessed := 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		m := NewSTL()
		m.Robust = rapid.Bool().Draw(t, "robust")
		own := rapid.Bool().Draw(t, "own")
		// Where the curves follow every value, remainders are rounding, and
		// weights made of them chance: robust passes are few and get enough years.
		robust := 0
		if m.Robust {
			robust = 1
			m.Outer = rapid.IntRange(1, 3).Draw(t, "outer")
		}
		period := rapid.SampledFrom([]int{2, 3, 4, 7, 12}[robust:]).Draw(t, "period")
		n := rapid.IntRange((2+4*robust)*period+1, 10*period).Draw(t, "n")
		m.SWindow = rapid.SampledFrom([]SeasonalWindow{3, 5, Periodic, 7, 8, 13, 35}[2*robust:]).Draw(t, "s.window")
		m.SDegree = rapid.IntRange(0, 1-robust).Draw(t, "s.degree")
		m.TDegree = rapid.IntRange(0, 1).Draw(t, "t.degree")
		m.LDegree = rapid.IntRange(0, 1).Draw(t, "l.degree")
		s := seasonalSeries(r, n, period)
		lose(r, s, rapid.SampledFrom([]float64{0, 0, 0.1, 0.4}[:4-robust]).Draw(t, "lost"))
		if own {
			m.TWindow, m.LWindow = rapid.IntRange(1+8*robust, 30).Draw(t, "t.window"), rapid.IntRange(1, 30).Draw(t, "l.window")
			m.SJump, m.TJump, m.LJump = rapid.IntRange(1, 9).Draw(t, "s.jump"), rapid.IntRange(1, 9).Draw(t, "t.jump"), rapid.IntRange(1, 9).Draw(t, "l.jump")
			m.Inner = rapid.IntRange(1, 3).Draw(t, "inner")
		}
		got, err := m.Decompose(s, 0, n)
		if err != nil {
			t.Fatal(err)
		}
		for j := range period { // every part of the year in two years
			have := 0
			for i := j; i < n; i += period {
				if !IsMissing(s.Counts[i]) {
					have++
				}
			}
			if have < 2 {
				if got.Assessed || got.Note == "" || !IsMissing(got.Trend[0]) || !IsMissing(got.Seasonal[n-1]) {
					t.Fatalf("period %d of the year has %d values: got %+v", j+1, have, got)
				}
				return
			}
		}
		assessed++
		odd := func(v, otherwise int) int {
			if v == 0 {
				v = otherwise
			}
			return max(3, v+1-v%2)
		}
		tenth := func(given, v int) int {
			if given == 0 {
				given = int(math.Ceil(float64(v) / 10))
			}
			return given
		}
		w := plainSTL{n: n, period: period, periodic: m.SWindow == Periodic, y: s.Counts, inner: m.Inner, outer: m.Outer}
		sw, sd := int(m.SWindow), m.SDegree
		if w.periodic {
			sw, sd = 10*n+1, 0
		}
		tw := int(math.Ceil(1.5 * float64(period) / (1 - 1.5/float64(sw))))
		tJump, lJump := m.TWindow, m.LWindow
		if tJump == 0 {
			tJump = odd(0, tw)
		}
		if lJump == 0 {
			lJump = period + 1 - period%2
		}
		w.seasonal = smoother{odd(sw, 0), sd, tenth(m.SJump, sw)}
		w.trend = smoother{odd(m.TWindow, tw), m.TDegree, tenth(m.TJump, tJump)}
		w.low = smoother{odd(m.LWindow, period), m.LDegree, tenth(m.LJump, lJump)}
		if w.inner == 0 {
			w.inner = 2
			if m.Robust {
				w.inner = 1
			}
		}
		w.run()
		for i := range n {
			near := math.MaxInt
			before, after := false, false
			for j, y := range s.Counts {
				if !IsMissing(y) {
					near = min(near, max(i-j, j-i))
					before, after = before || j <= i, after || j >= i
				}
			}
			if !before || !after || near > (w.trend.span-1)/2 {
				if !IsMissing(got.Trend[i]) || !IsMissing(got.Seasonal[i]) {
					t.Fatalf("period %d is %d from a value: got trend %v, season %v", i+1, near, got.Trend[i], got.Seasonal[i])
				}
				continue
			}
			if math.Abs(got.Trend[i]-w.drift[i]) > 1e-7*(1+math.Abs(w.drift[i])) || math.Abs(got.Seasonal[i]-w.season[i]) > 1e-7*(1+math.Abs(w.drift[i])) {
				t.Fatalf("period %d of %v with %+v: got %v + %v, want %v + %v", i+1, s.Counts, m, got.Trend[i], got.Seasonal[i], w.drift[i], w.season[i])
			}
			if IsMissing(s.Counts[i]) != IsMissing(got.Remainder[i]) {
				t.Fatalf("period %d is %v, its remainder %v", i+1, s.Counts[i], got.Remainder[i])
			}
			if !IsMissing(s.Counts[i]) && math.Abs(got.Seasonal[i]+got.Trend[i]+got.Remainder[i]-s.Counts[i]) > 1e-9 {
				t.Fatalf("period %d: %v + %v + %v is not %v", i+1, got.Seasonal[i], got.Trend[i], got.Remainder[i], s.Counts[i])
			}
		}
		if (got.Weights != nil) != (w.outer > 0) {
			t.Fatalf("weights %v with %d outer passes", got.Weights, w.outer)
		}
		for i, v := range got.Weights {
			if IsMissing(v) != IsMissing(s.Counts[i]) || math.Abs(v-w.weights[i]) > 1e-7 {
				t.Fatalf("weight of period %d: got %v, want %v", i+1, v, w.weights[i])
			}
		}
	})
	if assessed == 0 {
		t.Error("no series was assessed")
	}
}

// TestSTLDefaults: what R's documentation says, worked out by hand.
func TestSTLDefaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		m         STL
		period, n int
		want      stlFit
	}{
		// 1.5·52/(1-1.5/4161) = 78.03; spans of 4161, 79 and 53 are evaluated at every tenth.
		{NewSTL(), 52, 416, stlFit{seasonal: smoother{4161, 0, 417}, trend: smoother{79, 1, 8}, lowpass: smoother{53, 1, 6}, inner: 2}},
		// 1.5·12/(1-1.5/7) = 22.9
		{STL{SWindow: 7, SDegree: 1, TDegree: 1, LDegree: 1, Robust: true}, 12, 120, stlFit{seasonal: smoother{7, 1, 1}, trend: smoother{23, 1, 3}, lowpass: smoother{13, 1, 2}, inner: 1, outer: 15}},
		// Even spans are made odd, small ones 3; the jumps are those of the spans as given.
		{STL{SWindow: 20, TWindow: 10, LWindow: 2, Inner: 4, Outer: 3}, 12, 120, stlFit{seasonal: smoother{21, 0, 2}, trend: smoother{11, 0, 1}, lowpass: smoother{3, 0, 1}, inner: 4, outer: 3}},
	} {
		got, err := c.m.resolve(c.period, c.n)
		c.want.n, c.want.period, c.want.periodic = c.n, c.period, c.m.SWindow == Periodic
		if err != nil || got != c.want {
			t.Errorf("%+v over %d periods of a year of %d: got %+v, %v, want %+v", c.m, c.n, c.period, got, err, c.want)
		}
	}
}

// TestSTLExact: local lines follow a line, so that a line with a fixed season
// comes out as it went in, whatever is missing.
func TestSTLExact(t *testing.T) {
	t.Parallel()
	season := []float64{9, -4, 2, -7}
	for _, missing := range [][]int{nil, {5}, {8, 9, 10, 11}, {6, 7, 13, 18, 19, 20, 21, 30}} {
		s := &Series{Freq: 4}
		for i := range 40 {
			s.Counts = append(s.Counts, 100+3*float64(i)+season[i%4])
		}
		for _, i := range missing {
			s.Counts[i] = Missing
		}
		m := STL{SWindow: 7, SDegree: 1, TDegree: 1, LDegree: 1}
		got, err := m.Decompose(s, 0, 40)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 40 {
			if math.Abs(got.Trend[i]-100-3*float64(i)) > 1e-9 || math.Abs(got.Seasonal[i]-season[i%4]) > 1e-9 {
				t.Errorf("without %v, period %d: got trend %v, season %v", missing, i+1, got.Trend[i], got.Seasonal[i])
			}
		}
		if got.Missing != len(missing) || (got.Note == "") != (len(missing) == 0) {
			t.Errorf("without %v: %d missing, note %q", missing, got.Missing, got.Note)
		}
	}
}

// TestSTLGaps: a gap wider than the span of the trend stays dark, as do the ends.
func TestSTLGaps(t *testing.T) {
	t.Parallel()
	s := seasonalSeries(rand.New(rand.NewPCG(3, 3)), 20*4, 4)
	for i := range s.Counts {
		if i < 2 || i >= 30 && i < 45 || i >= 77 {
			s.Counts[i] = Missing
		}
	}
	m := NewSTL()
	m.TWindow = 7 // three periods either side
	got, err := m.Decompose(s, 0, s.Len())
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Counts {
		dark := i < 2 || i >= 33 && i < 42 || i >= 77
		if IsMissing(got.Trend[i]) != dark || IsMissing(got.Seasonal[i]) != dark || IsMissing(got.Remainder[i]) != IsMissing(s.Counts[i]) {
			t.Errorf("period %d, %v: got trend %v, season %v, remainder %v", i+1, s.Counts[i], got.Trend[i], got.Seasonal[i], got.Remainder[i])
		}
	}
	if want := "20 of 80 periods have no value"; !strings.Contains(got.Note, want) || !strings.Contains(got.Note, "14 of them") {
		t.Errorf("note %q, want %q and 14", got.Note, want)
	}
}

// TestSTLRange: a range is decomposed as if it were the whole series.
func TestSTLRange(t *testing.T) {
	t.Parallel()
	s := seasonalSeries(rand.New(rand.NewPCG(5, 5)), 60, 4)
	part := &Series{Freq: 4, Counts: s.Counts[7:49]}
	a, err := NewSTL().Decompose(s, 7, 49)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewSTL().Decompose(part, 0, 42)
	if err != nil {
		t.Fatal(err)
	}
	if a.From != 7 || b.From != 0 || !slices.Equal(a.Trend, b.Trend) || !slices.Equal(a.Seasonal, b.Seasonal) {
		t.Errorf("periods 8 to 49: got %+v, want %+v", a, b)
	}
	// The scale.
	m := NewSTL()
	m.Transform = Log1p
	c, err := m.Decompose(s, 0, 60)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Seasonal[9]+c.Trend[9]+c.Remainder[9], math.Log1p(s.Counts[9]); math.Abs(got-want) > 1e-12 {
		t.Errorf("on the scale log1p: got %v, want %v", got, want)
	}
}

// TestSTLMedian: R's median goes wrong where a partition falls between the two
// middle values, and nowhere else.
func TestSTLMedian(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	wrong := 0
	for range 3000 {
		a := make([]float64, 1+r.IntN(60))
		for i := range a {
			a[i] = math.Round(100 * r.Float64())
		}
		b := slices.Clone(a)
		slices.Sort(b)
		want := b[len(b)/2] + b[(len(b)-1)/2]
		if got := middlesLikeR(slices.Clone(a)); got != want {
			if wrong++; len(a)%2 == 1 {
				t.Errorf("of an odd number of values %v: got %v, want %v", a, got, want)
			}
		}
	}
	if wrong == 0 || wrong > 600 {
		t.Errorf("R's fault shows in %d of 3000", wrong)
	}
	// Of an odd number of periods, there is no difference.
	m := NewSTL()
	m.Robust = true
	s := seasonalSeries(r, 91, 7)
	a, err := m.Decompose(s, 0, 91)
	if err != nil {
		t.Fatal(err)
	}
	m.Compat = "r"
	b, err := m.Decompose(s, 0, 91)
	if err != nil || !slices.Equal(a.Seasonal, b.Seasonal) || !slices.Equal(a.Weights, b.Weights) {
		t.Errorf("like R: got %+v, %v, want %+v", b, err, a)
	}
}

// TestLoessNoWeight: where no robustness weight is left, a value stands for
// itself, a missing one is fitted without them, and beyond the end the
// neighbour stands in.
func TestLoessNoWeight(t *testing.T) {
	t.Parallel()
	at, y := []int{0, 1, 2, 4, 5}, []float64{3, 5, 9, 11, 2}
	for _, degree := range []int{0, 1} {
		s := smoother{5, degree, 1}
		var l loess
		l.over(6, at, y, make([]float64, 5), true)
		out := make([]float64, 6)
		l.smooth(s, out)
		var plain loess
		plain.over(6, at, y, nil, false)
		want := []float64{3, 5, 9, plain.value(s, 3), 11, 2}
		if !slices.Equal(out, want) || IsMissing(out[3]) {
			t.Errorf("degree %d: got %v, want %v", degree, out, want)
		}
		if got := l.beyond(s, 6, 77); got != 77 {
			t.Errorf("degree %d, beyond: got %v, want the neighbour", degree, got)
		}
		if got := plain.beyond(s, 6, 77); got == 77 || IsMissing(got) {
			t.Errorf("degree %d, beyond, with weights: got %v", degree, got)
		}
	}
}

func TestSTLRefuses(t *testing.T) {
	t.Parallel()
	s := seasonalSeries(rand.New(rand.NewPCG(1, 1)), 60, 4)
	for _, c := range []struct {
		name     string
		change   func(*STL, *Series)
		from, to int
		want     string
	}{
		{"no season", func(_ *STL, s *Series) { s.Freq = 1 }, 0, 60, "no season"},
		{"s.window 0", func(m *STL, _ *Series) { m.SWindow = 0 }, 0, 60, "s.window"},
		{"s.window 1", func(m *STL, _ *Series) { m.SWindow = 1 }, 0, 60, "s.window"},
		{"s.window -2", func(m *STL, _ *Series) { m.SWindow = -2 }, 0, 60, "s.window"},
		{"s.degree", func(m *STL, _ *Series) { m.SDegree = 2 }, 0, 60, "s.degree"},
		{"t.degree", func(m *STL, _ *Series) { m.TDegree = -1 }, 0, 60, "t.degree"},
		{"l.degree", func(m *STL, _ *Series) { m.LDegree = 7 }, 0, 60, "l.degree"},
		{"t.window", func(m *STL, _ *Series) { m.TWindow = -1 }, 0, 60, "t.window"},
		{"l.jump", func(m *STL, _ *Series) { m.LJump = -1 }, 0, 60, "l.jump"},
		{"inner", func(m *STL, _ *Series) { m.Inner = math.MaxInt }, 0, 60, "inner"},
		{"outer", func(m *STL, _ *Series) { m.Outer = 1 << 29 }, 0, 60, "steps"},
		{"scale", func(m *STL, _ *Series) { m.Transform = "sqrt" }, 0, 60, "transform"},
		{"compat", func(m *STL, _ *Series) { m.Compat = "s" }, 0, 60, "compat"},
		{"range", func(*STL, *Series) {}, 3, 61, "range"},
		{"backwards", func(*STL, *Series) {}, 3, 2, "range"},
		{"negative", func(_ *STL, s *Series) { s.Counts[4] = -1 }, 0, 60, "count 5"},
		{"huge", func(_ *STL, s *Series) { s.Counts[4] = 1e300 }, 0, 60, "no longer exact"},
		{"much work", func(m *STL, s *Series) {
			s.Counts, s.Freq = make([]float64, 400000), 365
			m.TWindow, m.TJump = 400001, 1
		}, 0, 400000, "steps"},
	} {
		m, one := NewSTL(), &Series{Counts: slices.Clone(s.Counts), Freq: 4}
		c.change(&m, one)
		if _, err := m.Decompose(one, c.from, c.to); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one about %s", c.name, err, c.want)
		}
	}
	for name, counts := range map[string][]float64{"none": {}, "one": {3}, "two years": make([]float64, 8), "all missing": slices.Repeat([]float64{Missing}, 40)} {
		got, err := NewSTL().Decompose(&Series{Counts: counts, Freq: 4}, 0, len(counts))
		if err != nil || got.Assessed || got.Note == "" || len(got.Trend) != len(counts) || len(counts) > 0 && !IsMissing(got.Trend[0]) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	for _, freq := range []int{39, 40, math.MaxInt} {
		if got, err := NewSTL().Decompose(&Series{Counts: make([]float64, 40), Freq: freq}, 0, 40); err != nil || got.Assessed || got.Note == "" {
			t.Errorf("a year of %d: got %+v, %v", freq, got, err)
		}
	}
	got, err := STL{SWindow: 7, Robust: true}.Decompose(&Series{Counts: make([]float64, 40), Freq: 4}, 0, 40)
	if err != nil || !got.Assessed || got.Trend[9] != 0 || got.Seasonal[9] != 0 || got.Weights[9] != 1 {
		t.Errorf("all zero: got %+v, %v", got, err)
	}
}

func TestSTLParams(t *testing.T) {
	t.Parallel()
	m := NewSTL()
	const text = `{"s.window":7,"s.degree":1,"t.window":21,"t.degree":0,"l.window":13,"l.degree":0,"s.jump":2,"t.jump":3,"l.jump":4,"robust":true,"inner":5,"outer":6,"transform":"log1p","compat":"r"}`
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	if want := (STL{7, 1, 21, 0, 13, 0, 2, 3, 4, true, 5, 6, Log1p, "r"}); m != want {
		t.Errorf("got %+v, want %+v", m, want)
	}
	if b, err := json.Marshal(m); err != nil || string(b) != text {
		t.Errorf("got %s, %v, want %s", b, err, text)
	}
	for _, c := range []struct {
		text string
		want SeasonalWindow
		bad  bool
	}{{`"periodic"`, Periodic, false}, {`35`, 35, false}, {`"per"`, 0, true}, {`7.5`, 0, true}, {`[]`, 0, true}, {`1e99`, 0, true}} {
		var w SeasonalWindow
		if err := json.Unmarshal([]byte(c.text), &w); (err != nil) != c.bad || w != c.want {
			t.Errorf("s.window %s: got %d, %v", c.text, w, err)
		}
		if b, err := json.Marshal(c.want); !c.bad && (err != nil || !reflect.DeepEqual(string(b), c.text)) {
			t.Errorf("s.window %d: got %s, %v", c.want, b, err)
		}
	}
}

// TestSTLHostile: no shape of data makes it panic, or gives what is not a
// number where there is a value.
func TestSTLHostile(t *testing.T) {
	t.Parallel()
	value := rapid.SampledFrom([]float64{0, 0, 1, 3, 1e15, 1e-300, Missing})
	rapid.Check(t, func(t *rapid.T) {
		s := &Series{Freq: rapid.SampledFrom([]int{2, 3, 12, 365, math.MaxInt}).Draw(t, "freq"), Counts: rapid.SliceOfN(value, 0, 60).Draw(t, "counts")}
		m := NewSTL()
		m.SWindow = rapid.SampledFrom([]SeasonalWindow{Periodic, 2, 3, 1 << 30}).Draw(t, "s.window")
		m.TWindow = rapid.SampledFrom([]int{0, 1, 1 << 30}).Draw(t, "t.window")
		m.SJump = rapid.SampledFrom([]int{0, 1, 1 << 30}).Draw(t, "s.jump")
		m.Robust = rapid.Bool().Draw(t, "robust")
		m.Compat = rapid.SampledFrom([]string{"", "r"}).Draw(t, "compat")
		m.SDegree = rapid.IntRange(0, 1).Draw(t, "s.degree")
		got, err := m.Decompose(s, 0, s.Len())
		if err != nil {
			t.Fatal(err)
		}
		for i, y := range s.Counts {
			if r := got.Remainder[i]; got.Assessed && (IsMissing(y) != IsMissing(r) || math.IsInf(r, 0)) || !got.Assessed && !IsMissing(got.Trend[i]) {
				t.Fatalf("period %d of %v: got %+v", i+1, s.Counts, got)
			}
		}
	})
}

// FuzzSTLParams: parameters of others either make sense or are refused.
func FuzzSTLParams(f *testing.F) {
	f.Add([]byte(`{"s.window":"periodic","robust":true}`))
	f.Add([]byte(`{"s.window":7,"t.window":21,"s.jump":1,"l.degree":0,"transform":"log1p","compat":"r"}`))
	f.Add([]byte(`{"s.window":-1,"outer":99999}`))
	s := seasonalSeries(rand.New(rand.NewPCG(1, 1)), 60, 4)
	s.Counts[7] = Missing
	f.Fuzz(func(t *testing.T, b []byte) {
		m := NewSTL()
		if json.Unmarshal(b, &m) != nil {
			return
		}
		if m.Inner > 50 || m.Outer > 50 {
			return // allowed, and slow
		}
		got, err := m.Decompose(s, 0, s.Len())
		if err == nil && got.Assessed && (!IsMissing(got.Remainder[7]) || IsMissing(got.Remainder[8])) {
			t.Errorf("%s: got %+v", b, got)
		}
	})
}

func ExampleSTL() {
	// Quarterly contacts of a helpline; one quarter was not reported.
	s := &Series{Freq: 4, Counts: []float64{
		90, 120, 80, 150,
		94, 124, 84, 154,
		98, 128, Missing, 158,
		102, 132, 92, 162,
		106, 136, 96, 166,
	}}
	m := NewSTL()
	m.SWindow, m.SDegree = 7, 1
	d, err := m.Decompose(s, 0, s.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := 8; i < 12; i++ {
		fmt.Printf("%v = %+.0f season %+.0f trend %+.0f\n", d.Observed[i], d.Seasonal[i], d.Trend[i], d.Remainder[i])
	}
	fmt.Println(d.Note)
	// Output:
	// 98 = -18 season +117 trend -0
	// 128 = +11 season +118 trend +0
	// NaN = -31 season +118 trend +NaN
	// 158 = +38 season +120 trend +0
	// 1 of 20 periods have no value and are left out of every fit
}
