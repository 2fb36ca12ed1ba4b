package indicator_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatortest"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A model is what a person would write down: every statement in the order in
// which it was recorded.
type model []statement

type statement struct {
	key indicator.Key
	indicator.Observation
}

// known is what counts of a period at a time: what was learned last by then,
// and of the same moment what was recorded last.
func (m model) known(k indicator.Key, first calendar.Day, at time.Time) *statement {
	var best *statement
	for i := range m {
		st := &m[i]
		if st.key == k && st.First == first && !st.Learned.After(at) && (best == nil || !st.Learned.Before(best.Learned)) {
			best = st
		}
	}
	return best
}

// figures are all that were known at a time, in order.
func (m model) figures(at time.Time) []indicator.Figure {
	var out []indicator.Figure
	for _, p := range m.periods() {
		if st := m.known(p.key, p.First, at); st != nil {
			out = append(out, indicator.Figure{Key: st.key, Observation: st.Observation})
		}
	}
	return out
}

func (m model) periods() (out []statement) {
	for _, st := range m {
		if !slices.ContainsFunc(out, func(x statement) bool { return x.key == st.key && x.First == st.First }) {
			out = append(out, st)
		}
	}
	slices.SortFunc(out, func(a, b statement) int {
		if c := a.key.Compare(b.key); c != 0 {
			return c
		}
		return int(a.First - b.First)
	})
	return out
}

// take settles the rows of a batch one after the other.
func (m *model) take(rows []indicator.Row, learned time.Time) (out []indicator.Outcome) {
	said := map[string]indicator.Observation{} // in this batch, by period and, where rows are dated, time
	for _, r := range rows {
		o := r.Figure.Observation
		at := learned
		name := fmt.Sprint(r.Figure.Key, o.First)
		if !o.Learned.IsZero() {
			at = o.Learned
			name += at.String()
		}
		o.Learned = at
		before, again := said[name]
		known := m.known(r.Figure.Key, o.First, at)
		switch {
		case again && !before.Same(o):
			out = append(out, indicator.Refused)
			continue
		case again, known != nil && known.Same(o):
			out = append(out, indicator.Duplicate)
		case slices.ContainsFunc(*m, func(st statement) bool { return st.key == r.Figure.Key && st.First == o.First }):
			out = append(out, indicator.Updated)
			*m = append(*m, statement{r.Figure.Key, o})
		default:
			out = append(out, indicator.Accepted)
			*m = append(*m, statement{r.Figure.Key, o})
		}
		said[name] = o
	}
	return out
}

// Random imports, of which some are tried before, break off and are run again,
// leave for every time the figures that a person would have then.
func TestAsKnownOn(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		d := indicatortest.New(t, db)
		round := 0
		rapid.Check(t, func(t *rapid.T) { asKnownOn(t, d, &round) })
		d.Whole()
	})
}

func asKnownOn(t *rapid.T, d *indicatortest.Desk, round *int) {
	*round++
	source := fmt.Sprintf("source-%d", *round) // what earlier rounds left is not in the way
	begin := d.Clock.Now()
	times := []time.Time{begin.Add(-time.Hour), begin}
	var m model
	figure := func(dated bool) indicator.Figure {
		k := indicator.Key{Indicator: "p2p", Source: source, Geography: rapid.SampledFrom([]string{"DE", "FR"}).Draw(t, "geography"),
			Length: rapid.SampledFrom([]calendar.Length{calendar.Daily, calendar.Weekly}).Draw(t, "length")}
		day := calendar.Day(18000 + 100*rapid.IntRange(0, 2).Draw(t, "far") + rapid.IntRange(0, 4).Draw(t, "day"))
		f := indicator.Figure{Key: k, Observation: indicator.Observation{First: k.Length.First(day), Provisional: rapid.IntRange(0, 4).Draw(t, "provisional") == 0}}
		if f.Status = rapid.SampledFrom([]indicator.Status{"", "", "", indicator.Unavailable}).Draw(t, "status"); f.Status == "" {
			f.Value = float64(rapid.IntRange(0, 2).Draw(t, "value"))
		}
		if dated {
			f.Learned = rapid.SampledFrom(times).Draw(t, "row learned")
		}
		return f
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "imports") {
		d.Clock.Move(time.Duration(rapid.IntRange(0, 2).Draw(t, "seconds")) * time.Second)
		now := d.Clock.Now()
		times = append(times, now)
		req := indicator.Request{Name: fmt.Sprintf("round %d import %d", *round, i)}
		learned := now
		dated := rapid.IntRange(0, 3).Draw(t, "dated rows") == 0
		if rapid.IntRange(0, 2).Draw(t, "dated") == 0 {
			req.Learned = rapid.SampledFrom(times).Draw(t, "learned")
			learned = req.Learned
		}
		var fs []indicator.Figure
		for range rapid.IntRange(0, 12).Draw(t, "rows") {
			fs = append(fs, figure(dated))
		}
		rows := indicatortest.Rows(fs...)
		before := slices.Clone(m)
		want := m.take(rows, learned)
		d.Page = rapid.SampledFrom([]int{1, 2, 3, 100}).Draw(t, "page")
		run := func(req indicator.Request, n int, failed error) (res indicator.Result, got []indicator.Outcome, err error) {
			req.Rows = indicatortest.Each(rows[:n], failed)
			req.Receipt = func(r indicator.Receipt) { got = append(got, r.Outcome) }
			res, err = d.Import(t.Context(), d.Who, req)
			return res, got, err
		}
		check := func(what string, res indicator.Result, err error, got []indicator.Outcome, want []indicator.Outcome) {
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s of %v, learned %v: outcomes %v, want %v; before: %+v", what, fs, learned, got, want, before)
			}
		}
		if rapid.IntRange(0, 2).Draw(t, "try") == 0 {
			dry := req
			dry.DryRun = true
			res, got, err := run(dry, len(rows), nil)
			check("dry run", res, err, got, want)
			compare(t, d, source, before, now)
		}
		broken := 0
		for rapid.IntRange(0, 2).Draw(t, "break") == 0 && broken < 3 {
			broken++
			d.Owner = fmt.Sprintf("process %d", broken)
			n := rapid.IntRange(0, len(rows)).Draw(t, "at")
			if _, _, err := run(req, n, errBroken); !errors.Is(err, errBroken) {
				t.Fatalf("an input that broke off: %v", err)
			}
		}
		// After a break the rows of pages that were settled are not told again.
		res, got, err := run(req, len(rows), nil)
		check("import", res, err, got, want[len(want)-len(got):])
		if broken == 0 && len(got) != len(want) {
			t.Fatalf("%d receipts for %d rows", len(got), len(want))
		}
		total := indicator.Totals{Read: int64(len(rows))}
		for _, o := range want {
			switch o {
			case indicator.Accepted:
				total.Accepted++
			case indicator.Updated:
				total.Updated++
			case indicator.Duplicate:
				total.Duplicate++
			case indicator.Refused:
				total.Refused++
			}
		}
		res.Late, res.Restated, res.Created = 0, 0, 0
		if res.Totals != total {
			t.Fatalf("after %d breaks the totals are %+v, want %+v", broken, res.Totals, total)
		}
	}
	d.Clock.Move(time.Hour)
	for _, at := range times {
		compare(t, d, source, m, at)
		compare(t, d, source, m, at.Add(-clockStep))
	}
	changes(t, d, source, m, times)
}

