package fromvics

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// drawJSON draws a document and sometimes damages it.
func drawJSON(t *rapid.T) []byte {
	var value func(depth int) any
	value = func(depth int) any {
		kinds := 6
		if depth == 0 {
			kinds = 4
		}
		switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(t, "bool")
		case 2:
			return rapid.SampledFrom([]float64{0, -1, 7.5, 1e300, 12}).Draw(t, "number")
		case 3:
			return rapid.StringOfN(rapid.RuneFrom([]rune("ab\"\\/\n\t{}[],:é\u2028")), 0, 8, -1).Draw(t, "string")
		case 4:
			a := []any{}
			for range rapid.IntRange(0, 3).Draw(t, "elements") {
				a = append(a, value(depth-1))
			}
			return a
		}
		m := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "members") {
			m[rapid.StringOfN(rapid.RuneFrom([]rune("ab\"\\:")), 0, 3, -1).Draw(t, "name")] = value(depth - 1)
		}
		return m
	}
	b, err := json.Marshal(value(4))
	if err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "indent") {
		var out bytes.Buffer
		json.Indent(&out, b, " ", "\t")
		b = out.Bytes()
	}
	if len(b) > 0 && rapid.IntRange(0, 2).Draw(t, "damage") == 0 {
		i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		b[i] = rapid.SampledFrom([]byte("\"\\{}[],:01.-+eE tfn\n\x00\xff")).Draw(t, "byte")
	}
	return b
}

// What the parser takes for JSON, and the ends that it finds, are those of
// encoding/json.
func TestValueEndIsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkValueEnd(t, drawJSON(t)) })
}

func checkValueEnd(t interface{ Fatalf(string, ...any) }, b []byte) {
	end, err := valueEnd(b, space(b, 0), 0)
	got := err == nil && space(b, end) == len(b)
	if want := json.Valid(b); got != want && !(want && deep(b)) {
		t.Fatalf("valueEnd(%q) = %d, %v; encoding/json says valid is %v", b, end, err, want)
	}
}

func deep(b []byte) bool { return bytes.Count(b, []byte("["))+bytes.Count(b, []byte("{")) >= maxDepth }

func TestMembersAreThoseOfJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawJSON(t)
		got := map[string]string{}
		err := members(b, func(name, value []byte) error {
			got[string(name)] = string(value)
			return nil
		})
		var want map[string]json.RawMessage
		wantErr := json.Unmarshal(b, &want)
		if want == nil && wantErr == nil { // null
			wantErr = errNotJSON
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("members(%q): %v, encoding/json: %v", b, err, wantErr)
		}
		if err != nil {
			return
		}
		for name, value := range want {
			if name != strings.TrimSpace(name) { // text trims
				continue
			}
			if got[name] != string(value) {
				t.Fatalf("members(%q): %q is %q, want %q", b, name, got[name], value)
			}
		}
	})
}

// However the bytes come in, the stream cuts the same values.
func TestStreamCutsValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var want [][]byte
		var doc bytes.Buffer
		doc.WriteByte('[')
		for i := range rapid.IntRange(0, 4).Draw(t, "values") {
			b := drawJSON(t)
			if !json.Valid(b) {
				b = []byte(`"x"`)
			}
			if i > 0 {
				doc.WriteString(" ,")
			}
			doc.Write(b)
			want = append(want, bytes.TrimSpace(b))
		}
		doc.WriteByte(']')
		r := io.Reader(bytes.NewReader(doc.Bytes()))
		switch rapid.IntRange(0, 2).Draw(t, "reader") {
		case 0:
			r = iotest.OneByteReader(r)
		case 1:
			r = iotest.DataErrReader(r)
		}
		s := newStream(r, 1000)
		s.buf = make([]byte, 0, rapid.IntRange(1, 20).Draw(t, "buffer"))
		var got [][]byte
		d := document{stream: s}
		err := d.array(func() error {
			b, err := d.value()
			got = append(got, bytes.Clone(b))
			return err
		})
		if len(want) == 0 {
			return
		}
		if err != nil || len(got) != len(want) {
			t.Fatalf("%q: %d values, %v, want %d", doc.Bytes(), len(got), err, len(want))
		}
		for i := range want {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("%q: value %d is %q, want %q", doc.Bytes(), i, got[i], want[i])
			}
		}
	})
}

func TestStreamPassesOverLongValues(t *testing.T) {
	t.Parallel()
	in := `["` + strings.Repeat("x", 4_000_000) + `\"]",{"a":[` + strings.Repeat("1,", 500_000) + `1]},` + strings.Repeat("1", 1_000_000) + `,7]`
	s := newStream(strings.NewReader(in), 100)
	d := document{stream: s}
	var got []string
	err := d.array(func() error {
		b, err := d.value()
		if errors.Is(err, errLong) {
			got, err = append(got, "long"), nil
		} else {
			got = append(got, string(b))
		}
		return err
	})
	if want := "long long long 7"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if cap(s.buf) > 1<<18 {
		t.Errorf("the buffer grew to %d bytes for values of up to 100", cap(s.buf))
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`"a"`: "a", `" a\n"`: "a", `"\u00e9\"\ud83d\udc26"`: "é\"🐦", "\"\xff\"": "\ufffd", `"\ud83d"`: "\ufffd",
		"7": "7", "true": "true", "null": "", "[1]": "", `{"a":1}`: "", `""`: "",
	} {
		if got := text([]byte(in)); got != want {
			t.Errorf("text(%s) = %q, want %q", in, got, want)
		}
	}
}

func TestInteger(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"7": 7, `"7"`: 7, `" 12 "`: 12, "7.0": 7, "-1": -1, "9223372036854775807": 1<<63 - 1} {
		if got, ok := integer([]byte(in)); got != want || !ok {
			t.Errorf("integer(%s) = %d, %v, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{"7.5", `"x"`, "9223372036854775808", "1e3", `""`, "true", "[1]"} {
		if got, ok := integer([]byte(in)); ok {
			t.Errorf("integer(%s) = %d, want none", in, got)
		}
	}
}

func FuzzValueEnd(f *testing.F) {
	f.Add([]byte(`{"a":[1,-2.5e+7,"\u00e9\\",null],"b":{}}`))
	f.Add([]byte(`[[[]]]`))
	f.Fuzz(func(t *testing.T, b []byte) { checkValueEnd(t, b) })
}
