package intake

import (
	"context"

	"lapwing/internal/intake/fromcybertip"
	"lapwing/internal/referral"
)

// merge makes of an item that only describes files the whole report with
// those files, as a later version of the referral that the desk has.
func (c *commit) merge(ctx context.Context, it *item, k *known) error {
	full, err := c.draftOf(ctx, k)
	if err != nil {
		return err
	}
	merged, _ := fromcybertip.Merge(full, it.draft)
	it.draft, it.part, it.merged = merged, false, true
	return c.s.seal(it)
}

// draftOf is the draft of the current version, also where that is of this
// transaction.
func (c *commit) draftOf(ctx context.Context, k *known) (*referral.Draft, error) {
	if k.current != nil {
		return k.current.draft, nil
	}
	return c.s.draft(ctx, k.Head, k.versions)
}
