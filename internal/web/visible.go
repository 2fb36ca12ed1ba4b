package web

import (
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible is a text that a stranger wrote, as HTML for the content of an
// element: escaped, and with everything that a reader cannot see (controls,
// direction marks, invisible letters, broken bytes) as a mark with its number.
// What looks the same and is not, is two accounts, not one.
func Visible(s string) template.HTML {
	var b strings.Builder
	flush := func(part string) { template.HTMLEscape(&b, []byte(part)) }
	start := 0
	var before rune
	for i, r := range s {
		n := utf8.RuneLen(r)
		mark := ""
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			mark, n = fmt.Sprintf("byte %02X", s[i]), 1
		} else if hidden(r, before) {
			mark = fmt.Sprintf("U+%04X", r)
		}
		before = r
		if mark == "" {
			continue
		}
		flush(s[start:i])
		start = i + n
		b.WriteString(`<span class="ctl">` + mark + `</span>`)
	}
	flush(s[start:])
	return template.HTML(b.String())
}

// hidden says whether r leaves no trace on the screen, or moves others.
func hidden(r, before rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < utf8.RuneSelf:
		return r < ' ' || r == 0x7f
	case r == '\u200c' || r == '\u200d':
		return before < utf8.RuneSelf // joiners belong to many scripts, not to Latin
	case r == '\ufe0e' || r == '\ufe0f':
		return false // how an emoji looks
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp,
		unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// foreign is Visible in an element that keeps the direction of its text to
// itself.
func foreign(s string) template.HTML { return "<bdi>" + Visible(s) + "</bdi>" }
