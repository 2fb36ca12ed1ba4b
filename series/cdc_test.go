package series

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestCDCAgainstItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := CDC{
			Years:  rapid.IntRange(1, 3).Draw(t, "b"),
			Months: rapid.IntRange(0, 6).Draw(t, "m"),
			Alpha:  rapid.SampledFrom([]float64{0.2, 0.025}).Draw(t, "alpha"),
		}
		if c.Years == 1 && c.Months == 0 {
			c.Months = 1
		}
		s := drawWeekly(t, 100, 240)
		for i, v := range detectAll(t, c, s, 0, s.Len()) {
			var sums []float64
			short, gap := false, false
			for year := 1; year <= c.Years; year++ {
				for month := -c.Months; month <= c.Months; month++ {
					sum := 0.0
					for week := range 4 {
						if at := i - 52*year + 4*month - week; at < 0 {
							short = true
						} else {
							sum += s.Counts[at]
						}
					}
					gap = gap || math.IsNaN(sum)
					sums = append(sums, sum)
				}
			}
			if short || gap {
				want := noteWindow
				if short {
					want = noteShort
				}
				if v.Outcome != NotAssessed || v.Note != want || !math.IsNaN(v.Upper) {
					t.Fatalf("%+v: period %d: got %+v, want %q", c, i, v, want)
				}
				continue
			}
			var mean, squares float64
			for _, x := range sums {
				mean += x / float64(len(sums))
			}
			for _, x := range sums {
				squares += (x - mean) * (x - mean)
			}
			n := float64(len(sums))
			upper := mean + math.Sqrt2*math.Erfinv(1-c.Alpha)*math.Sqrt(squares/(n-1))*math.Sqrt(1+1/n)
			now := s.Counts[i] + s.Counts[i-1] + s.Counts[i-2] + s.Counts[i-3]
			if off(v.Upper, upper) > 1e-12 || off(v.Expected, mean) > 1e-12 || off(v.Observed, now) > 0 {
				t.Fatalf("%+v: period %d: got %+v, want expected %v, upper %v, observed %v", c, i, v, mean, upper, now)
			}
			if math.IsNaN(now) != (v.Outcome == NotAssessed) || (v.Outcome == Alarm) != (now > v.Upper) {
				t.Fatalf("%+v: period %d: got %+v", c, i, v)
			}
		}
	})
}

// One year back, a month of four weeks on either side: sums 4, 8 and 12, of
// mean 8 and standard deviation 4.
func TestCDCByHand(t *testing.T) {
	t.Parallel()
	counts := make([]float64, 60)
	now := 59
	for i := range 4 {
		counts[now-52-4-i] = 1
		counts[now-52-i] = 2
		counts[now-52+4-i] = 3
		counts[now-i] = 5
	}
	v := detectAll(t, CDC{1, 1, 0.05}, &Series{Counts: counts, Freq: 52}, now, now+1)[0]
	want := 8 + 1.959963984540054*4*math.Sqrt(4./3)
	if off(v.Upper, want) > 1e-14 || v.Expected != 8 || v.Observed != 20 || v.Outcome != Alarm || v.Note != noteFourWeeks {
		t.Errorf("got %+v, want 20 against 8 and %v", v, want)
	}
}

func TestCDCRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []CDC{{0, 1, 0.025}, {1, 0, 0.025}, {5, 7, 0.025}, {5, -1, 0.025}, {5, 1, 0}, {5, 1, 1}} {
		if got, err := c.Detect(&Series{Counts: make([]float64, 300), Freq: 52}, 299, 300); err == nil {
			t.Errorf("%+v: got %v, want an error", c, got)
		}
	}
	if got, err := NewCDC().Detect(&Series{Counts: make([]float64, 300), Freq: 12}, 299, 300); err == nil {
		t.Errorf("months: got %v, want an error", got)
	}
}
