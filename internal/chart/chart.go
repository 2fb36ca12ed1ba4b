// Package chart draws the figures of a situational report so that they can be
// read on paper, in grey, and by someone who sees colours differently.
//
// A chart is a struct of its data: [Multiples], [Lines], [Timeline], [Trend],
// [Compare], [Strip] or [Grid]. [SVG] and [PNG] draw it; its Table method has
// the figures that the drawing shows, for the table behind it and for CSV. The
// same data gives the same bytes.
//
// A figure that is missing is a gap, never a zero and never bridged; one that
// is provisional is drawn hollow or dashed. No meaning is in colour alone:
// each has a dash, a mark, a pattern or a word besides. What does not fit is
// left out and said to be left out.
//
// The drawing holds texts as texts. Every element says its colour by an
// attribute, so it needs no style sheet and suits a page that forbids inline
// styles; [DarkCSS] turns the colours for a dark page. The package draws and
// computes nothing but a running median and the words of a ratio: intervals,
// baselines and labels come from those who assess the series.
package chart

import (
	"math"
	"strings"
)

// Chart is one of the kinds of this package.
type Chart interface {
	// Table has the figures of the chart, also those not drawn for want of
	// room.
	Table() Table

	frame() Frame
	draw() *drawing
	describe() string
}

// Frame is what all charts have around the figures. The zero Frame is a
// chart 720 wide without a title.
type Frame struct {
	ID       string  // prefix of the ids inside the SVG: one per page and chart; "chart" if empty
	Title    string  // what the chart shows, best as a finding
	Subtitle string  // what is measured, of whom and when
	Note     string  // what a reader must know of the data
	Source   string  // who counted
	Desc     string  // for those who do not see the chart; made from the data if empty
	Width    float64 // in CSS pixels, 480 to 1600; 720 if 0, which fits a portrait A4 page
	Bare     bool    // leave title and subtitle to the page around the drawing
}

func (f Frame) frame() Frame { return f }

func (f Frame) width() float64 {
	if f.Width == 0 || math.IsNaN(f.Width) {
		return 720
	}
	return math.Round(min(max(f.Width, 480), 1600))
}

// Value is the figure of one period, or the reason why there is none.
type Value struct {
	V           float64 // NaN: there is none
	Provisional bool
	Why         string // why there is none, in a word or two; "no data" if empty
}

// None is a missing figure. A zero [Value] is a counted zero, not a missing
// one.
func None(why string) Value { return Value{V: math.NaN(), Why: why} }

// Values are final figures, NaN for those missing.
func Values(vs ...float64) []Value {
	out := make([]Value, len(vs))
	for i, v := range vs {
		out[i].V = v
	}
	return out
}

// most is the largest number drawn. No count is larger, and up to here a
// float64 holds whole numbers exactly. What is beyond is not drawn, and the
// table says so.
const most = 1e15

func drawable(v float64) bool { return v >= -most && v <= most } // false for NaN

func (v Value) ok() bool { return drawable(v.V) }

// status is the word in the table: empty for a final figure.
func (v Value) status() string {
	switch {
	case math.IsNaN(v.V):
		return orNoData(v.Why)
	case !v.ok():
		return "out of range"
	case v.Provisional:
		return "provisional"
	}
	return ""
}

const noData = "no data"

func orNoData(why string) string {
	if why = clean(why); why != "" {
		return why
	}
	return noData
}

// at is the value of period i, missing beyond the end.
func at(vs []Value, i int) Value {
	if i < 0 || i >= len(vs) {
		return None("")
	}
	return vs[i]
}

// num is the number at i, NaN beyond the end and where it cannot be drawn.
func num(vs []float64, i int) float64 {
	if i < 0 || i >= len(vs) || !drawable(vs[i]) {
		return math.NaN()
	}
	return vs[i]
}

// SVG draws the chart as an image of its own or to stand inside a page.
func SVG(c Chart) []byte {
	f := c.frame()
	desc := clean(f.Desc)
	if desc == "" {
		desc = c.describe()
	}
	return c.draw().svg(f, cut(desc, 2000))
}

// PNG draws the same chart as [SVG] with two pixels to each of CSS.
func PNG(c Chart) ([]byte, error) {
	return c.draw().png(2)
}

// sentences joins what is not empty, each with a full stop.
func sentences(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p)
		if !strings.HasSuffix(p, ".") {
			b.WriteByte('.')
		}
	}
	return b.String()
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(float64(n)) + " " + many
}
