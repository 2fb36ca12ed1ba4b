package fromcybertip

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lapwing/internal/referral"
)

// A said is one statement about a file, as the test makes it up. It is the
// model against which Join is checked.
type said struct {
	ids, digests []string
	own          bool   // of the report itself
	text         string // content, which names a statement that has nothing else
}

func digest(n int) string { return fmt.Sprintf("%032x", 0x17000+n) }

// drawReport is a report: as submitted, which has no files, or as delivered.
func drawReport(t *rapid.T) (doc string, json bool, files []said) {
	if rapid.Bool().Draw(t, "submitted") {
		return xmlReport(material, "<platform>Example</platform>", ""), false, nil
	}
	var list []string
	for i := range rapid.IntRange(0, 5).Draw(t, "own files") {
		f := said{own: true}
		m := fmt.Sprintf(`{"filename":"own%d"`, i)
		if rapid.Bool().Draw(t, "has id") {
			f.ids = []string{fmt.Sprintf("f%d", rapid.IntRange(0, 5).Draw(t, "id"))}
			m += `,"submittalId":"` + f.ids[0] + `"`
		}
		if rapid.Bool().Draw(t, "has digest") {
			f.digests = []string{digest(rapid.IntRange(0, 5).Draw(t, "digest"))}
			m += `,"verificationHash":"` + f.digests[0] + `"`
		}
		list, files = append(list, m+"}"), append(files, f)
	}
	return `{"reportId":17,"reportedInformation":{"reportingEsp":{"espName":"Example"},"incidentSummary":{"incidentType":"` + material +
		`"},"uploadedFiles":{"uploadedFiles":[` + strings.Join(list, ",") + `]}}}`, true, files
}

// drawCompanions is a document with some companions.
func drawCompanions(t *rapid.T) (doc string, all []said) {
	var b strings.Builder
	b.WriteString("<log>")
	if rapid.Bool().Draw(t, "wrapped") {
		fmt.Fprintf(&b, "<note>%d</note>", rapid.IntRange(0, 3).Draw(t, "note"))
	}
	for range rapid.IntRange(1, 3).Draw(t, "companions") {
		var s said
		var c strings.Builder
		switch rapid.SampledFrom([]string{"details", "details", "answer", "done"}).Draw(t, "kind") {
		case "details":
			c.WriteString("<fileDetails><reportId>17</reportId>")
			if rapid.IntRange(0, 4).Draw(t, "has id") > 0 {
				s.ids = []string{fmt.Sprintf("f%d", rapid.IntRange(0, 5).Draw(t, "id"))}
				c.WriteString("<fileId>" + s.ids[0] + "</fileId>")
			}
			if rapid.Bool().Draw(t, "has name") {
				fmt.Fprintf(&c, "<fileName>n%d</fileName>", rapid.IntRange(0, 3).Draw(t, "name"))
			}
			for _, e := range []string{"fileViewedByEsp", "publiclyAvailable"} {
				c.WriteString(rapid.SampledFrom([]string{"", "<" + e + ">true</" + e + ">", "<" + e + ">false</" + e + ">"}).Draw(t, e))
			}
			c.WriteString(rapid.SampledFrom([]string{"", "<fileRelevance>Reported</fileRelevance>", "<fileRelevance>Supplemental Reported</fileRelevance>"}).Draw(t, "relevance"))
			c.WriteString(rapid.SampledFrom([]string{"", "<fileAnnotations><viral/></fileAnnotations>", "<fileAnnotations><infant/><viral/></fileAnnotations>"}).Draw(t, "annotations"))
			c.WriteString(rapid.SampledFrom([]string{"", "<industryClassification>A1</industryClassification>", "<industryClassification>B2</industryClassification>"}).Draw(t, "class"))
			for _, kind := range rapid.SliceOfN(rapid.SampledFrom([]string{"MD5", "md5", "PDQ", "SHA1", "zero", "bad"}), 0, 3).Draw(t, "hashes") {
				n := rapid.IntRange(0, 5).Draw(t, "hash")
				switch kind {
				case "PDQ":
					fmt.Fprintf(&c, `<originalFileHash hashType="PDQ">%064x</originalFileHash>`, 0x17000+n)
				case "SHA1":
					s.digests = append(s.digests, fmt.Sprintf("%040x", 0x17000+n))
					fmt.Fprintf(&c, `<originalFileHash hashType="SHA1">%040x</originalFileHash>`, 0x17000+n)
				case "zero":
					fmt.Fprintf(&c, `<originalFileHash hashType="MD5">%032x</originalFileHash>`, 0)
				case "bad":
					c.WriteString(`<originalFileHash hashType="MD5">unreadable</originalFileHash>`)
				default:
					s.digests = append(s.digests, digest(n))
					fmt.Fprintf(&c, `<originalFileHash hashType="%s">%s</originalFileHash>`, kind, digest(n))
				}
			}
			fmt.Fprintf(&c, "%s</fileDetails>", rapid.SampledFrom([]string{"", "<additionalInfo>text</additionalInfo>",
				"<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><eventName>Upload</eventName></ipCaptureEvent>"}).Draw(t, "rest"))
			s.text = c.String()
			all = append(all, s)
		case "answer":
			c.WriteString("<reportResponse><responseCode>0</responseCode><responseDescription>Success</responseDescription><reportId>17</reportId>")
			s.ids = []string{fmt.Sprintf("f%d", rapid.IntRange(0, 5).Draw(t, "id"))}
			s.digests = []string{digest(rapid.IntRange(0, 5).Draw(t, "digest"))}
			fmt.Fprintf(&c, "<fileId>%s</fileId><hash>%s</hash></reportResponse>", s.ids[0], s.digests[0])
			all = append(all, s)
		case "done":
			c.WriteString("<reportDoneResponse><responseCode>0</responseCode><reportId>17</reportId><files>")
			for range rapid.IntRange(0, 3).Draw(t, "files") {
				id := fmt.Sprintf("f%d", rapid.IntRange(0, 5).Draw(t, "id"))
				all = append(all, said{ids: []string{id}})
				c.WriteString("<fileId>" + id + "</fileId>")
			}
			c.WriteString("</files></reportDoneResponse>")
		}
		b.WriteString(c.String())
	}
	b.WriteString("</log>")
	return b.String(), all
}

