package known

import (
	"context"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
)

// PutWord puts one word into an open change.
func PutWord(ctx context.Context, s *Service, c *Change, w hashlist.Change) error {
	r, err := newRow(c.List, w, func(referral.Finding) {})
	if err != nil {
		return err
	}
	return s.Store.Put(ctx, c, []*Row{r})
}
