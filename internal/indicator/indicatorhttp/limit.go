package indicatorhttp

import (
	"sync"
	"time"

	"lapwing/internal/fault"
)

// What a key may ask: so many tokens at once, and one more each second. A
// request takes one, a dry run more, because others wait for it.
const (
	burst      = 30
	dryRunCost = 4 // beside the one of every request
)

// A limiter has a bucket of tokens for each key. Only keys that are valid get
// one, so there are no more of them than keys.
type limiter struct {
	now     func() time.Time
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// take takes tokens, or gives how long to wait for them.
func (l *limiter) take(key string, tokens float64) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b := l.buckets[key]
	if b == nil {
		if l.buckets == nil {
			l.buckets = map[string]*bucket{}
		}
		b = &bucket{burst, now}
		l.buckets[key] = b
	}
	b.tokens = min(burst, b.tokens+max(0, now.Sub(b.at).Seconds()))
	b.at = now
	if b.tokens < tokens {
		return time.Duration((tokens - b.tokens) * float64(time.Second))
	}
	b.tokens -= tokens
	return 0
}

// slots bound what goes on at one time: of all keys, and of each.
type slots struct {
	most, each int
	mu         sync.Mutex
	all        int
	of         map[string]int
}

// enter takes a slot, which leave gives back; Busy where none is free.
func (s *slots) enter(key string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.of[key] >= s.each:
		return nil, fault.New(fault.Busy, "the key is at it already, %d at one time: wait for the answer", s.each)
	case s.all >= s.most:
		return nil, fault.New(fault.Busy, "%d others are at it at this moment", s.most)
	}
	if s.of == nil {
		s.of = map[string]int{}
	}
	s.all++
	s.of[key]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.of[key]--; s.of[key] == 0 {
			delete(s.of, key)
		}
	}, nil
}
