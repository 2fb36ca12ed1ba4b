package series

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"
)

// farringtonCase is a case of R, from the oracle or from testdata/farrington.json.
type farringtonCase struct {
	ID     string           `json:"id"`
	Series string           `json:"series"`
	Params json.RawMessage  `json:"params"`
	Range  [2]int           `json:"range"`
	RError string           `json:"r_error"`
	Out    map[string][]num `json:"out"`
}

// check compares what a method says of a series with the case, whose outputs
// end in suffix, and gives the worst error. What R has no output for is not
// compared.
func (c *farringtonCase) check(t *testing.T, s *Series, m Detector, suffix string, integers bool) (worst float64) {
	t.Helper()
	var reasons []FarringtonReason
	var err error
	switch m := m.(type) {
	case FarringtonFlexible:
		reasons, err = m.Explain(s, c.Range[0]-1, c.Range[1])
	case Farrington:
		reasons, err = m.Explain(s, c.Range[0]-1, c.Range[1])
	}
	if err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
	plain, err := m.Detect(s, c.Range[0]-1, c.Range[1])
	if err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
	bad := 0
	for k, r := range reasons {
		check := func(name string, got, limit float64) {
			values, ok := c.Out[name+suffix]
			if !ok {
				return
			}
			want := float64(values[k])
			e := off(got, want)
			if worst = math.Max(worst, e); !(e <= limit) && bad < 5 {
				bad++
				t.Errorf("%s, period %d: %s%s is %v, R has %v (%s)", c.ID, k+c.Range[0], name, suffix, got, want, r.Note)
			}
		}
		if integers {
			check("upperbound", r.Upper, 0)
		} else {
			check("upperbound", r.Upper, 1e-8)
		}
		if r.Outcome != NotAssessed { // where R has no bound, and quiet
			check("alarm", indicate(r.Outcome == Alarm), 0)
		}
		check("expected", r.Expected, 1e-8)
		check("phi", r.Phi, 1e-8)
		check("mu_for_quantile", r.QuantileMean, 1e-8)
		check("score_obs", r.Score, 1e-8)
		check("pvalue", r.Tail, 1e-8)
		check("quantile_of_observed", 1-r.Tail, 1e-8)
		check("trend_used", indicate(r.Trend), 0)
		check("trend_coef", r.Slope, 1e-8)
		if a, b := fmt.Sprint(plain[k]), fmt.Sprint(r.Evaluation); a != b {
			t.Errorf("%s, period %d: Detect says %s, Explain %s", c.ID, k+c.Range[0], a, b)
		}
	}
	return worst
}

