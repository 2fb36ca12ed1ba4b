package intake

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/intake/fromcybertip"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"
)

// A Filter selects referrals for the queue. The zero Filter selects the open
// ones.
type Filter struct {
	States  []referral.State // none: open
	All     bool             // every state
	Country string           // ISO code; concerned by it
	Source  string
	Kind    string // a kind, or the beginning of one: "csam"
	Media   referral.MediaVerdict
	MinRisk int
	Limit   int // 0: all

	// After is where a former page ended: the queue is in order of risk, then
	// completeness, then the newest first.
	After *Position
}

// A Position is a place in the queue.
type Position struct {
	Risk, Completeness int
	ID                 int64
}

// A Summary is one referral in the queue. Nothing in it is sealed.
type Summary struct {
	Ref          string                `json:"id"`
	Source       string                `json:"source"`
	ExternalID   string                `json:"external_id"`
	State        referral.State        `json:"state"`
	Countries    []string              `json:"countries"`
	Risk         int                   `json:"risk"`
	Completeness int                   `json:"completeness"`
	Media        referral.MediaVerdict `json:"media"`
	Kind         referral.Kind         `json:"kind"`
	Provider     string                `json:"provider,omitempty"`
	Links        int                   `json:"links"`
	Notices      int                   `json:"notices"`
	Version      int64                 `json:"version"`
	Versions     int64                 `json:"versions"`
	Incident     time.Time             `json:"incident,omitzero"`
	Received     time.Time             `json:"received,omitzero"`
	Recorded     time.Time             `json:"recorded"`
	Changed      time.Time             `json:"changed"`

	Position Position `json:"-"`
}

// Summarise is what the queue shows of a head.
func Summarise(h *Head) Summary {
	cs := h.Countries
	if cs == nil {
		cs = []string{}
	}
	return Summary{
		Ref: h.Ref, Source: h.Source, ExternalID: h.ExternalID, State: h.State, Countries: cs,
		Risk: h.Risk, Completeness: h.Completeness, Media: h.Media, Kind: h.Kind, Provider: h.Provider,
		Links: h.Links, Notices: h.Notices, Version: h.Version, Versions: h.Versions,
		Incident: h.Incident, Received: h.Received, Recorded: h.Recorded, Changed: h.Changed,
		Position: Position{h.Risk, h.Completeness, h.ID},
	}
}

// Queue lists referrals, those first that a child may need most.
func (s *Service) Queue(ctx context.Context, f Filter) ([]Summary, error) {
	f.Country = strings.ToUpper(strings.TrimSpace(f.Country))
	if len(f.States) == 0 && !f.All {
		f.States = []referral.State{referral.StateOpen}
	}
	return s.Store.Queue(ctx, f)
}

// Counts says how many referrals are in each state.
func (s *Service) Counts(ctx context.Context) (map[referral.State]int64, error) {
	return s.Store.CountStates(ctx)
}

// A Record is everything known about one referral, unsealed.
type Record struct {
	Summary
	Versions    []VersionRecord      `json:"all_versions"`
	Assessment  *referral.Assessment `json:"assessment"`
	Assessments []AssessmentRecord   `json:"assessments"`
	Draft       *referral.Draft      `json:"referral"` // current version
}

// A VersionRecord is one version of a referral.
type VersionRecord struct {
	Version  int64              `json:"version"`
	Current  bool               `json:"current"`
	Format   string             `json:"format"`
	Digest   []byte             `json:"digest"`
	Stage    referral.Stage     `json:"stage"`
	Stated   time.Time          `json:"stated,omitzero"`
	Recorded time.Time          `json:"recorded"`
	Batch    int64              `json:"batch"`
	Findings []referral.Finding `json:"findings,omitempty"`
}

// An AssessmentRecord is one assessment in the course of time.
type AssessmentRecord struct {
	Number  int64                `json:"number"`
	Version int64                `json:"version"`
	Made    time.Time            `json:"made"`
	Body    *referral.Assessment `json:"-"`
	Raw     []byte               `json:"-"`
}

