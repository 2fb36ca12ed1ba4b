package known_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/identity"
	"lapwing/internal/known"
	"lapwing/internal/known/knowntest"
	"lapwing/internal/referral"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

func each(t *testing.T, f func(t *testing.T, l *knowntest.Lists)) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) { f(t, knowntest.New(t, db)) })
}

func TestCreate(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		ctx := t.Context()
		l.Make("b")
		if err := l.Create(ctx, l.Who, known.List{Name: "a-1.x_y", Source: "example", Good: true, Note: "Invented."}); err != nil {
			t.Fatal(err)
		}
		l.Make("gone")
		if err := l.Remove(ctx, l.Who, "gone"); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			list known.List
			who  identity.Actor
			want fault.Kind
		}{
			{known.List{Name: ""}, l.Who, fault.Invalid},
			{known.List{Name: "B"}, l.Who, fault.Invalid},
			{known.List{Name: ".b"}, l.Who, fault.Invalid},
			{known.List{Name: "b/c"}, l.Who, fault.Invalid},
			{known.List{Name: "b\n"}, l.Who, fault.Invalid},
			{known.List{Name: strings.Repeat("b", 64)}, l.Who, fault.Invalid},
			{known.List{Name: "c", Source: "a\x00b"}, l.Who, fault.Invalid},
			{known.List{Name: "c", Source: strings.Repeat("b", 256)}, l.Who, fault.Invalid},
			{known.List{Name: "c", Note: "\xff"}, l.Who, fault.Invalid},
			{known.List{Name: "b"}, l.Who, fault.Conflict},
			{known.List{Name: "gone"}, l.Who, fault.Conflict}, // old matches name it
			{known.List{Name: "c"}, identity.Actor{}, fault.Denied},
		} {
			if err := l.Create(ctx, c.who, c.list); fault.KindOf(err) != c.want {
				t.Errorf("create %+v by %q: %v, want %s", c.list, c.who.ID, err, c.want)
			}
		}
		got, err := l.Lists(ctx)
		want := []known.List{
			{ID: 2, Name: "a-1.x_y", Source: "example", Good: true, Note: "Invented.", Created: l.Clock.Now()},
			{ID: 1, Name: "b", Source: "b", Created: l.Clock.Now()},
		}
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("lists: %v (-want +got)\n%s", err, d)
		}
		if n := count(t, l, "list.create"); n != 3 {
			t.Errorf("%d lists were made by the audit, want 3", n)
		}
		if _, err := l.Show(ctx, "gone"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("show a list that was removed: %v, want not found", err)
		}
	})
}

// count counts the audit's entries with the action.
func count(t *testing.T, l *knowntest.Lists, action string) (n int) {
	t.Helper()
	if err := l.Audit.Show(t.Context(), audit.Filter{Action: action}, func(audit.Entry) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// rows says how many rows there are in each table that a change writes to.
func rows(t *testing.T, l *knowntest.Lists) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, table := range []string{"known_entry", "known_entry WHERE until = 0", "known_fingerprint", "known_change WHERE state = 'done'", "river_job", "audit_entry"} {
		var n int
		if err := l.DB.R(t.Context()).QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		out[table] = n
	}
	return out
}

// ids lists the entries of a list by id, in their order.
func ids(t *testing.T, l *knowntest.Lists, list string) (out []string) {
	t.Helper()
	x, err := l.List(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	err = l.Store.Entries(t.Context(), x.ID, x.Version, func(e *hashlist.Entry) error { out = append(out, e.ID); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(out)) != x.Entries {
		t.Errorf("list %s has %d entries, and says that it has %d", list, len(out), x.Entries)
	}
	return out
}

// whole is an entry with everything that an entry can say.
func whole() *hashlist.Entry {
	at := time.Date(2026, 2, 3, 4, 5, 6, 789000000, time.UTC)
	return &hashlist.Entry{
		Source: "src", ID: "1", Media: hashlist.Image, Series: "series 1", Size: 1234, Sightings: 7, Producer: "tool 1", At: at,
		Hashes: []referral.Hash{knowntest.MD5(1), knowntest.PDQ(3, 77), {Kind: "netclean", Value: "Ünïcode text"}, {Kind: "sha1", Value: strings.Repeat("0a", 20)}},
		Links:  []hashlist.Link{{Kind: "tmkpdqf", Rel: "alternate", Href: "https://example.org/1"}},
		Labels: []referral.Label{{Scheme: "industry", Value: "a1", Author: "src", At: at}, {Scheme: "other", Value: "x"}},
		Flags:  hashlist.Flags{VictimIdentified: referral.True, Distributed: referral.False},
		Votes:  []hashlist.Vote{{Kind: "md5", Positive: true, Author: "voter", Reason: "seen", ReasonID: "9", At: at}, {Kind: "pdq", Author: "other"}},
	}
}

func TestExportGivesBackWhatCameIn(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		ctx := t.Context()
		l.Make("demo")
		full, bare := whole(), &hashlist.Entry{Source: "other", ID: "Z"}
		in, last := whole(), knowntest.Entry("a", knowntest.MD5(2))
		in.Path = "line 17" // of the file, not of the entry
		l.Read("demo", hashlist.Change{Entry: in}, hashlist.Change{Entry: bare}, last)
		var got []*hashlist.Entry
		if err := l.Export(ctx, l.Who, "demo", func(e *hashlist.Entry) error { got = append(got, e); return nil }); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]*hashlist.Entry{full, bare, last.Entry}, got); d != "" {
			t.Errorf("export (-want +got)\n%s", d)
		}
		if n := count(t, l, "list.export"); n != 1 {
			t.Errorf("%d exports are recorded, want 1", n)
		}
		// One who reads on while the list changes gets it as it was.
		n := 0
		err := l.Export(ctx, l.Who, "demo", func(e *hashlist.Entry) error {
			if n++; n == 1 {
				l.Replace("demo", knowntest.Entry("new"))
			}
			return nil
		})
		if err != nil || n != 3 {
			t.Errorf("export beside a change: %d entries, %v; want 3", n, err)
		}
		stop := errors.New("stop")
		if err := l.Export(ctx, l.Who, "demo", func(*hashlist.Entry) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("export into a full pipe: %v, want %v", err, stop)
		}
		before := count(t, l, "list.export")
		told := false
		err = l.Export(ctx, identity.Actor{}, "demo", func(*hashlist.Entry) error { told = true; return nil })
		if fault.KindOf(err) != fault.Denied || told || count(t, l, "list.export") != before {
			t.Errorf("export by nobody: %v, told %t; want denied and nothing told", err, told)
		}
	})
}

