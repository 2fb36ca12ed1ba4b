// Package app wires the desk together: it opens the store, the keys and the
// modules of one desk, and holds the adapters by which one module serves
// another. Nothing else knows them all.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"lapwing/internal/apikey"
	"lapwing/internal/apikey/apikeysql"
	"lapwing/internal/audit"
	"lapwing/internal/audit/auditsql"
	"lapwing/internal/clock"
	"lapwing/internal/config"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatorsql"
	"lapwing/internal/intake"
	"lapwing/internal/intake/intakesql"
	"lapwing/internal/job"
	"lapwing/internal/known"
	"lapwing/internal/known/knownsql"
	"lapwing/internal/report"
	"lapwing/internal/report/reportsql"
	"lapwing/internal/sealed"
	"lapwing/internal/sqldb"
)

// Desk is an open desk.
type Desk struct {
	Config  config.Config
	DB      *sqldb.DB
	Keys    *sealed.Keys
	Clock   clock.Clock
	Audit   *audit.Log
	Jobs    *job.Queue
	Known   *known.Service
	Intake  *intake.Service
	Bases   *Bases
	Figures *indicator.Service
	Editor  *report.Editor
	APIKeys *apikey.Service
	Demo    bool // everything in it is invented

	log *slog.Logger
}

// Options are what a test may set.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger
}

// Open opens the desk that the settings describe, and makes it where it is
// not there yet: store, schema and keys.
func Open(ctx context.Context, cfg config.Config, o Options) (d *Desk, err error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fault.Because(fault.Invalid, err, "the data folder cannot be made: %v", err)
	}
	db, err := sqldb.Open(ctx, cfg.Database)
	if err != nil {
		return nil, err
	}
	d = &Desk{Config: cfg, DB: db, Clock: o.Clock, log: o.Log}
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	if d.Keys, err = openKeys(ctx, db, cfg.Keys); err != nil {
		return nil, err
	}
	if d.Bases, err = OpenBases(cfg.Data); err != nil {
		return nil, err
	}
	signer, check, err := audit.Keys(d.Keys.Signer())
	if err != nil {
		return nil, err
	}
	d.Audit = &audit.Log{Store: auditsql.Store{DB: db}, Clock: o.Clock, Signer: signer, Check: check}

	work := job.NewRegistry()
	if d.Jobs, err = job.Open(db, work, o.Log); err != nil {
		return nil, err
	}
	d.Known = &known.Service{Store: knownsql.Store{DB: db}, Clock: o.Clock, Audit: d.Audit, Jobs: d.Jobs, Owner: intake.ProcessName(), Gone: intake.ProcessGone}
	if err := d.Known.Refresh(ctx); err != nil {
		return nil, err
	}
	d.Intake = &intake.Service{
		Store: intakesql.Store{DB: db}, Keys: d.Keys, Clock: o.Clock, Audit: d.Audit,
		Lists: lists{d.Known}, Geo: d.Bases, Jobs: d.Jobs, KeepRefused: cfg.RefusedFor(),
	}
	d.Figures = &indicator.Service{
		Store: indicatorsql.Store{DB: db}, Keys: d.Keys, Clock: o.Clock, Audit: d.Audit, Jobs: d.Jobs, Counter: intakesql.Store{DB: db},
		Owner: intake.ProcessName(), Gone: intake.ProcessGone, KeepRefused: cfg.RefusedFor(),
	}
	d.APIKeys = &apikey.Service{Store: apikeysql.Store{DB: db}, Clock: o.Clock, Audit: d.Audit}
	d.Editor = &report.Editor{Store: reportsql.Store{DB: db}, Clock: o.Clock, Audit: d.Audit}
	job.Handle(work, d.Intake.Expire)
	job.Handle(work, d.Figures.Expire)
	job.Handle(work, d.reassess)
	demo, err := meta(ctx, db, "demo")
	if err != nil {
		return nil, err
	}
	d.Demo = demo != ""
	return d, nil
}

// Close closes the desk.
func (d *Desk) Close() error {
	d.APIKeys.Wait()
	return d.DB.Close()
}

// reassess is what a change of the hash lists makes necessary.
func (d *Desk) reassess(ctx context.Context, j known.Reassess) error {
	if err := d.Known.Refresh(ctx); err != nil {
		return err
	}
	touches, err := d.Known.Touches(ctx, j.Change)
	if err != nil {
		return err
	}
	_, err = d.Intake.Reassess(ctx, identity.System("reassess"), touches)
	return err
}

// lists lets intake ask the hash lists.
type lists struct{ *known.Service }

func (l lists) View() intake.ListView { return l.Service.View() }
func (l lists) ViewAt(ctx context.Context, state int64) (intake.ListView, error) {
	return l.Service.ViewAt(ctx, state)
}

// openKeys opens the desk's keys, makes them for a new desk, and refuses keys
// that are not those of the store.
func openKeys(ctx context.Context, db *sqldb.DB, path string) (*sealed.Keys, error) {
	want, err := meta(ctx, db, "keys")
	if err != nil {
		return nil, err
	}
	keys, err := sealed.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		if want != "" {
			return nil, fault.New(fault.Invalid, "the keys of this desk are not at %s: without them nothing in the store can be opened. Put the file with the keys %s there, or name it with --keys", path, want)
		}
		if keys, err = sealed.Create(path); err != nil {
			return nil, fmt.Errorf("make the desk's keys: %w", err)
		}
	}
	if err != nil {
		return nil, fault.Because(fault.Invalid, err, "the keys cannot be read: %v", err)
	}
	if want == "" {
		// Two processes may start a new desk at once: the first one's word counts.
		if err := setMeta(ctx, db, "keys", keys.ID()); err != nil {
			return nil, err
		}
		if want, err = meta(ctx, db, "keys"); err != nil {
			return nil, err
		}
	}
	if want != keys.ID() {
		return nil, fault.New(fault.Conflict, "the store belongs to the keys %s, and %s holds others (%s): name the right file with --keys", want, path, keys.ID())
	}
	return keys, nil
}

func meta(ctx context.Context, db *sqldb.DB, name string) (value string, err error) {
	err = db.Query(ctx, "SELECT value FROM desk_meta WHERE name = $1", []any{name}, func(scan func(...any) error) error { return scan(&value) })
	return value, err
}

// setMeta sets a value once; it stays what it is when it is there already.
func setMeta(ctx context.Context, db *sqldb.DB, name, value string) error {
	_, err := db.Exec(ctx, "INSERT INTO desk_meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, value)
	return err
}

// MarkDemo says of the desk that everything in it is invented, for good.
func (d *Desk) MarkDemo(ctx context.Context) error {
	if err := setMeta(ctx, d.DB, "demo", "invented"); err != nil {
		return err
	}
	d.Demo = true
	return nil
}
