package series

import (
	"fmt"
	"math"
	"sort"
	"time"
)

// farringtonCalendar finds the same period of earlier years: Freq periods
// before for each year, or with dates the same date, and of weeks the nearest
// week that begins on the same day of the week.
type farringtonCalendar struct {
	freq int
	time []time.Time // as in the series
	days []int       // since 1970, or none
	step int         // days from one date to the next where that is always the same, else 0
}

func newFarringtonCalendar(s *Series) (*farringtonCalendar, error) {
	c := &farringtonCalendar{freq: s.Freq, time: s.Dates}
	if len(s.Dates) == 0 {
		return c, nil
	}
	c.days = make([]int, len(s.Dates))
	for i, d := range s.Dates {
		c.days[i] = dayNumber(d.Date())
		if i > 0 && c.days[i] <= c.days[i-1] {
			return nil, fmt.Errorf("series: date %d, %s, is not after the one before it", i+1, d.Format(time.DateOnly))
		}
		switch {
		case i == 1:
			c.step = c.days[1] - c.days[0]
		case i > 1 && c.days[i]-c.days[i-1] != c.step:
			c.step = 0
		}
	}
	if n := len(c.days); n > 1 {
		year := float64(c.days[n-1]-c.days[0]) / float64(n-1) * float64(s.Freq)
		if year < 300 || year > 430 {
			return nil, fmt.Errorf("series: with these dates a year of %d periods has %.0f days", s.Freq, year)
		}
	}
	return c, nil
}

// periods is the time of each period, in periods. Where lengths differ it is in
// units of the first.
func (c *farringtonCalendar) periods(n int) []float64 {
	time := make([]float64, n)
	for i := range time {
		time[i] = float64(i)
		if c.days != nil && c.step == 0 && n > 1 {
			time[i] = float64(c.days[i]-c.days[0]) / float64(c.days[1]-c.days[0])
		}
	}
	return time
}

// dayNumber is the number of days since 1970.
func dayNumber(year int, month time.Month, day int) int {
	return int(math.Floor(float64(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()) / 86400))
}

// same is the period i years before k. It may lie before the series and is then
// negative; ok is false where no date of the series is the right one.
func (c *farringtonCalendar) same(k, i int) (period int, ok bool) {
	if c.days == nil {
		return k - c.freq*i, true
	}
	year, month, day := c.time[k].Date()
	target := dayNumber(year-i, month, day) // 29 February becomes 1 March
	if c.step == 7 || c.freq == 52 {
		target += ((c.days[k]-target+3)%7+7)%7 - 3
	}
	if c.step > 0 {
		d := target - c.days[0]
		period = int(math.Floor(float64(d) / float64(c.step)))
		return period, period*c.step == d
	}
	period = sort.SearchInts(c.days, target)
	if period < len(c.days) && c.days[period] == target {
		return period, true
	}
	// Before the series its dates are not known; the count of periods serves.
	before := k - c.freq*i
	return before, period == 0 && before < 0
}

// windows lays out the reference of the original method: the windows around the
// same period of earlier years. What lies before the series is cut off, and all
// is false where anything was; ok is false where nothing is left.
func (c *farringtonCalendar) windows(runs []farringtonRun, k, years, half int) (_ []farringtonRun, all, ok bool) {
	all = true
	for i := years; i > 0; i-- {
		p, found := c.same(k, i)
		if !found || p-half < 0 {
			all = false
		}
		if from, to := max(0, p-half), min(p+half+1, k); found && from < to {
			runs = append(runs, farringtonRun{from, to, 0})
		}
	}
	return runs, all, len(runs) > 0
}

// seasons lays out the reference of the flexible method up to period end: the
// windows at the last level, and with more than one level the gaps between
// them, cut into equal blocks with the longer ones first.
func (c *farringtonCalendar) seasons(runs []farringtonRun, k, years, half, levels, end int) (_ []farringtonRun, note string) {
	last := levels - 1
	add := func(from, to, level int) {
		from, to = max(from, 0), min(to, end)
		if from < to {
			runs = append(runs, farringtonRun{from, to, level})
		}
	}
	p, found := c.same(k, years)
	if found && p < 0 {
		return runs, noteShort
	}
	for i := years; i > 0; i-- {
		next, foundNext := k, true
		if i > 1 {
			next, foundNext = c.same(k, i-1)
		}
		if !found || !foundNext || next-p < 2*half+1 || next > k {
			return runs, noteNoDate
		}
		add(p-half, p+half+1, last)
		if levels > 1 {
			from, gap := p+half+1, next-p-2*half-1
			for block := range last {
				to := from + gap/last
				if block < gap%last {
					to++
				}
				add(from, to, block)
				from = to
			}
		}
		p, found = next, foundNext
	}
	add(k-half, k, last)
	if len(runs) == 0 {
		return runs, noteNoReference
	}
	return runs, ""
}
