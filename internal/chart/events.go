package chart

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"lapwing/internal/calendar"
)

// Event is something that may explain a change; it explains nothing by
// itself.
type Event struct {
	Name string
	From calendar.Day
	To   calendar.Day // the last day; From or less for a single day
}

const (
	maxEvents = 40
	maxHang   = 4  // rows of event names
	hangRow   = 15 // height of one
	eventRoom = 170
)

var eventFont = labelFont.as("c-event").sized(10.5)

// hung are events above a chart, in order, with what was left out.
type hung struct {
	events   []Event
	pennants []pennant
	left     int
	head     float64 // where their rows begin
}

// hangEvents places the events that fall on the chart.
func hangEvents(all []Event, x dates) *hung {
	h := &hung{}
	last := x.length.Add(x.first, x.n) - 1
	for _, e := range all {
		if e.From <= last && max(e.From, e.To) >= x.first {
			h.events = append(h.events, e)
		}
	}
	slices.SortStableFunc(h.events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.From, b.From), strings.Compare(a.Name, b.Name))
	})
	h.left = max(0, len(h.events)-maxEvents)
	h.events = h.events[:len(h.events)-h.left]
	for _, e := range h.events {
		name := fit(clean(e.Name), eventFont, eventRoom)
		h.pennants = append(h.pennants, pennant{x: crisp(min(x.day(e.From), x.b-1)), width: eventFont.width(name)})
	}
	hang(h.pennants, maxHang, 0, x.b+8)
	for _, f := range h.pennants {
		if f.row < 0 {
			h.left++
		}
	}
	return h
}

// below is where the chart begins if the events begin at head.
func (h *hung) below(head float64) float64 {
	h.head = head
	rows := 0
	for _, f := range h.pennants {
		rows = max(rows, f.row+1)
	}
	return head + float64(rows)*hangRow + 4
}

// bands draws how long events last, behind the chart.
func (h *hung) bands(d *drawing, x dates, y1 float64) {
	for i, e := range h.events {
		f := h.pennants[i]
		if e.To <= e.From || f.row < 0 {
			continue
		}
		if w := x.day(min(e.To, math.MaxInt32-1)+1) - f.x; w >= 2 {
			y := h.head + float64(f.row)*hangRow + 13
			d.rect(filled("c-span", wash), f.x, y, w, y1-y)
			d.rect(filled("c-event", ink), f.x, y-1.5, w, 1.5)
		}
	}
}

// lines draws where events begin, and their names.
func (h *hung) lines(d *drawing, y1 float64) {
	for i, f := range h.pennants {
		if f.row < 0 {
			continue
		}
		y := h.head + float64(f.row)*hangRow
		d.line(stroked("c-event", ink, 1, "1.5 2.5"), pt{f.x, y + 1}, pt{f.x, y1})
		if f.left {
			d.label(eventFont.at(end), f.x-4, y+9, eventRoom, h.events[i].Name)
		} else {
			d.label(eventFont, f.x+4, y+9, eventRoom, h.events[i].Name)
		}
	}
}

func (h *hung) note() string {
	if h.left == 0 {
		return ""
	}
	return plural(h.left, "event is", "events are") + " in the table only"
}

// pennant is the word of an event above a chart, with the line that it hangs on.
type pennant struct {
	x     float64 // of its line
	width float64 // of its word
	row   int     // 0 at the top; -1: there was no room
	left  bool    // the word stands to the left of the line
}

// hang gives each pennant a row so that no word touches another and no line runs
// through a word. A line runs from its row down. Flags stand in order of x.
func hang(fs []pennant, rows int, lo, hi float64) {
	const gap = 4
	span := func(f pennant) (float64, float64) {
		if f.left {
			return f.x - f.width - gap, f.x
		}
		return f.x, f.x + f.width + gap
	}
	fits := func(f pennant, before []pennant) bool {
		a, b := span(f)
		if a < lo || b > hi {
			return false
		}
		for _, o := range before {
			if o.row < 0 {
				continue
			}
			oa, ob := span(o)
			if o.row == f.row && a < ob+gap && oa < b+gap {
				return false
			}
			if o.row < f.row && a-gap < o.x && o.x < b+gap && !(f.left == o.left && o.x == f.x) {
				return false // its line through this word
			}
			if f.row < o.row && oa-gap < f.x && f.x < ob+gap {
				return false // this line through its word
			}
		}
		return true
	}
	for i := range fs {
		fs[i].row = -1
		for row := range rows {
			for _, left := range []bool{false, true} {
				f := fs[i]
				f.row, f.left = row, left
				if fits(f, fs[:i]) {
					fs[i] = f
					break
				}
			}
			if fs[i].row >= 0 {
				break
			}
		}
	}
}
