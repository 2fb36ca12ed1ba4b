package series

import (
	"fmt"
	"math"
)

// Triangle is what had been reported by now: how many events of each period,
// by how many periods later they were reported. The last period is now, so
// the cells of the later delays of the latest periods still lie ahead.
type Triangle struct {
	// Counts[t][d] is the number of events of period t that were reported d
	// periods later, Missing where that is not known. All rows have one length;
	// its last delay stands for that delay and all longer ones. Cells that lie
	// after now, which is len(Counts)-1, are not read.
	Counts [][]float64 `json:"triangle"`
}

// maxTriangle bounds the number of cells of a triangle: a century of days with
// delays up to four weeks.
const maxTriangle = 1 << 20

// NewTriangle is an empty triangle of that many periods, of which the last is
// now, with delays from 0 to maxDelay periods.
func NewTriangle(periods, maxDelay int) (*Triangle, error) {
	if periods < 1 || maxDelay < 0 || maxDelay >= maxTriangle || periods > maxTriangle/(maxDelay+1) {
		return nil, fmt.Errorf("series: triangle of %d periods with delays up to %d: at least 1 and 0, and no more than %d cells", periods, maxDelay, maxTriangle)
	}
	t := &Triangle{Counts: make([][]float64, periods)}
	cells := make([]float64, periods*(maxDelay+1))
	for i := range t.Counts {
		t.Counts[i] = cells[i*(maxDelay+1) : (i+1)*(maxDelay+1) : (i+1)*(maxDelay+1)]
	}
	return t, nil
}

// Add counts n events of the period event that were reported in the period
// report. Longer delays than the triangle has are counted with its longest.
func (t *Triangle) Add(event, report int, n float64) error {
	switch {
	case event < 0 || event > report:
		return fmt.Errorf("series: triangle: an event of period %d reported in period %d: it is reported no earlier than it happens", event+1, report+1)
	case report >= len(t.Counts):
		return fmt.Errorf("series: triangle: a report of period %d comes after now, which is period %d", report+1, len(t.Counts))
	case !(n >= 0) || n > maxCount:
		return fmt.Errorf("series: triangle: %v events", n)
	}
	row := t.Counts[event]
	row[min(report-event, len(row)-1)] += n
	return nil
}

// Unknown says that nothing is known of what was reported in a period: the
// source was dark, or the desk was. Reports that would have come with a
// longer delay than the triangle has are taken for none.
func (t *Triangle) Unknown(report int) error {
	if report < 0 || report >= len(t.Counts) {
		return fmt.Errorf("series: triangle: period %d of %d", report+1, len(t.Counts))
	}
	for d := 0; d < len(t.Counts[0]) && d <= report; d++ {
		t.Counts[report-d][d] = Missing
	}
	return nil
}

// Check says what is wrong with the shape of a triangle.
func (t *Triangle) Check() error {
	rows := len(t.Counts)
	if rows == 0 || len(t.Counts[0]) == 0 {
		return fmt.Errorf("series: triangle: it is empty")
	}
	width := len(t.Counts[0])
	if rows > maxTriangle/width {
		return fmt.Errorf("series: triangle: %d periods with %d delays are more than %d cells", rows, width, maxTriangle)
	}
	for i, row := range t.Counts {
		if len(row) != width {
			return fmt.Errorf("series: triangle: period %d has %d delays, the first has %d", i+1, len(row), width)
		}
		for d, n := range row[:t.known(i)] {
			if n < 0 || n > maxCount || n != math.Trunc(n) && !IsMissing(n) {
				return fmt.Errorf("series: triangle: period %d, delay %d has %v events: it is a whole number, or missing", i+1, d, n)
			}
		}
	}
	return nil
}

// known is how many delays of a period lie in the past or now.
func (t *Triangle) known(period int) int {
	return min(len(t.Counts[period]), len(t.Counts)-period)
}
