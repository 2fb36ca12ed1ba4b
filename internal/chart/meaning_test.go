package chart

import (
	"math"
	"slices"
	"strings"
	"testing"

	"lapwing/internal/calendar"
)

// shapes are the areas and lines of a class, without those of the key.
func shapes(d *drawing, class string, below float64) [][]pt {
	var out [][]pt
	for _, o := range d.ops {
		if o.kind == opPath && o.paint.class == class {
			for _, l := range o.lines {
				if l[0].y > below {
					out = append(out, l)
				}
			}
		}
	}
	return out
}

func texts(d *drawing) []string {
	var out []string
	for _, b := range d.texts {
		out = append(out, b.s)
	}
	return out
}

// TestYearAgainstYear asks that the bars of both years stand beside one
// another for the same month and are as high as their figures.
func TestYearAgainstYear(t *testing.T) {
	t.Parallel()
	c := Multiples{Style: AsBars, First: calendar.Monthly.Of(calendar.Date(2020, 1, 1)), Panels: []Panel{{Name: "DE", Before: Values(10, 20, math.NaN(), 40), Now: Values(20, 10, 40)}}}
	d := c.draw()
	then, now := shapes(d, "c-then", 30), shapes(d, "c-now", 30)
	if len(then) != 3 || len(now) != 3 {
		t.Fatalf("%d bars of the year before and %d of this year, want 3 and 3", len(then), len(now))
	}
	height := func(l []pt) float64 { return l[2].y - l[0].y }
	for i, r := range []float64{2, 0.5} {
		if got := height(now[i]) / height(then[i]); math.Abs(got-r) > 1e-9 {
			t.Errorf("month %d: the bars have the ratio %v, the figures %v", i+1, got, r)
		}
		if gap := now[i][0].x - then[i][1].x; math.Abs(gap) > 1e-9 {
			t.Errorf("month %d: the bars are %v apart", i+1, gap)
		}
	}
	step := now[1][0].x - now[0][0].x
	if got := now[2][0].x - now[1][0].x; math.Abs(got-step) > 1e-9 {
		t.Errorf("March stands %v after February, want %v", got, step)
	}
	if got := then[2][0].x - then[1][0].x; math.Abs(got-2*step) > 1e-9 {
		t.Errorf("April of the year before stands %v after its February, want %v: March has no data", got, 2*step)
	}
}

func TestNamesOfYears(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		first      string
		n          int
		then, this string
	}{{"2020-01", 12, "2019", "2020"}, {"2020-03", 10, "2019", "2020"}, {"2020-03", 12, "2019–2020", "2020–2021"}, {"2020-W01", 52, "2019", "2020"}} {
		p, err := calendar.Parse(tt.first)
		if err != nil {
			t.Fatal(err)
		}
		c := Multiples{First: p, Panels: []Panel{{Now: make([]Value, tt.n)}}}
		if then, this := c.names(); then != tt.then || this != tt.this {
			t.Errorf("%d periods from %s: %s against %s, want %s against %s", tt.n, tt.first, this, then, tt.this, tt.then)
		}
	}
}

func TestOrderOfPanels(t *testing.T) {
	t.Parallel()
	ps := []Panel{
		{Name: "b", Before: Values(10, 1000), Now: Values(30)},
		{Name: "a", Before: Values(100), Now: Values(110)},
		{Name: "d", Before: Values(0), Now: Values(5)},
		{Name: "c", Before: Values(5), Now: []Value{None("")}},
	}
	for order, want := range map[Order]string{AsGiven: "badc", ByName: "abcd", ByLevel: "abdc", ByChange: "bacd"} {
		got := ""
		for _, p := range (Multiples{Panels: ps, Order: order}).sorted() {
			got += p.Name
		}
		if got != want {
			t.Errorf("order %d: got %s, want %s", order, got, want)
		}
	}
}

// TestA4 asks that 30 panels fit on a portrait page with a title.
func TestA4(t *testing.T) {
	t.Parallel()
	c := sampleMultiples()
	for len(c.Panels) < 30 {
		c.Panels = append(c.Panels, c.Panels[0])
	}
	if d := c.draw(); d.h/d.w > 1.15 {
		t.Errorf("%v by %v is too high for a page with text around it", d.w, d.h)
	}
}

// TestTickWordsBelongToTheirPlaces reads a chart backwards: from the words at
// the axis and a bar to the figure.
func TestTickWordsBelongToTheirPlaces(t *testing.T) {
	t.Parallel()
	c := Trend{First: calendar.Date(2020, 1, 1), Values: Values(70, 30, 100)}
	d := c.draw()
	places := map[string]float64{}
	for _, o := range d.ops {
		if o.kind == opText && o.font.class == "c-tick" && o.font.anchor == end {
			places[o.s] = o.y - 4
		}
	}
	zero, ok0 := places["0"]
	hundred, ok1 := places["100"]
	if !ok0 || !ok1 {
		t.Fatalf("words at the axis: %v", places)
	}
	for i, bar := range shapes(d, "c-bar", 30) {
		if got := (zero - bar[0].y) / (zero - hundred) * 100; math.Abs(got-c.Values[i].V) > 1e-6 {
			t.Errorf("bar %d reads %v, the figure is %v", i, got, c.Values[i].V)
		}
	}
}

