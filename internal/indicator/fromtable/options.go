package fromtable

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// A DateOrder is how the numbers of 1/3/2020 follow each other.
type DateOrder string

const (
	DayFirst   DateOrder = "dmy"
	MonthFirst DateOrder = "mdy"
)

// Options say what the file does not say, or settle what can be read in two
// ways. The zero value leaves everything to the file.
type Options struct {
	Indicator string          `json:"indicator,omitempty"` // where no column or an empty cell says it
	Source    string          `json:"source,omitempty"`    // likewise
	Geography string          `json:"geography,omitempty"` // likewise
	Length    calendar.Length `json:"length,omitempty"`    // of every period; a date stands for the period that begins or ends on it
	Learned   time.Time       `json:"learned,omitzero"`    // where no column says it; figures of periods after it are problems

	Columns    Columns   `json:"columns,omitempty"`
	DateOrder  DateOrder `json:"date_order,omitempty"`  // of 1/3/2020
	Decimal    Decimal   `json:"decimal,omitempty"`     // what stands before decimals
	Delimiter  string    `json:"delimiter,omitempty"`   // comma, semicolon, tab, bar or the character
	Encoding   string    `json:"encoding,omitempty"`    // utf-8, utf-16, windows-1250 ...
	ExcelDates string    `json:"excel_dates,omitempty"` // 1900 or 1904: numbers in the column of periods are days counted so

	// Words give texts in the columns of indicator, source and geography, and
	// names of columns that are geographies, a meaning: "Deutschland gesamt"
	// to DE, Total to ALL. Case and accents do not count. An empty meaning leaves
	// them out.
	Words map[string]string `json:"words,omitempty"`
	// Marks give texts in the columns of value and status a meaning: 0,
	// observed, provisional, not reported, unavailable or suppressed.
	Marks map[string]string `json:"marks,omitempty"`
	// Geographies are names of the desk's own beside the countries, as they
	// are kept: Benelux.
	Geographies []string `json:"geographies,omitempty"`
	// ZeroMeansUnavailable are series of which a zero says that the source was
	// dark, as indicator.Key writes them; * stands for any part:
	// forum-posts/*/*/day.
	ZeroMeansUnavailable []string `json:"zero_means_unavailable,omitempty"`
}

var delimiters = map[string]byte{"comma": ',', ",": ',', "semicolon": ';', ";": ';', "tab": '\t', "\t": '\t', "bar": '|', "pipe": '|', "|": '|'}

var delimiterNames = map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "bar"}

var charmaps = map[string]*charmap.Charmap{
	"windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251, "windows-1252": charmap.Windows1252,
	"windows-1253": charmap.Windows1253, "windows-1254": charmap.Windows1254, "windows-1257": charmap.Windows1257,
	"iso-8859-1": charmap.ISO8859_1, "iso-8859-2": charmap.ISO8859_2, "iso-8859-4": charmap.ISO8859_4, "iso-8859-5": charmap.ISO8859_5,
	"iso-8859-7": charmap.ISO8859_7, "iso-8859-9": charmap.ISO8859_9, "iso-8859-13": charmap.ISO8859_13, "iso-8859-15": charmap.ISO8859_15,
	"iso-8859-16": charmap.ISO8859_16, "macintosh": charmap.Macintosh, "ibm850": charmap.CodePage850, "ibm852": charmap.CodePage852,
}

