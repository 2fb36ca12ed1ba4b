package hashindex

// maxChunks bounds the arrays that a search keeps on its stack.
const maxChunks = 32

// chunk is one of the pieces of neighbouring bits into which hashes are cut, with a table of hashes by the value (the
// key) of that piece: those with key k are ids[starts[k]:starts[k+1]], as positions in pictures.hashes.
type chunk struct {
	word   int  // the key begins in this word of a hash,
	shift  uint // this many bits from its low end,
	width  uint // and goes on into the next word where there are not width bits left
	starts []uint32
	ids    []uint32
}

// chunksFor is into how many chunks n distinct hashes are cut; 0 means that a scan is as fast. Wider chunks have
// smaller buckets, but more of them have to be probed.
func chunksFor(n int) int {
	switch {
	case n < 8_000:
		return 0
	case n < 500_000:
		return 16
	case n < 5_000_000:
		return 13
	}
	return 11
}

// newChunks makes the tables of m chunks.
func newChunks(hashes []hash, m int) []chunk {
	chunks := cut(m)
	for j := range chunks {
		chunks[j].fill(hashes)
	}
	return chunks
}

// cut divides the 256 bits among m chunks, the first ones a bit wider where m does not divide 256.
func cut(m int) []chunk {
	chunks := make([]chunk, m)
	next := uint(0)
	for j := range chunks {
		width := uint(256 / m)
		if j < 256%m {
			width++
		}
		chunks[j] = chunk{word: int(next / 64), shift: next % 64, width: width}
		next += width
	}
	return chunks
}

func (c *chunk) fill(hashes []hash) {
	// Counting into one slot further lets starts serve as the place of the next id, and end up shifted where it belongs.
	c.starts = make([]uint32, 1<<c.width+2)
	for i := range hashes {
		c.starts[c.key(&hashes[i])+2]++
	}
	for k := 2; k < len(c.starts); k++ {
		c.starts[k] += c.starts[k-1]
	}
	c.ids = make([]uint32, len(hashes))
	for i := range hashes {
		at := &c.starts[c.key(&hashes[i])+1]
		c.ids[*at] = uint32(i)
		*at++
	}
	c.starts = c.starts[:1<<c.width+1]
}

// key is the value of this chunk in h.
func (c *chunk) key(h *hash) uint32 {
	k := h[c.word] >> c.shift
	if c.shift+c.width > 64 {
		k |= h[c.word+1] << (64 - c.shift)
	}
	return uint32(k & (1<<c.width - 1))
}

// count is how many hashes have this key.
func (c *chunk) count(key uint32) int { return int(c.starts[key+1] - c.starts[key]) }
