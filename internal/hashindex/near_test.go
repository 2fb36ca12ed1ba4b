package hashindex

import (
	"bufio"
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// entry is what the tests put into an index: the value as bytes, so that the measure shares no code with the search.
type entry struct {
	hash [32]byte
	ref  int64
}

// measure is the answer that Near has to give, found byte by byte.
func measure(entries []entry, q [32]byte, r int) []Hit {
	var hits []Hit
	seen := map[entry]bool{}
	for _, e := range entries {
		d := 0
		for i := range e.hash {
			d += bits.OnesCount8(e.hash[i] ^ q[i])
		}
		if d <= r && !seen[e] {
			seen[e] = true
			hits = append(hits, Hit{e.ref, d})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Ref, b.Ref))
	})
	return hits
}

func build(entries []entry) pictures {
	var b Builder
	for _, e := range entries {
		if err := b.AddPDQ(e.hash, e.ref); err != nil {
			panic(err)
		}
	}
	return b.Build().pictures
}

// buildProbing makes an index that probes m chunks however small it is, and never gives up.
func buildProbing(entries []entry, m int) pictures {
	p := build(entries)
	p.chunks, p.maxSteps = newChunks(p.hashes, m), math.MaxInt
	return p
}

// flip returns h with exactly n bits changed, spread by rng.
func flip(h [32]byte, n int, rng *rand.Rand) [32]byte {
	for _, bit := range rng.Perm(256)[:n] {
		h[bit/8] ^= 1 << (bit % 8)
	}
	return h
}

func randomHash(rng *rand.Rand) (h [32]byte) {
	for i := range h {
		h[i] = byte(rng.Uint32())
	}
	return h
}

func drawRand(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
}

// drawEntries draws hashes that are random, near one another, empty, or equal in most chunks.
func drawEntries(t *rapid.T) []entry {
	rng := drawRand(t)
	entries := []entry{{randomHash(rng), 0}}
	for range rapid.IntRange(0, 40).Draw(t, "more") {
		from := entries[rng.IntN(len(entries))].hash
		e := entry{ref: int64(rng.IntN(60))}
		switch rng.IntN(6) {
		case 0:
			e.hash = randomHash(rng)
		case 1:
			e.hash = from
		case 2:
			e.hash = flip([32]byte{}, rng.IntN(3), rng)
		case 3:
			e.hash = from
			e.hash[rng.IntN(32)] = byte(rng.Uint32())
		default:
			e.hash = flip(from, rng.IntN(70), rng)
		}
		entries = append(entries, e)
	}
	return entries
}

func TestNearFindsWhatAScanFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := drawEntries(t)
		r := rapid.SampledFrom([]int{0, 1, 15, 16, 30, 31, 32, 47, 60}).Draw(t, "r")
		off := rapid.SampledFrom([]int{0, 1, r, r, r + 1, 128}).Draw(t, "off")
		q := flip(rapid.SampledFrom(entries).Draw(t, "from").hash, off, drawRand(t))
		want := measure(entries, q, r)

		for _, m := range []int{16, 20, 32} {
			p := buildProbing(entries, m)
			got, done := p.near(nil, fromBytes(q), r)
			if done.scanned != 0 {
				t.Fatalf("%d chunks: near(%x, %d) scanned, and this test is about probing", m, q, r)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%d chunks: near(%x, %d) = %v, a scan finds %v", m, q, r, got, want)
			}
		}
	})
}

// Any distance, with the choice between probing and scanning left to the index.
func TestNearAtAnyDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := drawEntries(t)
		r := rapid.IntRange(-1, 257).Draw(t, "r")
		q := flip(rapid.SampledFrom(entries).Draw(t, "from").hash, max(0, min(256, r+rapid.IntRange(-1, 1).Draw(t, "off"))), drawRand(t))
		want := measure(entries, q, r)

		p := build(entries)
		if got, _ := p.near(nil, fromBytes(q), r); !slices.Equal(got, want) {
			t.Fatalf("without chunks: near(%x, %d) = %v, a scan finds %v", q, r, got, want)
		}
		p = buildProbing(entries, 16)
		p.maxSteps = rapid.SampledFrom([]int{0, 1, 20, 500, 5000, 100_000}).Draw(t, "maxSteps")
		if got, _ := p.near(nil, fromBytes(q), r); !slices.Equal(got, want) {
			t.Fatalf("at most %d steps: near(%x, %d) = %v, a scan finds %v", p.maxSteps, q, r, got, want)
		}
	})
}

// The rule by which a plan misses nothing, whatever the data.
func TestPlanCoversTheDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := drawEntries(t)
		m := rapid.SampledFrom([]int{16, 23, 32}).Draw(t, "m")
		r := rapid.IntRange(0, 256).Draw(t, "r")
		p := buildProbing(entries, m)
		q := fromBytes(entries[0].hash)
		way, ok := p.planFor(&q, r, math.MaxInt-1)
		if !ok {
			if r < 256 {
				t.Fatalf("%d chunks: no plan for distance %d", m, r)
			}
			return
		}
		sum := 0
		for j := range m {
			sum += int(way.radius[j]) + 1
		}
		if sum <= r {
			t.Fatalf("%d chunks: the plan for distance %d covers %d bits: %v", m, r, sum-1, way.radius[:m])
		}
	})
}

func TestChunksTakeEachBitOnce(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	for m := 8; m <= maxChunks; m++ {
		chunks := cut(m)
		for bit := range 256 {
			a := hash{rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64()}
			b := a
			b[bit/64] ^= 1 << (bit % 64)
			changed := 0
			for j := range chunks {
				changed += bits.OnesCount32(chunks[j].key(&a) ^ chunks[j].key(&b))
			}
			if changed != 1 {
				t.Errorf("%d chunks: bit %d stands in %d keys, want 1", m, bit, changed)
			}
		}
	}
}

