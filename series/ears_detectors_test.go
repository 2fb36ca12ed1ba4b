package series

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// drawWeekly draws a weekly series of small counts with gaps and level runs.
func drawWeekly(t *rapid.T, shortest, longest int) *Series {
	n := rapid.IntRange(shortest, longest).Draw(t, "periods")
	high := rapid.SampledFrom([]int{1, 4, 16, 60}).Draw(t, "high")
	gaps := rapid.SampledFrom([]int{0, 0, 4, 30}).Draw(t, "gaps per hundred")
	s := &Series{Freq: 52, Start: [2]int{2020, 1}, Counts: make([]float64, n)}
	for i := range s.Counts {
		s.Counts[i] = float64(rapid.IntRange(0, high).Draw(t, "count"))
		if rapid.IntRange(0, 99).Draw(t, "there") < gaps {
			s.Counts[i] = Missing
		}
	}
	return s
}

// drawDetector draws one of the detectors of this group with parameters that
// make sense for a short weekly series.
func drawDetector(t *rapid.T) Detector {
	name := rapid.SampledFrom([]string{"ears", "bayes", "rki", "cusum", "glr", "outbreakP", "cdc"}).Draw(t, "detector")
	return drawDetectorOf(t, name)
}

func drawDetectorOf(t *rapid.T, name string) Detector {
	reference := func() (years, halfWidth int, thisYear bool) {
		years = rapid.IntRange(0, 2).Draw(t, "b")
		halfWidth = rapid.IntRange(1, 7).Draw(t, "w")
		return years, halfWidth, years == 0 || rapid.Bool().Draw(t, "actY")
	}
	level := func() Level {
		return rapid.SampledFrom([]Level{
			{}, {Model: "mean"}, {Model: "present"}, {Model: "glm", Harmonics: 1},
			{Values: []float64{5}}, {Values: []float64{0.4}},
		}).Draw(t, "level")
	}
	switch name {
	case "ears":
		return EARS{
			Method:   rapid.SampledFrom([]string{"C1", "C2", "C3"}).Draw(t, "method"),
			Baseline: rapid.IntRange(3, 9).Draw(t, "baseline"),
			MinSigma: rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "minSigma"),
			Compat:   rapid.SampledFrom([]string{"", "r", "cdc"}).Draw(t, "compat"),
		}
	case "bayes":
		b := Bayes{Alpha: rapid.SampledFrom([]float64{0.05, 0.01}).Draw(t, "alpha")}
		b.Years, b.HalfWidth, b.ThisYear = reference()
		return b
	case "rki":
		var k RKI
		k.Years, k.HalfWidth, k.ThisYear = reference()
		return k
	case "cusum":
		c := NewCUSUM()
		c.Trans = rapid.SampledFrom([]string{TransStandard, TransRossi, TransAnscombe, TransAnscombe2nd,
			TransPearsonNegBin, TransNone}).Draw(t, "trans")
		c.M = level()
		c.Reset = rapid.Bool().Draw(t, "reset")
		c.Compat = rapid.SampledFrom([]string{"", "documented"}).Draw(t, "compat")
		return c
	case "glr":
		g := NewGLRPoisson()
		g.Mu0 = level()
		*g.Alpha = rapid.SampledFrom([]float64{0, 0, 0.1, 1.5}).Draw(t, "alpha")
		g.M = rapid.SampledFrom([]int{-1, 2, 5}).Draw(t, "M")
		g.Mtilde = rapid.IntRange(1, 2).Draw(t, "Mtilde")
		g.Limit = rapid.SampledFrom([]float64{1, 5}).Draw(t, "limit")
		g.Theta = rapid.SampledFrom([]float64{0, 0, 0.4}).Draw(t, "theta")
		g.Ret = rapid.SampledFrom([]string{"cases", "value"}).Draw(t, "ret")
		g.Compat = rapid.SampledFrom([]string{"", "documented"}).Draw(t, "compat")
		if g.Mu0.Model == "glm" {
			g.Mu0.Refit = rapid.Bool().Draw(t, "refit")
		}
		return g
	case "outbreakP":
		o := NewOutbreakP()
		o.K = rapid.SampledFrom([]float64{5, 100}).Draw(t, "k")
		o.Ret = rapid.SampledFrom([]string{"cases", "value"}).Draw(t, "ret")
		return o
	}
	return CDC{
		Years:  rapid.IntRange(1, 2).Draw(t, "b"),
		Months: rapid.IntRange(1, 2).Draw(t, "m"),
		Alpha:  0.025,
	}
}

