package indicator_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatortest"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

func each(t *testing.T, f func(t *testing.T, d *indicatortest.Desk)) {
	t.Helper()
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) { f(t, indicatortest.New(t, db)) })
}

var (
	de  = indicatortest.DE
	fig = indicatortest.Fig
	gap = indicatortest.Gap
)

// want compares the four outcomes.
func want(t *testing.T, got indicator.Result, accepted, updated, duplicate, refused int64) {
	t.Helper()
	w := indicator.Totals{Read: accepted + updated + duplicate + refused, Accepted: accepted, Updated: updated, Duplicate: duplicate, Refused: refused}
	got.Late, got.Restated, got.Created = 0, 0, 0
	if got.Totals != w {
		t.Errorf("totals %+v, want %+v", got.Totals, w)
	}
}

func lines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestSameAgainRevisedAndOlder(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		prov := fig(de, "2025-12", 30)
		prov.Provisional = true
		file := []indicator.Figure{fig(de, "2025-10", 10), fig(de, "2025-11", 20), prov, gap(de, "2026-01", indicator.Unavailable)}
		got, rs := d.Take(file...)
		want(t, got, 4, 0, 0, 0)
		if got.Created != 1 || !rs[0].Created || rs[1].Created || rs[0].Place != "line 1" || !rs[0].Figure.Learned.Equal(d.Clock.Now()) {
			t.Errorf("first receipts %+v", rs[:2])
		}
		march := d.Clock.Now()
		d.Clock.Move(time.Hour)
		got, rs = d.Take(file...)
		want(t, got, 0, 0, 4, 0)
		if r := rs[2]; !r.Figure.Learned.Equal(march) || r.Before != nil || r.Notes != nil {
			t.Errorf("receipt of what is known: %+v, want that it was learned on %v", r, march)
		}

		// A month later one final figure is another, and the provisional one is final.
		d.Clock.Move(30 * 24 * time.Hour)
		revised := []indicator.Figure{fig(de, "2025-10", 10), fig(de, "2025-11", 25), fig(de, "2025-12", 30), fig(de, "2026-01", 40)}
		got, rs = d.Take(revised...)
		want(t, got, 0, 3, 1, 0)
		if got.Restated != 1 || got.Late != 0 {
			t.Errorf("restated %d, late %d; want 1 and 0", got.Restated, got.Late)
		}
		if r := rs[1]; r.Before == nil || r.Before.Value != 20 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "final: 20") {
			t.Errorf("receipt of the final figure that changed: %+v", r)
		}
		if r := rs[2]; r.Before == nil || !r.Before.Provisional || len(r.Notes) != 0 {
			t.Errorf("receipt of the provisional figure that became final: %+v", r)
		}
		now := []string{"referrals/ncmec/DE/month 2025-10 10", "referrals/ncmec/DE/month 2025-11 25", "referrals/ncmec/DE/month 2025-12 30", "referrals/ncmec/DE/month 2026-01 40"}
		lines(t, d.Known(indicator.Selection{}), now...)

		// An older file that comes late: history, and nothing else.
		older := []indicator.Figure{fig(de, "2025-10", 9), fig(de, "2025-11", 25), fig(de, "2025-09", 8)}
		req := indicator.Request{Learned: march.Add(-24 * time.Hour)}
		got, rs = d.TakeRows(req, indicatortest.Rows(older...))
		want(t, got, 1, 2, 0, 0)
		if got.Late != 2 || len(rs[0].Notes) != 1 || rs[0].Before != nil {
			t.Errorf("late %d, receipt %+v", got.Late, rs[0])
		}
		got, _ = d.TakeRows(req, indicatortest.Rows(older...))
		want(t, got, 0, 0, 3, 0)
		lines(t, d.Known(indicator.Selection{}), append([]string{"referrals/ncmec/DE/month 2025-09 8"}, now...)...)
		lines(t, d.Known(indicator.Selection{AsOf: march.Add(-25 * time.Hour)}))
		lines(t, d.Known(indicator.Selection{AsOf: march.Add(-time.Hour)}), "referrals/ncmec/DE/month 2025-09 8", "referrals/ncmec/DE/month 2025-10 9", "referrals/ncmec/DE/month 2025-11 25")
		lines(t, d.Known(indicator.Selection{AsOf: march}), "referrals/ncmec/DE/month 2025-09 8", "referrals/ncmec/DE/month 2025-10 10", "referrals/ncmec/DE/month 2025-11 20",
			"referrals/ncmec/DE/month 2025-12 30?", "referrals/ncmec/DE/month 2026-01 unavailable")
		d.Whole()
	})
}

