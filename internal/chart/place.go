package chart

import (
	"cmp"
	"slices"
)

// spread moves marks on a line apart, as little as can be, so that each has
// the room of size around it and all stay between lo and hi. The order is
// kept. Where they cannot all fit, what it gives overlaps: ask for fewer.
func spread(want []float64, size, lo, hi float64) []float64 {
	order := make([]int, len(want))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(want[a], want[b]) })
	// Blocks of marks that touch stand around the mean of what they want
	// (Dykstra and Robertson, pool adjacent violators).
	type block struct {
		sum  float64 // of wanted first places
		n    int
		from float64
	}
	place := func(b block) block {
		b.from = min(max(b.sum/float64(b.n), lo+size/2), hi-size/2-float64(b.n-1)*size)
		return b
	}
	var blocks []block
	for _, i := range order {
		b := place(block{sum: want[i], n: 1})
		for len(blocks) > 0 {
			last := blocks[len(blocks)-1]
			if last.from+float64(last.n)*size <= b.from {
				break
			}
			// The k-th mark of a block wants its place less k sizes.
			b = place(block{sum: last.sum + b.sum - float64(b.n)*float64(last.n)*size, n: last.n + b.n})
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	out := make([]float64, len(want))
	k := 0
	for _, b := range blocks {
		for j := range b.n {
			out[order[k]] = b.from + float64(j)*size
			k++
		}
	}
	return out
}
