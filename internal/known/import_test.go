package known_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/identity"
	"lapwing/internal/known"
	"lapwing/internal/known/knowntest"
	"lapwing/internal/referral"
)

type words = []hashlist.Change

// Each case is read into a list with the entries 1 and 2, in one transaction
// and with a transaction for each word: that must make no difference.
var imports = []struct {
	name    string
	replace bool
	words   words
	// added, changed, unchanged, removed
	want [4]int64
	left []string
}{
	{"nothing", false, nil, [4]int64{}, []string{"1", "2"}},
	{"new", false, words{e("3", 3), e("4")}, [4]int64{2, 0, 0, 0}, []string{"1", "2", "3", "4"}},
	{"the same again", false, words{e("1", 1), e("2", 2)}, [4]int64{0, 0, 2, 0}, []string{"1", "2"}},
	{"changed", false, words{e("1", 9)}, [4]int64{0, 1, 0, 0}, []string{"2", "1"}},
	{"all hashes lost", false, words{e("1")}, [4]int64{0, 1, 0, 0}, []string{"2", "1"}},
	{"taken back", false, words{gone("1")}, [4]int64{0, 0, 0, 1}, []string{"2"}},
	{"taken back twice", false, words{gone("1"), gone("1")}, [4]int64{0, 0, 1, 1}, []string{"2"}},
	{"taken back what was never there", false, words{gone("3")}, [4]int64{0, 0, 1, 0}, []string{"1", "2"}},
	{"some of each", false, words{e("3", 3), e("1", 9), gone("2"), gone("7"), e("4")}, [4]int64{2, 1, 1, 1}, []string{"3", "1", "4"}},

	{"new twice", false, words{e("3", 3), e("3", 3)}, [4]int64{1, 0, 1, 0}, []string{"1", "2", "3"}},
	{"new, then in other words", false, words{e("3", 3), e("3", 4)}, [4]int64{1, 0, 1, 0}, []string{"1", "2", "3"}},
	{"new, then taken back", false, words{e("3", 3), gone("3")}, [4]int64{0, 0, 2, 0}, []string{"1", "2"}},
	{"new, taken back, new", false, words{e("3", 3), gone("3"), e("3", 3)}, [4]int64{1, 0, 2, 0}, []string{"1", "2", "3"}},
	{"changed twice", false, words{e("1", 8), e("1", 9)}, [4]int64{0, 1, 1, 0}, []string{"2", "1"}},
	{"changed and back", false, words{e("1", 9), e("1", 1)}, [4]int64{0, 0, 2, 0}, []string{"1", "2"}},
	{"changed, then taken back", false, words{e("1", 9), gone("1")}, [4]int64{0, 0, 1, 1}, []string{"2"}},
	{"taken back, then as before", false, words{gone("1"), e("1", 1)}, [4]int64{0, 0, 2, 0}, []string{"1", "2"}},
	{"taken back, then changed", false, words{gone("1"), e("1", 9)}, [4]int64{0, 1, 1, 0}, []string{"2", "1"}},
	{"there and back and away", false, words{e("1", 9), e("1", 1), gone("1"), e("1", 8), gone("1")}, [4]int64{0, 0, 4, 1}, []string{"2"}},

	{"replaced by nothing", true, nil, [4]int64{0, 0, 0, 2}, nil},
	{"replaced by the same", true, words{e("2", 2), e("1", 1)}, [4]int64{0, 0, 2, 0}, []string{"1", "2"}},
	{"replaced by less", true, words{e("2", 2)}, [4]int64{0, 0, 1, 1}, []string{"2"}},
	{"replaced by others", true, words{e("3", 3), e("1", 9)}, [4]int64{1, 1, 0, 1}, []string{"3", "1"}},
	{"replaced, with a tombstone", true, words{e("1", 1), e("2", 2), gone("2"), gone("8")}, [4]int64{0, 0, 3, 1}, []string{"1"}},
	{"replaced, taken back and said again", true, words{gone("2"), e("2", 2)}, [4]int64{0, 0, 2, 1}, []string{"2"}},
	{"replaced, changed and back", true, words{e("2", 9), e("2", 2)}, [4]int64{0, 0, 2, 1}, []string{"2"}},
}

func e(id string, md5 ...int) hashlist.Change {
	var hs []referral.Hash
	for _, n := range md5 {
		hs = append(hs, knowntest.MD5(n))
	}
	return knowntest.Entry(id, hs...)
}

func gone(id string) hashlist.Change { return knowntest.Gone(id) }

