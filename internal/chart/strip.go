package chart

import "strconv"

// Strip is a row for each indicator: its course, where it stands, how it
// changed, whether to believe it, and how much of the data is in.
type Strip struct {
	Frame
	Rows []Row // up to 40 are drawn
}

// Row is one indicator.
type Row struct {
	Name    string
	Unit    string  // beneath the name: "referrals a month"
	Values  []Value // its course; the last 400 are drawn
	Level   Value   // where it stands
	Period  string  // when: "June 2020"
	Change  string  // in words: "+50 %"
	Against string  // beneath it: "on June 2019, 41 to 60 %"
	Goes    Direction
	Label   Label
	Reason  string // beneath the label: why
	Have    int    // parts of the data that are in
	Want    int    // parts expected; 0: not known
}

// Direction is where a level goes.
type Direction int8

const (
	Unclear Direction = iota // neither is certain
	Up
	Down
	Level // certainly no change that matters
)

// Label is whether a change is to be believed.
type Label byte

const (
	NoLabel  Label = iota
	Real           // a change in what is measured
	Artefact       // a change in how it is measured
	Unknown        // nobody can tell
)

// String is the word for it.
func (l Label) String() string {
	switch l {
	case Real:
		return "real"
	case Artefact:
		return "artefact"
	case Unknown:
		return "unknown"
	}
	return "not assessed"
}

// String is the word for it.
func (r Direction) String() string {
	switch r {
	case Up:
		return "up"
	case Down:
		return "down"
	case Level:
		return "level"
	}
	return "unclear"
}

const maxRows = 40

func (c Strip) draw() *drawing {
	rows := c.Rows[:min(len(c.Rows), maxRows)]
	if len(rows) == 0 {
		return c.empty()
	}
	d, y := c.begin()
	const height = 56
	// Columns, in parts of the width.
	w := d.w
	name, spark, level, change, label, cover := 0.0, w*0.2, w*0.36, w*0.485, w*0.68, w*0.865
	const gap = 12
	head := tickFont.as("c-head")
	y += 12
	for _, h := range []struct {
		x, to float64
		s     string
	}{{name, spark, "Indicator"}, {spark, level, "Course"}, {level, change, "Level"}, {change, label, "Change"}, {label, cover, "Is it real?"}, {cover, w + gap, "Data in"}} {
		d.label(head, h.x, y, h.to-h.x-gap, h.s)
	}
	top := y + 6
	var lines [][]pt
	for i := range len(rows) + 1 {
		ly := crisp(top + height*float64(i))
		lines = append(lines, []pt{{0, ly}, {w, ly}})
	}
	d.lines(gridPaint, lines...)
	big := labelFont.sized(14).heavy().as("c-level")
	strong := labelFont.heavy().as("c-name")
	for i, r := range rows {
		ry := top + height*float64(i)
		a, b := ry+19, ry+33 // the first two lines of text
		d.under(d.block(strong, name, a, spark-name-gap, 2, r.Name), name, spark-name-gap, r.Unit)
		d.spark(r.Values, spark, ry+8, level-spark-gap-6, height-16)
		if r.Level.ok() {
			d.figure(big, level, a+1, change-level-gap, r.Level)
		} else {
			d.label(labelFont.in(soft), level, a, change-level-gap, r.Level.status())
		}
		d.under(a, level, change-level-gap, r.Period)
		d.direction(r.Goes, change+5, a-4)
		d.label(strong, change+15, a, label-change-gap-15, orText(r.Change, r.Goes.String()))
		d.under(a, change+15, label-change-gap-15, r.Against)
		d.verdict(r.Label, label+5, a-4)
		d.label(strong, label+15, a, cover-label-gap-15, r.Label.String())
		d.under(a, label+15, cover-label-gap-15, r.Reason)
		d.coverage(r.Have, r.Want, cover, a, b, w-cover)
	}
	y = top + height*float64(len(rows)) + 4
	var notes []string
	for _, r := range rows {
		if r.Level.ok() && r.Level.Provisional {
			notes = append(notes, "p: provisional")
			break
		}
	}
	if n := len(c.Rows) - len(rows); n > 0 {
		notes = append(notes, plural(n, "row is", "rows are")+" in the table only")
	}
	return c.finish(d, y, notes...)
}

// block writes s in at most so many lines and gives the place of the last.
func (d *drawing) block(f font, x, y, w float64, most int, s string) float64 {
	for i, l := range wrap(s, f, w, most) {
		if i > 0 {
			y += 13
		}
		d.text(f, x, y, l)
	}
	return y
}

// under writes a note beneath a line, in two lines if there is room for them.
func (d *drawing) under(y, x, w float64, s string) {
	d.block(noteFont, x, y+14, w, 2, s)
}

