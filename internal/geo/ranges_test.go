package geo

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestFlattenAsAScan holds the search against a walk over all rows, which
// takes the last to begin, of those the shortest, of those the first.
func TestFlattenAsAScan(t *testing.T) {
	t.Parallel()
	const size = 24 // small enough to try every address
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SampledFrom([]wide{{}, {0, 1<<64 - 10}, {1<<64 - 1, 1<<64 - size}}).Draw(t, "base")
		at := func(i int) wide {
			w := base
			for range i {
				w = w.next()
			}
			return w
		}
		var spans []span
		var plain [][3]int
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			first := rapid.IntRange(0, size-1).Draw(t, "first")
			last := rapid.IntRange(first, size-1).Draw(t, "last")
			code := rapid.IntRange(0, 2).Draw(t, "code")
			spans, plain = append(spans, span{at(first), at(last), uint16(code)}), append(plain, [3]int{first, last, code})
		}
		flat := flatten(spans)
		for i, s := range flat {
			if s.first.cmp(s.last) > 0 || i > 0 && flat[i-1].last.cmp(s.first) >= 0 {
				t.Fatalf("%v of %v is not in order", flat, plain)
			}
			if i > 0 && flat[i-1].last.next() == s.first && flat[i-1].code == s.code {
				t.Fatalf("%v of %v has neighbours of one code", flat, plain)
			}
		}
		for i := range size {
			want, best := -1, [3]int{}
			for _, p := range plain {
				if p[0] > i || p[1] < i {
					continue
				}
				if want < 0 || p[0] > best[0] || p[0] == best[0] && p[1] < best[1] {
					want, best = p[2], p
				}
			}
			got := -1
			for _, s := range flat {
				if s.first.cmp(at(i)) <= 0 && s.last.cmp(at(i)) >= 0 {
					got = int(s.code)
				}
			}
			if got != want {
				t.Fatalf("address %d of %v: code %d, a scan finds %d", i, plain, got, want)
			}
		}
	})
}

// manyRows is a list of the size of the merged one of all registries.
func manyRows(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "2|nro|20260115|%d|19830101|20260114|+0000\n", n)
	codes := []string{"LU", "NL", "BE", "DE", "FR", "EU", "US", "BR"}
	for i := range n {
		if i%3 == 0 {
			fmt.Fprintf(&b, "ripencc|%s|ipv6|2a%02x:%x::|32|20200101|allocated|opaque-%d|e-stats\n", codes[i%8], i>>16&0xff, i&0xffff, i)
			continue
		}
		fmt.Fprintf(&b, "arin|%s|ipv4|%s|256|20200101|allocated|opaque-%d|e-stats\n", codes[i*7%8], netip.AddrFrom4([4]byte{byte(1 + i>>16), byte(i >> 8), byte(i), 0}), i)
	}
	return b.String()
}

func BenchmarkParseRegistry(b *testing.B) {
	in := []byte(manyRows(500_000))
	b.SetBytes(int64(len(in)))
	var db *DB
	for b.Loop() {
		db = mustParse(b, in)
	}
	b.ReportMetric(float64(10*len(db.rir.four.first)+34*len(db.rir.six.first))/500_000, "bytes/row")
}

func BenchmarkLookup(b *testing.B) {
	for name, db := range map[string]*DB{"registry": mustParse(b, []byte(manyRows(500_000))), "mmdb": mustParse(b, testMMDB(6).bytes())} {
		a := netip.MustParseAddr("192.0.2.7")
		if name == "registry" {
			a = netip.MustParseAddr("2.60.4.0")
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := db.Lookup(a); !ok {
					b.Fatal("no answer")
				}
			}
		})
	}
}
