package knownsql

import (
	"context"
	"database/sql"
	"errors"

	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/known"
)

const changeColumns = "number, list, what, actor, owner, at_us, added, changed, removed"

func scanChange(scan func(...any) error) (c known.Change, err error) {
	var at int64
	err = scan(&c.Number, &c.List, &c.What, &c.Actor, &c.Owner, &at, &c.Added, &c.Changed, &c.Removed)
	c.At = clock.Time(at)
	return c, err
}

// History gives the changes of a list that are done, the last one first.
func (s Store) History(ctx context.Context, list int64) ([]known.Change, error) {
	out := []known.Change{}
	err := s.DB.Query(ctx, "SELECT "+changeColumns+" FROM known_change WHERE list = $1 AND state = 'done' ORDER BY number DESC", []any{list}, func(scan func(...any) error) error {
		c, err := scanChange(scan)
		out = append(out, c)
		return err
	})
	return out, err
}

// State is the number of the last change that is done.
func (s Store) State(ctx context.Context) (n int64, err error) {
	err = s.DB.R(ctx).QueryRowContext(ctx, "SELECT COALESCE(MAX(number), 0) FROM known_change WHERE state = 'done'").Scan(&n)
	return n, err
}

// OpenChange gives the change that is open; nil where none is.
func (s Store) OpenChange(ctx context.Context) (*known.Change, error) {
	c, err := scanChange(s.DB.R(ctx).QueryRowContext(ctx, "SELECT "+changeColumns+" FROM known_change WHERE state = 'open'").Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &c, err
}

// Begin takes the next number for a change.
func (s Store) Begin(ctx context.Context, c *known.Change) error {
	return s.DB.Atomically(ctx, func(ctx context.Context) error {
		if err := s.DB.Serialize(ctx); err != nil {
			return err
		}
		var there, open int
		if err := s.DB.R(ctx).QueryRowContext(ctx, "SELECT (SELECT COUNT(*) FROM known_list WHERE id = $1 AND removed = 0), (SELECT COUNT(*) FROM known_change WHERE state = 'open')", c.List).Scan(&there, &open); err != nil {
			return err
		}
		switch {
		case open > 0:
			return fault.New(fault.Busy, "another change of the hash lists is under way: try again when it is done")
		case there == 0:
			return fault.New(fault.NotFound, "the list is not there any more")
		}
		return s.DB.Q(ctx).QueryRowContext(ctx, `INSERT INTO known_change (number, list, what, state, actor, owner, at_us, added, changed, removed)
			SELECT COALESCE(MAX(number), 0) + 1, $1, $2, 'open', $3, $4, $5, 0, 0, 0 FROM known_change RETURNING number`,
			c.List, c.What, c.Actor, c.Owner, clock.Micros(c.At)).Scan(&c.Number)
	})
}

// lock makes sure that the change is open, and stays so until the transaction
// ends: whoever takes it back has to wait, and then sees all of its rows.
func (s Store) lock(ctx context.Context, c *known.Change) error {
	n, err := s.DB.Exec(ctx, "UPDATE known_change SET at_us = $2 WHERE number = $1 AND state = 'open'", c.Number, clock.Micros(c.At))
	if err == nil && n != 1 {
		err = fault.New(fault.Conflict, "change %d of the hash lists was taken back by another process, because it gave no sign of life: begin it again", c.Number)
	}
	return err
}

// Finish makes an open change one that is done: all of it is visible.
func (s Store) Finish(ctx context.Context, c *known.Change) error {
	return s.DB.Atomically(ctx, func(ctx context.Context) error {
		if err := s.lock(ctx, c); err != nil {
			return err
		}
		if c.What == "remove" {
			if _, err := s.DB.Exec(ctx, "UPDATE known_list SET removed = $2 WHERE id = $1", c.List, c.Number); err != nil {
				return err
			}
		}
		_, err := s.DB.Exec(ctx, "UPDATE known_change SET state = 'done', added = $2, changed = $3, removed = $4 WHERE number = $1", c.Number, c.Added, c.Changed, c.Removed)
		return err
	})
}

// Undo takes back an open change. One that is done stays: what asks for its
// undoing may not know that it was.
func (s Store) Undo(ctx context.Context, number int64) error {
	return s.DB.Atomically(ctx, func(ctx context.Context) error {
		n, err := s.DB.Exec(ctx, "UPDATE known_change SET state = 'undone' WHERE number = $1 AND state = 'open'", number)
		if err != nil || n == 0 {
			return err
		}
		for _, q := range []string{
			"DELETE FROM known_fingerprint WHERE entry IN (SELECT id FROM known_entry WHERE since = $1)",
			"DELETE FROM known_entry WHERE since = $1",
			"UPDATE known_entry SET until = 0 WHERE until = $1",
		} {
			if _, err := s.DB.Exec(ctx, q, number); err != nil {
				return err
			}
		}
		return nil
	})
}
