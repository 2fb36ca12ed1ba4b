// Package apikey keeps the keys with which partners' programs speak to the
// desk.
//
// A [Key] says what its holder may do and for whom it speaks. Its secret is a
// text of 130 random bits that is shown once, when the key is made
// ([Service.Create]); the store keeps a digest of it. [Service.Check] answers
// whether a secret opens the desk. Whoever does not hold a key that is valid
// learns nothing more than that: a secret that nobody has, a wrong one, one
// that has expired and one that was revoked get the same answer, and it takes
// as long.
//
// What a scope allows is decided where it is used; nothing here knows figures.
package apikey

import (
	"context"
	"slices"
	"strings"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/calendar"
	"lapwing/internal/clock"
	"lapwing/internal/identity"
)

// A Scope is something that a key allows.
type Scope string

const (
	WriteFigures Scope = "figures:write" // to send figures of its source
	ReadFigures  Scope = "figures:read"  // to ask for figures and their definitions
)

// Scopes are all of them.
var Scopes = []Scope{WriteFigures, ReadFigures}

// Key is what is known of a key, without its secret.
type Key struct {
	ID         string       `json:"id"`   // 8 letters and digits, a part of the secret's text
	Name       string       `json:"name"` // of whose program it is
	Scopes     []Scope      `json:"scopes"`
	Source     string       `json:"source,omitempty"`     // figures written with it are of this source
	Indicators []string     `json:"indicators,omitempty"` // that it may write and read; none: all
	Created    time.Time    `json:"created"`
	By         string       `json:"by"`                 // who made it
	Expires    time.Time    `json:"expires,omitzero"`   // from then on it opens nothing; zero: never
	Revoked    time.Time    `json:"revoked,omitzero"`   // likewise; zero: it was not
	LastUsed   calendar.Day `json:"last_used,omitzero"` // the day only; 0: never
	Failures   int64        `json:"failures,omitempty"` // how often its id came without what makes it valid
}

// States of a key.
const (
	Valid   = "valid"
	Expired = "expired"
	Revoked = "revoked"
)

// State is what the key is at a time.
func (k *Key) State(now time.Time) string {
	switch {
	case !k.Revoked.IsZero():
		return Revoked
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return Expired
	}
	return Valid
}

// Allows says whether the key has one of the scopes.
func (k *Key) Allows(scopes ...Scope) bool {
	return slices.ContainsFunc(scopes, func(s Scope) bool { return slices.Contains(k.Scopes, s) })
}

// Actor is who acts where the key does.
func (k *Key) Actor() identity.Actor { return identity.Actor{ID: "key:" + k.ID} }

// Stored is a key as it is kept.
type Stored struct {
	Key
	Digest []byte // SHA-256 of the secret's text
}

// A Store keeps keys. Its methods work in the transaction that ctx carries.
type Store interface {
	// Atomically runs fn in a transaction, or in the one that ctx carries.
	Atomically(ctx context.Context, fn func(context.Context) error) error
	// Create writes a key. No other has its ID.
	Create(ctx context.Context, k *Stored) error
	// Get gives the key with the id; nil where there is none.
	Get(ctx context.Context, id string) (*Stored, error)
	// List gives all keys, in the order in which they were made.
	List(ctx context.Context) ([]Key, error)
	// Revoke marks a key that is not revoked yet, and says whether it was one.
	Revoke(ctx context.Context, id string, at time.Time) (bool, error)
	// Use notes the day, and says whether the key was used on an earlier one
	// only, or never.
	Use(ctx context.Context, id string, day calendar.Day) (bool, error)
	// Fail adds n to the failures of a key.
	Fail(ctx context.Context, id string, n int64) error
}

// Service keeps a desk's keys. Its methods are safe for concurrent use.
type Service struct {
	Store Store
	Clock clock.Clock
	Audit *audit.Log

	failures failures
}

// List gives all keys, in the order in which they were made: also those that
// open nothing any more.
func (s *Service) List(ctx context.Context) ([]Key, error) { return s.Store.List(ctx) }

// subject is how the audit names a key.
func subject(id string) string { return "key/" + id }

func words[S ~string](ss []S) string {
	var out []string
	for _, s := range ss {
		out = append(out, string(s))
	}
	return strings.Join(out, ", ")
}
