package fromtable

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lapwing/internal/calendar"
)

// A form is a way to write a period.
type form uint8

const (
	noForm     form = iota
	isoDay          // 2020-03-01, 2020/3/1
	compactDay      // 20200301
	dottedDay       // 01.03.2020
	slashedDay      // 01/03/2020, 01-03-2020
	namedDay        // 1 March 2020
	daysRange       // 02.03.2020 - 08.03.2020
	serialDay       // 43891
	week            // 2020-W10, KW 10/2020
	month           // 2020-03, 03/2020, 2020M03
	namedMonth      // March 2020
	quarter         // 2020-Q1
	year            // 2020
	forms
)

// formNames say how a form is written.
var formNames = [forms]string{
	isoDay: "year-month-day", compactDay: "year, month and day without separators", dottedDay: "day.month.year", slashedDay: "numbers between slashes or dashes",
	namedDay: "a day with the name of its month", daysRange: "first and last day", serialDay: "days counted by a spreadsheet", week: "year and week",
	month: "year and month", namedMonth: "the name of a month and a year", quarter: "year and quarter", year: "a year",
}

// isDay says whether the form is that of a single day, which may stand for a
// longer period.
func (f form) isDay() bool { return f >= isoDay && f <= namedDay || f == serialDay }

// length of the period that the form is, "" for a day and a year.
func (f form) length() calendar.Length {
	switch f {
	case week:
		return calendar.Weekly
	case month, namedMonth:
		return calendar.Monthly
	case quarter:
		return calendar.Quarterly
	}
	return ""
}

// A reading is what the text of a period says before anybody decided what day
// and month are in it.
type reading struct {
	form    form
	y, m, d int // m is the number of a week, month or quarter; for slashedDay, m and d are the first and second number
	word    *monthWord
	short   bool // the year has two digits
	timed   bool // there is a time of day beside midnight
	last    calendar.Day
}

// readPeriod reads a text. hint is what the name of its column says that it
// is: with week, 10/2020 is a week and not a month. serial allows numbers of
// days.
func readPeriod(s string, hint calendar.Length, serial bool) (r reading, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > 64 {
		return r, false
	}
	if a, b, ok := cutRange(s); ok {
		if r, ok := readRange(a, b); ok {
			return r, true
		}
	}
	s, timed := cutTime(s)
	ts, ok := tokens(s)
	if !ok {
		return r, false
	}
	r, ok = ts.read(hint, serial)
	r.timed = timed
	return r, ok
}

// cutTime takes the time of day off a date. timed is true where it is not
// midnight.
func cutTime(s string) (date string, timed bool) {
	colon := strings.IndexByte(s, ':')
	if colon < 10 {
		return s, false
	}
	i := strings.LastIndexAny(s[:colon], "T ")
	if i < 8 {
		return s, false
	}
	date, clock := strings.TrimRight(s[:i], " ,"), s[i+1:]
	clock = strings.TrimRight(clock, "Z ")
	if j := strings.LastIndexAny(clock, "+-"); j > 0 {
		clock = strings.TrimRight(clock[:j], " ")
	}
	if strings.Trim(clock, "0:.") == "" {
		return date, false
	}
	if strings.Trim(clock, "0123456789:.APMapm ") == "" {
		return date, true
	}
	return s, false
}

// cutRange parts "02.03.2020 - 08.03.2020".
func cutRange(s string) (a, b string, ok bool) {
	if len(s) < 17 {
		return "", "", false
	}
	for _, sep := range [...]string{" - ", " – ", " — ", "–", " to ", " bis ", " au ", " al ", " t/m ", "/", "-"} {
		if strings.Count(s, sep) == 1 {
			a, b, _ = strings.Cut(s, sep)
			return strings.TrimSpace(a), strings.TrimSpace(b), true
		}
	}
	return "", "", false
}

func readRange(a, b string) (r reading, ok bool) {
	ra, oka := readPeriod(a, "", false)
	rb, okb := readPeriod(b, "", false)
	if !oka || !okb || ra.form != rb.form || ra.form != isoDay && ra.form != dottedDay {
		return r, false
	}
	first, ok1 := date(ra.y, ra.m, ra.d)
	last, ok2 := date(rb.y, rb.m, rb.d)
	y, m, d := first.Time().Date()
	return reading{form: daysRange, y: y, m: int(m), d: d, last: last}, ok1 && ok2
}

// date is the day of that date if there is such a day.
func date(y, m, d int) (calendar.Day, bool) {
	if y < 1900 || y > 2199 || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	day := calendar.Date(y, time.Month(m), d)
	return day, d <= 28 || day.Time().Day() == d
}

// A token is a number or a word that means something in a date.
type token struct {
	digits int // 0 for a word
	n      int
	kind   byte // of a word: 'w'eek, 'q'uarter, 'M' for the sign in 2020M03, 'n'ame of a month
	name   *monthWord
	before string // what stands between the token before and this one
}

type tokenList struct {
	t [6]token
	n int
}

