package series

import (
	"math"
	"reflect"
	"testing"
	"time"
)

// Which counts a period rests on: every other one may change without effect.
func TestFarringtonReference(t *testing.T) {
	t.Parallel()
	base := make([]float64, 320)
	for i := range base {
		base[i] = 20 + 5*math.Sin(float64(i)) + float64(i%7)
	}
	const at = 300
	in := func(ranges ...[2]int) map[int]bool {
		set := map[int]bool{}
		for _, r := range ranges {
			for i := r[0]; i <= r[1]; i++ {
				set[i] = true
			}
		}
		return set
	}
	windows := in([2]int{at - 260 - 3, at - 260 + 3}, [2]int{at - 208 - 3, at - 208 + 3}, [2]int{at - 156 - 3, at - 156 + 3},
		[2]int{at - 104 - 3, at - 104 + 3}, [2]int{at - 52 - 3, at - 52 + 3})
	near := in([2]int{at - 3, at - 2})
	for i := range windows {
		near[i] = true
	}
	flexible := NewFarringtonFlexible()
	flexible.Trend = true
	narrow := flexible
	narrow.Levels, narrow.SkipLast = 1, 3
	nearer := narrow
	nearer.SkipLast = 1
	byDefault := narrow
	byDefault.SkipLast = -1
	for _, c := range []struct {
		name    string
		explain func(s *Series) ([]FarringtonReason, error)
		want    map[int]bool
	}{
		{"flexible", func(s *Series) ([]FarringtonReason, error) { return flexible.Explain(s, at, at+1) }, in([2]int{at - 263, at - 27})},
		{"windows only", func(s *Series) ([]FarringtonReason, error) { return narrow.Explain(s, at, at+1) }, windows},
		{"as many left out as the window is wide", func(s *Series) ([]FarringtonReason, error) { return byDefault.Explain(s, at, at+1) }, windows},
		{"up to the week before last", func(s *Series) ([]FarringtonReason, error) { return nearer.Explain(s, at, at+1) }, near},
		{"original", func(s *Series) ([]FarringtonReason, error) { return NewFarrington().Explain(s, at, at+1) }, windows},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &Series{Counts: append([]float64{}, base...), Freq: 52, Start: [2]int{2015, 1}}
			before, err := c.explain(s)
			if err != nil {
				t.Fatal(err)
			}
			for i := range base {
				if i == at {
					continue
				}
				s.Counts[i] += 4
				after, err := c.explain(s)
				if err != nil {
					t.Fatal(err)
				}
				s.Counts[i] = base[i]
				if changed := after[0].Mean != before[0].Mean || after[0].Phi != before[0].Phi; changed != c.want[i] {
					t.Errorf("the count %d periods before: changes the prediction %v, want %v", at-i, changed, c.want[i])
				}
			}
			if got, want := before[0].Reference, len(c.want); got != want {
				t.Errorf("%d reference values, want %d", got, want)
			}
		})
	}
}

// A year of 12 periods with w = 1 and 5 levels leaves 9 between the windows:
// blocks of 3, 2, 2, 2.
func TestFarringtonSeasons(t *testing.T) {
	t.Parallel()
	s := &Series{Counts: make([]float64, 40), Freq: 12, Start: [2]int{2015, 1}}
	c, err := newFarringtonCalendar(s)
	if err != nil {
		t.Fatal(err)
	}
	runs, note := c.seasons(nil, 30, 2, 1, 5, 30-4)
	want := []farringtonRun{
		{5, 8, 4}, {8, 11, 0}, {11, 13, 1}, {13, 15, 2}, {15, 17, 3},
		{17, 20, 4}, {20, 23, 0}, {23, 25, 1}, {25, 26, 2},
	}
	if note != "" || !reflect.DeepEqual(runs, want) {
		t.Errorf("seasons are %v (%s), want %v", runs, note, want)
	}
	if _, note := c.seasons(nil, 23, 2, 1, 5, 20); note != noteShort {
		t.Errorf("the same period two years before period 23 is not in the series, the note is %q", note)
	}
}

// Dates: the same date of earlier years, and of weeks the nearest week. 2020
// had 53 weeks, so going back by 52 misses by one.
func TestFarringtonDates(t *testing.T) {
	t.Parallel()
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		freq              int
		first, now, want2 string // two years before
	}{
		{52, "2017-01-02", "2021-03-01", "2019-03-04"}, // Monday nearest Friday, 1 March 2019
		{52, "2017-01-02", "2020-12-28", "2018-12-31"}, // nearest Friday, 28 December 2018
		{52, "2017-01-02", "2021-06-14", "2019-06-17"}, // nearest Friday
		{52, "2017-01-01", "2020-01-05", "2018-01-07"}, // weeks from Sunday
		{12, "2017-01-01", "2021-03-01", "2019-03-01"},
		{4, "2017-01-01", "2021-07-01", "2019-07-01"},
		{365, "2017-01-01", "2020-02-29", "2018-03-01"},
		{365, "2017-01-01", "2021-02-28", "2019-02-28"},
	} {
		s := &Series{Counts: make([]float64, 2000), Freq: c.freq, Start: [2]int{2017, 1}}
		if c.freq == 4 {
			for i := range s.Counts {
				s.Dates = append(s.Dates, time.Date(2017, time.Month(1+3*i), 1, 0, 0, 0, 0, time.UTC))
			}
		} else {
			s.Dates = plainFarringtonDates(day(c.first), c.freq, 2000)
		}
		cal, err := newFarringtonCalendar(s)
		if err != nil {
			t.Fatal(err)
		}
		k := -1
		for i, d := range s.Dates {
			if d.Equal(day(c.now)) {
				k = i
			}
		}
		if k < 0 {
			t.Fatalf("%s is not a date of the series", c.now)
		}
		got, ok := cal.same(k, 2)
		if !ok || got < 0 || !s.Dates[got].Equal(day(c.want2)) {
			t.Errorf("freq %d: two years before %s is period %d (%v), want %s", c.freq, c.now, got, ok, c.want2)
		}
	}
	s := &Series{Counts: make([]float64, 3), Freq: 52, Dates: []time.Time{day("2020-01-06"), day("2020-01-06"), day("2020-01-20")}}
	if _, err := NewFarringtonFlexible().Detect(s, 0, 3); err == nil {
		t.Error("dates that stand still are taken")
	}
}
