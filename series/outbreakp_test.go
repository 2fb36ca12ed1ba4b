package series

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// refOutbreakP is the logarithm of the statistic, with the rising means by
// their formula: the largest over a <= j of the least over b >= j of the mean
// of a … b.
func refOutbreakP(counts []float64) float64 {
	var x []float64
	for _, c := range counts {
		if !IsMissing(c) {
			x = append(x, c)
		}
	}
	mean := func(a, b int) float64 {
		var sum float64
		for _, v := range x[a : b+1] {
			sum += v
		}
		return sum / float64(b-a+1)
	}
	var log float64
	all := mean(0, len(x)-1)
	for j, v := range x {
		rising := math.Inf(-1)
		for a := 0; a <= j; a++ {
			least := math.Inf(1)
			for b := j; b < len(x); b++ {
				least = math.Min(least, mean(a, b))
			}
			rising = math.Max(rising, least)
		}
		if v > 0 {
			log += v * math.Log(rising/all)
		}
	}
	return log
}

func TestOutbreakPAgainstItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := OutbreakP{K: rapid.SampledFrom([]float64{1, 3, 100}).Draw(t, "k"), Ret: "value"}
		s := drawWeekly(t, 1, 25)
		for i, v := range detectAll(t, o, s, 0, s.Len()) {
			if IsMissing(s.Counts[i]) {
				continue
			}
			want := refOutbreakP(s.Counts[:i+1])
			if math.Abs(math.Log(v.Upper)-want) > 1e-9 {
				t.Fatalf("period %d of %v: got %+v, want the statistic %v", i, s.Counts, v, math.Exp(want))
			}
			if e := want - math.Log(o.K); math.Abs(e) > 1e-9 && (v.Outcome == Alarm) != (e > 0) {
				t.Fatalf("period %d of %v: got %+v, the statistic is %v", i, s.Counts, v, math.Exp(want))
			}
		}
	})
}

// 1, 2, 3: the rising means are the counts, the constant mean is 2, and the
// statistic is (1/2)·(2/2)²·(3/2)³. 3, 1, 2: the rising means are 2, 2, 2.
func TestOutbreakPByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		counts []float64
		want   float64
	}{
		{[]float64{5}, 1},
		{[]float64{0, 0, 0}, 1},
		{[]float64{1, 2, 3}, 27. / 16},
		{[]float64{3, 1, 2}, 1},
		{[]float64{1, Missing, 2, 3}, 27. / 16},
		{[]float64{0, 4}, 16},
		{[]float64{0, 0, 4, 4}, 256},
	} {
		o := OutbreakP{K: 16, Ret: "value"}
		last := len(c.counts) - 1
		v := detectAll(t, o, &Series{Counts: c.counts, Freq: 52}, last, last+1)[0]
		// 16 against 16 is a tie, and no alarm.
		if off(v.Upper, c.want) > 1e-13 || (v.Outcome == Alarm) != (c.want > 16) || v.Score > 1 != (c.want > 16) && c.want != 16 {
			t.Errorf("%v: got %+v, want %v", c.counts, v, c.want)
		}
	}
}

func TestOutbreakPCasesAreWhatItTakes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := OutbreakP{K: rapid.SampledFrom([]float64{3, 100}).Draw(t, "k"), Ret: "cases", MaxCases: 1e5}
		s := drawWeekly(t, 2, 30)
		now := s.Len() - 1
		if IsMissing(s.Counts[now]) {
			s.Counts[now] = 0
		}
		v := detectAll(t, o, s, now, now+1)[0]
		judge := func(x float64) Outcome {
			s.Counts[now] = x
			return detectAll(t, o, s, now, now+1)[0].Outcome
		}
		switch v.Note {
		case noteAnyCount:
			if judge(0) != Alarm {
				t.Fatalf("no alarm with 0 after %v, against %q", s.Counts, v.Note)
			}
		case noteNoCount:
			if judge(o.MaxCases) != Quiet {
				t.Fatalf("an alarm with %v after %v, against %q", o.MaxCases, s.Counts, v.Note)
			}
		default:
			if judge(v.Upper) != Alarm || judge(v.Upper-1) != Quiet {
				t.Fatalf("%v is not the least count that alarms after %v", v.Upper, s.Counts)
			}
		}
	})
}

// A statistic too large for a number alarms all the same.
func TestOutbreakPOverflow(t *testing.T) {
	t.Parallel()
	counts := make([]float64, 60)
	for i := 30; i < 60; i++ {
		counts[i] = 1000
	}
	o := OutbreakP{K: 100, Ret: "value"}
	v := detectAll(t, o, &Series{Counts: counts, Freq: 52}, 59, 60)[0]
	if v.Outcome != Alarm || !math.IsInf(v.Upper, 1) || math.IsNaN(v.Score) || math.IsInf(v.Score, 0) {
		t.Errorf("got %+v, want an alarm with the statistic +Inf", v)
	}
}

func TestOutbreakPRefuses(t *testing.T) {
	t.Parallel()
	for _, o := range []OutbreakP{{0, "value", 1}, {-1, "value", 1}, {math.Inf(1), "value", 1}, {100, "", 1}, {100, "cases", -1}, {100, "cases", math.NaN()}} {
		if got, err := o.Detect(&Series{Counts: make([]float64, 20), Freq: 52}, 10, 20); err == nil {
			t.Errorf("%+v: got %v, want an error", o, got)
		}
	}
}
