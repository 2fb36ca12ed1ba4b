package fromtable

import (
	"fmt"

	"lapwing/internal/calendar"
)

// understand decides, over all of the beginning, how cells are read.
func (t *Table) understand(s *sample) {
	p, u := t.plan, &t.u
	rows := s.rows[p.header+1:]
	column := func(c int) []string {
		var out []string
		for _, r := range rows {
			if c < len(r.cells) && r.cells[c] != "" && filled(r.cells) > 1 {
				out = append(out, r.cells[c])
			}
		}
		return out
	}
	ask := func(q Question) { u.Questions = append(u.Questions, q) }

	var values []string
	for _, c := range p.values() {
		values = append(values, column(c)...)
	}
	t.askValue()
	locale, reason := t.locale(values, column)
	dec, told, cs, qs := understandNumbers(values, &t.o, locale, reason)
	t.dec, u.Decimal = dec.byte(), told
	u.Choices, u.Questions = append(u.Choices, cs...), append(u.Questions, qs...)

	texts, heading := t.periodTexts(column)
	_, lengthTold := p.at[Length]
	european := reason
	if locale != Comma {
		european = ""
	}
	if dec == Comma && european == "" {
		european = "decimals stand after a comma"
	}
	t.periods, u.Periods, cs, qs = understandPeriods(texts, &t.o, p.hint, lengthTold, heading, european)
	if f, ok := t.composedForm(column); ok {
		u.Periods = []Form{f}
	}
	u.Choices, u.Questions = append(u.Choices, cs...), append(u.Questions, qs...)
	t.askExcel(texts)

	if _, ok := p.at[Indicator]; !ok && t.o.Indicator == "" {
		ask(Question{"the table does not say what was counted", "indicator", nil})
	}
	if _, ok := p.at[Source]; !ok && t.o.Source == "" {
		ask(Question{"the table does not say who counted", "source", nil})
	}
	if _, ok := p.at[Geography]; !ok && t.o.Geography == "" && p.shape != WideGeography {
		ask(Question{"the table does not say which country the figures are of", "geography", nil})
	}
	t.unsure(values)
	if _, ok := p.at[Learned]; ok {
		t.hasLearned = true
	}
}

// values are the columns that hold figures.
func (p *plan) values() (cs []int) {
	for _, w := range p.wide {
		cs = append(cs, w.at)
	}
	if c, ok := p.at[Value]; ok {
		cs = append(cs, c)
	}
	return cs
}

func (t *Table) askValue() {
	var names []string
	for _, c := range t.plan.several {
		names = append(names, fmt.Sprintf("value=%s", t.plan.names[c]))
	}
	if names != nil {
		t.u.Questions = append(t.u.Questions, Question{"several columns hold numbers; which has the figures", "columns", names})
	}
}

// askExcel asks where periods look like the numbers by which a spreadsheet
// counts days.
func (t *Table) askExcel(texts []string) {
	n := 0
	for _, s := range texts {
		if len(s) == 5 && onlyDigits(s) && s > "20000" && s < "65000" {
			n++
		}
	}
	if t.o.ExcelDates == "" && n > 0 && n*2 >= len(texts) {
		t.u.Questions = append(t.u.Questions, Question{"the periods are numbers such as " + texts[0] + ": are they days counted by a spreadsheet", "excel_dates", []string{"1900", "1904"}})
	}
}

// periodTexts are the texts by which the form of periods is decided.
func (t *Table) periodTexts(column func(int) []string) (texts []string, heading string) {
	p := t.plan
	if c, ok := p.at[Period]; ok {
		return column(c), p.names[c]
	}
	if p.part >= 0 && p.hint == calendar.Monthly {
		// Names of months show the language.
		var out []string
		for _, s := range column(p.part) {
			out = append(out, s+" 2000")
		}
		return namedOnly(out), ""
	}
	for _, w := range p.wide {
		switch {
		case w.isPart:
			texts = append(texts, w.text+" 2000")
		case w.geography == "" && !w.isYear:
			texts = append(texts, w.text)
		}
	}
	if len(p.wide) > 0 && p.wide[0].isPart {
		return namedOnly(texts), ""
	}
	return texts, ""
}

// composedForm is the form of periods that have their year apart.
func (t *Table) composedForm(column func(int) []string) (f Form, ok bool) {
	p := t.plan
	year, part := []string{}, []string{}
	if c, ok := p.at[Year]; ok {
		year = column(c)
	}
	if p.part >= 0 {
		part = column(p.part)
	}
	if len(p.wide) > 0 && p.wide[0].isYear {
		year = []string{p.wide[0].text}
	}
	if len(p.wide) > 0 && p.wide[0].isPart {
		part = []string{p.wide[0].text}
	}
	if len(year) == 0 || len(part) == 0 {
		return f, false
	}
	f = Form{Name: "a year and a " + string(p.hint) + " in two places", Example: year[0] + " and " + part[0], Count: max(len(year), len(part))}
	if w := t.periods.composed(year[0], part[0], p.hint); w.problem == "" {
		f.Means = "the " + string(w.period.Length) + " " + w.period.String()
	}
	return f, true
}

func namedOnly(texts []string) (out []string) {
	for _, s := range texts {
		if r, ok := readPeriod(s, "", false); ok && r.form == namedMonth {
			out = append(out, s)
		}
	}
	return out
}

// locale is the decimal mark that is usual where the table seems to be from,
// and why. Semicolons between cells, dates with dots and names of columns in
// other languages than English are signs of a decimal comma; commas between
// cells that are not quoted are one of a point.
func (t *Table) locale(values []string, column func(int) []string) (Decimal, string) {
	p := t.plan
	switch {
	case t.rs.sep == ';':
		return Comma, "semicolons stand between cells"
	case p.foreign != "":
		return Comma, fmt.Sprintf("a column is called %q", p.foreign)
	}
	if c, ok := p.at[Period]; ok {
		dates := column(c)
		if len(dates) > 0 {
			if r, ok := readPeriod(dates[0], p.hint, false); ok && r.form == dottedDay {
				return Comma, "dates are written " + dates[0]
			}
		}
	}
	if t.rs.sep == ',' {
		return Point, "commas stand between cells"
	}
	return "", ""
}

// unsure tells the markers that can be meant in another way.
func (t *Table) unsure(values []string) {
	told := map[string]bool{}
	for _, v := range values {
		if told[v] {
			continue
		}
		if _, ok := t.o.mark(v); ok {
			continue
		}
		if m, ok := markerOf(v); ok && m.unsure != "" && len(told) < 10 {
			told[v] = true
			t.u.Choices = append(t.u.Choices, Choice{fmt.Sprintf("%q in place of a number is %s; %s", v, statusName(m.status), m.unsure), "marks"})
		}
	}
}
