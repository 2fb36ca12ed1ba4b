package fromcybertip

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/bits"
	"reflect"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// mediaLimit is the number of characters up to which text that looks like
// encoded media is left alone.
const mediaLimit = 1024

// longestURL is how long a web address may be in a CyberTip (formats.md A.6).
const longestURL = 2083

const mediaMark = "[media removed: "

// withoutMedia replaces what looks like encoded media in s by its size and
// SHA-256: data: addresses (RFC 2397) and base64 or hexadecimal, in one run or
// in lines, of more than mediaLimit characters.
func withoutMedia(s string) string {
	if len(s) <= mediaLimit {
		return s
	}
	if isDataAddress(s) {
		return mark(s) // all of it: what is not base64 may hold blanks
	}
	var out strings.Builder
	kept := 0
	for i := 0; i < len(s); {
		if !isBase64(s[i]) {
			i++
			continue
		}
		end := i
		switch word := s[i:]; {
		case isDataAddress(word):
			end = runEnd(s, i+strings.IndexByte(word, ',')+1)
			end = max(end, i+wordEnd(word))
		case isShortAddress(word):
			i += wordEnd(word)
			continue
		default:
			end = runEnd(s, i)
		}
		if end-i > mediaLimit && manyKinds(s[i:end]) && !isDigestList(s[i:end]) {
			out.WriteString(s[kept:i])
			out.WriteString(mark(s[i:end]))
			kept = end
		}
		i = end
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

func isBase64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '+' || c == '/' || c == '-' || c == '_' || c == '='
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// wrapped is the least length of a line that may go on in the next: MIME
// wraps base64 at 76 characters, PEM at 64.
const wrapped = 60

// runEnd is the end of the base64 that starts at i, with the lines in which
// it goes on: they are as wide as the first. A shorter one belongs to it only
// where it plainly is the last, by padding or because the text ends; else it
// may be a word that follows.
func runEnd(s string, i int) int {
	end := pieceEnd(s, i)
	width := end - i
	for lines := 1; width >= wrapped && s[end-1] != '='; lines++ {
		next := end
		for next < len(s) && isBlank(s[next]) {
			next++
		}
		stop := pieceEnd(s, next)
		switch {
		case stop-next == width:
			end = stop
			continue
		case stop == next || stop-next > width:
		case s[stop-1] == '=' || stop == len(s) && lines > 1:
			end = stop
		}
		break
	}
	return end
}

// isDigestList says whether every line is 64 hexadecimal digits: a list of
// SHA-256 or PDQ values, which people paste into texts.
func isDigestList(s string) bool {
	lines := 0
	for line := range strings.FieldsSeq(s) {
		if _, err := hex.DecodeString(line); err != nil || len(line) != 64 {
			return false
		}
		lines++
	}
	return lines > 1
}

func pieceEnd(s string, i int) int {
	for i < len(s) && isBase64(s[i]) {
		i++
	}
	return i
}

func wordEnd(s string) int {
	if i := strings.IndexAny(s, " \t\r\n\"'<>"); i >= 0 {
		return i
	}
	return len(s)
}

// isShortAddress says whether s begins with a web address of a length that
// one may have; it may hold long tokens.
func isShortAddress(s string) bool {
	i := 0
	for i < len(s) && i < 12 && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z') {
		i++
	}
	return strings.HasPrefix(s[i:], "://") && wordEnd(s[:min(len(s), longestURL+1)]) <= longestURL
}

func isDataAddress(s string) bool {
	if len(s) < 6 || !strings.EqualFold(s[:5], "data:") {
		return false
	}
	head := s[:min(len(s), 128)]
	i := strings.IndexByte(head, ',')
	return i > 0 && !strings.ContainsAny(head[:i], " \t\r\n")
}

// manyKinds tells encoded bytes from a ruler of dashes.
func manyKinds(s string) bool {
	var seen [4]uint64
	for i := range len(s) {
		seen[s[i]>>6] |= 1 << (s[i] & 63)
	}
	n := 0
	for _, b := range seen {
		n += bits.OnesCount64(b)
	}
	return n >= 8
}

// mark is what stands in place of media: size and digest of the decoded
// bytes, or of the text where it does not decode.
func mark(s string) string {
	body := s
	if isDataAddress(s) {
		head, rest, _ := strings.Cut(s, ",")
		if body = ""; strings.HasSuffix(strings.ToLower(head), ";base64") {
			body = rest
		}
	}
	body = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n', '=':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, body)
	b, err := hex.DecodeString(body)
	if err != nil {
		b, err = base64.RawStdEncoding.DecodeString(body)
	}
	if err != nil || len(b) == 0 {
		b = []byte(s)
	}
	return fmt.Sprintf(mediaMark+"%d bytes, sha256 %x]", len(b), sha256.Sum256(b))
}

// clean takes media out of every string of the draft, wherever it stands, and
// says in which fields it was. The Fields hold every leaf, so nothing needs
// doing where they have none.
func clean(d *referral.Draft) (fs []referral.Finding) {
	for i := range d.Fields {
		f := &d.Fields[i]
		if len(f.Value) > mediaLimit && withoutMedia(f.Value) != f.Value {
			fs = append(fs, warned(f.Path, "media has no place in a report: the desk keeps its size and SHA-256 and let the bytes go; send fingerprints"))
		}
	}
	if len(fs) > 0 {
		cleanValue(reflect.ValueOf(d).Elem())
	}
	return fs
}

func cleanValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); len(s) > mediaLimit {
			v.SetString(withoutMedia(s))
		}
	case reflect.Slice:
		for i := range v.Len() {
			cleanValue(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			cleanValue(v.Field(i))
		}
	}
}
