package synth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lapwing/internal/hashing"
	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/fromany"
	"lapwing/internal/intake/fromcsv"
	"lapwing/internal/intake/fromcybertip"
	"lapwing/internal/intake/fromhotline"
	"lapwing/internal/referral"
	"lapwing/internal/unpack"
	"lapwing/pdq"
)

// A taker takes the inbox in as a desk does, without a store: by key, content and revision.
type taker struct {
	t        *testing.T
	versions map[string][]string // digest of the content of each version, by key
	newest   map[string]referral.Revision
	drafts   map[string]*referral.Draft // last version
	totals   map[string]Outcomes
	refused  []string
}

func (k *taker) count(format, outcome string) {
	d := desk{m: Manifest{Formats: k.totals}}
	d.count(format, outcome)
}

func (k *taker) refuse(path string) {
	k.refused = append(k.refused, path)
	k.count(formatOther, refused)
}

func (k *taker) take(path string, d *referral.Draft, part bool) {
	key := d.Source + "\x00" + d.ExternalID
	old := k.drafts[key]
	if part {
		if old == nil {
			k.refuse(path)
			return
		}
		merged, changed := fromcybertip.Merge(old, d)
		if !changed {
			k.count(d.Format, duplicate)
			return
		}
		d = merged
	}
	b, err := json.Marshal(d)
	if err != nil {
		k.t.Fatal(err)
	}
	content := string(b)
	switch {
	case old == nil:
		k.count(d.Format, accepted)
	case slices.Contains(k.versions[key], content), d.Revision.Compare(k.newest[key]) < 0:
		k.count(d.Format, duplicate)
		return
	default:
		k.count(d.Format, updated)
	}
	k.versions[key] = append(k.versions[key], content)
	k.newest[key], k.drafts[key] = d.Revision, d
}

// group takes what lies in one directory. Companions go to the report whose number or whose folder they share.
func (k *taker) group(g *unpack.Group) {
	type companion struct {
		path string
		doc  *fromcybertip.Document
	}
	type report struct {
		path  string
		draft *referral.Draft
	}
	var reports []report
	var companions []companion
	for i := range g.Docs {
		doc := &g.Docs[i]
		var drafts []*referral.Draft
		var fs []referral.Finding
		switch data := bytes.TrimPrefix(doc.Data, []byte("\ufeff")); {
		case doc.Class == unpack.CSV:
			header, comma, err := fromcsv.ParseHeader(doc.Header, doc.Comma)
			if err != nil {
				k.t.Fatalf("%s: %v", doc.Path, err)
			}
			drafts, fs = fromcsv.Read(doc.Data, fromcsv.Options{Header: header, Comma: comma})
		case bytes.HasPrefix(data, []byte("<")):
			x, found := fromcybertip.ReadXML(data)
			fs = found
			if x != nil && len(x.Drafts) == 0 && !referral.Refuses(fs) {
				companions = append(companions, companion{doc.Path, x})
				continue
			}
			if x != nil {
				drafts = x.Drafts
			}
		case bytes.Contains(data[:min(len(data), 400)], []byte(`"hotline"`)) || bytes.Contains(data, []byte("hotline-report/1")):
			drafts, fs = fromhotline.Read(data, fromhotline.Options{})
		case bytes.HasPrefix(data, []byte("{")):
			drafts, fs = fromcybertip.ReadJSON(data)
		}
		if len(drafts) != 1 || referral.Refuses(fs) {
			k.refuse(doc.Path)
			continue
		}
		if i := slices.IndexFunc(fs, func(f referral.Finding) bool { return true }); i >= 0 {
			k.t.Errorf("%s: %s: %s", doc.Path, fs[i].Path, fs[i].Text)
		}
		if len(drafts[0].Unknown) > 0 {
			k.t.Errorf("%s: not known: %s", doc.Path, drafts[0].Unknown[0].Path)
		}
		reports = append(reports, report{doc.Path, drafts[0]})
	}
	var parts []report
	for _, c := range companions {
		id, err := c.doc.ReportID()
		if err != nil {
			k.t.Fatalf("%s: %v", c.path, err)
		}
		at := slices.IndexFunc(reports, func(r report) bool {
			return path.Dir(r.path) == path.Dir(c.path) && (path.Base(r.path) == "report.xml" || path.Base(r.path) == id+".xml")
		})
		if at < 0 {
			parts = append(parts, report{c.path, c.doc.Part(id)})
			continue
		}
		c.doc.Join(reports[at].draft)
	}
	for _, m := range g.Media {
		if !slices.ContainsFunc(reports, func(r report) bool { return giveMedia(r.draft, &m.Fingerprints) }) {
			k.refuse(m.Path)
		}
	}
	for _, r := range reports {
		k.take(r.path, r.draft, false)
	}
	for _, r := range parts {
		k.take(r.path, r.draft, true)
	}
	for _, p := range g.Problems {
		k.refuse(p.Path)
	}
}

func giveMedia(d *referral.Draft, m *hashing.Fingerprints) bool {
	for i := range d.Files {
		f := &d.Files[i]
		if slices.ContainsFunc(f.Hashes, func(h referral.Hash) bool { return h.Kind == "md5" && h.Value == m.MD5 }) {
			f.Hashes = append(f.Hashes, referral.Hash{Kind: "pdq", Value: m.PDQ.String(), Quality: m.Quality})
			return true
		}
	}
	return false
}