func TestNextMaskListsEveryMaskOnce(t *testing.T) {
	t.Parallel()
	for _, width := range []int{1, 7, 12} {
		seen := map[uint64]bool{}
		for flips := range width + 1 {
			for mask := uint64(1)<<flips - 1; mask < 1<<width; mask = nextMask(mask) {
				if bits.OnesCount64(mask) != flips || seen[mask] {
					t.Fatalf("width %d: mask %b listed with %d flips, seen before: %v", width, mask, flips, seen[mask])
				}
				seen[mask] = true
			}
		}
		if len(seen) != 1<<width {
			t.Errorf("width %d: %d masks listed, want %d", width, len(seen), 1<<width)
		}
	}
}

// The sizes at which a built index really probes, with neighbours planted at and around the limit.
func TestNearInLargeIndexes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ n, queries, chunks int }{
		{7_000, 100, 0},
		{30_000, 300, 16},
		{550_000, 10, 13},
	} {
		t.Run(fmt.Sprint(tt.n), func(t *testing.T) {
			t.Parallel()
			if testing.Short() && tt.n > 100_000 {
				t.Skip("takes seconds; run without -short")
			}
			rng := rand.New(rand.NewPCG(uint64(tt.n), 5))
			entries := make([]entry, tt.n)
			for i := range entries {
				entries[i] = entry{randomHash(rng), int64(i)}
				if i%10 == 9 { // some stand close together
					entries[i].hash = flip(entries[i-1].hash, rng.IntN(40), rng)
				}
			}
			p := build(entries)
			if len(p.chunks) != tt.chunks {
				t.Fatalf("%d entries have %d chunks, want %d", tt.n, len(p.chunks), tt.chunks)
			}
			for i := range tt.queries {
				r := []int{0, 1, 15, 16, 31, 32, 40}[i%7]
				off := []int{0, 1, r, r, r + 1}[rng.IntN(5)]
				q := flip(entries[rng.IntN(tt.n)].hash, off, rng)
				got, done := p.near(nil, fromBytes(q), r)
				if want := measure(entries, q, r); !slices.Equal(got, want) {
					t.Errorf("near(%x, %d) = %v, a scan finds %v", q, r, got, want)
				}
				if tt.chunks > 0 && r <= 31 && done.scanned > 0 {
					t.Errorf("near(%x, %d) compared all hashes (%+v)", q, r, done)
				}
			}
		})
	}
}

// Searches so wide and lists so crowded that buckets and candidates come in several batches.
func TestNearInSeveralBatches(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(14, 15))
	centre := randomHash(rng)
	entries := make([]entry, 3_000)
	for i := range entries {
		entries[i] = entry{flip(centre, rng.IntN(90), rng), int64(i)}
	}
	for _, m := range []int{16, 20, 32} {
		p := buildProbing(entries, m)
		for _, r := range []int{0, 16, 31, 47, 60, 66} {
			for _, off := range []int{0, 5, 31, r} {
				q := flip(centre, off, rng)
				got, done := p.near(nil, fromBytes(q), r)
				if want := measure(entries, q, r); !slices.Equal(got, want) || done.scanned > 0 {
					t.Errorf("%d chunks: near(%x, %d) finds %d, a scan finds %d (%+v)", m, q, r, len(got), len(want), done)
				}
			}
		}
	}
}

func TestNearAllocatesOnlyItsAnswer(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var b Builder
	for i := range 20_000 {
		if err := b.AddPDQ(randomHash(rng), int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	q := randomHash(rng)
	for i := range 10 {
		if err := b.AddPDQ(flip(q, 3*i, rng), int64(-i)); err != nil {
			t.Fatal(err)
		}
	}
	x := b.Build()
	dst := make([]Hit, 0, 100)
	for _, r := range []int{0, 31, 90} {
		if got := testing.AllocsPerRun(100, func() { dst = x.AppendNear(dst[:0], q, r) }); got != 0 {
			t.Errorf("AppendNear(dst, q, %d) allocates %v times, want 0", r, got)
		}
	}
	dst = x.AppendNear([]Hit{{Ref: 77, Distance: 200}}, q, 5)
	if want := []Hit{{77, 200}, {0, 0}, {-1, 3}}; !slices.Equal(dst, want) {
		t.Errorf("AppendNear to a hit gives %v, want %v", dst, want)
	}
}

// Meta's regression lists, where they are at hand: photographs rather than random bits.
func TestNearOnPhotographs(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "..", "..", "shared", "data", "pdq", "hash-lists")
	haystack, err := readHashes(filepath.Join(folder, "haystack.txt"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Logf("not checked: %v", err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	needles, err := readHashes(filepath.Join(folder, "needles.txt"))
	if err != nil {
		t.Fatal(err)
	}
	p := buildProbing(haystack, 16)
	found := 0
	for _, e := range slices.Concat(needles, haystack[:100]) {
		got, _ := p.near(nil, fromBytes(e.hash), 31)
		if want := measure(haystack, e.hash, 31); !slices.Equal(got, want) {
			t.Errorf("near(%x, 31) = %v, a scan finds %v", e.hash, got, want)
		}
		found += len(got)
	}
	t.Logf("%d hits for %d hashes in %d", found, len(needles)+100, len(haystack))
}

func readHashes(path string) (entries []entry, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if len(lines.Text()) < 64 {
			continue
		}
		b, err := hex.DecodeString(lines.Text()[:64])
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{[32]byte(b), int64(len(entries))})
	}
	return entries, nil
}