func detectAll(t interface {
	Helper()
	Fatalf(string, ...any)
}, d Detector, s *Series, from, to int) []Evaluation {
	t.Helper()
	got, err := d.Detect(s, from, to)
	if err != nil {
		t.Fatalf("%#v: %v", d, err)
	}
	if len(got) != to-from {
		t.Fatalf("%#v: %d evaluations of %d periods", d, len(got), to-from)
	}
	return got
}

// sameEvaluation says whether two evaluations are the same, NaN being itself.
func sameEvaluation(a, b Evaluation) bool {
	return fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b)
}

func TestTheFutureChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, s := drawDetector(t), drawWeekly(t, 110, 180)
		from := rapid.IntRange(60, 100).Draw(t, "from")
		now := rapid.IntRange(from, s.Len()-1).Draw(t, "now")
		before := detectAll(t, d, s, from, now+1)
		other := &Series{Counts: slices.Clone(s.Counts), Freq: s.Freq, Start: s.Start}
		for i := now + 1; i < s.Len(); i++ {
			other.Counts[i] = rapid.SampledFrom([]float64{0, 1, 1000, Missing}).Draw(t, "future")
		}
		after := detectAll(t, d, other, from, s.Len())
		for i, v := range before {
			if !sameEvaluation(v, after[i]) {
				t.Fatalf("%#v: period %d is %+v, with another future after %d %+v", d, v.Index, v, now, after[i])
			}
		}
	})
}

func TestMoreCasesNeverTurnAnAlarmOff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, s := drawDetector(t), drawWeekly(t, 110, 180)
		from := rapid.IntRange(60, 100).Draw(t, "from")
		now := rapid.IntRange(from, s.Len()-1).Draw(t, "now")
		before := detectAll(t, d, s, from, now+1)[now-from]
		s.Counts[now] += float64(rapid.SampledFrom([]int{1, 2, 10, 1000}).Draw(t, "more"))
		after := detectAll(t, d, s, from, now+1)[now-from]
		if before.Outcome == Alarm && after.Outcome != Alarm {
			t.Fatalf("%#v: %+v, and with more cases %+v", d, before, after)
		}
		if after.Score < before.Score-1e-9 {
			t.Fatalf("%#v: score %v falls to %v with more cases", d, before.Score, after.Score)
		}
	})
}

func TestAMissingCountIsNotAssessed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, s := drawDetector(t), drawWeekly(t, 110, 180)
		from := rapid.IntRange(0, 100).Draw(t, "from")
		for _, v := range detectAll(t, d, s, from, s.Len()) {
			missing := IsMissing(s.Counts[v.Index])
			switch {
			case missing && v.Outcome != NotAssessed:
				t.Fatalf("%#v: the missing period %d is %+v", d, v.Index, v)
			case v.Outcome == NotAssessed && (v.Note == "" || !math.IsNaN(v.Score)):
				t.Fatalf("%#v: period %d is not assessed without a reason, or with a score: %+v", d, v.Index, v)
			case v.Outcome != NotAssessed && math.IsNaN(v.Upper) && v.Note == "":
				t.Fatalf("%#v: period %d has no bound and no note: %+v", d, v.Index, v)
			case v.Outcome != NotAssessed && math.IsNaN(v.Observed):
				t.Fatalf("%#v: period %d is judged without a count: %+v", d, v.Index, v)
			}
		}
	})
}

