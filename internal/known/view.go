package known

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"lapwing/internal/assess"
	"lapwing/internal/fault"
	"lapwing/internal/hashindex"
	"lapwing/internal/referral"
	"lapwing/pdq"
)

// A View is all lists at one state: an immutable index, and the opinions
// behind its hits, read from the store when first asked for. It is safe for
// concurrent use.
type View struct {
	state int64
	store Store
	lists map[int64]List

	build func() (*hashindex.Index, error)

	mu       sync.Mutex
	opinions map[int64]assess.Opinion
	err      error
}

// State is the number of the last change in the view.
func (v *View) State() int64 { return v.state }

// View is the present state of the lists, as far as this process has seen:
// Refresh looks for changes that others made.
func (s *Service) View() *View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view
}

// Refresh takes over the newest state of the lists, and puts a new view in
// place of one that has failed.
func (s *Service) Refresh(ctx context.Context) error {
	state, err := s.Store.State(ctx)
	if err != nil {
		return err
	}
	if v := s.View(); v != nil && v.state == state && v.Err() == nil {
		return nil
	}
	v, err := s.viewAt(ctx, state)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view == nil || s.view.state < state || s.view.state == state && s.view.Err() != nil {
		s.view = v // else another Refresh was faster
	}
	return nil
}

// ViewAt is the state of the lists that had the number. Its index is built
// when it is first asked.
func (s *Service) ViewAt(ctx context.Context, state int64) (*View, error) {
	s.mu.Lock()
	for _, v := range append(slices.Clip(s.old), s.view) {
		if v != nil && v.state == state && v.Err() == nil {
			defer s.mu.Unlock()
			return v, nil
		}
	}
	s.mu.Unlock()
	now, err := s.Store.State(ctx)
	if err != nil {
		return nil, err
	}
	if state > now {
		return nil, fault.New(fault.NotFound, "the hash lists have had %d changes, a state %d is not among them: was the store put back to an earlier day?", now, state)
	}
	v, err := s.viewAt(ctx, state)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.old = append(slices.Clip(s.old), v)
	s.old = s.old[max(0, len(s.old)-keepViews):]
	return v, nil
}

// keepViews is how many earlier states stay in memory: a replay goes back and
// forth between a few, and each takes as much as the present one.
const keepViews = 2

func (s *Service) viewAt(ctx context.Context, state int64) (*View, error) {
	lists, err := s.Store.ListsAt(ctx, state)
	if err != nil {
		return nil, err
	}
	v := &View{state: state, store: s.Store, lists: lists, opinions: map[int64]assess.Opinion{}}
	v.build = sync.OnceValues(func() (*hashindex.Index, error) {
		var b hashindex.Builder
		// The one who asks first may go away; what is built is for all.
		err := s.Store.Fingerprints(context.Background(), state, func(f *Fingerprint) error { return add(&b, f) })
		if err != nil {
			return nil, err
		}
		return b.Build(), nil
	})
	return v, nil
}

// add puts a fingerprint into the index, unless it is a PDQ of too low quality.
func add(b *hashindex.Builder, f *Fingerprint) error {
	if f.Kind == "pdq" && f.Quality > 0 && f.Quality < pdq.MinQuality {
		return nil
	}
	return b.Add(hashindex.Kind(f.Kind), f.Value, f.Entry)
}

// Exact lists the entries with this very fingerprint.
func (v *View) Exact(h referral.Hash) []assess.Opinion {
	x, err := v.build()
	if err != nil {
		v.fail(err)
		return nil
	}
	return v.opine(x.Exact(hashindex.Kind(h.Kind), ValueBytes(h)))
}

// Near lists the entries with a PDQ at most max bits away, each once, with
// the nearest of its own.
func (v *View) Near(h pdq.Hash, max int) []assess.Opinion {
	x, err := v.build()
	if err != nil {
		v.fail(err)
		return nil
	}
	return v.opine(x.Near(h, max))
}

// fail keeps the first error of the store.
func (v *View) fail(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.err == nil {
		v.err = err
	}
}

// Err is the first error with which the store answered, for good: from then
// on the view's answers must not be used, because nothing may go on as if a
// file were not known.
func (v *View) Err() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.err
}

const keepOpinions = 200_000

func (v *View) opine(hits []hashindex.Hit) []assess.Opinion {
	if len(hits) == 0 {
		return nil
	}
	out := make([]assess.Opinion, 0, len(hits))
	seen := make(map[int64]bool, len(hits))
	for _, h := range hits { // the nearest first
		if !seen[h.Ref] {
			seen[h.Ref] = true
			o := v.opinion(h.Ref)
			o.Distance = h.Distance
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b assess.Opinion) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.List, b.List), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Entry, b.Entry))
	})
	return out
}

func (v *View) opinion(id int64) assess.Opinion {
	v.mu.Lock()
	o, ok := v.opinions[id]
	v.mu.Unlock()
	if ok {
		return o
	}
	list, e, err := v.store.Entry(context.Background(), id)
	if err != nil {
		v.fail(err)
		return o
	}
	l, ok := v.lists[list]
	if !ok {
		v.fail(fmt.Errorf("entry %d of the hash lists: its list was not there at state %d", id, v.state))
		return o
	}
	o = assess.Opinion{List: l.Name, Version: l.Version, Source: e.Source, Entry: e.ID, Good: l.Good, Labels: e.Labels}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.opinions) >= keepOpinions {
		clear(v.opinions)
	}
	v.opinions[id] = o
	return o
}

// Touches gives a function that says whether a change touched a fingerprint:
// its very value, or a PDQ within the match distance.
func (s *Service) Touches(ctx context.Context, change int64) (func(h referral.Hash) bool, error) {
	var b hashindex.Builder
	err := s.Store.Touched(ctx, change, func(f *Fingerprint) error { return add(&b, f) })
	if err != nil {
		return nil, err
	}
	x := b.Build()
	return func(h referral.Hash) bool {
		v := ValueBytes(h)
		if h.Kind == "pdq" && len(v) == 32 {
			return len(x.Near([32]byte(v), pdq.MatchDistance)) > 0
		}
		return len(x.Exact(hashindex.Kind(h.Kind), v)) > 0
	}, nil
}
