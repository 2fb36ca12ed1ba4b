package series

import (
	"math"
	"testing"
)

func TestCUSUMOracle(t *testing.T) {
	t.Parallel()
	cases, all := detectorCases(t, "cusum_glr.json", "algo.cusum")
	worst := 0.0
	for _, d := range cases {
		c := NewCUSUM()
		d.decode(t, &c)
		got := d.detect(t, c, all)
		d.compareColumn(t, "alarm", got, alarmNumber, 0)
		sum := func(v Evaluation) float64 { return v.Score * c.H }
		worst = math.Max(worst, d.compareColumn(t, "cusum", got, sum, 1e-8))
		worst = math.Max(worst, d.compareColumn(t, "m", got, expectedNumber, 1e-8))
		if IsMissing(d.column(t, "m")[0]) {
			// With a gap before the range R's bound is 0 for ever. Here it is none.
			for _, v := range got {
				if v.Outcome != NotAssessed || !math.IsNaN(v.Upper) || v.Note != noteHistoryGap {
					t.Fatalf("%s: got %+v, want not assessed and %q", d.ID, v, noteHistoryGap)
				}
			}
			continue
		}
		worst = math.Max(worst, d.compareColumn(t, "upperbound", got, upperNumber, 1e-8))
	}
	if cases != nil {
		report(t, "cusum", len(cases), worst)
	}
}

func TestOutbreakPOracle(t *testing.T) {
	t.Parallel()
	cases, all := detectorCases(t, "cusum_glr.json", "algo.outbreakP")
	worst := 0.0
	for _, c := range cases {
		o := NewOutbreakP()
		c.decode(t, &o)
		got := c.detect(t, o, all)
		worst = math.Max(worst, c.compareColumn(t, "upperbound", got, upperNumber, 1e-8))
		c.compareColumn(t, "alarm", got, alarmNumber, 0)
	}
	if cases != nil {
		report(t, "outbreakP", len(cases), worst)
	}
}

func TestCDCOracle(t *testing.T) {
	t.Parallel()
	cases, all := detectorCases(t, "cusum_glr.json", "algo.cdc")
	worst := 0.0
	for _, c := range cases {
		d := NewCDC()
		c.decode(t, &d)
		got := c.detect(t, d, all)
		worst = math.Max(worst, c.compareColumn(t, "upperbound", got, upperNumber, 1e-8))
		worst = math.Max(worst, c.compareColumn(t, "aggregate", got, func(v Evaluation) float64 { return v.Observed }, 0))
		c.compareColumn(t, "alarm", got, alarmNumber, 0)
	}
	if cases != nil {
		report(t, "cdc", len(cases), worst)
	}
}
