package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// rowsOf gives every row of text, and "!line" for each that was skipped.
func rowsOf(t interface{ Fatalf(string, ...any) }, r *Rows) (rows []string) {
	for {
		fields, err := r.Next()
		var skipped *Skipped
		switch {
		case errors.Is(err, io.EOF):
			return rows
		case errors.As(err, &skipped):
			rows = append(rows, fmt.Sprintf("!%d", skipped.Line))
			continue
		case err != nil:
			t.Fatalf("Next: %v", err)
		}
		rows = append(rows, fmt.Sprintf("%d:%s", r.Number(), bytes.Join(fields, []byte("¦"))))
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		limit    int
		want     []string
	}{
		{"comma", "a,b\r\n1,2\r\n", 100, []string{"1:a¦b", "2:1¦2"}},
		{"semicolon", "a;b\n1,5;2", 100, []string{"1:a¦b", "2:1,5¦2"}},
		{"tab", "a\tb\n\n1\t", 100, []string{"1:a¦b", "3:1¦"}},
		{"separator named", "sep=|\na;|b", 100, []string{"2:a;¦b"}},
		{"separator in quotes", `"a,,,";b`, 100, []string{"1:a,,,¦b"}},
		{"doubled quotes", `a,"say ""x"", y",c`, 100, []string{`1:a¦say "x", y¦c`}},
		{"stray quotes", `a,"x"y",c`, 100, []string{`1:a¦x"y¦c`}},
		{"quote inside", `a,5" disc,c`, 100, []string{`1:a¦5" disc¦c`}},
		{"over lines", "a,\"x\r\ny\",c\r\nd,e,f", 100, []string{"1:a¦x\r\ny¦c", "3:d¦e¦f"}},
		{"over lines, opened again", "a,\"x\ny\",\"\nz\"\nd,e,f", 100, []string{"1:a¦x\ny¦\nz", "4:d¦e¦f"}},
		{"no end of quotes", "a,\"x\nb,y\nc,\"z\"", 100, []string{"1:a¦x\nb,y\nc,\"z"}},
		{"no end of quotes at all", "a,\"x\nb,y\nc,z\n", 100, []string{"!1", "2:b¦y", "3:c¦z"}},
		{"no end of quotes within the limit", "a,\"x\nb,y\n\nc,z,12345\nd,u", 20, []string{"!1", "2:b¦y", "4:c¦z¦12345", "5:d¦u"}},
		{"long line", "a,b\n" + strings.Repeat("x", 30) + "\nc,d", 20, []string{"1:a¦b", "!2", "3:c¦d"}},
		{"long line in quotes", "a,\"b\nu,v\n" + strings.Repeat("x", 30) + "\nc,d", 20, []string{"!1", "2:u¦v", "!3", "4:c¦d"}},
		{"very long line", "a,b\n" + strings.Repeat("x", 200_000) + "\nc,d", 20, []string{"1:a¦b", "!2", "3:c¦d"}},
		{"long but allowed", "a," + strings.Repeat("x", 100_000) + "\nc,d", 200_000, []string{"1:a¦" + strings.Repeat("x", 100_000), "2:c¦d"}},
		{"mark", "\xef\xbb\xbfa,b", 100, []string{"1:a¦b"}},
		{"utf-16", "\xff\xfea\x00,\x00\x13 \n\x00b\x00", 100, []string{"1:a¦–", "2:b"}},
		{"utf-16 big-endian", "\xfe\xff\x00a\x00,\x20\x13\x00\n\x00b", 100, []string{"1:a¦–", "2:b"}},
		{"utf-16 without mark", "a\x00,\x00b\x00\n\x00c\x00,\x00d\x00", 100, []string{"1:a¦b", "2:c¦d"}},
		{"windows-1252", "a,\x96\xe9\na,é", 100, []string{"1:a¦–é", "2:a¦é"}},
		{"empty", "", 100, nil},
		{"blank", "\r\n \r\n", 100, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := rowsOf(t, NewRows(strings.NewReader(tt.in), 0, tt.limit))
			if !slices.Equal(got, tt.want) {
				t.Errorf("rows of %.60q:\n got %.300q\nwant %.300q", tt.in, got, tt.want)
			}
		})
	}
}

