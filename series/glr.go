package series

import (
	"fmt"
	"math"
)

// GLR is the count data regression chart of Höhle and Paul: it asks whether
// the mean, which is Mu0 while nothing happens, has been exp(κ)·Mu0 since some
// period k, for the k and the κ under which the counts are most likely,
//
//	GLR(n) = max over k, sup over κ of Σ log f(x|exp(κ)·Mu0) / f(x|Mu0), k … n
//
// and alarms where GLR(n) >= Limit. The counts are Poisson where Alpha is 0,
// else negative binomial with variance mean + Alpha·mean². After an alarm the
// chart starts anew with the next period. With Theta, the κ to be found is
// given: then it is the likelihood ratio CUSUM, and alarms where it is above
// Limit.
//
// Expected is Mu0, Score is the statistic over Limit, and Upper as Ret says. A
// missing count is not assessed and adds nothing to the statistics of later
// periods, which Note says.
//
// Source: Höhle and Paul, Comput Stat Data Anal 52 (2008) 4357-4368, section 2,
// equation 4 for the recursion with Theta.
type GLR struct {
	Mu0    Level    `json:"mu0"`    // normal mean; none: the regression "glm" with one harmonic
	Alpha  *float64 `json:"alpha"`  // dispersion; none: estimated once, with the first Mu0
	Limit  float64  `json:"c.ARL"`  // threshold of the statistic
	M      int      `json:"M"`      // k goes back at most M periods from n; -1: to the start of the run
	Mtilde int      `json:"Mtilde"` // least number of periods k … n
	Change string   `json:"change"` // "intercept", the change described above
	Theta  float64  `json:"theta"`  // κ where it is known, above 0; 0: it is not
	Dir    string   `json:"dir"`    // "inc" for κ >= 0, "dec" for κ <= 0

	// Ret is "cases" for an Upper that is the count with which the period would
	// alarm: the least one, or with Theta the bound to be exceeded; with Dir
	// "dec" it is the least count that does not alarm. "value" is for an Upper
	// that is the statistic itself.
	Ret string `json:"ret"`

	// Compat is "" or "r" for the periods that R's package looks at: in a
	// Poisson chart Mtilde only delays the start of a run, and with an M at
	// least Mtilde+1 periods are taken together, so that one high count alone is
	// never seen at once. "documented" takes Mtilde as described here, as the
	// package does where Alpha is not 0.
	Compat string `json:"compat"`
}

// NewGLRPoisson is the chart of Poisson counts over the whole run, Limit 5.
func NewGLRPoisson() GLR {
	g := NewGLRNegBin()
	g.Alpha = new(float64)
	return g
}

// NewGLRNegBin is the chart of negative binomial counts over the whole run,
// Limit 5, with a dispersion that is estimated.
func NewGLRNegBin() GLR {
	return GLR{Limit: 5, M: -1, Mtilde: 1, Change: "intercept", Dir: "inc", Ret: "cases"}
}

const (
	noteRunShort = "too few periods since the start of the run to find a change"
	noteRunGap   = "periods of the run are missing: they add nothing to the statistic"
)

// Detect implements [Detector].
func (g GLR) Detect(s *Series, from, to int) ([]Evaluation, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, err
	}
	if err := g.check(to - from); err != nil {
		return nil, err
	}
	level := g.Mu0
	if len(level.Values) == 0 && level.Model == "" {
		level.Model, level.Harmonics = "glm", 1
	}
	normal := level.expect(s, from, from, g.Alpha)
	out := make([]Evaluation, 0, to-from)
	run := glrRun{alpha: normal.alpha, sign: 1}
	if run.alpha < 1e-12 {
		run.alpha = 0 // Poisson, to the last digit
	}
	if g.Dir == "dec" {
		run.sign = -1
	}
	for t := from; t < to; t++ {
		v := g.evaluate(s, t, &run, &normal)
		out = append(out, v)
		if v.Outcome == Alarm {
			run.restart()
			if level.Refit && len(level.Values) == 0 {
				normal = level.expect(s, from, t+1, &run.alpha)
			}
		}
	}
	return out, nil
}