func TestRatioIsFilledOnlyWhenItIsSure(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, tt := range []struct {
		ratio, lo, hi float64
		filled        bool
	}{{3, 2, 4, true}, {0.5, 0.4, 0.9, true}, {1.5, 0.9, 3, false}, {1.5, 1, 3, false}, {3, nan, nan, false}, {3, 2, math.Inf(1), true}, {3, 4, 2, false}, {0.1, 0, 0.5, true}} {
		d := Compare{Items: []Item{{Name: "x", Before: Value{V: 1}, Now: Value{V: 1}, Ratio: tt.ratio, Lower: tt.lo, Upper: tt.hi}}}.draw()
		last := op{}
		for _, o := range d.ops {
			if o.kind == opCircle {
				last = o
			}
		}
		if got := last.paint.fill == now.light; got != tt.filled {
			t.Errorf("ratio %v (%v to %v): filled %v, want %v", tt.ratio, tt.lo, tt.hi, got, tt.filled)
		}
	}
}

// TestNoRatioSaysWhy asks that a row without a ratio has words and no point.
func TestNoRatioSaysWhy(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, tt := range []struct {
		item Item
		want string
	}{
		{Item{Before: None("unavailable"), Now: Value{V: 3}, Ratio: nan}, "before: unavailable"},
		{Item{Before: Value{V: 3}, Now: None(""), Ratio: nan}, "now: no data"},
		{Item{Before: Value{}, Now: Value{V: 3}, Ratio: math.Inf(1)}, "none before"},
		{Item{Before: Value{V: 3}, Now: Value{}, Ratio: 0}, "none now"},
		{Item{Before: Value{V: 3}, Now: Value{V: 3}, Ratio: nan, Why: "too few"}, "too few"},
	} {
		d := Compare{Items: []Item{tt.item}}.draw()
		if !slices.Contains(texts(d), tt.want) {
			t.Errorf("%+v: %q is not in %q", tt.item, tt.want, texts(d))
		}
		circles := 0
		for _, o := range d.ops {
			if o.kind == opCircle {
				circles++
			}
		}
		if circles != 2 { // those of the key
			t.Errorf("%+v: %d circles, want only the key's 2", tt.item, circles)
		}
	}
}

// TestEmptySaysSo asks every kind.
func TestEmptySaysSo(t *testing.T) {
	t.Parallel()
	for _, c := range []Chart{Multiples{}, Lines{}, Timeline{}, Trend{}, Compare{}, Strip{}, Grid{}, Timeline{Values: []Value{None("x")}}, Trend{Values: Values(math.NaN())}, Lines{Series: []Line{{Values: Values(math.Inf(1))}}}} {
		if !slices.Contains(texts(c.draw()), noData) {
			t.Errorf("%T says %q", c, texts(c.draw()))
		}
		if !strings.Contains(string(SVG(c)), ">No data.</desc>") {
			t.Errorf("%T describes itself otherwise", c)
		}
	}
}

// TestWordsForTheUnseeing asks for role, name and description.
func TestWordsForTheUnseeing(t *testing.T) {
	t.Parallel()
	c := sampleDaily()
	c.Desc = "What <this> shows"
	svg := string(SVG(c))
	for _, want := range []string{`role="img"`, `aria-labelledby="daily-t daily-d"`, `<title id="daily-t">Posts rose by half in two months, with two outages</title>`, `<desc id="daily-d">What &lt;this&gt; shows</desc>`, `font-family="'Liberation Sans', Arial, sans-serif"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the SVG lacks %s", want)
		}
	}
	c.Bare = true
	if svg := string(SVG(c)); strings.Count(svg, "Posts rose") != 1 {
		t.Error("a bare chart draws its title, or has no name")
	}
}

// TestFiguresAreNotCut gives a level far too long for its column.
func TestFiguresAreNotCut(t *testing.T) {
	t.Parallel()
	d := Strip{Frame: Frame{Width: 480}, Rows: []Row{{Name: "x", Level: Value{V: 123_456_789_012}, Values: Values(1, 2)}}}.draw()
	if !slices.Contains(texts(d), "123bn") {
		t.Errorf("the level is written as one of %q", texts(d))
	}
}

// TestGridSaysEachState looks for letter and pattern.
func TestGridSaysEachState(t *testing.T) {
	t.Parallel()
	d := Grid{First: calendar.Date(2020, 1, 1), Periods: 5, Sources: []SourceRow{{Name: "x", Cells: []State{Reported, Late, Missing, Suppressed}}}}.draw()
	var letters []string
	for _, o := range d.ops {
		if len(o.xs) > 0 {
			letters = append(letters, o.s)
		}
	}
	if got := strings.Join(letters, ""); got != "RLMSRLMS" { // key, then cells
		t.Errorf("letters %s", got)
	}
	if !slices.Contains(texts(d), "50"+thin+"%") {
		t.Errorf("2 of 4 due are in; the texts are %q", texts(d))
	}
	looks := map[string]bool{}
	for s := Reported; s <= Suppressed; s++ {
		var one drawing
		one.cells(s, []pt{{0, 0}}, 20, 20)
		look := ""
		for _, o := range one.ops {
			look += o.paint.fill + o.paint.stroke + string(rune('0'+len(o.lines)))
		}
		looks[look] = true
	}
	if len(looks) != 4 {
		t.Errorf("only %d of 4 states look different", len(looks))
	}
}
