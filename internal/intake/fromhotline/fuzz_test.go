package fromhotline

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lapwing/internal/referral"
)

func FuzzRead(f *testing.F) {
	for _, name := range []string{"minimal", "typical", "full", "retracted"} {
		f.Add(fixture(f, name+".json"))
	}
	f.Add([]byte(start + `,"items":{"hashes":{"type":"pdq","value":true}},"parties":[null,{"of":1,"role":"associated"}]}`))
	f.Add([]byte(start + `,"ip":"192.0.2.1","x":"` + strings.Repeat("Az09", 100) + `"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		o := Options{MaxBytes: 1 << 16, MaxValues: 2000}
		ds, fs := Read(b, o)
		if got := len(ds) == 0; got != referral.Refuses(fs) {
			t.Fatalf("Read(%q): %d drafts, Refuses %v", b, len(ds), referral.Refuses(fs))
		}
		again, _ := Read(b, o)
		one, err := json.Marshal(ds)
		if err != nil {
			t.Fatal(err)
		}
		two, err := json.Marshal(again)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one, two) {
			t.Fatalf("Read(%q) is not the same twice:\n%s\n%s", b, one, two)
		}
		clean, ok := Clean(b, o)
		if len(ds) > 0 && !ok {
			t.Fatalf("Clean(%q) cannot read what Read reads", b)
		}
		if !ok {
			return
		}
		// What may be kept reads as before, without what was taken out.
		if !json.Valid(clean) {
			t.Fatalf("Clean(%q) = %q: not JSON", b, clean)
		}
		if len(ds) == 0 {
			return
		}
		leaves := 0
		for _, f := range fs {
			if strings.Contains(f.Text, "dropped on purpose") || strings.Contains(f.Text, "media has no place") {
				leaves++
			}
		}
		if leaves > 0 {
			return
		}
		ds2, _ := Read(clean, o)
		if diff := cmp.Diff(ds, ds2); diff != "" {
			t.Fatalf("Read(Clean(%q)) (-original +cleaned):\n%s", b, diff)
		}
	})
}

// FuzzTree compares the tree with what encoding/json makes of a document.
func FuzzTree(f *testing.F) {
	f.Add([]byte(`{"a":[1,-2.5e3,true,false,null,"x\"\u00e9\ud83d\ude00"],"":{},"b":[],"a":{"c":" "}}`))
	f.Add([]byte(" \t\r\n[ [ ] , { } , \"\\\\\" ]\n"))
	f.Add([]byte("\"\xff\xc3\x28\""))
	f.Fuzz(func(t *testing.T, b []byte) {
		var want any
		dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
		dec.UseNumber()
		err := dec.Decode(&want)
		if err == nil {
			if _, more := dec.Token(); more != io.EOF {
				err = errors.New("more follows")
			}
		}
		d, got := parse(b, Options{MaxBytes: 1 << 16, MaxDepth: 100, MaxValues: 1 << 16})
		if got != nil {
			if err == nil && !strings.Contains(got.Error(), "more than") && !strings.Contains(got.Error(), "deeper") {
				t.Fatalf("parse(%q): %v; encoding/json reads it", b, got)
			}
			return
		}
		if err != nil {
			t.Fatalf("parse(%q) reads what encoding/json does not: %v", b, err)
		}
		if diff := cmp.Diff(want, d.root.asAny(), cmp.FilterValues(longOnes, cmp.Ignore())); diff != "" {
			t.Fatalf("parse(%q) (-encoding/json +tree):\n%s", b, diff)
		}
		d.release()
	})
}

// longOnes are strings in which media may have been taken out.
func longOnes(a, b string) bool { return len(a) > MediaLimit }

func (n *node) asAny() any {
	switch n.kind {
	case isObject:
		m := map[string]any{}
		for c := n.first; c != nil; c = c.next {
			m[c.name] = c.asAny()
		}
		return m
	case isList:
		l := []any{}
		for c := n.first; c != nil; c = c.next {
			l = append(l, c.asAny())
		}
		return l
	case isString:
		return n.text
	case isNumber:
		return json.Number(n.text)
	case isBool:
		return n.text == "true"
	}
	return nil
}

// FuzzTakeOutMedia: what is left has nothing more to take out.
func FuzzTakeOutMedia(f *testing.F) {
	std := base64.StdEncoding.EncodeToString(noise(300))
	f.Add(std)
	f.Add("data:image/png;base64," + wrap(std, 76, "\n") + " and https://board.example/" + std)
	f.Add(`<a href='data:text/html,` + strings.Repeat("%41b", 100) + `'> ` + wrap(std, 64, "\r\n") + "\nthanks")
	f.Fuzz(func(t *testing.T, s string) {
		once, n := TakeOutMedia(s)
		if n == 0 && once != s {
			t.Fatalf("TakeOutMedia(%q) changes the text and takes out nothing", s)
		}
		if again, n := TakeOutMedia(once); n > 0 {
			t.Fatalf("TakeOutMedia(%q) leaves media: %q becomes %q", s, once, again)
		}
	})
}
