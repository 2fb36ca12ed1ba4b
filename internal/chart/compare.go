package chart

import (
	"math"
	"strings"
)

// Compare is a table of items with what was before, what is now, and their
// ratio as a point with its interval.
type Compare struct {
	Frame
	Before, Now string // what the two periods are called: "Jan–Apr", "May–Jun"
	Interval    string // what the whiskers are: "95 % interval"
	Items       []Item // up to 60 are drawn
}

// Item is a row.
type Item struct {
	Name        string
	Note        string // beneath the name: the unit, what it is
	Before, Now Value
	Ratio       float64 // of now to before; NaN: not computed
	Lower       float64 // of its interval; NaN: none
	Upper       float64 // may be infinite
	Words       string  // "tripled"; made by RatioWords if empty
	Why         string  // why there is no ratio; made from the figures if empty
}

const maxItems = 60

func (it Item) words() string {
	if s := clean(it.Words); s != "" {
		return s
	}
	return RatioWords(it.Ratio)
}

// why is why there is no ratio to show.
func (it Item) why() string {
	switch {
	case clean(it.Why) != "":
		return clean(it.Why)
	case !it.Before.ok():
		return "before: " + it.Before.status()
	case !it.Now.ok():
		return "now: " + it.Now.status()
	case it.Before.V == 0:
		return "none before"
	case it.Now.V == 0:
		return "none now"
	}
	return "not assessed"
}

func (it Item) ratio() bool { return it.Ratio > 0 && drawable(it.Ratio) }

// interval are the ends of the interval, where there is one.
func (it Item) interval() (lo, hi float64, ok bool) {
	if math.IsNaN(it.Lower) || math.IsNaN(it.Upper) || it.Lower > it.Upper || it.Upper <= 0 || it.Lower == 0 && it.Upper == 0 {
		return 0, 0, false
	}
	return max(it.Lower, 0), it.Upper, true
}

// beyond says that the interval leaves no change out.
func (it Item) beyond() bool {
	lo, hi, ok := it.interval()
	return ok && (lo > 1 || hi < 1)
}

// reach is how many doublings the axis shows to the left and to the right.
func (c Compare) reach() (lo, hi float64) {
	lo, hi = -1, 1
	for _, it := range c.Items[:min(len(c.Items), maxItems)] {
		if !it.ratio() {
			continue
		}
		r := math.Log2(it.Ratio)
		lo, hi = min(lo, r-0.15), max(hi, r+0.15)
		if a, b, ok := it.interval(); ok {
			// An interval may leave the chart with an arrow.
			lo, hi = min(lo, max(math.Log2(a)-0.1, r-2)), max(hi, min(math.Log2(b)+0.1, r+2))
		}
	}
	return max(lo, -10), min(hi, 10)
}

func (c Compare) draw() *drawing {
	items := c.Items[:min(len(c.Items), maxItems)]
	if len(items) == 0 {
		return c.empty()
	}
	d, y := c.begin()
	before, now := orText(c.Before, "Before"), orText(c.Now, "Now")
	interval := orText(c.Interval, "interval")

	// Columns: name, before, now, points, words.
	nameFont, figure := labelFont.as("c-name"), labelFont.as("c-figure")
	head := tickFont.as("c-head")
	nameW, figW, wordW := 60.0, 40.0, 50.0
	for _, it := range items {
		nameW = max(nameW, nameFont.width(cut(clean(it.Name), 200)), noteFont.width(cut(clean(it.Note), 200)))
		figW = max(figW, min(96, figure.width(figureOf(it.Before))), min(96, figure.width(figureOf(it.Now))))
		wordW = max(wordW, figure.heavy().width(cut(it.words(), 100)), noteFont.width(c.ends(it)))
	}
	figW = min(max(figW, head.width(before), head.width(now)), 96)
	nameW, wordW = min(nameW, d.w*0.28), min(wordW, d.w*0.2)
	beforeX := nameW + 12 + figW
	nowX := beforeX + 14 + figW
	x0, x1 := nowX+26, d.w-wordW-22
	lo, hi := c.reach()
	s := scale{lo, hi, x0, x1}

	key := []keyItem{
		{"Ratio with " + interval, whisker(false)},
		{"The interval includes no change", whisker(true)},
	}
	y = d.key(y, key) + 4
	y += 12
	d.label(head.at(end), beforeX, y, figW, before)
	d.label(head.at(end), nowX, y, figW, now)
	var lines [][]pt
	const row = 30
	top, bottom := y+6, y+6+row*float64(len(items))
	last := math.Inf(-1)
	step := 1.0
	for step < 8 && (x1-x0)/(hi-lo)*step < 42 {
		step *= 2
	}
	for k := math.Ceil(lo/step) * step; k <= hi; k += step {
		x := s.at(k)
		if k != 0 {
			lines = append(lines, []pt{{crisp(x), top}, {crisp(x), bottom}})
		}
		word := octave(k)
		if half := head.width(word) / 2; x-half > last+6 {
			d.text(head.at(middle), x, y, word)
			last = x + half
		}
	}
	d.lines(gridPaint, lines...)
	lines = nil
	for i := range len(items) + 1 {
		ly := crisp(top + row*float64(i))
		lines = append(lines, []pt{{0, ly}, {d.w, ly}})
	}
	d.lines(gridPaint, lines...)
	d.line(axisPaint, pt{crisp(s.at(0)), top}, pt{crisp(s.at(0)), bottom})

	for i, it := range items {
		cy := top + row*float64(i) + row/2
		if note := clean(it.Note); note != "" {
			d.label(nameFont, 0, cy-2, nameW, it.Name)
			d.label(noteFont, 0, cy+10.5, nameW, note)
		} else {
			d.label(nameFont, 0, cy+4, nameW, it.Name)
		}
		d.figure(figure.at(end), beforeX, cy+4, figW, it.Before)
		d.figure(figure.at(end), nowX, cy+4, figW, it.Now)
		c.point(d, it, s, cy)
		wx := x1 + 18
		switch ends := c.ends(it); {
		case !it.ratio():
			d.label(figure.heavy(), wx, cy+4, wordW+4, it.words())
		case ends != "":
			d.label(figure.heavy(), wx, cy-2, wordW+4, it.words())
			d.label(noteFont, wx, cy+10.5, wordW+4, ends)
		default:
			d.label(figure.heavy(), wx, cy+4, wordW+4, it.words())
		}
	}
	y = bottom + 4
	var notes []string
	if n := len(c.Items) - len(items); n > 0 {
		notes = append(notes, plural(n, "row is", "rows are")+" in the table only")
	}
	for _, it := range items {
		if it.Before.Provisional || it.Now.Provisional {
			notes = append(notes, "p: provisional")
			break
		}
	}
	return c.finish(d, y, notes...)
}

