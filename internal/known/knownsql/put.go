package knownsql

import (
	"bytes"
	"context"
	"slices"

	"lapwing/internal/known"
	"lapwing/internal/sqldb"
)

// A row is an entry in the table; id 0: there is none.
type row struct{ id, since, until, digest int64 }

// A word is what a change says last about an entry, with the row that the
// entry had before the change and the one that the change has given it.
type word struct {
	*known.Row
	before, now row
}

// count adds n to the count of what the change has done to the entry so far.
func (w *word) count(c *known.Change, n int64) {
	ended := w.before.id != 0 && w.before.until != 0
	switch {
	case ended && w.now.id != 0:
		c.Changed += n
	case ended:
		c.Removed += n
	case w.now.id != 0:
		c.Added += n
	}
}

// Put writes entries and tombstones of an open change.
func (s Store) Put(ctx context.Context, c *known.Change, rows []*known.Row) error {
	return s.DB.Atomically(ctx, func(ctx context.Context) error {
		if err := s.lock(ctx, c); err != nil {
			return err
		}
		words, err := s.words(ctx, c, rows)
		if err != nil {
			return err
		}
		var last int64
		if err := s.DB.R(ctx).QueryRowContext(ctx, "SELECT COALESCE(MAX(id), 0) FROM known_entry").Scan(&last); err != nil {
			return err
		}
		var erase, end, revive []int64
		var entries, prints [][]any
		for _, w := range words {
			as := w.Entry != nil && w.before.id != 0 && w.before.digest == w.Digest // as before the change
			if as {
				w.Held = w.before.id
			}
			if w.Entry != nil && !as && w.now.id != 0 && w.now.digest == w.Digest {
				continue // the change has said so already
			}
			w.count(c, -1)
			if w.now.id != 0 {
				erase = append(erase, w.now.id)
				w.now = row{}
			}
			switch {
			case as && w.before.until != 0:
				revive = append(revive, w.before.id)
				w.before.until = 0
			case !as && w.before.id != 0 && w.before.until == 0:
				end = append(end, w.before.id)
				w.before.until = c.Number
			}
			if w.Entry != nil && !as {
				last++
				w.now.id = last
				entries = append(entries, []any{last, c.List, w.Identity, w.Entry.Source, w.Entry.ID, c.Number, int64(0), w.Digest, append([]byte{}, w.More...)})
				for i, f := range w.Fingerprints {
					prints = append(prints, []any{last, int64(i), f.Kind, f.Value, int64(f.Quality)})
				}
			}
			w.count(c, +1)
		}
		for _, do := range []struct {
			query string
			args  []any
			rows  []int64
		}{
			{"DELETE FROM known_fingerprint WHERE entry IN ", nil, erase},
			{"DELETE FROM known_entry WHERE id IN ", nil, erase},
			{"UPDATE known_entry SET until = 0 WHERE id IN ", nil, revive},
			{endRows, []any{c.Number}, end},
		} {
			if err := s.each(ctx, do.query, do.args, do.rows); err != nil {
				return err
			}
		}
		if err := s.DB.Insert(ctx, "known_entry", []string{"id", "list", "identity", "source", "entry", "since", "until", "digest", "more"}, entries); err != nil {
			return err
		}
		return s.DB.Insert(ctx, "known_fingerprint", []string{"entry", "place", "kind", "value", "quality"}, prints)
	})
}

const endRows = "UPDATE known_entry SET until = $1 WHERE id IN "

// many is how many values stand in one IN: always as many, so that the text
// of a statement is always the same and stays prepared.
const many = 64

// in gives the IN of a statement that has args already, and values with the
// last one repeated.
func in[T any](args []any, values []T) (string, []any) {
	out := slices.Grow(slices.Clone(args), many)
	for i := range many {
		out = append(out, values[min(i, len(values)-1)])
	}
	return "(" + sqldb.In(len(args)+1, many) + ")", out
}

// each runs a statement that ends with IN for the rows.
func (s Store) each(ctx context.Context, query string, args []any, ids []int64) error {
	for part := range slices.Chunk(ids, many) {
		list, all := in(args, part)
		if _, err := s.DB.Exec(ctx, query+list, all...); err != nil {
			return err
		}
	}
	return nil
}

// words gives the last word about each entry, in the order in which they were
// first named.
func (s Store) words(ctx context.Context, c *known.Change, rows []*known.Row) ([]*word, error) {
	words := make([]*word, 0, len(rows))
	by := make(map[string]*word, len(rows))
	for _, r := range rows {
		if w := by[string(r.Identity)]; w != nil {
			w.Row = r
			continue
		}
		w := &word{Row: r}
		words, by[string(r.Identity)] = append(words, w), w
	}
	// In the order of the index: neighbours are on one page.
	inOrder := slices.Clone(words)
	slices.SortFunc(inOrder, func(a, b *word) int { return bytes.Compare(a.Identity, b.Identity) })
	for part := range slices.Chunk(inOrder, many) {
		names := make([][]byte, len(part))
		for i, w := range part {
			names[i] = w.Identity
		}
		list, args := in([]any{c.Number}, names)
		err := s.DB.Query(ctx, "SELECT identity, id, since, until, digest FROM known_entry WHERE (until = 0 OR until = $1) AND identity IN "+list, args, func(scan func(...any) error) error {
			var name []byte
			var r row
			if err := scan(&name, &r.id, &r.since, &r.until, &r.digest); err != nil {
				return err
			}
			if w := by[string(name)]; r.since == c.Number {
				w.now = r
			} else {
				w.before = r
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return words, nil
}

// Drop ends the entries that the list had before the change, except those
// that keep names, some thousand in each transaction: nobody waits for it.
func (s Store) Drop(ctx context.Context, c *known.Change, keep func(row int64) bool) error {
	for after, more := int64(0), true; more; {
		err := s.DB.Atomically(ctx, func(ctx context.Context) error {
			if err := s.lock(ctx, c); err != nil {
				return err
			}
			more = false
			var end []int64
			err := s.DB.Query(ctx, "SELECT id FROM known_entry WHERE list = $1 AND since < $2 AND until = 0 AND id > $3 ORDER BY id LIMIT 10000", []any{c.List, c.Number, after}, func(scan func(...any) error) error {
				more = true
				err := scan(&after)
				if !keep(after) {
					end = append(end, after)
				}
				return err
			})
			if err != nil {
				return err
			}
			c.Removed += int64(len(end))
			return s.each(ctx, endRows, []any{c.Number}, end)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
