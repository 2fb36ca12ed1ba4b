package chart

import (
	"math"
	"slices"

	"lapwing/internal/calendar"
)

// Timeline is one series by day, week or month, with its outages as gaps, and
// what was found in it: baseline, alarms, events.
type Timeline struct {
	Frame
	Unit   string          // several: "posts"
	Length calendar.Length // a day if empty
	First  calendar.Day    // first day of the first period
	Values []Value         // one for each period; the last 20 000 are drawn

	// Median of so many periods up to each, of those there are at least
	// half; 0: none.
	Median int

	Baseline *Baseline
	Alarms   []Alarm
	Events   []Event // up to 40 are drawn
}

// Baseline is what was expected, a number for each value, NaN where nothing
// was.
type Baseline struct {
	Name         string // "expected, with 99.5 % bound"
	Expected     []float64
	Lower, Upper []float64 // where there is no lower bound, the band begins at Expected
}

// Alarm is a period that was above what was expected.
type Alarm struct {
	First calendar.Day // any day of the period
	Word  string       // for the table: "score 1.8"
}

const (
	maxPeriods = 20_000
	maxAlarms  = 300
)

// drawn is the part of the series that is drawn: where it begins, and how
// long it is.
func (c Timeline) drawn() (calendar.Period, int, int) {
	p := period(c.Length, c.First, calendar.Daily)
	skip := max(0, len(c.Values)-maxPeriods)
	return p.Next(skip), skip, len(c.Values) - skip
}

func (c Timeline) draw() *drawing {
	first, skip, n := c.drawn()
	vs := c.Values[skip:]
	if have, _ := count(vs, n); have == 0 {
		return c.empty()
	}
	base := c.baseline(skip)
	alarms := c.alarmed(first, n)
	d, y := c.begin()

	var r reach
	r.values(vs)
	top := r.hi
	for i := range n {
		r.add(num(base.Expected, i), min(num(base.Upper, i), 2*max(top, 1)), num(base.Lower, i))
	}
	y = d.key(y, c.signs(vs, n, base, len(alarms) > 0))
	_, ticks := r.scale(0, 1, 5)
	words := tickWords(ticks, false)
	x := dates{length: first.Length, first: first.First, n: n, a: valueRoom(words), b: d.w - 8}

	events := hangEvents(c.Events, x)
	y0, y1 := events.below(y+4), events.below(y+4)+210
	s, ticks := r.scale(y1, y0, 5)

	events.bands(d, x, y1)
	if c.Baseline != nil {
		c.band(d, x, s, base, n)
	}
	holes := gaps(vs, n)
	var notes []string
	if d.holes(x, holes, y0, y1) {
		notes = append(notes, greyGaps)
	}
	d.values(s, ticks, words, x.a, x.b)
	d.zero(s, x.a, x.b)
	events.lines(d, y1)

	t := trace(vs, n, x.mid, s, 1)
	line := stroked("c-now", now, 1.75, "")
	if n > 200 {
		line.width = 1.4
	}
	if c.Median > 0 {
		line = stroked("c-raw", then, 1, "")
	}
	dots := n <= 70 && c.Median == 0
	d.series(t, line, 2.4, dots, vs, x, s)
	if c.Median > 0 {
		m := trace(Values(median(vs, c.Median)...), n, x.mid, s, 1)
		d.lines(stroked("c-now", now, 2.25, ""), m.final...)
		for _, a := range m.alone {
			d.circle(filled("c-now", now), a.x, a.y, 2)
		}
	}
	for k, i := range alarms {
		if k < maxAlarms && at(vs, i).ok() {
			d.mark(triangle, paint{class: "c-alarm", fill: rust.light, stroke: paper.light, width: 1}, x.mid(i), s.at(vs[i].V)-0.5, 5)
		}
	}
	d.nameGaps(x, vs, holes, y0, y1, false)
	y = d.days(x, y1)

	if skip > 0 {
		notes = append(notes, "The last "+Number(maxPeriods)+" of "+Number(float64(len(c.Values)))+" periods are drawn")
	}
	return c.finish(d, y, append(notes, events.note())...)
}

// series draws a track: provisional parts dashed and hollow.
func (d *drawing) series(t track, p paint, r float64, dots bool, vs []Value, x dates, s scale) {
	d.lines(p, t.final...)
	loose := p
	loose.dash = "3 2.5"
	d.lines(loose, t.provisional...)
	solid := paint{class: p.class, fill: p.stroke}
	ring := paint{class: p.class, fill: paper.light, stroke: p.stroke, width: min(p.width, 1.5)}
	if dots {
		for i, v := range vs {
			if v.ok() && !v.Provisional {
				d.circle(solid, x.mid(i), s.at(v.V), r)
			}
		}
	} else {
		for _, a := range t.alone {
			if !a.provisional {
				d.circle(solid, a.x, a.y, r)
			}
		}
	}
	if len(t.marks) <= 100 {
		for _, m := range t.marks {
			d.circle(ring, m.x, m.y, r)
		}
	}
}

