package sqldb

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Insert writes rows of the named columns, all or none, within the
// transaction in ctx: by COPY on PostgreSQL, by one prepared statement on
// SQLite (there it is as fast as many rows a statement). Values are int64,
// float64, string, []byte, bool or nil.
func (db *DB) Insert(ctx context.Context, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	t := db.tx(ctx)
	if t == nil {
		return db.Atomically(ctx, func(ctx context.Context) error { return db.Insert(ctx, table, columns, rows) })
	}
	if db.engine == Postgres && len(rows) > 4 {
		return t.conn.Raw(func(c any) error {
			n, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
			if err == nil && n != int64(len(rows)) {
				err = fmt.Errorf("%d rows of %s written, %d wanted", n, table, len(rows))
			}
			return err
		})
	}
	query := "INSERT INTO " + table + " (" + strings.Join(columns, ",") + ") VALUES (" + In(1, len(columns)) + ")"
	for _, r := range rows {
		if _, err := db.Exec(ctx, query, r...); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
	}
	return nil
}
