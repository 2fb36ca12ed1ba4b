package fromtable

import (
	"errors"
	"fmt"
	"strings"

	"lapwing/internal/calendar"
)

// A sample is the beginning of a table, as text.
type sample struct {
	rows []sampleRow
}

type sampleRow struct {
	line  int
	cells []string
}

// take gives a sample cut at sep, up to that many rows.
func takeSample(prefix []byte, sep, eol byte, e *encoding, most int) (s sample) {
	rs := &records{buf: prefix, end: len(prefix), err: errors.New("end"), sep: sep, eol: eol, nextOne: 1}
	for len(s.rows) < most {
		cells, err := rs.next()
		if err != nil {
			if _, bad := err.(*badRecord); bad {
				continue
			}
			break
		}
		row := sampleRow{line: rs.line, cells: make([]string, len(cells))}
		for i, c := range cells {
			row.cells[i], _ = e.text(c)
		}
		s.rows = append(s.rows, row)
	}
	return s
}

// regularity says which part of the rows has as many cells as most rows have.
func (s *sample) regularity() (share float64, cells int) {
	count := map[int]int{}
	for _, r := range s.rows {
		if n := len(r.cells); n > 1 {
			count[n]++
		}
	}
	best := 0
	for n, c := range count {
		if c > best || c == best && n > cells {
			best, cells = c, n
		}
	}
	if len(s.rows) == 0 {
		return 0, 0
	}
	return float64(best) / float64(len(s.rows)), cells
}

// A plan is what the columns of a table mean.
type plan struct {
	header  int // row of the sample, -1 where there is none
	names   []string
	shape   Shape
	at      map[Field]int
	why     []string // of each column
	note    []string // of each column that is not used
	part    int      // column of a month, week or quarter beside a year, -1
	hint    calendar.Length
	wide    []wideColumn
	foreign string // a name that is not English
	several []int  // columns that may have the value
	score   int
}

// How far the search for the header goes, and how many rows below tell what
// a column holds.
const (
	maxAbove = 40
	maxTried = 200
)

// findPlan takes the row as header of which most columns are recognised.
func findPlan(s *sample, o *Options) (best *plan) {
	for i := range min(len(s.rows), maxAbove) {
		if p := planAt(s, i, o); p != nil && (best == nil || p.score > best.score) {
			best = p
		}
	}
	if best == nil {
		best = planAt(s, -1, o)
	}
	return best
}

// planAt tries row i as header.
func planAt(s *sample, i int, o *Options) *plan {
	p := &plan{header: i, at: map[Field]int{}, part: -1}
	below := s.rows[min(i+1, len(s.rows)):]
	below = below[:min(len(below), maxTried)]
	if i >= 0 {
		p.names = s.rows[i].cells
		if filled(p.names) < 2 && len(o.Columns) == 0 {
			return nil
		}
	} else {
		_, n := (&sample{below}).regularity()
		if n < 2 {
			return nil
		}
		p.names = make([]string, n)
	}
	p.why, p.note = make([]string, len(p.names)), make([]string, len(p.names))

	hs := make([]heading, len(p.names))
	for c, name := range p.names {
		if f := o.Columns.of(name); f != "" && name != "" {
			hs[c] = heading{field: f, rank: 3, english: true, length: headingOf(name).length}
		} else {
			hs[c] = headingOf(name)
		}
	}
	amongCountries(p.names, hs, o)
	if o.Columns.absent(p.names) != "" {
		return nil
	}
	k := kinds{rows: below, o: o, of: map[int]*kind{}}
	if i < 0 {
		return p.withoutHeader(&k)
	}
	if p.findWide(hs, &k, o) {
		return p.finish(hs, &k)
	}
	return p.findLong(hs, &k)
}

func filled(cells []string) (n int) {
	for _, c := range cells {
		if c != "" {
			n++
		}
	}
	return n
}

// findLong is a table with one column of values.
func (p *plan) findLong(hs []heading, k *kinds) *plan {
	p.shape = Long
	p.choose(Value, hs, func(c int) float64 { return k.at(c).share(k.at(c).value()) })
	if _, ok := p.at[Value]; !ok {
		return p.byCells(hs, k)
	}
	return p.finish(hs, k)
}

