package series

import (
	"fmt"
	"math"
)

// ChangePoints asks when the level, or the trend, of a series changed.
//
// The breaks are those of Bai and Perron, "Computation and analysis of
// multiple structural change models", Journal of Applied Econometrics 18
// (2003), 1-22: for each number of breaks the partition with the least sum of
// squares, found by dynamic programming; the number is that with the least
// BIC. With them come two tests of whether anything changed at all, supF
// (Andrews, Econometrica 61, 1993) and OLS-CUSUM (Ploberger and Krämer,
// Econometrica 60, 1992). All as in R's package strucchange.
//
// Periods without a value are left out; a change is then known to lie
// somewhere between two periods that have one.
//
// All of it takes the errors for independent. In a series whose neighbours
// resemble each other p-values and intervals are too small and breaks too many:
// [Changes].Lag1 measures that. In the trend model, and with seasonal series,
// the p-values are approximations whatever the errors.
type ChangePoints struct {
	Model     string  `json:"model"`     // "mean", or "trend": a line in each segment
	Transform Scale   `json:"transform"` // scale of the model
	H         float64 `json:"h"`         // least length of a segment: a share of the periods with a value, or from 1 their number
	Breaks    int     `json:"breaks"`    // most breaks to look for; 0: as many as H allows
	Trim      float64 `json:"trim"`      // share of the periods at either end in which supF does not look
	Level     float64 `json:"level"`     // of the confidence intervals
}

// NewChangePoints looks for changes of the mean in segments of 15 % at least,
// with 95 % intervals.
func NewChangePoints() ChangePoints {
	return ChangePoints{Model: "mean", H: 0.15, Trim: 0.15, Level: 0.95}
}

// Changes is what [ChangePoints] found. Indices are those of Series.Counts.
type Changes struct {
	Assessed   bool        // there is an answer
	Periods    int         // with a value
	Missing    int         // without
	MinLength  int         // least number of values in a segment
	RSS        []float64   // sum of squares of the best partition with 0, 1, 2 ... breaks; none where not assessed
	BIC        []float64   // and its BIC
	Partitions [][]int     // and for each break the last period with a value before it
	Best       int         // number of breaks with the least BIC; -1 where not assessed
	Breaks     []Break     // of the best partition
	Segments   []Segment   // of the best partition
	SupF       Instability // largest F statistic of a single break
	OLSCUSUM   Instability // largest standardised sum of residuals
	Lag1       float64     // correlation of neighbouring residuals of the best partition
	Note       string      // why there is no answer, or what limits it
}

// Break is a change between two segments.
type Break struct {
	Last  int // last period with a value before the change
	First int // first period with a value after it
	// Low and High bound Last: Bai, Review of Economics and Statistics 79
	// (1997), 551-563, with a variance of each segment's own. The theory is of
	// clear changes: 95 % intervals of slight ones hold some nine times in ten.
	// They may lie outside the series, which then does not bound the change on
	// that side.
	Low, High int
	Bounded   bool // Low and High could be computed
}

// Segment is a stretch between breaks, on the scale of the model.
type Segment struct {
	From, To int     // periods [From, To)
	N        int     // with a value
	Start    float64 // fitted value of the first period
	Slope    float64 // change a period; 0 in the mean model
	RSS      float64 // sum of squares
}

// Instability is a test of the hypothesis that nothing changed.
type Instability struct {
	Statistic float64
	P         float64 // asymptotic
	At        int     // period where the statistic is largest, the last before the change; -1 where not assessed
}

// maxChangeSteps bounds the dynamic programming to a few seconds.
const maxChangeSteps = 1e9

// Find looks for changes in the periods [from, to). With n values and up to m
// breaks it takes n²(m+2)/2 steps and n(m+2) numbers of memory: 50 million
// steps, some 0.2 s, for ten years of days and segments of 15 %. More than 10⁹
// steps are refused.
func (m ChangePoints) Find(s *Series, from, to int) (*Changes, error) {
	c, p, err := m.look(s, from, to)
	if err != nil || c.Note != "" {
		return c, err
	}
	breaks := (p.n()+c.MinLength-1)/c.MinLength - 2
	if m.Breaks > 0 {
		breaks = min(breaks, m.Breaks)
	}
	if steps := float64(p.n()) * float64(p.n()) / 2 * float64(breaks+2); steps > maxChangeSteps {
		return nil, fmt.Errorf("series: change points: %d values with up to %d breaks would take %.0e steps, of which 1e9 are allowed: raise h, limit breaks, or take longer periods", p.n(), breaks, steps)
	}
	part := p.partition(c.MinLength, breaks)
	c.RSS = part.rss
	c.BIC = make([]float64, len(part.rss))
	c.Assessed, c.Best = true, 0
	for b, rss := range part.rss {
		c.BIC[b] = bic(rss, p.n(), (p.regressors()+1)*(b+1))
		if c.BIC[b] < c.BIC[c.Best] {
			c.Best = b
		}
		at := part.breaks(b)
		if b == c.Best {
			c.describe(p, at, m.Level)
		}
		for i := range at {
			at[i] = p.index(at[i] - 1)
		}
		c.Partitions = append(c.Partitions, at)
	}
	c.SupF = p.supF(m.Trim)
	c.OLSCUSUM = p.olsCUSUM()
	c.remark()
	return c, nil
}

