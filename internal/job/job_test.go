package job_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"lapwing/internal/job"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"
)

type note struct {
	N int `json:"n"`
}

func (note) Kind() string { return "test.note" }

func TestDoneIfAndOnlyIfCommitted(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		var mu sync.Mutex
		var got []int
		r := job.NewRegistry()
		job.Handle(r, func(_ context.Context, n note) error {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, n.N)
			return nil
		})
		q, err := job.Open(db, r, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		undo := errors.New("undo")
		err = db.Atomically(ctx, func(ctx context.Context) error { return errors.Join(q.Add(ctx, time.Time{}, note{1}), undo) })
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		err = db.Atomically(ctx, func(ctx context.Context) error {
			return errors.Join(q.Add(ctx, time.Time{}, note{2}, note{3}), q.Add(ctx, time.Now().Add(time.Hour), note{4}))
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if want := []int{2, 3}; !slices.Equal(got, want) {
			t.Errorf("done: %v, want %v", got, want)
		}
		if err := q.Add(ctx, time.Time{}, note{5}); err == nil {
			t.Error("a job was added outside a transaction")
		}
	})
}
