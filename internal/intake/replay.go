package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"lapwing/internal/assess"
	"lapwing/internal/clock"
	"lapwing/internal/referral"
)

// A Replay compares an assessment with what the same versions of everything
// conclude now.
type Replay struct {
	Ref    string `json:"id"`
	Number int64  `json:"number"`
	Same   bool   `json:"same"`
	Why    string `json:"why,omitempty"` // where it is not the same, or could not be replayed
}

// ReplayAll makes every assessment of every referral again, with the rules,
// lists, links, address databases and time that it names, and compares byte
// for byte.
func (s *Service) ReplayAll(ctx context.Context, each func(Replay) error) error {
	return s.Store.Each(ctx, func(ref string) error { return s.Replay(ctx, ref, each) })
}

// Replay does the same for one referral.
func (s *Service) Replay(ctx context.Context, ref string, each func(Replay) error) error {
	return s.Store.Snapshot(ctx, func(ctx context.Context) error {
		heads, err := s.Store.Heads(ctx, []string{ref})
		if err != nil {
			return err
		}
		h := heads[ref]
		if h == nil {
			return fmt.Errorf("no referral %q", ref)
		}
		versions, err := s.Store.Versions(ctx, h.ID)
		if err != nil {
			return err
		}
		as, err := s.assessments(ctx, h.ID)
		if err != nil {
			return err
		}
		for _, a := range as {
			out := Replay{Ref: ref, Number: a.Number}
			again, err := s.again(ctx, h, versions, &a)
			switch {
			case err != nil:
				out.Why = err.Error()
			case !bytes.Equal(again, a.Raw):
				out.Why = "another result: " + firstDifference(a.Raw, again)
			default:
				out.Same = true
			}
			if err := each(out); err != nil {
				return err
			}
		}
		return nil
	})
}

// again makes one assessment with the versions that it names.
func (s *Service) again(ctx context.Context, h *Head, versions []Version, a *AssessmentRecord) ([]byte, error) {
	var d *referral.Draft
	for _, v := range versions {
		if v.Version == a.Version {
			var err error
			if d, err = s.unseal(ctx, h, v); err != nil {
				return nil, err
			}
		}
	}
	if d == nil {
		return nil, fmt.Errorf("version %d is not here any more", a.Version)
	}
	rules, err := assess.RulesOf(a.Body.Rules)
	if err != nil {
		return nil, err
	}
	view, err := s.Lists.ViewAt(ctx, a.Body.Lists)
	if err != nil {
		return nil, err
	}
	geo, err := s.Geo.At(a.Body.Geo)
	if err != nil {
		return nil, err
	}
	f, keys, err := s.lookBack(ctx, h, d, a.Body.Links)
	if err != nil {
		return nil, err
	}
	f.Now, f.Lists, f.Lookup, f.Geo, f.Rules = clock.Time(a.Body.Now), view.State(), view, geo, rules
	got := assess.Assess(d, keys, f)
	if err := view.Err(); err != nil {
		return nil, err
	}
	return json.Marshal(&got)
}

// lookBack gives the facts about links as they were when version asOf had
// been recorded.
func (s *Service) lookBack(ctx context.Context, h *Head, d *referral.Draft, asOf int64) (f assess.Facts, keys []assess.Key, err error) {
	keys = oneRole(assess.Identify(d))
	blinds := make([]string, len(keys))
	at := make(map[[2]string]string, len(keys))
	for i, k := range keys {
		blinds[i] = s.Keys.Blind(k.Kind, k.Value)
		at[[2]string{k.Kind, k.Value}] = blinds[i]
	}
	ids, err := s.Store.SharedIdentifiers(ctx, blinds, asOf, h.ID, most)
	if err != nil {
		return f, nil, err
	}
	files, err := s.Store.SharedFiles(ctx, fileHashes(d), asOf, h.ID, most)
	if err != nil {
		return f, nil, err
	}
	prior := map[string][]string{}
	for _, p := range d.Parties {
		for _, id := range p.Prior {
			ref := s.Keys.Ref(h.Source, id)
			if ref == h.Ref || prior[id] != nil {
				continue
			}
			was, err := s.Store.Existed(ctx, ref, asOf)
			if err != nil {
				return f, nil, err
			}
			if was {
				prior[id] = []string{ref}
			}
		}
	}
	return assess.Facts{
		Links: asOf,
		Shared: func(k assess.Key) assess.Shared {
			return share(ids[at[[2]string{k.Kind, k.Value}]], nil, h.Ref, k.Role)
		},
		SharedFile: func(fh referral.Hash) assess.Shared { return share(files[FileKey(fh)], nil, h.Ref, "") },
		Prior:      func(id string) []string { return prior[id] },
	}, keys, nil
}

// firstDifference shows where two JSON texts part.
func firstDifference(want, got []byte) string {
	i := 0
	for i < len(want) && i < len(got) && want[i] == got[i] {
		i++
	}
	cut := func(b []byte) string { return string(b[max(0, i-40):min(len(b), i+40)]) }
	return fmt.Sprintf("recorded …%s…, now …%s…", cut(want), cut(got))
}
