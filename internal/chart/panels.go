package chart

import (
	"math"
	"slices"
	"strings"
)

// sheet gathers what is drawn alike in all panels, so that each look is one
// group.
type sheet struct {
	grid, axis                [][]pt
	before, now, loose        [][]pt // lines
	barBefore, bar, barLoose  [][]pt
	dots, beforeDots, hollows []spot
	words                     []word
	holes                     []hole
}

// word is a text at its place: cut to a width, on a plate, or as it is.
type word struct {
	f     font
	x, y  float64
	s     string
	most  float64 // width; 0: as it is
	plate bool
}

// hole is where this year has no data.
type hole struct {
	x      dates
	gaps   []stretch
	y0, y1 float64
}

const (
	panelHead = 20 // name above
	panelPlot = 64
	panelGapX = 16
	panelGapY = 13 // holds the words of the date axis
)

var panelTick = tickFont.sized(10)

func (c Multiples) draw() *drawing {
	n := c.periods()
	all := c.sorted()
	ps := all[:min(len(all), maxPanels)]
	if n == 0 {
		return c.empty()
	}
	for i := range ps {
		ps[i].Before, ps[i].Now = ps[i].Before[:min(n, len(ps[i].Before))], ps[i].Now[:min(n, len(ps[i].Now))]
	}
	d, y := c.begin()
	var shared reach
	own := make([]reach, len(ps))
	missing, provisional := false, false
	for i, p := range ps {
		own[i].values(p.Before)
		own[i].values(p.Now)
		shared.values(p.Before)
		shared.values(p.Now)
		have, prov := count(p.Now, len(p.Now))
		missing = missing || have < len(p.Now) || have == 0
		provisional = provisional || prov > 0
	}
	y = d.key(y, c.signs(missing, provisional)) + 2

	// Room for tick words: once at the left, or in each panel.
	left, inner := 0.0, 0.0
	if c.Scale == SharedScale {
		left = tickRoom(shared)
	} else {
		for _, r := range own {
			inner = max(inner, tickRoom(r))
		}
	}
	cols := c.columns(len(ps), d.w)
	each := (d.w - left - 6 - panelGapX*float64(cols-1)) / float64(cols)
	var sh sheet
	for k, p := range ps {
		px := left + float64(k%cols)*(each+panelGapX)
		py := y + float64(k/cols)*(panelHead+panelPlot+panelGapY)
		x := dates{length: c.first().Length, first: c.first().First, n: n, a: px + inner, b: px + each}
		r, ticks := own[k], own[k].any
		if c.Scale == SharedScale {
			r, ticks = shared, k%cols == 0
		}
		sh.name(p, px, py+11, each)
		sh.panel(c, p, x, r, py+panelHead, ticks, k+cols >= len(ps), min(d.w, px+each+panelGapX/2))
	}
	sh.pour(d)
	rows := (len(ps) + cols - 1) / cols
	y += float64(rows)*(panelHead+panelPlot+panelGapY) + 6
	return c.finish(d, y, c.notes(len(all))...)
}

// tickRoom is how wide the words at the value axis are.
func tickRoom(r reach) float64 {
	_, ticks := r.tight(0, 1)
	w := 0.0
	for _, s := range tickWords(ticks, true) {
		w = max(w, panelTick.width(s))
	}
	return math.Ceil(w) + 5
}

// name writes the name of a panel and the word beside it; neither takes all
// the room from the other.
func (sh *sheet) name(p Panel, x, y, w float64) {
	f, nf := labelFont.as("c-panel").heavy(), noteFont.as("c-panelnote").at(end)
	if note := clean(p.Note); note != "" {
		note = fit(note, nf, max(w-6-f.width(fit(clean(p.Name), f, w)), w*0.45))
		sh.words = append(sh.words, word{f: nf, x: x + w, y: y, s: note})
		w -= nf.width(note) + 6
	}
	sh.words = append(sh.words, word{f: f, x: x, y: y, s: p.Name, most: w})
}

// panel gathers one panel whose plot begins at y0.
func (sh *sheet) panel(c Multiples, p Panel, x dates, r reach, y0 float64, values, months bool, right float64) {
	y1 := y0 + panelPlot
	s, ticks := r.tight(y1, y0)
	words := tickWords(ticks, true)
	for i, t := range ticks {
		if t != 0 {
			sh.grid = append(sh.grid, []pt{{x.a, crisp(s.at(t))}, {x.b, crisp(s.at(t))}})
		}
		if values {
			sh.words = append(sh.words, word{f: panelTick.at(end), x: x.a - 4, y: s.at(t) + 3.5, s: words[i]})
		}
	}
	sh.axis = append(sh.axis, []pt{{x.a, crisp(s.at(0))}, {x.b, crisp(s.at(0))}})

	sh.holes = append(sh.holes, hole{x, gaps(p.Now, len(p.Now)), y0, y1})
	if have, _ := count(p.Now, len(p.Now)); have == 0 {
		if len(p.Now) == 0 {
			sh.holes = append(sh.holes, hole{x, []stretch{{0, x.n}}, y0, y1})
		}
		sh.words = append(sh.words, word{f: labelFont.in(soft).at(middle), x: (x.a + x.b) / 2, y: (y0+y1)/2 + 4, s: noData, plate: true})
	}
	if c.Style == AsBars {
		sh.bars(p, x, s)
	} else {
		sh.curves(p, x, s)
	}
	if !months {
		return
	}
	for _, t := range x.ticks(panelTick) {
		sh.axis = append(sh.axis, []pt{{crisp(t.x), y1}, {crisp(t.x), y1 + 3}})
		if !t.small && t.x+panelTick.width(t.word)/2 <= right {
			sh.words = append(sh.words, word{f: panelTick.at(middle), x: t.x, y: y1 + 13, s: t.word})
		}
	}
}

