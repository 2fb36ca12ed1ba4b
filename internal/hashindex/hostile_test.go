package hashindex

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Lists that somebody could feed us, by accident or on purpose, to make searches wrong or slow.
func TestHostileListsAreAnsweredRightAndInTime(t *testing.T) {
	t.Parallel()
	const n = 20_000
	rng := rand.New(rand.NewPCG(6, 7))
	centre := randomHash(rng)
	random := func() [32]byte { return randomHash(rng) }

	for _, tt := range []struct {
		name  string
		make  func(i int) [32]byte
		query [32]byte
		probe bool // a plan around the crowd exists, so nothing may be scanned
	}{
		{"random, for comparison", func(int) [32]byte { return random() }, centre, true},
		{"one hash for all", func(int) [32]byte { return centre }, centre, false},
		{"one hash for half of them", func(i int) [32]byte {
			if i%2 == 0 {
				return centre
			}
			return random()
		}, centre, true},
		{"all zero but two bits", func(int) [32]byte { return flip([32]byte{}, 2, rng) }, [32]byte{}, false},
		{"all one but a few bits", func(int) [32]byte { return flip(ones(), rng.IntN(32), rng) }, ones(), false},
		{"near duplicates of the query", func(int) [32]byte { return flip(centre, rng.IntN(32), rng) }, centre, false},
		{"just too far from the query", func(int) [32]byte { return flip(centre, 32, rng) }, centre, false},
		{"around the limit", func(i int) [32]byte { return flip(centre, 28+i%8, rng) }, centre, false},
		{"rather far from the query", func(int) [32]byte { return flip(centre, 64, rng) }, centre, false},
		{"equal in one chunk", func(int) [32]byte { return withPrefix(random(), centre, 2) }, centre, true},
		{"equal in two chunks", func(int) [32]byte { return withPrefix(random(), centre, 4) }, centre, true},
		{"equal in half the chunks", func(int) [32]byte { return withPrefix(random(), centre, 16) }, centre, false},
		{"equal in all chunks but one", func(int) [32]byte { return withPrefix(random(), centre, 30) }, centre, false},
		{"counted up", func(i int) [32]byte { return [32]byte{30: byte(i >> 8), 31: byte(i)} }, [32]byte{}, false},
		{"two values for each byte", func(int) [32]byte { return twoValues(rng) }, twoValues(rng), false},
	} {
		entries := make([]entry, n)
		for i := range entries {
			entries[i] = entry{tt.make(i), int64(i / 2)}
		}
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := build(entries)
			rng := rand.New(rand.NewPCG(8, 9))
			for i, q := range [][32]byte{tt.query, flip(tt.query, 1, rng), flip(tt.query, 16, rng), flip(tt.query, 31, rng), randomHash(rng)} {
				for _, r := range []int{0, 1, 16, 31, 64} {
					got, done := p.near(nil, fromBytes(q), r)
					if want := measure(entries, q, r); !slices.Equal(got, want) {
						t.Fatalf("query %d: near(%x, %d) finds %d, a scan finds %d", i, q, r, len(got), len(want))
					}
					// What led to a scan was cheaper than the scan: at most twice the work of a scan altogether.
					if steps := done.probes + done.candidates; done.scanned == 0 && steps > p.maxSteps ||
						steps > 2*p.maxSteps+len(p.hashes) || done.scanned > len(p.hashes) {
						t.Errorf("query %d: near(%x, %d) did %+v in %d hashes", i, q, r, done, len(p.hashes))
					}
					if tt.probe && r <= 31 && done.scanned > 0 {
						t.Errorf("query %d: near(%x, %d) compared all %d hashes", i, q, r, done.scanned)
					}
				}
			}
		})
	}
}

// A crowd around the query in a few chunks costs nothing when the plan goes around it.
func TestPlanGoesAroundACrowd(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(10, 11))
	centre := randomHash(rng)
	entries := make([]entry, 100_000)
	for i := range entries {
		entries[i] = entry{withPrefix(randomHash(rng), centre, 4), int64(i)} // the first two of 16 chunks are all equal
	}
	p := build(entries)
	_, done := p.near(nil, fromBytes(centre), 31)
	if done.scanned > 0 || done.candidates > 2_000 {
		t.Errorf("search beside a crowd of %d did %+v, want at most 2000 candidates", len(entries), done)
	}
}

func ones() (h [32]byte) {
	for i := range h {
		h[i] = 0xff
	}
	return h
}

// withPrefix is h with the first n bytes of other.
func withPrefix(h, other [32]byte, n int) [32]byte {
	copy(h[:n], other[:n])
	return h
}

func twoValues(rng *rand.Rand) (h [32]byte) {
	for i := range h {
		h[i] = []byte{0x00, 0xff}[rng.IntN(2)]
	}
	return h
}
