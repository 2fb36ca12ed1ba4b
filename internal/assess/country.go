package assess

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed countries.txt
var countriesText string

// A country is one row of countries.txt.
type country struct {
	code      string // ISO 3166-1 alpha-2
	authority string // code of the country whose police acts for it; the code itself where it has its own
}

// noCountry holds the codes that sources write where a country belongs and
// that must never route a report (formats.md A.4, H.3), with what they stand for.
var noCountry = map[string]string{
	"A1": "an anonymous proxy",
	"A2": "a satellite provider",
	"O1": "another, unnamed country",
	"AP": "the Asia-Pacific region",
	"EU": "the European Union as a whole",
	"AN": "the Netherlands Antilles, which were dissolved in 2010",
	"FX": "metropolitan France in a retired list",
	"ZZ": "an unknown country",
	"XX": "an unknown country",
}

type countryTable struct {
	two    [26 * 26]*country   // by alpha-2 in capitals
	folded map[string]*country // by folded name, alpha-3 and the two-letter forms that are not ISO
}

var countries = sync.OnceValue(func() *countryTable {
	t := &countryTable{folded: make(map[string]*country, 800)}
	for line := range strings.Lines(countriesText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.SplitN(line, " ", 4)
		c := &country{code: f[0], authority: f[2]}
		if c.authority == "-" {
			c.authority = c.code
		}
		t.two[slot(c.code)] = c
		t.folded[strings.ToLower(c.code)] = c
		t.folded[strings.ToLower(f[1])] = c
		for name := range strings.SplitSeq(f[3], "|") {
			t.folded[foldCountry(name)] = c
		}
	}
	return t
})

// slot is the place of a two-letter code in capitals, -1 for anything else.
func slot(code string) int {
	if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
		return -1
	}
	return int(code[0]-'A')*26 + int(code[1]-'A')
}

// countryOf reads what a source wrote where a country belongs: an ISO
// 3166-1 code of two or three letters, UK or EL, or an English name. Without
// a country, code names the reason in noCountry, or is "" for a text that
// says nothing.
func countryOf(text string) (c *country, code string) {
	t := countries()
	if i := slot(text); i >= 0 && t.two[i] != nil {
		return t.two[i], ""
	}
	if len(text) > 120 {
		return nil, ""
	}
	text = strings.TrimSpace(text)
	if len(text) == 2 {
		if up := strings.ToUpper(text); noCountry[up] != "" {
			return nil, up
		}
	}
	return t.folded[foldCountry(text)], ""
}

// foldCountry keeps the letters and digits of a name, without case and
// accents; "St." and "Saint" are the same, so are "&" and "and".
func foldCountry(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r == '&':
			b.WriteString("and")
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		}
	}
	s := b.String()
	if rest, ok := strings.CutPrefix(s, "saint"); ok {
		return "st" + rest
	}
	return s
}
