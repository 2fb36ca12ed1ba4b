package series

import (
	"math"
	"testing"
)

func TestBayesOracle(t *testing.T) {
	t.Parallel()
	cases, all := detectorCases(t, "bayes_rki.json", "algo.bayes")
	worst := 0.0
	for _, c := range cases {
		b := NewBayes()
		c.decode(t, &b)
		got := c.detect(t, b, all)
		worst = math.Max(worst, c.compareColumn(t, "upperbound", got, upperNumber, 0))
		c.compareColumn(t, "alarm", got, alarmNumber, 0)
	}
	if cases != nil {
		report(t, "bayes", len(cases), worst)
	}
}

func TestRKIOracle(t *testing.T) {
	t.Parallel()
	cases, all := detectorCases(t, "bayes_rki.json", "algo.rki")
	worst := 0.0
	for _, c := range cases {
		k := NewRKI()
		c.decode(t, &k)
		got := c.detect(t, k, all)
		if c.RError != "" {
			// R refuses the whole range because of a gap; here only what the gap
			// touches is not assessed.
			checkGaps(t, c, k, got, all[c.Series])
			continue
		}
		worst = math.Max(worst, c.compareColumn(t, "upperbound", got, upperNumber, 1e-8))
		c.compareColumn(t, "alarm", got, alarmNumber, 0)
	}
	if cases != nil {
		report(t, "rki", len(cases), worst)
	}
}

func checkGaps(t *testing.T, c detectorCase, k RKI, got []Evaluation, s *Series) {
	t.Helper()
	assessed := 0
	for _, v := range got {
		values, ok := reference{k.Years, k.HalfWidth, k.ThisYear}.values(s, v.Index, nil)
		if !ok {
			t.Fatalf("%s: period %d has no reference", c.ID, v.Index+1)
		}
		gap := IsMissing(s.Counts[v.Index])
		for _, x := range values {
			gap = gap || IsMissing(x)
		}
		if gap != (v.Outcome == NotAssessed) || gap != (v.Note != "") {
			t.Errorf("%s period %d: got %+v, want a gap to be said: %v", c.ID, v.Index+1, v, gap)
		}
		if !gap {
			assessed++
		}
	}
	t.Logf("%s: R says %q; %d of %d periods are assessed", c.ID, c.RError, assessed, len(got))
}

func TestRKITableOracle(t *testing.T) {
	t.Parallel()
	var f struct {
		Table [][3]float64 `json:"rki_table"`
	}
	if !readOracle(t, "bayes_rki.json", &f) {
		return
	}
	if len(f.Table) != len(rkiLimit) {
		t.Fatalf("%d rows, want %d", len(rkiLimit), len(f.Table))
	}
	for i, row := range f.Table {
		if row[0] != float64(i) || row[2] != rkiLimit[i] {
			t.Errorf("limit for %d: got %v, want %v", i, rkiLimit[i], row)
		}
	}
}
