package indicatorsql

import (
	"context"
	"time"

	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
)

const batchColumns = `id, name, inputs, actor, owner, beat_us, state, learned_us, started_us, closed_us,
	accepted, updated, duplicate, refused, late, restated, created`

func scanBatch(scan func(...any) error) (*indicator.Batch, error) {
	b := new(indicator.Batch)
	var beat, learned, started, closed int64
	err := scan(&b.ID, &b.Name, &b.Inputs, &b.Actor, &b.Owner, &beat, &b.State, &learned, &started, &closed,
		&b.Accepted, &b.Updated, &b.Duplicate, &b.Refused, &b.Late, &b.Restated, &b.Created)
	b.Beat, b.Learned, b.Started, b.Closed = clock.Time(beat), clock.Time(learned), clock.Time(started), clock.Time(closed)
	b.Read = b.Settled()
	return b, err
}

func (s Store) batches(ctx context.Context, where string, args ...any) ([]indicator.Batch, error) {
	var out []indicator.Batch
	err := s.DB.Query(ctx, "SELECT "+batchColumns+" FROM indicator_batch "+where, args, func(scan func(...any) error) error {
		b, err := scanBatch(scan)
		out = append(out, *b)
		return err
	})
	return out, err
}

// FindBatch gives the newest batch of that name that is running.
func (s Store) FindBatch(ctx context.Context, name string) (*indicator.Batch, error) {
	bs, err := s.batches(ctx, "WHERE name = $1 AND state = 'running' ORDER BY id DESC LIMIT 1", name)
	if err != nil || len(bs) == 0 {
		return nil, err
	}
	return &bs[0], nil
}

// Batches gives the newest batches, newest first.
func (s Store) Batches(ctx context.Context, last int) ([]indicator.Batch, error) {
	return s.batches(ctx, "ORDER BY id DESC LIMIT $1", int64(last))
}

// OpenBatch writes a batch.
func (s Store) OpenBatch(ctx context.Context, b *indicator.Batch) error {
	return s.DB.Atomically(ctx, func(ctx context.Context) error {
		if err := s.DB.Serialize(ctx); err != nil {
			return err
		}
		return s.DB.Q(ctx).QueryRowContext(ctx, `INSERT INTO indicator_batch (id, name, inputs, actor, owner, beat_us, state, learned_us, started_us, closed_us,
				accepted, updated, duplicate, refused, late, restated, created)
			SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, 0, 0, 0 FROM indicator_batch RETURNING id`,
			b.Name, b.Inputs, b.Actor, b.Owner, clock.Micros(b.Beat), b.State, clock.Micros(b.Learned), clock.Micros(b.Started)).Scan(&b.ID)
	})
}

// TakeBatch makes a running batch b's owner's, if it is still from's.
func (s Store) TakeBatch(ctx context.Context, b *indicator.Batch, from string) (bool, error) {
	n, err := s.DB.Exec(ctx, "UPDATE indicator_batch SET owner = $1, beat_us = $2 WHERE id = $3 AND owner = $4 AND state = 'running'",
		b.Owner, clock.Micros(b.Beat), b.ID, from)
	return n == 1, err
}

// TurnPage writes a page of the ledger, and gives it its number.
func (s Store) TurnPage(ctx context.Context, b *indicator.Batch, p *indicator.Page) error {
	t := &p.Totals
	n, err := s.DB.Exec(ctx, `UPDATE indicator_batch SET beat_us = $3, accepted = accepted + $4, updated = updated + $5, duplicate = duplicate + $6, refused = refused + $7,
		late = late + $8, restated = restated + $9, created = created + $10 WHERE id = $1 AND owner = $2 AND state = 'running'`,
		b.ID, b.Owner, clock.Micros(b.Beat), t.Accepted, t.Updated, t.Duplicate, t.Refused, t.Late, t.Restated, t.Created)
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.New(fault.Conflict, "batch %d is another process's now, or not open any more", b.ID)
	}
	return s.DB.Q(ctx).QueryRowContext(ctx, `INSERT INTO indicator_ledger (batch, page, items, outcomes, digest)
		SELECT $1, COALESCE(MAX(page), 0) + 1, $2, $3, $4 FROM indicator_ledger WHERE batch = $1 RETURNING page`,
		b.ID, t.Settled(), p.Outcomes, p.Digest).Scan(&p.Number)
}

