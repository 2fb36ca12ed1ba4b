package totable

import (
	"io"
	"runtime"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// many gives n figures of 27 countries without holding them, and watches the
// heap.
func many(n int, peak *uint64) Figures {
	places := []string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
	learned := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return func(yield func(indicator.Figure, error) bool) {
		var m runtime.MemStats
		for i := range n {
			f := indicator.Figure{Key: indicator.Key{Indicator: "p2p", Source: "crc", Geography: places[i/9000%27], Length: calendar.Daily}}
			f.First, f.Value, f.Learned = calendar.Date(2000, 1, 1)+calendar.Day(i%9000), float64(i*7919%100000), learned
			if i%50 == 0 {
				f.Status, f.Value = indicator.Unavailable, 0
			}
			if !yield(f, nil) {
				return
			}
			if i%100_000 == 0 {
				runtime.ReadMemStats(&m)
				*peak = max(*peak, m.HeapAlloc)
			}
		}
	}
}

// count counts what is written.
type count int64

func (c *count) Write(p []byte) (int, error) {
	*c += count(len(p))
	return len(p), nil
}

func BenchmarkWrite(b *testing.B) {
	const n = 2_000_000
	for _, bb := range []struct {
		name  string
		rows  int
		write func(io.Writer, Figures) error
	}{
		{"CSV", n, CSV}, {"JSONLines", n, JSONLines}, {"Parquet", n, Parquet},
		{"WideCSV", 243_000, WideCSV}, {"JSONStat", 243_000, func(w io.Writer, fs Figures) error { return JSONStat(w, fs, nil) }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var peak uint64
			var written count
			runtime.GC()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				written = 0
				if err := bb.write(&written, many(bb.rows, &peak)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(bb.rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(written)/float64(bb.rows), "bytes/row")
			b.ReportMetric(float64(peak-before.HeapAlloc)/1e6, "peak-MB")
		})
	}
}