// components is what Join promises, done the slow way: statements that share
// an id or a digest are one file, unless both are of the report itself.
func components(all []said) []string {
	group := make([]int, len(all))
	for i := range group {
		group[i] = i
	}
	share := func(a, b said) bool {
		if a.own && b.own {
			return false
		}
		if len(a.ids)+len(a.digests)+len(b.ids)+len(b.digests) == 0 && !a.own && !b.own {
			return a.text == b.text
		}
		return slices.ContainsFunc(a.ids, func(s string) bool { return slices.Contains(b.ids, s) }) ||
			slices.ContainsFunc(a.digests, func(s string) bool { return slices.Contains(b.digests, s) })
	}
	for changed := true; changed; {
		changed = false
		for i := range all {
			for j := range all {
				if group[i] < group[j] && share(all[i], all[j]) {
					group[j], changed = group[i], true
				} else if group[j] < group[i] && share(all[i], all[j]) {
					group[i], changed = group[j], true
				}
			}
		}
	}
	keys := map[int][]string{}
	for i, g := range group {
		keys[g] = append(append(keys[g], all[i].ids...), all[i].digests...)
	}
	var out []string
	for _, ks := range keys {
		slices.Sort(ks)
		out = append(out, strings.Join(slices.Compact(ks), " "))
	}
	slices.Sort(out)
	return out
}

func keySets(files []referral.File) []string {
	var out []string
	for _, f := range files {
		ks := slices.Collect(idsOf(f.ID))
		for _, h := range f.Hashes {
			if isDigest(h.Kind) && strings.Trim(h.Value, "0") != "" {
				ks = append(ks, h.Value)
			}
		}
		slices.Sort(ks)
		out = append(out, strings.Join(slices.Compact(ks), " "))
	}
	slices.Sort(out)
	return out
}

