package fromtable

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// A Row is one figure, or what kept it from being one.
type Row struct {
	Place    Place
	Figure   indicator.Figure // not to be used where there are problems
	Problems []string         // everything that is wrong
	Text     string           // where there are problems: the line as it came, cut to 1 KiB
}

// A Place is where a figure stands: line and column of a table, or its number
// in a document. What is 0 is not said.
type Place struct {
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	Figure int `json:"figure,omitempty"`
}

// String is "line 7, column 3".
func (p Place) String() string {
	switch {
	case p.Figure > 0:
		return "figure " + strconv.Itoa(p.Figure)
	case p.Column > 0:
		return "line " + strconv.Itoa(p.Line) + ", column " + strconv.Itoa(p.Column)
	}
	return "line " + strconv.Itoa(p.Line)
}

// A Table is a table that is understood and not yet read.
type Table struct {
	o       Options
	rs      *records
	enc     encoding
	plan    *plan
	periods periods
	dec     byte
	u       Understood
	done    bool

	// Columns, -1 where there is none.
	period, year, geoAt, valueAt, statusAt, provisionalAt, learnedAt, indicatorAt, sourceAt, lengthAt int

	need       int // cells that a line must have
	columns    []wide
	hasLearned bool
	byLength   map[calendar.Length]*periods // where a column says the length
	today      calendar.Day                 // of the option learned

	indicators, sources, places *names
	series                      map[seriesKey]*series
	last                        *series
	lastKey                     seriesKey
	words                       int // of the bits of all series
	cells                       map[string]*cell
	statuses                    map[string]statusCell
	answers                     map[string]answer
	times                       map[string]moment
	markers                     map[string]*Marker
	scratch                     []byte
	firsts, lasts               [4]calendar.Day // of periods by length
	seen                        [4]bool
	noteAt                      map[string]int
	noDoubles                   bool // too many to look for periods that stand twice
}

// A wide is a column of figures with what its name came to.
type wide struct {
	wideColumn
	place *name
	when  when
}

// Understood says how the table is read. What it gives is completed with what
// was in the table when [Table.Read] ends.
func (t *Table) Understood() *Understood { return &t.u }

// complete counts what was read.
func (t *Table) complete() {
	u := &t.u
	u.Series = len(t.series)
	for i, l := range calendar.Lengths {
		if !t.seen[i] {
			continue
		}
		last := calendar.Period{Length: l, First: t.lasts[i]}.Last()
		if u.First == 0 && u.Last == 0 || t.firsts[i] < u.First {
			u.First = t.firsts[i]
		}
		u.Last = max(u.Last, last)
	}
	if t.noDoubles {
		u.Choices = append(u.Choices, Choice{"there are too many series to look for periods that stand there twice", ""})
	}
	for _, k := range sortedKeys(t.markers) {
		if m := t.markers[k]; k[0] == 'f' {
			u.Flags = append(u.Flags, *m)
		} else {
			u.Missing = append(u.Missing, *m)
		}
	}
}

// Read hands every figure to yield in the order of the file, and every line or
// cell that is none with its problems. It stops with the error of yield or of
// the reader. A table is read once.
func (t *Table) Read(yield func(Row) error) error {
	if t.done {
		return errors.New("this table was read already: open the file again")
	}
	t.done = true
	defer t.complete()
	give := func(r Row) error {
		if len(r.Problems) > 0 {
			t.u.Problems++
			r.Text = t.text()
		} else {
			t.u.Figures++
		}
		return yield(r)
	}
	for {
		cells, err := t.rs.next()
		line := t.rs.line
		var bad *badRecord
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad):
			if line > t.u.Header {
				t.u.Lines++
				err = give(Row{Place: Place{Line: line}, Problems: []string{bad.text}})
			} else {
				err = nil
			}
		case err != nil:
			return fmt.Errorf("reading stopped in line %d: %w", line, err)
		case line <= t.u.Header:
		default:
			err = t.line(cells, line, give)
		}
		if err != nil {
			return err
		}
	}
}