func TestRefusedWithAllReasons(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		with := func(change func(*indicator.Figure)) indicator.Figure {
			f := fig(de, "2025-10", 1)
			change(&f)
			return f
		}
		now := d.Clock.Now()
		cases := []struct {
			f    indicator.Figure
			want []string // one for each reason
		}{
			{with(func(f *indicator.Figure) { f.Indicator = "referal" }), []string{`no indicator "referal"`}},
			{with(func(f *indicator.Figure) { f.Indicator = "" }), []string{`no indicator ""`}},
			{with(func(f *indicator.Figure) { f.Source = "" }), []string{"name of a source"}},
			{with(func(f *indicator.Figure) { f.Source = "N C/M" }), []string{"name of a source"}},
			{with(func(f *indicator.Figure) { f.Source = "desk" }), []string{"own counts"}},
			{with(func(f *indicator.Figure) { f.Source = strings.Repeat("a", 201) }), []string{"name of a source"}},
			{with(func(f *indicator.Figure) { f.Geography = "XY" }), []string{"not a country"}},
			{with(func(f *indicator.Figure) { f.Geography = "UK" }), []string{"write GB"}},
			{with(func(f *indicator.Figure) { f.Geography = "DEU" }), []string{"write DE"}},
			{with(func(f *indicator.Figure) { f.Geography = "de" }), []string{"write DE"}},
			{with(func(f *indicator.Figure) { f.Geography = "" }), []string{"not a geography"}},
			{with(func(f *indicator.Figure) { f.Geography = "a/b" }), []string{"not a geography"}},
			{with(func(f *indicator.Figure) { f.Geography = " EU27" }), []string{"not a geography"}},
			{with(func(f *indicator.Figure) { f.Geography = "EU27\n" }), []string{"not a geography"}},
			{with(func(f *indicator.Figure) { f.Geography = "276" }), []string{"write DE"}},
			{with(func(f *indicator.Figure) { f.Length = "year" }), []string{"length of a period"}},
			{with(func(f *indicator.Figure) { f.Value = -1 }), []string{"less than nothing"}},
			{with(func(f *indicator.Figure) { f.Value = 1.5 }), []string{"not a whole number"}},
			{with(func(f *indicator.Figure) { f.Value = 1e13 }), []string{"more than can be meant"}},
			{with(func(f *indicator.Figure) { f.Value = math.NaN() }), []string{"not a number"}},
			{with(func(f *indicator.Figure) { f.Value = math.Inf(1) }), []string{"not a number"}},
			{with(func(f *indicator.Figure) { f.Status = "lost"; f.Value = 0 }), []string{"does not say why"}},
			{with(func(f *indicator.Figure) { f.Status = indicator.Suppressed }), []string{"said that there is none"}},
			{with(func(f *indicator.Figure) { f.First++ }), []string{"2025-10-02 is not the first day of a month: that is 2025-10-01"}},
			{with(func(f *indicator.Figure) { f.First = calendar.Date(2026, 4, 1) }), []string{"nothing was known of it on 2026-03-01"}},
			{with(func(f *indicator.Figure) { f.First = calendar.Date(1979, 12, 1) }), []string{"in their places"}},
			{with(func(f *indicator.Figure) { f.First = calendar.Day(math.MaxInt32) }), []string{"in their places"}},
			{with(func(f *indicator.Figure) { f.First = calendar.Day(math.MinInt32) }), []string{"in their places"}},
			{with(func(f *indicator.Figure) { f.Learned = now.Add(time.Hour) }), []string{"yet to come"}},
			{with(func(f *indicator.Figure) { f.Learned = now.AddDate(-1, 0, 0) }), []string{"nothing was known of it on 2025-03-01"}},
			{with(func(f *indicator.Figure) { f.Learned = time.Unix(1<<50, 0) }), []string{"yet to come"}},
			{with(func(f *indicator.Figure) {
				f.Indicator, f.Source, f.Geography, f.Value, f.First = "x", "X", "x", -1.5, f.First+1
			}),
				[]string{"less than nothing", "not the first day", "no indicator", "name of a source", "not a geography"}},
		}
		var fs []indicator.Figure
		for _, c := range cases {
			fs = append(fs, c.f)
		}
		fs = append(fs, fig(de, "2025-10", 7)) // what is good is taken
		rows := indicatortest.Rows(fs...)
		rows[0].Text = "DE;2025-10;\xff1"
		rows = append(rows, indicator.Row{Place: "line 99", Problems: []string{"no number", "no date"}, Text: "a;b"})
		got, rs := d.TakeRows(indicator.Request{}, rows)
		want(t, got, 1, 0, 0, int64(len(cases))+1)
		check := func(i int, reasons []string) {
			t.Helper()
			w := []string{"no number", "no date"}
			if i < len(cases) {
				w = cases[i].want
			}
			ok := len(reasons) == len(w)
			for j := range min(len(w), len(reasons)) {
				ok = ok && strings.Contains(reasons[j], w[j])
			}
			if !ok {
				t.Errorf("row %d (%+v): reasons %q, want %q", i+1, rows[i].Figure, reasons, w)
			}
		}
		for i, r := range rs {
			if i != len(cases) {
				check(i, r.Reasons)
			}
		}
		// They are kept, sealed; the same again is counted.
		got, _ = d.TakeRows(indicator.Request{}, rows)
		want(t, got, 0, 0, 1, int64(len(cases))+1)
		n := 0
		err := d.ListRefused(t.Context(), d.Who, 2, indicator.RefusedHeld, func(r *indicator.RefusedFigure) error {
			i := n
			if n++; i >= len(cases) {
				i++
			}
			check(min(i, len(cases)), r.Reasons)
			if r.Seen != 2 || r.Batch != 2 || r.Place != rows[i].Place || r.ID != rs[i].Refused {
				t.Errorf("refused row %+v, want it of %s, number %d, seen twice", r, rows[i].Place, rs[i].Refused)
			}
			return nil
		})
		if err != nil || n != len(cases)+1 {
			t.Errorf("%d refused rows are listed, want %d: %v", n, len(cases)+1, err)
		}
		one, err := d.Refused(t.Context(), d.Who, rs[0].Refused)
		if err != nil || one.Figure == nil || one.Figure.Indicator != "referal" || one.Text != "DE;2025-10;\uFFFD1" {
			t.Errorf("refused row %+v, %v", one, err)
		}
		if a, b := d.AuditEntries("indicator.refused.list"), d.AuditEntries("indicator.refused.show"); a != 1 || b != 1 {
			t.Errorf("%d and %d looks are in the audit, want 1 and 1", a, b)
		}
		// Until they expire.
		if err := d.Expire(t.Context(), indicator.ExpireRefused{Before: d.Clock.Now()}); err != nil {
			t.Fatal(err)
		}
		if one, err = d.Refused(t.Context(), d.Who, rs[0].Refused); err != nil || one.State != indicator.RefusedExpired || one.Figure != nil || one.Text != "" || one.Reasons != nil || one.Seen != 2 {
			t.Errorf("expired row %+v, %v", one, err)
		}
		d.Whole()
	})
}

