package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"lapwing/internal/assess"
	"lapwing/internal/referral"
)

// here is who of this transaction's own referrals shares something.
type here struct {
	id     int64
	ref    string
	role   referral.Role
	stated bool
}

// facts are the views that an assessment may look at, as of the version. They
// are taken now and do not change, so that the assessment may be made later.
func (c *commit) facts(it *item, k *known, v *Version) assess.Facts {
	ids, files := c.ids, c.files
	if it.ids != nil {
		ids, files = it.ids, it.files
	}
	shared := map[[2]string]assess.Shared{}
	for i, key := range it.keys {
		b := it.blinds[i]
		if s := share(ids[b], c.here["b"+b], k.Ref, key.Role); s.Count > 0 {
			shared[[2]string{key.Kind, key.Value}] = s
		}
	}
	sharedFiles := map[string]assess.Shared{}
	for _, h := range it.hashes {
		fk := FileKey(h)
		if s := share(files[fk], c.here["h"+fk], k.Ref, ""); s.Count > 0 {
			sharedFiles[fk] = s
		}
	}
	prior := map[string][]string{}
	for _, p := range it.draft.Parties {
		for _, id := range p.Prior {
			if ref := c.s.Keys.Ref(k.Source, id); ref != k.Ref && c.heads[ref] != nil {
				prior[id] = []string{ref}
			}
		}
	}
	return assess.Facts{
		Now: c.now, Lists: c.view.State(), Links: v.Number - 1, Lookup: c.view, Geo: c.s.Geo,
		Shared:     func(key assess.Key) assess.Shared { return shared[[2]string{key.Kind, key.Value}] },
		SharedFile: func(h referral.Hash) assess.Shared { return sharedFiles[FileKey(h)] },
		Prior:      func(id string) []string { return prior[id] },
	}
}

// share adds what this transaction recorded to what the store had, and leaves
// the referral itself out. The newest are those that arrived last, as in the
// store: an old referral whose later version brought the thing stays old.
func share(s Sharing, own []here, self string, role referral.Role) assess.Shared {
	out := assess.Shared{Count: s.Count, Capped: s.Capped, Same: s.Stated[role]}
	if s.Count == 0 && len(own) == 0 {
		return out
	}
	newest := slices.Clone(s.Newest)
	for _, h := range own {
		if h.ref != self {
			out.Count++
			newest = append(newest, Sharer{h.id, h.ref})
			out.Same = out.Same || h.stated && h.role == role
		}
	}
	slices.SortFunc(newest, func(a, b Sharer) int { return cmp.Compare(b.ID, a.ID) })
	for _, r := range newest[:min(len(newest), most.Newest)] {
		out.Earlier = append(out.Earlier, r.Ref)
	}
	if out.Count > most.Count {
		out.Count, out.Capped = most.Count, true
	}
	// Beyond what is counted nobody looks which of them state it.
	out.Same = out.Same || out.Capped
	return out
}

// draft unseals the current version of a referral.
func (s *Service) draft(ctx context.Context, h *Head, versions []Version) (*referral.Draft, error) {
	for _, v := range versions {
		if v.Version == h.Version {
			return s.unseal(ctx, h, v)
		}
	}
	return nil, fmt.Errorf("referral %s has no version %d", h.Ref, h.Version)
}

// unseal gives the draft of one version.
func (s *Service) unseal(ctx context.Context, h *Head, v Version) (*referral.Draft, error) {
	content, _, err := s.Store.Content(ctx, v.Number)
	if err != nil {
		return nil, err
	}
	rk, err := s.Keys.OpenRecordKey(h.DataKey, keyPlace(h.Ref))
	if err != nil {
		return nil, err
	}
	b, err := rk.Open(content, contentPlace(h.Ref, v.Digest))
	if err != nil {
		return nil, err
	}
	d := new(referral.Draft)
	if err := json.Unmarshal(b, d); err != nil {
		return nil, fmt.Errorf("referral %s version %d: %w", h.Ref, v.Version, err)
	}
	return d, nil
}
