package series

import (
	"encoding/json"
	"math"
	"testing"
)

// detectorCase is a case of the oracle of a detector.
type detectorCase struct {
	ID       string                     `json:"id"`
	Function string                     `json:"function"`
	Series   string                     `json:"series"`
	Params   json.RawMessage            `json:"params"`
	Range    [2]int                     `json:"range"`
	RError   string                     `json:"r_error"`
	Out      map[string]json.RawMessage `json:"out"`
}

// detectorCases reads the cases of a file whose function is that of R's
// package surveillance; it says what it found.
func detectorCases(t *testing.T, file, function string) (cases []detectorCase, all map[string]*Series) {
	t.Helper()
	var f struct {
		Cases []detectorCase `json:"cases"`
	}
	if !readOracle(t, file, &f) {
		return nil, nil
	}
	for _, c := range f.Cases {
		if c.Function == "surveillance::"+function {
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		t.Fatalf("%s has no case of %s", file, function)
	}
	return cases, oracleSeries(t)
}

// column is an output of the case, one number for each period of the range.
func (c detectorCase) column(t *testing.T, name string) []float64 {
	t.Helper()
	b, ok := c.Out[name]
	if !ok {
		t.Fatalf("%s has no %s", c.ID, name)
	}
	n := c.Range[1] - c.Range[0] + 1
	var values []num
	if len(b) > 0 && b[0] != '[' {
		var one num
		if err := json.Unmarshal(b, &one); err != nil {
			t.Fatal(err)
		}
		for range n {
			values = append(values, one)
		}
	} else if err := json.Unmarshal(b, &values); err != nil {
		t.Fatal(err)
	}
	if len(values) != n {
		t.Fatalf("%s: %d values of %s for %d periods", c.ID, len(values), name, n)
	}
	return floats(values)
}

// detect evaluates the range of the case.
func (c detectorCase) detect(t *testing.T, d Detector, all map[string]*Series) []Evaluation {
	t.Helper()
	got, err := d.Detect(all[c.Series], c.Range[0]-1, c.Range[1])
	if err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
	return got
}

// decode puts the parameters of the case onto a detector.
func (c detectorCase) decode(t *testing.T, d any) {
	t.Helper()
	if err := json.Unmarshal(c.Params, d); err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
}

// alarmNumber is the outcome as the oracle writes it.
func alarmNumber(v Evaluation) float64 {
	switch v.Outcome {
	case Alarm:
		return 1
	case Quiet:
		return 0
	}
	return math.NaN()
}

// compareColumn fails where a number of the case is not the one evaluated, and
// gives the largest error.
func (c detectorCase) compareColumn(t *testing.T, name string, got []Evaluation, number func(Evaluation) float64, tolerance float64) (worst float64) {
	t.Helper()
	failures := 0
	for i, want := range c.column(t, name) {
		g := number(got[i])
		e := off(g, want)
		worst = math.Max(worst, e)
		if e > tolerance {
			if failures++; failures <= 3 {
				t.Errorf("%s %s of period %d: got %.15g, want %.15g (%+v)", c.ID, name, c.Range[0]+i, g, want, got[i])
			}
		}
	}
	return worst
}

func upperNumber(v Evaluation) float64    { return v.Upper }
func expectedNumber(v Evaluation) float64 { return v.Expected }

func TestEARSOracle(t *testing.T) {
	t.Parallel()
	cases, all := detectorCases(t, "ears.json", "earsC")
	worst := map[string]float64{}
	for _, c := range cases {
		e := NewEARS()
		c.decode(t, &e)
		limit, err := e.limit()
		if err != nil {
			t.Fatal(err)
		}
		keep := func(form string, w float64) { worst[form] = math.Max(worst[form], w) }

		got := c.detect(t, e, all)
		keep("documented", c.compareColumn(t, "upperbound_doc", got, upperNumber, 1e-8))
		c.compareColumn(t, "alarm_doc", got, alarmNumber, 0)
		keep("documented", c.compareColumn(t, "mean", got, expectedNumber, 1e-8))
		if e.Method == "C3" {
			keep("documented", c.compareColumn(t, "stat_doc", got, func(v Evaluation) float64 { return v.Score * limit }, 1e-8))
		}

		e.Compat = "r"
		got = c.detect(t, e, all)
		keep("r", c.compareColumn(t, "upperbound", got, upperNumber, 1e-8))
		c.compareColumn(t, "alarm", got, alarmNumber, 0)

		e.Compat = "cdc"
		got = c.detect(t, e, all)
		c.compareColumn(t, "alarm_cdc", got, alarmNumber, 0)
		if e.Method == "C3" {
			keep("cdc", c.compareColumn(t, "stat_cdc", got, func(v Evaluation) float64 { return v.Score * 2 }, 1e-8))
		} else {
			// S = max(0, (y-(mean+SD))/SD) in terms of Score = (y-mean)/(3 SD).
			keep("cdc", c.compareColumn(t, "stat_cdc", got, func(v Evaluation) float64 { return math.Max(0, 3*v.Score-1) }, 1e-8))
		}
	}
	for form, w := range worst {
		report(t, "ears ("+form+")", len(cases), w)
	}
}
