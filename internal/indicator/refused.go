package indicator

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/sealed"
)

// States of a refused row.
const (
	RefusedHeld    = "held"    // waits for a person to look at it
	RefusedExpired = "expired" // was kept as long as it may be; its content is gone
)

// RefusedRows is how many refused rows of one batch are kept. The others are
// counted, and the ledger says which they are.
const RefusedRows = 10_000

// RefusedFigure is a row that could not be taken, as people see it.
type RefusedFigure struct {
	ID      int64     `json:"id"`
	Batch   int64     `json:"batch"` // the last one that it came with
	State   string    `json:"state"`
	Seen    int64     `json:"seen"` // how often it came
	First   time.Time `json:"first_seen"`
	Last    time.Time `json:"last_seen"`
	Place   string    `json:"place,omitempty"`
	Text    string    `json:"text,omitempty"`   // the row as it came
	Figure  *Figure   `json:"figure,omitempty"` // what could be read of it
	Reasons []string  `json:"reasons,omitempty"`
}

// refusedContent is what is sealed of a refused row. All of it is: a column
// that was taken for another may hold anything.
type refusedContent struct {
	Place   string   `json:"place"`
	Text    string   `json:"text,omitempty"`
	Figure  Figure   `json:"figure"`
	Reasons []string `json:"reasons"`
}

func refusedPlace(digest []byte) string {
	return fmt.Sprintf("indicator_refused.content/%x", digest[:8])
}

const defaultKeepRefused = 90 * 24 * time.Hour

// refuse keeps the refused rows of the page; the same one again is counted,
// not kept twice.
func (c *commit) refuse(ctx context.Context) error {
	n := 0
	for i := range c.pg.rows {
		r := &c.pg.rows[i]
		if r.verdict.outcome != Refused {
			continue
		}
		if c.kept >= RefusedRows {
			break
		}
		if err := c.refuseRow(ctx, r); err != nil {
			return err
		}
		c.kept++
		n++
	}
	if n == 0 {
		return nil
	}
	keep := c.s.KeepRefused
	if keep <= 0 {
		keep = defaultKeepRefused
	}
	return c.s.Jobs.Add(ctx, c.now.Add(keep), ExpireRefused{Before: c.now})
}

func (c *commit) refuseRow(ctx context.Context, r *row) error {
	f := Figure{r.series.Key, r.Observation}
	for _, s := range []*string{&f.Indicator, &f.Source, &f.Geography, (*string)(&f.Length), (*string)(&f.Status)} {
		*s = short(*s, maxName)
	}
	// What JSON cannot say is in the reasons.
	if math.IsNaN(f.Value) || math.IsInf(f.Value, 0) {
		f.Value = 0
	}
	if y := f.First.Time().Year(); y < 1 || y > 9999 {
		f.First = 0
	}
	if y := f.Learned.Year(); !r.dated || y < 1 || y > 9999 {
		f.Learned = time.Time{}
	}
	content := refusedContent{short(r.place, 200), short(r.text, 4096), f, nil}
	for _, p := range r.problems[:min(len(r.problems), 50)] {
		content.Reasons = append(content.Reasons, short(p, 1000))
	}
	b, err := json.Marshal(content)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(b)
	box, err := c.s.Keys.Seal(sealed.Pack(b), refusedPlace(digest[:]))
	if err != nil {
		return err
	}
	row := &RefusedRow{Digest: digest[:], Batch: c.batch.ID, State: RefusedHeld, Seen: 1, First: c.now, Last: c.now, Content: box}
	err = c.s.Store.Refuse(ctx, row)
	r.refused = row.ID
	return err
}

// short is s with at most n bytes, as valid text.
func short(s string, n int) string {
	if len(s) > n {
		s = s[:n-3] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func (s *Service) showRefused(r *RefusedRow) (*RefusedFigure, error) {
	out := &RefusedFigure{ID: r.ID, Batch: r.Batch, State: r.State, Seen: r.Seen, First: r.First, Last: r.Last}
	if len(r.Content) == 0 {
		return out, nil
	}
	packed, err := s.Keys.Open(r.Content, refusedPlace(r.Digest))
	if err != nil {
		return nil, err
	}
	b, err := sealed.Unpack(packed)
	if err != nil {
		return nil, err
	}
	var c refusedContent
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, err
	}
	out.Place, out.Text, out.Figure, out.Reasons = c.Place, c.Text, &c.Figure, c.Reasons
	return out, nil
}

// ListRefused calls each with the refused rows whose last batch was the one
// named (0: any) and that are in the state ("": any), in the order in which
// they came. They are sealed values: the look is recorded.
func (s *Service) ListRefused(ctx context.Context, who identity.Actor, batch int64, state string, each func(*RefusedFigure) error) error {
	act := audit.Act{Kind: audit.Consultation, Action: "indicator.refused.list"}
	if batch != 0 {
		act.Subject = fmt.Sprintf("figures/%d", batch)
	}
	if err := s.Audit.Record(ctx, who, act); err != nil {
		return err
	}
	return s.Store.ListRefused(ctx, batch, state, func(r *RefusedRow) error {
		out, err := s.showRefused(r)
		if err != nil {
			return err
		}
		return each(out)
	})
}

// Refused shows one refused row. The look is recorded.
func (s *Service) Refused(ctx context.Context, who identity.Actor, id int64) (*RefusedFigure, error) {
	r, err := s.Store.GetRefused(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.Audit.Record(ctx, who, audit.Act{Kind: audit.Consultation, Action: "indicator.refused.show", Subject: fmt.Sprintf("refused-figure/%d", id)}); err != nil {
		return nil, err
	}
	return s.showRefused(r)
}

// ExpireRefused is the follow-up work that ends the keeping of refused rows.
type ExpireRefused struct {
	Before time.Time `json:"before"` // those last seen up to then
}

// Kind names the job.
func (ExpireRefused) Kind() string { return "indicator.expire_refused" }

// Expire erases what was kept of refused rows as long as it may be. How often
// they came stays.
func (s *Service) Expire(ctx context.Context, j ExpireRefused) (err error) {
	defer fault.Wrap(&err, "expire refused figures")
	return s.Store.Atomically(ctx, func(ctx context.Context) error {
		n, err := s.Store.ExpireRefused(ctx, j.Before)
		if err != nil || n == 0 {
			return err
		}
		return s.Audit.Record(ctx, identity.System("retention"), audit.Act{Kind: audit.Erasure, Action: "indicator.refused.expire", Detail: map[string]int64{"rows": n}})
	})
}
