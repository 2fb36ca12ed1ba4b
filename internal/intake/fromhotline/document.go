package fromhotline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// A node is one value of a JSON document, with what reading it left behind.
type node struct {
	name string // of the property; "" in a list and for the document
	path string // "items[2]/hashes[1]/value", positions from 1
	text string // of a leaf: the string, or the literal as written; "" for null

	first, next *node // children in document order

	from, to         int32 // the value's bytes
	nameFrom, nameTo int32 // the property name's bytes, with quotes
	pathFrom, pathTo int32 // of path in the document's paths
	pos              int32 // position in the list or object, from 1

	kind    kind
	used    bool // the reader has a name for it and could take its value
	told    bool // a finding says already what is wrong with it
	dropped bool // about the person who reported: kept nowhere
	media   bool // media was taken out of text
}

type kind byte

const (
	isNull kind = iota
	isBool
	isNumber
	isString
	isList
	isObject
)

func (n *node) leaf() bool { return n.kind < isList }

// A document is a JSON text as a tree that keeps order, repeated names and
// positions, which encoding/json's own forms do not.
type document struct {
	src    string
	pos    int
	limits Options
	values int // of all sorts
	leaves int
	root   *node
	*memory
}

// memory is what a document is built in. It is used again for the next one:
// a draft keeps only strings.
type memory struct {
	nodes []node
	paths []byte
}

var memories = sync.Pool{New: func() any { return &memory{nodes: make([]node, 0, 512)} }}

// release gives the nodes back; none may be used any more.
func (d *document) release() {
	clear(d.nodes)
	d.nodes, d.paths, d.root = d.nodes[:0], d.paths[:0], nil
	if cap(d.nodes) <= 4096 && cap(d.paths) <= 1<<20 {
		memories.Put(d.memory)
	}
	d.memory = nil
}

// maxName is how much of a property name a path shows. A name is repeated in
// the path of every leaf below it, so that a long one would multiply.
const maxName = 64