func encoded(t rapid.TB, d *referral.Draft) string {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func decoded(t rapid.TB, s string) *referral.Draft {
	t.Helper()
	d := new(referral.Draft)
	if err := json.Unmarshal([]byte(s), d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestJoinInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in, isJSON, all := drawReport(t)
		read := func() *referral.Draft {
			if isJSON {
				ds, fs := ReadJSON([]byte(in))
				if len(ds) != 1 {
					t.Fatalf("ReadJSON(%s): %v", in, fs)
				}
				return ds[0]
			}
			d, fs := ReadXML([]byte(in))
			if d == nil {
				t.Fatalf("ReadXML(%s): %v", in, fs)
			}
			return d.Drafts[0]
		}
		var docs []string
		for range rapid.IntRange(1, 4).Draw(t, "documents") {
			doc, more := drawCompanions(t)
			docs, all = append(docs, doc), append(all, more...)
		}
		companions := func(s string) *Document {
			d, fs := ReadXML([]byte(s))
			if d == nil {
				t.Fatalf("ReadXML(%s): %v", s, fs)
			}
			return d
		}
		first := read()
		for _, s := range docs {
			companions(s).Join(first)
		}
		want := encoded(t, first)
		if diff := cmp.Diff(components(all), keySets(first.Files)); diff != "" {
			t.Fatalf("files of %s with %q (-model +got):\n%s", in, docs, diff)
		}

		// Another order, some twice, and each through Part and Merge too.
		other := read()
		full := read()
		for _, s := range append(rapid.Permutation(docs).Draw(t, "order"), rapid.SampledFrom(docs).Draw(t, "again")) {
			companions(s).Join(other)
			before := encoded(t, full)
			m, changed := Merge(decoded(t, before), companions(s).Part("17"))
			if got := encoded(t, m); changed != (got != before) {
				t.Fatalf("Merge says changed=%v of\n%s\n%s", changed, before, got)
			}
			full = m
		}
		if diff := cmp.Diff(want, encoded(t, other)); diff != "" {
			t.Fatalf("joining %q to %s in another order (-first +other):\n%s", docs, in, diff)
		}
		full.ExternalID, full.IDFrom = first.ExternalID, first.IDFrom // Merge leaves the number alone
		if diff := cmp.Diff(want, encoded(t, full)); diff != "" {
			t.Fatalf("merging parts %q into %s (-joined +merged):\n%s", docs, in, diff)
		}
	})
}

// TestCopiesStay joins to drafts that share memory: neither may see what
// happens to the other.
func TestCopiesStay(t *testing.T) {
	t.Parallel()
	const details = `<fileDetails><reportId>17</reportId><fileId>a</fileId><fileAnnotations><viral/></fileAnnotations><originalFileHash hashType="MD5">17000000000000000000000000000abc</originalFileHash></fileDetails>`
	d, _ := ReadXML([]byte(details))
	full := one(t, "<x>"+xmlReport(material, "", "")+`<fileDetails><reportId>17</reportId><fileId>a</fileId></fileDetails></x>`)
	before := encoded(t, full)
	part := d.Part("17")
	partBefore := encoded(t, part)
	m, changed := Merge(full, part)
	if !changed || encoded(t, full) != before || encoded(t, part) != partBefore {
		t.Fatalf("Merge changed=%v; full and part must stay as they were", changed)
	}
	if m.Incidents[0].Kind != referral.CSAMDistribution || full.Incidents[0].Kind != referral.CSAMPossession {
		t.Errorf("kinds %v and %v: only the merged draft knows that the file went viral", m.Incidents, full.Incidents)
	}
	// The caller adds fingerprints of its own to what it got.
	other := d.Part("17")
	for i, p := range []*referral.Draft{part, other} {
		f := &p.Files[0]
		f.Hashes = append(f.Hashes, referral.Hash{Kind: "sha1", Value: fmt.Sprint(i), Ours: true})
		f.Annotations[0] = fmt.Sprint(i)
	}
	if part.Files[0].Hashes[1].Value != "0" || part.Files[0].Annotations[0] != "0" || m.Files[0].Annotations[0] != "viral" {
		t.Errorf("drafts of one document share memory: %+v", part.Files[0])
	}
}

