package hashindex

import (
	"math"
	"math/bits"
)

// probe appends every entry at most r bits away from q, in no order. It gives up, complete being false, when the plan or
// what really stands in the buckets takes longer than a scan.
func (p *pictures) probe(dst []Hit, q hash, r int) (hits []Hit, done work, complete bool) {
	if len(p.chunks) == 0 {
		return dst, done, false
	}
	s := search{pictures: p, query: q, within: r, hits: dst}
	if s.plan, complete = p.planFor(&q, r, p.maxSteps); complete {
		complete = s.follow()
	}
	return s.hits, s.done, complete
}

// search follows a plan. It collects buckets, then the candidates in them, and then compares, a few hundred at a time:
// nearly every step waits for memory, and like this the waits of one kind overlap. It all stays on the stack.
type search struct {
	*pictures
	plan
	query  hash
	within int
	hits   []Hit
	done   work

	chunk      int // the one that is being searched
	buckets    [256]struct{ from, to uint32 }
	candidates [256]uint32
}

// follow looks into every bucket of the plan. It returns false when that takes too many steps.
func (s *search) follow() bool {
	for j := range s.chunks {
		s.chunk = j
		starts, end, n := s.chunks[j].starts, uint64(1)<<s.chunks[j].width, 0
		for flips := range int(s.radius[j]) + 1 {
			// Every mask as wide as the chunk with this many bits set, ascending.
			for mask := uint64(1)<<flips - 1; mask < end; mask = nextMask(mask) {
				key := s.keys[j] ^ uint32(mask)
				s.buckets[n].from, s.buckets[n].to = starts[key], starts[key+1]
				if n++; n == len(s.buckets) {
					if !s.empty(n) {
						return false
					}
					n = 0
				}
			}
		}
		if !s.empty(n) {
			return false
		}
	}
	return true
}

// empty compares what stands in the first n collected buckets. It returns false, before it
// compares, when that takes too many steps.
func (s *search) empty(n int) bool {
	s.done.probes += n
	for _, b := range s.buckets[:n] {
		s.done.candidates += int(b.to - b.from)
	}
	if s.done.probes+s.done.candidates > s.maxSteps {
		return false
	}
	ids, m := s.chunks[s.chunk].ids, 0
	for _, b := range s.buckets[:n] {
		for _, id := range ids[b.from:b.to] {
			s.candidates[m] = id
			if m++; m == len(s.candidates) {
				s.compare(m)
				m = 0
			}
		}
	}
	s.compare(m)
	return true
}

// compare appends those of the first n candidates that are near enough.
func (s *search) compare(n int) {
	q := &s.query
	for _, id := range s.candidates[:n] {
		h := &s.hashes[id]
		d := bits.OnesCount64(h[0]^q[0]) + bits.OnesCount64(h[1]^q[1]) +
			bits.OnesCount64(h[2]^q[2]) + bits.OnesCount64(h[3]^q[3])
		if d <= s.within && !s.foundBefore(h) {
			s.hits = s.appendRefs(s.hits, int(id), d)
		}
	}
}

// foundBefore says whether an earlier chunk led to h already. The plan tells, without a memory of what was found.
func (s *search) foundBefore(h *hash) bool {
	for k := range s.chunk {
		if bits.OnesCount32(s.chunks[k].key(h)^s.keys[k]) <= int(s.radius[k]) {
			return true
		}
	}
	return false
}

// nextMask is the next larger number with as many bits set; after 0 it is a number beyond any mask.
func nextMask(mask uint64) uint64 {
	if mask == 0 {
		return math.MaxUint64
	}
	low := mask & -mask
	up := mask + low
	return up | (mask^up)>>(bits.TrailingZeros64(mask)+2)
}
