// Package knownsql keeps hash lists in the desk's store, on either engine.
//
// A row of an entry holds from one change until another, so every state of
// the lists can be read. Rows that an open change has brought or ended look
// to all other reading as if it had not: each asks for a state, and an open
// change is of none.
package knownsql

import (
	"context"

	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/known"
	"lapwing/internal/sqldb"
)

// Store is a [known.Store].
type Store struct{ DB *sqldb.DB }

var _ known.Store = Store{}

// Atomically runs fn in a transaction, or in the one that ctx carries.
func (s Store) Atomically(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.Atomically(ctx, fn)
}

const lists = `SELECT l.id, l.name, l.source, l.good, l.note, l.created_us,
	COALESCE((SELECT MAX(number) FROM known_change c WHERE c.list = l.id AND c.state = 'done' AND c.number <= $1), 0),
	COALESCE((SELECT MAX(at_us) FROM known_change c WHERE c.list = l.id AND c.state = 'done' AND c.number <= $1), 0),
	COALESCE((SELECT SUM(added - removed) FROM known_change c WHERE c.list = l.id AND c.state = 'done' AND c.number <= $1), 0)
	FROM known_list l WHERE l.removed = 0 OR l.removed > $1 ORDER BY l.name`

// always is later than every state.
const always = int64(1) << 62

func (s Store) listsAt(ctx context.Context, state int64) ([]known.List, error) {
	var out []known.List
	err := s.DB.Query(ctx, lists, []any{state}, func(scan func(...any) error) error {
		var l known.List
		var good, created, changed int64
		err := scan(&l.ID, &l.Name, &l.Source, &good, &l.Note, &created, &l.Version, &changed, &l.Entries)
		l.Good, l.Created, l.Changed = good == 1, clock.Time(created), clock.Time(changed)
		out = append(out, l)
		return err
	})
	return out, err
}

// Lists gives the lists that are there, by name.
func (s Store) Lists(ctx context.Context) ([]known.List, error) { return s.listsAt(ctx, always) }

// ListsAt gives the lists as they were at a state.
func (s Store) ListsAt(ctx context.Context, state int64) (map[int64]known.List, error) {
	ls, err := s.listsAt(ctx, state)
	out := make(map[int64]known.List, len(ls))
	for _, l := range ls {
		out[l.ID] = l
	}
	return out, err
}

// CreateList makes a list and gives it its id. Conflict where the name is or
// was in use.
func (s Store) CreateList(ctx context.Context, l *known.List) error {
	if err := s.DB.Serialize(ctx); err != nil {
		return err
	}
	var n int
	if err := s.DB.R(ctx).QueryRowContext(ctx, "SELECT COUNT(*) FROM known_list WHERE name = $1", l.Name).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return fault.New(fault.Conflict, "there is, or was, a list %q: a name is used once, because old matches name it", l.Name)
	}
	good := int64(0)
	if l.Good {
		good = 1
	}
	return s.DB.Q(ctx).QueryRowContext(ctx, `INSERT INTO known_list (id, name, source, good, note, created_us, removed)
		SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, 0 FROM known_list RETURNING id`,
		l.Name, l.Source, good, l.Note, clock.Micros(l.Created)).Scan(&l.ID)
}
