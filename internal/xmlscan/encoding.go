package xmlscan

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

const utf8Mark = "\xEF\xBB\xBF"

// start sets s.doc to the document as UTF-8 and s.pos behind its XML declaration.
func (s *Scanner) start(doc []byte) error {
	s.doc = doc
	if len(doc) > s.lim.Bytes {
		return s.fail(0, "document of %d bytes is larger than the limit of %d", len(doc), s.lim.Bytes)
	}
	marked := true
	switch {
	case bytes.HasPrefix(doc, []byte(utf8Mark)):
		s.doc = doc[len(utf8Mark):]
	case bytes.HasPrefix(doc, []byte("\xFF\xFE\x00\x00")), bytes.HasPrefix(doc, []byte("\x00\x00\xFE\xFF")):
		return s.fail(0, "documents in UTF-32 are not accepted; save as UTF-8")
	case bytes.HasPrefix(doc, []byte("\xFF\xFE")):
		return s.startUTF16(doc[2:], binary.LittleEndian)
	case bytes.HasPrefix(doc, []byte("\xFE\xFF")):
		return s.startUTF16(doc[2:], binary.BigEndian)
	default:
		marked = false
		if len(doc) >= 2 && (doc[0] == 0 || doc[1] == 0) {
			return s.fail(0, "this looks like UTF-16 without a byte order mark; add the mark or save as UTF-8")
		}
	}
	declared, err := s.declaration()
	if err != nil || marked || declared == "UTF-8" {
		return err
	}
	switch strings.ToLower(declared) {
	case "", "utf-8", "utf8", "us-ascii", "ascii": // ASCII is what several XML libraries of Python declare
		return nil
	case "iso-8859-1", "latin1", "iso_8859-1":
		s.doc = fromCharmap(s.doc, charmap.ISO8859_1)
	case "iso-8859-15", "latin-9", "iso_8859-15":
		s.doc = fromCharmap(s.doc, charmap.ISO8859_15)
	case "windows-1252", "cp1252":
		s.doc = fromCharmap(s.doc, charmap.Windows1252)
	case "utf-16", "utf-16le", "utf-16be":
		return s.fail(0, "declared as %s but without a byte order mark; add the mark or save as UTF-8", declared)
	default:
		return s.fail(0, "encoding %q is not accepted; use UTF-8, UTF-16 with byte order mark, ISO-8859-1, ISO-8859-15 or windows-1252", declared)
	}
	return nil
}

// startUTF16 is start for a document behind a UTF-16 byte order mark. What the declaration calls itself is not
// looked at: tools that save a file in another encoding often leave it as it was.
func (s *Scanner) startUTF16(b []byte, order binary.ByteOrder) error {
	out := make([]byte, 0, len(b)/2+len(b)/8+utf8.UTFMax)
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(order.Uint16(b[i:]))
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+3 < len(b) {
				pair = utf16.DecodeRune(r, rune(order.Uint16(b[i+2:])))
			}
			if pair == utf8.RuneError {
				s.doc = out
				return s.fail(len(out), "broken UTF-16: half of a surrogate pair")
			}
			r, i = pair, i+2
		}
		out = utf8.AppendRune(out, r)
	}
	s.doc = out
	if len(b)%2 != 0 {
		return s.fail(len(out), "broken UTF-16: the document ends inside a character")
	}
	_, err := s.declaration()
	return err
}

// fromCharmap converts from a one-byte encoding whose lower half is ASCII; offsets inside an ASCII prefix stay valid.
func fromCharmap(b []byte, m *charmap.Charmap) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	for _, c := range b {
		if c < utf8.RuneSelf {
			out = append(out, c)
		} else {
			out = utf8.AppendRune(out, m.DecodeByte(c))
		}
	}
	return out
}

// declaration reads the XML declaration (section 2.8), if there is one, and returns the encoding it names.
func (s *Scanner) declaration() (encoding string, err error) {
	s.pos = 0
	const open = "<?xml"
	if !bytes.HasPrefix(s.doc, []byte(open)) || len(s.doc) == len(open) || classes[s.doc[len(open)]]&classSpace == 0 {
		return "", nil
	}
	end := bytes.Index(s.doc, []byte("?>"))
	if end < 0 {
		return "", s.fail(0, "the XML declaration is not closed")
	}
	rest := string(s.doc[len(open):end])
	version, rest, ok := pseudoAttr(rest, "version")
	if !ok {
		return "", s.fail(0, "the XML declaration lacks its version")
	}
	if version != "1.0" {
		return "", s.fail(0, "XML version %s is not accepted, only 1.0", quoted(version))
	}
	encoding, rest, hasEncoding := pseudoAttr(rest, "encoding")
	standalone, rest, hasStandalone := pseudoAttr(rest, "standalone")
	if strings.Trim(rest, " \t\r\n") != "" || hasStandalone && standalone != "yes" && standalone != "no" {
		return "", s.fail(0, "the XML declaration is malformed")
	}
	if hasEncoding && !isEncodingName(encoding) {
		return "", s.fail(0, "the XML declaration names no valid encoding")
	}
	s.pos = end + 2
	return encoding, nil
}

// pseudoAttr reads ` name="value"` at the start of s; when it is not there it returns s as it was.
func pseudoAttr(s, name string) (value, rest string, ok bool) {
	const space = " \t\r\n"
	t := strings.TrimLeft(s, space)
	if len(t) == len(s) || !strings.HasPrefix(t, name) {
		return "", s, false
	}
	t = strings.TrimLeft(t[len(name):], space)
	if !strings.HasPrefix(t, "=") {
		return "", s, false
	}
	t = strings.TrimLeft(t[1:], space)
	if t == "" || t[0] != '"' && t[0] != '\'' {
		return "", s, false
	}
	end := strings.IndexByte(t[1:], t[0])
	if end < 0 {
		return "", s, false
	}
	return t[1 : 1+end], t[2+end:], true
}

// isEncodingName is the production EncName (section 4.3.3).
func isEncodingName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c != '_' && classes[c]&className == 0) {
			return false
		}
	}
	return s != "" && len(s) <= 40
}

// quoted shows a name of the document inside a message, cut to a sensible length.
func quoted[T ~string | ~[]byte](name T) string {
	const most = 60
	s := string(name)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}