// look checks everything and gives the values to work on.
func (m ChangePoints) look(s *Series, from, to int) (*Changes, *stretch, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, nil, err
	}
	switch {
	case m.Model != "mean" && m.Model != "trend":
		return nil, nil, fmt.Errorf("series: change points: model is %q: it is \"mean\" or \"trend\"", m.Model)
	case !(m.H > 0) || m.H > maxCount:
		return nil, nil, fmt.Errorf("series: change points: h is %v: it is a share of the periods, or their number", m.H)
	case m.Breaks < 0:
		return nil, nil, fmt.Errorf("series: change points: breaks is %d", m.Breaks)
	case !(m.Trim >= 0.01) || m.Trim >= 0.5:
		return nil, nil, fmt.Errorf("series: change points: trim is %v: it lies between 0.01 and 0.5", m.Trim)
	case !(m.Level > 0) || m.Level >= 1:
		return nil, nil, fmt.Errorf("series: change points: level is %v: it lies between 0 and 1", m.Level)
	}
	y, err := m.Transform.apply(s.Counts[from:to])
	if err != nil {
		return nil, nil, err
	}
	p := stretchOf(y, from, m.Model == "trend")
	none := Instability{math.NaN(), math.NaN(), -1}
	c := &Changes{Periods: p.n(), Missing: len(y) - p.n(), Best: -1, SupF: none, OLSCUSUM: none, Lag1: math.NaN()}
	h := m.H
	if h < 1 {
		h = math.Floor(float64(p.n()) * h)
	}
	c.MinLength = int(h)
	switch {
	case p.n() == 0:
		c.Note = "no period has a value"
	case c.MinLength <= p.regressors():
		c.Note = fmt.Sprintf("a segment of %d periods is too short for the %s model, with %d values in all", c.MinLength, m.Model, p.n())
	case c.MinLength > p.n()/2:
		c.Note = fmt.Sprintf("two segments of %d periods do not fit into %d values", c.MinLength, p.n())
	}
	return c, p, nil
}

// bic is -2 log L + log(n) df of a Gaussian model.
func bic(rss float64, n, df int) float64 {
	return float64(n)*(math.Log(rss)+1-math.Log(float64(n))+math.Log(2*math.Pi)) + math.Log(float64(n))*float64(df)
}

// describe gives breaks and segments of the partition that begins segments at
// the values at.
func (c *Changes) describe(p *stretch, at []int, level float64) {
	c.Breaks, c.Segments = nil, nil
	edges := append(append([]int{0}, at...), p.n())
	var fits []line
	for i := range len(edges) - 1 {
		lo, hi := edges[i], edges[i+1]
		f := p.line(lo, hi)
		fits = append(fits, f)
		g := Segment{From: p.from, To: p.to, N: hi - lo, Slope: f.slope, RSS: f.rss}
		if i > 0 {
			g.From = p.index(lo)
		}
		if hi < p.n() {
			g.To = p.index(hi)
		}
		g.Start = f.value(float64(g.From))
		c.Segments = append(c.Segments, g)
	}
	for i, a := range at {
		b := Break{Last: p.index(a - 1), First: p.index(a)}
		if lo, hi, ok := breakInterval(p, edges[i:i+3], fits[i], fits[i+1], level); ok {
			b.Low, b.High, b.Bounded = p.index(lo-1), p.index(hi-1), true
		}
		c.Breaks = append(c.Breaks, b)
	}
	c.Lag1 = p.lag1(edges, fits)
}

// remark says what limits the answer.
func (c *Changes) remark() {
	if c.RSS[0] == 0 {
		c.Note = "the values do not vary about the model: there is nothing to test"
	} else if limit := 2 / math.Sqrt(float64(c.Periods)); c.Lag1 > limit {
		c.Note = fmt.Sprintf("neighbouring residuals are correlated (%.2f): p-values and intervals are too small, and breaks may be too many", c.Lag1)
	}
	if c.Missing > 0 {
		c.Note = bothNotes(c.Note, fmt.Sprintf("%d of %d periods have no value and are left out", c.Missing, c.Missing+c.Periods))
	}
}

// bothNotes puts two notes into one.
func bothNotes(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
