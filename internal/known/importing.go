package known

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/identity"
	"lapwing/internal/referral"
)

// Result counts what an import did. Read is Added, Changed, Unchanged and what
// the file itself took back; Removed has, besides those, what was replaced.
type Result struct {
	Number    int64 `json:"change"`
	Read      int64 `json:"read"`      // entries and tombstones
	Added     int64 `json:"added"`     // entries that were not there before
	Changed   int64 `json:"changed"`   // entries that say something else than before
	Unchanged int64 `json:"unchanged"` // what made no difference: it was so before, or the file says it twice
	Removed   int64 `json:"removed"`   // entries that are there no more
	Refused   int64 `json:"refused"`   // rows of the file that could not be used
}

// Import says how a list is read in.
type Import struct {
	// Read calls emit with each change and note with each finding.
	Read func(ctx context.Context, emit func(hashlist.Change) error, note func(referral.Finding)) error
	// Replace ends the entries that the reading does not name: the file is the whole list.
	Replace bool
	Note    func(referral.Finding)
	// Progress is told how many entries were read.
	Progress func(read int64)
}

// What is written in one transaction: entries, unless Service.Chunk says how
// many, and bytes of them. It is many because entries lie scattered in the
// index of identities: each transaction writes most of its pages anew.
const (
	chunk      = 10_000
	chunkBytes = 32 << 20
)

// Import reads a file into the list. Nothing of it is visible before all of it
// was read; then all is, at once.
func (s *Service) Import(ctx context.Context, who identity.Actor, name string, im Import) (res Result, err error) {
	defer fault.Wrap(&err, "import into list %s", name)
	l, err := s.List(ctx, name)
	if err != nil {
		return res, err
	}
	err = s.change(ctx, who, l, "import", func(c *Change) error {
		res.Number = c.Number
		held, err := s.read(ctx, c, im, &res)
		if err != nil {
			return err
		}
		back := c.Removed // by tombstones
		if im.Replace {
			if err := s.Store.Drop(ctx, c, held.has); err != nil {
				return err
			}
		}
		res.Added, res.Changed, res.Removed = c.Added, c.Changed, c.Removed
		res.Unchanged = res.Read - c.Added - c.Changed - back
		return nil
	})
	return res, err
}

// read writes what im reads, and gives the rows that the list had before and
// the file names.
func (s *Service) read(ctx context.Context, c *Change, im Import, res *Result) (held rows, err error) {
	var wait []*Row
	size, most := 0, cmp.Or(s.Chunk, chunk)
	flush := func() error {
		if len(wait) == 0 {
			return nil
		}
		c.At = s.Clock.Now()
		if err := s.Store.Put(ctx, c, wait); err != nil {
			return err
		}
		for _, r := range wait {
			held.add(r.Held)
		}
		wait, size = wait[:0], 0
		if im.Progress != nil {
			im.Progress(res.Read)
		}
		return nil
	}
	note := func(f referral.Finding) {
		if f.Severity == referral.Refuse {
			res.Refused++
		}
		if im.Note != nil {
			im.Note(f)
		}
	}
	err = im.Read(ctx, func(ch hashlist.Change) error {
		row, err := newRow(c.List, ch, note)
		if err != nil {
			return err
		}
		res.Read++
		wait = append(wait, row)
		if size += row.size(); len(wait) >= most || size >= chunkBytes {
			return flush()
		}
		return nil
	}, note)
	if err == nil {
		err = flush()
	}
	return held, err
}

// rows is a set of rows: a bit for each, because a list may have millions. It
// takes no notice of row 0.
type rows []uint64

func (s *rows) add(row int64) {
	if row == 0 {
		return
	}
	if n := int(row/64) + 1; n > len(*s) {
		*s = append(*s, make(rows, n-len(*s))...)
	}
	(*s)[row/64] |= 1 << (row % 64)
}

func (s rows) has(row int64) bool {
	return row/64 < int64(len(s)) && s[row/64]&(1<<(row%64)) != 0
}

// Remove takes a whole list away: its entries stop matching, and what they
// touched is assessed again. Its rows stay, so that what was concluded with
// them can be explained.
func (s *Service) Remove(ctx context.Context, who identity.Actor, name string) (err error) {
	defer fault.Wrap(&err, "remove list %s", name)
	l, err := s.List(ctx, name)
	if err != nil {
		return err
	}
	return s.change(ctx, who, l, "remove", func(c *Change) error {
		return s.Store.Drop(ctx, c, func(int64) bool { return false })
	})
}

// silence is how long an open change may give no sign of life before the next
// one takes it for dead, wherever its process was.
const silence = 10 * time.Minute

// change makes a change of the list, in which write does the writing. Where
// that fails, or panics, nothing of it is left.
func (s *Service) change(ctx context.Context, who identity.Actor, l *List, what string, write func(c *Change) error) (err error) {
	if !who.Valid() {
		return fault.New(fault.Denied, "nobody is named as the one who acts")
	}
	if err := s.clear(ctx); err != nil {
		return err
	}
	c := &Change{List: l.ID, What: what, Actor: who.ID, Owner: s.Owner, At: s.Clock.Now()}
	if err := s.Store.Begin(ctx, c); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			err = errors.Join(err, s.Store.Undo(context.WithoutCancel(ctx), c.Number))
		}
	}()
	if err := write(c); err != nil {
		return err
	}
	if err := s.finish(ctx, who, l, c); err != nil {
		return err
	}
	done = true
	if err := s.Refresh(ctx); err != nil {
		return fmt.Errorf("change %d is made, but this process has not taken it over: %w", c.Number, err)
	}
	return nil
}

// clear takes back what a process that died left open.
func (s *Service) clear(ctx context.Context) error {
	old, err := s.Store.OpenChange(ctx)
	if err != nil || old == nil {
		return err
	}
	if s.Clock.Now().Sub(old.At) <= silence && (s.Gone == nil || !s.Gone(old.Owner)) {
		return fault.New(fault.Busy, "another change of the hash lists is under way (number %d, last heard of at %s): try again when it is done", old.Number, old.At.Format("15:04:05 MST"))
	}
	return s.Store.Undo(ctx, old.Number)
}

// finish makes the change visible, with its audit entry and follow-up work.
func (s *Service) finish(ctx context.Context, who identity.Actor, l *List, c *Change) error {
	c.At = s.Clock.Now()
	return s.Store.Atomically(ctx, func(ctx context.Context) error {
		if err := s.Store.Finish(ctx, c); err != nil {
			return err
		}
		if c.Added+c.Changed+c.Removed > 0 {
			if err := s.Jobs.Add(ctx, c.At, Reassess{Change: c.Number}); err != nil {
				return err
			}
		}
		return s.Audit.Record(ctx, who, audit.Act{Kind: audit.Alteration, Action: "list." + c.What, Subject: "list/" + l.Name,
			Detail: map[string]int64{"change": c.Number, "added": c.Added, "changed": c.Changed, "removed": c.Removed}})
	})
}
