package fromcybertip

import (
	"slices"
	"strings"

	"lapwing/cybertip"
)

// A place is a value of a delivered report: the path to it, and the fields
// that are its leaves. Package cybertip gives the values without their paths,
// and the same list may stand in several forms, so the path is found again
// from the names and the values. The zero place is nowhere; paths in it are "".
type place struct {
	path   string
	fields []cybertip.Field
}

// get is the first member with one of the names.
func (p place) get(names ...string) place {
	from := len(p.path)
	if from > 0 {
		from++ // the slash
	}
	for i, f := range p.fields {
		if len(f.Path) <= from || from > 0 && f.Path[from-1] != '/' {
			continue
		}
		for _, name := range names {
			rest, ok := strings.CutPrefix(f.Path[from:], name)
			if ok && (rest == "" || rest[0] == '/' || rest[0] == '[') {
				path := f.Path[:from+len(name)]
				return place{path, under(p.fields[i:], path)}
			}
		}
	}
	return place{}
}

// under are the fields at the start of fs that lie at or below path.
func under(fs []cybertip.Field, path string) []cybertip.Field {
	n := 0
	for n < len(fs) && strings.HasPrefix(fs[n].Path, path) &&
		(len(fs[n].Path) == len(path) || fs[n].Path[len(path)] == '/' || fs[n].Path[len(path)] == '[') {
		n++
	}
	return fs[:n]
}

// list are the elements of a list, which may stand in an object of the same
// name, or be a single element. Elements without a leaf are not in it.
func (p place) list(names ...string) []place {
	l := p.get(names...)
	if inner := l.get(names...); len(inner.fields) > 0 {
		l = inner
	}
	if len(l.fields) == 0 {
		return nil
	}
	var out []place
	for rest := l.fields; len(rest) > 0; {
		path := rest[0].Path
		if len(path) == len(l.path) || path[len(l.path)] != '[' {
			return []place{l}
		}
		end := strings.IndexByte(path[len(l.path):], ']')
		if end < 0 {
			return []place{l}
		}
		path = path[:len(l.path)+end+1]
		e := place{path, under(rest, path)}
		out = append(out, e)
		rest = rest[max(len(e.fields), 1):]
	}
	return out
}

// elements are the places of values that were read from a list. Where the list
// has other elements too, such as empty ones, a value is found by its witness,
// a text that is in it.
func elements[T any](p place, values []T, witness func(*T) string, names ...string) []place {
	if len(values) == 0 {
		return nil
	}
	at := p.list(names...)
	if len(at) == len(values) {
		return at
	}
	out := make([]place, len(values))
	for i := range values {
		w := witness(&values[i])
		if w == "" {
			continue
		}
		for j := range at {
			if at[j].has(w) {
				out[i], at = at[j], at[j+1:]
				break
			}
		}
	}
	return out
}

func (p place) has(value string) bool {
	return slices.ContainsFunc(p.fields, func(f cybertip.Field) bool { return f.Value == value })
}

// at is the path of the value of a member.
func (p place) at(value string, names ...string) string {
	if value == "" {
		return ""
	}
	c := p.cursor(names...)
	return c.find(value)
}

// A cursor finds the paths of values that are asked for in the order in which
// they stand, so that equal ones are told apart.
type cursor struct {
	lists []place
	next  int // field of the first list
}

// cursor is for the members with the names, one after the other.
func (p place) cursor(names ...string) cursor {
	var c cursor
	for _, name := range names {
		if l := p.get(name); len(l.fields) > 0 {
			c.lists = append(c.lists, l)
		}
	}
	return c
}

// find is the path of the next leaf with the value, "" where there is none.
func (c *cursor) find(value string) string {
	next := c.next
	for i, l := range c.lists {
		for j := next; j < len(l.fields); j++ {
			if l.fields[j].Value == value {
				c.lists, c.next = c.lists[i:], j+1
				return l.fields[j].Path
			}
		}
		next = 0
	}
	return ""
}
