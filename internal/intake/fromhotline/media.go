package fromhotline

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/bits"
	"strings"
)

// MediaLimit is the number of characters up to which text that looks like
// encoded media is left alone: no picture worth the name fits into it.
const MediaLimit = 256

// TakeOutMedia replaces what looks like encoded media in s: data: addresses
// and runs of base64 or hexadecimal of more than [MediaLimit] characters. In
// their place stands their length and SHA-256, that of the decoded bytes where
// they decode. It also gives the number of replacements.
//
// Left alone are web addresses up to 2083 characters, which may hold long
// tokens, and a PhotoDNA of 288 hexadecimal characters.
func TakeOutMedia(s string) (string, int) {
	if len(s) <= MediaLimit {
		return s, 0
	}
	var out strings.Builder
	n, kept := 0, 0
	for i := 0; i < len(s); {
		end, media := i, false
		switch {
		case i == 0 && isDataURI(s):
			end, media = len(s), true
		case isDataURI(s[i:]) && !isBase64(s[i-1]):
			end = i + tokenEnd(s[i:])
			// The base64 may go on in further lines.
			end = max(end, runEnd(s, end-lastPiece(s[i:end])))
			media = end-i > MediaLimit
		case isAddress(s[i:]):
			end = i + tokenEnd(s[i:])
			media = end-i > maxAddress && manyKinds(s[i:end])
		case isBase64(s[i]):
			end = runEnd(s, i)
			media = end-i > MediaLimit && manyKinds(s[i:end]) && !isPhotoDNA(s[i:end])
		default:
			i++
			continue
		}
		if media {
			out.WriteString(s[kept:i])
			out.WriteString(marker(s[i:end]))
			kept = end
			n++
		}
		i = max(end, i+1)
	}
	if n == 0 {
		return s, 0
	}
	out.WriteString(s[kept:])
	return out.String(), n
}

// maxAddress is the longest web address that CyberTips may carry (formats.md A.6).
const maxAddress = 2083

// wrapped is the least width of a line of wrapped base64: MIME has 76, PEM 64.
const wrapped = 60

// runEnd is the end of the base64 that starts at i, across the line breaks of
// wrapped base64.
func runEnd(s string, i int) int {
	end := pieceEnd(s, i)
	for from := i; end-from >= wrapped; {
		next := end
		for next < len(s) && strings.IndexByte(" \t\r\n", s[next]) >= 0 {
			next++
		}
		stop := pieceEnd(s, next)
		if stop == next || stop-next < wrapped && stop < len(s) && s[stop-1] != '=' {
			break // nothing more, or a word that follows the last full line
		}
		from, end = next, stop
	}
	return end
}

func pieceEnd(s string, i int) int {
	for i < len(s) && isBase64(s[i]) {
		i++
	}
	return i
}

func lastPiece(s string) int {
	i := len(s)
	for i > 0 && isBase64(s[i-1]) {
		i--
	}
	return len(s) - i
}

func isBase64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '+' || c == '/' || c == '-' || c == '_' || c == '='
}

// isDataURI says whether s begins with the head of a data: address (RFC 2397):
// everything up to the comma, without blanks.
func isDataURI(s string) bool {
	if len(s) < 6 || !strings.EqualFold(s[:5], "data:") {
		return false
	}
	i := strings.IndexAny(s[:min(len(s), 128)], ", \t\r\n")
	return i > 0 && s[i] == ','
}

// tokenEnd is where the word at the start of s ends.
func tokenEnd(s string) int {
	if i := strings.IndexAny(s, " \t\r\n\"'<>)"); i >= 0 {
		return i
	}
	return len(s)
}

// isAddress says whether s begins with a scheme and "://".
func isAddress(s string) bool {
	for i := 0; i < len(s) && i < 16; i++ {
		switch c := s[i]; {
		case c == ':':
			return i > 1 && strings.HasPrefix(s[i:], "://")
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		default:
			return false
		}
	}
	return false
}

// isPhotoDNA says whether s is the hexadecimal of 144 bytes.
func isPhotoDNA(s string) bool {
	if len(s) != 288 {
		return false
	}
	_, err := hex.DecodeString(s)
	return err == nil
}

// manyKinds tells encoded bytes from a ruler of dashes.
func manyKinds(s string) bool {
	var seen [4]uint64
	for i := range len(s) {
		seen[s[i]>>6] |= 1 << (s[i] & 63)
	}
	return bits.OnesCount64(seen[0])+bits.OnesCount64(seen[1])+bits.OnesCount64(seen[2])+bits.OnesCount64(seen[3]) >= 8
}

// marker is what stands in the draft for media.
func marker(s string) string {
	what, b := "decoded", decode(s)
	if b == nil {
		what, b = "text", []byte(s)
	}
	return fmt.Sprintf("[media taken out: %d characters, %d bytes %s, sha256 %x]", len(s), len(b), what, sha256.Sum256(b))
}

// decode is the bytes that s encodes, nil where it does not decode.
func decode(s string) []byte {
	if isDataURI(s) {
		head, body, ok := strings.Cut(s, ",")
		if !ok || !strings.HasSuffix(strings.ToLower(strings.TrimSpace(head)), ";base64") {
			return nil
		}
		s = body
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n', '=':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, s)
	if b, err := hex.DecodeString(s); err == nil {
		return b
	}
	if b, err := base64.RawStdEncoding.DecodeString(s); err == nil {
		return b
	}
	return nil
}
