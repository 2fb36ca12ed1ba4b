package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"lapwing/internal/assess"
	"lapwing/internal/audit"
	"lapwing/internal/identity"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"
)

// Reassess assesses again the referrals that name a fingerprint for which
// touches says yes, so that a change of the hash lists reaches them. Where the
// conclusion about files is the same as before nothing is written.
func (s *Service) Reassess(ctx context.Context, who identity.Actor, touches func(h referral.Hash) bool) (changed int, err error) {
	ids := map[int64]bool{}
	if err := s.Store.EachFingerprint(ctx, func(id int64, h referral.Hash) error {
		if !ids[id] && touches(h) {
			ids[id] = true
		}
		return nil
	}); err != nil {
		return 0, err
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		did, err := s.reassess(ctx, who, id)
		if err != nil {
			return changed, err
		}
		if did {
			changed++
		}
	}
	return changed, nil
}

func (s *Service) reassess(ctx context.Context, who identity.Actor, id int64) (did bool, err error) {
	err = s.Store.Atomically(ctx, func(ctx context.Context) error {
		did = false
		_, number, err := s.Store.Numbers(ctx)
		if err != nil {
			return err
		}
		h, err := s.Store.HeadByID(ctx, id)
		if err != nil {
			return err
		}
		versions, err := s.Store.Versions(ctx, id)
		if err != nil {
			return err
		}
		d, err := s.draft(ctx, h, versions)
		if err != nil {
			return err
		}
		old, err := s.assessments(ctx, id)
		if err != nil {
			return err
		}
		f, keys, err := s.lookBack(ctx, h, d, number)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		view := s.Lists.View()
		f.Now, f.Lists, f.Lookup, f.Geo = now, view.State(), view, s.Geo
		a := assess.Assess(d, keys, f)
		if err := view.Err(); err != nil {
			return err
		}
		if len(old) > 0 && sameMedia(&a, old[len(old)-1].Body) {
			return nil
		}
		body, err := json.Marshal(&a)
		if err != nil {
			return err
		}
		k := &known{Head: h}
		var v Version
		for i := range versions {
			if versions[i].Version == h.Version {
				v = versions[i]
			}
		}
		k.tell(d, &v, now)
		k.conclude(&a)
		w := &Writes{Changed: []*Head{h}, Countries: []*Head{h}, Assessments: []*AssessmentRow{
			{Referral: id, Number: int64(len(old)) + 1, Version: h.Version, Made: now, Body: sealed.Pack(body)}}}
		if err := s.Store.Record(ctx, w); err != nil {
			return err
		}
		did = true
		sum := sha256.Sum256(body)
		return s.Audit.Record(ctx, who, audit.Act{Kind: audit.Alteration, Action: "intake.reassess", Subject: h.Ref,
			Detail: detail{Version: h.Version, Assessment: hex.EncodeToString(sum[:])}})
	})
	return did, err
}

// sameMedia says whether two assessments say the same about the files.
func sameMedia(a, b *referral.Assessment) bool {
	x, _ := json.Marshal(a.Media)
	y, _ := json.Marshal(b.Media)
	return string(x) == string(y)
}
