package fromtable

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"lapwing/internal/calendar"
)

// understandPeriods decides how texts of periods are read. european says that
// the table looks like one from Europe, where the day comes first; told, that
// a column says how long periods are.
func understandPeriods(texts []string, o *Options, hint calendar.Length, told bool, heading, european string) (p periods, fs []Form, cs []Choice, qs []Question) {
	p = periods{order: o.DateOrder, langs: anyLanguage, asked: o.Length, hint: hint, excel: o.ExcelDates, cache: map[string]when{}}
	count := map[form]*Form{}
	var slashed []reading
	var order []form
	short := ""
	for _, s := range texts {
		r, ok := readPeriod(s, hint, p.excel != "")
		if !ok {
			continue
		}
		if count[r.form] == nil {
			count[r.form] = &Form{Name: formNames[r.form], Example: s}
			order = append(order, r.form)
		}
		count[r.form].Count++
		p.seen[r.form] = true
		if r.form == slashedDay {
			slashed = append(slashed, r)
		}
		if r.word != nil {
			if both := p.langs & r.word.languages(); both != 0 {
				p.langs = both
			}
		}
		if r.short && short == "" {
			short = s
		}
	}
	if len(slashed) > 0 && p.order == "" {
		cs, qs = p.decideOrder(slashed, count[slashedDay].Example, hint, o.Length, european)
	}
	if told {
		p.length = cmp.Or(o.Length, calendar.Daily)
	} else if c, q := p.decideLength(texts, o, heading); c != nil {
		cs = append(cs, *c)
	} else if q != nil {
		qs = append(qs, *q)
	}
	if lengths := p.lengthsOf(texts); !told && len(lengths) > 0 {
		p.lengths = lengths
	}
	for i, r := range order {
		if r == slashedDay {
			count[r].Name = map[DateOrder]string{DayFirst: "day/month/year", MonthFirst: "month/day/year", "": formNames[r]}[p.order]
		}
		if w := p.read(count[r].Example); w.problem == "" {
			count[r].Means = "the " + string(w.period.Length) + " " + w.period.String()
		}
		fs = append(fs, *count[order[i]])
	}
	slices.SortStableFunc(fs, func(a, b Form) int { return b.Count - a.Count })
	if short != "" {
		if w := p.read(short); w.problem == "" {
			cs = append(cs, Choice{fmt.Sprintf("a year of two digits is of 1970 to 2069: %s is %s", short, w.period), ""})
		}
	}
	return p, fs, cs, qs
}

// lengthsOf are the lengths of periods that texts have, with the first of each.
func (p *periods) lengthsOf(texts []string) map[calendar.Length]string {
	lengths := map[calendar.Length]string{}
	last := ""
	for _, s := range texts {
		if s == last {
			continue
		}
		last = s
		if w := p.read(s); w.problem == "" && lengths[w.period.Length] == "" {
			lengths[w.period.Length] = s
		}
	}
	return lengths
}

// decideOrder finds out whether the day or the month stands first.
func (p *periods) decideOrder(rs []reading, example string, hint, asked calendar.Length, european string) ([]Choice, []Question) {
	var day, monthFirst []reading
	for _, r := range rs {
		switch {
		case r.m > 12 && r.d <= 12:
			day = append(day, r)
		case r.d > 12 && r.m <= 12:
			monthFirst = append(monthFirst, r)
		}
	}
	nd, nm := len(day), len(monthFirst)
	switch {
	case nd > 0 && nm*20 < nd:
		p.order = DayFirst
		return nil, nil
	case nm > 0 && nd*20 < nm:
		p.order = MonthFirst
		return nil, nil
	case nd > 0 && nm > 0:
		return nil, []Question{{fmt.Sprintf("some dates have the day first (%d/%d/%d) and some the month (%d/%d/%d)", day[0].m, day[0].d, day[0].y, monthFirst[0].m, monthFirst[0].d, monthFirst[0].y),
			"date_order", []string{string(DayFirst), string(MonthFirst)}}}
	}
	// No number is above 12. One reading may give the regular dates that
	// figures have, and the other not.
	monthly := hint == calendar.Monthly || hint == calendar.Quarterly || asked == calendar.Monthly || asked == calendar.Quarterly
	asDay, asMonth := regular(rs, true, monthly), regular(rs, false, monthly)
	if asDay != "" && asMonth == "" {
		p.order = DayFirst
		return []Choice{{fmt.Sprintf("%s has the day first, since then all dates are %s", example, asDay), "date_order"}}, nil
	}
	if asMonth != "" && asDay == "" {
		p.order = MonthFirst
		return []Choice{{fmt.Sprintf("%s has the month first, since then all dates are %s", example, asMonth), "date_order"}}, nil
	}
	if european != "" {
		p.order = DayFirst
		return []Choice{{fmt.Sprintf("%s has the day first, as is usual where %s", example, european), "date_order"}}, nil
	}
	return nil, []Question{{fmt.Sprintf("has %s the day or the month first", example), "date_order", []string{string(DayFirst), string(MonthFirst)}}}
}

