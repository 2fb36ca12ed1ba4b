package indicator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"lapwing/internal/audit"
	"lapwing/internal/calendar"
	"lapwing/internal/fault"
)

// MaxSeries bounds how many series a desk keeps: more than that is a column
// of something else that was taken for names.
const MaxSeries = 500_000

// commit settles the rows of a page and makes them durable: observations,
// refused rows, series, a page of the ledger, and its audit entry.
func (im *importing) commit(ctx context.Context, pg *page) error {
	return im.s.Store.Atomically(ctx, func(ctx context.Context) error {
		if err := im.s.Store.Lock(ctx); err != nil {
			return err
		}
		c := &commit{importing: im, pg: pg, now: im.s.now()}
		return c.run(ctx)
	})
}

// commit is the state of one transaction.
type commit struct {
	*importing
	pg      *page
	now     time.Time
	series  map[int64]*Series
	wrote   []Stored
	changed []*Series
	totals  Totals
}

func (c *commit) run(ctx context.Context) error {
	order, err := c.order(ctx)
	if err != nil {
		return err
	}
	var have []Stored
	for len(order) > 0 {
		n := 1
		for n < len(order) && order[n].series == order[0].series {
			n++
		}
		if have, err = c.settleSeries(ctx, c.series[order[0].series], order[:n], have[:0]); err != nil {
			return err
		}
		order = order[n:]
	}
	if err := c.s.Store.Append(ctx, c.wrote); err != nil {
		return err
	}
	if err := c.s.Store.Save(ctx, c.changed); err != nil {
		return err
	}
	if err := c.refuse(ctx); err != nil {
		return err
	}
	return c.turnPage(ctx)
}

// A key puts rows in the order of series and period, and of one period in the
// order in which they came.
type key struct {
	series int64
	day    calendar.Day
	row    int32
}

// order finds the series of all rows that may be taken, begins those that are
// new, and gives the rows in the order of the store.
func (c *commit) order(ctx context.Context) ([]key, error) {
	keys := make([]key, 0, len(c.pg.rows))
	c.series = map[int64]*Series{}
	var ids []int64
	sorted := true
	for i := range c.pg.rows {
		r := &c.pg.rows[i]
		if len(r.problems) > 0 {
			r.verdict = verdict{outcome: Refused}
			continue
		}
		if r.series.id == 0 {
			if err := c.find(ctx, r); err != nil {
				return nil, err
			}
			if len(r.problems) > 0 {
				r.verdict = verdict{outcome: Refused}
				continue
			}
		}
		k := key{r.series.id, r.First, int32(i)}
		if _, ok := c.series[k.series]; !ok {
			c.series[k.series] = nil
			ids = append(ids, k.series)
		}
		sorted = sorted && (len(keys) == 0 || keys[len(keys)-1].compare(k) < 0)
		keys = append(keys, k)
	}
	if !sorted {
		slices.SortFunc(keys, key.compare)
	}
	slices.Sort(ids)
	var err error
	if c.series, err = c.s.Store.Get(ctx, ids); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if c.series[id] == nil {
			return nil, fmt.Errorf("series %d is not in the store any more", id)
		}
	}
	return keys, nil
}

func (k key) compare(o key) int {
	if k.series != o.series {
		return cmp.Compare(k.series, o.series)
	}
	return cmp.Or(cmp.Compare(k.day, o.day), cmp.Compare(k.row, o.row))
}

// find gives the row's series its number.
func (c *commit) find(ctx context.Context, r *row) error {
	sr, err := c.s.Store.Find(ctx, r.series.Key)
	if err != nil {
		return err
	}
	if sr == nil {
		sr = &Series{Key: r.series.Key}
		if err := c.s.Store.Create(ctx, sr); err != nil {
			return err
		}
		if sr.ID > MaxSeries {
			return fault.New(fault.Invalid, "the desk has %d series, and that is all it takes: see whether a column of something else was taken for names", MaxSeries)
		}
		r.created = true
		c.totals.Created++
	}
	r.series.id = sr.ID
	return nil
}

// gap is how many periods may lie between two rows that are looked up
// together.
const gap = 64

// settleSeries settles the rows of one series. have is for reuse.
func (c *commit) settleSeries(ctx context.Context, sr *Series, rows []key, have []Stored) ([]Stored, error) {
	days := map[calendar.Length]calendar.Day{calendar.Daily: 1, calendar.Weekly: 7, calendar.Monthly: 31, calendar.Quarterly: 92}[sr.Length]
	first, last, known := sr.First, sr.Last, sr.Periods > 0
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].day-rows[n-1].day <= gap*days {
			n++
		}
		have = have[:0]
		// Of what lies outside of the first and the last period nothing is known.
		if from, to := max(first, rows[0].day), min(last, rows[n-1].day); known && from <= to {
			err := c.s.Store.Observations(ctx, sr.ID, from, to, time.Time{}, func(o *Stored) error { have = append(have, *o); return nil })
			if err != nil {
				return have, err
			}
		}
		c.settleRun(sr, rows[:n], have)
		rows = rows[n:]
	}
	return have, nil
}

