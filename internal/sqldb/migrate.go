package sqldb

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"lapwing/internal/fault"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// Migrations are twins: the same number and name in both folders, small, only
// ever forward. Old code must run on the schema of new code, so a column is
// added, filled, and dropped in later releases.
//
//go:embed migrations
var migrations embed.FS

// Migrate brings the schema up to this program's, its own tables first, then
// those of the job queue. Several processes may start at once.
func (db *DB) Migrate(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "migrate %s", db.engine)
	if db.engine == Postgres {
		return db.migrate(ctx)
	}
	// SQLite has no lock for this: of two processes that make a new desk at
	// the same moment one finds a table there already, and looks again.
	for try := 0; ; try++ {
		if err = db.migrate(ctx); err == nil || fault.KindOf(err) != fault.Internal || try == 20 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (db *DB) migrate(ctx context.Context) (err error) {
	dialect, dir := database.DialectSQLite3, "migrations/sqlite"
	if db.engine == Postgres {
		dialect, dir = database.DialectPostgres, "migrations/postgres"
		unlock, err := db.lockSession(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	sub, err := fs.Sub(migrations, dir)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db.write, sub)
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fault.New(fault.Conflict, "the store was made by a newer lapwing (schema %d, this program knows %d): use that one", have, want)
	}
	if have < want {
		if _, err := p.Up(ctx); err != nil {
			return err
		}
	}
	return db.migrateJobs(ctx)
}

func (db *DB) migrateJobs(ctx context.Context) error {
	if db.engine == Postgres {
		m, err := rivermigrate.New(riverdatabasesql.New(db.write), nil)
		return upJobs(ctx, m, err)
	}
	m, err := rivermigrate.New(riversqlite.New(db.write), nil)
	return upJobs(ctx, m, err)
}

func upJobs[Tx any](ctx context.Context, m *rivermigrate.Migrator[Tx], err error) error {
	if err != nil {
		return err
	}
	done, err := m.ExistingVersions(ctx)
	if err != nil {
		return err
	}
	if len(done) == len(m.AllVersions()) {
		return nil
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// lockSession keeps two PostgreSQL sessions from migrating at once.
func (db *DB) lockSession(ctx context.Context) (func(), error) {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	const migrating = 0x6c61707769 // "lapwi"
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrating)); err != nil {
		conn.Close()
		return nil, err
	}
	return func() {
		conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrating))
		conn.Close()
	}, nil
}

// A Column of the desk's own tables, for the test that both schemas agree.
type Column struct {
	Table, Name string
	NotNull     bool
	Key         int // place in the primary key, 0 outside it
}

// Columns lists the columns of the desk's tables, in byte order of table and place.
func (db *DB) Columns(ctx context.Context) ([]Column, error) {
	q := `SELECT m.name, c.name, c."notnull" = 1 OR c.pk > 0, c.pk FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' ORDER BY m.name, c.cid`
	if db.engine == Postgres {
		q = `SELECT t.relname, a.attname, a.attnotnull,
			COALESCE((SELECT array_position(i.indkey::int2[], a.attnum) FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary), -1) + 1
			FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
			WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
			ORDER BY t.relname COLLATE "C", a.attnum`
	}
	var cs []Column
	err := db.Query(ctx, q, nil, func(scan func(...any) error) error {
		var c Column
		if err := scan(&c.Table, &c.Name, &c.NotNull, &c.Key); err != nil {
			return err
		}
		cs = append(cs, c)
		return nil
	})
	return cs, err
}

var _ Querier = (*sql.Tx)(nil)

// Describe says what store this is, for people.
func (db *DB) Describe() string { return fmt.Sprintf("%s (%s)", db.engine, db.name) }