// regular says what the dates have in common, or "": all first days of a
// month over more than a year, or at least five on one day of the week.
func regular(rs []reading, dayFirst, monthly bool) string {
	days := map[calendar.Day]bool{}
	years := map[int]bool{}
	firsts := true
	var weekday time.Weekday
	same := true
	for _, r := range rs {
		m, d := r.m, r.d
		if dayFirst {
			m, d = d, m
		}
		day, ok := date(r.y, m, d)
		if !ok {
			continue
		}
		firsts = firsts && d == 1
		w := day.Time().Weekday()
		same = same && (len(days) == 0 || w == weekday)
		weekday = w
		days[day] = true
		years[r.y] = true
	}
	switch {
	case firsts && len(days) > 1 && (monthly || len(years) > 1):
		return "first days of months"
	case same && len(days) >= 5:
		return weekday.String() + "s"
	}
	return ""
}

// decideLength finds out what the days stand for.
func (p *periods) decideLength(texts []string, o *Options, heading string) (*Choice, *Question) {
	switch {
	case o.Length != "":
		p.length = o.Length
		return nil, nil
	case p.hint != "":
		p.length = p.hint
		if p.hint == calendar.Weekly {
			return p.sundays(texts, heading), nil
		}
		return nil, nil
	}
	p.length = calendar.Daily
	days := map[calendar.Day]bool{}
	for _, s := range texts {
		if r, ok := readPeriod(s, p.hint, p.excel != ""); !ok || !r.form.isDay() {
			continue
		} else if w := p.resolve(r, s); w.problem == "" {
			days[w.period.First] = true
		}
	}
	if len(days) == 0 {
		if p.seen[week] || p.seen[month] || p.seen[namedMonth] || p.seen[quarter] {
			p.length = "" // a day that comes later is out of place
		}
		return nil, nil
	}
	all := func(l calendar.Length, last bool) bool {
		for d := range days {
			q := l.Of(d)
			if last && q.Last() != d || !last && q.First != d {
				return false
			}
		}
		return true
	}
	for _, c := range []struct {
		l    calendar.Length
		last bool
		what string
	}{
		{calendar.Quarterly, false, "the first of a quarter"}, {calendar.Quarterly, true, "the last of a quarter"},
		{calendar.Monthly, false, "the first of a month"}, {calendar.Monthly, true, "the last of a month"},
		{calendar.Weekly, false, "a Monday"}, {calendar.Weekly, true, "a Sunday"},
	} {
		if !all(c.l, c.last) {
			continue
		}
		if len(days) < 3 {
			if c.l == calendar.Quarterly { // it may be months as well
				continue
			}
			p.length = ""
			return nil, &Question{"each date is " + c.what + ", of which there are too few to tell whether it stands for itself or for a " + string(c.l),
				"length", []string{string(calendar.Daily), string(c.l)}}
		}
		p.length = c.l
		return &Choice{fmt.Sprintf("each date is %s and stands for its %s", c.what, c.l), "length"}, nil
	}
	return nil, nil
}

// sundays warns where weeks are named by a Sunday that may be their first day.
func (p *periods) sundays(texts []string, heading string) *Choice {
	for _, s := range texts {
		r, ok := readPeriod(s, p.hint, p.excel != "")
		if !ok || !r.form.isDay() {
			return nil
		}
		w := p.resolve(r, s)
		if w.problem != "" {
			continue
		}
		if d, ok := date(r.y, r.m, r.d); !ok || r.form == slashedDay || d != w.period.Last() {
			return nil
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return &Choice{"each date is a Sunday and is taken as the last day of its week; a week that begins on Sunday is none of ISO 8601", "length"}
}
