package indicator

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"lapwing/internal/fault"
	"lapwing/internal/identity"

	"golang.org/x/sync/errgroup"
)

// How many rows share a transaction, unless Service.Page says: pageRows, which
// others wait a fifth of a second for. Rows of a series lie together in the
// store, so an import that goes period by period over many series writes most
// of its pages anew in each transaction; there it is more rows, until each
// series has spreadRows, but not more than mostRows.
const (
	pageRows   = 32_768
	mostRows   = 131_072
	spreadRows = 24
)

// Record takes in some figures, as an import of their own.
func (s *Service) Record(ctx context.Context, who identity.Actor, inputs string, figures ...Figure) (Result, error) {
	return s.Import(ctx, who, Request{Inputs: inputs, Rows: func(yield func(Row, error) bool) {
		for i, f := range figures {
			if !yield(Row{Place: fmt.Sprintf("figure %d", i+1), Figure: f}, nil) {
				return
			}
		}
	}})
}

// Import takes in figures. What cannot be taken is refused with its reasons
// and does not stop the run. An error means that the run could not be
// finished; with the same Name it goes on where it ended.
//
// A page is durable, and can be seen, as soon as it is written.
func (s *Service) Import(ctx context.Context, who identity.Actor, req Request) (res Result, err error) {
	return s.importing(ctx, who, req, false)
}

// errDry ends a dry run, and takes back all that it did.
var errDry = errors.New("dry run")

