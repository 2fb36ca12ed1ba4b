package fromtable

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/calendar"
)

// A when is what the text of a period came to.
type when struct {
	period  calendar.Period
	index   int32 // of the period among all of its length
	problem string
}

// periods reads texts of periods the way that was decided.
type periods struct {
	order  DateOrder
	langs  languages
	length calendar.Length // that a day stands for, "" where nobody knows
	asked  calendar.Length // that every period has, "" for any
	hint   calendar.Length // what the name of the column says
	excel  string

	seen    [forms]bool                // in the part that was looked at
	lengths map[calendar.Length]string // seen there, with an example each; nil for any

	cache map[string]when
}

// maxCached is how many texts are kept with what they mean.
const maxCached = 1 << 16

// of is what a text means, remembered.
func (p *periods) of(raw []byte, text func([]byte) (string, bool)) when {
	if w, ok := p.cache[string(raw)]; ok {
		return w
	}
	s, ok := text(raw)
	var w when
	if !ok {
		w.problem = notUTF8
	} else {
		w = p.read(s)
	}
	if len(p.cache) < maxCached && len(raw) <= 64 {
		p.cache[string(raw)] = w
	}
	return w
}

// lengthNames are how tables say how long a period is, beside the names of
// columns of days, weeks, months and quarters. The letters are those of SDMX.
var lengthNames = map[string]calendar.Length{
	"d": calendar.Daily, "daily": calendar.Daily, "w": calendar.Weekly, "weekly": calendar.Weekly,
	"m": calendar.Monthly, "monthly": calendar.Monthly, "q": calendar.Quarterly, "quarterly": calendar.Quarterly,
	"day": calendar.Daily, "week": calendar.Weekly, "month": calendar.Monthly, "quarter": calendar.Quarterly,
}

const periodForms = "a day is written 2020-03-01 or 01.03.2020, a week 2020-W10, a month 2020-03, a quarter 2020-Q1"

// read is what a text means.
func (p *periods) read(s string) when {
	if s == "" {
		return when{problem: "the period is missing"}
	}
	r, ok := readPeriod(s, p.hint, p.excel != "")
	if !ok {
		return when{problem: fmt.Sprintf("%s is not a period: %s", quote(s), periodForms)}
	}
	return p.resolve(r, s)
}

func (p *periods) resolve(r reading, s string) when {
	bad := func(format string, args ...any) when {
		return when{problem: quote(s) + " " + fmt.Sprintf(format, args...)}
	}
	if r.timed {
		return bad("has a time of day: a figure is of a whole day or longer")
	}
	if r.word != nil {
		m, several := r.word.in(p.langs)
		if m == 0 && !several {
			m, several = r.word.in(anyLanguage)
		}
		if several {
			return bad("is a month in one language and another month in another: write its number")
		}
		r.m = m
	}
	switch r.form {
	case year:
		return bad("is a whole year: a desk keeps days, weeks, months and quarters")
	case week, month, namedMonth, quarter:
		return p.fixed(r, s)
	case daysRange:
		first, _ := date(r.y, r.m, r.d)
		for _, l := range calendar.Lengths {
			if q := l.Of(first); q.First == first && q.Last() == r.last {
				return p.wanted(q, s)
			}
		}
		return bad("is neither a day, a week from Monday to Sunday, a month nor a quarter")
	case serialDay:
		d := calendar.Date(1899, time.December, 30) + calendar.Day(r.d)
		switch {
		case p.excel == "1904":
			d = calendar.Date(1904, time.January, 1) + calendar.Day(r.d)
		case r.d < 61: // the 1900 system has a 29 February 1900
			return bad("is before March 1900 as a day of a spreadsheet")
		}
		return p.day(d, s)
	case slashedDay:
		switch p.order {
		case DayFirst:
			r.m, r.d = r.d, r.m
		case MonthFirst:
		default:
			if r.m == r.d {
				break
			}
			if r.m <= 12 && r.d <= 12 {
				return bad("can be read with the day or the month first: say which (option date_order)")
			}
			if r.m > 12 {
				r.m, r.d = r.d, r.m
			}
		}
		if r.m > 12 && r.d <= 12 && p.order != "" {
			first := "day"
			if p.order == MonthFirst {
				first = "month"
			}
			return bad("has no such date when the %s stands first, as in the periods above", first)
		}
	}
	d, ok := date(r.y, r.m, r.d)
	if !ok {
		return bad("is not a date that exists")
	}
	return p.day(d, s)
}

