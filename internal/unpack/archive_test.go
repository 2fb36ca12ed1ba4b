package unpack

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A file is an entry of a drawn archive.
type file struct {
	name string
	data []byte
}

var madeAt = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func zipOf(t testing.TB, files ...file) []byte {
	t.Helper()
	return zipWith(t, func(z *zip.Writer) {
		for _, f := range files {
			addZip(t, z, &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: madeAt}, f.data)
		}
	})
}

func zipWith(t testing.TB, fill func(z *zip.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	fill(z)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func addZip(t testing.TB, z *zip.Writer, h *zip.FileHeader, data []byte) {
	t.Helper()
	w, err := z.CreateHeader(h)
	if err == nil {
		_, err = w.Write(data)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// corrupt changes a bit of the checksum that the zip's directory has of the
// entry.
func corrupt(t testing.TB, z []byte, name string) []byte {
	t.Helper()
	z = bytes.Clone(z)
	for at := 0; ; at++ {
		i := bytes.Index(z[at:], []byte("PK\x01\x02"))
		if i < 0 {
			t.Fatalf("no entry %q in the zip", name)
		}
		if at += i; bytes.HasPrefix(z[at+headerSize:], []byte(name)) {
			z[at+16] ^= 1
			return z
		}
	}
}

func tarOf(t testing.TB, files ...file) []byte {
	t.Helper()
	return tarWith(t, func(w *tar.Writer) {
		for _, f := range files {
			addTar(t, w, &tar.Header{Name: f.name, Mode: 0o644, ModTime: madeAt}, f.data)
		}
	})
}

func tarWith(t testing.TB, fill func(w *tar.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	fill(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func addTar(t testing.TB, w *tar.Writer, h *tar.Header, data []byte) {
	t.Helper()
	if h.Typeflag == 0 {
		h.Typeflag = tar.TypeReg
	}
	if h.Typeflag == tar.TypeReg && h.Name != "" && h.Name[len(h.Name)-1] == '/' {
		h.Typeflag = tar.TypeDir
	}
	if h.Typeflag == tar.TypeReg {
		h.Size = int64(len(data))
	}
	if err := w.WriteHeader(h); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
}

func gzipOf(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An archive that holds nothing but another archive is not empty.
func TestArchiveOfAnArchive(t *testing.T) {
	t.Parallel()
	inner := zipOf(t, file{"report.xml", []byte("<report/>")})
	outer := zipOf(t, file{"inner.zip", inner})
	path := filepath.Join(t.TempDir(), "outer.zip")
	if err := os.WriteFile(path, outer, 0o600); err != nil {
		t.Fatal(err)
	}
	docs, problems := 0, 0
	err := Walk(t.Context(), []string{path}, Options{}, func(g *Group) error {
		docs += len(g.Docs)
		problems += len(g.Problems)
		return nil
	})
	if err != nil || docs != 1 || problems != 0 {
		t.Errorf("%d documents, %d problems, %v; want 1 document", docs, problems, err)
	}
}
