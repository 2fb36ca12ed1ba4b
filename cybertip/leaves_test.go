package cybertip

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// shared is where reference data lies beside the repository, on machines that have it.
const shared = "../../shared/data/formats"

// sharedFile returns a file of the reference data, or logs that it is not there.
func sharedFile(t testing.TB, name string) ([]byte, bool) {
	b, err := os.ReadFile(filepath.Join(shared, name))
	if err != nil {
		t.Logf("reference data %s is not present; checked without it", name)
		return nil, false
	}
	return b, true
}

func fixture(t testing.TB, name string) []byte {
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// readReport reads a document that is one report.
func readReport(t testing.TB, doc string) *Report {
	t.Helper()
	d, err := ReadXML([]byte(doc))
	if err != nil {
		t.Fatalf("ReadXML(%s): %v", doc, err)
	}
	if len(d.Reports) != 1 {
		t.Fatalf("ReadXML(%s) found %d reports, want 1", doc, len(d.Reports))
	}
	return d.Reports[0]
}

// standardLeaves lists the leaves below the document element with encoding/xml: every step of a path is numbered,
// text beside elements counts for the element around it.
func standardLeaves(doc []byte) (leaves map[string]string, err error) {
	type element struct {
		path     string
		count    map[string]int
		children bool
		text     strings.Builder
	}
	leaves = map[string]string{}
	d := xml.NewDecoder(bytes.NewReader(doc))
	var open []*element
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return leaves, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{count: map[string]int{}}
			if len(open) > 0 {
				p := open[len(open)-1]
				p.children = true
				p.count[token.Name.Local]++
				e.path = fmt.Sprintf("%s/%s[%d]", p.path, token.Name.Local, p.count[token.Name.Local])
			}
			open = append(open, e)
			for _, a := range token.Attr {
				if a.Name.Space == "xmlns" || a.Name.Space == "xsi" || a.Name.Space == "" && a.Name.Local == "xmlns" {
					continue
				}
				leaves[e.path+"/@"+a.Name.Local] += blanks(a.Value)
			}
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(token)
			}
		case xml.EndElement:
			e := open[len(open)-1]
			open = open[:len(open)-1]
			text := strings.Trim(e.text.String(), " \t\r\n")
			if text != "" || !e.children && e.path != "" {
				leaves[e.path] = text
			}
		}
	}
}

func blanks(s string) string {
	return strings.Trim(strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(s), " ")
}

var unnumbered = regexp.MustCompile(`([^\]/])(/|$)`)

// fieldLeaves brings fields into the form of standardLeaves.
func fieldLeaves(fields []Field) map[string]string {
	leaves := map[string]string{}
	for _, f := range fields {
		path, attr := f.Path, ""
		if i := strings.LastIndex(path, "@"); i >= 0 {
			path, attr = strings.TrimSuffix(path[:i], "/"), "/"+path[i:]
		}
		path = strings.TrimSuffix(strings.TrimSuffix(path, "text()"), "/")
		if path != "" {
			path = "/" + unnumbered.ReplaceAllString(path, "$1[1]$2")
		}
		leaves[path+attr] += f.Value
	}
	return leaves
}

// compareLeaves says how the fields of a document with one root differ from its leaves; "" if they don't.
func compareLeaves(doc []byte, fields []Field) string {
	want, err := standardLeaves(doc)
	if err != nil {
		return "" // encoding/xml knows fewer encodings and older names
	}
	got := fieldLeaves(fields)
	for path, value := range want {
		if g, ok := got[path]; !ok || blanks(g) != blanks(value) {
			return fmt.Sprintf("leaf %s = %q, but Fields have %q (%v)", path, value, g, ok)
		}
	}
	for path, value := range got {
		if _, ok := want[path]; !ok && value != "" {
			return fmt.Sprintf("field %s = %q is no leaf of the document", path, value)
		}
	}
	return ""
}

func TestEveryLeafIsAField(t *testing.T) {
	t.Parallel()
	docs := map[string][]byte{}
	for _, name := range []string{"report_typical.xml", "report_full.xml", "filedetails.xml"} {
		docs[name] = fixture(t, name)
	}
	for _, name := range []string{"cybertipline-report-max.xml", "cybertipline-report-min.xml", "cybertipline-filedetails.xml"} {
		if b, ok := sharedFile(t, name); ok {
			docs[name] = b
		}
	}
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		d, err := ReadXML(docs[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c := d.content()
		if diff := compareLeaves(docs[name], c.Fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(c.Fields) == 0 || len(c.Unknown) != 0 || len(c.Findings) != 0 {
			t.Errorf("%s: %d fields, unknown %v, findings %v; want some, none, none", name, len(c.Fields), c.Unknown, c.Findings)
		}
	}
}

func TestSharedResponses(t *testing.T) {
	t.Parallel()
	b, ok := sharedFile(t, "cybertipline-responses.xml")
	if !ok {
		return
	}
	d, err := ReadXML(b)
	if err != nil || len(d.Responses) != 3 || len(d.Done) != 1 || len(d.Fields) != 0 {
		t.Fatalf("got %+v, %v; want 3 responses, 1 done response, no fields of the wrapper", d, err)
	}
}
