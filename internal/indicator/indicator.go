// Package indicator keeps the figures by which a desk knows whether the
// problem is growing.
//
// A [Definition] says what an indicator measures and what it does not. A [Key]
// names a series: indicator, source, geography and length of period. An
// [Observation] is what the desk knows of one period of it: a value, or the
// reason why there is none; provisional or final; and when the desk learned
// it. Nothing is overwritten: a later figure for the same period is a
// revision, and every question can be asked as known on an earlier date.
package indicator

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"lapwing/internal/calendar"
)

// Definition is what an indicator is.
type Definition struct {
	ID             string          `json:"id"` // as in "referrals"
	Name           string          `json:"name"`
	Measures       string          `json:"measures"`
	DoesNotMeasure string          `json:"does_not_measure"`
	Unit           string          `json:"unit"`      // what one is: "referral"
	Units          string          `json:"units"`     // several: "referrals"
	Direction      string          `json:"direction"` // what a rise can mean
	Caveats        []string        `json:"caveats"`
	Length         calendar.Length `json:"length"` // in which it is usually told
	Own            bool            `json:"own"`    // counted by the desk itself, too
	// Of is the indicator of which this one is another view: it counts the
	// same things, so it is not counted beside it. "" for most.
	Of string `json:"of,omitempty"`
}

// Key names a series.
type Key struct {
	Indicator string          `json:"indicator"`
	Source    string          `json:"source"`    // who counted
	Geography string          `json:"geography"` // ISO 3166-1 alpha-2, or a name of the desk's own such as EU27
	Length    calendar.Length `json:"length"`
}

// String is referrals/ncmec/DE/month.
func (k Key) String() string {
	return strings.Join([]string{k.Indicator, k.Source, k.Geography, string(k.Length)}, "/")
}

// ParseKey reads what [Key.String] writes.
func ParseKey(s string) (Key, error) {
	f := strings.Split(s, "/")
	if len(f) != 4 || calendar.Length(f[3]).PerYear() == 0 {
		return Key{}, fmt.Errorf("%q does not name a series: it is indicator/source/geography/length, as in referrals/ncmec/DE/month", s)
	}
	return Key{f[0], f[1], f[2], calendar.Length(f[3])}, nil
}

// Compare orders keys by their parts.
func (k Key) Compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Indicator, o.Indicator), cmp.Compare(k.Source, o.Source), cmp.Compare(k.Geography, o.Geography), cmp.Compare(k.Length, o.Length))
}

// Status says whether there is a value, or why there is none.
type Status string

const (
	Observed    Status = ""             // there is a value
	Unavailable Status = "unavailable"  // the source was dark
	NotReported Status = "not reported" // it sent nothing
	Suppressed  Status = "suppressed"   // it holds the figure back
)

// Observation is what is known of one period of a series.
type Observation struct {
	First       calendar.Day `json:"first"` // first day of the period
	Status      Status       `json:"status,omitempty"`
	Value       float64      `json:"value"` // 0 where the status is not Observed
	Provisional bool         `json:"provisional,omitempty"`
	Learned     time.Time    `json:"learned"`
}

// Same says whether two observations say the same, whenever they came.
func (o Observation) Same(p Observation) bool {
	return o.First == p.First && o.Status == p.Status && o.Value == p.Value && o.Provisional == p.Provisional
}

// Figure is an observation with the series that it belongs to.
type Figure struct {
	Key
	Observation
}

// Event is something outside the desk that may explain a change: offered as
// an explanation, never as a proof.
type Event struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Kind      EventKind    `json:"kind"`
	From      calendar.Day `json:"from"`
	To        calendar.Day `json:"to"`                  // last day; the same as From for a single day
	Countries []string     `json:"countries,omitempty"` // none: everywhere
	Indicator string       `json:"indicator,omitempty"` // it concerns only this one
	Source    string       `json:"source,omitempty"`    // it concerns only what this source tells
	Note      string       `json:"note,omitempty"`
}

// EventKind is what sort of thing happened.
type EventKind string

const (
	Lockdown         EventKind = "lockdown"
	Campaign         EventKind = "campaign"
	LawChange        EventKind = "law"
	Takedown         EventKind = "takedown"
	DefinitionChange EventKind = "definition" // what is counted changed
	SourceChange     EventKind = "source"     // a source joined, left, or counts otherwise
	Other            EventKind = "other"
)
