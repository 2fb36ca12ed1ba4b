package synth

// random is a SplitMix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
// 2014). It is a value: one for each thing that is drawn, so that things do not depend on each other's order.
type random uint64

// newRandom is the generator for thing n of a kind.
func newRandom(seed, kind, n uint64) random {
	return random(mix(mix(seed+kind*0x9e3779b97f4a7c15) + n*0xd1342543de82ef95))
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	return mix(uint64(*r))
}

// n is a number from 0 to below limit, which is at least 1 and below 2^32. The bias is below 2^-32.
func (r *random) n(limit int) int { return int(r.next() >> 32 * uint64(limit) >> 32) }

// in says yes in so many of a thousand cases.
func (r *random) in(perMille int) bool { return r.n(1000) < perMille }

// pick is one of the choices.
func pick[T any](r *random, choices []T) T { return choices[r.n(len(choices))] }
