package lint

import (
	"fmt"
	"strings"

	"lapwing/internal/referral"
)

// leastQuality is the PDQ quality up to which a hash says nothing (formats.md B.3).
const leastQuality = 49

func (l *linter) files() {
	first := map[referral.Hash]int{} // digest to the first file that has it
	ids := map[string]int{}
	for n, f := range l.d.Files {
		path := or(f.Path, at("files", n))
		l.time(path, f.Uploaded)
		for i, id := range f.Identifiers {
			l.identifier(or(id.Path, at(path+"/identifiers", i)), id, true)
		}
		for i, label := range f.Labels {
			if label.Scheme == "" || label.Value == "" {
				l.warn(at(path+"/labels", i), "a classification without its scheme or its value says nothing")
			}
			l.time(at(path+"/labels", i), label.At)
		}
		if len(f.Hashes) == 0 {
			l.warn(path, "the file has no fingerprint: it cannot be recognised; ask the source for MD5, SHA-1, SHA-256 or PDQ")
		}
		l.hashes(path, f.Hashes)

		same, how := -1, ""
		if m, ok := ids[f.ID]; ok && f.ID != "" {
			same, how = m, "the id"
		}
		for _, h := range f.Hashes {
			if m, ok := first[digest(h)]; ok && isDigest(h.Kind) {
				same, how = m, "the "+h.Kind
				break
			}
		}
		if same >= 0 {
			l.warn(path, "the file is in the report twice: file %d has %s of file %d", n+1, how, same+1)
		}
		if _, ok := ids[f.ID]; !ok {
			ids[f.ID] = n
		}
		for _, h := range f.Hashes {
			if _, ok := first[digest(h)]; !ok {
				first[digest(h)] = n
			}
		}
	}
}

func (l *linter) hashes(path string, hs []referral.Hash) {
	value := map[string]string{}
	for i, h := range hs {
		path := at(path+"/hashes", i)
		norm, err := referral.NewHash(h.Kind, h.Value)
		switch {
		case err != nil && h.Kind != "" && !named(norm.Kind):
			l.warn(path, "the fingerprint is empty") // its type is the source's word: not repeated
			continue
		case err != nil:
			l.warn(path, "%s", err.Error())
			continue
		case norm.Kind != h.Kind || norm.Value != h.Value:
			l.warn(path, "the fingerprint is not in its normal form and would not be found: read the report again")
		case emptyFile[h.Value]:
			l.warn(path, "this is the %s of a file without content", h.Kind)
		case isDigest(h.Kind) && strings.Trim(h.Value, h.Value[:1]) == "" && strings.ContainsAny(h.Value[:1], "0f"):
			l.warn(path, "the %s is a filler, not computed from a file", h.Kind)
		}
		if h.Kind == "pdq" {
			l.pdq(path, h)
		}
		if v, ok := value[norm.Kind]; ok && v != norm.Value && isDigest(norm.Kind) {
			l.warn(path, "the file has two different %s: they are of two files", norm.Kind)
		}
		value[norm.Kind] = norm.Value
	}
}

func (l *linter) pdq(path string, h referral.Hash) {
	switch {
	case h.Quality < 0 || h.Quality > 100:
		l.warn(path, "the quality of a PDQ goes from 0 to 100")
	case h.Quality > 0 && h.Quality <= leastQuality:
		l.warn(path, fmt.Sprintf("the quality of the PDQ is %d or less: the picture has too little in it, and the hash would match at random", leastQuality))
	case strings.Trim(h.Value, "0") == "":
		l.warn(path, "the pdq is a filler, not computed from a picture")
	}
}

// named says whether the type of a fingerprint is one of the well-known ones.
func named(kind string) bool { return referral.HashKinds[kind] > 0 || kind == "photodna" }

// isDigest says whether equal values mean equal files.
func isDigest(kind string) bool { return kind == "md5" || kind == "sha1" || kind == "sha256" }

func digest(h referral.Hash) referral.Hash { return referral.Hash{Kind: h.Kind, Value: h.Value} }

// emptyFile has the digests of nothing at all: some exporters send them for
// files that they could not open.
var emptyFile = map[string]bool{
	"d41d8cd98f00b204e9800998ecf8427e":                                 true,
	"da39a3ee5e6b4b0d3255bfef95601890afd80709":                         true,
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": true,
}
