package unpack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lapwing/internal/hashing"
)

// fakeMedia is what the fake Sniff takes for media: no picture, just a mark.
const fakeMedia = "\x89FAKE\x00"

// fakes replaces hashing by something that only counts.
func fakes(o Options) Options {
	o.Sniff = func(head []byte) string {
		if bytes.HasPrefix(head, []byte(fakeMedia)) {
			return "image/fake"
		}
		return ""
	}
	o.Fingerprint = func(_ context.Context, r io.Reader) (hashing.Fingerprints, error) {
		n, err := io.Copy(io.Discard, r)
		return hashing.Fingerprints{Size: n}, err
	}
	return o
}

// walkAll is everything that a walk hands out.
func walkAll(t testing.TB, o Options, inputs ...string) []*Group {
	t.Helper()
	var all []*Group
	err := Walk(t.Context(), inputs, o, func(g *Group) error {
		all = append(all, g)
		return nil
	})
	if err != nil {
		t.Fatalf("Walk(%q) = %v", inputs, err)
	}
	return all
}

// lines tells what was found, a line each, without the folder of the test:
// "doc path class", "media path", "problem path kind".
func lines(root string, groups []*Group) []string {
	var out []string
	cut := func(s string) string { return strings.TrimPrefix(strings.TrimPrefix(s, root), "/") }
	for _, g := range groups {
		out = append(out, strings.TrimSpace("group "+cut(g.Dir)))
		for _, d := range g.Docs {
			out = append(out, fmt.Sprintf("doc %s %v", cut(d.Path), d.Class))
		}
		for _, m := range g.Media {
			out = append(out, "media "+cut(m.Path))
		}
		for _, p := range g.Problems {
			out = append(out, fmt.Sprintf("problem %s %s", cut(p.Path), p.Kind))
		}
	}
	return out
}

func check(t testing.TB, root string, groups []*Group, want string) {
	t.Helper()
	got := strings.Join(lines(root, groups), "\n")
	want = strings.TrimSpace(strings.ReplaceAll(want, "\t", ""))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
		for _, g := range groups {
			for _, p := range g.Problems {
				t.Logf("%s: %s", p.Path, p.Reason)
			}
		}
	}
}

