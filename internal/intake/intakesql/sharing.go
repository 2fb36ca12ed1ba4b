package intakesql

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"lapwing/internal/intake"
	"lapwing/internal/referral"
	"lapwing/internal/sqldb"
)

// values gives "($1),($2),…" for n values: as a table its column is column1
// on both engines. PostgreSQL wants to know the type.
func values(from, n int, cast string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($%d%s)", from+i, cast)
	}
	return b.String()
}

// howOf makes the column "how" of an identifier, and sharer.is reads it. The numbers are in the
// store: a new role is appended.
func howOf(role referral.Role, mentioned bool) int64 {
	how := int64(2 * slices.Index(roles, role)) // there is a test that none is missing
	if mentioned {
		how++
	}
	return how
}

var roles = []referral.Role{"", referral.RoleReported, referral.RoleRecipient, referral.RoleVictim, referral.RoleAssociated, referral.RoleReporter}

func (r *sharer) is(how int64) error {
	if how < 0 || how/2 >= int64(len(roles)) {
		return fmt.Errorf("intake_identifier.how is %d: the store was written by a newer program, or altered", how)
	}
	r.role, r.mentioned = roles[how/2], how%2 == 1
	return nil
}

// hashBytes is how a fingerprint is stored: its bytes where its form is known.
func hashBytes(h referral.Hash) []byte {
	if n, ok := referral.HashKinds[h.Kind]; ok && len(h.Value) == 2*n {
		if b, err := hex.DecodeString(h.Value); err == nil {
			return b
		}
	}
	return []byte(h.Value)
}

func hashOf(kind string, b []byte) referral.Hash {
	if n, ok := referral.HashKinds[kind]; ok && len(b) == n {
		return referral.Hash{Kind: kind, Value: hex.EncodeToString(b)}
	}
	return referral.Hash{Kind: kind, Value: string(b)}
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
		some: "SELECT DISTINCT column1 FROM (VALUES " + values(3, chunk, "") + ") v WHERE EXISTS (SELECT 1 FROM " + table + " WHERE " + key + " = column1 AND " + holds + ")",
		who:  "SELECT referral, " + columns + " FROM " + table + " WHERE " + key + " = $3 AND " + holds + " ORDER BY referral DESC LIMIT $4",
		both: "SELECT column1, i.* FROM (VALUES " + values(4, chunk, "::bytea") + ") v CROSS JOIN LATERAL (SELECT referral, " + columns + " FROM " + table +
			" WHERE " + key + " = column1 AND " + holds + " ORDER BY referral DESC LIMIT $3) i",
	}
}

var (
	identifiers = newIndex("intake_identifier", "blind", "how")

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
		x = newIndex("intake_fingerprint", "kind = '"+strings.ReplaceAll(kind, "'", "''")+"' AND value", "0")
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
		byKind[h.Kind] = append(byKind[h.Kind], string(hashBytes(h)))
	}
	out := map[string]intake.Sharing{}
	for kind, vs := range byKind {
		found, err := s.shared(ctx, fingerprintsOf(kind), vs, asOf, but, most)
		if err != nil {
			return nil, err
		}
		for v, x := range found {
			out[intake.FileKey(hashOf(kind, []byte(v)))] = x
		}
	}
	return out, nil
}

// sharer is a row of an index.
type sharer struct {
	id        int64
	role      referral.Role
	mentioned bool
}

// shared says who shares each of the keys, which are bytes.
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
			if !r.mentioned && r.role != "" {
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
	err := chunks(keys, func(k string) any { return []byte(k) }, func(args []any) error {
		return s.DB.Query(ctx, x.some, append([]any{asOf, but}, args...), func(scan func(...any) error) error {
			var k []byte
			err := scan(&k)
			hits = append(hits, string(k))
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string][]sharer, len(hits))
	for _, k := range hits {
		err := s.DB.Query(ctx, x.who, []any{asOf, but, []byte(k), limit}, func(scan func(...any) error) error {
			var r sharer
			var how int64
			if err := scan(&r.id, &how); err != nil {
				return err
			}
			err := r.is(how)
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
	err := chunks(keys, func(k string) any { return []byte(k) }, func(args []any) error {
		return s.DB.Query(ctx, x.both, append([]any{asOf, but, limit}, args...), func(scan func(...any) error) error {
			var k []byte
			var r sharer
			var how int64
			if err := scan(&k, &r.id, &how); err != nil {
				return err
			}
			err := r.is(how)
			out[string(k)] = append(out[string(k)], r)
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
		var kind string
		var b []byte
		if err := scan(&id, &kind, &b); err != nil {
			return err
		}
		return fn(id, hashOf(kind, b))
	})
}
