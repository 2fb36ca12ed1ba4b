package chart

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Table is the figures behind a chart. Cells of number columns hold plain
// numbers as a machine reads them, empty where there is none; the column
// Status then says why.
type Table struct {
	Columns []Column
	Rows    [][]string // each as long as Columns
}

// Column is the head of one.
type Column struct {
	Name   string
	Number bool // align to the right, and show by Table.Shown
}

// Shown is the cell as a person reads it: numbers with their thousands apart.
func (t Table) Shown(row, col int) string {
	s := t.Rows[row][col]
	if !t.Columns[col].Number || s == "" {
		return s
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return Number(v)
}

// WriteCSV writes head and rows as RFC 4180 has them. A text that a
// spreadsheet could take for a formula has an apostrophe before it.
func (t Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	row := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		row[i] = guard(c.Name)
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for _, r := range t.Rows {
		for i, s := range r {
			if !t.Columns[i].Number {
				s = guard(s)
			}
			row[i] = s
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func guard(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

func text(name string) Column   { return Column{Name: name} }
func number(name string) Column { return Column{Name: name, Number: true} }

// named is the unit as the head of a column.
func named(unit, otherwise string) string {
	unit = clean(unit)
	if unit == "" {
		return otherwise
	}
	r, n := utf8.DecodeRuneInString(unit)
	return string(unicode.ToUpper(r)) + unit[n:]
}

// plain is the number for a machine: the shortest that reads back as the same.
func plain(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return ""
	case a == 0:
		return "0"
	case a < 1e-6 || a >= 1e21:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
