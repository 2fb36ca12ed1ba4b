package chart

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"lapwing/internal/calendar"
)

// Lines is one line for each country: a few in front, named where they end,
// the rest behind them to show the range.
type Lines struct {
	Frame
	Unit   string          // several: "detections"
	Length calendar.Length // a month if empty
	First  calendar.Day
	Series []Line  // up to 200 are drawn
	Events []Event // up to 40 are drawn
}

// Line is the figures of one country. What it has not reached yet it leaves
// out at its end.
type Line struct {
	Name   string
	Front  bool // up to six; where none asks for it, the six with the highest last figure
	Values []Value
}

const (
	maxFront = len(lineTones)
	maxLines = 200
)

// Dashes and marks tell lines in front apart without their colours.
var (
	lineDashes = [maxFront]string{"", "7 3", "2 2", "9 2.5 2 2.5", "", "5 2 1.5 2 1.5 2"}
	lineMarks  = [maxFront]markKind{disc, square, triangle, diamond, below, cross}
)

func (c Lines) drawn() (calendar.Period, int) {
	n := 0
	for _, l := range c.Series {
		n = max(n, len(l.Values))
	}
	return period(c.Length, c.First, calendar.Monthly), min(n, maxPeriods)
}

// split are the lines in front, the highest last figure first, and those
// behind.
func (c Lines) split(n int) (front, behind []Line) {
	type ranked struct {
		Line
		last float64
		i    int
	}
	var asked, rest []ranked
	for i, l := range c.Series {
		r := ranked{l, math.Inf(-1), i}
		for k := min(n, len(l.Values)) - 1; k >= 0; k-- {
			if l.Values[k].ok() {
				r.last = l.Values[k].V
				break
			}
		}
		if l.Front && r.last > math.Inf(-1) {
			asked = append(asked, r)
		} else {
			rest = append(rest, r)
		}
	}
	order := func(a, b ranked) int { return cmp.Or(cmp.Compare(b.last, a.last), cmp.Compare(a.i, b.i)) }
	if len(asked) == 0 {
		slices.SortFunc(rest, order)
		k := 0
		for k < min(maxFront, len(rest)) && rest[k].last > math.Inf(-1) {
			k++
		}
		asked, rest = rest[:k], rest[k:]
	}
	slices.SortFunc(asked, order)
	if len(asked) > maxFront {
		rest = append(slices.Clone(rest), asked[maxFront:]...)
		asked = asked[:maxFront]
	}
	slices.SortFunc(rest, func(a, b ranked) int { return cmp.Compare(a.i, b.i) })
	for _, r := range asked {
		front = append(front, r.Line)
	}
	for _, r := range rest {
		behind = append(behind, r.Line)
	}
	return front, behind
}