// check says what is wrong with the options themselves, all of it.
func (o *Options) check() error {
	var wrong []string
	oneOf := func(name, got string, of []string) {
		if got != "" && !slices.Contains(of, got) {
			wrong = append(wrong, fmt.Sprintf("%s is one of %s, not %q", name, list(of), got))
		}
	}
	oneOf("length", string(o.Length), words(calendar.Lengths))
	oneOf("date_order", string(o.DateOrder), []string{string(DayFirst), string(MonthFirst)})
	oneOf("decimal", string(o.Decimal), []string{string(Point), string(Comma)})
	if delimiters[o.Delimiter] == 0 && o.Delimiter != "" {
		oneOf("delimiter", o.Delimiter, []string{"comma", "semicolon", "tab", "bar"})
	}
	oneOf("encoding", strings.ToLower(o.Encoding), append([]string{"utf-8", "utf-16"}, sortedKeys(charmaps)...))
	oneOf("excel_dates", o.ExcelDates, []string{"1900", "1904"})
	for _, m := range sortedKeys(o.Marks) {
		oneOf("a meaning in marks", o.Marks[m], sortedKeys(markMeanings))
	}
	if err := o.Columns.check(); err != nil {
		wrong = append(wrong, err.Error())
	}
	for _, n := range []string{o.Indicator, o.Source} {
		if _, err := Name(n); n != "" && err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	if _, ok := o.told(o.Geography); o.Geography != "" && !ok {
		wrong = append(wrong, fmt.Sprintf("%q is no country: write it as ISO 3166-1 alpha-2", o.Geography))
	}
	for _, g := range o.Geographies {
		if !isOwn(g) {
			wrong = append(wrong, fmt.Sprintf("%q cannot be the name of a geography", g))
		}
	}
	for _, k := range o.ZeroMeansUnavailable {
		if strings.Count(k, "/") != 3 {
			wrong = append(wrong, fmt.Sprintf("%q in zero_means_unavailable does not name series: write indicator/source/geography/length, with * for any", k))
		}
	}
	if wrong != nil {
		return fmt.Errorf("the options cannot be used: %s", strings.Join(wrong, "; "))
	}
	return nil
}

// geography is what a text means with these options.
func (o *Options) geography(text string) (string, bool) {
	f := fold(text)
	for _, g := range o.Geographies {
		if g == text || fold(g) == f {
			return g, true
		}
	}
	return Country(text)
}

// told is a geography that an option names: a name of the desk's own counts
// without being listed.
func (o *Options) told(text string) (string, bool) {
	if g, ok := o.geography(text); ok {
		return g, true
	}
	return text, isOwn(text)
}

// isOwn says whether a text can be the name of a geography of the desk's own:
// three bytes or more, a letter first, no slash.
func isOwn(g string) bool {
	first, _ := utf8.DecodeRuneInString(g)
	return len(g) >= 3 && len(g) <= maxName && unicode.IsLetter(first) && strings.TrimSpace(g) == g &&
		!strings.ContainsFunc(g, func(r rune) bool { return r == '/' || r == utf8.RuneError || !unicode.IsPrint(r) })
}

// word is what the option words says of a text.
func (o *Options) word(text string) (meaning string, ok bool) {
	if len(o.Words) == 0 {
		return "", false
	}
	if m, ok := o.Words[text]; ok {
		return m, true
	}
	f := fold(text)
	for _, w := range sortedKeys(o.Words) {
		if fold(w) == f {
			return o.Words[w], true
		}
	}
	return "", false
}

// mark is what the option marks says of a text.
func (o *Options) mark(text string) (meaning, bool) {
	if len(o.Marks) == 0 {
		return meaning{}, false
	}
	text = lower(text)
	for _, m := range sortedKeys(o.Marks) {
		if lower(m) == text {
			return markMeanings[o.Marks[m]], true
		}
	}
	return meaning{}, false
}

// zeroIsDark says whether a zero of the series is listed as an outage.
func (o *Options) zeroIsDark(k indicator.Key) bool {
	for _, pattern := range o.ZeroMeansUnavailable {
		p := strings.Split(pattern, "/")
		fits := true
		for i, part := range []string{k.Indicator, k.Source, k.Geography, string(k.Length)} {
			fits = fits && (p[i] == "*" || p[i] == part)
		}
		if fits {
			return true
		}
	}
	return false
}

func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func words[S ~string](ss []S) []string {
	var out []string
	for _, s := range ss {
		out = append(out, string(s))
	}
	return out
}

func list[S ~string](ss []S) string { return strings.Join(words(ss), ", ") }
