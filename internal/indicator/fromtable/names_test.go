package fromtable

import (
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"pgregory.net/rapid"

	"lapwing/internal/indicator"
)

func TestCountry(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"DE": "DE", "de": "DE", "DEU": "DE", "Germany": "DE", "germany": "DE", "Deutschland": "DE", "Allemagne": "DE", "Německo": "DE", "Γερμανία": "DE", "Germany (DE)": "DE", "DE: Germany": "DE",
		"Germany (until 1990 former territory of the FRG)": "DE", "DE - Deutschland": "DE",
		"EL": "GR", "GR": "GR", "Ελλάδα": "GR", "UK": "GB", "GB": "GB", "GBR": "GB", "United Kingdom": "GB", "Great Britain": "GB", "Vereinigtes Königreich": "GB",
		"Österreich": "AT", "OESTERREICH": "", "Côte d'Ivoire": "CI", "Ivory Coast": "CI", "the Netherlands": "NL", "Netherlands": "NL", "Pays-Bas": "NL", "Czechia": "CZ", "Czech Republic": "CZ", "Türkiye": "TR",
		"North Macedonia": "MK", "Kosovo": "XK", "Kosovo*": "XK", "XK": "XK", "Namibia": "NA", "Norway": "NO", "NO": "NO", "Niger": "NE", "Nigeria": "NG", "Guinea": "GN", "Guinea-Bissau": "GW",
		"EU": "EU", "EU27": "EU27", "EU27_2020": "EU27", "EU-27": "EU27", "EU28": "EU28", "Europäische Union": "EU",
		"": "", "X": "", "XX": "", "ZZ": "", "AN": "", "SU": "", "YU": "", "Atlantis": "", "Total": "", "ALL": "ALL", "all": "", "All": "", "Others (mainly Germany)": "", "Germany and France": "", "DE, FR": "", "DE: France": "", "1": "", "A1": "",
		strings.Repeat("Germany", 100): "", "De\x00": "", "D/E": "", "U.K.": "GB", "USA*": "US", "E U": "", " DE ": "DE",
	} {
		if got, ok := Country(in); got != want || ok != (want != "") {
			t.Errorf("Country(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

// TestCountries: each code means itself, and every name and alias its own
// country, whatever the order in which they are added.
func TestCountries(t *testing.T) {
	t.Parallel()
	codes := strings.Fields(isoCountries)
	if len(codes) != 250 {
		t.Errorf("%d codes, want the 249 of ISO 3166-1 and XK", len(codes))
	}
	for _, c := range codes {
		want := func(text string) {
			if got, _ := Country(text); got != c {
				t.Errorf("Country(%q) = %q, want %s", text, got, c)
			}
		}
		want(c)
		if c != "XK" {
			want(language.MustParseRegion(c).ISO3())
		}
		for l := range strings.FieldsSeq(countryLanguages) {
			want(display.Regions(language.MustParse(l)).Name(language.MustParseRegion(c)))
		}
		for alias := range strings.SplitSeq(countryAliases[c], "|") {
			if alias != "" {
				want(alias)
			}
		}
		if headings()[fold(c)].field != "" && c != "AR" && c != "KW" { // år and Kalenderwoche: the other columns decide
			t.Errorf("%s is a country and the name of a column", c)
		}
	}
	for code, names := range regions {
		for n := range strings.SplitSeq(names, "|") {
			if got, _ := Country(n); got != code {
				t.Errorf("Country(%q) = %q, want %s", n, got, code)
			}
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"referrals": "referrals", " NCMEC ": "ncmec", "Child Rescue Coalition": "child-rescue-coalition", "web_iq.v2": "web_iq.v2", "Jugendschutz\u00a0Süd": "jugendschutz-süd",
		"": "", " ": "", "a/b": "", "a\nb": "", "a\x00": "", "=cmd()": "", "a,b": "", "\xff": "", "-a": "", ".": "", "_x": "", strings.Repeat("a", 201): "",
	} {
		got, err := Name(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Name(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		once, err := Name(rapid.String().Draw(t, "text"))
		if err != nil {
			return
		}
		if twice, err := Name(once); err != nil || twice != once {
			t.Fatalf("Name(%q) = %q, %v: a name has to stay as it is", once, twice, err)
		}
		if k, err := indicator.ParseKey(indicator.Key{Indicator: once, Source: once, Geography: "DE", Length: "day"}.String()); err != nil || k.Indicator != once {
			t.Fatalf("%q does not stand in a key: %v, %v", once, k, err)
		}
	})
}

func TestHeadingOf(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Field{
		"Country": Geography, "country_code": Geography, "Land": Geography, "Mitgliedstaat": Geography, "PAYS": Geography, "País": Geography, "Χώρα": Geography, "Reporting country": Geography, "geo": Geography,
		"Date": Period, "Datum": Period, "Monat": Period, "KW": Period, "TIME_PERIOD": Period, "Reporting month": Period, "Semaine": Period, "Année": Year, "Jahr": Year,
		"Value": Value, "Anzahl": Value, "Anzahl Meldungen": Value, "Number of reports": Value, "Nombre de signalements": Value, "OBS_VALUE": Value, "Count [n]": Value, "Report number": "",
		"Status": Status, "OBS_FLAG": Status, "Source": Source, "Data source": Source, "Quelle": Source, "Indicator": Indicator, "Indikator": Indicator, "Vorläufig": Provisional, "provisional?": Provisional,
		"freq": Length, "learned": Learned, "": "", "Bemerkung": "", "DE": "", "2020-03": "", "Country of the number": Geography, "Country of the source": "", "Wetter": "", strings.Repeat("Land", 100): "",
	} {
		if got := headingOf(in); got.field != want {
			t.Errorf("headingOf(%q) = %q, want %q", in, got.field, want)
		}
	}
}

func TestParseColumns(t *testing.T) {
	t.Parallel()
	got, err := ParseColumns(` value = Anzahl neu, period=Monat ,"geography=Land, Gebiet",`)
	if err != nil || got["Anzahl neu"] != Value || got["Monat"] != Period || got["Land, Gebiet"] != Geography || len(got) != 3 {
		t.Errorf("got %v, %v", got, err)
	}
	for in, want := range map[string]string{
		"value": "no column", "value=": "no column", "shoe=A": "not a field", "value=A,value=B": "two columns mean value", "value=A,period=a": "twice", `value="A`: "cannot be read",
	} {
		if _, err := ParseColumns(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseColumns(%q) = %v, want an error with %q", in, err, want)
		}
	}
	if _, err := ParseColumns("ignore=A,ignore=B"); err != nil {
		t.Error(err)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	o := Options{Length: "year", DateOrder: "ymd", Decimal: "dot", Delimiter: "x", Encoding: "ebcdic", ExcelDates: "1901", Columns: Columns{"A": "shoe"}, Marks: map[string]string{"-": "no"},
		Indicator: "a/b", Geography: "C/D", Geographies: []string{"a/b"}, ZeroMeansUnavailable: []string{"x"}}
	err := o.check()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"length", "date_order", "decimal", "delimiter", "encoding", "excel_dates", "shoe", "marks", "a/b", "C/D", "name of a geography", "zero_means_unavailable"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say that %s is wrong: %v", want, err)
		}
	}
	if err := (&Options{}).check(); err != nil {
		t.Error(err)
	}
}

// TestMarkers: the words of the three statuses are in one of them only.
func TestMarkers(t *testing.T) {
	t.Parallel()
	seen := map[string]indicator.Status{}
	for s, words := range missingWords {
		for w := range strings.SplitSeq(words, "|") {
			if other, ok := seen[lower(w)]; ok && other != s {
				t.Errorf("%q is both %s and %s", w, s, other)
			}
			seen[lower(w)] = s
		}
	}
	for _, words := range []string{finalWords, provisionalWords} {
		for w := range strings.SplitSeq(words, "|") {
			if s, ok := seen[lower(w)]; ok {
				t.Errorf("%q says that there is a figure, and is %s", w, s)
			}
		}
	}
	for f := range yesWords {
		if noWords[f] {
			t.Errorf("%q is yes and no", f)
		}
	}
}