func TestImport(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		// Entries of the same name elsewhere are other entries.
		l.Make("other")
		l.Read("other", e("1", 1), e("2", 2))
		for _, chunk := range []int{1, 1000} {
			l.Chunk = chunk
			for i, c := range imports {
				list := fmt.Sprintf("list-%d-%d", chunk, i)
				l.Make(list)
				l.Read(list, e("1", 1), e("2", 2))
				jobs := rows(t, l)["river_job"]
				do := l.Read
				if c.replace {
					do = l.Replace
				}
				res := do(list, c.words...)
				want := known.Result{Number: l.View().State(), Read: int64(len(c.words)), Added: c.want[0], Changed: c.want[1], Unchanged: c.want[2], Removed: c.want[3]}
				if res != want {
					t.Errorf("%s, %d in a transaction:\n got %+v\nwant %+v", c.name, chunk, res, want)
				}
				if got := ids(t, l, list); !slices.Equal(got, c.left) {
					t.Errorf("%s, %d in a transaction: left is %q, want %q", c.name, chunk, got, c.left)
				}
				if c.want[0]+c.want[1]+c.want[3] > 0 {
					jobs++
				}
				if got := rows(t, l)["river_job"]; got != jobs {
					t.Errorf("%s: %d follow-up jobs, want %d", c.name, got, jobs)
				}
				again := do(list, c.words...)
				if n := again.Added + again.Changed + again.Removed; n != 0 && len(c.words) == len(c.left) {
					t.Errorf("%s, again: %+v, want no change", c.name, again)
				}
			}
		}
		if got := ids(t, l, "other"); !slices.Equal(got, []string{"1", "2"}) {
			t.Errorf("the other list has %q, want 1 and 2", got)
		}
	})
}

// The usual number of entries in a transaction, with borders in between.
func TestImportOfMany(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		const n = 10_050
		l.Make("demo")
		var progress []int64
		read := func(replace bool, words ...hashlist.Change) known.Result {
			t.Helper()
			progress = nil
			res, err := l.Import(t.Context(), l.Who, "demo", known.Import{
				Replace: replace, Progress: func(n int64) { progress = append(progress, n) },
				Read: func(ctx context.Context, emit func(hashlist.Change) error, note func(referral.Finding)) error {
					if err := many(n)(ctx, emit, note); err != nil {
						return err
					}
					return knowntest.File(words...)(ctx, emit, note)
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			return res
		}
		if got, want := read(false), (known.Result{Number: 1, Read: n, Added: n}); got != want || !slices.Equal(progress, []int64{10_000, n}) {
			t.Errorf("first: %+v, progress %v; want %+v", got, progress, want)
		}
		if got, want := read(true), (known.Result{Number: 2, Read: n, Unchanged: n}); got != want {
			t.Errorf("the same: %+v, want %+v", got, want)
		}
		id := ids(t, l, "demo")[0]
		later := hashlist.Change{Tombstone: &hashlist.Tombstone{Source: "demo", ID: id}}
		if got, want := read(true, later), (known.Result{Number: 3, Read: n + 1, Unchanged: n, Removed: 1}); got != want {
			t.Errorf("with a tombstone far behind its entry: %+v, want %+v", got, want)
		}
		if got := l.Replace("demo", e("1", 1)); got != (known.Result{Number: 4, Read: 1, Added: 1, Removed: n - 1}) {
			t.Errorf("replaced by one: %+v", got)
		}
	})
}

func TestImportSeesEveryDifference(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		l.Make("demo")
		l.Read("demo", hashlist.Change{Entry: whole()})
		l.Read("demo", hashlist.Change{Entry: whole()})
		for name, alter := range map[string]func(e *hashlist.Entry){
			"quality":   func(e *hashlist.Entry) { e.Hashes[1].Quality = 20 },
			"a hash":    func(e *hashlist.Entry) { e.Hashes[0] = knowntest.MD5(2) },
			"less":      func(e *hashlist.Entry) { e.Hashes = e.Hashes[:1] },
			"a kind":    func(e *hashlist.Entry) { e.Hashes[2].Kind = "other" },
			"a label":   func(e *hashlist.Entry) { e.Labels[0].Value = "a2" },
			"no labels": func(e *hashlist.Entry) { e.Labels = nil },
			"a flag":    func(e *hashlist.Entry) { e.Flags.Distributed = referral.Unknown },
			"a vote":    func(e *hashlist.Entry) { e.Votes[0].Positive = false },
			"a link":    func(e *hashlist.Entry) { e.Links[0].Href += "2" },
			"media":     func(e *hashlist.Entry) { e.Media = hashlist.Video },
			"series":    func(e *hashlist.Entry) { e.Series = "" },
			"size":      func(e *hashlist.Entry) { e.Size++ },
			"sightings": func(e *hashlist.Entry) { e.Sightings++ },
			"at":        func(e *hashlist.Entry) { e.At = e.At.AddDate(0, 0, 1) },
		} {
			x := whole()
			alter(x)
			if got := l.Read("demo", hashlist.Change{Entry: x}); got.Changed != 1 {
				t.Errorf("%s: %+v, want one entry changed", name, got)
			}
			if got := l.Read("demo", hashlist.Change{Entry: whole()}); got.Changed != 1 {
				t.Errorf("%s and back: %+v, want one entry changed", name, got)
			}
		}
		same := whole()
		same.Path = "line 9"
		if got := l.Read("demo", hashlist.Change{Entry: same}); got.Unchanged != 1 {
			t.Errorf("read at another place: %+v, want no change", got)
		}
	})
}

