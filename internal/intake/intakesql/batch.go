package intakesql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/intake"
)

const batchColumns = "id, name, inputs, actor, owner, beat_us, state, started_us, closed_us, accepted, updated, duplicate, refused"

func scanBatch(scan func(...any) error) (*intake.Batch, error) {
	b := new(intake.Batch)
	var beat, started, closed int64
	err := scan(&b.ID, &b.Name, &b.Inputs, &b.Actor, &b.Owner, &beat, &b.State, &started, &closed, &b.Accepted, &b.Updated, &b.Duplicate, &b.Refused)
	b.Beat, b.Started, b.Closed = clock.Time(beat), clock.Time(started), clock.Time(closed)
	b.Read = b.Settled()
	return b, err
}

// FindBatch gives the newest batch of that name which is not closed; nil
// where there is none.
func (s Store) FindBatch(ctx context.Context, name string) (*intake.Batch, error) {
	b, err := scanBatch(s.DB.R(ctx).QueryRowContext(ctx, "SELECT "+batchColumns+" FROM intake_batch WHERE name = $1 AND state = 'running' ORDER BY id DESC LIMIT 1", name).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return b, err
}

func (s Store) OpenBatch(ctx context.Context, b *intake.Batch) error {
	return s.DB.Atomically(ctx, func(ctx context.Context) error {
		if err := s.DB.Serialize(ctx); err != nil {
			return err
		}
		return s.DB.Q(ctx).QueryRowContext(ctx, `INSERT INTO intake_batch (id, name, inputs, actor, owner, beat_us, state, started_us, closed_us, accepted, updated, duplicate, refused)
			SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0 FROM intake_batch RETURNING id`,
			b.Name, b.Inputs, b.Actor, b.Owner, micros(b.Beat), b.State, micros(b.Started)).Scan(&b.ID)
	})
}

// TakeBatch makes the batch this process's, if it is still the other's.
func (s Store) TakeBatch(ctx context.Context, b *intake.Batch, from string) (bool, error) {
	n, err := s.DB.Exec(ctx, "UPDATE intake_batch SET owner = $1, beat_us = $2 WHERE id = $3 AND owner = $4 AND state = 'running'", b.Owner, micros(b.Beat), b.ID, from)
	return n == 1, err
}

func (s Store) CloseBatch(ctx context.Context, id int64, state string, at time.Time) error {
	n, err := s.DB.Exec(ctx, "UPDATE intake_batch SET state = $3, closed_us = $2 WHERE id = $1", id, micros(at), state)
	if err == nil && n != 1 {
		err = errRows
	}
	return err
}

func (s Store) Batches(ctx context.Context, last int) ([]intake.Batch, error) {
	var out []intake.Batch
	err := s.DB.Query(ctx, "SELECT "+batchColumns+" FROM intake_batch ORDER BY id DESC LIMIT $1", []any{last}, func(scan func(...any) error) error {
		b, err := scanBatch(scan)
		out = append(out, *b)
		return err
	})
	return out, err
}

func (s Store) LedgerKeys(ctx context.Context, batch int64, each func([]byte) error) error {
	return s.DB.Query(ctx, "SELECT keys FROM intake_ledger WHERE batch = $1 ORDER BY page", []any{batch}, func(scan func(...any) error) error {
		var b []byte
		if err := scan(&b); err != nil {
			return err
		}
		return each(b)
	})
}

func (s Store) Ledger(ctx context.Context, batch int64, each func(int64, []byte) error) error {
	return s.DB.Query(ctx, "SELECT page, body FROM intake_ledger WHERE batch = $1 ORDER BY page", []any{batch}, func(scan func(...any) error) error {
		var page int64
		var b []byte
		if err := scan(&page, &b); err != nil {
			return err
		}
		return each(page, b)
	})
}

const refusedColumns = "id, digest, batch, state, format, size, seen, first_us, last_us, reasons, content"

func scanRefused(scan func(...any) error) (*intake.RefusedRow, error) {
	r := new(intake.RefusedRow)
	var first, last int64
	err := scan(&r.ID, &r.Digest, &r.Batch, &r.State, &r.Format, &r.Size, &r.Seen, &first, &last, &r.Reasons, &r.Content)
	r.First, r.Last = clock.Time(first), clock.Time(last)
	return r, err
}

func (s Store) Refuse(ctx context.Context, r *intake.RefusedRow) error {
	return s.DB.Q(ctx).QueryRowContext(ctx, `INSERT INTO intake_refused (id, digest, batch, state, format, size, seen, first_us, last_us, reasons, content)
		VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM intake_refused), $1, $2, $3, $4, $5, 1, $6, $6, $7, $8)
		ON CONFLICT (digest) DO UPDATE SET seen = intake_refused.seen + 1, last_us = excluded.last_us, batch = excluded.batch, format = excluded.format,
			state = 'held', reasons = excluded.reasons, content = excluded.content
		RETURNING id`,
		r.Digest, r.Batch, r.State, r.Format, r.Size, micros(r.First), r.Reasons, r.Content).Scan(&r.ID)
}

func (s Store) ListRefused(ctx context.Context, state string, each func(*intake.RefusedRow) error) error {
	q, args := "SELECT "+refusedColumns+" FROM intake_refused", []any{}
	if state != "" {
		q, args = q+" WHERE state = $1", append(args, state)
	}
	return s.DB.Query(ctx, q+" ORDER BY id", args, func(scan func(...any) error) error {
		r, err := scanRefused(scan)
		if err != nil {
			return err
		}
		return each(r)
	})
}

func (s Store) GetRefused(ctx context.Context, id int64) (*intake.RefusedRow, error) {
	r, err := scanRefused(s.DB.R(ctx).QueryRowContext(ctx, "SELECT "+refusedColumns+" FROM intake_refused WHERE id = $1", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "no refused item %d", id)
	}
	return r, err
}

// SetRefused ends the keeping: the bytes go with the state.
func (s Store) SetRefused(ctx context.Context, id int64, state string) error {
	n, err := s.DB.Exec(ctx, "UPDATE intake_refused SET state = $2, content = $3 WHERE id = $1", id, state, []byte{})
	if err == nil && n != 1 {
		err = errRows
	}
	return err
}

func (s Store) ExpireRefused(ctx context.Context, before time.Time) (int64, error) {
	return s.DB.Exec(ctx, "UPDATE intake_refused SET state = 'expired', content = $2 WHERE state = 'held' AND last_us <= $1", micros(before), []byte{})
}
