package cybertip

import (
	"errors"
	"slices"
	"strconv"
	"unicode/utf8"

	"lapwing/internal/xmlscan"
)

// decoder walks a document by hand-written descent: each complex type has a method that reads the children of the
// current element. A method starts with the element's Start as the current token and its path in d.path, and ends
// behind its End. After an error the loops end by themselves and d.err says what it was.
type decoder struct {
	s       *xmlscan.Scanner
	out     *Content
	wrapper *Document // set outside of reports and the like: they may be found here
	arena   *arena
	path    []byte // of the current element
	quiet   bool   // inside something unknown: no findings about its parts
	taken   bool   // the attributes of the current element have been read
	xsi     []string
	hint    int // how many fields to expect
	budget  int // bytes that may still be made
	err     error
}

// frame is the state of an element whose children are being read.
type frame struct {
	at       int    // length of its path
	seen     uint32 // bit n: the child with number n in schema order was there
	disorder bool   // order has been complained about, or does not matter
	children bool
	count    int    // of the one kind of child whose unreadable values are left out of its slice
	stray    []byte // text between the children
	extra    map[string]*repeat
}

// repeat follows the children of one name, for those where the schema does not tell that there may be several.
type repeat struct {
	n                         int
	at                        int // length of the path of the first, to be numbered when a second comes
	fields, unknown, findings span
}

type span struct{ from, to int }

var errGrowth = errors.New("the document would need far more memory than its size; it was not made by a provider")

func (d *decoder) charge(n int) {
	if d.budget -= n; d.budget < 0 && d.err == nil {
		d.err = errGrowth
	}
}

// enter starts reading the children of the current element.
func (d *decoder) enter() frame {
	d.restAttrs()
	return frame{at: len(d.path)}
}

// child moves to the next child, or behind the end of the element.
func (d *decoder) child(f *frame) bool {
	for d.err == nil {
		kind, err := d.s.Next()
		if err != nil {
			d.err = err
			break
		}
		switch kind {
		case xmlscan.Start:
			f.children, d.taken = true, false
			return true
		case xmlscan.Text:
			if text := d.s.Text(); !xmlscan.IsSpace(text) {
				f.stray = append(f.stray, text...)
			}
		default:
			return false
		}
	}
	return false
}

// leave ends an element: without children it is a leaf itself, and text between children is unknown.
func (d *decoder) leave(f *frame) {
	d.path = d.path[:f.at]
	if d.err != nil {
		return
	}
	if text := xmlscan.Trim(f.stray); len(text) > 0 {
		if f.at > 0 {
			d.path = append(d.path, '/')
		}
		d.path = append(d.path, "text()"...)
		d.put(text)
		d.markUnknown()
		d.find(SeverityWarning, d.at(), "is text where the schema has elements only")
		d.path = d.path[:f.at]
	} else if !f.children && f.at > 0 {
		d.put(nil)
	}
}

func (d *decoder) push(f *frame) {
	d.path = d.path[:f.at]
	if f.at > 0 {
		d.path = append(d.path, '/')
	}
	d.path = append(d.path, d.s.Local()...)
}

func (d *decoder) pushNumber(n int) {
	d.path = append(d.path, '[')
	d.path = strconv.AppendInt(d.path, int64(n), 10)
	d.path = append(d.path, ']')
}

// one enters the child with the schema number n, which may occur once. A further one is read as unknown: then one
// returns false.
func (d *decoder) one(f *frame, n int) bool {
	if f.seen&(1<<n) != 0 {
		d.again(f)
		return false
	}
	d.push(f)
	d.order(f, n)
	return true
}

// item enters the child with the schema number n, which may occur several times; this is the i-th.
func (d *decoder) item(f *frame, n, i int) {
	d.push(f)
	d.pushNumber(i)
	d.order(f, n)
	d.charge(64)
}

func (d *decoder) order(f *frame, n int) {
	if f.seen>>(n+1) != 0 && !f.disorder {
		f.disorder = true
		d.find(SeverityWarning, string(d.path), "comes later than the schema has it")
	}
	f.seen |= 1 << n
}

func (f *frame) has(n int) bool { return f.seen&(1<<n) != 0 }