// What is refused may hold anything: nothing of it lies open in the store.
func TestRefusedIsSealed(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		secret := fig(de, "2025-10", 1)
		secret.Source = "Ada Example"
		d.TakeRows(indicator.Request{}, []indicator.Row{{Place: "Ada Example.csv", Figure: secret, Text: "Ada Example"}})
		var n int
		err := d.DB.Query(t.Context(), "SELECT content FROM indicator_refused", nil, func(scan func(...any) error) error {
			var b []byte
			n++
			err := scan(&b)
			if strings.Contains(string(b), "Ada") {
				t.Error("a refused row lies open in the store")
			}
			return err
		})
		if err != nil || n != 1 {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}

// Two rows of one input that contradict each other: the first one stands,
// wherever the second one is.
func TestSamePeriodTwice(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		d.Take(fig(de, "2025-10", 5))
		d.Clock.Move(time.Hour)
		for _, page := range []int{1, 2, 100} {
			d.Page = page
			got, rs := d.Take(
				fig(de, "2025-10", 5), // known
				fig(de, "2025-11", 6), // new in the first round
				fig(de, "2025-10", 5), // the same again
				fig(de, "2025-11", 6),
				fig(de, "2025-10", 7), // contradicts what is known
				fig(de, "2025-11", 8), // contradicts what is new
			)
			accepted := int64(0)
			if page == 1 {
				accepted = 1
			}
			want(t, got, accepted, 0, 4-accepted, 2)
			if r := rs[4]; len(r.Reasons) != 1 || !strings.Contains(r.Reasons[0], "an earlier row says 5 for the same period, this one 7") {
				t.Errorf("page %d: %+v", page, r)
			}
			lines(t, d.Known(indicator.Selection{}), "referrals/ncmec/DE/month 2025-10 5", "referrals/ncmec/DE/month 2025-11 6")
		}
		d.Whole()
	})
}