// problems is the one problem that a walk found with the path's end.
func theProblem(t testing.TB, groups []*Group, suffix string) Problem {
	t.Helper()
	var found []Problem
	for _, g := range groups {
		for _, p := range g.Problems {
			if strings.HasSuffix(p.Path, suffix) {
				found = append(found, p)
			}
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d problems end in %q, want 1: %v", len(found), suffix, found)
	}
	return found[0]
}

func allDocs(groups []*Group) (docs []Doc) {
	for _, g := range groups {
		docs = append(docs, g.Docs...)
	}
	return docs
}

func write(t testing.TB, root, name string, data []byte) {
	t.Helper()
	name = filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func report(n int) []byte {
	return fmt.Appendf(nil, "<?xml version=\"1.0\"?>\n<report><id>%d</id><note>synthetic report %d</note></report>\n", n, n)
}

func TestFolder(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "in/900000010.xml", report(10))
	write(t, root, "in/900000010-file1.xml", report(1))
	write(t, root, "in/900000010.fileDetails.2.xml", report(2))
	write(t, root, "in/9000000100.xml", report(100))
	write(t, root, "in/gradient.png", []byte(fakeMedia))
	write(t, root, "in/sub/note.txt", []byte("A note about synthetic report 10.\n"))
	write(t, root, "in/a.zip", zipOf(t, file{"x/1.xml", report(1)}, file{"2.xml", report(2)}))
	write(t, root, "in/b.tar", tarOf(t, file{"x/1.xml", report(1)}))
	write(t, root, "in/c.tgz", gzipOf(t, tarOf(t, file{"1.xml", report(1)})))
	write(t, root, "in/900000010_d.json.gz", gzipOf(t, []byte(`{"id": 10}`)))
	write(t, root, "in/rows.csv", []byte("id;name;n\r\n1;a;2\r\n2;\"b\r\nc\";3\r\n"))
	write(t, root, "in/line.ndjson", []byte("{\"id\":1}\n{\"id\":2}\n"))
	write(t, root, "in/list.json", []byte(`[{"id":1}, {"id":"],"}]`))
	groups := walkAll(t, fakes(Options{}), filepath.Join(root, "in"))
	check(t, root, groups, `group in
		doc in/900000010-file1.xml xml
		doc in/900000010.fileDetails.2.xml xml
		doc in/900000010.xml xml
		doc in/900000010_d.json.gz json
		doc in/9000000100.xml xml
		doc in/line.ndjson#1 json
		doc in/line.ndjson#2 json
		doc in/list.json#1 json
		doc in/list.json#2 json
		doc in/rows.csv#2 csv
		doc in/rows.csv#3 csv
		media in/gradient.png
		group in/a.zip!/x
		doc in/a.zip!/x/1.xml xml
		group in/a.zip!
		doc in/a.zip!/2.xml xml
		group in/b.tar!/x
		doc in/b.tar!/x/1.xml xml
		group in/c.tgz!
		doc in/c.tgz!/1.xml xml
		group in/sub
		doc in/sub/note.txt text`)

	docs := allDocs(groups)
	for i, d := range docs {
		if d.Ordinal != int64(i+1) {
			t.Errorf("%s has the ordinal %d, want %d", d.Path, d.Ordinal, i+1)
		}
		if d.Modified.IsZero() || d.Modified.Location() != time.UTC {
			t.Errorf("%s was modified %v, want a time in UTC", d.Path, d.Modified)
		}
	}
	i := slices.IndexFunc(docs, func(d Doc) bool { return d.Record == 3 })
	row := docs[i]
	if string(row.Data) != "2;\"b\r\nc\";3" || string(row.Header) != "id;name;n" || row.Comma != ';' || row.Size != int64(len(row.Data)) {
		t.Errorf("row 3 = %+v, %q, %q", row, row.Data, row.Header)
	}
}

func TestInputs(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "b.xml", report(1))
	write(t, root, "a.xml", report(2))
	write(t, root, "z.zip", zipOf(t, file{"1.xml", report(1)}))
	write(t, root, "dir/c.xml", report(3))
	if err := os.Symlink("dir", filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	in := func(names ...string) (paths []string) {
		for _, n := range names {
			if n != "-" {
				n = filepath.Join(root, n)
			}
			paths = append(paths, n)
		}
		return paths
	}
	o := fakes(Options{Stdin: strings.NewReader("{\"id\":1}\n{\"id\":2}\n")})
	check(t, root, walkAll(t, o, in("b.xml", "a.xml", "z.zip", "none.xml", "link", "-", "b.xml")...), `group
		doc a.xml xml
		doc b.xml xml
		group z.zip!
		doc z.zip!/1.xml xml
		group
		problem none.xml unreadable
		group link
		doc link/c.xml xml
		group -
		doc -#1 json
		doc -#2 json
		group
		doc b.xml xml`)
}

func TestStandardInput(t *testing.T) {
	t.Parallel()
	small := zipOf(t, file{"dir/1.xml", report(1)})
	tests := []struct {
		name string
		in   []byte
		o    Options
		want string
	}{
		{"xml", report(1), Options{}, "group -\ndoc - xml"},
		{"csv", []byte("a,b,c\n1,2,3\n4,5,6\n"), Options{}, "group -\ndoc -#2 csv\ndoc -#3 csv"},
		{"tar", tarOf(t, file{"d/1.xml", report(1)}), Options{}, "group -!/d\ndoc -!/d/1.xml xml"},
		{"tar.gz", gzipOf(t, tarOf(t, file{"d/1.xml", report(1)})), Options{}, "group -!/d\ndoc -!/d/1.xml xml"},
		{"gz", gzipOf(t, report(1)), Options{}, "group -\ndoc - xml"},
		{"small zip", small, Options{}, "group -!/dir\ndoc -!/dir/1.xml xml"},
		{"large zip", small, Options{MaxNested: 100}, "group -\nproblem - too large"},
		{"nothing", nil, Options{}, "group -\nproblem - empty"},
		{"blanks", []byte(" \n\t"), Options{}, "group -\nproblem - empty"},
		{"media", []byte(fakeMedia), Options{}, "group -\nmedia -"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.o.Stdin = bytes.NewReader(tt.in)
			check(t, "", walkAll(t, fakes(tt.o), "-"), tt.want)
		})
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		check(t, "", walkAll(t, Options{}, "-"), "group -\nproblem - unreadable")
	})
}

