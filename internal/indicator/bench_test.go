package indicator_test

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatortest"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"
)

// many gives n daily figures of up to 5480 series over five years: series by
// series, or day by day over all series.
func many(n int, byDay bool) func(func(indicator.Row, error) bool) {
	const days = 1825
	series := (n + days - 1) / days
	keys := make([]indicator.Key, series)
	names := []string{"referrals", "blocked-attempts", "p2p", "public-reports", "forum-posts", "darkweb-activity"}
	countries := indicator.Groups["EU27"]
	for i := range keys {
		keys[i] = indicator.Key{Indicator: names[i%6], Source: fmt.Sprintf("source-%d", i/6/27), Geography: countries[i/6%27], Length: calendar.Daily}
	}
	first := calendar.Date(2020, 1, 1)
	return func(yield func(indicator.Row, error) bool) {
		for i := range n {
			s, d := i/days%series, i%days
			if byDay {
				s, d = i%series, i/series
			}
			f := indicator.Figure{Key: keys[s], Observation: indicator.Observation{First: first + calendar.Day(d), Value: float64((s*7919 + d*31) % 4000)}}
			if !yield(indicator.Row{Place: "line", Figure: f}, nil) {
				return
			}
		}
	}
}

// cpu is the processor time that the process has used.
func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func importMany(b *testing.B, d *indicatortest.Desk, byDay bool, want func(indicator.Result) int64) {
	var m runtime.MemStats
	peak, pages := uint64(0), 0
	start := cpu()
	res, err := d.Import(b.Context(), d.Who, indicator.Request{Rows: many(b.N, byDay), Progress: func(indicator.Totals) {
		if pages++; pages%16 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
		}
	}})
	if err != nil || want(res) != int64(b.N) {
		b.Fatalf("%+v, %v", res, err)
	}
	b.ReportMetric(float64((cpu()-start).Nanoseconds())/float64(b.N), "cpu-ns/op")
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
	if st, err := os.Stat(d.DB.Name()); err == nil {
		b.ReportMetric(float64(st.Size())/float64(b.N), "bytes/op")
	}
}

// An observation each round: go test -bench 'Import/' -benchtime 10000000x
func BenchmarkImport(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *sqldb.DB{"sqlite": sqldbtest.SQLite, "postgres": sqldbtest.Postgres} {
		for order, byDay := range map[string]bool{"by-series": false, "by-day": true} {
			b.Run(name+"/"+order, func(b *testing.B) {
				d := indicatortest.New(b, open(b))
				b.ResetTimer()
				importMany(b, d, byDay, func(r indicator.Result) int64 { return r.Accepted })
			})
		}
	}
}

// The same again: everything is looked up, nothing is written.
func BenchmarkImportAgain(b *testing.B) {
	for order, byDay := range map[string]bool{"by-series": false, "by-day": true} {
		b.Run("sqlite/"+order, func(b *testing.B) {
			d := indicatortest.New(b, sqldbtest.SQLite(b))
			importMany(b, d, byDay, func(r indicator.Result) int64 { return r.Accepted })
			b.ResetTimer()
			importMany(b, d, byDay, func(r indicator.Result) int64 { return r.Duplicate })
		})
	}
}

// A figure each round, read in order.
func BenchmarkFigures(b *testing.B) {
	d := indicatortest.New(b, sqldbtest.SQLite(b))
	importMany(b, d, false, func(r indicator.Result) int64 { return r.Accepted })
	b.ResetTimer()
	n := 0
	if err := d.Figures(b.Context(), indicator.Selection{}, func(indicator.Figure) error { n++; return nil }); err != nil || n != b.N {
		b.Fatalf("%d figures, %v", n, err)
	}
}
