package chart

import "math"

// markKind is the shape of a point.
type markKind byte

const (
	disc markKind = iota
	square
	triangle
	diamond
	below // a triangle on its point
	cross
)

// mark draws a shape about as large as a circle of radius r.
func (d *drawing) mark(k markKind, p paint, x, y, r float64) {
	switch k {
	case square:
		s := r * 0.9
		d.areas(p, corners(x-s, y-s, 2*s, 2*s))
	case triangle:
		d.areas(p, []pt{{x, y - 1.25*r}, {x + 1.15*r, y + 0.8*r}, {x - 1.15*r, y + 0.8*r}})
	case below:
		d.areas(p, []pt{{x - 1.15*r, y - 0.8*r}, {x + 1.15*r, y - 0.8*r}, {x, y + 1.25*r}})
	case diamond:
		d.areas(p, []pt{{x, y - 1.3*r}, {x + 1.3*r, y}, {x, y + 1.3*r}, {x - 1.3*r, y}})
	case cross:
		p.stroke, p.width = p.fill, max(p.width, 1.5)
		p.fill = ""
		d.lines(p, []pt{{x - r, y - r}, {x + r, y + r}}, []pt{{x - r, y + r}, {x + r, y - r}})
	default:
		d.circle(p, x, y, r)
	}
}

// hatched fills a rectangle with slanting lines so far apart; the lines of
// neighbours meet.
func (d *drawing) hatched(p paint, x, y, w, h, apart float64) {
	if !(w > 0 && h > 0) {
		return
	}
	var lines [][]pt
	// Lines x + y = k, clipped to the rectangle.
	for k := math.Ceil((x+y)/apart) * apart; k < x+w+y+h && len(lines) < 2000; k += apart {
		x0, x1 := max(x, k-y-h), min(x+w, k-y)
		if x1-x0 > 0.05 {
			lines = append(lines, []pt{{x0, k - x0}, {x1, k - x1}})
		}
	}
	d.lines(p, lines...)
}

// gap is the sign for what is missing: hatching between thin edges.
func (d *drawing) gap(x, y, w, h float64) {
	d.hatched(hatchPaint, x, y, w, h, 6)
}

// holes draws the gaps of a series. Those too narrow to be hatched are grey,
// and as one where they lie closer than can be seen; it says whether there are
// such.
func (d *drawing) holes(x dates, gaps []stretch, y0, y1 float64) bool {
	var narrow [][2]float64
	for _, g := range gaps {
		a, b := x.left(g.from), x.left(g.to)
		if b-a >= 3 {
			d.gap(a, y0, b-a, y1-y0)
			continue
		}
		if k := len(narrow) - 1; k >= 0 && a-narrow[k][1] < 0.5 {
			narrow[k][1] = b
			continue
		}
		narrow = append(narrow, [2]float64{a, b})
	}
	var areas [][]pt
	for _, n := range narrow {
		areas = append(areas, corners(n[0], y0, n[1]-n[0], y1-y0))
	}
	d.areas(filled("c-gap", grid), areas...)
	return len(areas) > 0
}

const greyGaps = "Gaps too narrow to be hatched are grey"

// dotted fills a rectangle with dots.
func (d *drawing) dotted(p paint, x, y, w, h, apart float64) {
	var dots [][]pt
	nx, ny := int(w/apart), int(h/apart)
	ox, oy := x+(w-float64(nx-1)*apart)/2, y+(h-float64(ny-1)*apart)/2
	for i := range nx {
		for j := range ny {
			dots = append(dots, corners(ox+float64(i)*apart-0.7, oy+float64(j)*apart-0.7, 1.4, 1.4))
		}
	}
	d.areas(p, dots...)
}