// In a folder, everything that is no document is one problem.
func TestFolderTroubles(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "in/1.xml", report(1))
	write(t, root, "in/empty.xml", nil)
	write(t, root, "in/large.xml", append(report(2), bytes.Repeat([]byte(" "), 50_000)...))
	write(t, root, "in/noise.bin", []byte{0, 1, 2, 3})
	write(t, root, "in/report.pdf", []byte("%PDF-1.7\n\x00\x01"))
	write(t, root, "in/sheet.xlsx", zipOf(t, file{"[Content_Types].xml", report(1)}))
	write(t, root, "in/tail.xml", append(report(3), 0, 1, 2))
	write(t, root, "in/turns.xml", append(bytes.Repeat([]byte("<a>\n"), 10_000), 0, 1, 2))
	write(t, root, "in/bad\xffname\n.xml", report(4))
	in := filepath.Join(root, "in")
	for from, to := range map[string]string{"1.xml": "link.xml", ".": "loop", "gone": "dangling"} {
		if err := os.Symlink(from, filepath.Join(in, to)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(in, "pipe"), 0o666); err != nil {
		t.Fatal(err)
	}
	done := make(chan []*Group, 1)
	go func() { done <- walkAll(t, fakes(Options{MaxDoc: 45_000}), in) }()
	select {
	case groups := <-done:
		check(t, root, groups, `group in
			doc in/1.xml xml
			doc in/bad%FFname%0A.xml xml
			problem in/dangling special
			problem in/empty.xml empty
			problem in/large.xml too large
			problem in/link.xml special
			problem in/loop special
			problem in/noise.bin unknown
			problem in/pipe special
			problem in/report.pdf unknown
			problem in/tail.xml unknown
			problem in/turns.xml unknown
			group in
			problem in/sheet.xlsx unknown`)
		for _, name := range []string{"noise.bin", "report.pdf", "tail.xml", "turns.xml", "large.xml"} {
			if p := theProblem(t, groups, name); p.Data != nil {
				t.Errorf("%s keeps its bytes: %q", name, p.Data)
			}
		}
		if p := theProblem(t, groups, "noise.bin"); p.Digest != digest([]byte{0, 1, 2, 3}) || p.Size != 4 {
			t.Errorf("noise.bin: %+v, want its digest and size", p)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the walk waits for a pipe")
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "in/1.xml", report(1))
	write(t, root, "in/2.xml", report(2))
	write(t, root, "in/sub/3.xml", report(3))
	for _, name := range []string{"in/1.xml", "in/sub"} {
		if err := os.Chmod(filepath.Join(root, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(root, "in/sub"), 0o777) })
	if os.Getuid() == 0 {
		t.Log("permissions do not bind root: only a part of this test counts")
		_ = walkAll(t, fakes(Options{}), root)
		return
	}
	groups := walkAll(t, fakes(Options{}), root)
	check(t, root, groups, `group in
		doc in/2.xml xml
		problem in/1.xml unreadable
		group in
		problem in/sub unreadable`)
	if p := theProblem(t, groups, "1.xml"); p.Reason != "no permission to read it" {
		t.Errorf("reason %q", p.Reason)
	}
}

func TestFailureOfTheMachine(t *testing.T) {
	t.Parallel()
	o := Options{Stdin: io.MultiReader(bytes.NewReader(report(1)), failing{&os.PathError{Op: "read", Path: "x", Err: syscall.EIO}})}
	groups := walkAll(t, fakes(o), "-")
	check(t, "", groups, "group -\nproblem - unreadable")
	if p := theProblem(t, groups, "-"); p.Reason != "input/output error" || len(p.Data) > 0 && !bytes.Equal(p.Data, report(1)) {
		t.Errorf("problem %+v", p)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Media goes through the fingerprints and nowhere else.
func TestMedia(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 128, 128))
	for x := range 128 {
		for y := range 128 {
			img.Set(x, y, color.Gray{uint8(x + y)})
		}
	}
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, img); err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	write(t, root, "gradient.png", drawn.Bytes())
	write(t, root, "a.zip", zipOf(t, file{"gradient.png", drawn.Bytes()}))
	write(t, root, "b.txt", []byte("The wide road: these letters are also the mark of a film.\n"))
	groups := walkAll(t, Options{}, root)
	check(t, root, groups, `group
		doc b.txt text
		media gradient.png
		group a.zip!
		media a.zip!/gradient.png`)
	for _, g := range groups {
		for _, m := range g.Media {
			if m.Fingerprints.SHA256 != digest(drawn.Bytes()) || m.Size != int64(drawn.Len()) || m.Kind != "image/png" {
				t.Errorf("%s: %+v", m.Path, m)
			}
		}
	}
}

