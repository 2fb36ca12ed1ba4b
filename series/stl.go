package series

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// SeasonalWindow is how many years the seasonal smoothing of [STL] looks at, or
// [Periodic].
type SeasonalWindow int

// Periodic makes the season the same every year.
const Periodic SeasonalWindow = -1

// UnmarshalJSON reads a number of years or "periodic".
func (w *SeasonalWindow) UnmarshalJSON(b []byte) error {
	var n int
	var s string
	switch {
	case json.Unmarshal(b, &s) == nil && s == "periodic":
		*w = Periodic
	case json.Unmarshal(b, &n) == nil:
		*w = SeasonalWindow(n)
	default:
		return fmt.Errorf("series: s.window is %s: it is a whole number of years, or \"periodic\"", b)
	}
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (w SeasonalWindow) MarshalJSON() ([]byte, error) {
	if w == Periodic {
		return []byte(`"periodic"`), nil
	}
	return json.Marshal(int(w))
}

// STL splits a series into a season, a trend and a remainder by local
// regression: Cleveland, Cleveland, McRae and Terpenning, "STL: A
// seasonal-trend decomposition procedure based on loess", Journal of Official
// Statistics 6 (1990), 3-73. The parameters have the names that they have in
// R's stats::stl; one that is 0 takes R's default.
//
// Without missing values it gives what R gives, but for a fault of the
// program behind R: of an even number of periods it may take a wrong median in
// a robust pass, which moves the result by some 1e-5. Compat "r" has that too.
//
// A missing period is left out of every local regression: the span of a fit
// is the nearest periods that have a value, as in the paper's definition of
// loess, which asks for no even spacing. (R refuses.) What cannot be told then
// stays Missing; see [Decomposition].
type STL struct {
	SWindow   SeasonalWindow `json:"s.window"`  // span of the seasonal loess in years, odd and at least 7
	SDegree   int            `json:"s.degree"`  // 0 or 1; always 0 where SWindow is Periodic
	TWindow   int            `json:"t.window"`  // span of the trend loess in periods
	TDegree   int            `json:"t.degree"`  // 0 or 1
	LWindow   int            `json:"l.window"`  // span of the loess of the low-pass filter in periods
	LDegree   int            `json:"l.degree"`  // 0 or 1
	SJump     int            `json:"s.jump"`    // every how many years the seasonal loess is evaluated, with lines between
	TJump     int            `json:"t.jump"`    // of the trend
	LJump     int            `json:"l.jump"`    // of the low-pass filter
	Robust    bool           `json:"robust"`    // weigh down periods with a large remainder
	Inner     int            `json:"inner"`     // passes of the inner loop: 2, or 1 where Robust
	Outer     int            `json:"outer"`     // passes that reweigh: 15 where Robust, else none
	Transform Scale          `json:"transform"` // scale on which the parts add up
	Compat    string         `json:"compat"`    // "" or "documented" for the paper, "r" for R with its fault
}

// NewSTL is a season that is the same every year, with a local linear trend.
func NewSTL() STL { return STL{SWindow: Periodic, TDegree: 1, LDegree: 1} }

// Decomposition is a series in parts: where a period has a value,
// Observed = Seasonal + Trend + Remainder.
//
// A missing period has no remainder. It has a season and a trend, which are
// points of the fitted curves and not data, unless no period with a value lies
// within half of the trend's span on either side, or it lies before the first
// value or after the last one: then it has none.
type Decomposition struct {
	From      int  // index of the first period in Series.Counts
	Assessed  bool // there is an answer; else all parts are Missing
	Observed  []float64
	Seasonal  []float64
	Trend     []float64
	Remainder []float64
	Weights   []float64 // of the last robust pass, from 0 to 1; none where there was none
	Missing   int       // periods without a value
	Note      string    // why there is no answer, or what limits it
}

// Decompose splits the periods [from, to). The season is that of Series.Freq
// periods. With the default jumps it takes some 500 steps a period where
// Robust, and fewer than 100 where not; parameters that would take more than
// 10⁹ steps (jumps of 1 over a long series) are refused.
func (m STL) Decompose(s *Series, from, to int) (*Decomposition, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, err
	}
	f, err := m.resolve(s.Freq, to-from)
	if err != nil {
		return nil, err
	}
	d := &Decomposition{From: from}
	if d.Observed, err = m.Transform.apply(s.Counts[from:to]); err != nil {
		return nil, err
	}
	for _, part := range []*[]float64{&d.Seasonal, &d.Trend, &d.Remainder} {
		*part = slices.Repeat([]float64{Missing}, to-from)
	}
	for _, y := range d.Observed {
		if IsMissing(y) {
			d.Missing++
		}
	}
	if d.Note = f.unanswerable(d.Observed); d.Note != "" {
		return d, nil
	}
	d.Assessed = true
	f.run(d)
	return d, nil
}