// byCells finds the values by what stands in the columns.
func (p *plan) byCells(hs []heading, k *kinds) *plan {
	q := p.finish(hs, k)
	if q == nil {
		return nil
	}
	for c := range p.names {
		if p.free(c, hs) && k.at(c).filled > 0 && k.at(c).share(k.at(c).value()) >= 0.8 && k.at(c).number > 0 && !looksLikeNumber(p.names[c]) {
			p.several = append(p.several, c)
		}
	}
	switch len(p.several) {
	case 0:
		return nil
	case 1:
		p.at[Value], p.why[p.several[0]] = p.several[0], "by its cells"
		p.several = nil
	}
	return p
}

func looksLikeNumber(s string) bool {
	_, m, _ := number(s, 0)
	return s != "" && m != notANumber
}

// free says whether nobody gave the column a meaning.
func (p *plan) free(c int, hs []heading) bool {
	return p.why[c] == "" && (len(hs) == 0 || hs[c].field == "")
}

// choose gives the field the column that says it best: by rank of its name,
// then by how many of its cells can be read so.
func (p *plan) choose(f Field, hs []heading, share func(c int) float64) {
	best, bestRank, bestShare := -1, 0, 0.0
	for c, h := range hs {
		if h.field != f {
			continue
		}
		sh := 0.0
		if share != nil {
			sh = share(c)
		}
		if best < 0 || h.rank > bestRank || h.rank == bestRank && sh > bestShare+0.2 {
			best, bestRank, bestShare = c, h.rank, sh
		}
	}
	if best < 0 {
		return
	}
	p.use(f, best, hs[best])
	for c, h := range hs {
		if h.field == f && c != best {
			p.note[c] = fmt.Sprintf("says %s as well as column %d", f, best+1)
		}
	}
}

var ranks = [...]string{"by its cells", "by a word in its name", "by its name", "as the option columns says"}

func (p *plan) use(f Field, c int, h heading) {
	p.at[f], p.why[c] = c, ranks[h.rank]
	if h.rank > 0 && !h.english && p.foreign == "" {
		p.foreign = p.names[c]
	}
}

// finish finds period and geography, which every table has, and the rest.
func (p *plan) finish(hs []heading, k *kinds) *plan {
	if p.shape != WidePeriod || len(p.wide) > 0 && (p.wide[0].isYear || p.wide[0].isPart) {
		if !p.findPeriod(hs, k) {
			return nil
		}
	}
	if p.shape != WideGeography {
		p.choose(Geography, hs, func(c int) float64 { return k.at(c).share(k.at(c).country) })
		if _, ok := p.at[Geography]; !ok {
			for c := range p.names {
				if p.free(c, hs) && k.at(c).share(k.at(c).country) >= 0.8 {
					p.use(Geography, c, heading{})
					break
				}
			}
		}
	}
	for _, f := range []Field{Status, Provisional, Length, Indicator, Source, Learned} {
		if p.shape == Long || f != Status && f != Provisional {
			p.choose(f, hs, nil)
		}
	}
	for c, h := range hs {
		if h.field == Ignore {
			p.note[c] = "as the option columns says"
		}
	}
	p.score = 10*(len(p.at)+len(p.wide)) + 1
	for c := range p.at {
		if p.why[p.at[c]] == ranks[0] {
			p.score -= 5
		}
	}
	return p
}

