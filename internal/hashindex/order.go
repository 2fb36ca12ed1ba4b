package hashindex

import (
	"cmp"
	"math/bits"
	"slices"
)

// directory[p] to directory[p+1] is where the values whose first bits are p stand in a table in ascending order.
type directory struct {
	shift  uint // a value belongs to part prefix >> shift
	starts []uint32
}

// newDirectory counts n values by their first bits, about four values to a part when they spread evenly.
// prefix(i) is the first 64 bits of value i.
func newDirectory(n int, prefix func(int) uint64) directory {
	width := max(0, bits.Len(uint(n))-3)
	d := directory{shift: uint(64 - width), starts: make([]uint32, 1<<width+1)}
	for i := range n {
		d.starts[prefix(i)>>d.shift+1]++
	}
	for p := range len(d.starts) - 1 {
		d.starts[p+1] += d.starts[p]
	}
	return d
}

// part is the range of positions at which values that begin with prefix stand.
func (d directory) part(prefix uint64) (from, to uint32) {
	p := prefix >> d.shift
	return d.starts[p], d.starts[p+1]
}

// ascending returns the positions 0 to n-1 in the order of compare, which must agree with prefix: a smaller prefix is a
// smaller value. Evenly spread values take time linear in n; values that share their first bits take n log n.
func ascending(n int, prefix func(int) uint64, compare func(a, b int) int) []uint32 {
	type item struct {
		prefix uint64
		at     uint32
	}
	d := newDirectory(n, prefix)
	items := make([]item, n)
	next := slices.Clone(d.starts)
	for i := range n {
		it := item{prefix(i), uint32(i)}
		p := it.prefix >> d.shift
		items[next[p]] = it
		next[p]++
	}
	for p := range len(d.starts) - 1 {
		slices.SortFunc(items[d.starts[p]:d.starts[p+1]], func(a, b item) int {
			if a.prefix != b.prefix { // nearly always, and without going to the value
				return cmp.Compare(a.prefix, b.prefix)
			}
			return compare(int(a.at), int(b.at))
		})
	}
	order := make([]uint32, n)
	for i, it := range items {
		order[i] = it.at
	}
	return order
}
