package lint

import (
	"fmt"
	"time"

	"lapwing/internal/referral"
)

// tolerance is how far ahead of the desk's clock a time may be: clocks differ,
// and a time without a zone may be off by most of a day.
const tolerance = 24 * time.Hour

// earliest is the first time that a report about the internet may name.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

func (l *linter) times() {
	d := l.d
	l.time("revision/at", d.Revision.At)
	var incident, received time.Time
	for n, m := range d.Times {
		path := at("times", n)
		if m.UTC.IsZero() {
			continue // its reader says that it cannot be read
		}
		l.time(path, m.UTC)
		switch m.Kind {
		case referral.MomentIncident:
			if !m.Zoned {
				l.warn(path, "the time of the event names no zone: UTC was assumed, it may be off by up to 14 hours")
			}
			if incident.IsZero() {
				incident = m.UTC
			}
		case referral.MomentReceived:
			if received.IsZero() {
				received = m.UTC
			}
		}
	}
	switch {
	case incident.IsZero() && received.IsZero() && !d.Retracted:
		l.warn("times", "neither the time of the event nor the time of receipt is stated: the report cannot be put in order, and no address in it leads to a person")
	case !incident.IsZero() && !received.IsZero() && incident.Sub(received) > tolerance:
		l.warn("times", "the event is stated to be %s after the report of it was received", span(incident.Sub(received)))
	}
}

// time finds times that cannot be.
func (l *linter) time(path string, t time.Time) {
	switch {
	case t.IsZero():
	case t.Before(earliest):
		l.warn(path, "the time lies before 1990: see whether day, month and year are in their places")
	case t.Sub(l.now) > tolerance:
		l.warn(path, "the time lies %s in the future", span(t.Sub(l.now)))
	}
}

// span is a duration in the unit that a person would use.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 730*day:
		return fmt.Sprintf("%d years", d/(365*day))
	case d >= 2*day:
		return fmt.Sprintf("%d days", d/day)
	}
	return fmt.Sprintf("%d hours", d/time.Hour)
}
