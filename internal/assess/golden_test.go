package assess

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"lapwing/internal/referral"
)

var update = flag.Bool("update", false, "rewrite the golden files: then read the difference")

// TestGolden reads stories: a draft and what the desk knows, and beside them
// the keys and the assessment that follow.
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
			var d referral.Draft
			var w world
			decodeStory(t, ar, "draft.json", &d)
			decodeStory(t, ar, "facts.json", &w)
			keys := Identify(&d)
			got := map[string]string{"keys": printKeys(keys), "assessment.json": encode(t, Assess(&d, keys, w.facts(t)))}
			if *update {
				ar.Files = append(ar.Files[:2], txtar.File{Name: "keys", Data: []byte(got["keys"])},
					txtar.File{Name: "assessment.json", Data: []byte(got["assessment.json"])})
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for name, g := range got {
				if diff := cmp.Diff(story(ar, name), g); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

func story(ar *txtar.Archive, name string) string {
	for _, f := range ar.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func decodeStory(t *testing.T, ar *txtar.Archive, name string, v any) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(story(ar, name)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func printKeys(ks []Key) string {
	var b strings.Builder
	for _, k := range ks {
		fmt.Fprintf(&b, "%s %q role=%q party=%d", k.Kind, k.Value, k.Role, k.Party)
		if k.Mentioned {
			b.WriteString(" mentioned")
		}
		if k.Timed {
			b.WriteString(" timed")
		}
		if k.Ported {
			b.WriteString(" ported")
		}
		b.WriteString(" " + k.Path + "\n")
	}
	return b.String()
}
