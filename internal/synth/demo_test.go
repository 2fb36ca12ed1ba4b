package synth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lapwing/internal/hashing"
	"lapwing/internal/referral"
	"lapwing/pdq"
)

// whole is the demo that everybody sees, in memory.
var whole = sync.OnceValues(func() (*desk, error) {
	d := newDesk(1, DemoOptions{Until: defaultUntil, Referrals: 3200})
	return d, d.make()
})

func wholeDemo(t *testing.T) *desk {
	t.Helper()
	d, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The demo is on screens, in guides and in tests of other packages: its bytes change on purpose only. They depend on Go's encoders of
// JPEG, PNG and deflate, so a new version of Go may need a new digest here; then look at what else differs.
func TestDemoGolden(t *testing.T) {
	t.Parallel()
	d := wholeDemo(t)
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(d.tree)) {
		e := d.tree[name]
		fmt.Fprintf(h, "%s\n%d %s\n", name, len(e.data), e.at.Format(time.RFC3339))
		h.Write(e.data)
	}
	const want = "25347f4d2ed4bf26d95e101a994f05747524d845bc3421d3e2be3ae6e9575438"
	if got := fmt.Sprintf("%x", h.Sum(nil)); got != want {
		t.Errorf("the demo of seed 1 has the digest %s, want %s", got, want)
	}
}

