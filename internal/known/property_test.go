package known_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"lapwing/internal/assess"
	"lapwing/internal/hashlist"
	"lapwing/internal/known"
	"lapwing/internal/known/knowntest"
	"lapwing/internal/referral"
	"lapwing/pdq"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A model is the lists of one state as a person would write them down.
type model map[string]*modelList

type modelList struct {
	version int64
	good    bool
	entries map[string]*hashlist.Entry // by id
}

func (m model) clone() model {
	out := model{}
	for name, l := range m {
		c := *l
		c.entries = maps.Clone(l.entries)
		out[name] = &c
	}
	return out
}

// opinions asks every entry of the model.
func (m model) opinions(match func(referral.Hash) (distance int, ok bool)) []assess.Opinion {
	var out []assess.Opinion
	for name, l := range m {
		for id, e := range l.entries {
			best, found := 0, false
			for _, h := range e.Hashes {
				if h.Kind == "pdq" && h.Quality > 0 && h.Quality < pdq.MinQuality {
					continue
				}
				if d, ok := match(h); ok && (!found || d < best) {
					best, found = d, true
				}
			}
			if found {
				out = append(out, assess.Opinion{List: name, Version: l.version, Source: e.Source, Entry: id, Good: l.good, Distance: best, Labels: e.Labels})
			}
		}
	}
	slices.SortFunc(out, func(a, b assess.Opinion) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.List, b.List), cmp.Compare(a.Entry, b.Entry))
	})
	return out
}