// resolve puts R's defaults where a parameter is 0.
func (m STL) resolve(period, n int) (stlFit, error) {
	f := stlFit{n: n, period: period, periodic: m.SWindow == Periodic, likeR: m.Compat == "r"}
	switch {
	case period < 2:
		return f, fmt.Errorf("series: stl: a year of %d periods has no season", period)
	case m.SWindow < 2 && !f.periodic:
		return f, fmt.Errorf("series: stl: s.window is %d: it is a number of years, odd and at least 7, or \"periodic\"", m.SWindow)
	}
	if err := checkCompat("stl", m.Compat); err != nil {
		return f, err
	}
	type named struct {
		name string
		v    int
	}
	for _, d := range []named{{"s.degree", m.SDegree}, {"t.degree", m.TDegree}, {"l.degree", m.LDegree}} {
		if d.v != 0 && d.v != 1 {
			return f, fmt.Errorf("series: stl: %s is %d: it is 0 or 1", d.name, d.v)
		}
	}
	const most = 1 << 30
	for _, d := range []named{{"s.window", max(0, int(m.SWindow))}, {"t.window", m.TWindow}, {"l.window", m.LWindow},
		{"s.jump", m.SJump}, {"t.jump", m.TJump}, {"l.jump", m.LJump}, {"inner", m.Inner}, {"outer", m.Outer}} {
		if d.v < 0 || d.v > most {
			return f, fmt.Errorf("series: stl: %s is %d", d.name, d.v)
		}
	}
	s := int(m.SWindow)
	if f.periodic {
		s, m.SDegree = 10*max(n, 1)+1, 0
	}
	t := m.TWindow
	if t == 0 {
		// The paper's rule for n(t): the least odd number that is not below this.
		t = int(min(most, math.Ceil(1.5*float64(period)/(1-1.5/float64(s))))) | 1
	}
	l := m.LWindow
	if l == 0 {
		l = period | 1
	}
	jump := func(given, window int) int {
		if given > 0 {
			return given
		}
		return (window + 9) / 10
	}
	// The jumps follow the spans as given, the smoothers take odd ones.
	f.seasonal = smoother{max(3, s|1), m.SDegree, jump(m.SJump, s)}
	f.trend = smoother{max(3, t|1), m.TDegree, jump(m.TJump, t)}
	f.lowpass = smoother{max(3, l|1), m.LDegree, jump(m.LJump, l)}
	f.inner, f.outer = m.Inner, m.Outer
	if f.inner == 0 {
		f.inner = 2
		if m.Robust {
			f.inner = 1
		}
	}
	if f.outer == 0 && m.Robust {
		f.outer = 15
	}
	if steps := f.steps(); steps > 1e9 {
		return f, fmt.Errorf("series: stl: this would take %.0e steps, of which 1e9 are allowed: take larger jumps, fewer passes or a shorter range", steps)
	}
	return f, nil
}

// unanswerable says why these values have no decomposition.
func (f *stlFit) unanswerable(y []float64) string {
	if len(y) <= 2*min(f.period, len(y)) {
		return fmt.Sprintf("a season needs more than two years of %d periods, and there are %d", f.period, len(y))
	}
	for j := range f.period {
		have := 0
		for i := j; i < len(y); i += f.period {
			if !IsMissing(y[i]) {
				have++
			}
		}
		if have < 2 {
			return fmt.Sprintf("a season needs every part of the year in two years at least, and periods %d, %d, %d ... of the range have %d with a value", j+1, j+1+f.period, j+1+2*f.period, have)
		}
	}
	return ""
}
