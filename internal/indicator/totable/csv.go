// Package totable writes figures for others: [CSV] with a row a figure, which
// package fromtable reads back exactly; [WideCSV] with a column a geography,
// for people; [JSON] and [JSONLines], which package fromjson reads back;
// [JSONStat] for programs of statistics; [Parquet] for data frames.
//
// All take figures from an iterator and give the same bytes for the same
// figures in the same order. CSV, JSON and Parquet hold one figure or one group
// of rows at a time; WideCSV and JSONStat hold them all, and need one figure
// for each period of a series: what was known on one date.
//
// Which figures are written, and who may have them, is decided elsewhere.
package totable

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// Figures are what is written. An error ends the writing and is returned.
type Figures = iter.Seq2[indicator.Figure, error]

// Header is the first line of [CSV].
const Header = "indicator,source,geography,length,period,value,status,provisional,learned"

// CSV writes a row a figure, in UTF-8 with LF, a decimal point and quotes
// where needed (RFC 4180 but for the line ends). Without a value the cell of
// the value is empty and status says why.
func CSV(w io.Writer, figures Figures) error {
	b := bufio.NewWriterSize(w, 64<<10)
	b.WriteString(Header + "\n")
	var line []byte
	for f, err := range figures {
		if err != nil {
			return err
		}
		line = appendCell(line[:0], f.Indicator)
		line = appendCell(append(line, ','), f.Source)
		line = appendCell(append(line, ','), f.Geography)
		line = appendCell(append(line, ','), string(f.Length))
		line = append(line, ',')
		line = append(line, calendar.Period{Length: f.Length, First: f.First}.String()...)
		line = append(line, ',')
		if f.Status == indicator.Observed {
			if line, err = appendNumber(line, f.Value); err != nil {
				return fmt.Errorf("%s of %s: %w", f.First, f.Key, err)
			}
		}
		line = appendCell(append(line, ','), string(f.Status))
		line = append(line, ',')
		if f.Provisional {
			line = append(line, "yes"...)
		}
		line = append(line, ',')
		if !f.Learned.IsZero() {
			line = f.Learned.UTC().AppendFormat(line, time.RFC3339Nano)
		}
		if _, err := b.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return b.Flush()
}

// appendCell quotes where a reader would stumble.
func appendCell(b []byte, s string) []byte {
	if !strings.ContainsAny(s, ",;\t|\"\r\n") && strings.TrimSpace(s) == s {
		return append(b, s...)
	}
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(s, `"`, `""`)...)
	return append(b, '"')
}

// appendNumber writes all digits that tell a number from its neighbours, small
// ones with an exponent.
func appendNumber(b []byte, v float64) ([]byte, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return b, fmt.Errorf("%v cannot be written as a number", v)
	}
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(b, v, format, -1, 64), nil
}
