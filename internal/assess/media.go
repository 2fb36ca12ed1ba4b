package assess

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"lapwing/internal/referral"
	"lapwing/pdq"
)

// Bounds of the matches told of one file and of one report: a common picture
// can be near to thousands of entries, and nobody reads them.
const (
	maxMatches    = 20
	maxAllMatches = 500
)

// emptyDigests are those of no bytes at all. Files that could not be read have them.
var emptyDigests = map[string]bool{
	"d41d8cd98f00b204e9800998ecf8427e":                                 true,
	"da39a3ee5e6b4b0d3255bfef95601890afd80709":                         true,
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": true,
}

// A fileVerdict is what is known of one file.
type fileVerdict int

const (
	fileBlind  fileVerdict = iota // no usable fingerprint
	fileAside                     // supplemental and on no list
	fileBenign                    // on known-good lists only
	fileKnown
	fileNear
	fileNew
)

// A mediaTally counts files by what is worth telling about them.
type mediaTally struct {
	low, unstated, flat, empty  int
	weak, disputed, resemble    int
	aside, onlyDigest, cut, bad int
}

// judgeMedia says of each file what the lists say, and of the report what its
// most interesting file is: a new file may show a child who can still be
// reached, so new goes before near, near before known (design.md 4).
func judgeMedia(d *referral.Draft, lookup Matcher) referral.Media {
	m := referral.Media{Verdict: referral.MediaNone}
	if len(d.Files) == 0 {
		m.Reasons = []string{"The report names no files."}
		return m
	}
	var t mediaTally
	for i := range d.Files {
		var v fileVerdict
		m.Matches, v = judgeFile(m.Matches, i+1, &d.Files[i], lookup, &t)
		switch v {
		case fileBlind:
			m.Blind++
		case fileBenign:
			m.Benign++
		case fileKnown:
			m.Known++
		case fileNear:
			m.Near++
		case fileNew:
			m.New++
		}
	}
	switch {
	case m.New > 0:
		m.Verdict = referral.MediaNew
	case m.Near > 0:
		m.Verdict = referral.MediaNear
	case m.Known > 0:
		m.Verdict = referral.MediaKnown
	}
	m.Reasons = mediaReasons(&m, &t, lookup == nil)
	return m
}

// judgeFile adds the file's matches to ms.
func judgeFile(ms []referral.Match, file int, f *referral.File, lookup Matcher, t *mediaTally) ([]referral.Match, fileVerdict) {
	if lookup == nil {
		return ms, fileBlind
	}
	start, usable, digestsOnly := len(ms), 0, true
	for _, h := range f.Hashes {
		if h.Kind == "pdq" {
			p, ok := usablePDQ(h, t)
			if !ok {
				continue
			}
			digestsOnly = false
			for _, o := range lookup.Near(p, pdq.MatchDistance) {
				ms = append(ms, matchOf(file, h.Kind, o.Distance, o))
			}
		} else {
			if emptyDigests[h.Value] {
				t.empty++
				continue
			}
			digestsOnly = digestsOnly && isDigest(h.Kind)
			for _, o := range lookup.Exact(h) {
				ms = append(ms, matchOf(file, h.Kind, 0, o))
			}
		}
		usable++
	}
	if usable == 0 {
		return ms, fileBlind
	}
	found := ms[start:]
	slices.SortFunc(found, compareMatches)
	found = slices.CompactFunc(found, func(a, b referral.Match) bool { return compareMatches(a, b) == 0 })
	v := verdictOf(found, t)
	if v == fileNew {
		if isSupplemental(f) {
			t.aside++
			v = fileAside
		} else if digestsOnly {
			t.onlyDigest++
		}
	}
	if n := max(min(maxMatches, maxAllMatches-start), 0); len(found) > n {
		t.cut += len(found) - n
		found = found[:n]
	}
	return ms[:start+len(found)], v
}

// verdictOf reads a file's matches, best first.
func verdictOf(ms []referral.Match, t *mediaTally) fileVerdict {
	var exact, near, good, nearGood, sureExact, sureGood bool
	for _, m := range ms {
		digest := isDigest(m.Algorithm)
		sure := digest && !collidable(m.Algorithm)
		switch {
		case m.Good && digest:
			good, sureGood = true, sureGood || sure
		case m.Good:
			nearGood = true
		case digest:
			exact, sureExact = true, sureExact || sure
		default:
			near = true
		}
	}
	if (exact || near) && good {
		t.disputed++
	}
	if exact && !sureExact || good && !exact && !near && !sureGood {
		t.weak++
	}
	switch {
	case exact:
		return fileKnown
	case near:
		return fileNear
	case good:
		return fileBenign
	case nearGood:
		t.resemble++ // a harmless picture with something put into it resembles the harmless one
	}
	return fileNew
}

