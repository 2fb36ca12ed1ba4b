package chart

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fontFamily has the metrics of Liberation Sans under each name.
const fontFamily = "'Liberation Sans', Arial, sans-serif"

// svg writes the drawing. Places are rounded to a tenth of a pixel; shapes
// alike stand in one group, paths run by steps.
func (d *drawing) svg(f Frame, desc string) []byte {
	w := &svgWriter{b: make([]byte, 0, 16<<10)}
	id := idOf(f.ID)
	w.raw(`<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="`).num(d.w).raw(`" height="`).num(d.h).
		raw(`" viewBox="0 0 `).num(d.w).raw(" ").num(d.h).raw(`" role="img" aria-labelledby="`).raw(id).raw(`-t ` + id + `-d" font-family="` + fontFamily + `" stroke-linejoin="round">`)
	title := clean(f.Title)
	if title == "" {
		title = "Chart"
	}
	w.raw("\n<title id=\"" + id + `-t">`).esc(cut(title, 500)).raw("</title>\n<desc id=\"" + id + `-d">`).esc(desc).raw("</desc>\n")
	w.raw(`<rect class="c-paper" width="`).num(d.w).raw(`" height="`).num(d.h).raw(`" fill="` + paper.light + "\"/>\n")
	for i := 0; i < len(d.ops); {
		j := i + 1
		for j < len(d.ops) && alike(&d.ops[i], &d.ops[j]) {
			j++
		}
		w.group(d.ops[i:j])
		i = j
	}
	w.raw("</svg>\n")
	return w.b
}

func alike(a, b *op) bool {
	if a.kind == opText || b.kind == opText {
		return a.kind == b.kind && a.font == b.font
	}
	return a.paint == b.paint
}

type svgWriter struct{ b []byte }

func (w *svgWriter) raw(s string) *svgWriter { w.b = append(w.b, s...); return w }

// num writes v to a tenth.
func (w *svgWriter) num(v float64) *svgWriter { w.b = appendTenths(w.b, tenths(v)); return w }

func tenths(v float64) int {
	if !(math.Abs(v) < 1e6) { // nothing is drawn so far out
		return 0
	}
	return int(math.Round(v * 10))
}

func appendTenths(b []byte, n int) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	if n >= 10 || n == 0 {
		b = strconv.AppendInt(b, int64(n/10), 10)
	}
	if n%10 != 0 {
		b = append(b, '.', byte('0'+n%10))
	}
	return b
}

// escaper makes a text safe. The narrow space becomes the thin one, which
// browsers draw better when the font has neither; here no line can break.
var escaper = strings.NewReplacer("\u202f", "\u2009", "&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func (w *svgWriter) esc(s string) *svgWriter { return w.raw(escaper.Replace(s)) }

func (w *svgWriter) group(ops []op) {
	attrs := func() {
		if o := &ops[0]; o.kind == opText {
			w.font(o.font)
		} else {
			w.paint(o.paint)
		}
	}
	if len(ops) == 1 {
		w.op(&ops[0], attrs)
		return
	}
	w.raw("<g")
	attrs()
	w.raw(">\n")
	for i := range ops {
		w.op(&ops[i], func() {})
	}
	w.raw("</g>\n")
}

func (w *svgWriter) paint(p paint) {
	w.raw(` class="` + p.class + `"`)
	if p.fill == "" {
		w.raw(` fill="none"`)
	} else {
		w.raw(` fill="` + p.fill + `"`)
	}
	if p.stroke != "" {
		w.raw(` stroke="` + p.stroke + `"`)
		if p.width != 1 {
			w.raw(` stroke-width="`).raw(strconv.FormatFloat(p.width, 'f', -1, 64)).raw(`"`)
		}
		if p.dash != "" {
			w.raw(` stroke-dasharray="` + p.dash + `"`)
		}
	}
}

func (w *svgWriter) font(f font) {
	w.raw(` class="` + f.class + `" fill="` + f.fill + `" font-size="`).num(f.size).raw(`"`)
	if f.bold {
		w.raw(` font-weight="bold"`)
	}
	switch f.anchor {
	case middle:
		w.raw(` text-anchor="middle"`)
	case end:
		w.raw(` text-anchor="end"`)
	}
}

func (w *svgWriter) op(o *op, attrs func()) {
	switch o.kind {
	case opCircle:
		w.raw("<circle")
		attrs()
		w.raw(` cx="`).num(o.x).raw(`" cy="`).num(o.y).raw(`" r="`).num(o.r).raw("\"/>\n")
	case opPath:
		w.raw("<path")
		attrs()
		w.raw(` d="`)
		for _, l := range o.lines {
			w.steps(l, o.closed)
		}
		w.raw("\"/>\n")
	case opText:
		w.raw("<text")
		attrs()
		switch {
		case o.turned:
			w.raw(` transform="translate(`).num(o.x + 0.35*o.font.size).raw(" ").num(o.y).raw(`)rotate(-90)"`)
		case len(o.xs) > 0:
			w.raw(` x="`)
			for i, x := range o.xs {
				if i > 0 {
					w.raw(" ")
				}
				w.num(x)
			}
			w.raw(`" y="`).num(o.y).raw(`"`)
		default:
			w.raw(` x="`).num(o.x).raw(`" y="`).num(o.y).raw(`"`)
		}
		w.raw(">").esc(o.s)
		if o.full != "" {
			w.raw("<title>").esc(o.full).raw("</title>")
		}
		w.raw("</text>\n")
	}
}

// steps writes a line as a place and the steps from it, so that no rounding
// adds up.
func (w *svgWriter) steps(l []pt, closed bool) {
	if len(l) == 0 {
		return
	}
	x, y := tenths(l[0].x), tenths(l[0].y)
	w.b = append(w.b, 'M')
	w.pair(x, y, false)
	var last byte
	for _, p := range l[1:] {
		nx, ny := tenths(p.x), tenths(p.y)
		dx, dy := nx-x, ny-y
		x, y = nx, ny
		var c byte
		switch {
		case dy == 0:
			if dx == 0 {
				continue
			}
			c = 'h'
		case dx == 0:
			c = 'v'
		default:
			c = 'l'
		}
		again := c == last
		if !again {
			w.b = append(w.b, c)
			last = c
		}
		switch c {
		case 'h':
			w.one(dx, again)
		case 'v':
			w.one(dy, again)
		default:
			w.pair(dx, dy, again)
		}
	}
	if closed {
		w.b = append(w.b, 'z')
	}
}

func (w *svgWriter) one(n int, after bool) {
	if after && n >= 0 {
		w.b = append(w.b, ' ')
	}
	w.b = appendTenths(w.b, n)
}

func (w *svgWriter) pair(a, b int, after bool) {
	w.one(a, after)
	w.one(b, true)
}

// idOf is s as part of an id: letters, digits, - and _.
func idOf(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (r == '-' || r == '_' || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z') {
			return r
		}
		return -1
	}, s)
	if s == "" {
		return "chart"
	}
	return cut(s, 100)
}
