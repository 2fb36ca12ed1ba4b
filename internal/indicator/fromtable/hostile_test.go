package fromtable

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

var told = Options{Indicator: "p2p", Source: "crc"}

// rows reads a table and gives its figures and problems as text.
func rows(t *testing.T, table io.Reader, o Options) []string {
	t.Helper()
	tb, err := Open(table, o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := tb.Read(func(r Row) error { got = append(got, tell(r)); return nil }); err != nil {
		t.Fatal(err)
	}
	return got
}

func want(t *testing.T, got []string, parts ...string) {
	t.Helper()
	if len(got) != len(parts) {
		t.Fatalf("%d rows, want %d: %.2000q", len(got), len(parts), got)
	}
	for i, p := range parts {
		if !strings.Contains(got[i], p) {
			t.Errorf("row %d is %.300q, want %q in it", i, got[i], p)
		}
	}
}

// TestHostile: lines of 10 MB, 100 000 columns, NULs and quotes without an end
// are problems of their lines, and the lines around them are read.
func TestHostile(t *testing.T) {
	t.Parallel()
	const head, tail = "country,month,count\nDE,2020-03,1\n", "FR,2020-03,2\n"
	ok, after := "DE/month 2020-03 1", "FR/month 2020-03 2"
	for name, tt := range map[string]struct {
		middle string
		want   []string
	}{
		"10 MB":          {strings.Repeat("x", 10<<20) + "\n", []string{ok, "line 3: ! the line has more than", after}},
		"10 MB of cells": {strings.Repeat("1,", 5<<20) + "\n", []string{ok, "line 3: ! the line has more than", after}},
		"100 000 cells":  {strings.Repeat("1,", 100_000) + "\n", []string{ok, "line 3: ! the line has more than 20000 cells", after}},
		"NULs":           {"AT,2020-03,1\x00\n\x00,\x00,\x00\n", []string{ok, "! \"1\\x00\" is not a number", "\"\\x00\" is not a period", after}},
		"an open quote":  {"AT,2020-03,\"1\n", []string{ok, "line 3: ! a quoted cell has no end", after}},
		"open for long":  {"AT,2020-03,\"1" + strings.Repeat("x\n", 200) + "\n", append(append([]string{ok, "line 3: ! a quoted cell has no end"}, repeat("it ends early", 0)...), after)},
		"not UTF-8":      {"\xff\xfe,2020-03,1\n", []string{ok, "is not a country", after}},
		"long cells":     {strings.Repeat("DE", 10_000) + "," + strings.Repeat("2020", 1000) + "," + strings.Repeat("1", 1000) + "\n", []string{ok, "is not a period", after}},
		"no end of line": {strings.Repeat("\r", 1000) + "\n", []string{ok, "", after}[:1:1]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := rows(t, strings.NewReader(head+tt.middle+tail), told)
			if name == "no end of line" {
				tt.want = []string{ok, after}
				got = append(got[:1], got[len(got)-1])
			}
			want(t, got, tt.want...)
		})
	}
}

func repeat(s string, n int) (out []string) {
	for range n {
		out = append(out, s)
	}
	return out
}

// TestHostileBeginnings: what is no table is refused at once, with a reason.
func TestHostileBeginnings(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ table, want string }{
		"empty":         {"", "empty"},
		"blank":         {" \n\n\t\n", "no line of this file has several cells"},
		"NULs":          {strings.Repeat("\x00", 5000), "file of bytes"},
		"one long line": {strings.Repeat("a,", 2<<20), "first line has more than"},
		"wide header":   {strings.Repeat("DE,", 30_000) + "\n", "no line of this file"},
		"xlsx":          {"PK\x03\x04....", "spreadsheet"},
		"xls":           {"\xd0\xcf\x11\xe0\xa1\xb1", "old spreadsheet"},
		"gzip":          {"\x1f\x8b\x08", "gzip"},
		"json":          {` {"figures":[]}`, "JSON"},
		"json list":     {"[{\"a\":1}]", "JSON"},
		"html":          {"<html><table>", "HTML"},
		"pdf":           {"%PDF-1.7", "PDF"},
		"only quotes":   {strings.Repeat("\"", 2000), "no line"},
		"half UTF-16":   {"\xff\xfea", "no line"},
		"words":         {"Lorem ipsum, dolor\nsit amet, consectetur\n", "say what they mean"},
	} {
		tb, err := Open(strings.NewReader(tt.table), told)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Open gives %v, %v, want an error with %q", name, tb, err, tt.want)
		}
	}
}