func orText(s, otherwise string) string {
	if s = clean(s); s != "" {
		return s
	}
	return otherwise
}

func figureOf(v Value) string {
	switch {
	case !v.ok():
		return "–"
	case v.Provisional:
		return Number(v.V) + thin + "p"
	}
	return Number(v.V)
}

// figure writes a value; one too long for its place is written short, since
// digits that are cut off would make another number.
func (d *drawing) figure(f font, x, y, w float64, v Value) {
	s := figureOf(v)
	if v.ok() && f.width(s) > w {
		s = short(v.V)
		if v.Provisional {
			s += thin + "p"
		}
	}
	d.label(f, x, y, w, s)
}

// ends writes the interval, as in 2.4–3.7.
func (c Compare) ends(it Item) string {
	lo, hi, ok := it.interval()
	if !ok {
		return ""
	}
	if math.IsInf(hi, 1) || hi > 999 {
		return "more than ×" + Number(lo)
	}
	return "×" + Number(lo) + " to ×" + Number(hi)
}

// octave names a place on the axis.
func octave(k float64) string {
	switch {
	case k == 0:
		return "same"
	case k < 0:
		return "÷" + Number(math.Exp2(-k))
	}
	return "×" + Number(math.Exp2(k))
}

// point draws the ratio with its whisker; an arrow says that the interval
// goes on.
func (c Compare) point(d *drawing, it Item, s scale, y float64) {
	if !it.ratio() {
		d.plate(noteFont, (s.a+s.b)/2, y+4, fit(it.why(), noteFont, s.b-s.a-8))
		return
	}
	x := s.at(math.Log2(it.Ratio))
	p := stroked("c-now", now, 2, "")
	if lo, hi, ok := it.interval(); ok {
		a, b := s.at(math.Log2(lo)), s.at(math.Log2(hi)) // of 0: the left end
		d.line(p, pt{a, y}, pt{b, y})
		d.cap(p, a, y, math.Log2(lo) < s.lo, -1)
		d.cap(p, b, y, math.Log2(hi) > s.hi, 1)
	}
	if it.beyond() {
		d.circle(filled("c-now", now), x, y, 4.5)
	} else {
		d.circle(hollow("c-now", now, 1.75), x, y, 4)
	}
}

// cap ends a whisker: with a stroke, or with an arrow where it goes on.
func (d *drawing) cap(p paint, x, y float64, on bool, dir float64) {
	if on {
		d.areas(filled(p.class, now), []pt{{x + dir*5, y}, {x - dir*2, y - 4}, {x - dir*2, y + 4}})
		return
	}
	d.line(p, pt{x, y - 4}, pt{x, y + 4})
}

func whisker(open bool) func(d *drawing, x, y float64) {
	return func(d *drawing, x, y float64) {
		p := stroked("c-now", now, 2, "")
		d.lines(p, []pt{{x + 1, y}, {x + 23, y}}, []pt{{x + 1, y - 4}, {x + 1, y + 4}}, []pt{{x + 23, y - 4}, {x + 23, y + 4}})
		if open {
			d.circle(hollow("c-now", now, 1.75), x+12, y, 4)
		} else {
			d.circle(filled("c-now", now), x+12, y, 4.5)
		}
	}
}

func (c Compare) describe() string {
	if len(c.Items) == 0 {
		return "No data."
	}
	parts := []string{orText(c.Now, "Now") + " against " + orText(c.Before, "before")}
	for _, it := range c.Items[:min(len(c.Items), 20)] {
		s := clean(it.Name) + ": "
		if it.ratio() {
			s += it.words()
			if e := c.ends(it); e != "" {
				s += " (" + e + ")"
			}
		} else {
			s += it.why()
		}
		parts = append(parts, strings.TrimSpace(s))
	}
	return sentences(parts...)
}

// Table has a row for each item.
func (c Compare) Table() Table {
	before, now := orText(c.Before, "Before"), orText(c.Now, "Now")
	t := Table{Columns: []Column{text("Name"), text("Of"), number(before), text("Status " + before), number(now), text("Status " + now), number("Ratio"), number("Lower"), number("Upper"), text("In words")}}
	for _, it := range c.Items {
		words, ratio := it.words(), it.Ratio
		if !it.ratio() {
			words = orText(words, it.why())
		}
		t.Rows = append(t.Rows, []string{clean(it.Name), clean(it.Note), plain(it.Before.V), it.Before.status(), plain(it.Now.V), it.Now.status(), plain(ratio), plain(it.Lower), plain(it.Upper), words})
	}
	return t
}
