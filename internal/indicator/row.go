package indicator

import (
	"iter"
	"time"
)

// A Row is what a reader makes of one figure of a file or a request, good or
// not: what cannot be taken is refused with all its reasons, and kept.
type Row struct {
	Place  string // where it stands, for a person: "line 7"
	Figure Figure // Learned is zero unless the row itself says when
	// Problems are the reasons why the reader cannot make a figure of it; the
	// figure then holds what could be read.
	Problems []string
	Text     string // the row as it came, kept where it is refused; may be empty
}

// Request is what an import is asked for.
type Request struct {
	Inputs string // what is read, for the list of batches: the names of files
	// Name tells these rows, read in this way, from all others: a digest of
	// the input and of how it is read. An import that was interrupted goes on
	// where it ended when the same name comes again. "" is never resumed.
	Name string
	Rows iter.Seq2[Row, error] // an error ends the import
	// Learned is when the desk learned the figures, where that was earlier:
	// they become part of what was known then. Zero is now.
	Learned time.Time
	// DryRun does everything in the same way, and then leaves no trace. It
	// looks at DryRunRows.
	DryRun bool

	Progress func(Totals)  // where set, is told the totals after each page
	Receipt  func(Receipt) // where set, is told of each row once it is durable
}

// DryRunRows is how many rows a dry run looks at: it holds them in memory, and
// other writers wait while it settles them.
const DryRunRows = 200_000

// An Outcome is what became of a row.
type Outcome string

const (
	Accepted  Outcome = "accepted"  // a figure for a period of which nothing was known
	Updated   Outcome = "updated"   // a revision
	Duplicate Outcome = "duplicate" // the same as is known
	Refused   Outcome = "refused"   // kept sealed with its reasons
)

// Totals is the ledger of a batch in numbers. It reconciles when Read is the
// sum of the four outcomes.
type Totals struct {
	Read       int64 `json:"read"`
	Accepted   int64 `json:"accepted"`
	Updated    int64 `json:"updated"`
	Duplicate  int64 `json:"duplicate"`
	Refused    int64 `json:"refused"`
	Unfinished int64 `json:"unfinished"`

	Late     int64 `json:"late"`     // of the updated: older than what is known, so history only
	Restated int64 `json:"restated"` // of the updated: the figure before was final
	Created  int64 `json:"created"`  // series that the batch began
}

// Settled is the number of rows whose outcome is durable.
func (t Totals) Settled() int64 { return t.Accepted + t.Updated + t.Duplicate + t.Refused }

func (t *Totals) add(o Outcome, n int64) {
	switch o {
	case Accepted:
		t.Accepted += n
	case Updated:
		t.Updated += n
	case Duplicate:
		t.Duplicate += n
	case Refused:
		t.Refused += n
	}
}

// Result is what an import did.
type Result struct {
	Batch int64 `json:"batch,omitempty"` // 0 for a dry run
	Totals
	Partial bool `json:"partial,omitempty"` // a dry run that ended before the rows did
}

// A Receipt says what became of a row.
type Receipt struct {
	Place   string       `json:"place"`
	Figure  Figure       `json:"figure"` // Learned is when it is, or was, recorded as learned
	Outcome Outcome      `json:"outcome"`
	Before  *Observation `json:"before,omitempty"`  // what a revision revises
	Created bool         `json:"created,omitempty"` // it begins a series
	Notes   []string     `json:"notes,omitempty"`   // what a person should look at, though it was taken
	Reasons []string     `json:"reasons,omitempty"` // why it was refused
	Refused int64        `json:"refused_id,omitempty"`
}
