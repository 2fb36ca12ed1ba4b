package fromtable

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/tools/txtar"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden reads the tables of testdata: each with its options, what is
// understood, and every row. A line "as: windows-1252 crlf" in the comment
// says how the table is written before it is read.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var o Options
			var table []byte
			want := map[string]string{}
			kept := &txtar.Archive{Comment: a.Comment}
			for _, f := range a.Files {
				switch f.Name {
				case "options.json":
					if err := json.Unmarshal(f.Data, &o); err != nil {
						t.Fatal(err)
					}
					kept.Files = append(kept.Files, f)
				case "table":
					table = as(t, f.Data, string(a.Comment))
					kept.Files = append(kept.Files, f)
				default:
					want[f.Name] = string(f.Data)
				}
			}
			got := readAll(string(table), o)
			if *update {
				for _, name := range []string{"error", "understood", "rows"} {
					if got[name] != "" {
						kept.Files = append(kept.Files, txtar.File{Name: name, Data: []byte(got[name])})
					}
				}
				if err := os.WriteFile(file, txtar.Format(kept), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// as writes a table as the comment says.
func as(t *testing.T, b []byte, comment string) []byte {
	t.Helper()
	for line := range strings.Lines(comment) {
		how, ok := strings.CutPrefix(line, "as: ")
		if !ok {
			continue
		}
		for w := range strings.FieldsSeq(how) {
			var err error
			switch w {
			case "crlf":
				b = []byte(strings.ReplaceAll(string(b), "\n", "\r\n"))
			case "cr":
				b = []byte(strings.ReplaceAll(string(b), "\n", "\r"))
			case "bom":
				b = append([]byte("\ufeff"), b...)
			case "windows-1252":
				b, err = charmap.Windows1252.NewEncoder().Bytes(b)
			case "windows-1250":
				b, err = charmap.Windows1250.NewEncoder().Bytes(b)
			case "utf-16le":
				b, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(b)
			case "utf-16be":
				b, err = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes(b)
			case "nbsp":
				b = []byte(strings.ReplaceAll(string(b), "~", "\u00a0"))
			case "narrow":
				b = []byte(strings.ReplaceAll(string(b), "~", "\u202f"))
			default:
				t.Fatalf("as: %s is unknown", w)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return b
}

// readAll gives what a table comes to as text.
func readAll(table string, o Options) map[string]string {
	got := map[string]string{}
	tb, err := Open(strings.NewReader(table), o)
	if err != nil {
		got["error"] = err.Error() + "\n"
		if u := (*Unclear)(nil); errors.As(err, &u) {
			got["understood"] = u.Understood.String()
		}
		return got
	}
	var rows strings.Builder
	err = tb.Read(func(r Row) error {
		fmt.Fprintln(&rows, tell(r))
		return nil
	})
	if err != nil {
		got["error"] = err.Error() + "\n"
	}
	got["understood"], got["rows"] = tb.Understood().String(), rows.String()
	return got
}

func tell(r Row) string {
	if len(r.Problems) > 0 {
		return r.Place.String() + ": ! " + strings.Join(r.Problems, " | ")
	}
	f := r.Figure
	s := fmt.Sprintf("%s: %s %s ", r.Place, f.Key, calendar.Period{Length: f.Length, First: f.First})
	if f.Status == indicator.Observed {
		s += strconv.FormatFloat(f.Value, 'f', -1, 64)
	} else {
		s += string(f.Status)
	}
	if f.Status != indicator.Observed && f.Value != 0 {
		s += " with a value"
	}
	if f.Provisional {
		s += " provisional"
	}
	if !f.Learned.IsZero() {
		s += " learned " + f.Learned.Format(time.RFC3339Nano)
	}
	return s
}
