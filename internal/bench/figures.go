package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"lapwing/internal/app"
	"lapwing/internal/calendar"
	"lapwing/internal/config"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromtable"
)

// FiguresOptions say what to measure.
type FiguresOptions struct {
	N        int    // figures, about
	ByPeriod bool   // the file goes by day, all series of a day together, instead of series by series
	Dir      string // folder for the store
	Database string // "" for SQLite in Dir
	Progress func(done int64)
}

// FiguresResult is one line of figures.
type FiguresResult struct {
	Engine     string           `json:"engine"`
	CPUs       int              `json:"cpus"`
	N          int              `json:"n"`
	ByPeriod   bool             `json:"by_period"`
	Totals     indicator.Totals `json:"totals"`
	CSVBytes   int64            `json:"csv_bytes"`
	Seconds    float64          `json:"seconds"`
	PerSecond  float64          `json:"figures_per_s"`
	PeakMB     float64          `json:"peak_rss_mb"`
	StoreBytes int64            `json:"store_bytes,omitempty"`
}

// Figures imports a generated CSV of daily figures as a partner would send it,
// everything included: reading, checks, comparison with what is known, ledger.
func Figures(ctx context.Context, o FiguresOptions) (r FiguresResult, err error) {
	r.N, r.CPUs, r.ByPeriod = o.N, runtime.GOMAXPROCS(0), o.ByPeriod
	cfg, err := config.Load(config.Config{Data: filepath.Join(o.Dir, "desk"), Database: o.Database}, func(string) string { return "" })
	if err != nil {
		return r, err
	}
	d, err := app.Open(ctx, cfg, app.Options{})
	if err != nil {
		return r, err
	}
	defer d.Close()
	r.Engine = string(d.DB.Engine())
	pr, pw := io.Pipe()
	count := &counter{w: pw}
	go func() { pw.CloseWithError(writeFigures(count, d.Today(), o.N, o.ByPeriod)) }()
	defer pr.Close()

	start := time.Now()
	_, rows, err := app.ReadFigures(pr, fromtable.Options{})
	if err != nil {
		return r, err
	}
	res, err := d.Figures.Import(ctx, identity.System("bench"), indicator.Request{Inputs: "bench", Rows: rows, Progress: func(t indicator.Totals) {
		if o.Progress != nil {
			o.Progress(t.Settled())
		}
	}})
	if err != nil {
		return r, err
	}
	r.Seconds = time.Since(start).Seconds()
	r.Totals = res.Totals
	r.PerSecond = float64(res.Read) / r.Seconds
	r.CSVBytes, r.PeakMB = count.n, peakMB()
	if st, err := os.Stat(filepath.Join(cfg.Data, "lapwing.db")); err == nil {
		r.StoreBytes = st.Size()
	}
	return r, nil
}

// writeFigures writes n daily figures of 3 240 series, with semicolons and
// days as 01.03.2020: 20 sources, 27 countries, 6 indicators.
func writeFigures(w io.Writer, today calendar.Day, n int, byPeriod bool) error {
	out := bufio.NewWriterSize(w, 1<<20)
	fmt.Fprintln(out, "Indicator;Source;Country;Date;Value")
	countries := []string{"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"}
	shipped := indicator.Shipped()[:6]
	const sources = 20
	perDay := sources * len(countries) * len(shipped)
	days := max(1, n/perDay)
	line := make([]byte, 0, 128)
	row := func(series, day int) error {
		line = append(line[:0], shipped[series%len(shipped)].ID...)
		line = append(line, ";sample-"...)
		line = strconv.AppendInt(line, int64(series/len(shipped)/len(countries)), 10)
		line = append(line, ';')
		line = append(line, countries[series/len(shipped)%len(countries)]...)
		line = append(line, ';')
		line = (today - calendar.Day(days) + calendar.Day(day) - 1).Time().AppendFormat(line, "02.01.2006")
		line = append(line, ';')
		line = strconv.AppendInt(line, int64((series*7919+day*104729)%9973), 10)
		line = append(line, '\n')
		_, err := out.Write(line)
		return err
	}
	for i := range days * perDay {
		series, day := i/days, i%days
		if byPeriod {
			day, series = i/perDay, i%perDay
		}
		if err := row(series, day); err != nil {
			return err
		}
	}
	return out.Flush()
}