// Find resolves what a person types: a reference, the beginning of one (four
// characters or more), or the report's id at its source.
func (s *Service) Find(ctx context.Context, what string) (string, error) {
	what = strings.TrimSpace(what)
	ref := strings.ToUpper(strings.ReplaceAll(what, "-", ""))
	if len(ref) >= 4 && len(ref) <= 16 {
		refs, err := s.Store.FindRef(ctx, ref)
		if err != nil {
			return "", err
		}
		if len(refs) == 1 {
			return refs[0], nil
		}
		if len(refs) > 1 {
			return "", fault.New(fault.Conflict, "%q is the beginning of more than one referral: give more of it", what)
		}
	}
	// Most are asked for by NCMEC's number, whose reference can be computed.
	cyberTip := s.Keys.Ref(fromcybertip.Source, what)
	if heads, err := s.Store.Heads(ctx, []string{cyberTip}); err != nil || heads[cyberTip] != nil {
		return cyberTip, err
	}
	refs, err := s.Store.FindExternal(ctx, what)
	switch {
	case err != nil:
		return "", err
	case len(refs) == 1:
		return refs[0], nil
	case len(refs) > 1:
		return "", fault.New(fault.Conflict, "%d sources have a report %q: give the desk's own reference", len(refs), what)
	}
	return "", fault.New(fault.NotFound, "no referral %q", what)
}

// Show unseals one referral. version 0 is the current one. Looking is
// recorded; if it cannot be recorded, nothing is shown.
func (s *Service) Show(ctx context.Context, who identity.Actor, ref string, version int64) (rec *Record, err error) {
	defer fault.Wrap(&err, "show %s", ref)
	err = s.Audit.Record(ctx, who, audit.Act{Kind: audit.Consultation, Action: "intake.show", Subject: ref, Detail: detail{Version: version}})
	if err != nil {
		return nil, err
	}
	err = s.Store.Snapshot(ctx, func(ctx context.Context) error {
		rec, err = s.record(ctx, ref, version)
		return err
	})
	return rec, err
}

func (s *Service) record(ctx context.Context, ref string, version int64) (*Record, error) {
	heads, err := s.Store.Heads(ctx, []string{ref})
	if err != nil {
		return nil, err
	}
	h := heads[ref]
	if h == nil {
		return nil, fault.New(fault.NotFound, "no referral %q", ref)
	}
	if version == 0 {
		version = h.Version
	}
	rec := &Record{Summary: Summarise(h)}
	versions, err := s.Store.Versions(ctx, h.ID)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		vr := VersionRecord{Version: v.Version, Current: v.Version == h.Version, Format: v.Format, Digest: v.Digest,
			Stage: v.Revision.Stage, Stated: v.Revision.At, Recorded: v.Recorded, Batch: v.Batch}
		if len(v.Findings) > 0 {
			b, err := sealed.Unpack(v.Findings)
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal(b, &vr.Findings); err != nil {
				return nil, err
			}
		}
		rec.Versions = append(rec.Versions, vr)
		if v.Version == version {
			if rec.Draft, err = s.unseal(ctx, h, v); err != nil {
				return nil, err
			}
		}
	}
	if rec.Draft == nil {
		return nil, fault.New(fault.NotFound, "referral %s has no version %d", ref, version)
	}
	rec.Assessments, err = s.assessments(ctx, h.ID)
	if err != nil {
		return nil, err
	}
	for i := range rec.Assessments {
		if a := &rec.Assessments[i]; a.Version == version || rec.Assessment == nil {
			rec.Assessment = a.Body
		}
	}
	return rec, nil
}

func (s *Service) assessments(ctx context.Context, id int64) ([]AssessmentRecord, error) {
	rows, err := s.Store.Assessments(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]AssessmentRecord, len(rows))
	for i, r := range rows {
		raw, err := sealed.Unpack(r.Body)
		if err != nil {
			return nil, err
		}
		a := new(referral.Assessment)
		if err := json.Unmarshal(raw, a); err != nil {
			return nil, err
		}
		out[i] = AssessmentRecord{Number: r.Number, Version: r.Version, Made: r.Made, Body: a, Raw: raw}
	}
	return out, nil
}
