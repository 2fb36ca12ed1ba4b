package series

import (
	"fmt"
	"math"
)

// MannKendall tests whether a series rises or falls, whatever the shape of the
// rise (Mann 1945; Kendall 1975, chapter 4): each pair of periods is asked which
// of the two is higher. It needs no model of the counts, but independent
// periods; a season or autocorrelation makes its p-value too small.
type MannKendall struct {
	// Continuity moves S by one towards zero before it is made a z, which is
	// closer to the exact distribution when there are few periods.
	Continuity bool `json:"continuity"`
	Offset     bool `json:"offset"` // of count per Population
}

// KendallTest is what Mann and Kendall's test says.
type KendallTest struct {
	N       int     // periods used
	Missing int     // periods left out
	S       int     // pairs that rise less pairs that fall
	Var     float64 // variance of S where there is no trend, with the correction for ties
	TauB    float64 // Kendall's tau-b, from -1 (every pair falls) to 1 (every pair rises)
	Z       float64
	P       float64 // two-sided, normal approximation
}

// Test looks at the periods [from, to). Missing periods are left out.
//
// It fails with [ErrNotAssessed] where fewer than 4 periods are known, for whose
// S the normal approximation means nothing, and where all values are the same.
func (m MannKendall) Test(s *Series, from, to int) (KendallTest, error) {
	k, err := s.known(from, to, m.Offset)
	if err != nil {
		return KendallTest{}, err
	}
	r := KendallTest{N: len(k.y), Missing: k.missing}
	if r.N < leastRanked {
		return r, fmt.Errorf("series: Mann-Kendall %w: %d known periods; it needs %d", ErrNotAssessed, r.N, leastRanked)
	}
	var ties float64
	r.S, ties, r.Var = kendall(k.rates())
	if r.Var == 0 {
		return r, fmt.Errorf("series: Mann-Kendall %w: all %d known values are the same", ErrNotAssessed, r.N)
	}
	pairs := float64(r.N) * float64(r.N-1) / 2
	r.TauB = float64(r.S) / (math.Sqrt(pairs-ties) * math.Sqrt(pairs))
	up := float64(r.S)
	if m.Continuity && r.S != 0 {
		up -= math.Copysign(1, up)
	}
	r.Z = up / math.Sqrt(r.Var)
	r.P = twoSided(r.Z, 0)
	return r, nil
}

// leastRanked is the fewest values that a test of ranks takes.
const leastRanked = 4

// kendall is Kendall's S, the number of tied pairs, and the variance of S
// with ties (Kendall 1975, chapter 4), in a time of n log n: the pairs that fall are
// the exchanges of a merge sort (Knight 1966).
func kendall(values []float64) (s int, ties, variance float64) {
	n := len(values)
	v, w := append([]float64(nil), values...), make([]float64, n)
	falls := 0
	for width := 1; width < n; width *= 2 {
		for lo := 0; lo < n; lo += 2 * width {
			mid, hi := min(lo+width, n), min(lo+2*width, n)
			i, j := lo, mid
			for k := lo; k < hi; k++ {
				if i < mid && (j == hi || v[i] <= v[j]) {
					w[k] = v[i]
					i++
				} else {
					falls += mid - i
					w[k] = v[j]
					j++
				}
			}
		}
		v, w = w, v
	}
	tied := 0
	variance = spread(n)
	for i := 0; i < n; {
		j := i
		for j < n && v[j] == v[i] {
			j++
		}
		tied += (j - i) * (j - i - 1) / 2
		variance -= spread(j - i)
		i = j
	}
	return n*(n-1)/2 - tied - 2*falls, float64(tied), variance / 18
}

func spread(n int) float64 { f := float64(n); return f * (f - 1) * (2*f + 5) }