func (s *Service) importing(ctx context.Context, who identity.Actor, req Request, own bool) (res Result, err error) {
	defer fault.Wrap(&err, "import figures")
	if !who.Valid() {
		return res, fault.New(fault.Denied, "nobody is named as the one who acts")
	}
	req.Learned = req.Learned.UTC().Truncate(time.Microsecond)
	if now := s.now(); req.Learned.After(now) {
		return res, fault.New(fault.Invalid, "figures cannot have been learned on %s: it is %s", req.Learned.Format(time.RFC3339), now.Format(time.RFC3339))
	}
	ds, err := s.Definitions(ctx, time.Time{})
	if err != nil {
		return res, err
	}
	im := &importing{s: s, who: who, req: &req, own: own}
	im.pager = pager{defined: map[string]bool{}, own: own, learned: req.Learned, clock: s.Clock}
	for _, d := range ds {
		im.pager.defined[d.ID] = true
	}
	if !req.DryRun {
		return im.run(ctx)
	}
	req.Name = ""
	// Others wait while a transaction is open, and the input may be slow.
	if err := im.gather(ctx); err != nil {
		return res, err
	}
	err = s.Store.Atomically(ctx, func(ctx context.Context) error {
		if res, err = im.run(ctx); err != nil {
			return err
		}
		return errDry
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	res.Batch = 0
	return res, err
}

// importing is an import at work: one goroutine reads and checks, one commits.
type importing struct {
	s     *Service
	who   identity.Actor
	req   *Request
	own   bool
	batch *Batch
	pager pager
	done  []*Page // of an earlier run
	page  int     // those that were settled
	seen  seen

	kept     int64   // refused rows that were kept
	gathered []*page // of a dry run
	partial  bool    // a dry run that ended before the rows did
}

func (im *importing) run(ctx context.Context) (res Result, err error) {
	if err := im.begin(ctx); err != nil {
		return res, err
	}
	b := im.batch
	read, err := im.work(ctx)
	b.Read = b.Settled()
	b.Unfinished = max(0, read-b.Settled())
	b.Read += b.Unfinished
	res = Result{Batch: b.ID, Totals: b.Totals, Partial: im.partial}
	switch {
	case err == nil:
		return res, im.s.Store.CloseBatch(ctx, b.ID, read, im.s.now())
	case im.req.DryRun:
		return res, err
	case b.Name == "" || errors.Is(err, errOther):
		return res, errors.Join(err, im.s.Store.StopBatch(context.WithoutCancel(ctx), b.ID, im.s.now()))
	}
	// Whoever asks for the same again goes on at once.
	free := *b
	free.Owner = ""
	_, ferr := im.s.Store.TakeBatch(context.WithoutCancel(ctx), &free, b.Owner)
	return res, errors.Join(err, ferr)
}

// silence is how long the owner of a batch may give no sign of life before
// the next one takes it for dead, wherever its process was.
const silence = 10 * time.Minute

// begin opens a batch, or takes over the one that an earlier run left.
func (im *importing) begin(ctx context.Context) error {
	s, now := im.s, im.s.now()
	b := &Batch{Inputs: im.req.Inputs, Actor: im.who.ID, Owner: s.Owner, Beat: now, State: BatchRunning, Learned: im.req.Learned, Started: now}
	im.batch = b
	if im.req.Name == "" {
		return s.Store.OpenBatch(ctx, b)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %t %s", im.req.Name, im.own, im.req.Learned.Format(time.RFC3339Nano)))
	b.Name = hex.EncodeToString(sum[:16])
	return s.Store.Atomically(ctx, func(ctx context.Context) error {
		if err := s.Store.Lock(ctx); err != nil {
			return err
		}
		old, err := s.Store.FindBatch(ctx, b.Name)
		if err != nil {
			return err
		}
		if old == nil {
			return s.Store.OpenBatch(ctx, b)
		}
		if old.Owner != "" && now.Sub(old.Beat) <= silence && (s.Gone == nil || !s.Gone(old.Owner)) {
			return fault.New(fault.Busy, "the same is being imported by another process (batch %d, last heard of at %s): wait for it", old.ID, old.Beat.Format("15:04:05 MST"))
		}
		from := old.Owner
		old.Owner, old.Beat = b.Owner, b.Beat
		if ok, err := s.Store.TakeBatch(ctx, old, from); err != nil || !ok {
			return errors.Join(err, fault.New(fault.Busy, "another process has just gone on with batch %d: wait for it", old.ID))
		}
		im.batch = old
		return s.Store.Ledger(ctx, old.ID, func(p *Page) error { im.done = append(im.done, p); return nil })
	})
}

// work reads all rows and settles them; it gives the number of rows read, also
// those that an earlier run settled.
func (im *importing) work(ctx context.Context) (read int64, err error) {
	settle := func(pg *page) error {
		read += int64(len(pg.rows))
		return im.settle(ctx, pg)
	}
	if !im.req.DryRun {
		err = im.pages(ctx, settle)
		return read, err
	}
	for _, pg := range im.gathered {
		if err := settle(pg); err != nil {
			return read, err
		}
	}
	return read, nil
}

// gather reads the pages of a dry run.
func (im *importing) gather(ctx context.Context) error {
	return im.pages(ctx, func(pg *page) error {
		im.gathered = append(im.gathered, &page{rows: slices.Clone(pg.rows), digest: pg.digest})
		return nil
	})
}

// pages calls each with all pages, while the next one is read. When it returns
// it is done with the page, which is used again.
func (im *importing) pages(ctx context.Context, each func(*page) error) error {
	g, gctx := errgroup.WithContext(ctx)
	full, free := make(chan *page), make(chan *page, 2)
	free <- &page{}
	free <- &page{}
	g.Go(func() error {
		defer close(full)
		return im.read(gctx, full, free)
	})
	// Here, and not in a goroutine: ctx may carry a transaction.
	for pg := range full {
		if err := each(pg); err != nil {
			g.Go(func() error { return err })
			break
		}
		free <- pg
	}
	return g.Wait()
}

// read makes pages of the rows: first those of an earlier run, as they were.
func (im *importing) read(ctx context.Context, full chan<- *page, free <-chan *page) error {
	pull, stop := iter.Pull2(im.req.Rows)
	defer stop()
	size, most := pageRows, mostRows
	if im.s.Page > 0 {
		size, most = im.s.Page, 0
	}
	left := DryRunRows
	next := func() (Row, error, bool) {
		r, err, ok := pull()
		if ok && im.req.DryRun {
			if left--; left < 0 {
				im.partial = true
				return Row{}, nil, false
			}
		}
		return r, err, ok
	}
	for i, more := 0, true; more; i++ {
		var pg *page
		select {
		case pg = <-free:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		n, most := size, most
		if i < len(im.done) {
			n, most = int(im.done[i].Totals.Settled()), 0
		}
		var err error
		more, err = im.pager.fill(ctx, pg, n, most, next)
		if i < len(im.done) && len(pg.rows) < n {
			return cmp.Or(err, errOther)
		}
		if len(pg.rows) > 0 {
			// What was read before an error is settled.
			select {
			case full <- pg:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var errOther = fault.New(fault.Conflict, "these are not the rows of the batch of that name that was interrupted: it was stopped where it was, and the same again begins a new one")

// settle commits a page, or, where an earlier run did, sees that it is the same.
func (im *importing) settle(ctx context.Context, pg *page) error {
	im.page++
	if im.page <= len(im.done) {
		was := im.done[im.page-1]
		if !bytes.Equal(was.Digest, pg.digest[:]) {
			return errOther
		}
		return im.recall(ctx, pg, was)
	}
	if err := im.commit(ctx, pg); err != nil {
		return err
	}
	if im.req.Receipt != nil {
		for i := range pg.rows {
			r := pg.rows[i].receipt()
			if im.req.DryRun {
				r.Refused = 0 // it is not kept
			}
			im.req.Receipt(r)
		}
	}
	if im.req.Progress != nil {
		t := im.batch.Totals
		t.Read = t.Settled()
		im.req.Progress(t)
	}
	return nil
}

// recall notes what an earlier run has said.
func (im *importing) recall(ctx context.Context, pg *page, was *Page) error {
	i := 0
	return eachRun(was.Outcomes, func(o Outcome, n int64) error {
		if int64(len(pg.rows)-i) < n {
			return errOther
		}
		part := pg.rows[i : i+int(n)]
		i += int(n)
		if o == Refused {
			return nil
		}
		for j := range part {
			r := &part[j]
			if r.series.id == 0 {
				sr, err := im.s.Store.Find(ctx, r.series.Key)
				if err != nil {
					return err
				}
				if sr == nil {
					return errOther
				}
				r.series.id = sr.ID
			}
			im.seen.add(r.series.id, &r.statement)
		}
		return nil
	})
}
