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

func TestChangePointsOracle(t *testing.T) {
	t.Parallel()
	var f struct {
		Cases []struct {
			ID, Series string
			From, To   int
			Transform  Scale
			Model      string
			H          float64
			Out        struct {
				RSS       []num            `json:"rss_by_m"`
				BIC       []num            `json:"bic_by_m"`
				Best      int              `json:"m_bic"`
				Breaks    []int            `json:"breakpoints_bic"`
				One       []int            `json:"breakpoints_m1"`
				Two       []int            `json:"breakpoints_m2"`
				CI        map[string][]int `json:"breakpoints_bic_ci95"`
				SupF      num
				SupFP     num `json:"supF_p"`
				SupFAt    int `json:"supF_at"`
				CUSUM     num `json:"ols_cusum"`
				CUSUMP    num `json:"ols_cusum_p"`
				Segmented *struct {
					Psi, SE, RSS num
					Slopes       []num
				}
			}
		}
	}
	if !readOracle(t, "changepoint.json", &f) {
		return
	}
	all := oracleSeries(t)
	worst, cases := map[string]float64{}, map[string]int{}
	for _, c := range f.Cases {
		check := func(field string, got, want, tolerance float64) {
			t.Helper()
			e := off(got, want)
			worst[field] = max(worst[field], e)
			if e > tolerance {
				t.Errorf("%s, %s: got %v, want %v", c.ID, field, got, want)
			}
		}
		// The oracle counts values from 1, and names the last one before a change.
		same := func(field string, got, want []int) {
			t.Helper()
			cases[field]++
			got = slices.Clone(got)
			for i := range got {
				got[i] -= c.From - 2
			}
			if !slices.Equal(got, want) {
				worst[field] = math.Inf(1)
				t.Errorf("%s, %s: got %v, want %v", c.ID, field, got, want)
			}
		}
		m := NewChangePoints()
		m.Model, m.Transform, m.H = c.Model, c.Transform, c.H
		got, err := m.Find(all[c.Series], c.From-1, c.To)
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		if len(got.RSS) != len(c.Out.RSS) {
			t.Errorf("%s: up to %d breaks, want %d", c.ID, len(got.RSS)-1, len(c.Out.RSS)-1)
			continue
		}
		for b := range got.RSS {
			check("rss_by_m", got.RSS[b], float64(c.Out.RSS[b]), 1e-8)
			check("bic_by_m", got.BIC[b], float64(c.Out.BIC[b]), 1e-8)
		}
		same("m_bic", []int{got.Best + c.From - 2}, []int{c.Out.Best})
		same("breakpoints_bic", got.Partitions[got.Best], c.Out.Breaks)
		same("breakpoints_m1", got.Partitions[1], c.Out.One)
		same("breakpoints_m2", got.Partitions[2], c.Out.Two)
		for i, b := range got.Breaks {
			if !b.Bounded {
				t.Errorf("%s: break %d has no interval", c.ID, i+1)
			}
			same("breakpoints_bic_ci95", []int{b.Low, b.Last, b.High}, c.Out.CI[fmt.Sprint(i+1)])
		}
		check("supF", got.SupF.Statistic, float64(c.Out.SupF), 1e-8)
		check("supF_p", got.SupF.P, float64(c.Out.SupFP), 1e-8)
		same("supF_at", []int{got.SupF.At}, []int{c.Out.SupFAt})
		check("ols_cusum", got.OLSCUSUM.Statistic, float64(c.Out.CUSUM), 1e-8)
		check("ols_cusum_p", got.OLSCUSUM.P, float64(c.Out.CUSUMP), 1e-8)
		for _, field := range []string{"rss_by_m", "bic_by_m", "supF", "supF_p", "ols_cusum", "ols_cusum_p"} {
			cases[field]++
		}
		if s := c.Out.Segmented; s != nil {
			j := NewJoinpoint()
			j.Transform = c.Transform
			got, err := j.Fit(all[c.Series], c.From-1, c.To)
			if err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
			cases["segmented rss"]++
			check("segmented psi", got.At-float64(c.From-2), float64(s.Psi), 1e-4)
			check("segmented se", got.SE, float64(s.SE), 1e-4)
			check("segmented slopes", got.Slopes[0], float64(s.Slopes[0]), 1e-4)
			check("segmented slopes", got.Slopes[1], float64(s.Slopes[1]), 1e-4)
			check("segmented rss", got.RSS, float64(s.RSS), 1e-6)
			if got.RSS > float64(s.RSS)*(1+1e-12) {
				t.Errorf("%s: rss %v, a local search finds %v", c.ID, got.RSS, s.RSS)
			}
		}
	}
	for _, field := range []string{"rss_by_m", "bic_by_m", "m_bic", "breakpoints_bic", "breakpoints_m1", "breakpoints_m2", "breakpoints_bic_ci95", "supF", "supF_p", "supF_at", "ols_cusum", "ols_cusum_p"} {
		report(t, "changepoint "+field, cases[field], worst[field])
	}
	for _, field := range []string{"psi", "se", "slopes", "rss"} {
		report(t, "changepoint segmented "+field, cases["segmented rss"], worst["segmented "+field])
	}
}