// A random history of changes, some of which fail, gives for every state the
// answers that the lists of then give when a person goes through them.
func TestEveryStateIsAsItWas(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		round := 0
		rapid.Check(t, func(t *rapid.T) {
			// The lists of earlier rounds are gone; fingerprints must not be seen as theirs.
			round++
			now, states := model{}, map[int64]model{}
			lists := 0
			entries := func() hashlist.Change {
				id := fmt.Sprint("e", rapid.IntRange(0, 5).Draw(t, "id"))
				if rapid.IntRange(0, 3).Draw(t, "tombstone") == 0 {
					return knowntest.Gone(id)
				}
				var hs []referral.Hash
				for range rapid.IntRange(0, 2).Draw(t, "hashes") {
					if n := rapid.IntRange(0, 3).Draw(t, "md5"); n > 0 {
						hs = append(hs, knowntest.MD5(round<<8+n))
					} else {
						hs = append(hs, knowntest.PDQ(rapid.SampledFrom([]int{0, 1, 31, 32, 60}).Draw(t, "bits"), rapid.SampledFrom([]int{0, 49, 50}).Draw(t, "quality")))
					}
				}
				w := knowntest.Entry(id, hs...)
				if rapid.Bool().Draw(t, "labelled") {
					w.Entry.Labels = []referral.Label{{Scheme: "s", Value: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "label")}}
				}
				return w
			}
			for range rapid.IntRange(1, 6).Draw(t, "changes") {
				names := slices.Sorted(maps.Keys(now))
				what := rapid.IntRange(0, 9).Draw(t, "what")
				switch {
				case len(names) == 0 || what == 0 && len(names) < 3:
					lists++
					name := fmt.Sprintf("list-%d-%d", round, lists)
					good := rapid.Bool().Draw(t, "good")
					if err := l.Create(t.Context(), l.Who, known.List{Name: name, Good: good}); err != nil {
						t.Fatal(err)
					}
					now[name] = &modelList{good: good, entries: map[string]*hashlist.Entry{}}
					continue
				case what == 1:
					name := rapid.SampledFrom(names).Draw(t, "removed")
					if err := l.Remove(t.Context(), l.Who, name); err != nil {
						t.Fatal(err)
					}
					delete(now, name)
				default:
					name := rapid.SampledFrom(names).Draw(t, "list")
					words := make([]hashlist.Change, rapid.IntRange(0, 6).Draw(t, "words"))
					for i := range words {
						words[i] = entries()
					}
					replace, fails := rapid.Bool().Draw(t, "replace"), rapid.IntRange(0, 3).Draw(t, "fails") == 0
					l.Chunk = rapid.SampledFrom([]int{1, 2, 100}).Draw(t, "chunk")
					l.FailJobs = nil
					if fails {
						l.FailJobs = errFail
					}
					res, err := l.Import(t.Context(), l.Who, name, known.Import{Read: knowntest.File(words...), Replace: replace})
					l.FailJobs = nil
					after := applied(now[name].entries, words, replace)
					want := differences(now[name].entries, after)
					if err != nil {
						if !fails || !errors.Is(err, errFail) {
							t.Fatal(err)
						}
						continue
					}
					if got := [3]int64{res.Added, res.Changed, res.Removed}; got != want {
						t.Fatalf("import of %s (replace %t, %d in a transaction) added, changed, removed %v, want %v", show(words), replace, l.Chunk, got, want)
					}
					if res.Unchanged < 0 || res.Unchanged > res.Read {
						t.Fatalf("of %d words %d changed nothing", res.Read, res.Unchanged)
					}
					if fails && want != [3]int64{} {
						t.Fatal("an import whose follow-up work failed went through")
					}
					now[name] = &modelList{good: now[name].good, version: res.Number, entries: after}
				}
				states[l.View().State()] = now.clone()
			}
			defer func() {
				for name := range now {
					if err := l.Remove(t.Context(), l.Who, name); err != nil {
						t.Fatal(err)
					}
				}
			}()
			fresh := l.Process("fresh")
			for _, p := range []*knowntest.Lists{l, fresh} {
				for state, m := range states {
					v, err := p.ViewAt(t.Context(), state)
					if err != nil {
						t.Fatal(err)
					}
					var digests []referral.Hash
					for n := range 4 {
						digests = append(digests, knowntest.MD5(round<<8+n))
					}
					for _, h := range append(digests, knowntest.PDQ(0, 0), knowntest.PDQ(31, 0)) {
						want := m.opinions(func(x referral.Hash) (int, bool) { return 0, x.Kind == h.Kind && x.Value == h.Value })
						if d := gocmp.Diff(want, v.Exact(h)); d != "" {
							t.Fatalf("state %d, exact %s (-want +got)\n%s", state, h.Value, d)
						}
					}
					for _, bits := range []int{0, 32} {
						q := hash(knowntest.PDQ(bits, 0))
						want := m.opinions(func(x referral.Hash) (int, bool) {
							d := pdq.Distance(q, hash(x))
							return d, x.Kind == "pdq" && d <= 31
						})
						if d := gocmp.Diff(want, v.Near(q, 31)); d != "" {
							t.Fatalf("state %d, near %d bits (-want +got)\n%s", state, bits, d)
						}
					}
					if v.Err() != nil {
						t.Fatal(v.Err())
					}
				}
			}
			for name, m := range now {
				x, err := l.List(t.Context(), name)
				if err != nil || x.Entries != int64(len(m.entries)) || x.Version != m.version {
					t.Fatalf("list %s has %d entries in version %d, want %d in %d", name, x.Entries, x.Version, len(m.entries), m.version)
				}
				got := map[string]*hashlist.Entry{}
				if err := l.Store.Entries(t.Context(), x.ID, x.Version, func(e *hashlist.Entry) error { got[e.ID] = e; return nil }); err != nil {
					t.Fatal(err)
				}
				if d := gocmp.Diff(m.entries, got); d != "" {
					t.Fatalf("list %s (-want +got)\n%s", name, d)
				}
			}
		})
	})
}

var errFail = errors.New("follow-up work fails")

func applied(before map[string]*hashlist.Entry, words []hashlist.Change, replace bool) map[string]*hashlist.Entry {
	after := maps.Clone(before)
	if replace {
		after = map[string]*hashlist.Entry{}
	}
	for _, w := range words {
		if w.Entry != nil {
			after[w.Entry.ID] = w.Entry
		} else {
			delete(after, w.Tombstone.ID)
		}
	}
	return after
}

func differences(before, after map[string]*hashlist.Entry) (n [3]int64) {
	for id, e := range after {
		if b := before[id]; b == nil {
			n[0]++
		} else if !gocmp.Equal(b, e) {
			n[1]++
		}
	}
	for id := range before {
		if after[id] == nil {
			n[2]++
		}
	}
	return n
}

func show(words []hashlist.Change) (s string) {
	for _, w := range words {
		if w.Entry != nil {
			s += fmt.Sprintf(" %s=%v%v", w.Entry.ID, w.Entry.Hashes, w.Entry.Labels)
		} else {
			s += " -" + w.Tombstone.ID
		}
	}
	return s
}