// An input whose rows say themselves when they were learned brings a history.
func TestRowsWithTheirOwnTime(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		at := func(value float64, days int) indicator.Figure {
			f := fig(de, "2025-10", value)
			f.Learned = d.Clock.Now().AddDate(0, 0, days)
			return f
		}
		history := []indicator.Figure{at(3, -10), at(1, -30), at(2, -20), at(2, -15), at(2, -20), at(9, -20)}
		got, _ := d.Take(history...)
		// The fourth says what was known by then, the fifth is the third again, the sixth contradicts it.
		want(t, got, 1, 2, 2, 1)
		got, _ = d.Take(history...)
		want(t, got, 0, 0, 5, 1)
		for days, w := range map[int]string{-29: "1", -16: "2", -12: "2", -1: "3"} {
			lines(t, d.Known(indicator.Selection{AsOf: d.Clock.Now().AddDate(0, 0, days)}), "referrals/ncmec/DE/month 2025-10 "+w)
		}
		d.Whole()
	})
}

func TestDryRunLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		d.Take(fig(de, "2025-10", 10), fig(de, "2025-11", 10))
		d.Page = 2
		count := func() (n [7]int) {
			for i, table := range []string{"indicator_series", "indicator_observation", "indicator_batch", "indicator_ledger", "indicator_refused", "audit_entry", "river_job"} {
				if err := d.DB.R(t.Context()).QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n[i]); err != nil {
					t.Fatal(err)
				}
			}
			return n
		}
		before := count()
		other := de
		other.Geography = "FR"
		rows := indicatortest.Rows(fig(de, "2025-10", 10), fig(de, "2025-11", 12), fig(other, "2025-11", 1), fig(other, "2025-11", 2), fig(de, "2025-12", -1), fig(other, "2025-11", 1))
		dry, drs := d.TakeRows(indicator.Request{DryRun: true}, rows)
		if after := count(); after != before {
			t.Errorf("rows before %v, after a dry run %v", before, after)
		}
		wet, wrs := d.TakeRows(indicator.Request{}, rows)
		want(t, wet, 1, 1, 2, 2)
		if dry.Batch != 0 || dry.Partial {
			t.Errorf("a dry run is batch %d, partial %t", dry.Batch, dry.Partial)
		}
		dry.Batch = wet.Batch
		for i := range wrs {
			if (wrs[i].Refused != 0) != (wrs[i].Outcome == indicator.Refused) || drs[i].Refused != 0 {
				t.Errorf("numbers of refused rows: %d, dry %d", wrs[i].Refused, drs[i].Refused)
			}
			wrs[i].Refused = 0
		}
		if diff := cmp.Diff(wet, dry) + cmp.Diff(wrs, drs); diff != "" {
			t.Errorf("a dry run says something else (-real +dry)\n%s", diff)
		}
		d.Whole()
	})
}