// A value of the window missing, and there is no answer: for the methods that
// look at whole windows.
func TestAMissingValueInTheWindowIsNotAssessed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"ears", "rki", "cdc"}).Draw(t, "name")
		d := drawDetectorOf(t, name)
		s := drawWeekly(t, 170, 180)
		for i, c := range s.Counts {
			if IsMissing(c) {
				s.Counts[i] = 3
			}
		}
		now := s.Len() - 1
		var window []int // periods before now
		reference := func(years, halfWidth int, thisYear bool) {
			for back := 1; thisYear && back <= halfWidth; back++ {
				window = append(window, back)
			}
			for year := 1; year <= years; year++ {
				for side := -halfWidth; side <= halfWidth; side++ {
					window = append(window, 52*year+side)
				}
			}
		}
		switch d := d.(type) {
		case EARS:
			first, last := 1, d.Baseline
			if d.Method != "C1" {
				first, last = first+2, last+2
			}
			if d.Method == "C3" {
				first, last = 1, last+2
			}
			for back := first; back <= last; back++ {
				window = append(window, back)
			}
		case RKI:
			reference(d.Years, d.HalfWidth, d.ThisYear)
		case CDC:
			for back := 1; back <= 3; back++ {
				window = append(window, back)
			}
			for year := 1; year <= d.Years; year++ {
				for back := -4 * d.Months; back <= 4*d.Months+3; back++ {
					window = append(window, 52*year+back)
				}
			}
		}
		complete := detectAll(t, d, s, now, now+1)[0]
		in := rapid.SampledFrom(window).Draw(t, "in the window")
		all := slices.Clone(s.Counts)
		s.Counts[now-in] = Missing
		if v := detectAll(t, d, s, now, now+1)[0]; v.Outcome != NotAssessed || v.Note == "" {
			t.Fatalf("%#v: %d periods before is missing, and got %+v", d, in, v)
		}
		// And one outside changes nothing.
		out := rapid.IntRange(1, now).Filter(func(back int) bool { return !slices.Contains(window, back) }).Draw(t, "outside")
		copy(s.Counts, all)
		s.Counts[now-out] = Missing
		if v := detectAll(t, d, s, now, now+1)[0]; !sameEvaluation(v, complete) {
			t.Fatalf("%#v: %d periods before is missing, outside the window, and %+v became %+v", d, out, complete, v)
		}
	})
}

// Twice the counts, twice the bound, the same alarms: to the last bit.
func TestTwiceTheCountsTwiceTheBound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"ears", "cdc", "rki"}).Draw(t, "name")
		d, s := drawDetectorOf(t, name), drawWeekly(t, 130, 180)
		twice := &Series{Counts: make([]float64, s.Len()), Freq: s.Freq}
		for i := range s.Counts {
			if name == "rki" { // only above a mean of 20 the rule is free of the unit
				s.Counts[i] += 21
			}
			twice.Counts[i] = 2 * s.Counts[i]
		}
		two := d
		if e, ok := d.(EARS); ok {
			e.MinSigma *= 2
			two = e
		}
		a, b := detectAll(t, d, s, 60, s.Len()), detectAll(t, two, twice, 60, s.Len())
		for i, v := range a {
			v.Observed, v.Expected, v.Upper = 2*v.Observed, 2*v.Expected, 2*v.Upper
			if !sameEvaluation(v, b[i]) {
				t.Fatalf("%#v: twice the counts should give %+v, got %+v", d, v, b[i])
			}
		}
	})
}

// The methods without a memory say the same of a period alone and in a range.
func TestNoMemoryBetweenPeriods(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"ears", "bayes", "rki", "outbreakP", "cdc"}).Draw(t, "name")
		d, s := drawDetectorOf(t, name), drawWeekly(t, 1, 180)
		from := rapid.IntRange(0, s.Len()).Draw(t, "from")
		for _, v := range detectAll(t, d, s, from, s.Len()) {
			if alone := detectAll(t, d, s, v.Index, v.Index+1)[0]; !sameEvaluation(v, alone) {
				t.Fatalf("%#v: period %d is %+v in the range, %+v alone", d, v.Index, v, alone)
			}
		}
	})
}

