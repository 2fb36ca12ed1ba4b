package chart

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain": "plain", "  two  spaces ": "two spaces", "a\nb\tc\u2028d": "a b c d", "a\x00\x1b[31mb": "a[31mb", "\u202eDE\u202c\u2066x\u2069": "DEx",
		"bad \xff byte": "bad \ufffd byte", "\ufffe\uffffx\ufeff": "x", "1\u202f000": "1\u202f000", "ישראל": "ישראל", "": "",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestFitAndWrapOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := clean(rapid.String().Draw(t, "s"))
		w := rapid.Float64Range(0, 300).Draw(t, "width")
		got := fit(s, labelFont, w)
		if !utf8.ValidString(got) || labelFont.width(got) > w+labelFont.width("…") || got != "" && labelFont.width(got) > max(w, labelFont.width("…")) {
			t.Fatalf("fit(%q, %v) is %q, %v wide", s, w, got, labelFont.width(got))
		}
		if cutOff, short := strings.CutSuffix(got, "…"); got != s && got != "" && (!short || !strings.HasPrefix(s, cutOff)) {
			t.Fatalf("fit(%q, %v) is %q", s, w, got)
		}
		lines := wrap(s, labelFont, w, 3)
		if len(lines) > 3 {
			t.Fatalf("wrap gives %d lines", len(lines))
		}
		whole := true
		for _, l := range lines {
			if labelFont.width(l) > max(w, labelFont.width("…"))+1e-9 {
				t.Fatalf("line %q of %q is %v wide, want %v", l, s, labelFont.width(l), w)
			}
			whole = whole && !strings.HasSuffix(l, "…")
		}
		if whole && w > labelFont.width("…") && strings.Join(lines, " ") != s {
			t.Fatalf("wrap(%q, %v) is %q", s, w, lines)
		}
	})
}

// TestMeasure compares with the widths that Liberation Sans and Arial state in
// their tables, in 2048ths.
func TestMeasure(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		s    string
		bold bool
		want float64
	}{
		{"0", false, 1139}, {"i", false, 455}, {"W", false, 1933}, {" ", false, 569}, {"i", true, 569}, {"W", true, 1933}, {"é", false, 1139}, {"…", false, 2048}, {"\u202f", false, 409.6},
	} {
		if got := measure(tt.s, 2048, tt.bold); got < tt.want-0.5 || got > tt.want+0.5 {
			t.Errorf("%q bold=%v: got %v, want %v", tt.s, tt.bold, got, tt.want)
		}
	}
}

func TestSeenFromRightToLeft(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"abc": "abc", "אבג": "גבא", "DE אבג": "DE גבא"} {
		if got := seen(in); got != want {
			t.Errorf("seen(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		l      []pt
		closed bool
		want   string
	}{
		{[]pt{{0, 0}, {10, 0}, {20.04, 0}, {20, 5}, {19, 4}, {18, 3.5}}, false, "M0 0h10 10v5l-1-1-1-.5"},
		{corners(1, 2, 3, 4), true, "M1 2h3v4h-3z"},
		{[]pt{{0.04, 0.04}, {0.08, 0.04}}, false, "M0 0h.1"},
		{nil, false, ""},
	} {
		w := &svgWriter{}
		w.steps(tt.l, tt.closed)
		if got := string(w.b); got != tt.want {
			t.Errorf("steps(%v): got %s, want %s", tt.l, got, tt.want)
		}
	}
}

// TestStepsDoNotDrift adds up the steps of a long line.
func TestStepsDoNotDrift(t *testing.T) {
	t.Parallel()
	var l []pt
	for i := range 5000 {
		l = append(l, pt{float64(i) * 0.13, float64(i%7) * 0.37})
	}
	x, y := 0, 0
	for i, p := range l {
		nx, ny := tenths(p.x), tenths(p.y)
		x, y = x+(nx-x), y+(ny-y)
		if d := float64(x)/10 - p.x; d > 0.0501 || d < -0.0501 {
			t.Fatalf("point %d is %v off", i, d)
		}
	}
	w := &svgWriter{}
	w.steps(l, false)
	if len(w.b) > 8*len(l) {
		t.Errorf("%d bytes for %d points", len(w.b), len(l))
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	tab := Table{
		Columns: []Column{text("Name"), number("Count"), text("Status")},
		Rows:    [][]string{{`=HYPERLINK("x")`, plain(1234567), ""}, {"-a, b", plain(-2.5), "provisional"}, {"ok", "", noData}},
	}
	var b bytes.Buffer
	if err := tab.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	want := "Name,Count,Status\r\n\"'=HYPERLINK(\"\"x\"\")\",1234567,\r\n\"'-a, b\",-2.5,provisional\r\nok,,no data\r\n"
	if b.String() != want {
		t.Errorf("CSV: got %q, want %q", b.String(), want)
	}
	for i, want := range []string{"1" + thin + "234" + thin + "567", "−2.5", ""} {
		if got := tab.Shown(i, 1); got != want {
			t.Errorf("row %d is shown as %q, want %q", i, got, want)
		}
	}
	if got := tab.Shown(0, 0); got != tab.Rows[0][0] {
		t.Errorf("a text is shown as %q", got)
	}
}