// nameGaps writes why there is nothing into each gap that has room for it,
// in its middle or at its foot.
func (d *drawing) nameGaps(x dates, vs []Value, holes []stretch, y0, y1 float64, foot bool) {
	f := labelFont.as("c-gapword").in(soft).sized(10.5)
	for k, g := range holes {
		if k >= 400 {
			break
		}
		x0, x1 := x.left(g.from), x.left(g.to)
		mx, my := (x0+x1)/2, (y0+y1)/2
		why := reason(vs, g)
		if why != noData {
			why = noData + ": " + why
		}
		for _, s := range []string{why, noData} {
			w := f.width(s)
			if w+10 <= x1-x0 {
				if foot {
					my = y1 - 8
				}
				d.plate(f, mx, my, s)
				break
			}
			if x1-x0 >= 14 && w+10 <= y1-y0 && !(foot && w > 0.6*(y1-y0)) {
				if foot {
					my = y1 - 12 - w/2
				}
				d.rect(filled("c-paper", paper), mx-6.5, my-w/2-4, 13, w+8)
				d.upwards(f, mx, my, s)
				break
			}
		}
	}
}

// band draws the baseline, interrupted where nothing was expected.
func (c Timeline) band(d *drawing, x dates, s scale, b Baseline, n int) {
	var areas [][]pt
	var up, down []pt
	close := func() {
		if len(up) > 1 {
			slices.Reverse(down)
			areas = append(areas, append(thinned(up, 1), down...))
		}
		up, down = nil, nil
	}
	for i := range n {
		hi, lo := num(b.Upper, i), num(b.Lower, i)
		if math.IsNaN(hi) {
			close()
			continue
		}
		if math.IsNaN(lo) {
			lo = num(b.Expected, i)
		}
		if math.IsNaN(lo) {
			lo = hi
		}
		up, down = append(up, pt{x.mid(i), s.at(hi)}), append(down, pt{x.mid(i), s.at(lo)})
	}
	close()
	d.areas(filled("c-band", band), areas...)
	t := trace(Values(b.Expected...), n, x.mid, s, 1)
	d.lines(stroked("c-expected", now, 1, "5 3"), t.final...)
}

func (c Timeline) baseline(skip int) Baseline {
	if c.Baseline == nil {
		return Baseline{}
	}
	b := *c.Baseline
	for _, s := range []*[]float64{&b.Expected, &b.Lower, &b.Upper} {
		*s = (*s)[min(skip, len(*s)):]
	}
	return b
}

