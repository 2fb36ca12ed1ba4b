package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"lapwing/internal/chart"
	"lapwing/internal/outlook"
)

//go:embed report.html
var page string

//go:embed report.css
var css string

// style is the sheet of the page, and Policy the content security policy under
// which the page works: that sheet and nothing else.
var (
	style  = css + "@media screen and (prefers-color-scheme: dark) {" + chart.DarkCSS() + "}"
	Policy = fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'", base64.StdEncoding.EncodeToString(digest(style)))
)

func digest(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

// tableRows is how many rows of a chart's table the page holds; longer ones
// are in the CSV beside it.
const tableRows = 1500

var tmpl = template.Must(template.New("report").Funcs(template.FuncMap{
	"css":    func() template.CSS { return template.CSS(style) },
	"policy": func() string { return Policy },
	"svg":    func(f Figure) template.HTML { return template.HTML(chart.SVG(f.Chart)) },
	"table":  tableOf,
	"shown":  func(l outlook.Label) bool { return l == outlook.Artefact || l == outlook.Unknown },
	"paras": func(s string) []string {
		return strings.Split(strings.ReplaceAll(strings.TrimSpace(s), "\r\n", "\n"), "\n\n")
	},
	"date":    func(n Note) string { return n.Written.UTC().Format("2 January 2006") },
	"country": outlook.Country,
}).Parse(page))

// shownTable is a chart's table for the page.
type shownTable struct {
	Columns []chart.Column
	Rows    [][]string
	More    int
	ID      string
}

func tableOf(f Figure) shownTable {
	t := f.Chart.Table()
	s := shownTable{Columns: t.Columns, ID: f.ID}
	n := min(len(t.Rows), tableRows)
	s.More = len(t.Rows) - n
	for i := range n {
		row := make([]string, len(t.Columns))
		for j := range row {
			row[j] = t.Shown(i, j)
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// HTML writes the report as one file that needs nothing else.
func (r *Report) HTML(w io.Writer) error { return tmpl.Execute(w, r) }

// Each calls fn with the name and content of every chart as SVG and PNG and of
// every table as CSV.
func (r *Report) Each(fn func(name string, content []byte) error) error {
	figures := []Figure{r.Overview}
	for _, s := range r.Sections {
		figures = append(figures, s.Figures...)
		if s.Table != nil {
			t := chart.Table{Rows: s.Table.Rows}
			for _, h := range s.Table.Head {
				t.Columns = append(t.Columns, chart.Column{Name: h})
			}
			if err := fn("table-"+s.Table.ID+".csv", csvOf(t)); err != nil {
				return err
			}
		}
	}
	for _, f := range figures {
		png, err := chart.PNG(f.Chart)
		if err != nil {
			return fmt.Errorf("chart %s: %w", f.ID, err)
		}
		for _, x := range []struct {
			ext     string
			content []byte
		}{{"svg", chart.SVG(f.Chart)}, {"png", png}, {"csv", csvOf(f.Chart.Table())}} {
			if err := fn(f.ID+"."+x.ext, x.content); err != nil {
				return err
			}
		}
	}
	return nil
}

func csvOf(t chart.Table) []byte {
	var b strings.Builder
	t.WriteCSV(&b) // a strings.Builder takes everything
	return []byte(b.String())
}