// settleRun settles rows of a series of whose periods have is known, both in
// order.
func (c *commit) settleRun(sr *Series, rows []key, have []Stored) {
	var said []Stored // of one period
	for len(rows) > 0 {
		day := rows[0].day
		for len(have) > 0 && have[0].First < day {
			have = have[1:]
		}
		n := 0
		for n < len(have) && have[n].First == day {
			n++
		}
		said, have = append(said[:0], have[:n]...), have[n:]
		for len(rows) > 0 && rows[0].day == day {
			said = c.settleRow(sr, &c.pg.rows[rows[0].row], said)
			rows = rows[1:]
		}
	}
}

func (c *commit) settleRow(sr *Series, r *row, said []Stored) []Stored {
	if !r.dated {
		r.Learned = c.now
	}
	r.verdict = settle(said, &r.statement, c.batch.ID, c.seen.has(sr.ID, &r.statement))
	v := &r.verdict
	if v.before != nil {
		before := *v.before // said is used again
		v.before = &before
	}
	if v.outcome == Refused {
		r.problems = append(r.problems[:len(r.problems):len(r.problems)], v.reason)
		return said
	}
	c.seen.add(sr.ID, &r.statement)
	if v.outcome == Duplicate {
		return said
	}
	o := Stored{Series: sr.ID, Revision: len(said), Batch: c.batch.ID, Observation: r.Observation}
	o.Learned = v.learned
	c.wrote = append(c.wrote, o)
	if sr.Periods == 0 {
		sr.First, sr.Last = o.First, o.First
	}
	sr.First, sr.Last = min(sr.First, o.First), max(sr.Last, o.First)
	if len(said) == 0 {
		sr.Periods++
	} else {
		sr.Revisions++
	}
	if o.Learned.After(sr.Learned) {
		sr.Learned = o.Learned
	}
	if n := len(c.changed); n == 0 || c.changed[n-1] != sr {
		c.changed = append(c.changed, sr)
	}
	if v.late {
		c.totals.Late++
	}
	if v.restated {
		c.totals.Restated++
	}
	return append(said, o)
}

// turnPage writes the page of the ledger.
func (c *commit) turnPage(ctx context.Context) error {
	p := &Page{Digest: c.pg.digest[:]}
	var last Outcome
	n := int64(0)
	for i := range c.pg.rows {
		if o := c.pg.rows[i].verdict.outcome; o != last {
			if n > 0 {
				p.Outcomes = appendRun(p.Outcomes, last, n)
				c.totals.add(last, n)
			}
			last, n = o, 0
		}
		n++
	}
	p.Outcomes = appendRun(p.Outcomes, last, n)
	c.totals.add(last, n)
	if c.totals.Settled() != int64(len(c.pg.rows)) || c.totals.Accepted+c.totals.Updated != int64(len(c.wrote)) {
		return fmt.Errorf("a page does not reconcile: %d rows, %d settled, %d written", len(c.pg.rows), c.totals.Settled(), len(c.wrote))
	}
	p.Totals = c.totals
	b := *c.batch
	b.Beat = c.now
	if err := c.s.Store.TurnPage(ctx, &b, p); err != nil {
		return err
	}
	t := &c.totals
	err := c.s.Audit.Record(ctx, c.who, audit.Act{Kind: audit.Collection, Action: "indicator.import", Subject: fmt.Sprintf("figures/%d", c.batch.ID),
		Detail: pageDetail{p.Number, t.Accepted, t.Updated, t.Duplicate, t.Refused, fmt.Sprintf("%x", p.Digest)}})
	if err != nil {
		return err
	}
	was := &c.batch.Totals
	for _, o := range []struct{ to, add *int64 }{{&was.Accepted, &t.Accepted}, {&was.Updated, &t.Updated}, {&was.Duplicate, &t.Duplicate}, {&was.Refused, &t.Refused},
		{&was.Late, &t.Late}, {&was.Restated, &t.Restated}, {&was.Created, &t.Created}} {
		*o.to += *o.add
	}
	return nil
}

// pageDetail ties an audit entry to what was recorded.
type pageDetail struct {
	Page      int64  `json:"page"`
	Accepted  int64  `json:"accepted"`
	Updated   int64  `json:"updated"`
	Duplicate int64  `json:"duplicate"`
	Refused   int64  `json:"refused"`
	Digest    string `json:"digest"`
}
