package series

import "math"

// Farrington is the original method of Farrington, Andrews, Beale and Catchpole
// (J R Statist Soc A 159, 1996, 547-563): a count is held against the same
// period of past years and the periods around it. A quasi-Poisson regression
// with a trend predicts it, past outbreaks count for less in that (section
// 3.5), and the bound is that of a count whose power is normal (section 3.6).
//
// The trend is kept where its p-value is below 0.05, Years is 3 or more and the
// prediction does not exceed the largest reference value. [FarringtonFlexible]
// learns from more of the past and has fewer false alarms.
//
// Missing reference values, and those from before the series began, are left
// out, which Note says. The period is not assessed where its own count is
// missing or one of the last Limit54[1] is, where no reference value is above
// zero, or where the model does not converge.
type Farrington struct {
	Years      int     `json:"b"`          // years to go back
	HalfWidth  int     `json:"w"`          // periods on either side
	Reweight   bool    `json:"reweight"`   // whether past outbreaks count for less
	Alpha      float64 `json:"alpha"`      // two-sided: half of it lies above the bound
	Trend      bool    `json:"trend"`      // whether to look for a trend
	PowerTrans string  `json:"powertrans"` // power that makes counts normal: "2/3", "1/2" or "none"

	// Limit54 is a number of cases and a number of periods: with fewer cases in
	// so many periods, the evaluated one included, there is no bound and no
	// alarm. With 0 cases the rule is off.
	Limit54 [2]int `json:"limit54"`

	// AssessPartly is as in [FarringtonFlexible].
	AssessPartly bool `json:"assessPartly"`

	// Compat is "", or "r" to have a bound of 0 where there is none, as R's
	// package surveillance has.
	Compat string `json:"compat"`
}

// NewFarrington looks back five years over windows of seven periods, with Alpha
// 0.01, and gives a bound of 0 where there is none, as everybody's results of
// this method have it.
func NewFarrington() Farrington {
	return Farrington{
		Years: 5, HalfWidth: 3, Reweight: true, Alpha: 0.01, Trend: true, PowerTrans: "2/3", Limit54: [2]int{5, 4}, Compat: "r",
	}
}

// Detect implements [Detector].
func (m Farrington) Detect(s *Series, from, to int) ([]Evaluation, error) {
	out := make([]Evaluation, 0, max(0, to-from))
	err := m.each(s, from, to, false, func(r *FarringtonReason) { out = append(out, r.Evaluation) })
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Explain evaluates the periods [from, to) like Detect and tells more of each.
func (m Farrington) Explain(s *Series, from, to int) ([]FarringtonReason, error) {
	out := make([]FarringtonReason, 0, max(0, to-from))
	err := m.each(s, from, to, true, func(r *FarringtonReason) { out = append(out, *r) })
	if err != nil {
		return nil, err
	}
	return out, nil
}

// each evaluates periods and hands over each.
func (m Farrington) each(s *Series, from, to int, full bool, yield func(*FarringtonReason)) error {
	if err := s.checkRange(from, to); err != nil {
		return err
	}
	if err := checkCompat("Farrington", m.Compat); err != nil {
		return err
	}
	if err := checkFarrington(s, m.Years, m.HalfWidth, m.Alpha, m.PowerTrans, m.Limit54); err != nil {
		return err
	}
	calendar, err := newFarringtonCalendar(s)
	if err != nil {
		return err
	}
	time := make([]float64, s.Len())
	for i := range time {
		time[i] = float64(i)
	}
	f := newFarringtonFit(newFarringtonHistory(s, time, false), 1)
	rules := farringtonRules{trend: m.Trend, years: m.Years, pTrend: 0.05, reweight: m.Reweight, threshold: 1}
	z := qnorm(1 - m.Alpha/2)
	var runs []farringtonRun
	var r FarringtonReason
	for t := from; t < to; t++ {
		r = newFarringtonReason(s, t)
		var all, ok bool
		if runs, all, ok = calendar.windows(runs[:0], t, m.Years, m.HalfWidth); ok {
			f.refer(runs, time[t])
			m.evaluate(f, s, rules, z, all, full, &r)
		} else {
			r.Note = noteShort
		}
		yield(&r)
	}
	return nil
}

func (m Farrington) evaluate(f *farringtonFit, s *Series, rules farringtonRules, z float64, all, full bool, r *FarringtonReason) {
	if f.n > 0 && f.sum == 0 {
		r.Note = noteAllZero
		return
	}
	bounded := r.enough(s, m.Limit54, m.AssessPartly, false)
	if note := f.predict(r, 0, 1, rules, full); note != "" {
		if bounded {
			r.Note = note
		}
		return
	}
	r.Expected = r.Mean
	upper, tail := farringtonPower(m.PowerTrans, r.Mean, r.SE*r.Mean, r.Phi, z, r.Observed)
	r.Tail = tail
	if !bounded {
		if m.Compat == "r" && r.Outcome == Quiet {
			r.Upper = 0
		}
		return
	}
	r.Upper = upper
	r.judge()
	if !isFinite(upper) {
		r.Outcome, r.Upper, r.Note = NotAssessed, math.NaN(), noteHuge
	} else if r.Missing > 0 {
		r.Note = noteSomeMissing
	} else if !all {
		r.Note = noteYoung
	}
}