// stepSeries draws counts whose level changes at times.
func stepSeries(r *rand.Rand, n int) *Series {
	s := &Series{Freq: 52}
	level := 5 + 20*r.Float64()
	for range n {
		if r.IntN(12) == 0 {
			level = 5 + 40*r.Float64()
		}
		s.Counts = append(s.Counts, math.Max(0, math.Round(level+3*r.NormFloat64())))
	}
	return s
}

// TestChangePointsMissing: what is missing changes nothing but the indices.
func TestChangePointsMissing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		full := stepSeries(r, rapid.IntRange(12, 60).Draw(t, "n"))
		gappy, index := &Series{Freq: 52}, []int{}
		for _, y := range full.Counts {
			for r.IntN(4) == 0 {
				gappy.Counts = append(gappy.Counts, Missing)
			}
			index = append(index, len(gappy.Counts))
			gappy.Counts = append(gappy.Counts, y)
		}
		if r.IntN(2) == 0 {
			gappy.Counts = append(gappy.Counts, Missing, Missing)
		}
		m := NewChangePoints()
		a, err := m.Find(full, 0, full.Len())
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.Find(gappy, 0, gappy.Len())
		if err != nil {
			t.Fatal(err)
		}
		if b.Periods != full.Len() || b.Missing != gappy.Len()-full.Len() || a.Assessed != b.Assessed || b.Assessed && (b.Missing > 0) != strings.Contains(b.Note, "left out") {
			t.Fatalf("%v: got %+v", gappy.Counts, b)
		}
		if !a.Assessed {
			return
		}
		if !slices.Equal(a.RSS, b.RSS) || a.SupF.P != b.SupF.P || a.OLSCUSUM.P != b.OLSCUSUM.P || b.SupF.At != index[a.SupF.At] || b.OLSCUSUM.At != index[a.OLSCUSUM.At] {
			t.Fatalf("%v:\ngot  %+v\nwant %+v", gappy.Counts, b, a)
		}
		for k := range a.Partitions {
			for i, last := range a.Partitions[k] {
				if b.Partitions[k][i] != index[last] {
					t.Fatalf("%v: got %v, want those at %v", gappy.Counts, b.Partitions, a.Partitions)
				}
			}
		}
		for i, x := range a.Breaks {
			y := b.Breaks[i]
			if y.Last != index[x.Last] || y.First != index[x.First] || y.Bounded != x.Bounded {
				t.Fatalf("%v: break %+v, want that at %+v", gappy.Counts, y, x)
			}
			if x.Bounded && x.Low >= 0 && y.Low != index[x.Low] || x.Bounded && x.High < full.Len() && y.High != index[x.High] {
				t.Fatalf("%v: break %+v, want that at %+v", gappy.Counts, y, x)
			}
		}
	})
}

// TestChangePointsScale: another unit of the counts is another unit of the answer.
func TestChangePointsScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		s := stepSeries(r, rapid.IntRange(20, 60).Draw(t, "n"))
		m := NewChangePoints()
		m.Model = rapid.SampledFrom([]string{"mean", "trend"}).Draw(t, "model")
		u := &Series{Freq: 52}
		for i := range s.Counts {
			y := 32*s.Counts[i] + 64
			if m.Model == "trend" {
				y += 16 * float64(i)
			}
			u.Counts = append(u.Counts, y)
		}
		a, err := m.Find(s, 0, s.Len())
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.Find(u, 0, u.Len())
		if err != nil {
			t.Fatal(err)
		}
		if a.Best != b.Best {
			t.Fatalf("%v: got %d breaks, want %d", u.Counts, b.Best, a.Best)
		}
		for k := range a.RSS {
			if off(b.RSS[k], 1024*a.RSS[k]) > 1e-9 {
				t.Fatalf("%v: got %v, want 1024 times %v", u.Counts, b.RSS, a.RSS)
			}
		}
		if off(a.SupF.Statistic, b.SupF.Statistic) > 1e-8 || off(a.OLSCUSUM.Statistic, b.OLSCUSUM.Statistic) > 1e-8 {
			t.Fatalf("%v: got %+v, want %+v", u.Counts, b, a)
		}
	})
}

