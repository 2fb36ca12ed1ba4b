package fromtable

import (
	"lapwing/internal/calendar"
)

// A wideColumn holds the figures of one geography or period.
type wideColumn struct {
	at        int
	geography string
	text      string // of the period
	isYear    bool   // text is a year, and the row has a month
	isPart    bool   // text is a month, and the row has a year
}

// amongCountries takes AR and KW for countries where others stand beside them
// and another column has the period; elsewhere they are år, a year, and
// Kalenderwoche, a week.
func amongCountries(names []string, hs []heading, o *Options) {
	countries := 0
	for c, name := range names {
		if _, ok := o.geography(name); ok && hs[c].field == "" {
			countries++
		}
	}
	for c, name := range names {
		if h := hs[c]; len(name) != 2 || h.field != Period && h.field != Year || h.rank == 3 || countries < 2 {
			continue
		}
		if _, ok := o.geography(name); !ok {
			continue
		}
		for other, h := range hs {
			if other != c && (h.field == Period && names[other] != "KW" || h.field == Year && hs[c].field == Year) {
				hs[c] = heading{}
				break
			}
		}
	}
}

// findWide looks for columns that are called like geographies or periods.
func (p *plan) findWide(hs []heading, k *kinds, o *Options) bool {
	value, geography, yearNamed, partNamed, periodNamed := false, false, false, false, false
	for c, h := range hs {
		switch h.field {
		case Value:
			if h.rank == 3 {
				return false
			}
			value = value || h.rank == 2 && k.at(c).number > 0
		case Geography:
			geography = true
		case Year:
			yearNamed = true
		case Period:
			periodNamed = true
			partNamed = partNamed || h.length != "" && k.part(c, h.length) >= 0.5
		}
	}
	var places, whole, years, parts []wideColumn
	var lengths [forms]int
	for c, name := range p.names {
		if hs[c].field != "" || name == "" {
			continue
		}
		if m, ok := o.word(name); ok {
			if m == "" {
				p.note[c] = "as the option words says"
			} else if g, ok := o.told(m); ok {
				places = append(places, wideColumn{at: c, geography: g})
			}
			continue
		}
		if g, ok := o.geography(name); ok {
			places = append(places, wideColumn{at: c, geography: g})
			continue
		}
		if r, ok := readPeriod(name, "", false); ok {
			if r.form == year {
				years = append(years, wideColumn{at: c, text: name, isYear: true})
			} else {
				lengths[r.form]++
				whole = append(whole, wideColumn{at: c, text: name})
			}
			continue
		}
		for _, l := range []calendar.Length{calendar.Monthly, calendar.Quarterly, calendar.Weekly} {
			if isPart(name, l) && !looksLikeNumber(name) {
				parts = append(parts, wideColumn{at: c, text: name, isPart: true})
				if len(parts) == 1 {
					p.hint = l
				}
				break
			}
		}
		if isTotal(name) {
			p.note[c] = "a total, which a desk adds up itself"
		}
	}
	figures := func(ws []wideColumn, least int) bool {
		n, ok := 0, 0
		for _, w := range ws[:min(len(ws), 30)] {
			n += k.at(w.at).filled
			ok += k.at(w.at).value()
		}
		return len(ws) >= least && (n == 0 || ok*10 >= n*6)
	}
	least := 2
	if !value && periodNamed {
		least = 1
	}
	switch {
	case !geography && figures(places, least):
		p.shape, p.wide = WideGeography, places
	case value:
		return false
	case figures(whole, 2), geography && figures(whole, 1):
		p.shape, p.wide = WidePeriod, whole
	case partNamed && figures(years, 1):
		p.shape, p.wide = WidePeriod, years
	case figures(parts, 2) && (yearNamed || len(parts) >= 4):
		p.shape, p.wide = WidePeriod, parts
	default:
		p.hint = ""
		return false
	}
	for _, w := range p.wide {
		what := p.names[w.at]
		if w.geography != "" {
			what = w.geography
		}
		p.why[w.at] = "figures of " + what
	}
	return true
}
