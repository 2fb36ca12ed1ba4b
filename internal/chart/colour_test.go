package chart

import (
	"image/color"
	"math"
	"regexp"
	"strings"
	"testing"
)

// How people without one kind of receptor see linear RGB (Machado, Oliveira,
// Fernandes 2009, table for severity 1.0).
var (
	protanope   = [9]float64{0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998}
	deuteranope = [9]float64{0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881}
	tritanope   = [9]float64{1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900}
)

func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func display(v float64) float64 {
	v = min(max(v, 0), 1)
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

func luminance(c color.RGBA) float64 {
	return 0.2126*linear(float64(c.R)/255) + 0.7152*linear(float64(c.G)/255) + 0.0722*linear(float64(c.B)/255)
}

func contrast(a, b string) float64 {
	x, y := luminance(parseColour(a)), luminance(parseColour(b))
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds texts to 4.5 to 1 and shapes that say something to 3 to
// 1 (WCAG 2.2, 1.4.3 and 1.4.11), light and dark.
func TestContrast(t *testing.T) {
	t.Parallel()
	const darkSheet = "#161c1a"
	text := map[string]tone{"ink": ink, "soft": soft, "rust": rust}
	for i, l := range lineTones {
		text["line "+string(rune('1'+i))] = l
	}
	shape := map[string]tone{"now": now, "then": then, "axis": axis, "bar edge": barEdge}
	check := func(name string, c, on tone, least float64) {
		t.Helper()
		if r := contrast(c.light, on.light); r < least {
			t.Errorf("%s %s on %s: contrast %.2f, want %.1f", name, c.light, on.light, r, least)
		}
		if r := contrast(c.dark, on.dark); r < least {
			t.Errorf("%s in the dark, %s on %s: contrast %.2f, want %.1f", name, c.dark, on.dark, r, least)
		}
	}
	if paper.dark != darkSheet {
		t.Errorf("dark paper is %s, the desk's is %s", paper.dark, darkSheet)
	}
	for name, c := range text {
		check(name, c, paper, 4.5)
	}
	for name, c := range shape {
		check(name, c, paper, 3)
	}
	check("letter on a reported cell", soft, band, 4.5)
	check("letter on a late cell", ink, band, 4.5)
	check("letter on a suppressed cell", ink, pale, 4.5)
	check("figure in a bar", ink, barFill, 4.5)
	check("trend on a bar", rust, barFill, 3)
	check("line on a band", now, band, 3)
	check("line on an event", now, wash, 3)
	check("raw line on an event", then, wash, 3)
}

// TestLinesTellApart asks that two lines in front differ by dash or by mark,
// and that no two that differ little in colour, to anyone, share either.
func TestLinesTellApart(t *testing.T) {
	t.Parallel()
	for i := range lineTones {
		for j := range i {
			if lineDashes[i] == lineDashes[j] && lineMarks[i] == lineMarks[j] {
				t.Errorf("lines %d and %d have the same dash and mark", i+1, j+1)
			}
			if lineMarks[i] == lineMarks[j] {
				t.Errorf("lines %d and %d have the same mark", i+1, j+1)
			}
			if lineDashes[i] != lineDashes[j] {
				continue
			}
			for name, m := range map[string][9]float64{"protanope": protanope, "deuteranope": deuteranope, "tritanope": tritanope} {
				if d := apart(seenBy(m, parseColour(lineTones[i].light)), seenBy(m, parseColour(lineTones[j].light))); d < 20 {
					t.Errorf("lines %d and %d share a dash and a %s sees their colours only %.0f apart, want 20", i+1, j+1, name, d)
				}
			}
		}
	}
}

// apart is the CIE 1976 difference of two colours.
func apart(a, b color.Color) float64 {
	lab := func(c color.Color) [3]float64 {
		r0, g0, b0, _ := c.RGBA()
		r, g, b := linear(float64(r0)/0xffff), linear(float64(g0)/0xffff), linear(float64(b0)/0xffff)
		f := func(t float64) float64 {
			if t > 216.0/24389 {
				return math.Cbrt(t)
			}
			return (24389.0/27*t + 16) / 116
		}
		x, y, z := f((0.4124*r+0.3576*g+0.1805*b)/0.95047), f(0.2126*r+0.7152*g+0.0722*b), f((0.0193*r+0.1192*g+0.9505*b)/1.08883)
		return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
	}
	p, q := lab(a), lab(b)
	return math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2]))
}

// TestColoursAreKnown asks that DarkCSS turns every colour that is used, and
// that no light colour has two dark ones.
func TestColoursAreKnown(t *testing.T) {
	t.Parallel()
	turn := map[string]string{}
	for _, c := range tones() {
		if d, ok := turn[c.light]; ok && d != c.dark {
			t.Errorf("%s becomes both %s and %s", c.light, d, c.dark)
		}
		turn[c.light] = c.dark
	}
	colour := regexp.MustCompile(`(?:fill|stroke)="(#[0-9a-f]+)"`)
	css := DarkCSS()
	for name, c := range samples() {
		for _, m := range colour.FindAllStringSubmatch(string(SVG(c)), -1) {
			if turn[m[1]] == "" || !strings.Contains(css, m[1]) {
				t.Errorf("%s uses %s, which has no dark twin", name, m[1])
			}
		}
	}
}
