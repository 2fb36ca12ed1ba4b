package indicator

import (
	"context"
	"time"

	"lapwing/internal/calendar"
)

// A Store keeps figures. Its methods work in the transaction that ctx
// carries; without one, those that read see one moment each.
type Store interface {
	// Atomically runs fn in a transaction, or in the one that ctx carries.
	Atomically(ctx context.Context, fn func(context.Context) error) error
	// Snapshot runs fn so that all it reads is of one moment.
	Snapshot(ctx context.Context, fn func(context.Context) error) error
	// Lock waits until no other transaction records.
	Lock(ctx context.Context) error

	// Statements calls each with all versions of the statements of a kind, of
	// one id or ("") of all, in order of id and version.
	Statements(ctx context.Context, kind, id string, each func(Statement) error) error
	State(ctx context.Context, st *Statement) error

	// Find gives a series; nil where it is not there.
	Find(ctx context.Context, k Key) (*Series, error)
	// Create begins a series without observations, and gives it its ID.
	Create(ctx context.Context, sr *Series) error
	// Get gives the series with these ids.
	Get(ctx context.Context, ids []int64) (map[int64]*Series, error)
	// Save writes the counts of series anew.
	Save(ctx context.Context, srs []*Series) error
	// List gives the series that sel selects by their names, in the order of keys.
	List(ctx context.Context, sel Selection) ([]Series, error)

	// Observations calls each with what was learned up to the time (zero: all)
	// of the periods of a series that begin on from to to, in order of period
	// and revision.
	Observations(ctx context.Context, series int64, from, to calendar.Day, learned time.Time, each func(*Stored) error) error
	// Append writes observations. No two have the same series, period and revision.
	Append(ctx context.Context, rows []Stored) error

	// FindBatch gives the newest batch of that name that is running; nil where
	// there is none.
	FindBatch(ctx context.Context, name string) (*Batch, error)
	// OpenBatch writes a batch, and gives it its ID.
	OpenBatch(ctx context.Context, b *Batch) error
	// TakeBatch makes a running batch b's owner's, if it is still from's.
	TakeBatch(ctx context.Context, b *Batch, from string) (bool, error)
	// TurnPage writes a page of the ledger with what it adds to the totals.
	// Conflict where the batch is not running, or not the owner's.
	TurnPage(ctx context.Context, b *Batch, p *Page) error
	// CloseBatch ends a batch of which so many rows were read. Conflict where
	// that is not what its totals and the pages of its ledger add up to: it
	// stays open.
	CloseBatch(ctx context.Context, id, read int64, at time.Time) error
	// StopBatch ends a batch that broke off for good.
	StopBatch(ctx context.Context, id int64, at time.Time) error
	Batches(ctx context.Context, last int) ([]Batch, error)
	// Ledger calls each with the pages of a batch in order; of their totals the
	// four outcomes are there.
	Ledger(ctx context.Context, batch int64, each func(*Page) error) error

	// Refuse keeps a refused row and gives it its ID; one with the same digest
	// is counted again, and held again where it had expired.
	Refuse(ctx context.Context, r *RefusedRow) error
	// ListRefused calls each with the refused rows of a batch (0: of all) in a
	// state ("": any), in the order in which they came.
	ListRefused(ctx context.Context, batch int64, state string, each func(*RefusedRow) error) error
	GetRefused(ctx context.Context, id int64) (*RefusedRow, error)
	// ExpireRefused empties the rows that were last seen up to then.
	ExpireRefused(ctx context.Context, before time.Time) (int64, error)

	// Tally adds n to the count of a day.
	Tally(ctx context.Context, indicator, geography string, day calendar.Day, n int64) error
	// Tallies calls each with all counts, in order of indicator, geography and day.
	Tallies(ctx context.Context, each func(indicator, geography string, day calendar.Day, n int64) error) error
}

// Series is a series with what a list of them shows.
type Series struct {
	Key
	ID        int64        `json:"-"`
	First     calendar.Day `json:"first"` // first day of its first period
	Last      calendar.Day `json:"last"`  // first day of its last period
	Periods   int64        `json:"periods"`
	Revisions int64        `json:"revisions"` // observations beyond the first of a period
	Learned   time.Time    `json:"learned"`   // newest
}

// Stored is an observation as it is kept.
type Stored struct {
	Series   int64
	Revision int // of its period, from 0, in the order in which they were recorded
	Batch    int64
	Observation
}

// MaxRevision is the number of the last revision that a period can have.
const MaxRevision = 1<<16 - 1

// after says whether the observation counts more than another of the same
// period: it was learned later, or at the same moment and recorded later.
func (o *Stored) after(p *Stored) bool {
	if c := o.Learned.Compare(p.Learned); c != 0 {
		return c > 0
	}
	return o.Revision > p.Revision
}

// A Batch is one run of an import, with its ledger.
type Batch struct {
	ID      int64     `json:"batch"`
	Name    string    `json:"-"` // digest of what was asked for; "" cannot be resumed
	Inputs  string    `json:"inputs"`
	Actor   string    `json:"actor"`
	Owner   string    `json:"-"` // the process that works on it
	Beat    time.Time `json:"-"` // its last sign of life
	State   string    `json:"state"`
	Learned time.Time `json:"learned,omitzero"` // as the request says; zero: when it was recorded
	Started time.Time `json:"started"`
	Closed  time.Time `json:"closed,omitzero"`
	Totals
}

// States of a batch.
const (
	BatchRunning = "running"
	BatchClosed  = "closed"
	BatchStopped = "stopped" // broke off, and nothing can go on with it
)

// A Page of a batch's ledger: some rows, in their order, in one transaction.
type Page struct {
	Number   int64 // from 1; TurnPage gives it
	Totals   Totals
	Outcomes []byte // runs: see appendRun
	Digest   []byte // SHA-256 over the digest of the page before and the rows of this one
}

// A RefusedRow is a refused row as it is stored.
type RefusedRow struct {
	ID      int64
	Digest  []byte
	Batch   int64
	State   string
	Seen    int64
	First   time.Time
	Last    time.Time
	Content []byte // sealed
}