func TestShow(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		l.Make("other")
		l.Read("other", knowntest.Entry("1", knowntest.MD5(1)))
		l.Make("demo")
		l.Read("demo", knowntest.Entry("1", knowntest.MD5(1), knowntest.PDQ(1, 80)), knowntest.Entry("2", knowntest.MD5(2)))
		l.Clock.Move(time.Hour)
		l.Read("demo", knowntest.Gone("2"), knowntest.Entry("1", knowntest.MD5(1)), knowntest.Entry("3", knowntest.MD5(3)))
		got, err := l.Show(t.Context(), "demo")
		if err != nil {
			t.Fatal(err)
		}
		now := l.Clock.Now()
		want := &known.Detail{
			List:         known.List{ID: 2, Name: "demo", Source: "demo", Created: now.Add(-time.Hour), Version: 3, Changed: now, Entries: 2},
			Fingerprints: map[string]int64{"md5": 2},
			History: []known.Change{
				{Number: 3, List: 2, What: "import", Actor: l.Who.ID, Owner: "here", At: now, Added: 1, Changed: 1, Removed: 1},
				{Number: 2, List: 2, What: "import", Actor: l.Who.ID, Owner: "here", At: now.Add(-time.Hour), Added: 2},
			},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("show (-want +got)\n%s", d)
		}
	})
}

func TestRemove(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		ctx := t.Context()
		l.Make("demo")
		l.Make("stays")
		l.Read("demo", knowntest.Entry("1", knowntest.MD5(1)), knowntest.Entry("2", knowntest.MD5(2)))
		l.Read("stays", knowntest.Entry("1", knowntest.MD5(1)))
		jobs := rows(t, l)["river_job"]
		if err := l.Remove(ctx, l.Who, "demo"); err != nil {
			t.Fatal(err)
		}
		if got := rows(t, l)["river_job"]; got != jobs+1 {
			t.Errorf("%d follow-up jobs, want %d", got, jobs+1)
		}
		if n := count(t, l, "list.remove"); n != 1 {
			t.Errorf("%d removals are recorded, want 1", n)
		}
		if got := l.View().Exact(knowntest.MD5(1)); len(got) != 1 || got[0].List != "stays" {
			t.Errorf("after the removal: %+v, want the entry of the other list", got)
		}
		then, err := l.ViewAt(ctx, 2)
		if err != nil {
			t.Fatal(err)
		}
		if got := then.Exact(knowntest.MD5(1)); len(got) != 2 || got[0].List != "demo" || got[0].Version != 1 || got[1].List != "stays" || got[1].Version != 2 {
			t.Errorf("before the removal: %+v, want demo in version 1 and stays in version 2", got)
		}
		touches, err := l.Touches(ctx, 3)
		if err != nil || !touches(knowntest.MD5(2)) || touches(knowntest.MD5(3)) {
			t.Errorf("the removal touches the wrong fingerprints: %v", err)
		}
		for what, err := range map[string]error{
			"remove again": l.Remove(ctx, l.Who, "demo"),
			"export":       l.Export(ctx, l.Who, "demo", nil),
			"import":       importing(ctx, l, "demo", knowntest.Entry("3")),
			"a change that began before": func() error {
				return l.Store.Begin(ctx, &known.Change{List: 1, What: "import", Actor: "x", Owner: "here", At: l.Clock.Now()})
			}(),
		} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v, want not found", what, err)
			}
		}
		if l.Remove(ctx, l.Who, "stays") != nil || l.View().Err() != nil {
			t.Errorf("remove the other list: %v", l.View().Err())
		}
	})
}

func importing(ctx context.Context, l *knowntest.Lists, list string, words ...hashlist.Change) error {
	_, err := l.Import(ctx, l.Who, list, known.Import{Read: knowntest.File(words...)})
	return err
}
