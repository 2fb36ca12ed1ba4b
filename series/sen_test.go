package series

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Five values, one missing: 1 4 . 2 8 3 at 1 2 4 5 6. The ten slopes, sorted, are
// -5 -1 -1/4 1/3 2/5 1/2 4/3 7/4 3 6, and their median (2/5+1/2)/2.
func TestSenByHand(t *testing.T) {
	t.Parallel()
	s := &Series{Counts: []float64{1, 4, Missing, 2, 8, 3}, Freq: 12}
	r, err := NewSen().Fit(s, 0, 6)
	if err != nil {
		t.Fatal(err)
	}
	if r.N != 5 || r.Missing != 1 {
		t.Errorf("%d used and %d missing, want 5 and 1", r.N, r.Missing)
	}
	near(t, "slope", r.Slope.Estimate, 0.45, 1e-15)
	// Variance 5·4·15/18; (10 - 1.96·4.0825)/2 is 0.999: no rank for 95 %.
	if !math.IsInf(r.Slope.Lower, -1) || !math.IsInf(r.Slope.Upper, 1) {
		t.Errorf("interval %v of five values at 95 %%, want none", r.Slope)
	}
	// (10 - 1.6449·4.0825)/2 is 1.64, so 90 % is from the first to the last slope;
	// (10 - 0.6745·4.0825)/2 is 3.62, so 50 % is from the third to the eighth.
	for conf, want := range map[float64][2]float64{0.9: {-5, 6}, 0.5: {-0.25, 1.75}} {
		r, err := Sen{Conf: conf}.Fit(s, 0, 6)
		if err != nil || r.Slope.Lower != want[0] || r.Slope.Upper != want[1] {
			t.Errorf("interval %v at %v, want %v: %v", r.Slope, conf, want, err)
		}
	}
}

func TestSenRefuses(t *testing.T) {
	t.Parallel()
	na := Missing
	for _, counts := range [][]float64{{}, {1}, {1, 2, 3}, {na, na, na, na, na}, {0, 0, 0, 0}, {7, 7, 7, na, 7, 7}} {
		if r, err := NewSen().Fit(&Series{Counts: counts, Freq: 12}, 0, len(counts)); !errors.Is(err, ErrNotAssessed) || r.N+r.Missing != len(counts) {
			t.Errorf("%v: %+v, %v; want not assessed", counts, r, err)
		}
	}
	s := &Series{Counts: []float64{1, 2, 3, 5}, Freq: 12}
	for _, m := range []Sen{{}, {Conf: 1}, {Conf: -1}, {Conf: math.NaN()}, {Conf: 0.95, Offset: true}} {
		if _, err := m.Fit(s, 0, 4); err == nil || errors.Is(err, ErrNotAssessed) {
			t.Errorf("%+v: %v, want an error of the parameters", m, err)
		}
	}
	long := &Series{Counts: make([]float64, senLimit+1), Freq: 365}
	if _, err := NewSen().Fit(long, 0, long.Len()); err == nil {
		t.Error("more values than fit in memory have an answer")
	}
}

// As many slopes lie below the estimate as above; backwards the slope and its
// interval change their sign; one wild value moves no bound beyond it.
func TestSenSlopes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		m := Sen{Conf: rapid.SampledFrom([]float64{0.5, 0.9, 0.95, 0.999}).Draw(t, "conf")}
		r, err := m.Fit(s, 0, s.Len())
		if err != nil {
			return
		}
		below, above := 0, 0
		for i := range s.Counts {
			for j := range i {
				if d := (s.Counts[i] - s.Counts[j]) / float64(i-j); d < r.Slope.Estimate {
					below++
				} else if d > r.Slope.Estimate {
					above++
				}
			}
		}
		n := r.N * (r.N - 1) / 2
		if below > n/2 || above > n/2 {
			t.Fatalf("%d slopes below %v and %d above, of %d", below, r.Slope.Estimate, above, n)
		}
		ordered(t, "Sen's slope", r.Slope)
		back := &Series{Counts: slices.Clone(s.Counts), Freq: s.Freq}
		slices.Reverse(back.Counts)
		b, err := m.Fit(back, 0, s.Len())
		if err != nil || b.Slope != (Interval{-r.Slope.Estimate + 0, -r.Slope.Upper + 0, -r.Slope.Lower + 0}) {
			t.Fatalf("%v, backwards %v: %v", r.Slope, b.Slope, err)
		}
	})
}