// pour draws what was gathered.
func (sh *sheet) pour(d *drawing) {
	d.lines(gridPaint, sh.grid...)
	for _, h := range sh.holes {
		d.holes(h.x, h.gaps, h.y0, h.y1)
	}
	d.areas(thenBar, sh.barBefore...)
	d.areas(filled("c-now", now), sh.bar...)
	d.areas(looseBar, sh.barLoose...)
	d.lines(thenLine, sh.before...)
	for _, s := range sh.beforeDots {
		d.circle(hollow("c-then", then, 1), s.x, s.y, 1.8)
	}
	d.lines(nowLine, sh.now...)
	d.lines(looseLine, sh.loose...)
	for _, s := range sh.dots {
		d.circle(filled("c-now", now), s.x, s.y, 2)
	}
	for _, s := range sh.hollows {
		d.circle(hollow("c-now", now, 1.25), s.x, s.y, 2)
	}
	d.lines(axisPaint, sh.axis...)
	slices.SortStableFunc(sh.words, func(a, b word) int { return strings.Compare(a.f.class, b.f.class) })
	for _, w := range sh.words {
		switch {
		case w.plate:
			d.plate(w.f, w.x, w.y, w.s)
		case w.most > 0:
			d.label(w.f, w.x, w.y, w.most, w.s)
		default:
			d.text(w.f, w.x, w.y, w.s)
		}
	}
}

var (
	nowLine   = stroked("c-now", now, 2, "")
	looseLine = stroked("c-now", now, 2, "2.5 2")
	thenLine  = stroked("c-then", then, 1.25, "4 2")
	thenBar   = paint{class: "c-then", fill: pale.light, stroke: then.light, width: 0.75}
	looseBar  = paint{class: "c-now", fill: paper.light, stroke: now.light, width: 1, dash: "2 1.5"}
)

func (sh *sheet) curves(p Panel, x dates, s scale) {
	t := trace(p.Before, x.n, x.mid, s, 1)
	sh.before = append(append(sh.before, t.final...), t.provisional...)
	sh.beforeDots = append(sh.beforeDots, t.alone...)
	t = trace(p.Now, x.n, x.mid, s, 1)
	sh.now = append(sh.now, t.final...)
	sh.loose = append(sh.loose, t.provisional...)
	for _, a := range t.alone {
		if !a.provisional {
			sh.dots = append(sh.dots, a)
		}
	}
	if t.any && !t.last.provisional {
		sh.dots = append(sh.dots, t.last)
	}
	if len(t.marks) <= 60 {
		sh.hollows = append(sh.hollows, t.marks...)
	}
}

func (sh *sheet) bars(p Panel, x dates, s scale) {
	w := x.step() * 0.4
	for i := range x.n {
		if v := at(p.Before, i); v.ok() && v.V != 0 {
			sh.barBefore = append(sh.barBefore, bar(x.mid(i)-w, w, s, v.V))
		}
		switch v := at(p.Now, i); {
		case !v.ok() || v.V == 0:
		case v.Provisional:
			sh.barLoose = append(sh.barLoose, bar(x.mid(i), w, s, v.V))
		default:
			sh.bar = append(sh.bar, bar(x.mid(i), w, s, v.V))
		}
	}
}

// bar is the rectangle from zero to v.
func bar(x, w float64, s scale, v float64) []pt {
	a, b := s.at(0), s.at(v)
	return corners(x, min(a, b), w, math.Abs(a-b))
}

func (c Multiples) signs(missing, provisional bool) []keyItem {
	last, this := c.names()
	a, b, loose := lineSample(nowLine), lineSample(thenLine), both(lineSample(looseLine), markSample(disc, hollow("c-now", now, 1.25), 2))
	if c.Style == AsBars {
		a, b, loose = areaSample(filled("c-now", now)), areaSample(thenBar), areaSample(looseBar)
	}
	out := []keyItem{{this, a}, {last, b}}
	if provisional {
		out = append(out, keyItem{"Provisional", loose})
	}
	if missing {
		out = append(out, keyItem{"No data", gapSample})
	}
	return out
}
