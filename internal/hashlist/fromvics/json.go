package fromvics

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep values may lie inside each other in one entry.
const maxDepth = 32

var errNotJSON = errors.New("it is not JSON")

// members calls f for each member of the object b, in order; name and value
// are parts of b. A name comes with its escapes undone.
func members(b []byte, f func(name, value []byte) error) error {
	i := space(b, 0)
	if i == len(b) || b[i] != '{' {
		return fmt.Errorf("it is not an object")
	}
	if i = space(b, i+1); i < len(b) && b[i] == '}' {
		return ended(b, i+1)
	}
	for {
		end, err := stringEnd(b, i)
		if err != nil {
			return err
		}
		name := b[i+1 : end-1]
		if bytes.IndexByte(name, '\\') >= 0 {
			name = []byte(text(b[i:end]))
		}
		if i = space(b, end); i == len(b) || b[i] != ':' {
			return errNotJSON
		}
		i = space(b, i+1)
		if end, err = valueEnd(b, i, 1); err != nil {
			return err
		}
		if err := f(name, b[i:end]); err != nil {
			return err
		}
		i = space(b, end)
		switch {
		case i < len(b) && b[i] == ',':
			i = space(b, i+1)
		case i < len(b) && b[i] == '}':
			return ended(b, i+1)
		default:
			return errNotJSON
		}
	}
}

// elements calls f for each element of the array b; null is an empty one.
func elements(b []byte, f func(value []byte) error) error {
	if isNull(b) {
		return nil
	}
	i := space(b, 0)
	if i == len(b) || b[i] != '[' {
		return fmt.Errorf("it is not an array")
	}
	if i = space(b, i+1); i < len(b) && b[i] == ']' {
		return ended(b, i+1)
	}
	for {
		end, err := valueEnd(b, i, 1)
		if err != nil {
			return err
		}
		if err := f(b[i:end]); err != nil {
			return err
		}
		i = space(b, end)
		switch {
		case i < len(b) && b[i] == ',':
			i = space(b, i+1)
		case i < len(b) && b[i] == ']':
			return ended(b, i+1)
		default:
			return errNotJSON
		}
	}
}

func ended(b []byte, i int) error {
	if space(b, i) != len(b) {
		return errNotJSON
	}
	return nil
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// valueEnd is the place after the value that begins at b[i].
func valueEnd(b []byte, i, depth int) (int, error) {
	if depth > maxDepth {
		return 0, fmt.Errorf("its values lie more than %d deep", maxDepth)
	}
	if i == len(b) {
		return 0, errNotJSON
	}
	switch c := b[i]; {
	case c == '"':
		return stringEnd(b, i)
	case c == '{' || c == '[':
		return nestEnd(b, i, depth)
	case c == '-' || c >= '0' && c <= '9':
		return numberEnd(b, i)
	}
	for _, word := range []string{"null", "true", "false"} {
		if bytes.HasPrefix(b[i:], []byte(word)) {
			return i + len(word), nil
		}
	}
	return 0, errNotJSON
}

func nestEnd(b []byte, i, depth int) (int, error) {
	closing := b[i] + 2 // '[' and ']', '{' and '}'
	object := closing == '}'
	if i = space(b, i+1); i < len(b) && b[i] == closing {
		return i + 1, nil
	}
	for {
		var err error
		if object {
			if i, err = stringEnd(b, i); err != nil {
				return 0, err
			}
			if i = space(b, i); i == len(b) || b[i] != ':' {
				return 0, errNotJSON
			}
			i = space(b, i+1)
		}
		if i, err = valueEnd(b, i, depth+1); err != nil {
			return 0, err
		}
		i = space(b, i)
		switch {
		case i < len(b) && b[i] == ',':
			i = space(b, i+1)
		case i < len(b) && b[i] == closing:
			return i + 1, nil
		default:
			return 0, errNotJSON
		}
	}
}

// inString are the bytes that mean something in a string.
var inString = func() (t [256]bool) {
	for c := range ' ' {
		t[c] = true
	}
	t['"'], t['\\'] = true, true
	return t
}()

// stringEnd is the place after the string that begins at b[i].
func stringEnd(b []byte, i int) (int, error) {
	if i >= len(b) || b[i] != '"' {
		return 0, errNotJSON
	}
	for i++; i < len(b); i++ {
		switch c := b[i]; {
		case !inString[c]:
		case c == '"':
			return i + 1, nil
		case c < ' ':
			return 0, errNotJSON
		default: // a backslash
			if i++; i == len(b) {
				return 0, errNotJSON
			}
			if b[i] == 'u' {
				if len(b) < i+5 || !isHex(b[i+1:i+5]) {
					return 0, errNotJSON
				}
				i += 4
			} else if strings.IndexByte(`"\/bfnrt`, b[i]) < 0 {
				return 0, errNotJSON
			}
		}
	}
	return 0, errNotJSON
}

func isHex(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// numberEnd is the place after the number that begins at b[i] (RFC 8259, 6).
func numberEnd(b []byte, i int) (int, error) {
	digits := func() bool {
		from := i
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		return i > from
	}
	if b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if !digits() {
		return 0, errNotJSON
	}
	if i < len(b) && b[i] == '.' {
		if i++; !digits() {
			return 0, errNotJSON
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digits() {
			return 0, errNotJSON
		}
	}
	return i, nil
}

func isNull(value []byte) bool { return string(value) == "null" }

// text is a value in words: a string without its quotes and surrounding
// blanks, a number or truth value as written, "" for null, arrays and
// objects. The value is valid JSON.
func text(value []byte) string {
	switch {
	case len(value) == 0 || isNull(value) || value[0] == '[' || value[0] == '{':
		return ""
	case value[0] != '"':
		return string(value)
	}
	inner := value[1 : len(value)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(bytes.TrimSpace(inner))
	}
	var s string
	if json.Unmarshal(value, &s) != nil {
		return ""
	}
	return strings.TrimSpace(s)
}

// integer is a value as a number: 7, "7", or 7.0.
func integer(value []byte) (n int64, ok bool) {
	if len(value) > 2 && value[0] == '"' {
		value = bytes.TrimSpace(value[1 : len(value)-1])
	}
	if before, after, found := bytes.Cut(value, []byte(".")); found && len(bytes.Trim(after, "0")) == 0 {
		value = before
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	return n, err == nil
}