func TestDemoIsWrittenTheSame(t *testing.T) {
	t.Parallel()
	read := func(seed uint64) (map[string]string, Manifest) {
		dir := filepath.Join(t.TempDir(), "new", "demo")
		m, err := Demo(dir, seed, DemoOptions{Referrals: 400, Until: time.Date(2026, 3, 15, 20, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		err = filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(dir, p)
			files[filepath.ToSlash(rel)] = info.ModTime().UTC().String() + string(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return files, m
	}
	first, m := read(4)
	second, again := read(4)
	if !maps.Equal(first, second) || !reflect.DeepEqual(m, again) {
		t.Error("the same seed gives another tree or manifest")
	}
	if other, _ := read(5); maps.Equal(first, other) {
		t.Error("another seed gives the same tree")
	}
	if len(first) != m.Files+1 {
		t.Errorf("the manifest counts %d files besides itself, there are %d", m.Files, len(first)-1)
	}
	var written Manifest
	if err := json.Unmarshal([]byte(first[manifestFile][strings.Index(first[manifestFile], "{"):]), &written); err != nil || !reflect.DeepEqual(written, m) {
		t.Errorf("the manifest on the disk is not the one that was returned (%v)", err)
	}
}

func TestDemoRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Demo(dir, 1, DemoOptions{}); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("into a folder with a file: error %v", err)
	}
	if _, err := Demo(filepath.Join(dir, "demo"), 1, DemoOptions{Referrals: 10}); err == nil {
		t.Error("a demo of ten referrals was made")
	}
}

func TestDemoHasItAll(t *testing.T) {
	t.Parallel()
	d := wholeDemo(t)
	m := d.m
	for _, c := range countries[:memberStates] {
		if m.Countries[c.code] < 2 {
			t.Errorf("%s has %d referrals, want some of every Member State", c.name, m.Countries[c.code])
		}
	}
	if m.Countries["DE"] < m.Countries["AT"]*3 || m.Countries["FR"] < m.Countries["PT"]*3 {
		t.Errorf("referrals do not follow the number of inhabitants: %v", m.Countries)
	}
	if len(m.Months) != 24 {
		t.Errorf("there are %d months, want 24", len(m.Months))
	}
	others := 0
	for month, by := range m.Months {
		if month != m.Surge.Month {
			others += by[m.Surge.Provider]
		}
	}
	if times := float64(m.Months[m.Surge.Month][m.Surge.Provider]) * 23 / float64(others); times < 5 || times > 7.5 {
		t.Errorf("the surge of %s in %s has %.1f times the usual, want about %d", m.Surge.Provider, m.Surge.Month, times,
			m.Surge.Times)
	}
	share := func(format string, want int) {
		got := 0
		for _, tip := range d.tips {
			if tip.format == format {
				got++
			}
		}
		if percent := 100 * got / len(d.tips); percent < want-3 || percent > want+3 {
			t.Errorf("%d %% of the referrals are %s, want about %d %%", percent, format, want)
		}
	}
	share(formatXML, 60)
	share(formatJSON, 25)
	share(formatHotline, 10)
	share(formatCSV, 5)
	if m.Pictures < 10 || m.Pictures > 30 || len(m.Refused) < 10 || m.Referrals < 3000 || m.Files > 7000 || m.Bytes > 40<<20 {
		t.Errorf("pictures %d, refused %d, referrals %d, files %d, bytes %d", m.Pictures, len(m.Refused), m.Referrals,
			m.Files, m.Bytes)
	}
	var has struct{ prior, returns, device, escalated, notified, served, group, late, child int }
	devices := map[int]int{}
	for _, p := range d.people {
		devices[p.device]++
		if len(p.reports) > 1 {
			has.returns++
		}
		if p.group > 0 {
			has.group++
		}
	}
	for _, n := range devices {
		if n > 1 {
			has.device++
		}
	}
	children := map[*child]int{}
	for _, tip := range d.tips {
		count := func(n *int, yes bool) {
			if yes {
				*n++
			}
		}
		count(&has.prior, len(tip.prior) > 0)
		count(&has.escalated, tip.escalated)
		count(&has.notified, tip.notified)
		count(&has.served, tip.served != "")
		count(&has.late, tip.late)
		if tip.child != nil {
			children[tip.child]++
		}
	}
	for _, n := range children {
		if n > 1 {
			has.child++
		}
	}
	t.Logf("links and signs: %+v", has)
	for i, v := 0, reflect.ValueOf(has); i < v.NumField(); i++ {
		if v.Field(i).Int() < 2 {
			t.Errorf("%s: %d, want some", v.Type().Field(i).Name, v.Field(i).Int())
		}
	}
}

// A desk that computes a picture's PDQ itself finds the ones that are near, and those only.
func TestDemoPictures(t *testing.T) {
	t.Parallel()
	d := wholeDemo(t)
	lists := readLists(t, d)
	for _, f := range d.drawn {
		prints, err := hashing.Read(context.Background(), bytes.NewReader(f.picture.bytes), hashing.Limits{})
		if err != nil || prints.PDQ == nil || prints.Quality < pdq.MinQuality {
			t.Errorf("%s: PDQ %v of quality %d, %s, error %v", f.name(), prints.PDQ, prints.Quality, prints.PDQNote, err)
			continue
		}
		got := lists.verdict(&referral.Draft{Files: []referral.File{{Hashes: []referral.Hash{
			{Kind: "md5", Value: prints.MD5}, {Kind: "sha1", Value: prints.SHA1}, {Kind: "pdq", Value: prints.PDQ.String()}}}}})
		want := verdict([]media{f}, formatXML)
		if got != want {
			t.Errorf("%s is %s by the lists, want %s", f.name(), got, want)
		}
	}
}

func checkTimes(t *testing.T, d *desk, drafts map[string]*referral.Draft) {
	t.Helper()
	weekend, work := 0, 0
	for _, r := range drafts {
		for _, m := range r.Times {
			if m.UTC.Before(d.from.AddDate(0, -2, 0)) || !m.UTC.Before(d.until) {
				t.Fatalf("%s has a time outside of the two years: %s %s", r.ExternalID, m.Kind, m.Text)
			}
		}
	}
	for _, tip := range d.tips {
		if tip.incident.After(tip.received) || tip.received.Before(d.from) || !tip.received.Before(d.until) {
			t.Fatalf("referral %d happened %s and came in %s", tip.n, tip.incident, tip.received)
		}
		switch tip.received.Weekday() {
		case time.Saturday, time.Sunday:
			weekend++
		default:
			work++
		}
	}
	if perDay := float64(weekend) / 2 / (float64(work) / 5); perDay < 0.55 || perDay > 0.9 {
		t.Errorf("a day of the weekend has %.2f times the reports of another day, want about 0.7", perDay)
	}
}
