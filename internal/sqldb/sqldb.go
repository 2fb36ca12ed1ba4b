// Package sqldb opens the desk's store, a SQLite file or a PostgreSQL
// database, and gives both the same face: one SQL text with $1 placeholders.
//
// [Open] gives a [DB]; [DB.Atomically] runs a function in a transaction that
// travels in the context; [DB.Q] is that transaction, or the pool where there
// is none. [DB.Insert] writes many rows the fastest way the engine has
// (prepared statements, COPY). [DB.Serialize] makes transactions wait for
// each other where their order matters: the audit log and the numbering of
// recorded versions.
//
// Where the engines truly differ, the store that needs it asks [DB.Engine].
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lapwing/internal/fault"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// Engine is the sort of database behind a DB.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open store. It is safe for concurrent use.
type DB struct {
	engine Engine
	write  *sql.DB // SQLite: one connection, transactions begin as writers
	read   *sql.DB // SQLite: several, they never write; PostgreSQL: the same pool
	name   string

	prepared    prepared
	copier      *sql.DB // SQLite: copies the log into the file
	checkpoints checkpointer
}

// Open opens the store that the URL names: postgres://… (or postgresql://…),
// or sqlite:PATH. It does not migrate; see [DB.Migrate].
func Open(ctx context.Context, dburl string) (*DB, error) {
	switch scheme, rest, _ := strings.Cut(dburl, ":"); scheme {
	case "sqlite":
		return openSQLite(ctx, rest)
	case "postgres", "postgresql":
		return openPostgres(ctx, dburl)
	default:
		return nil, fault.New(fault.Invalid, "a database address begins with postgres:// or sqlite:, this begins with %q", scheme)
	}
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	dsn := func(more ...string) string {
		v := url.Values{"_pragma": append([]string{"busy_timeout(60000)", "foreign_keys(1)", "temp_store(memory)"}, more...)}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
	}
	// synchronous(full): what was acknowledged survives a power cut. A group
	// of referrals shares one sync, so it costs little.
	w, err := sql.Open("sqlite", dsn("journal_mode(wal)", "synchronous(full)", fmt.Sprintf("wal_autocheckpoint(%d)", autocheckpoint), "cache_size(-65536)")+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	w.SetMaxIdleConns(1)
	r, err := sql.Open("sqlite", dsn("query_only(1)", "cache_size(-16384)"))
	if err != nil {
		w.Close()
		return nil, err
	}
	r.SetMaxOpenConns(8)
	r.SetMaxIdleConns(2)
	r.SetConnMaxIdleTime(time.Minute)
	c, err := sql.Open("sqlite", dsn("synchronous(full)"))
	if err != nil {
		return nil, errors.Join(err, w.Close(), r.Close())
	}
	c.SetMaxOpenConns(1)
	c.SetConnMaxIdleTime(time.Minute)
	db := &DB{engine: SQLite, write: w, read: r, copier: c, name: path, checkpoints: checkpointer{wal: path + "-wal", at: checkpointAt}}
	if err := w.PingContext(ctx); err != nil {
		db.Close()
		return nil, fault.Because(fault.Invalid, err, "the database file %s cannot be opened: %v", path, err)
	}
	os.Chmod(path, 0o600)
	return db, nil
}

func openPostgres(ctx context.Context, dburl string) (*DB, error) {
	p, err := sql.Open("pgx", dburl)
	if err != nil {
		return nil, err
	}
	p.SetMaxOpenConns(16)
	p.SetMaxIdleConns(4)
	p.SetConnMaxIdleTime(5 * time.Minute)
	if err := p.PingContext(ctx); err != nil {
		p.Close()
		return nil, fault.Because(fault.Busy, err, "the PostgreSQL database does not answer: check the address and that it runs (%v)", redact(err))
	}
	name := "postgres"
	if u, err := url.Parse(dburl); err == nil {
		name = u.Redacted()
	}
	return &DB{engine: Postgres, write: p, read: p, name: name}, nil
}

// redact leaves only the first line of a driver's error: no address book of
// connection parameters.
func redact(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	if i := strings.LastIndex(s, "password="); i >= 0 {
		s = s[:i]
	}
	return s
}

// Close closes the store.
func (db *DB) Close() error {
	if done := db.checkpoints.done; done != nil {
		<-done
	}
	err := db.write.Close()
	if db.engine == SQLite {
		err = errors.Join(err, db.read.Close(), db.copier.Close())
	}
	return err
}

// Engine is the sort of database.
func (db *DB) Engine() Engine { return db.engine }

// Name is where the store is, without secrets.
func (db *DB) Name() string { return db.name }

// Pool is the pool that writes: for migrations and the job queue.
func (db *DB) Pool() *sql.DB { return db.write }

// Querier is a transaction or a pool.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

type txKey struct{ db *DB }

// txState is a transaction with the connection it runs on.
type txState struct {
	tx    *sql.Tx
	conn  *sql.Conn
	after []func() // to run once it is durable

	snapshot bool // it only reads

	stmts map[string]*sql.Stmt
}

func (db *DB) tx(ctx context.Context) *txState {
	t, _ := ctx.Value(txKey{db}).(*txState)
	return t
}

// Atomically runs fn in a transaction: all of it happens or nothing. Within
// fn the context carries the transaction; an inner Atomically joins it.
func (db *DB) Atomically(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	if db.tx(ctx) != nil {
		return fn(ctx)
	}
	if err := db.prepareWanted(ctx); err != nil {
		return err
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	t := &txState{tx: tx, conn: conn}
	defer tx.Rollback() // after a commit it does nothing
	if err := fn(context.WithValue(ctx, txKey{db}, t)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, f := range t.after {
		f()
	}
	if db.engine == SQLite {
		db.checkpoint()
	}
	return nil
}

// AfterCommit runs f once the transaction in ctx is durable, and never when
// it is rolled back; at once where there is no transaction.
func (db *DB) AfterCommit(ctx context.Context, f func()) {
	if t := db.tx(ctx); t != nil {
		t.after = append(t.after, f)
		return
	}
	f()
}

// Q is the transaction in ctx, or else the pool that may write.
func (db *DB) Q(ctx context.Context) Querier {
	if t := db.tx(ctx); t != nil {
		return t.tx
	}
	return db.write
}

// R is the transaction in ctx, or else the pool that only reads: a page never
// waits for an import.
func (db *DB) R(ctx context.Context) Querier {
	if t := db.tx(ctx); t != nil {
		return t.tx
	}
	return db.read
}

// Tx is the transaction in ctx for libraries that want one; nil where there is none.
func (db *DB) Tx(ctx context.Context) *sql.Tx {
	if t := db.tx(ctx); t != nil {
		return t.tx
	}
	return nil
}

// Serialize lets one transaction at a time go past it, over all processes.
// What comes after it sees everything that earlier holders committed. It
// must be called within Atomically. SQLite transactions are serial anyway.
func (db *DB) Serialize(ctx context.Context) error {
	if db.tx(ctx) == nil {
		return fmt.Errorf("sqldb: Serialize outside a transaction")
	}
	if db.engine == SQLite {
		return nil
	}
	const lapwing = 0x6c617077696e67 // "lapwing"
	_, err := db.Q(ctx).ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lapwing))
	return err
}

// Exec runs a statement and gives the number of rows it touched.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	st, err := db.statement(ctx, query)
	if err != nil {
		return 0, err
	}
	var res sql.Result
	if st != nil {
		res, err = st.ExecContext(ctx, args...)
	} else {
		res, err = db.Q(ctx).ExecContext(ctx, query, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query reads rows: each calls scan once for a row, and must not run the same
// query. The scan function is [sql.Rows.Scan].
func (db *DB) Query(ctx context.Context, query string, args []any, each func(scan func(...any) error) error) error {
	st, err := db.statement(ctx, query)
	if err != nil {
		return err
	}
	var rows *sql.Rows
	if st != nil {
		rows, err = st.QueryContext(ctx, args...)
	} else {
		rows, err = db.R(ctx).QueryContext(ctx, query, args...)
	}
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// In gives "$from,$from+1,…" for n values.
func In(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}

// Writing says whether ctx carries a transaction that may write.
func (db *DB) Writing(ctx context.Context) bool {
	t := db.tx(ctx)
	return t != nil && !t.snapshot
}

// Snapshot runs fn so that everything it reads through R and Query is of one
// moment, without holding up writers.
func (db *DB) Snapshot(ctx context.Context, fn func(ctx context.Context) error) error {
	if db.tx(ctx) != nil {
		return fn(ctx)
	}
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	opts := &sql.TxOptions{ReadOnly: true}
	if db.engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := conn.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return fn(context.WithValue(ctx, txKey{db}, &txState{tx: tx, conn: conn, snapshot: true}))
}