// maxText is how much of a line is shown with its problems.
const maxText = 1 << 10

// text is the line that is being read.
func (t *Table) text() string {
	var b []byte
	for i, c := range t.rs.cells {
		if i > 0 {
			b = append(b, t.rs.sep)
		}
		b = append(b, c[:min(len(c), maxText)]...)
		if len(b) > maxText {
			b = b[:maxText]
			break
		}
	}
	s, _ := t.enc.text(b)
	return strings.ToValidUTF8(s, "")
}

func at(cells [][]byte, c int) []byte {
	if c < 0 || c >= len(cells) {
		return nil
	}
	return cells[c]
}

// line gives the figures of a line.
func (t *Table) line(cells [][]byte, line int, give func(Row) error) error {
	var w when
	ps, unknown := &t.periods, ""
	if t.lengthAt >= 0 {
		ps, unknown = t.ofLength(at(cells, t.lengthAt))
	}
	switch {
	case t.period >= 0:
		w = ps.of(at(cells, t.period), t.enc.text)
	case t.year >= 0 && t.plan.part >= 0:
		w = t.composed(at(cells, t.year), at(cells, t.plan.part))
	}
	if w.problem == "" {
		w.problem = unknown
	}
	if w.problem != "" || len(cells) != len(t.plan.names) {
		if left, problem := t.odd(cells, line); left {
			return nil
		} else if problem != "" {
			t.u.Lines++
			return give(Row{Place: Place{Line: line}, Problems: []string{problem}})
		}
	}
	ind, src := t.indicators.of(at(cells, t.indicatorAt), &t.enc), t.sources.of(at(cells, t.sourceAt), &t.enc)
	var place *name
	if t.plan.shape != WideGeography {
		place = t.places.of(at(cells, t.geoAt), &t.enc)
	}
	for _, n := range []*name{ind, src, place} {
		switch {
		case n == nil:
		case n == tooMany:
			return fmt.Errorf("line %d: the table has more than %d different names in one column: does the column mean what it is taken for (option columns)", line, maxNames)
		case n.left != "":
			t.leave(n.left, line, cells)
			return nil
		}
	}
	t.u.Lines++
	if t.plan.shape == Long {
		return t.figure(Place{line, t.valueAt + 1, 0}, cells, w, ind, src, place, at(cells, t.valueAt), give)
	}
	if w.problem != "" { // once for the line
		r := Row{Place: Place{Line: line, Column: max(t.period, t.plan.part) + 1}, Problems: []string{w.problem}}
		for _, n := range []*name{ind, src, place} {
			if n != nil && n.problem != "" {
				r.Problems = append(r.Problems, n.problem)
			}
		}
		return give(r)
	}
	for i := range t.columns {
		c := &t.columns[i]
		if c.place != nil {
			place = c.place
		}
		switch {
		case c.isYear:
			w = t.composed([]byte(c.text), at(cells, t.plan.part))
		case c.isPart:
			w = t.composed(at(cells, t.year), []byte(c.text))
		case c.place == nil:
			w = c.when
		}
		if err := t.figure(Place{line, c.at + 1, 0}, cells, w, ind, src, place, at(cells, c.at), give); err != nil {
			return err
		}
	}
	return nil
}

// ofLength reads periods the way that the column of lengths says.
func (t *Table) ofLength(raw []byte) (ps *periods, problem string) {
	if len(raw) == 0 {
		return &t.periods, ""
	}
	if ps = t.byLength[calendar.Length(raw)]; ps != nil {
		return ps, ""
	}
	s, _ := t.enc.text(raw)
	l, ok := lengthNames[fold(s)]
	if h := headings()[fold(s)]; !ok && h.field == Period && h.length != "" {
		l, ok = h.length, true
	}
	if !ok {
		return &t.periods, quote(s) + " is not the length of a period: there are day, week, month and quarter"
	}
	return t.byLength[l], ""
}

