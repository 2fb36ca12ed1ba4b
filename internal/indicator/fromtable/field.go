package fromtable

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"lapwing/internal/calendar"
)

// A Field is what a column can mean.
type Field string

const (
	Period      Field = "period"
	Year        Field = "year"   // beside a column of months, weeks or quarters
	Length      Field = "length" // of the period: day, week, month, quarter
	Geography   Field = "geography"
	Value       Field = "value"
	Status      Field = "status" // why there is no value, or flags of one
	Provisional Field = "provisional"
	Indicator   Field = "indicator"
	Source      Field = "source"
	Learned     Field = "learned"
	Ignore      Field = "ignore" // whatever its name says
)

// Fields lists every field.
var Fields = []Field{Period, Year, Length, Geography, Value, Status, Provisional, Indicator, Source, Learned, Ignore}

// Columns say what columns mean: name of the column to field. Case and blanks
// around a name do not count. Columns that are not in it are recognised by
// their names.
type Columns map[string]Field

// ParseColumns reads columns that a person wrote: field=column, separated by
// commas; a part with a comma in it stands in double quotes.
//
//	value=Anzahl neu,period=Berichtsmonat,ignore=Total
func ParseColumns(s string) (Columns, error) {
	rd := csv.NewReader(strings.NewReader(s))
	rd.FieldsPerRecord, rd.TrimLeadingSpace = -1, true
	parts, err := rd.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("the columns cannot be read: write field=column,field=column; %w", err)
	}
	c := Columns{}
	for _, p := range slices.Concat(parts...) {
		if strings.TrimSpace(p) == "" {
			continue
		}
		field, column, ok := strings.Cut(p, "=")
		if column = strings.TrimSpace(column); !ok || column == "" {
			return nil, fmt.Errorf("%q has no column: write field=column", p)
		}
		if c.of(column) != "" {
			return nil, fmt.Errorf("the column %q stands there twice", column)
		}
		c[column] = Field(strings.ToLower(strings.TrimSpace(field)))
	}
	return c, c.check()
}

func (c Columns) check() error {
	seen := map[Field]string{}
	for _, name := range sortedKeys(c) {
		f := c[name]
		if !slices.Contains(Fields, f) {
			return fmt.Errorf("%q is not a field of a column; there are %s", f, list(Fields))
		}
		if other, ok := seen[f]; ok && f != Ignore {
			return fmt.Errorf("two columns mean %s, %q and %q: it takes one", f, other, name)
		}
		seen[f] = name
	}
	return nil
}

// of is the field of a column, "" where nobody says. The name in its own
// case comes first.
func (c Columns) of(column string) Field {
	if f, ok := c[column]; ok {
		return f
	}
	for _, name := range sortedKeys(c) {
		if strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(column)) {
			return c[name]
		}
	}
	return ""
}

// absent is the first of the columns that is not among the names, "" where
// all are.
func (c Columns) absent(names []string) string {
	for _, want := range sortedKeys(c) {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), strings.TrimSpace(want)) }) {
			return want
		}
	}
	return ""
}

// A heading is what the name of a column says.
type heading struct {
	field   Field
	length  calendar.Length // of a period: that of the word
	rank    int             // 3 the option says it, 2 the name is a known one, 1 a word in it is
	english bool
}

// headingOf recognises the name of a column.
func headingOf(name string) heading {
	if len(name) > maxName {
		return heading{}
	}
	words := headings()
	bare := name
	if i := strings.IndexAny(name, "([{"); i > 0 {
		bare = name[:i]
	}
	for _, n := range [...]string{name, bare} {
		if h, ok := words[fold(n)]; ok {
			return h
		}
	}
	// "Anzahl Meldungen", "Reporting month": the one word in it that says
	// something.
	var found heading
	first := true
	for w := range strings.FieldsFuncSeq(bare, func(r rune) bool { return strings.ContainsRune(" _-./:'’", r) }) {
		f := fold(w)
		h, ok := words[f]
		at := first
		first = false
		if !ok || len(f) < 3 || vague[f] && !(at && h.field == Value) {
			continue
		}
		if found.field != "" && found.field != h.field {
			return heading{}
		}
		if found.field == "" || found.length == "" {
			h.rank = 1
			found = h
		}
	}
	return found
}
