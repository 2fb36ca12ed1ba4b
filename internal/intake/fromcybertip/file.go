package fromcybertip

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// Schemes of labels (formats.md B.4).
const (
	schemeIndustry = "industry"
	schemeTags     = "ncmec-tags"
)

// hashes collects the fingerprints that one source states of a file.
type hashes struct {
	fields *cybertip.Content
	list   []referral.Hash
	unread map[string]bool // paths of values that could not be read
	found  []referral.Finding
}

// take normalises a fingerprint. One that cannot be read becomes a finding,
// unless package cybertip complained of it already.
func (h *hashes) take(path, kind, value string) {
	v, err := referral.NewHash(kind, value)
	if err == nil && len(value) > mediaLimit && withoutMedia(value) != value {
		h.bad(path) // found by clean
		return
	}
	if err == nil {
		h.list = append(h.list, v)
		return
	}
	h.bad(path)
	if len(h.found) < 10 && !slices.ContainsFunc(h.fields.Findings, func(f cybertip.Finding) bool { return f.Path == path }) {
		h.found = append(h.found, warned(path, err.Error()))
	}
}

func (h *hashes) bad(path string) {
	if h.unread == nil {
		h.unread = map[string]bool{}
	}
	h.unread[path] = true
}

// isFingerprint says whether a name among free pairs of names and values
// names a fingerprint. Other pairs must not link reports.
func isFingerprint(name string) bool {
	k := referral.HashKind(name)
	switch k {
	case "pdq", "photodna", "tmkpdqf", "vpdq":
		return true
	}
	return isDigest(k)
}

// isDigest says whether equal values mean equal bytes.
func isDigest(kind string) bool {
	switch kind {
	case "md5", "sha1", "sha224", "sha256", "sha384", "sha512":
		return true
	}
	return false
}

// Digests of no bytes at all say nothing of which file it is.
var ofNothing = map[string]bool{
	"d41d8cd98f00b204e9800998ecf8427e":                                 true,
	"da39a3ee5e6b4b0d3255bfef95601890afd80709":                         true,
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": true,
}

// A key is a thing by which a file is known to be the same: an id or a digest.
type key struct{ kind, value string }

// keysOf calls do with the file's ids and digests, but with no digest that
// stands for none, such as a row of zeros. A file that has neither is known by
// the companion that speaks of it.
func keysOf(f *referral.File, do func(key)) {
	has := false
	for id := range idsOf(f.ID) {
		has = true
		do(key{"id", id})
	}
	for _, h := range f.Hashes {
		if isDigest(h.Kind) && !ofNothing[h.Value] && strings.Trim(h.Value, h.Value[:1]) != "" {
			has = true
			do(key{h.Kind, h.Value})
		}
	}
	if !has && groupOf(f.Path) != "" {
		do(key{"at", f.Path})
	}
}

// One file that was uploaded several times has several ids.
const betweenIDs = ", "

func idsOf(id string) iter.Seq[string] {
	if id == "" {
		return func(func(string) bool) {}
	}
	return strings.SplitSeq(id, betweenIDs)
}

// merged is what several statements about one file say together. It keeps all
// that can stand beside each other. Where only one value can stand it takes
// the same one whichever came first; all of them are among the draft's fields.
func merged(all []*referral.File) referral.File {
	f := *all[0]
	f.Hashes, f.Labels, f.Annotations, f.Identifiers = nil, nil, nil, nil
	var ids []string
	for _, m := range all {
		if m.ID != "" {
			ids = append(ids, m.ID)
		}
		f.Name = first(f.Name, m.Name)
		f.Original = first(f.Original, m.Original)
		f.Viewed = careful(f.Viewed, m.Viewed)
		f.Public = careful(f.Public, m.Public)
		f.Relevance = first(f.Relevance, m.Relevance) // "Reported" goes before "Supplemental Reported"
		f.Media = first(f.Media, m.Media)
		if f.Uploaded.IsZero() || !m.Uploaded.IsZero() && m.Uploaded.Before(f.Uploaded) {
			f.Uploaded = m.Uploaded
		}
		if groupOf(f.Path) != "" && (groupOf(m.Path) == "" || m.Path < f.Path) {
			f.Path = m.Path
		}
		f.Hashes = append(f.Hashes, m.Hashes...)
		f.Labels = append(f.Labels, m.Labels...)
		f.Annotations = append(f.Annotations, m.Annotations...)
		f.Identifiers = append(f.Identifiers, m.Identifiers...)
	}
	f.ID = strings.Join(ids, betweenIDs)
	arrange(&f)
	return f
}

// first is the value that sorts first among those that say something.
func first(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// careful is False where the statements differ: whether a provider viewed a
// file, and whether the public could, decide in some countries whether police
// may open it without a warrant (formats.md A.6).
func careful(a, b referral.Tri) referral.Tri {
	if a == referral.False || b == referral.False {
		return referral.False
	}
	return max(a, b)
}

// arrange brings what a file has several of into one order, each once.
func arrange(f *referral.File) {
	if strings.Contains(f.ID, betweenIDs) {
		f.ID = strings.Join(slices.Compact(slices.Sorted(idsOf(f.ID))), betweenIDs)
	}
	slices.SortFunc(f.Hashes, func(a, b referral.Hash) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value),
			compareBool(a.Ours, b.Ours), cmp.Compare(b.Quality, a.Quality)) // what the source states stands for what the desk found too
	})
	f.Hashes = slices.CompactFunc(f.Hashes, func(a, b referral.Hash) bool { return a.Kind == b.Kind && a.Value == b.Value })
	// What the desk computed itself goes last, as where it was added.
	slices.SortStableFunc(f.Hashes, func(a, b referral.Hash) int { return compareBool(a.Ours, b.Ours) })
	slices.SortFunc(f.Labels, func(a, b referral.Label) int {
		return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Author, b.Author), a.At.Compare(b.At))
	})
	f.Labels = slices.CompactFunc(f.Labels, func(a, b referral.Label) bool {
		return a.Scheme == b.Scheme && a.Value == b.Value && a.Author == b.Author && a.At.Equal(b.At)
	})
	slices.Sort(f.Annotations)
	f.Annotations = slices.Compact(f.Annotations)
	slices.SortStableFunc(f.Identifiers, func(a, b referral.Identifier) int { return cmp.Compare(groupOf(a.Path), groupOf(b.Path)) })
	f.Identifiers = distinct(f.Identifiers)
}

func rank(kind string) int {
	switch kind {
	case "md5":
		return 0
	case "sha1":
		return 1
	case "sha256":
		return 2
	case "pdq":
		return 3
	}
	return 4
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

// distinct leaves out identifiers that say the same at the same place as one before.
func distinct(ids []referral.Identifier) []referral.Identifier {
	seen := make(map[referral.Identifier]bool, len(ids))
	return slices.DeleteFunc(ids, func(id referral.Identifier) bool {
		id.At = id.At.UTC()
		if seen[id] {
			return true
		}
		seen[id] = true
		return false
	})
}

// cloned is a file that shares nothing with f that either could change.
func cloned(f *referral.File) referral.File {
	c := *f
	c.Hashes = slices.Clone(f.Hashes)
	c.Labels = slices.Clone(f.Labels)
	c.Annotations = slices.Clone(f.Annotations)
	c.Identifiers = slices.Clone(f.Identifiers)
	return c
}
