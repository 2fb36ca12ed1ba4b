package hashlist

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lapwing/internal/referral"
)

// Kinds are the fingerprints that lists are known to carry (formats.md B.1,
// B.3), by the names of referral.HashKind. Others may occur where a format
// names them in a place of its own.
var Kinds = []string{
	"md5", "sha1", "sha256", "sha512", "pdq", "vpdq", "photodna", "tmkpdqf",
	"videntifier", "netclean", "ssvhpdna", "ssvhsaferhash",
}

// maxKind is the longest name of a fingerprint kind, in bytes.
const maxKind = 32

// NewEntry is an entry with room for its first two fingerprints.
func NewEntry(source, id, path string) *Entry {
	e := &struct {
		Entry
		hashes [2]referral.Hash
	}{Entry: Entry{Source: source, ID: id, Path: path}}
	e.Hashes = e.hashes[:0]
	return &e.Entry
}

// AddHash normalises a fingerprint and adds it to the entry, once. The error
// says why it was left out; it never repeats the value.
//
// The digests of the empty file are left out: they are found in lists by
// accident and match every empty file.
func (e *Entry) AddHash(kind, value string) error {
	h := referral.Hash{Kind: kind}
	var ok bool
	if h.Value, ok = digest(kind, value); !ok {
		var err error
		if h, err = referral.NewHash(kind, value); err != nil {
			return err
		}
	}
	if err := checkHash(h); err != nil {
		return err
	}
	for _, have := range e.Hashes {
		if have.Kind == h.Kind && have.Value == h.Value {
			return nil
		}
	}
	e.Hashes = append(e.Hashes, h)
	return nil
}

// digest is value in lower case if it is a digest in the form that
// referral.NewHash demands of kind. So it is with most rows of most lists,
// and those shall be fast.
func digest(kind, value string) (string, bool) {
	switch kind {
	case "md5":
		if len(value) != 32 {
			return "", false
		}
	case "sha1":
		if len(value) != 40 {
			return "", false
		}
	case "sha256", "pdq":
		if len(value) != 64 {
			return "", false
		}
	default:
		return "", false
	}
	upper := false
	for i := range len(value) {
		switch c := value[i]; {
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'f':
		case c >= 'A' && c <= 'F':
			upper = true
		default:
			return "", false
		}
	}
	if upper {
		return strings.ToLower(value), true
	}
	return value, true
}

// checkHash looks at what referral.NewHash leaves open.
func checkHash(h referral.Hash) error {
	switch h.Kind {
	case "md5", "sha1", "sha256":
		switch h.Value {
		case emptyMD5, emptySHA1, emptySHA256:
			return fmt.Errorf("the %s is that of the empty file, which says nothing", h.Kind)
		}
		return nil
	case "pdq", "photodna":
		return nil
	}
	if len(h.Kind) > maxKind || strings.ContainsFunc(h.Kind, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) {
		return fmt.Errorf("a fingerprint type has up to %d letters and digits", maxKind)
	}
	if !plain(h.Value) {
		return fmt.Errorf("the %s has characters that cannot be kept", h.Kind)
	}
	return nil
}

// The digests of the empty file.
const (
	emptyMD5    = "d41d8cd98f00b204e9800998ecf8427e"
	emptySHA1   = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
	emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// KnownKind says whether kind, as referral.HashKind gives it, is one of [Kinds].
func KnownKind(kind string) bool { return slices.Contains(Kinds, kind) }

// KindOf recognises a bare fingerprint by its length in hexadecimal
// characters: 32 is md5, 40 is sha1. With 64 it may be sha256 or pdq, so
// preferred decides; it is also the answer for what is not recognised. The
// result is empty where nobody can tell.
func KindOf(value []byte, preferred string) string {
	if !isHex(value) {
		return preferred
	}
	switch len(value) {
	case 32:
		return "md5"
	case 40:
		return "sha1"
	}
	return preferred
}

// LooksBare says whether b has the form of a hexadecimal fingerprint.
func LooksBare(b []byte) bool {
	switch len(b) {
	case 32, 40, 64:
		return isHex(b)
	}
	return false
}

func isHex(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return len(b) > 0
}

// plain says whether every store and every line of text can hold s.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return utf8.ValidString(s) && !strings.ContainsFunc(s, control)
		}
		if s[i] < ' ' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

func control(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' }
