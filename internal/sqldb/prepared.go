package sqldb

import (
	"context"
	"database/sql"
	"sync"
)

// prepared keeps SQLite's statements compiled from one transaction to the
// next: compiling costs more than running most of them. (pgx does the same
// for PostgreSQL by itself.)
//
// A statement can be prepared for the pool only while no transaction holds
// its one connection, so what a transaction misses is noted, and prepared
// before the next one begins.
type prepared struct {
	mu     sync.Mutex
	stmts  map[string]*sql.Stmt
	wanted map[string]bool
}

// maxPrepared bounds the number of statements that are kept.
const maxPrepared = 256

// prepareWanted prepares what the last transactions missed.
func (db *DB) prepareWanted(ctx context.Context) error {
	if db.engine != SQLite {
		return nil
	}
	p := &db.prepared
	p.mu.Lock()
	var todo []string
	for q := range p.wanted {
		todo = append(todo, q)
	}
	clear(p.wanted)
	p.mu.Unlock()
	for _, q := range todo {
		st, err := db.write.PrepareContext(ctx, q)
		if err != nil {
			return err
		}
		p.mu.Lock()
		if p.stmts == nil {
			p.stmts = map[string]*sql.Stmt{}
		}
		if old := p.stmts[q]; old != nil || len(p.stmts) >= maxPrepared {
			st.Close()
		} else {
			p.stmts[q] = st
		}
		p.mu.Unlock()
	}
	return nil
}

// statement gives the query prepared for the transaction in ctx; nil where it
// is to be run as text.
func (db *DB) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	t := db.tx(ctx)
	if t == nil || t.snapshot || db.engine != SQLite {
		return nil, nil
	}
	if st := t.stmts[query]; st != nil {
		return st, nil
	}
	p := &db.prepared
	p.mu.Lock()
	base := p.stmts[query]
	if base == nil && len(p.stmts)+len(p.wanted) < maxPrepared {
		if p.wanted == nil {
			p.wanted = map[string]bool{}
		}
		p.wanted[query] = true
	}
	p.mu.Unlock()
	var st *sql.Stmt
	var err error
	if base != nil {
		st = t.tx.StmtContext(ctx, base)
	} else if st, err = t.tx.PrepareContext(ctx, query); err != nil {
		return nil, err
	}
	if t.stmts == nil {
		t.stmts = map[string]*sql.Stmt{}
	}
	t.stmts[query] = st
	return st, nil
}
