package fromtable

import (
	"strings"

	"lapwing/internal/calendar"
)

// kinds looks into columns, each only when asked for.
type kinds struct {
	rows []sampleRow
	o    *Options
	of   map[int]*kind
}

// A kind counts what the cells of a column can be read as.
type kind struct{ filled, period, year, country, number, marker int }

func (k *kind) value() int { return k.number + k.marker }

func (k *kind) share(n int) float64 {
	if k.filled == 0 {
		return 0
	}
	return float64(n) / float64(k.filled)
}

func (k *kinds) at(c int) *kind {
	if k.of[c] != nil {
		return k.of[c]
	}
	kd := &kind{}
	k.of[c] = kd
	for _, row := range k.rows {
		if c >= len(row.cells) || row.cells[c] == "" || filled(row.cells) < 2 {
			continue
		}
		s := row.cells[c]
		kd.filled++
		if r, ok := readPeriod(s, "", k.o.ExcelDates != ""); ok {
			if r.form == year {
				kd.year++
			} else if !onlyDigits(s) || len(s) >= 6 && plausible(r) {
				kd.period++
			}
		}
		if _, ok := k.o.geography(s); ok || isTotal(s) {
			kd.country++
		} else if m, ok := k.o.word(s); ok && m != "" {
			kd.country++
		}
		if text, behind, ok := cutFlags(s); ok {
			_, m, _ := number(text, 0)
			if _, ok := flags(behind); m != notANumber && (ok || strings.TrimSpace(behind) == "") {
				kd.number++
			}
		} else if _, ok := markerOf(s); ok {
			kd.marker++
		}
	}
	return kd
}

// plausible says whether a row of digits is likely a date: 20200301, 202003.
func plausible(r reading) bool {
	return r.y >= 1990 && r.y <= 2060 && r.m >= 1 && r.m <= 53
}

func onlyDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// part is which share of the cells are months, weeks or quarters without a year.
func (k *kinds) part(c int, l calendar.Length) float64 {
	n, ok := 0, 0
	for _, row := range k.rows {
		if c >= len(row.cells) || row.cells[c] == "" || filled(row.cells) < 2 {
			continue
		}
		n++
		if isPart(row.cells[c], l) {
			ok++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(ok) / float64(n)
}
