package indicatortest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"

	"github.com/google/go-cmp/cmp"
)

// RunStore is what every store of figures promises. open gives an empty one.
func RunStore(t *testing.T, open func(t *testing.T) indicator.Store) {
	for name, f := range map[string]func(*testing.T, indicator.Store){
		"statements": statements, "series": series, "observations": observations, "extremes": extremes,
		"rollback": rollback, "batches": batches, "refused": refused, "tallies": tallies, "tallies together": talliesTogether,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); f(t, open(t)) })
	}
}

// moment is a time in the precision of a store, n microseconds apart.
func moment(n int) time.Time {
	return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Microsecond)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func statements(t *testing.T, s indicator.Store) {
	ctx := t.Context()
	var want []indicator.Statement
	// Written in another order than they are read; ids differ by case and by accents.
	for _, id := range []string{"b", "B", "ä", "a", "a-b", "ab"} {
		for v := int64(1); v <= 2; v++ {
			st := indicator.Statement{Kind: "k", ID: id, Version: v, At: moment(int(v)), By: "local:x", Removed: v == 2 && id == "a", Body: []byte(`{"n": "` + id + `"}`)}
			must(t, s.State(ctx, &st))
			want = append(want, st)
		}
	}
	must(t, s.State(ctx, &indicator.Statement{Kind: "K", ID: "a", Version: 1, At: moment(1), By: "x", Body: []byte("{}")}))
	slices.SortStableFunc(want, func(a, b indicator.Statement) int {
		switch {
		case a.ID < b.ID:
			return -1
		case a.ID > b.ID:
			return 1
		}
		return int(a.Version - b.Version)
	})
	read := func(id string) (got []indicator.Statement) {
		must(t, s.Statements(ctx, "k", id, func(st indicator.Statement) error { st.Body = slices.Clone(st.Body); got = append(got, st); return nil }))
		return got
	}
	if d := cmp.Diff(want, read("")); d != "" {
		t.Errorf("statements (-want +got)\n%s", d)
	}
	if got := read("B"); len(got) != 2 || got[0].ID != "B" || got[1].Version != 2 {
		t.Errorf("statements of B: %+v", got)
	}
	if err := s.State(ctx, &want[0]); err == nil {
		t.Error("a version was stated twice")
	}
}

func key(indicatorName, source, geography string, l calendar.Length) indicator.Key {
	return indicator.Key{Indicator: indicatorName, Source: source, Geography: geography, Length: l}
}

func series(t *testing.T, s indicator.Store) {
	ctx := t.Context()
	keys := []indicator.Key{
		key("r", "ä", "DE", calendar.Daily), key("r", "z", "DE", calendar.Daily), key("r", "a", "Z", calendar.Weekly), key("R", "a", "Z", calendar.Weekly),
		key("r", "a", "DE", calendar.Weekly), key("r", "a", "DE", calendar.Daily), key("r-b", "a", "DE", calendar.Daily), key("r", "a b", "DE", calendar.Daily),
	}
	ids := map[int64]indicator.Key{}
	for i, k := range keys {
		if got, err := s.Find(ctx, k); err != nil || got != nil {
			t.Fatalf("Find(%v) before it is there: %+v, %v", k, got, err)
		}
		sr := indicator.Series{Key: k}
		must(t, s.Create(ctx, &sr))
		if sr.ID != int64(i+1) {
			t.Errorf("series %d got the number %d", i+1, sr.ID)
		}
		ids[sr.ID] = k
		must(t, s.Save(ctx, []*indicator.Series{{ID: sr.ID, First: calendar.Day(i), Last: 20000, Periods: 7, Revisions: 2, Learned: moment(i)}}))
	}
	if err := s.Create(ctx, &indicator.Series{Key: keys[0]}); err == nil {
		t.Error("a series was begun twice")
	}
	if err := s.Save(ctx, []*indicator.Series{{ID: 99}}); err == nil {
		t.Error("a series that is not there was saved")
	}
	want := indicator.Series{Key: keys[3], ID: 4, First: 3, Last: 20000, Periods: 7, Revisions: 2, Learned: moment(3)}
	got, err := s.Find(ctx, keys[3])
	must(t, err)
	if d := cmp.Diff(&want, got); d != "" {
		t.Errorf("Find (-want +got)\n%s", d)
	}
	byID, err := s.Get(ctx, []int64{1, 4, 8, 77})
	if err != nil || len(byID) != 3 || byID[4] == nil || byID[4].Key != keys[3] {
		t.Errorf("Get: %v, %v", byID, err)
	}
	if byID, err := s.Get(ctx, nil); err != nil || len(byID) != 0 {
		t.Errorf("Get of none: %v, %v", byID, err)
	}
	for _, c := range []struct {
		sel  indicator.Selection
		want []int
	}{
		{indicator.Selection{}, []int{3, 5, 4, 2, 7, 1, 0, 6}},
		{indicator.Selection{Indicators: []string{"r"}}, []int{5, 4, 2, 7, 1, 0}},
		{indicator.Selection{Indicators: []string{"r", "R"}, Sources: []string{"a"}}, []int{3, 5, 4, 2}},
		{indicator.Selection{Geographies: []string{"Z", "Q"}}, []int{3, 2}},
		{indicator.Selection{Length: calendar.Weekly, Sources: []string{"a"}, Geographies: []string{"DE"}}, []int{4}},
		{indicator.Selection{Sources: []string{"A"}}, nil},
	} {
		list, err := s.List(ctx, c.sel)
		must(t, err)
		var names []indicator.Key
		for _, sr := range list {
			names = append(names, sr.Key)
		}
		var want []indicator.Key
		for _, i := range c.want {
			want = append(want, keys[i])
		}
		// Keys are in the order of bytes, as Key.Compare has it.
		if !slices.IsSortedFunc(names, indicator.Key.Compare) || !slices.Equal(names, want) {
			t.Errorf("List(%+v) = %v, want %v", c.sel, names, want)
		}
	}
}