func TestMediaTroubles(t *testing.T) {
	t.Parallel()
	o := fakes(Options{})
	o.Fingerprint = func(context.Context, io.Reader) (hashing.Fingerprints, error) {
		return hashing.Fingerprints{}, errors.New("larger than the limit")
	}
	root := t.TempDir()
	write(t, root, "a.png", []byte(fakeMedia+"text after the mark"))
	groups := walkAll(t, o, root)
	p := theProblem(t, groups, "a.png")
	if p.Data != nil || p.Digest != "" || !strings.Contains(p.Reason, "larger than the limit") {
		t.Errorf("problem %+v", p)
	}

	// A fingerprint that hides a reading error does not make media of a part.
	z := zipOf(t, file{"a.png", append([]byte(fakeMedia), bytes.Repeat([]byte{7}, 5000)...)})
	z = corrupt(t, z, "a.png")
	o.Fingerprint = func(_ context.Context, r io.Reader) (hashing.Fingerprints, error) {
		io.Copy(io.Discard, r)
		return hashing.Fingerprints{}, nil
	}
	write(t, root, "a.zip", z)
	groups = walkAll(t, o, filepath.Join(root, "a.zip"))
	check(t, root, groups, "group a.zip!\nproblem a.zip!/a.png damaged")
}

// A picture that was put into a text is not kept with the problem.
func TestEncodedIsNotKept(t *testing.T) {
	t.Parallel()
	text := "<report><note>synthetic</note><data>" + strings.Repeat(strings.Repeat("QUJD", 19)+"&#13;\n    ", 100) + "</data></report>"
	damaged := func(doc string) Problem {
		z := corrupt(t, zipOf(t, file{"a.xml", []byte(doc)}), "a.xml")
		root := t.TempDir()
		write(t, root, "a.zip", z)
		return theProblem(t, walkAll(t, fakes(Options{}), root), "a.xml")
	}
	if p := damaged(text); p.Data != nil || p.Digest == "" {
		t.Errorf("kept %d bytes, digest %q", len(p.Data), p.Digest)
	}
	if p := damaged(string(report(1))); len(p.Data) == 0 {
		t.Errorf("a text without a picture is not kept: %+v", p)
	}
}

