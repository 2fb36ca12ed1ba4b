package fromcybertip

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"lapwing/internal/referral"
)

// shared are samples that are not part of this repository.
const shared = "../../../../shared/data/formats/"

// TestEveryLeaf compares the leaves of drafts with those that encoding/xml and
// encoding/json find: of the golden stories, and of the shared samples where
// they are.
func TestEveryLeaf(t *testing.T) {
	t.Parallel()
	in := map[string][]byte{}
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stories {
		ar, err := txtar.ParseFile(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if strings.HasSuffix(f.Name, ".xml") || f.Name == "report.json" {
				in[s+"/"+f.Name] = f.Data
			}
		}
	}
	samples, err := filepath.Glob(shared + "cybertipline-*")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples {
		if filepath.Ext(s) == ".xsd" {
			continue
		}
		if in[s], err = os.ReadFile(s); err != nil {
			t.Fatal(err)
		}
	}
	if len(samples) == 0 {
		t.Log("the shared samples are not here: only the stories were compared")
	}
	for name, doc := range in {
		var drafts []*referral.Draft
		var fs []referral.Finding
		var want []string
		if strings.HasSuffix(name, ".json") {
			drafts, fs = ReadJSON(doc)
			want = jsonLeaves(t, doc)
		} else {
			var d *Document
			if d, fs = ReadXML(doc); d != nil {
				switch len(d.Drafts) {
				case 0:
					drafts = []*referral.Draft{d.Part("17")}
				case 1:
					d.Join(d.Drafts[0])
					drafts = d.Drafts
				default:
					continue // the companions of several reports are in none of them
				}
			}
			want = xmlLeaves(t, doc)
		}
		if referral.Refuses(fs) {
			continue
		}
		if len(drafts) != 1 {
			t.Errorf("%s: %d drafts, findings %v", name, len(drafts), fs)
			continue
		}
		var got []string
		for _, f := range drafts[0].Fields {
			got = append(got, f.Value)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: values of leaves (-in the document +in the draft):\n%s", name, diff)
		}
		for _, u := range drafts[0].Unknown {
			if !slices.Contains(drafts[0].Fields, u) {
				t.Errorf("%s: the unknown leaf %s is not among the fields", name, u.Path)
			}
		}
	}
}

// xmlLeaves are the values of attributes and of elements without elements.
func xmlLeaves(t *testing.T, doc []byte) (values []string) {
	type open struct {
		text   string
		parent bool
	}
	var stack []*open
	dec := xml.NewDecoder(bytes.NewReader(doc))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return values
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if len(stack) > 0 {
				stack[len(stack)-1].parent = true
			}
			stack = append(stack, new(open))
			for _, a := range tok.Attr {
				if a.Name.Space == "" && a.Name.Local != "xmlns" {
					values = append(values, strings.TrimSpace(a.Value))
				}
			}
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text += string(tok)
			}
		case xml.EndElement:
			e := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if text := strings.TrimSpace(e.text); !e.parent || text != "" {
				values = append(values, text)
			}
		}
	}
}

func jsonLeaves(t *testing.T, doc []byte) (values []string) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(doc, []byte("\ufeff"))))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, m := range v {
				walk(m)
			}
		case []any:
			for _, m := range v {
				walk(m)
			}
		case nil:
		default:
			values = append(values, strings.TrimSpace(fmt.Sprint(v)))
		}
	}
	walk(tree)
	return values
}
