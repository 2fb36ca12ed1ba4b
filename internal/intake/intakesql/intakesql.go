// Package intakesql keeps referrals, batches and refused items in the desk's
// store, on either engine.
package intakesql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/intake"
	"lapwing/internal/referral"
	"lapwing/internal/sqldb"
)

// Store is an [intake.Store].
type Store struct{ DB *sqldb.DB }

var _ intake.Store = Store{}

func (s Store) Atomically(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.Atomically(ctx, fn)
}

func (s Store) Snapshot(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.Snapshot(ctx, fn)
}

func (s Store) Numbers(ctx context.Context) (id, version int64, err error) {
	if err := s.DB.Serialize(ctx); err != nil {
		return 0, 0, err
	}
	if s.DB.Engine() == sqldb.Postgres {
		// All that follows looks up keys. A table that grows by millions
		// between two of the server's own looks at it would be read whole.
		if _, err := s.DB.Exec(ctx, "SET LOCAL enable_seqscan = off"); err != nil {
			return 0, 0, err
		}
	}
	err = s.DB.R(ctx).QueryRowContext(ctx, `SELECT COALESCE((SELECT MAX(id) FROM intake_referral), 0),
		COALESCE((SELECT MAX(number) FROM intake_version), 0)`).Scan(&id, &version)
	return id, version, err
}

const headColumns = `id, ref, source, external_id, state, kind, media, risk, completeness, countries, links, notices, provider,
	version, versions, stage, stated_us, incident_us, received_us, recorded_us, changed_us, data_key`

func scanHead(scan func(...any) error, more ...any) (*intake.Head, error) {
	h := new(intake.Head)
	var countries string
	var stage, stated, incident, received, recorded, changed int64
	err := scan(append([]any{&h.ID, &h.Ref, &h.Source, &h.ExternalID, &h.State, &h.Kind, &h.Media, &h.Risk, &h.Completeness, &countries,
		&h.Links, &h.Notices, &h.Provider, &h.Version, &h.Versions, &stage, &stated, &incident, &received, &recorded, &changed, &h.DataKey}, more...)...)
	h.Countries = strings.Fields(countries)
	h.Stored = h.Countries
	h.Revision = referral.Revision{Stage: referral.Stage(stage), At: clock.Time(stated)}
	h.Incident, h.Received, h.Recorded, h.Changed = clock.Time(incident), clock.Time(received), clock.Time(recorded), clock.Time(changed)
	return h, err
}

func headValues(h *intake.Head) []any {
	return []any{h.ID, h.Ref, h.Source, h.ExternalID, string(h.State), string(h.Kind), string(h.Media), int64(h.Risk), int64(h.Completeness),
		strings.Join(h.Countries, " "), int64(h.Links), int64(h.Notices), h.Provider, h.Version, h.Versions, int64(h.Revision.Stage),
		clock.Micros(h.Revision.At), clock.Micros(h.Incident), clock.Micros(h.Received), clock.Micros(h.Recorded), clock.Micros(h.Changed), h.DataKey}
}

// chunk is how many values one IN list or VALUES list holds: large enough
// that a round trip weighs little, and always the same, so that engines keep
// the statement.
const chunk = 64

// chunks calls fn with the values in lists of chunk, each as arg gives it and
// the last list filled up with the empty one, which nothing has.
func chunks(values []string, arg func(string) any, fn func(args []any) error) error {
	for len(values) > 0 {
		n := min(chunk, len(values))
		args := make([]any, chunk)
		for i := range args {
			v := ""
			if i < n {
				v = values[i]
			}
			args[i] = arg(v)
		}
		if err := fn(args); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

func (s Store) Heads(ctx context.Context, refs []string) (map[string]*intake.Head, error) {
	out := make(map[string]*intake.Head)
	// The number of assessments is asked for with it: an update adds one.
	q := "SELECT " + headColumns + ", (SELECT COALESCE(MAX(number), 0) FROM intake_assessment a WHERE a.referral = r.id) FROM intake_referral r WHERE ref IN (" + sqldb.In(1, chunk) + ")"
	err := chunks(refs, func(ref string) any { return ref }, func(args []any) error {
		return s.DB.Query(ctx, q, args, func(scan func(...any) error) error {
			var n int64
			h, err := scanHead(scan, &n)
			h.Assessments = n
			out[h.Ref] = h
			return err
		})
	})
	return out, err
}

func (s Store) HeadByID(ctx context.Context, id int64) (*intake.Head, error) {
	h, err := scanHead(s.DB.R(ctx).QueryRowContext(ctx, "SELECT "+headColumns+" FROM intake_referral WHERE id = $1", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "no such referral")
	}
	return h, err
}

func (s Store) Existed(ctx context.Context, ref string, asOf int64) (ok bool, err error) {
	err = s.DB.R(ctx).QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM intake_referral r JOIN intake_version v ON v.referral = r.id AND v.version = 1
		WHERE r.ref = $1 AND v.number <= $2)`, ref, asOf).Scan(&ok)
	return ok, err
}

func (s Store) Versions(ctx context.Context, id int64) ([]intake.Version, error) {
	var out []intake.Version
	err := s.DB.Query(ctx, `SELECT number, version, digest, ours, format, reader, stage, stated_us, recorded_us, batch, findings
		FROM intake_version WHERE referral = $1 ORDER BY version`, []any{id}, func(scan func(...any) error) error {
		v := intake.Version{Referral: id}
		var stage, stated, recorded int64
		err := scan(&v.Number, &v.Version, &v.Digest, &v.Ours, &v.Format, &v.Reader, &stage, &stated, &recorded, &v.Batch, &v.Findings)
		v.Revision = referral.Revision{Stage: referral.Stage(stage), At: clock.Time(stated)}
		v.Recorded = clock.Time(recorded)
		out = append(out, v)
		return err
	})
	return out, err
}

func (s Store) Content(ctx context.Context, number int64) (content, dataKey []byte, err error) {
	err = s.DB.R(ctx).QueryRowContext(ctx, `SELECT v.content, r.data_key FROM intake_version v JOIN intake_referral r ON r.id = v.referral
		WHERE v.number = $1`, number).Scan(&content, &dataKey)
	return content, dataKey, err
}

func (s Store) Assessments(ctx context.Context, id int64) ([]intake.AssessmentRow, error) {
	var out []intake.AssessmentRow
	err := s.DB.Query(ctx, "SELECT number, version, made_us, body FROM intake_assessment WHERE referral = $1 ORDER BY number", []any{id}, func(scan func(...any) error) error {
		a := intake.AssessmentRow{Referral: id}
		var made int64
		err := scan(&a.Number, &a.Version, &made, &a.Body)
		a.Made = clock.Time(made)
		out = append(out, a)
		return err
	})
	return out, err
}

func (s Store) Each(ctx context.Context, fn func(string) error) error {
	// In pages: fn asks the store itself, and a desk may have millions.
	for after := int64(0); ; {
		var refs []string
		err := s.DB.Query(ctx, "SELECT id, ref FROM intake_referral WHERE id > $1 ORDER BY id LIMIT 1000", []any{after}, func(scan func(...any) error) error {
			var ref string
			err := scan(&after, &ref)
			refs = append(refs, ref)
			return err
		})
		if err != nil || len(refs) == 0 {
			return err
		}
		for _, r := range refs {
			if err := fn(r); err != nil {
				return err
			}
		}
	}
}

func micros(t time.Time) int64 { return clock.Micros(t) }

var errRows = fmt.Errorf("a row that must be there is not")
