// Package indicatortest has the contract that every store of figures keeps
// ([RunStore]), and gives tests a desk with figures over a store of their own.
package indicatortest

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/audit/auditsql"
	"lapwing/internal/calendar"
	"lapwing/internal/clock"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatorsql"
	"lapwing/internal/job"
	"lapwing/internal/sealed"
	"lapwing/internal/sqldb"
)

// Desk keeps figures, with everything it needs, over a store.
type Desk struct {
	*indicator.Service
	Clock *clock.Set
	Who   identity.Actor
	DB    *sqldb.DB
	// Gone names the processes that are no more.
	Gone []string

	t testing.TB
}

// New makes a desk. Its clock stands at 2026-03-01 12:00 UTC.
func New(t testing.TB, db *sqldb.DB) *Desk {
	t.Helper()
	keys, err := sealed.Create(filepath.Join(t.TempDir(), "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	signer, check, err := audit.Keys(keys.Signer())
	if err != nil {
		t.Fatal(err)
	}
	d := &Desk{Clock: clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), Who: identity.Local("test"), DB: db, t: t}
	work := job.NewRegistry()
	job.Handle(work, func(ctx context.Context, j indicator.ExpireRefused) error { return d.Expire(ctx, j) })
	jobs, err := job.Open(db, work, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	d.Service = &indicator.Service{
		Store: indicatorsql.Store{DB: db}, Keys: keys, Clock: d.Clock, Jobs: jobs, Owner: "here",
		Audit: &audit.Log{Store: auditsql.Store{DB: db}, Clock: d.Clock, Signer: signer, Check: check},
		Gone:  func(owner string) bool { return slices.Contains(d.Gone, owner) },
	}
	return d
}

// DE is referrals/ncmec/DE/month, as an example.
var DE = indicator.Key{Indicator: "referrals", Source: "ncmec", Geography: "DE", Length: calendar.Monthly}

// Fig is a final figure: period is written as calendar.Parse reads it, and
// gives the series its length.
func Fig(k indicator.Key, period string, value float64) indicator.Figure {
	p, err := calendar.Parse(period)
	if err != nil {
		panic(err)
	}
	k.Length = p.Length
	return indicator.Figure{Key: k, Observation: indicator.Observation{First: p.First, Value: value}}
}

// Gap is a period without a value.
func Gap(k indicator.Key, period string, why indicator.Status) indicator.Figure {
	f := Fig(k, period, 0)
	f.Status = why
	return f
}

// Rows makes rows of figures, each at the line of its number.
func Rows(fs ...indicator.Figure) []indicator.Row {
	rows := make([]indicator.Row, len(fs))
	for i, f := range fs {
		rows[i] = indicator.Row{Place: fmt.Sprintf("line %d", i+1), Figure: f}
	}
	return rows
}

// Each gives the rows one after the other, and then, where it is not nil, the
// error.
func Each(rows []indicator.Row, err error) func(func(indicator.Row, error) bool) {
	return func(yield func(indicator.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			yield(indicator.Row{}, err)
		}
	}
}

// Take imports the figures, and gives totals and receipts.
func (d *Desk) Take(fs ...indicator.Figure) (indicator.Result, []indicator.Receipt) {
	d.t.Helper()
	return d.TakeRows(indicator.Request{}, Rows(fs...))
}

// TakeRows imports rows as a request asks; it fails the test where the ledger
// does not reconcile.
func (d *Desk) TakeRows(req indicator.Request, rows []indicator.Row) (indicator.Result, []indicator.Receipt) {
	d.t.Helper()
	var rs []indicator.Receipt
	req.Rows = Each(rows, nil)
	req.Receipt = func(r indicator.Receipt) { rs = append(rs, r) }
	res, err := d.Import(d.t.Context(), d.Who, req)
	if err != nil {
		d.t.Fatal(err)
	}
	if res.Unfinished != 0 || res.Read != res.Settled() || res.Read != int64(len(rows)) {
		d.t.Errorf("the ledger does not reconcile: %+v for %d rows", res, len(rows))
	}
	return res, rs
}

// Known gives the figures of a selection as text, one a line.
func (d *Desk) Known(sel indicator.Selection) []string {
	d.t.Helper()
	var out []string
	err := d.Figures(d.t.Context(), sel, func(f indicator.Figure) error { out = append(out, Text(f)); return nil })
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// Text is a figure in a line: referrals/ncmec/DE/month 2025-03 17.
func Text(f indicator.Figure) string {
	return fmt.Sprintf("%v %v %s", f.Key, f.Length.Of(f.First), Says(f.Observation))
}

// Says is an observation without its period: 17, 17?, unavailable.
func Says(o indicator.Observation) string {
	s := string(o.Status)
	if o.Status == indicator.Observed {
		s = fmt.Sprint(o.Value)
	}
	if o.Provisional {
		s += "?"
	}
	return s
}

// Whole fails the test where the audit trail is not whole, or a batch that is
// closed does not reconcile with its ledger.
func (d *Desk) Whole() {
	d.t.Helper()
	rep, err := d.Audit.Verify(d.t.Context())
	if err != nil || !rep.Whole() {
		d.t.Errorf("audit: %v, %+v", err, rep)
	}
	bs, err := d.Batches(d.t.Context(), 1000)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, b := range bs {
		n := map[indicator.Outcome]int64{}
		err := d.Ledger(d.t.Context(), b.ID, func(from, to int64, o indicator.Outcome) error { n[o] += to - from + 1; return nil })
		got := [4]int64{n[indicator.Accepted], n[indicator.Updated], n[indicator.Duplicate], n[indicator.Refused]}
		if want := [4]int64{b.Accepted, b.Updated, b.Duplicate, b.Refused}; err != nil || got != want {
			d.t.Errorf("batch %d: its ledger has accepted, updated, duplicate, refused %v, its totals say %v (%v)", b.ID, got, want, err)
		}
	}
	var stored, counted int64
	err = d.DB.R(d.t.Context()).QueryRowContext(d.t.Context(), "SELECT (SELECT COUNT(*) FROM indicator_observation), (SELECT COALESCE(SUM(periods + revisions), 0) FROM indicator_series)").Scan(&stored, &counted)
	if err != nil || stored != counted {
		d.t.Errorf("%d observations are stored, and the series count %d (%v)", stored, counted, err)
	}
}

// AuditEntries counts the audit entries with the action.
func (d *Desk) AuditEntries(action string) (n int) {
	d.t.Helper()
	err := d.Audit.Show(d.t.Context(), audit.Filter{Action: action}, func(audit.Entry) error { n++; return nil })
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}