func TestInterruptedGoesOn(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		other := de
		other.Geography = "FR"
		d.Take(fig(de, "2025-02", 2))
		bad := fig(de, "2025-03", -1)
		rows := indicatortest.Rows(fig(de, "2025-01", 1), fig(de, "2025-02", 2), bad, fig(other, "2025-01", 4), fig(other, "2025-02", 5), fig(de, "2025-02", 3), fig(de, "2025-04", 7))
		final := indicator.Totals{Read: 7, Accepted: 4, Duplicate: 1, Refused: 2, Created: 1}
		d.Page = 2
		run := func(name string, rows []indicator.Row, failed error) (indicator.Result, error) {
			return d.Import(t.Context(), d.Who, indicator.Request{Name: name, Inputs: "x.csv", Rows: indicatortest.Each(rows, failed)})
		}
		res, err := run("x", rows[:4], errBroken)
		if !errors.Is(err, errBroken) || res.Settled() != 4 {
			t.Fatalf("the first part: %+v, %v", res, err)
		}
		b, err := d.Batches(t.Context(), 1)
		if err != nil || b[0].State != indicator.BatchRunning || b[0].Owner != "" {
			t.Fatalf("after a break: %+v, %v", b, err)
		}
		d.Page = 3 // what was settled keeps its pages
		if res, err = run("x", rows, nil); err != nil || res.Totals != final || res.Batch != b[0].ID {
			t.Errorf("the rest: %+v, %v; want %+v in batch %d", res, err, final, b[0].ID)
		}
		// Once it is closed, the same name begins anew.
		d.Clock.Move(time.Hour)
		if res, err = run("x", rows, nil); err != nil || res.Batch == b[0].ID || res.Duplicate != 5 || res.Refused != 2 {
			t.Errorf("the same again: %+v, %v", res, err)
		}
		// Other rows under the name of one that broke off are not mixed with it.
		if _, err = run("y", rows[:4], errBroken); !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		changed := slices.Clone(rows)
		changed[1].Figure.Value = 99
		if _, err = run("y", changed, nil); fault.KindOf(err) != fault.Conflict {
			t.Errorf("other rows of the same name: %v, want a conflict", err)
		}
		if b, err = d.Batches(t.Context(), 1); err != nil || b[0].State != indicator.BatchStopped {
			t.Errorf("after it: %+v, %v", b, err)
		}
		if _, err = run("z", rows[:4], errBroken); !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		if _, err = run("z", rows[:3], nil); fault.KindOf(err) != fault.Conflict {
			t.Errorf("fewer rows of the same name: %v, want a conflict", err)
		}
		// Without a name nothing can go on.
		if _, err = run("", rows[:1], errBroken); !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		if b, err = d.Batches(t.Context(), 1); err != nil || b[0].State != indicator.BatchStopped || b[0].Closed.IsZero() {
			t.Errorf("a break without a name: %+v, %v", b, err)
		}
		d.Whole()
	})
}

// A batch that is another living process's is left alone.
func TestOneProcessAtATime(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		ctx, stop := context.WithCancel(t.Context())
		rows := indicatortest.Rows(fig(de, "2025-01", 1), fig(de, "2025-02", 2), fig(de, "2025-03", 3))
		req := func(rows []indicator.Row) indicator.Request {
			return indicator.Request{Name: "x", Rows: indicatortest.Each(rows, nil)}
		}
		d.Page, d.Owner = 1, "a"
		// The process dies: its batch is as it was when the power went.
		r := req(rows)
		r.Progress = func(indicator.Totals) { stop() }
		if _, err := d.Import(ctx, d.Who, r); !errors.Is(err, context.Canceled) {
			t.Fatalf("a run that was cancelled: %v", err)
		}
		if _, err := d.DB.Exec(t.Context(), "UPDATE indicator_batch SET owner = 'a'"); err != nil {
			t.Fatal(err)
		}
		d.Owner = "b"
		if _, err := d.Import(t.Context(), d.Who, req(rows)); fault.KindOf(err) != fault.Busy {
			t.Errorf("while another process is at it: %v, want busy", err)
		}
		d.Gone = []string{"a"}
		res, err := d.Import(t.Context(), d.Who, req(rows))
		if err != nil || res.Accepted != 3 || res.Read != 3 {
			t.Errorf("after it is gone: %+v, %v", res, err)
		}
		d.Whole()
	})
}

