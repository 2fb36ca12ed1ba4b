package fromjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromtable"
)

// maxExact is the greatest whole number up to which each has a float64 of its
// own, 2^53.
const maxExact = 1 << 53

// properties of a figure, as in the schema.
const properties = "indicator, source, geography, learned, period, value, status, provisional"

// eachProperty gives the properties of a JSON object that is valid; false
// where it is none.
func eachProperty(object []byte, give func(name string, value []byte)) bool {
	s := bytes.TrimLeft(object, " \t\r\n")
	if len(s) == 0 || s[0] != '{' {
		return false
	}
	for s = s[1:]; ; {
		s = bytes.TrimLeft(s, " \t\r\n,")
		if len(s) == 0 || s[0] == '}' {
			return len(s) > 0
		}
		key := value(s)
		if len(key) == 0 || key[0] != '"' {
			return false
		}
		s = bytes.TrimLeft(s[len(key):], " \t\r\n:")
		v := value(s)
		if len(v) == 0 {
			return false
		}
		s = s[len(v):]
		give(text(key), v)
	}
}

// value is the JSON value that s, which is valid, begins with.
func value(s []byte) []byte {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
			if !quoted && depth == 0 {
				return s[:i+1]
			}
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth == 0 {
				return s[:i]
			}
			if depth--; depth == 0 {
				return s[:i+1]
			}
		case depth == 0 && (c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ':'):
			return s[:i]
		}
	}
	return s
}

// text is the text of a JSON string; of anything else it is the JSON.
func text(v []byte) string {
	if len(v) < 2 || v[0] != '"' {
		return string(v)
	}
	if inner := v[1 : len(v)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return string(v)
	}
	return s
}

// set takes a property that figures have in common, or says what is wrong.
func (c *common) set(name string, v []byte) (problem string) {
	s := text(v)
	is := len(v) > 0 && v[0] == '"'
	switch name {
	case "indicator", "source", "geography", "learned":
		if string(v) == "null" {
			return ""
		}
		if !is {
			return name + " is a text"
		}
	}
	switch name {
	case "indicator":
		c.indicator = s
	case "source":
		c.source = s
	case "geography":
		c.geography = s
	case "learned":
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			return fmt.Sprintf("learned is %s and has to be a time like 2020-04-03T10:00:00Z", clip(s))
		}
		c.learned = t.UTC()
	default:
		return fmt.Sprintf("the property %s is not known; there are %s", clip(name), properties)
	}
	return ""
}

func clip(s string) string {
	if len(s) > 80 {
		s = s[:77] + "..."
	}
	return strconv.Quote(s)
}

// figure reads one figure, which is valid JSON, and hands it over.
func (r *reader) figure(p fromtable.Place, raw []byte) error {
	row := fromtable.Row{Place: p}
	wrong := func(format string, args ...any) {
		if len(row.Problems) < 20 {
			row.Problems = append(row.Problems, fmt.Sprintf(format, args...))
		}
	}
	if len(raw) > MaxFigure {
		wrong("the figure has more than %d bytes", MaxFigure)
		return r.give(row, raw)
	}
	c, f := r.common, &row.Figure
	var seen []string
	var number []byte
	own, observed, period := false, false, calendar.Period{}
	object := eachProperty(raw, func(name string, v []byte) {
		if slices.Contains(seen, name) {
			wrong("the property %s stands twice", clip(name))
			return
		}
		if seen = append(seen, name); len(seen) > 50 {
			return
		}
		s := text(v)
		switch name {
		case "period":
			var err error
			if v[0] != '"' {
				wrong("period is a text")
			} else if period, err = calendar.Parse(s); err != nil {
				wrong("period: %s", clipErr(err))
			}
		case "value":
			number = v
		case "status":
			switch st := indicator.Status(s); {
			case string(v) == "null", s == "" && v[0] == '"':
			case s == "observed" && v[0] == '"':
				observed = true
			case v[0] == '"' && (st == indicator.Unavailable || st == indicator.NotReported || st == indicator.Suppressed):
				f.Status = st
			default:
				wrong("status is %s and has to be one of observed, unavailable, not reported, suppressed", clip(s))
			}
		case "provisional":
			switch string(v) {
			case "true":
				f.Provisional = true
			case "false", "null":
			default:
				wrong("provisional is %s and has to be true or false", clip(s))
			}
		default:
			own = own || name == "learned"
			if problem := c.set(name, v); problem != "" {
				wrong("%s", problem)
			}
		}
	})
	if !object {
		wrong("a figure is an object")
		return r.give(row, raw)
	}
	r.value(f, number, observed, wrong)
	r.key(f, &c, wrong)
	f.Learned = c.learned
	switch {
	case !slices.Contains(seen, "period"):
		wrong("the period is missing")
	case period.Length == "": // said above
	case r.o.Length != "" && period.Length != r.o.Length:
		wrong("%s is a %s, not a %s", period, period.Length, r.o.Length)
	case period.First < minDay || period.First > maxDay:
		wrong("%s is not of this time", period)
	default:
		f.Length, f.First = period.Length, period.First
		if !c.learned.IsZero() && f.First > calendar.DayOf(c.learned.UTC().Add(14*time.Hour)) { // the latest date that it is anywhere
			wrong("%s had not begun when this was learned, on %s", period, c.learned.Format(time.DateOnly))
		}
		if len(row.Problems) == 0 && !own && r.doubles.Twice(f.Key, f.First) {
			wrong("%s of %s stood there before: one of the two is wrong", period, f.Key)
		}
	}
	return r.give(row, raw)
}

