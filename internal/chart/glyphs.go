package chart

import (
	"math"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"
)

// text draws letters as the outlines of the font. A letter that the font
// lacks, such as an Arabic one, is an empty box: unlike a browser, this does
// not look for another font.
func (r *raster) text(o *op) {
	face := faceOf(o.font.bold)
	size := o.font.size
	b := o.box()
	x, y := b.x0, o.y
	if len(o.xs) > 0 {
		for i, c := range o.s {
			if i >= len(o.xs) {
				break
			}
			r.glyph(face, c, size, o.xs[i]-o.font.width(string(c))/2, y, nil)
			r.fill(o.font.fill)
		}
		return
	}
	var turn *pt
	if o.turned {
		turn = &pt{o.x + 0.35*size, o.y}
		x, y = -o.font.width(o.s)/2, 0
	}
	for _, c := range seen(o.s) {
		r.glyph(face, c, size, x, y, turn)
		x += measure(string(c), size, o.font.bold)
	}
	r.fill(o.font.fill)
}

// seen is s in the order in which it stands on the page; figures inside of a
// name that is written from right to left come after it.
func seen(s string) string {
	if !rightToLeft(s) {
		return s
	}
	var p bidi.Paragraph
	if _, err := p.SetString(s, bidi.DefaultDirection(bidi.LeftToRight)); err != nil {
		return s
	}
	order, err := p.Order()
	if err != nil {
		return s
	}
	var b strings.Builder
	for i := range order.NumRuns() {
		run := order.Run(i)
		if run.Direction() == bidi.RightToLeft {
			b.WriteString(bidi.ReverseString(run.String()))
		} else {
			b.WriteString(run.String())
		}
	}
	return b.String()
}

func (r *raster) glyph(face *typeface, c rune, size, x, y float64, turn *pt) {
	if c == ' ' || c == 0x202f || c == 0xa0 || c == 0x200e || c == 0x200f {
		return
	}
	g, err := face.GlyphIndex(&r.buf, c)
	if err != nil {
		return
	}
	ppem := fixed.Int26_6(math.Round(size * r.scale * 64))
	segs, err := face.LoadGlyph(&r.buf, g, ppem, nil)
	if err != nil {
		return
	}
	place := func(p fixed.Point26_6) pt {
		dx, dy := float64(p.X)/64, float64(p.Y)/64
		if turn != nil {
			return pt{turn.x*r.scale + y*r.scale + dy, turn.y*r.scale - x*r.scale - dx}
		}
		return pt{x*r.scale + dx, y*r.scale + dy}
	}
	var area []pt
	for _, s := range segs {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(area) > 0 {
				r.areas = append(r.areas, area)
			}
			area = []pt{place(s.Args[0])}
		case sfnt.SegmentOpLineTo:
			area = append(area, place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			a, b, c := area[len(area)-1], place(s.Args[0]), place(s.Args[1])
			const n = 5
			for i := 1; i <= n; i++ {
				t := float64(i) / n
				u := 1 - t
				area = append(area, pt{u*u*a.x + 2*u*t*b.x + t*t*c.x, u*u*a.y + 2*u*t*b.y + t*t*c.y})
			}
		}
	}
	if len(area) > 0 {
		r.areas = append(r.areas, area)
	}
}