// TestOursStay merges into a draft whose file has fingerprints that the desk
// computed: they stay behind the stated ones, and stated beats computed.
func TestOursStay(t *testing.T) {
	t.Parallel()
	full := deliveredDraft(t, `"reportedInformation":{"uploadedFiles":[{"filename":"x","verificationHash":"17000000000000000000000000000abc"}]}`)
	full.Files[0].Media = "image/png"
	full.Files[0].Hashes = append(full.Files[0].Hashes, referral.Hash{Kind: "sha1", Value: "1700000000000000000000000000000000000abc", Ours: true},
		referral.Hash{Kind: "pdq", Value: strings.Repeat("17", 32), Quality: 80, Ours: true})
	d, _ := ReadXML([]byte(`<fileDetails><reportId>17</reportId><fileId>a</fileId><originalFileHash hashType="SHA256">` + strings.Repeat("a7", 32) +
		`</originalFileHash><originalFileHash hashType="SHA1">1700000000000000000000000000000000000abc</originalFileHash></fileDetails>`))
	m, changed := Merge(full, d.Part("17"))
	want := []referral.File{{ID: "a", Name: "x", Media: "image/png", Path: "reportedInformation/uploadedFiles[1]", Hashes: []referral.Hash{
		{Kind: "md5", Value: "17000000000000000000000000000abc"}, {Kind: "sha1", Value: "1700000000000000000000000000000000000abc"},
		{Kind: "sha256", Value: strings.Repeat("a7", 32)}, {Kind: "pdq", Value: strings.Repeat("17", 32), Quality: 80, Ours: true}}}}
	if diff := cmp.Diff(want, m.Files); diff != "" || !changed {
		t.Errorf("files (-want +got), changed=%v:\n%s", changed, diff)
	}
	if _, changed := Merge(m, d.Part("17")); changed {
		t.Error("merging the same part again says that something changed")
	}
}

func TestReportID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		doc, id string
		several bool
	}{
		{"<fileDetails><reportId>17</reportId><fileId>a</fileId></fileDetails>", "17", false},
		{"<fileDetails><fileId>a</fileId></fileDetails>", "", false},
		{"<fileDetails><reportId>x</reportId><fileId>a</fileId></fileDetails>", "", false},
		{"<fileDetails><reportId>0</reportId><fileId>a</fileId></fileDetails>", "", false},
		{"<reportResponse><responseCode>0</responseCode><reportId>17</reportId></reportResponse>", "17", false},
		{"<reportDoneResponse><responseCode>0</responseCode><reportId>017</reportId></reportDoneResponse>", "17", false},
		{"<x><fileDetails><reportId>17</reportId></fileDetails><reportDoneResponse><reportId>17</reportId></reportDoneResponse></x>", "17", false},
		{"<x><fileDetails><reportId>17</reportId></fileDetails><reportDoneResponse><reportId>18</reportId></reportDoneResponse></x>", "", true},
	} {
		d, fs := ReadXML([]byte(tt.doc))
		if d == nil {
			t.Errorf("%s: refused: %v", tt.doc, fs)
			continue
		}
		id, err := d.ReportID()
		if id != tt.id || (err != nil) != tt.several {
			t.Errorf("%s: ReportID() = %q, %v; want %q, several %v", tt.doc, id, err, tt.id, tt.several)
		}
		to := one(t, xmlReport(material, "", ""))
		was := to.ExternalID
		d.Join(to)
		if tt.id == "" && (to.ExternalID != was || to.IDFrom != referral.IDDigest) || tt.id != "" && (to.ExternalID != tt.id || to.IDFrom != referral.IDCompanion) {
			t.Errorf("%s: joined to a report without a number: %s from %s, want %q", tt.doc, to.ExternalID, to.IDFrom, tt.id)
		}
		stated := deliveredDraft(t, `"informational":false`)
		if d.Join(stated); stated.IDFrom != referral.IDStated {
			t.Errorf("%s: a stated number became one from a companion", tt.doc)
		}
	}
}

func TestGroupOf(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"fileDetails[3f62a1c09b5e7d84]/originalFileHash[1]": "fileDetails[3f62a1c09b5e7d84]",
		"wrapper[3f62a1c09b5e7d84]":                         "wrapper[3f62a1c09b5e7d84]",
		"reportResponse[3f62a1c09b5e7d84]/hash":             "reportResponse[3f62a1c09b5e7d84]",
		"":                                                  "",
		"fileDetails":                                       "",
		"fileDetails[1]/fileId":                             "",
		"fileDetails[3f62a1c09b5e7d84":                      "",
		"fileDetails[3f62a1c09b5e7d84]x":                    "",
		"fileDetails[3f62a1c09b5e7d8g]/x":                   "",
		"fileDetails[3F62A1C09B5E7D84]/x":                   "",
		"personOrUserReported[1]/screenName":                "",
		"victim[3f62a1c09b5e7d84]/screenName":               "",
	} {
		if got := groupOf(path); got != want {
			t.Errorf("groupOf(%q) = %q, want %q", path, got, want)
		}
	}
}
