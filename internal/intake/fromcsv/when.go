package fromcsv

import (
	"strings"
	"time"

	"lapwing/internal/intake/fromhotline"
)

// A moment is a time as it was read from a cell.
type moment struct {
	utc   time.Time
	zoned bool
	doubt string // what may be wrong with it, "" where nothing
}

// when reads a date, with or without a time, with or without a zone: ISO 8601
// and the European forms 01.03.2020, 1/3/2020 and 01-03-2020. What names no
// zone is meant in loc, nil for UTC.
func when(s string, loc *time.Location) (m moment, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) > 64 {
		return m, false
	}
	if t, zoned, ok := fromhotline.Time(s); ok {
		m.utc, m.zoned = t, zoned
		if !zoned && loc != nil {
			m.place(t.Year(), t.Month(), t.Day(), t.Sub(t.Truncate(24*time.Hour)), loc)
		}
		return m, true
	}
	y, mon, d, rest, doubt, ok := date(s)
	if !ok {
		return m, false
	}
	tod, offset, zoned, ok := clock(rest)
	if !ok {
		return m, false
	}
	m.doubt = doubt
	switch {
	case zoned:
		m.utc = time.Date(y, mon, d, 0, 0, 0, 0, time.UTC).Add(tod - offset)
		m.zoned = true
	case loc == nil:
		m.utc = time.Date(y, mon, d, 0, 0, 0, 0, time.UTC).Add(tod)
	default:
		m.place(y, mon, d, tod, loc)
	}
	if y := m.utc.Year(); y < 1 || y > 9999 {
		return moment{}, false
	}
	return m, true
}

// place sets m to a wall-clock time in loc, and doubts hours that the change
// of the clocks skips or repeats.
func (m *moment) place(y int, mon time.Month, d int, tod time.Duration, loc *time.Location) {
	h, mi, s, ns := int(tod/time.Hour), int(tod/time.Minute)%60, int(tod/time.Second)%60, int(tod%time.Second)
	t := time.Date(y, mon, d, h, mi, s, ns, loc)
	m.utc, m.zoned = t.UTC(), true
	const wall = "2006-01-02 15:04:05"
	there := t.Format(wall)
	switch {
	case there != time.Date(y, mon, d, h, mi, s, ns, time.UTC).Format(wall):
		m.doubt = "there is no such time in this zone: the clocks were put forward over it"
	case t.Add(-time.Hour).Format(wall) == there:
		m.utc = m.utc.Add(-time.Hour) // package time does not say which it gives
		m.doubt = twice
	case t.Add(time.Hour).Format(wall) == there:
		m.doubt = twice
	}
}

const twice = "this hour passed twice in this zone, when the clocks were put back: the first time was taken, it may be off by an hour"

// date reads the date at the start of s.
func date(s string) (y int, mon time.Month, d int, rest, doubt string, ok bool) {
	a, n1, s1 := digits(s)
	if n1 == 0 || s1 == "" || strings.IndexByte("./-", s1[0]) < 0 {
		return
	}
	sep := s1[0]
	b, n2, s2 := digits(strings.TrimLeft(s1[1:], " "))
	if n2 == 0 || n2 > 2 || s2 == "" || s2[0] != sep {
		return
	}
	c, n3, rest := digits(strings.TrimLeft(s2[1:], " "))
	var m int
	switch {
	case n1 == 4 && n3 >= 1 && n3 <= 2:
		y, m, d = a, b, c
	case n1 <= 2 && (n3 == 4 || n3 == 2):
		d, m, y = a, b, c
		if n3 == 2 {
			y += 2000
			doubt = "the year has two digits: the present century was assumed"
		}
		switch {
		case sep == '.':
		case m > 12 && d <= 12:
			d, m = m, d
			doubt = "the month seems to come first here: the date was read so because it cannot be read otherwise"
		case d <= 12 && d != m:
			doubt = "day and month may be meant the other way round: the day was taken to come first; ISO 8601 (2006-01-02) leaves no doubt"
		}
	default:
		return 0, 0, 0, "", "", false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	ok = y > 0 && t.Year() == y && int(t.Month()) == m && t.Day() == d
	return y, time.Month(m), d, rest, doubt, ok
}

// clock reads what follows a date: nothing, or a time of day with or without a zone.
func clock(s string) (tod, offset time.Duration, zoned, ok bool) {
	s = strings.TrimLeft(s, " ,Tt\u00a0")
	if s == "" {
		return 0, 0, false, true
	}
	h, n, s := digits(s)
	if n == 0 || n > 2 || s == "" || s[0] != ':' && s[0] != '.' && s[0] != 'h' {
		return
	}
	mi, n, s := digits(s[1:])
	if n != 2 {
		return
	}
	sec := 0
	if s != "" && (s[0] == ':' || s[0] == '.') {
		if sec, n, s = digits(s[1:]); n != 2 {
			return
		}
		if s != "" && (s[0] == '.' || s[0] == ',') {
			if _, n, s = digits(s[1:]); n == 0 {
				return
			}
		}
	}
	zone := strings.ToUpper(strings.TrimSpace(s))
	if half, ok := strings.CutPrefix(zone, "AM"); ok && h >= 1 && h <= 12 {
		h, zone = h%12, strings.TrimSpace(half)
	} else if half, ok := strings.CutPrefix(zone, "PM"); ok && h >= 1 && h <= 12 {
		h, zone = h%12+12, strings.TrimSpace(half)
	}
	zone = strings.TrimSpace(strings.TrimPrefix(zone, "UHR"))
	if h > 23 || mi > 59 || sec > 60 {
		return
	}
	tod = time.Duration(h)*time.Hour + time.Duration(mi)*time.Minute + time.Duration(sec)*time.Second
	if zone == "" {
		return tod, 0, false, true
	}
	offset, ok = zoneOffset(zone)
	return tod, offset, ok, ok
}

// zones are abbreviations that mean one offset in Europe.
var zones = map[string]int{"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "EET": 120, "OEZ": 120, "EEST": 180, "OESZ": 180}

func zoneOffset(s string) (time.Duration, bool) {
	if m, ok := zones[s]; ok {
		return time.Duration(m) * time.Minute, true
	}
	if z := strings.TrimPrefix(strings.TrimPrefix(s, "UTC"), "GMT"); z != s {
		s = strings.TrimSpace(z)
	}
	if s == "" || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	sign := time.Minute
	if s[0] == '-' {
		sign = -time.Minute
	}
	h, n, s := digits(s[1:])
	mi := 0
	switch {
	case n == 4 && s == "":
		h, mi = h/100, h%100
	case n >= 1 && n <= 2 && s == "":
	case n >= 1 && n <= 2 && s[0] == ':':
		if mi, n, s = digits(s[1:]); n != 2 || s != "" {
			return 0, false
		}
	default:
		return 0, false
	}
	if h > 14 || mi > 59 {
		return 0, false
	}
	return sign * time.Duration(h*60+mi), true
}

// digits reads the number at the start of s: its value, how many digits it
// has, and what follows. Nine digits are the most that it reads.
func digits(s string) (v, n int, rest string) {
	for n < len(s) && n < 9 && s[n] >= '0' && s[n] <= '9' {
		v = v*10 + int(s[n]-'0')
		n++
	}
	return v, n, s[n:]
}
