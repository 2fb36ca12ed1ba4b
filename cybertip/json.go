package cybertip

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of ReadDelivered. Beyond them a document is refused.
const (
	MaxJSONBytes = 16 << 20
	maxJSONDepth = 48
	maxJSONNodes = 1 << 19
	maxJSONKey   = 256
)

// jsonTree is a JSON document. Node 0 is its root; nodes stand in document order.
type jsonTree struct {
	nodes []jsonNode
	src   string
	pos   int
	depth int
}

type jsonNode struct {
	kind   byte   // one of { [ " 0 t n: object, array, string, number, boolean, null
	key    string // of a member
	text   string // of a string, number or boolean
	parent int32
	first  int32 // of the children, 0 if there are none
	next   int32 // sibling, 0 if there is none
	number int32 // place in an array, from 1
	used   bool
}

func (n *jsonNode) isScalar() bool { return n.kind == '"' || n.kind == '0' || n.kind == 't' }

// parseJSON reads one value (RFC 8259). Names of members may repeat; bytes that are not UTF-8 and halves of surrogate
// pairs become U+FFFD.
func parseJSON(b []byte) (*jsonTree, error) {
	if len(b) > MaxJSONBytes {
		return nil, fmt.Errorf("a document of %d bytes is larger than the limit of %d", len(b), MaxJSONBytes)
	}
	src := strings.TrimPrefix(string(b), "\uFEFF")
	if strings.HasPrefix(src, "\xFF\xFE") || strings.HasPrefix(src, "\xFE\xFF") {
		return nil, errors.New("documents in UTF-16 are not accepted; save as UTF-8")
	}
	t := &jsonTree{src: src}
	// Every value but the first follows a comma or opens a list.
	values := strings.Count(src, ",") + strings.Count(src, "{") + strings.Count(src, "[") + 1
	t.nodes = make([]jsonNode, 0, min(values, 1<<14))
	if err := t.value(-1, "", 0); err != nil {
		return nil, err
	}
	if t.space(); t.pos < len(t.src) {
		return nil, t.fail("more text after the document")
	}
	return t, nil
}