// maxText is how much of a figure is shown with its problems.
const maxText = 1 << 10

// give hands over a row, with the figure as it came where there are problems.
func (r *reader) give(row fromtable.Row, raw []byte) error {
	if len(row.Problems) > 0 {
		row.Text = strings.ToValidUTF8(string(raw[:min(len(raw), maxText)]), "")
	}
	return r.yield(row)
}

// A desk keeps figures of these years.
var minDay, maxDay = calendar.Date(1900, 1, 1), calendar.Date(2199, 12, 31)

func clipErr(err error) string {
	s := err.Error()
	if len(s) > 300 {
		s = s[:297] + "..."
	}
	return s
}

// value brings value and status together.
func (r *reader) value(f *indicator.Figure, number []byte, observed bool, wrong func(string, ...any)) {
	if len(number) == 0 || string(number) == "null" {
		if f.Status == indicator.Observed {
			if observed {
				wrong("there is no value, and the status says that there is one")
			}
			f.Status = indicator.NotReported
		}
		return
	}
	if f.Status != indicator.Observed {
		wrong("there is a value, and the status says %s: value has to be null then", f.Status)
		return
	}
	v, err := strconv.ParseFloat(string(number), 64)
	switch {
	case number[0] != '-' && (number[0] < '0' || number[0] > '9'):
		wrong("value is %s and has to be a number or null", clip(string(number)))
	case v < 0:
		wrong("value is %s, below zero", clip(string(number)))
	case err != nil || v > maxExact:
		wrong("value is %s, too large a number to be kept exactly", clip(string(number)))
	case v != 0: // and not -0
		f.Value = v
	}
}

// A property of a figure came to a name, or has a problem.
type (
	property struct{ what, text string }
	named    struct{ text, problem string }
)

// key fills in the series.
func (r *reader) key(f *indicator.Figure, c *common, wrong func(string, ...any)) {
	for _, part := range []struct {
		what, text string
		to         *string
	}{{"indicator", c.indicator, &f.Indicator}, {"source", c.source, &f.Source}, {"geography", c.geography, &f.Geography}} {
		if part.text == "" {
			wrong("the %s is missing", part.what)
			continue
		}
		cached := property{part.what, part.text}
		n, ok := r.names[cached]
		if !ok {
			n = r.name(part.what, part.text)
			if r.names == nil || len(r.names) > 10_000 {
				r.names = map[property]named{}
			}
			r.names[cached] = n
		}
		if n.problem != "" {
			wrong("%s: %s", part.what, n.problem)
		}
		*part.to = n.text
	}
}

func (r *reader) name(what, text string) (n named) {
	if what == "geography" {
		if slices.Contains(r.o.Geographies, text) {
			return named{text: text}
		}
		code, ok := fromtable.Country(text)
		if !ok {
			return named{problem: clip(text) + " is not a country: write it as ISO 3166-1 alpha-2"}
		}
		return named{text: code}
	}
	name, err := fromtable.Name(text)
	if err != nil {
		return named{problem: err.Error()}
	}
	return named{text: name}
}
