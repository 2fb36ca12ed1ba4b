package fromncmec

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// A node is an element of one entry.
type node struct {
	name     string
	attrs    []xml.Attr
	chars    strings.Builder
	children []*node
}

// node reads the element that has begun with start.
func (d *document) node(start xml.StartElement, depth int, count *int) (*node, error) {
	if *count++; depth > maxDepth || *count > maxNodes {
		return nil, d.broken("an entry has more than %d elements, or %d inside each other", maxNodes, maxDepth)
	}
	n := &node{name: start.Name.Local, attrs: start.Attr}
	for {
		t, err := d.token()
		if errors.Is(err, io.EOF) {
			return nil, d.broken("the document ends too early")
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return n, nil
		case xml.CharData:
			n.chars.Write(t)
		case xml.StartElement:
			child, err := d.node(t, depth+1, count)
			if err != nil {
				return nil, err
			}
			n.children = append(n.children, child)
		}
	}
}

func (n *node) content() string { return strings.TrimSpace(n.chars.String()) }

func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// text of the first child of that name.
func (n *node) text(name string) string {
	if c := n.child(name); c != nil {
		return c.content()
	}
	return ""
}

func (n *node) attr(name string) string { return attr(xml.StartElement{Attr: n.attrs}, name) }

func attr(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

var errLong = errors.New("an entry is too long")

// slack is what the decoder may read ahead.
const slack = 64 << 10

// A meter ends the reading when the decoder goes on for too long without
// coming to the end of an entry: it keeps in memory what it has begun.
type meter struct {
	r          io.Reader
	limit      int64
	read, from int64
	err        error
}

func (m *meter) mark(d *xml.Decoder) { m.from = d.InputOffset() }

func (m *meter) Read(p []byte) (int, error) {
	if m.read-m.from > m.limit {
		m.err = errLong
		return 0, m.err
	}
	n, err := m.r.Read(p)
	m.read += int64(n)
	if err != nil {
		m.err = err
	}
	return n, err
}
