package known_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/known"
	"lapwing/internal/known/knowntest"
	"lapwing/internal/referral"

	"github.com/google/go-cmp/cmp"
)

// breaking are the words of an import that does not come to its end: new,
// changed, changed twice, taken back, all in transactions of their own.
var breaking = words{e("3", 3), e("1", 9), e("1", 8), gone("2"), e("3", 4), e("4", 4)}

// started makes a list with two entries.
func started(l *knowntest.Lists) {
	l.Chunk = 1
	l.Make("demo")
	l.Read("demo", e("1", 1), e("2", 2))
}

// untouched fails the test where the list is not as started left it, or where
// there are other rows.
func untouched(t *testing.T, l *knowntest.Lists, what string, before map[string]int) {
	t.Helper()
	if d := cmp.Diff(before, rows(t, l)); d != "" {
		t.Errorf("%s: rows (-before +after)\n%s", what, d)
	}
	asBefore(t, l, what)
}

// asBefore fails the test where the list does not look as started left it.
func asBefore(t *testing.T, l *knowntest.Lists, what string) {
	t.Helper()
	if got := ids(t, l, "demo"); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("%s: entries %q, want 1 and 2", what, got)
	}
	for _, p := range []*knowntest.Lists{l, l.Process("other")} {
		v := p.View()
		if v.State() != 1 || len(v.Exact(knowntest.MD5(1))) != 1 || len(v.Exact(knowntest.MD5(2))) != 1 || v.Exact(knowntest.MD5(8)) != nil || v.Exact(knowntest.MD5(3)) != nil || v.Err() != nil {
			t.Errorf("%s: state %d answers otherwise than before: %v", what, v.State(), v.Err())
		}
	}
}

func TestImportThatBreaksOffLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		started(l)
		before := rows(t, l)
		stop := errors.New("stop")
		cancelled, cancel := context.WithCancel(t.Context())
		for _, c := range []struct {
			name string
			ctx  context.Context
			end  func() error
			want error
		}{
			{"the reader fails", t.Context(), func() error { return stop }, stop},
			{"ctx ends", cancelled, func() error { cancel(); return nil }, context.Canceled},
			{"follow-up work fails", t.Context(), func() error { l.FailJobs = stop; return nil }, stop},
			{"it panics", t.Context(), func() error { panic(stop) }, stop},
		} {
			err := func() (err error) {
				defer func() {
					if p, ok := recover().(error); ok {
						err = p
					}
				}()
				_, err = l.Import(c.ctx, l.Who, "demo", known.Import{Replace: true, Read: func(ctx context.Context, emit func(hashlist.Change) error, note func(referral.Finding)) error {
					if err := knowntest.File(breaking...)(ctx, emit, note); err != nil {
						return err
					}
					if rows(t, l)["known_entry"] == before["known_entry"] {
						t.Errorf("%s: nothing is written before the end; the test is of no use", c.name)
					}
					asBefore(t, l, c.name+", before its end")
					if d, err := l.Show(t.Context(), "demo"); err != nil || d.Entries != 2 || d.Fingerprints["md5"] != 2 || len(d.History) != 1 {
						t.Errorf("%s: before its end the list is %+v, %v", c.name, d, err)
					}
					return c.end()
				}})
				return err
			}()
			l.FailJobs = nil
			if !errors.Is(err, c.want) {
				t.Errorf("%s: error %v, want %v", c.name, err, c.want)
			}
			untouched(t, l, c.name, before)
		}
		if res := l.Read("demo", breaking...); res.Added != 2 || res.Changed != 1 || res.Removed != 1 {
			t.Errorf("the next import: %+v, want 2 added, 1 changed, 1 removed", res)
		}
	})
}

func TestRemoveThatFailsLeavesTheList(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		started(l)
		before := rows(t, l)
		l.FailJobs = errors.New("stop")
		if err := l.Remove(t.Context(), l.Who, "demo"); !errors.Is(err, l.FailJobs) {
			t.Errorf("remove: %v, want %v", err, l.FailJobs)
		}
		untouched(t, l, "a removal that failed", before)
	})
}

