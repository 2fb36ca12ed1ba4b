// Package clock gives the time, so that a test can say what time it is.
package clock

import (
	"sync"
	"time"
)

// A Clock tells the time.
type Clock interface{ Now() time.Time }

// System is the machine's clock, in UTC.
type System struct{}

// Now is the present time in UTC.
func (System) Now() time.Time { return time.Now().UTC() }

// Set is a clock that stands still until it is moved. It is safe for
// concurrent use.
type Set struct {
	mu sync.Mutex
	t  time.Time
}

// At makes a Set clock that shows t.
func At(t time.Time) *Set { return &Set{t: t.UTC()} }

// Now is the time that the clock was set to.
func (s *Set) Now() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.t }

// Move moves the clock by d.
func (s *Set) Move(d time.Duration) { s.mu.Lock(); s.t = s.t.Add(d); s.mu.Unlock() }

// Micros is t as it is stored: microseconds since 1970 UTC, 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the opposite of Micros.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
