package series

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// plainBend is the sum of squares of two lines that meet at psi, by the normal
// equations of 1, x and max(x-psi, 0), solved by elimination.
func plainBend(x []int, y []float64, psi float64) float64 {
	basis := func(xi int) [3]float64 {
		u := float64(xi) - psi
		return [3]float64{1, u, max(u, 0)}
	}
	var a [3][4]float64
	for i := range x {
		b := basis(x[i])
		for r := range 3 {
			for c := range 3 {
				a[r][c] += b[r] * b[c]
			}
			a[r][3] += b[r] * y[i]
		}
	}
	for p := range 3 {
		for r := range 3 {
			if r != p {
				f := a[r][p] / a[p][p]
				for c := range 4 {
					a[r][c] -= f * a[p][c]
				}
			}
		}
	}
	rss := 0.0
	for i := range x {
		b, e := basis(x[i]), y[i]
		for r := range 3 {
			e -= b[r] * a[r][3] / a[r][r]
		}
		rss += e * e
	}
	return rss
}

// TestJoinpointSearch: no place on a fine grid is better, and the one found is
// as good as it says.
func TestJoinpointSearch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		s := stepSeries(r, rapid.IntRange(12, 50).Draw(t, "n"))
		lose(r, s, rapid.SampledFrom([]float64{0, 0.2}).Draw(t, "lost"))
		m := NewJoinpoint()
		m.H = rapid.SampledFrom([]float64{3, 0.15, 0.3}).Draw(t, "h")
		got, err := m.Fit(s, 0, s.Len())
		if err != nil {
			t.Fatal(err)
		}
		if !got.Assessed {
			return
		}
		p := stretchOf(s.Counts, 0, true)
		n, h := p.n(), int(m.H)
		if m.H < 1 {
			h = int(m.H * float64(p.n()))
		}
		if v := plainBend(p.x, p.y, got.At); off(got.RSS, v) > 1e-7 {
			t.Fatalf("%v: bent at %v has %v, got %v", s.Counts, got.At, v, got.RSS)
		}
		lo, hi := float64(p.x[h-1]), float64(p.x[n-h])
		if got.At < lo || got.At > hi {
			t.Fatalf("%v: bent at %v, outside %v to %v", s.Counts, got.At, lo, hi)
		}
		for psi := lo; psi <= hi; psi += 1. / 16 {
			if v := plainBend(p.x, p.y, psi); v < got.RSS*(1-1e-9) {
				t.Fatalf("%v: bent at %v has %v, got %v at %v", s.Counts, psi, v, got.RSS, got.At)
			}
		}
		if line := plainRSS(p.x, p.y, true); off(got.LineRSS, line) > 1e-9 || got.RSS > got.LineRSS*(1+1e-12) {
			t.Fatalf("%v: a line has %v, got %+v", s.Counts, line, got)
		}
		if (got.LineBIC <= got.BIC) != strings.Contains(got.Note, "straight line") {
			t.Fatalf("%v: got %+v", s.Counts, got)
		}
	})
}

func TestJoinpointExact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at, s1, s2 float64
		missing    []int
	}{{10, 2, -1, nil}, {13.25, 0, 3, nil}, {17.5, 1, 4, []int{0, 3, 16, 18, 19}}, {9, 3, 1, []int{9}}} {
		s := &Series{Freq: 12}
		for i := range 30 {
			u := float64(i) - c.at
			s.Counts = append(s.Counts, 100+c.s1*min(u, 0)+c.s2*max(u, 0))
		}
		for _, i := range c.missing {
			s.Counts[i] = Missing
		}
		got, err := NewJoinpoint().Fit(s, 0, 30)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Assessed || math.Abs(got.At-c.at) > 1e-9 || math.Abs(got.Value-100) > 1e-9 || math.Abs(got.Slopes[0]-c.s1) > 1e-9 || math.Abs(got.Slopes[1]-c.s2) > 1e-9 || got.Periods != 30-len(c.missing) {
			t.Errorf("bent at %v: got %+v", c.at, got)
		}
		if part, err := NewJoinpoint().Fit(s, 2, 29); err != nil || math.Abs(part.At-c.at) > 1e-9 {
			t.Errorf("bent at %v, in a range: got %+v, %v", c.at, part, err)
		}
	}
}

