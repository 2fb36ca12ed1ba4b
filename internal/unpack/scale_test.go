package unpack

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// document is an XML document of 3 kB with some variety in it.
func document(n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<report>\n<id>%d</id>\n", n)
	for i := 0; b.Len() < 2900; i++ {
		fmt.Fprintf(&b, "  <detail name=\"value %d\">%x of synthetic report %d</detail>\n", i, uint32(n*2654435761+i*40503), n)
	}
	b.WriteString("</report>\n")
	return b.Bytes()
}

// manyFiles makes a folder of n documents, in folders of up to perFolder.
func manyFiles(tb testing.TB, n, perFolder int) string {
	tb.Helper()
	root := tb.TempDir()
	for i := range n {
		dir := filepath.Join(root, fmt.Sprintf("d%03d", i/perFolder))
		if i%perFolder == 0 {
			if err := os.Mkdir(dir, 0o777); err != nil {
				tb.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%09d.xml", i)), document(i), 0o666); err != nil {
			tb.Fatal(err)
		}
	}
	return root
}

// writeTar writes a tar of n documents.
func writeTar(w io.Writer, n int) error {
	t := tar.NewWriter(w)
	for i := range n {
		data := document(i)
		h := &tar.Header{Name: fmt.Sprintf("d%03d/%09d.xml", i/1000, i), Mode: 0o644, Size: int64(len(data)), ModTime: madeAt, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		if _, err := t.Write(data); err != nil {
			return err
		}
	}
	return t.Close()
}

// peak is the most memory that a walk over the inputs has alive, counted at
// each group after a collection, and the number of documents.
func peak(t *testing.T, o Options, inputs ...string) (most uint64, docs int) {
	t.Helper()
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, n := m.HeapAlloc, 0
	err := Walk(t.Context(), inputs, o, func(g *Group) error {
		docs += len(g.Docs)
		if n++; n%40 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			if m.HeapAlloc > before {
				most = max(most, m.HeapAlloc-before)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return most, docs
}

// Memory stays flat: it does not follow the number or the size of files.
// Not parallel, because it looks at the heap of the process.
func TestMemoryStaysFlat(t *testing.T) {
	n := 50_000
	if testing.Short() {
		n = 5_000
	}
	check := func(what string, most uint64, docs, want int) {
		t.Helper()
		t.Logf("%s: %d documents, at most %.1f MiB alive", what, docs, float64(most)/(1<<20))
		if docs != want {
			t.Errorf("%s: %d documents, want %d", what, docs, want)
		}
		if most > 24<<20 {
			t.Errorf("%s: %d MiB are alive at one time, want at most 24", what, most>>20)
		}
	}
	root := manyFiles(t, n, n)
	most, docs := peak(t, fakes(Options{}), root)
	check("one folder", most, docs, n)

	r, w := io.Pipe()
	go func() { w.CloseWithError(writeTar(w, n)) }()
	most, docs = peak(t, fakes(Options{Stdin: r}), "-")
	check("a tar from a pipe", most, docs, n)

	row := strings.Repeat("1,2,some text of a row,"+strings.Repeat("x", 77)+"\n", 1000)
	most, docs = peak(t, fakes(Options{Stdin: io.MultiReader(strings.NewReader("a,b,c,d\n"), &repeated{text: row, n: n / 100})}), "-")
	check("a CSV from a pipe", most, docs, n*10)
}

// repeated gives a text n times.
type repeated struct {
	text string
	n    int
	rest string
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n--
		r.rest = r.text
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func benchmark(b *testing.B, o Options, inputs func() []string) {
	b.ReportAllocs()
	docs, bytes := 0, int64(0)
	for b.Loop() {
		err := Walk(b.Context(), inputs(), o, func(g *Group) error {
			docs += len(g.Docs)
			for _, d := range g.Docs {
				bytes += int64(len(d.Data))
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(docs)/b.Elapsed().Seconds(), "docs/s")
	b.ReportMetric(float64(bytes)/b.Elapsed().Seconds()/1e6, "MB/s")
}

func BenchmarkFolder(b *testing.B) {
	root := manyFiles(b, 20_000, 5_000)
	benchmark(b, Options{}, func() []string { return []string{root} })
}

func benchmarkFile(b *testing.B, name string, data []byte) {
	root := b.TempDir()
	write(b, root, name, data)
	benchmark(b, Options{}, func() []string { return []string{filepath.Join(root, name)} })
}

func someTar(b *testing.B) []byte {
	var t bytes.Buffer
	if err := writeTar(&t, 20_000); err != nil {
		b.Fatal(err)
	}
	return t.Bytes()
}

func BenchmarkTar(b *testing.B)   { benchmarkFile(b, "a.tar", someTar(b)) }
func BenchmarkTarGz(b *testing.B) { benchmarkFile(b, "a.tgz", gzipOf(b, someTar(b))) }

func BenchmarkZip(b *testing.B) {
	var files []file
	for i := range 20_000 {
		files = append(files, file{fmt.Sprintf("d%03d/%09d.xml", i/1000, i), document(i)})
	}
	benchmarkFile(b, "a.zip", zipOf(b, files...))
}

func BenchmarkCSV(b *testing.B) {
	row := "17,2026-11-22T10:00:00Z,synthetic report,\"with, a comma\"," + strings.Repeat("x", 150) + "\n"
	benchmarkFile(b, "a.csv", []byte("id,when,what,note,more\n"+strings.Repeat(row, 100_000)))
}

func BenchmarkNDJSON(b *testing.B) {
	row := `{"id":17,"note":"synthetic report","more":"` + strings.Repeat("x", 900) + "\"}\n"
	benchmarkFile(b, "a.ndjson", []byte(strings.Repeat(row, 50_000)))
}

func BenchmarkArray(b *testing.B) {
	row := `{"id":17,"note":"synthetic report","more":"` + strings.Repeat("x", 900) + "\"},\n"
	benchmarkFile(b, "a.json", []byte("["+strings.Repeat(row, 50_000)+"{}]"))
}

func BenchmarkKey(b *testing.B) {
	d := Doc{Path: "inbox/a.zip!/dir/900000010.xml", Size: 3000, Data: document(1)}
	for b.Loop() {
		Key(d)
	}
}
