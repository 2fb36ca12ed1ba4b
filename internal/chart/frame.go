package chart

import "math"

// begin starts a drawing with title and subtitle and gives the place below.
func (f Frame) begin() (*drawing, float64) {
	d := &drawing{w: f.width()}
	y := 0.0
	if !f.Bare {
		for _, l := range wrap(f.Title, titleFont, d.w, 3) {
			y += 18
			d.text(titleFont, 0, y-3, l)
		}
		for _, l := range wrap(f.Subtitle, subFont, d.w, 3) {
			y += 16
			d.text(subFont, 0, y-2, l)
		}
		if y > 0 {
			y += 6
		}
	}
	return d, y
}

// finish ends the drawing at y with the notes, those of the chart before the
// caller's, and the source.
func (f Frame) finish(d *drawing, y float64, notes ...string) *drawing {
	note := sentences(append(notes, clean(f.Note))...)
	source := clean(f.Source)
	if source != "" {
		source = "Source: " + source
	}
	if note != "" || source != "" {
		y += 4
	}
	for _, s := range []string{note, sentences(source)} {
		for _, l := range wrap(s, noteFont, d.w, 4) {
			y += 14
			d.text(noteFont, 0, y-3, l)
		}
	}
	d.h = math.Ceil(y + 2)
	return d
}

// keyItem is a sample of a sign with the word for it.
type keyItem struct {
	word   string
	sample func(d *drawing, x, y float64) // from x, 24 wide, around y
}

const sampleWidth = 24

// key writes the items in lines and gives the place below.
func (d *drawing) key(y float64, items []keyItem) float64 {
	if len(items) == 0 {
		return y
	}
	f := labelFont.as("c-key")
	x := 0.0
	y += 16
	for _, it := range items {
		word := fit(clean(it.word), f, d.w-sampleWidth-6)
		w := sampleWidth + 6 + f.width(word)
		if x > 0 && x+w > d.w {
			x, y = 0, y+16
		}
		it.sample(d, x, y-4)
		d.text(f, x+sampleWidth+6, y, word)
		x += w + 18
	}
	return y + 8
}

func lineSample(p paint) func(d *drawing, x, y float64) {
	return func(d *drawing, x, y float64) { d.line(p, pt{x, y}, pt{x + sampleWidth, y}) }
}

func areaSample(p paint) func(d *drawing, x, y float64) {
	return func(d *drawing, x, y float64) { d.rect(p, x+0.5, y-4.5, sampleWidth-1, 9) }
}

func gapSample(d *drawing, x, y float64) { d.gap(x, y-4.5, sampleWidth, 9) }

func markSample(k markKind, p paint, r float64) func(d *drawing, x, y float64) {
	return func(d *drawing, x, y float64) { d.mark(k, p, x+sampleWidth/2, y, r) }
}

// both draws one sample over another.
func both(samples ...func(d *drawing, x, y float64)) func(d *drawing, x, y float64) {
	return func(d *drawing, x, y float64) {
		for _, s := range samples {
			s(d, x, y)
		}
	}
}

// empty is the drawing for a chart that has nothing to show.
func (f Frame) empty() *drawing {
	d, y := f.begin()
	const h = 120
	d.gap(0.5, crisp(y), d.w-1, h)
	d.rect(stroked("c-axis", axis, 1, ""), 0.5, crisp(y), d.w-1, h)
	d.plate(labelFont.sized(13), d.w/2, y+h/2+5, noData)
	return f.finish(d, y+h+4)
}

// plate writes s centred on a piece of paper, over hatching.
func (d *drawing) plate(f font, x, y float64, s string) {
	w := f.width(s)
	d.rect(filled("c-paper", paper), x-w/2-4, y-0.95*f.size, w+8, 1.3*f.size)
	d.text(f.at(middle), x, y, s)
}

// values draws grid lines and words for the ticks of a value axis to the left
// of x0. Its words take valueRoom.
func (d *drawing) values(s scale, ticks []float64, words []string, x0, x1 float64) {
	var lines [][]pt
	for _, t := range ticks {
		y := crisp(s.at(t))
		if t == 0 {
			continue
		}
		lines = append(lines, []pt{{x0, y}, {x1, y}})
	}
	d.lines(gridPaint, lines...)
	for i, t := range ticks {
		d.text(tickFont.at(end), x0-6, s.at(t)+4, words[i])
	}
}

// zero draws the line on which the values stand.
func (d *drawing) zero(s scale, x0, x1 float64) {
	d.line(axisPaint, pt{x0, crisp(s.at(0))}, pt{x1, crisp(s.at(0))})
}

func valueRoom(words []string) float64 {
	var w float64
	for _, s := range words {
		w = max(w, tickFont.width(s))
	}
	return math.Ceil(w) + 8
}

// days draws the ticks of a date axis below y and gives the place below.
func (d *drawing) days(x dates, y float64) float64 {
	ts := x.ticks(tickFont)
	var lines [][]pt
	for _, t := range ts {
		size := 5.0
		if t.small {
			size = 2.5
		}
		lines = append(lines, []pt{{crisp(t.x), y}, {crisp(t.x), y + size}})
	}
	d.lines(axisPaint, lines...)
	low := 17.0
	for _, t := range ts {
		if half := tickFont.width(t.word) / 2; t.x-half >= 0 && t.x+half <= d.w {
			d.text(tickFont.at(middle), t.x, y+16, t.word)
		}
	}
	for _, t := range ts {
		if t.year == "" {
			continue
		}
		half := tickFont.width(t.year) / 2
		if t.x-half >= 0 && t.x+half <= d.w {
			d.text(tickFont.at(middle), t.x, y+29, t.year)
			low = 30.0
		}
	}
	return y + low + 2
}