// usablePDQ says whether a PDQ can be compared. Below the quality of 50 it
// says nothing (formats.md B.3). Sources often state no quality; then a hash
// whose bits are far from half ones and half zeros is left out, because PDQ
// cuts at the median and only a picture without structure fails to halve.
func usablePDQ(h referral.Hash, t *mediaTally) (p pdq.Hash, ok bool) {
	if h.Quality < pdq.MinQuality && (h.Quality > 0 || h.Ours) {
		t.low++
		return p, false
	}
	p, err := pdq.Parse(h.Value)
	if err != nil {
		t.bad++
		return p, false
	}
	if h.Quality >= pdq.MinQuality {
		return p, true
	}
	ones := 0
	for _, x := range p {
		ones += bits.OnesCount8(x)
	}
	if ones < 96 || ones > 160 {
		t.flat++
		return p, false
	}
	t.unstated++
	return p, true
}

// isDigest says whether equal values mean equal bytes. All other
// fingerprints describe what is seen: equal values mean the same picture at best.
func isDigest(kind string) bool {
	return strings.HasPrefix(kind, "sha") || kind == "md5" || strings.HasPrefix(kind, "blake")
}

// collidable says whether two files with the same digest can be made on purpose.
func collidable(kind string) bool { return kind == "md5" || kind == "sha1" }

// isSupplemental says whether the provider sent the file as context, not as
// what it reports (formats.md A.5 fileRelevance): a profile picture that is
// on no list is nothing new.
func isSupplemental(f *referral.File) bool {
	return strings.HasPrefix(wireName(f.Relevance), "supplemental")
}

func matchOf(file int, algorithm string, distance int, o Opinion) referral.Match {
	ls := o.Labels
	if len(ls) > 1 && !slices.IsSortedFunc(ls, compareLabels) {
		ls = slices.Clone(ls)
		slices.SortFunc(ls, compareLabels)
	}
	return referral.Match{
		File: file, Algorithm: algorithm, Distance: distance,
		List: o.List, Version: o.Version, Source: o.Source, Entry: o.Entry, Good: o.Good, Labels: ls,
	}
}

// compareMatches puts bad before good, digests before pictures, near before far.
func compareMatches(a, b referral.Match) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File), compareBool(a.Good, b.Good),
		cmp.Compare(algorithmRank(a.Algorithm), algorithmRank(b.Algorithm)), cmp.Compare(a.Distance, b.Distance),
		cmp.Compare(a.Algorithm, b.Algorithm), cmp.Compare(a.List, b.List),
		cmp.Compare(a.Source, b.Source), cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Version, b.Version),
		slices.CompareFunc(a.Labels, b.Labels, compareLabels),
	)
}

func algorithmRank(kind string) int {
	switch {
	case kind == "sha1":
		return 1
	case kind == "md5":
		return 2
	case isDigest(kind):
		return 0
	case kind == "pdq":
		return 4
	}
	return 3
}

func compareLabels(a, b referral.Label) int {
	return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Author, b.Author), a.At.Compare(b.At))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// mediaReasons tells in plain sentences what the numbers don't.
func mediaReasons(m *referral.Media, t *mediaTally, noLists bool) []string {
	if noLists {
		return []string{"There is no hash list to compare with, so nothing can be called known or new."}
	}
	var rs []string
	say := func(n int, text string) {
		if n > 0 {
			rs = append(rs, strings.Replace(text, "{n}", strconv.Itoa(n), 1))
		}
	}
	say(m.New, "Files on no list: {n}.")
	say(m.Near, "Files that resemble a listed one (PDQ at most 31 bits away, or another equal picture fingerprint): {n}.")
	say(m.Known, "Files with a digest on a list: {n}. A match is a lead, a person confirms.")
	say(m.Benign, "Files on known-good lists only: {n}. Known does not mean good: this lowers noise and closes nothing.")
	say(m.Blind, "Files without a usable fingerprint: {n}.")
	say(t.weak, "Files that match by MD5 or SHA-1 alone: {n}. Those can be collided on purpose: a lead that needs a second fingerprint or a person.")
	say(t.disputed, "Files that are on a known-good list as well: {n}. The lists disagree.")
	say(t.resemble, "Files that only resemble a known-good one: {n}. That is not enough to set them aside.")
	say(t.onlyDigest, "New files compared by digest only: {n}. A re-encoded copy of a known file would look new.")
	say(t.aside, "Supplemental files on no list: {n}. They are context and not counted as new.")
	say(t.low, "PDQ fingerprints not used because their quality is below 50: {n}.")
	say(t.flat, "PDQ fingerprints not used because the source states no quality and they show no structure: {n}.")
	say(t.unstated, "PDQ fingerprints used although the source states no quality: {n}.")
	say(t.empty, "Digests not used because they are those of an empty file: {n}.")
	say(t.bad, "PDQ fingerprints that could not be read: {n}.")
	say(t.cut, "Further matches not listed: {n}.")
	if m.Verdict == referral.MediaNone && m.Benign > 0 && m.Blind == 0 && t.aside == 0 {
		rs = append(rs, "All files are on known-good lists, so none of them counts.")
	}
	return rs
}
