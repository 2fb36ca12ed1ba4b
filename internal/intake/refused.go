package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/intake/fromcsv"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"
	"lapwing/internal/unpack"
)

// States of a refused item.
const (
	RefusedHeld    = "held"    // waits for repair
	RefusedTaken   = "taken"   // was taken in later; its bytes are gone
	RefusedExpired = "expired" // was kept as long as it may be; its bytes are gone
)

// Refused is an item that could not be taken in, as people see it.
type Refused struct {
	ID       int64              `json:"id"`
	State    string             `json:"state"`
	Path     string             `json:"path"`
	Format   string             `json:"format,omitempty"`
	Size     int64              `json:"size"`
	Kept     bool               `json:"kept"` // its bytes are here, sealed
	Seen     int64              `json:"seen"` // how often it came
	First    time.Time          `json:"first"`
	Last     time.Time          `json:"last"`
	Findings []referral.Finding `json:"reasons"`
}

// refusedContent is what is sealed of a refused item.
type refusedContent struct {
	Path string `json:"path"`
	Data []byte `json:"data,omitempty"`
}

func refusedPlace(digest []byte) string { return fmt.Sprintf("intake_refused.content/%x", digest[:8]) }

const defaultKeepRefused = 90 * 24 * time.Hour

func (s *Service) keepRefused() time.Duration {
	if s.KeepRefused > 0 {
		return s.KeepRefused
	}
	return defaultKeepRefused
}

// refuse keeps a refused item; the same one again is counted, not kept twice.
func (c *commit) refuse(ctx context.Context, it *item) (int64, error) {
	// The number is needed for the receipt, so the rows are written at once.
	reasons, err := json.Marshal(it.findings)
	if err != nil {
		return 0, err
	}
	content, err := json.Marshal(refusedContent{it.path, it.raw})
	if err != nil {
		return 0, err
	}
	box, err := c.s.Keys.Seal(sealed.Pack(content), refusedPlace(it.digest[:]))
	if err != nil {
		return 0, err
	}
	row := &RefusedRow{
		Digest: it.digest[:], Batch: c.batch, State: RefusedHeld, Format: it.format, Size: it.size,
		Seen: 1, First: c.now, Last: c.now, Reasons: sealed.Pack(reasons), Content: box,
	}
	if err := c.s.Store.Refuse(ctx, row); err != nil {
		return 0, err
	}
	c.acts = append(c.acts, audit.Act{Kind: audit.Collection, Action: "intake.refuse", Subject: fmt.Sprintf("refused/%d", row.ID)})
	return row.ID, nil
}

// show opens a refused row for people.
func (s *Service) showRefused(r *RefusedRow) (*Refused, []byte, error) {
	out := &Refused{ID: r.ID, State: r.State, Format: r.Format, Size: r.Size, Seen: r.Seen, First: r.First, Last: r.Last}
	b, err := sealed.Unpack(r.Reasons)
	if err != nil {
		return nil, nil, err
	}
	if err := json.Unmarshal(b, &out.Findings); err != nil {
		return nil, nil, err
	}
	if len(r.Content) == 0 {
		return out, nil, nil
	}
	packed, err := s.Keys.Open(r.Content, refusedPlace(r.Digest))
	if err != nil {
		return nil, nil, err
	}
	if b, err = sealed.Unpack(packed); err != nil {
		return nil, nil, err
	}
	var c refusedContent
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, nil, err
	}
	out.Path, out.Kept = c.Path, len(c.Data) > 0
	return out, c.Data, nil
}

// ListRefused calls each with the refused items in the state ("" for all), in
// the order in which they came. Paths are sealed values: the look is audited.
func (s *Service) ListRefused(ctx context.Context, who identity.Actor, state string, each func(*Refused) error) error {
	if err := s.Audit.Record(ctx, who, audit.Act{Kind: audit.Consultation, Action: "intake.refused.list"}); err != nil {
		return err
	}
	return s.Store.ListRefused(ctx, state, func(r *RefusedRow) error {
		out, _, err := s.showRefused(r)
		if err != nil {
			return err
		}
		return each(out)
	})
}

