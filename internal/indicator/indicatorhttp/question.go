package indicatorhttp

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromtable"
)

const askingParameters = "indicator, source, geography, per, from, to, as_of, as"

// maxNames is how many indicators, sources or places a question may name.
const maxNames = 100

// readQuestion makes a selection of a query. Several names stand in one
// parameter with commas between. Empty parameters do not count, as forms send
// them; names that are not in the list are refused, because a parameter that is
// misspelt gives too much.
func readQuestion(q url.Values) (sel indicator.Selection, as string, err error) {
	for name, values := range q {
		if err := checkValues(name, values, false); err != nil {
			return sel, "", err
		}
		v := strings.TrimSpace(values[0])
		switch name {
		case "indicator":
			sel.Indicators, err = names(name, v)
		case "source":
			sel.Sources, err = names(name, v)
		case "geography":
			sel.Geographies, err = names(name, v)
			for i, g := range sel.Geographies {
				if code, ok := fromtable.Country(g); ok {
					sel.Geographies[i] = code
				}
			}
		case "per":
			if sel.Length = calendar.Length(v); v != "" && sel.Length.PerYear() == 0 {
				err = fault.New(fault.Invalid, "per is %.60q; it is day, week, month or quarter", v)
			}
		case "from":
			sel.From, err = bound(name, v, func(p calendar.Period) calendar.Day { return p.First })
		case "to":
			sel.To, err = bound(name, v, calendar.Period.Last)
		case "as_of":
			sel.AsOf, err = endOf(v)
		case "as":
			as = v
		default:
			err = fault.New(fault.Invalid, "there is no parameter %.60q: there are %s", name, askingParameters)
		}
		if err != nil {
			return sel, "", err
		}
	}
	return sel, as, nil
}

func names(name, v string) (out []string, err error) {
	for n := range strings.SplitSeq(v, ",") {
		if n = strings.TrimSpace(n); n != "" {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) > maxNames {
		return nil, fault.New(fault.Invalid, "%s names %d; it names up to %d", name, len(out), maxNames)
	}
	return out, nil
}

// bound is a day of the period that is written; 0 where none is.
func bound(name, v string, day func(calendar.Period) calendar.Day) (calendar.Day, error) {
	if v == "" {
		return 0, nil
	}
	p, err := calendar.Parse(v)
	if err != nil {
		return 0, fault.New(fault.Invalid, "%s: %v", name, err)
	}
	d := day(p)
	if d == 0 {
		d = -1 // 1970-01-01 would be no bound; no figure is as old as that
	}
	return d, nil
}

// endOf is the end of the day that is written; the zero time where none is.
func endOf(v string) (time.Time, error) {
	if v == "" {
		return time.Time{}, nil
	}
	var d calendar.Day
	if err := d.UnmarshalText([]byte(v)); err != nil {
		return time.Time{}, fault.New(fault.Invalid, "as_of: %v", err)
	}
	return (d + 1).Time().Add(-time.Microsecond), nil
}
