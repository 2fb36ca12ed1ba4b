// Package indicatorsql keeps figures in the desk's store, on either engine.
//
// An observation has one number as its key: the series in the upper 32 bits,
// then the first day of the period and the number of the revision in 16 bits
// each. So a series lies together in the order of its periods, and a question
// about some of them reads one stretch of the table.
package indicatorsql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/clock"
	"lapwing/internal/indicator"
	"lapwing/internal/sqldb"
)

// Store is an [indicator.Store].
type Store struct{ DB *sqldb.DB }

var _ indicator.Store = Store{}

// Atomically runs fn in a transaction, or in the one that ctx carries.
func (s Store) Atomically(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.Atomically(ctx, fn)
}

// Snapshot runs fn so that all it reads is of one moment.
func (s Store) Snapshot(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.Snapshot(ctx, fn)
}

// Lock waits until no other transaction records.
func (s Store) Lock(ctx context.Context) error { return s.DB.Serialize(ctx) }

var errRows = errors.New("a row that must be there is not")

// Statements calls each with the versions of statements of a kind.
func (s Store) Statements(ctx context.Context, kind, id string, each func(indicator.Statement) error) error {
	q, args := "SELECT id, version, at_us, actor, removed, body FROM indicator_statement WHERE kind = $1", []any{kind}
	if id != "" {
		q, args = q+" AND id = $2", append(args, id)
	}
	return s.DB.Query(ctx, q+" ORDER BY id, version", args, func(scan func(...any) error) error {
		st := indicator.Statement{Kind: kind}
		var at, removed int64
		if err := scan(&st.ID, &st.Version, &at, &st.By, &removed, &st.Body); err != nil {
			return err
		}
		st.At, st.Removed = clock.Time(at), removed == 1
		return each(st)
	})
}

