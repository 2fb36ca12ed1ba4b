package hashlist_test

import (
	"strings"
	"testing"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/hashlisttest"
)

func TestDetect(t *testing.T) {
	t.Parallel()
	const md5 = "8516c09421a983ab389e625404dd0215"
	for _, tt := range []struct {
		name, head string
		want       hashlist.Format
	}{
		{"type and hash", "md5 " + md5 + "\n", hashlist.Text},
		{"bare", strings.ToUpper(md5) + "\r\n", hashlist.Text},
		{"comma, no header", "md5," + md5 + ",ref-1\n", hashlist.Text},
		{"comment first", "# list\n\n  sha1\t0b52f45a07d89d9ea64019d956176afaa8e2d55d\n", hashlist.Text},
		{"mark", "\xef\xbb\xbfmd5 " + md5, hashlist.Text},
		{"utf-16", "\xff\xfem\x00d\x005\x00 \x008\x005\x001\x006\x00c\x000\x009\x004\x002\x001\x00a\x009\x008\x003\x00a\x00b\x003\x008\x009\x00e\x006\x002\x005\x004\x000\x004\x00d\x00d\x000\x002\x001\x005\x00", hashlist.Text},
		{"header", "MD5,SHA-1,Category\n", hashlist.CSV},
		{"header with quotes", "\"Reference\";\"PDQ Hash\"\n", hashlist.CSV},
		{"one column", "md5\n" + md5 + "\n", hashlist.CSV},
		{"header of kind and hash", "hash_type,hash\n", hashlist.CSV},
		{"header md5 sha1", "md5 sha1\n", hashlist.Unrecognised},
		{"own form", hashlist.JSONHead + "\n", hashlist.JSONL},
		{"ncmec", `<?xml version="1.0"?><queryResult xmlns="x">`, hashlist.NCMEC},
		{"other xml", `<report/>`, hashlist.Unrecognised},
		{"vics 1.3", `{"odata.metadata":"http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media"`, hashlist.VICS},
		{"vics 2.0 with mark", "\xef\xbb\xbf{\r\n \"@odata.context\":\"x\"", hashlist.VICS},
		{"vics without header", `{"value":[{"MediaID":1,"MD5":"`, hashlist.VICS},
		{"media without anything", `[{"MediaID":1,"MD5":"`, hashlist.VICS},
		{"other json", `{"a":1}`, hashlist.Unrecognised},
		{"icse", hashlist.ICSEHeader + "\r\n", hashlist.ICSE},
		{"nsrl 2", hashlist.NSRL2Header + "\r\n", hashlist.NSRL2},
		{"nsrl 3", "SQLite format 3\x00\x10\x00", hashlist.NSRL3},
		{"delta", "BEGIN TRANSACTION;\nINSERT INTO FILE(", hashlist.NSRL3Delta},
		{"delta with comment", "-- made by\nINSERT INTO \"file\" VALUES(", hashlist.NSRL3Delta},
		{"prose", "this is a list of things\n", hashlist.Unrecognised},
		{"empty", "", hashlist.Unrecognised},
		{"blank", " \r\n\t", hashlist.Unrecognised},
		{"binary", "\x00\x01\x02\x03", hashlist.Unrecognised},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := hashlist.Detect([]byte(tt.head)); got != tt.want {
				t.Errorf("Detect(%q) = %q, want %q", tt.head, got, tt.want)
			}
		})
	}
}

func TestDetectSamples(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]hashlist.Format{
		"ncmec-hashsharing-v2-entries.xml": hashlist.NCMEC,
		"vics-1.3-hashset-media.json":      hashlist.VICS,
		"vics-2.0-us-case.json":            hashlist.VICS,
		"icse-hashset.csv":                 hashlist.ICSE,
		"nsrl-rds2-NSRLFile.txt":           hashlist.NSRL2,
		"nsrl-rds3-minimal-delta.sql":      hashlist.NSRL3Delta,
		"stopncii-fetchhashes.json":        hashlist.Unrecognised,
		"cybertipline-report-min.xml":      hashlist.Unrecognised,
		"stix21-bundle.json":               hashlist.Unrecognised,
		"blocklist.rpz":                    hashlist.Unrecognised,
		"delegated-extended-sample.txt":    hashlist.Unrecognised,
	} {
		text, ok := hashlisttest.Shared(t, name)
		if !ok {
			continue
		}
		if got := hashlist.Detect([]byte(text)[:min(len(text), hashlist.DetectBytes)]); got != want {
			t.Errorf("Detect of %s = %q, want %q", name, got, want)
		}
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("md5 8516c09421a983ab389e625404dd0215\n"))
	f.Add([]byte("MD5;SHA1\n"))
	f.Add([]byte("\xff\xfe{\x00"))
	f.Fuzz(func(t *testing.T, head []byte) { hashlist.Detect(head) })
}
