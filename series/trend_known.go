package series

import (
	"fmt"
	"math"
)

// known is what is known of a range of periods.
type known struct {
	time        []float64 // place in the range, from 1
	y           []float64 // counts
	exposure    []float64 // none where rates are not asked for
	logExposure []float64
	missing     int // periods left out
}

// A count or an exposure beyond these bounds is none.
const (
	largest       = 1e15
	leastExposure = 1e-15
)

// known gathers the known periods of [from, to). With offset, a period without
// exposure is missing too: where nothing was watched, nothing was counted.
func (s *Series) known(from, to int, offset bool) (known, error) {
	if err := s.checkRange(from, to); err != nil {
		return known{}, err
	}
	if offset && len(s.Population) == 0 {
		return known{}, fmt.Errorf("series: a rate needs the exposure of each period in Population")
	}
	var k known
	for i := from; i < to; i++ {
		c := s.Counts[i]
		if c > largest {
			return known{}, fmt.Errorf("series: count %d is %v, more than %g", i+1, c, largest)
		}
		if IsMissing(c) {
			k.missing++
			continue
		}
		if offset {
			e := s.Population[i]
			if IsMissing(e) || e == 0 {
				k.missing++
				continue
			}
			if err := checkExposure(e); err != nil {
				return known{}, fmt.Errorf("series: period %d: %w", i+1, err)
			}
			k.exposure = append(k.exposure, e)
			k.logExposure = append(k.logExposure, math.Log(e))
		}
		k.time = append(k.time, float64(i-from+1))
		k.y = append(k.y, c)
	}
	return k, nil
}

func checkExposure(e float64) error {
	if !(e >= leastExposure && e <= largest) {
		return fmt.Errorf("an exposure of %v is not from %g to %g", e, leastExposure, largest)
	}
	return nil
}

// rates are the counts, or with offset the counts per exposure.
func (k known) rates() []float64 {
	if k.exposure == nil {
		return k.y
	}
	r := make([]float64, len(k.y))
	for i, y := range k.y {
		r[i] = y / k.exposure[i]
	}
	return r
}
