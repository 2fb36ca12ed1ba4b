package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/unpack"

	"golang.org/x/sync/errgroup"
)

// A Batch is one run of intake over some inputs, with its ledger. A run that
// was interrupted leaves its batch open; the same run again goes on with it.
type Batch struct {
	ID      int64     `json:"batch"`
	Name    string    `json:"-"` // digest of what was asked for
	Inputs  string    `json:"inputs"`
	Actor   string    `json:"actor"`
	Owner   string    `json:"-"` // the process that works on it
	Beat    time.Time `json:"-"` // its last sign of life
	State   string    `json:"state"`
	Started time.Time `json:"started"`
	Closed  time.Time `json:"closed,omitzero"`
	Totals
}

const (
	batchRunning = "running"
	batchClosed  = "closed"
	batchStopped = "stopped" // broke off, and nothing can go on with it
)

// Request is what a run of intake is asked for.
type Request struct {
	Inputs []string // paths, or "-"
	// Name resumes the batch of the same name where the inputs cannot tell,
	// as with standard input; "" takes the inputs.
	Name string
	Reading
	Unpack unpack.Options

	// Progress, where set, is told the totals after each transaction.
	Progress func(Totals)
	// Receipt, where set, is told of each item once it is durable.
	Receipt func(Receipt)
}

// group is how many items share a transaction: enough that its fixed cost
// (one sync, one signature, one look at the tree's edge) weighs nothing, few
// enough that others wait only a moment.
const group = 1024

// Run takes in everything that the request names. What cannot be taken is
// refused with its reasons and does not stop the run; an error means that
// the run could not be finished, and that the same request again goes on
// where it ended.
func (s *Service) Run(ctx context.Context, who identity.Actor, req Request) (t Totals, err error) {
	defer fault.Wrap(&err, "intake")
	rd, err := newReader(req.Reading)
	if err != nil {
		return t, err
	}
	b, settled, err := s.begin(ctx, who, &req)
	if err != nil {
		return t, err
	}
	t = b.Totals
	before := t.Settled()
	var read atomic.Int64
	run := &run{s: s, who: who, batch: b, req: &req, reader: rd, settled: settled, totals: &t}
	err = run.do(ctx, &read)
	t.Read = t.Settled()
	t.Unfinished = read.Load() - (t.Settled() - before)
	t.Read += t.Unfinished
	if err != nil && req.stream() {
		// Nobody can send the rest of a stream that has no name.
		return t, errors.Join(err, s.Store.CloseBatch(context.WithoutCancel(ctx), b.ID, batchStopped, s.Clock.Now()))
	}
	if err != nil {
		// Whoever asks for the same again goes on at once.
		free := *b
		free.Owner = ""
		_, ferr := s.Store.TakeBatch(context.WithoutCancel(ctx), &free, b.Owner)
		return t, errors.Join(err, ferr)
	}
	if t.Unfinished != 0 {
		return t, fmt.Errorf("the ledger does not reconcile: %d items were read and %d settled", t.Read, t.Settled())
	}
	return t, s.Store.CloseBatch(ctx, b.ID, batchClosed, s.Clock.Now())
}

// begin opens a batch, or takes over the one that an earlier process left.
func (s *Service) begin(ctx context.Context, who identity.Actor, req *Request) (*Batch, map[[16]byte]bool, error) {
	now := s.Clock.Now()
	want := &Batch{Name: req.name(), Inputs: strings.Join(req.Inputs, " "), Actor: who.ID, Owner: ProcessName(), Beat: now, State: batchRunning, Started: now}
	old, err := s.Store.FindBatch(ctx, want.Name)
	if err != nil {
		return nil, nil, err
	}
	if old != nil && ownerGone(old, now) {
		left := old.Owner
		old.Owner, old.Beat = want.Owner, now
		ok, err := s.Store.TakeBatch(ctx, old, left)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			settled := make(map[[16]byte]bool, old.Settled())
			err := s.Store.LedgerKeys(ctx, old.ID, func(keys []byte) error {
				for ; len(keys) >= 16; keys = keys[16:] {
					settled[[16]byte(keys)] = true
				}
				return nil
			})
			return old, settled, err
		}
	}
	return want, nil, s.Store.OpenBatch(ctx, want)
}

// name tells requests apart: the same inputs, read the same way.
func (r *Request) name() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q", r.Name, r.Format, r.Mapping, r.Source)
	if r.Name == "" {
		for _, in := range r.Inputs {
			if in == "-" {
				// A stream cannot be told from another: it is never resumed by itself.
				fmt.Fprintf(h, " stream %d %s", time.Now().UnixNano(), ProcessName())
				continue
			}
			if abs, err := filepath.Abs(in); err == nil {
				in = abs
			}
			fmt.Fprintf(h, " %q", in)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// stream says whether the request reads a stream that no later request names.
func (r *Request) stream() bool { return r.Name == "" && slices.Contains(r.Inputs, "-") }

// run is a batch at work: one goroutine walks, some read and prepare, one
// commits in the order of the walk.
type run struct {
	s       *Service
	who     identity.Actor
	batch   *Batch
	req     *Request
	reader  *reader
	settled map[[16]byte]bool
	totals  *Totals
}

type future struct {
	group *unpack.Group
	items chan []*item
}

func (r *run) do(ctx context.Context, read *atomic.Int64) error {
	workers := max(1, runtime.GOMAXPROCS(0))
	g, ctx := errgroup.WithContext(ctx)
	todo := make(chan *future)
	order := make(chan *future, 2*workers) // bounds what is in memory
	g.Go(func() error {
		defer close(todo)
		defer close(order)
		return unpack.Walk(ctx, r.req.Inputs, r.req.Unpack, func(gr *unpack.Group) error {
			f := &future{group: gr, items: make(chan []*item, 1)}
			for _, ch := range []chan<- *future{order, todo} {
				select {
				case ch <- f:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
	})
	for range workers {
		g.Go(func() error {
			for f := range todo {
				items, err := r.prepare(f.group)
				if err != nil {
					return err
				}
				read.Add(int64(len(items)))
				f.items <- items
			}
			return nil
		})
	}
	g.Go(func() error { return r.commitInOrder(ctx, order) })
	return g.Wait()
}

// prepare reads a group and leaves out what an earlier run settled.
func (r *run) prepare(g *unpack.Group) ([]*item, error) {
	items := r.reader.readGroup(g)
	now := r.s.Clock.Now()
	todo := items[:0]
	for _, it := range items {
		if r.settled[it.key] {
			continue
		}
		if err := r.s.prepare(it, now); err != nil {
			return nil, err
		}
		todo = append(todo, it)
	}
	return todo, nil
}

func (r *run) commitInOrder(ctx context.Context, order <-chan *future) error {
	var pending []*item
	flush := func() error {
		err := r.s.commit(ctx, r.who, r.batch.ID, pending, func(rs []Receipt) {
			for _, rc := range rs {
				r.totals.Add(rc.Outcome)
				if r.req.Receipt != nil {
					r.req.Receipt(rc)
				}
			}
			if r.req.Progress != nil {
				r.req.Progress(*r.totals)
			}
		})
		pending = pending[:0]
		return err
	}
	for f := range order {
		select {
		case items := <-f.items:
			pending = append(pending, items...)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if len(pending) >= group {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if len(pending) == 0 {
		return nil
	}
	return flush()
}

// Batches lists the newest runs, newest first.
func (s *Service) Batches(ctx context.Context, last int) ([]Batch, error) {
	return s.Store.Batches(ctx, last)
}
