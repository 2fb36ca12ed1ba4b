package cybertip

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDigestIgnoresForm(t *testing.T) {
	t.Parallel()
	const plain = `<report><incidentSummary><incidentType>Child Sex Trafficking</incidentType><incidentDateTime>2026-01-15T10:00:00Z</incidentDateTime></incidentSummary>` +
		`<reporter><reportingPerson><email type="Work" verified="true">é@mail.example</email></reportingPerson></reporter></report>`
	want := readReport(t, plain).Digest()
	same := map[string]string{
		"white space":   strings.ReplaceAll(strings.ReplaceAll(plain, "><", ">\r\n\t<"), ">é", ">  é"),
		"comments":      strings.ReplaceAll(plain, "><", "><!-- x --><?y?><"),
		"CDATA":         strings.Replace(plain, "é@mail.example", "<![CDATA[é@mail]]>.ex<!-- -->ample", 1),
		"references":    strings.Replace(plain, "é", "&#xE9;", 1),
		"attributes":    strings.Replace(plain, `type="Work" verified="true"`, `verified='true'   type='Work'`, 1),
		"prefix":        strings.NewReplacer("</", "</n:", "<", "<n:").Replace(plain),
		"declarations":  strings.Replace(plain, "<report>", `<report xmlns="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="false">`, 1),
		"encoding":      "<?xml version='1.0' encoding='ISO-8859-1'?>" + strings.ReplaceAll(plain, "é", "\xE9"),
		"element order": strings.Replace(plain, "<incidentType>Child Sex Trafficking</incidentType><incidentDateTime>2026-01-15T10:00:00Z</incidentDateTime>", "<incidentDateTime>2026-01-15T10:00:00Z</incidentDateTime><incidentType>Child Sex Trafficking</incidentType>", 1),
	}
	same["prefix"] = strings.Replace(strings.ReplaceAll(same["prefix"], "<n:/n:", "</n:"), "<n:report>", `<n:report xmlns:n="urn:n">`, 1)
	for name, doc := range same {
		if doc == plain {
			t.Errorf("%s: the document is not changed", name)
		}
		if got := readReport(t, doc).Digest(); got != want {
			t.Errorf("%s: digest of %s is %x, want %x", name, doc, got, want)
		}
	}
	other := map[string]string{
		"value":     strings.Replace(plain, "10:00:00Z", "10:00:01Z", 1),
		"attribute": strings.Replace(plain, `verified="true"`, `verified="false"`, 1),
		"unknown":   strings.Replace(plain, "<reporter>", "<new/><reporter>", 1),
		"moved":     strings.Replace(plain, "Work", "", 1),
	}
	for name, doc := range other {
		if got := readReport(t, doc).Digest(); got == want {
			t.Errorf("%s: digest of %s is the same, want another", name, doc)
		}
	}
}

// TestDigestIsPinned keeps the canonical form from changing unnoticed: digests are stored.
func TestDigestIsPinned(t *testing.T) {
	t.Parallel()
	d := readReport(t, string(fixture(t, "report_typical.xml"))).Digest()
	if got, want := hex.EncodeToString(d[:]), "1e45ff43e3abdf3b33b1263a314a7859aa8626dfdff3640190ba85b864a02282"; got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
	// By hand: printf '\0\0\0\021cybertip report 1\0\0\0\001a\0\0\0\001b' | sha256sum
	d = digest("cybertip report 1", []Field{{"a", "b"}})
	if got, want := hex.EncodeToString(d[:]), "3e8691f3acd28df2a1bfa9c1b3de024f25f96523b2766186e133c860455a824a"; got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

// TestDigestOfBuilt: a report that a program put together has the digest of what it writes.
func TestDigestOfBuilt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawReport(t)
		var b bytes.Buffer
		if err := r.WriteXML(&b); err != nil {
			t.Fatal(err)
		}
		d, err := ReadXML(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if got, want := r.Digest(), d.Reports[0].Digest(); got != want {
			t.Fatalf("digest of the built report is %x, of the read one %x", got, want)
		}
	})
	large := func(fill string) *Report { return &Report{AdditionalInfo: strings.Repeat(fill, MaxXMLBytes)} }
	if large("a").Digest() == large("b").Digest() {
		t.Error("two different reports beyond the limit have the same digest")
	}
}