// A line of just the limit is read, one byte more is not, and what follows is
// read in both cases: also where a line is longer than the reader's buffer.
func TestLinesLimit(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{10, bufferSize - 1, bufferSize, bufferSize + 1, 3 * bufferSize} {
		for _, end := range []string{"\n", ""} {
			for _, over := range []int{0, 1, bufferSize} {
				l := NewLines(strings.NewReader(strings.Repeat("x", limit+over)+"\nb"+end), limit)
				line, err := l.Next()
				if (err == nil) != (over == 0) || err == nil && len(line) != limit {
					t.Errorf("limit %d, line of %d: got %d bytes, %v", limit, limit+over, len(line), err)
				}
				if line, err := l.Next(); string(line) != "b" || err != nil {
					t.Errorf("limit %d, after a line of %d: got %.10q, %v, want b", limit, limit+over, line, err)
				}
			}
		}
	}
}

// Against the standard library's reader, for what its writer writes.
func TestRowsReadCSV(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.StringOfN(rapid.RuneFrom([]rune("ab,;\t\"\n é–")), 0, 6, -1)
		rows := rapid.SliceOfN(rapid.SliceOfN(field, 2, 4), 1, 6).Draw(t, "rows")
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		var want []string
		for _, row := range rows {
			w.Write(row)
			want = append(want, strings.Join(row, "¦"))
		}
		w.Flush()
		var got []string
		for _, row := range rowsOf(t, NewRows(&out, ',', 1000)) {
			_, row, _ = strings.Cut(row, ":")
			got = append(got, row)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

// However a text is cut into lines and quotes, every line is in a row or
// skipped, and none is read twice.
func TestRowsLoseNoLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("x,\"\n")), 0, 80, -1).Draw(t, "text")
		r := NewRows(strings.NewReader(text), ',', rapid.IntRange(5, 40).Draw(t, "limit"))
		last := int64(0)
		for {
			_, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			var skipped *Skipped
			line := r.Number()
			if errors.As(err, &skipped) {
				line = skipped.Line
			}
			if line <= last {
				t.Fatalf("line %d comes after line %d in %q", line, last, text)
			}
			last = line
		}
		if want := int64(strings.Count(text, "\n")); last > want+1 {
			t.Fatalf("the last row is on line %d of %d", last, want+1)
		}
	})
}

// A quote that is never closed before many lines costs one look at each.
func TestRowsManyQuotes(t *testing.T) {
	t.Parallel()
	text := "a,\"b\n" + strings.Repeat("\"\"\n", 1_000_000)
	n := len(rowsOf(t, NewRows(strings.NewReader(text), ',', 4<<20)))
	if n != 1_000_001 {
		t.Errorf("%d rows, want 1000001", n)
	}
}

func TestUTF16(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.SliceOf(rapid.OneOf(rapid.Uint16(), rapid.Uint16Range(0xd700, 0xe010))).Draw(t, "units")
		big := rapid.Bool().Draw(t, "big-endian")
		raw := []byte("\xff\xfe")
		if big {
			raw = []byte("\xfe\xff")
		}
		for _, u := range units {
			if big {
				raw = append(raw, byte(u>>8), byte(u))
			} else {
				raw = append(raw, byte(u), byte(u>>8))
			}
		}
		got, err := io.ReadAll(Text(bytes.NewReader(raw)))
		if want := string(utf16.Decode(units)); err != nil || string(got) != want {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
	})
}

func FuzzRows(f *testing.F) {
	f.Add([]byte("a,b\n1,\"2\n3\"\n"))
	f.Add([]byte("\xff\xfea\x00;\x00b\x00"))
	f.Add([]byte("sep=;\n\"x\"\"y\";\x96"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := NewRows(bytes.NewReader(in), 0, 64)
		for {
			fields, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			for _, field := range fields {
				if err == nil && !utf8.Valid(field) {
					t.Fatalf("%q is not UTF-8", field)
				}
			}
		}
	})
}
