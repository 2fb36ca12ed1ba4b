package hashindex

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var benchSizes = []int{10_000, 100_000, 1_000_000}

// randomPictures makes n random hashes and 4096 queries, every second one at most 31 bits away from a hash.
func randomPictures(n int) (hashes, queries [][32]byte) {
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	hashes = make([][32]byte, n)
	for i := range hashes {
		hashes[i] = randomHash(rng)
	}
	queries = make([][32]byte, 4096)
	for i := range queries {
		if queries[i] = randomHash(rng); i%2 == 0 {
			queries[i] = flip(hashes[rng.IntN(n)], rng.IntN(32), rng)
		}
	}
	return hashes, queries
}

func buildPictures(b *testing.B, hashes [][32]byte) *Index {
	var builder Builder
	for i, h := range hashes {
		if err := builder.AddPDQ(h, int64(i)); err != nil {
			b.Fatal(err)
		}
	}
	return builder.Build()
}

func BenchmarkNear(b *testing.B) {
	for _, n := range benchSizes {
		hashes, queries := randomPictures(n)
		x := buildPictures(b, hashes)
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			var hits []Hit
			var total work
			found, i := 0, 0
			for ; b.Loop(); i++ {
				var done work
				hits, done = x.pictures.near(hits[:0], fromBytes(queries[i%len(queries)]), 31)
				found += len(hits)
				total.probes += done.probes
				total.candidates += done.candidates
				total.scanned += done.scanned
			}
			b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "lookups/s")
			b.ReportMetric(float64(total.probes)/float64(i), "probes/op")
			b.ReportMetric(float64(total.candidates)/float64(i), "candidates/op")
			b.ReportMetric(float64(total.scanned)/float64(i), "scanned/op")
			b.ReportMetric(float64(found)/float64(i), "hits/op")
		})
	}
}

// BenchmarkScan is what BenchmarkNear is measured against.
func BenchmarkScan(b *testing.B) {
	for _, n := range benchSizes {
		hashes, queries := randomPictures(n)
		x := buildPictures(b, hashes)
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			var hits []Hit
			i := 0
			for ; b.Loop(); i++ {
				hits = x.pictures.scan(hits[:0], fromBytes(queries[i%len(queries)]), 31)
			}
			b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "lookups/s")
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range benchSizes {
		hashes, _ := randomPictures(n)
		b.Run(fmt.Sprintf("kind=pdq/entries=%d", n), func(b *testing.B) {
			var x *Index
			for b.Loop() {
				x = buildPictures(b, hashes)
			}
			b.ReportMetric(float64(x.Bytes())/float64(n), "bytes/entry")
		})
		b.Run(fmt.Sprintf("kind=md5/entries=%d", n), func(b *testing.B) {
			var x *Index
			for b.Loop() {
				x = buildDigests(b, n)
			}
			b.ReportMetric(float64(x.Bytes())/float64(n), "bytes/entry")
		})
	}
}

// digest is the i-th of a row of values that look random.
func digest(i int) (d [16]byte) {
	rng := rand.NewPCG(uint64(i), 2)
	binary.BigEndian.PutUint64(d[:8], rng.Uint64())
	binary.BigEndian.PutUint64(d[8:], rng.Uint64())
	return d
}

func buildDigests(b *testing.B, n int) *Index {
	var builder Builder
	for i := range n {
		d := digest(i)
		if err := builder.Add(MD5, d[:], int64(i)); err != nil {
			b.Fatal(err)
		}
	}
	return builder.Build()
}

func BenchmarkExact(b *testing.B) {
	for _, n := range benchSizes {
		x := buildDigests(b, n)
		b.Run(fmt.Sprintf("entries=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			start, found, i := time.Now(), 0, 0
			for ; b.Loop(); i++ { // every second one is in the index
				d := digest(i * 7919 % (2 * n))
				found += len(x.Exact(MD5, d[:]))
			}
			b.ReportMetric(float64(i)/time.Since(start).Seconds(), "lookups/s")
			b.ReportMetric(float64(found)/float64(i), "hits/op")
		})
	}
}
