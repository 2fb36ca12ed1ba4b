// Package calendar has the stretches of time that figures are about: a [Day],
// and a [Period], which is a day, an ISO 8601 week, a month or a quarter. It
// knows no time zone: a day is a date.
package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Day is a date: days since 1970-01-01.
type Day int32

// DayOf is the date that t shows in its own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Date(y, m, d)
}

// Date is the day of that date; as in [time.Date], months and days run over.
func Date(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Time is the beginning of the day in UTC.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String is the date as 2020-03-01.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// MarshalText writes the day as [Day.String] does.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2020-03-01.
func (d *Day) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("%q is not a date like 2020-03-01", b)
	}
	*d = DayOf(t)
	return nil
}

// Length is how long a period is.
type Length string

const (
	Daily     Length = "day"
	Weekly    Length = "week" // ISO 8601: Monday to Sunday
	Monthly   Length = "month"
	Quarterly Length = "quarter"
)

// Lengths are all of them, the shortest first.
var Lengths = []Length{Daily, Weekly, Monthly, Quarterly}

// PerYear is the number of periods in a year, weeks and days rounded down to
// 52 and 365; 0 where the length is unknown.
func (l Length) PerYear() int {
	switch l {
	case Daily:
		return 365
	case Weekly:
		return 52
	case Monthly:
		return 12
	case Quarterly:
		return 4
	}
	return 0
}

// First is the first day of the period of that length with d in it.
func (l Length) First(d Day) Day {
	switch l {
	case Weekly:
		// 1970-01-01 was a Thursday.
		return d - Day(mod(int(d)+3, 7))
	case Monthly, Quarterly:
		t := d.Time()
		m := t.Month()
		if l == Quarterly {
			m -= (m - 1) % 3
		}
		return Date(t.Year(), m, 1)
	}
	return d
}

// Add is the first day of the period n after (n < 0: before) the one that
// begins on first.
func (l Length) Add(first Day, n int) Day {
	switch l {
	case Weekly:
		return first + Day(7*n)
	case Monthly, Quarterly:
		if l == Quarterly {
			n *= 3
		}
		t := first.Time()
		return Date(t.Year(), t.Month()+time.Month(n), 1)
	}
	return first + Day(n)
}

// Between is how many periods lie from the one that begins on a to the one
// that begins on b.
func (l Length) Between(a, b Day) int {
	switch l {
	case Weekly:
		return int(b-a) / 7
	case Monthly, Quarterly:
		ta, tb := a.Time(), b.Time()
		n := (tb.Year()-ta.Year())*12 + int(tb.Month()) - int(ta.Month())
		if l == Quarterly {
			n /= 3
		}
		return n
	}
	return int(b - a)
}

func mod(a, b int) int { return ((a % b) + b) % b }

// Period is a stretch of time: its length and first day.
type Period struct {
	Length Length
	First  Day
}

// Of is the period of that length with d in it.
func (l Length) Of(d Day) Period { return Period{l, l.First(d)} }

// Last is its last day.
func (p Period) Last() Day { return p.Length.Add(p.First, 1) - 1 }

// Next is the period n later.
func (p Period) Next(n int) Period { return Period{p.Length, p.Length.Add(p.First, n)} }

// Number is the year that the period belongs to and its number in it, from 1:
// the ISO year and week for weeks.
func (p Period) Number() (year, n int) {
	t := p.First.Time()
	switch p.Length {
	case Weekly:
		return t.ISOWeek()
	case Monthly:
		return t.Year(), int(t.Month())
	case Quarterly:
		return t.Year(), (int(t.Month()) + 2) / 3
	}
	return t.Year(), t.YearDay()
}

// String is 2020-03-01, 2020-W10, 2020-03 or 2020-Q1.
func (p Period) String() string {
	y, n := p.Number()
	switch p.Length {
	case Weekly:
		return fmt.Sprintf("%04d-W%02d", y, n)
	case Monthly:
		return fmt.Sprintf("%04d-%02d", y, n)
	case Quarterly:
		return fmt.Sprintf("%04d-Q%d", y, n)
	}
	return p.First.String()
}

// Parse reads what [Period.String] writes.
func Parse(s string) (Period, error) {
	bad := fmt.Errorf("%q is not a period: a day is written 2020-03-01, a week 2020-W10, a month 2020-03, a quarter 2020-Q1", s)
	if len(s) < 7 || s[4] != '-' {
		return Period{}, bad
	}
	y, err := strconv.ParseUint(s[:4], 10, 16)
	if err != nil {
		return Period{}, bad
	}
	switch rest := s[5:]; {
	case len(s) == 10:
		var d Day
		if err := d.UnmarshalText([]byte(s)); err != nil {
			return Period{}, bad
		}
		return Period{Daily, d}, nil
	case len(s) == 8 && strings.HasPrefix(rest, "W"):
		w, err := strconv.ParseUint(rest[1:], 10, 8)
		if err != nil || w < 1 || w > 53 {
			return Period{}, bad
		}
		// 4 January is always in week 1.
		p := Period{Weekly, Weekly.Add(Weekly.First(Date(int(y), time.January, 4)), int(w)-1)}
		if got, _ := p.Number(); got != int(y) {
			return Period{}, fmt.Errorf("%d has no week 53", y)
		}
		return p, nil
	case len(s) == 7 && rest[0] == 'Q':
		if rest[1] < '1' || rest[1] > '4' {
			return Period{}, bad
		}
		return Period{Quarterly, Date(int(y), time.Month(rest[1]-'1')*3+1, 1)}, nil
	case len(s) == 7:
		m, err := strconv.ParseUint(rest, 10, 8)
		if err != nil || m < 1 || m > 12 {
			return Period{}, bad
		}
		return Period{Monthly, Date(int(y), time.Month(m), 1)}, nil
	}
	return Period{}, bad
}
