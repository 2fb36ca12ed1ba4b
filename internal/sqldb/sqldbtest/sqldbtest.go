// Package sqldbtest gives tests an empty, migrated store on each engine.
package sqldbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/internal/sqldb"
)

// Each runs f once for each engine, as subtests. PostgreSQL is the server
// that LAPWING_TEST_POSTGRES names; script/test starts one. Without it that
// half is skipped, unless LAPWING_TEST_ALL makes it a failure.
func Each(t *testing.T, f func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); f(t, Postgres(t)) })
}

// SQLite is an empty store in a file of the test's own.
func SQLite(t testing.TB) *sqldb.DB {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "desk.db"))
}

// Postgres is an empty store in a schema of the test's own.
func Postgres(t testing.TB) *sqldb.DB { t.Helper(); return open(t, PostgresURL(t)) }

// PostgresURL is the address of a new, empty schema that goes with the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	base := os.Getenv("LAPWING_TEST_POSTGRES")
	if base == "" {
		if os.Getenv("LAPWING_TEST_ALL") != "" {
			t.Fatal("LAPWING_TEST_POSTGRES is not set: run script/test")
		}
		t.Skip("no PostgreSQL: script/test starts one")
	}
	admin, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	schema := "t" + strings.ToLower(rand.Text())
	if _, err := admin.Exec("CREATE SCHEMA " + schema); err != nil {
		t.Fatalf("PostgreSQL at LAPWING_TEST_POSTGRES: %v", err)
	}
	t.Cleanup(func() { admin.Exec("DROP SCHEMA " + schema + " CASCADE"); admin.Close() })
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

func open(t testing.TB, dburl string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(context.Background(), dburl)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}
