package indicator_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatortest"
	"lapwing/series"

	"github.com/google/go-cmp/cmp"
)

func TestFiguresOfASelection(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		fr, p2p := de, de
		fr.Geography, fr.Source = "FR", "inhope"
		p2p.Indicator = "p2p"
		d.Take(fig(fr, "2025-10", 1), fig(de, "2025-12", 2), fig(de, "2025-10", 3), fig(de, "2025-W40", 4), fig(p2p, "2025-10-31", 5), gap(fr, "2025-11", indicator.Suppressed))
		all := []string{"p2p/ncmec/DE/day 2025-10-31 5", "referrals/inhope/FR/month 2025-10 1", "referrals/inhope/FR/month 2025-11 suppressed",
			"referrals/ncmec/DE/month 2025-10 3", "referrals/ncmec/DE/month 2025-12 2", "referrals/ncmec/DE/week 2025-W40 4"}
		pick := func(is ...int) (out []string) {
			for _, i := range is {
				out = append(out, all[i])
			}
			return out
		}
		for _, c := range []struct {
			sel  indicator.Selection
			want []int
		}{
			{indicator.Selection{}, []int{0, 1, 2, 3, 4, 5}},
			{indicator.Selection{Indicators: []string{"referrals"}}, []int{1, 2, 3, 4, 5}},
			{indicator.Selection{Sources: []string{"inhope", "nobody"}}, []int{1, 2}},
			{indicator.Selection{Geographies: []string{"DE"}, Length: calendar.Monthly}, []int{3, 4}},
			{indicator.Selection{From: calendar.Date(2025, 10, 2)}, []int{0, 2, 4}},
			{indicator.Selection{From: calendar.Date(2025, 10, 1), To: calendar.Date(2025, 10, 1)}, []int{1, 3}},
			{indicator.Selection{To: calendar.Date(2025, 9, 30)}, []int{5}},
			{indicator.Selection{To: 1 << 30}, []int{0, 1, 2, 3, 4, 5}},
			{indicator.One(de), []int{3, 4}},
		} {
			lines(t, d.Known(c.sel), pick(c.want...)...)
			list, err := d.Series(t.Context(), c.sel)
			n := int64(0)
			for _, sr := range list {
				n += sr.Periods
			}
			if err != nil || n != int64(len(c.want)) {
				t.Errorf("%+v: the list has %d periods, want %d: %v", c.sel, n, len(c.want), err)
			}
		}
		stop := errors.New("stop")
		if err := d.Figures(t.Context(), indicator.Selection{}, func(indicator.Figure) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("a question that was stopped: %v", err)
		}
	})
}

