package sqldb

import (
	"context"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// SQLite writes a change to its log first, and copies the log into the file
// later: a checkpoint. Left to itself it does so within the commit that made
// the log too long. A connection of its own does most of it while the next
// transactions go on, and only the rest, which they wrote meanwhile, holds
// them up.
type checkpointer struct {
	wal     string // path of the log
	at      int64  // bytes of log that start one
	running atomic.Bool
	done    chan struct{} // closed by the last one to end, once stopping
}

// checkpointAt is how many bytes of log start a checkpoint: many, because a
// page that was written ten times meanwhile is copied once, and few enough that
// a crash leaves little to read again. autocheckpoint is how many pages let
// SQLite do it by itself where nothing else did.
const (
	checkpointAt   = 192 << 20
	autocheckpoint = 128 << 10
)

// checkpoint starts a checkpoint in the background where the log is long.
func (db *DB) checkpoint() {
	c := &db.checkpoints
	st, err := os.Stat(c.wal)
	if err != nil || st.Size() < c.at || !c.running.CompareAndSwap(false, true) {
		return
	}
	done := make(chan struct{})
	c.done = done
	go func() {
		defer close(done)
		defer c.running.Store(false)
		// A checkpoint that fails is none: the log has it all.
		if err := db.copyLog(); err != nil {
			slog.Warn("the log was not copied into the database file", "error", err)
		}
	}()
}

func (db *DB) copyLog() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, err := db.copier.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		return err
	}
	// While this holds the connection that writes, the log comes to its end,
	// and the next transaction begins it anew.
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}