// RefusedBytes gives a refused item with what was kept of it, for repair.
func (s *Service) RefusedBytes(ctx context.Context, who identity.Actor, id int64) (*Refused, []byte, error) {
	r, err := s.Store.GetRefused(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if err := s.Audit.Record(ctx, who, audit.Act{Kind: audit.Consultation, Action: "intake.refused.show", Subject: fmt.Sprintf("refused/%d", id)}); err != nil {
		return nil, nil, err
	}
	return s.showRefused(r)
}

// Retry takes refused items again: as they were kept (after the program, the
// mapping or the desk's other referrals changed), or the repaired bytes in
// their place. Those that are taken in leave the list; the others stay.
func (s *Service) Retry(ctx context.Context, who identity.Actor, ids []int64, repaired []byte, reading Reading, done func(id int64, r Receipt)) (t Totals, err error) {
	defer fault.Wrap(&err, "retry")
	if repaired != nil && len(ids) != 1 {
		return t, fault.New(fault.Invalid, "a repaired file goes in place of one refused item: name its number")
	}
	rd, err := newReader(reading)
	if err != nil {
		return t, err
	}
	for _, id := range ids {
		if err := s.retry(ctx, who, id, repaired, rd, &t, done); err != nil {
			return t, err
		}
	}
	t.Read = t.Settled()
	return t, nil
}

func (s *Service) retry(ctx context.Context, who identity.Actor, id int64, repaired []byte, rd *reader, t *Totals, done func(int64, Receipt)) error {
	row, err := s.Store.GetRefused(ctx, id)
	if err != nil {
		return err
	}
	if row.State != RefusedHeld {
		return fault.New(fault.Conflict, "refused item %d is not held any more: it was %s", id, row.State)
	}
	old, data, err := s.showRefused(row)
	if err != nil {
		return err
	}
	if repaired != nil {
		data = repaired
	}
	if len(data) == 0 {
		return fault.New(fault.Invalid, "nothing was kept of refused item %d but its fingerprint: give the repaired file with --file", id)
	}
	doc := unpack.Doc{Path: old.Path, Size: int64(len(data)), Data: data}
	if row.Format == fromcsv.Format {
		doc.Header, doc.Data = splitRow(data)
	}
	g := &unpack.Group{Docs: []unpack.Doc{doc}, Whole: true}
	items := rd.readGroup(g)
	now := s.Clock.Now()
	taken := true
	for _, it := range items {
		if err := s.prepare(it, now); err != nil {
			return err
		}
		taken = taken && !it.refused()
	}
	// A retry is a small batch of its own, so that its ledger reconciles too.
	b := &Batch{Name: fmt.Sprintf("retry %d %d", id, now.UnixNano()), Inputs: fmt.Sprintf("refused/%d", id), Actor: who.ID, Owner: ProcessName(), Beat: now, State: batchRunning, Started: now}
	return s.Store.Atomically(ctx, func(ctx context.Context) error {
		if err := s.Store.OpenBatch(ctx, b); err != nil {
			return err
		}
		err := s.commit(ctx, who, b.ID, items, func(rs []Receipt) {
			for _, r := range rs {
				t.Add(r.Outcome)
				taken = taken && r.Outcome != Rejected
				done(id, r)
			}
		})
		if err != nil {
			return err
		}
		if taken {
			if err := s.Store.SetRefused(ctx, id, RefusedTaken); err != nil {
				return err
			}
		}
		return s.Store.CloseBatch(ctx, b.ID, batchClosed, now)
	})
}

// ExpireRefused is the follow-up work that ends the keeping of refused items.
type ExpireRefused struct {
	Before time.Time `json:"before"` // those last seen up to then
}

// Kind names the job.
func (ExpireRefused) Kind() string { return "intake.expire_refused" }

// Expire erases the bytes of refused items that were kept as long as they may
// be. Their reasons and counts stay.
func (s *Service) Expire(ctx context.Context, j ExpireRefused) error {
	who := identity.System("retention")
	return s.Store.Atomically(ctx, func(ctx context.Context) error {
		n, err := s.Store.ExpireRefused(ctx, j.Before)
		if err != nil || n == 0 {
			return err
		}
		return s.Audit.Record(ctx, who, audit.Act{Kind: audit.Erasure, Action: "intake.refused.expire", Detail: map[string]int64{"items": n}})
	})
}
