package app

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"lapwing/internal/assess"
	"lapwing/internal/fault"
	"lapwing/internal/referral"
)

// registry is a list that puts 192.0.2.0/24 into the country.
func registry(name, built, country string) string {
	return fmt.Sprintf("2|%s|%s|1|19830101|%s|+0000\n%[1]s|%[4]s|ipv4|192.0.2.0|256|20200101|allocated|OPAQUE-1\n", name, built, built, country)
}

func put(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func bases(t *testing.T, data string) *Bases {
	t.Helper()
	b, err := OpenBases(data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func add(t *testing.T, b *Bases, name, built, country string) referral.Base {
	t.Helper()
	base, err := b.Add(put(t, "list.txt", registry(name, built, country)))
	if err != nil {
		t.Fatal(err)
	}
	return base
}

func at(t *testing.T, b *Bases, named ...referral.Base) assess.Locator {
	t.Helper()
	l, err := b.At(named)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// country asks for an address that every list of these tests has.
func country(l assess.Locator) string {
	x, ok := l.Locate(netip.MustParseAddr("192.0.2.1"))
	if !ok {
		return "none"
	}
	return fmt.Sprintf("%s by %s of %s", x.Country, x.Base.Name, x.Base.Built)
}

func TestBases(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	b := bases(t, data)
	if got := country(b); got != "none" || len(b.List()) != 0 {
		t.Errorf("without a database: %s", got)
	}
	// The older one comes second: it does not answer, but is there for replay.
	newer := add(t, b, "example", "20260201", "LU")
	older := add(t, b, "example", "20250201", "NL")
	zulu := add(t, b, "zulu", "20251201", "PT")
	alfa := add(t, b, "alfa", "20240101", "BE")
	if want := (referral.Base{Name: "delegated example", Built: "2026-02-01"}); newer != want {
		t.Errorf("added %+v, want %+v", newer, want)
	}
	for name, b := range map[string]*Bases{"as it was filled": b, "opened anew": bases(t, data)} {
		if got, want := b.List(), []referral.Base{newer, zulu, older, alfa}; !slices.Equal(got, want) {
			t.Errorf("%s: list %+v, want %+v", name, got, want)
		}
		for _, c := range []struct {
			what string
			l    assess.Locator
			want string
		}{
			{"now", b, "LU by delegated example of 2026-02-01"},
			{"then, the older", at(t, b, older), "NL by delegated example of 2025-02-01"},
			// Assessments name databases by name; they asked them by age.
			{"then, two", at(t, b, alfa, zulu), "PT by delegated zulu of 2025-12-01"},
			{"then, two, named otherwise", at(t, b, zulu, alfa), "PT by delegated zulu of 2025-12-01"},
			{"then, twice the same", at(t, b, alfa, alfa), "BE by delegated alfa of 2024-01-01"},
			{"then, none", at(t, b), "none"},
		} {
			if got := country(c.l); got != c.want {
				t.Errorf("%s, %s: %s, want %s", name, c.what, got, c.want)
			}
		}
		if _, ok := b.Locate(netip.MustParseAddr("198.51.100.1")); ok {
			t.Errorf("%s: an address that nobody knows was located", name)
		}
		_, err := b.At([]referral.Base{older, {Name: "delegated example", Built: "2020-01-01"}})
		if fault.KindOf(err) != fault.NotFound || !strings.Contains(err.Error(), "2020-01-01") {
			t.Errorf("%s: a database that is gone: %v, want not found with its name", name, err)
		}
	}
}

func TestBasesTakeNothingTwice(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	b, beside := bases(t, data), bases(t, data)
	add(t, b, "example", "20260201", "LU")
	for name, b := range map[string]*Bases{"the same desk": b, "another process": beside} {
		// Even if it says something else: there would be no telling them apart.
		_, err := b.Add(put(t, "list.txt", registry("example", "20260201", "NL")))
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: %v, want conflict", name, err)
		}
	}
	for _, b := range []*Bases{b, bases(t, data)} {
		if got := country(b); got != "LU by delegated example of 2026-02-01" || len(b.List()) != 1 {
			t.Errorf("after it: %s, %+v", got, b.List())
		}
	}
	files, err := os.ReadDir(filepath.Join(data, "geo"))
	if err != nil || len(files) != 1 {
		t.Errorf("files %v, %v; want one", files, err)
	}
}

func TestFileNamesTellBasesApart(t *testing.T) {
	t.Parallel()
	seen := map[string]referral.Base{}
	for _, base := range []referral.Base{{Name: "a b", Built: "2026-01-01"}, {Name: "a_b", Built: "2026-01-01"}, {Name: "a/b", Built: "2026-01-01"}, {Name: "../../b", Built: "2026-01-01"}, {Name: ".", Built: ""}, {Name: "ä\x00", Built: "2026-01-01"}} {
		name := fileName(base)
		if other, ok := seen[name]; ok {
			t.Errorf("%+v and %+v have one file %q", base, other, name)
		}
		if seen[name] = base; name != filepath.Base(name) || strings.HasPrefix(name, ".") || strings.ContainsAny(name, "/\\ \x00") {
			t.Errorf("%+v has the file %q", base, name)
		}
	}
}

func TestBasesThatAreDamaged(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	b := bases(t, data)
	good := add(t, b, "example", "20260201", "LU")
	for name, content := range map[string]string{"empty": "", "noise": "\x00\x01\x02", "a page": "<html></html>", "cut": strings.Replace(registry("other", "20260101", "LU"), "|1|1983", "|900|1983", 1)} {
		path := put(t, name, content)
		if _, err := b.Add(path); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want invalid and the file's name", name, err)
		}
	}
	if _, err := b.Add(filepath.Join(data, "nowhere")); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a file that is not there: %v, want invalid", err)
	}
	if got := bases(t, data).List(); !slices.Equal(got, []referral.Base{good}) {
		t.Errorf("after it the desk has %+v, want %+v", got, good)
	}
	// What a copying that was broken off leaves is no database.
	if err := os.WriteFile(filepath.Join(data, "geo", ".new-1"), []byte("2|exam"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := bases(t, data).List(); len(got) != 1 {
		t.Errorf("with half a copy beside it the desk has %+v", got)
	}
	bad := filepath.Join(data, "geo", "bad")
	if err := os.WriteFile(bad, []byte("2|exam"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenBases(data); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), bad) {
		t.Errorf("a damaged file in the folder: %v, want invalid and the file's name", err)
	}
}

func TestBasesOfAnotherProcess(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	b, beside := bases(t, data), bases(t, data)
	base := add(t, beside, "example", "20260201", "LU")
	if got := country(at(t, b, base)); got != "LU by delegated example of 2026-02-01" {
		t.Errorf("a database that another process added, named: %s", got)
	}
	add(t, beside, "example", "20260301", "NL")
	if err := b.Refresh(); err != nil {
		t.Fatal(err)
	}
	if got := country(b); got != "NL by delegated example of 2026-03-01" {
		t.Errorf("after Refresh: %s", got)
	}
}

func TestBasesWhileTheyGrow(t *testing.T) {
	t.Parallel()
	b := bases(t, t.TempDir())
	old := add(t, b, "example", "20250101", "LU")
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range 200 {
				if got := country(at(t, b, old)); got != "LU by delegated example of 2025-01-01" {
					t.Errorf("then: %s", got)
				}
				if country(b) == "none" || len(b.List()) == 0 {
					t.Error("nobody answers")
				}
			}
		})
	}
	for i := range 5 {
		add(t, b, "example", fmt.Sprintf("2026010%d", i+1), "NL")
	}
	wg.Wait()
	if got := country(b); got != "NL by delegated example of 2026-01-05" {
		t.Errorf("in the end: %s", got)
	}
}
