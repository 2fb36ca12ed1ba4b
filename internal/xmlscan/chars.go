package xmlscan

import "unicode/utf8"

// Classes of ASCII bytes, XML 1.0 sections 2.2 and 2.3.
const (
	classSpace     = 1 << iota // S
	classNameStart             // NameStartChar without the colon
	className                  // NameChar without the colon
	classText                  // plain inside text: nothing to check, nothing to replace
	classValue                 // plain inside an attribute value, but for the closing quote
)

var classes = func() (t [256]uint8) {
	for c := 0x20; c < 0x80; c++ {
		t[c] = classText | classValue
	}
	t['\t'] = classText | classSpace // in attribute values it becomes a blank
	t['\n'] = classText | classSpace
	t['\r'] = classSpace
	t[' '] |= classSpace
	for _, c := range "<&" {
		t[c] &^= classText | classValue
	}
	t[']'] &^= classText // "]]>" must not stand in text
	t['"'] &^= classValue
	t['\''] &^= classValue
	for c := 'a'; c <= 'z'; c++ {
		t[c] |= classNameStart | className
		t[c-'a'+'A'] |= classNameStart | className
	}
	t['_'] |= classNameStart | className
	for _, c := range "-.0123456789" {
		t[c] |= className
	}
	return t
}()

// isChar reports whether r is in the production Char (section 2.2).
func isChar(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r == '\t' || r == '\n' || r == '\r' ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// charLen returns the length of the legal character at the start of b, 0 if there is none.
func charLen(b []byte) int {
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n <= 1 || !isChar(r) {
		return 0
	}
	return n
}

// illegalAt returns the offset of the first byte of b which is not part of a legal character, -1 if there is none.
func illegalAt(b []byte) int {
	for i := 0; i < len(b); {
		if classes[b[i]]&(classText|classSpace|classValue) != 0 || b[i] == '<' || b[i] == '&' {
			i++
			continue
		}
		n := charLen(b[i:])
		if n == 0 {
			return i
		}
		i += n
	}
	return -1
}

// isNameStart and isName are the productions NameStartChar and NameChar (section 2.3) beyond ASCII.
func isNameStart(r rune) bool {
	switch {
	case r < 0xC0:
		return false
	case r <= 0x2FF:
		return r != 0xD7 && r != 0xF7
	case r <= 0x1FFF:
		return r >= 0x370 && r != 0x37E
	case r <= 0x218F:
		return r == 0x200C || r == 0x200D || r >= 0x2070
	case r <= 0xD7FF:
		return r >= 0x2C00 && r <= 0x2FEF || r >= 0x3001
	case r <= 0xFFFD:
		return r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0
	}
	return r >= 0x10000 && r <= 0xEFFFF
}

func isName(r rune) bool {
	return isNameStart(r) || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// IsSpace reports whether b consists of XML white space only.
func IsSpace(b []byte) bool {
	for _, c := range b {
		if classes[c]&classSpace == 0 {
			return false
		}
	}
	return true
}

// Trim returns b without XML white space (blank, tab, line feed, carriage return) at either end.
func Trim(b []byte) []byte {
	for len(b) > 0 && classes[b[0]]&classSpace != 0 {
		b = b[1:]
	}
	for len(b) > 0 && classes[b[len(b)-1]]&classSpace != 0 {
		b = b[:len(b)-1]
	}
	return b
}
