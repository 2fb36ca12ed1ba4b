// Package apikeysql keeps the keys of partners' programs in the desk's store.
package apikeysql

import (
	"context"
	"fmt"
	"strings"
	"time"

	"lapwing/internal/apikey"
	"lapwing/internal/calendar"
	"lapwing/internal/clock"
	"lapwing/internal/sqldb"
)

// Store is an [apikey.Store] over either engine.
type Store struct{ DB *sqldb.DB }

var _ apikey.Store = Store{}

// Atomically runs fn in a transaction, or in the one that ctx carries.
func (s Store) Atomically(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.Atomically(ctx, fn)
}

// Names and scopes have no blanks in them, so a list of them is kept with
// blanks between.
func list[S ~string](ss []S) string {
	var b strings.Builder
	for i, s := range ss {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(s))
	}
	return b.String()
}

func unlist[S ~string](text string) (out []S) {
	for _, f := range strings.Fields(text) {
		out = append(out, S(f))
	}
	return out
}

// Create writes a key.
func (s Store) Create(ctx context.Context, k *apikey.Stored) error {
	_, err := s.DB.Exec(ctx, `INSERT INTO apikey_key (id, digest, name, scopes, source, indicators, created_us, actor, expires_us, revoked_us, used_day, failures)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		k.ID, k.Digest, k.Name, list(k.Scopes), k.Source, list(k.Indicators), clock.Micros(k.Created), k.By,
		clock.Micros(k.Expires), clock.Micros(k.Revoked), int64(k.LastUsed), k.Failures)
	return err
}

const columns = "id, digest, name, scopes, source, indicators, created_us, actor, expires_us, revoked_us, used_day, failures"

func scanKey(scan func(...any) error) (*apikey.Stored, error) {
	k := new(apikey.Stored)
	var scopes, indicators string
	var created, expires, revoked, used int64
	err := scan(&k.ID, &k.Digest, &k.Name, &scopes, &k.Source, &indicators, &created, &k.By, &expires, &revoked, &used, &k.Failures)
	k.Scopes, k.Indicators = unlist[apikey.Scope](scopes), unlist[string](indicators)
	k.Created, k.Expires, k.Revoked, k.LastUsed = clock.Time(created), clock.Time(expires), clock.Time(revoked), calendar.Day(used)
	return k, err
}

// Get gives the key with the id; nil where there is none.
func (s Store) Get(ctx context.Context, id string) (out *apikey.Stored, err error) {
	err = s.DB.Query(ctx, "SELECT "+columns+" FROM apikey_key WHERE id = $1", []any{id}, func(scan func(...any) error) error {
		out, err = scanKey(scan)
		return err
	})
	return out, err
}

// List gives all keys, in the order in which they were made.
func (s Store) List(ctx context.Context) (out []apikey.Key, err error) {
	err = s.DB.Query(ctx, "SELECT "+columns+" FROM apikey_key ORDER BY created_us, id", nil, func(scan func(...any) error) error {
		k, err := scanKey(scan)
		out = append(out, k.Key)
		return err
	})
	return out, err
}

// Revoke marks a key that is not revoked yet.
func (s Store) Revoke(ctx context.Context, id string, at time.Time) (bool, error) {
	n, err := s.DB.Exec(ctx, "UPDATE apikey_key SET revoked_us = $2 WHERE id = $1 AND revoked_us = 0", id, clock.Micros(at))
	return n == 1, err
}

// Use notes the day on which a key was used.
func (s Store) Use(ctx context.Context, id string, day calendar.Day) (bool, error) {
	n, err := s.DB.Exec(ctx, "UPDATE apikey_key SET used_day = $2 WHERE id = $1 AND used_day < $2", id, int64(day))
	return n == 1, err
}

// Fail adds n to the failures of a key.
func (s Store) Fail(ctx context.Context, id string, n int64) error {
	touched, err := s.DB.Exec(ctx, "UPDATE apikey_key SET failures = failures + $2 WHERE id = $1", id, n)
	if err == nil && touched != 1 {
		err = fmt.Errorf("there is no key %q", id)
	}
	return err
}
