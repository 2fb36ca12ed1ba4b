package indicator

import (
	"context"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/clock"
	"lapwing/internal/job"
	"lapwing/internal/sealed"
)

// Service keeps a desk's figures. Its methods are safe for concurrent use.
type Service struct {
	Store Store
	Keys  *sealed.Keys
	Clock clock.Clock
	Audit *audit.Log
	Jobs  Jobs
	// Counter counts the desk's own referrals; nil where there are none.
	Counter Counter

	// Owner names this process; Gone says whether one that is named is no more.
	Owner string
	Gone  func(owner string) bool
	// KeepRefused is how long a refused row waits for repair: 90 days where
	// it is zero.
	KeepRefused time.Duration
	// Page is how many rows an import writes in one transaction; 0 for the
	// usual number.
	Page int
}

// Jobs is what indicator needs of the job queue.
type Jobs interface {
	Add(ctx context.Context, at time.Time, jobs ...job.Args) error
}

// now is the present time in the precision of the store.
func (s *Service) now() time.Time { return s.Clock.Now().UTC().Truncate(time.Microsecond) }