// Whatever the counts and parameters are, there is an answer or an error.
func TestAnyInputIsAnswered(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SampledFrom([]float64{0, 0, 1, 3, 0.1, 1e9, 1e15, 1e17, 1e200, math.MaxFloat64, 5e-324, Missing})
		any64 := rapid.SampledFrom([]float64{0, 1, -1, 0.05, 5e-324, 1e-300, 1e5, 1e300, math.Inf(1), math.Inf(-1), math.NaN()})
		count := rapid.SampledFrom([]int{-1, 0, 1, 2, 3, 51, 52, 1 << 31, math.MaxInt, math.MinInt})
		s := &Series{Counts: rapid.SliceOfN(value, 0, 80).Draw(t, "counts"), Freq: rapid.SampledFrom([]int{1, 2, 4, 12, 52, 365}).Draw(t, "freq")}
		level := Level{
			Model:     rapid.SampledFrom([]string{"", "mean", "present", "glm"}).Draw(t, "model"),
			Harmonics: rapid.SampledFrom([]int{-1, 0, 1, 3, math.MaxInt}).Draw(t, "harmonics"),
			Trend:     rapid.Bool().Draw(t, "trend"), Refit: rapid.Bool().Draw(t, "refit"),
		}
		if level.Model == "" && rapid.Bool().Draw(t, "given") {
			level.Values = []float64{any64.Draw(t, "level")}
		}
		var alpha *float64
		if rapid.Bool().Draw(t, "alpha given") {
			a := any64.Draw(t, "alpha")
			alpha = &a
		}
		word := rapid.SampledFrom([]string{"C1", "C2", "C3", "", "r", "cdc", "documented", "rossi", "none", "standard",
			"anscombe", "anscombe2nd", "pearsonNegBin", "cases", "value", "intercept", "inc", "dec"})
		for _, d := range []Detector{
			EARS{word.Draw(t, "method"), count.Draw(t, "baseline"), any64.Draw(t, "minSigma"), any64.Draw(t, "a"), word.Draw(t, "compat")},
			Bayes{count.Draw(t, "b"), count.Draw(t, "w"), rapid.Bool().Draw(t, "actY"), any64.Draw(t, "a")},
			Bayes{1, 2, true, rapid.SampledFrom([]float64{1e-300, 1e-12, 1e-9, 0.05, 0.999}).Draw(t, "a")},
			RKI{count.Draw(t, "b"), count.Draw(t, "w"), rapid.Bool().Draw(t, "actY")},
			CUSUM{any64.Draw(t, "k"), any64.Draw(t, "h"), level, word.Draw(t, "trans"), any64.Draw(t, "a"), rapid.Bool().Draw(t, "reset"), word.Draw(t, "compat")},
			CUSUM{1, 2, level, word.Draw(t, "trans"), 0.1, rapid.Bool().Draw(t, "reset"), ""},
			GLR{level, alpha, any64.Draw(t, "limit"), count.Draw(t, "M"), count.Draw(t, "Mtilde"), "intercept", any64.Draw(t, "theta"), word.Draw(t, "dir"), word.Draw(t, "ret"), word.Draw(t, "compat")},
			GLR{level, alpha, any64.Draw(t, "limit"), -1, 1, "intercept", rapid.SampledFrom([]float64{0, 0, 0.4, 20}).Draw(t, "theta"), "inc", rapid.SampledFrom([]string{"cases", "value"}).Draw(t, "ret"), ""},
			GLR{level, alpha, 5, -1, 1, "intercept", 0, "dec", rapid.SampledFrom([]string{"cases", "value"}).Draw(t, "ret"), ""},
			OutbreakP{any64.Draw(t, "k"), word.Draw(t, "ret"), any64.Draw(t, "most")},
			OutbreakP{100, "cases", 1e5},
			CDC{count.Draw(t, "b"), count.Draw(t, "m"), any64.Draw(t, "a")},
		} {
			before := slices.Clone(s.Counts)
			got, err := d.Detect(s, 0, s.Len())
			if err != nil {
				continue
			}
			for i, v := range got {
				if v.Index != i || v.Outcome != NotAssessed && (math.IsNaN(v.Observed) || math.IsInf(v.Expected, 0)) {
					t.Fatalf("%#v on %v: period %d is %+v", d, s.Counts, i, v)
				}
			}
			if !slices.EqualFunc(before, s.Counts, func(a, b float64) bool { return a == b || a != a && b != b }) {
				t.Fatalf("%#v changed the counts", d)
			}
		}
	})
}

// One detector may be used by many at once, and gives all the same.
func TestDetectorsAreSafeTogether(t *testing.T) {
	t.Parallel()
	s := wavySeries(200)
	glr := NewGLRNegBin()
	for _, d := range []Detector{NewEARS(), NewBayes(), NewRKI(), NewCUSUM(), NewGLRPoisson(), glr, NewOutbreakP(), CDC{2, 1, 0.025}} {
		want := detectAll(t, d, s, 120, 200)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if got, err := d.Detect(s, 120, 200); err != nil || !reflect.DeepEqual(fmt.Sprint(got), fmt.Sprint(want)) {
					t.Errorf("%#v: differs when used together (%v)", d, err)
				}
			})
		}
		wait.Wait()
	}
}