func TestWalkStops(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for i := range 20 {
		write(t, root, fmt.Sprintf("d%d/a.xml", i), report(i))
	}
	stop := errors.New("enough")
	n := 0
	err := Walk(t.Context(), []string{root}, fakes(Options{}), func(*Group) error {
		if n++; n == 3 {
			return stop
		}
		return nil
	})
	if err != stop || n != 3 {
		t.Errorf("Walk = %v after %d groups, want the error of emit after 3", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n = 0
	err = Walk(ctx, []string{root}, fakes(Options{}), func(*Group) error {
		n++
		cancel()
		return nil
	})
	if err != context.Canceled || n != 1 {
		t.Errorf("Walk = %v after %d groups, want cancelled after 1", err, n)
	}
	for _, data := range [][]byte{
		zipOf(t, file{"1.xml", report(1)}, file{"2.xml", report(1)}),
		gzipOf(t, tarOf(t, file{"1.xml", report(1)}, file{"2.xml", report(1)})),
	} {
		write(t, t.TempDir(), "x", data)
		err = Walk(t.Context(), []string{"-"}, fakes(Options{Stdin: bytes.NewReader(data), Window: 1}), func(*Group) error { return stop })
		if err != stop {
			t.Errorf("Walk of an archive = %v, want the error of emit", err)
		}
	}
}

func TestTwoWalksAreEqual(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	var files []file
	for i := range 700 {
		write(t, root, fmt.Sprintf("d%d/%09d.xml", i%3, (i*7919)%1000), report(i))
		files = append(files, file{fmt.Sprintf("e%d/%09d.xml", i%3, (i*7919)%1000), report(i)})
	}
	write(t, root, "z.zip", zipOf(t, files...))
	write(t, root, "t.tgz", gzipOf(t, tarOf(t, files...)))
	write(t, root, "cut.tgz", gzipOf(t, tarOf(t, files...))[:5000])
	a, b := walkAll(t, fakes(Options{Window: 50}), root), walkAll(t, fakes(Options{Window: 50}), root)
	if !reflect.DeepEqual(a, b) {
		t.Errorf("two walks differ:\n%q\n%q", lines(root, a), lines(root, b))
	}
	keys := map[[16]byte]string{}
	for _, d := range allDocs(a) {
		if other, ok := keys[Key(d)]; ok {
			t.Fatalf("%s and %s have the same key", d.Path, other)
		}
		keys[Key(d)] = d.Path
	}
	if len(keys) < 3*700-700 {
		t.Errorf("only %d documents", len(keys))
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	d := Doc{Path: "a", Size: 1, Modified: time.Unix(5, 0), Data: []byte("x")}
	same := d
	same.Ordinal, same.Class, same.Modified = 7, XML, time.Unix(5, 0).UTC()
	if Key(d) != Key(same) {
		t.Errorf("the key depends on more than path, size, time and content")
	}
	for name, change := range map[string]func(*Doc){
		"path":     func(d *Doc) { d.Path = "b" },
		"size":     func(d *Doc) { d.Size = 2 },
		"modified": func(d *Doc) { d.Modified = time.Unix(6, 0) },
		"data":     func(d *Doc) { d.Data = []byte("y") },
		"header":   func(d *Doc) { d.Header = []byte("y") },
		"shift":    func(d *Doc) { d.Header, d.Data = []byte("x"), nil },
	} {
		other := d
		change(&other)
		if Key(other) == Key(d) {
			t.Errorf("another %s has the same key", name)
		}
	}
}

func TestProgressAndTotal(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "in/a.xml", report(1))
	write(t, root, "in/big.txt", bytes.Repeat([]byte("a line of text\n"), 200_000))
	write(t, root, "in/over.xml", append(report(1), bytes.Repeat([]byte(" "), 20<<20)...))
	write(t, root, "in/d/z.zip", zipOf(t, file{"1.xml", report(1)}, file{"2.bin", make([]byte, 1<<20)}))
	if err := os.Symlink("nowhere", filepath.Join(root, "in/link")); err != nil {
		t.Fatal(err)
	}
	in := filepath.Join(root, "in")
	files, bytes, known := Total(t.Context(), []string{in})
	if files != 6 || !known {
		t.Errorf("Total = %d files, known %v; want 6, true", files, known)
	}
	var told []int64
	o := fakes(Options{Progress: func(n int64) { told = append(told, n) }})
	walkAll(t, o, in)
	if !slices.IsSorted(told) || len(told) < 3 || told[len(told)-1] != bytes {
		t.Errorf("progress %v, want rising to %d", told, bytes)
	}
	for _, inputs := range [][]string{{in, "-"}, {filepath.Join(root, "none")}} {
		if _, _, known := Total(t.Context(), inputs); known {
			t.Errorf("Total(%q) claims to know", inputs)
		}
	}
}