// CloseBatch ends a batch whose ledger reconciles.
func (s Store) CloseBatch(ctx context.Context, id, read int64, at time.Time) error {
	n, err := s.DB.Exec(ctx, `UPDATE indicator_batch SET state = 'closed', closed_us = $2 WHERE id = $1 AND state = 'running'
		AND accepted + updated + duplicate + refused = $3 AND (SELECT COALESCE(SUM(items), 0) FROM indicator_ledger WHERE batch = $1) = $3`, id, clock.Micros(at), read)
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "batch %d does not reconcile, or is not open: %d rows were read, and its ledger says something else", id, read)
	}
	return err
}

// StopBatch ends a batch that broke off.
func (s Store) StopBatch(ctx context.Context, id int64, at time.Time) error {
	n, err := s.DB.Exec(ctx, "UPDATE indicator_batch SET state = 'stopped', closed_us = $2 WHERE id = $1 AND state = 'running'", id, clock.Micros(at))
	if err == nil && n != 1 {
		err = errRows
	}
	return err
}

// Ledger calls each with the pages of a batch.
func (s Store) Ledger(ctx context.Context, batch int64, each func(*indicator.Page) error) error {
	return s.DB.Query(ctx, "SELECT page, items, outcomes, digest FROM indicator_ledger WHERE batch = $1 ORDER BY page", []any{batch}, func(scan func(...any) error) error {
		p := new(indicator.Page)
		var items int64
		if err := scan(&p.Number, &items, &p.Outcomes, &p.Digest); err != nil {
			return err
		}
		if err := p.Recount(); err != nil {
			return err
		}
		if p.Totals.Settled() != items {
			return fault.New(fault.Internal, "page %d of batch %d has %d rows, and outcomes for %d", p.Number, batch, items, p.Totals.Settled())
		}
		return each(p)
	})
}

const refusedColumns = "id, digest, batch, state, seen, first_us, last_us, content"

func scanRefused(scan func(...any) error) (*indicator.RefusedRow, error) {
	r := new(indicator.RefusedRow)
	var first, last int64
	err := scan(&r.ID, &r.Digest, &r.Batch, &r.State, &r.Seen, &first, &last, &r.Content)
	r.First, r.Last = clock.Time(first), clock.Time(last)
	return r, err
}

// Refuse keeps a refused row.
func (s Store) Refuse(ctx context.Context, r *indicator.RefusedRow) error {
	return s.DB.Q(ctx).QueryRowContext(ctx, `INSERT INTO indicator_refused (id, digest, batch, state, seen, first_us, last_us, content)
		VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM indicator_refused), $1, $2, $3, 1, $4, $4, $5)
		ON CONFLICT (digest) DO UPDATE SET seen = indicator_refused.seen + 1, last_us = excluded.last_us, batch = excluded.batch,
			state = excluded.state, content = excluded.content
		RETURNING id`,
		r.Digest, r.Batch, r.State, clock.Micros(r.Last), r.Content).Scan(&r.ID)
}

// ListRefused calls each with refused rows.
func (s Store) ListRefused(ctx context.Context, batch int64, state string, each func(*indicator.RefusedRow) error) error {
	return s.DB.Query(ctx, "SELECT "+refusedColumns+" FROM indicator_refused WHERE ($1 = 0 OR batch = $1) AND ($2 = '' OR state = $2) ORDER BY id", []any{batch, state}, func(scan func(...any) error) error {
		r, err := scanRefused(scan)
		if err != nil {
			return err
		}
		return each(r)
	})
}

// GetRefused gives one refused row.
func (s Store) GetRefused(ctx context.Context, id int64) (*indicator.RefusedRow, error) {
	r, err := scanRefused(s.DB.R(ctx).QueryRowContext(ctx, "SELECT "+refusedColumns+" FROM indicator_refused WHERE id = $1", id).Scan)
	if noRows(err) {
		return nil, fault.New(fault.NotFound, "no refused row %d", id)
	}
	return r, err
}

// ExpireRefused empties the rows that were last seen up to then.
func (s Store) ExpireRefused(ctx context.Context, before time.Time) (int64, error) {
	return s.DB.Exec(ctx, "UPDATE indicator_refused SET state = 'expired', content = $2 WHERE state = 'held' AND last_us <= $1", clock.Micros(before), []byte{})
}
