package xmlscan

import (
	"bytes"
	"unicode/utf8"
)

// scanName reads a name at s.pos.
func (s *Scanner) scanName() (name, error) {
	doc, from, i, colon := s.doc, s.pos, s.pos, -1
	for start := true; i < len(doc); {
		c := doc[i]
		want := uint8(className)
		if start {
			want = classNameStart
		}
		switch {
		case classes[c]&want != 0:
			i++
			for i < len(doc) && classes[doc[i]]&className != 0 {
				i++
			}
		case c == ':' && colon < 0 && !start:
			colon = i
			i++
			start = true
			continue
		case c == ':':
			return name{}, s.fail(i, "misplaced colon in a name")
		case c < utf8.RuneSelf:
			return s.endName(from, i, colon, start)
		default:
			r, n := utf8.DecodeRune(doc[i:])
			if r == utf8.RuneError && n <= 1 {
				return name{}, s.fail(i, "this is not valid UTF-8")
			}
			if start && !isNameStart(r) || !isName(r) {
				return name{}, s.fail(i, "illegal character in a name")
			}
			i += n
		}
		start = false
	}
	return s.endName(from, i, colon, true)
}

func (s *Scanner) endName(from, to, colon int, bad bool) (name, error) {
	if bad {
		if to >= len(s.doc) {
			return name{}, s.fail(to, "the document ends inside a tag")
		}
		return name{}, s.fail(to, "a name is expected here")
	}
	if to-from > s.lim.Name {
		return name{}, s.fail(from, "name of %d bytes is longer than the limit of %d", to-from, s.lim.Name)
	}
	s.pos = to
	if colon < 0 {
		return name{from, to, from}, nil
	}
	return name{from, to, colon + 1}, nil
}

// skipSpace moves behind white space and reports whether there was any.
func (s *Scanner) skipSpace() bool {
	i := s.pos
	for i < len(s.doc) && classes[s.doc[i]]&classSpace != 0 {
		i++
	}
	moved := i > s.pos
	s.pos = i
	return moved
}

// scanStart reads a start tag or an empty-element tag.
func (s *Scanner) scanStart() error {
	if len(s.open) == 0 && s.rootSeen {
		return s.fail(s.pos, "a second document element")
	}
	s.rootSeen = true
	if s.elements++; s.elements > s.lim.Elements {
		return s.fail(s.pos, "more than %d elements", s.lim.Elements)
	}
	if len(s.open) >= s.lim.Depth {
		return s.fail(s.pos, "elements are nested deeper than %d", s.lim.Depth)
	}
	s.pos++
	var err error
	if s.name, err = s.scanName(); err != nil {
		return err
	}
	s.open = append(s.open, s.name)
	s.attrs = s.attrs[:0]
	s.buf = s.buf[:0]
	for {
		spaced := s.skipSpace()
		if s.pos >= len(s.doc) {
			return s.fail(s.pos, "the document ends inside a tag")
		}
		switch s.doc[s.pos] {
		case '>':
			s.pos++
			return nil
		case '/':
			if s.pos+1 >= len(s.doc) || s.doc[s.pos+1] != '>' {
				return s.fail(s.pos, "a slash inside a tag must be followed by >")
			}
			s.pos += 2
			s.closing = true
			return nil
		}
		if !spaced {
			return s.fail(s.pos, "illegal character in a tag")
		}
		if err := s.scanAttr(); err != nil {
			return err
		}
	}
}

func (s *Scanner) scanAttr() error {
	from := s.pos
	if len(s.attrs) >= s.lim.Attrs {
		return s.fail(from, "more than %d attributes on one element", s.lim.Attrs)
	}
	n, err := s.scanName()
	if err != nil {
		return err
	}
	prefix, local := s.prefix(n), s.doc[n.local:n.to]
	for i := range s.attrs {
		if a := &s.attrs[i]; bytes.Equal(a.Local, local) && bytes.Equal(a.Prefix, prefix) {
			return s.fail(from, "attribute %s stands twice", quoted(s.doc[from:s.pos]))
		}
	}
	s.skipSpace()
	if s.pos >= len(s.doc) || s.doc[s.pos] != '=' {
		return s.fail(s.pos, "an attribute needs = and a value")
	}
	s.pos++
	s.skipSpace()
	if s.pos >= len(s.doc) || s.doc[s.pos] != '"' && s.doc[s.pos] != '\'' {
		return s.fail(s.pos, "the value of an attribute must stand in quotes")
	}
	value, err := s.scanValue()
	if err != nil {
		return err
	}
	s.attrs = append(s.attrs, Attr{Prefix: prefix, Local: local, Value: value})
	return nil
}

// scanEnd reads an end tag.
func (s *Scanner) scanEnd() error {
	if len(s.open) == 0 {
		return s.fail(s.pos, "an end tag without its start tag")
	}
	o := s.open[len(s.open)-1]
	want := s.doc[o.from:o.to]
	s.pos += len("</")
	from := s.pos
	if rest := s.doc[from:]; len(rest) > len(want) && rest[len(want)] == '>' && bytes.Equal(rest[:len(want)], want) {
		s.pos += len(want) + 1
		s.name = o
	} else {
		var err error
		if s.name, err = s.scanName(); err != nil {
			return err
		}
		if got := s.doc[from:s.pos]; !bytes.Equal(got, want) {
			line, _ := position(s.doc, o.from)
			return s.fail(from, "element %s of line %d is closed by %s", quoted(want), line, quoted(got))
		}
		s.skipSpace()
		if s.pos >= len(s.doc) || s.doc[s.pos] != '>' {
			return s.fail(s.pos, "an end tag may hold its name only")
		}
		s.pos++
	}
	s.open = s.open[:len(s.open)-1]
	s.attrs = s.attrs[:0]
	return nil
}
