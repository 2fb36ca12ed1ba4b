package series

import (
	"fmt"
	"math"
	"slices"
)

// Sen is the median of the slopes between all pairs of periods (Sen 1968): a
// line that even 29 wild values in 100 cannot carry away.
type Sen struct {
	Conf   float64 `json:"conf"`
	Offset bool    `json:"offset"` // of count per Population
}

// NewSen asks for a 95 % interval of the counts.
func NewSen() Sen { return Sen{Conf: 0.95} }

// SenSlope is Sen's slope.
type SenSlope struct {
	N       int // periods used
	Missing int // periods left out
	Conf    float64
	// Slope is the change a period. A bound is infinite where there are too few
	// periods for that confidence.
	Slope Interval
}

// senLimit bounds the memory for the slopes: 8 million, eleven years of days.
const senLimit = 4096

// Fit looks at the periods [from, to). Missing periods are left out and keep
// their time. The interval is that of the ranks of the slopes, from the variance
// of Kendall's S with ties (Sen 1968; Hollander and Wolfe 1999, section 9.3),
// rounded outwards.
//
// It fails with [ErrNotAssessed] where fewer than 4 periods are known and where
// all values are the same.
func (m Sen) Fit(s *Series, from, to int) (SenSlope, error) {
	if err := checkConf(m.Conf); err != nil {
		return SenSlope{}, err
	}
	k, err := s.known(from, to, m.Offset)
	if err != nil {
		return SenSlope{}, err
	}
	r := SenSlope{N: len(k.y), Missing: k.missing, Conf: m.Conf}
	if r.N < leastRanked {
		return r, fmt.Errorf("series: Sen's slope %w: %d known periods; it needs %d", ErrNotAssessed, r.N, leastRanked)
	}
	if r.N > senLimit {
		return r, fmt.Errorf("series: Sen's slope takes at most %d periods, not %d; take longer periods", senLimit, r.N)
	}
	y := k.rates()
	_, _, variance := kendall(y)
	if variance == 0 {
		return r, fmt.Errorf("series: Sen's slope %w: all %d known values are the same", ErrNotAssessed, r.N)
	}
	slopes := make([]float64, 0, r.N*(r.N-1)/2)
	for i := range y {
		for j := range i {
			slopes = append(slopes, (y[i]-y[j])/(k.time[i]-k.time[j]))
		}
	}
	slices.Sort(slopes)
	n := len(slopes)
	r.Slope = Interval{(slopes[(n-1)/2] + slopes[n/2]) / 2, math.Inf(-1), math.Inf(1)}
	// The rank of the lower bound from 1, and by symmetry of the upper from the end.
	if rank := int(math.Floor((float64(n) - qnorm((1+m.Conf)/2)*math.Sqrt(variance)) / 2)); rank >= 1 {
		r.Slope.Lower, r.Slope.Upper = slopes[rank-1], slopes[n-rank]
	}
	return r, nil
}
