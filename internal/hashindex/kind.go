package hashindex

import (
	"errors"
	"fmt"
)

// Kind names the algorithm that made a value. Upper and lower case, "-", "_" and spaces do not count, because sources
// spell one algorithm in several ways: "SHA-1", "Sha1" and SHA1 are the same kind. A kind that is none of the constants
// below ("photodna", "tmk_pdqf") is opaque: its values are bytes of any length, compared for equality and nothing else.
type Kind string

// The kinds whose values have a fixed length.
const (
	MD5    Kind = "md5"    // 16 bytes
	SHA1   Kind = "sha1"   // 20 bytes
	SHA256 Kind = "sha256" // 32 bytes
	PDQ    Kind = "pdq"    // 32 bytes; the only kind that Near searches
)

// Limits of what the index takes in. The longest value in use is a TMK+PDQF video fingerprint, about 256 KiB.
const (
	MaxValue    = 1 << 20 // bytes of one value
	MaxKindName = 64      // bytes of the name of a kind
)

// Check says whether value can be a value of this kind: the kind has a name, and the value has the kind's length.
// Exact finds nothing for a value that fails here, so whoever takes values from outside checks them first: a digest
// that is still hexadecimal text would otherwise pass for an unknown one.
func (k Kind) Check(value []byte) error {
	_, err := k.checked(value)
	return err
}

// checked is Check that also returns the canonical name, which it needs on the way.
func (k Kind) checked(value []byte) (Kind, error) {
	if len(k) > MaxKindName {
		return "", fmt.Errorf("hashindex: the name of the kind has %d bytes; at most %d are allowed", len(k), MaxKindName)
	}
	k = k.canonical()
	if k == "" {
		return "", errors.New("hashindex: the kind has no name; give one of the constants or the name of the algorithm")
	}
	if want := k.size(); want != 0 && len(value) != want {
		return "", fmt.Errorf("hashindex: a value of kind %s has %d bytes, this one has %d; give the digest itself, not its text form",
			k, want, len(value))
	}
	if len(value) == 0 || len(value) > MaxValue {
		return "", fmt.Errorf("hashindex: a value of kind %s has %d bytes; 1 to %d are allowed", k, len(value), MaxValue)
	}
	return k, nil
}

// size is the length in bytes of the values of k, and 0 for an opaque kind.
func (k Kind) size() int {
	switch k {
	case MD5:
		return 16
	case SHA1:
		return 20
	case SHA256, PDQ:
		return 32
	}
	return 0
}

// canonical is k in lower case without "-", "_" and spaces. It allocates only when it has something to change.
func (k Kind) canonical() Kind {
	for i := range len(k) {
		if c := k[i]; 'A' <= c && c <= 'Z' || c == '-' || c == '_' || c == ' ' {
			return k.rewritten()
		}
	}
	return k
}

func (k Kind) rewritten() Kind {
	name := make([]byte, 0, len(k))
	for i := range len(k) {
		switch c := k[i]; {
		case 'A' <= c && c <= 'Z':
			name = append(name, c-'A'+'a')
		case c != '-' && c != '_' && c != ' ':
			name = append(name, c)
		}
	}
	return Kind(name)
}