// require notes the absence of the child with the number n.
func (d *decoder) require(f *frame, n int, name string) {
	if f.has(n) || d.err != nil {
		return
	}
	path := append(d.path[:f.at:f.at], '/')
	if f.at == 0 {
		path = path[:0]
	}
	d.find(SeverityError, string(append(path, name...)), "is missing")
}

// put adds the leaf at d.path.
func (d *decoder) put(value []byte) string {
	if d.err != nil {
		return ""
	}
	d.charge(32 + len(d.path) + len(value))
	v := d.arena.add(value)
	d.out.Fields = append(d.out.Fields, Field{d.arena.add(d.path), v})
	return v
}

// at returns the path of the last leaf.
func (d *decoder) at() string {
	if n := len(d.out.Fields); n > 0 {
		return d.out.Fields[n-1].Path
	}
	return ""
}

func (d *decoder) markUnknown() {
	if d.err == nil {
		d.charge(32)
		d.out.Unknown = append(d.out.Unknown, d.out.Fields[len(d.out.Fields)-1])
	}
}

func (d *decoder) find(severity Severity, path, text string) {
	if !d.quiet && d.err == nil {
		d.charge(64)
		d.out.find(severity, path, text)
	}
}

// leaf reads the text of the current element and adds it to the fields.
func (d *decoder) leaf() string {
	d.restAttrs()
	if d.err != nil {
		return ""
	}
	text, isLeaf, err := d.s.Leaf()
	if err != nil {
		d.err = err
		return ""
	}
	if isLeaf {
		return d.put(xmlscan.Trim(text))
	}
	// Elements inside a text are unknown; the text around them is the value.
	f := frame{at: len(d.path), children: true}
	f.stray = append(f.stray, text...)
	d.find(SeverityError, string(d.path), "holds elements where the schema has text only")
	d.taken = false
	for more := true; more; more = d.child(&f) {
		d.unknown(&f)
	}
	d.path = d.path[:f.at]
	return d.put(xmlscan.Trim(f.stray))
}

// attrs starts reading the attributes of the current element.
func (d *decoder) attrs() []xmlscan.Attr {
	d.taken = true
	const instance = "http://www.w3.org/2001/XMLSchema-instance"
	attrs := d.s.Attrs()
	for i := range attrs {
		a := &attrs[i]
		if string(a.Prefix) == "xmlns" && string(a.Value) == instance && string(a.Local) != "xsi" &&
			len(d.xsi) < 8 && !slices.Contains(d.xsi, string(a.Local)) {
			d.xsi = append(d.xsi, string(a.Local))
		}
	}
	return attrs
}

// attr adds an attribute to the fields and returns its value. It returns false for declarations, which are left
// out, and for attributes with a prefix, which are unknown.
func (d *decoder) attr(a *xmlscan.Attr) (string, bool) {
	if len(a.Prefix) == 0 {
		if string(a.Local) == "xmlns" {
			return "", false
		}
		return d.putAttr(a), true
	}
	switch p := string(a.Prefix); {
	case p == "xmlns" || p == "xsi" || slices.Contains(d.xsi, p):
	default:
		d.putAttr(a)
		d.unknownAttr()
	}
	return "", false
}

func (d *decoder) putAttr(a *xmlscan.Attr) string {
	at := len(d.path)
	if at > 0 {
		d.path = append(d.path, '/')
	}
	d.path = append(append(d.path, '@'), a.Local...)
	v := d.put(xmlscan.Trim(a.Value))
	d.path = d.path[:at]
	return v
}

// unknownAttr says that the attribute added last is unknown.
func (d *decoder) unknownAttr() {
	d.markUnknown()
	d.find(SeverityWarning, d.at(), "is not in the schema")
}

// restAttrs reads the attributes of an element whose type has none.
func (d *decoder) restAttrs() {
	if d.taken {
		return
	}
	if len(d.s.Attrs()) == 0 {
		d.taken = true
		return
	}
	attrs := d.attrs()
	for i := range attrs {
		if _, ok := d.attr(&attrs[i]); ok {
			d.unknownAttr()
		}
	}
}

// text reads a text of at most so many characters; 0 means any number.
func (d *decoder) text(most int) string { return d.asText(d.leaf(), most) }

func (d *decoder) asText(v string, most int) string {
	if most > 0 && len(v) > most && utf8.RuneCountInString(v) > most {
		d.find(SeverityWarning, d.at(), "is longer than "+strconv.Itoa(most)+" characters")
	}
	return v
}
