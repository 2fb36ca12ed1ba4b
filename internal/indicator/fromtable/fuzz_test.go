package fromtable_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/tools/txtar"

	"lapwing/internal/indicator"
	. "lapwing/internal/indicator/fromtable"
	"lapwing/internal/indicator/totable"
)

// FuzzCSV reads any bytes. What comes out as a figure is one that a desk may
// keep, every row is counted, and what is written of it and read again is the
// same; bytes that come slowly are read alike.
func FuzzCSV(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range a.Files {
			if part.Name == "table" {
				f.Add(part.Data, byte(0))
				f.Add(part.Data, byte(0xff))
			}
		}
	}
	f.Add([]byte("\xff\xfec\x00o\x00,\x00\xd8\x00"), byte(1))
	f.Add([]byte("a\r\rb;\r"), byte(1))
	f.Fuzz(func(t *testing.T, table []byte, bits byte) {
		if len(table) > 64<<10 {
			t.Skip("long tables are tested elsewhere")
		}
		o := Options{Indicator: "referrals", Source: "example", Geography: "EU27"}
		for bit, set := range []func(){
			func() { o.DateOrder = DayFirst }, func() { o.Decimal = Comma }, func() { o.Length = "month" }, func() { o.ExcelDates = "1900" },
			func() { o.Learned = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }, func() { o.ZeroMeansUnavailable = []string{"*/*/DE/*"} },
			func() { o.Encoding = "windows-1250" }, func() { o.Delimiter = "semicolon" },
		} {
			if bits&(1<<bit) != 0 {
				set()
			}
		}
		figures, rows, u := read(t, table, o)
		if u == nil {
			return
		}
		if u.Figures != len(figures) || u.Figures+u.Problems != rows {
			t.Fatalf("%d figures and %d problems are counted of %d and %d", u.Figures, u.Problems, len(figures), rows-len(figures))
		}
		if u.Series > u.Figures && u.Problems == 0 || u.String() == "" {
			t.Fatalf("%d series of %d figures", u.Series, u.Figures)
		}
		for _, f := range figures {
			known := f.Status == indicator.Observed || f.Status == indicator.Unavailable || f.Status == indicator.NotReported || f.Status == indicator.Suppressed
			k, err := indicator.ParseKey(f.Key.String())
			if math.IsNaN(f.Value) || f.Value < 0 || f.Value > 1<<53 || math.Signbit(f.Value) || !known || f.Status != indicator.Observed && f.Value != 0 ||
				err != nil || k != f.Key || f.Indicator == "" || f.Source == "" || f.Length.First(f.First) != f.First || f.First.Time().Year() < 1899 || f.First.Time().Year() > 2200 {
				t.Fatalf("%+v is no figure: %v", f, err)
			}
		}
		var b bytes.Buffer
		if err := totable.CSV(&b, func(yield func(indicator.Figure, error) bool) {
			for _, f := range figures {
				if !yield(f, nil) {
					return
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		if len(figures) > 0 && bits&0x60 == 0 {
			again, _, u := read(t, b.Bytes(), Options{})
			if u == nil || !reflect.DeepEqual(figures, again) {
				t.Fatalf("%+v is written and read as %+v", figures, again)
			}
		}
		if len(table) < 1000 && bits&0x10 != 0 {
			slow, err := Open(iotest.OneByteReader(bytes.NewReader(table)), o)
			if err != nil {
				t.Fatalf("slowly: %v", err)
			}
			n := 0
			if err := slow.Read(func(Row) error { n++; return nil }); err != nil || n != rows {
				t.Fatalf("slowly %d rows, at once %d: %v", n, rows, err)
			}
		}
	})
}

// read gives the figures of a table and the number of rows; u is nil where it
// is no table.
func read(t *testing.T, table []byte, o Options) (figures []indicator.Figure, rows int, u *Understood) {
	tb, err := Open(bytes.NewReader(table), o)
	if err != nil {
		if err.Error() == "" {
			t.Fatal("an error without a text")
		}
		return nil, 0, nil
	}
	if err := tb.Read(func(r Row) error {
		rows++
		if r.Place.Line == 0 || len(r.Problems) > 0 && strings.Join(r.Problems, "") == "" {
			t.Fatalf("%+v does not say where or what", r)
		}
		if len(r.Problems) == 0 {
			figures = append(figures, r.Figure)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return figures, rows, tb.Understood()
}

// TestExamples: the files that the documentation shows are read without a
// problem and without options.
func TestExamplesOfDocs(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../docs/formats/figures/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		table, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{}
		if !bytes.Contains(table, []byte("indicator")) {
			o = Options{Indicator: "referrals", Source: "example"}
		}
		figures, rows, u := read(t, table, o)
		if u == nil || len(figures) == 0 || rows != len(figures) {
			t.Errorf("%s has %d figures in %d rows", file, len(figures), rows)
		}
	}
}
