package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// edge is the right edge of the tree while leaves are added: the tiles that
// are not full, read from the store when first needed.
type edge struct {
	ctx   context.Context
	store Store
	size  int64
	tiles map[[2]int64]*Tile
	order [][2]int64 // of the tiles that changed
}

func (e *edge) tile(level, n int64) (*Tile, error) {
	key := [2]int64{level, n}
	t := e.tiles[key]
	if t == nil {
		data, err := e.store.Tile(e.ctx, level, n)
		if err != nil {
			return nil, err
		}
		t = &Tile{Level: level, N: n, Data: data}
		e.tiles[key] = t
	}
	return t, nil
}

// add puts hash at the place on the level, and the root over a tile that
// became full on the level above.
func (e *edge) add(level, place int64, h tlog.Hash) error {
	t, err := e.tile(level, place/tileHashes)
	if err != nil {
		return err
	}
	if int64(len(t.Data)) != place%tileHashes*hashSize {
		return fmt.Errorf("tile %d/%d of the audit trail has %d bytes where %d are expected; run lapwing audit verify", level, t.N, len(t.Data), place%tileHashes*hashSize)
	}
	if key := [2]int64{level, t.N}; len(e.order) == 0 || e.order[len(e.order)-1] != key {
		e.order = append(e.order, key)
	}
	t.Data = append(t.Data, h[:]...)
	if len(t.Data) < tileHashes*hashSize {
		return nil
	}
	return e.add(level+1, t.N, tileRoot(t.Data))
}

// changed lists the tiles that add touched.
func (e *edge) changed() []Tile {
	var ts []Tile
	seen := map[[2]int64]bool{}
	for _, k := range e.order {
		if !seen[k] {
			seen[k] = true
			ts = append(ts, *e.tiles[k])
		}
	}
	return ts
}

// root is the hash over the whole tree.
func (e *edge) root() (tlog.Hash, error) {
	return tlog.TreeHash(e.size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hs := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			where := tlog.TileForIndex(8, x)
			t, err := e.tile(int64(where.L), where.N)
			if err != nil {
				return nil, err
			}
			where.W = len(t.Data) / hashSize
			if hs[i], err = tlog.HashFromTile(where, t.Data, x); err != nil {
				return nil, err
			}
		}
		return hs, nil
	}))
}

// tileRoot is the root over the hashes of a full tile.
func tileRoot(data []byte) tlog.Hash {
	var hs [tileHashes]tlog.Hash
	for i := range hs {
		copy(hs[i][:], data[i*hashSize:])
	}
	for n := tileHashes; n > 1; n /= 2 {
		for i := range n / 2 {
			hs[i] = tlog.NodeHash(hs[2*i], hs[2*i+1])
		}
	}
	return hs[0]
}

// frontier computes roots over a growing run of leaves in memory of the
// logarithm of their number.
type frontier struct {
	size  int64
	stack []tlog.Hash // roots of full subtrees, largest first
}

func (f *frontier) add(h tlog.Hash) {
	f.stack = append(f.stack, h)
	f.size++
	for n := f.size; n%2 == 0; n /= 2 {
		last := len(f.stack) - 1
		f.stack[last-1] = tlog.NodeHash(f.stack[last-1], f.stack[last])
		f.stack = f.stack[:last]
	}
}

func (f *frontier) root() tlog.Hash {
	if len(f.stack) == 0 {
		h, _ := tlog.TreeHash(0, nil)
		return h
	}
	h := f.stack[len(f.stack)-1]
	for i := len(f.stack) - 2; i >= 0; i-- {
		h = tlog.NodeHash(f.stack[i], h)
	}
	return h
}