// spark draws a small course with its gaps and its last figure, on a scale of
// its own from zero.
func (d *drawing) spark(vs []Value, x, y, w, h float64) {
	vs = vs[max(0, len(vs)-400):]
	var r reach
	r.values(vs)
	if !r.any {
		d.gap(x, y, w, h)
		d.plate(noteFont, x+w/2, y+h/2+4, noData)
		return
	}
	ax := dates{length: "day", n: len(vs), a: x, b: x + w}
	s := scale{r.lo, max(r.hi, r.lo+1), y + h, y}
	d.holes(ax, gaps(vs, len(vs)), y, y+h)
	d.line(stroked("c-axis", axis, 0.75, ""), pt{x, crisp(s.at(0))}, pt{x + w, crisp(s.at(0))})
	t := trace(vs, len(vs), ax.mid, s, 1)
	p := stroked("c-now", now, 1.5, "")
	d.lines(p, t.final...)
	p.dash = "2.5 2"
	d.lines(p, t.provisional...)
	for k, a := range t.alone {
		if k < 100 && a != t.last {
			d.circle(filled("c-now", now), a.x, a.y, 1.5)
		}
	}
	if t.last.provisional {
		d.circle(hollow("c-now", now, 1.25), t.last.x, t.last.y, 2.5)
	} else {
		d.circle(filled("c-now", now), t.last.x, t.last.y, 2.5)
	}
}

// direction draws an arrow, a bar for no change, a ring where nothing is
// certain.
func (d *drawing) direction(r Direction, x, y float64) {
	p := filled("c-ink", ink)
	switch r {
	case Up:
		d.mark(triangle, p, x, y, 4.5)
	case Down:
		d.mark(below, p, x, y, 4.5)
	case Level:
		d.rect(p, x-5, y-1.5, 10, 3)
	default:
		d.line(stroked("c-soft", soft, 1.5, "2 2"), pt{x - 5, y}, pt{x + 5, y})
	}
}

// verdict draws a full disc for real, a crossed square for an artefact, a
// ring for unknown, a stroke for not assessed.
func (d *drawing) verdict(l Label, x, y float64) {
	switch l {
	case Real:
		d.circle(filled("c-real", now), x, y, 4.75)
	case Artefact:
		d.rect(hollow("c-artefact", rust, 1.5), x-4.25, y-4.25, 8.5, 8.5)
		d.lines(stroked("c-artefact", rust, 1.5, ""), []pt{{x - 4, y - 4}, {x + 4, y + 4}}, []pt{{x - 4, y + 4}, {x + 4, y - 4}})
	case Unknown:
		d.circle(hollow("c-unknown", ink, 1.5), x, y, 4.25)
	default:
		d.line(stroked("c-soft", soft, 1.5, ""), pt{x - 4, y}, pt{x + 4, y})
	}
}

// coverage draws how much is in as words and as a bar, whose empty part is
// hatched like all that is missing.
func (d *drawing) coverage(have, want int, x, a, b, w float64) {
	if want <= 0 {
		d.label(labelFont.in(soft), x, a, w, "not known")
		return
	}
	have = min(max(have, 0), want)
	share := float64(have) / float64(want)
	pc := percent(share)
	f := labelFont.heavy().as("c-name")
	d.text(f, x, a, pc)
	d.label(noteFont, x+f.width(pc)+6, a, w-f.width(pc)-6, strconv.Itoa(have)+" of "+strconv.Itoa(want))
	y := b - 7
	d.rect(filled("c-now", now), x, y, w*share, 7)
	d.hatched(hatchPaint, x+w*share, y, w*(1-share), 7, 4)
	d.rect(stroked("c-axis", axis, 1, ""), x+0.5, y+0.5, w-1, 6)
}

func (c Strip) describe() string {
	if len(c.Rows) == 0 {
		return "No data."
	}
	var parts []string
	for _, r := range c.Rows[:min(len(c.Rows), 20)] {
		s := clean(r.Name) + ": " + statusOr(r.Level) + ", " + orText(r.Change, r.Goes.String()) + ", " + r.Label.String()
		if r.Want > 0 {
			s += ", " + strconv.Itoa(r.Have) + " of " + strconv.Itoa(r.Want) + " parts of the data in"
		}
		parts = append(parts, s)
	}
	return sentences(parts...)
}

func statusOr(v Value) string {
	if v.ok() {
		return Number(v.V)
	}
	return v.status()
}

// Table has a row for each indicator; its course is not in it.
func (c Strip) Table() Table {
	t := Table{Columns: []Column{text("Indicator"), text("Unit"), number("Level"), text("Status"), text("Period"), text("Direction"), text("Change"), text("Against"), text("Label"), text("Reason"), number("Parts in"), number("Parts expected")}}
	for _, r := range c.Rows {
		have, want := "", ""
		if r.Want > 0 {
			have, want = strconv.Itoa(r.Have), strconv.Itoa(r.Want)
		}
		t.Rows = append(t.Rows, []string{clean(r.Name), clean(r.Unit), plain(r.Level.V), r.Level.status(), clean(r.Period), r.Goes.String(), clean(r.Change), clean(r.Against), r.Label.String(), clean(r.Reason), have, want})
	}
	return t
}
