package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"
)

const longName = "A name that goes on and on, as names of departments for the protection of minors and of the coordination of the departments for the protection of minors do"

// names that a partner may send.
var hostileNames = []string{
	"", " ", longName, strings.Repeat("W", 5000), "ישראל (הוטליין)", "الشرطة القضائية 2020", "\u202eDE\u202c", "a\x00b\x1f\ufffe\xff", `<script>alert("x")</script>&amp;'`,
	"日本の窓口", "e\u0301\u0301\u0301\u0301", "👩‍👩‍👧 desk", "=1+1", "]]>", strings.Repeat("\u0301", 300), "line\nbreak\ttab\u2028sep",
}

var hostileFloats = []float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e300, 5e-324, 1e15, 1e-9, math.MaxFloat64, math.Copysign(0, -1), 3.7}

func name(i int) string   { return hostileNames[i%len(hostileNames)] }
func float(i int) float64 { return hostileFloats[i%len(hostileFloats)] }
func floats(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float(i)
	}
	return out
}

func hostileValues(n int) []Value {
	out := make([]Value, n)
	for i := range out {
		out[i] = Value{V: float(i), Provisional: i%3 == 0, Why: name(i)}
	}
	return out
}

func hostileFrame(i int) Frame {
	return Frame{ID: name(i), Title: name(i), Subtitle: name(i + 1), Note: name(i + 2), Source: name(i + 3), Width: float(i) * 700}
}

// hostile is what nobody should ask for.
func hostile() map[string]Chart {
	out := map[string]Chart{
		"no multiples": Multiples{}, "no lines": Lines{}, "no timeline": Timeline{}, "no trend": Trend{}, "no items": Compare{}, "no rows": Strip{}, "no grid": Grid{},
		"empty panels": Multiples{Panels: make([]Panel, 5)}, "empty lines": Lines{Series: make([]Line, 5)}, "empty items": Compare{Items: make([]Item, 3)}, "empty rows": Strip{Rows: make([]Row, 3)}, "empty sources": Grid{Periods: 3, Sources: make([]SourceRow, 3)},
		"one day":        Timeline{Values: Values(3), Median: 7},
		"one quarter":    Trend{Values: Values(3), Fit: []float64{3}, Lower: []float64{1}, Upper: []float64{5}},
		"one line":       Lines{Series: []Line{{Name: "x", Values: Values(4)}}},
		"one panel":      Multiples{Panels: []Panel{{Name: "x", Now: Values(4)}}},
		"all zero":       Timeline{Values: make([]Value, 50)},
		"all missing":    Timeline{Values: []Value{None("a"), None("b")}},
		"all below zero": Timeline{Values: Values(-5, -3, -100)},
		"negative bars":  Trend{Values: Values(-5, 3, -100), Fit: []float64{1, 2, 3, 4, 5}},
		"negative panel": Multiples{Style: AsBars, Panels: []Panel{{Name: "x", Before: Values(-4, 2), Now: Values(4, -3)}}},
	}
	long := Timeline{Frame: hostileFrame(2), Values: hostileValues(10_000), Median: 7, Baseline: &Baseline{name(3), floats(9_000), floats(10_000), floats(11_000)}}
	for i := range 500 {
		long.Alarms = append(long.Alarms, Alarm{calendar.Day(i * 3), name(i)})
		long.Events = append(long.Events, Event{name(i), calendar.Day(i * 20), calendar.Day(i * 21)})
	}
	long.Events = append(long.Events, Event{"ever", math.MinInt32, math.MaxInt32}, Event{"late", math.MaxInt32, math.MinInt32})
	out["10 000 days"] = long
	wave10k := sampleDaily()
	wave10k.Values = wave(3, 10_000, 400, 1, 0.3, 365)
	for i := range wave10k.Values {
		if i%2 == 0 && i > 5000 {
			wave10k.Values[i] = None("")
		}
	}
	out["every other day of 10 000"] = wave10k
	out["more days than are drawn"] = Timeline{Length: calendar.Quarterly, First: math.MaxInt32, Values: make([]Value, 30_000)}
	out["before all years"] = Timeline{Length: "fortnight", First: math.MinInt32, Values: make([]Value, 300)}
	many := Lines{Frame: hostileFrame(3)}
	for i := range 200 {
		l := Line{Name: name(i), Front: i%2 == 0, Values: wave(uint64(i), 1000, float64(i*10+1), 1, 0.5, 300)}
		l.Values[i%50].V = float(i)
		many.Series = append(many.Series, l)
	}
	out["200 lines"] = many
	same := Lines{}
	for i := range 8 {
		same.Series = append(same.Series, Line{Name: longName, Front: true, Values: Values(5, 5, 5, 1e15-float64(i))})
	}
	out["lines on one another"] = same
	mult := Multiples{Frame: hostileFrame(4), Order: ByChange}
	for i := range 200 {
		mult.Panels = append(mult.Panels, Panel{Name: name(i), Note: name(i + 1), Before: hostileValues(i), Now: hostileValues(400 - i)})
	}
	out["200 panels"] = mult
	mult.Style, mult.Scale, mult.Order, mult.First = AsBars, SharedScale, ByLevel, calendar.Period{Length: calendar.Weekly, First: 18000}
	out["200 panels of bars"] = mult
	out["2 000 quarters"] = Trend{Frame: hostileFrame(5), Values: hostileValues(2000), Fit: floats(5000), Lower: floats(100), Upper: floats(3000), Words: longName, Name: longName}
	cmp := Compare{Frame: hostileFrame(6), Before: name(4), Now: name(2), Interval: longName}
	for i := range 500 {
		cmp.Items = append(cmp.Items, Item{Name: name(i), Note: name(i + 1), Before: Value{V: float(i)}, Now: Value{V: float(i + 1), Provisional: true}, Ratio: float(i + 2), Lower: float(i + 3), Upper: float(i * 7), Words: name(i), Why: name(i + 4)})
	}
	out["500 items"] = cmp
	strip := Strip{Frame: hostileFrame(7)}
	for i := range 300 {
		strip.Rows = append(strip.Rows, Row{Name: name(i), Unit: name(i + 1), Values: hostileValues(i * 3), Level: Value{V: float(i)}, Period: name(i), Change: name(i), Against: name(i), Goes: Direction(i), Label: Label(i), Reason: name(i), Have: i*1000 - 5, Want: i - 3})
	}
	out["300 rows"] = strip
	grid := Grid{Frame: hostileFrame(8), Periods: math.MaxInt}
	for i := range 300 {
		r := SourceRow{Name: name(i)}
		for k := range 20_000 {
			r.Cells = append(r.Cells, State(i+k*k))
		}
		grid.Sources = append(grid.Sources, r)
		if i > 100 {
			grid.Sources[i].Cells = nil
		}
	}
	out["300 sources"] = grid
	return out
}

