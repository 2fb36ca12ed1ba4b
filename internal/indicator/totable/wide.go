package totable

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// What stands in a wide table in place of a value, and behind one that is
// provisional. A cell is empty where there is no figure at all.
var wideMarks = map[indicator.Status]string{indicator.NotReported: ":", indicator.Unavailable: "unavailable", indicator.Suppressed: "suppressed"}

const provisionalMark = " p"

// block is the rows of one indicator, source and length.
type block struct {
	indicator.Key // without geography
	periods       map[calendar.Day]map[string]indicator.Observation
}

// WideCSV writes a row for each period and a column for each geography, for
// each indicator, source and length one below the other, all sorted. It holds
// all figures, some 150 bytes for each.
func WideCSV(w io.Writer, figures Figures) error {
	blocks := map[indicator.Key]*block{}
	geographies := map[string]bool{}
	for f, err := range figures {
		if err != nil {
			return err
		}
		k := f.Key
		k.Geography = ""
		if blocks[k] == nil {
			blocks[k] = &block{k, map[calendar.Day]map[string]indicator.Observation{}}
		}
		row := blocks[k].periods[f.First]
		if row == nil {
			row = map[string]indicator.Observation{}
			blocks[k].periods[f.First] = row
		}
		if _, twice := row[f.Geography]; twice {
			return twoFigures(f)
		}
		row[f.Geography] = f.Observation
		geographies[f.Geography] = true
	}
	b := bufio.NewWriter(w)
	columns := slices.Sorted(maps.Keys(geographies))
	line := []byte("indicator,source,length,period")
	for _, g := range columns {
		line = appendCell(append(line, ','), g)
	}
	b.Write(append(line, '\n'))
	for _, k := range slices.SortedFunc(maps.Keys(blocks), indicator.Key.Compare) {
		periods := blocks[k].periods
		for _, first := range slices.Sorted(maps.Keys(periods)) {
			line = appendCell(line[:0], k.Indicator)
			line = appendCell(append(line, ','), k.Source)
			line = appendCell(append(line, ','), string(k.Length))
			line = append(append(line, ','), calendar.Period{Length: k.Length, First: first}.String()...)
			for _, g := range columns {
				line = append(line, ',')
				o, ok := periods[first][g]
				if !ok {
					continue
				}
				var err error
				if line, err = appendWide(line, o); err != nil {
					return fmt.Errorf("%s of %s: %w", first, k, err)
				}
			}
			if _, err := b.Write(append(line, '\n')); err != nil {
				return err
			}
		}
	}
	return b.Flush()
}

func appendWide(b []byte, o indicator.Observation) ([]byte, error) {
	if o.Status != indicator.Observed {
		return append(b, wideMarks[o.Status]...), nil
	}
	b, err := appendNumber(b, o.Value)
	if o.Provisional {
		b = append(b, provisionalMark...)
	}
	return b, err
}

// twoFigures is the error of revisions where there is room for one figure.
func twoFigures(f indicator.Figure) error {
	return fmt.Errorf("%s has two figures for %s: this form has room for one; ask for what was known on one date",
		f.Key, calendar.Period{Length: f.Length, First: f.First})
}
