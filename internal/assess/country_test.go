package assess

import (
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func TestCountryOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"LU": "LU", "lu": "LU", " Luxembourg ": "LU", "LUX": "LU", "lux": "LU",
		"UK": "GB", "GB": "GB", "United Kingdom": "GB", "Scotland": "GB", "EL": "GR", "el": "GR", "GR": "GR", "Greece": "GR", "GRC": "GR",
		"Côte d’Ivoire": "CI", "Cote d'Ivoire": "CI", "ivory coast": "CI", "St. Lucia": "LC", "Saint Lucia": "LC", "Bosnia and Herzegovina": "BA",
		"Czech Republic": "CZ", "Czechia": "CZ", "The Netherlands": "NL", "USA": "US", "U.S.": "US", "Russian Federation": "RU",
		"Korea, Republic of": "KR", "Réunion": "RE", "Reunion": "RE", "XK": "XK", "Kosovo": "XK", "Türkiye": "TR", "Turkey": "TR",
		"": "", "Europe": "", "Atlantis": "", "Congo": "", "A1": "A1", "a2": "A2", "O1": "O1", "AP": "AP", "EU": "EU", "eu": "EU", "AN": "AN", "FX": "FX",
		"ZZ": "ZZ", "QQ": "", "YU": "", "123": "",
	} {
		c, code := countryOf(text)
		got := code
		if c != nil {
			got = c.code
		}
		if got != want {
			t.Errorf("country of %q = %q, want %q", text, got, want)
		}
		if c != nil && noCountry[c.code] != "" {
			t.Errorf("country of %q is %s, which is none", text, c.code)
		}
	}
}

func TestOverseasPartsHaveAnAuthority(t *testing.T) {
	t.Parallel()
	for part, want := range map[string]string{
		"GP": "FR", "MQ": "FR", "GF": "FR", "RE": "FR", "YT": "FR", "GL": "DK", "FO": "DK", "AW": "NL", "CW": "NL", "SX": "NL", "GI": "GB", "AX": "FI", "LU": "LU",
	} {
		if c, _ := countryOf(part); c == nil || c.authority != want {
			t.Errorf("authority of %s = %+v, want %s", part, c, want)
		}
	}
}

// TestCountryTable holds our rows against those of golang.org/x/text. The
// table is our own so that an update of a library changes no old conclusion.
func TestCountryTable(t *testing.T) {
	t.Parallel()
	rows := 0
	for line := range strings.Lines(countriesText) {
		if line[0] == '#' {
			continue
		}
		rows++
		f := strings.Fields(line)
		r, err := language.ParseRegion(f[0])
		if err != nil || !r.IsCountry() {
			t.Errorf("%s is no country to x/text: %v", f[0], err)
			continue
		}
		if f[0] != "XK" && r.ISO3() != f[1] {
			t.Errorf("%s has alpha-3 %s, x/text says %s", f[0], f[1], r.ISO3())
		}
		if name := display.English.Regions().Name(r); true {
			if c, _ := countryOf(name); c == nil || c.code != f[0] {
				t.Errorf("the English name of %s, %q, is read as %+v", f[0], name, c)
			}
		}
		if a, _ := countryOf(f[2]); f[2] != "-" && (a == nil || a.authority != a.code) {
			t.Errorf("%s is left to %s, which is no authority", f[0], f[2])
		}
	}
	if rows != 250 {
		t.Errorf("%d rows, want ISO's 249 and XK", rows)
	}
	names := map[string]string{}
	for line := range strings.Lines(countriesText) {
		if line[0] == '#' {
			continue
		}
		f := strings.SplitN(strings.TrimSpace(line), " ", 4)
		for name := range strings.SplitSeq(f[3], "|") {
			if other := names[foldCountry(name)]; other != "" && other != f[0] {
				t.Errorf("%q names both %s and %s", name, other, f[0])
			}
			names[foldCountry(name)] = f[0]
		}
	}
}

func TestMailCountry(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"a@example.lu": "LU", "a@example.co.uk": "GB", "a@example.UK": "GB", "a@example.com": "", "a@example.io": "", "a@example.eu": "", "a@lu": "", "lu": "", "a.lu@example": "",
	} {
		got := ""
		if c := mailCountry(address); c != nil {
			got = c.code
		}
		if got != want {
			t.Errorf("country of %s = %q, want %q", address, got, want)
		}
	}
}