// sound checks what holds for every chart, whatever is in it.
func sound(t *testing.T, c Chart) {
	t.Helper()
	begin := time.Now()
	svg := SVG(c)
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("the drawing took %v", d)
	}
	if !bytes.Equal(svg, SVG(c)) {
		t.Error("drawn twice, the bytes differ")
	}
	if len(svg) > 1<<20 {
		t.Errorf("the SVG has %d bytes, want at most 1 MiB", len(svg))
	}
	if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) {
		t.Error("the SVG says NaN or Inf")
	}
	wellFormed(t, svg)
	d := c.draw()
	if d.h > 8000 || d.h < 20 {
		t.Errorf("the chart is %v high", d.h)
	}
	apartAndInside(t, d)
	table := c.Table()
	for i, r := range table.Rows {
		if len(r) != len(table.Columns) {
			t.Fatalf("row %d has %d cells, want %d", i, len(r), len(table.Columns))
		}
	}
	if err := table.WriteCSV(io.Discard); err != nil {
		t.Error(err)
	}
}

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	ids, open := map[string]bool{}, 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the SVG is not well formed: %v", err)
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		open++
		switch e.Name.Local {
		case "svg", "g", "path", "circle", "rect", "text", "title", "desc":
		default:
			t.Errorf("the SVG has an element %s", e.Name.Local)
		}
		for _, a := range e.Attr {
			if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
				t.Errorf("%s has an attribute %s", e.Name.Local, a.Name.Local)
			}
			if a.Name.Local == "id" {
				if ids[a.Value] {
					t.Errorf("id %q is there twice", a.Value)
				}
				ids[a.Value] = true
			}
		}
	}
	if open < 4 {
		t.Errorf("the SVG has only %d elements", open)
	}
}

// apartAndInside asserts that no two texts touch and that all are inside.
func apartAndInside(t *testing.T, d *drawing) {
	t.Helper()
	bad := 0
	for i, b := range d.texts {
		if b.x0 < -1 || b.y0 < -1 || b.x1 > d.w+1 || b.y1 > d.h+1 {
			t.Errorf("%q at %.1f,%.1f to %.1f,%.1f is outside of %v by %v", cut(b.s, 40), b.x0, b.y0, b.x1, b.y1, d.w, d.h)
			bad++
		}
		for _, o := range d.texts[:i] {
			if b.overlaps(o) {
				t.Errorf("%q (%.1f,%.1f to %.1f,%.1f) lies on %q (%.1f,%.1f to %.1f,%.1f)", cut(b.s, 40), b.x0, b.y0, b.x1, b.y1, cut(o.s, 40), o.x0, o.y0, o.x1, o.y1)
				bad++
			}
		}
		if bad > 5 {
			return
		}
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	for what, c := range hostile() {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			sound(t, c)
			if testing.Short() {
				return
			}
			data, err := PNG(c)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := png.Decode(bytes.NewReader(data)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSamplesAtAnyWidth(t *testing.T) {
	t.Parallel()
	for what, c := range samples() {
		for _, w := range []float64{480, 560, 640, 720, 900, 1200, 1600} {
			t.Run(what, func(t *testing.T) {
				t.Parallel()
				sound(t, wide(c, w))
			})
		}
	}
}

// wide is the chart at another width.
func wide(c Chart, w float64) Chart {
	switch c := c.(type) {
	case Multiples:
		c.Width = w
		return c
	case Lines:
		c.Width = w
		return c
	case Timeline:
		c.Width = w
		return c
	case Trend:
		c.Width = w
		return c
	case Compare:
		c.Width = w
		return c
	case Strip:
		c.Width = w
		return c
	case Grid:
		c.Width = w
		return c
	}
	return c
}
