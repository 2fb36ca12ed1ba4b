package fromcybertip

import (
	"strconv"

	"lapwing/cybertip"
)

// A trail follows where the reader is in a submitted report, so that what it
// puts into the draft can say where it stood. Paths of leaves are the strings
// that the report's fields hold already: values come in nearly the order of
// the fields, so the next field is mostly the one that is asked for.
type trail struct {
	fields []cybertip.Field
	next   int // field behind the one found last
	at     []byte
}

// ahead is how many fields are looked at before a path is written out anew.
const ahead = 64

// enter goes to a child, the n-th where n is above 0, and returns the way back.
func (t *trail) enter(name string, n int) (back int) {
	back = len(t.at)
	if back > 0 {
		t.at = append(t.at, '/')
	}
	t.at = append(t.at, name...)
	if n > 0 {
		t.at = append(t.at, '[')
		t.at = strconv.AppendInt(t.at, int64(n), 10)
		t.at = append(t.at, ']')
	}
	return back
}

func (t *trail) leave(back int) { t.at = t.at[:back] }

// here is the path of an element that need not be a leaf.
func (t *trail) here() string { return string(t.at) }

// leaf is the path of the leaf here.
func (t *trail) leaf() string {
	for i, f := range t.fields[t.next:min(t.next+ahead, len(t.fields))] {
		if f.Path == string(t.at) {
			t.next += i + 1
			return f.Path
		}
	}
	return string(t.at)
}

// path is the path of a leaf below.
func (t *trail) path(name string, n int) string {
	back := t.enter(name, n)
	p := t.leaf()
	t.leave(back)
	return p
}