// What the index would not take must not come so far: one such fingerprint
// would keep every file from being looked up.
func TestImportLeavesOutWhatNothingCanMatch(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		l.Make("demo")
		large := referral.Hash{Kind: "opaque", Value: strings.Repeat("x", 1<<20+1)}
		var notes []referral.Finding
		res, err := l.Import(t.Context(), l.Who, "demo", known.Import{
			Note: func(f referral.Finding) { notes = append(notes, f) },
			Read: knowntest.File(knowntest.Entry("1", large, referral.Hash{Kind: "md5", Value: "not hexadecimal"}, knowntest.MD5(1), referral.Hash{Kind: "pdq", Value: "00"}, referral.Hash{Kind: "opaque"})),
		})
		if err != nil || res.Added != 1 || res.Refused != 0 || len(notes) != 4 {
			t.Errorf("import: %+v, %v, %d notes; want the entry, and a note for each of 4 fingerprints", res, err, len(notes))
		}
		if got := l.View().Exact(knowntest.MD5(1)); len(got) != 1 || l.View().Err() != nil {
			t.Errorf("the entry's good fingerprint finds %+v, %v", got, l.View().Err())
		}
		if l.View().Exact(large) != nil || l.View().Err() != nil {
			t.Errorf("a question that is too long: %v, want no answer", l.View().Err())
		}
	})
}

func TestImportCountsWhatTheReaderRefuses(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		l.Make("demo")
		res, err := l.Import(t.Context(), l.Who, "demo", known.Import{Read: func(_ context.Context, emit func(hashlist.Change) error, note func(referral.Finding)) error {
			note(referral.Finding{Severity: referral.Refuse})
			note(referral.Finding{Severity: referral.Warn})
			return emit(e("1", 1))
		}})
		if err != nil || res != (known.Result{Number: 1, Read: 1, Added: 1, Refused: 1}) {
			t.Errorf("import: %+v, %v", res, err)
		}
		if _, err := l.Import(t.Context(), identity.Actor{}, "demo", known.Import{}); fault.KindOf(err) != fault.Denied {
			t.Errorf("import by nobody: %v, want denied", err)
		}
		if err := importing(t.Context(), l, "demo", hashlist.Change{}); err == nil {
			t.Error("a change that is neither entry nor tombstone was taken")
		}
		if err := importing(t.Context(), l, "nowhere"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("import into no list: %v, want not found", err)
		}
	})
}

// Few entries can be as large as many: they too are written before memory
// runs out.
func TestImportOfLargeEntries(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		l.Make("demo")
		var progress []int64
		_, err := l.Import(t.Context(), l.Who, "demo", known.Import{Progress: func(n int64) { progress = append(progress, n) }, Read: func(_ context.Context, emit func(hashlist.Change) error, _ func(referral.Finding)) error {
			for i := range 15 {
				if err := emit(knowntest.Entry(fmt.Sprint(i), referral.Hash{Kind: "opaque", Value: strings.Repeat(string(rune('a'+i)), 1<<20)})); err != nil {
					return err
				}
			}
			return nil
		}})
		if err != nil || len(progress) < 2 {
			t.Errorf("written after %v entries, %v; want two transactions or more", progress, err)
		}
		if got := l.View().Exact(referral.Hash{Kind: "opaque", Value: strings.Repeat("a", 1<<20)}); len(got) != 1 {
			t.Errorf("the largest fingerprint that is taken finds %+v, %v", got, l.View().Err())
		}
	})
}
