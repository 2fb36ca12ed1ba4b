package unpack

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	tests := []struct {
		head, name string
		want       Class
	}{
		{"", "a.xml", Blank},
		{" \r\n\t", "a.xml", Blank},
		{"\xef\xbb\xbf", "a.xml", Blank},
		{"<report/>", "a.csv", XML},
		{"\xef\xbb\xbf \n<?xml version=\"1.0\"?>", "", XML},
		{"<\x00?\x00x\x00", "", XML},
		{"\x00<\x00?\x00x", "", XML},
		{string(in16("<report/>", binary.LittleEndian)), "", XML},
		{"<!DOCTYPE html><html>", "a.html", Text},
		{"<HTML><body>", "a.html", Text},
		{`{"a":1}`, "", JSON},
		{`{ }`, "", JSON},
		{"{\n  \"a\": 1\n}", "", JSON},
		{"{\"a\":1}\n", "", JSON},
		{"{\"a\":1}\n{\"a\":2}", "", NDJSON},
		{"{\"a\":\n{\"a\":2}", "", NDJSON},
		{"{\\rtf1 text}", "", Text},
		{"{curly words}", "", Text},
		{"[{\"a\":1}]", "", JSONArray},
		{"[\n]", "", JSONArray},
		{"[1, 2]", "", JSON},
		{"[null]", "", JSON},
		{"[note] a text", "", Text},
		{"a,b\n1,2\n", "a.csv", CSV},
		{"id\n1\n", "a.CSV", CSV},
		{"a,b\n1,2\n", "a.txt", Text},
		{"a,b,c\n1,2,3\n", "a.txt", CSV},
		{"a,b,c\n1,2,3,4\n", "a.txt", Text},
		{"Dear all, first, second\nand third, with, greetings, more\n", "", Text},
		{"a,a,b\n1,2,3\n", "", Text},
		{"a;b;c\n1;2;3\n", "", CSV},
		{"sep=;\na;b\n", "", CSV},
		{"plain words", "", Text},
		{"caf\xe9 in Latin-1", "", Text},
		{"\x1f\x8b\x08\x00", "", Gzip},
		{"PK\x03\x04", "", Zip},
		{"PK\x05\x06", "", Zip},
		{"%PDF-1.7\n\x00", "", Binary},
		{"text\x00", "a.txt", Binary},
		{"text\x7f", "a.txt", Text},
		{"text\x01", "a.txt", Binary},
		{strings.Repeat("\x00", 1024), "a.tar", Binary},
		{string(tarOf(t, file{"a", nil})), "a.xml", Tar},
	}
	for _, tt := range tests {
		if got := Classify([]byte(tt.head), tt.name); got != tt.want {
			t.Errorf("Classify(%.40q, %q) = %v, want %v", tt.head, tt.name, got, tt.want)
		}
	}
	if got := Class(99).String(); got != "class 99" {
		t.Errorf("an unknown class is %q", got)
	}
}

func TestDelimiter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want byte
	}{
		{"a,b;c\n1,2;3\n", ','},
		{"a;b\n\"1,5\";2\n\"2,5\";3\n", ';'},
		{"a;b\n1,5;2,5\n3,5;4\n", ';'},
		{"id;a, b\n1;2\n", ';'},
		{"a\tb\tc, d\n1\t2\t3\n", '\t'},
		{"only\none\n", ','},
	}
	for _, tt := range tests {
		if got, ok := delimiter([]byte(tt.text), "a.csv", true); got != tt.want || !ok {
			t.Errorf("delimiter(%q) = %q, %v; want %q", tt.text, got, ok, tt.want)
		}
	}
}

func TestHoldsEncoded(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("QUJD", 19)
	tests := []struct {
		name, text string
		want       bool
	}{
		{"prose", strings.Repeat("words of a synthetic report ", 2000), false},
		{"one run", strings.Repeat("QUJD", 1024), true},
		{"one shorter run", strings.Repeat("QUJD", 1000), false},
		{"lines", strings.Repeat(line+"\r\n", 60), true},
		{"indented", strings.Repeat("    "+line+"&#13;\n", 60), true},
		{"in JSON", strings.Repeat(line+`\r\n`, 60), true},
		{"rows with a hash each", strings.Repeat("17;"+strings.Repeat("a1", 32)+";some words in the row\n", 200), false},
		{"UTF-16", string(in16(strings.Repeat(line+"\n", 60), binary.LittleEndian)), true},
	}
	for _, tt := range tests {
		if got := HoldsEncoded([]byte(tt.text)); got != tt.want {
			t.Errorf("%s: HoldsEncoded = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"report 1.xml", "report 1.xml"},
		{"caf\u00e9.xml", "caf\u00e9.xml"},
		{"a\nb\x00\x7f", "a%0Ab%00%7F"},
		{"caf\xe9", "caf%E9"},
		{"a\u202eb", "a%E2%80%AEb"},
		{"\u0085", "%C2%85"},
		{"\ufffd", "\ufffd"},
	}
	for _, tt := range tests {
		if got := shown(tt.in); got != tt.want {
			t.Errorf("shown(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// The samples of the formats, where the tree has them.
func TestSharedSamples(t *testing.T) {
	t.Parallel()
	dir := "../../../shared/data/formats"
	if _, err := os.Stat(dir); err != nil {
		t.Log("the shared samples are not here; the tables above are the test")
		return
	}
	want := map[string]Class{
		"README.md": Text, "blocklist.rpz": Text, "case-uco-bundle.jsonld": JSON, "cybertipline-delivered-reconstructed.json": JSON,
		"cybertipline-filedetails.xml": XML, "cybertipline-report-2025-11.xsd": XML, "cybertipline-report-max.xml": XML,
		"cybertipline-report-min.xml": XML, "cybertipline-responses.xml": XML, "icse-hashset.csv": CSV,
		"ncmec-hashsharing-v2-entries.xml": XML, "nsrl-rds2-NSRLFile.txt": CSV, "stix21-bundle.json": JSON,
		"vics-1.3-hashset-media.json": JSON, "vics-2.0-us-case.json": JSON,
	}
	for name, class := range want {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Log(err)
			continue
		}
		if got := Classify(data[:min(len(data), headSize)], name); got != class {
			t.Errorf("%s is %v, want %v", name, got, class)
		}
	}
	for _, g := range walkAll(t, Options{}, dir) {
		for _, p := range g.Problems {
			t.Errorf("%s: %s", p.Path, p.Reason)
		}
	}
}
