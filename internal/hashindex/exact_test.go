package hashindex

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestExactFindsWhatAMapFinds(t *testing.T) {
	t.Parallel()
	kinds := []Kind{MD5, SHA1, SHA256, PDQ, "photodna", "netclean"}
	rapid.Check(t, func(t *rapid.T) {
		rng := drawRand(t)
		value := func(k Kind) []byte {
			v := make([]byte, k.size())
			if k.size() == 0 {
				v = make([]byte, 1+rng.IntN(12))
			}
			for i := range v {
				v[i] = byte(rng.IntN(2)) << (rng.IntN(2) * 7) // few values, so that they meet
			}
			if rng.IntN(2) == 0 { // only the last byte tells them apart
				clear(v[:len(v)-1])
			}
			return v
		}
		type named struct {
			kind  Kind
			value string
		}
		var b Builder
		model := map[named]map[int64]bool{}
		pairs := 0
		for range rapid.IntRange(0, 200).Draw(t, "entries") {
			k := kinds[rng.IntN(len(kinds))]
			v, ref := value(k), int64(rng.IntN(5)-2)
			if err := b.Add(k, v, ref); err != nil {
				t.Fatalf("Add(%s, %x, %d): %v", k, v, ref, err)
			}
			at := named{k, string(v)}
			if model[at] == nil {
				model[at] = map[int64]bool{}
			}
			if !model[at][ref] {
				pairs++
			}
			model[at][ref] = true
			v[0] ^= 0xff // the builder has its own copy
		}
		x := b.Build()
		if x.Len() != pairs {
			t.Fatalf("Len() = %d, want %d", x.Len(), pairs)
		}
		check := func(k Kind, v []byte) {
			var want []Hit
			for ref := range model[named{k, string(v)}] {
				want = append(want, Hit{Ref: ref})
			}
			slices.SortFunc(want, func(a, b Hit) int { return int(a.Ref - b.Ref) })
			if got := x.Exact(k, v); !slices.Equal(got, want) {
				t.Fatalf("Exact(%s, %x) = %v, want %v", k, v, got, want)
			}
		}
		for at := range model {
			check(at.kind, []byte(at.value))
		}
		for range 50 {
			k := kinds[rng.IntN(len(kinds))]
			check(k, value(k))
		}
	})
}

func TestExactTellsValuesApartByEachBit(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(12, 13))
	for _, k := range []Kind{MD5, SHA1, SHA256, PDQ, "photodna"} {
		size := k.size()
		if size == 0 {
			size = 144
		}
		var b Builder
		values := make([][]byte, 3_000)
		for i := range values {
			values[i] = make([]byte, size)
			for j := range values[i] {
				values[i][j] = byte(rng.Uint32())
			}
			if err := b.Add(k, values[i], int64(i)); err != nil {
				t.Fatal(err)
			}
		}
		x := b.Build()
		for i, v := range values {
			if got, want := x.Exact(k, v), []Hit{{Ref: int64(i)}}; !slices.Equal(got, want) {
				t.Fatalf("Exact(%s, %x) = %v, want %v", k, v, got, want)
			}
			bit := i % (8 * size)
			v[bit/8] ^= 1 << (bit % 8)
			if got := x.Exact(k, v); len(got) > 0 {
				t.Fatalf("Exact(%s, %x), which differs from the entry in bit %d, = %v", k, v, bit, got)
			}
		}
	}
}

// A source may choose its values so that they all fall into one part of the directory.
func TestExactInOneCrowdedPart(t *testing.T) {
	t.Parallel()
	const n = 50_000
	var b Builder
	at := func(i int) []byte {
		v := bytes.Repeat([]byte{0xab}, 144)
		v[142], v[143] = byte(i>>8), byte(i)
		return v
	}
	for i := range n {
		if err := b.Add("photodna", at((i*7919)%n), int64((i*7919)%n)); err != nil {
			t.Fatal(err)
		}
	}
	x := b.Build()
	for i := range n {
		if got, want := x.Exact("PhotoDNA", at(i)), []Hit{{Ref: int64(i)}}; !slices.Equal(got, want) {
			t.Fatalf("Exact(photodna, ...%04x) = %v, want %v", i, got, want)
		}
	}
	if got := x.Exact("photodna", at(n)); got != nil {
		t.Errorf("Exact(photodna, ...%04x) = %v, want none", n, got)
	}
}

