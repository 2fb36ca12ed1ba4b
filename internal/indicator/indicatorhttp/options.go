package indicatorhttp

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/indicator/fromtable"
)

// takingAsked is what the address of POST /api/v1/figures asks for.
type takingAsked struct {
	dryRun  bool
	options fromtable.Options
}

const takingParameters = "dry_run, indicator, source, geography, length (or per), columns, date_order, decimal, delimiter, encoding, excel_dates, words, marks, zero_means_unavailable"

// readTaking reads the options under the names by which a reader asks for
// them. Words, marks and zero_means_unavailable may be given more than once.
func readTaking(q url.Values, g *Grant) (a takingAsked, err error) {
	o := &a.options
	o.Source = g.Source
	for name, values := range q {
		many := slices.Contains([]string{"words", "marks", "zero_means_unavailable"}, name)
		if err := checkValues(name, values, many); err != nil {
			return a, err
		}
		v := values[len(values)-1]
		switch name {
		case "dry_run":
			a.dryRun, err = yes(name, v)
		case "indicator":
			o.Indicator = v
		case "source":
			err = ofKey(v, g)
		case "geography":
			o.Geography = v
		case "length", "per":
			if o.Length != "" {
				return a, fault.New(fault.Invalid, "length and per are the same: give one of them")
			}
			o.Length = calendar.Length(v)
		case "columns":
			if o.Columns, err = fromtable.ParseColumns(v); err != nil {
				err = fault.New(fault.Invalid, "columns: %v", err)
			}
		case "date_order":
			o.DateOrder = fromtable.DateOrder(v)
		case "decimal":
			o.Decimal = fromtable.Decimal(v)
		case "delimiter":
			o.Delimiter = v
		case "encoding":
			o.Encoding = v
		case "excel_dates":
			o.ExcelDates = v
		case "words":
			o.Words, err = meanings(name, values)
		case "marks":
			o.Marks, err = meanings(name, values)
		case "zero_means_unavailable":
			o.ZeroMeansUnavailable = values
		default:
			return a, fault.New(fault.Invalid, "there is no parameter %.60q: there are %s", name, takingParameters)
		}
		if err != nil {
			return a, err
		}
	}
	// A table is told of such mistakes by its reader, JSON is not.
	if o.Length != "" && o.Length.PerYear() == 0 {
		return a, fault.New(fault.Invalid, "%.60q is not the length of a period: day, week, month or quarter", o.Length)
	}
	return a, nil
}

// ofKey says whether the source that the address names is that of the key.
func ofKey(source string, g *Grant) error {
	if n, err := fromtable.Name(source); err != nil || n != g.Source {
		return fault.New(fault.Invalid, "the key writes figures of %s only: leave the parameter source out", g.Source)
	}
	return nil
}

// meanings reads TEXT=MEANING.
func meanings(name string, values []string) (map[string]string, error) {
	out := map[string]string{}
	for _, v := range values {
		text, meaning, ok := strings.Cut(v, "=")
		if !ok || strings.TrimSpace(text) == "" {
			return nil, fault.New(fault.Invalid, "%s is %.60q; it is written as a text, = and what it means", name, v)
		}
		out[strings.TrimSpace(text)] = strings.TrimSpace(meaning)
	}
	return out, nil
}

// maxValues is how often a parameter that may be repeated stands there.
const maxValues = 100

// checkValues keeps out what no parameter is: too much, and what is no text.
func checkValues(name string, values []string, many bool) error {
	if len(values) > 1 && !many || len(values) > maxValues {
		return fault.New(fault.Invalid, "the parameter %.60q stands there %d times", name, len(values))
	}
	for _, v := range values {
		if len(v) > 4096 || !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
			return fault.New(fault.Invalid, "the parameter %.60q is not a short plain text", name)
		}
	}
	return nil
}

func yes(name, v string) (bool, error) {
	switch strings.ToLower(v) {
	case "", "1", "true", "yes":
		return true, nil
	case "0", "false", "no":
		return false, nil
	}
	return false, fault.New(fault.Invalid, "%s is %.60q; it is true or false", name, v)
}
