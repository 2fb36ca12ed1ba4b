package cybertip

import (
	"reflect"
	"slices"
	"strings"
)

// deliveredReader takes typed values out of a tree and marks what it took.
type deliveredReader struct {
	t      *jsonTree
	found  []nodeFinding
	budget int // bytes that may still be made
	err    error
}

func (r *deliveredReader) charge(n int) {
	if r.budget -= n; r.budget < 0 {
		r.err = errGrowth
	}
}

type nodeFinding struct {
	node     int32
	severity Severity
	text     string
}

// ref points at a node, or at nothing: a member that is absent or null.
type ref struct {
	r *deliveredReader
	i int32
}

func (v ref) none() bool { return v.i < 0 }

func (v ref) node() *jsonNode { return &v.r.t.nodes[v.i] }

func (v ref) find(severity Severity, text string) {
	v.r.found = append(v.r.found, nodeFinding{v.i, severity, text})
}

// get returns the first member with one of the names which is not null.
func (v ref) get(names ...string) ref {
	if !v.none() && v.node().kind == '{' {
		for k := v.node().first; k > 0; k = v.r.t.nodes[k].next {
			if n := &v.r.t.nodes[k]; n.kind != 'n' && slices.Contains(names, n.key) {
				return ref{v.r, k}
			}
		}
	}
	return ref{v.r, -1}
}

// list returns the elements of the first member with one of the names. It may be an array, an object which holds
// the array under one of the names, or a single element.
func (v ref) list(names ...string) []ref {
	l := v.get(names...)
	if inner := l.get(names...); !inner.none() {
		l = inner
	}
	if l.none() || l.node().kind != '[' {
		if l.none() || l.node().kind == '{' && l.node().first == 0 {
			return nil
		}
		return []ref{l}
	}
	var elements []ref
	for k := l.node().first; k > 0; k = v.r.t.nodes[k].next {
		if v.r.t.nodes[k].kind != 'n' {
			elements = append(elements, ref{v.r, k})
		}
	}
	return elements
}

// collect reads every element of a list.
func collect[T any](v ref, read func(ref) T, names ...string) []T {
	var all []T
	size := int(reflect.TypeFor[T]().Size())
	for _, e := range v.list(names...) {
		if v.r.charge(size); v.r.err != nil {
			return nil
		}
		all = append(all, read(e))
	}
	return all
}

// text takes a scalar, or the member "value" of an object.
func (v ref) text() string {
	if v.none() {
		return ""
	}
	if v.node().kind == '{' {
		if inner := v.get("value"); !inner.none() {
			return inner.text()
		}
	}
	n := v.node()
	if !n.isScalar() {
		if n.first > 0 {
			v.find(SeverityWarning, "is not a single value")
		}
		return ""
	}
	n.used = true
	return strings.Trim(n.text, " \t\r\n")
}

// str takes the text of a member.
func (v ref) str(names ...string) string { return v.get(names...).text() }

// typed takes the text of a member and parses it, unless it is absent or empty.
func typed[T any](v ref, parse func(string) (T, form), what string, names ...string) (value T) {
	m := v.get(names...)
	text := m.text()
	if text == "" {
		return value
	}
	value, form := parse(text)
	if form == bad {
		m.find(SeverityError, "is not "+what)
	}
	return value
}

func (v ref) bool(names ...string) Bool {
	return typed(v, parseBool, "true or false", names...)
}

func (v ref) time(names ...string) Time {
	return typed(v, parseDateTime, "a date and time", names...)
}

func (v ref) date(names ...string) Time {
	return typed(v, parseDate, "a date", names...)
}

func (v ref) int(names ...string) Int {
	return typed(v, func(s string) (Int, form) { return parseInt(s, 64) }, "a whole number", names...)
}

func (v ref) float(names ...string) Float {
	return typed(v, parseFloat, "a decimal number", names...)
}

// texts takes the text of every element of a list.
func (v ref) texts(names ...string) []string {
	var texts []string
	for _, e := range v.list(names...) {
		if s := e.text(); s != "" {
			texts = append(texts, s)
		}
	}
	return texts
}

// fields takes every scalar below a member, with its path.
func (v ref) fields(names ...string) []Field {
	var fields []Field
	var walk func(i int32)
	walk = func(i int32) {
		n := &v.r.t.nodes[i]
		if n.isScalar() {
			n.used = true
			path := v.r.t.path(i)
			v.r.charge(32 + len(path))
			fields = append(fields, Field{path, strings.Trim(n.text, " \t\r\n")})
		}
		for k := n.first; k > 0 && v.r.err == nil; k = v.r.t.nodes[k].next {
			walk(k)
		}
	}
	if m := v.get(names...); !m.none() {
		walk(m.i)
	}
	return fields
}
