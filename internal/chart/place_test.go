package chart

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSpread(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		want []float64
		size float64
		out  []float64
	}{
		{[]float64{10, 50}, 10, []float64{10, 50}},
		{[]float64{50, 10}, 10, []float64{50, 10}},
		{[]float64{50, 50}, 10, []float64{45, 55}},
		{[]float64{50, 52, 54}, 10, []float64{42, 52, 62}},
		{[]float64{0, 0}, 10, []float64{5, 15}},
		{[]float64{100, 100, 99}, 10, []float64{85, 95, 75}},
		{nil, 10, []float64{}},
	} {
		if got := spread(tt.want, tt.size, 0, 100); !slices.Equal(got, tt.out) {
			t.Errorf("spread(%v, %v): got %v, want %v", tt.want, tt.size, got, tt.out)
		}
	}
}

// TestSpreadOfAnything asks that marks keep their order, do not touch, stay
// inside, and that no single one could be moved nearer to its place.
func TestSpreadOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Float64Range(-20, 220), 0, 12).Draw(t, "want")
		const size, lo, hi, eps = 15, 0, 200, 1e-6
		got := spread(want, size, lo, hi)
		order := make([]int, len(want))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			if want[a] < want[b] {
				return -1
			} else if want[a] > want[b] {
				return 1
			}
			return 0
		})
		cost := 0.0
		for k, i := range order {
			if got[i] < lo+size/2.0-eps || got[i] > hi-size/2.0+eps {
				t.Fatalf("%v is outside", got[i])
			}
			if k > 0 && got[i]-got[order[k-1]] < size-eps {
				t.Fatalf("%v and %v touch", got[order[k-1]], got[i])
			}
			cost += (got[i] - want[i]) * (got[i] - want[i])
		}
		// No run of neighbours can be shifted for the better.
		for a := range order {
			for b := a; b < len(order); b++ {
				for _, step := range []float64{-0.01, 0.01} {
					if a > 0 && got[order[a]]+step-got[order[a-1]] < size || b+1 < len(order) && got[order[b+1]]-got[order[b]]-step < size ||
						got[order[a]]+step < lo+size/2.0 || got[order[b]]+step > hi-size/2.0 {
						continue
					}
					c := cost
					for _, i := range order[a : b+1] {
						c += (got[i]+step-want[i])*(got[i]+step-want[i]) - (got[i]-want[i])*(got[i]-want[i])
					}
					if c < cost-1e-4 {
						t.Fatalf("marks %d to %d stand better %v further: %v for %v", a, b, step, got, want)
					}
				}
			}
		}
	})
}

// TestHangOfAnything asks that no word touches another, that no line runs
// through a word, and that the first pennant always has room.
func TestHangOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		fs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pennant {
			return pennant{x: math.Floor(rapid.Float64Range(50, 650).Draw(t, "x")), width: rapid.Float64Range(10, 170).Draw(t, "width")}
		}), 1, 20).Draw(t, "pennants")
		slices.SortStableFunc(fs, func(a, b pennant) int { return int(a.x - b.x) })
		hang(fs, 4, 0, 700)
		if fs[0].row != 0 {
			t.Fatalf("the first pennant is in row %d", fs[0].row)
		}
		words := func(f pennant) box {
			b := box{x0: f.x + 4, x1: f.x + 4 + f.width, y0: float64(f.row), y1: float64(f.row) + 1}
			if f.left {
				b.x0, b.x1 = f.x-4-f.width, f.x-4
			}
			return b
		}
		for i, f := range fs {
			if f.row < 0 {
				continue
			}
			b := words(f)
			if b.x0 < 0 || b.x1 > 700 {
				t.Fatalf("word of %+v is outside", f)
			}
			for j, o := range fs {
				if i == j || o.row < 0 {
					continue
				}
				if b.overlaps(words(o)) {
					t.Fatalf("words of %+v and %+v touch", f, o)
				}
				if o.row <= f.row && o.x > b.x0 && o.x < b.x1 {
					t.Fatalf("the line of %+v runs through the word of %+v", o, f)
				}
			}
		}
	})
}
