package series

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// crowGardner says whether n is in the set of counts that Crow and Gardner
// give to a Poisson mean: of the shortest runs of counts that have 95 % of the
// probability, the one furthest right.
func crowGardner(n int, mean float64) bool {
	upTo := []float64{0} // probability of fewer than i
	p := math.Exp(-mean)
	for i := range 80 {
		upTo = append(upTo, upTo[i]+p)
		p *= mean / float64(i+1)
	}
	for length := 1; ; length++ {
		for first := 60; first >= 0; first-- {
			if first+length < len(upTo) && upTo[first+length]-upTo[first] >= 0.95 {
				return n >= first && n < first+length
			}
		}
	}
}

// The table is printed to three digits; the limit is where n drops out.
func TestRKILimitsAreCrowAndGardners(t *testing.T) {
	t.Parallel()
	for n, limit := range rkiLimit {
		if !crowGardner(n, limit-0.001) {
			t.Errorf("%d is no longer possible at %.4f, the limit should be less than %v", n, limit-0.001, limit)
		}
		for _, above := range []float64{0.001, 0.01, 0.1, 0.5, 1, 3} {
			if crowGardner(n, limit+above) {
				t.Errorf("%d is still possible at %.4f, the limit should be more than %v", n, limit+above, limit)
			}
		}
	}
}

func TestRKIByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		counts          []float64 // the last is evaluated
		expected, upper float64
	}{
		{[]float64{0, 0, 9}, 0, 3.285},
		{[]float64{0, 1, 9}, 0.5, 3.285},
		{[]float64{1, 1, 9}, 1, 5.323},
		{[]float64{1, 2, 9}, 1.5, 5.323}, // the mean is rounded down
		{[]float64{19, 20, 9}, 19.5, 28.966},
		{[]float64{20, 20, 9}, 20, 30.017}, // 20 is still in the table
		{[]float64{20, 20, 20, 20, 20, 21, 9}, 20 + 1./6, 20 + 1./6 + 2*math.Sqrt(1./6)},
		{[]float64{100, 104, 105}, 102, 102 + 2*math.Sqrt(8)},
	} {
		n := len(c.counts) - 1
		k := RKI{HalfWidth: n, ThisYear: true}
		v := detectAll(t, k, &Series{Counts: c.counts, Freq: 52}, n, n+1)[0]
		if off(v.Expected, c.expected) > 1e-14 || off(v.Upper, c.upper) > 1e-14 || (v.Outcome == Alarm) != (c.counts[n] > c.upper) {
			t.Errorf("%v: got %+v, want expected %v, upper %v", c.counts, v, c.expected, c.upper)
		}
	}
	one := detectAll(t, RKI{HalfWidth: 1, ThisYear: true}, &Series{Counts: []float64{30, 90}, Freq: 52}, 1, 2)[0]
	if one.Outcome != NotAssessed || one.Note != noteOneValue {
		t.Errorf("one value above 20: got %+v", one)
	}
}

func TestRKIAgainstItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := RKI{Years: rapid.IntRange(0, 2).Draw(t, "b"), HalfWidth: rapid.IntRange(1, 5).Draw(t, "w")}
		k.ThisYear = k.Years == 0 || rapid.Bool().Draw(t, "actY")
		s := drawWeekly(t, 10, 60)
		s.Freq = 12
		for i, v := range detectAll(t, k, s, 0, s.Len()) {
			values, ok := refWindow(s.Counts, i, s.Freq, k.Years, k.HalfWidth, k.ThisYear)
			sum, squares, n := 0.0, 0.0, float64(len(values))
			for _, x := range values {
				sum += x
				squares += x * x
			}
			if !ok || math.IsNaN(sum) || sum/n > 20 && n < 2 {
				if v.Outcome != NotAssessed || !math.IsNaN(v.Upper) {
					t.Fatalf("%+v: period %d cannot be assessed, and got %+v", k, i, v)
				}
				continue
			}
			want := sum/n + 2*math.Sqrt(math.Max(0, squares-sum*sum/n)/(n-1))
			if sum <= 20*n {
				want = rkiLimit[int(sum)/int(n)]
			}
			if off(v.Upper, want) > 1e-12 || (v.Outcome == Alarm) != (s.Counts[i] > v.Upper) {
				t.Fatalf("%+v: period %d of %v: got %+v, want upper %v", k, i, s.Counts, v, want)
			}
		}
	})
}
