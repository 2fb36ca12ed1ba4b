package fromcybertip

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// seeds are the documents of the golden stories.
func seeds(f *testing.F, suffix string) (docs [][]byte) {
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range stories {
		ar, err := txtar.ParseFile(s)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			if strings.HasSuffix(file.Name, suffix) && file.Name != "drafts.json" {
				docs = append(docs, file.Data)
			}
		}
	}
	return docs
}

// FuzzReadXML reads two documents and joins the companions of the second to
// the first report of the first.
func FuzzReadXML(f *testing.F) {
	docs := seeds(f, ".xml")
	for i, d := range docs {
		f.Add(d, docs[(i+1)%len(docs)])
	}
	f.Add([]byte(xmlReport(material, "", "<fileDetails><fileId>a</fileId></fileDetails><fileDetails/>")),
		[]byte(`<x a="1"><fileDetails><fileId>a, b</fileId></fileDetails><fileDetails><fileId>b</fileId><details type="HASH"><nameValuePair><name>md5</name><value>17</value></nameValuePair></details></fileDetails></x>`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		d, fs := ReadXML(a)
		if (d == nil) != referral.Refuses(fs) {
			t.Fatalf("ReadXML(%q) = %v with findings %v", a, d, fs)
		}
		if d == nil {
			return
		}
		in, err := cybertip.ReadXML(a)
		if err != nil || len(in.Reports) != len(d.Drafts) || len(in.Files) != len(d.Files) || len(in.Responses)+len(in.Done) != len(d.Answers) {
			t.Fatalf("ReadXML(%q) has %d drafts, %d files, %d answers of %+v", a, len(d.Drafts), len(d.Files), len(d.Answers), in)
		}
		for i, draft := range d.Drafts {
			if got, want := len(draft.Fields), len(in.Reports[i].Fields)+len(in.Fields); got != want {
				t.Fatalf("ReadXML(%q): draft %d has %d fields, want %d", a, i, got, want)
			}
			sound(t, draft)
		}
		if len(d.Drafts) == 0 {
			sound(t, d.Part("17"))
			return
		}
		joined(t, d.Drafts[0], b)
	})
}

// FuzzReadJSON reads a delivered report and joins the companions of a document.
func FuzzReadJSON(f *testing.F) {
	docs := seeds(f, ".xml")
	for i, d := range seeds(f, ".json") {
		f.Add(d, docs[i%len(docs)])
	}
	f.Add([]byte(`{"reportId":17,"reportedInformation":{"uploadedFiles":[{"submittalId":"a"},{"submittalId":"b","verificationHash":"17000000000000000000000000000abc"}],"reportedPeople":{"a/b[1]":[1]}}}`),
		[]byte(`<fileDetails><fileId>a</fileId><originalFileHash hashType="md5">17000000000000000000000000000ABC</originalFileHash></fileDetails>`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		ds, fs := ReadJSON(a)
		if (len(ds) == 0) != referral.Refuses(fs) || len(ds) > 1 {
			t.Fatalf("ReadJSON(%q) = %d drafts with findings %v", a, len(ds), fs)
		}
		if len(ds) == 0 {
			return
		}
		in, err := cybertip.ReadDelivered(a)
		if err != nil || len(in.Fields) != len(ds[0].Fields) || len(ds[0].Parties) < len(in.Reported)+len(in.Recipients)+len(in.Victims) {
			t.Fatalf("ReadJSON(%q): %d fields, %d parties of %+v", a, len(ds[0].Fields), len(ds[0].Parties), in)
		}
		sound(t, ds[0])
		joined(t, ds[0], b)
	})
}

// sound checks what holds for every draft.
func sound(t *testing.T, d *referral.Draft) {
	t.Helper()
	s := encoded(t, d)
	if again := encoded(t, decoded(t, s)); again != s {
		t.Fatalf("decoded and encoded again the draft differs:\n%s\n%s", s, again)
	}
	fields := make(map[referral.Field]bool, len(d.Fields))
	paths := make(map[string]bool, len(d.Fields))
	for _, f := range d.Fields {
		fields[f], paths[f.Path] = true, true
		if withoutMedia(f.Value) != f.Value {
			t.Fatalf("media in %s", f.Path)
		}
	}
	for _, f := range d.Unknown {
		if !fields[f] {
			t.Fatalf("unknown leaf %s is not a field", f.Path)
		}
	}
	for _, x := range d.Texts {
		if x.Path != "" && !paths[x.Path] {
			t.Fatalf("text at %s, where no field is", x.Path)
		}
	}
	for i, p := range d.Parties {
		if p.Of < 0 || p.Of > i || (p.Role == referral.RoleAssociated) != (p.Of > 0) {
			t.Fatalf("party %d (%s) is of %d", i+1, p.Role, p.Of)
		}
		for _, id := range p.Identifiers {
			if id.Value == "" || id.Path != "" && !paths[id.Path] {
				t.Fatalf("party %d has the identifier %+v", i+1, id)
			}
		}
	}
	for _, in := range d.Incidents {
		if !in.Kind.Valid() {
			t.Fatalf("incident %+v", in)
		}
	}
	for _, fl := range d.Files {
		for _, h := range fl.Hashes {
			if again, err := referral.NewHash(h.Kind, h.Value); err != nil || again.Value != h.Value {
				t.Fatalf("hash %+v: %+v, %v", h, again, err)
			}
		}
	}
}

// joined checks that joining and merging agree, lose nothing and can be done again.
func joined(t *testing.T, to *referral.Draft, doc []byte) {
	t.Helper()
	read := func() *Document { d, _ := ReadXML(doc); return d }
	if read() == nil {
		return
	}
	before := encoded(t, to)
	part := read().Part(to.ExternalID)
	m, changed := Merge(decoded(t, before), part)
	if encoded(t, to) != before {
		t.Fatal("Merge changed the full draft")
	}
	m.ExternalID, m.IDFrom = to.ExternalID, to.IDFrom
	merged := encoded(t, m)
	if changed != (merged != before) {
		t.Fatalf("Merge says changed=%v of\n%s\n%s", changed, before, merged)
	}
	had := facts(to.Files)
	read().Join(to)
	sound(t, to)
	has := facts(to.Files)
	for _, f := range slices.Concat(had, facts(part.Files)) {
		if !slices.Contains(has, f) {
			t.Fatalf("joining %q lost %s: has %v", doc, f, has)
		}
	}
	m.ExternalID, m.IDFrom = to.ExternalID, to.IDFrom
	once := encoded(t, to)
	if merged = encoded(t, m); merged != once {
		t.Fatalf("Join and Merge of %q differ:\n%s\n%s", doc, once, merged)
	}
	read().Join(to)
	if again := encoded(t, to); again != once {
		t.Fatalf("joining %q again changes\n%s\ninto\n%s", doc, once, again)
	}
}

// facts are the things in files that joining must not lose.
func facts(files []referral.File) (out []string) {
	for _, f := range files {
		for id := range idsOf(f.ID) {
			out = append(out, "id "+id)
		}
		for _, h := range f.Hashes {
			out = append(out, h.Kind+" "+h.Value)
		}
		for _, a := range f.Annotations {
			out = append(out, "annotation "+a)
		}
		for _, l := range f.Labels {
			out = append(out, "label "+l.Scheme+" "+l.Value)
		}
		for _, id := range f.Identifiers {
			out = append(out, fmt.Sprint("identifier ", id.Kind, id.Value, id.Path))
		}
	}
	return out
}
