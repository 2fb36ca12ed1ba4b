package hashlist

import (
	"slices"
	"strings"
	"testing"
)

func TestParseMapping(t *testing.T) {
	t.Parallel()
	got, err := ParseMapping("md5=Hash, label:industry=Category,id=Ref No,flag:distributed=Shared,hash:opq=Other,SHA-1=S")
	want := Mapping{
		{"Hash", FieldHash, "md5"}, {"Category", FieldLabel, "industry"}, {"Ref No", FieldID, ""},
		{"Shared", FieldFlag, "distributed"}, {"Other", FieldHash, "opq"}, {"S", FieldHash, "sha1"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("got %v, %v, want %v", got, err, want)
	}
	if c, ok := got.Find(" ref no "); !ok || c.Field != FieldID {
		t.Errorf("Find(ref no) = %v, %v, want the id", c, ok)
	}
	for in, want := range map[string]string{
		"md5":          "no column",
		"md5=":         "no column",
		"nothing=X":    "no field",
		"label:=X":     "no field",
		"flag:heavy=X": "no field",
	} {
		if _, err := ParseMapping(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseMapping(%q) = %v, want an error with %q", in, err, want)
		}
	}
}

func TestUsualColumn(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Column{
		"MD5": {Field: FieldHash, Of: "md5"}, "sha-1": {Field: FieldHash, Of: "sha1"}, "PDQ Hash": {Field: FieldHash, Of: "pdq"},
		"SHA256 digest": {Field: FieldHash, Of: "sha256"}, "PhotoDNA": {Field: FieldHash, Of: "photodna"}, "Hash": {Field: FieldHash},
		"pdq_quality": {Field: FieldQuality}, "Category": {Field: FieldLabel}, "Baseline": {Field: FieldLabel, Of: "interpol-baseline"},
		"Is distributed": {Field: FieldFlag, Of: "distributed"}, "Victim identified": {Field: FieldFlag, Of: "victim_identified"},
	} {
		got, ok := UsualColumn(header)
		want.Header = header
		if !ok || got != want {
			t.Errorf("UsualColumn(%q) = %v, %v, want %v", header, got, ok, want)
		}
	}
	for _, header := range []string{"", "Comment", "Source", "file name"} {
		if got, ok := UsualColumn(header); ok {
			t.Errorf("UsualColumn(%q) = %v, want none", header, got)
		}
	}
}