func TestSilentProcessIsTakenForDead(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		rows := indicatortest.Rows(fig(de, "2025-01", 1), fig(de, "2025-02", 2))
		run := func(failed error) (indicator.Result, error) {
			return d.Import(t.Context(), d.Who, indicator.Request{Name: "x", Rows: indicatortest.Each(rows, failed)})
		}
		if _, err := run(errBroken); !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		if _, err := d.DB.Exec(t.Context(), "UPDATE indicator_batch SET owner = 'elsewhere'"); err != nil {
			t.Fatal(err)
		}
		d.Clock.Move(9 * time.Minute)
		if _, err := run(nil); fault.KindOf(err) != fault.Busy {
			t.Errorf("after 9 minutes: %v, want busy", err)
		}
		d.Clock.Move(2 * time.Minute)
		if res, err := run(nil); err != nil || res.Accepted != 2 {
			t.Errorf("after 11 minutes: %+v, %v", res, err)
		}
	})
}

func TestWhatAnImportWants(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		rows := indicatortest.Each(indicatortest.Rows(fig(de, "2025-01", 1)), nil)
		for what, c := range map[string]struct {
			who  identity.Actor
			req  indicator.Request
			want fault.Kind
		}{
			"nobody":          {identity.Actor{}, indicator.Request{Rows: rows}, fault.Denied},
			"from the future": {d.Who, indicator.Request{Rows: rows, Learned: d.Clock.Now().Add(time.Second)}, fault.Invalid},
		} {
			if _, err := d.Import(t.Context(), c.who, c.req); fault.KindOf(err) != c.want {
				t.Errorf("%s: %v, want %v", what, err, c.want)
			}
		}
		if bs, err := d.Batches(t.Context(), 9); err != nil || len(bs) != 0 {
			t.Errorf("batches of what was not begun: %+v, %v", bs, err)
		}
		res, err := d.Record(t.Context(), d.Who, "api", fig(de, "2025-01", 1), fig(de, "2025-02", 2))
		if err != nil || res.Accepted != 2 {
			t.Errorf("Record: %+v, %v", res, err)
		}
		bs, err := d.Batches(t.Context(), 9)
		if err != nil || len(bs) != 1 || bs[0].Inputs != "api" || bs[0].Actor != "local:test" || bs[0].State != indicator.BatchClosed || bs[0].Accepted != 2 || bs[0].Read != 2 {
			t.Errorf("batches %+v, %v", bs, err)
		}
		if n := d.AuditEntries("indicator.import"); n != 1 {
			t.Errorf("%d audit entries, want 1", n)
		}
		// An empty input is a batch with an empty ledger.
		if res, err := d.Record(t.Context(), d.Who, "nothing"); err != nil || res.Read != 0 {
			t.Errorf("no rows: %+v, %v", res, err)
		}
		d.Whole()
	})
}

// Where the audit cannot be written the figures are not either.
func TestNoAuditNoFigures(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		if _, err := d.DB.Exec(t.Context(), "ALTER TABLE audit_head RENAME TO hidden"); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Record(t.Context(), d.Who, "x", fig(de, "2025-01", 1)); err == nil {
			t.Error("figures were taken without an audit entry")
		}
		lines(t, d.Known(indicator.Selection{}))
	})
}

// A batch whose totals are not what was read does not close.
func TestLedgerMustReconcile(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		for _, damage := range []string{"UPDATE indicator_batch SET accepted = accepted + 1", "UPDATE indicator_ledger SET items = items + 1", "DELETE FROM indicator_ledger"} {
			d.Clock.Move(time.Second)
			_, err := d.Import(t.Context(), d.Who, indicator.Request{Rows: indicatortest.Each(indicatortest.Rows(fig(de, "2025-01", 1)), nil), Progress: func(indicator.Totals) {
				if _, err := d.DB.Exec(t.Context(), damage); err != nil {
					t.Error(err)
				}
			}})
			if fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: %v, want a conflict", damage, err)
			}
			if bs, err := d.Batches(t.Context(), 1); err != nil || bs[0].State != indicator.BatchRunning {
				t.Errorf("%s: %+v, %v; want it open", damage, bs, err)
			}
		}
	})
}

