package chart

import (
	"strconv"

	"lapwing/internal/calendar"
)

// Grid shows which source has reported which month.
type Grid struct {
	Frame
	Length  calendar.Length // a month if empty
	First   calendar.Day
	Periods int         // how many; the last 60 are drawn
	Sources []SourceRow // up to 60 are drawn
}

// SourceRow is a source with the state of each period; those beyond its end
// are not due.
type SourceRow struct {
	Name  string
	Cells []State
}

// State is what became of a figure.
type State byte

const (
	NotDue     State = iota // nothing was expected
	Reported                // in time
	Late                    // in, but after it was due
	Missing                 // not in
	Suppressed              // held back by the source
)

// String is the word for it.
func (s State) String() string {
	switch s {
	case Reported:
		return "reported"
	case Late:
		return "late"
	case Missing:
		return "missing"
	case Suppressed:
		return "suppressed"
	}
	return "not due"
}

// letter is what stands in a cell; a month not due has none.
func (s State) letter() string {
	switch s {
	case Reported:
		return "R"
	case Late:
		return "L"
	case Missing:
		return "M"
	case Suppressed:
		return "S"
	}
	return ""
}

const (
	maxColumns = 60
	maxSources = 60
)

func (c Grid) drawn() (first calendar.Period, skip, n int) {
	all := min(max(c.Periods, 0), maxPeriods)
	skip = max(0, all-maxColumns)
	return period(c.Length, c.First, calendar.Monthly).Next(skip), skip, all - skip
}

func (r SourceRow) state(i int) State {
	if i < len(r.Cells) && r.Cells[i] <= Suppressed {
		return r.Cells[i]
	}
	return NotDue
}

func (c Grid) draw() *drawing {
	first, skip, n := c.drawn()
	rows := c.Sources[:min(len(c.Sources), maxSources)]
	if len(rows) == 0 || n == 0 {
		return c.empty()
	}
	d, y := c.begin()
	var items []keyItem
	for _, s := range []State{Reported, Late, Missing, Suppressed} {
		items = append(items, keyItem{named(s.String(), ""), func(d *drawing, x, y float64) {
			d.cells(s, []pt{{x, y - 7}}, sampleWidth, 14)
			d.letters(cellFont(s, 14), y+3.5, s.letter(), []float64{x + 12})
		}})
	}
	y = d.key(y+2, items) + 4

	f := labelFont.as("c-name")
	nameW := 60.0
	for _, r := range rows {
		nameW = max(nameW, f.width(cut(clean(r.Name), 200)))
	}
	nameW = min(nameW, d.w*0.28)
	shareW := f.width("100"+thin+"%") + 8
	cell := min((d.w-nameW-12-shareW)/float64(n), 26)
	height := min(max(cell, 12), 20)
	x := dates{length: first.Length, first: first.First, n: n, a: nameW + 12, b: nameW + 12 + cell*float64(n)}

	places := map[State][]pt{}
	for i, r := range rows {
		ry := y + height*float64(i)
		d.label(f, 0, ry+height/2+4, nameW, r.Name)
		have, due := 0, 0
		for k := range n {
			s := r.state(k + skip)
			places[s] = append(places[s], pt{x.left(k), ry})
			if s != NotDue {
				due++
			}
			if s == Reported || s == Late {
				have++
			}
		}
		share := "–"
		if due > 0 {
			share = percent(float64(have) / float64(due))
		}
		d.text(tickFont.at(end), x.b+shareW, ry+height/2+4, share)
	}
	for s := NotDue; s <= Suppressed; s++ {
		d.cells(s, places[s], cell, height)
	}
	// The letters of a state in a row are one text.
	if cell >= 10 {
		for s := Reported; s <= Suppressed; s++ {
			for i, r := range rows {
				var xs []float64
				text := ""
				for k := range n {
					if r.state(k+skip) == s {
						xs = append(xs, x.mid(k))
						text += s.letter()
					}
				}
				d.letters(cellFont(s, height), y+height*(float64(i)+0.5)+3.5, text, xs)
			}
		}
	}
	y = d.days(x, y+height*float64(len(rows))+2)
	notes := []string{"At the right: the share of what was due that is in"}
	if k := len(c.Sources) - len(rows); k > 0 {
		notes = append(notes, plural(k, "source is", "sources are")+" in the table only")
	}
	if skip > 0 {
		notes = append(notes, "The last "+strconv.Itoa(n)+" periods are drawn")
	}
	return c.finish(d, y, notes...)
}

