package indicator

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
)

//go:embed definitions.json
var definitionsJSON []byte

// Shipped are the indicators that every desk has: the six of the field, and
// the view of referrals by the day of the incident. Their words are the same
// at every desk, so that figures can be compared.
func Shipped() []Definition {
	ds := shipped()
	out := make([]Definition, len(ds))
	for i, d := range ds {
		d.Caveats = slices.Clone(d.Caveats)
		out[i] = d
	}
	return out
}

var shipped = sync.OnceValue(func() (ds []Definition) {
	if err := json.Unmarshal(definitionsJSON, &ds); err != nil {
		panic("definitions.json: " + err.Error()) // a test reads it
	}
	return ds
})

// Stated is a definition with where it comes from.
type Stated struct {
	Definition
	Shipped bool      `json:"shipped"`
	Version int64     `json:"version"`          // 1 for those that are shipped
	Since   time.Time `json:"since,omitzero"`   // of this version
	By      string    `json:"by,omitempty"`     // who stated it
	Before  int64     `json:"before,omitempty"` // versions that were stated before it
}

// Definitions gives the indicators as they were defined at the time (zero:
// now): those that are shipped, and then the desk's own by id.
func (s *Service) Definitions(ctx context.Context, asOf time.Time) ([]Stated, error) {
	var out []Stated
	for _, d := range Shipped() {
		out = append(out, Stated{Definition: d, Shipped: true, Version: 1})
	}
	err := s.states(ctx, definitions, asOf, func(st Statement) error {
		d, err := statedOf(st)
		out = append(out, d)
		return err
	})
	return out, err
}

// Definition gives one indicator; NotFound where nobody has defined it.
func (s *Service) Definition(ctx context.Context, id string, asOf time.Time) (Stated, error) {
	ds, err := s.Definitions(ctx, asOf)
	if err != nil {
		return Stated{}, err
	}
	for _, d := range ds {
		if d.ID == id {
			return d, nil
		}
	}
	return Stated{}, fault.New(fault.NotFound, "no indicator %.60q is defined here: %s are", id, namesOf(ds))
}

// DefinitionVersions gives all versions of an indicator, the first one first.
func (s *Service) DefinitionVersions(ctx context.Context, id string) ([]Stated, error) {
	for _, d := range Shipped() {
		if d.ID == id {
			return []Stated{{Definition: d, Shipped: true, Version: 1}}, nil
		}
	}
	var out []Stated
	err := s.Store.Statements(ctx, definitions, id, func(st Statement) error {
		d, err := statedOf(st)
		out = append(out, d)
		return err
	})
	if err == nil && out == nil {
		err = fault.New(fault.NotFound, "no indicator %.60q is defined here", id)
	}
	return out, err
}

// Define adds an indicator of the desk's own, or changes it: the versions
// before are kept. Saying the same again changes nothing. It fails with
// Conflict for one that is shipped.
func (s *Service) Define(ctx context.Context, who identity.Actor, d Definition) (out Stated, err error) {
	defer fault.Wrap(&err, "define indicator %.60q", d.ID)
	for _, x := range shipped() {
		if x.ID == d.ID {
			return out, fault.New(fault.Conflict, "the indicator %s is the same at every desk: define one of your own under another name", d.ID)
		}
	}
	if err := s.checkDefinition(ctx, &d); err != nil {
		return out, err
	}
	body, err := json.Marshal(d)
	if err != nil {
		return out, err
	}
	st, err := s.state(ctx, who, "indicator.define", "indicator/"+d.ID, Statement{Kind: definitions, ID: d.ID, Body: body})
	if err != nil {
		return out, err
	}
	return statedOf(*st)
}

func statedOf(st Statement) (Stated, error) {
	d := Stated{Version: st.Version, Since: st.At, By: st.By, Before: st.Version - 1}
	err := json.Unmarshal(st.Body, &d.Definition)
	return d, err
}

// Kinds of statements.
const (
	definitions = "definition"
	events      = "event"
)

// A Statement is a version of something that the desk states in words: a
// definition or an event.
type Statement struct {
	Kind    string
	ID      string
	Version int64 // 1, 2, …
	At      time.Time
	By      string
	Removed bool // from here on it is not there
	Body    []byte
}

// states calls each with the statements of a kind that held at the time, by id.
func (s *Service) states(ctx context.Context, kind string, asOf time.Time, each func(Statement) error) error {
	var last *Statement
	flush := func() error {
		if last == nil || last.Removed {
			return nil
		}
		return each(*last)
	}
	err := s.Store.Statements(ctx, kind, "", func(st Statement) error {
		if !asOf.IsZero() && st.At.After(asOf) {
			return nil
		}
		if last != nil && last.ID != st.ID {
			if err := flush(); err != nil {
				return err
			}
		}
		last = &st
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// state records a statement, unless it is what was stated last; it gives the
// one that stands. Removing what is not there is NotFound.
func (s *Service) state(ctx context.Context, who identity.Actor, action, subject string, st Statement) (*Statement, error) {
	if !who.Valid() {
		return nil, fault.New(fault.Denied, "nobody is named as the one who acts")
	}
	var last *Statement
	err := s.Store.Atomically(ctx, func(ctx context.Context) error {
		if err := s.Store.Lock(ctx); err != nil {
			return err
		}
		err := s.Store.Statements(ctx, st.Kind, st.ID, func(x Statement) error { last = &x; return nil })
		if err != nil {
			return err
		}
		gone := last == nil || last.Removed
		if st.Removed && gone {
			return fault.New(fault.NotFound, "there is no %s %.60q", st.Kind, st.ID)
		}
		if !gone && !st.Removed && bytes.Equal(last.Body, st.Body) {
			return nil
		}
		st.Version, st.At, st.By = 1, s.now(), who.ID
		if last != nil {
			st.Version = last.Version + 1
		}
		if st.Removed {
			st.Body = last.Body
		}
		last = &st
		if err := s.Store.State(ctx, last); err != nil {
			return err
		}
		return s.Audit.Record(ctx, who, audit.Act{Kind: audit.Alteration, Action: action, Subject: subject, Detail: map[string]int64{"version": st.Version}})
	})
	return last, err
}
