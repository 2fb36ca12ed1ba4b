package apikey

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"sync"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
)

// Check gives the key that the secret opens, and who acts with it. It fails
// with NotFound where the secret opens nothing, whatever the reason: the
// answer and the time that it takes are the same for all. It fails with Denied
// where the key is valid and has none of the scopes.
//
// The first use of a key on a day is recorded; the key itself keeps the day only.
func (s *Service) Check(ctx context.Context, secret string, scopes ...Scope) (k Key, who identity.Actor, err error) {
	defer fault.Wrap(&err, "check a key")
	began, id := time.Now(), idOf(secret)
	st, err := s.Store.Get(ctx, id)
	if err != nil {
		return k, who, err
	}
	known := st != nil
	if !known {
		st = &Stored{Digest: nobodys[:]}
	}
	digest := sha256.Sum256([]byte(secret))
	right := subtle.ConstantTimeCompare(digest[:], st.Digest) == 1
	now := s.Clock.Now().UTC()
	state := st.State(now)
	if !known || !right || state != Valid {
		if known {
			reason := "wrong secret"
			if right {
				reason = state
			}
			s.failed(id, reason, now)
		}
		return k, who, refuse(ctx, began)
	}
	if !st.Allows(scopes...) {
		s.failed(id, "scope", now)
		return k, who, fault.New(fault.Denied, "the key may not do this: it takes %s, and the key has %s", words(scopes), words(st.Scopes))
	}
	if today := calendar.DayOf(now); st.LastUsed < today {
		if err := s.used(ctx, &st.Key, today); err != nil {
			return k, who, err
		}
		st.LastUsed = today
	}
	return st.Key, st.Actor(), nil
}

// nobodys is the digest that a secret without a key is compared with.
var nobodys = [sha256.Size]byte{}

// pause is how long a refusal takes, measured from its beginning: longer than
// what it takes to find out why, so that the time tells nothing.
const pause = 25 * time.Millisecond

func refuse(ctx context.Context, began time.Time) error {
	select {
	case <-time.After(time.Until(began.Add(pause))):
	case <-ctx.Done():
	}
	return fault.New(fault.NotFound, "there is no such key, or it is not valid any more: whoever runs the desk can make a new one")
}

// used notes that the key was used on the day.
func (s *Service) used(ctx context.Context, k *Key, day calendar.Day) error {
	return s.Store.Atomically(ctx, func(ctx context.Context) error {
		first, err := s.Store.Use(ctx, k.ID, day)
		if err != nil || !first {
			return err // another request was faster
		}
		return s.Audit.Record(ctx, k.Actor(), audit.Act{Kind: audit.Consultation, Action: "apikey.use", Subject: subject(k.ID)})
	})
}

// failures are those that are counted and not recorded yet, by key: there are
// no more of them than keys.
type failures struct {
	mu      sync.Mutex
	of      map[string]*failure
	writing sync.WaitGroup
}

type failure struct {
	n    int64
	told time.Time // when the last ones were recorded
}

// quiet is how long the failures of a key are only counted once some were
// recorded: who guesses cannot fill the trail.
const quiet = time.Minute

// failed counts a failure of a key that is there, and records it where none
// was within the last minute, with those that were only counted. That begins
// when the answer has gone out, as the time would tell that there is such a key.
func (s *Service) failed(id, reason string, now time.Time) {
	f := &s.failures
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil {
		f.of = map[string]*failure{}
	}
	x := f.of[id]
	if x == nil {
		x = &failure{}
		f.of[id] = x
	}
	x.n++
	if !x.told.IsZero() && now.Sub(x.told) < quiet {
		return
	}
	n := x.n
	x.n, x.told = 0, now
	f.writing.Go(func() {
		time.Sleep(2 * pause)
		if s.record(id, reason, n) == nil {
			return
		}
		// They are recorded with the next one.
		f.mu.Lock()
		x.n, x.told = x.n+n, time.Time{}
		f.mu.Unlock()
	})
}

// record is of no request: it must happen also where who asked is gone.
func (s *Service) record(id, reason string, n int64) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return s.Store.Atomically(ctx, func(ctx context.Context) error {
		if err := s.Store.Fail(ctx, id, n); err != nil {
			return err
		}
		return s.Audit.Record(ctx, identity.System("apikey"), audit.Act{Kind: audit.Denied, Action: "apikey.refuse", Subject: subject(id),
			Detail: struct {
				Reason   string `json:"reason"` // of the last one
				Failures int64  `json:"failures"`
			}{reason, n}})
	})
}

// Wait waits until what failed is recorded: before the store is closed.
func (s *Service) Wait() { s.failures.writing.Wait() }
