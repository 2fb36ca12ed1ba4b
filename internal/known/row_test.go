package known

import (
	"bytes"
	"encoding/hex"
	"testing"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"

	"pgregory.net/rapid"
)

func TestFingerprintThereAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := referral.Hash{Kind: rapid.SampledFrom([]string{"md5", "sha1", "sha256", "pdq", "photodna", "x"}).Draw(t, "kind"), Quality: rapid.IntRange(0, 100).Draw(t, "quality")}
		if n, ok := referral.HashKinds[h.Kind]; ok {
			h.Value = hex.EncodeToString(rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "digest"))
		} else {
			h.Value = rapid.String().Draw(t, "text") // may look like the digest of another kind
		}
		f := Fingerprint{Kind: h.Kind, Value: ValueBytes(h), Quality: h.Quality}
		if got := HashOf(&f); got != h {
			t.Fatalf("HashOf(%+v) = %+v, want %+v", f, got, h)
		}
	})
}

func TestRow(t *testing.T) {
	t.Parallel()
	row := func(list int64, e hashlist.Entry) *Row {
		t.Helper()
		r, err := newRow(list, hashlist.Change{Entry: &e}, func(f referral.Finding) { t.Errorf("%+v: %s", e, f.Text) })
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	plain := hashlist.Entry{Source: "ab", ID: "c", Path: "line 1", Hashes: []referral.Hash{{Kind: "x", Value: "yz"}, {Kind: "x", Value: "w"}}}
	r := row(1, plain)
	if r.More != nil {
		t.Errorf("an entry that says nothing but hashes takes %d bytes more", len(r.More))
	}
	for name, other := range map[string]*Row{
		"another cut": row(1, hashlist.Entry{Source: "a", ID: "bc"}), "another list": row(2, plain), "another source": row(1, hashlist.Entry{Source: "x", ID: "c"}),
	} {
		if bytes.Equal(other.Identity, r.Identity) {
			t.Errorf("%s is the same entry", name)
		}
	}
	gone, err := newRow(1, hashlist.Change{Tombstone: &hashlist.Tombstone{Source: "ab", ID: "c"}}, nil)
	if err != nil || !bytes.Equal(gone.Identity, r.Identity) || gone.Entry != nil {
		t.Errorf("the tombstone is of another entry: %v", err)
	}
	empty := plain
	empty.Labels, empty.Votes = []referral.Label{}, []hashlist.Vote{} // as good as none
	if row(1, empty).Digest != r.Digest {
		t.Error("an empty list of labels is another entry than none")
	}
	seen := map[int64]string{r.Digest: "plain"}
	for _, hs := range [][]referral.Hash{
		nil, plain.Hashes[:1], {plain.Hashes[1], plain.Hashes[0]}, {{Kind: "x", Value: "y"}, {Kind: "x", Value: "zw"}},
		{{Kind: "x", Value: "yz", Quality: 1}, plain.Hashes[1]}, {{Kind: "xy", Value: "z"}, plain.Hashes[1]},
	} {
		e := plain
		e.Hashes = hs
		d := row(1, e).Digest
		if seen[d] != "" {
			t.Errorf("%v and %s have one digest", hs, seen[d])
		}
		seen[d] = "another of these"
	}
}

func TestRowsAsAMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Int64Range(0, 300)
		var got rows
		want := map[int64]bool{}
		for _, n := range rapid.SliceOf(number).Draw(t, "rows") {
			got.add(n)
			want[n] = n != 0
		}
		for n := range int64(400) {
			if got.has(n) != want[n] {
				t.Fatalf("has(%d) = %t, want %t", n, got.has(n), want[n])
			}
		}
	})
}
