package fromtable

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxName is how long a name of a column, indicator, source or geography may
// be, in bytes.
const maxName = 200

// Name is how a desk writes the name of an indicator or source: lower-case
// letters, digits, dot, dash and underscore, blanks as dashes, a letter or digit
// first. A text with anything else in it is an error.
func Name(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxName {
		return "", fmt.Errorf("a name has 1 to %d bytes, this one has %d", maxName, len(text))
	}
	var b strings.Builder
	for i, r := range text {
		switch lower := unicode.ToLower(r); {
		case r == utf8.RuneError:
			return "", fmt.Errorf("%q is not readable as text", text)
		case unicode.In(lower, unicode.Ll, unicode.Lo, unicode.Nd):
			b.WriteRune(lower)
		case i == 0:
			return "", fmt.Errorf("%q does not begin with a letter or digit; give it a name with the option words", text)
		case r == '.', r == '-', r == '_', unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		case r == ' ', r == '\u00a0', r == '\u202f':
			b.WriteByte('-')
		default:
			return "", fmt.Errorf("%q has %q in it: a name has letters, digits, dot, dash and underscore only; give it one with the option words", text, r)
		}
	}
	return b.String(), nil
}

// fold is a text in lower-case letters and digits without accents: what two
// ways to write a name have in common.
func fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	var b strings.Builder
	b.Grow(len(s))
	if ascii {
		for i := 0; i < len(s); i++ {
			switch c := s[i]; {
			case c >= 'A' && c <= 'Z':
				b.WriteByte(c + 'a' - 'A')
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
				b.WriteByte(c)
			}
		}
		return b.String()
	}
	for _, r := range norm.NFKD.String(s) {
		switch r = unicode.ToLower(r); r {
		case 'ß':
			b.WriteString("ss")
		case 'æ':
			b.WriteString("ae")
		case 'œ':
			b.WriteString("oe")
		case 'ø':
			b.WriteByte('o')
		case 'ł':
			b.WriteByte('l')
		case 'đ', 'ð':
			b.WriteByte('d')
		case 'þ':
			b.WriteString("th")
		case 'ı':
			b.WriteByte('i')
		case 'ħ':
			b.WriteByte('h')
		case 'ς':
			b.WriteRune('σ')
		default:
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
