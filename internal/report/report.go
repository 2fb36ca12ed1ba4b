// Package report makes the situational report: is it rising, how sure are we,
// what is missing.
//
// [Compose] turns an outlook into a [Report]: sections with sentences, charts
// and the tables behind them, in a fixed order and without any fact of its own.
// [Report.HTML] writes it as one file that holds everything and prints well;
// [Report.Each] gives the charts and tables as files. The same outlook and
// narrative give the same bytes. What an editor wrote is a [Note] beside the
// figures, kept under the window that it is about, so that it survives a later
// edition.
package report

import (
	"time"

	"lapwing/internal/chart"
	"lapwing/internal/outlook"
)

// Report is a report ready to be written.
type Report struct {
	Title    string
	Desk     string
	Window   string // in words
	AsOf     string // in words
	Since    string // in words; "" for none
	Program  string // which program made it
	Invented bool   // figures of a demo

	Headline string
	Rising   []outlook.Finding // is it rising
	Sure     []string          // how sure are we
	Missing  []string          // what is missing
	Overview Figure
	Sections []Section
}

// Section is a part with a heading.
type Section struct {
	ID, Title string
	Lead      []string // sentences
	Label     outlook.Label
	Reasons   []outlook.Reason
	Terms     []Term
	Figures   []Figure
	Table     *Table
	Notes     []Note
}

// Term is a word and what is said of it.
type Term struct{ Name, Text string }

// Figure is a chart with its caption.
type Figure struct {
	ID    string // of the file, too
	Chart chart.Chart
}

// Table is one that is no chart's.
type Table struct {
	ID      string
	Caption string
	Head    []string
	Number  []bool // columns aligned to the right
	Rows    [][]string
}

// Note is what an editor wrote to a section.
type Note struct {
	Section string
	Text    string
	Author  string
	Written time.Time
}

// Options are what an outlook does not know.
type Options struct {
	Desk     string
	Program  string
	Invented bool
	Notes    []Note
}
