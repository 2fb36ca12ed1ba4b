package indicator

import (
	"context"
	"encoding/binary"
	"fmt"

	"lapwing/internal/fault"
)

// Batches lists the newest imports, newest first.
func (s *Service) Batches(ctx context.Context, last int) ([]Batch, error) {
	return s.Store.Batches(ctx, last)
}

// Ledger calls each with the outcome of every row of a batch in their order,
// from row 1, in runs: rows from to to had the same outcome.
func (s *Service) Ledger(ctx context.Context, batch int64, each func(from, to int64, o Outcome) error) error {
	at, from := int64(1), int64(1)
	var last Outcome
	err := s.Store.Ledger(ctx, batch, func(p *Page) error {
		return eachRun(p.Outcomes, func(o Outcome, n int64) error {
			if last != o && at > from {
				if err := each(from, at-1, last); err != nil {
					return err
				}
				from = at
			}
			last, at = o, at+n
			return nil
		})
	})
	if err != nil || at == from {
		return err
	}
	return each(from, at-1, last)
}

// Recount fills the four outcomes of a page's totals from its runs.
func (p *Page) Recount() error {
	p.Totals = Totals{}
	return eachRun(p.Outcomes, func(o Outcome, n int64) error { p.Totals.add(o, n); return nil })
}

// letters are how outcomes are stored.
var letters = map[Outcome]byte{Accepted: 'a', Updated: 'u', Duplicate: 'd', Refused: 'r'}

// appendRun adds a run to the outcomes of a page: its letter, and how many
// rows as an unsigned varint.
func appendRun(b []byte, o Outcome, n int64) []byte {
	return binary.AppendUvarint(append(b, letters[o]), uint64(n))
}

// eachRun calls fn with the runs of a page.
func eachRun(b []byte, fn func(Outcome, int64) error) error {
	for len(b) > 0 {
		var o Outcome
		for x, l := range letters {
			if l == b[0] {
				o = x
			}
		}
		n, size := binary.Uvarint(b[1:])
		if o == "" || size <= 0 || n == 0 || n > 1<<40 {
			return fault.New(fault.Internal, "%s", fmt.Sprintf("a page of the ledger is damaged: %x", b[:min(len(b), 12)]))
		}
		if err := fn(o, int64(n)); err != nil {
			return err
		}
		b = b[1+size:]
	}
	return nil
}
