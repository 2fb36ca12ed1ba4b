// Package known keeps the desk's hash lists and answers whether a fingerprint
// is on one.
//
// A list holds the entries of one or more sources (package hashlist reads
// them). Every change of any list has a number, and all lists together can be
// had as they were at a number: an assessment names the number that it saw,
// and can be replayed. [Service.View] is the present state: an immutable
// match index (package hashindex) with the opinions behind its hits.
//
// A change becomes visible at once and as a whole, in the transaction that
// also records it in the audit and asks for the re-assessment of what it
// touches; an import that breaks off before has changed nothing.
package known

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"lapwing/internal/audit"
	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/identity"
	"lapwing/internal/job"
)

// A List is a hash list that the desk keeps.
type List struct {
	ID      int64     `json:"-"`
	Name    string    `json:"name"`
	Source  string    `json:"source"` // who vouches for entries that name nobody
	Good    bool      `json:"good"`   // it names known-good files: less noise, nothing else
	Note    string    `json:"note,omitempty"`
	Created time.Time `json:"created"`
	Version int64     `json:"version"` // number of the last change to it
	Changed time.Time `json:"changed,omitzero"`
	Entries int64     `json:"entries"`
}

// A Change is one change of one list. It counts entries by what they were
// before it and are after it, whatever they were in between.
type Change struct {
	Number  int64     `json:"number"`
	List    int64     `json:"-"`
	What    string    `json:"what"` // import, remove
	Actor   string    `json:"actor"`
	Owner   string    `json:"-"`
	At      time.Time `json:"at"` // when it was done; while it is open, its last sign of life
	Added   int64     `json:"added"`
	Changed int64     `json:"changed"`
	Removed int64     `json:"removed"`
}

// Service keeps the lists. Its methods are safe for concurrent use.
type Service struct {
	Store Store
	Clock clock.Clock
	Audit *audit.Log
	Jobs  Jobs
	// Owner names this process; Gone says whether one that is named is no more.
	Owner string
	Gone  func(owner string) bool
	// Chunk is how many entries an import writes in one transaction; 0 for the usual number.
	Chunk int

	mu   sync.Mutex
	view *View
	old  []*View // earlier states that were asked for
}

// Jobs is what known needs of the job queue.
type Jobs interface {
	Add(ctx context.Context, at time.Time, jobs ...job.Args) error
}

// Reassess is the follow-up work of a change: what it touches is assessed again.
type Reassess struct {
	Change int64 `json:"change"`
}

// Kind names the job.
func (Reassess) Kind() string { return "known.reassess" }

// A Store keeps lists; its methods work in the transaction that ctx carries.
type Store interface {
	Atomically(ctx context.Context, fn func(context.Context) error) error

	Lists(ctx context.Context) ([]List, error) // those that are there, by name
	CreateList(ctx context.Context, l *List) error
	History(ctx context.Context, list int64) ([]Change, error)
	// Counts says how many fingerprints of each kind the list's entries had
	// at the state.
	Counts(ctx context.Context, list, state int64) (map[string]int64, error)

	// Begin takes the next number for a change of a list that is there; the
	// change is open until Finish or Undo. Busy where another one is open,
	// NotFound where the list is not there.
	Begin(ctx context.Context, c *Change) error
	OpenChange(ctx context.Context) (*Change, error) // nil where none is open
	// Put writes entries and tombstones of the open change in their order: of
	// two for the same entry the later counts, also over several calls. It
	// counts them in c, sets Held, and keeps c.At as a sign of life. Conflict
	// where the change is not open any more.
	Put(ctx context.Context, c *Change, rows []*Row) error
	// Drop ends the entries that the list had before the open change, except
	// the rows that keep names, and counts them in c.
	Drop(ctx context.Context, c *Change, keep func(row int64) bool) error
	Finish(ctx context.Context, c *Change) error
	// Undo takes back an open change; it leaves one alone that is not open.
	Undo(ctx context.Context, number int64) error

	// State is the number of the last change that is done.
	State(ctx context.Context) (int64, error)
	// ListsAt gives the lists as they were at a state, with their versions.
	ListsAt(ctx context.Context, state int64) (map[int64]List, error)
	// Fingerprints calls each with all fingerprints that hold at the state.
	Fingerprints(ctx context.Context, state int64, each func(f *Fingerprint) error) error
	// Touched calls each with the fingerprints that the change brought or ended.
	Touched(ctx context.Context, number int64, each func(f *Fingerprint) error) error
	// Entry gives an entry, without its fingerprints, by its row.
	Entry(ctx context.Context, id int64) (list int64, e *hashlist.Entry, err error)
	// Entries calls each with the entries that a list had at the state, in the
	// order in which they came.
	Entries(ctx context.Context, list, state int64, each func(*hashlist.Entry) error) error
}

