package chart

import (
	"math"
	"slices"
	"testing"

	"lapwing/internal/calendar"

	"pgregory.net/rapid"
)

func drawValues(t *rapid.T, most int) []Value {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Value {
		v := Value{V: float64(rapid.IntRange(0, 50).Draw(t, "v")), Provisional: rapid.IntRange(0, 4).Draw(t, "p") == 0}
		if rapid.IntRange(0, 3).Draw(t, "missing") == 0 {
			v = None("")
		}
		return v
	}), 0, most).Draw(t, "values")
}

// TestNothingIsBridged follows every line that is drawn: it may lead only from
// a figure to the next period's, each figure is on a line or stands alone, and
// nothing provisional is drawn as if it were final.
func TestNothingIsBridged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		vs := drawValues(t, 30)
		x := func(i int) float64 { return float64(i) * 10 }
		y := scale{0, 50, 500, 0}
		tr := trace(vs, len(vs), x, y, 1)
		touched := map[int]bool{}
		check := func(lines [][]pt, provisional bool) {
			for _, l := range lines {
				for k := range l {
					i := int(math.Round(l[k].x / 10))
					if !vs[i].ok() || y.at(vs[i].V) != l[k].y {
						t.Fatalf("a line passes %v, where the figure is %v", l[k], vs[i])
					}
					touched[i] = true
					if k == 0 {
						continue
					}
					if j := int(math.Round(l[k-1].x / 10)); i != j+1 {
						t.Fatalf("a line leads from period %d to %d", j, i)
					}
					if vs[i].Provisional != provisional {
						t.Fatalf("the line to period %d is drawn as provisional=%v, the figure is %v", i, provisional, vs[i])
					}
				}
			}
		}
		check(tr.final, false)
		check(tr.provisional, true)
		for _, s := range tr.alone {
			touched[int(math.Round(s.x/10))] = true
		}
		for i, v := range vs {
			if v.ok() != touched[i] {
				t.Fatalf("period %d (%v): drawn %v", i, v, touched[i])
			}
		}
		covered := 0
		for _, g := range gaps(vs, len(vs)) {
			for i := g.from; i < g.to; i++ {
				if vs[i].ok() {
					t.Fatalf("period %d has a figure and is in a gap", i)
				}
				covered++
			}
		}
		if have, _ := count(vs, len(vs)); have+covered != len(vs) {
			t.Fatalf("%d figures and %d missing make %d, not %d", have, covered, have+covered, len(vs))
		}
	})
}

// TestOutageIsNoZero looks at the drawing itself: no line of the series comes
// near zero or enters the band of the outage.
func TestOutageIsNoZero(t *testing.T) {
	t.Parallel()
	vs := Values(100, 110, 105, math.NaN(), math.NaN(), math.NaN(), 98, 102, 101, 99)
	c := Timeline{First: calendar.Date(2020, 3, 1), Values: vs, Median: 3}
	d := c.draw()
	foot, lowest := 0.0, 0.0
	for _, o := range d.ops {
		if o.paint.class == "c-axis" && len(o.lines) == 1 {
			foot = max(foot, o.lines[0][0].y)
		}
	}
	segments := 0
	for _, o := range d.ops {
		if o.kind != opPath || o.paint.class != "c-raw" && o.paint.class != "c-now" || o.lines[0][0].y < 40 {
			continue
		}
		for _, l := range o.lines {
			for k := 1; k < len(l); k++ {
				segments++
				lowest = max(lowest, l[k].y)
				if l[k].x-l[k-1].x > 80 {
					t.Errorf("a line of %s leads from %.0f to %.0f, over the outage", o.paint.class, l[k-1].x, l[k].x)
				}
			}
		}
	}
	if segments < 6 || foot == 0 {
		t.Fatalf("%d segments above a foot at %v: the test looks at the wrong shapes", segments, foot)
	}
	if foot-lowest < 100 {
		t.Errorf("a line comes down to %.0f; zero is at %.0f", lowest, foot)
	}
	said := slices.ContainsFunc(d.texts, func(b box) bool { return b.s == noData })
	if !said {
		t.Error("the outage does not say that there is no data")
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		vs := drawValues(t, 40)
		window := rapid.IntRange(1, 9).Draw(t, "window")
		got := median(vs, window)
		for i := range vs {
			var in []float64
			for k := max(0, i-window+1); k <= i; k++ {
				if vs[k].ok() {
					in = append(in, vs[k].V)
				}
			}
			want := math.NaN()
			if vs[i].ok() && 2*len(in) >= window {
				slices.Sort(in)
				want = (in[(len(in)-1)/2] + in[len(in)/2]) / 2
			}
			if got[i] != want && !(math.IsNaN(got[i]) && math.IsNaN(want)) {
				t.Fatalf("period %d of %v, window %d: got %v, want %v", i, vs, window, got[i], want)
			}
		}
	})
}

// TestThinnedLooksTheSame asks that a thinned line keeps its ends and, in
// every column, its lowest and highest point.
func TestThinnedLooksTheSame(t *testing.T) {
	t.Parallel()
	r := noise(4)
	var l []pt
	for i := range 20_000 {
		l = append(l, pt{float64(i) * 0.03, 100 + 40*r.NormFloat64()})
	}
	got := thinned(l, 1)
	if len(got) > 2500 || got[0] != l[0] || got[len(got)-1] != l[len(l)-1] {
		t.Fatalf("%d points of %d, ends %v and %v", len(got), len(l), got[0], got[len(got)-1])
	}
	extremes := func(l []pt) map[int][2]float64 {
		m := map[int][2]float64{}
		for _, p := range l {
			e, ok := m[int(p.x)]
			if !ok {
				e = [2]float64{p.y, p.y}
			}
			m[int(p.x)] = [2]float64{min(e[0], p.y), max(e[1], p.y)}
		}
		return m
	}
	want := extremes(l)
	for col, e := range extremes(got) {
		if e != want[col] {
			t.Errorf("column %d reaches %v, want %v", col, e, want[col])
		}
	}
	if !slices.IsSortedFunc(got, func(a, b pt) int { return int(1000 * (a.x - b.x)) }) {
		t.Error("the points are out of order")
	}
}
