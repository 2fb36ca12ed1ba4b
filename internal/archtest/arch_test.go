// Package archtest keeps the picture of the house: which room may know which.
package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows say what a package may import of this module; the first row that
// fits counts, self is the module (internal/X) that a sub-package belongs to.
// Rules know no HTTP and no SQL, no module knows another, and only app and
// what stands above it know them all. Change a row on purpose, with the
// commit that needs it.
var arrows = []struct{ from, to string }{
	{"cmd/*", "internal/cli"},
	{"internal/cli", "*"},
	{"internal/bench", "*"},
	{"internal/app", "*"},

	// Libraries for anyone.
	{"pdq", ""},
	{"series", ""},
	{"cybertip", "internal/xmlscan"},
	{"internal/xmlscan", ""},

	// Foundations.
	{"internal/fault internal/clock internal/calendar internal/sealed internal/identity internal/referral internal/hashindex", ""},
	{"internal/config", "internal/fault"},
	{"internal/sqldb internal/sqldb/*", "internal/sqldb internal/fault"},
	{"internal/job", "internal/fault internal/sqldb"},
	{"internal/hashing", "internal/fault pdq"},
	{"internal/unpack", "internal/hashing"},
	{"internal/geo", "internal/referral"},
	{"internal/web internal/web/*", "internal/web internal/fault internal/identity"},

	// Pure rules.
	{"internal/assess", "internal/referral pdq"},
	{"internal/chart", "internal/calendar"},
	{"internal/outlook", "internal/calendar internal/indicator series"},

	// Modules with their sub-packages.
	{"internal/*/*sql", "self internal/fault internal/clock internal/identity internal/referral internal/sealed internal/sqldb internal/hashlist internal/calendar"},
	{"internal/*/*http", "self internal/fault internal/clock internal/identity internal/referral internal/hashing internal/unpack internal/web internal/calendar internal/chart internal/outlook series"},
	{"internal/*/*test", "*"},
	{"internal/hashlist internal/hashlist/*", "self internal/referral"},
	{"internal/intake/from* internal/intake/lint", "self internal/referral cybertip internal/xmlscan"},
	{"internal/audit internal/known internal/intake", "self internal/fault internal/clock internal/identity internal/audit internal/job internal/sealed internal/referral internal/assess internal/hashlist internal/hashindex internal/unpack pdq"},

	{"internal/apikey", "internal/fault internal/clock internal/calendar internal/identity internal/audit"},
	{"internal/indicator/*", "self internal/calendar"},
	{"internal/report", "internal/fault internal/clock internal/calendar internal/identity internal/audit internal/indicator internal/outlook internal/chart series"},
	{"internal/indicator", "internal/fault internal/clock internal/calendar internal/identity internal/audit internal/job internal/sealed series"},

	{"internal/synth", "internal/referral internal/hashlist internal/intake/fromhotline internal/calendar internal/indicator cybertip pdq"},
	{"internal/archtest", ""},
}

// No file but those of the sub-packages made for it may speak SQL or HTTP.
var kept = map[string][]string{
	"database/sql": {"internal/sqldb", "internal/sqldb/sqldbtest", "internal/job", "internal/bench", "internal/hashlist/fromnsrl", "internal/*/*sql"},
	"net/http":     {"internal/web", "internal/*/*http", "internal/app", "internal/cli"},
}

func TestArrows(t *testing.T) {
	t.Parallel()
	root := "../.."
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && p != root || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		from := path.Dir(filepath.ToSlash(rel))
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		row := rowOf(from)
		if row < 0 {
			t.Errorf("%s has no row in the table: say what it may import", from)
			return nil
		}
		seen[arrows[row].from] = true
		for _, im := range f.Imports {
			to, _ := strconv.Unquote(im.Path.Value)
			for std, who := range kept {
				if to == std && !matches(strings.Join(who, " "), from) {
					t.Errorf("%s imports %s, which is for %s", rel, std, who)
				}
			}
			to, ours := strings.CutPrefix(to, "lapwing/")
			if ours && !allowed(from, to, arrows[row].to) {
				t.Errorf("%s imports %s; its row allows %q", rel, to, arrows[row].to)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range arrows {
		if !seen[a.from] && a.from != "internal/archtest" {
			t.Errorf("no package fits the row %q any more", a.from)
		}
	}
}

func rowOf(from string) int {
	return slices.IndexFunc(arrows, func(a struct{ from, to string }) bool { return matches(a.from, from) })
}

func matches(patterns, name string) bool {
	return slices.ContainsFunc(strings.Fields(patterns), func(p string) bool { ok, _ := path.Match(p, name); return ok })
}

func allowed(from, to, list string) bool {
	for _, a := range strings.Fields(list) {
		if a == "*" || a == to {
			return true
		}
		if a == "self" {
			m := strings.Join(strings.Split(from, "/")[:2], "/")
			if to == m || strings.HasPrefix(to, m+"/") {
				return true
			}
		}
	}
	return false
}
