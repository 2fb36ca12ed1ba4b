package xmlscan

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// report is a document of 3 kB with the proportions of a CyberTipline report.
var report = func() []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<report xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n")
	for b.Len() < 2900 {
		b.WriteString(`  <ipCaptureEvent>
    <ipAddress>192.0.2.10</ipAddress>
    <eventName>Login</eventName>
    <dateTime>2026-01-15T09:50:00Z</dateTime>
  </ipCaptureEvent>
  <email type="Home" verified="true">someone@example.org</email>
  <additionalInfo>Synthetic text &amp; more of it, as long as a short sentence may be.</additionalInfo>
`)
	}
	b.WriteString("</report>\n")
	return []byte(b.String())
}()

func BenchmarkScanner(b *testing.B) {
	var s Scanner
	b.SetBytes(int64(len(report)))
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Reset(report); err != nil {
			b.Fatal(err)
		}
		for {
			kind, err := s.Next()
			if err != nil {
				b.Fatal(err)
			}
			if kind == EOF {
				break
			}
		}
	}
}

func BenchmarkStandardRawToken(b *testing.B) {
	b.SetBytes(int64(len(report)))
	b.ReportAllocs()
	for b.Loop() {
		d := xml.NewDecoder(bytes.NewReader(report))
		for {
			if _, err := d.RawToken(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkStandardToken(b *testing.B) {
	b.SetBytes(int64(len(report)))
	b.ReportAllocs()
	for b.Loop() {
		d := xml.NewDecoder(bytes.NewReader(report))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
