package unpack

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// stdinAs walks data under a name.
func named(t testing.TB, o Options, name string, data []byte) []*Group {
	t.Helper()
	root := t.TempDir()
	write(t, root, name, data)
	groups := walkAll(t, fakes(o), root)
	for _, g := range groups {
		for i := range g.Docs {
			g.Docs[i].Path = strings.TrimPrefix(g.Docs[i].Path, root+"/")
		}
		for i := range g.Problems {
			g.Problems[i].Path = strings.TrimPrefix(g.Problems[i].Path, root+"/")
		}
	}
	return groups
}

// found is "record: data" of all documents, "record! kind" of all problems.
func found(groups []*Group) (out []string) {
	for _, g := range groups {
		for _, d := range g.Docs {
			out = append(out, fmt.Sprintf("%d: %s", d.Record, d.Data))
		}
		for _, p := range g.Problems {
			out = append(out, fmt.Sprintf("%s! %s", p.Path, p.Kind))
		}
	}
	return out
}

func TestCSV(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, data string
		o                Options
		header           string
		comma            rune
		want             []string
	}{
		{"plain", "a.csv", "a,b\n1,2\n3,4", Options{}, "a,b", ',', []string{"2: 1,2", "3: 3,4"}},
		{"windows", "a.csv", "\xef\xbb\xbfa;b\r\n1;2\r\n\r\n3;4\r\n", Options{}, "a;b", ';', []string{"2: 1;2", "4: 3;4"}},
		{"told separator", "a.csv", "sep=|\r\na|b\r\n1|2\r\n", Options{}, "a|b", '|', []string{"2: 1|2"}},
		{"tab", "a.tsv", "a\tb, c\n1\t2\n", Options{}, "a\tb, c", '\t', []string{"2: 1\t2"}},
		{"no name", "data", "id;name;note\n1;a;b\n2;c;d\n", Options{}, "id;name;note", ';', []string{"2: 1;a;b", "3: 2;c;d"}},
		{"quotes", "a.csv", "a,b\n\"1\n\"\"x\"\"\n,\",2\n3,4\n", Options{}, "a,b", ',', []string{"2: \"1\n\"\"x\"\"\n,\",2", "3: 3,4"}},
		{"quote within", "a.csv", "a,b\n1 \"x,2\n3,4\n", Options{}, "a,b", ',', []string{"2: 1 \"x,2", "3: 3,4"}},
		{"old mac", "a.csv", "a,b\r1,2\r3,4\r", Options{}, "a,b", ',', []string{"2: 1,2", "3: 3,4"}},
		{"one column", "a.csv", "id\n1\n2\n", Options{}, "id", ',', []string{"2: 1", "3: 2"}},
		{"rows of nothing", "a.csv", ",,\na,b\n,,\n\" \",\n1,2\n", Options{}, "a,b", ',', []string{"5: 1,2"}},
		{"open quote", "a.csv", "a,b\n\"1,2\n3,4\n5,6\n", Options{}, "a,b", ',', []string{"3: 3,4", "4: 5,6", "a.csv#2! damaged"}},
		{"open quote and much", "a.csv", "a,b\n\"1,2\n" + strings.Repeat("3,4\n", 5), Options{MaxRecord: 8}, "a,b", ',',
			[]string{"3: 3,4", "4: 3,4", "5: 3,4", "6: 3,4", "7: 3,4", "a.csv#2! damaged"}},
		{"long row", "a.csv", "a,b\n1," + strings.Repeat("x", 100_000) + "\n3,4\n", Options{MaxRecord: 1000}, "a,b", ',',
			[]string{"3: 3,4", "a.csv#2! too large"}},
		{"long row behind an open quote", "a.csv", "a,b\n\"5,6\n7,8\n1," + strings.Repeat("x", 100_000) + "\n3,4\n", Options{MaxRecord: 1000}, "a,b", ',',
			[]string{"3: 7,8", "5: 3,4", "a.csv#2! damaged", "a.csv#4! too large"}},
		{"binary row", "a.csv", "a,b\n" + strings.Repeat("1,2\n", 5000) + "3,\x00\n5,6\n", Options{}, "a,b", ',', nil},
		{"header only", "a.csv", "a,b\n", Options{}, "", 0, []string{"a.csv! empty"}},
		{"commas only", "a.csv", ",,,\n", Options{}, "", 0, []string{"a.csv! empty"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			groups := named(t, tt.o, tt.file, []byte(tt.data))
			if tt.want == nil { // too many to list
				p := theProblem(t, groups, "")
				if p.Path != "a.csv#5002" || p.Data != nil || len(allDocs(groups)) != 5001 {
					t.Errorf("%d documents, problem %+v", len(allDocs(groups)), p)
				}
				return
			}
			if diff := cmp.Diff(tt.want, found(groups)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.data, diff)
			}
			for _, d := range allDocs(groups) {
				if string(d.Header) != tt.header || d.Comma != tt.comma || d.Class != CSV {
					t.Errorf("%s: header %q, comma %q, class %v; want %q, %q", d.Path, d.Header, d.Comma, d.Class, tt.header, tt.comma)
				}
			}
		})
	}
}