// TestTooMany: columns of ever new names and series end the reading before
// they fill the memory.
func TestTooMany(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		row  func(b []byte, i int) []byte
		want string
	}{
		"names":     {func(b []byte, i int) []byte { return fmt.Appendf(b, "i%d,DE,2020-03,1\n", i) }, "different names"},
		"series":    {func(b []byte, i int) []byte { return fmt.Appendf(b, "i%d,%s,2020-03,1\n", i/27, benchCountries[i%27]) }, "series"},
		"bad names": {func(b []byte, i int) []byte { return fmt.Appendf(b, "i/%d,DE,2020-03,1\n", i) }, ""},
		"bad cells": {func(b []byte, i int) []byte { return fmt.Appendf(b, "i,D%d,x%d,y%d\n", i, i, i) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tb, err := Open(&repeated{header: "indicator,country,month,count\ni0,DE,2020-03,1\n", row: tt.row, n: 300_000}, told)
			if err != nil {
				t.Fatal(err)
			}
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err = tb.Read(func(Row) error { return nil })
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("Read gives %v, want an error with %q", err, tt.want)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 120e6 {
				t.Errorf("%d bytes are kept", grown)
			}
			runtime.KeepAlive(tb)
		})
	}
}

// TestSparse: periods far apart do not fill the memory, and are still told
// apart from ones that stand twice.
func TestSparse(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString("country,date,count\n")
	for _, y := range []int{2199, 1900, 2020, 1950, 1900, 2199} {
		fmt.Fprintf(&table, "DE,%d-06-15,1\n", y)
	}
	want(t, rows(t, strings.NewReader(table.String()), told), "2199", "1900", "2020", "1950", "stood there before", "stood there before")
}

// TestLaterContradiction: what comes after the part that was looked at and
// speaks against what was decided is a problem, never read another way.
func TestLaterContradiction(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Land;Datum;Anzahl\n")
	n := 0
	for b.Len() < maxPrefix+1000 {
		fmt.Fprintf(&b, "DE;%s;1,5\n", (calendar.Date(1900, 1, 1) + calendar.Day(n)).Time().Format("02/01/2006"))
		n++
	}
	b.WriteString("FR;03/31/2020;1\nFR;01/02/2020;12.5\nFR;01/03/2020;1.234\nFR;01/04/2020;\xfc\nFR;2020-05;1\nFR;2020-05-01;1\n\xfcber;01/05/2020;1\n")
	got := rows(t, strings.NewReader(b.String()), told)
	want(t, got[n:], "has no such date when the day stands first", "decimals after the wrong mark", "FR/day 2020-03-01 1234",
		"neither a number", "\"2020-05\" is a month, and the periods above are like \"01/01/1900\", a day", "FR/day 2020-05-01 1", "\"über\" is not a country")
}

func TestReaderFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the line is cut")
	if _, err := Open(iotest.ErrReader(broken), told); !errors.Is(err, broken) {
		t.Errorf("Open gives %v", err)
	}
	table := "country,date,count\n" + strings.Repeat("DE,2020-03-01,1\n", 200_000)
	tb, err := Open(io.MultiReader(strings.NewReader(table), iotest.ErrReader(broken)), Options{Indicator: "p2p", Source: "crc", Length: calendar.Daily})
	if err != nil {
		t.Fatal(err)
	}
	if err := tb.Read(func(Row) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("Read gives %v, want the error of the reader", err)
	}
	if err := tb.Read(func(Row) error { return nil }); err == nil {
		t.Error("a table is read twice")
	}
	stop := errors.New("stop")
	tb, err = Open(strings.NewReader(table), Options{Indicator: "p2p", Source: "crc", Length: calendar.Daily})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := tb.Read(func(Row) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Errorf("Read gives %v after %d rows, want it to stop", err, n)
	}
}

// TestSlowly: bytes that come one by one are read as those that come at once.
func TestSlowly(t *testing.T) {
	t.Parallel()
	table := "country;month;count\nDE;2020-03;\"1\n2\"\nFR;2020-03;2\n"
	at, slow := rows(t, strings.NewReader(table), told), rows(t, iotest.OneByteReader(strings.NewReader(table)), told)
	if fmt.Sprint(at) != fmt.Sprint(slow) {
		t.Errorf("at once %q, slowly %q", at, slow)
	}
}

