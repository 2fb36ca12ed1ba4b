package fromnsrl

import (
	"bufio"
	"strings"
	"testing"
)

func TestScanner(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"INSERT into x.y", "w:INSERT w:into w:x .: w:y"},
		{"'it''s' '' ''''", "s:it's s: s:'"},
		{`"a""b" [c]]d] ` + "`e``f`", `q:a"b q:c ]: w:d ]: q:e` + "`f"},
		{"X'0F' x 'y' xy", "b:0F w:x s:y w:xy"},
		{"1 2.5 .5 -3 1e9 a.1", "n:1 n:2.5 n:.5 -: n:3 n:1e9 w:a n:.1"},
		{"a--b\n-c/*d*/e/**/f/***/g/*/*/h-/", "w:a -: w:c w:e w:f w:g w:h -: /:"},
		{"é_1$", "w:é_1$"},
		{"'a\n;b'", "s:a\n;b"},
		{"'a long text with '' in it, longer than the buffer'", "s:a long text with ' in it, longer than the buffer"},
		{"a /* no end", "w:a"},
		{"a -- no end", "w:a"},
		{"", ""},
	} {
		s := newScanner(bufio.NewReaderSize(strings.NewReader(tt.in), 16), 100)
		var tokens []string
		for {
			if err := s.next(); err != nil {
				t.Fatalf("%q: %v", tt.in, err)
			}
			if s.kind == tokEnd {
				break
			}
			token := string(rune(s.kind)) + ":"
			if s.kind >= 'a' {
				token += string(s.text)
			}
			tokens = append(tokens, token)
		}
		if got := strings.Join(tokens, " "); got != tt.want {
			t.Errorf("tokens of %q:\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}
