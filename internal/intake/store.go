package intake

import (
	"context"
	"time"

	"lapwing/internal/referral"
)

// A Store keeps referrals. Its methods work in the transaction that ctx
// carries; without one, those that read see one moment each.
type Store interface {
	// Atomically runs fn in a transaction, or in the one that ctx carries.
	Atomically(ctx context.Context, fn func(context.Context) error) error
	// Snapshot runs fn so that all it reads is of one moment.
	Snapshot(ctx context.Context, fn func(context.Context) error) error

	// Numbers waits until no other transaction records, and gives the last
	// referral id and the last version number in use.
	Numbers(ctx context.Context) (id, version int64, err error)
	// Heads gives those of the refs that the desk has.
	Heads(ctx context.Context, refs []string) (map[string]*Head, error)
	// Versions gives the versions of a referral in order of arrival.
	Versions(ctx context.Context, id int64) ([]Version, error)
	// Content gives the sealed draft of a recorded version.
	Content(ctx context.Context, number int64) (content, dataKey []byte, err error)
	// SharedIdentifiers says for each blind index which referrals but the one
	// named shared it when version asOf had been recorded; it leaves out those
	// that nobody shares.
	SharedIdentifiers(ctx context.Context, blinds []string, asOf, but int64, most Most) (map[string]Sharing, error)
	// SharedFiles does the same for fingerprints, keyed by FileKey.
	SharedFiles(ctx context.Context, hashes []referral.Hash, asOf, but int64, most Most) (map[string]Sharing, error)

	// Existed says whether the referral was here when version asOf had been recorded.
	Existed(ctx context.Context, ref string, asOf int64) (bool, error)

	// Record writes all of it, in the transaction of ctx.
	Record(ctx context.Context, w *Writes) error

	// OpenBatch, TouchBatch and CloseBatch keep the row of a batch.
	FindBatch(ctx context.Context, name string) (*Batch, error)
	OpenBatch(ctx context.Context, b *Batch) error
	TakeBatch(ctx context.Context, b *Batch, from string) (bool, error)
	CloseBatch(ctx context.Context, id int64, state string, at time.Time) error
	Batches(ctx context.Context, last int) ([]Batch, error)
	// LedgerKeys calls each with the keys of all settled items of a batch, 16 bytes each.
	LedgerKeys(ctx context.Context, batch int64, each func(keys []byte) error) error
	// Ledger calls each with the pages of a batch in order.
	Ledger(ctx context.Context, batch int64, each func(page int64, body []byte) error) error

	// Refuse keeps a refused item and fills its ID; one with the same digest
	// is counted again, and held again where it had expired or was taken.
	Refuse(ctx context.Context, r *RefusedRow) error
	ListRefused(ctx context.Context, state string, each func(*RefusedRow) error) error
	GetRefused(ctx context.Context, id int64) (*RefusedRow, error)
	SetRefused(ctx context.Context, id int64, state string) error
	ExpireRefused(ctx context.Context, before time.Time) (int64, error)

	// Looking.
	Queue(ctx context.Context, f Filter) ([]Summary, error)
	CountStates(ctx context.Context) (map[referral.State]int64, error)
	FindRef(ctx context.Context, prefix string) ([]string, error)
	FindExternal(ctx context.Context, externalID string) ([]string, error)
	Assessments(ctx context.Context, id int64) ([]AssessmentRow, error)
	// Each calls fn with the refs of all referrals in order of arrival.
	Each(ctx context.Context, fn func(ref string) error) error
	// EachFingerprint calls fn with every fingerprint that a referral names now.
	EachFingerprint(ctx context.Context, fn func(id int64, h referral.Hash) error) error
	// HeadByID gives one referral.
	HeadByID(ctx context.Context, id int64) (*Head, error)
}

// Most bounds what a shared identifier or file is asked for: Count stops
// there, and that many of the newest are named.
type Most struct{ Count, Newest int }

// Sharing is who shares something.
type Sharing struct {
	Count  int
	Capped bool                   // there are more
	Newest []Sharer               // those that arrived last, the last one first
	Stated map[referral.Role]bool // roles in which one of those counted states it
}

// A Sharer is a referral that shares something.
type Sharer struct {
	ID  int64
	Ref string
}

// FileKey is the key of a fingerprint in SharedFiles' answer.
func FileKey(h referral.Hash) string { return h.Kind + ":" + h.Value }

// A Head is what the desk knows of a referral without unsealing anything.
type Head struct {
	ID           int64
	Ref          string
	Source       string
	ExternalID   string
	State        referral.State
	Kind         referral.Kind
	Media        referral.MediaVerdict
	Risk         int
	Completeness int
	Countries    []string
	Stored       []string // countries that the store has for it
	Links        int
	Notices      int
	Provider     string
	Version      int64 // the current one
	Versions     int64
	Revision     referral.Revision
	Incident     time.Time
	Received     time.Time
	Recorded     time.Time
	Changed      time.Time
	DataKey      []byte
	Assessments  int64 // filled where a head is about to get one more
}

// A Version is a version of a referral without its content.
type Version struct {
	Number   int64 // over all referrals
	Referral int64
	Version  int64
	Digest   []byte
	Ours     int64 // fingerprints that the desk computed itself
	Format   string
	Reader   int
	Revision referral.Revision
	Recorded time.Time
	Batch    int64
	Content  []byte
	Findings []byte
}

// An AssessmentRow is an assessment as it is stored.
type AssessmentRow struct {
	Referral, Number, Version int64
	Made                      time.Time
	Body                      []byte // JSON, packed
}

// An IdentifierRow puts an identifier into the blind index.
type IdentifierRow struct {
	Blind     string // bytes
	Referral  int64
	Role      referral.Role
	Mentioned bool
	Since     int64
}

// A FingerprintRow puts a file's fingerprint into the index of files.
type FingerprintRow struct {
	Hash     referral.Hash
	Referral int64
	Since    int64
}

// Writes is everything that one transaction records.
type Writes struct {
	New          []*Head
	Changed      []*Head
	Versions     []*Version
	Assessments  []*AssessmentRow
	Identifiers  []IdentifierRow
	DropIDs      []IdentifierRow // Since is the version that drops it
	Fingerprints []FingerprintRow
	DropFiles    []FingerprintRow
	Countries    []*Head // whose countries are written anew
	Ledger       *LedgerRow
}

// A LedgerRow is a page of a batch's ledger with what it adds to the totals.
type LedgerRow struct {
	Batch  int64
	Beat   time.Time
	Totals Totals
	Keys   []byte
	Body   []byte
}

// A RefusedRow is a refused item as it is stored.
type RefusedRow struct {
	ID      int64
	Digest  []byte
	Batch   int64
	State   string
	Format  string
	Size    int64
	Seen    int64
	First   time.Time
	Last    time.Time
	Reasons []byte
	Content []byte
}