// TestChangePointsPlain: one step, by hand.
func TestChangePointsPlain(t *testing.T) {
	t.Parallel()
	s := &Series{Freq: 52, Counts: []float64{3, 1, 2, 3, 1, 2, Missing, 13, 11, 12, 13, 11, 12, 12}}
	m := NewChangePoints()
	m.H, m.Breaks = 3, 1
	got, err := m.Find(s, 1, 14)
	if err != nil {
		t.Fatal(err)
	}
	// Values 1 2 3 1 2 | 13 11 12 13 11 12 12: sums 9 and 84, squares 19 and 1012.
	rss0, rss1 := 1031-93*93/12., 19-81/5.+1012-84*84/7.
	if !got.Assessed || got.Periods != 12 || got.Missing != 1 || got.Best != 1 || off(got.RSS[0], rss0) > 1e-14 || off(got.RSS[1], rss1) > 1e-14 || len(got.RSS) != 2 {
		t.Errorf("got %+v, want rss %v %v", got, rss0, rss1)
	}
	// -2 log L = n (log(rss/n) + 1 + log 2π), with 2 and 4 parameters.
	for b, want := range []float64{12*(math.Log(rss0/12)+1+math.Log(2*math.Pi)) + 2*math.Log(12), 12*(math.Log(rss1/12)+1+math.Log(2*math.Pi)) + 4*math.Log(12)} {
		if off(got.BIC[b], want) > 1e-13 {
			t.Errorf("BIC with %d breaks: got %v, want %v", b, got.BIC[b], want)
		}
	}
	if b := got.Breaks[0]; b.Last != 5 || b.First != 7 || !b.Bounded || b.Low > 5 || b.High < 5 {
		t.Errorf("break %+v, want 5 to 7", b)
	}
	for i, want := range []Segment{{From: 1, To: 7, N: 5, Start: 1.8, RSS: 2.8}, {From: 7, To: 14, N: 7, Start: 12, RSS: 4}} {
		g := got.Segments[i]
		if off(g.Start, want.Start) > 1e-13 || off(g.RSS, want.RSS) > 1e-13 {
			t.Errorf("segment %d: got %+v, want %+v", i+1, g, want)
		}
		if g.Start, g.RSS = want.Start, want.RSS; g != want {
			t.Errorf("segment %d: got %+v, want %+v", i+1, g, want)
		}
	}
	if want := (rss0 - rss1) / rss1 * 10; off(got.SupF.Statistic, want) > 1e-12 || got.SupF.At != 5 {
		t.Errorf("supF %+v, want %v at 5", got.SupF, want)
	}
	// Residuals of the mean 7.75 add up to 9-5·7.75 at the step.
	if want := (5*7.75 - 9) / math.Sqrt(rss0/11*12); off(got.OLSCUSUM.Statistic, want) > 1e-13 || got.OLSCUSUM.At != 5 {
		t.Errorf("OLS-CUSUM %+v, want %v at 5", got.OLSCUSUM, want)
	}
	if len(got.Partitions) != 2 || len(got.Partitions[0]) != 0 || !slices.Equal(got.Partitions[1], []int{5}) {
		t.Errorf("partitions %v, want one break after 5", got.Partitions)
	}
	// As many breaks as fit: ceil(12/3)-2 as in R, and no more than there is room for.
	m.Breaks = 0
	if got, err = m.Find(s, 1, 14); err != nil || len(got.RSS) != 3 {
		t.Errorf("without a limit: got %+v, %v, want up to 2 breaks", got, err)
	}
	// A bound beyond the values is counted on in periods.
	p := stretchOf(s.Counts, 0, false)
	for i, want := range map[int]int{-2: -2, -1: -1, 0: 0, 5: 5, 6: 7, 12: 13, 13: 14, 15: 16} {
		if got := p.index(i); got != want {
			t.Errorf("value %d is of period %d, want %d", i, got, want)
		}
	}
	// A line with a break in it.
	line := &Series{Freq: 12}
	for i := range 24 {
		y := 10 + 2*float64(i)
		if i >= 11 {
			y = 90 - 3*float64(i)
		}
		line.Counts = append(line.Counts, y)
	}
	m = NewChangePoints()
	m.Model = "trend"
	if got, err = m.Find(line, 0, 24); err != nil {
		t.Fatal(err)
	}
	if got.Best != 1 || got.RSS[1] != 0 || !math.IsInf(got.BIC[1], -1) || !math.IsInf(got.SupF.Statistic, 1) || got.SupF.P != 0 || got.Breaks[0].Last != 10 || got.Breaks[0].Bounded ||
		math.Abs(got.Segments[1].Slope+3) > 1e-12 || math.Abs(got.Segments[1].Start-57) > 1e-12 {
		t.Errorf("lines without noise: got %+v", got)
	}
}