// State writes a version of a statement.
func (s Store) State(ctx context.Context, st *indicator.Statement) error {
	removed := int64(0)
	if st.Removed {
		removed = 1
	}
	_, err := s.DB.Exec(ctx, "INSERT INTO indicator_statement (kind, id, version, at_us, actor, removed, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		st.Kind, st.ID, st.Version, clock.Micros(st.At), st.By, removed, string(st.Body))
	return err
}

const seriesColumns = "id, indicator, source, geography, length, first, last, periods, revisions, learned_us"

func scanSeries(scan func(...any) error) (*indicator.Series, error) {
	sr := new(indicator.Series)
	var learned int64
	err := scan(&sr.ID, &sr.Indicator, &sr.Source, &sr.Geography, &sr.Length, &sr.First, &sr.Last, &sr.Periods, &sr.Revisions, &learned)
	sr.Learned = clock.Time(learned)
	return sr, err
}

// Find gives a series; nil where it is not there.
func (s Store) Find(ctx context.Context, k indicator.Key) (*indicator.Series, error) {
	var sr *indicator.Series
	err := s.DB.Query(ctx, "SELECT "+seriesColumns+" FROM indicator_series WHERE indicator = $1 AND source = $2 AND geography = $3 AND length = $4",
		[]any{k.Indicator, k.Source, k.Geography, string(k.Length)}, func(scan func(...any) error) (err error) {
			sr, err = scanSeries(scan)
			return err
		})
	return sr, err
}

// Create begins a series.
func (s Store) Create(ctx context.Context, sr *indicator.Series) error {
	return s.DB.Q(ctx).QueryRowContext(ctx, `INSERT INTO indicator_series (id, indicator, source, geography, length, first, last, periods, revisions, learned_us)
		SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, 0, 0, 0, 0, 0 FROM indicator_series RETURNING id`,
		sr.Indicator, sr.Source, sr.Geography, string(sr.Length)).Scan(&sr.ID)
}

// many is how many values stand in one IN: always as many, so that the text of
// the statement stays the same.
const many = 64

// Get gives the series with these ids.
func (s Store) Get(ctx context.Context, ids []int64) (map[int64]*indicator.Series, error) {
	out := make(map[int64]*indicator.Series, len(ids))
	q := "SELECT " + seriesColumns + " FROM indicator_series WHERE id IN (" + sqldb.In(1, many) + ")"
	for part := range slices.Chunk(ids, many) {
		args := make([]any, many)
		for i := range args {
			args[i] = part[min(i, len(part)-1)]
		}
		err := s.DB.Query(ctx, q, args, func(scan func(...any) error) error {
			sr, err := scanSeries(scan)
			out[sr.ID] = sr
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Save writes the counts of series anew.
func (s Store) Save(ctx context.Context, srs []*indicator.Series) error {
	ctx = context.WithoutCancel(ctx) // see Append
	for _, sr := range srs {
		n, err := s.DB.Exec(ctx, "UPDATE indicator_series SET first = $2, last = $3, periods = $4, revisions = $5, learned_us = $6 WHERE id = $1",
			sr.ID, int64(sr.First), int64(sr.Last), sr.Periods, sr.Revisions, clock.Micros(sr.Learned))
		if err == nil && n != 1 {
			err = errRows
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// List gives the series that sel selects by their names.
func (s Store) List(ctx context.Context, sel indicator.Selection) ([]indicator.Series, error) {
	var where []string
	var args []any
	add := func(column string, values ...string) {
		if len(values) == 0 {
			return
		}
		where = append(where, column+" IN ("+sqldb.In(len(args)+1, len(values))+")")
		for _, v := range values {
			args = append(args, v)
		}
	}
	add("indicator", sel.Indicators...)
	add("source", sel.Sources...)
	add("geography", sel.Geographies...)
	if sel.Length != "" {
		add("length", string(sel.Length))
	}
	q := "SELECT " + seriesColumns + " FROM indicator_series"
	if len(where) > 0 {
		q += " WHERE " + strings.Join(where, " AND ")
	}
	var out []indicator.Series
	err := s.DB.Query(ctx, q+" ORDER BY indicator, source, geography, length", args, func(scan func(...any) error) error {
		sr, err := scanSeries(scan)
		out = append(out, *sr)
		return err
	})
	return out, err
}

// place is the key of an observation.
func place(series int64, day calendar.Day, revision int) int64 {
	return series<<32 | int64(day)<<16 | int64(revision)
}

// Observations calls each with what was learned of some periods of a series.
// What it is given is used again.
func (s Store) Observations(ctx context.Context, series int64, from, to calendar.Day, learned time.Time, each func(*indicator.Stored) error) error {
	from, to = max(from, 0), min(to, 1<<16-1)
	if from > to {
		return nil
	}
	q := "SELECT id, learned_us, batch, state, value FROM indicator_observation WHERE id BETWEEN $1 AND $2"
	args := []any{place(series, from, 0), place(series, to, indicator.MaxRevision)}
	if !learned.IsZero() {
		q, args = q+" AND learned_us <= $3", append(args, clock.Micros(learned))
	}
	var o indicator.Stored
	var id, us, state int64
	to5 := []any{&id, &us, &o.Batch, &state, &o.Value}
	return s.DB.Query(ctx, q+" ORDER BY id", args, func(scan func(...any) error) error {
		if err := scan(to5...); err != nil {
			return err
		}
		o.Series, o.First, o.Revision, o.Learned = id>>32, calendar.Day(id>>16&0xffff), int(id&0xffff), clock.Time(us)
		if err := o.SetCode(state); err != nil {
			return err
		}
		return each(&o)
	})
}

// Append writes observations.
func (s Store) Append(ctx context.Context, rows []indicator.Stored) error {
	return s.DB.Atomically(ctx, func(ctx context.Context) error {
		// SQLite's driver starts a goroutine for each statement that may be
		// cancelled, which takes longer than the row. This is over soon.
		ctx = context.WithoutCancel(ctx)
		for part := range slices.Chunk(rows, 8192) {
			if err := s.append(ctx, part); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s Store) append(ctx context.Context, rows []indicator.Stored) error {
	out := make([][]any, len(rows))
	cells := make([]any, 5*len(rows))
	// Numbers that repeat are boxed once.
	var us, batch, state any
	var last *indicator.Stored
	for i := range rows {
		r := &rows[i]
		if r.Series < 1 || r.Series >= 1<<31 || r.First < 0 || r.First >= 1<<16 || r.Revision < 0 || r.Revision > indicator.MaxRevision {
			return fmt.Errorf("an observation of series %d, day %d, revision %d has no place in the store", r.Series, r.First, r.Revision)
		}
		if last == nil || !r.Learned.Equal(last.Learned) {
			us = clock.Micros(r.Learned)
		}
		if last == nil || r.Batch != last.Batch {
			batch = r.Batch
		}
		if last == nil || r.Code() != last.Code() {
			state = r.Code()
		}
		last = r
		c := cells[5*i : 5*i+5 : 5*i+5]
		c[0], c[1], c[2], c[3], c[4] = place(r.Series, r.First, r.Revision), us, batch, state, r.Value
		out[i] = c
	}
	return s.DB.Insert(ctx, "indicator_observation", []string{"id", "learned_us", "batch", "state", "value"}, out)
}

// Tally adds n to the count of a day.
func (s Store) Tally(ctx context.Context, name, geography string, day calendar.Day, n int64) error {
	_, err := s.DB.Exec(ctx, `INSERT INTO indicator_tally (indicator, geography, day, n) VALUES ($1, $2, $3, $4)
		ON CONFLICT (indicator, geography, day) DO UPDATE SET n = indicator_tally.n + excluded.n`, name, geography, int64(day), n)
	return err
}

// Tallies calls each with all counts.
func (s Store) Tallies(ctx context.Context, each func(indicator, geography string, day calendar.Day, n int64) error) error {
	return s.DB.Query(ctx, "SELECT indicator, geography, day, n FROM indicator_tally ORDER BY indicator, geography, day", nil, func(scan func(...any) error) error {
		var name, geography string
		var day calendar.Day
		var n int64
		if err := scan(&name, &geography, &day, &n); err != nil {
			return err
		}
		return each(name, geography, day, n)
	})
}

func noRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
