package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lapwing/internal/config"
	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/identity"
	"lapwing/internal/known"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"
)

// each runs f for a new desk on each engine, of which only the settings are
// there.
func each(t *testing.T, f func(t *testing.T, cfg config.Config)) {
	t.Helper()
	t.Parallel()
	for name, address := range map[string]func(t *testing.T, data string) string{
		"sqlite":   func(t *testing.T, data string) string { return "sqlite:" + filepath.Join(data, "lapwing.db") },
		"postgres": func(t *testing.T, _ string) string { return sqldbtest.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "desk")
			f(t, config.Config{Data: data, Database: address(t, data), Keys: filepath.Join(data, "keys.json"), KeepRefused: "1h"})
		})
	}
}

func open(t *testing.T, cfg config.Config) *Desk {
	t.Helper()
	d, err := Open(t.Context(), cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestKeysOfADesk(t *testing.T) {
	each(t, func(t *testing.T, cfg config.Config) {
		id := open(t, cfg).Keys.ID()
		if st, err := os.Stat(cfg.Keys); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("the keys of a new desk: %v, %v; want a file for the owner only", st, err)
		}
		if again := open(t, cfg).Keys.ID(); again != id {
			t.Errorf("opened again it has the keys %s, want %s", again, id)
		}
		refuse := func(what string, want fault.Kind, say ...string) {
			t.Helper()
			d, err := Open(t.Context(), cfg, Options{})
			if fault.KindOf(err) != want || d != nil {
				t.Errorf("%s: %v, want %s", what, err, want)
				return
			}
			for _, s := range append(say, cfg.Keys) {
				if !strings.Contains(fault.Msg(err), s) {
					t.Errorf("%s: %q does not say %q", what, fault.Msg(err), s)
				}
			}
		}
		own := cfg.Keys
		cfg.Keys = own + ".moved"
		refuse("keys that are missing", fault.Invalid, id)
		if _, err := os.Stat(cfg.Keys); !os.IsNotExist(err) {
			t.Errorf("for a desk that has keys new ones were made: %v", err)
		}
		other, err := sealed.Create(cfg.Keys)
		if err != nil {
			t.Fatal(err)
		}
		refuse("other keys", fault.Conflict, id, other.ID())
		if err := os.WriteFile(cfg.Keys, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
		refuse("a file that holds no keys", fault.Invalid)
		cfg.Keys = own
		if d := open(t, cfg); d.Keys.ID() != id {
			t.Errorf("after it the desk has the keys %s, want %s", d.Keys.ID(), id)
		}
	})
}

// Keys that are there before the store, from a backup or from a first start
// that was broken off, become the desk's.
func TestKeysBeforeTheStore(t *testing.T) {
	each(t, func(t *testing.T, cfg config.Config) {
		keys, err := sealed.Create(cfg.Keys)
		if err != nil {
			t.Fatal(err)
		}
		if d := open(t, cfg); d.Keys.ID() != keys.ID() {
			t.Errorf("the desk has the keys %s, want %s", d.Keys.ID(), keys.ID())
		}
	})
}

// Processes that start a new desk together agree on its keys; where each has
// a key file of its own, all but one give way.
func TestKeysOfProcessesThatStartTogether(t *testing.T) {
	each(t, func(t *testing.T, cfg config.Config) {
		const n = 4
		for _, own := range []bool{true, false} {
			var dbs []*sqldb.DB
			for range n {
				db, err := sqldb.Open(t.Context(), cfg.Database)
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				if err := db.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
				dbs = append(dbs, db)
			}
			// Again a desk that is new.
			if _, err := dbs[0].Exec(t.Context(), "DELETE FROM desk_meta"); err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			ids, errs := make([]string, n), make([]error, n)
			for i := range n {
				path := cfg.Keys
				if own {
					path = filepath.Join(t.TempDir(), "keys.json")
				}
				wg.Go(func() {
					keys, err := openKeys(t.Context(), dbs[i], path)
					if errs[i] = err; err == nil {
						ids[i] = keys.ID()
					}
				})
			}
			wg.Wait()
			got := slices.Compact(slices.Sorted(slices.Values(ids)))
			if own {
				refused := slices.DeleteFunc(errs, func(err error) bool { k := fault.KindOf(err); return k != fault.Conflict && k != fault.Invalid })
				if len(got) != 2 || got[0] != "" || len(refused) != n-1 {
					t.Errorf("with files of their own the keys are %q, refused %v; want one desk, and all others told why", ids, refused)
				}
			} else if err := errors.Join(errs...); err != nil || len(got) != 1 {
				t.Errorf("with one file: keys %q, %v; want the same for all", ids, err)
			}
		}
	})
}

func TestMarkDemo(t *testing.T) {
	each(t, func(t *testing.T, cfg config.Config) {
		d := open(t, cfg)
		if d.Demo {
			t.Error("a new desk is a demo")
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if err := d.MarkDemo(ended); err == nil || d.Demo {
			t.Errorf("a mark that could not be written: %v, demo %t", err, d.Demo)
		}
		for range 2 {
			if err := d.MarkDemo(t.Context()); err != nil || !d.Demo {
				t.Errorf("mark: %v, demo %t", err, d.Demo)
			}
		}
		if !open(t, cfg).Demo {
			t.Error("opened again it is none any more")
		}
	})
}

// What one process does to lists and databases another one takes over, and
// goes on when that fails for a while.
func TestFollow(t *testing.T) {
	each(t, func(t *testing.T, cfg config.Config) {
		var log strings.Builder
		var mu sync.Mutex
		d, err := Open(t.Context(), cfg, Options{Log: slog.New(slog.NewTextHandler(writer(func(b []byte) { mu.Lock(); log.Write(b); mu.Unlock() }), nil))})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- d.Follow(ctx) }()

		// First a file that is no database: it is named, and stops nothing.
		bad := filepath.Join(cfg.Data, "geo", "bad")
		if err := os.MkdirAll(filepath.Dir(bad), 0o700); err != nil {
			t.Fatal(err)
		}
		other := open(t, cfg)
		if err := os.WriteFile(bad, []byte("2|exam"), 0o600); err != nil {
			t.Fatal(err)
		}
		who := identity.Local("test")
		if err := other.Known.Create(ctx, who, known.List{Name: "demo"}); err != nil {
			t.Fatal(err)
		}
		md5 := referral.Hash{Kind: "md5", Value: "8516c09421a983ab389e625404dd0215"}
		_, err = other.Known.Import(ctx, who, "demo", known.Import{Read: func(_ context.Context, emit func(hashlist.Change) error, _ func(referral.Finding)) error {
			return emit(hashlist.Change{Entry: &hashlist.Entry{Source: "demo", ID: "1", Hashes: []referral.Hash{md5}}})
		}})
		if err != nil {
			t.Fatal(err)
		}
		wait(t, "the list", func() bool { return len(d.Known.View().Exact(md5)) == 1 })
		wait(t, "a word about the damaged file", func() bool { mu.Lock(); defer mu.Unlock(); return strings.Contains(log.String(), bad) })
		if err := os.Remove(bad); err != nil {
			t.Fatal(err)
		}
		add(t, other.Bases, "example", "20260201", "LU")
		wait(t, "the database", func() bool { return country(d.Bases) == "LU by delegated example of 2026-02-01" })
		stop()
		if err := <-done; err != nil {
			t.Errorf("Follow ended with %v", err)
		}
	})
}

type writer func([]byte)

func (w writer) Write(b []byte) (int, error) { w(b); return len(b), nil }

func wait(t *testing.T, what string, there func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !there(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s was not taken over", what)
		}
	}
}
