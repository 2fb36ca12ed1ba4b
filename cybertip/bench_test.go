package cybertip

import (
	"bytes"
	"encoding/xml"
	"io"
	"testing"
)

// BenchmarkReadXML reads a report of 3 kB with 54 leaves.
func BenchmarkReadXML(b *testing.B) {
	doc := fixture(b, "report_typical.xml")
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadXML(doc); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStandard only splits the same report into tokens with encoding/xml, for comparison.
func BenchmarkStandard(b *testing.B) {
	doc := fixture(b, "report_typical.xml")
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		d := xml.NewDecoder(bytes.NewReader(doc))
		for {
			if _, err := d.Token(); err != nil {
				break
			}
		}
	}
}

func BenchmarkReadDelivered(b *testing.B) {
	doc := fixture(b, "delivered.json")
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadDelivered(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteXML(b *testing.B) {
	d, err := ReadXML(fixture(b, "report_typical.xml"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := d.Reports[0].WriteXML(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	d, err := ReadXML(fixture(b, "report_typical.xml"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		d.Reports[0].Digest()
	}
}
