package series

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Around 4 with standard deviation 2: the mean and spread of 2, 4, 6.
func TestEARSByHand(t *testing.T) {
	t.Parallel()
	// z is 3 in the CDC's form, so that all bounds are whole numbers.
	for _, c := range []struct {
		method   string
		counts   []float64 // the last one is evaluated
		expected float64
		upper    float64
		score    float64
		want     Outcome
	}{
		{"C1", []float64{2, 4, 6, 10}, 4, 10, 1, Quiet}, // S is 2, not above it
		{"C1", []float64{2, 4, 6, 11}, 4, 10, 7. / 6, Alarm},
		{"C1", []float64{99, 2, 4, 6, 11}, 4, 10, 7. / 6, Alarm}, // what is older does not count
		{"C2", []float64{2, 4, 6, 50, 60, 10}, 4, 10, 1, Quiet},
		{"C2", []float64{2, 4, 6, 50, 60, 11}, 4, 10, 7. / 6, Alarm},
		{"C1", []float64{2, 2, 2, 1}, 2, 2, math.NaN(), Quiet},
		{"C1", []float64{2, 2, 2, 3}, 2, 2, math.NaN(), Alarm},
		{"C1", []float64{2, 2, 2, 2}, 2, 2, math.NaN(), NotAssessed}, // 0/0
		// The windows of C3's three periods are 6 2 4, 2 4 6 and 4 6 8, of means 4,
		// 4 and 6: S is (count-6)/2 twice, then (count-8)/2.
		{"C3", []float64{6, 2, 4, 6, 8, 8, 9, 7}, 6, 7, 1.25, Alarm},  // 1 + 1.5 + 0
		{"C3", []float64{6, 2, 4, 6, 8, 7, 8, 9}, 6, 9, 1, Quiet},     // 0.5 + 1 + 0.5
		{"C3", []float64{6, 2, 4, 6, 8, 7, 8, 10}, 6, 9, 1.25, Alarm}, // 0.5 + 1 + 1
		{"C3", []float64{6, 2, 4, 6, 8, 12, 8, 10}, 6, 10, 1, Quiet},  // 3 is above 2 and left out: 1 + 1
		{"C3", []float64{6, 2, 4, 6, 8, 10, 6, 8}, 6, 8, 1, Quiet},    // 2 is not above 2: 2 + 0 + 0
		{"C3", []float64{6, 2, 4, 6, 8, 10, 6, 9}, 6, 8, 1.25, Alarm}, // 2 + 0 + 0.5
	} {
		e := EARS{Method: c.method, Baseline: 3, Compat: "cdc"}
		s := &Series{Counts: c.counts, Freq: 52}
		last := len(c.counts) - 1
		got, err := e.Detect(s, last, last+1)
		if err != nil {
			t.Fatal(err)
		}
		if v := got[0]; off(v.Expected, c.expected) > 1e-14 || off(v.Upper, c.upper) > 1e-14 || off(v.Score, c.score) > 1e-14 ||
			v.Outcome != c.want || v.Index != last || v.Observed != c.counts[last] {
			t.Errorf("%s of %v: got %+v, want expected %v, upper %v, score %v, %v",
				c.method, c.counts, v, c.expected, c.upper, c.score, c.want)
		}
	}
}

// refEARS is the definition in plain words: z-scores of whole windows. It gives
// by how much the statistic is above its limit.
func refEARS(counts []float64, t int, e EARS, z float64) (above float64, known bool) {
	score := func(i, lag int) (float64, bool) {
		if i-lag-e.Baseline < 0 || IsMissing(counts[i]) {
			return 0, false
		}
		var n, sum float64
		for j := i - lag - e.Baseline; j < i-lag; j++ {
			sum += counts[j]
			n++
		}
		mean := sum / n
		var squares float64
		for j := i - lag - e.Baseline; j < i-lag; j++ {
			squares += math.Pow(counts[j]-mean, 2)
		}
		sigma := math.Max(math.Sqrt(squares/(n-1)), e.MinSigma)
		return (counts[i] - mean) / sigma, !math.IsNaN((counts[i] - mean) / sigma)
	}
	if e.Method != "C3" {
		lag := map[string]int{"C1": 0, "C2": 2}[e.Method]
		c, ok := score(t, lag)
		return c - z, ok
	}
	sum := 0.0
	for i := t; i > t-3; i-- {
		c, ok := score(i, 2)
		if !ok {
			return 0, false
		}
		if e.Compat == "cdc" {
			z = 2
			if c-1 > 2 && i < t {
				continue
			}
		}
		sum += math.Max(0, c-1)
	}
	return sum - z, true
}

func TestEARSAgainstItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := EARS{
			Method:   rapid.SampledFrom([]string{"C1", "C2", "C3"}).Draw(t, "method"),
			Baseline: rapid.SampledFrom([]int{4, 7, 8}).Draw(t, "baseline"),
			MinSigma: rapid.SampledFrom([]float64{0, 0.5, 3}).Draw(t, "minSigma"),
			Alpha:    rapid.SampledFrom([]float64{0.001, 0.025, 0.2}).Draw(t, "alpha"),
			Compat:   rapid.SampledFrom([]string{"", "cdc"}).Draw(t, "compat"),
		}
		s := drawWeekly(t, 12, 40)
		z := qnorm(1 - e.Alpha)
		if e.Compat == "cdc" {
			z = 3
		}
		got, err := e.Detect(s, 0, s.Len())
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			above, known := refEARS(s.Counts, i, e, z)
			tie := math.Abs(above) < 1e-12 // decided by the last digit
			if known != (v.Outcome != NotAssessed) || known && !tie && above > 0 != (v.Outcome == Alarm) {
				t.Fatalf("%+v, period %d of %v: got %+v, want known %v, above the limit by %v", e, i, s.Counts, v, known, above)
			}
		}
	})
}

// The package's C3 does not look at the count: R's fault, kept for comparison.
func TestEARSPackageC3IgnoresTheCount(t *testing.T) {
	t.Parallel()
	quiet := []float64{3, 5, 4, 6, 3, 5, 4, 4, 5, 3, 4, 6}
	for _, last := range []float64{0, 1, 10, 1000} {
		counts := append(append([]float64{}, quiet...), last)
		s := &Series{Counts: counts, Freq: 52}
		for _, c := range []struct {
			compat string
			want   bool
		}{{"r", false}, {"", last > 10}, {"cdc", last > 10}} {
			e := EARS{Method: "C3", Baseline: 7, Compat: c.compat}
			got, err := e.Detect(s, len(quiet), len(counts))
			if err != nil {
				t.Fatal(err)
			}
			if alarm := got[0].Outcome == Alarm; last != 10 && alarm != c.want {
				t.Errorf("compat %q with %v at the end: alarm %v, want %v (%+v)", c.compat, last, alarm, c.want, got[0])
			}
		}
	}
}

// C3 knows the two periods before its range, wherever that starts.
func TestEARSC3FromAnywhere(t *testing.T) {
	t.Parallel()
	s := wavySeries(120)
	for _, compat := range []string{"", "r", "cdc"} {
		e := EARS{Method: "C3", Baseline: 4, Compat: compat}
		whole := detectAll(t, e, s, 0, s.Len())
		for from := range s.Len() {
			for _, v := range detectAll(t, e, s, from, s.Len()) {
				if !sameEvaluation(v, whole[v.Index]) {
					t.Fatalf("compat %q from %d: got %+v, from 0 %+v", compat, from, v, whole[v.Index])
				}
			}
		}
	}
}

func TestEARSDefaultAlpha(t *testing.T) {
	t.Parallel()
	s := wavySeries(60)
	for method, alpha := range map[string]float64{"C1": 0.001, "C2": 0.001, "C3": 0.025} {
		none, given := NewEARS(), NewEARS()
		none.Method, given.Method, given.Alpha = method, method, alpha
		a, b := detectAll(t, none, s, 20, 60), detectAll(t, given, s, 20, 60)
		for i := range a {
			if !sameEvaluation(a[i], b[i]) {
				t.Errorf("%s without alpha: got %+v, with %v %+v", method, a[i], alpha, b[i])
			}
		}
	}
}