func TestChangePointsNothing(t *testing.T) {
	t.Parallel()
	same := slices.Repeat([]float64{7}, 40)
	line := make([]float64, 40)
	for i := range line {
		line[i] = 0.1 + 0.3*float64(i)
	}
	for _, c := range []struct {
		name     string
		m        ChangePoints
		counts   []float64
		assessed bool
	}{
		{"empty", NewChangePoints(), nil, false},
		{"one", NewChangePoints(), []float64{4}, false},
		{"too few", NewChangePoints(), make([]float64, 6), false},
		{"all missing", NewChangePoints(), slices.Repeat([]float64{Missing}, 40), false},
		{"long segments", ChangePoints{Model: "mean", H: 21, Trim: 0.15, Level: 0.95}, same, false},
		{"segments of 1", ChangePoints{Model: "mean", H: 1, Trim: 0.15, Level: 0.95}, same, false},
		{"segments of 2", ChangePoints{Model: "trend", H: 2, Trim: 0.15, Level: 0.95}, same, false},
		{"all zero", NewChangePoints(), make([]float64, 40), true},
		{"all the same", NewChangePoints(), same, true},
		{"a line", ChangePoints{Model: "trend", H: 0.2, Trim: 0.15, Level: 0.95}, line, true},
	} {
		got, err := c.m.Find(&Series{Freq: 52, Counts: c.counts}, 0, len(c.counts))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got.Assessed != c.assessed || got.Note == "" || !math.IsNaN(got.SupF.P) || !math.IsNaN(got.OLSCUSUM.P) || got.SupF.At != -1 {
			t.Errorf("%s: got %+v", c.name, got)
		}
		if c.assessed && (got.Best != 0 || len(got.Breaks) != 0) || !c.assessed && got.Best != -1 {
			t.Errorf("%s: got %d breaks", c.name, got.Best)
		}
	}
}

func TestChangePointsRefuses(t *testing.T) {
	t.Parallel()
	good := NewChangePoints()
	for _, c := range []struct {
		name   string
		change func(*ChangePoints)
		n      int
		want   string
	}{
		{"model", func(m *ChangePoints) { m.Model = "" }, 40, "model"},
		{"h 0", func(m *ChangePoints) { m.H = 0 }, 40, "h is"},
		{"h NaN", func(m *ChangePoints) { m.H = math.NaN() }, 40, "h is"},
		{"h infinite", func(m *ChangePoints) { m.H = math.Inf(1) }, 40, "h is"},
		{"breaks", func(m *ChangePoints) { m.Breaks = -1 }, 40, "breaks"},
		{"trim 0", func(m *ChangePoints) { m.Trim = 0 }, 40, "trim"},
		{"trim half", func(m *ChangePoints) { m.Trim = 0.5 }, 40, "trim"},
		{"trim NaN", func(m *ChangePoints) { m.Trim = math.NaN() }, 40, "trim"},
		{"level 0", func(m *ChangePoints) { m.Level = 0 }, 40, "level"},
		{"level 1", func(m *ChangePoints) { m.Level = 1 }, 40, "level"},
		{"scale", func(m *ChangePoints) { m.Transform = "log" }, 40, "transform"},
		{"much work", func(*ChangePoints) {}, 20000, "steps"},
		{"many breaks", func(m *ChangePoints) { m.H = 2 }, 2000, "steps"},
		{"range", func(*ChangePoints) {}, -1, "range"},
	} {
		m := good
		c.change(&m)
		if _, err := m.Find(&Series{Freq: 52, Counts: make([]float64, max(0, c.n))}, 0, max(1, c.n)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one about %s", c.name, err, c.want)
		}
	}
	if _, err := good.Find(&Series{Freq: 52, Counts: []float64{1, 1e16}}, 0, 2); err == nil {
		t.Error("a count of 1e16: no error")
	}
}

