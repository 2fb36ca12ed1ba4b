package intakesql

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"lapwing/internal/intake"
)

var headNames = strings.Fields(strings.ReplaceAll(headColumns, ",", " "))

// Record writes everything of one transaction, rows of a table in the order
// of its primary key: neighbours in the tree are written together.
func (s Store) Record(ctx context.Context, w *intake.Writes) error {
	rows := make([][]any, 0, len(w.New))
	for _, h := range w.New {
		rows = append(rows, headValues(h))
	}
	if err := s.DB.Insert(ctx, "intake_referral", headNames, rows); err != nil {
		return err
	}
	for _, h := range w.Changed {
		if err := s.update(ctx, h, headValues(h)); err != nil {
			return err
		}
	}
	rows = rows[:0:0]
	for _, v := range w.Versions {
		findings := v.Findings
		if findings == nil {
			findings = []byte{}
		}
		rows = append(rows, []any{v.Number, v.Referral, v.Version, v.Digest, v.Ours, v.Format, int64(v.Reader), int64(v.Revision.Stage),
			micros(v.Revision.At), micros(v.Recorded), v.Batch, v.Content, findings})
	}
	err := s.DB.Insert(ctx, "intake_version", []string{"number", "referral", "version", "digest", "ours", "format", "reader", "stage", "stated_us", "recorded_us", "batch", "content", "findings"}, rows)
	if err != nil {
		return err
	}
	rows = rows[:0:0]
	for _, a := range w.Assessments {
		rows = append(rows, []any{a.Referral, a.Number, a.Version, micros(a.Made), a.Body})
	}
	if err := s.DB.Insert(ctx, "intake_assessment", []string{"referral", "number", "version", "made_us", "body"}, rows); err != nil {
		return err
	}
	if err := s.recordKeys(ctx, w); err != nil {
		return err
	}
	if err := s.recordCountries(ctx, w); err != nil {
		return err
	}
	return s.recordLedger(ctx, w.Ledger)
}

func (s Store) update(ctx context.Context, h *intake.Head, v []any) error {
	var set []string
	for i, name := range headNames {
		if i > 0 {
			set = append(set, fmt.Sprintf("%s = $%d", name, i+1))
		}
	}
	n, err := s.DB.Exec(ctx, "UPDATE intake_referral SET "+strings.Join(set, ", ")+" WHERE id = $1", v...)
	if err == nil && n != 1 {
		err = errRows
	}
	return err
}

func (s Store) recordKeys(ctx context.Context, w *intake.Writes) error {
	ids := w.Identifiers
	slices.SortFunc(ids, func(a, b intake.IdentifierRow) int {
		return cmp.Or(strings.Compare(a.Blind, b.Blind), cmp.Compare(a.Referral, b.Referral), cmp.Compare(a.Since, b.Since))
	})
	rows := make([][]any, len(ids))
	for i, r := range ids {
		rows[i] = []any{[]byte(r.Blind), r.Referral, howOf(r.Role, r.Mentioned), r.Since, int64(0)}
	}
	err := s.DB.Insert(ctx, "intake_identifier", []string{"blind", "referral", "how", "since", "until"}, rows)
	if err != nil {
		return err
	}
	files := w.Fingerprints
	slices.SortFunc(files, func(a, b intake.FingerprintRow) int {
		return cmp.Or(strings.Compare(a.Hash.Kind, b.Hash.Kind), strings.Compare(a.Hash.Value, b.Hash.Value), cmp.Compare(a.Referral, b.Referral), cmp.Compare(a.Since, b.Since))
	})
	rows = make([][]any, len(files))
	for i, r := range files {
		rows[i] = []any{r.Hash.Kind, hashBytes(r.Hash), r.Referral, r.Since, int64(0)}
	}
	err = s.DB.Insert(ctx, "intake_fingerprint", []string{"kind", "value", "referral", "since", "until"}, rows)
	if err != nil {
		return err
	}
	for _, r := range w.DropIDs {
		if _, err := s.DB.Exec(ctx, "UPDATE intake_identifier SET until = $1 WHERE blind = $2 AND referral = $3 AND until = 0", r.Since, []byte(r.Blind), r.Referral); err != nil {
			return err
		}
	}
	for _, r := range w.DropFiles {
		if _, err := s.DB.Exec(ctx, "UPDATE intake_fingerprint SET until = $1 WHERE kind = $2 AND value = $3 AND referral = $4 AND until = 0", r.Since, r.Hash.Kind, hashBytes(r.Hash), r.Referral); err != nil {
			return err
		}
	}
	return nil
}

func (s Store) recordCountries(ctx context.Context, w *intake.Writes) error {
	var rows [][]any
	seen := make(map[*intake.Head]bool, len(w.Countries))
	for _, h := range w.Countries {
		if seen[h] {
			continue
		}
		seen[h] = true
		for _, c := range h.Stored {
			if slices.Contains(h.Countries, c) {
				continue
			}
			if _, err := s.DB.Exec(ctx, "DELETE FROM intake_country WHERE country = $1 AND referral = $2", c, h.ID); err != nil {
				return err
			}
		}
		for i, c := range h.Countries {
			if !slices.Contains(h.Countries[:i], c) && !slices.Contains(h.Stored, c) {
				rows = append(rows, []any{c, h.ID})
			}
		}
	}
	slices.SortFunc(rows, func(a, b []any) int {
		return cmp.Or(strings.Compare(a[0].(string), b[0].(string)), cmp.Compare(a[1].(int64), b[1].(int64)))
	})
	return s.DB.Insert(ctx, "intake_country", []string{"country", "referral"}, rows)
}

func (s Store) recordLedger(ctx context.Context, l *intake.LedgerRow) error {
	if l == nil {
		return nil
	}
	_, err := s.DB.Exec(ctx, `INSERT INTO intake_ledger (batch, page, items, keys, body)
		SELECT $1, COALESCE(MAX(page), 0) + 1, $2, $3, $4 FROM intake_ledger WHERE batch = $1`, l.Batch, l.Totals.Settled(), bytes.Clone(l.Keys), l.Body)
	if err != nil {
		return err
	}
	n, err := s.DB.Exec(ctx, `UPDATE intake_batch SET accepted = accepted + $2, updated = updated + $3, duplicate = duplicate + $4, refused = refused + $5, beat_us = $6 WHERE id = $1`,
		l.Batch, l.Totals.Accepted, l.Totals.Updated, l.Totals.Duplicate, l.Totals.Refused, micros(l.Beat))
	if err == nil && n != 1 {
		err = errRows
	}
	return err
}
