package auditsql_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/audit/auditsql"
	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"
)

func newLog(t testing.TB, db *sqldb.DB) *audit.Log {
	t.Helper()
	s, v, err := audit.Keys(ed25519.NewKeyFromSeed(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return &audit.Log{Store: auditsql.Store{DB: db}, Clock: clock.At(time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)), Signer: s, Check: v}
}

var ada = identity.Local("ada")

// fill records n entries in transactions of uneven size.
func fill(t testing.TB, l *audit.Log, n int) {
	t.Helper()
	sizes := []int{1, 2, 300, 7, 64, 500, 3}
	for i, k := 0, 0; i < n; k++ {
		var acts []audit.Act
		for range min(sizes[k%len(sizes)], n-i) {
			acts = append(acts, audit.Act{Kind: audit.Collection, Action: "test.act", Subject: fmt.Sprintf("S%d", i), Detail: map[string]int{"n": i}})
			i++
		}
		if err := l.Record(t.Context(), ada, acts...); err != nil {
			t.Fatal(err)
		}
	}
}

func verify(t testing.TB, ctx context.Context, l *audit.Log, cps ...string) *audit.Report {
	t.Helper()
	rep, err := l.Verify(ctx, cps...)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func TestWholeAtEverySize(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		l := newLog(t, db)
		if rep := verify(t, t.Context(), l); !rep.Whole() || rep.Size != 0 {
			t.Fatalf("empty log: %+v", rep)
		}
		for i := range 1200 {
			if i%97 != 0 && i > 5 {
				continue
			}
			rep := verify(t, t.Context(), l)
			if !rep.Whole() {
				t.Fatalf("at size %d: %+v", rep.Size, rep.Problems)
			}
			fill(t, l, 97)
		}
	})
}

// One byte changed in any column of any row is found, and its place is named.
func TestAnyChangeIsFound(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		const n = 700
		l := newLog(t, db)
		fill(t, l, n)
		rnd := rand.New(rand.NewPCG(1, 2))
		undo := errors.New("undo")
		try := func(name, where string, change func(ctx context.Context) error) {
			t.Helper()
			err := db.Atomically(t.Context(), func(ctx context.Context) error {
				if err := change(ctx); err != nil {
					return err
				}
				rep := verify(t, ctx, l)
				if rep.Whole() {
					t.Errorf("%s: not found", name)
				} else if !slices.ContainsFunc(rep.Problems, func(p audit.Problem) bool { return strings.HasPrefix(p.Where, where) }) {
					t.Errorf("%s: reported at %+v, want %s", name, rep.Problems, where)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Errorf("%s: %v", name, err)
			}
		}
		exec := func(ctx context.Context, q string, args ...any) error {
			k, err := db.Exec(ctx, q, args...)
			if err == nil && k == 0 {
				err = fmt.Errorf("%s changed nothing", q)
			}
			return err
		}
		for _, i := range []int{0, 1, 255, 256, 511, 512, n - 1, rnd.IntN(n), rnd.IntN(n)} {
			at := fmt.Sprintf("entry %d", i)
			for _, col := range []string{"actor", "kind", "action", "subject", "detail"} {
				try(at+" "+col, at, func(ctx context.Context) error {
					var v string
					if err := db.Q(ctx).QueryRowContext(ctx, "SELECT "+col+" FROM audit_entry WHERE idx = $1", i).Scan(&v); err != nil {
						return err
					}
					b := []byte(v)
					b[rnd.IntN(len(b))] ^= 1
					return exec(ctx, "UPDATE audit_entry SET "+col+" = $1 WHERE idx = $2", string(b), i)
				})
			}
			try(at+" time", at, func(ctx context.Context) error {
				return exec(ctx, "UPDATE audit_entry SET at_us = at_us + 1 WHERE idx = $1", i)
			})
			try(at+" removed", at, func(ctx context.Context) error { return exec(ctx, "DELETE FROM audit_entry WHERE idx = $1", i) })
			try(at+" moved", at, func(ctx context.Context) error {
				return exec(ctx, "UPDATE audit_entry SET idx = $1 WHERE idx = $2", n+5, i)
			})
			if i+1 < n {
				try(at+" swapped with the next", at, func(ctx context.Context) error {
					return errors.Join(exec(ctx, "UPDATE audit_entry SET idx = -1 WHERE idx = $1", i),
						exec(ctx, "UPDATE audit_entry SET idx = $1 WHERE idx = $2", i, i+1),
						exec(ctx, "UPDATE audit_entry SET idx = $1 WHERE idx = -1", i+1))
				})
			}
		}
		try("entry added", fmt.Sprintf("entry %d", n), func(ctx context.Context) error {
			return exec(ctx, "INSERT INTO audit_entry (idx, at_us, actor, kind, action, subject, detail) VALUES ($1, 1, 'x', 'x', 'x', 'x', '{}')", n)
		})
		try("negative entry", "entry -3", func(ctx context.Context) error {
			return exec(ctx, "INSERT INTO audit_entry (idx, at_us, actor, kind, action, subject, detail) VALUES (-3, 1, 'x', 'x', 'x', 'x', '{}')")
		})
		type tile struct{ level, n int64 }
		for _, k := range []tile{{0, 0}, {0, 1}, {0, 2}, {1, 0}} {
			at := fmt.Sprintf("tile %d/%d", k.level, k.n)
			try(at+" changed", at, func(ctx context.Context) error {
				var b []byte
				if err := db.Q(ctx).QueryRowContext(ctx, "SELECT data FROM audit_tile WHERE level = $1 AND n = $2", k.level, k.n).Scan(&b); err != nil {
					return err
				}
				b[rnd.IntN(len(b))] ^= 0x80
				return exec(ctx, "UPDATE audit_tile SET data = $1 WHERE level = $2 AND n = $3", b, k.level, k.n)
			})
			try(at+" removed", at, func(ctx context.Context) error {
				return exec(ctx, "DELETE FROM audit_tile WHERE level = $1 AND n = $2", k.level, k.n)
			})
			try(at+" moved", "tile", func(ctx context.Context) error {
				return exec(ctx, "UPDATE audit_tile SET n = n + 9 WHERE level = $1 AND n = $2", k.level, k.n)
			})
			try(at+" lifted", "tile", func(ctx context.Context) error {
				return exec(ctx, "UPDATE audit_tile SET level = level + 2 WHERE level = $1 AND n = $2", k.level, k.n)
			})
		}
		var head string
		if err := db.R(t.Context()).QueryRowContext(t.Context(), "SELECT note FROM audit_head").Scan(&head); err != nil {
			t.Fatal(err)
		}
		for i := range head {
			b := []byte(head)
			b[i] ^= 1
			try(fmt.Sprintf("head byte %d", i), "head", func(ctx context.Context) error { return exec(ctx, "UPDATE audit_head SET note = $1", string(b)) })
		}
		try("head removed", "", func(ctx context.Context) error { return exec(ctx, "DELETE FROM audit_head") })
		try("head renumbered", "tables", func(ctx context.Context) error { return exec(ctx, "UPDATE audit_head SET id = 2") })
		if rep := verify(t, t.Context(), l); !rep.Whole() {
			t.Errorf("after all was undone: %+v", rep.Problems)
		}
	})
}