func TestNotOverYet(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		prov := fig(de, "2026-03-01", 1)
		prov.Provisional = true
		_, rs := d.Take(fig(de, "2026-02", 1), fig(de, "2026-03", 1), fig(de, "2026-W09", 1), prov, fig(de, "2026-02-28", 1), fig(de, "2026-Q1", 1), fig(de, "2026-03-02", 1))
		got := ""
		for _, r := range rs {
			got += fmt.Sprint(len(r.Notes))
		}
		// The clock stands at noon of 1 March, a Sunday: the month, its week, the quarter and a day that has begun in the east.
		if got != "0110011" {
			t.Errorf("notes %s, want 0110011: %+v", got, rs)
		}
	})
}

func TestManyRefusedAreCountedNotKept(t *testing.T) {
	t.Parallel()
	d := indicatortest.New(t, sqldbtest.SQLite(t))
	const n = indicator.RefusedRows + 50
	rows := make([]indicator.Row, n)
	for i := range rows {
		rows[i] = indicator.Row{Place: fmt.Sprint(i), Problems: []string{"no"}}
	}
	got, _ := d.TakeRows(indicator.Request{}, rows)
	want(t, got, 0, 0, 0, n)
	kept := 0
	if err := d.ListRefused(t.Context(), d.Who, 0, "", func(*indicator.RefusedFigure) error { kept++; return nil }); err != nil || kept != indicator.RefusedRows {
		t.Errorf("%d rows are kept, want %d: %v", kept, indicator.RefusedRows, err)
	}
	d.Whole()
}

func TestDryRunEnds(t *testing.T) {
	t.Parallel()
	d := indicatortest.New(t, sqldbtest.SQLite(t))
	read := 0
	res, err := d.Import(t.Context(), d.Who, indicator.Request{DryRun: true, Rows: func(yield func(indicator.Row, error) bool) {
		for f := fig(de, "2025-10", 1); yield(indicator.Row{Figure: f}, nil); {
			read++
		}
	}})
	if err != nil || !res.Partial || res.Read != indicator.DryRunRows || read != indicator.DryRunRows {
		t.Errorf("a dry run over rows without end: %+v, %v, after %d", res, err, read)
	}
}

// Rows far apart, close by, forwards and backwards, over more pages than one
// look-up takes.
func TestPeriodsInAnyOrder(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		d.Page = 40
		day := de
		day.Length = calendar.Daily
		var fs []indicator.Figure
		for i := range 300 {
			f := indicator.Figure{Key: day, Observation: indicator.Observation{First: calendar.Date(2020, 1, 1) + calendar.Day(i*137%900), Value: float64(i)}}
			fs = append(fs, f)
		}
		got, _ := d.Take(fs...)
		want(t, got, 300, 0, 0, 0)
		d.Clock.Move(time.Second)
		slices.Reverse(fs)
		got, _ = d.Take(fs...)
		want(t, got, 0, 0, 300, 0)
		d.Clock.Move(time.Second)
		for i := range fs {
			fs[i].Value++
		}
		got, _ = d.Take(fs...)
		want(t, got, 0, 300, 0, 0)
		if n := len(d.Known(indicator.Selection{})); n != 300 {
			t.Errorf("%d figures, want 300", n)
		}
		d.Whole()
	})
}

func TestLedgerTellsTheRows(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		d.Page = 2
		bad := fig(de, "2025-03", -1)
		res, _ := d.Take(fig(de, "2025-01", 1), fig(de, "2025-02", 1), fig(de, "2025-03", 1), bad, bad, fig(de, "2025-01", 1))
		var got []string
		err := d.Ledger(t.Context(), res.Batch, func(from, to int64, o indicator.Outcome) error {
			got = append(got, fmt.Sprint(from, "-", to, " ", o))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		lines(t, got, "1-3 accepted", "4-5 refused", "6-6 duplicate")
		if err := d.Ledger(t.Context(), 99, func(int64, int64, indicator.Outcome) error { t.Error("a batch that is not there has rows"); return nil }); err != nil {
			t.Error(err)
		}
	})
}
