// Package job does follow-up work: what an act makes necessary but nobody
// waits for, such as assessing again what a changed hash list touches.
//
// A job is a small struct with a stable Kind. [Queue.Add] puts it into the
// transaction that makes it needed: both are durable or neither is. It is run
// at least once, by whichever process works the queue, so its effect must be
// harmless when it happens again. River keeps the queue, in the same database.
package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"lapwing/internal/fault"
	"lapwing/internal/sqldb"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// Args is what a job needs to know: a small struct with JSON tags.
type Args = river.JobArgs

// Registry holds what is done for each kind of job.
type Registry struct{ workers *river.Workers }

// NewRegistry is an empty registry.
func NewRegistry() *Registry { return &Registry{river.NewWorkers()} }

// Handle says that fn does the jobs of T's kind.
func Handle[T Args](r *Registry, fn func(ctx context.Context, args T) error) {
	river.AddWorker(r.workers, river.WorkFunc(func(ctx context.Context, j *river.Job[T]) error { return fn(ctx, j.Args) }))
}

// Queue is the desk's follow-up work.
type Queue struct {
	db     *sqldb.DB
	client *river.Client[*sql.Tx]
}

// Open opens the queue of a migrated store. Nothing is worked until Work or
// Drain.
func Open(db *sqldb.DB, r *Registry, log *slog.Logger) (*Queue, error) {
	cfg := &river.Config{
		Workers:              r.workers,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
		Logger:               slog.New(quiet{log.Handler()}),
		JobTimeout:           -1, // a job over a million referrals takes its time; it watches its context
		FetchPollInterval:    time.Second,
		RescueStuckJobsAfter: time.Hour,
	}
	var c *river.Client[*sql.Tx]
	var err error
	if db.Engine() == sqldb.Postgres {
		c, err = river.NewClient(riverdatabasesql.New(db.Pool()), cfg)
	} else {
		c, err = river.NewClient(riversqlite.New(db.Pool()), cfg)
	}
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	return &Queue{db: db, client: c}, nil
}

// Add puts jobs into the transaction that ctx carries, to be run once it is
// durable and not before at (the zero time: at once).
func (q *Queue) Add(ctx context.Context, at time.Time, jobs ...Args) (err error) {
	defer fault.Wrap(&err, "add follow-up work")
	tx := q.db.Tx(ctx)
	if tx == nil {
		return errors.New("follow-up work outside a transaction")
	}
	params := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		params[i] = river.InsertManyParams{Args: j, InsertOpts: &river.InsertOpts{ScheduledAt: at}}
	}
	if len(params) == 0 {
		return nil
	}
	_, err = q.client.InsertManyTx(ctx, tx, params)
	return err
}

// Work runs jobs until ctx ends, and waits for those under way.
func (q *Queue) Work(ctx context.Context) error {
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	<-ctx.Done()
	return q.stop(ctx)
}

func (q *Queue) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	return q.client.StopAndCancel(ctx)
}

// Due counts the jobs that wait for nothing but a worker, and those that are
// being worked on.
func (q *Queue) Due(ctx context.Context) (n int, err error) {
	now := "CURRENT_TIMESTAMP"
	if q.db.Engine() == sqldb.SQLite {
		now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
	}
	err = q.db.R(ctx).QueryRowContext(ctx, "SELECT COUNT(*) FROM river_job WHERE state IN ('available', 'running', 'pending') OR (state IN ('retryable', 'scheduled') AND attempt < 2 AND scheduled_at <= "+now+")").Scan(&n)
	return n, err
}

// Drain works the queue until nothing is due: for a command that wants to
// leave a desk in order.
func (q *Queue) Drain(ctx context.Context) error {
	if n, err := q.Due(ctx); err != nil || n == 0 {
		return err
	}
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		n, err := q.Due(ctx)
		if err != nil || n == 0 {
			return errors.Join(err, q.stop(ctx))
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), q.stop(ctx))
		case <-tick.C:
		}
	}
}

// quiet lets only what went wrong through: River speaks of its own comings
// and goings.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError && q.Handler.Enabled(ctx, l)
}
func (q quiet) WithAttrs(a []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(a)} }
func (q quiet) WithGroup(n string) slog.Handler      { return quiet{q.Handler.WithGroup(n)} }
