package bench_test

import (
	"path/filepath"
	"testing"

	"lapwing/internal/bench"
	"lapwing/internal/sqldb/sqldbtest"
)

// The figures mean something only if everything went in and the bare insert
// wrote the same rows.
func TestIntakeMeasuresWhatItSays(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			o := bench.IntakeOptions{N: 1200, Dir: filepath.Join(t.TempDir(), "bench")}
			if engine == "postgres" {
				o.Database, o.Bare = sqldbtest.PostgresURL(t), sqldbtest.PostgresURL(t)
			}
			r, err := bench.Intake(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Totals.Refused != 0 || r.Totals.Unfinished != 0 || r.Totals.Read < int64(o.N) {
				t.Errorf("totals %+v", r.Totals)
			}
			if r.Rows < 5*r.Totals.Accepted || r.BareSec <= 0 || r.PeakMB <= 0 {
				t.Errorf("result %+v", r)
			}
		})
	}
}

func TestFiguresMeasuresWhatItSays(t *testing.T) {
	t.Parallel()
	for _, byPeriod := range []bool{false, true} {
		r, err := bench.Figures(t.Context(), bench.FiguresOptions{N: 10000, ByPeriod: byPeriod, Dir: filepath.Join(t.TempDir(), "bench")})
		if err != nil {
			t.Fatal(err)
		}
		if r.Totals.Accepted != r.Totals.Read || r.Totals.Read != 3*3240 || r.PeakMB <= 0 {
			t.Errorf("%+v", r)
		}
	}
}

func BenchmarkIntake(b *testing.B) {
	for b.Loop() {
		r, err := bench.Intake(b.Context(), bench.IntakeOptions{N: 10000, Dir: filepath.Join(b.TempDir(), "bench")})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(r.PerSecond, "referrals/s")
		b.ReportMetric(r.Ratio, "x-bare")
	}
}
