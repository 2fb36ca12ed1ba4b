// Package fromtable reads figures from tables as partners send them: any CSV,
// long or wide, in the ways in which European offices write dates, numbers,
// countries and the lack of a figure.
//
// [Open] looks at the beginning of a file and decides how to read it; what the
// file does not settle [Options] do, or else the error [Unclear] asks.
// [Table.Read] then streams the rest in flat memory and hands over a [Row] for
// each figure, with its [Place] and all problems of one that cannot be read.
// [Understood] says in plain words what was decided, why, and what could have
// been meant otherwise. What comes later and contradicts it is a problem, never
// read in another way. A zero stays a zero.
//
// [Country] and [Name] give the names that a desk uses; [Doubles] finds periods
// that stand twice. The prose is docs/formats/figures.md. What a desk takes in of
// the figures (whole counts, of which years, of which indicators) is decided
// by package indicator.
package fromtable

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"lapwing/internal/calendar"
)

// Open reads the beginning of a table, up to 1 MiB, and decides how to read
// it. The error is an [*Unclear] where the options have to settle something;
// any other says why this is no table, or what to add.
func Open(r io.Reader, o Options) (*Table, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	rs, enc, err := decode(r, o.Encoding)
	if err != nil {
		return nil, err
	}
	prefix := rs.peek()
	if rs.err != nil && !errors.Is(rs.err, io.EOF) {
		return nil, rs.err
	}
	if bytes.IndexByte(prefix, '\n') < 0 && bytes.IndexByte(prefix, '\r') >= 0 {
		rs.eol = '\r'
	}
	if rs.err == nil || len(prefix) < rs.end-rs.at { // the last line is cut
		i := bytes.LastIndexByte(prefix, rs.eol)
		if i < 0 {
			return nil, fmt.Errorf("the first line has more than %d bytes: this is not a table", maxPrefix)
		}
		prefix = prefix[:i+1]
	}
	t := &Table{o: o, rs: rs, enc: enc}
	if err := t.split(prefix); err != nil {
		return nil, err
	}
	s := takeSample(prefix, rs.sep, rs.eol, &t.enc, len(prefix))
	t.describe(&s)
	t.understand(&s)
	if len(t.u.Questions) > 0 {
		return nil, &Unclear{t.u}
	}
	t.begin()
	return t, nil
}

// split finds the delimiter and the header, which show each other.
func (t *Table) split(prefix []byte) error {
	const most = maxAbove + maxTried
	type guess struct {
		sep   byte
		share float64
		cells int
		s     sample
	}
	var guesses []guess
	asked := delimiters[t.o.Delimiter]
	if asked == 0 {
		asked = separatorLine(prefix)
	}
	for _, sep := range []byte(";\t|,") {
		if asked != 0 && sep != asked {
			continue
		}
		g := guess{sep: sep, s: takeSample(prefix, sep, t.rs.eol, &t.enc, most)}
		if g.share, g.cells = g.s.regularity(); g.cells > 1 || asked != 0 {
			guesses = append(guesses, g)
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int {
		if d := b.share - a.share; d > 0.1 || d < -0.1 {
			if d > 0 {
				return 1
			}
			return -1
		}
		return b.cells - a.cells
	})
	for _, g := range guesses {
		if p := findPlan(&g.s, &t.o); p != nil {
			t.rs.sep, t.plan = g.sep, p
			return nil
		}
	}
	if len(guesses) == 0 {
		return errors.New("no line of this file has several cells: a table has commas, semicolons, tabs or bars between its cells (option delimiter)")
	}
	return noPlan(&guesses[0].s, &t.o)
}

// separatorLine reads the first line "sep=;" that spreadsheets write.
func separatorLine(prefix []byte) byte {
	line, _, _ := bytes.Cut(prefix, []byte("\n"))
	line = bytes.Trim(line, "\" \r")
	if len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) && delimiterNames[line[4]] != "" {
		return line[4]
	}
	return 0
}

