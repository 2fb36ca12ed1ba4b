package hashlisttest

import (
	"encoding/base64"
	"encoding/hex"
	"time"

	"pgregory.net/rapid"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
)

// awkward are the characters that a format may trip over.
var awkward = []rune("abcXYZ019 ,;|\t=%&<>'\"#:/+-@\\[]{}éß漢🐦")

// Word draws a text without blanks around it that is not empty.
func Word() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		edge := rapid.SampledFrom([]rune("ab9=+-@'\"#,;<é漢"))
		mid := rapid.StringOfN(rapid.RuneFrom(awkward), 0, 12, -1).Draw(t, "middle")
		for i, r := range mid {
			if r == '\t' { // lists cannot keep control characters
				mid = mid[:i]
				break
			}
		}
		return string(edge.Draw(t, "first")) + mid + string(edge.Draw(t, "last"))
	})
}

// Hash draws a fingerprint in its normal form.
func Hash() *rapid.Generator[referral.Hash] {
	return rapid.Custom(func(t *rapid.T) referral.Hash {
		kind := rapid.SampledFrom([]string{"md5", "sha1", "sha256", "pdq", "photodna", "tmkpdqf", "netclean", "opq1"}).Draw(t, "kind")
		h := referral.Hash{Kind: kind}
		n, known := referral.HashKinds[kind]
		switch {
		case known:
			h.Value = hex.EncodeToString(rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "digest"))
		case kind == "photodna":
			h.Value = base64.StdEncoding.EncodeToString(rapid.SliceOfN(rapid.Byte(), 144, 144).Draw(t, "photodna"))
		default:
			h.Value = Word().Draw(t, "value")
		}
		return h
	})
}

// Time draws a time in UTC, to the microsecond; sometimes none.
func Time() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		us := rapid.Int64Range(0, 4_000_000_000_000_000).Draw(t, "us")
		if us%5 == 0 {
			return time.Time{}
		}
		return time.UnixMicro(us).UTC()
	})
}

// Entry draws an entry with everything that it may have. No two fingerprints
// are equal.
func Entry() *rapid.Generator[*hashlist.Entry] {
	return rapid.Custom(func(t *rapid.T) *hashlist.Entry {
		e := &hashlist.Entry{
			Source:    "ncmec:" + rapid.StringMatching(`[1-9][0-9]{0,3}`).Draw(t, "member"),
			ID:        Word().Draw(t, "id"),
			Media:     rapid.SampledFrom([]string{hashlist.Image, hashlist.Video, ""}).Draw(t, "media"),
			Size:      rapid.Int64Range(0, 1<<40).Draw(t, "size"),
			Sightings: rapid.Int64Range(0, 100).Draw(t, "sightings"),
			At:        Time().Draw(t, "at"),
			Path:      "line 1",
		}
		e.Hashes = rapid.SliceOfNDistinct(Hash(), 1, 6, func(h referral.Hash) referral.Hash { return h }).Draw(t, "hashes")
		for i := range e.Hashes {
			if e.Hashes[i].Kind == "pdq" {
				e.Hashes[i].Quality = rapid.IntRange(0, 100).Draw(t, "quality")
			}
		}
		if rapid.Bool().Draw(t, "series?") {
			e.Series, e.Producer = Word().Draw(t, "series"), Word().Draw(t, "producer")
		}
		for _, name := range hashlist.FlagNames {
			*e.Flags.Field(name) = referral.Tri(rapid.IntRange(-1, 1).Draw(t, name))
		}
		for range rapid.IntRange(0, 3).Draw(t, "labels") {
			e.Labels = append(e.Labels, referral.Label{
				Scheme: rapid.SampledFrom([]string{"industry", "uk", "vics-us", "a=b;c"}).Draw(t, "scheme"),
				Value:  Word().Draw(t, "label"), Author: e.Source, At: Time().Draw(t, "label at"),
			})
		}
		for range rapid.IntRange(0, 3).Draw(t, "votes") {
			v := hashlist.Vote{
				Kind:     rapid.SampledFrom([]string{"md5", "sha1", "pdq", "tmkpdqf", "ssvhpdna"}).Draw(t, "vote"),
				Positive: rapid.Bool().Draw(t, "positive"),
				Author:   "ncmec:" + rapid.StringMatching(`[1-9][0-9]{0,3}`).Draw(t, "author"),
				At:       Time().Draw(t, "vote at"),
			}
			if !v.Positive && rapid.Bool().Draw(t, "reason?") {
				v.Reason, v.ReasonID = Word().Draw(t, "reason"), Word().Draw(t, "reason id")
			}
			e.Votes = append(e.Votes, v)
		}
		if rapid.Bool().Draw(t, "link?") {
			e.Links = []hashlist.Link{{Kind: "videntifier", Rel: "self", Href: Word().Draw(t, "href")}}
		}
		return e
	})
}

// Changes draws entries and tombstones of different identities.
func Changes() *rapid.Generator[[]hashlist.Change] {
	return rapid.Custom(func(t *rapid.T) []hashlist.Change {
		entries := rapid.SliceOfNDistinct(Entry(), 0, 5, func(e *hashlist.Entry) [2]string { return [2]string{e.Source, e.ID} }).Draw(t, "entries")
		var changes []hashlist.Change
		for _, e := range entries {
			c := hashlist.Change{Entry: e}
			if rapid.IntRange(0, 3).Draw(t, "what") == 0 {
				c = hashlist.Change{Tombstone: &hashlist.Tombstone{Source: e.Source, ID: e.ID, Media: e.Media, At: e.At, Path: e.Path}}
			}
			changes = append(changes, c)
		}
		return changes
	})
}
