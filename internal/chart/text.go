package chart

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"
)

// typeface is a font with the widths of the letters that names in Europe are
// written with, in parts of the font's size.
type typeface struct {
	*sfnt.Font
	widths [0x600]float32
}

// faces are Liberation Sans, regular and bold. Arial has the same widths, and
// so has what stands for it elsewhere.
var faces = sync.OnceValue(func() *[2]typeface {
	var f [2]typeface
	for i, ttf := range [2][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		face, err := sfnt.Parse(ttf)
		if err != nil {
			panic("chart: the font in the program is broken: " + err.Error())
		}
		f[i].Font = face
		var buf sfnt.Buffer
		for r := range f[i].widths {
			f[i].widths[r] = float32(f[i].look(&buf, rune(r)))
		}
	}
	return &f
})

func faceOf(bold bool) *typeface {
	if bold {
		return &faces()[1]
	}
	return &faces()[0]
}

// look finds how wide r is. Letters that the font lacks count as one the
// system may have: a full square for East Asian ones.
func (f *typeface) look(buf *sfnt.Buffer, r rune) float64 {
	switch {
	case r == 0x202f || r == 0x2009:
		return 0.2
	case r == 0x200e || r == 0x200f || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return 0
	}
	const em = 2048
	if g, err := f.GlyphIndex(buf, r); err == nil && g != 0 {
		if a, err := f.GlyphAdvance(buf, g, fixed.I(em), xfont.HintingNone); err == nil {
			return float64(a) / 64 / em
		}
	}
	if r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xff60 || r >= 0x1f300) {
		return 1
	}
	return 0.6
}

// measure is the width of s at that size.
func measure(s string, size float64, bold bool) float64 {
	f := faceOf(bold)
	var w float64
	var buf *sfnt.Buffer
	for _, r := range s {
		if int(r) < len(f.widths) {
			w += float64(f.widths[r])
			continue
		}
		if buf == nil {
			buf = new(sfnt.Buffer)
		}
		w += f.look(buf, r)
	}
	return w * size
}

// clean is s fit to be drawn: valid, on one line, without control characters
// and without those that would turn the direction of what follows.
func clean(s string) string {
	s = cut(s, 4000)
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u202f' || r == '\u00a0':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r&0xfffe == 0xfffe, r == 0xfeff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if strings.Contains(s, "  ") || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
	}
	return s
}

// cut is at most the first n bytes of s, of whole letters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// fit is s, or as much of its beginning as the width holds and an ellipsis.
func fit(s string, f font, width float64) string {
	if f.width(cut(s, 1000)) <= width && len(s) <= 1000 {
		return s
	}
	room := width - f.width("…")
	var w float64
	for i, r := range s {
		w += f.width(string(r))
		if w > room {
			s = s[:i]
			break
		}
	}
	s = strings.TrimRightFunc(s, func(r rune) bool {
		return r == ' ' || r == ',' || r == '-' || r == '(' || unicode.Is(unicode.Cf, r)
	})
	if s == "" && room < 0 {
		return ""
	}
	return s + "…"
}

// wrap breaks s at spaces into at most so many lines; the last is cut.
func wrap(s string, f font, width float64, most int) []string {
	var out []string
	s = clean(s)
	for s != "" && width > f.width("…") {
		if len(out) == most-1 {
			return append(out, fit(s, f, width))
		}
		n, w := 0, 0.0
		for i, r := range s {
			w += f.width(string(r))
			if w > width {
				break
			}
			if next := i + utf8.RuneLen(r); r == ' ' {
				n = i
			} else if next == len(s) {
				n = next
			}
		}
		if n == 0 { // one long word
			return append(out, fit(s, f, width))
		}
		out = append(out, s[:n])
		s = strings.TrimLeft(s[n:], " ")
	}
	return out
}

// rightToLeft says whether some of s is written so.
func rightToLeft(s string) bool {
	for _, r := range s {
		if r < 0x590 {
			continue
		}
		if p, _ := bidi.LookupRune(r); p.Class() == bidi.R || p.Class() == bidi.AL {
			return true
		}
	}
	return false
}
