package web

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	mark := func(s string) string { return `<span class="ctl">` + s + `</span>` }
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain", "plain"},
		{"two\nlines\tand a tab", "two\nlines\tand a tab"},
		{`<script>alert("1")</script>&'`, "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;&amp;&#39;"},
		{"abc\u202Egnp.exe", "abc" + mark("U+202E") + "gnp.exe"},
		{"\u2066a\u2069", mark("U+2066") + "a" + mark("U+2069")},
		{"us\u200Ber", "us" + mark("U+200B") + "er"},
		{"us\u200Der", "us" + mark("U+200D") + "er"},
		{"\u0645\u06CC\u200C\u062E", "\u0645\u06CC\u200C\u062E"}, // a joiner within Persian belongs there
		{"\U0001F469\u200D\U0001F52C", "\U0001F469\u200D\U0001F52C"},
		{"\u2764\uFE0F", "\u2764\uFE0F"},
		{"a\U000E0101", "a" + mark("U+E0101")},
		{"a\u00ADb", "a" + mark("U+00AD") + "b"},
		{"\u3164", mark("U+3164")},
		{"bell\a\x00", "bell" + mark("U+0007") + mark("U+0000")},
		{"\x7f\u0085\u2028", mark("U+007F") + mark("U+0085") + mark("U+2028")},
		{"\xff<", mark("byte FF") + "&lt;"},
		{"\xe2\x80", mark("byte E2") + mark("byte 80")},
		{"\uFFFD", "\uFFFD"},
		{"שלום Ελλάδα", "שלום Ελλάδα"},
	} {
		if got := string(Visible(c.in)); got != c.want {
			t.Errorf("Visible(%q) = %s, want %s", c.in, got, c.want)
		}
	}
}

var marks = regexp.MustCompile(`<span class="ctl">(U\+|byte )[0-9A-F]{2,6}</span>`)

// Whatever comes in, nothing but marks is an element, nothing hidden is left,
// and all that can be seen is there.
func TestVisibleHoldsForAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		odd := rapid.SampledFrom([]string{"\u202E", "\u2067", "\u200B", "\x00", "\xff", "<b>", "&", "\"", "é", "\U000E0041", "</bdi>"})
		s := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.String(), odd)).Draw(t, "s"), "")
		got := marks.ReplaceAllString(string(Visible(s)), "")
		if strings.ContainsAny(got, "<>") {
			t.Fatalf("Visible(%q) lets an element through: %s", s, got)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Bidi_Control) && r != '\n' && r != '\t' {
				t.Fatalf("Visible(%q) lets %U through", s, r)
			}
		}
		var seen strings.Builder
		var before rune
		for i, r := range s {
			if (r != unicode.ReplacementChar || strings.HasPrefix(s[i:], "\uFFFD")) && !hidden(r, before) {
				seen.WriteRune(r)
			}
			before = r
		}
		if html.UnescapeString(got) != seen.String() {
			t.Fatalf("Visible(%q) shows %q, want %q", s, html.UnescapeString(got), seen.String())
		}
	})
}
