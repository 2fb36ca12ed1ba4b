// Package knowntest gives tests hash lists over a store of their own, and
// short ways to say what a list says.
package knowntest

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/audit/auditsql"
	"lapwing/internal/clock"
	"lapwing/internal/hashlist"
	"lapwing/internal/identity"
	"lapwing/internal/job"
	"lapwing/internal/known"
	"lapwing/internal/known/knownsql"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"
	"lapwing/internal/sqldb"
)

// Lists are hash lists with what they need, over a store.
type Lists struct {
	*known.Service
	Clock *clock.Set
	Who   identity.Actor
	DB    *sqldb.DB
	// FailJobs, where it is set, is how follow-up work fails.
	FailJobs error

	t testing.TB
}

// New makes the lists of a desk. Its clock stands at 2026-03-01.
func New(t testing.TB, db *sqldb.DB) *Lists {
	t.Helper()
	keys, err := sealed.Create(filepath.Join(t.TempDir(), "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	signer, check, err := audit.Keys(keys.Signer())
	if err != nil {
		t.Fatal(err)
	}
	l := &Lists{Clock: clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), Who: identity.Local("test"), DB: db, t: t}
	work := job.NewRegistry()
	job.Handle(work, func(context.Context, known.Reassess) error { return nil })
	queue, err := job.Open(db, work, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l.Service = &known.Service{
		Store: knownsql.Store{DB: db}, Clock: l.Clock, Jobs: jobs{l, queue}, Owner: "here",
		Audit: &audit.Log{Store: auditsql.Store{DB: db}, Clock: l.Clock, Signer: signer, Check: check},
		Gone:  func(owner string) bool { return owner == "gone" },
	}
	if err := l.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

type jobs struct {
	l     *Lists
	queue *job.Queue
}

func (j jobs) Add(ctx context.Context, at time.Time, args ...job.Args) error {
	if j.l.FailJobs != nil {
		return j.l.FailJobs
	}
	return j.queue.Add(ctx, at, args...)
}

// Process is the same desk in another process of that name.
func (l *Lists) Process(owner string) *Lists {
	l.t.Helper()
	other := *l
	other.Service = &known.Service{Store: l.Store, Clock: l.Clock, Jobs: l.Jobs, Owner: owner, Audit: l.Audit, Gone: l.Gone, Chunk: l.Chunk}
	if err := other.Refresh(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
	return &other
}

// Make makes an empty list.
func (l *Lists) Make(name string) {
	l.t.Helper()
	if err := l.Create(l.t.Context(), l.Who, known.List{Name: name}); err != nil {
		l.t.Fatal(err)
	}
}

// Read imports the words into the list.
func (l *Lists) Read(list string, words ...hashlist.Change) known.Result {
	l.t.Helper()
	res, err := l.Import(l.t.Context(), l.Who, list, known.Import{Read: File(words...)})
	if err != nil {
		l.t.Fatal(err)
	}
	return res
}

// Replace imports the words as the whole list.
func (l *Lists) Replace(list string, words ...hashlist.Change) known.Result {
	l.t.Helper()
	res, err := l.Import(l.t.Context(), l.Who, list, known.Import{Read: File(words...), Replace: true})
	if err != nil {
		l.t.Fatal(err)
	}
	return res
}

// Reading is what an import reads with.
type Reading = func(ctx context.Context, emit func(hashlist.Change) error, note func(referral.Finding)) error

// File reads the words.
func File(words ...hashlist.Change) Reading {
	return func(_ context.Context, emit func(hashlist.Change) error, _ func(referral.Finding)) error {
		for _, w := range words {
			if err := emit(w); err != nil {
				return err
			}
		}
		return nil
	}
}

// Entry says that the source "src" has the entry.
func Entry(id string, hashes ...referral.Hash) hashlist.Change {
	return hashlist.Change{Entry: &hashlist.Entry{Source: "src", ID: id, Hashes: hashes}}
}

// Gone says that the source "src" has taken the entry back.
func Gone(id string) hashlist.Change {
	return hashlist.Change{Tombstone: &hashlist.Tombstone{Source: "src", ID: id}}
}

// MD5 is a digest that nobody's file has.
func MD5(n int) referral.Hash { return referral.Hash{Kind: "md5", Value: fmt.Sprintf("%032x", n)} }

// PDQ is a hash that is n bits away from PDQ(0), and m-n bits from PDQ(m).
func PDQ(n, quality int) referral.Hash {
	var b [32]byte
	for i := range n {
		b[i/8] |= 1 << (i % 8)
	}
	return referral.Hash{Kind: "pdq", Value: fmt.Sprintf("%x", b), Quality: quality}
}
