// Package pdq computes PDQ, the perceptual image hash published by Meta: 256 bits that stay nearly the same when a
// picture is resized, recompressed or slightly edited, so that a known picture is recognised without anybody looking.
//
// [FromImage] turns a decoded picture into a [Hash] and a quality, [Dihedral] into the hashes of its eight rotations and
// reflections; [Distance] compares two hashes. A [Hasher] does the same with buffers of its own, for one goroutine, and
// takes bare brightness samples for decoders that can deliver only the pixels which the hash looks at.
//
// Equal pixels give the hash of Meta's C++ implementation (github.com/facebook/ThreatExchange, pdq/cpp, at commit
// baefb4e) bit for bit, on every architecture: sums run in its order, in float32, and no product is fused with a sum.
// What equal means for each kind of image is said at [Hasher.Image].
//
// Decoding files, searching among hashes and deciding what a match means are left to others.
package pdq

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
)

// MatchDistance is the largest distance, in bits of 256, at which two hashes count as the same picture.
// Source: pdq/README.md of facebook/ThreatExchange, "Matching", recommends 31 as a start.
const MatchDistance = 31

// MinQuality is the least quality at which a hash should be stored or looked up: below it a picture has so few edges
// that unrelated ones meet. Source: the same section recommends to discard hashes with a quality of 49 or less.
const MinQuality = 50

// A Hash is a PDQ hash in the byte order of its text form: the first byte is the first two digits.
// The zero Hash is what pictures without any detail, and those too small to hash, get; it identifies nothing.
type Hash [32]byte

// String returns the hash as 64 lower-case hexadecimal digits, the form that Meta's tools print.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Parse reads the form that [Hash.String] writes, in either case and with nothing around it.
func Parse(s string) (Hash, error) {
	var h Hash
	err := h.UnmarshalText([]byte(s))
	return h, err
}

// MarshalText returns the same text as [Hash.String].
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText does what [Parse] does. On error h is left as it was.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != 2*len(h) {
		return fmt.Errorf("pdq: hash of %d characters, want %d hexadecimal digits", len(text), 2*len(h))
	}
	var parsed Hash
	if _, err := hex.Decode(parsed[:], text); err != nil {
		return fmt.Errorf("pdq: hash with a character that is not a hexadecimal digit, want %d of them", 2*len(h))
	}
	*h = parsed
	return nil
}

// Distance returns the number of bits, 0 to 256, in which two hashes differ.
func Distance(a, b Hash) int {
	return bits.OnesCount64(word(&a, 0)^word(&b, 0)) +
		bits.OnesCount64(word(&a, 1)^word(&b, 1)) +
		bits.OnesCount64(word(&a, 2)^word(&b, 2)) +
		bits.OnesCount64(word(&a, 3)^word(&b, 3))
}

func word(h *Hash, i int) uint64 { return binary.LittleEndian.Uint64(h[8*i:]) }