func TestWhatChangedSince(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		first := d.Clock.Now()
		d.Take(fig(de, "2025-09", 1), fig(de, "2025-10", 1), fig(de, "2025-11", 1))
		for value := 2; value <= 3; value++ {
			d.Clock.Move(time.Hour)
			// October changes and stays so, November goes and comes back, December is new.
			d.Take(fig(de, "2025-10", float64(value)), fig(de, "2025-11", float64(3-value)*2+1), fig(de, "2025-12", 7))
		}
		last := d.Clock.Now()
		changed := func(since, until time.Time) (out []string) {
			err := d.Changed(t.Context(), indicator.Selection{}, since, until, func(c indicator.Change) error {
				before := "new"
				if c.Before != nil {
					before = indicatortest.Says(*c.Before)
				}
				out = append(out, fmt.Sprintf("%v %s>%s in %d", c.Length.Of(c.After.First), before, indicatortest.Says(c.After), c.Steps))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		lines(t, changed(first, time.Time{}), "2025-10 1>3 in 2", "2025-12 new>7 in 1")
		lines(t, changed(first, last.Add(-time.Minute)), "2025-10 1>2 in 1", "2025-11 1>3 in 1", "2025-12 new>7 in 1")
		lines(t, changed(last.Add(-time.Hour), last), "2025-10 2>3 in 1", "2025-11 3>1 in 1")
		lines(t, changed(last, last.Add(time.Hour)))
		lines(t, changed(time.Time{}, first), "2025-09 new>1 in 1", "2025-10 new>1 in 1", "2025-11 new>1 in 1")
		if err := d.Changed(t.Context(), indicator.Selection{}, last, first, nil); fault.KindOf(err) != fault.Invalid {
			t.Errorf("from later to earlier: %v", err)
		}
		var steps []string
		err := d.Revisions(t.Context(), indicator.Selection{From: calendar.Date(2025, 10, 2)}, func(r indicator.Revision) error {
			steps = append(steps, fmt.Sprintf("%v %s>%s batch %d", r.Length.Of(r.After.First), indicatortest.Says(r.Before), indicatortest.Says(r.After), r.Batch))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		lines(t, steps, "2025-11 1>3 batch 2", "2025-11 3>1 batch 3")
	})
}

func TestRunsHaveNoGaps(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		day, week := de, de
		day.Geography = "FR"
		week.Geography = "AT"
		d.Take(fig(de, "2025-10", 1), gap(de, "2025-12", indicator.Unavailable), fig(de, "2026-01", 0),
			fig(day, "2025-12-31", 4), fig(day, "2026-01-03", 5), fig(week, "2020-W53", 6), fig(week, "2021-W02", 7))
		var got []string
		err := d.Runs(t.Context(), indicator.Selection{}, func(r indicator.Run) error {
			s := fmt.Sprintf("%v from %v freq %d:", r.Key, r.Series.Start, r.Series.Freq)
			for i, o := range r.Known {
				s += " " + indicatortest.Says(o)
				if series.IsMissing(r.Series.Counts[i]) != (o.Status != indicator.Observed) || o.Status == indicator.Observed && r.Series.Counts[i] != o.Value {
					t.Errorf("%v: %s is %v for the methods", r.Period(i), indicatortest.Says(o), r.Series.Counts[i])
				}
				if !r.Series.Dates[i].Equal(o.First.Time()) || r.Period(i).First != o.First {
					t.Errorf("%v begins on %v", r.Period(i), r.Series.Dates[i])
				}
				if o.Status == indicator.NotReported && !o.Learned.IsZero() {
					t.Errorf("%v was learned on %v", r.Period(i), o.Learned)
				}
			}
			if err := r.Series.Check(); err != nil {
				t.Error(err)
			}
			got = append(got, s)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		lines(t, got, "referrals/ncmec/AT/week from [2020 53] freq 52: 6 not reported 7",
			"referrals/ncmec/DE/month from [2025 10] freq 12: 1 not reported unavailable 0",
			"referrals/ncmec/FR/day from [2025 365] freq 365: 4 not reported not reported 5")

		// Between two days; what has not begun is not missing.
		var known []indicator.Observation
		sel := indicator.One(de)
		sel.From, sel.To = calendar.Date(2025, 11, 15), calendar.Date(2026, 12, 31)
		err = d.Runs(t.Context(), sel, func(r indicator.Run) error { known = r.Known; return nil })
		if err != nil || len(known) != 5 || known[0].First != calendar.Date(2025, 11, 1) || known[4].First != calendar.Date(2026, 3, 1) || known[4].Status != indicator.NotReported {
			t.Errorf("from November to the end of the next year, in March: %+v, %v", known, err)
		}
		sel.AsOf = d.Clock.Now().Add(-time.Hour)
		if err := d.Runs(t.Context(), sel, func(r indicator.Run) error { t.Errorf("before anything was known: %+v", r); return nil }); err != nil {
			t.Error(err)
		}
	})
}

func TestDense(t *testing.T) {
	t.Parallel()
	o := indicator.Observation{First: calendar.Date(2025, 1, 1), Value: 3}
	for name, c := range map[string]struct {
		os       []indicator.Observation
		from, to calendar.Day
		length   calendar.Length
		want     int
	}{
		"nothing":          {nil, 0, 0, calendar.Daily, 0},
		"nothing, bounds":  {nil, o.First, o.First + 9, calendar.Daily, 10},
		"one":              {[]indicator.Observation{o}, 0, 0, calendar.Monthly, 1},
		"backwards":        {[]indicator.Observation{o}, o.First + 9, o.First, calendar.Daily, 0},
		"no length":        {[]indicator.Observation{o}, 0, 0, "", 0},
		"the end of time":  {[]indicator.Observation{o}, 0, 1<<31 - 1, calendar.Quarterly, 496},
		"the dawn of time": {[]indicator.Observation{o}, -1 << 31, 0, calendar.Quarterly, 181},
		"outside":          {[]indicator.Observation{o}, o.First + 100, o.First + 101, calendar.Daily, 2},
	} {
		r := indicator.Dense(indicator.Key{Length: c.length}, c.os, c.from, c.to)
		if len(r.Known) != c.want || r.Series.Len() != c.want || len(r.Series.Dates) != c.want {
			t.Errorf("%s: %d periods, want %d", name, len(r.Known), c.want)
		}
	}
	if d := cmp.Diff([]indicator.Observation{o}, indicator.Dense(indicator.Key{Length: calendar.Monthly}, []indicator.Observation{o}, 0, 0).Known); d != "" {
		t.Error(d)
	}
}
