package series

import (
	"math"
	"testing"
)

func TestGLROracle(t *testing.T) {
	t.Parallel()
	for name, chart := range map[string]func() GLR{"glrpois": NewGLRPoisson, "glrnb": NewGLRNegBin} {
		cases, all := detectorCases(t, "cusum_glr.json", "algo."+name)
		worst := 0.0
		for _, c := range cases {
			g := chart()
			c.decode(t, &g)
			got := c.detect(t, g, all)
			c.compareColumn(t, "alarm", got, alarmNumber, 0)
			worst = math.Max(worst, c.compareColumn(t, "upperbound", got, upperNumber, 1e-8))
			worst = math.Max(worst, c.compareColumn(t, "mu0_used", got, expectedNumber, 1e-8))
			if g.Alpha == nil {
				normal := g.Mu0.expect(all[c.Series], c.Range[0]-1, c.Range[0]-1, nil)
				alpha := func(Evaluation) float64 { return normal.alpha }
				worst = math.Max(worst, c.compareColumn(t, "alpha_used", got, alpha, 1e-8))
			}
		}
		if cases != nil {
			report(t, name, len(cases), worst)
		}
	}
}