func TestSmallIndexes(t *testing.T) {
	t.Parallel()
	md5, picture := make([]byte, 16), [32]byte{1}
	var zero Index
	var b Builder
	for name, x := range map[string]*Index{"zero": &zero, "built of nothing": b.Build()} {
		if x.Len() != 0 || x.Exact(MD5, md5) != nil || x.Exact(PDQ, picture[:]) != nil || x.Near(picture, 256) != nil {
			t.Errorf("index %s: want no entries and no hits", name)
		}
	}

	if err := b.AddPDQ(picture, 9); err != nil {
		t.Fatal(err)
	}
	x := b.Build()
	for r, want := range map[int][]Hit{-1: nil, 0: {{9, 0}}, 31: {{9, 0}}, 256: {{9, 0}}, 1 << 62: {{9, 0}}} {
		if got := x.Near(picture, r); !slices.Equal(got, want) {
			t.Errorf("one entry: Near(it, %d) = %v, want %v", r, got, want)
		}
	}
	if got, want := x.Near([32]byte{2}, 2), []Hit{{9, 2}}; !slices.Equal(got, want) {
		t.Errorf("one entry: Near(2 bits away, 2) = %v, want %v", got, want)
	}
	if again := b.Build(); again.Len() != 0 {
		t.Errorf("Build leaves %d entries in the builder, want 0", again.Len())
	}
}

func TestAddRefusesWhatNoValueLooksLike(t *testing.T) {
	t.Parallel()
	digest := make([]byte, 16)
	for _, tt := range []struct {
		kind  Kind
		value []byte
		want  string // part of the error
	}{
		{MD5, []byte(hex.EncodeToString(digest)), "not its text form"},
		{SHA1, digest, "has 20 bytes, this one has 16"},
		{SHA256, nil, "this one has 0"},
		{PDQ, make([]byte, 33), "this one has 33"},
		{"", digest, "no name"},
		{" -_", digest, "no name"},
		{Kind(strings.Repeat("x", 65)), digest, "at most 64"},
		{"photodna", nil, "1 to 1048576"},
		{"photodna", make([]byte, MaxValue+1), "1 to 1048576"},
	} {
		var b Builder
		err := b.Add(tt.kind, tt.value, 1)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Add(%q, %d bytes): error %v, want one that says %q", tt.kind, len(tt.value), err, tt.want)
		}
		if checked := tt.kind.Check(tt.value); checked == nil || checked.Error() != err.Error() {
			t.Errorf("Check of %q, %d bytes: %v, want the error of Add: %v", tt.kind, len(tt.value), checked, err)
		}
		x := b.Build()
		if x.Len() != 0 || x.Exact(tt.kind, tt.value) != nil {
			t.Errorf("after Add(%q, %d bytes) failed: %d entries, want none", tt.kind, len(tt.value), x.Len())
		}
	}
}

func TestKindsAreOneInAllSpellings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		as, asked Kind
		size      int
	}{
		{"MD5", MD5, 16}, {"Md5", "md-5", 16}, {"SHA-1", SHA1, 20}, {SHA256, "Sha_256", 32}, {"pDq", PDQ, 32},
		{"TMK_PDQF", "tmk-pdqf", 300}, {"PhotoDNA", "photo dna", 144},
	} {
		value := bytes.Repeat([]byte{7}, tt.size)
		var b Builder
		if err := b.Add(tt.as, value, 5); err != nil {
			t.Errorf("Add(%q): %v", tt.as, err)
		}
		if got, want := b.Build().Exact(tt.asked, value), []Hit{{Ref: 5}}; !slices.Equal(got, want) {
			t.Errorf("added as %q, Exact(%q) = %v, want %v", tt.as, tt.asked, got, want)
		}
	}
}
