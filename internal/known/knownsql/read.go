package knownsql

import (
	"context"
	"encoding/json"
	"fmt"

	"lapwing/internal/hashlist"
	"lapwing/internal/known"
	"lapwing/internal/sealed"
)

// holds selects the rows of entries that hold at state $1.
const holds = "e.since <= $1 AND (e.until = 0 OR e.until > $1)"

// Counts says how many fingerprints of each kind the list's entries had.
func (s Store) Counts(ctx context.Context, list, state int64) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.DB.Query(ctx, "SELECT f.kind, COUNT(*) FROM known_entry e JOIN known_fingerprint f ON f.entry = e.id WHERE e.list = $2 AND "+holds+" GROUP BY f.kind", []any{state, list}, func(scan func(...any) error) error {
		var k string
		var n int64
		err := scan(&k, &n)
		out[k] = n
		return err
	})
	return out, err
}

// Fingerprints calls each with all fingerprints that hold at the state.
func (s Store) Fingerprints(ctx context.Context, state int64, each func(*known.Fingerprint) error) error {
	return s.fingerprints(ctx, holds, state, each)
}

// Touched calls each with the fingerprints that the change brought or ended.
func (s Store) Touched(ctx context.Context, number int64, each func(*known.Fingerprint) error) error {
	return s.fingerprints(ctx, "e.since = $1 OR e.until = $1", number, each)
}

func (s Store) fingerprints(ctx context.Context, where string, arg int64, each func(*known.Fingerprint) error) error {
	var f known.Fingerprint
	return s.DB.Query(ctx, "SELECT f.entry, f.kind, f.value, f.quality FROM known_entry e JOIN known_fingerprint f ON f.entry = e.id WHERE "+where, []any{arg}, func(scan func(...any) error) error {
		if err := scan(&f.Entry, &f.Kind, &f.Value, &f.Quality); err != nil {
			return err
		}
		return each(&f)
	})
}

// Entry gives an entry by its row.
func (s Store) Entry(ctx context.Context, id int64) (list int64, e *hashlist.Entry, err error) {
	var source, entry string
	var more []byte
	err = s.DB.R(ctx).QueryRowContext(ctx, "SELECT list, source, entry, more FROM known_entry WHERE id = $1", id).Scan(&list, &source, &entry, &more)
	if err == nil {
		e, err = entryOf(source, entry, more)
	}
	if err != nil {
		return 0, nil, fmt.Errorf("row %d of the hash lists: %w", id, err)
	}
	return list, e, nil
}

// entryOf puts an entry together again, but for its fingerprints.
func entryOf(source, id string, more []byte) (*hashlist.Entry, error) {
	e := new(hashlist.Entry)
	if len(more) > 0 {
		b, err := sealed.Unpack(more)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(b, e); err != nil {
			return nil, err
		}
	}
	e.Source, e.ID = source, id
	return e, nil
}

// Entries calls each with the entries that the list had at the state.
func (s Store) Entries(ctx context.Context, list, state int64, each func(*hashlist.Entry) error) error {
	var open *hashlist.Entry // gets more fingerprints
	var row int64
	err := s.DB.Query(ctx, `SELECT e.id, e.source, e.entry, e.more, COALESCE(f.kind, ''), f.value, COALESCE(f.quality, 0)
		FROM known_entry e LEFT JOIN known_fingerprint f ON f.entry = e.id WHERE e.list = $2 AND `+holds+` ORDER BY e.id, f.place`, []any{state, list}, func(scan func(...any) error) error {
		var id int64
		var source, entry string
		var more []byte
		var f known.Fingerprint
		err := scan(&id, &source, &entry, &more, &f.Kind, &f.Value, &f.Quality)
		if err != nil {
			return err
		}
		if id != row {
			if open != nil {
				if err := each(open); err != nil {
					return err
				}
			}
			if open, err = entryOf(source, entry, more); err != nil {
				return fmt.Errorf("row %d of the hash lists: %w", id, err)
			}
			row = id
		}
		if f.Kind != "" {
			open.Hashes = append(open.Hashes, known.HashOf(&f))
		}
		return nil
	})
	if err != nil || open == nil {
		return err
	}
	return each(open)
}
