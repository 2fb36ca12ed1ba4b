package chart

import "strings"

// tone is a colour with what it becomes on a dark page.
type tone struct{ light, dark string }

// The colours of the desk, and for lines those of Okabe and Ito (Color
// Universal Design, 2008), darkened until a text in them is legible on white
// (WCAG 2.2: 4.5 to 1).
var (
	paper   = tone{"#ffffff", "#161c1a"}
	ink     = tone{"#18211e", "#e3e8e4"}
	soft    = tone{"#56625d", "#a0aca6"}
	axis    = tone{"#79857f", "#7c8983"}
	grid    = tone{"#dfe4df", "#2a332f"}
	now     = tone{"#0b5f50", "#76cdb6"}
	then    = tone{"#7a847f", "#97a29c"}
	light   = tone{"#b4beb9", "#4f5c56"} // lines that only give the range
	pale    = tone{"#e9eeeb", "#212a27"} // fill of what is final and as it should be
	band    = tone{"#d3e3dc", "#24443b"} // interval, baseline
	hatch   = tone{"#a9b4ae", "#4d5a54"} // no data
	rust    = tone{"#98410d", "#f0a873"} // alarms
	wash    = tone{"#f3ecdf", "#332a1d"} // events that last
	barFill = tone{"#c9d8d2", "#2f4f46"}
	barEdge = tone{"#4f766a", "#86b5a6"}

	lineTones = [...]tone{
		{"#0072b2", "#6cb8ec"}, // blue
		{"#b84a00", "#f58f4b"}, // vermilion
		{"#00795b", "#4fd0a8"}, // bluish green
		{"#a3487d", "#e39ac4"}, // reddish purple
		{"#18211e", "#e3e8e4"}, // ink
		{"#866000", "#e0b040"}, // orange
	}
)

func tones() []tone {
	return append([]tone{paper, ink, soft, axis, grid, now, then, light, pale, band, hatch, rust, wash, barFill, barEdge}, lineTones[:]...)
}

// DarkCSS is a style sheet that turns the colours of charts inside a page for
// a dark one; put it inside a prefers-color-scheme query. A chart on paper
// stays light.
func DarkCSS() string {
	var b strings.Builder
	seen := map[string]bool{}
	for _, t := range tones() {
		if seen[t.light] {
			continue
		}
		seen[t.light] = true
		b.WriteString(`.chart [fill="` + t.light + `"]{fill:` + t.dark + `}` + `.chart [stroke="` + t.light + `"]{stroke:` + t.dark + "}\n")
	}
	return b.String()
}

// paint is how a shape looks: the class says what it stands for.
type paint struct {
	class  string
	fill   string // empty: none
	stroke string // empty: none
	width  float64
	dash   string // lengths on and off
}

func filled(class string, t tone) paint { return paint{class: class, fill: t.light} }

func stroked(class string, t tone, width float64, dash string) paint {
	return paint{class: class, stroke: t.light, width: width, dash: dash}
}

// hollow is an outlined shape with the paper inside.
func hollow(class string, t tone, width float64) paint {
	return paint{class: class, fill: paper.light, stroke: t.light, width: width}
}

var (
	gridPaint  = stroked("c-grid", grid, 1, "")
	axisPaint  = stroked("c-axis", axis, 1, "")
	hatchPaint = stroked("c-gap", hatch, 1, "")
)
