// Package audit proves who did and saw what.
//
// The trail is an append-only log whose entries are the leaves of a Merkle
// tree (RFC 6962 hashes, as golang.org/x/mod/sumdb/tlog computes them). An
// [Entry] is written in the transaction of the act that it records; if it
// cannot be written, the act does not happen. After each transaction the head
// of the log, its size and root, is signed. [Log.Verify] reads everything
// back and names what was altered, moved or removed; against a checkpoint
// that was kept elsewhere it also notices a tail that was cut off or a whole
// trail that was put in place of another.
//
// Entries name people by their sign-in and referrals by their reference;
// nothing that a report says about anybody is written here.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/identity"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Kind is a sort of processing that must be logged: Directive (EU)
// 2016/680, Article 25(1). Denied is ours: what was refused is on record too.
type Kind string

const (
	Collection   Kind = "collection"
	Alteration   Kind = "alteration"
	Consultation Kind = "consultation"
	Disclosure   Kind = "disclosure"
	Combination  Kind = "combination"
	Erasure      Kind = "erasure"
	Denied       Kind = "denied"
)

// An Act is what is to be recorded: "collection", "intake.accept", the
// reference of a referral, and details that go into JSON (nil for none).
type Act struct {
	Kind    Kind
	Action  string
	Subject string
	Detail  any
}

// An Entry is an act that was recorded.
type Entry struct {
	Index   int64     `json:"index"` // place in the log, from 0
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Kind    Kind      `json:"kind"`
	Action  string    `json:"action"`
	Subject string    `json:"subject"`
	Detail  string    `json:"detail"` // JSON
}

// leaf is the hash of an entry: all of its fields, each behind its length.
// Its place is not in it; the tree holds that.
func (e *Entry) leaf() tlog.Hash {
	b := fmt.Appendf(make([]byte, 0, 128+len(e.Detail)), "lapwing audit 1\n%d %d %d %d %d %d\n",
		e.At.UnixMicro(), len(e.Actor), len(e.Kind), len(e.Action), len(e.Subject), len(e.Detail))
	for _, s := range []string{e.Actor, string(e.Kind), e.Action, e.Subject, e.Detail} {
		b = append(b, s...)
	}
	return tlog.RecordHash(b)
}

// A Tile is up to 256 neighbouring hashes of one level. Level 0 has the
// leaves; a hash of level n+1 is the root over a full tile of level n.
type Tile struct {
	Level, N int64
	Data     []byte
}

const (
	tileHashes = 256
	hashSize   = tlog.HashSize
)

// A Store keeps the log. All methods work in the transaction that ctx
// carries.
type Store interface {
	// Head waits until no other transaction appends, and gives the signed
	// head; "" where nothing has been recorded yet.
	Head(ctx context.Context) (string, error)
	// Append adds entries, puts tiles in place of those of the same level
	// and number, and puts the head in place of the former.
	Append(ctx context.Context, entries []Entry, tiles []Tile, head string) error
	// Tile gives the data of a tile; nil where there is none.
	Tile(ctx context.Context, level, n int64) ([]byte, error)
	// Entries calls each with the entries that f selects, in the order of
	// the log.
	Entries(ctx context.Context, f Filter, each func(Entry) error) error
	// Tiles calls each with all tiles, in order of level and number.
	Tiles(ctx context.Context, each func(Tile) error) error
	// Atomically runs fn in a transaction, or in the one that ctx carries.
	Atomically(ctx context.Context, fn func(context.Context) error) error
	// Snapshot runs fn so that all it reads is of one moment.
	Snapshot(ctx context.Context, fn func(context.Context) error) error
	// Sound asks the engine whether the tables' own structure is whole.
	Sound(ctx context.Context) error
}

// A Filter selects entries. The zero Filter selects all.
type Filter struct {
	Actor, Action, Subject string
	From                   int64 // index
	Last                   int   // only that many, the newest; 0 all
}

// Log is the desk's audit trail.
type Log struct {
	Store  Store
	Clock  clock.Clock
	Signer note.Signer   // signs heads
	Check  note.Verifier // its public half
}

// Record appends acts of who, in the transaction that ctx carries (or one of
// its own). It must be the last thing that a large transaction does before it
// ends, or at least late: other writers wait from here on.
func (l *Log) Record(ctx context.Context, who identity.Actor, acts ...Act) (err error) {
	defer fault.Wrap(&err, "audit")
	if !who.Valid() {
		return fault.New(fault.Denied, "nobody is named as the one who acts")
	}
	return l.Store.Atomically(ctx, func(ctx context.Context) error {
		head, err := l.Store.Head(ctx)
		if err != nil {
			return err
		}
		size := int64(0)
		if head != "" {
			cp, err := l.open(head)
			if err != nil {
				return fault.Because(fault.Conflict, err, "the audit trail's head is not in order; run lapwing audit verify")
			}
			size = cp.Size
		}
		now := l.Clock.Now()
		entries := make([]Entry, len(acts))
		leaves := make([]tlog.Hash, len(acts))
		for i, a := range acts {
			detail := "{}"
			if a.Detail != nil {
				b, err := json.Marshal(a.Detail)
				if err != nil {
					return err
				}
				detail = string(b)
			}
			entries[i] = Entry{Index: size + int64(i), At: now, Actor: who.ID, Kind: a.Kind, Action: a.Action, Subject: a.Subject, Detail: detail}
			leaves[i] = entries[i].leaf()
		}
		edge := &edge{ctx: ctx, store: l.Store, size: size, tiles: map[[2]int64]*Tile{}}
		for _, h := range leaves {
			if err := edge.add(0, edge.size, h); err != nil {
				return err
			}
			edge.size++
		}
		root, err := edge.root()
		if err != nil {
			return err
		}
		signed, err := l.sign(Checkpoint{Size: edge.size, Root: root})
		if err != nil {
			return err
		}
		return l.Store.Append(ctx, entries, edge.changed(), signed)
	})
}

// Show calls each with the entries that f selects.
func (l *Log) Show(ctx context.Context, f Filter, each func(Entry) error) error {
	return l.Store.Entries(ctx, f, each)
}