func TestOneChangeAtATime(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		started(l)
		l.Make("second")
		other := l.Process("other")
		_, err := l.Import(t.Context(), l.Who, "demo", known.Import{Read: func(_ context.Context, emit func(hashlist.Change) error, _ func(referral.Finding)) error {
			for _, p := range []*knowntest.Lists{l, other} {
				if err := importing(t.Context(), p, "second"); fault.KindOf(err) != fault.Busy {
					t.Errorf("a second import: %v, want busy", err)
				}
				if err := p.Remove(t.Context(), l.Who, "demo"); fault.KindOf(err) != fault.Busy {
					t.Errorf("a removal beside an import: %v, want busy", err)
				}
			}
			if err := l.Store.Begin(t.Context(), &known.Change{List: 2, What: "import", Actor: "x", Owner: "other", At: l.Clock.Now()}); fault.KindOf(err) != fault.Busy {
				t.Errorf("two that begin at once: %v, want busy", err)
			}
			return emit(e("3", 3))
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := importing(t.Context(), other, "second", e("1", 1)); err != nil {
			t.Errorf("after it: %v", err)
		}
	})
}

// leave leaves an import open, as far as it came when its process died.
func leave(t *testing.T, l *knowntest.Lists, owner string) *known.Change {
	t.Helper()
	c := &known.Change{List: 1, What: "import", Actor: "x", Owner: owner, At: l.Clock.Now()}
	if err := l.Store.Begin(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	say(t, l, c, breaking...)
	return c
}

// say puts words into an open change, each in a transaction of its own.
func say(t *testing.T, l *knowntest.Lists, c *known.Change, words ...hashlist.Change) {
	t.Helper()
	for _, w := range words {
		c.At = l.Clock.Now()
		if err := known.PutWord(t.Context(), l.Service, c, w); err != nil {
			t.Fatal(err)
		}
	}
}

// An import whose process died, or gave no sign of life for long, is taken
// back by the next. If it was not dead after all, it can do no harm.
func TestImportThatWasLeftOpen(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		started(l)
		before := rows(t, l)
		dead := []*known.Change{leave(t, l, "gone")}
		asBefore(t, l, "left open")
		for _, owner := range []string{"elsewhere", "here"} {
			// The next one takes it back even if it then fails itself.
			stop := errors.New("stop")
			_, err := l.Import(t.Context(), l.Who, "demo", known.Import{Read: func(context.Context, func(hashlist.Change) error, func(referral.Finding)) error { return stop }})
			if !errors.Is(err, stop) {
				t.Errorf("import after one that is gone: %v, want %v", err, stop)
			}
			untouched(t, l, "taken back", before)

			c := leave(t, l, owner)
			l.Clock.Move(9 * time.Minute)
			say(t, l, c, e("5", 5)) // a sign of life
			l.Clock.Move(9 * time.Minute)
			if err := importing(t.Context(), l, "demo"); fault.KindOf(err) != fault.Busy {
				t.Errorf("beside one by %q that is alive: %v, want busy", owner, err)
			}
			l.Clock.Move(2 * time.Minute)
			dead = append(dead, c)
		}
		if got := l.Read("demo", e("1", 1), e("2", 2)); got.Unchanged != 2 {
			t.Errorf("import after one that was silent: %+v, want nothing changed", got)
		}
		before = rows(t, l)
		for _, c := range dead {
			for what, err := range map[string]error{
				"put":    known.PutWord(t.Context(), l.Service, c, e("6", 6)),
				"drop":   l.Store.Drop(t.Context(), c, func(int64) bool { return false }),
				"finish": l.Store.Finish(t.Context(), c),
			} {
				if fault.KindOf(err) != fault.Conflict {
					t.Errorf("%s by one that was taken back: %v, want conflict", what, err)
				}
			}
			if err := l.Store.Undo(t.Context(), c.Number); err != nil {
				t.Errorf("taken back twice: %v", err)
			}
		}
		if d := cmp.Diff(before, rows(t, l)); d != "" {
			t.Errorf("one that was taken back went on: rows (-before +after)\n%s", d)
		}
	})
}

// What is done stays, also when the one who did it does not learn that.
func TestUndoOfWhatIsDone(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		started(l)
		broken := l.Process("broken")
		stop := errors.New("stop")
		broken.Store = &store{Store: l.Store, lists: func(int64) error { return stop }}
		res, err := broken.Import(t.Context(), l.Who, "demo", known.Import{Read: knowntest.File(breaking...)})
		if !errors.Is(err, stop) || res.Added != 2 || res.Removed != 1 {
			t.Errorf("import that could not be taken over: %+v, %v", res, err)
		}
		for number := range int64(4) {
			if err := l.Store.Undo(t.Context(), number); err != nil {
				t.Errorf("undo %d: %v", number, err)
			}
		}
		if got := ids(t, l, "demo"); !slices.Equal(got, []string{"1", "3", "4"}) {
			t.Errorf("entries %q, want 1, 3 and 4", got)
		}
		if err := l.Refresh(t.Context()); err != nil || len(l.View().Exact(knowntest.MD5(8))) != 1 {
			t.Errorf("another process does not see it: %v", err)
		}
	})
}

// store is a store that can fail.
type store struct {
	known.Store
	lists, state, entry func(int64) error
}

func (s *store) ListsAt(ctx context.Context, state int64) (map[int64]known.List, error) {
	if s.lists != nil {
		if err := s.lists(state); err != nil {
			return nil, err
		}
	}
	return s.Store.ListsAt(ctx, state)
}

func (s *store) Entry(ctx context.Context, id int64) (int64, *hashlist.Entry, error) {
	if s.entry != nil {
		if err := s.entry(id); err != nil {
			return 0, nil, err
		}
	}
	return s.Store.Entry(ctx, id)
}

func (s *store) Fingerprints(ctx context.Context, state int64, each func(*known.Fingerprint) error) error {
	if s.state != nil {
		if err := s.state(state); err != nil {
			return err
		}
	}
	return s.Store.Fingerprints(ctx, state, each)
}
