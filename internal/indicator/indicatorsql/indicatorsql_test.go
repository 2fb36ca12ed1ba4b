package indicatorsql_test

import (
	"testing"

	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatorsql"
	"lapwing/internal/indicator/indicatortest"
	"lapwing/internal/sqldb/sqldbtest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		indicatortest.RunStore(t, func(t *testing.T) indicator.Store { return indicatorsql.Store{DB: sqldbtest.SQLite(t)} })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		indicatortest.RunStore(t, func(t *testing.T) indicator.Store { return indicatorsql.Store{DB: sqldbtest.Postgres(t)} })
	})
}
