package chart

import (
	"math"
	"slices"

	"lapwing/internal/calendar"
)

// Trend is a bar for each quarter with a line through them and the band of
// its interval.
type Trend struct {
	Frame
	Unit   string          // several: "contacts"
	Length calendar.Length // a quarter if empty
	First  calendar.Day
	Values []Value // the last 400 are drawn

	// Fit is the line, a number for each value and for as many periods after
	// them as it is to be followed; none: no line.
	Fit          []float64
	Lower, Upper []float64
	Name         string // what the line is: "linear trend, with 95 % interval"
	Words        string // what it says: "+41 contacts a quarter (95 %: 22 to 60)"
}

const maxBars = 400

func (c Trend) drawn() (first calendar.Period, skip, n int) {
	p := period(c.Length, c.First, calendar.Quarterly)
	all := max(len(c.Values), min(len(c.Fit), len(c.Values)+40))
	skip = max(0, all-maxBars)
	return p.Next(skip), skip, all - skip
}

func after[T any](s []T, n int) []T { return s[min(n, len(s)):] }

func (c Trend) draw() *drawing {
	first, skip, n := c.drawn()
	vs, fit, lower, upper := after(c.Values, skip), after(c.Fit, skip), after(c.Lower, skip), after(c.Upper, skip)
	if have, _ := count(vs, len(vs)); have == 0 {
		return c.empty()
	}
	d, y := c.begin()
	var r reach
	r.values(vs)
	top, bottom := max(r.hi, -r.lo), r.lo
	for i := range n {
		// An interval may be wider than the chart is high.
		for _, v := range []float64{num(fit, i), num(lower, i), num(upper, i)} {
			r.add(min(max(v, bottom-0.2*top), 2*top))
		}
	}
	have, provisional := count(vs, len(vs))
	unit := named(c.Unit, "Count")
	barPaint := paint{class: "c-bar", fill: barFill.light, stroke: barEdge.light, width: 1}
	loose := paint{class: "c-bar", fill: paper.light, stroke: barEdge.light, width: 1, dash: "3 2"}
	key := []keyItem{{unit, areaSample(barPaint)}}
	if provisional > 0 {
		key = append(key, keyItem{"Provisional", areaSample(loose)})
	}
	trendLine := stroked("c-trend", rust, 2, "")
	edge := stroked("c-trend", rust, 1, "4 3")
	banded := len(lower) > 0 && len(upper) > 0
	if len(fit) > 0 {
		name := clean(c.Name)
		if name == "" {
			name = "Trend"
		}
		sample := lineSample(trendLine)
		if banded {
			sample = func(d *drawing, x, y float64) {
				d.line(edge, pt{x, y - 4.5}, pt{x + sampleWidth, y - 4.5})
				d.line(trendLine, pt{x, y}, pt{x + sampleWidth, y})
				d.line(edge, pt{x, y + 4.5}, pt{x + sampleWidth, y + 4.5})
			}
		}
		key = append(key, keyItem{name, sample})
	}
	if have < len(vs) {
		key = append(key, keyItem{"No data", gapSample})
	}
	y = d.key(y, key)
	if words := clean(c.Words); words != "" && len(fit) > 0 {
		d.label(labelFont.heavy().in(rust).as("c-finding"), 0, y+12, d.w, words)
		y += 18
	}

	_, ticks := r.scale(0, 1, 5)
	words := tickWords(ticks, false)
	x := dates{length: first.Length, first: first.First, n: n, a: valueRoom(words), b: d.w - 8}
	y0 := y + 12
	y1 := y0 + 210
	s, ticks := r.scale(y1, y0, 5)
	d.values(s, ticks, words, x.a, x.b)

	holes := gaps(vs, len(vs))
	var notes []string
	if d.holes(x, holes, y0, y1) {
		notes = append(notes, greyGaps)
	}
	w := x.step() * 0.68
	if w > 60 {
		w = 60
	}
	var solid, open [][]pt
	for i, v := range vs {
		switch {
		case !v.ok():
		case v.Provisional:
			open = append(open, bar(x.mid(i)-w/2, w, s, v.V))
		default:
			solid = append(solid, bar(x.mid(i)-w/2, w, s, v.V))
		}
	}
	if w < 4 {
		barPaint.stroke = ""
	}
	d.areas(barPaint, solid...)
	d.areas(loose, open...)
	d.zero(s, x.a, x.b)
	d.nameGaps(x, vs, holes, y0, y1, true)
	draw := func(p paint, line []float64, from int) {
		t := trace(Values(line...), n, func(i int) float64 { return x.mid(i + from) }, s, 1)
		d.lines(p, t.final...)
	}
	draw(edge, lower, 0)
	draw(edge, upper, 0)
	draw(trendLine, fit[:min(len(fit), len(vs))], 0)
	if len(fit) > len(vs) {
		trendLine.dash = "2 3"
		draw(trendLine, fit[len(vs)-1:n], len(vs)-1)
	}

	// Figures stand at the foot of the bars, where no line crosses them.
	f := labelFont.as("c-figure").sized(10)
	widest := 0.0
	for _, v := range vs {
		if v.ok() {
			widest = max(widest, f.width(Number(v.V)))
		}
	}
	if widest+3 <= w {
		for i, v := range vs {
			if v.ok() && math.Abs(s.at(v.V)-s.at(0)) > 16 {
				fy := s.at(0) - 5
				if v.V < 0 {
					fy = s.at(0) + 12
				}
				d.text(f.at(middle), x.mid(i), fy, Number(v.V))
			}
		}
	}
	y = d.days(x, y1)
	if skip > 0 {
		notes = append(notes, "The last "+Number(float64(n))+" periods are drawn")
	}
	if len(fit) > len(vs) {
		notes = append(notes, "Beyond the last bar the line is continued, not observed")
	}
	return c.finish(d, y, notes...)
}

func (c Trend) describe() string {
	p := period(c.Length, c.First, calendar.Quarterly)
	have, provisional := count(c.Values, len(c.Values))
	if have == 0 {
		return "No data."
	}
	first := slices.IndexFunc(c.Values, Value.ok)
	last := len(c.Values) - 1
	for !c.Values[last].ok() {
		last--
	}
	parts := []string{
		named(c.Unit, "Count") + " by " + string(p.Length) + ": " + Number(c.Values[first].V) + " in " + periodWords(p.Next(first)) + ", " + Number(c.Values[last].V) + " in " + periodWords(p.Next(last)),
		clean(c.Words),
	}
	if have < len(c.Values) {
		parts = append(parts, plural(len(c.Values)-have, "period has", "periods have")+" no data")
	}
	if provisional > 0 {
		parts = append(parts, plural(provisional, "figure is", "figures are")+" provisional")
	}
	return sentences(parts...)
}

// Table has a row for each period, also for those that only the line reaches.
func (c Trend) Table() Table {
	p := period(c.Length, c.First, calendar.Quarterly)
	t := Table{Columns: []Column{text("Period"), number(named(c.Unit, "Count")), text("Status")}}
	if len(c.Fit) > 0 {
		t.Columns = append(t.Columns, number("Trend"), number("Lower"), number("Upper"))
	}
	for i := range max(len(c.Values), min(len(c.Fit), len(c.Values)+40)) {
		v := at(c.Values, i)
		row := []string{p.Next(i).String(), plain(v.V), v.status()}
		if i >= len(c.Values) {
			row[2] = "not yet"
		}
		if len(c.Fit) > 0 {
			row = append(row, plain(num(c.Fit, i)), plain(num(c.Lower, i)), plain(num(c.Upper, i)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
