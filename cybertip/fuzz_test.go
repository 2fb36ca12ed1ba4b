package cybertip

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// FuzzReadXML: no panic, no leaf lost, the same result twice, and what is written of it reads the same.
func FuzzReadXML(f *testing.F) {
	for _, name := range []string{"report_typical.xml", "report_full.xml", "filedetails.xml", "batch.xml"} {
		f.Add(fixture(f, name))
	}
	f.Add([]byte(inReport("<new><a/><a>1</a>x</new><new/><reporter/><additionalInfo>a<b c='1'/>d</additionalInfo>text")))
	f.Add([]byte(inSuspect("<ipCaptureEvent><port/></ipCaptureEvent><associatedAccount accountType='Other' thirdPartyUser='1'/>")))
	f.Add([]byte(inFile("<potentialMeme>1</potentialMeme><fileAnnotations><x/></fileAnnotations><details/>")))
	f.Add([]byte("<x:a xmlns:x='http://www.w3.org/2001/XMLSchema-instance' x:b='1'><y><report x:c='2' d='3'/></y></x:a>"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		d, err := ReadXML(doc)
		if err != nil {
			return
		}
		contents := []*Content{&d.Content}
		for _, r := range d.Reports {
			contents = append(contents, &r.Content)
			rewrite(t, r)
		}
		for _, r := range d.Files {
			contents = append(contents, &r.Content)
			rewrite(t, r)
		}
		for _, r := range d.Responses {
			contents = append(contents, &r.Content)
			rewrite(t, r)
		}
		for _, r := range d.Done {
			contents = append(contents, &r.Content)
			rewrite(t, r)
		}
		for _, c := range contents {
			checkContent(t, c)
		}
		if len(contents) == 2 && len(d.Fields) == 0 && slices.Contains([]string{"report", "fileDetails", "reportResponse", "reportDoneResponse"}, d.Root) {
			if diff := compareLeaves(doc, contents[1].Fields); diff != "" && !strings.Contains(string(doc), "XMLSchema-instance") {
				t.Errorf("%q: %s", doc, diff)
			}
		}
	})
}

// rewrite writes what was read; if that is allowed, reading it again finds nothing wrong, and writing gives the same.
func rewrite(t *testing.T, w writer) {
	var first, second bytes.Buffer
	if w.WriteXML(&first) != nil {
		return
	}
	d, err := ReadXML(first.Bytes())
	if err != nil {
		t.Fatalf("written and not readable: %v\n%s", err, first.Bytes())
	}
	var again writer
	switch {
	case len(d.Reports) == 1:
		again = d.Reports[0]
	case len(d.Files) == 1:
		again = d.Files[0]
	case len(d.Responses) == 1:
		again = d.Responses[0]
	default:
		again = d.Done[0]
	}
	if err := again.WriteXML(&second); err != nil || first.String() != second.String() {
		t.Fatalf("written twice (%v):\n%s\n%s", err, first.Bytes(), second.Bytes())
	}
}

func checkContent(t *testing.T, c *Content) {
	t.Helper()
	i := 0
	seen := map[string]bool{}
	for _, f := range c.Fields {
		if i < len(c.Unknown) && f == c.Unknown[i] {
			i++
		}
		if seen[f.Path] && !strings.Contains(f.Path, "@") { // attributes that differ in their prefix share a path
			t.Errorf("two fields have the path %q", f.Path)
		}
		seen[f.Path] = true
	}
	if i < len(c.Unknown) {
		t.Errorf("unknown field %q is not among the fields", c.Unknown[i])
	}
	if len(c.Findings) > MaxFindings {
		t.Errorf("%d findings", len(c.Findings))
	}
}

// FuzzReadDelivered: no panic, the same scalars as encoding/json, unknown ones a subset.
func FuzzReadDelivered(f *testing.F) {
	for _, name := range []string{"delivered.json", "delivered_odd.json"} {
		f.Add(fixture(f, name))
	}
	f.Add([]byte(`{"reportId":1,"reportId":"x","reportedInformation":{"reportedPeople":{"reportedPersons":{"emails":[[1]]}}}}`))
	f.Add([]byte(`{"automatedInformation":[{"a":"\ud83d\udc26\u0000"}]}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		checkJSON(t, doc)
		d, err := ReadDelivered(doc)
		if err != nil {
			return
		}
		i := 0
		for _, f := range d.Fields {
			if i < len(d.Unknown) && f == d.Unknown[i] {
				i++
			}
		}
		if i < len(d.Unknown) {
			t.Errorf("unknown field %q is not among the fields", d.Unknown[i])
		}
	})
}
