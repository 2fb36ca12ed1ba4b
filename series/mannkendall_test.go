package series

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Six values by hand: 3 1 4 1 5 9 has 15 pairs, of which 3-1, 3-1, 4-1 fall, the
// two ones tie, and 11 rise: S = 8. The variance is (6·5·17 - 2·1·9)/18.
func TestMannKendallByHand(t *testing.T) {
	t.Parallel()
	s := &Series{Counts: []float64{3, 1, Missing, 4, 1, 5, 9}, Freq: 12}
	r, err := MannKendall{}.Test(s, 0, 7)
	if err != nil {
		t.Fatal(err)
	}
	variance := (510.0 - 18) / 18
	if r.N != 6 || r.Missing != 1 || r.S != 8 {
		t.Errorf("used %d, missing %d, S = %d; want 6, 1 and 8", r.N, r.Missing, r.S)
	}
	near(t, "variance", r.Var, variance, 1e-15)
	near(t, "tau-b", r.TauB, 8/math.Sqrt(15*14), 1e-14)
	near(t, "z", r.Z, 8/math.Sqrt(variance), 1e-14)
	near(t, "p", r.P, math.Erfc(8/math.Sqrt(2*variance)), 1e-14)
	r, err = MannKendall{Continuity: true}.Test(s, 0, 7)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "z with continuity", r.Z, 7/math.Sqrt(variance), 1e-14)
}

func TestMannKendallRates(t *testing.T) {
	t.Parallel()
	// The counts fall, the rates rise.
	s := &Series{Counts: []float64{8, 6, 4, 2}, Population: []float64{8, 3, 1, 0.25}, Freq: 12}
	counts, err := MannKendall{}.Test(s, 0, 4)
	rates, errRates := MannKendall{Offset: true}.Test(s, 0, 4)
	if err != nil || errRates != nil || counts.S != -6 || rates.S != 6 {
		t.Errorf("S = %d of counts and %d of rates, want -6 and 6: %v, %v", counts.S, rates.S, err, errRates)
	}
}

func TestMannKendallRefuses(t *testing.T) {
	t.Parallel()
	na := Missing
	for _, counts := range [][]float64{{}, {1}, {1, 2, 3}, {na, na, na, na, na}, {1, na, 2, na, 3}, {0, 0, 0, 0}, {7, 7, 7, na, 7, 7}} {
		r, err := MannKendall{}.Test(&Series{Counts: counts, Freq: 12}, 0, len(counts))
		if !errors.Is(err, ErrNotAssessed) {
			t.Errorf("%v: %+v, %v; want not assessed", counts, r, err)
		}
		if r.N+r.Missing != len(counts) {
			t.Errorf("%v: %d used and %d missing", counts, r.N, r.Missing)
		}
	}
	if _, err := (MannKendall{}).Test(&Series{Counts: []float64{1, 2, 3, 4}, Freq: 12}, 0, 5); err == nil || errors.Is(err, ErrNotAssessed) {
		t.Errorf("a range past the end: %v", err)
	}
}

// S is the count of pairs, and its variance that over all orders of the values.
func TestMannKendallAgainstAllOrders(t *testing.T) {
	t.Parallel()
	for _, values := range [][]float64{{1, 2, 3, 4}, {1, 1, 2, 2, 3}, {5, 5, 5, 1, 2, 9}, {0, 0, 0, 0, 1}, {1, 2, 3, 4, 5, 6, 6}} {
		n, sum, square := 0.0, 0.0, 0.0
		permute(append([]float64(nil), values...), 0, func(v []float64) {
			s := float64(pairs(v))
			n, sum, square = n+1, sum+s, square+s*s
		})
		if sum != 0 {
			t.Errorf("%v: the mean of S over all orders is %v", values, sum/n)
		}
		s, _, variance := kendall(values)
		if s != pairs(values) {
			t.Errorf("%v: S = %d, want %d", values, s, pairs(values))
		}
		near(t, "variance", variance, square/n, 1e-12)
	}
}

// pairs is S by definition.
func pairs(v []float64) (s int) {
	for i := range v {
		for j := range i {
			switch {
			case v[i] > v[j]:
				s++
			case v[i] < v[j]:
				s--
			}
		}
	}
	return s
}

func permute(v []float64, k int, see func([]float64)) {
	if k == len(v) {
		see(v)
	}
	for i := k; i < len(v); i++ {
		v[k], v[i] = v[i], v[k]
		permute(v, k+1, see)
		v[k], v[i] = v[i], v[k]
	}
}

func TestMannKendallPairs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t)
		r, err := MannKendall{Continuity: rapid.Bool().Draw(t, "continuity")}.Test(s, 0, s.Len())
		var v, back []float64
		for i := range s.Counts {
			if c := s.Counts[i]; !IsMissing(c) {
				v = append(v, c)
			}
			if c := s.Counts[len(s.Counts)-1-i]; !IsMissing(c) {
				back = append(back, c)
			}
		}
		before := append([]float64(nil), v...)
		got, ties, _ := kendall(v)
		tied := 0.0
		for i := range v {
			if v[i] != before[i] {
				t.Fatalf("kendall changed its argument: %v, was %v", v, before)
			}
			for j := range i {
				if v[i] == v[j] {
					tied++
				}
			}
		}
		if got != pairs(v) || ties != tied {
			t.Fatalf("S = %d with %v ties, want %d and %v, for %v", got, ties, pairs(v), tied, v)
		}
		if b, _, _ := kendall(back); b != -got {
			t.Fatalf("S = %d, backwards %d", got, b)
		}
		if err != nil {
			return
		}
		finite(t, "Mann-Kendall", r, r.Var, r.TauB, r.Z, r.P)
		if r.S != got || math.Abs(r.TauB) > 1+1e-12 || r.P < 0 || r.P > 1 || r.Z*float64(r.S) < 0 {
			t.Fatalf("%+v of %v", r, v)
		}
	})
}