// A trail that was rolled back to an earlier state is whole in itself; only a
// checkpoint kept outside tells.
func TestTailCutOff(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		l := newLog(t, db)
		fill(t, l, 300)
		early, err := l.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		late := ""
		undo := errors.New("undo")
		err = db.Atomically(t.Context(), func(ctx context.Context) error {
			if err := l.Record(ctx, ada, audit.Act{Kind: audit.Erasure, Action: "test.erase", Subject: "x"}); err != nil {
				return err
			}
			late, err = l.Checkpoint(ctx)
			return errors.Join(undo, err)
		})
		if !errors.Is(err, undo) || late == "" {
			t.Fatal(err)
		}
		if rep := verify(t, t.Context(), l, early); !rep.Whole() {
			t.Errorf("with a true checkpoint: %+v", rep.Problems)
		}
		rep := verify(t, t.Context(), l, early, late)
		if len(rep.Problems) != 1 || !strings.Contains(rep.Problems[0].What, "cut off") {
			t.Errorf("with a checkpoint past the end: %+v", rep.Problems)
		}
		// The log goes on differently: same size as the checkpoint, another past.
		fill(t, l, 1)
		rep = verify(t, t.Context(), l, late)
		if len(rep.Problems) != 1 || rep.Problems[0].Where != "checkpoint" {
			t.Errorf("with a checkpoint of another past: %+v", rep.Problems)
		}
		_, other, _ := ed25519.GenerateKey(nil)
		s, v, err := audit.Keys(other)
		if err != nil {
			t.Fatal(err)
		}
		foreign := *l
		foreign.Signer, foreign.Check = s, v
		if rep := verify(t, t.Context(), &foreign); rep.Whole() {
			t.Error("a head signed with another key was taken")
		}
	})
}

func TestActRolledBackLeavesNoEntry(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		l := newLog(t, db)
		fill(t, l, 10)
		undo := errors.New("undo")
		err := db.Atomically(t.Context(), func(ctx context.Context) error {
			return errors.Join(l.Record(ctx, ada, audit.Act{Kind: audit.Alteration, Action: "test.gone"}), undo)
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		if rep := verify(t, t.Context(), l); !rep.Whole() || rep.Size != 10 {
			t.Errorf("got %+v", rep)
		}
		if err := l.Record(t.Context(), identity.Actor{}, audit.Act{}); fault.KindOf(err) != fault.Denied {
			t.Errorf("nobody acts: %v, want denied", err)
		}
	})
}

func TestWritersTogether(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		l := newLog(t, db)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				for range 15 {
					if err := l.Record(t.Context(), ada, audit.Act{Kind: audit.Consultation, Action: "test.read"}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if rep := verify(t, t.Context(), l); !rep.Whole() || rep.Size != 90 {
			t.Errorf("size %d, %+v; want 90 and whole", rep.Size, rep.Problems)
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	l := newLog(b, sqldbtest.SQLite(b))
	acts := make([]audit.Act, 500)
	for i := range acts {
		acts[i] = audit.Act{Kind: audit.Collection, Action: "intake.accept", Subject: "0123456789ABCDEF", Detail: map[string]string{"d": "abc"}}
	}
	for b.Loop() {
		if err := l.Record(context.Background(), ada, acts...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(acts))/b.Elapsed().Seconds(), "entries/s")
}
