package referral

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// HashKinds are the fingerprints whose form is known: their name, and the
// number of bytes of the value. All others are opaque: equality only.
var HashKinds = map[string]int{"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32}

// HashKind is the desk's name for a source's spelling of a fingerprint type:
// case, "-", "_" and blanks do not count (formats.md B.1: one type has three
// spellings).
func HashKind(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '-', '_', ' ', '.':
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
	switch s {
	case "pdna", "photodna":
		return "photodna"
	case "tmk", "tmkpdqf":
		return "tmkpdqf"
	}
	return s
}

// NewHash normalises a fingerprint: the kind as [HashKind], a value of known
// form as lower-case hexadecimal, PhotoDNA as base64 (from 192 base64 or 288
// hexadecimal characters), anything else trimmed. The error says what is
// wrong with the value.
func NewHash(kind, value string) (Hash, error) {
	h := Hash{Kind: HashKind(kind), Value: strings.TrimSpace(value)}
	if h.Kind == "" {
		return h, fmt.Errorf("the fingerprint has no type")
	}
	if h.Value == "" {
		return h, fmt.Errorf("the %s is empty", h.Kind)
	}
	if n, ok := HashKinds[h.Kind]; ok {
		h.Value = strings.ToLower(h.Value)
		if len(h.Value) != 2*n {
			return h, fmt.Errorf("a %s has %d hexadecimal characters, this has %d", h.Kind, 2*n, len(h.Value))
		}
		if _, err := hex.DecodeString(h.Value); err != nil {
			return h, fmt.Errorf("the %s has characters that are not hexadecimal", h.Kind)
		}
		return h, nil
	}
	if h.Kind == "photodna" {
		var b []byte
		var err error
		if len(h.Value) == 288 {
			b, err = hex.DecodeString(h.Value)
		} else {
			b, err = base64.StdEncoding.DecodeString(h.Value)
		}
		if err != nil || len(b) != 144 {
			return h, fmt.Errorf("a photodna has 144 bytes as 192 base64 or 288 hexadecimal characters")
		}
		h.Value = base64.StdEncoding.EncodeToString(b)
	}
	return h, nil
}
