// Package intaketest gives tests a whole intake over a store of their own.
package intaketest

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"lapwing/internal/assess"
	"lapwing/internal/audit"
	"lapwing/internal/audit/auditsql"
	"lapwing/internal/clock"
	"lapwing/internal/hashing"
	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/intake/intakesql"
	"lapwing/internal/job"
	"lapwing/internal/known"
	"lapwing/internal/known/knownsql"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"
	"lapwing/internal/sqldb"
	"lapwing/internal/unpack"
)

// Desk is an intake with everything it needs, over db.
type Desk struct {
	*intake.Service
	Known *known.Service
	Clock *clock.Set
	Dir   string // an empty folder of the test's own
	Who   identity.Actor
	t     testing.TB
}

// New makes a desk. Its clock stands at 2026-03-01.
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
	d := &Desk{Clock: clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), Dir: t.TempDir(), Who: identity.Local("test"), t: t}
	log := &audit.Log{Store: auditsql.Store{DB: db}, Clock: d.Clock, Signer: signer, Check: check}
	work := job.NewRegistry()
	job.Handle(work, func(ctx context.Context, j intake.ExpireRefused) error { return d.Expire(ctx, j) })
	job.Handle(work, func(context.Context, known.Reassess) error { return nil })
	jobs, err := job.Open(db, work, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	d.Known = &known.Service{Store: knownsql.Store{DB: db}, Clock: d.Clock, Audit: log, Jobs: jobs, Owner: intake.ProcessName(), Gone: intake.ProcessGone}
	if err := d.Known.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.Service = &intake.Service{Store: intakesql.Store{DB: db}, Keys: keys, Clock: d.Clock, Audit: log, Lists: lists{d.Known}, Geo: nowhere{}, Jobs: jobs}
	return d
}

type lists struct{ *known.Service }

func (l lists) View() intake.ListView { return l.Service.View() }
func (l lists) ViewAt(ctx context.Context, n int64) (intake.ListView, error) {
	return l.Service.ViewAt(ctx, n)
}

// nowhere knows no address.
type nowhere struct{}

func (nowhere) Locate(netip.Addr) (assess.Located, bool)   { return assess.Located{}, false }
func (nowhere) At([]referral.Base) (assess.Locator, error) { return nowhere{}, nil }

// Put writes a file into the desk's folder and gives its path.
func (d *Desk) Put(name, content string) string {
	d.t.Helper()
	p := filepath.Join(d.Dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return p
}

// Take takes the paths in and gives totals and receipts; without a path it
// takes the desk's folder.
func (d *Desk) Take(paths ...string) (intake.Totals, []intake.Receipt) {
	d.t.Helper()
	t, rs, err := d.TryTake(paths...)
	if err != nil {
		d.t.Fatal(err)
	}
	if t.Unfinished != 0 || t.Read != t.Settled() || t.Read != int64(len(rs)) {
		d.t.Errorf("the ledger does not reconcile: %+v, %d receipts", t, len(rs))
	}
	return t, rs
}

// TryTake is Take for what may fail.
func (d *Desk) TryTake(paths ...string) (intake.Totals, []intake.Receipt, error) {
	d.t.Helper()
	if len(paths) == 0 {
		paths = []string{d.Dir}
	}
	var rs []intake.Receipt
	t, err := d.Run(d.t.Context(), d.Who, intake.Request{Inputs: paths,
		Unpack:  unpack.Options{Sniff: hashing.Sniff, Fingerprint: fingerprint},
		Receipt: func(r intake.Receipt) { rs = append(rs, r) }})
	return t, rs, err
}

func fingerprint(ctx context.Context, r io.Reader) (hashing.Fingerprints, error) {
	return hashing.Read(ctx, r, hashing.Limits{})
}

// Get shows a referral by its id at the source.
func (d *Desk) Get(externalID string) *intake.Record {
	d.t.Helper()
	ref, err := d.Find(d.t.Context(), externalID)
	if err != nil {
		d.t.Fatal(err)
	}
	rec, err := d.Show(d.t.Context(), d.Who, ref, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	return rec
}

// Whole fails the test where the audit trail is not whole or an assessment
// cannot be made again.
func (d *Desk) Whole() {
	d.t.Helper()
	rep, err := d.Audit.Verify(d.t.Context())
	if err != nil || !rep.Whole() {
		d.t.Errorf("audit: %v, %+v", err, rep)
	}
	n := 0
	err = d.ReplayAll(d.t.Context(), func(r intake.Replay) error {
		n++
		if !r.Same {
			d.t.Errorf("replay of %s assessment %d: %s", r.Ref, r.Number, r.Why)
		}
		return nil
	})
	if err != nil {
		d.t.Error(err)
	}
}

// AuditEntries counts the audit entries with the action.
func (d *Desk) AuditEntries(ctx context.Context, action string) (n int, err error) {
	err = d.Audit.Show(ctx, audit.Filter{Action: action}, func(audit.Entry) error { n++; return nil })
	return n, err
}
