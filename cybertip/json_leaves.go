package cybertip

import (
	"strconv"
	"strings"
)

// path returns where a node is: names joined by slashes, the numbers of array elements in brackets.
func (t *jsonTree) path(i int32) string {
	var steps []int32
	for ; i > 0; i = t.nodes[i].parent {
		steps = append(steps, i)
	}
	var b []byte
	for k := len(steps) - 1; k >= 0; k-- {
		b = t.nodes[steps[k]].appendStep(b)
	}
	return string(b)
}

func (n *jsonNode) appendStep(path []byte) []byte {
	if n.number > 0 {
		path = append(path, '[')
		path = strconv.AppendInt(path, int64(n.number), 10)
		return append(path, ']')
	}
	if len(path) > 0 {
		path = append(path, '/')
	}
	return append(path, n.key...)
}

// leaves adds every scalar below a node to fields, and to unknown where nobody used it.
func (t *jsonTree) leaves(c *Content) error {
	var a arena
	scalars := 0
	for i := range t.nodes {
		if t.nodes[i].isScalar() {
			scalars++
		}
	}
	c.Fields = make([]Field, 0, scalars)
	budget := maxGrowth*len(t.src) + extraGrowth
	var path []byte
	var walk func(i int32)
	walk = func(i int32) {
		n := &t.nodes[i]
		at := len(path)
		if i > 0 {
			path = n.appendStep(path)
		}
		if n.isScalar() {
			if budget -= 32 + len(path); budget >= 0 {
				f := Field{a.add(path), strings.Trim(n.text, " \t\r\n")}
				c.Fields = append(c.Fields, f)
				if !n.used {
					c.Unknown = append(c.Unknown, f)
				}
			}
		}
		for k := n.first; k > 0; k = t.nodes[k].next {
			walk(k)
		}
		path = path[:at]
	}
	walk(0)
	if budget < 0 {
		return errGrowth
	}
	return nil
}