func read(t *testing.T, ctx context.Context, s indicator.Store, series int64, from, to calendar.Day, upTo time.Time) (out []indicator.Stored) {
	t.Helper()
	must(t, s.Observations(ctx, series, from, to, upTo, func(o *indicator.Stored) error { out = append(out, *o); return nil }))
	return out
}

func observation(series int64, day calendar.Day, revision int, batch int64, learned int, value float64, st indicator.Status, provisional bool) indicator.Stored {
	return indicator.Stored{Series: series, Revision: revision, Batch: batch,
		Observation: indicator.Observation{First: day, Status: st, Value: value, Provisional: provisional, Learned: moment(learned)}}
}

func observations(t *testing.T, s indicator.Store) {
	ctx := t.Context()
	all := []indicator.Stored{
		observation(1, 18000, 0, 1, 5, 17, "", false),
		observation(1, 18000, 1, 2, 3, 0, indicator.Suppressed, false),
		observation(1, 18000, 2, 3, 9, 1e12, "", true),
		observation(1, 18001, 0, 1, 5, 0, "", false),
		observation(1, 18007, 0, 1, 5, 0, indicator.Unavailable, true),
		observation(1, 18500, 0, 2, 6, 0, indicator.NotReported, false),
		observation(2, 18000, 0, 1, 5, 4, "", false),
		observation(2, 18001, 0, 4, 5, 5, "", true),
	}
	// In two parts, and not in order.
	must(t, s.Append(ctx, []indicator.Stored{all[6], all[2], all[0], all[5]}))
	must(t, s.Append(ctx, []indicator.Stored{all[1], all[7], all[3], all[4]}))
	must(t, s.Append(ctx, nil))
	for _, c := range []struct {
		series   int64
		from, to calendar.Day
		upTo     time.Time
		want     []indicator.Stored
	}{
		{1, 0, indicator.MaxDay, time.Time{}, all[:6]},
		{2, 0, indicator.MaxDay, time.Time{}, all[6:]},
		{3, 0, indicator.MaxDay, time.Time{}, nil},
		{1, 18000, 18000, time.Time{}, all[:3]},
		{1, 18001, 18007, time.Time{}, all[3:5]},
		{1, 18002, 18006, time.Time{}, nil},
		{1, 18007, 18001, time.Time{}, nil},
		{1, 18000, 18001, moment(5), []indicator.Stored{all[0], all[1], all[3]}},
		{1, 18000, 18001, moment(4), []indicator.Stored{all[1]}},
		{1, 18000, 18001, moment(2), nil},
		{1, -5, 1 << 30, time.Time{}, all[:6]},
	} {
		if d := cmp.Diff(c.want, read(t, ctx, s, c.series, c.from, c.to, c.upTo)); d != "" {
			t.Errorf("series %d from %d to %d, up to %v (-want +got)\n%s", c.series, c.from, c.to, c.upTo, d)
		}
	}
	if err := s.Append(ctx, all[:1]); err == nil {
		t.Error("the same revision was written twice")
	}
	stop := errors.New("stop")
	n := 0
	if err := s.Observations(ctx, 1, 0, indicator.MaxDay, time.Time{}, func(*indicator.Stored) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Errorf("a question that was stopped: %v after %d", err, n)
	}
}

