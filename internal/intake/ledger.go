package intake

import (
	"context"
	"encoding/json"
	"fmt"

	"lapwing/internal/audit"
	"lapwing/internal/identity"
	"lapwing/internal/sealed"
)

// A Line is an item in the ledger of a batch: what became of it.
type Line struct {
	Path    string  `json:"path"`
	Outcome Outcome `json:"outcome"`
	Ref     string  `json:"id,omitempty"`
	Version int64   `json:"version,omitempty"`
	Refused int64   `json:"refused_id,omitempty"`
}

// Ledger calls each with the items of a batch in the order in which they were
// settled. Paths are sealed values: the look is recorded.
func (s *Service) Ledger(ctx context.Context, who identity.Actor, batch int64, each func(Line) error) error {
	err := s.Audit.Record(ctx, who, audit.Act{Kind: audit.Consultation, Action: "intake.ledger", Subject: fmt.Sprintf("batch/%d", batch)})
	if err != nil {
		return err
	}
	return s.Store.Ledger(ctx, batch, func(_ int64, body []byte) error {
		packed, err := s.Keys.Open(body, ledgerPlace)
		if err != nil {
			return err
		}
		b, err := sealed.Unpack(packed)
		if err != nil {
			return err
		}
		var lines []Line
		if err := json.Unmarshal(b, &lines); err != nil {
			return err
		}
		for _, l := range lines {
			if err := each(l); err != nil {
				return err
			}
		}
		return nil
	})
}
