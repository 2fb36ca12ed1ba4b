package fromtable

import (
	"fmt"
	"strings"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// A Shape is how figures lie in a table.
type Shape string

const (
	Long          Shape = "one row a figure"
	WideGeography Shape = "one column a geography"
	WidePeriod    Shape = "one column a period"
)

// Understood says in plain words how a table is read. What is decided from the
// beginning of the file is there after [Open], the rest from Lines on when
// [Table.Read] has ended.
type Understood struct {
	Encoding  string   `json:"encoding"`
	Delimiter string   `json:"delimiter"`
	Header    int      `json:"header_line"`     // 0: there is none
	Above     []string `json:"above,omitempty"` // lines above the header
	Shape     Shape    `json:"shape"`
	Columns   []Column `json:"columns"`
	Periods   []Form   `json:"periods"` // how periods are written
	Decimal   string   `json:"decimal"`

	Indicator string `json:"indicator,omitempty"` // where no column says it
	Source    string `json:"source,omitempty"`
	Geography string `json:"geography,omitempty"`

	Choices   []Choice   `json:"choices,omitempty"`   // made where another reading is possible
	Questions []Question `json:"questions,omitempty"` // nothing is read before they are answered

	Lines    int          `json:"lines"`    // with figures or problems
	Figures  int          `json:"figures"`  // that can be read
	Problems int          `json:"problems"` // rows with problems
	Series   int          `json:"series"`
	First    calendar.Day `json:"first"` // of the earliest period
	Last     calendar.Day `json:"last"`  // of the latest period
	Missing  []Marker     `json:"missing,omitempty"`
	Flags    []Marker     `json:"flags,omitempty"` // behind numbers
	Left     []Note       `json:"left,omitempty"`  // what is no figure, and left out
}

// A Column is what a column means and why.
type Column struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
	Means  string `json:"means"` // a field, the geography or period of a wide table; "" where it is not used
	Why    string `json:"why"`
}

// A Form is a way in which periods are written.
type Form struct {
	Name    string `json:"name"`
	Example string `json:"example"`
	Means   string `json:"means"` // the period that the example is, "" where nobody knows
	Count   int    `json:"count"` // in the part that was looked at
}

// A Choice was made where another reading is possible.
type Choice struct {
	Text   string `json:"text"`
	Option string `json:"option,omitempty"` // that decides otherwise
}

// A Question has to be answered by an option.
type Question struct {
	Text    string   `json:"text"`
	Option  string   `json:"option"`
	Answers []string `json:"answers,omitempty"`
}

// A Marker stands in place of a number or behind one.
type Marker struct {
	Text  string `json:"text"`
	Means string `json:"means"`
	Count int    `json:"count"`
}

// A Note is what was left out: lines of text, totals.
type Note struct {
	What  string `json:"what"`
	Count int    `json:"count"`
	First string `json:"first"` // place and text of the first
}

// Unclear is the error of a table that can be read in several ways, or that
// does not say what is needed.
type Unclear struct{ Understood Understood }

func (u *Unclear) Error() string {
	var b strings.Builder
	b.WriteString("the table leaves questions open:")
	for _, q := range u.Understood.Questions {
		b.WriteString(" ")
		b.WriteString(q.Text)
		b.WriteString(q.hint())
		b.WriteString(".")
	}
	return b.String()
}

func (q Question) hint() string {
	if len(q.Answers) == 0 {
		return " (option " + q.Option + ")"
	}
	return " (option " + q.Option + ": " + strings.Join(q.Answers, " or ") + ")"
}

// String tells it all, line by line.
func (u *Understood) String() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-10s "+format+"\n", append([]any{name + ":"}, args...)...)
	}
	line("Text", "%s, cells between %ss", u.Encoding, u.Delimiter)
	switch {
	case u.Header == 0:
		line("Header", "none, the first line is a figure")
	case len(u.Above) > 0:
		line("Header", "line %d; above it %s", u.Header, quoted(u.Above))
	default:
		line("Header", "line %d", u.Header)
	}
	line("Shape", "%s", u.Shape)
	u.columns(&b)
	for i, f := range u.Periods {
		name := "Periods"
		if i > 0 {
			name = ""
		}
		means := ", which is " + f.Means
		if f.Means == "" {
			means = ", which is not settled"
		}
		if name != "" {
			line(name, "%s, as in %s%s", f.Name, f.Example, means)
		} else {
			fmt.Fprintf(&b, "%-10s %s, as in %s%s\n", "", f.Name, f.Example, means)
		}
	}
	line("Numbers", "%s", u.Decimal)
	for _, g := range []struct{ what, is string }{{"Indicator", u.Indicator}, {"Source", u.Source}, {"Geography", u.Geography}} {
		if g.is != "" {
			line(g.what, "%s where the table does not say it (option %s)", g.is, strings.ToLower(g.what))
		}
	}
	if u.Lines > 0 {
		u.counts(&b, line)
	}
	for _, c := range u.Choices {
		if c.Option != "" {
			c.Text += " (option " + c.Option + " decides otherwise)"
		}
		line("Chosen", "%s", c.Text)
	}
	for _, q := range u.Questions {
		line("Open", "%s%s", q.Text, q.hint())
	}
	return b.String()
}

func (u *Understood) counts(b *strings.Builder, line func(name, format string, args ...any)) {
	span := ""
	if u.Figures > 0 {
		span = fmt.Sprintf(", %s to %s", u.First, u.Last)
	}
	line("Read", "%s of %s from %s%s", many(u.Figures, "figure"), many(u.Series, "series"), many(u.Lines, "line"), span)
	for _, m := range u.Missing {
		line("No value", "%s: %s, %s", quote(m.Text), m.Means, times(m.Count))
	}
	for _, m := range u.Flags {
		line("Flag", "%s: %s, %s", quote(m.Text), m.Means, times(m.Count))
	}
	for _, n := range u.Left {
		line("Left out", "%s: %s; first %s", times(n.Count), n.What, n.First)
	}
	if u.Problems > 0 {
		line("Problems", "in %s", many(u.Problems, "place"))
	}
}

// maxShown is how many columns of a wide table are told one by one.
const maxShown = 12

func (u *Understood) columns(b *strings.Builder) {
	wide := 0
	for _, c := range u.Columns {
		means := c.Means
		if means == "" {
			means = "not used"
		}
		if c.Why != "" {
			means += ", " + c.Why
		}
		if c.wide() {
			if wide++; wide > maxShown {
				continue
			}
		}
		fmt.Fprintf(b, "  %d %s: %s\n", c.Number, quote(c.Name), means)
	}
	if wide > maxShown {
		fmt.Fprintf(b, "  and %s like these\n", many(wide-maxShown, "column"))
	}
}

func (c Column) wide() bool {
	return strings.HasPrefix(c.Means, "figures of ")
}

func quote(s string) string {
	if s == "" {
		return "(empty)"
	}
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:77], "") + "..."
	}
	return fmt.Sprintf("%q", s)
}

func quoted(ss []string) string {
	var out []string
	for i, s := range ss {
		if i == 3 {
			out = append(out, fmt.Sprintf("and %d more", len(ss)-3))
			break
		}
		out = append(out, quote(s))
	}
	return strings.Join(out, ", ")
}

func many(n int, what string) string {
	if n != 1 && what != "series" {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func statusName(s indicator.Status) string {
	if s == indicator.Observed {
		return "observed"
	}
	return string(s)
}