// composed is the period of a year and a part of it, remembered.
func (t *Table) composed(y, part []byte) when {
	t.scratch = append(append(append(t.scratch[:0], y...), 0), part...)
	if w, ok := t.periods.cache[string(t.scratch)]; ok {
		return w
	}
	ys, _ := t.enc.text(y)
	ps, _ := t.enc.text(part)
	w := t.periods.composed(ys, ps, t.plan.hint)
	if len(t.periods.cache) < maxCached && len(t.scratch) <= 64 {
		t.periods.cache[string(t.scratch)] = w
	}
	return w
}

// figure makes one figure of a cell and what its line and column say.
func (t *Table) figure(p Place, cells [][]byte, w when, ind, src, place *name, raw []byte, give func(Row) error) error {
	r := Row{Place: p}
	for _, problem := range [...]string{w.problem, ind.problem, src.problem, place.problem} {
		if problem != "" {
			r.Problems = append(r.Problems, problem)
		}
	}
	learned, today := t.o.Learned, t.today
	if t.learnedAt >= 0 {
		if m := t.moment(at(cells, t.learnedAt)); m.problem != "" {
			r.Problems = append(r.Problems, m.problem)
		} else if !m.time.IsZero() {
			learned, today = m.time, m.day
		}
	}
	v := t.value(raw)
	if len(raw) == 0 && !learned.IsZero() && w.problem == "" && w.period.First > today && t.statusAt < 0 {
		t.leave("empty cells of periods that had not begun", p.Line, cells)
		return nil
	}
	if v.problem != "" {
		r.Problems = append(r.Problems, v.problem)
	}
	o := indicator.Observation{First: w.period.First, Status: v.status, Value: v.value, Provisional: v.provisional, Learned: learned}
	if t.statusAt >= 0 {
		if problem := t.status(at(cells, t.statusAt), &v, &o); problem != "" {
			r.Problems = append(r.Problems, problem)
		}
	}
	if t.provisionalAt >= 0 {
		a := t.answer(at(cells, t.provisionalAt))
		o.Provisional = o.Provisional || a.yes
		if a.problem != "" {
			r.Problems = append(r.Problems, a.problem)
		}
	}
	if !learned.IsZero() && w.problem == "" && w.period.First > today {
		r.Problems = append(r.Problems, fmt.Sprintf("%s had not begun when this was learned, on %s", w.period, learned.Format(time.DateOnly)))
	}
	if len(r.Problems) > 0 {
		return give(r)
	}
	s := t.seriesOf(seriesKey{ind, src, place, w.period.Length})
	if s == nil {
		return fmt.Errorf("line %d: the table has more than %d series: do its columns mean what they are taken for (option columns)", p.Line, maxSeries)
	}
	if !t.hasLearned && t.twice(s, w.index) {
		r.Problems = append(r.Problems, fmt.Sprintf("%s of %s stood there before: a column that is not used may tell them apart, or one of them is wrong", w.period, s.key))
		return give(r)
	}
	if s.dark && o.Status == indicator.Observed && o.Value == 0 {
		o.Status = indicator.Unavailable
		t.count("m0", "0", "unavailable, as the option zero_means_unavailable says of this series")
	}
	r.Figure = indicator.Figure{Key: s.key, Observation: o}
	t.span(w.period)
	return give(r)
}

func (t *Table) span(p calendar.Period) {
	i := 0
	switch p.Length {
	case calendar.Weekly:
		i = 1
	case calendar.Monthly:
		i = 2
	case calendar.Quarterly:
		i = 3
	}
	if !t.seen[i] {
		t.seen[i], t.firsts[i], t.lasts[i] = true, p.First, p.First
		return
	}
	t.firsts[i], t.lasts[i] = min(t.firsts[i], p.First), max(t.lasts[i], p.First)
}
