package fromcybertip

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"lapwing/cybertip"
)

// story is one file of a golden story.
func story(t testing.TB, name, file string) []byte {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range ar.Files {
		if f.Name == file {
			return f.Data
		}
	}
	t.Fatalf("no %s in story %s", file, name)
	return nil
}

// BenchmarkReadXML reads an ordinary report of 3 kB. The goal is 45 µs.
func BenchmarkReadXML(b *testing.B) {
	in := story(b, "typical", "report.xml")
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if d, fs := ReadXML(in); d == nil {
			b.Fatal(fs)
		}
	}
}

// BenchmarkCybertip is the part of BenchmarkReadXML that package cybertip has.
func BenchmarkCybertip(b *testing.B) {
	in := story(b, "typical", "report.xml")
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := cybertip.ReadXML(in); err != nil {
				b.Fatal(err)
			}
		}
	})
	d, err := cybertip.ReadXML(in)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("digest", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d.Reports[0].Digest()
		}
	})
}

func BenchmarkReadJSON(b *testing.B) {
	in := story(b, "delivered", "report.json")
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if ds, fs := ReadJSON(in); len(ds) != 1 {
			b.Fatal(fs)
		}
	}
}
