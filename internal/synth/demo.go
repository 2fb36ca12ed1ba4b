package synth

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// DemoOptions say how much is made. The zero value is the demo that everybody sees.
type DemoOptions struct {
	Until     time.Time // the last day of the two years; the end of October 2026
	Referrals int       // 3 200; at least 400, so that everything occurs
}

// A Manifest says what [Demo] wrote, and what a desk that has nothing yet should make of it when it takes in Inbox
// whole. Names of files are relative to the folder of the demo.
type Manifest struct {
	Seed  uint64    `json:"seed"`
	From  time.Time `json:"from"`  // first day
	Until time.Time `json:"until"` // last day

	Inbox string     `json:"inbox"` // folder to take in
	Lists []DemoList `json:"lists"`
	Geo   []string   `json:"geo"` // address databases

	Files int   `json:"files"` // on the disk, this manifest left out
	Bytes int64 `json:"bytes"`

	Expect  Outcomes            `json:"expect"`  // of the whole inbox
	Formats map[string]Outcomes `json:"formats"` // the same by name of the format; refused items count as "other"
	Refused []Refusal           `json:"refused"`

	Referrals int                       `json:"referrals"` // reports of their own: as many as are accepted
	States    map[string]int            `json:"states"`    // of them, in their last version: open, informational, retracted
	Media     map[string]int            `json:"media"`     // of them, in their last version: what the lists say of their files
	Countries map[string]int            `json:"countries"` // of them, by where the reported person is
	Months    map[string]map[string]int `json:"months"`    // of them, by month of receipt ("2026-03") and provider or hotline
	Surge     Surge                     `json:"surge"`
	Pictures  int                       `json:"pictures"` // drawn media files beside reports
}

// A DemoList is a hash list of the demo.
type DemoList struct {
	Name string `json:"name"`
	File string `json:"file"`
	Good bool   `json:"good,omitempty"` // names files that are merely known
	Note string `json:"note"`
}

// A Surge is a month in which one provider reported several times as much as in others.
type Surge struct {
	Provider string `json:"provider"`
	Month    string `json:"month"`
	Times    int    `json:"times"`
}

// A Refusal is an item of the inbox that a desk cannot take.
type Refusal struct {
	Path string `json:"path"` // within the inbox; "a.zip!/b" is inside an archive, "a.csv#17" a row
	Why  string `json:"why"`
}

// Demo writes the inbox of an invented desk into the folder dir, which must be empty or not there yet: two years of
// referrals in several formats, repeats, updates, retractions, links between reports, one surge, some things that
// cannot be taken, pictures, packed folders; beside it hash lists and an address registry. The same seed and
// options give the same tree, times of modification included.
func Demo(dir string, seed uint64, o DemoOptions) (Manifest, error) {
	if o.Until.IsZero() {
		o.Until = defaultUntil
	}
	if o.Referrals == 0 {
		o.Referrals = 3200
	}
	if o.Referrals < 400 || o.Referrals > 1_000_000 {
		return Manifest{}, fmt.Errorf("a demo of %d referrals: ask for 400 to 1 000 000", o.Referrals)
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return Manifest{}, fmt.Errorf("the folder %s is not empty: name a new one for the demo", dir)
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return Manifest{}, err
	}
	d := newDesk(seed, o)
	if err := d.make(); err != nil {
		return Manifest{}, fmt.Errorf("make the demo: %w", err)
	}
	if err := d.tree.write(dir); err != nil {
		return Manifest{}, fmt.Errorf("write the demo: %w", err)
	}
	return d.m, nil
}

// A desk is the demo while it is made.
type desk struct {
	seed  uint64
	o     DemoOptions
	from  time.Time // first moment
	until time.Time // first moment after the last day
	tree  tree
	m     Manifest

	tips     []*tip
	people   []*person
	children []*child
	phones   [len(countries)]int // given in each country
	files    int                 // new ones so far
	drawn    []media             // with pictures
	last     map[*tip]final
}

const (
	inbox        = "inbox"
	manifestFile = "MANIFEST.json"
)

func newDesk(seed uint64, o DemoOptions) *desk {
	day := o.Until.UTC().Truncate(24 * time.Hour)
	d := &desk{seed: seed, o: o, from: day.AddDate(-2, 0, 1), until: day.AddDate(0, 0, 1), tree: tree{}, last: map[*tip]final{}}
	d.m = Manifest{
		Seed: seed, From: d.from, Until: day, Inbox: inbox,
		Formats: map[string]Outcomes{}, States: map[string]int{}, Media: map[string]int{}, Countries: map[string]int{},
		Months: map[string]map[string]int{},
	}
	return d
}

// make makes everything, in memory: a demo has some tens of megabytes.
func (d *desk) make() error {
	for n := range pictures {
		f, err := d.newPicture(n)
		if err != nil {
			return err
		}
		d.drawn = append(d.drawn, f)
	}
	d.plan()
	for _, step := range []func() error{d.cybertips, d.deliveries, d.hotlines, d.tables, d.damage, d.pack, d.lists, d.registry} {
		if err := step(); err != nil {
			return err
		}
	}
	d.sum()
	b, err := json.MarshalIndent(d.m, "", "  ")
	if err != nil {
		return err
	}
	d.tree[manifestFile] = entry{append(b, '\n'), d.until}
	return nil
}

// final is how a referral ends up.
type final struct{ state, media string }

// sum fills in what the manifest says of the whole.
func (d *desk) sum() {
	m := &d.m
	for _, t := range d.tips {
		m.Referrals++
		f := d.last[t]
		m.States[f.state]++
		m.Media[f.media]++
		if t.who != nil {
			m.Countries[countries[t.who.country].code]++
		}
		month := t.received.Format("2006-01")
		if m.Months[month] == nil {
			m.Months[month] = map[string]int{}
		}
		m.Months[month][t.source()]++
	}
	for _, name := range slices.Sorted(maps.Keys(m.Formats)) {
		o := m.Formats[name]
		m.Expect.Read += o.Read
		m.Expect.Accepted += o.Accepted
		m.Expect.Updated += o.Updated
		m.Expect.Duplicate += o.Duplicate
		m.Expect.Refused += o.Refused
	}
	for _, e := range d.tree {
		m.Files++
		m.Bytes += int64(len(e.data))
	}
}

// count notes that an item of a format should have the outcome.
func (d *desk) count(format, outcome string) {
	o := d.m.Formats[format]
	o.Read++
	switch outcome {
	case accepted:
		o.Accepted++
	case updated:
		o.Updated++
	case duplicate:
		o.Duplicate++
	case refused:
		o.Refused++
	}
	d.m.Formats[format] = o
}

// Outcomes by package intake, in its words.
const (
	accepted  = "accepted"
	updated   = "updated"
	duplicate = "duplicate"
	refused   = "refused"
)

// tree is what will be written: path with slashes to file.
type tree map[string]entry

type entry struct {
	data []byte
	at   time.Time // of modification
}

func (t tree) write(dir string) error {
	last := ""
	for _, name := range slices.Sorted(maps.Keys(t)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if folder := filepath.Dir(path); folder != last {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
			last = folder
		}
		e := t[name]
		if err := os.WriteFile(path, e.data, 0o644); err != nil {
			return err
		}
		if err := os.Chtimes(path, e.at, e.at); err != nil {
			return err
		}
	}
	return nil
}

// under lists the files below a folder, in order.
func (t tree) under(folder string) []string {
	var names []string
	for name := range t {
		if strings.HasPrefix(name, folder+"/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// folder is where things lie that came in at a time.
func folder(at time.Time, rest string) string { return inbox + "/" + at.Format("2006-01") + "/" + rest }
