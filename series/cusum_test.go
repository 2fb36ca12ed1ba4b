package series

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

var transformations = []string{TransStandard, TransRossi, TransAnscombe, TransAnscombe2nd, TransPearsonNegBin, TransNone}

// At the level 4 the standard transformation is (x-4)/2.
func TestCUSUMByHand(t *testing.T) {
	t.Parallel()
	counts := []float64{6, 8, 4, Missing, 8, 7, 0, 0, 12}
	type want struct {
		sum, upper float64 // upper is ceil(2·(2 + 0.5 - sum before) + 4)
		outcome    Outcome
		note       string
	}
	na := math.NaN()
	for _, c := range []struct {
		reset bool
		want  []want
	}{
		{false, []want{
			{0.5, 9, Quiet, ""},             // 1 - 0.5
			{2, 8, Alarm, ""},               // + 2 - 0.5 reaches H
			{1.5, 5, Quiet, ""},             // + 0 - 0.5
			{na, 6, NotAssessed, noteCount}, // the sum stays
			{3, 6, Alarm, noteSumHeld},      // + 2 - 0.5
			{4, 3, Alarm, noteSumHeld},      // + 1.5 - 0.5: never reset
			{1.5, 1, Quiet, noteSumHeld},    // - 2 - 0.5; 1 would have done
			{0, 6, Quiet, ""},               // - 2 - 0.5: nothing is left from before the gap
			{3.5, 9, Alarm, ""},             // + 4 - 0.5
		}},
		{true, []want{
			{0.5, 9, Quiet, ""},
			{2, 8, Alarm, ""},
			{0, 9, Quiet, ""}, // from 0 again: 0 - 0.5
			{na, 9, NotAssessed, noteCount},
			{1.5, 9, Quiet, ""},
			{2.5, 6, Alarm, ""},
			{0, 9, Quiet, ""},
			{0, 9, Quiet, ""},
			{3.5, 9, Alarm, ""},
		}},
	} {
		d := CUSUM{K: 0.5, H: 2, M: Level{Values: []float64{4}}, Trans: TransStandard, Reset: c.reset}
		for i, v := range detectAll(t, d, &Series{Counts: counts, Freq: 52}, 0, len(counts)) {
			w := c.want[i]
			if off(v.Score*2, w.sum) > 1e-14 || v.Upper != w.upper || v.Outcome != w.outcome || v.Note != w.note || v.Expected != 4 {
				t.Errorf("reset %v, period %d: got %+v (sum %v), want %+v", c.reset, i, v, v.Score*2, w)
			}
		}
	}
}

// Transformed counts at round levels, worked out by hand.
func TestCUSUMTransformations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		trans      string
		x, m, want float64
	}{
		{TransStandard, 9, 4, 2.5},
		{TransRossi, 9, 4, 2.25}, // (9 - 12 + 2·6)/4
		{TransRossi, 4, 4, 0},
		{TransRossi, 0, 4, -3},
		{TransAnscombe, 27, 64, -5.25}, // 1.5·(9-16)/2
		{TransAnscombe, 64, 64, 0},
		{TransAnscombe2nd, 64, 64, 1. / 48}, // 1.5·(1/36)/2
		{TransAnscombe2nd, 27, 64, -5.25 + 1./48},
		{TransPearsonNegBin, 14, 4, 2.5}, // variance 4 + 0.75·16
		{TransNone, 9, 4, 9},
	} {
		d := CUSUM{Trans: c.trans, Alpha: 0.75}
		if got := d.transform(c.x, c.m); off(got, c.want) > 1e-14 {
			t.Errorf("%s of %v at %v: got %v, want %v", c.trans, c.x, c.m, got, c.want)
		}
	}
}

