package indicator

import (
	"context"
	"time"

	"lapwing/internal/calendar"
	"lapwing/series"
)

// A Run is a series without gaps: one observation for each of its periods, and
// the same as the methods of package series take it.
type Run struct {
	Key
	// Known has an observation for each period. A period of which nothing is
	// known, or nothing was on AsOf, is NotReported there, with a zero Learned.
	Known []Observation
	// Series has the values, and series.Missing where the status is not
	// Observed. It is never zero for a period without a figure.
	Series series.Series
}

// Period is the period of the index.
func (r *Run) Period(i int) calendar.Period {
	return calendar.Period{Length: r.Length, First: r.Known[i].First}
}

// Dense makes a run of observations, which are in the order of their periods
// with each at most once. It goes from the period with from in it to the one
// with to in it; 0 is the first, or the last, of the observations.
func Dense(k Key, os []Observation, from, to calendar.Day) Run {
	r := Run{Key: k}
	if from == 0 && len(os) > 0 {
		from = os[0].First
	}
	if to == 0 && len(os) > 0 {
		to = os[len(os)-1].First
	}
	r.Series.Freq = k.Length.PerYear()
	if r.Series.Freq == 0 || from == 0 || to < from {
		return r
	}
	first := k.Length.Of(max(from, MinDay))
	n := k.Length.Between(first.First, k.Length.First(min(to, MaxDay))) + 1
	if n <= 0 {
		return r
	}
	year, number := first.Number()
	r.Series.Start = [2]int{year, number}
	r.Known = make([]Observation, n)
	r.Series.Counts = make([]float64, n)
	r.Series.Dates = make([]time.Time, n)
	for i, day := 0, first.First; i < n; i, day = i+1, k.Length.Add(day, 1) {
		for len(os) > 0 && os[0].First < day {
			os = os[1:]
		}
		o := Observation{First: day, Status: NotReported}
		if len(os) > 0 && os[0].First == day {
			o = os[0]
		}
		r.Known[i], r.Series.Counts[i], r.Series.Dates[i] = o, series.Missing, day.Time()
		if o.Status == Observed {
			r.Series.Counts[i] = o.Value
		}
	}
	return r
}

// Runs calls each with the series of a selection without gaps, in the order of
// keys. A run goes from sel.From to sel.To; where one of them is 0, from the
// first or to the last period of which something was known. It ends where the
// future begins. Series of which nothing was known are left out.
func (s *Service) Runs(ctx context.Context, sel Selection, each func(Run) error) error {
	today := sel.AsOf
	if today.IsZero() {
		today = s.now()
	}
	to := sel.To
	if to != 0 {
		to = min(to, dayOnEarth(today))
	}
	return s.perSeries(ctx, sel, func(ctx context.Context, sr *Series) error {
		var os []Observation
		err := s.known(ctx, sr, &sel, func(o *Stored) error { os = append(os, o.Observation); return nil })
		if err != nil || len(os) == 0 {
			return err
		}
		return each(Dense(sr.Key, os, sel.From, to))
	})
}