// Cut into rows and read one by one, a file is what encoding/csv reads of it
// as a whole.
func TestRowsLikeStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		body := rapid.StringMatching(`([ab",\n]|\r\n|""|,"|",){0,60}`).Draw(rt, "rows")
		data := "h1,h2\n" + body
		whole := csv.NewReader(strings.NewReader(data))
		whole.LazyQuotes, whole.FieldsPerRecord = true, -1
		want, err := whole.ReadAll()
		if err != nil {
			rt.Skip("encoding/csv cannot read it")
		}
		if openAtEnd(data) {
			rt.Skip("a quote is open at the end: rows are saved here")
		}
		want = slices.DeleteFunc(want, func(row []string) bool { // those without content are passed over
			return strings.Trim(strings.Join(row, ""), " \t\r\n\",") == ""
		})
		var got [][]string
		for _, d := range allDocs(walkAll(t, fakes(Options{Stdin: strings.NewReader(data), Classify: func([]byte, string) Class { return CSV }}), "-")) {
			r := csv.NewReader(bytes.NewReader(d.Data))
			r.Comma, r.LazyQuotes = d.Comma, true
			row, err := r.Read()
			if err != nil {
				rt.Fatalf("row %q: %v", d.Data, err)
			}
			if _, err := r.Read(); err != io.EOF {
				rt.Fatalf("%q is more than a row", d.Data)
			}
			got = append(got, row)
		}
		if diff := cmp.Diff(want[1:], got, cmp.Comparer(func(a, b []string) bool { return slices.Equal(a, b) })); diff != "" && len(want)-1+len(got) > 0 {
			rt.Fatalf("%q: encoding/csv reads (-), rows are (+):\n%s", data, diff)
		}
	})
}

func openAtEnd(data string) bool {
	open := false
	for line := range strings.SplitAfterSeq(data, "\n") {
		open, _ = rowState([]byte(line), ',', open)
	}
	return open
}

// A file in which no quote is ever closed takes time in proportion to its size.
func TestOpenQuotesAreCheap(t *testing.T) {
	t.Parallel()
	data := "a,b\n" + strings.Repeat("\"x\n", 300_000)
	start := time.Now()
	n := 0
	o := fakes(Options{Stdin: strings.NewReader(data), Classify: func([]byte, string) Class { return CSV }})
	err := Walk(t.Context(), []string{"-"}, o, func(g *Group) error {
		n += len(g.Docs) + len(g.Problems)
		return nil
	})
	if took := time.Since(start); err != nil || n != 300_000 || took > 30*time.Second {
		t.Errorf("%d items in %v, error %v; want %d within half a minute", n, took, err, 300_000)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	long := `{"a":"` + strings.Repeat("x", 40_000) + `"}`
	tests := []struct {
		name, data string
		o          Options
		want       []string
	}{
		{"object", "{\"a\":\n1}\n", Options{}, []string{"0: {\"a\":\n1}"}},
		{"mark", "\xef\xbb\xbf{\"a\":1}", Options{}, []string{`0: {"a":1}`}},
		{"lines", "{\"a\":1}\r\n\r\n{\"b\":\"}\\\"{\"}\n", Options{}, []string{`1: {"a":1}`, `3: {"b":"}\"{"}`}},
		{"a damaged line", "{\"a\":1}\n{\"b\":\n{\"c\":1}\n", Options{}, []string{`1: {"a":1}`, `2: {"b":`, `3: {"c":1}`}},
		{"long lines", long + "\n" + long + "\n", Options{}, []string{"1: " + long, "2: " + long}},
		{"over long line", "{\"a\":1}\n{\"b\":\"" + strings.Repeat("x", 2000) + "\"}\n{\"c\":1}", Options{MaxDoc: 1000}, []string{`1: {"a":1}`, `3: {"c":1}`, "a.json#2! too large"}},
		{"values", "{\n \"a\":1}{\"b\":2} \n{\"c\":[{}]}", Options{}, []string{"1: {\n \"a\":1}", `2: {"b":2}`, `3: {"c":[{}]}`}},
		{"values and more", "{\n \"a\":1}{\"b\":2} x", Options{}, []string{"1: {\n \"a\":1}", `2: {"b":2}`, "a.json! damaged"}},
		{"sequence", "\x1e{\"a\":1}\n\x1e{\"b\":2}\n", Options{}, []string{`1: {"a":1}`, `2: {"b":2}`}},
		{"array", ` [ {"a":1} , {"b":"],["},{"c":[[]]}]` + "\n", Options{}, []string{`1: {"a":1}`, `2: {"b":"],["}`, `3: {"c":[[]]}`}},
		{"empty array", "[ ]", Options{}, []string{"a.json! empty"}},
		{"array of numbers", "[1,2]", Options{}, []string{"0: [1,2]"}},
		{"array cut off", `[{"a":1},{"b":`, Options{}, []string{`1: {"a":1}`, "a.json! damaged"}},
		{"array without comma", `[{"a":1}{"b":2}]`, Options{}, []string{`1: {"a":1}`, "a.json! damaged"}},
		{"array with a number", `[{"a":1},2]`, Options{}, []string{`1: {"a":1}`, "a.json! damaged"}},
		{"array and more", `[{"a":1}]{}`, Options{}, []string{`1: {"a":1}`, "a.json! damaged"}},
		{"array without end", `[{"a":1}`, Options{}, []string{`1: {"a":1}`, "a.json! damaged"}},
		{"array, comma at its end", `[{"a":1},]`, Options{}, []string{`1: {"a":1}`, "a.json! damaged"}},
		{"large element", `[{"a":1},{"b":"` + strings.Repeat("x", 2000) + `"},{"c":1}]`, Options{MaxDoc: 1000}, []string{`1: {"a":1}`, `3: {"c":1}`, "a.json#2! too large"}},
		{"large object", `{"b":"` + strings.Repeat("x", 2000) + `"}`, Options{MaxDoc: 1000}, []string{"a.json! too large"}},
		{"cut off", `{"b":[1,`, Options{}, []string{`0: {"b":[1,`}},
		{"object and words", `{"b":1} and more`, Options{}, []string{`0: {"b":1}and more`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, found(named(t, tt.o, "a.json", []byte(tt.data)))); diff != "" {
				t.Errorf("%.200q (-want +got):\n%s", tt.data, diff)
			}
		})
	}
}

