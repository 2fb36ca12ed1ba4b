package cybertip

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// emitter writes XML into memory. It leaves absent values out and checks nothing but characters.
type emitter struct {
	b    []byte
	path []string // names of the open elements
	bad  []Finding
}

const (
	xmlHeader = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	schemaRef = ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://report.cybertip.org/ispws/xsd"`
)

// root opens the document element.
func (e *emitter) root(name string) {
	e.b = append(e.b, xmlHeader...)
	e.tag(name)
	e.b = append(e.b, schemaRef...)
	e.inside()
}

// open opens an element without attributes which holds elements; end closes it.
func (e *emitter) open(name string) {
	e.tag(name)
	e.inside()
}

// tag starts an element. Attributes may follow, then inside and end, or text.
func (e *emitter) tag(name string) {
	e.indent()
	e.b = append(append(e.b, '<'), name...)
	e.path = append(e.path, name)
}

func (e *emitter) indent() {
	for range e.path {
		e.b = append(e.b, "  "...)
	}
}

func (e *emitter) inside() { e.b = append(e.b, ">\n"...) }

func (e *emitter) end() {
	name := e.path[len(e.path)-1]
	e.path = e.path[:len(e.path)-1]
	e.indent()
	e.b = append(append(append(e.b, "</"...), name...), ">\n"...)
}

// text ends an element that holds text.
func (e *emitter) text(value string) {
	e.b = append(e.b, '>')
	e.escape(value, false)
	name := e.path[len(e.path)-1]
	e.path = e.path[:len(e.path)-1]
	e.b = append(append(append(e.b, "</"...), name...), ">\n"...)
}

func (e *emitter) attr(name, value string) {
	if value != "" {
		e.b = append(append(append(e.b, ' '), name...), `="`...)
		e.escape(value, true)
		e.b = append(e.b, '"')
	}
}

// leaf writes an element with text, unless that is empty.
func (e *emitter) leaf(name, value string) {
	if value != "" {
		e.always(name, value)
	}
}

func (e *emitter) always(name, value string) {
	e.tag(name)
	e.text(value)
}

func (e *emitter) each(name string, values []string) {
	for _, v := range values {
		e.always(name, v)
	}
}

func (e *emitter) bool(name string, v Bool) { e.leaf(name, boolText(v)) }
func (e *emitter) int(name string, v Int)   { e.leaf(name, intText(v)) }
func (e *emitter) time(name string, v Time) { e.leaf(name, timeText(v, time.RFC3339Nano)) }
func (e *emitter) date(name string, v Time) { e.leaf(name, timeText(v, time.DateOnly)) }
func (e *emitter) float(name string, v Float) {
	if v.Set {
		e.always(name, strconv.FormatFloat(v.F, 'g', -1, 64))
	}
}

// flags writes the container of annotations, unless none is set.
func (e *emitter) flags(name string, set []string) {
	if len(set) == 0 {
		return
	}
	e.open(name)
	for _, flag := range set {
		e.always(flag, "true")
	}
	e.end()
}

func boolText(v Bool) string {
	if v == Unknown {
		return ""
	}
	return v.String()
}

func intText(v Int) string {
	if !v.Set {
		return ""
	}
	return strconv.FormatInt(v.N, 10)
}

func timeText(v Time, layout string) string {
	if v.Text == "" && !v.T.IsZero() {
		return v.T.UTC().Format(layout)
	}
	return v.Text
}

// escape writes text so that reading it gives the same characters again.
func (e *emitter) escape(s string, attr bool) {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '&':
				e.b = append(e.b, "&amp;"...)
			case c == '<':
				e.b = append(e.b, "&lt;"...)
			case c == '>':
				e.b = append(e.b, "&gt;"...)
			case c == '"' && attr:
				e.b = append(e.b, "&quot;"...)
			case c == '\r':
				e.b = append(e.b, "&#13;"...)
			case c == '\n' && attr:
				e.b = append(e.b, "&#10;"...)
			case c == '\t' && attr:
				e.b = append(e.b, "&#9;"...)
			case c < ' ' && c != '\n' && c != '\t':
				e.illegal()
			default:
				e.b = append(e.b, c)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || r == 0xFFFE || r == 0xFFFF {
			e.illegal()
		} else {
			e.b = append(e.b, s[i:i+n]...)
		}
		i += n
	}
}

// illegal stands in for a character that XML cannot carry.
func (e *emitter) illegal() {
	e.b = utf8.AppendRune(e.b, utf8.RuneError)
	var path []byte
	for i, name := range e.path[1:] {
		if i > 0 {
			path = append(path, '/')
		}
		path = append(path, name...)
	}
	if f := (Finding{string(path), SeverityError, "holds a character that XML cannot carry"}); len(e.bad) == 0 || e.bad[len(e.bad)-1] != f {
		e.bad = append(e.bad, f)
	}
}
