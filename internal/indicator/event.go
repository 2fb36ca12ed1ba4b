package indicator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
)

// EventKinds are all of them.
var EventKinds = []EventKind{Lockdown, Campaign, LawChange, Takedown, DefinitionChange, SourceChange, Other}

// Touches says whether the event may have had a part in figures of the series
// for days from to to: the days meet, and it concerns the geography, the
// indicator and the source. A country's event touches the groups that it
// belongs to, and a group's event its members (see [Groups]).
func (e *Event) Touches(k Key, from, to calendar.Day) bool {
	return e.From <= to && e.To >= from &&
		(e.Indicator == "" || e.Indicator == k.Indicator) &&
		(e.Source == "" || e.Source == k.Source) &&
		within(k.Geography, e.Countries)
}

// Events gives the events as they were known at the time (zero: now), by
// their first day.
func (s *Service) Events(ctx context.Context, asOf time.Time) ([]Event, error) {
	var out []Event
	err := s.states(ctx, events, asOf, func(st Statement) error {
		var e Event
		err := json.Unmarshal(st.Body, &e)
		out = append(out, e)
		return err
	})
	slices.SortFunc(out, func(a, b Event) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID)) })
	return out, err
}

// EventsOn gives the events that touch the series between two days.
func (s *Service) EventsOn(ctx context.Context, k Key, from, to calendar.Day, asOf time.Time) ([]Event, error) {
	es, err := s.Events(ctx, asOf)
	return slices.DeleteFunc(es, func(e Event) bool { return !e.Touches(k, from, to) }), err
}

// An EventReceipt says what became of an event.
type EventReceipt struct {
	ID      string   `json:"id"`
	Outcome Outcome  `json:"outcome"`
	Version int64    `json:"version,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
}

// PutEvents adds events, and changes those whose id is there; the versions
// before are kept. What is wrong is refused with its reasons and does not
// stop the others; the same again is a duplicate.
func (s *Service) PutEvents(ctx context.Context, who identity.Actor, es []Event) (out []EventReceipt, err error) {
	defer fault.Wrap(&err, "events")
	ds, err := s.Definitions(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	was := map[string]int64{}
	err = s.Store.Atomically(ctx, func(ctx context.Context) error {
		if err := s.Store.Lock(ctx); err != nil {
			return err
		}
		// Versions before, also of events that were removed.
		err := s.Store.Statements(ctx, events, "", func(st Statement) error { was[st.ID] = st.Version; return nil })
		if err != nil {
			return err
		}
		for _, e := range es {
			r := EventReceipt{ID: e.ID, Outcome: Refused, Reasons: e.check(ds)}
			if r.Reasons == nil {
				body, err := json.Marshal(e)
				if err != nil {
					return err
				}
				st, err := s.state(ctx, who, "indicator.event", "event/"+e.ID, Statement{Kind: events, ID: e.ID, Body: body})
				if err != nil {
					return err
				}
				switch r.Version = st.Version; {
				case r.Version == was[e.ID]:
					r.Outcome = Duplicate
				case r.Version == 1:
					r.Outcome = Accepted
				default:
					r.Outcome = Updated
				}
				was[e.ID] = r.Version
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

// RemoveEvent takes an event away; what was asked as known before still has it.
func (s *Service) RemoveEvent(ctx context.Context, who identity.Actor, id string) (err error) {
	defer fault.Wrap(&err, "remove event %.60q", id)
	_, err = s.state(ctx, who, "indicator.event.remove", "event/"+id, Statement{Kind: events, ID: id, Removed: true})
	return err
}

// check puts the event in order, and says everything that is wrong with it.
func (e *Event) check(ds []Stated) (bad []string) {
	add := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	if !isName(e.ID) {
		add("the id has lower-case letters, digits, dots, dashes and underscores only")
	}
	if p := textProblem(e.Name); p != "" {
		add("the name %s", p)
	}
	if p := textProblem(e.Note); p != "" && e.Note != "" {
		add("the note %s", p)
	}
	if e.Kind == "" {
		e.Kind = Other
	}
	if !slices.Contains(EventKinds, e.Kind) {
		add("%.60q is not a kind of event: %s", e.Kind, kindNames())
	}
	if e.To == 0 {
		e.To = e.From
	}
	switch {
	case e.From < MinDay || e.From > MaxDay || e.To > MaxDay:
		add("the event goes from %v to %v: see whether day, month and year are in their places", e.From, e.To)
	case e.To < e.From:
		add("the event ends on %v, before it begins on %v", e.To, e.From)
	}
	e.Countries = slices.Compact(slices.Sorted(slices.Values(e.Countries)))
	if len(e.Countries) == 0 {
		e.Countries = nil
	}
	for _, c := range e.Countries {
		if p := geographyProblem(c); p != "" {
			bad = append(bad, p)
		}
	}
	if e.Indicator != "" && !slices.ContainsFunc(ds, func(d Stated) bool { return d.ID == e.Indicator }) {
		add("no indicator %.60q is defined here: %s are", e.Indicator, namesOf(ds))
	}
	if e.Source != "" && !isName(e.Source) {
		add("%.60q is not the name of a source", e.Source)
	}
	return bad
}

func kindNames() string {
	var out []string
	for _, k := range EventKinds {
		out = append(out, string(k))
	}
	return strings.Join(out, ", ")
}

// Limits of a file of events.
const (
	maxEvents     = 10_000
	maxEventsJSON = 16 << 20
)

// ReadEvents reads a JSON array of events, as [Event] is written. What they
// say is checked by [Service.PutEvents].
func ReadEvents(r io.Reader) ([]Event, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxEventsJSON+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxEventsJSON {
		return nil, fault.New(fault.Invalid, "a file of events has up to %d bytes", maxEventsJSON)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var es []Event
	if err := dec.Decode(&es); err != nil {
		return nil, fault.Because(fault.Invalid, err, "this is not a list of events in JSON: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "something follows the list of events")
	}
	if len(es) > maxEvents {
		return nil, fault.New(fault.Invalid, "a file has up to %d events, this has %d", maxEvents, len(es))
	}
	return es, nil
}
