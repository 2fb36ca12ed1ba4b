package indicator

import (
	"context"
	"slices"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
)

// A Selection says which figures a question is about. The zero Selection
// selects all, as they are known now.
type Selection struct {
	Indicators  []string // none: all
	Sources     []string
	Geographies []string
	Length      calendar.Length // "": all
	From, To    calendar.Day    // periods that begin on From or later, and on To or earlier; 0: no bound
	AsOf        time.Time       // as known on; zero: now
}

// days are the bounds of the selection.
func (sel *Selection) days() (from, to calendar.Day) {
	from, to = max(sel.From, MinDay), MaxDay
	if sel.To != 0 {
		to = min(sel.To, MaxDay)
	}
	return from, to
}

// One selects one series.
func One(k Key) Selection {
	return Selection{Indicators: []string{k.Indicator}, Sources: []string{k.Source}, Geographies: []string{k.Geography}, Length: k.Length}
}

// Series lists the series of a selection in the order of their keys: those of
// which something is known. What a list shows of each is over all its periods
// between From and To, as known on AsOf.
func (s *Service) Series(ctx context.Context, sel Selection) (out []Series, err error) {
	err = s.Store.Snapshot(ctx, func(ctx context.Context) error {
		out, err = s.Store.List(ctx, sel)
		if err != nil || sel.AsOf.IsZero() && sel.From == 0 && sel.To == 0 {
			return err
		}
		for i := range out {
			if err := s.count(ctx, &out[i], &sel); err != nil {
				return err
			}
		}
		return nil
	})
	return slices.DeleteFunc(out, func(sr Series) bool { return sr.Periods == 0 }), err
}

// count counts anew what the selection selects of a series.
func (s *Service) count(ctx context.Context, sr *Series, sel *Selection) error {
	sr.First, sr.Last, sr.Periods, sr.Revisions, sr.Learned = 0, 0, 0, 0, time.Time{}
	from, to := sel.days()
	return s.Store.Observations(ctx, sr.ID, from, to, sel.AsOf, func(o *Stored) error {
		switch {
		case sr.Periods == 0:
			sr.First, sr.Last, sr.Periods = o.First, o.First, 1
		case sr.Last != o.First:
			sr.Last, sr.Periods = o.First, sr.Periods+1
		default:
			sr.Revisions++
		}
		if o.Learned.After(sr.Learned) {
			sr.Learned = o.Learned
		}
		return nil
	})
}

// Figures calls each with the figures of a selection, in the order of keys and
// periods: of each period what counts, as known on sel.AsOf. A period of which
// nothing was known is not among them.
func (s *Service) Figures(ctx context.Context, sel Selection, each func(Figure) error) error {
	return s.perSeries(ctx, sel, func(ctx context.Context, sr *Series) error {
		return s.known(ctx, sr, &sel, func(o *Stored) error { return each(Figure{sr.Key, o.Observation}) })
	})
}

// perSeries calls fn with the series of a selection in the order of keys, in
// one snapshot.
func (s *Service) perSeries(ctx context.Context, sel Selection, fn func(ctx context.Context, sr *Series) error) error {
	return s.Store.Snapshot(ctx, func(ctx context.Context) error {
		list, err := s.Store.List(ctx, sel)
		if err != nil {
			return err
		}
		for i := range list {
			if err := fn(ctx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// known calls each with what counts of each period.
func (s *Service) known(ctx context.Context, sr *Series, sel *Selection, each func(*Stored) error) error {
	return s.periods(ctx, sr, sel, sel.AsOf, func(os []Stored) error { return each(&os[len(os)-1]) })
}

// periods calls each with the observations of each period that were learned
// up to then (zero: all), in the order in which they came to count.
func (s *Service) periods(ctx context.Context, sr *Series, sel *Selection, upTo time.Time, each func([]Stored) error) error {
	from, to := sel.days()
	var os []Stored
	err := s.Store.Observations(ctx, sr.ID, from, to, upTo, func(o *Stored) error {
		if len(os) > 0 && os[0].First != o.First {
			if err := each(inOrder(os)); err != nil {
				return err
			}
			os = os[:0]
		}
		os = append(os, *o)
		return nil
	})
	if err != nil || len(os) == 0 {
		return err
	}
	return each(inOrder(os))
}

func inOrder(os []Stored) []Stored {
	if len(os) > 1 {
		slices.SortFunc(os, func(a, b Stored) int {
			if a.after(&b) {
				return 1
			}
			return -1
		})
	}
	return os
}

// A Revision is a step in what was known of a period.
type Revision struct {
	Key
	Before Observation `json:"before"`
	After  Observation `json:"after"`
	Batch  int64       `json:"batch"` // that brought it
}

// Revisions calls each with every step by which the figures of a selection
// changed, in the order of keys and periods, and of one period by when it was
// learned. The first that was known of a period is no revision.
func (s *Service) Revisions(ctx context.Context, sel Selection, each func(Revision) error) error {
	return s.perSeries(ctx, sel, func(ctx context.Context, sr *Series) error {
		return s.periods(ctx, sr, &sel, sel.AsOf, func(os []Stored) error {
			for i := 1; i < len(os); i++ {
				if os[i].Same(os[i-1].Observation) {
					continue
				}
				if err := each(Revision{sr.Key, os[i-1].Observation, os[i].Observation, os[i].Batch}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// A Change is what became of a period between two times.
type Change struct {
	Key
	Before *Observation `json:"before,omitempty"` // nil: nothing was known of it
	After  Observation  `json:"after"`
	Steps  int          `json:"steps"` // observations that were learned in between
}

// Changed calls each with the figures of a selection that differ between what
// was known at the time since and at the time until (zero: now), in the order
// of keys and periods: those that were revised, and those that are new.
// sel.AsOf is not asked.
func (s *Service) Changed(ctx context.Context, sel Selection, since, until time.Time, each func(Change) error) error {
	if !until.IsZero() && until.Before(since) {
		return fault.New(fault.Invalid, "what changed between %s and %s: the first time is the later one", since.Format(time.RFC3339), until.Format(time.RFC3339))
	}
	return s.perSeries(ctx, sel, func(ctx context.Context, sr *Series) error {
		if !sr.Learned.After(since) {
			return nil
		}
		return s.periods(ctx, sr, &sel, until, func(os []Stored) error {
			n := len(os)
			for n > 0 && os[n-1].Learned.After(since) {
				n--
			}
			if n == len(os) || n > 0 && os[n-1].Same(os[len(os)-1].Observation) {
				return nil
			}
			c := Change{Key: sr.Key, After: os[len(os)-1].Observation, Steps: len(os) - n}
			if n > 0 {
				before := os[n-1].Observation
				c.Before = &before
			}
			return each(c)
		})
	})
}