func (c Lines) draw() *drawing {
	first, n := c.drawn()
	front, behind := c.split(n)
	if len(front) == 0 {
		return c.empty()
	}
	all := len(behind)
	behind = behind[:min(len(behind), maxLines-len(front))]
	d, y := c.begin()

	var r reach
	provisional, missing := false, false
	for _, l := range slices.Concat(front, behind) {
		vs := l.Values[:min(n, len(l.Values))]
		r.values(vs)
		have, prov := count(vs, len(vs))
		provisional, missing = provisional || prov > 0, missing || have < len(vs)
	}
	var key []keyItem
	if all > 0 {
		word := plural(all, "other", "others")
		if all == 1 {
			word = clean(behind[0].Name)
		}
		key = append(key, keyItem{word, lineSample(stroked("c-behind", light, 1, ""))})
	}
	if provisional {
		key = append(key, keyItem{"Provisional", markSample(disc, hollow("c-ink", ink, 1.5), 3)})
	}
	if missing {
		key = append(key, keyItem{"No data: the line is interrupted", func(d *drawing, x, y float64) {
			d.lines(stroked("c-ink", ink, 1.5, ""), []pt{{x, y}, {x + 7, y}}, []pt{{x + 17, y}, {x + sampleWidth, y}})
		}})
	}
	y = d.key(y, key)

	// The words at the right end.
	names, figures := make([]string, len(front)), make([]string, len(front))
	room := 0.0
	bold := labelFont.heavy().as("c-name")
	for i, l := range front {
		for k := min(n, len(l.Values)) - 1; k >= 0; k-- {
			if l.Values[k].ok() {
				figures[i] = Number(l.Values[k].V)
				break
			}
		}
		names[i] = fit(clean(l.Name), bold, min(130, d.w/4))
		room = max(room, bold.width(names[i])+4+labelFont.width(figures[i]))
	}
	_, ticks := r.scale(0, 1, 5)
	words := tickWords(ticks, false)
	x := dates{length: first.Length, first: first.First, n: n, a: valueRoom(words), b: d.w - math.Ceil(room) - 22}
	events := hangEvents(c.Events, x)
	y0, y1 := events.below(y+4), events.below(y+4)+250
	s, ticks := r.scale(y1, y0, 5)

	events.bands(d, x, y1)
	d.values(s, ticks, words, x.a, x.b)
	d.zero(s, x.a, x.b)
	events.lines(d, y1)

	back := stroked("c-behind", light, 1, "")
	for _, l := range behind {
		t := trace(l.Values, n, x.mid, s, 3)
		d.lines(back, t.final...)
		loose := back
		loose.dash = "2 2"
		d.lines(loose, t.provisional...)
		for k, a := range t.alone {
			if k < 100 {
				d.circle(filled("c-behind", light), a.x, a.y, 1.2)
			}
		}
	}
	want := make([]float64, len(front))
	ends := make([]spot, len(front))
	for i := len(front) - 1; i >= 0; i-- {
		l := front[i]
		t := trace(l.Values, n, x.mid, s, 1)
		p := stroked("c-s"+strconv.Itoa(i+1), lineTones[i], 2, lineDashes[i])
		d.lines(p, t.final...)
		p.width, p.dash = 1.25, "3 2.5"
		d.lines(p, t.provisional...)
		d.marked(lineMarks[i], p, l.Values, n, x, s)
		ends[i], want[i] = t.last, t.last.y
	}
	for i, ly := range spread(want, 14.5, y0-4, y1+8) {
		f := bold.in(lineTones[i])
		lx := x.b + 16
		from, to := pt{ends[i].x + 5, ends[i].y}, pt{lx - 3, ly}
		if math.Abs(from.y-to.y) > 1 || to.x-from.x > 14 {
			d.line(stroked("c-s"+strconv.Itoa(i+1), lineTones[i], 0.75, ""), from, pt{max(from.x, x.b+3), from.y}, to)
		}
		d.text(f, lx, ly+4, names[i])
		d.text(labelFont.as("c-figure"), lx+bold.width(names[i])+4, ly+4, figures[i])
	}
	y = d.days(x, y1)
	notes := []string{events.note()}
	if k := all - len(behind); k > 0 {
		notes = append(notes, plural(k, "line is", "lines are")+" in the table only")
	}
	return c.finish(d, y, notes...)
}

// marked puts the mark of a line at its last figure, at some before, and at
// those that are provisional, hollow.
func (d *drawing) marked(k markKind, p paint, vs []Value, n int, x dates, s scale) {
	n = min(n, len(vs))
	every := max(1, int(math.Ceil(110/x.step())))
	solid := paint{class: p.class, fill: p.stroke, stroke: paper.light, width: 0.75}
	ring := paint{class: p.class, fill: paper.light, stroke: p.stroke, width: 1.5}
	last := n - 1
	for last >= 0 && !vs[last].ok() {
		last--
	}
	alone := func(i int) bool { return !at(vs, i-1).ok() && !at(vs[:n], i+1).ok() }
	drawn := 0
	for i := range n {
		v := vs[i]
		if !v.ok() {
			continue
		}
		regular := (last-i)%every == 0
		if !(regular || alone(i) || v.Provisional && x.step() > 5) || drawn > 400 {
			continue
		}
		drawn++
		switch {
		case !v.Provisional:
			d.mark(k, solid, x.mid(i), s.at(v.V), 3.4)
		case k == cross:
			d.mark(disc, ring, x.mid(i), s.at(v.V), 3)
		default:
			d.mark(k, ring, x.mid(i), s.at(v.V), 3)
		}
	}
}

func (c Lines) describe() string {
	first, n := c.drawn()
	front, behind := c.split(n)
	if len(front) == 0 {
		return "No data."
	}
	var b strings.Builder
	for i, l := range front {
		if i > 0 {
			b.WriteString("; ")
		}
		for k := min(n, len(l.Values)) - 1; k >= 0; k-- {
			if v := l.Values[k]; v.ok() {
				b.WriteString(clean(l.Name) + " " + Number(v.V) + " in " + periodWords(first.Next(k)))
				break
			}
		}
	}
	parts := []string{
		named(c.Unit, "Count") + " by " + string(first.Length) + " from " + periodWords(first) + " to " + periodWords(first.Next(n-1)) + ", " + plural(len(front)+len(behind), "line", "lines"),
		"Last figures of those in front: " + b.String(),
	}
	return sentences(parts...)
}

// Table has a row for each line and period.
func (c Lines) Table() Table {
	p := period(c.Length, c.First, calendar.Monthly)
	t := Table{Columns: []Column{text("Name"), text("Period"), number(named(c.Unit, "Count")), text("Status")}}
	for _, l := range c.Series {
		name := clean(l.Name)
		for i, v := range l.Values {
			t.Rows = append(t.Rows, []string{name, p.Next(i).String(), plain(v.V), v.status()})
		}
	}
	return t
}
