// Package reportsql keeps the notes of reports in the desk's store.
package reportsql

import (
	"context"

	"lapwing/internal/clock"
	"lapwing/internal/report"
	"lapwing/internal/sqldb"
)

// Store is a [report.Store].
type Store struct{ DB *sqldb.DB }

var _ report.Store = Store{}

func (s Store) Atomically(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.Atomically(ctx, fn)
}

func (s Store) Notes(ctx context.Context, window string) ([]report.Note, error) {
	var out []report.Note
	err := s.DB.Query(ctx, `SELECT section, text, author, written_us FROM report_note n WHERE period = $1 AND text <> ''
		AND number = (SELECT MAX(number) FROM report_note m WHERE m.period = n.period AND m.section = n.section) ORDER BY section`, []any{window},
		func(scan func(...any) error) error {
			var n report.Note
			var written int64
			err := scan(&n.Section, &n.Text, &n.Author, &written)
			n.Written = clock.Time(written)
			out = append(out, n)
			return err
		})
	return out, err
}

func (s Store) PutNote(ctx context.Context, window string, n report.Note) error {
	if err := s.DB.Serialize(ctx); err != nil {
		return err
	}
	_, err := s.DB.Exec(ctx, `INSERT INTO report_note (period, section, number, text, author, written_us)
		SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, $4, $5 FROM report_note WHERE period = $1 AND section = $2`,
		window, n.Section, n.Text, n.Author, clock.Micros(n.Written))
	return err
}
