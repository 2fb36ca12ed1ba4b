package series

import (
	"math"
	"slices"
)

// stretch is the values of a range of periods, the missing ones left out, and
// the model that segments of it are fitted with: their mean, or a line in time.
type stretch struct {
	from, to int       // the range
	x        []int     // index of each value
	y        []float64 //
	trend    bool
	size     float64 // of the largest value
}

func stretchOf(y []float64, from int, trend bool) *stretch {
	p := &stretch{from: from, to: from + len(y), trend: trend}
	for i, v := range y {
		if !IsMissing(v) {
			p.x = append(p.x, from+i)
			p.y = append(p.y, v)
			p.size = max(p.size, math.Abs(v))
		}
	}
	return p
}

func (p *stretch) n() int { return len(p.y) }

// noise is the sum of squares that an exact fit can leave by rounding: what is
// not above it counts as 0.
func (p *stretch) noise() float64 { return float64(p.n()) * math.Pow(64*0x1p-52*p.size, 2) }

// regressors is the number of coefficients of a segment.
func (p *stretch) regressors() int {
	if p.trend {
		return 2
	}
	return 1
}

// index is the period of the value i; before the first and after the last
// value, periods are counted on.
func (p *stretch) index(i int) int {
	switch n := p.n(); {
	case i < 0:
		return p.x[0] + i
	case i >= n:
		return p.x[n-1] + i - n + 1
	}
	return p.x[i]
}

// line is a fitted segment.
type line struct {
	n          int
	x, y       float64 // means
	slope, rss float64
}

func (f line) value(x float64) float64 { return f.y + f.slope*(x-f.x) }

// growing is a segment to which values are added one by one: means, and the
// sum of squares as a sum of squared recursive residuals, each the error of
// predicting a value from those before it (Brown, Durbin and Evans, JRSS B 37,
// 1975, equation 2). Unlike a difference of sums of squares it never cancels.
type growing struct {
	line
	sxx float64
}

func (g *growing) add(x, y float64, trend bool) {
	g.n++
	k := float64(g.n)
	dx, dy := x-g.x, y-g.y
	if trend && g.n > 1 {
		e := dy - g.slope*dx
		q := 1/(k-1) + 1
		if g.n > 2 {
			q += dx * dx / g.sxx
			g.rss += e * e / q
		}
		// The slope moves by the residual, as in recursive least squares.
		sxx := g.sxx + dx*dx*(k-1)/k
		g.slope += e * dx * (k - 1) / k / sxx
		g.sxx = sxx
	} else if !trend {
		g.rss += dy * dy * (k - 1) / k
	}
	g.x += dx / k
	g.y += dy / k
}

// line fits the values [lo, hi).
func (p *stretch) line(lo, hi int) line {
	var g growing
	for i := lo; i < hi; i++ {
		g.add(float64(p.x[i]), p.y[i], p.trend)
	}
	return g.line
}

// partitions are the best partitions for each number of breaks.
type partitions struct {
	rss  []float64
	n    int
	from []int32 // [b*n+e]: where the last segment begins, with b breaks in the values 0 to e
}

// partition finds, for 0 to breaks breaks, the partition with the least sum of
// squares among those with h values a segment at least: Bai and Perron (2003),
// section 3. Where several are equally good, it is the one with the earliest
// last break.
func (p *stretch) partition(h, breaks int) partitions {
	n := p.n()
	out := partitions{n: n, from: make([]int32, (breaks+1)*n)}
	best := slices.Repeat([]float64{math.Inf(1)}, (breaks+1)*n)
	rss := make([]float64, n) // of the segment from lo to e
	// When lo is reached, the best partitions of all that ends before it are
	// known: every segment that begins before lo has been looked at.
	for lo := 0; lo+h <= n; lo++ {
		var g growing
		for e := lo; e < n; e++ {
			g.add(float64(p.x[e]), p.y[e], p.trend)
			rss[e] = g.rss
		}
		if lo == 0 {
			copy(best[h-1:n], rss[h-1:])
			continue
		}
		for b := 1; b <= breaks && b*h <= lo; b++ {
			before := best[(b-1)*n+lo-1]
			row, from := best[b*n:(b+1)*n], out.from[b*n:(b+1)*n]
			for e := lo + h - 1; e < n; e++ {
				if v := before + rss[e]; v < row[e] {
					row[e], from[e] = v, int32(lo)
				}
			}
		}
	}
	for b := range breaks + 1 {
		v := best[b*n+n-1]
		if v <= p.noise() {
			v = 0
		}
		out.rss = append(out.rss, v)
	}
	return out
}

// breaks gives where the segments after the first begin, with b breaks.
func (p *partitions) breaks(b int) []int {
	at := make([]int, b)
	for e := p.n - 1; b > 0; b-- {
		at[b-1] = int(p.from[b*p.n+e])
		e = at[b-1] - 1
	}
	return at
}

// lag1 is the correlation of neighbouring residuals, across gaps and breaks.
func (p *stretch) lag1(edges []int, fits []line) float64 {
	var last, cross, square float64
	for i, f := range fits {
		for j := edges[i]; j < edges[i+1]; j++ {
			e := p.y[j] - f.value(float64(p.x[j]))
			cross += last * e
			square += e * e
			last = e
		}
	}
	return cross / square
}