// TestChangePointsHostile: no shape of data makes it panic, or say NaN is fine.
func TestChangePointsHostile(t *testing.T) {
	t.Parallel()
	value := rapid.SampledFrom([]float64{0, 0, 1, 2, 1e15, 1e-300, Missing})
	rapid.Check(t, func(t *rapid.T) {
		s := &Series{Freq: 1, Counts: rapid.SliceOfN(value, 0, 60).Draw(t, "counts")}
		m := ChangePoints{
			Model: rapid.SampledFrom([]string{"mean", "trend"}).Draw(t, "model"), Transform: rapid.SampledFrom([]Scale{"", "none", "log1p"}).Draw(t, "transform"),
			H: rapid.SampledFrom([]float64{1e-9, 0.1, 0.499, 0.9, 1, 2, 3, 7.5, 1e9}).Draw(t, "h"), Breaks: rapid.IntRange(0, 90).Draw(t, "breaks"),
			Trim: rapid.SampledFrom([]float64{0.01, 0.15, 0.4999}).Draw(t, "trim"), Level: rapid.SampledFrom([]float64{1e-9, 0.5, 0.95, 1 - 1e-12}).Draw(t, "level"),
		}
		got, err := m.Find(s, 0, s.Len())
		if err != nil {
			t.Fatal(err)
		}
		if !got.Assessed {
			if got.Note == "" || got.Best != -1 || got.RSS != nil {
				t.Fatalf("got %+v", got)
			}
		} else if len(got.Breaks) != got.Best || len(got.Segments) != got.Best+1 || len(got.Partitions) != len(got.RSS) {
			t.Fatalf("got %+v", got)
		}
		for _, v := range got.RSS {
			if !(v >= 0) {
				t.Fatalf("got %+v", got)
			}
		}
		for _, p := range []float64{got.SupF.P, got.OLSCUSUM.P} {
			if p < 0 || p > 1 {
				t.Fatalf("got %+v", got)
			}
		}
		j, err := Joinpoint{Transform: m.Transform, H: m.H, Level: m.Level}.Fit(s, 0, s.Len())
		if err != nil {
			t.Fatal(err)
		}
		if j.Assessed == math.IsNaN(j.At) || !j.Assessed && j.Note == "" || j.Assessed && (j.At < 0 || j.At > float64(s.Len()) || math.IsNaN(j.RSS)) {
			t.Fatalf("got %+v", j)
		}
	})
}

func TestChangePointsParams(t *testing.T) {
	t.Parallel()
	m := NewChangePoints()
	if err := json.Unmarshal([]byte(`{"model": "trend", "transform": "log1p", "h": 0.1}`), &m); err != nil {
		t.Fatal(err)
	}
	if want := (ChangePoints{"trend", Log1p, 0.1, 0, 0.15, 0.95}); m != want {
		t.Errorf("got %+v, want %+v", m, want)
	}
}

func BenchmarkChangePoints(b *testing.B) {
	s := stepSeries(rand.New(rand.NewPCG(1, 1)), 3650)
	for b.Loop() {
		if _, err := NewChangePoints().Find(s, 0, s.Len()); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleChangePoints() {
	// Weekly reports; the desk that sends them grew after the twelfth week.
	s := &Series{Freq: 52, Counts: []float64{
		11, 14, 9, 12, 10, 13, 12, 8, 11, 15, 10, 12,
		21, 24, Missing, 19, 22, 25, 20, 18, 23, 21, 26, 20,
	}}
	got, err := NewChangePoints().Find(s, 0, s.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range got.Breaks {
		fmt.Printf("a change after week %d (95 %% interval: week %d to %d)\n", b.Last+1, b.Low+1, b.High+1)
	}
	for _, g := range got.Segments {
		fmt.Printf("weeks %d to %d: mean %.1f\n", g.From+1, g.To, g.Start)
	}
	fmt.Printf("supF %.0f, p %.0e\n", got.SupF.Statistic, got.SupF.P)
	fmt.Println(got.Note)
	// Output:
	// a change after week 12 (95 % interval: week 11 to 13)
	// weeks 1 to 12: mean 11.4
	// weeks 13 to 24: mean 21.7
	// supF 117, p 1e-25
	// 1 of 24 periods have no value and are left out
}
