package series

import (
	"fmt"
	"math"
)

// Scale is what counts are turned into before a method looks at them.
type Scale string

const (
	Unscaled Scale = "none"  // as they are; so is no scale at all
	Log1p    Scale = "log1p" // log(1 + count): what multiplies counts, adds here
)

// maxCount bounds what is taken for a count: above it a float64 skips whole
// numbers, and squares of such values would not add up.
const maxCount = 1e15

// apply puts counts on the scale; missing stays missing.
func (c Scale) apply(counts []float64) ([]float64, error) {
	out := make([]float64, len(counts))
	for i, y := range counts {
		if y > maxCount {
			return nil, fmt.Errorf("series: value %g is above %g, from where counts are no longer exact", y, float64(maxCount))
		}
		switch c {
		case "", Unscaled:
			out[i] = y
		case Log1p:
			out[i] = math.Log1p(y)
		default:
			return nil, fmt.Errorf("series: transform is %q: it is \"none\" or \"log1p\"", string(c))
		}
	}
	return out, nil
}

// checkCompat says whether a method may be asked to be like that.
func checkCompat(method, compat string) error {
	if compat != "" && compat != "documented" && compat != "r" {
		return fmt.Errorf("series: %s: compat is %q: it is \"documented\" or \"r\"", method, compat)
	}
	return nil
}