func (g GLR) check(periods int) error {
	switch {
	case g.Alpha == nil && len(g.Mu0.Values) > 0:
		return fmt.Errorf("series: alpha has to be given where mu0 is")
	case g.Alpha != nil && !(*g.Alpha >= 0 && *g.Alpha <= 1e6):
		return fmt.Errorf("series: alpha is %v, use 0 to 1e6", *g.Alpha)
	case !(g.Limit > 0) || !isFinite(g.Limit):
		return fmt.Errorf("series: c.ARL is %v, use a number above 0", g.Limit)
	case g.Mtilde < 1:
		return fmt.Errorf("series: Mtilde is %d, use 1 or more", g.Mtilde)
	case g.M != -1 && g.M < g.Mtilde:
		return fmt.Errorf("series: M is %d, use -1, or at least Mtilde, %d", g.M, g.Mtilde)
	case g.Change != "intercept":
		return fmt.Errorf("series: change is %q, only intercept is supported", g.Change)
	case !(g.Theta >= 0 && g.Theta <= 20):
		return fmt.Errorf("series: theta is %v, use a number above 0, up to 20, or none", g.Theta)
	case g.Dir != "inc" && g.Dir != "dec":
		return fmt.Errorf("series: dir is %q, use inc or dec", g.Dir)
	case g.Theta > 0 && g.Dir == "dec":
		return fmt.Errorf("series: with theta only dir inc is supported")
	case g.Ret != "cases" && g.Ret != "value":
		return fmt.Errorf("series: ret is %q, use cases or value", g.Ret)
	case g.Compat != "" && g.Compat != "r" && g.Compat != "documented":
		return fmt.Errorf("series: compat is %q, use r or documented", g.Compat)
	}
	return g.Mu0.check(periods)
}

// evaluate judges a period and adds it to the run.
func (g GLR) evaluate(s *Series, t int, run *glrRun, normal *expectation) Evaluation {
	mu, x := normal.at(t), s.Counts[t]
	known := mu > 0 && mu < mostCounts
	if !known {
		run.skip()
		v := notAssessed(s, t, noteLevelUnknown)
		if normal.note != "" {
			v.Note = normal.note
		}
		return v
	}
	if run.total+x > mostCounts {
		run.skip()
		return notAssessed(s, t, noteHuge)
	}
	v := Evaluation{Index: t, Observed: x, Expected: mu, Upper: math.NaN(), Score: math.NaN()}
	if g.Theta > 0 {
		g.ratio(&v, run, mu)
		return v
	}
	run.open(mu)
	first, last := g.starts(len(run.mu)-1, run.alpha)
	if g.Ret == "cases" && last >= first {
		v.Upper = run.cases(first, last, g.Limit)
		if math.IsInf(v.Upper, 1) {
			v.Upper, v.Note = math.NaN(), noteNoCount
		}
	}
	if IsMissing(x) {
		run.void()
		v.Note = noteCount
		return v
	}
	statistic := run.statistic(first, last, x)
	run.close(x)
	if g.Ret == "value" {
		v.Upper = statistic
	}
	g.decide(&v, run, statistic, statistic >= g.Limit)
	if last < first {
		v.Note = noteRunShort
	}
	return v
}

// starts are the first and the last k that are looked at where the run has
// reached period n, counted from 0; none where last is before first.
func (g GLR) starts(n int, alpha float64) (first, last int) {
	if g.M > 0 {
		first = max(0, n-g.M)
	}
	last = n - g.Mtilde + 1
	if alpha == 0 && g.Compat != "documented" {
		switch {
		case g.M > 0:
			last = n - g.Mtilde
		case last >= 0:
			last = n
		}
	}
	return first, last
}

// ratio is the chart with a known κ: S = max(0, S before + log f1/f0).
func (g GLR) ratio(v *Evaluation, run *glrRun, mu float64) {
	// The log ratio of a count x is slope·x - drop.
	slope, drop := g.Theta, math.Expm1(g.Theta)*mu
	if a := run.alpha; a > 0 {
		l := math.Log1p(a*mu*math.Exp(g.Theta)) - math.Log1p(a*mu)
		slope, drop = g.Theta-l, l/a
	}
	if g.Ret == "cases" {
		v.Upper = (g.Limit - run.sum + drop) / slope
		if !isFinite(v.Upper) {
			v.Upper, v.Note = math.NaN(), noteNoCount
		}
	}
	if IsMissing(v.Observed) {
		run.skip()
		v.Note = noteCount
		return
	}
	run.sum = math.Max(0, run.sum+slope*v.Observed-drop)
	if g.Ret == "value" {
		v.Upper = run.sum
	}
	g.decide(v, run, run.sum, run.sum > g.Limit)
}

func (g GLR) decide(v *Evaluation, run *glrRun, statistic float64, alarm bool) {
	v.Score = scoreOf(statistic, g.Limit)
	v.Outcome = Quiet
	if alarm {
		v.Outcome = Alarm
	}
	if run.gap {
		v.Note = noteRunGap
	}
}