// listings are the demo's lists, to be asked as a desk asks them.
type listings struct {
	bad, good map[referral.Hash]bool
	pictures  []pdq.Hash
}

func readLists(t *testing.T, d *desk) listings {
	t.Helper()
	l := listings{map[referral.Hash]bool{}, map[referral.Hash]bool{}, nil}
	for _, dl := range d.m.Lists {
		entries := 0
		err := fromany.Read(t.Context(), bytes.NewReader(d.tree[dl.File].data), hashlist.Options{Source: dl.Name},
			func(c hashlist.Change) error {
				entries++
				if c.Entry == nil {
					return nil
				}
				for _, h := range c.Entry.Hashes {
					to := l.bad
					if dl.Good {
						to = l.good
					}
					if to[h] = true; h.Kind == "pdq" {
						p, err := pdq.Parse(h.Value)
						if err != nil {
							return err
						}
						l.pictures = append(l.pictures, p)
					}
				}
				return nil
			}, func(f referral.Finding) { t.Errorf("list %s: %s: %s", dl.Name, f.Path, f.Text) })
		if err != nil || entries < 300 {
			t.Errorf("list %s has %d entries, error %v", dl.Name, entries, err)
		}
	}
	return l
}

// verdict is what the rules of package assess come to (its media.go has them in full).
func (l listings) verdict(d *referral.Draft) referral.MediaVerdict {
	seen := map[referral.MediaVerdict]bool{}
	for _, f := range d.Files {
		var exact, near, good bool
		for _, h := range f.Hashes {
			h := referral.Hash{Kind: h.Kind, Value: h.Value}
			good = good || l.good[h]
			if h.Kind != "pdq" {
				exact = exact || l.bad[h]
				continue
			}
			p, _ := pdq.Parse(h.Value)
			near = near || slices.ContainsFunc(l.pictures, func(q pdq.Hash) bool {
				return pdq.Distance(p,
					q) <= pdq.MatchDistance
			})
		}
		switch {
		case len(f.Hashes) == 0:
		case exact:
			seen[referral.MediaKnown] = true
		case near:
			seen[referral.MediaNear] = true
		case !good && !strings.HasPrefix(f.Relevance, "Supplemental"):
			seen[referral.MediaNew] = true
		}
	}
	for _, v := range []referral.MediaVerdict{referral.MediaNew, referral.MediaNear, referral.MediaKnown} {
		if seen[v] {
			return v
		}
	}
	return referral.MediaNone
}

func TestDemoTakenIn(t *testing.T) {
	t.Parallel()
	t.Run("whole", func(t *testing.T) {
		t.Parallel()
		checkTakenIn(t, wholeDemo(t))
	})
	// Other seeds and days meet other corners: months that are cut, archives with little in them.
	for seed := range uint64(4) {
		t.Run(fmt.Sprintf("small, seed %d", seed), func(t *testing.T) {
			t.Parallel()
			d := newDesk(seed, DemoOptions{Until: time.Date(2026, 2, 26+int(seed), 20, 0, 0, 0, time.UTC), Referrals: 400})
			if err := d.make(); err != nil {
				t.Fatal(err)
			}
			checkTakenIn(t, d)
		})
	}
}

func checkTakenIn(t *testing.T, d *desk) {
	t.Helper()
	dir := t.TempDir()
	if err := d.tree.write(dir); err != nil {
		t.Fatal(err)
	}
	k := &taker{t: t, versions: map[string][]string{}, newest: map[string]referral.Revision{},
		drafts: map[string]*referral.Draft{}, totals: map[string]Outcomes{}}
	err := unpack.Walk(t.Context(), []string{filepath.Join(dir, inbox)}, unpack.Options{}, func(g *unpack.Group) error {
		k.group(g)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{formatXML, formatJSON, formatHotline, formatCSV, formatOther} {
		if got, want := k.totals[format], d.m.Formats[format]; got != want {
			t.Errorf("%s: taken in %+v, the manifest says %+v", format, got, want)
		}
	}
	if e := d.m.Expect; e.Read != e.Accepted+e.Updated+e.Duplicate+e.Refused || e.Accepted != d.m.Referrals {
		t.Errorf("the manifest does not reconcile: %+v, %d referrals", e, d.m.Referrals)
	}
	var want []string
	for _, r := range d.m.Refused {
		want = append(want, filepath.ToSlash(filepath.Join(dir, inbox))+"/"+r.Path)
	}
	slices.Sort(want)
	slices.Sort(k.refused)
	if !slices.Equal(k.refused, want) {
		t.Errorf("refused are\n%s\nthe manifest has\n%s", strings.Join(k.refused, "\n"), strings.Join(want, "\n"))
	}

	lists := readLists(t, d)
	media, states := map[string]int{}, map[string]int{}
	for _, r := range k.drafts {
		media[string(lists.verdict(r))]++
		switch {
		case r.Retracted:
			states["retracted"]++
		case r.Informational == referral.True:
			states["informational"]++
		default:
			states["open"]++
		}
	}
	if !maps.Equal(media, d.m.Media) {
		t.Errorf("the lists say %v of the referrals, the manifest %v", media, d.m.Media)
	}
	if !maps.Equal(states, d.m.States) {
		t.Errorf("the states are %v, the manifest says %v", states, d.m.States)
	}
	checkTimes(t, d, k.drafts)
	t.Logf("%d files, %.1f MB: %+v; media %v; states %v", d.m.Files, float64(d.m.Bytes)/1e6, d.m.Expect, media, states)
}
