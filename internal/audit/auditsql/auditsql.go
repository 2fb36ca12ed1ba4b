// Package auditsql keeps the audit trail in the desk's store.
package auditsql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lapwing/internal/audit"
	"lapwing/internal/clock"
	"lapwing/internal/sqldb"
)

// Store is an [audit.Store] over either engine.
type Store struct{ DB *sqldb.DB }

var _ audit.Store = Store{}

func (s Store) Atomically(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.Atomically(ctx, fn)
}

func (s Store) Snapshot(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.Snapshot(ctx, fn)
}

func (s Store) Head(ctx context.Context) (string, error) {
	if s.DB.Writing(ctx) {
		if err := s.DB.Serialize(ctx); err != nil {
			return "", err
		}
	}
	var notes []string
	err := s.DB.Query(ctx, "SELECT id, note FROM audit_head ORDER BY id", nil, func(scan func(...any) error) error {
		var id int64
		var note string
		if err := scan(&id, &note); err != nil {
			return err
		}
		if id != 1 {
			return fmt.Errorf("the table of the audit's head has a row %d that does not belong there", id)
		}
		notes = append(notes, note)
		return nil
	})
	if err != nil || len(notes) == 0 {
		return "", err
	}
	return notes[0], nil
}

func (s Store) Append(ctx context.Context, entries []audit.Entry, tiles []audit.Tile, head string) error {
	rows := make([][]any, len(entries))
	for i, e := range entries {
		rows[i] = []any{e.Index, clock.Micros(e.At), e.Actor, string(e.Kind), e.Action, e.Subject, e.Detail}
	}
	if err := s.DB.Insert(ctx, "audit_entry", []string{"idx", "at_us", "actor", "kind", "action", "subject", "detail"}, rows); err != nil {
		return err
	}
	for _, t := range tiles {
		_, err := s.DB.Exec(ctx, `INSERT INTO audit_tile (level, n, data) VALUES ($1, $2, $3)
			ON CONFLICT (level, n) DO UPDATE SET data = excluded.data`, t.Level, t.N, t.Data)
		if err != nil {
			return err
		}
	}
	_, err := s.DB.Exec(ctx, `INSERT INTO audit_head (id, note) VALUES (1, $1)
		ON CONFLICT (id) DO UPDATE SET note = excluded.note`, head)
	return err
}

func (s Store) Tile(ctx context.Context, level, n int64) ([]byte, error) {
	var b []byte
	err := s.DB.R(ctx).QueryRowContext(ctx, "SELECT data FROM audit_tile WHERE level = $1 AND n = $2", level, n).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return b, err
}

func (s Store) Tiles(ctx context.Context, each func(audit.Tile) error) error {
	return s.DB.Query(ctx, "SELECT level, n, data FROM audit_tile ORDER BY level, n", nil, func(scan func(...any) error) error {
		var t audit.Tile
		if err := scan(&t.Level, &t.N, &t.Data); err != nil {
			return err
		}
		return each(t)
	})
}

func (s Store) Entries(ctx context.Context, f audit.Filter, each func(audit.Entry) error) error {
	var where []string
	var args []any
	add := func(cond string, v any) {
		args = append(args, v)
		where = append(where, fmt.Sprintf(cond, len(args)))
	}
	if f.Actor != "" {
		add("actor = $%d", f.Actor)
	}
	if f.Action != "" {
		add("action = $%d", f.Action)
	}
	if f.Subject != "" {
		add("subject = $%d", f.Subject)
	}
	if f.From > 0 {
		add("idx >= $%d", f.From)
	}
	q := "SELECT idx, at_us, actor, kind, action, subject, detail FROM audit_entry"
	if len(where) > 0 {
		q += " WHERE " + strings.Join(where, " AND ")
	}
	read := func(q string, each func(audit.Entry) error) error {
		return s.DB.Query(ctx, q, args, func(scan func(...any) error) error {
			var e audit.Entry
			var us int64
			if err := scan(&e.Index, &us, &e.Actor, &e.Kind, &e.Action, &e.Subject, &e.Detail); err != nil {
				return err
			}
			e.At = clock.Time(us)
			return each(e)
		})
	}
	if f.Last == 0 {
		return read(q+" ORDER BY idx", each)
	}
	var newest []audit.Entry
	err := read(fmt.Sprintf("%s ORDER BY idx DESC LIMIT %d", q, f.Last), func(e audit.Entry) error { newest = append(newest, e); return nil })
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(newest) {
		if err := each(e); err != nil {
			return err
		}
	}
	return nil
}

// Sound runs SQLite's own check over the audit's tables; PostgreSQL reads
// with page checksums where its operator switched them on.
func (s Store) Sound(ctx context.Context) error {
	if s.DB.Engine() != sqldb.SQLite {
		return nil
	}
	var bad []string
	for _, table := range []string{"audit_entry", "audit_tile", "audit_head"} {
		err := s.DB.Query(ctx, "SELECT integrity_check FROM pragma_integrity_check('"+table+"')", nil, func(scan func(...any) error) error {
			var line string
			err := scan(&line)
			if line != "ok" {
				bad = append(bad, line)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if len(bad) > 0 {
		return fmt.Errorf("the database's own check: %s", strings.Join(bad, "; "))
	}
	return nil
}