func (t *jsonTree) fail(text string) error {
	before := t.src[:min(t.pos, len(t.src))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("line %d, column %d: %s", line, column, text)
}

func (t *jsonTree) space() {
	for t.pos < len(t.src) {
		switch t.src[t.pos] {
		case ' ', '\t', '\n', '\r':
			t.pos++
		default:
			return
		}
	}
}

// peek returns the next byte behind white space, 0 at the end.
func (t *jsonTree) peek() byte {
	if t.space(); t.pos < len(t.src) {
		return t.src[t.pos]
	}
	return 0
}

// value reads a value as a new last node.
func (t *jsonTree) value(parent int32, key string, number int32) error {
	if len(t.nodes) >= maxJSONNodes {
		return t.fail(fmt.Sprintf("more than %d values", maxJSONNodes))
	}
	i := int32(len(t.nodes))
	c := t.peek()
	t.nodes = append(t.nodes, jsonNode{kind: c, key: key, parent: parent, number: number})
	var text string
	var err error
	switch {
	case c == '{' || c == '[':
		return t.children(i, c)
	case c == '"':
		text, err = t.string()
	case c == '-' || isDigit(c):
		t.nodes[i].kind = '0'
		text, err = t.numeral()
	default:
		for _, word := range [...]string{"true", "false", "null"} {
			if strings.HasPrefix(t.src[t.pos:], word) {
				t.pos += len(word)
				t.nodes[i].kind = 't'
				if t.nodes[i].text = word; word == "null" {
					t.nodes[i].kind = 'n'
				}
				return nil
			}
		}
		return t.fail("a value is expected here")
	}
	t.nodes[i].text = text
	return err
}

func (t *jsonTree) children(parent int32, open byte) error {
	if t.depth++; t.depth > maxJSONDepth {
		return t.fail(fmt.Sprintf("nested deeper than %d", maxJSONDepth))
	}
	end := open + 2 // ] and } in ASCII
	t.pos++
	if t.peek() == end {
		t.pos++
		t.depth--
		return nil
	}
	last := int32(0)
	for number := int32(1); ; number++ {
		key := ""
		if open == '{' {
			if t.peek() != '"' {
				return t.fail("a name in quotes is expected here")
			}
			var err error
			if key, err = t.string(); err != nil {
				return err
			}
			if len(key) > maxJSONKey {
				return t.fail(fmt.Sprintf("a name is longer than %d bytes", maxJSONKey))
			}
			if t.peek() != ':' {
				return t.fail("a colon is expected here")
			}
			t.pos++
		}
		child := int32(len(t.nodes))
		place := number
		if open == '{' {
			place = 0
		}
		if err := t.value(parent, key, place); err != nil {
			return err
		}
		if last == 0 {
			t.nodes[parent].first = child
		} else {
			t.nodes[last].next = child
		}
		last = child
		switch t.peek() {
		case ',':
			t.pos++
		case end:
			t.pos++
			t.depth--
			return nil
		default:
			return t.fail("a comma or the end of the list is expected here")
		}
	}
}

func (t *jsonTree) numeral() (string, error) {
	from := t.pos
	digits := func() bool {
		start := t.pos
		for t.pos < len(t.src) && isDigit(t.src[t.pos]) {
			t.pos++
		}
		return t.pos > start
	}
	take := func(chars string) bool {
		if t.pos < len(t.src) && strings.IndexByte(chars, t.src[t.pos]) >= 0 {
			t.pos++
			return true
		}
		return false
	}
	take("-")
	ok := take("0") || digits()
	if ok && take(".") {
		ok = digits()
	}
	if ok && take("eE") {
		take("+-")
		ok = digits()
	}
	if !ok {
		return "", t.fail("a malformed number")
	}
	return t.src[from:t.pos], nil
}

func (t *jsonTree) string() (string, error) {
	t.pos++
	from := t.pos
	for ascii := true; t.pos < len(t.src); t.pos++ {
		switch c := t.src[t.pos]; {
		case c == '"':
			s := t.src[from:t.pos]
			t.pos++
			if !ascii {
				s = validUTF8(s)
			}
			return s, nil
		case c == '\\':
			return t.escaped(from)
		case c < ' ':
			return "", t.fail("a control character inside a string")
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", t.fail("a string is not closed")
}

// escaped reads on in a string that started at from and has its first escape at t.pos.
func (t *jsonTree) escaped(from int) (string, error) {
	b := []byte(t.src[from:t.pos])
	for t.pos < len(t.src) {
		c := t.src[t.pos]
		switch {
		case c == '"':
			t.pos++
			return validUTF8(string(b)), nil
		case c < ' ':
			return "", t.fail("a control character inside a string")
		case c != '\\':
			b = append(b, c)
			t.pos++
			continue
		}
		if t.pos+1 >= len(t.src) {
			break
		}
		c = t.src[t.pos+1]
		const letters, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		if i := strings.IndexByte(letters, c); i >= 0 {
			b = append(b, meanings[i])
			t.pos += 2
			continue
		}
		r, ok := t.unicode(t.pos)
		if !ok {
			return "", t.fail("an unknown escape inside a string")
		}
		t.pos += 6
		if utf16.IsSurrogate(r) {
			second, ok := t.unicode(t.pos)
			if r = utf16.DecodeRune(r, second); ok && r != utf8.RuneError {
				t.pos += 6
			}
		}
		b = utf8.AppendRune(b, r)
	}
	return "", t.fail("a string is not closed")
}

// validUTF8 puts U+FFFD in place of each byte that belongs to no character, as encoding/json does.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// unicode decodes \uXXXX at pos.
func (t *jsonTree) unicode(pos int) (rune, bool) {
	if pos+6 > len(t.src) || t.src[pos] != '\\' || t.src[pos+1] != 'u' {
		return 0, false
	}
	hex := t.src[pos+2 : pos+6]
	if hex[0] == '+' || hex[0] == '-' {
		return 0, false
	}
	n, err := strconv.ParseUint(hex, 16, 16)
	return rune(n), err == nil
}
