package xmlscan

import (
	"bytes"
	"unicode/utf8"
)

// scanText reads text up to the next markup as the current text. Line ends become line feeds, references their characters.
func (s *Scanner) scanText() error {
	doc, from := s.doc, s.pos
	i, done := from, from // doc[from:done] is in buf already, if anything is
	s.buf = s.buf[:0]
	s.inBuf = false
	for {
		for i < len(doc) && classes[doc[i]]&classText != 0 {
			i++
		}
		if i >= len(doc) || doc[i] == '<' {
			break
		}
		switch c := doc[i]; {
		case c == '&':
			s.buf = append(s.buf, doc[done:i]...)
			s.inBuf = true
			n, err := s.reference(i)
			if err != nil {
				return err
			}
			i += n
			done = i
		case c == '\r':
			s.buf = append(append(s.buf, doc[done:i]...), '\n')
			s.inBuf = true
			i++
			if i < len(doc) && doc[i] == '\n' {
				i++
			}
			done = i
		case c == ']':
			if bytes.HasPrefix(doc[i:], []byte("]]>")) {
				return s.fail(i, "]]> must not stand in text")
			}
			i++
		default:
			n := charLen(doc[i:])
			if n == 0 {
				return s.illegal(i)
			}
			i += n
		}
	}
	s.pos, s.from, s.to = i, from, i
	if s.inBuf {
		s.buf = append(s.buf, doc[done:i]...)
	}
	return nil
}

// scanCDATA reads a CDATA section as the current text.
func (s *Scanner) scanCDATA() error {
	if len(s.open) == 0 {
		return s.fail(s.pos, "text outside the document element")
	}
	from := s.pos + len("<![CDATA[")
	n := bytes.Index(s.doc[from:], []byte("]]>"))
	if n < 0 {
		return s.fail(s.pos, "CDATA section is not closed")
	}
	text := s.doc[from : from+n]
	if i := illegalAt(text); i >= 0 {
		return s.illegal(from + i)
	}
	s.pos = from + n + len("]]>")
	s.from, s.to, s.inBuf = from, from+n, false
	if bytes.IndexByte(text, '\r') < 0 {
		return nil
	}
	s.buf = s.buf[:0]
	s.inBuf = true
	for i, c := range text {
		switch {
		case c != '\r':
			s.buf = append(s.buf, c)
		case i+1 == len(text) || text[i+1] != '\n':
			s.buf = append(s.buf, '\n')
		}
	}
	return nil
}

// scanValue reads the attribute value whose opening quote is at s.pos. Values that need unescaping are appended to
// s.buf; those of earlier attributes stay where they are, in this array or in the one it replaced.
func (s *Scanner) scanValue() ([]byte, error) {
	doc, quote := s.doc, s.doc[s.pos]
	from := s.pos + 1
	i, done, start, copied := from, from, len(s.buf), false
	for {
		for i < len(doc) && classes[doc[i]]&classValue != 0 {
			i++
		}
		if i >= len(doc) {
			return nil, s.fail(s.pos, "the value of an attribute is not closed")
		}
		switch c := doc[i]; {
		case c == quote:
			s.pos = i + 1
			if !copied {
				return doc[from:i:i], nil
			}
			s.buf = append(s.buf, doc[done:i]...)
			return s.buf[start:len(s.buf):len(s.buf)], nil
		case c == '"' || c == '\'':
			i++
		case c == '&':
			s.buf, copied = append(s.buf, doc[done:i]...), true
			n, err := s.reference(i)
			if err != nil {
				return nil, err
			}
			i += n
			done = i
		case c == '\t' || c == '\n' || c == '\r':
			s.buf, copied = append(append(s.buf, doc[done:i]...), ' '), true
			i++
			if c == '\r' && i < len(doc) && doc[i] == '\n' {
				i++
			}
			done = i
		case c == '<':
			return nil, s.fail(i, "< must not stand in the value of an attribute")
		default:
			n := charLen(doc[i:])
			if n == 0 {
				return nil, s.illegal(i)
			}
			i += n
		}
	}
}

// reference appends to s.buf what the reference at doc[i] (an ampersand) stands for, and returns its length.
func (s *Scanner) reference(i int) (n int, err error) {
	const longest = 32 // far beyond &#x0010FFFF;
	b := s.doc[i:min(len(s.doc), i+longest)]
	end := bytes.IndexByte(b, ';')
	if end < 0 {
		return 0, s.fail(i, "an ampersand must be written as &amp; or start a reference")
	}
	name := b[1:end]
	if len(name) > 0 && name[0] == '#' {
		r, ok := charReference(name[1:])
		if !ok {
			return 0, s.fail(i, "a character reference names no legal character")
		}
		s.buf = utf8.AppendRune(s.buf, r)
		return end + 1, nil
	}
	var c byte
	switch string(name) {
	case "lt":
		c = '<'
	case "gt":
		c = '>'
	case "amp":
		c = '&'
	case "apos":
		c = '\''
	case "quot":
		c = '"'
	default:
		return 0, s.fail(i, "an entity that is not one of lt, gt, amp, apos, quot")
	}
	s.buf = append(s.buf, c)
	return end + 1, nil
}

// charReference decodes the digits of a character reference (section 4.1): "65" or "x41".
func charReference(digits []byte) (rune, bool) {
	base := rune(10)
	if len(digits) > 0 && digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	var r rune
	for _, c := range digits {
		var d rune
		switch {
		case c >= '0' && c <= '9':
			d = rune(c - '0')
		case c >= 'a' && c <= 'f':
			d = rune(c-'a') + 10
		case c >= 'A' && c <= 'F':
			d = rune(c-'A') + 10
		default:
			return 0, false
		}
		if d >= base {
			return 0, false
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, false
		}
	}
	return r, len(digits) > 0 && isChar(r)
}

// illegal is the error for the byte at off, which belongs to no legal character.
func (s *Scanner) illegal(off int) error {
	r, n := utf8.DecodeRune(s.doc[off:])
	if r == utf8.RuneError && n <= 1 {
		return s.fail(off, "this is not valid UTF-8")
	}
	return s.fail(off, "character U+%04X is not allowed in XML", r)
}
