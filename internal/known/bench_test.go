package known_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"

	"lapwing/internal/hashlist"
	"lapwing/internal/known"
	"lapwing/internal/known/knowntest"
	"lapwing/internal/referral"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"
)

// An entry each round, as a text list has them: go test -bench Import -benchtime 200000x
func BenchmarkImport(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *sqldb.DB{"sqlite": sqldbtest.SQLite, "postgres": sqldbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			l := knowntest.New(b, open(b))
			l.Make("demo")
			b.ReportAllocs()
			b.ResetTimer()
			_, err := l.Import(b.Context(), l.Who, "demo", known.Import{Read: many(b.N)})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}

// The same file again: everything is looked up, nothing is written.
func BenchmarkImportAgain(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *sqldb.DB{"sqlite": sqldbtest.SQLite, "postgres": sqldbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			l := knowntest.New(b, open(b))
			l.Make("demo")
			for i := range 2 {
				if i == 1 {
					b.ReportAllocs()
					b.ResetTimer()
				}
				if _, err := l.Import(b.Context(), l.Who, "demo", known.Import{Read: many(b.N), Replace: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The first question to a new state: an entry each round goes into the index.
func BenchmarkView(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *sqldb.DB{"sqlite": sqldbtest.SQLite, "postgres": sqldbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			l := knowntest.New(b, open(b))
			l.Make("demo")
			if _, err := l.Import(b.Context(), l.Who, "demo", known.Import{Read: many(b.N)}); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			l.View().Exact(knowntest.MD5(0))
			if err := l.View().Err(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// many reads n entries with a digest each.
func many(n int) knowntest.Reading {
	return func(_ context.Context, emit func(hashlist.Change) error, _ func(referral.Finding)) error {
		for i := range n {
			sum := sha256.Sum256(fmt.Append(nil, i))
			value := fmt.Sprintf("%x", sum[:16])
			e := &hashlist.Entry{Source: "demo", ID: "md5:" + value, Hashes: []referral.Hash{{Kind: "md5", Value: value}}}
			if err := emit(hashlist.Change{Entry: e}); err != nil {
				return err
			}
		}
		return nil
	}
}
