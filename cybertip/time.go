package cybertip

import "time"

// parseDateTime reads xs:dateTime (XML Schema part 2, 3.2.7) with four-digit years. Loosely it also takes a blank or a
// small t before the time, no seconds, no time at all, and the zones z, UTC, GMT, +hhmm and +hh, also behind a blank.
func parseDateTime(s string) (Time, form) {
	r := timeReader{rest: s, form: exact}
	year, month, day := r.date()
	var hour, minute, second, nano int
	hasTime := true
	switch {
	case r.take('T'):
	case r.take(' '), r.take('t'):
		r.form = min(r.form, loose)
	default:
		r.form = min(r.form, loose)
		hasTime = false
	}
	if hasTime {
		hour, minute, second, nano = r.clock()
	}
	return r.finish(s, time.Date(year, time.Month(month), day, hour, minute, second, nano, time.UTC))
}

// parseDate reads xs:date (3.2.9); loosely it takes what parseDateTime takes and keeps the day.
func parseDate(s string) (Time, form) {
	r := timeReader{rest: s, form: exact}
	year, month, day := r.date()
	if len(r.rest) > 0 && (r.rest[0]|0x20 == 't' || r.rest[0] == ' ' && len(r.rest) > 2 && isDigit(r.rest[1])) {
		r.rest = r.rest[1:]
		r.clock()
		r.form = min(r.form, loose)
	}
	t, f := r.finish(s, time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC))
	if f != bad {
		t.T = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC) // a day does not move with its zone
	}
	return t, f
}

type timeReader struct {
	rest string
	form form
	east int // offset of the zone in minutes
	zone bool
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (r *timeReader) take(c byte) bool {
	if len(r.rest) > 0 && r.rest[0] == c {
		r.rest = r.rest[1:]
		return true
	}
	return false
}

// number reads exactly n digits.
func (r *timeReader) number(n, low, high int) int {
	v := 0
	if len(r.rest) < n {
		r.form, r.rest = bad, ""
		return low
	}
	for i := range n {
		if !isDigit(r.rest[i]) {
			r.form = bad
			return low
		}
		v = v*10 + int(r.rest[i]-'0')
	}
	r.rest = r.rest[n:]
	if v < low || v > high {
		r.form = bad
		return low
	}
	return v
}

func (r *timeReader) need(c byte) {
	if !r.take(c) {
		r.form = bad
	}
}

func (r *timeReader) date() (year, month, day int) {
	year = r.number(4, 1, 9999)
	r.need('-')
	month = r.number(2, 1, 12)
	r.need('-')
	day = r.number(2, 1, daysIn(year, month))
	return year, month, day
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func (r *timeReader) clock() (hour, minute, second, nano int) {
	hour = r.number(2, 0, 24)
	r.need(':')
	minute = r.number(2, 0, 59)
	if r.take(':') {
		second = r.number(2, 0, 59)
		if r.take('.') {
			nano = r.fraction()
		}
	} else {
		r.form = min(r.form, loose)
	}
	if hour == 24 && minute|second|nano != 0 { // 24:00:00 is the end of the day
		r.form = bad
	}
	return hour, minute, second, nano
}

// fraction reads digits after the point of the seconds; those beyond nanoseconds are dropped.
func (r *timeReader) fraction() (nano int) {
	n := 0
	for ; n < len(r.rest) && isDigit(r.rest[n]); n++ {
		if n < 9 {
			nano = nano*10 + int(r.rest[n]-'0')
		}
	}
	if n == 0 {
		r.form = bad
	}
	r.rest = r.rest[n:]
	for ; n < 9; n++ {
		nano *= 10
	}
	return nano
}

// finish reads the zone, which must end the text, and puts the Time together.
func (r *timeReader) finish(text string, t time.Time) (Time, form) {
	if len(r.rest) > 1 && r.take(' ') {
		r.form = min(r.form, loose)
	}
	switch {
	case r.rest == "":
	case r.rest == "Z":
		r.zone = true
	case r.rest == "z", r.rest == "UTC", r.rest == "GMT":
		r.zone, r.form = true, min(r.form, loose)
	case r.rest[0] == '+' || r.rest[0] == '-':
		r.offset()
	default:
		r.form = bad
	}
	if r.form == bad {
		return Time{Text: text}, bad
	}
	return Time{Text: text, T: t.Add(-time.Duration(r.east) * time.Minute), Zone: r.zone}, r.form
}

func (r *timeReader) offset() {
	sign := 1
	if r.rest[0] == '-' {
		sign = -1
	}
	r.rest = r.rest[1:]
	hours := r.number(2, 0, 14)
	minutes := 0
	if r.take(':') {
		minutes = r.number(2, 0, 59)
	} else {
		r.form = min(r.form, loose)
		if r.rest != "" {
			minutes = r.number(2, 0, 59)
		}
	}
	if r.rest != "" || hours == 14 && minutes != 0 {
		r.form = bad
	}
	r.zone, r.east = true, sign*(hours*60+minutes)
}
