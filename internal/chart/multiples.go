package chart

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"lapwing/internal/calendar"
)

// Multiples is a panel for each country, this year against the year before.
type Multiples struct {
	Frame
	Unit  string          // several: "referrals"
	First calendar.Period // the first period of this year; those before are a year earlier
	Then  string          // what the year before is called; "2019" or so if empty
	Now   string
	// Panels, of which up to 30 are drawn.
	Panels []Panel
	Scale  Scale
	Style  Style
	Order  Order
}

// Panel is one of them. What a series has not reached yet it leaves out at
// its end; what is missing in between is a [None].
type Panel struct {
	Name        string
	Note        string // a word beside the name: "+43 %"
	Before, Now []Value
}

// Scale says what a height means in one panel and another.
type Scale byte

const (
	OwnScale    Scale = iota // each panel fills its height: shapes compare, heights do not
	SharedScale              // heights compare
)

// Style is how the figures are drawn.
type Style byte

const (
	AsLines Style = iota
	AsBars
)

// Order is how panels are sorted.
type Order byte

const (
	AsGiven Order = iota
	ByName
	ByLevel  // the largest sum of this year first
	ByChange // the largest ratio to the year before first, over the periods that both have
)

const maxPanels = 30

// periods is how many a panel has.
func (c Multiples) periods() int {
	n := 0
	for _, p := range c.Panels {
		n = max(n, len(p.Before), len(p.Now))
	}
	return min(n, 366)
}

func (c Multiples) first() calendar.Period {
	return period(c.First.Length, c.First.First, calendar.Monthly)
}

// names are what the two years are called.
func (c Multiples) names() (string, string) {
	then, now := clean(c.Then), clean(c.Now)
	p, n := c.first(), c.periods()
	y0, _ := p.Number()
	y1, _ := p.Next(max(n-1, 0)).Number()
	year := func(d int) string {
		if y0 == y1 {
			return strconv.Itoa(y0 + d)
		}
		return strconv.Itoa(y0+d) + "–" + strconv.Itoa(y1+d)
	}
	if now == "" {
		now = year(0)
	}
	if then == "" {
		then = year(-1)
	}
	return then, now
}

// level is the sum of what there is of this year, NaN if there is nothing.
func (p Panel) level() float64 {
	sum, any := 0.0, false
	for _, v := range p.Now {
		if v.ok() {
			sum, any = sum+v.V, true
		}
	}
	if !any {
		return math.NaN()
	}
	return sum
}

// change is the ratio to the year before over the periods that both have.
func (p Panel) change() float64 {
	var a, b float64
	for i := range min(len(p.Before), len(p.Now)) {
		if p.Before[i].ok() && p.Now[i].ok() {
			a, b = a+p.Before[i].V, b+p.Now[i].V
		}
	}
	if !(a > 0) {
		return math.NaN()
	}
	return b / a
}

func (c Multiples) sorted() []Panel {
	ps := slices.Clone(c.Panels)
	falling := func(a, b float64) int { // NaN last
		if math.IsNaN(a) || math.IsNaN(b) {
			return -cmp.Compare(a, b)
		}
		return cmp.Compare(b, a)
	}
	by := func(a, b Panel) int { return strings.Compare(a.Name, b.Name) }
	switch c.Order {
	case AsGiven:
		return ps
	case ByLevel:
		by = func(a, b Panel) int { return cmp.Or(falling(a.level(), b.level()), strings.Compare(a.Name, b.Name)) }
	case ByChange:
		by = func(a, b Panel) int { return cmp.Or(falling(a.change(), b.change()), strings.Compare(a.Name, b.Name)) }
	}
	slices.SortStableFunc(ps, by)
	return ps
}

// columns is how many panels stand side by side: so many that a page of A4
// holds them all.
func (c Multiples) columns(n int, width float64) int {
	cols := 5
	switch {
	case n <= 4:
		cols = max(1, min(n, 2))
	case n <= 9:
		cols = 3
	case n <= 20:
		cols = 4
	}
	return max(1, min(cols, int(width/110)))
}

func (c Multiples) notes(all int) []string {
	var out []string
	if c.Scale == SharedScale {
		out = append(out, "All panels have the same scale")
	} else {
		out = append(out, "Each panel has its own scale: compare shapes, not heights")
	}
	switch c.Order {
	case ByLevel:
		out = append(out, "The largest come first")
	case ByChange:
		out = append(out, "The largest rise comes first, over the periods that both years have")
	}
	if all > maxPanels {
		out = append(out, "The first "+strconv.Itoa(maxPanels)+" of "+Number(float64(all))+" are drawn")
	}
	return out
}

func (c Multiples) describe() string {
	then, now := c.names()
	n := c.periods()
	if n == 0 {
		return "No data."
	}
	up, down, none := 0, 0, 0
	for _, p := range c.Panels {
		switch r := p.change(); {
		case math.IsNaN(r):
			none++
		case r > 1:
			up++
		case r < 1:
			down++
		}
	}
	return sentences(
		plural(len(c.Panels), "panel", "panels")+" with "+named(c.Unit, "Count")+" by "+string(c.first().Length)+", "+now+" against "+then,
		"Higher than before over the periods that both have in "+strconv.Itoa(up)+", lower in "+strconv.Itoa(down)+", not comparable in "+strconv.Itoa(none))
}

// Table has a row for each panel and period.
func (c Multiples) Table() Table {
	then, now := c.names()
	p, n := c.first(), c.periods()
	t := Table{Columns: []Column{text("Name"), text("Period"), number(then), text("Status " + then), number(now), text("Status " + now)}}
	for _, panel := range c.sorted() {
		name := clean(panel.Name)
		for i := range n {
			a, b := at(panel.Before, i), at(panel.Now, i)
			t.Rows = append(t.Rows, []string{name, p.Next(i).String(), plain(a.V), a.status(), plain(b.V), b.status()})
		}
	}
	return t
}