// TestJoinpointInterval: the standard error of a clear bend is that of the
// places found in repetition, and 95 % intervals hold about that often.
func TestJoinpointInterval(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(6, 6))
	var places []float64
	in, se := 0.0, 0.0
	const times = 600
	for range times {
		s := &Series{Freq: 12}
		for i := range 60 {
			s.Counts = append(s.Counts, math.Max(0, 50+2.5*math.Max(0, float64(i)-27.4)+2*r.NormFloat64()))
		}
		got, err := NewJoinpoint().Fit(s, 0, 60)
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, got.At)
		se += got.SE / times
		if got.Low <= 27.4 && 27.4 <= got.High {
			in++
		}
		if half := 2.003240718847873 * got.SE; off(got.High-got.At, half) > 1e-6 || off(got.At-got.Low, half) > 1e-6 { // t quantile, 56 df
			t.Fatalf("got %+v, want ± %v", got, half)
		}
	}
	mean, v := 0.0, 0.0
	for _, p := range places {
		mean += p / times
	}
	for _, p := range places {
		v += (p - mean) * (p - mean) / (times - 1)
	}
	t.Logf("mean %.2f, SD %.3f, mean SE %.3f, %.1f %% of the intervals hold", mean, math.Sqrt(v), se, 100*in/times)
	if math.Abs(mean-27.4) > 0.3 || math.Abs(se/math.Sqrt(v)-1) > 0.15 || in/times < 0.92 || in/times > 0.98 {
		t.Errorf("mean %v, SD %v, mean SE %v, %v of %d intervals hold", mean, math.Sqrt(v), se, in, times)
	}
}

func TestJoinpointRefuses(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]Joinpoint{"h": {Level: 0.95}, "level": {H: 0.15}, "transform": {H: 0.15, Level: 0.95, Transform: "sqrt"}} {
		if _, err := m.Fit(&Series{Freq: 12, Counts: make([]float64, 40)}, 0, 40); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got error %v", name, err)
		}
	}
	if _, err := NewJoinpoint().Fit(&Series{Freq: 365, Counts: make([]float64, maxJoinpointValues+1)}, 0, maxJoinpointValues+1); err == nil {
		t.Error("too many values: no error")
	}
	line := make([]float64, 40)
	for i := range line {
		line[i] = 3 + 0.7*float64(i)
	}
	for name, counts := range map[string][]float64{"none": nil, "four": {1, 5, 2, 9}, "all missing": slices.Repeat([]float64{Missing}, 40), "all zero": make([]float64, 40), "a line": line} {
		got, err := NewJoinpoint().Fit(&Series{Freq: 12, Counts: counts}, 0, len(counts))
		if err != nil || got.Assessed || got.Note == "" || !math.IsNaN(got.At) || !math.IsNaN(got.RSS) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	m := NewJoinpoint()
	if err := json.Unmarshal([]byte(`{"transform": "log1p", "h": 12, "level": 0.9}`), &m); err != nil || m != (Joinpoint{Log1p, 12, 0.9}) {
		t.Errorf("got %+v, %v", m, err)
	}
}

func ExampleJoinpoint() {
	// Contacts per quarter: steady, then rising.
	s := &Series{Freq: 4, Counts: []float64{
		410, 395, 402, 399, 405, 391, 408, 400, 396, 404,
		431, 448, 475, 492, 521, Missing, 566, 590, 611, 640,
	}}
	m := NewJoinpoint()
	m.H = 4
	j, err := m.Fit(s, 0, s.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("the slope changed from %+.1f to %+.1f a quarter at quarter %.1f (95 %% interval: %.1f to %.1f)\n", j.Slopes[0], j.Slopes[1], j.At+1, j.Low+1, j.High+1)
	fmt.Println(j.Note)
	// Output:
	// the slope changed from -0.6 to +23.3 a quarter at quarter 9.7 (95 % interval: 9.3 to 10.1)
	// 1 of 20 periods have no value and are left out
}