func TestEARSNotes(t *testing.T) {
	t.Parallel()
	na := Missing
	for _, c := range []struct {
		method string
		counts []float64
		upper  bool // whether there is a bound all the same
		note   string
	}{
		{"C1", []float64{2, 4}, false, noteShort},
		{"C1", []float64{2, 4, 6}, false, noteShort},
		{"C2", []float64{2, 4, 6, 5, 5}, false, noteShort},
		{"C3", []float64{2, 4, 6, 5, 5, 5, 5}, false, noteShort},
		{"C1", []float64{2, na, 6, 5}, false, noteWindow},
		{"C1", []float64{2, 4, 6, na}, true, noteCount},
		{"C2", []float64{2, 4, 6, na, na, 5}, true, ""},
		{"C3", []float64{2, 4, 6, 2, 4, na, 5, 5}, true, noteWindow},
		{"C3", []float64{na, 4, 6, 2, 4, 5, 5, 5}, true, noteWindow},
		{"C3", []float64{2, 4, 6, 2, 4, 5, 5, na}, true, noteCount},
		{"C1", []float64{3, 3, 3, 3}, true, noteNoSpread},
		{"C3", []float64{3, 3, 3, 3, 5, 3, 3, 3}, true, noteNoSpread},
		{"C1", []float64{math.MaxFloat64, 0, math.MaxFloat64, 1}, false, noteHuge},
		{"C3", []float64{0, 0, math.MaxFloat64, 0, 0, 0, 0, 1}, false, noteHuge},
	} {
		e := NewEARS()
		e.Method, e.Baseline = c.method, 3
		last := len(c.counts) - 1
		got, err := e.Detect(&Series{Counts: c.counts, Freq: 52}, last, last+1)
		if err != nil {
			t.Fatal(err)
		}
		v := got[0]
		if (v.Outcome == NotAssessed) != (c.note != "") || v.Note != c.note {
			t.Errorf("%s of %v: got %+v, want note %q", c.method, c.counts, v, c.note)
		}
		if v.Outcome == NotAssessed && (!math.IsNaN(v.Score) || !c.upper && !math.IsNaN(v.Upper)) {
			t.Errorf("%s of %v is not assessed, but has score %v and upper %v", c.method, c.counts, v.Score, v.Upper)
		}
	}
}

func TestMeanSDOfConstantsIsExact(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{0, 0.1, 1.0 / 3, 7, 1e15 + 1, 12345.678} {
		for _, n := range []int{3, 7, 28} {
			values := make([]float64, n)
			for i := range values {
				values[i] = v
			}
			if mean, sd := meanSD(values); mean != v || sd != 0 {
				t.Errorf("%d times %v: got mean %v and spread %v", n, v, mean, sd)
			}
		}
	}
	// Far from zero nothing cancels.
	if mean, sd := meanSD([]float64{1e15 + 2, 1e15 + 4, 1e15 + 6}); mean != 1e15+4 || sd != 2 {
		t.Errorf("got mean %v and spread %v, want 1e15+4 and 2", mean, sd)
	}
}

func TestEARSRefuses(t *testing.T) {
	t.Parallel()
	for _, e := range []EARS{
		{Method: "C4", Baseline: 7},
		{Method: "C1", Baseline: 2},
		{Method: "C1", Baseline: -7},
		{Method: "C1", Baseline: 7, MinSigma: -1},
		{Method: "C1", Baseline: 7, MinSigma: math.NaN()},
		{Method: "C1", Baseline: 7, MinSigma: math.Inf(1)},
		{Method: "C1", Baseline: 7, Alpha: 1},
		{Method: "C1", Baseline: 7, Alpha: -0.1},
		{Method: "C1", Baseline: 7, Compat: "s"},
	} {
		if got, err := e.Detect(&Series{Counts: make([]float64, 20), Freq: 52}, 10, 20); err == nil {
			t.Errorf("%+v: got %v, want an error", e, got)
		}
	}
}

func ExampleEARS() {
	s := &Series{Counts: []float64{4, 6, 5, 3, 5, 4, 6, 5, 14, Missing}, Freq: 52, Start: [2]int{2026, 1}}
	found, err := NewEARS().Detect(s, 7, s.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range found {
		fmt.Printf("week %d: %v, expected %.1f, bound %.1f: %v\n", v.Index+1, v.Observed, v.Expected, v.Upper, v.Outcome)
		if v.Note != "" {
			fmt.Println("  because", v.Note)
		}
	}
	// Output:
	// week 8: 5, expected 4.7, bound 8.2: quiet
	// week 9: 14, expected 4.9, bound 8.2: alarm
	// week 10: NaN, expected 6.0, bound 17.3: not assessed
	//   because the count is missing
}
