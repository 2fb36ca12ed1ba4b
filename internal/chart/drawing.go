package chart

import "math"

type pt struct{ x, y float64 }

// drawing is a list of shapes and texts, the first at the bottom. The writers
// of SVG and PNG read it; nothing else knows of either.
type drawing struct {
	w, h  float64
	ops   []op
	texts []box // where texts are
}

type op struct {
	kind    opKind
	paint   paint
	font    font
	lines   [][]pt // of a path
	closed  bool
	x, y, r float64   // of a circle or text
	s       string    // of a text
	full    string    // of a text that was cut
	xs      []float64 // of a text whose letters stand apart: a place for each
	turned  bool      // a text that runs upwards
}

type opKind byte

const (
	opPath opKind = iota
	opCircle
	opText
)

// box is the room that a text takes.
type box struct {
	x0, y0, x1, y1 float64
	s              string
}

func (b box) overlaps(o box) bool {
	return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1
}

func (d *drawing) line(p paint, pts ...pt) { d.lines(p, pts) }

// lines draws open lines in one shape.
func (d *drawing) lines(p paint, lines ...[]pt) {
	if len(lines) > 0 {
		d.ops = append(d.ops, op{kind: opPath, paint: p, lines: lines})
	}
}

// areas draws closed shapes as one.
func (d *drawing) areas(p paint, areas ...[]pt) {
	if len(areas) > 0 {
		d.ops = append(d.ops, op{kind: opPath, paint: p, lines: areas, closed: true})
	}
}

func (d *drawing) rect(p paint, x, y, w, h float64) { d.areas(p, corners(x, y, w, h)) }

func corners(x, y, w, h float64) []pt {
	return []pt{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}
}

func (d *drawing) circle(p paint, x, y, r float64) {
	d.ops = append(d.ops, op{kind: opCircle, paint: p, x: x, y: y, r: r})
}

// anchor is which part of a text stands at its place.
type anchor byte

const (
	start anchor = iota
	middle
	end
)

// font is how a text looks.
type font struct {
	class  string
	fill   string
	size   float64
	bold   bool
	anchor anchor
}

func (f font) at(a anchor) font       { f.anchor = a; return f }
func (f font) in(t tone) font         { f.fill = t.light; return f }
func (f font) heavy() font            { f.bold = true; return f }
func (f font) sized(s float64) font   { f.size = s; return f }
func (f font) as(class string) font   { f.class = class; return f }
func (f font) width(s string) float64 { return measure(s, f.size, f.bold) }

var (
	titleFont = font{class: "c-title", fill: ink.light, size: 15, bold: true}
	subFont   = font{class: "c-sub", fill: soft.light, size: 12}
	labelFont = font{class: "c-label", fill: ink.light, size: 11}
	tickFont  = font{class: "c-tick", fill: soft.light, size: 11}
	noteFont  = font{class: "c-note", fill: soft.light, size: 10.5}
)

// text writes s with its baseline at y.
func (d *drawing) text(f font, x, y float64, s string) {
	d.put(op{kind: opText, font: f, x: x, y: y, s: clean(s)})
}

// label writes s cut to the width.
func (d *drawing) label(f font, x, y, width float64, s string) {
	s = clean(s)
	o := op{kind: opText, font: f, x: x, y: y, s: fit(s, f, width)}
	if o.s != s {
		o.full = cut(s, 300)
	}
	d.put(o)
}

// upwards writes s turned, centred on x and y.
func (d *drawing) upwards(f font, x, y float64, s string) {
	d.put(op{kind: opText, font: f.at(middle), x: x, y: y, s: clean(s), turned: true})
}

func (d *drawing) put(o op) {
	if o.s == "" {
		return
	}
	d.ops = append(d.ops, o)
	d.texts = append(d.texts, o.box())
}

func (o op) box() box {
	w := o.font.width(o.s)
	up, down := 0.74*o.font.size, 0.2*o.font.size
	b := box{s: o.s}
	if o.turned {
		// The baseline is shifted by a third of the size to the right.
		third := 0.35 * o.font.size
		b.x0, b.x1, b.y0, b.y1 = o.x+third-up, o.x+third+down, o.y-w/2, o.y+w/2
		return b
	}
	b.x0 = o.x
	switch o.font.anchor {
	case middle:
		b.x0 -= w / 2
	case end:
		b.x0 -= w
	}
	b.x1, b.y0, b.y1 = b.x0+w, o.y-up, o.y+down
	return b
}

// letters writes one letter centred at each x.
func (d *drawing) letters(f font, y float64, s string, xs []float64) {
	if len(xs) == 0 {
		return
	}
	d.ops = append(d.ops, op{kind: opText, font: f.at(middle), y: y, s: s, xs: xs})
	half := f.width("M") / 2
	for _, x := range xs {
		d.texts = append(d.texts, box{x - half, y - 0.74*f.size, x + half, y + 0.2*f.size, s})
	}
}

// crisp is the place nearest to v where a line of width 1 fills whole pixels.
func crisp(v float64) float64 { return math.Floor(v) + 0.5 }