const clockStep = time.Microsecond

var errBroken = errors.New("the input broke off")

// compare asks for the figures and for the list of series.
func compare(t *rapid.T, d *indicatortest.Desk, source string, m model, at time.Time) {
	var got []indicator.Figure
	sel := indicator.Selection{Sources: []string{source}, AsOf: at}
	if err := d.Figures(t.Context(), sel, func(f indicator.Figure) error { got = append(got, f); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.figures(at), got); diff != "" {
		t.Fatalf("as known on %v (-want +got)\n%s\nstatements %+v", at, diff, m)
	}
	list, err := d.Series(t.Context(), sel)
	if err != nil {
		t.Fatal(err)
	}
	var want []indicator.Series
	for _, f := range m.figures(at) {
		if len(want) == 0 || want[len(want)-1].Key != f.Key {
			want = append(want, indicator.Series{Key: f.Key, First: f.First})
		}
		sr := &want[len(want)-1]
		sr.Last = f.First
		sr.Periods++
		for _, st := range m {
			if st.key == f.Key && st.First == f.First && !st.Learned.After(at) {
				sr.Revisions++
				if st.Learned.After(sr.Learned) {
					sr.Learned = st.Learned
				}
			}
		}
		sr.Revisions--
	}
	for i := range list {
		list[i].ID = 0
	}
	if diff := cmp.Diff(want, list); diff != "" && !(len(want) == 0 && len(list) == 0) {
		t.Fatalf("series as known on %v (-want +got)\n%s", at, diff)
	}
}

// changes asks what differs between two times, and for the steps up to a time.
func changes(t *rapid.T, d *indicatortest.Desk, source string, m model, times []time.Time) {
	since, until := rapid.SampledFrom(times).Draw(t, "since"), rapid.SampledFrom(times).Draw(t, "until")
	if until.Before(since) {
		since, until = until, since
	}
	sel := indicator.Selection{Sources: []string{source}}
	var got, want []indicator.Change
	err := d.Changed(t.Context(), sel, since, until, func(c indicator.Change) error { c.Steps = 0; got = append(got, c); return nil })
	if err != nil {
		t.Fatal(err)
	}
	var steps, wantSteps []indicator.Revision
	sel.AsOf = until
	err = d.Revisions(t.Context(), sel, func(r indicator.Revision) error { r.Batch = 0; steps = append(steps, r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range m.periods() {
		before, after := m.known(p.key, p.First, since), m.known(p.key, p.First, until)
		switch {
		case after == nil, before != nil && before.Same(after.Observation):
		case before == nil:
			want = append(want, indicator.Change{Key: p.key, After: after.Observation})
		default:
			want = append(want, indicator.Change{Key: p.key, Before: &before.Observation, After: after.Observation})
		}
		var in []statement
		for _, st := range m {
			if st.key == p.key && st.First == p.First && !st.Learned.After(until) {
				in = append(in, st)
			}
		}
		slices.SortStableFunc(in, func(a, b statement) int { return a.Learned.Compare(b.Learned) })
		for i := 1; i < len(in); i++ {
			if !in[i].Same(in[i-1].Observation) {
				wantSteps = append(wantSteps, indicator.Revision{Key: p.key, Before: in[i-1].Observation, After: in[i].Observation})
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("changed between %v and %v (-want +got)\n%s\nstatements %+v", since, until, diff, m)
	}
	if diff := cmp.Diff(wantSteps, steps); diff != "" {
		t.Fatalf("revisions up to %v (-want +got)\n%s", until, diff)
	}
}
