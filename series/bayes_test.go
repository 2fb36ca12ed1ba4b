package series

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// refWindow is the reference of period t, index by index.
func refWindow(counts []float64, t, freq, b, w int, actY bool) (values []float64, ok bool) {
	if t-b*freq-w < 0 {
		return nil, false
	}
	for i := range counts {
		in := actY && i >= t-w && i < t
		for year := 1; year <= b; year++ {
			in = in || i >= t-year*freq-w && i <= t-year*freq+w
		}
		if in {
			values = append(values, counts[i])
		}
	}
	return values, true
}

// refNegBin is the least k with P(X <= k) >= p, by adding up probabilities.
func refNegBin(p, size, prob float64) float64 {
	mass := math.Pow(prob, size)
	cumulated := mass
	k := 0.0
	for ; cumulated < p; k++ {
		mass *= (k + size) / (k + 1) * (1 - prob)
		cumulated += mass
	}
	return k
}

func TestBayesAgainstItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := Bayes{
			Years:     rapid.IntRange(0, 2).Draw(t, "b"),
			HalfWidth: rapid.IntRange(1, 5).Draw(t, "w"),
			Alpha:     rapid.SampledFrom([]float64{0.3, 0.05, 0.013}).Draw(t, "alpha"),
		}
		b.ThisYear = b.Years == 0 || rapid.Bool().Draw(t, "actY")
		s := drawWeekly(t, 10, 60)
		s.Freq = 12
		for i, v := range detectAll(t, b, s, 0, s.Len()) {
			values, ok := refWindow(s.Counts, i, s.Freq, b.Years, b.HalfWidth, b.ThisYear)
			sum, n := 0.0, 0.0
			for _, x := range values {
				if !IsMissing(x) {
					sum, n = sum+x, n+1
				}
			}
			if !ok || n == 0 {
				if v.Outcome != NotAssessed || !math.IsNaN(v.Upper) {
					t.Fatalf("%+v: period %d has no reference, and got %+v", b, i, v)
				}
				continue
			}
			want := refNegBin(1-b.Alpha, sum+0.5, n/(n+1))
			if v.Upper != want || off(v.Expected, (sum+0.5)/n) > 1e-14 {
				t.Fatalf("%+v: period %d of %v: got %+v, want upper %v, expected %v", b, i, s.Counts, v, want, (sum+0.5)/n)
			}
			switch {
			case IsMissing(s.Counts[i]):
				if v.Outcome != NotAssessed || v.Note != noteCount {
					t.Fatalf("the missing period %d is %+v", i, v)
				}
			case (v.Outcome == Alarm) != (s.Counts[i] > want), (v.Note == noteSomeMissing) != (n < float64(len(values))):
				t.Fatalf("%+v: period %d of %v is %+v, want bound %v and %v of %d values there",
					b, i, s.Counts, v, want, n, len(values))
			}
		}
	})
}

// With one value 0 the predictive distribution has size 1/2 and probability
// 1/2: P(0) = 0.707, P(1) = 0.177, P(2) = 0.066, P(3) = 0.028.
func TestBayesByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ alpha, upper float64 }{{0.3, 0}, {0.29, 1}, {0.12, 1}, {0.11, 2}, {0.05, 2}, {0.049, 3}} {
		b := Bayes{HalfWidth: 1, ThisYear: true, Alpha: c.alpha}
		v := detectAll(t, b, &Series{Counts: []float64{0, 2}, Freq: 52}, 1, 2)[0]
		if v.Upper != c.upper || v.Expected != 0.5 || (v.Outcome == Alarm) != (2 > c.upper) {
			t.Errorf("alpha %v: got %+v, want upper %v", c.alpha, v, c.upper)
		}
	}
}

func TestReferenceRefuses(t *testing.T) {
	t.Parallel()
	s := &Series{Counts: make([]float64, 200), Freq: 52}
	for _, r := range []reference{
		{years: -1, halfWidth: 3},
		{years: 1, halfWidth: -3},
		{years: 0, halfWidth: 3},                 // nothing to compare with
		{years: 0, halfWidth: 0, thisYear: true}, // nothing either
		{years: 1, halfWidth: 52},                // would look at the count itself
	} {
		if got, err := (Bayes{r.years, r.halfWidth, r.thisYear, 0.05}).Detect(s, 150, 200); err == nil {
			t.Errorf("Bayes with %+v: got %v, want an error", r, got)
		}
		if got, err := (RKI{r.years, r.halfWidth, r.thisYear}).Detect(s, 150, 200); err == nil {
			t.Errorf("RKI with %+v: got %v, want an error", r, got)
		}
	}
	for _, alpha := range []float64{0, 1, -1, 1e-300, math.NaN()} {
		if got, err := (Bayes{0, 6, true, alpha}).Detect(s, 150, 200); err == nil {
			t.Errorf("alpha %v: got %v, want an error", alpha, got)
		}
	}
}
