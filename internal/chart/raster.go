package chart

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// raster fills shapes with smooth edges.
type raster struct {
	img   *image.RGBA
	scale float64
	z     vector.Rasterizer
	buf   sfnt.Buffer
	// paths in pixels, gathered before they are filled
	areas [][]pt
}

func (r *raster) op(o *op) {
	switch o.kind {
	case opPath:
		if o.paint.fill != "" {
			for _, l := range o.lines {
				r.areas = append(r.areas, r.scaled(l))
				r.fill(o.paint.fill)
			}
		}
		r.stroke(o.paint, o.lines, o.closed)
	case opCircle:
		ring := circle(o.x, o.y, o.r, max(12, int(8*math.Sqrt(o.r*r.scale))))
		if o.paint.fill != "" {
			r.areas = append(r.areas, r.scaled(ring))
			r.fill(o.paint.fill)
		}
		r.stroke(o.paint, [][]pt{ring}, true)
	case opText:
		r.text(o)
	}
}

func circle(x, y, r float64, n int) []pt {
	out := make([]pt, n)
	for i := range out {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		out[i] = pt{x + r*c, y + r*s}
	}
	return out
}

func (r *raster) scaled(l []pt) []pt {
	out := make([]pt, len(l))
	for i, p := range l {
		out[i] = pt{p.x * r.scale, p.y * r.scale}
	}
	return out
}

// fill fills the gathered areas, which all turn the same way or do not
// overlap, and forgets them. Its cost is the size of the box around them.
func (r *raster) fill(colour string) {
	defer func() { r.areas = r.areas[:0] }()
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, a := range r.areas {
		for _, p := range a {
			x0, y0, x1, y1 = min(x0, p.x), min(y0, p.y), max(x1, p.x), max(y1, p.y)
		}
	}
	b := r.img.Bounds()
	lim := func(v, most float64) int { return int(max(0, min(v, most))) }
	box := image.Rect(lim(math.Floor(x0), float64(b.Dx())), lim(math.Floor(y0), float64(b.Dy())), lim(math.Ceil(x1), float64(b.Dx())), lim(math.Ceil(y1), float64(b.Dy())))
	if !(x1 >= x0) || box.Empty() {
		return
	}
	r.z.Reset(box.Dx(), box.Dy())
	ox, oy := float64(box.Min.X), float64(box.Min.Y)
	for _, a := range r.areas {
		for i, p := range a {
			x, y := float32(p.x-ox), float32(p.y-oy)
			if i == 0 {
				r.z.MoveTo(x, y)
			} else {
				r.z.LineTo(x, y)
			}
		}
		r.z.ClosePath()
	}
	r.z.DrawOp = draw.Over
	r.z.Draw(r.img, box, image.NewUniform(parseColour(colour)), image.Point{})
}

func parseColour(s string) color.RGBA {
	n, _ := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff}
}

// stroke draws lines as areas: a rectangle for each piece, a round joint
// between two.
func (r *raster) stroke(p paint, lines [][]pt, closed bool) {
	if p.stroke == "" || p.width <= 0 {
		return
	}
	half := p.width * r.scale / 2
	dash := dashes(p.dash, r.scale)
	for _, l := range lines {
		s := r.scaled(l)
		if closed && len(s) > 0 {
			s = append(s, s[0])
		}
		if dash == nil {
			r.pieces(s, half, closed)
			r.fill(p.stroke)
			continue
		}
		for _, on := range dashed(s, dash) {
			r.pieces(on, half, false)
			r.fill(p.stroke)
		}
	}
}

func (r *raster) pieces(l []pt, half float64, closed bool) {
	var before, first pt // the directions of the piece before and of the first
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		n := math.Hypot(b.x-a.x, b.y-a.y)
		if n == 0 {
			continue
		}
		dir := pt{(b.x - a.x) / n, (b.y - a.y) / n}
		nx, ny := -dir.y*half, dir.x*half
		r.areas = append(r.areas, []pt{{a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}, {a.x + nx, a.y + ny}})
		if before != (pt{}) {
			r.joint(a, before, dir, half)
		} else {
			first = dir
		}
		before = dir
	}
	if closed && len(l) > 0 && before != (pt{}) {
		r.joint(l[0], before, first, half)
	}
}

// joint fills the outer side of a bend, round.
func (r *raster) joint(at, from, to pt, half float64) {
	turn := math.Atan2(from.x*to.y-from.y*to.x, from.x*to.x+from.y*to.y)
	if math.Abs(turn)*half < 0.2 {
		return
	}
	side := half
	if turn > 0 {
		side = -half
	}
	n := 1 + int(math.Abs(turn)*math.Sqrt(half)*1.5)
	fan := make([]pt, 0, n+2)
	fan = append(fan, at)
	for i := range n + 1 {
		s, c := math.Sincos(turn * float64(i) / float64(n))
		// from, turned, and then to its normal.
		dx, dy := from.x*c-from.y*s, from.x*s+from.y*c
		fan = append(fan, pt{at.x - dy*side, at.y + dx*side})
	}
	if turn < 0 { // all areas turn the same way
		slices.Reverse(fan)
	}
	r.areas = append(r.areas, fan)
}

// dashes reads lengths on and off.
func dashes(s string, scale float64) []float64 {
	if s == "" {
		return nil
	}
	var out []float64
	for f := range strings.FieldsSeq(s) {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || !(v > 0) {
			return nil
		}
		out = append(out, v*scale)
	}
	return out
}

// dashed is the pieces of l that are on.
func dashed(l []pt, dash []float64) [][]pt {
	var out [][]pt
	var piece []pt
	k, left := 0, dash[0]
	for i, p := range l {
		if i == 0 {
			piece = []pt{p}
			continue
		}
		a := l[i-1]
		n := math.Hypot(p.x-a.x, p.y-a.y)
		for done := 0.0; n-done > left; {
			done += left
			q := pt{a.x + (p.x-a.x)*done/n, a.y + (p.y-a.y)*done/n}
			if k%2 == 0 {
				out, piece = append(out, append(piece, q)), nil
			} else {
				piece = []pt{q}
			}
			k++
			left = dash[k%len(dash)]
			a, n, done = q, n-done, 0
		}
		left -= n
		if k%2 == 0 {
			piece = append(piece, p)
		}
	}
	if k%2 == 0 && len(piece) > 1 {
		out = append(out, piece)
	}
	return out
}