// What Upper says is so: with that count the sum reaches H, with less it does not.
func TestCUSUMBoundReachesTheLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := NewCUSUM()
		d.Trans = rapid.SampledFrom(transformations).Draw(t, "trans")
		d.Compat = "documented"
		if d.Trans != TransAnscombe2nd && d.Trans != TransNone {
			d.Compat = rapid.SampledFrom([]string{"", "documented"}).Draw(t, "compat")
		}
		d.Reset = rapid.Bool().Draw(t, "reset")
		d.M = Level{Values: []float64{rapid.Float64Range(0.3, 50).Draw(t, "m")}}
		s := drawWeekly(t, 1, 40)
		now := s.Len() - 1
		v := detectAll(t, d, s, 0, s.Len())[now]
		if d.Compat == "" && d.Trans == TransRossi && v.Upper < d.M.Values[0] {
			return // the package's bound below the level may be no root
		}
		s.Counts[now] = v.Upper * (1 + 1e-9)
		if at := detectAll(t, d, s, 0, s.Len())[now]; at.Outcome != Alarm {
			t.Fatalf("%+v: bound %v, with which there is %+v", d, v.Upper, at)
		}
		below := v.Upper * (1 - 1e-9)
		if d.Trans == TransStandard {
			if v.Upper != math.Floor(v.Upper) {
				t.Fatalf("%+v: the bound %v is no count", d, v.Upper)
			}
			below = v.Upper - 1 // the bound is the next whole number
		}
		if below > 0 {
			s.Counts[now] = below
			if at := detectAll(t, d, s, 0, s.Len())[now]; at.Outcome == Alarm && below*(1+1e-9) >= 1e-6 {
				t.Fatalf("%+v: bound %v, but already with %v there is %+v", d, v.Upper, below, at)
			}
		}
	})
}

// The package's bounds that do not invert their transformation.
func TestCUSUMPackageBounds(t *testing.T) {
	t.Parallel()
	s := &Series{Counts: []float64{64, 70}, Freq: 52}
	for _, c := range []struct {
		trans, compat string
		want          [2]float64
	}{
		// m 64, K 1, H 3: 2/3·2·4 + 16 - bias, to the power 3/2.
		{TransAnscombe2nd, "", [2]float64{math.Pow(16./3+16-4./9, 1.5), 0}},
		{TransAnscombe2nd, "documented", [2]float64{math.Pow(16./3+16-1./36, 1.5), 0}},
		{TransNone, "", [2]float64{0, 0}},
		{TransNone, "documented", [2]float64{4, 0}},
	} {
		d := CUSUM{K: 1, H: 3, M: Level{Values: []float64{64}}, Trans: c.trans, Compat: c.compat}
		if got := detectAll(t, d, s, 0, 1)[0]; off(got.Upper, c.want[0]) > 1e-14 {
			t.Errorf("%s %q: got %v, want %v", c.trans, c.compat, got.Upper, c.want[0])
		}
	}
}

func TestCUSUMLevel(t *testing.T) {
	t.Parallel()
	history := []float64{1, 2, 3, 6, 9, 9}
	gap := []float64{1, 2, Missing, 6, 9, 9}
	for _, c := range []struct {
		counts []float64
		from   int
		level  Level
		want   float64
		note   string
	}{
		{history, 4, Level{}, 3, ""},
		{history, 4, Level{Model: "mean"}, 3, ""},
		{gap, 4, Level{}, math.NaN(), noteHistoryGap},
		{gap, 4, Level{Model: "present"}, 3, ""},
		{gap, 4, Level{Values: []float64{7}}, 7, ""},
		{gap, 4, Level{Values: []float64{7, 8}}, 7, ""},
		{gap, 4, Level{Model: "glm"}, 3, ""}, // no harmonic: their mean
		{history, 0, Level{}, math.NaN(), noteNoHistory},
		{history, 4, Level{Values: []float64{Missing}}, math.NaN(), noteLevelUnknown},
		{history, 4, Level{Values: []float64{0}}, math.NaN(), noteLevelUnknown},
		{[]float64{0, 0, 0, 0, 5, 5}, 4, Level{}, math.NaN(), noteLevelUnknown},
	} {
		d := NewCUSUM()
		d.M = c.level
		v := detectAll(t, d, &Series{Counts: c.counts, Freq: 52}, c.from, 6)[0]
		if off(v.Expected, c.want) > 1e-9 || c.note != v.Note && c.note != "" || (v.Outcome == NotAssessed) != (c.note != "") {
			t.Errorf("%+v before period %d of %v: got %+v, want level %v, note %q", c.level, c.from, c.counts, v, c.want, c.note)
		}
	}
	// A wave that the regression describes exactly, with a gap in it.
	s := &Series{Counts: make([]float64, 130), Freq: 52}
	mean := func(i int) float64 { return math.Exp(3 + 0.4*math.Cos(2*math.Pi*float64(i)/52) - 0.01*float64(i)) }
	for i := range s.Counts {
		s.Counts[i] = mean(i)
	}
	s.Counts[17] = Missing
	d := NewCUSUM()
	d.M = Level{Model: "glm", Harmonics: 1, Trend: true}
	for _, v := range detectAll(t, d, s, 104, 130) {
		if off(v.Expected, mean(v.Index)) > 1e-7 {
			t.Errorf("level of period %d: got %v, want %v", v.Index, v.Expected, mean(v.Index))
		}
	}
}

