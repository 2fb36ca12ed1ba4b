package unpack

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"path"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// walkBytes walks a file with these bytes in memory, as it would be read from
// the disk, under small limits.
func walkBytes(t *testing.T, o Options, name string, data []byte) []*Group {
	t.Helper()
	var all []*Group
	w := &walker{ctx: context.Background(), o: o.withDefaults(), emit: func(g *Group) error {
		all = append(all, g)
		return nil
	}}
	raw := &rawFile{w: w, r: bytes.NewReader(data), at: bytes.NewReader(data), size: int64(len(data))}
	g := newGather(w, lookahead)
	e := entry{dir: "in", name: name, path: path.Join("in", name), size: int64(len(data)), r: raw, at: raw, budget: &budget{raw: raw}}
	err := w.take(e, g)
	if err == nil {
		err = g.flush()
	}
	if err != nil {
		t.Fatalf("the walk fails: %v", err)
	}
	return all
}

// checkPromises checks what holds for every walk.
func checkPromises(t *testing.T, o Options, name string, data []byte) {
	o = fakes(o)
	all := walkBytes(t, o, name, data)
	items, ordinal := 0, int64(0)
	text := func(s string) {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, unprintable) {
			t.Errorf("not fit to be shown: %q", s)
		}
	}
	for _, g := range all {
		items += len(g.Docs) + len(g.Media) + len(g.Problems)
		text(g.Dir)
		for _, d := range g.Docs {
			text(d.Path)
			if ordinal++; d.Ordinal != ordinal {
				t.Errorf("%s has ordinal %d, want %d", d.Path, d.Ordinal, ordinal)
			}
			if int64(len(d.Data)) > o.MaxDoc || !isText(d.Data) {
				t.Errorf("%s: %d bytes of a document, limit %d, text %v", d.Path, len(d.Data), o.MaxDoc, isText(d.Data))
			}
			if d.Class == CSV && (d.Comma == 0 || len(d.Header) == 0 || d.Record < 2) {
				t.Errorf("%s: row %d with header %q, comma %q", d.Path, d.Record, d.Header, d.Comma)
			}
		}
		for _, p := range g.Problems {
			text(p.Path)
			text(p.Reason)
			if p.Kind == "" || p.Reason == "" {
				t.Errorf("%s: kind %q, reason %q", p.Path, p.Kind, p.Reason)
			}
			if p.Data != nil && (!isText(p.Data) || int64(len(p.Data)) > o.MaxDoc) {
				t.Errorf("%s keeps %q", p.Path, p.Data)
			}
		}
	}
	if items == 0 {
		t.Errorf("nothing was told about %q", data)
	}
	if again := walkBytes(t, o, name, data); !reflect.DeepEqual(all, again) {
		t.Errorf("two walks differ:\n%q\n%q", lines("", all), lines("", again))
	}
}

func FuzzWalk(f *testing.F) {
	one, two := file{"d/1.xml", report(1)}, file{"../2.xml", report(2)}
	z, tr := zipOf(f, one, two), tarOf(f, one, two)
	for _, seed := range [][]byte{
		nil, report(1), z, z[:len(z)-30], z[:60], tr, tr[:700], tr[:1024], gzipOf(f, tr), gzipOf(f, z), gzipOf(f, report(1)),
		zipOf(f, file{"a.zip", z}, file{"b.tgz", gzipOf(f, tr)}), tarOf(f, file{"a.zip", z}, file{"b.zip", z[:60]}, file{"m", []byte(fakeMedia)}),
		[]byte("a,b,c\n1,\"2\n2\",3\n4,\"5,6\n"), []byte("{\"a\":1}\n{\"b\":\n{}"), []byte(`[{"a":1},{"b":[{}]}]`), []byte("{\n}{}{}"),
		in16("a;b\n1;2\n", le), []byte("\x1f\x8b\x08\x00"), []byte("PK\x05\x06" + strings.Repeat("\x00", 18)),
	} {
		for _, name := range []string{"a", "a.csv"} {
			f.Add(name == "a.csv", seed)
		}
	}
	f.Fuzz(func(t *testing.T, csv bool, data []byte) {
		name := "a"
		if csv {
			name = "a.csv"
		}
		o := Options{MaxDoc: 1000, MaxRecord: 300, MaxNested: 3000, MaxTotal: 1 << 20, MaxFiles: 50, Window: 3, WindowBytes: 2000}
		checkPromises(t, o, name, data)
	})
}

// FuzzEntries puts fuzzed content and names into whole archives, so that the
// bytes get past checksums.
func FuzzEntries(f *testing.F) {
	f.Add("d/1.xml", report(1), []byte("a,b,c\n1,2,3\n"), uint16(0))
	f.Add(`..\x`, []byte(fakeMedia), []byte("{}\n{}"), uint16(100))
	f.Add("a\x00b", []byte("[{},{}]"), []byte{}, uint16(400))
	f.Fuzz(func(t *testing.T, name string, one, two []byte, cut uint16) {
		if len(name) > 60 || strings.HasSuffix(name, "/") {
			name = "a"
		}
		o := Options{MaxDoc: 1000, MaxRecord: 300, MaxNested: 3000, MaxTotal: 1 << 20, Window: 3, WindowBytes: 2000}
		z := zipWith(t, func(z *zip.Writer) { // stored, since packing would take most of the time
			addZip(t, z, &zip.FileHeader{Name: name}, one)
			addZip(t, z, &zip.FileHeader{Name: "b"}, two)
		})
		checkPromises(t, o, "a", z)
		checkPromises(t, o, "a", z[:min(len(z), int(cut))])
		if strings.IndexByte(name, 0) < 0 && utf8.ValidString(name) && name != "" {
			tr := tarOf(t, file{name, one}, file{"b", two})
			checkPromises(t, o, "a", tr)
			checkPromises(t, o, "a", tr[:min(len(tr), int(cut)+512)])
		}
	})
}

// FuzzClassify: no bytes and no name make it fail, and what it calls text is.
func FuzzClassify(f *testing.F) {
	for _, s := range []string{"", "<a/>", "{}", "[{}]", "a,b,c\n1,2,3\n", "sep=;\na;b", "\xff\xfe<\x00", "PK\x03\x04"} {
		f.Add([]byte(s), "a.csv")
	}
	f.Fuzz(func(t *testing.T, head []byte, name string) {
		c := Classify(head, name)
		if strings.HasPrefix(c.String(), "class ") {
			t.Errorf("Classify(%q, %q) = %v", head, name, c)
		}
		switch c {
		case Binary, Gzip, Zip, Tar, Blank:
		default:
			if !isText(head) {
				t.Errorf("Classify(%q, %q) = %v, but it is not text", head, name, c)
			}
		}
		if n := stemLen(name); n > len(name) || n == 0 && name != "" {
			t.Errorf("stemLen(%q) = %d", name, n)
		}
		if s := shown(name); !utf8.ValidString(s) || shown(s) != s {
			t.Errorf("shown(%q) = %q, then %q", name, s, shown(s))
		}
		_ = fmt.Sprint(binaryReason(head, name))
	})
}