// findPeriod finds the column of periods, or those of a year and a part of it.
func (p *plan) findPeriod(hs []heading, k *kinds) bool {
	wideYear := p.shape == WidePeriod && p.wide[0].isYear
	wideMonth := p.shape == WidePeriod && p.wide[0].isPart
	best, bestScore := -1, 0.0
	part, partRank := -1, 0
	for c, h := range hs {
		if h.field == Year {
			continue
		}
		if h.field == Period && h.length != "" && h.length != calendar.Daily && h.rank > partRank && k.part(c, h.length) >= 0.5 {
			part, partRank = c, h.rank
		}
		score := float64(h.rank) + k.at(c).share(k.at(c).period)
		if h.field == Period && (h.rank == 3 || k.at(c).share(k.at(c).period) >= 0.5 || k.at(c).filled == 0) && score > bestScore {
			best, bestScore = c, score
		}
	}
	yearAt := -1
	for c, h := range hs {
		if h.field == Year && (yearAt < 0 || h.rank > hs[yearAt].rank) {
			yearAt = c
		}
	}
	if yearAt < 0 { // a column of years that is called otherwise
		for c, h := range hs {
			if h.field == "" && k.at(c).share(k.at(c).year) >= 0.9 && k.at(c).filled > 0 && (wideMonth || part >= 0 && best < 0) {
				yearAt = c
				break
			}
		}
	}
	switch {
	case wideMonth:
		if yearAt < 0 {
			return false
		}
		p.use(Year, yearAt, hs[yearAt])
		return true
	case wideYear:
		if part < 0 {
			return false
		}
		p.part, p.hint, p.why[part] = part, hs[part].length, ranks[hs[part].rank]
		return true
	case best >= 0 && (part < 0 || yearAt < 0 || best != part):
		p.usePeriod(best, hs)
		return true
	case yearAt >= 0 && part >= 0:
		p.use(Year, yearAt, hs[yearAt])
		p.part, p.hint, p.why[part] = part, hs[part].length, ranks[hs[part].rank]
		if !hs[part].english && p.foreign == "" {
			p.foreign = p.names[part]
		}
		return true
	}
	for c := range p.names {
		if p.free(c, hs) && k.at(c).share(k.at(c).period) >= 0.8 {
			hs[c] = heading{field: Period}
			p.usePeriod(c, hs)
			return true
		}
	}
	for c, h := range hs { // its cells cannot be read, but that is what it is called
		if h.field == Period && h.rank >= 2 {
			p.usePeriod(c, hs)
			return true
		}
	}
	if yearAt >= 0 && hs[yearAt].rank >= 2 {
		p.usePeriod(yearAt, hs)
		return true
	}
	return false
}

func (p *plan) usePeriod(c int, hs []heading) {
	p.use(Period, c, hs[c])
	p.hint = hs[c].length
	for other, h := range hs {
		if other != c && (h.field == Period || h.field == Year) {
			p.note[other] = fmt.Sprintf("the period is in column %d", c+1)
		}
	}
}

// withoutHeader takes the first row as a figure.
func (p *plan) withoutHeader(k *kinds) *plan {
	p.shape = Long
	for c := range p.names {
		switch kd := k.at(c); {
		case kd.filled == 0:
		case p.at[Period] == 0 && kd.share(kd.period) >= 0.9 && p.why[c] == "":
			if _, ok := p.at[Period]; !ok {
				p.use(Period, c, heading{})
			}
		case kd.share(kd.country) >= 0.9:
			if _, ok := p.at[Geography]; !ok {
				p.use(Geography, c, heading{})
			}
		case kd.share(kd.value()) >= 0.9 && kd.number > 0:
			p.several = append(p.several, c)
		}
	}
	if _, ok := p.at[Period]; !ok || len(p.several) != 1 {
		return nil
	}
	p.at[Value], p.why[p.several[0]] = p.several[0], ranks[0]
	p.several = nil
	return p
}

// describe tells the columns.
func (p *plan) describe() (cs []Column) {
	means := make([]string, len(p.names))
	for f, c := range p.at {
		means[c] = string(f)
	}
	if p.part >= 0 {
		means[p.part] = string(p.hint) + " of the year"
	}
	for c, name := range p.names {
		col := Column{Number: c + 1, Name: name, Means: means[c], Why: p.why[c]}
		if strings.HasPrefix(col.Why, "figures of ") {
			col.Means, col.Why = col.Why, ""
		}
		if col.Means == "" {
			col.Why = p.note[c]
			if name == "" && col.Why == "" {
				continue // the empty column behind a last delimiter
			}
		}
		cs = append(cs, col)
	}
	return cs
}
