package assess

import (
	"strings"
	"testing"

	"lapwing/internal/referral"
	"lapwing/pdq"
)

// lists is a matcher of a few entries, by kind and value.
type lists map[string][]Opinion

func (l lists) Exact(h referral.Hash) []Opinion { return l[h.Kind+h.Value] }

func (l lists) Near(h pdq.Hash, limit int) (os []Opinion) {
	for k, entries := range l {
		v, ok := strings.CutPrefix(k, "pdq")
		if !ok {
			continue
		}
		p, err := pdq.Parse(v)
		if d := pdq.Distance(h, p); err == nil && d <= limit {
			for _, o := range entries {
				o.Distance = d
				os = append(os, o)
			}
		}
	}
	return os
}

// picture is a PDQ value whose bits are half ones, with n bits flipped.
func picture(n int) string {
	var h pdq.Hash
	for i := range h {
		h[i] = 0x55
	}
	for i := range n {
		h[i%32] ^= 1 << (i / 32)
	}
	return h.String()
}

func TestMediaVerdict(t *testing.T) {
	t.Parallel()
	md5, sha1, sha256 := strings.Repeat("a1", 16), strings.Repeat("b2", 20), strings.Repeat("c3", 32)
	good := Opinion{List: "nsrl", Source: "nsrl", Entry: "g", Good: true}
	bad := Opinion{List: "national", Version: 4, Source: "example", Entry: "e"}
	one := func(h ...referral.Hash) []referral.File { return []referral.File{{Hashes: h}} }
	for _, c := range []struct {
		name   string
		files  []referral.File
		lists  lists
		want   referral.MediaVerdict
		counts [5]int // known near new benign blind
		reason string
	}{
		{"no files", nil, lists{}, referral.MediaNone, [5]int{}, "names no files"},
		{"no hash", one(), lists{}, referral.MediaNone, [5]int{0, 0, 0, 0, 1}, "without a usable"},
		{"known", one(referral.Hash{Kind: "sha256", Value: sha256}), lists{"sha256" + sha256: {bad}}, referral.MediaKnown, [5]int{1}, "a person confirms"},
		{"known by md5 only", one(referral.Hash{Kind: "md5", Value: md5}, referral.Hash{Kind: "sha256", Value: sha256}), lists{"md5" + md5: {bad}}, referral.MediaKnown, [5]int{1}, "collided on purpose"},
		{"known by sha1 only", one(referral.Hash{Kind: "sha1", Value: sha1}), lists{"sha1" + sha1: {bad}}, referral.MediaKnown, [5]int{1}, "collided on purpose"},
		{"good digest does not make md5 sure", one(referral.Hash{Kind: "md5", Value: md5}, referral.Hash{Kind: "sha256", Value: sha256}),
			lists{"md5" + md5: {bad}, "sha256" + sha256: {good}}, referral.MediaKnown, [5]int{1}, "collided on purpose"},
		{"new", one(referral.Hash{Kind: "sha256", Value: sha256}), lists{}, referral.MediaNew, [5]int{0, 0, 1}, "by digest only"},
		{"near at the limit", one(referral.Hash{Kind: "pdq", Value: picture(31), Quality: 50}), lists{"pdq" + picture(0): {bad}}, referral.MediaNear, [5]int{0, 1}, "resemble a listed"},
		{"too far", one(referral.Hash{Kind: "pdq", Value: picture(32), Quality: 100}), lists{"pdq" + picture(0): {bad}}, referral.MediaNew, [5]int{0, 0, 1}, "on no list"},
		{"low quality", one(referral.Hash{Kind: "pdq", Value: picture(0), Quality: 49}), lists{"pdq" + picture(0): {bad}}, referral.MediaNone, [5]int{0, 0, 0, 0, 1}, "quality is below 50"},
		{"own quality zero", one(referral.Hash{Kind: "pdq", Value: picture(0), Ours: true}), lists{"pdq" + picture(0): {bad}}, referral.MediaNone, [5]int{0, 0, 0, 0, 1}, "quality is below 50"},
		{"quality not stated", one(referral.Hash{Kind: "pdq", Value: picture(0)}), lists{"pdq" + picture(0): {bad}}, referral.MediaNear, [5]int{0, 1}, "states no quality"},
		{"flat picture", one(referral.Hash{Kind: "pdq", Value: strings.Repeat("0", 63) + "1"}), lists{}, referral.MediaNone, [5]int{0, 0, 0, 0, 1}, "no structure"},
		{"digest beats picture", one(referral.Hash{Kind: "pdq", Value: picture(0), Quality: 90}, referral.Hash{Kind: "sha256", Value: sha256}),
			lists{"pdq" + picture(0): {bad}, "sha256" + sha256: {bad}}, referral.MediaKnown, [5]int{1}, ""},
		{"opaque picture hash", one(referral.Hash{Kind: "photodna", Value: "AAAA"}), lists{"photodna" + "AAAA": {bad}}, referral.MediaNear, [5]int{0, 1}, ""},
		{"good", one(referral.Hash{Kind: "sha256", Value: sha256}), lists{"sha256" + sha256: {good}}, referral.MediaNone, [5]int{0, 0, 0, 1}, "none of them counts"},
		{"good and bad", one(referral.Hash{Kind: "sha256", Value: sha256}), lists{"sha256" + sha256: {good, bad}}, referral.MediaKnown, [5]int{1}, "lists disagree"},
		{"near a good one", one(referral.Hash{Kind: "pdq", Value: picture(3), Quality: 90}), lists{"pdq" + picture(0): {good}}, referral.MediaNew, [5]int{0, 0, 1}, "not enough to set them aside"},
		{"supplemental", []referral.File{{Relevance: "Supplemental Reported", Hashes: []referral.Hash{{Kind: "md5", Value: md5}}}}, lists{}, referral.MediaNone, [5]int{}, "context"},
		{"supplemental but known", []referral.File{{Relevance: "Supplemental Reported", Hashes: []referral.Hash{{Kind: "sha256", Value: sha256}}}}, lists{"sha256" + sha256: {bad}}, referral.MediaKnown, [5]int{1}, ""},
		{"empty file", one(referral.Hash{Kind: "md5", Value: "d41d8cd98f00b204e9800998ecf8427e"}), lists{"md5d41d8cd98f00b204e9800998ecf8427e": {bad}}, referral.MediaNone, [5]int{0, 0, 0, 0, 1}, "empty file"},
		{"new before near before known", []referral.File{
			{Hashes: []referral.Hash{{Kind: "sha256", Value: sha256}}}, {Hashes: []referral.Hash{{Kind: "pdq", Value: picture(1), Quality: 60}}}, {Hashes: []referral.Hash{{Kind: "md5", Value: md5}}}},
			lists{"sha256" + sha256: {bad}, "pdq" + picture(0): {bad}}, referral.MediaNew, [5]int{1, 1, 1}, ""},
		{"no lists", one(referral.Hash{Kind: "md5", Value: md5}), nil, referral.MediaNone, [5]int{0, 0, 0, 0, 1}, "no hash list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var m Matcher
			if c.lists != nil {
				m = c.lists
			}
			got := judgeMedia(&referral.Draft{Files: c.files}, m)
			if got.Verdict != c.want {
				t.Errorf("verdict %s, want %s", got.Verdict, c.want)
			}
			if n := [5]int{got.Known, got.Near, got.New, got.Benign, got.Blind}; n != c.counts {
				t.Errorf("known, near, new, benign, blind = %v, want %v", n, c.counts)
			}
			if !strings.Contains(strings.Join(got.Reasons, "\n"), c.reason) {
				t.Errorf("reasons %q do not contain %q", got.Reasons, c.reason)
			}
		})
	}
}