// fixed is a period that says its length itself.
func (p *periods) fixed(r reading, s string) when {
	var q calendar.Period
	var err error
	switch l := r.form.length(); l {
	case calendar.Weekly:
		q, err = calendar.Parse(fmt.Sprintf("%04d-W%02d", r.y, r.m))
	case calendar.Monthly:
		q, err = calendar.Parse(fmt.Sprintf("%04d-%02d", r.y, r.m))
	default:
		q, err = calendar.Parse(fmt.Sprintf("%04d-Q%d", r.y, r.m))
	}
	if err != nil || r.y < 1900 || r.y > 2199 {
		return when{problem: fmt.Sprintf("%s is no %s of a year", quote(s), r.form.length())}
	}
	return p.wanted(q, s)
}

// day is the period that a day stands for.
func (p *periods) day(d calendar.Day, s string) when {
	if y := d.Time().Year(); y < 1900 || y > 2199 {
		return when{problem: quote(s) + " is not a date of this time"}
	}
	switch {
	case p.length == "":
		return when{problem: fmt.Sprintf("%s is a day among longer periods: say what it stands for (option length)", quote(s))}
	case p.length == calendar.Daily:
		return p.wanted(calendar.Period{Length: calendar.Daily, First: d}, s)
	}
	q := p.length.Of(d)
	if d != q.First && d != q.Last() {
		if p.length == calendar.Weekly {
			return when{problem: fmt.Sprintf("%s is a %s: a week runs from Monday to Sunday and is named by one of them", quote(s), d.Time().Weekday())}
		}
		return when{problem: fmt.Sprintf("%s is neither the first nor the last day of a %s", quote(s), p.length)}
	}
	return p.wanted(q, s)
}

// wanted gives the period if periods of its length belong into this table.
func (p *periods) wanted(q calendar.Period, s string) when {
	if p.asked != "" && q.Length != p.asked {
		return when{problem: fmt.Sprintf("%s is a %s, not a %s", quote(s), q.Length, p.asked)}
	}
	if _, ok := p.lengths[q.Length]; p.lengths != nil && !ok {
		l := sortedKeys(p.lengths)[0]
		return when{problem: fmt.Sprintf("%s is a %s, and the periods above are like %s, a %s", quote(s), q.Length, quote(p.lengths[l]), l)}
	}
	return when{period: q, index: indexOf(q)}
}

// indexOf numbers periods of one length one after the other.
func indexOf(q calendar.Period) int32 {
	switch q.Length {
	case calendar.Weekly:
		return (int32(q.First) + 3) / 7
	case calendar.Monthly:
		t := q.First.Time()
		return int32(t.Year()*12 + int(t.Month()))
	case calendar.Quarterly:
		t := q.First.Time()
		return int32(t.Year()*4 + int(t.Month()-1)/3)
	}
	return int32(q.First)
}

// isPart says whether a text is a month, week or quarter without its year.
func isPart(s string, length calendar.Length) bool {
	if length == calendar.Monthly && monthWords()[fold(s)] != nil {
		return true
	}
	_, ok := readPart(s, length, anyLanguage)
	return ok
}

// readPart reads a month, week or quarter that stands without its year: 3,
// März, M03, KW 10, Q1.
func readPart(s string, length calendar.Length, langs languages) (n int, ok bool) {
	greatest := map[calendar.Length]int{calendar.Weekly: 53, calendar.Monthly: 12, calendar.Quarterly: 4}[length]
	ts, ok := tokens(strings.TrimSpace(s))
	if !ok || ts.n > 2 {
		return 0, false
	}
	for i := range ts.n {
		t := ts.t[i]
		switch {
		case t.digits > 0 && t.digits <= 2 && n == 0:
			n = t.n
		case t.kind == 'n' && length == calendar.Monthly && ts.n == 1:
			n, _ = t.name.in(langs)
		case t.kind == 'w' && length == calendar.Weekly, t.kind == 'q' && length == calendar.Quarterly, t.kind == 'M' && length == calendar.Monthly:
		default:
			return 0, false
		}
	}
	return n, n >= 1 && n <= greatest
}

// composed is the period of a year and a part of it.
func (p *periods) composed(y, part string, length calendar.Length) when {
	t, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(y), ".0"))
	switch {
	case y == "" || part == "":
		return when{problem: "the period is missing: it takes a year and a " + string(length)}
	case err != nil || t < 1900 || t > 2199:
		return when{problem: quote(y) + " is not a year"}
	}
	n, ok := readPart(part, length, p.langs)
	if !ok {
		return when{problem: fmt.Sprintf("%s is no %s of a year", quote(part), length)}
	}
	form := map[calendar.Length]form{calendar.Weekly: week, calendar.Monthly: month, calendar.Quarterly: quarter}[length]
	return p.fixed(reading{form: form, y: t, m: n}, y+" "+part)
}
