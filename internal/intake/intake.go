// Package intake takes referrals in and loses none.
//
// The way of a referral: [unpack.Walk] turns what an officer points at into
// groups of documents; a format reader (the packages from…) makes a
// [referral.Draft] of each, lint says everything that is wrong with it, and
// what cannot be taken is kept sealed with its reasons. What can be taken is
// compared with what the desk already has (accepted, updated or duplicate),
// assessed, and recorded together with its audit entry and follow-up work in
// one transaction. A referral is there with all of that, or not at all.
//
// The main types in the order one meets them: [Service], [Batch] with its
// [Totals], [Receipt], [Refused], and for those who look, [Summary] and
// [Record]. The store is behind [Store]; package intakesql keeps it.
package intake

import (
	"context"
	"time"

	"lapwing/internal/assess"
	"lapwing/internal/audit"
	"lapwing/internal/clock"
	"lapwing/internal/job"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"
)

// Service is the desk's intake.
type Service struct {
	Store Store
	Keys  *sealed.Keys
	Clock clock.Clock
	Audit *audit.Log
	Lists Lists
	Geo   Geo
	Jobs  Jobs

	// KeepRefused is how long a refused item waits for repair: 90 days where
	// it is zero.
	KeepRefused time.Duration
}

// Lists is what intake needs of the hash lists.
type Lists interface {
	// View is the present state of all lists; it does not change.
	View() ListView
	// ViewAt is the state that had the number, for replay.
	ViewAt(ctx context.Context, state int64) (ListView, error)
}

// A ListView answers for all hash lists in one state.
type ListView interface {
	assess.Matcher
	State() int64 // number of the last change in it
	// Err is not nil where an answer could not be had: then nothing that was
	// concluded with the view may be recorded.
	Err() error
}

// Geo is what intake needs of the address databases.
type Geo interface {
	assess.Locator
	// At gives the databases with these names and build dates, for replay.
	At(bases []referral.Base) (assess.Locator, error)
}

// Jobs is what intake needs of the job queue.
type Jobs interface {
	Add(ctx context.Context, at time.Time, jobs ...job.Args) error
}

// An Outcome is what became of one item.
type Outcome string

const (
	Accepted  Outcome = "accepted"  // a referral that the desk did not have
	Updated   Outcome = "updated"   // a later version of one that it had
	Duplicate Outcome = "duplicate" // nothing new
	Rejected  Outcome = "refused"   // kept sealed with its reasons
)

// Totals is the ledger of a batch in five numbers. It reconciles when Read is
// the sum of the four outcomes.
type Totals struct {
	Read       int64 `json:"read"`
	Accepted   int64 `json:"accepted"`
	Updated    int64 `json:"updated"`
	Duplicate  int64 `json:"duplicate"`
	Refused    int64 `json:"refused"`
	Unfinished int64 `json:"unfinished"`
}

// Add counts one more item with the outcome.
func (t *Totals) Add(o Outcome) {
	switch o {
	case Accepted:
		t.Accepted++
	case Updated:
		t.Updated++
	case Duplicate:
		t.Duplicate++
	case Rejected:
		t.Refused++
	}
}

// Settled is the number of items whose outcome is durable.
func (t Totals) Settled() int64 { return t.Accepted + t.Updated + t.Duplicate + t.Refused }

// A Receipt says what became of an item, once it is durable.
type Receipt struct {
	Path       string             `json:"path"`
	Outcome    Outcome            `json:"outcome"`
	Ref        string             `json:"id,omitempty"` // the referral's name at this desk
	Source     string             `json:"source,omitempty"`
	ExternalID string             `json:"external_id,omitempty"`
	Version    int64              `json:"version,omitempty"`
	Refused    int64              `json:"refused_id,omitempty"`
	Findings   []referral.Finding `json:"findings,omitempty"`
}