func indicate(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// as reads the parameters of a case onto the defaults of a method.
func (c *farringtonCase) as(t *testing.T, m any) {
	t.Helper()
	if err := json.Unmarshal(c.Params, m); err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
}

func TestFarringtonOracle(t *testing.T) {
	t.Parallel()
	var file struct{ Cases []farringtonCase }
	series := oracleSeries(t)
	if !readOracle(t, "farrington.json", &file) {
		return
	}
	worst, cases := 0.0, 0
	for _, c := range file.Cases {
		m := NewFarrington()
		c.as(t, &m)
		if c.RError != "" {
			out, err := m.Detect(series[c.Series], c.Range[0]-1, c.Range[1])
			if err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
			assessed := slices.DeleteFunc(out, func(e Evaluation) bool { return e.Outcome == NotAssessed })
			t.Logf("%s, which R refuses: %d of %d periods are assessed", c.ID, len(assessed), len(out))
			continue
		}
		cases++
		m.Compat = "r" // a bound of 0 where there is none
		worst = math.Max(worst, c.check(t, series[c.Series], m, "", false))
		// By default there is none.
		for k, u := range c.Out["upperbound"] {
			if u == 0 {
				c.Out["upperbound"][k] = num(math.NaN())
			}
		}
		m.Compat = ""
		worst = math.Max(worst, c.check(t, series[c.Series], m, "", false))
	}
	report(t, "Farrington (1996)", cases, worst)
}

func TestFarringtonFlexibleOracle(t *testing.T) {
	t.Parallel()
	var file struct{ Cases []farringtonCase }
	series := oracleSeries(t)
	if !readOracle(t, "farrington_flexible.json", &file) {
		return
	}
	for _, mode := range []struct{ name, compat, suffix string }{
		{"Farrington flexible", "", "_fixed"},
		{"Farrington flexible, as R's package", "r", ""},
	} {
		worst := 0.0
		for _, c := range file.Cases {
			m := NewFarringtonFlexible()
			c.as(t, &m)
			m.Compat = mode.compat
			if m.ThresholdMethod == "delta" {
				delete(c.Out, "mu_for_quantile") // R takes the exponential of a count there
			}
			worst = math.Max(worst, c.check(t, series[c.Series], m, mode.suffix, m.ThresholdMethod != "delta"))
		}
		report(t, mode.name, len(file.Cases), worst)
	}
}

// Means, standard errors and p-values, of which the package gives none.
func TestFarringtonFlexibleTraceOracle(t *testing.T) {
	t.Parallel()
	type fit struct {
		Phi num `json:"phi_fit2"`
		Eta num `json:"eta0"`
		SE  num `json:"se_eta0_with_phi2"`
		P   num `json:"trend_p_correct"`
	}
	var file struct {
		Cases []struct {
			farringtonCase
			K       int `json:"k"`
			With    fit `json:"with_trend"`
			Without fit `json:"without_trend"`
		}
	}
	series := oracleSeries(t)
	if !readOracle(t, "farrington_flexible_trace.json", &file) {
		return
	}
	worst := 0.0
	for _, c := range file.Cases {
		for _, trend := range []bool{true, false} {
			m := NewFarringtonFlexible()
			c.as(t, &m)
			m.Trend = trend
			reasons, err := m.Explain(series[c.Series], c.K-1, c.K)
			if err != nil {
				t.Fatal(err)
			}
			r, want := reasons[0], c.Without
			if r.Trend {
				want = c.With
			}
			if trend {
				want.P = c.With.P
			} else {
				want.P = num(math.NaN())
			}
			for _, v := range []struct {
				what      string
				got, want float64
			}{
				{"dispersion", r.Phi, float64(want.Phi)}, {"log mean", math.Log(r.Mean), float64(want.Eta)},
				{"standard error", r.SE, float64(want.SE)}, {"p-value", r.SlopeP, float64(want.P)},
			} {
				e := off(v.got, v.want)
				if worst = math.Max(worst, e); !(e < 1e-8) {
					t.Errorf("%s, trend %v: %s is %v, want %v", c.ID, trend, v.what, v.got, v.want)
				}
			}
		}
	}
	report(t, "Farrington flexible, standard errors", 2*len(file.Cases), worst)
}

// The same on series of our own, made by testdata/farrington.R.
func TestFarringtonOfR(t *testing.T) {
	t.Parallel()
	var cases []struct {
		farringtonCase
		Method     string   `json:"method"`
		Freq       int      `json:"freq"`
		Counts     []num    `json:"counts"`
		Dates      []string `json:"dates"`
		Population []num    `json:"population"`
	}
	text, err := os.ReadFile("testdata/farrington.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		s := &Series{Freq: c.Freq, Start: [2]int{2015, 1}, Counts: floats(c.Counts), Population: floats(c.Population)}
		for _, d := range c.Dates {
			day, err := time.Parse(time.DateOnly, d)
			if err != nil {
				t.Fatal(err)
			}
			s.Dates = append(s.Dates, day)
		}
		c.ID = fmt.Sprintf("%s, case %d", c.Method, i+1)
		if c.Method == "farrington" {
			m := NewFarrington()
			c.as(t, &m)
			m.Compat = "r"
			c.check(t, s, m, "", false)
			continue
		}
		m := NewFarringtonFlexible()
		c.as(t, &m)
		m.Compat = "r"
		c.check(t, s, m, "", m.ThresholdMethod != "delta")
		if m.ThresholdMethod == "nbPlugin" && (len(s.Dates) == 0 || !IsMissing(s.Counts[22])) {
			m.Compat = "" // none of the package's faults touches these
			c.check(t, s, m, "", true)
		}
	}
}

// The alarm weeks of R on the 420 series of the benchmark, each with and
// without its current outbreak.
func TestFarringtonAlarmsOfBenchmark(t *testing.T) {
	t.Parallel()
	type added struct{ Weeks, Adds []int }
	var bench struct {
		Meta struct {
			Evaluated [2]int `json:"evaluated_weeks"`
		}
		Runs []struct {
			Scenario, Rep int
			Baseline      []num
			Past          []added
			Current       added
		}
	}
	var result struct {
		Alarms map[string]struct {
			Without [][]int `json:"without_current"`
			With    [][]int `json:"with_current"`
		}
	}
	if !readOracle(t, "bench_series.json", &bench) || !readOracle(t, "bench_r_result.json", &result) {
		return
	}
	flexible := func(alpha float64) Detector {
		m := NewFarringtonFlexible()
		m.Alpha = alpha
		return m
	}
	for name, m := range map[string]Detector{
		"fflex_nbplugin_a005": flexible(0.005),
		"fflex_nbplugin_a01":  flexible(0.01),
		"fflex_nbplugin_a05":  flexible(0.05),
		"farrington_orig_a01": NewFarrington(),
	} {
		differ := 0
		for i, run := range bench.Runs {
			s := &Series{Counts: floats(run.Baseline), Freq: 52, Start: [2]int{2015, 1}}
			add := func(a added) {
				for j, week := range a.Weeks {
					s.Counts[week-1] += float64(a.Adds[j])
				}
			}
			for _, past := range run.Past {
				add(past)
			}
			check := func(what string, want []int) {
				out, err := m.Detect(s, bench.Meta.Evaluated[0]-1, bench.Meta.Evaluated[1])
				if err != nil {
					t.Fatal(err)
				}
				got := []int{}
				for _, e := range out {
					if e.Outcome == Alarm {
						got = append(got, e.Index+1)
					}
				}
				if !slices.Equal(got, want) {
					differ++
					t.Errorf("%s, scenario %d, run %d, %s: alarms %v, R has %v", name, run.Scenario, run.Rep, what, got, want)
				}
			}
			check("without the current outbreak", result.Alarms[name].Without[i])
			add(run.Current)
			check("with the current outbreak", result.Alarms[name].With[i])
		}
		report(t, "alarm weeks of "+name, 2*len(bench.Runs), float64(differ))
	}
}
