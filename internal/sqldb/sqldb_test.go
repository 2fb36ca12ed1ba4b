package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

func TestBothSchemasAgree(t *testing.T) {
	t.Parallel()
	ours := func(db *sqldb.DB) []sqldb.Column {
		cs, err := db.Columns(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(cs, func(c sqldb.Column) bool {
			return strings.HasPrefix(c.Table, "river_") || strings.HasPrefix(c.Table, "goose_") || strings.HasPrefix(c.Table, "sqlite_")
		})
	}
	lite := ours(sqldbtest.SQLite(t))
	if len(lite) < 40 {
		t.Fatalf("only %d columns found", len(lite))
	}
	if d := cmp.Diff(lite, ours(sqldbtest.Postgres(t))); d != "" {
		t.Errorf("schemas differ (-sqlite +postgres):\n%s", d)
	}
}

func TestMigrateTwiceAndTogether(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		for range 2 {
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestAtomically(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		put := func(ctx context.Context, k string) error {
			_, err := db.Exec(ctx, "INSERT INTO desk_meta (name, value) VALUES ($1, $2)", k, "v")
			return err
		}
		count := func() (n int) {
			if err := db.R(ctx).QueryRowContext(ctx, "SELECT COUNT(*) FROM desk_meta").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		fired := 0
		stop := errors.New("stop")
		err := db.Atomically(ctx, func(ctx context.Context) error {
			db.AfterCommit(ctx, func() { fired++ })
			if err := put(ctx, "a"); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) || count() != 0 || fired != 0 {
			t.Errorf("after a failure: err %v, %d rows, fired %d; want stop, 0, 0", err, count(), fired)
		}
		err = db.Atomically(ctx, func(ctx context.Context) error {
			db.AfterCommit(ctx, func() { fired++ })
			return db.Atomically(ctx, func(ctx context.Context) error { return put(ctx, "b") })
		})
		if err != nil || count() != 1 || fired != 1 {
			t.Errorf("after success: err %v, %d rows, fired %d; want nil, 1, 1", err, count(), fired)
		}
	})
}

func TestTwoMakeTheSameStoreAtOnce(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"sqlite:" + filepath.Join(t.TempDir(), "desk.db"), sqldbtest.PostgresURL(t)} {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				db, err := sqldb.Open(t.Context(), url)
				if err != nil {
					t.Error(err)
					return
				}
				defer db.Close()
				if err := db.Migrate(t.Context()); err != nil {
					t.Errorf("%s: %v", db.Engine(), err)
				}
			})
		}
		wg.Wait()
	}
}

// What engines order and compare differently unless told otherwise.
func TestBytesDecideOrder(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		want := []string{"B", "a", "a|z", "ab", "b", "Ä"}
		rows := [][]any{}
		for _, i := range []int{3, 0, 5, 1, 4, 2} {
			rows = append(rows, []any{want[i], "x"})
		}
		if err := db.Insert(ctx, "desk_meta", []string{"name", "value"}, rows); err != nil {
			t.Fatal(err)
		}
		var got []string
		err := db.Query(ctx, "SELECT name FROM desk_meta WHERE name IN ("+sqldb.In(1, 6)+") ORDER BY name", []any{"a", "b", "B", "ab", "a|z", "Ä"},
			func(scan func(...any) error) error { var s string; err := scan(&s); got = append(got, s); return err })
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	})
}

func TestSerializeLosesNoIncrement(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		if _, err := db.Exec(ctx, "INSERT INTO desk_meta (name, value) VALUES ('n', '0')"); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 10 {
					err := db.Atomically(ctx, func(ctx context.Context) error {
						if err := db.Serialize(ctx); err != nil {
							return err
						}
						var v string
						if err := db.Q(ctx).QueryRowContext(ctx, "SELECT value FROM desk_meta WHERE name = 'n'").Scan(&v); err != nil {
							return err
						}
						n := 0
						fmt.Sscan(v, &n)
						_, err := db.Exec(ctx, "UPDATE desk_meta SET value = $1 WHERE name = 'n'", fmt.Sprint(n+1))
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var v string
		if err := db.R(ctx).QueryRowContext(ctx, "SELECT value FROM desk_meta WHERE name = 'n'").Scan(&v); err != nil || v != "80" {
			t.Errorf("after 80 increments: %s, %v", v, err)
		}
	})
}
