package series

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Joinpoint fits two lines that meet: a trend that changes its slope once,
// without a jump. The place is the best of all, found as in Hudson, "Fitting
// segmented curves whose join points have to be estimated", Journal of the
// American Statistical Association 61 (1966), 1097-1129; its standard error is
// the one of Muggeo, Statistics in Medicine 22 (2003), 3055-3071, and
// like it too small where the bend is slight: 95 % intervals then hold some
// nine times in ten. (R's package segmented searches from a start and may stop
// elsewhere.)
type Joinpoint struct {
	Transform Scale   `json:"transform"` // scale of the model
	H         float64 `json:"h"`         // least length of either line, as in [ChangePoints]
	Level     float64 `json:"level"`     // of the interval
}

// NewJoinpoint looks for a change of slope beyond the outer 15 %, with a 95 %
// interval.
func NewJoinpoint() Joinpoint { return Joinpoint{H: 0.15, Level: 0.95} }

// Join is what [Joinpoint] found.
type Join struct {
	Assessed  bool       // there is an answer
	Periods   int        // with a value
	At        float64    // where the slope changes, as an index of Series.Counts
	SE        float64    // its standard error
	Low, High float64    // its interval; it may reach beyond the series, which then does not bound it
	Value     float64    // fitted value there
	Slopes    [2]float64 // change a period before and after
	RSS       float64    // sum of squares
	LineRSS   float64    // and that of one straight line
	BIC       float64    // of the two lines
	LineBIC   float64    // of one; where it is smaller, nothing speaks for a change of slope
	Note      string     // why there is no answer, or what limits it
}

// maxJoinpointValues bounds the search, which takes 4n² steps.
const maxJoinpointValues = 15000

// Fit fits the periods [from, to), without those that have no value.
func (m Joinpoint) Fit(s *Series, from, to int) (*Join, error) {
	// The least length is looked after as that of a trend model.
	c, p, err := ChangePoints{Model: "trend", Transform: m.Transform, H: m.H, Trim: 0.15, Level: m.Level}.look(s, from, to)
	if err != nil {
		return nil, err
	}
	j := noJoin(p.n(), c.Note)
	switch {
	case c.Note != "":
		return j, nil
	case p.n() < 5:
		return noJoin(p.n(), fmt.Sprintf("%d values are too few for four parameters", p.n())), nil
	case p.n() > maxJoinpointValues:
		return nil, fmt.Errorf("series: joinpoint: %d values, of which %d are allowed: take longer periods", p.n(), maxJoinpointValues)
	}
	j.search(p, c.MinLength)
	if j.LineRSS <= p.noise() {
		return noJoin(p.n(), "the values lie on a straight line"), nil
	}
	j.Assessed = true
	j.judge(p, m.Level)
	if c.Missing > 0 {
		j.Note = bothNotes(j.Note, fmt.Sprintf("%d of %d periods have no value and are left out", c.Missing, c.Missing+c.Periods))
	}
	return j, nil
}

// noJoin is the answer where there is none.
func noJoin(periods int, why string) *Join {
	nan := math.NaN()
	return &Join{Periods: periods, At: nan, SE: nan, Low: nan, High: nan, Value: nan, Slopes: [2]float64{nan, nan},
		RSS: nan, LineRSS: nan, BIC: nan, LineBIC: nan, Note: why}
}

// search tries the lines that meet between two values, and those that meet at
// one: where two free lines don't meet between two values, the best that do
// meet at one of them (Hudson).
func (j *Join) search(p *stretch, h int) {
	n := p.n()
	before, after := make([]line, n+1), make([]line, n+1)
	var b, a growing
	for i := range n {
		b.add(float64(p.x[i]), p.y[i], true)
		before[i+1] = b.line
		a.add(float64(p.x[n-1-i]), p.y[n-1-i], true)
		after[n-1-i] = a.line
	}
	j.LineRSS, j.RSS = before[n].rss, math.Inf(1)
	try := func(at, value, s1, s2, rss float64) {
		if rss < j.RSS {
			j.At, j.Value, j.Slopes, j.RSS = at, value, [2]float64{s1, s2}, rss
		}
	}
	for i := h; i <= n-h; i++ {
		l, r, x := before[i], after[i], float64(p.x[i-1])
		at := x + (l.value(x)-r.value(x))/(r.slope-l.slope)
		if at > x && at < float64(p.x[i]) {
			try(at, l.value(at), l.slope, r.slope, l.rss+r.rss)
		}
	}
	for i := max(h-1, 1); i <= min(n-h, n-2); i++ {
		try(p.bend(float64(p.x[i]), before[n].y))
	}
}

// bend fits two lines that meet at x; mean is that of the values.
func (p *stretch) bend(x, mean float64) (at, value, s1, s2, rss float64) {
	// With u the distance from x, the columns 1, min(u, 0), max(u, 0): the
	// latter two are orthogonal, which leaves one equation for the constant.
	var l, ll, ly, r, rr, ry, y float64
	for i, xi := range p.x {
		v := p.y[i] - mean
		y += v
		if u := float64(xi) - x; u < 0 {
			l += u
			ll += u * u
			ly += u * v
		} else {
			r += u
			rr += u * u
			ry += u * v
		}
	}
	c := (y - l*ly/ll - r*ry/rr) / (float64(p.n()) - l*l/ll - r*r/rr)
	s1, s2 = (ly-c*l)/ll, (ry-c*r)/rr
	for i, xi := range p.x {
		u := float64(xi) - x
		e := p.y[i] - mean - c - s1*min(u, 0) - s2*max(u, 0)
		rss += e * e
	}
	return x, mean + c, s1, s2, rss
}

// judge gives the interval and compares with a straight line.
func (j *Join) judge(p *stretch, level float64) {
	n := p.n()
	j.BIC, j.LineBIC = bic(j.RSS, n, 5), bic(j.LineRSS, n, 3)
	// The model made linear at the join: 1, u, max(u, 0), and the derivative by
	// the place of the join.
	step := j.Slopes[0] - j.Slopes[1]
	x := mat.NewDense(n, 4, nil)
	for i, xi := range p.x {
		u := float64(xi) - j.At
		row := []float64{1, u, max(u, 0), 0}
		if u > 0 {
			row[3] = step
		}
		x.SetRow(i, row)
	}
	var xx mat.SymDense
	xx.SymOuterK(1, x.T())
	var chol mat.Cholesky
	var inv mat.SymDense
	if chol.Factorize(&xx) && chol.InverseTo(&inv) == nil {
		j.SE = math.Sqrt(j.RSS / float64(n-4) * inv.At(3, 3))
		half := qt((1+level)/2, float64(n-4)) * j.SE
		j.Low, j.High = j.At-half, j.At+half
	}
	if j.LineBIC <= j.BIC {
		j.Note = "a straight line describes the values as well: nothing speaks for a change of slope"
	}
}