// The corners of what has a place: they must not be taken for a neighbour.
func extremes(t *testing.T, s indicator.Store) {
	ctx := t.Context()
	const lastSeries = 1<<31 - 1
	all := []indicator.Stored{
		observation(1, 0, 0, 1, 0, 1, "", false),
		observation(1, 0, indicator.MaxRevision, 1, 0, 2, "", false),
		observation(1, 1<<16-1, 0, 1, 0, 3, "", false),
		observation(1, 1<<16-1, indicator.MaxRevision, 1<<40, 0, 4, "", false),
		observation(2, 0, 0, 1, 0, 5, "", false),
		observation(lastSeries, 1<<16-1, indicator.MaxRevision, 1, 0, 6, "", false),
	}
	must(t, s.Append(ctx, all))
	for series, want := range map[int64][]indicator.Stored{1: all[:4], 2: all[4:5], lastSeries: all[5:]} {
		if d := cmp.Diff(want, read(t, ctx, s, series, 0, 1<<16-1, time.Time{})); d != "" {
			t.Errorf("series %d (-want +got)\n%s", series, d)
		}
	}
	if d := cmp.Diff(all[1:2], read(t, ctx, s, 1, 0, 0, time.Time{})[1:]); d != "" {
		t.Errorf("the first day (-want +got)\n%s", d)
	}
	for _, o := range []indicator.Stored{
		observation(0, 0, 0, 1, 0, 1, "", false), observation(-1, 0, 0, 1, 0, 1, "", false), observation(lastSeries+1, 0, 0, 1, 0, 1, "", false),
		observation(1, -1, 0, 1, 0, 1, "", false), observation(1, 1<<16, 0, 1, 0, 1, "", false), observation(1, 5, -1, 1, 0, 1, "", false),
		observation(1, 5, indicator.MaxRevision+1, 1, 0, 1, "", false),
	} {
		if err := s.Append(ctx, []indicator.Stored{o}); err == nil {
			t.Errorf("%+v has no place, and was written", o)
		}
	}
}

