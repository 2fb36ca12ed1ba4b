package audit

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// A Report is what Verify found.
type Report struct {
	Size     int64     `json:"size"`
	Root     string    `json:"root"`
	Problems []Problem `json:"problems"`
	More     int       `json:"more,omitempty"` // problems beyond those listed
}

// Whole says that nothing is wrong.
func (r *Report) Whole() bool { return len(r.Problems) == 0 }

// A Problem names a place and what is wrong there.
type Problem struct {
	Where string `json:"where"` // "entry 17", "tile 0/3", "head", "checkpoint", "tables"
	What  string `json:"what"`
}

const maxProblems = 100

func (r *Report) add(where, what string) {
	if len(r.Problems) == maxProblems {
		r.More++
		return
	}
	r.Problems = append(r.Problems, Problem{where, what})
}

// Verify reads the whole trail and reports every entry, tile and head that is
// not as it was written. checkpoints are signed notes that were kept
// elsewhere; each must be a state through which this log went.
//
// The tree is computed anew from the entries. Where its root is the signed
// one all entries are right, and what differs from them is an altered tile;
// otherwise the tiles tell which entries are not as they were recorded.
func (l *Log) Verify(ctx context.Context, checkpoints ...string) (*Report, error) {
	rep := &Report{Problems: []Problem{}}
	err := l.Store.Snapshot(ctx, func(ctx context.Context) error {
		if err := l.Store.Sound(ctx); err != nil {
			rep.add("tables", err.Error())
		}
		return l.verify(ctx, rep, checkpoints)
	})
	if err != nil && ctx.Err() == nil {
		rep.add("tables", "the trail cannot be read to its end: "+err.Error())
		err = nil
	}
	return rep, err
}

func (l *Log) verify(ctx context.Context, rep *Report, checkpoints []string) error {
	head, err := l.Store.Head(ctx)
	if err != nil {
		return err
	}
	var signed Checkpoint
	if head == "" {
		signed.Root, _ = tlog.TreeHash(0, nil)
	} else if signed, err = l.open(head); err != nil {
		rep.add("head", err.Error())
		signed = Checkpoint{Size: -1}
	}

	// Outside checkpoints, by the size at which they must hold.
	want := map[int64][]tlog.Hash{}
	for _, c := range checkpoints {
		cp, err := l.open(c)
		if err != nil {
			rep.add("checkpoint", err.Error())
			continue
		}
		want[cp.Size] = append(want[cp.Size], cp.Root)
	}

	// One pass over the entries: the leaves that they make, and the gaps.
	var leaves [][hashSize]byte
	var front frontier
	reach := func() {
		for _, root := range want[front.size] {
			if root != front.root() {
				rep.add("checkpoint", fmt.Sprintf("at size %d the log is not the one that was signed then: an entry before it was altered, moved or removed", front.size))
			}
		}
		delete(want, front.size)
	}
	reach()
	gaps := map[int64]bool{}
	var past int64
	err = l.Store.Entries(ctx, Filter{}, func(e Entry) error {
		next := int64(len(leaves))
		switch {
		case e.Index < next:
			rep.add(fmt.Sprintf("entry %d", e.Index), "is not a place in the log")
			return nil
		case signed.Size >= 0 && e.Index >= signed.Size:
			past++
			rep.add(fmt.Sprintf("entry %d", e.Index), fmt.Sprintf("was added past the signed head, which counts %d entries", signed.Size))
			return nil
		case e.Index-next > int64(maxProblems):
			return fmt.Errorf("entries %d to %d are missing", next, e.Index-1)
		}
		for ; next < e.Index; next++ {
			rep.add(fmt.Sprintf("entry %d", next), "is missing")
			gaps[next] = true
			leaves = append(leaves, tlog.Hash{})
		}
		h := e.leaf()
		leaves = append(leaves, h)
		if len(gaps) == 0 {
			front.add(h)
			reach()
		}
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("after entry %d: %w", len(leaves)-1, err)
	}
	size := int64(len(leaves))
	rep.Size, rep.Root = size, front.root().String()
	for at := range want {
		what := fmt.Sprintf("it was signed at size %d, and the log ends at %d: its tail was cut off", at, size)
		if at <= size {
			what = fmt.Sprintf("what was signed at size %d cannot be checked: entries before it are missing", at)
		}
		rep.add("checkpoint", what)
	}
	if size < signed.Size {
		rep.add(fmt.Sprintf("entry %d", size), fmt.Sprintf("and all after it are missing: the signed head counts %d entries", signed.Size))
	}
	entriesRight := len(gaps) == 0 && past == 0 && signed.Size == size && signed.Root == front.root()
	if err := l.verifyTiles(ctx, rep, leaves, gaps, entriesRight); err != nil {
		return err
	}
	if !entriesRight && len(rep.Problems) == 0 {
		rep.add("head", "entries and tiles agree with each other and not with the root that was signed: both were altered")
	}
	return nil
}

// verifyTiles compares the tiles with the hashes that they should hold: level
// 0 with the leaves, each level above with the roots over the level below.
func (l *Log) verifyTiles(ctx context.Context, rep *Report, leaves [][hashSize]byte, gaps map[int64]bool, entriesRight bool) error {
	level, want := int64(0), leaves // what level should hold
	have := slices.Clone(leaves)    // what it holds, as far as it is there
	n := int64(0)                   // next tile of the level
	missing := func(before int64) {
		for ; n < before && n*tileHashes < int64(len(want)); n++ {
			rep.add(fmt.Sprintf("tile %d/%d", level, n), "is missing")
		}
	}
	up := func() {
		missing(int64(len(want)))
		// Where entries were altered, the level above is right if it stands
		// over what was recorded, which is what the tile still has.
		below := want
		if !entriesRight {
			below = have
		}
		want = nil
		var full []byte
		for i := 0; i+tileHashes <= len(below); i += tileHashes {
			full = full[:0]
			for _, h := range below[i : i+tileHashes] {
				full = append(full, h[:]...)
			}
			want = append(want, tileRoot(full))
		}
		level, have, n = level+1, slices.Clone(want), 0
	}
	err := l.Store.Tiles(ctx, func(t Tile) error {
		where := fmt.Sprintf("tile %d/%d", t.Level, t.N)
		for t.Level > level && len(want) > 0 {
			up()
		}
		missing(t.N)
		from := t.N * tileHashes
		if t.Level != level || t.N < n || from >= int64(len(want)) {
			rep.add(where, "has no place in the tree")
			return nil
		}
		n = t.N + 1
		to := min(from+tileHashes, int64(len(want)))
		if int64(len(t.Data)) != (to-from)*hashSize {
			rep.add(where, fmt.Sprintf("has %d bytes where %d are expected", len(t.Data), (to-from)*hashSize))
		}
		for i := from; i < to && (i-from+1)*hashSize <= int64(len(t.Data)); i++ {
			copy(have[i][:], t.Data[(i-from)*hashSize:])
			switch {
			case have[i] == want[i], level == 0 && gaps[i]:
			case level == 0 && !entriesRight:
				rep.add(fmt.Sprintf("entry %d", i), "is not what was recorded: its hash is another")
			default:
				rep.add(where, fmt.Sprintf("hash %d is not that of what it stands for", i-from))
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	for len(want) > 0 {
		up()
	}
	return nil
}
