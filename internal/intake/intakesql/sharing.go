package intakesql

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"lapwing/internal/intake"
	"lapwing/internal/referral"
	"lapwing/internal/sqldb"
)

// values gives "($1),($2),…" for n values: as a table its column is column1
// on both engines.
func values(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($%d)", from+i)
	}
	return b.String()
}

// holds is the condition that an index row counted when version $1 had been
// recorded, and is not of referral $2.
const holds = "since <= $1 AND (until = 0 OR until > $1) AND referral <> $2"

// An index is what is shared: identifiers, or fingerprints of one kind.
type index struct {
	some string // SQLite: which of the keys $3… anybody has
	who  string // SQLite: who has key $3, the last first, at most $4
	both string // PostgreSQL: who has the keys $4…, the last first, at most $3 for each
}

func newIndex(table, key, columns string) index {
	return index{
		some: "SELECT DISTINCT column1 FROM (VALUES " + values(3, chunk) + ") v WHERE EXISTS (SELECT 1 FROM " + table + " WHERE " + key + " = column1 AND " + holds + ")",
		who:  "SELECT referral, " + columns + " FROM " + table + " WHERE " + key + " = $3 AND " + holds + " ORDER BY referral DESC LIMIT $4",
		both: "SELECT column1, i.* FROM (VALUES " + values(4, chunk) + ") v CROSS JOIN LATERAL (SELECT referral, " + columns + " FROM " + table +
			" WHERE " + key + " = column1 AND " + holds + " ORDER BY referral DESC LIMIT $3) i",
	}
}

var (
	identifiers = newIndex("intake_identifier", "blind", "role, mentioned")

	fingerprintsMu sync.Mutex
	fingerprints   = map[string]index{}
)

// fingerprintsOf is the index of one kind. Kinds are names of a few letters,
// of which there are few; the name is put into the statement so that both
// indexes have one key.
func fingerprintsOf(kind string) index {
	fingerprintsMu.Lock()
	defer fingerprintsMu.Unlock()
	x, ok := fingerprints[kind]
	if !ok {
		x = newIndex("intake_fingerprint", "kind = '"+strings.ReplaceAll(kind, "'", "''")+"' AND value", "'', 0")
		if len(fingerprints) < 100 {
			fingerprints[kind] = x
		}
	}
	return x
}

func (s Store) SharedIdentifiers(ctx context.Context, blinds []string, asOf, but int64, most intake.Most) (map[string]intake.Sharing, error) {
	return s.shared(ctx, identifiers, blinds, asOf, but, most)
}

func (s Store) SharedFiles(ctx context.Context, hashes []referral.Hash, asOf, but int64, most intake.Most) (map[string]intake.Sharing, error) {
	byKind := map[string][]string{}
	for _, h := range hashes {
		byKind[h.Kind] = append(byKind[h.Kind], h.Value)
	}
	out := map[string]intake.Sharing{}
	for kind, vs := range byKind {
		found, err := s.shared(ctx, fingerprintsOf(kind), vs, asOf, but, most)
		if err != nil {
			return nil, err
		}
		for v, x := range found {
			out[intake.FileKey(referral.Hash{Kind: kind, Value: v})] = x
		}
	}
	return out, nil
}

// sharer is a row of an index.
type sharer struct {
	id        int64
	role      referral.Role
	mentioned int64
}

// shared says who shares each of the keys.
func (s Store) shared(ctx context.Context, x index, keys []string, asOf, but int64, most intake.Most) (map[string]intake.Sharing, error) {
	read := s.readSQLite
	if s.DB.Engine() == sqldb.Postgres {
		read = s.readPostgres
	}
	found, err := read(ctx, x, keys, asOf, but, int64(most.Count)+1)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, rows := range found {
		slices.SortFunc(rows, func(a, b sharer) int { return cmp.Compare(b.id, a.id) })
		for _, r := range rows[:min(len(rows), most.Newest)] {
			ids = append(ids, r.id)
		}
	}
	refs, err := s.refsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]intake.Sharing, len(found))
	for key, rows := range found {
		sh := intake.Sharing{Count: min(len(rows), most.Count), Capped: len(rows) > most.Count, Stated: map[referral.Role]bool{}}
		for i, r := range rows[:sh.Count] {
			if r.mentioned == 0 && r.role != "" {
				sh.Stated[r.role] = true
			}
			if i < most.Newest {
				sh.Newest = append(sh.Newest, intake.Sharer{ID: r.id, Ref: refs[r.id]})
			}
		}
		out[key] = sh
	}
	return out, nil
}

// readSQLite asks in two steps, because nearly nothing is shared: what is
// there at all, and then each of those in detail.
func (s Store) readSQLite(ctx context.Context, x index, keys []string, asOf, but, limit int64) (map[string][]sharer, error) {
	var hits []string
	err := chunks(keys, func(args []any) error {
		return s.DB.Query(ctx, x.some, append([]any{asOf, but}, args...), func(scan func(...any) error) error {
			var k string
			err := scan(&k)
			hits = append(hits, k)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string][]sharer, len(hits))
	for _, k := range hits {
		err := s.DB.Query(ctx, x.who, []any{asOf, but, k, limit}, func(scan func(...any) error) error {
			var r sharer
			err := scan(&r.id, &r.role, &r.mentioned)
			out[k] = append(out[k], r)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// readPostgres asks once for many keys: there a round trip costs more than
// the look-up.
func (s Store) readPostgres(ctx context.Context, x index, keys []string, asOf, but, limit int64) (map[string][]sharer, error) {
	out := map[string][]sharer{}
	err := chunks(keys, func(args []any) error {
		return s.DB.Query(ctx, x.both, append([]any{asOf, but, limit}, args...), func(scan func(...any) error) error {
			var k string
			var r sharer
			err := scan(&k, &r.id, &r.role, &r.mentioned)
			out[k] = append(out[k], r)
			return err
		})
	})
	return out, err
}

// refsOf gives the names of referrals.
func (s Store) refsOf(ctx context.Context, ids []int64) (map[int64]string, error) {
	out := make(map[int64]string, len(ids))
	slices.Sort(ids)
	for part := range slices.Chunk(slices.Compact(ids), chunk) {
		args := make([]any, chunk)
		for i := range args {
			args[i] = part[min(i, len(part)-1)]
		}
		err := s.DB.Query(ctx, "SELECT id, ref FROM intake_referral WHERE id IN ("+sqldb.In(1, chunk)+")", args, func(scan func(...any) error) error {
			var id int64
			var ref string
			err := scan(&id, &ref)
			out[id] = ref
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s Store) EachFingerprint(ctx context.Context, fn func(int64, referral.Hash) error) error {
	return s.DB.Query(ctx, "SELECT referral, kind, value FROM intake_fingerprint WHERE until = 0", nil, func(scan func(...any) error) error {
		var id int64
		var h referral.Hash
		if err := scan(&id, &h.Kind, &h.Value); err != nil {
			return err
		}
		return fn(id, h)
	})
}