func rollback(t *testing.T, s indicator.Store) {
	ctx := t.Context()
	stop := errors.New("stop")
	err := s.Atomically(ctx, func(ctx context.Context) error {
		must(t, s.Lock(ctx))
		sr := indicator.Series{Key: DE}
		must(t, s.Create(ctx, &sr))
		if got, err := s.Find(ctx, DE); err != nil || got == nil {
			t.Errorf("within its transaction a series is not there: %v", err)
		}
		must(t, s.Append(ctx, []indicator.Stored{observation(sr.ID, 18000, 0, 1, 0, 1, "", false)}))
		if n := len(read(t, ctx, s, sr.ID, 0, indicator.MaxDay, time.Time{})); n != 1 {
			t.Errorf("within its transaction %d observations are there, want 1", n)
		}
		must(t, s.Tally(ctx, "p2p", "DE", 18000, 3))
		must(t, s.OpenBatch(ctx, &indicator.Batch{State: indicator.BatchRunning, Started: moment(0), Beat: moment(0)}))
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("got %v, want stop", err)
	}
	if sr, err := s.Find(ctx, DE); err != nil || sr != nil {
		t.Errorf("after a rollback: %+v, %v", sr, err)
	}
	if os := read(t, ctx, s, 1, 0, indicator.MaxDay, time.Time{}); os != nil {
		t.Errorf("after a rollback: %+v", os)
	}
	must(t, s.Tallies(ctx, func(string, string, calendar.Day, int64) error { t.Error("a tally was left"); return nil }))
	if bs, err := s.Batches(ctx, 10); err != nil || len(bs) != 0 {
		t.Errorf("after a rollback: %+v, %v", bs, err)
	}
}

func batches(t *testing.T, s indicator.Store) {
	ctx := t.Context()
	b := &indicator.Batch{Name: "n", Inputs: "a.csv", Actor: "local:x", Owner: "p1", Beat: moment(1), State: indicator.BatchRunning, Learned: moment(-9), Started: moment(1)}
	must(t, s.OpenBatch(ctx, b))
	other := *b
	other.Name = "N"
	must(t, s.OpenBatch(ctx, &other))
	if b.ID != 1 || other.ID != 2 {
		t.Errorf("batches got the numbers %d and %d", b.ID, other.ID)
	}
	page := func(d, r, a int64) *indicator.Page {
		p := &indicator.Page{Outcomes: fmt.Appendf(nil, "d%cr%ca%c", d, r, a), Digest: []byte{1, 2, byte(a)}}
		must(t, p.Recount())
		return p
	}
	for i, p := range []*indicator.Page{page(5, 1, 100), page(1, 2, 3)} {
		b.Beat = moment(2 + i)
		p.Totals.Late, p.Totals.Restated, p.Totals.Created = 7, 8, 9
		must(t, s.TurnPage(ctx, b, p))
		if p.Number != int64(i+1) {
			t.Errorf("page %d got the number %d", i+1, p.Number)
		}
	}
	found, err := s.FindBatch(ctx, "n")
	must(t, err)
	want := *b
	want.Totals = indicator.Totals{Read: 112, Accepted: 103, Duplicate: 6, Refused: 3, Late: 14, Restated: 16, Created: 18}
	if d := cmp.Diff(&want, found); d != "" {
		t.Errorf("FindBatch (-want +got)\n%s", d)
	}
	var pages []*indicator.Page
	must(t, s.Ledger(ctx, b.ID, func(p *indicator.Page) error { pages = append(pages, p); return nil }))
	if len(pages) != 2 || pages[0].Totals.Settled() != 106 || pages[1].Totals.Refused != 2 || string(pages[1].Digest) != "\x01\x02\x03" {
		t.Errorf("ledger %+v", pages)
	}
	// Another process takes it over; the one before can write no more.
	mine := *b
	mine.Owner, mine.Beat = "p2", moment(50)
	for _, c := range []struct {
		from string
		want bool
	}{{"p3", false}, {"p1", true}, {"p1", false}} {
		if ok, err := s.TakeBatch(ctx, &mine, c.from); err != nil || ok != c.want {
			t.Errorf("TakeBatch from %s: %t, %v; want %t", c.from, ok, err, c.want)
		}
	}
	if err := s.TurnPage(ctx, b, page(1, 1, 1)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a page of a batch that was taken over: %v, want a conflict", err)
	}
	for _, read := range []int64{0, 111, 113} {
		if err := s.CloseBatch(ctx, b.ID, read, moment(59)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a batch with 112 rows was closed after %d were read: %v", read, err)
		}
	}
	must(t, s.CloseBatch(ctx, b.ID, 112, moment(60)))
	if s.CloseBatch(ctx, b.ID, 112, moment(61)) == nil || s.StopBatch(ctx, b.ID, moment(61)) == nil {
		t.Error("a batch was ended twice")
	}
	if err := s.TurnPage(ctx, &mine, page(1, 1, 1)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a page of a closed batch: %v, want a conflict", err)
	}
	if ok, err := s.TakeBatch(ctx, b, "p2"); ok || err != nil {
		t.Errorf("a closed batch was taken over: %v", err)
	}
	if found, err := s.FindBatch(ctx, "n"); err != nil || found != nil {
		t.Errorf("a closed batch was found: %+v, %v", found, err)
	}
	third := &indicator.Batch{State: indicator.BatchRunning, Started: moment(70), Beat: moment(70)}
	must(t, s.OpenBatch(ctx, third))
	must(t, s.StopBatch(ctx, third.ID, moment(71)))
	must(t, s.CloseBatch(ctx, other.ID, 0, moment(72))) // an empty one reconciles
	bs, err := s.Batches(ctx, 1)
	if err != nil || len(bs) != 1 || bs[0].ID != 3 || bs[0].State != indicator.BatchStopped {
		t.Errorf("the newest batch: %+v, %v", bs, err)
	}
	if bs, err = s.Batches(ctx, 9); err != nil || len(bs) != 3 || !bs[2].Closed.Equal(moment(60)) || bs[2].State != indicator.BatchClosed {
		t.Errorf("all batches: %+v, %v", bs, err)
	}
}

func refused(t *testing.T, s indicator.Store) {
	ctx := t.Context()
	put := func(digest string, batch int64, at int) int64 {
		r := &indicator.RefusedRow{Digest: []byte(digest), Batch: batch, State: indicator.RefusedHeld, First: moment(at), Last: moment(at), Content: []byte("box " + digest)}
		must(t, s.Refuse(ctx, r))
		return r.ID
	}
	a, b := put("a", 1, 1), put("b", 1, 2)
	if again := put("a", 2, 5); a != 1 || b != 2 || again != a {
		t.Errorf("numbers %d, %d, and %d for the first one again", a, b, again)
	}
	list := func(batch int64, state string) (out []indicator.RefusedRow) {
		must(t, s.ListRefused(ctx, batch, state, func(r *indicator.RefusedRow) error { out = append(out, *r); return nil }))
		return out
	}
	want := []indicator.RefusedRow{
		{ID: 1, Digest: []byte("a"), Batch: 2, State: indicator.RefusedHeld, Seen: 2, First: moment(1), Last: moment(5), Content: []byte("box a")},
		{ID: 2, Digest: []byte("b"), Batch: 1, State: indicator.RefusedHeld, Seen: 1, First: moment(2), Last: moment(2), Content: []byte("box b")},
	}
	for _, c := range []struct {
		batch int64
		state string
		want  []indicator.RefusedRow
	}{{0, "", want}, {1, "", want[1:]}, {2, indicator.RefusedHeld, want[:1]}, {0, indicator.RefusedExpired, nil}, {7, "", nil}} {
		if d := cmp.Diff(c.want, list(c.batch, c.state)); d != "" {
			t.Errorf("refused of batch %d, %q (-want +got)\n%s", c.batch, c.state, d)
		}
	}
	if n, err := s.ExpireRefused(ctx, moment(2)); n != 1 || err != nil {
		t.Errorf("%d rows expired, %v; want 1", n, err)
	}
	if r, err := s.GetRefused(ctx, b); err != nil || r.State != indicator.RefusedExpired || len(r.Content) != 0 || r.Seen != 1 {
		t.Errorf("an expired row: %+v, %v", r, err)
	}
	if r, err := s.GetRefused(ctx, a); err != nil || r.State != indicator.RefusedHeld || string(r.Content) != "box a" {
		t.Errorf("a row that is held: %+v, %v", r, err)
	}
	put("b", 3, 9)
	if r, err := s.GetRefused(ctx, b); err != nil || r.State != indicator.RefusedHeld || string(r.Content) != "box b" || r.Seen != 2 || r.Batch != 3 {
		t.Errorf("an expired row that came again: %+v, %v", r, err)
	}
	if _, err := s.GetRefused(ctx, 99); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a row that is not there: %v", err)
	}
}

