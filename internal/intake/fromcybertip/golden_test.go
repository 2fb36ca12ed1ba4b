package fromcybertip

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"lapwing/internal/referral"
)

var update = flag.Bool("update", false, "rewrite the golden files: then read the difference")

// TestGolden reads the stories in testdata: documents, and beside them the
// drafts, the leaves and the findings that come of them. In a story
//
//	report.xml, report.json  is read first
//	join/*.xml               is joined to its one draft, in order
//
// and what comes out is drafts.json (without leaves), leaves (unknown ones
// with a question mark) and findings.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := tell(t, ar)
			if *update {
				ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return slices.Contains(outcomes, f.Name) })
				for _, name := range outcomes {
					ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(got[name])})
				}
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := map[string]string{}
			for _, f := range ar.Files {
				want[f.Name] = string(f.Data)
			}
			for _, name := range outcomes {
				if diff := cmp.Diff(want[name], got[name]); diff != "" {
					t.Errorf("%s: %s (-want +got):\n%s", file, name, diff)
				}
			}
		})
	}
}

var outcomes = []string{"drafts.json", "leaves", "findings"}

func tell(t *testing.T, ar *txtar.Archive) map[string]string {
	var drafts []*referral.Draft
	var fs []referral.Finding
	for _, f := range ar.Files {
		switch {
		case f.Name == "report.xml":
			d, more := ReadXML(f.Data)
			fs = append(fs, more...)
			if d != nil {
				drafts = d.Drafts
				if len(drafts) == 1 {
					d.Join(drafts[0])
				}
			}
		case f.Name == "report.json":
			d, more := ReadJSON(f.Data)
			drafts, fs = d, append(fs, more...)
		case strings.HasPrefix(f.Name, "join/"):
			d, more := ReadXML(f.Data)
			fs = append(fs, more...)
			if d == nil || len(drafts) != 1 {
				t.Fatalf("%s cannot be joined to %d drafts: %v", f.Name, len(drafts), more)
			}
			d.Join(drafts[0])
		}
	}
	var leaves, findings strings.Builder
	for i, d := range drafts {
		unknown := map[referral.Field]bool{}
		for _, f := range d.Unknown {
			unknown[f] = true
		}
		for _, f := range d.Fields {
			mark := " "
			if unknown[f] {
				mark = "?"
			}
			fmt.Fprintf(&leaves, "%d%s%s = %q\n", i+1, mark, f.Path, f.Value)
		}
		short := *d
		short.Fields, short.Unknown = nil, nil
		drafts[i] = &short
	}
	for _, f := range fs {
		fmt.Fprintf(&findings, "%s %s: %s\n", f.Severity, f.Path, f.Text)
	}
	b, err := json.MarshalIndent(drafts, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"drafts.json": string(b) + "\n", "leaves": leaves.String(), "findings": findings.String()}
}
