package totable

import (
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// rowGroup is how many rows are held before they are written.
const rowGroup = 64 << 10

// A row is a figure as Parquet has it.
type row struct {
	Indicator   string   `parquet:"indicator,dict,snappy"`
	Source      string   `parquet:"source,dict,snappy"`
	Geography   string   `parquet:"geography,dict,snappy"`
	Length      string   `parquet:"length,dict,snappy"`
	Period      string   `parquet:"period,dict,snappy"`    // 2020-03
	First       int32    `parquet:"first,date,snappy"`     // first day of the period
	Last        int32    `parquet:"last,date,snappy"`      // last day of it
	Value       *float64 `parquet:"value,optional,snappy"` // null where there is none
	Status      string   `parquet:"status,dict,snappy"`    // observed, or why there is no value
	Provisional bool     `parquet:"provisional"`
	Learned     *int64   `parquet:"learned,optional,timestamp(microsecond),snappy"`
}

// Parquet writes a row a figure: value and learned may be null; first and last
// are dates, learned is a time in UTC to the microsecond. Rows are held in
// groups of 65,536: 15 to 25 MB while it writes, however many there are.
func Parquet(w io.Writer, figures Figures) error {
	pw := parquet.NewGenericWriter[row](w, parquet.CreatedBy("lapwing", "1", ""), parquet.MaxRowsPerRowGroup(rowGroup))
	buf := make([]row, 0, 1024)
	values, learned := make([]float64, cap(buf)), make([]int64, cap(buf))
	flush := func() error {
		_, err := pw.Write(buf)
		buf = buf[:0]
		return err
	}
	for f, err := range figures {
		if err != nil {
			return err
		}
		if math.IsNaN(f.Value) || math.IsInf(f.Value, 0) {
			return fmt.Errorf("%s of %s: %v cannot be written as a number", f.First, f.Key, f.Value)
		}
		p := calendar.Period{Length: f.Length, First: f.First}
		r := row{Indicator: f.Indicator, Source: f.Source, Geography: f.Geography, Length: string(f.Length), Period: p.String(),
			First: int32(f.First), Last: int32(p.Last()), Status: string(f.Status), Provisional: f.Provisional}
		i := len(buf)
		if f.Status == indicator.Observed {
			values[i], r.Value, r.Status = f.Value, &values[i], "observed"
		}
		if !f.Learned.IsZero() {
			learned[i] = f.Learned.UnixMicro()
			r.Learned = &learned[i]
		}
		if buf = append(buf, r); len(buf) == cap(buf) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return pw.Close()
}