var listName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// Create makes an empty list.
func (s *Service) Create(ctx context.Context, who identity.Actor, l List) (err error) {
	defer fault.Wrap(&err, "create list %s", l.Name)
	if !listName.MatchString(l.Name) {
		return fault.New(fault.Invalid, "%q is not a list name: lower-case letters, digits, dot, dash and underscore, up to 63", l.Name)
	}
	if l.Source == "" {
		l.Source = l.Name
	}
	if !line(l.Source, 255) || !line(l.Note, 1000) {
		return fault.New(fault.Invalid, "the source of a list has up to 255 bytes and its note up to 1000, in one line of plain text")
	}
	l.Created = s.Clock.Now()
	return s.Store.Atomically(ctx, func(ctx context.Context) error {
		if err := s.Store.CreateList(ctx, &l); err != nil {
			return err
		}
		return s.Audit.Record(ctx, who, audit.Act{Kind: audit.Alteration, Action: "list.create", Subject: "list/" + l.Name, Detail: map[string]any{"source": l.Source, "good": l.Good}})
	})
}

// line says whether s is plain text in one line of at most so many bytes.
func line(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// Lists gives the lists of the desk, by name.
func (s *Service) Lists(ctx context.Context) ([]List, error) { return s.Store.Lists(ctx) }

// List finds a list by name.
func (s *Service) List(ctx context.Context, name string) (*List, error) {
	ls, err := s.Store.Lists(ctx)
	if err != nil {
		return nil, err
	}
	for i := range ls {
		if ls[i].Name == name {
			return &ls[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "no hash list %q: lapwing list ls shows those that are there", name)
}

// Detail is a list with its history and what it holds.
type Detail struct {
	List
	Fingerprints map[string]int64 `json:"fingerprints"`
	History      []Change         `json:"history"`
}

// Show gives a list with its history.
func (s *Service) Show(ctx context.Context, name string) (*Detail, error) {
	l, err := s.List(ctx, name)
	if err != nil {
		return nil, err
	}
	d := &Detail{List: *l}
	if d.History, err = s.Store.History(ctx, l.ID); err != nil {
		return nil, err
	}
	d.Fingerprints, err = s.Store.Counts(ctx, l.ID, l.Version)
	return d, err
}

// Export calls each with every entry of the list, as it is when the export
// begins. That is disclosure, and is recorded before the first entry goes out.
func (s *Service) Export(ctx context.Context, who identity.Actor, name string, each func(*hashlist.Entry) error) (err error) {
	defer fault.Wrap(&err, "export list %s", name)
	l, err := s.List(ctx, name)
	if err != nil {
		return err
	}
	err = s.Audit.Record(ctx, who, audit.Act{Kind: audit.Disclosure, Action: "list.export", Subject: "list/" + name, Detail: map[string]int64{"version": l.Version, "entries": l.Entries}})
	if err != nil {
		return err
	}
	return s.Store.Entries(ctx, l.ID, l.Version, each)
}