// parse reads b. The error's text is fit for a finding.
func parse(b []byte, o Options) (*document, error) {
	if len(b) > o.MaxBytes {
		return nil, fmt.Errorf("the document has %d bytes, more than the %d that one report may have", len(b), o.MaxBytes)
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !json.Valid(b) {
		return nil, notJSON(b)
	}
	d := &document{src: string(b), limits: o}
	d.memory = memories.Get().(*memory)
	root, err := d.value(0, 0, 0)
	if err != nil {
		d.release()
		return nil, err
	}
	d.root = root
	d.setPaths()
	return d, nil
}

// notJSON says where a text stops being JSON, without quoting it.
func notJSON(b []byte) error {
	switch {
	case len(bytes.TrimSpace(b)) == 0:
		return errors.New("the document is empty")
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return errors.New("the document is UTF-16; JSON is UTF-8, save it as that")
	}
	var raw json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(b, &raw); errors.As(err, &syntax) {
		at := min(int(syntax.Offset), len(b))
		return fmt.Errorf("the document is not well-formed JSON: line %d, byte %d of %d",
			1+bytes.Count(b[:at], []byte("\n")), at, len(b))
	}
	return errors.New("the document is not well-formed JSON")
}

func (d *document) make() *node {
	if len(d.nodes) == cap(d.nodes) {
		d.nodes = make([]node, 0, 2048) // the earlier ones stay where they are
	}
	d.nodes = append(d.nodes, node{})
	return &d.nodes[len(d.nodes)-1]
}

// value reads the value at pos, whose path is paths[from:to]. The text is
// known to be JSON (json.Valid), so that there is only to tell values apart.
func (d *document) value(from, to int32, depth int) (*node, error) {
	if depth > d.limits.MaxDepth {
		return nil, fmt.Errorf("the document is nested deeper than %d levels", d.limits.MaxDepth)
	}
	d.space()
	if d.values++; d.values > d.limits.MaxValues {
		return nil, fmt.Errorf("the document has more than %d values", d.limits.MaxValues)
	}
	n := d.make()
	n.pathFrom, n.pathTo = from, to
	n.from = int32(d.pos)
	var err error
	switch d.src[d.pos] {
	case '{':
		n.kind = isObject
		err = d.children(n, '}', depth)
	case '[':
		n.kind = isList
		err = d.children(n, ']', depth)
	default:
		d.leaves++
		d.scalar(n)
	}
	n.to = int32(d.pos)
	return n, err
}

func (d *document) children(n *node, end byte, depth int) error {
	d.pos++
	last := &n.first
	for i := int32(1); ; i++ {
		d.space()
		switch d.src[d.pos] {
		case end:
			d.pos++
			return nil
		case ',':
			d.pos++
			d.space()
		}
		var name string
		from, to := d.pos, d.pos
		path := int32(len(d.paths))
		d.paths = append(d.paths, d.paths[n.pathFrom:n.pathTo]...)
		if n.kind == isObject {
			name = d.str()
			to = d.pos
			d.space()
			d.pos++ // the colon
			d.paths = appendName(d.paths, name, n.pathFrom < n.pathTo)
		} else {
			d.paths = append(d.paths, '[')
			d.paths = strconv.AppendInt(d.paths, int64(i), 10)
			d.paths = append(d.paths, ']')
		}
		c, err := d.value(path, int32(len(d.paths)), depth+1)
		if err != nil {
			return err
		}
		c.name, c.pos, c.nameFrom, c.nameTo = name, i, int32(from), int32(to)
		*last, last = c, &c.next
	}
}

// setPaths gives each node its path, out of one string for all.
func (d *document) setPaths() {
	all := string(d.paths)
	var set func(*node)
	set = func(n *node) {
		n.path = all[n.pathFrom:n.pathTo]
		for c := n.first; c != nil; c = c.next {
			set(c)
		}
	}
	set(d.root)
}

func (d *document) scalar(n *node) {
	switch c := d.src[d.pos]; c {
	case '"':
		n.kind = isString
		s, media := TakeOutMedia(d.str())
		n.text, n.media = s, media > 0
		return
	case 'n':
		n.kind = isNull
		d.pos += len("null")
		return
	case 't', 'f':
		n.kind = isBool
	default:
		n.kind = isNumber
	}
	from := d.pos
	for d.pos < len(d.src) && !strings.ContainsRune(",]} \t\r\n", rune(d.src[d.pos])) {
		d.pos++
	}
	n.text = d.src[from:d.pos]
}

// str reads the string literal at pos.
func (d *document) str() string {
	from := d.pos
	plain := true
	for d.pos++; d.src[d.pos] != '"'; d.pos++ {
		if c := d.src[d.pos]; c == '\\' {
			plain = false
			d.pos++
		} else if c >= utf8.RuneSelf {
			plain = false
		}
	}
	d.pos++
	lit := d.src[from:d.pos]
	if plain {
		return lit[1 : len(lit)-1]
	}
	if strings.IndexByte(lit, '\\') < 0 && utf8.ValidString(lit) {
		return lit[1 : len(lit)-1]
	}
	var s string
	if json.Unmarshal([]byte(lit), &s) != nil { // it cannot: the literal is valid
		return strings.ToValidUTF8(lit[1:len(lit)-1], "\ufffd")
	}
	return s
}

func (d *document) space() {
	for d.pos < len(d.src) {
		switch d.src[d.pos] {
		case ' ', '\t', '\r', '\n':
			d.pos++
		default:
			return
		}
	}
}

// appendName adds a property to a path. Names are cut to maxName; "~" and "/"
// in them are written as in RFC 6901, section 3.
func appendName(path []byte, name string, below bool) []byte {
	if below {
		path = append(path, '/')
	}
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName-3], "") + "..."
	}
	for i := range len(name) {
		switch c := name[i]; c {
		case '~':
			path = append(path, "~0"...)
		case '/':
			path = append(path, "~1"...)
		default:
			path = append(path, c)
		}
	}
	return path
}