// noPlan says what is missing.
func noPlan(s *sample, o *Options) error {
	var at *sampleRow
	for i := range s.rows[:min(len(s.rows), maxAbove)] {
		if r := &s.rows[i]; at == nil || filled(r.cells) > filled(at.cells) {
			at = r
		}
	}
	if at == nil {
		return errors.New("the file has no line that can be read")
	}
	if len(o.Columns) > 0 {
		for i := range s.rows[:min(len(s.rows), maxAbove)] {
			if o.Columns.absent(s.rows[i].cells) == "" {
				return fmt.Errorf("line %d has the columns that you named, but the table needs two more: one of periods and one of values; it has %s (option columns, as in period=...,value=...)",
					s.rows[i].line, quoted(s.rows[i].cells))
			}
		}
		return fmt.Errorf("no line among the first %d has the column %q that you named; line %d has %s (option columns)",
			maxAbove, o.Columns.absent(at.cells), at.line, quoted(at.cells))
	}
	return fmt.Errorf("no line among the first %d says what the columns are: a table needs a column of periods and one of values, or a column for each country or period; "+
		"line %d has %s; say what they mean (option columns, as in period=...,value=...)", maxAbove, at.line, quoted(at.cells))
}

// describe writes down what is known of the layout.
func (t *Table) describe(s *sample) {
	p := t.plan
	t.u = Understood{Encoding: t.enc.name, Delimiter: delimiterNames[t.rs.sep], Shape: p.shape, Columns: p.describe()}
	t.u.Indicator, _ = Name(t.o.Indicator)
	t.u.Source, _ = Name(t.o.Source)
	if p.header >= 0 {
		t.u.Header = s.rows[p.header].line
		for _, r := range s.rows[:p.header] {
			t.u.Above = append(t.u.Above, strings.Trim(strings.Join(r.cells, " "), " "))
		}
	}
	if p.shape != WideGeography {
		t.u.Geography = t.o.Geography
	}
}

// begin makes ready to read figures.
func (t *Table) begin() {
	p := t.plan
	t.period, t.year, t.geoAt, t.valueAt = column(p, Period), column(p, Year), column(p, Geography), column(p, Value)
	t.statusAt, t.provisionalAt, t.learnedAt = column(p, Status), column(p, Provisional), column(p, Learned)
	t.indicatorAt, t.sourceAt = column(p, Indicator), column(p, Source)
	t.lengthAt = column(p, Length)
	if t.lengthAt >= 0 {
		t.byLength = map[calendar.Length]*periods{}
		for _, l := range calendar.Lengths {
			ps := t.periods
			ps.asked, ps.length, ps.lengths, ps.cache = l, l, nil, map[string]when{}
			if t.o.Length != "" && t.o.Length != l {
				ps.asked = t.o.Length
			}
			t.byLength[l] = &ps
		}
	}
	for _, c := range p.at {
		t.need = max(t.need, c+1)
	}
	for _, c := range p.values() {
		t.need = max(t.need, c+1)
	}
	t.need = max(t.need, p.part+1)

	t.indicators = newNames("indicator", t.o.Indicator, t.readName)
	t.sources = newNames("source", t.o.Source, t.readName)
	t.places = newNames("geography", "", t.readPlace)
	t.series = map[seriesKey]*series{}
	t.cells, t.statuses, t.answers, t.times = map[string]*cell{}, map[string]statusCell{}, map[string]answer{}, map[string]moment{}
	t.markers = map[string]*Marker{}
	if !t.o.Learned.IsZero() {
		t.today = dayOnEarth(t.o.Learned)
	}
	t.columns = make([]wide, len(p.wide))
	if g, ok := t.o.told(t.o.Geography); ok {
		t.places.none = t.places.named(g)
	}
	for i, w := range p.wide {
		t.columns[i] = wide{wideColumn: w}
		switch {
		case w.geography != "":
			t.columns[i].place = t.places.named(w.geography)
		case !w.isYear && !w.isPart:
			t.columns[i].when = t.periods.read(w.text)
		}
	}
}

func column(p *plan, f Field) int {
	if c, ok := p.at[f]; ok {
		return c
	}
	return -1
}

// readName and readPlace give a text the meaning that it has in the column of
// indicators or sources, and of geographies.
func (t *Table) readName(text string) name {
	if m, ok := t.o.word(text); ok {
		if m == "" {
			return name{left: "lines that the option words leaves out"}
		}
		text = m
	}
	n, err := Name(text)
	if err != nil {
		return name{problem: err.Error()}
	}
	return name{text: n}
}

func (t *Table) readPlace(text string) name {
	if m, ok := t.o.word(text); ok {
		if m == "" {
			return name{left: "lines that the option words leaves out"}
		}
		if g, ok := t.o.told(m); ok {
			return name{text: g}
		}
		text = m
	}
	if g, ok := t.o.geography(text); ok {
		return name{text: g}
	}
	if isTotal(text) {
		return name{left: "totals, which a desk adds up itself"}
	}
	return name{problem: fmt.Sprintf("%s is not a country that is known: say what it is (option words), or that it is a geography of your own (option geographies)", quote(text))}
}
