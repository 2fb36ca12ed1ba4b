package fromtable

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"lapwing/internal/calendar"
)

// repeated gives a table of many rows without holding it: rows made from a
// counter, one after the other.
type repeated struct {
	header string
	row    func(b []byte, i int) []byte
	i, n   int
	buf    []byte
}

func (r *repeated) Read(p []byte) (int, error) {
	for len(r.buf) < len(p) && r.i < r.n {
		if r.i == 0 {
			r.buf = append(r.buf, r.header...)
		}
		r.buf = r.row(r.buf, r.i)
		r.i++
	}
	if len(r.buf) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.buf)
	r.buf = append(r.buf[:0], r.buf[n:]...)
	return n, nil
}

var benchCountries = []string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}

// Of each country a row of days after the other, as a database gives them.
func plainRow(b []byte, i int) []byte {
	d := calendar.Date(2000, 1, 1) + calendar.Day(i%9000)
	c := benchCountries[i/9000%len(benchCountries)]
	return fmt.Appendf(b, "p2p,crc-%d,%s,%s,%d,,\n", i/9000/len(benchCountries), c, d, i*7919%100000)
}

// The same as a German office writes it.
func germanRow(b []byte, i int) []byte {
	t := (calendar.Date(2000, 1, 1) + calendar.Day(i%9000)).Time()
	c := benchCountries[i/9000%len(benchCountries)]
	b = fmt.Appendf(b, "p2p;crc-%d;%s;%02d.%02d.%d;", i/9000/len(benchCountries), c, t.Day(), t.Month(), t.Year())
	switch v := i * 7919 % 100000; {
	case i%50 == 0:
		return append(b, ";unbekannt\n"...)
	case v >= 1000:
		return fmt.Appendf(b, "%d.%03d,5;\n", v/1000, v%1000)
	default:
		return fmt.Appendf(b, "%d;\n", v)
	}
}

func BenchmarkLong(b *testing.B) {
	for _, bb := range []struct {
		name, header string
		row          func([]byte, int) []byte
	}{
		{"plain", "indicator,source,country,date,value,status,provisional\n", plainRow},
		{"german", "Indikator;Quelle;Land;Datum;Anzahl;Bemerkung\n", germanRow},
	} {
		b.Run(bb.name, func(b *testing.B) {
			const rows = 500_000
			table, _ := io.ReadAll(&repeated{header: bb.header, row: bb.row, n: rows})
			b.SetBytes(int64(len(table)))
			b.ReportAllocs()
			for b.Loop() {
				readCount(b, table, rows)
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkWide(b *testing.B) {
	var table bytes.Buffer
	table.WriteString("Date")
	for _, c := range benchCountries {
		table.WriteString("," + c)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	const lines = 20_000
	for i := range lines {
		fmt.Fprintf(&table, "\n%s", calendar.Date(1950, 1, 1)+calendar.Day(i))
		for range benchCountries {
			fmt.Fprintf(&table, ",%d", rnd.IntN(100000))
		}
	}
	b.SetBytes(int64(table.Len()))
	b.ReportAllocs()
	for b.Loop() {
		readCount(b, table.Bytes(), lines*len(benchCountries))
	}
	b.ReportMetric(float64(lines*len(benchCountries))*float64(b.N)/b.Elapsed().Seconds(), "figures/s")
}

func readCount(b testing.TB, table []byte, want int) {
	tb, err := Open(bytes.NewReader(table), Options{Indicator: "p2p", Source: "crc", Length: calendar.Daily})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	if err := tb.Read(func(r Row) error {
		if len(r.Problems) > 0 {
			return fmt.Errorf("%s: %v", r.Place, r.Problems)
		}
		n++
		return nil
	}); err != nil || n != want {
		b.Fatalf("%d figures, want %d: %v", n, want, err)
	}
}

// TestFlatMemory reads two million rows that are never all in memory, and
// looks at the heap now and then.
func TestFlatMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("reads two million rows")
	}
	const rows = 2_000_000
	var before, most runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begin := time.Now()
	tb, err := Open(&repeated{header: "indicator,source,country,date,value,status,provisional\n", row: plainRow, n: rows}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := tb.Read(func(r Row) error {
		if len(r.Problems) > 0 {
			return fmt.Errorf("%s: %v", r.Place, r.Problems)
		}
		if n++; n%200_000 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			if m.HeapAlloc > most.HeapAlloc {
				most = m
			}
		}
		return nil
	}); err != nil || n != rows {
		t.Fatalf("%d rows: %v", n, err)
	}
	grown := int64(most.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d rows in %s, at most %.1f MB more on the heap", n, time.Since(begin).Round(time.Millisecond), float64(grown)/1e6)
	if grown > 20e6 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}