// cellFont is quiet for what is as it should be.
func cellFont(s State, height float64) font {
	f := labelFont.as("c-letter").sized(min(10, height*0.62))
	if s == Reported {
		return f.in(soft)
	}
	return f.heavy()
}

// cells draws cells of a state with their left upper corners at ps. Each
// state has a pattern: plain, striped, an empty frame, dotted.
func (d *drawing) cells(s State, ps []pt, w, h float64) {
	if len(ps) == 0 {
		return
	}
	var areas [][]pt
	for _, p := range ps {
		areas = append(areas, corners(p.x+0.75, p.y+0.75, w-1.5, h-1.5))
	}
	switch s {
	case NotDue:
		return
	case Reported:
		d.areas(filled("c-reported", band), areas...)
	case Late:
		d.areas(filled("c-late", band), areas...)
		for _, p := range ps {
			d.hatched(stroked("c-late", barEdge, 1, ""), p.x+0.75, p.y+0.75, w-1.5, h-1.5, 4)
		}
		d.letterPlates(ps, w, h, band)
	case Missing:
		for i, p := range ps {
			areas[i] = corners(p.x+1.5, p.y+1.5, w-3, h-3)
		}
		d.areas(paint{class: "c-missing", fill: paper.light, stroke: rust.light, width: 1.5}, areas...)
	case Suppressed:
		d.areas(filled("c-suppressed", pale), areas...)
		for _, p := range ps {
			d.dotted(filled("c-suppressed", axis), p.x+1.5, p.y+1.5, w-3, h-3, 3.5)
		}
		d.letterPlates(ps, w, h, pale)
	}
}

// letterPlates clears the middle of patterned cells for a letter.
func (d *drawing) letterPlates(ps []pt, w, h float64, t tone) {
	if w < 10 {
		return
	}
	var areas [][]pt
	for _, p := range ps {
		areas = append(areas, corners(p.x+w/2-4, p.y+h/2-5, 8, 10))
	}
	d.areas(filled("c-plate", t), areas...)
}

func (c Grid) describe() string {
	first, skip, n := c.drawn()
	if len(c.Sources) == 0 || n == 0 {
		return "No data."
	}
	var count [Suppressed + 1]int
	for _, r := range c.Sources {
		for k := range n {
			count[r.state(k+skip)]++
		}
	}
	return sentences(
		plural(len(c.Sources), "source", "sources")+" by "+string(first.Length)+" from "+periodWords(first)+" to "+periodWords(first.Next(n-1)),
		"Of the figures due "+Number(float64(count[Reported]))+" were reported in time, "+Number(float64(count[Late]))+" late, "+Number(float64(count[Missing]))+" are missing and "+Number(float64(count[Suppressed]))+" are suppressed")
}

// Table has a row for each source and a column for each period.
func (c Grid) Table() Table {
	first := period(c.Length, c.First, calendar.Monthly)
	n := min(max(c.Periods, 0), maxPeriods)
	t := Table{Columns: []Column{text("Source")}}
	for k := range n {
		t.Columns = append(t.Columns, text(first.Next(k).String()))
	}
	for _, r := range c.Sources {
		row := make([]string, 0, n+1)
		row = append(row, clean(r.Name))
		for k := range n {
			row = append(row, r.state(k).String())
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