func TestCUSUMRefuses(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*CUSUM){
		func(c *CUSUM) { c.K = math.NaN() },
		func(c *CUSUM) { c.H = 0 },
		func(c *CUSUM) { c.Trans = "anscombeNegBin" },
		func(c *CUSUM) { c.Trans = "" },
		func(c *CUSUM) { c.Compat = "cdc" },
		func(c *CUSUM) { c.Trans, c.Alpha = TransPearsonNegBin, -1 },
		func(c *CUSUM) { c.M.Values = []float64{1, 2} },
		func(c *CUSUM) { c.M.Values = []float64{-1} },
		func(c *CUSUM) { c.M.Model = "median" },
		func(c *CUSUM) { c.M = Level{Model: "glm", Harmonics: -1} },
		func(c *CUSUM) { c.M = Level{Model: "glm", Values: []float64{1}} },
	} {
		c := NewCUSUM()
		change(&c)
		if got, err := c.Detect(&Series{Counts: make([]float64, 20), Freq: 52}, 10, 20); err == nil {
			t.Errorf("%+v: got %v, want an error", c, got)
		}
	}
}

func TestLevelJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want Level
	}{
		{`null`, Level{}},
		{`12`, Level{Values: []float64{12}}},
		{`[1.5, 2]`, Level{Values: []float64{1.5, 2}}},
		{`"mean"`, Level{Model: "mean"}},
		{`"present"`, Level{Model: "present"}},
		{`"glm"`, Level{Model: "glm", Harmonics: 1}},
		{`{}`, Level{Model: "glm", Harmonics: 1}},
		{`{"S":2,"trend":true,"refit":true}`, Level{Model: "glm", Harmonics: 2, Trend: true, Refit: true}},
	} {
		var got Level
		if err := json.Unmarshal([]byte(c.text), &got); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v and %v, want %+v", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{`true`, `[1, "a"]`, `{"S":1.5}`, `1e999`} {
		var got Level
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s: got %+v, want an error", text, got)
		}
	}
	// null leaves a parameter at its default.
	c := NewCUSUM()
	if err := json.Unmarshal([]byte(`{"k":1,"alpha":null,"m":null}`), &c); err != nil || c.Alpha != 0.1 || c.K != 1 || c.H != 2.26 {
		t.Errorf("got %+v, %v", c, err)
	}
}

func FuzzLevel(f *testing.F) {
	for _, text := range []string{`null`, `12`, `[1.5,null]`, `"glm"`, `{"S":2,"trend":true}`, `[`, `{"S":-1}`, `[[1]]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var a, b Level
		if json.Unmarshal(text, &a) != nil {
			return
		}
		again, err := json.Marshal(a)
		if err != nil {
			t.Fatalf("%q: %+v cannot be written: %v", text, a, err)
		}
		if err := json.Unmarshal(again, &b); err != nil || fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b) {
			t.Fatalf("%q: %+v became %+v by way of %s (%v)", text, a, b, again, err)
		}
		c := NewCUSUM()
		c.M = a
		s := &Series{Counts: []float64{1, 2, 3, 4, 5, 6}, Freq: 52}
		if _, err := c.Detect(s, 3, 5); err == nil && len(a.Values) > 2 {
			t.Fatalf("%q: %d levels were taken for 2 periods", text, len(a.Values))
		}
	})
}

func ExampleCUSUM() {
	s := &Series{Counts: []float64{3, 5, 4, 4, 6, 7, 7, 8, 3}, Freq: 12, Start: [2]int{2026, 1}}
	chart := NewCUSUM()
	chart.K, chart.H = 0.5, 2 // in standard deviations of the level
	found, err := chart.Detect(s, 4, s.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range found {
		fmt.Printf("month %d: %v of %v normal, sum at %.0f %% of the limit, %v\n", v.Index+1, v.Observed, v.Expected, 100*v.Score, v.Outcome)
	}
	// Output:
	// month 5: 6 of 4 normal, sum at 25 % of the limit, quiet
	// month 6: 7 of 4 normal, sum at 75 % of the limit, quiet
	// month 7: 7 of 4 normal, sum at 125 % of the limit, alarm
	// month 8: 8 of 4 normal, sum at 200 % of the limit, alarm
	// month 9: 3 of 4 normal, sum at 150 % of the limit, alarm
}
