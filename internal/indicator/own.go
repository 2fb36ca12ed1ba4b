package indicator

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
)

// A Counter counts the desk's own referrals.
type Counter interface {
	// CountReferrals calls each with the number of referrals that concern a
	// country, for each day (since 1970-01-01, UTC) that has any, in the order
	// of country and day: by the day on which they were received, or of the
	// incident. A referral is counted once in each of its countries and once
	// for the country "", whatever its versions; one that was taken back is
	// not counted.
	CountReferrals(ctx context.Context, byIncident bool, each func(country string, day, n int64) error) error
}

// The desk's own counts of referrals are series of the source [OwnSource] by
// day, for each country and for [All].
const (
	Referrals           = "referrals"             // by the day on which they were received
	ReferralsByIncident = "referrals-by-incident" // by the day of the incident
)

// Days after which an own count is final: until then it is provisional,
// because referrals of that day still come in.
const (
	openReceived = 7
	openIncident = 90
)

// countsBack is for how many days before today a day without referrals is
// recorded as zero. On days further back only counts are.
const countsBack = 10 * 366

// CountOwn counts what the desk has counted itself, its referrals and its
// tallies, and records it: counts that changed are revisions. To run it again
// changes nothing but what has changed.
//
// A day without referrals is zero, because the desk knows it, from its first
// referral on. A day without a tally is no figure: the page that counts may
// not have run.
func (s *Service) CountOwn(ctx context.Context) (res Result, err error) {
	defer fault.Wrap(&err, "count the desk's own figures")
	today := calendar.DayOf(s.now())
	var own []ownCount
	add := func(k *Key, day calendar.Day, n int64, provisional bool) {
		if day >= MinDay && day <= today {
			own = append(own, ownCount{k, day, provisional, n})
		}
	}
	err = s.Store.Snapshot(ctx, func(ctx context.Context) error {
		if s.Counter != nil {
			for _, by := range []struct {
				indicator string
				incident  bool
				open      calendar.Day
			}{{Referrals, false, openReceived}, {ReferralsByIncident, true, openIncident}} {
				err := s.countReferrals(ctx, by.indicator, by.incident, today, func(k *Key, day calendar.Day, n int64) { add(k, day, n, day+by.open > today) })
				if err != nil {
					return err
				}
			}
		}
		return s.Store.Tallies(ctx, func(indicator, geography string, day calendar.Day, n int64) error {
			add(&Key{indicator, OwnSource, geography, calendar.Daily}, day, n, day >= today)
			return nil
		})
	})
	if err != nil {
		return res, err
	}
	return s.importing(ctx, identity.System("count"), Request{Inputs: "own counts", Rows: func(yield func(Row, error) bool) {
		for _, c := range own {
			f := Figure{*c.key, Observation{First: c.day, Value: float64(c.n), Provisional: c.provisional}}
			if !yield(Row{Place: c.key.String(), Figure: f}, nil) {
				return
			}
		}
	}}, true)
}

type ownCount struct {
	key         *Key
	day         calendar.Day
	provisional bool
	n           int64
}

type dayCount struct {
	day calendar.Day
	n   int64
}

// countReferrals adds the counts of one indicator: those of days with
// referrals, and zero for all others.
func (s *Service) countReferrals(ctx context.Context, indicator string, incident bool, today calendar.Day, add func(*Key, calendar.Day, int64)) error {
	counts := map[string][]dayCount{}
	err := s.Counter.CountReferrals(ctx, incident, func(country string, day, n int64) error {
		if day >= int64(MinDay) && day <= int64(today) {
			geography := cmp.Or(country, All)
			counts[geography] = append(counts[geography], dayCount{calendar.Day(day), n})
		}
		return nil
	})
	if err != nil {
		return err
	}
	from := today + 1
	if all := counts[All]; len(all) > 0 {
		from = max(all[0].day, today-countsBack)
	}
	// A day that had a count and has none any more is zero, too.
	had := map[string]map[calendar.Day]bool{}
	err = s.Figures(ctx, Selection{Indicators: []string{indicator}, Sources: []string{OwnSource}, Length: calendar.Daily}, func(f Figure) error {
		if had[f.Geography] == nil {
			had[f.Geography] = map[calendar.Day]bool{}
		}
		had[f.Geography][f.First] = true
		if counts[f.Geography] == nil {
			counts[f.Geography] = []dayCount{}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, g := range slices.Sorted(maps.Keys(counts)) {
		k := &Key{indicator, OwnSource, g, calendar.Daily}
		days := map[calendar.Day]int64{}
		for d := range had[g] {
			days[d] = 0
		}
		for d := from; d <= today; d++ {
			days[d] = 0
		}
		for _, c := range counts[g] {
			days[c.day] = c.n
		}
		for _, d := range slices.Sorted(maps.Keys(days)) {
			add(k, d, days[d])
		}
	}
	return nil
}

// How far from today a tally may be: a request that began before midnight may
// end after it.
const tallyDays = 2

// Tally adds n to what the desk itself counted of an indicator on a day:
// durable when it returns, and nothing is kept of whom or what it counted, nor
// of when. To add 0 says that the counting ran that day. The counts become
// figures with [Service.CountOwn].
func (s *Service) Tally(ctx context.Context, indicator, geography string, day calendar.Day, n int64) (err error) {
	defer fault.Wrap(&err, "tally")
	today := calendar.DayOf(s.now())
	d, err := s.Definition(ctx, indicator, time.Time{})
	if err != nil {
		return err
	}
	p := geographyProblem(geography)
	switch {
	case !d.Own:
		return fault.New(fault.Invalid, "the desk does not count %s itself: its definition says so", d.ID)
	case p != "":
		return fault.New(fault.Invalid, "%s", p)
	case n < 0 || n > MaxValue:
		return fault.New(fault.Invalid, "a tally adds 0 or more, not %d", n)
	case day < today-tallyDays || day > today+tallyDays:
		return fault.New(fault.Invalid, "a tally is of today (%v), not of %v", today, day)
	}
	return s.Store.Tally(ctx, indicator, geography, day, n)
}
