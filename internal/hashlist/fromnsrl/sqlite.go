package fromnsrl

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
)

// ReadFile is [Read] for the SQLite file of RDS 3 in its minimal form. The
// file is opened read-only and as one that nobody changes: it may lie on a
// read-only medium, and nothing is written beside it.
//
// SQLite reads the file, so take it from NIST and check its digest first.
// Against a file that is made to do harm only plain tables are read, no views
// and no computed columns, and values have a limit.
func ReadFile(ctx context.Context, path string, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) (err error) {
	in, err := hashlist.Begin(ctx, o, emit, note)
	if err != nil {
		return err
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return err
	}
	name := url.URL{Scheme: "file", Path: path, RawQuery: "mode=ro&immutable=1&_defensive=1"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open the NSRL file: %w", err)
	}
	defer conn.Close()
	return readSQLite(ctx, in, conn)
}

// limits of what SQLite may hold, by sqlite3_limit's numbers
// (https://www.sqlite.org/c3ref/c_limit_attached.html).
var limits = map[int]int{
	0: 1 << 20, // SQLITE_LIMIT_LENGTH: bytes of a value or row
	1: 100_000, // SQLITE_LIMIT_SQL_LENGTH, for the schema as well
	2: 200,     // SQLITE_LIMIT_COLUMN
	3: 100,     // SQLITE_LIMIT_EXPR_DEPTH
	7: 0,       // SQLITE_LIMIT_ATTACHED
}

func readSQLite(ctx context.Context, in *hashlist.Reading, conn *sql.Conn) error {
	for id, n := range limits {
		if _, err := sqlite.Limit(conn, id, n); err != nil {
			return err
		}
	}
	for _, pragma := range []string{"trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"} {
		if _, err := conn.ExecContext(ctx, "PRAGMA "+pragma); err != nil {
			return sqliteBroken(ctx, err)
		}
	}
	if err := checkFileTable(ctx, conn); err != nil {
		return err
	}
	query, err := inOrder(ctx, conn, "SELECT sha256, sha1, md5, file_size FROM main.FILE", " ORDER BY sha256")
	if err != nil {
		return sqliteBroken(ctx, err)
	}
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return sqliteBroken(ctx, err)
	}
	defer rows.Close()
	var last string
	for n := int64(1); rows.Next(); n++ {
		if err := in.Alive(); err != nil {
			return err
		}
		var sha256, sha1, md5 sql.RawBytes
		var size any
		if err := rows.Scan(&sha256, &sha1, &md5, &size); err != nil {
			return sqliteBroken(ctx, err)
		}
		if last != "" && string(sha256) == last {
			continue
		}
		last = string(sha256)
		if err := sqliteRow(in, n, lower(sha256), lower(sha1), lower(md5), size); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return sqliteBroken(ctx, err)
	}
	return nil
}

func sqliteRow(in *hashlist.Reading, n int64, sha256, sha1, md5 string, size any) error {
	e := hashlist.NewEntry(in.Source, "", fmt.Sprintf("FILE row %d", n))
	if err := e.AddHash("sha256", sha256); err != nil {
		in.Refuse(e.Path, "%v", err)
		return nil
	}
	e.ID = "sha256:" + e.Hashes[0].Value
	addOthers(in, e, sha1, md5)
	if n, ok := size.(int64); ok && n > 0 {
		e.Size = n
	}
	return in.Emit(e)
}

// checkFileTable refuses a FILE that would compute what it shows.
func checkFileTable(ctx context.Context, conn *sql.Conn) error {
	var kind, create string
	err := conn.QueryRowContext(ctx, "SELECT type, coalesce(sql, '') FROM main.sqlite_schema WHERE name = 'FILE' COLLATE NOCASE").Scan(&kind, &create)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return hashlist.BrokenAt("the schema", "there is no table FILE: it is not an RDS 3 file in its minimal form")
	case err != nil:
		return sqliteBroken(ctx, err)
	case kind != "table" || strings.HasPrefix(strings.ToUpper(strings.Join(strings.Fields(create), " ")), "CREATE VIRTUAL"):
		return hashlist.BrokenAt("the schema", "FILE is a %s and not a plain table: take the minimal form of the RDS, not the full one", kind)
	}
	rows, err := conn.QueryContext(ctx, "SELECT lower(name), hidden FROM pragma_table_xinfo('FILE')")
	if err != nil {
		return sqliteBroken(ctx, err)
	}
	defer rows.Close()
	found := map[string]bool{}
	for rows.Next() {
		var name string
		var hidden int
		if err := rows.Scan(&name, &hidden); err != nil {
			return sqliteBroken(ctx, err)
		}
		if hidden != 0 {
			return hashlist.BrokenAt("the schema", "FILE has a computed column, which NIST's files have not")
		}
		found[name] = true
	}
	for _, name := range []string{"sha256", "sha1", "md5", "file_size"} {
		if !found[name] {
			return hashlist.BrokenAt("the schema", "FILE has no column %s: it is not an RDS 3 file in its minimal form", name)
		}
	}
	return sqliteBroken(ctx, rows.Err())
}

// inOrder is the query in order, if an index gives it and has all that is
// asked for, as the key of NIST's table does. To sort a hundred million rows,
// or to look each of them up, is worse than to tell of a file twice.
func inOrder(ctx context.Context, conn *sql.Conn, query, order string) (string, error) {
	rows, err := conn.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query+order)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	covering, sorted := false, false
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return "", err
		}
		covering = covering || strings.Contains(detail, "USING COVERING INDEX")
		sorted = sorted || strings.Contains(detail, "TEMP B-TREE")
	}
	if covering && !sorted {
		query += order
	}
	return query, rows.Err()
}

func sqliteBroken(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	return hashlist.BrokenAt("the SQLite file", "%.200s", err)
}
