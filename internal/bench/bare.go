package bench

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"lapwing/internal/sqldb"
)

// tables are copied group by group, as intake wrote them: by is the column
// that tells in which version's wake a row came.
var tables = []struct{ name, columns, by string }{
	{"intake_referral", "id, ref, source, external_id, state, kind, media, risk, completeness, countries, links, notices, provider, version, versions, stage, stated_us, incident_us, received_us, recorded_us, changed_us, data_key", "id"},
	{"intake_version", "number, referral, version, digest, ours, format, reader, stage, stated_us, recorded_us, batch, content, findings", "number"},
	{"intake_assessment", "referral, number, version, made_us, body", "referral"},
	{"intake_identifier", "blind, referral, how, since, until", "since"},
	{"intake_fingerprint", "kind, value, referral, since, until", "since"},
	{"intake_country", "country, referral", "referral"},
	{"audit_entry", "idx, at_us, actor, kind, action, subject, detail", "idx"},
}

// perGroup is how many referrals share a transaction, as in intake.
const perGroup = 1024

// bareInsert writes the rows of one store into another, empty one, in groups
// of the same size and in the same order. Only the writing is timed.
func bareInsert(ctx context.Context, from *sqldb.DB, to string) (rows int64, seconds float64, err error) {
	db, err := sqldb.Open(ctx, to)
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return 0, 0, err
	}
	cursors := make([]*cursor, len(tables))
	for i, t := range tables {
		c, err := openCursor(ctx, from, t.name, t.columns, t.by)
		if err != nil {
			return rows, seconds, err
		}
		defer c.rows.Close()
		cursors[i] = c
	}
	for upTo := int64(perGroup); ; upTo += perGroup {
		groups := make([][][]any, len(cursors))
		n, more := 0, false
		for i, c := range cursors {
			if groups[i], err = c.take(upTo); err != nil {
				return rows, seconds, err
			}
			n += len(groups[i])
			more = more || c.next != nil
		}
		start := time.Now()
		err := db.Atomically(ctx, func(ctx context.Context) error {
			for i, t := range tables {
				if err := db.Insert(ctx, t.name, strings.Split(t.columns, ", "), groups[i]); err != nil {
					return err
				}
			}
			return nil
		})
		seconds += time.Since(start).Seconds()
		rows += int64(n)
		if err != nil || !more {
			return rows, seconds, err
		}
	}
}

// cursor reads a table in the order in which its rows came.
type cursor struct {
	rows *sql.Rows
	n    int // columns without the key
	next []any
	key  int64
}

func openCursor(ctx context.Context, db *sqldb.DB, table, columns, by string) (*cursor, error) {
	rows, err := db.R(ctx).QueryContext(ctx, fmt.Sprintf("SELECT %s, %s FROM %s ORDER BY %s", columns, by, table, by))
	if err != nil {
		return nil, err
	}
	c := &cursor{rows: rows, n: strings.Count(columns, ",") + 1}
	return c, c.step()
}

func (c *cursor) step() error {
	c.next = nil
	if !c.rows.Next() {
		return c.rows.Err()
	}
	v := make([]any, c.n)
	to := make([]any, c.n+1)
	for i := range v {
		to[i] = &v[i]
	}
	to[c.n] = &c.key
	c.next = v
	return c.rows.Scan(to...)
}

// take reads on while the key is at most upTo.
func (c *cursor) take(upTo int64) (out [][]any, err error) {
	for c.next != nil && c.key <= upTo {
		out = append(out, c.next)
		if err := c.step(); err != nil {
			return out, err
		}
	}
	return out, nil
}
