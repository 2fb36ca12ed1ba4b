package indicator_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatortest"
)

// counter holds counts by basis, country and day.
type counter map[bool]map[string]map[calendar.Day]int64

func (c counter) CountReferrals(_ context.Context, byIncident bool, each func(string, int64, int64) error) error {
	for _, country := range slices.Sorted(maps.Keys(c[byIncident])) {
		days := c[byIncident][country]
		for _, d := range slices.Sorted(maps.Keys(days)) {
			if days[d] > 0 {
				if err := each(country, int64(d), days[d]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func TestCountOwn(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		today := calendar.Date(2026, 3, 1) // see indicatortest.New
		received := map[string]map[calendar.Day]int64{
			"":   {today - 10: 4, today: 1, today + 1: 9},
			"DE": {today - 10: 3, today: 1},
			"FR": {today - 10: 2},
		}
		incident := map[string]map[calendar.Day]int64{"": {today - 91: 1, today - 89: 2}, "DE": {today - 91: 1, today - 89: 2}}
		d.Counter = counter{false: received, true: incident}
		count := func(accepted, updated, duplicate int64) {
			t.Helper()
			res, err := d.CountOwn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want(t, res, accepted, updated, duplicate, 0)
		}
		// Eleven days for three series, and 92 for two.
		count(3*11+2*92, 0, 0)
		count(0, 0, 3*11+2*92)
		known := func(indicatorName, geography string, from calendar.Day) string {
			var out []string
			sel := indicator.Selection{Indicators: []string{indicatorName}, Sources: []string{"desk"}, Geographies: []string{geography}, From: from}
			for _, l := range d.Known(sel) {
				out = append(out, l[strings.LastIndexByte(l, ' ')+1:])
			}
			return strings.Join(out, " ")
		}
		check := func(indicatorName, geography string, from calendar.Day, want string) {
			t.Helper()
			if got := known(indicatorName, geography, from); got != want {
				t.Errorf("%s of %s from %v: %s\nwant %s", indicatorName, geography, from, got, want)
			}
		}
		// A day without referrals is zero; the last seven days are provisional.
		check("referrals", "ALL", 0, "4 0 0 0 0? 0? 0? 0? 0? 0? 1?")
		check("referrals", "DE", 0, "3 0 0 0 0? 0? 0? 0? 0? 0? 1?")
		check("referrals", "FR", 0, "2 0 0 0 0? 0? 0? 0? 0? 0? 0?")
		check("referrals-by-incident", "DE", 0, "1 0 2?"+strings.Repeat(" 0?", 89))

		// The next day: what was to come has come, a day has become final, an
		// older one was revised, and the only referral of a country was taken back.
		before := d.Clock.Now()
		d.Clock.Move(24 * time.Hour)
		received[""][today-10] = 2
		delete(received, "FR")
		count(3*1+2*1, 1+1+3*1+2*1, (3*11-5)+(2*92-2))
		check("referrals", "ALL", 0, "2 0 0 0 0 0? 0? 0? 0? 0? 1? 9?")
		check("referrals", "FR", 0, "0 0 0 0 0 0? 0? 0? 0? 0? 0? 0?")
		if got := d.Known(indicator.Selection{Geographies: []string{"FR"}, AsOf: before, To: today - 10}); len(got) != 1 || !strings.HasSuffix(got[0], " 2") {
			t.Errorf("as known the day before: %q", got)
		}
		// Nothing is left of the first days: they are zero, not what they were.
		clear(received)
		received[""] = map[calendar.Day]int64{today: 1}
		if _, err := d.CountOwn(t.Context()); err != nil {
			t.Fatal(err)
		}
		check("referrals", "ALL", 0, "0 0 0 0 0 0? 0? 0? 0? 0? 1? 0?")
		check("referrals", "DE", 0, "0 0 0 0 0 0? 0? 0? 0? 0? 0? 0?")
		d.Whole()
	})
}

func TestCountOwnWithoutReferrals(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		for _, c := range []indicator.Counter{nil, counter{}} {
			d.Counter = c
			if res, err := d.CountOwn(t.Context()); err != nil || res.Read != 0 {
				t.Errorf("%+v, %v", res, err)
			}
		}
		// Long ago: counts are kept, zeros only for ten years.
		today := calendar.Date(2026, 3, 1)
		d.Counter = counter{false: {"": {calendar.Date(1970, 5, 5): 1, calendar.Date(1999, 12, 31): 2, today: 3}}}
		res, err := d.CountOwn(t.Context())
		if err != nil || res.Accepted != 1+10*366+1 {
			t.Errorf("%+v, %v; want %d", res, err, 1+10*366+1)
		}
	})
}

func TestTally(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		today := calendar.Date(2026, 3, 1)
		for _, c := range []struct {
			indicator, geography string
			day                  calendar.Day
			n                    int64
			want                 fault.Kind
			ok                   bool
		}{
			{"blocked-attempts", "DE", today, 3, 0, true},
			{"blocked-attempts", "DE", today, 4, 0, true},
			{"blocked-attempts", "FR", today, 0, 0, true}, // it ran, and nobody came
			{"blocked-attempts", "DE", today - 1, 1, 0, true},
			{"public-reports", "DE", today, 1, 0, true},
			{"p2p", "DE", today, 1, fault.Invalid, false},
			{"nothing", "DE", today, 1, fault.NotFound, false},
			{"blocked-attempts", "XY", today, 1, fault.Invalid, false},
			{"blocked-attempts", "DE", today, -1, fault.Invalid, false},
			{"blocked-attempts", "DE", today - 3, 1, fault.Invalid, false},
			{"blocked-attempts", "DE", today + 3, 1, fault.Invalid, false},
		} {
			err := d.Tally(t.Context(), c.indicator, c.geography, c.day, c.n)
			if c.ok != (err == nil) || !c.ok && fault.KindOf(err) != c.want {
				t.Errorf("%+v: %v", c, err)
			}
		}
		for range 2 {
			if _, err := d.CountOwn(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		lines(t, d.Known(indicator.Selection{}), "blocked-attempts/desk/DE/day 2026-02-28 1", "blocked-attempts/desk/DE/day 2026-03-01 7?", "blocked-attempts/desk/FR/day 2026-03-01 0?", "public-reports/desk/DE/day 2026-03-01 1?")
		d.Clock.Move(24 * time.Hour)
		if err := d.Tally(t.Context(), "blocked-attempts", "DE", today, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := d.CountOwn(t.Context()); err != nil {
			t.Fatal(err)
		}
		// The day is over, and no figure is made up for the new one.
		lines(t, d.Known(indicator.Selection{Geographies: []string{"DE"}, From: today}), "blocked-attempts/desk/DE/day 2026-03-01 8", "public-reports/desk/DE/day 2026-03-01 1")
		d.Whole()
	})
}

// Of a tally nothing is kept but the count: no time, nobody, no audit entry of
// its own.
func TestTallyKeepsNothingElse(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		if err := d.Tally(t.Context(), "blocked-attempts", "DE", calendar.Date(2026, 3, 1), 1); err != nil {
			t.Fatal(err)
		}
		var columns []string
		cs, err := d.DB.Columns(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var tables []string
		for _, c := range cs {
			if c.Table == "indicator_tally" {
				columns = append(columns, c.Name)
			}
			if !slices.Contains(tables, c.Table) && !strings.HasPrefix(c.Table, "goose_") && !strings.HasPrefix(c.Table, "river_") && !strings.HasPrefix(c.Table, "sqlite_") {
				tables = append(tables, c.Table)
			}
		}
		if want := []string{"indicator", "geography", "day", "n"}; !slices.Equal(columns, want) {
			t.Errorf("columns %q, want %q", columns, want)
		}
		for _, table := range tables {
			var n int
			if err := d.DB.R(t.Context()).QueryRowContext(t.Context(), fmt.Sprintf("SELECT COUNT(*) FROM %s", table)).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if want := 0; table != "indicator_tally" && n != want || table == "indicator_tally" && n != 1 {
				t.Errorf("%s has %d rows", table, n)
			}
		}
	})
}
