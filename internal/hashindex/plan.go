package hashindex

import "math"

// stepsOfScan is how many hashes a scan compares in the time in which a probing search looks into one bucket or compares
// one candidate, each of which waits for memory. Only speed depends on it.
const stepsOfScan = 16

// plan is how far from the query each chunk is searched: in chunk j all keys at most radius[j] bits away from the
// query's, none when radius[j] is -1.
//
// The general pigeonhole principle (Qin et al., GPH: Similarity Search in Hamming Space, ICDE 2018) tells which plans
// miss nothing: those in which the sum of radius[j]+1 is more than r. For if a hash escapes, it differs from the query in
// at least radius[j]+1 bits of every chunk, and thus in more than r bits altogether.
type plan struct {
	keys   [maxChunks]uint32 // of the query
	radius [maxChunks]int8
}

// planFor chooses the radius of each chunk: r+1 times it widens the chunk that is cheapest to widen, by the buckets that
// stand around this query. A chunk in which the query meets a crowd is thus searched little or not at all, and others
// make up for it. It gives up when that takes more than limit steps.
func (p *pictures) planFor(q *hash, r, limit int) (to plan, ok bool) {
	var next [maxChunks]int       // steps that it takes to widen the chunk
	var crowd [maxChunks]int      // hashes in the buckets one bit away from the query
	var neighbours [maxChunks]int // keys at the distance that widening adds
	for j := range p.chunks {
		c := &p.chunks[j]
		to.keys[j] = c.key(q)
		to.radius[j] = -1
		neighbours[j] = 1
		next[j] = 1 + c.count(to.keys[j])
	}
	for range r + 1 {
		best := 0
		for j := range p.chunks {
			if next[j] < next[best] {
				best = j
			}
		}
		if next[best] > limit {
			return to, false
		}
		limit -= next[best]
		to.radius[best]++
		c, radius := &p.chunks[best], int(to.radius[best])+1
		width := int(c.width)
		if radius > width {
			next[best] = math.MaxInt
			continue
		}
		neighbours[best] = neighbours[best] * (width - radius + 1) / radius
		if radius == 1 { // counted here; further out it is taken to be as crowded
			for bit := range c.width {
				crowd[best] += c.count(to.keys[best] ^ 1<<bit)
			}
		}
		next[best] = neighbours[best] + neighbours[best]*crowd[best]/width
	}
	return to, true
}
