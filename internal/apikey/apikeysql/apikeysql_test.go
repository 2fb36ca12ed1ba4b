package apikeysql_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"lapwing/internal/apikey"
	"lapwing/internal/apikey/apikeysql"
	"lapwing/internal/calendar"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

var at = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

func stored(id string, made time.Time) *apikey.Stored {
	return &apikey.Stored{Digest: bytes.Repeat([]byte{0, 0xff, 7, 9}, 8), Key: apikey.Key{
		ID: id, Name: "Example Hotline – “Żółw”", Scopes: []apikey.Scope{apikey.ReadFigures, apikey.WriteFigures}, Source: "example-hotline",
		Indicators: []string{"forum-posts", "p2p"}, Created: made, By: "local:ada", Expires: made.Add(time.Hour),
	}}
}

func TestStore(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx, s := t.Context(), apikeysql.Store{DB: db}
		if k, err := s.Get(ctx, "aaaaaaaa"); k != nil || err != nil {
			t.Errorf("a key that is not there: %v, %v", k, err)
		}
		if ks, err := s.List(ctx); len(ks) != 0 || err != nil {
			t.Errorf("an empty store lists %v, %v", ks, err)
		}
		a, b, c := stored("bbbbbbbb", at), stored("aaaaaaaa", at.Add(time.Microsecond)), stored("cccccccc", at)
		c.Key = apikey.Key{ID: "cccccccc", Name: "x", Scopes: []apikey.Scope{apikey.ReadFigures}, Created: at, By: "local:ada"}
		for _, k := range []*apikey.Stored{b, c, a} {
			if err := s.Create(ctx, k); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Create(ctx, stored("aaaaaaaa", at)); err == nil {
			t.Error("two keys have the same id")
		}
		for _, want := range []*apikey.Stored{a, b, c} {
			got, err := s.Get(ctx, want.ID)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("key %s is not what was written (-want +got)\n%s", want.ID, d)
			}
		}
		if k, err := s.Get(ctx, "AAAAAAAA"); k != nil || err != nil {
			t.Errorf("an id in capitals is taken for another: %v, %v", k, err)
		}
		ks, err := s.List(ctx)
		if d := cmp.Diff([]apikey.Key{a.Key, c.Key, b.Key}, ks); d != "" || err != nil {
			t.Errorf("the list (-want +got): %v\n%s", err, d)
		}
	})
}

func TestChanges(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx, s := t.Context(), apikeysql.Store{DB: db}
		k, other := stored("aaaaaaaa", at), stored("bbbbbbbb", at)
		for _, k := range []*apikey.Stored{k, other} {
			if err := s.Create(ctx, k); err != nil {
				t.Fatal(err)
			}
		}
		did := func(what string, want bool) func(bool, error) {
			return func(got bool, err error) {
				t.Helper()
				if got != want || err != nil {
					t.Errorf("%s: %v, %v, want %v", what, got, err, want)
				}
			}
		}
		day := calendar.DayOf(at)
		did("the first use", true)(s.Use(ctx, k.ID, day))
		did("another one on that day", false)(s.Use(ctx, k.ID, day))
		did("one that the clock puts before", false)(s.Use(ctx, k.ID, day-1))
		did("one on the next day", true)(s.Use(ctx, k.ID, day+1))
		did("a use of none", false)(s.Use(ctx, "zzzzzzzz", day))
		did("revoked", true)(s.Revoke(ctx, k.ID, at))
		did("revoked again", false)(s.Revoke(ctx, k.ID, at.Add(time.Hour)))
		did("revoked, and is not there", false)(s.Revoke(ctx, "zzzzzzzz", at))
		for _, n := range []int64{1, 41} {
			if err := s.Fail(ctx, k.ID, n); err != nil {
				t.Error(err)
			}
		}
		if err := s.Fail(ctx, "zzzzzzzz", 1); err == nil {
			t.Error("a key that is not there has failures")
		}
		want := *k
		want.LastUsed, want.Revoked, want.Failures = day+1, at, 42
		got, err := s.Get(ctx, k.ID)
		if d := cmp.Diff(&want, got); d != "" || err != nil {
			t.Errorf("after all (-want +got): %v\n%s", err, d)
		}
		if got, err := s.Get(ctx, other.ID); !cmp.Equal(got, other) || err != nil {
			t.Errorf("the other key became %v, %v", got, err)
		}

		rollback := errors.New("back")
		err = s.Atomically(ctx, func(ctx context.Context) error {
			did("revoked, for a moment", true)(s.Revoke(ctx, other.ID, at))
			return rollback
		})
		if got, gerr := s.Get(ctx, other.ID); !errors.Is(err, rollback) || gerr != nil || !got.Revoked.IsZero() {
			t.Errorf("what was taken back is there: %v, %v, %v", err, got, gerr)
		}
	})
}