// TestZeroStaysZero: of a zero nothing but the option makes an outage.
func TestZeroStaysZero(t *testing.T) {
	t.Parallel()
	for _, zero := range []string{"0", "0.0", "00", "+0", "-0", "0 p"} {
		for _, o := range []Options{told, {Indicator: "p2p", Source: "crc", ZeroMeansUnavailable: []string{"p2p/other/*/*", "*/*/FR/*"}}, {Indicator: "p2p", Source: "crc", ZeroMeansUnavailable: []string{"p2p/crc/*/day", "*/*/DE/month"}}} {
			tb, err := Open(strings.NewReader("country,month,count,status\nDE,2020-03,"+zero+",\nDE,2020-04,"+zero+",final\n"), o)
			if err != nil {
				t.Fatal(err)
			}
			if err := tb.Read(func(r Row) error {
				dark := len(o.ZeroMeansUnavailable) > 1 && strings.Contains(o.ZeroMeansUnavailable[1], "DE")
				if f := r.Figure; len(r.Problems) > 0 || f.Value != 0 || (f.Status == indicator.Unavailable) != dark || !dark && f.Status != indicator.Observed {
					t.Errorf("%q with %v is %+v %v", zero, o.ZeroMeansUnavailable, f, r.Problems)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestBuffer: a table that is longer than what is held of it comes out row by
// row as it was made.
func TestBuffer(t *testing.T) {
	t.Parallel()
	const n = 150_000
	in := &repeated{header: "indicator,source,country,date,value,status,provisional\n", row: plainRow, n: n}
	tb, err := Open(iotest.HalfReader(in), Options{})
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	if err := tb.Read(func(r Row) error {
		f := r.Figure
		got := fmt.Appendf(nil, "%s,%s,%s,%s,%v,,\n", f.Indicator, f.Source, f.Geography, f.First, f.Value)
		if want := plainRow(nil, i); len(r.Problems) > 0 || string(got) != string(want) || r.Place.Line != i+2 {
			return fmt.Errorf("row %d at %s is %s %v, want %s", i, r.Place, got, r.Problems, want)
		}
		i++
		return nil
	}); err != nil || i != n {
		t.Errorf("%d rows: %v", i, err)
	}
}

// TestDoubles: a period stands twice when it was asked about before, and only
// then.
func TestDoubles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var d Doubles
		seen := map[indicator.Figure]bool{}
		far := rapid.SampledFrom([]int{5, 100, 1000, 100_000}).Draw(t, "far")
		for range rapid.IntRange(1, 200).Draw(t, "n") {
			l := rapid.SampledFrom(calendar.Lengths).Draw(t, "length")
			f := indicator.Figure{Key: indicator.Key{Indicator: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "indicator"), Length: l}}
			f.First = l.First(calendar.Day(rapid.IntRange(-far/4, far/2).Draw(t, "day")))
			if got := d.Twice(f.Key, f.First); got != seen[f] {
				t.Fatalf("%s of %s: %v, want %v", f.First, f.Key, got, seen[f])
			}
			seen[f] = true
		}
	})
}

// TestNotBegun: the day on which a table was learned is the last that it can
// have figures of.
func TestNotBegun(t *testing.T) {
	t.Parallel()
	o := Options{Indicator: "p2p", Source: "crc", Learned: time.Date(2020, 3, 2, 4, 0, 0, 0, time.UTC)}
	got := rows(t, strings.NewReader("date,DE,FR\n2020-02-29,1,2\n2020-03-02,,1\n2020-03-03,,1\n"), o)
	want(t, got, "02-29 1", "02-29 2", "2020-03-02 not reported", "2020-03-02 1", "2020-03-03 had not begun")
}

// TestQuotesStayFast: lines that each open a quote cost no more than a look at
// some lines after them.
func TestQuotesStayFast(t *testing.T) {
	t.Parallel()
	table := "country,month,count\nDE,2020-03,1\n" + strings.Repeat("DE,2020-03,\"\n", 300_000)
	begin := time.Now()
	got := rows(t, strings.NewReader(table), told)
	if d := time.Since(begin); d > 20*time.Second {
		t.Errorf("%d lines took %s", len(got), d)
	}
	if bytes.Count([]byte(table), []byte("\n"))-1 < len(got) {
		t.Errorf("%d rows of fewer lines", len(got))
	}
}