// alarmed are the drawn periods with an alarm, in order.
func (c Timeline) alarmed(first calendar.Period, n int) []int {
	var out []int
	for _, a := range c.Alarms {
		if i, ok := index(first, n, a.First); ok {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// index is the period with the day in it.
func index(first calendar.Period, n int, d calendar.Day) (int, bool) {
	if d < first.First || d >= first.Next(n).First {
		return 0, false
	}
	return first.Length.Between(first.First, first.Length.First(d)), true
}

func (c Timeline) signs(vs []Value, n int, b Baseline, alarms bool) []keyItem {
	unit, length := named(c.Unit, "Count"), string(period(c.Length, 0, calendar.Daily).Length)
	var out []keyItem
	have, provisional := count(vs, n)
	if c.Median > 0 {
		out = append(out,
			keyItem{unit, lineSample(stroked("c-raw", then, 1, ""))},
			keyItem{"Median of " + plural(c.Median, length, length+"s"), lineSample(stroked("c-now", now, 2.25, ""))})
	} else {
		out = append(out, keyItem{unit, lineSample(stroked("c-now", now, 1.75, ""))})
	}
	if provisional > 0 {
		class, tone, width := "c-now", now, 1.5
		if c.Median > 0 {
			class, tone, width = "c-raw", then, 1
		}
		out = append(out, keyItem{"Provisional", both(lineSample(stroked(class, tone, width, "3 2.5")), markSample(disc, hollow(class, tone, width), 2.4))})
	}
	if c.Baseline != nil {
		name := clean(c.Baseline.Name)
		if name == "" {
			name = "Expected, with its bounds"
		}
		out = append(out, keyItem{name, both(areaSample(filled("c-band", band)), lineSample(stroked("c-expected", now, 1, "5 3")))})
	}
	if alarms {
		out = append(out, keyItem{"Alarm", markSample(triangle, filled("c-alarm", rust), 4.8)})
	}
	if have < n {
		out = append(out, keyItem{"No data", gapSample})
	}
	return out
}

// median of the periods up to each: NaN where the period itself is missing or
// fewer than half of them are there.
func median(vs []Value, window int) []float64 {
	window = min(window, 400)
	out := make([]float64, len(vs))
	var in []float64 // sorted
	for i, v := range vs {
		if v.ok() {
			k, _ := slices.BinarySearch(in, v.V)
			in = slices.Insert(in, k, v.V)
		}
		if i >= window && vs[i-window].ok() {
			k, _ := slices.BinarySearch(in, vs[i-window].V)
			in = slices.Delete(in, k, k+1)
		}
		out[i] = math.NaN()
		if n := len(in); v.ok() && 2*n > window-1 && n > 0 {
			out[i] = (in[(n-1)/2] + in[n/2]) / 2
		}
	}
	return out
}

func (c Timeline) describe() string {
	first, skip, n := c.drawn()
	vs := c.Values[skip:]
	have, provisional := count(vs, n)
	if have == 0 {
		return "No data."
	}
	lo, hi := -1, -1
	for i, v := range vs {
		if v.ok() && (lo < 0 || v.V < vs[lo].V) {
			lo = i
		}
		if v.ok() && (hi < 0 || v.V > vs[hi].V) {
			hi = i
		}
	}
	parts := []string{
		named(c.Unit, "Count") + " by " + string(first.Length) + " from " + periodWords(first) + " to " + periodWords(first.Next(n-1)),
		"Lowest " + Number(vs[lo].V) + " (" + periodWords(first.Next(lo)) + "), highest " + Number(vs[hi].V) + " (" + periodWords(first.Next(hi)) + ")",
	}
	if have < n {
		parts = append(parts, plural(n-have, "period has", "periods have")+" no data")
	}
	if provisional > 0 {
		parts = append(parts, plural(provisional, "figure is", "figures are")+" provisional")
	}
	if a := len(c.alarmed(first, n)); a > 0 {
		parts = append(parts, plural(a, "alarm", "alarms"))
	}
	return sentences(parts...)
}

// Table has a row for each period.
func (c Timeline) Table() Table {
	p := period(c.Length, c.First, calendar.Daily)
	n := len(c.Values)
	t := Table{Columns: []Column{text("Period"), number(named(c.Unit, "Count")), text("Status")}}
	var med []float64
	if c.Median > 0 {
		t.Columns = append(t.Columns, number("Median of "+Number(float64(c.Median))))
		med = median(c.Values, c.Median)
	}
	if c.Baseline != nil {
		t.Columns = append(t.Columns, number("Expected"), number("Lower bound"), number("Upper bound"))
	}
	alarms, events := make([]string, n), make([]string, n)
	for _, a := range c.Alarms {
		if i, ok := index(p, n, a.First); ok {
			alarms[i] = join(alarms[i], "alarm", clean(a.Word))
		}
	}
	for _, e := range c.Events {
		last := max(e.From, e.To)
		from, ok := index(p, n, max(e.From, p.First))
		if !ok || last < p.First {
			continue
		}
		to, ok := index(p, n, last)
		if !ok {
			to = n - 1
		}
		name := clean(e.Name)
		for i := from; i <= to; i++ {
			events[i] = join(events[i], name, "")
		}
	}
	if len(c.Alarms) > 0 {
		t.Columns = append(t.Columns, text("Alarm"))
	}
	if len(c.Events) > 0 {
		t.Columns = append(t.Columns, text("Events"))
	}
	for i, v := range c.Values {
		row := []string{p.Next(i).String(), plain(v.V), v.status()}
		if med != nil {
			row = append(row, plain(med[i]))
		}
		if b := c.Baseline; b != nil {
			row = append(row, plain(num(b.Expected, i)), plain(num(b.Lower, i)), plain(num(b.Upper, i)))
		}
		if len(c.Alarms) > 0 {
			row = append(row, alarms[i])
		}
		if len(c.Events) > 0 {
			row = append(row, events[i])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// join adds a word, with more in brackets, to those there are; cells stay
// readable however many come.
func join(have, word, more string) string {
	if more != "" {
		word += " (" + more + ")"
	}
	switch {
	case have == "":
		return word
	case word == "" || len(have) > 300:
		return have
	}
	return have + "; " + word
}