// tokens cuts a text into numbers and words that it knows; ok is false where
// it holds anything else.
func tokens(s string) (ts tokenList, ok bool) {
	sepFrom := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		from := i
		var t token
		switch {
		case r >= '0' && r <= '9':
			for i < len(s) && s[i] >= '0' && s[i] <= '9' {
				t.n = t.n*10 + int(s[i]-'0')
				i++
			}
			if t.digits = i - from; t.digits > 8 {
				return ts, false
			}
		case unicode.IsLetter(r):
			for i < len(s) {
				r, size := utf8.DecodeRuneInString(s[i:])
				if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
					break
				}
				i += size
			}
			w := fold(s[from:i])
			switch {
			case monthWords()[w] != nil:
				t.kind, t.name = 'n', monthWords()[w]
			case weekWords[w]:
				t.kind = 'w'
			case quarterWords[w]:
				t.kind = 'q'
			case monthMarks[w]:
				t.kind = 'M'
			case fillers[w]:
				continue // into what stands between
			default:
				return ts, false
			}
		default:
			if !strings.ContainsRune(" \u00a0\u202f.-/–,'’ºª°_", r) {
				return ts, false
			}
			i += size
			continue
		}
		if ts.n == len(ts.t) {
			return ts, false
		}
		t.before = s[sepFrom:from]
		sepFrom = i
		ts.t[ts.n] = t
		ts.n++
	}
	if ts.n == 0 || ts.t[0].before != "" || strings.Trim(s[sepFrom:], " .\u00a0") != "" && !fillers[fold(s[sepFrom:])] {
		return ts, false
	}
	return ts, true
}

// fullYear completes a year of two digits.
func fullYear(t token) (y int, short, ok bool) {
	switch {
	case t.digits == 4 && t.n >= 1900 && t.n <= 2199:
		return t.n, false, true
	case t.digits == 2 && t.n < 70:
		return 2000 + t.n, true, true
	case t.digits == 2:
		return 1900 + t.n, true, true
	}
	return 0, false, false
}

func (ts *tokenList) read(hint calendar.Length, serial bool) (r reading, ok bool) {
	var nums [3]token
	n, word := 0, -1
	for i := range ts.n {
		t := ts.t[i]
		if t.kind != 0 {
			if word >= 0 {
				return r, false
			}
			word = i
			continue
		}
		if n == len(nums) {
			return r, false
		}
		nums[n] = t
		n++
	}
	if word < 0 {
		return readNumbers(nums[:n], hint, serial)
	}
	w := ts.t[word]
	if w.kind == 'n' && (n == 1 || n == 2) {
		return readNamed(nums[:n], w)
	}
	if n != 2 {
		return r, false
	}
	// The number may stand before or after its year. Where the year has two
	// digits, the sign comes first and its number follows.
	number, of := nums[0], nums[1]
	if number.digits == 4 {
		number, of = of, number
	}
	if number.digits > 2 || of.digits == 2 && word != 0 {
		return r, false
	}
	y, short, ok := fullYear(of)
	r = reading{y: y, m: number.n, short: short}
	switch w.kind {
	case 'w':
		r.form = week
	case 'q':
		r.form = quarter
	default:
		r.form = month
	}
	return r, ok
}

// readNamed reads 1 March 2020, March 1, 2020, March 2020, Mar-20.
func readNamed(nums []token, w token) (r reading, ok bool) {
	if len(nums) == 1 {
		y, short, ok := fullYear(nums[0])
		return reading{form: namedMonth, y: y, word: w.name, short: short}, ok
	}
	day, of := nums[0], nums[1]
	if day.digits == 4 {
		day, of = of, day
	}
	y, short, ok := fullYear(of)
	return reading{form: namedDay, y: y, d: day.n, word: w.name, short: short}, ok && day.digits <= 2
}

func readNumbers(nums []token, hint calendar.Length, serial bool) (r reading, ok bool) {
	switch a := nums[0]; len(nums) {
	case 1:
		switch {
		case a.digits == 4:
			y, _, ok := fullYear(a)
			return reading{form: year, y: y}, ok
		case a.digits == 5 && serial:
			return reading{form: serialDay, d: a.n}, true
		case a.digits == 6:
			r = reading{form: month, y: a.n / 100, m: a.n % 100}
			if hint == calendar.Weekly {
				r.form = week
			}
			return r, r.y >= 1900 && r.y <= 2199
		case a.digits == 8:
			return reading{form: compactDay, y: a.n / 10000, m: a.n / 100 % 100, d: a.n % 100}, true
		}
	case 2:
		b := nums[1]
		if a.digits == 4 {
			a, b = b, a
		}
		sep := strings.TrimSpace(nums[1].before)
		y, _, ok := fullYear(b)
		if !ok || b.digits != 4 || a.digits > 2 || sep != "-" && sep != "/" && sep != "." {
			return r, false
		}
		r = reading{form: month, y: y, m: a.n}
		switch hint {
		case calendar.Weekly:
			r.form = week
		case calendar.Quarterly:
			r.form = quarter
		}
		return r, true
	case 3:
		b, c := nums[1], nums[2]
		sep := strings.TrimSpace(b.before)
		if strings.TrimSpace(c.before) != sep || sep != "-" && sep != "/" && sep != "." || b.digits > 2 {
			return r, false
		}
		if a.digits == 4 {
			y, _, ok := fullYear(a)
			return reading{form: isoDay, y: y, m: b.n, d: c.n}, ok && c.digits <= 2
		}
		y, short, ok := fullYear(c)
		if !ok || a.digits > 2 {
			return r, false
		}
		if sep == "." {
			return reading{form: dottedDay, y: y, m: b.n, d: a.n, short: short}, true
		}
		return reading{form: slashedDay, y: y, m: a.n, d: b.n, short: short}, true
	}
	return r, false
}