// However an array is written, its elements come back.
func TestArrayElements(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		objects := rapid.SliceOfN(rapid.MapOfN(rapid.String(), rapid.String(), 0, 4), 1, 20).Draw(rt, "objects")
		indent := rapid.SampledFrom([]string{"", " ", "\t\t"}).Draw(rt, "indent")
		data, err := json.MarshalIndent(objects, "", indent)
		if err != nil {
			rt.Fatal(err)
		}
		var got []map[string]string
		for _, d := range allDocs(walkAll(t, fakes(Options{Stdin: iotestSmall(rt, data)}), "-")) {
			var m map[string]string
			if err := json.Unmarshal(d.Data, &m); err != nil {
				rt.Fatalf("element %q: %v", d.Data, err)
			}
			got = append(got, m)
		}
		if diff := cmp.Diff(objects, got); diff != "" {
			rt.Fatalf("%s (-want +got):\n%s", data, diff)
		}
	})
}

// iotestSmall gives data in pieces of drawn size.
func iotestSmall(rt *rapid.T, data []byte) io.Reader {
	return &pieces{data, rapid.IntRange(1, 40).Draw(rt, "pieces")}
}

type pieces struct {
	data []byte
	n    int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.data) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(len(b), p.n)], p.data)
	p.data = p.data[n:]
	return n, nil
}

// in16 is a text as UTF-16 with a byte-order mark.
func in16(s string, order binary.AppendByteOrder) (b []byte) {
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func TestUTF16(t *testing.T) {
	t.Parallel()
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		want := []string{"2: 1;caf\u00e9 \U0001f426", "3: 3;4"}
		got := found(named(t, Options{}, "a.csv", in16("a;b\r\n1;caf\u00e9 \U0001f426\r\n3;4\r\n", order)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("CSV, %v (-want +got):\n%s", order, diff)
		}
		if diff := cmp.Diff([]string{`0: {"a":"ü"}`}, found(named(t, Options{}, "a", in16(`{"a":"ü"}`, order)))); diff != "" {
			t.Errorf("JSON, %v (-want +got):\n%s", order, diff)
		}
		xml := in16(`<?xml version="1.0" encoding="UTF-16"?><report/>`, order)
		if docs := allDocs(named(t, Options{}, "a", xml)); len(docs) != 1 || docs[0].Class != XML || !bytes.Equal(docs[0].Data, xml) {
			t.Errorf("XML, %v: %+v, want it as it is", order, docs)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		units := rapid.SliceOfN(rapid.SampledFrom([]uint16{'a', 0xd800, 0xdc00, 0xdbff, 0xdfff, 0xe9, 0xfffd}), 0, 5000).Draw(rt, "units")
		var b []byte
		for _, u := range units {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		r := &reader16{r: &pieces{b, rapid.IntRange(1, 9).Draw(rt, "pieces")}, order: binary.LittleEndian}
		got, err := io.ReadAll(r)
		if want := string(utf16.Decode(units)); err != nil || string(got) != want {
			rt.Fatalf("%x reads as %q, %v; want %q", units, got, err, want)
		}
	})
}