func tallies(t *testing.T, s indicator.Store) {
	ctx := t.Context()
	for _, c := range []struct {
		indicator, geography string
		day                  calendar.Day
		n                    int64
	}{{"p2p", "DE", 2, 3}, {"p2p", "AT", 9, 0}, {"p2p", "DE", 1, 1}, {"p2p", "DE", 2, 1 << 40}, {"P2P", "DE", 2, 7}, {"p2p", "DE", 2, 0}} {
		must(t, s.Tally(ctx, c.indicator, c.geography, c.day, c.n))
	}
	var got []string
	must(t, s.Tallies(ctx, func(i, g string, d calendar.Day, n int64) error {
		got = append(got, fmt.Sprint(i, " ", g, " ", int(d), " ", n))
		return nil
	}))
	want := []string{"P2P DE 2 7", "p2p AT 9 0", "p2p DE 1 1", fmt.Sprint("p2p DE 2 ", int64(1)<<40+3)}
	if !slices.Equal(got, want) {
		t.Errorf("tallies %q, want %q", got, want)
	}
}

func talliesTogether(t *testing.T, s indicator.Store) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 25 {
				if err := s.Tally(t.Context(), "p2p", "DE", 1, 1); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	must(t, s.Tallies(t.Context(), func(_, _ string, _ calendar.Day, n int64) error {
		if n != 200 {
			t.Errorf("200 tallies of 1 came to %d", n)
		}
		return nil
	}))
}