func TestQualityOfFiftyIsStated(t *testing.T) {
	t.Parallel()
	d := referral.Draft{Files: []referral.File{{Hashes: []referral.Hash{{Kind: "pdq", Value: picture(0), Quality: 50}}}}}
	if rs := strings.Join(judgeMedia(&d, lists{}).Reasons, " "); strings.Contains(rs, "quality") {
		t.Errorf("reasons %q speak of the quality, want none of it at 50", rs)
	}
}

func TestMatchesAreBounded(t *testing.T) {
	t.Parallel()
	l := lists{}
	for i := range 500 {
		l["pdq"+picture(i%20)] = append(l["pdq"+picture(i%20)], Opinion{List: "l", Entry: strings.Repeat("x", i)})
	}
	m := judgeMedia(&referral.Draft{Files: []referral.File{{Hashes: []referral.Hash{{Kind: "pdq", Value: picture(0), Quality: 90}}}}}, l)
	if len(m.Matches) != maxMatches || m.Matches[0].Distance != 0 || !strings.Contains(strings.Join(m.Reasons, ""), "not listed: 480") {
		t.Errorf("%d matches, the first at distance %d, reasons %q; want %d, 0, 480 not listed", len(m.Matches), m.Matches[0].Distance, m.Reasons, maxMatches)
	}
}
