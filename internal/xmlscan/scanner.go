package xmlscan

import "bytes"

// Kind is the kind of a token.
type Kind uint8

// Kinds of tokens. An empty-element tag yields a Start and an End.
const (
	EOF   Kind = iota // the document ended as it should
	Start             // Prefix, Local and Attrs are set
	End               // Prefix and Local are set
	Text              // a run of text or a CDATA section inside an element; Text is set
)

// Attr is one attribute of an element.
type Attr struct {
	Prefix []byte // "xmlns" for declarations such as xmlns:xsi
	Local  []byte
	Value  []byte // unescaped; tabs and line ends written as such have become blanks (section 3.3.3)
}

// Scanner walks a document. The zero value has no document; use New, or Reset with the default limits.
// Slices it hands out point into the document or into its own buffers: they are good until the next call of Next, Leaf, Skip
// or Reset, and must not be changed.
type Scanner struct {
	lim Limits
	doc []byte // UTF-8
	pos int    // the next byte to read
	tok int    // where the current token starts
	err error

	// The state of the current token is kept as offsets: storing pointers would cost write barriers while the
	// garbage collector runs.
	closing  bool // the current Start came from an empty-element tag: its End is due
	rootSeen bool
	name     name
	attrs    []Attr
	from, to int    // of the text in doc, unless it is in buf
	inBuf    bool   // the text is all of buf
	buf      []byte // what had to be unescaped
	joined   []byte // text of Leaf, when it came in pieces

	open     []name // of the open elements
	elements int
}

// name is a name as offsets into the document.
type name struct {
	from, to int
	local    int // where the part behind the colon starts; from, if there is no colon
}

// New returns a Scanner at the start of doc. It fails where the encoding or the XML declaration is not accepted.
func New(doc []byte, lim Limits) (*Scanner, error) {
	s := &Scanner{lim: lim.withDefaults()}
	if err := s.Reset(doc); err != nil {
		return nil, err
	}
	return s, nil
}

// Reset starts over with another document, keeping the limits and the buffers.
func (s *Scanner) Reset(doc []byte) error {
	if s.lim.Bytes == 0 {
		s.lim = s.lim.withDefaults()
	}
	*s = Scanner{lim: s.lim, attrs: s.attrs[:0], buf: s.buf[:0], joined: s.joined[:0], open: s.open[:0]}
	return s.start(doc)
}

// Local returns the name of the current element without its prefix.
func (s *Scanner) Local() []byte { return s.doc[s.name.local:s.name.to] }

// Prefix returns the namespace prefix of the current element, empty if it has none.
func (s *Scanner) Prefix() []byte { return s.prefix(s.name) }

func (s *Scanner) prefix(n name) []byte { return s.doc[n.from:max(n.from, n.local-1)] }

// Attrs returns the attributes of the current Start, in document order, xmlns attributes among them.
func (s *Scanner) Attrs() []Attr { return s.attrs }

// Text returns the text of the current Text token, unescaped, with line ends as line feeds (section 2.11).
func (s *Scanner) Text() []byte {
	if s.inBuf {
		return s.buf
	}
	return s.doc[s.from:s.to]
}

// Depth returns how many elements are open, the current Start included.
func (s *Scanner) Depth() int { return len(s.open) }

// Next moves to the next token. After an error it returns that error again; after EOF it returns EOF again.
func (s *Scanner) Next() (Kind, error) {
	if s.err != nil {
		return EOF, s.err
	}
	if s.closing {
		s.closing = false
		s.open = s.open[:len(s.open)-1]
		s.attrs = s.attrs[:0]
		return End, nil
	}
	for s.pos < len(s.doc) {
		s.tok = s.pos
		if s.doc[s.pos] != '<' {
			if err := s.scanText(); err != nil {
				return EOF, err
			}
			if len(s.open) == 0 {
				if !IsSpace(s.Text()) {
					return EOF, s.fail(s.tok, "text outside the document element")
				}
				continue
			}
			return Text, nil
		}
		var c byte
		if s.pos+1 < len(s.doc) {
			c = s.doc[s.pos+1]
		}
		switch c {
		case '/':
			return End, s.scanEnd()
		case '?':
			if err := s.skipInstruction(); err != nil {
				return EOF, err
			}
		case '!':
			isText, err := s.scanBang()
			if err != nil {
				return EOF, err
			}
			if isText {
				return Text, nil
			}
		default:
			return Start, s.scanStart()
		}
	}
	s.tok = s.pos
	if n := len(s.open); n > 0 {
		o := s.open[n-1]
		line, _ := position(s.doc, o.from)
		return EOF, s.fail(s.pos, "the document ends before element %s of line %d is closed", quoted(s.doc[o.from:o.to]), line)
	}
	if !s.rootSeen {
		return EOF, s.fail(s.pos, "the document holds no element")
	}
	return EOF, nil
}

// Leaf reads on from a Start. If the element holds no other element, Leaf moves to its End and returns its text,
// all pieces joined, and true. Otherwise it moves to the first inner Start and returns the text before that, and false.
func (s *Scanner) Leaf() (text []byte, leaf bool, err error) {
	pieces := 0
	for {
		kind, err := s.Next()
		if err != nil {
			return nil, false, err
		}
		switch kind {
		case Text:
			pieces++
			switch {
			case pieces == 1 && !s.inBuf:
				text = s.Text()
			case pieces == 1:
				s.joined = append(s.joined[:0], s.Text()...)
				text = s.joined
			case pieces == 2:
				s.joined = append(append(s.joined[:0], text...), s.Text()...)
				text = s.joined
			default:
				s.joined = append(s.joined, s.Text()...)
				text = s.joined
			}
		case Start:
			return text, false, nil
		default:
			return text, true, nil
		}
	}
}

// Skip reads on from a Start to the End of that element.
func (s *Scanner) Skip() error {
	for depth := len(s.open); len(s.open) >= depth; {
		if kind, err := s.Next(); err != nil || kind == EOF {
			return err
		}
	}
	return nil
}

// scanBang reads what begins with "<!": a comment, or a CDATA section, which is text.
func (s *Scanner) scanBang() (isText bool, err error) {
	rest := s.doc[s.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return false, s.skipComment()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return true, s.scanCDATA()
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		return false, s.fail(s.pos, "document type declarations are not accepted")
	}
	return false, s.fail(s.pos, "markup that is neither element, comment nor CDATA section")
}

func (s *Scanner) skipComment() error {
	from := s.pos + len("<!--")
	n := bytes.Index(s.doc[from:], []byte("--"))
	if n < 0 {
		return s.fail(s.pos, "comment is not closed")
	}
	if i := illegalAt(s.doc[from : from+n]); i >= 0 {
		return s.fail(from+i, "illegal character in a comment")
	}
	s.pos = from + n + 2
	if s.pos >= len(s.doc) || s.doc[s.pos] != '>' {
		return s.fail(s.pos-2, "two hyphens inside a comment")
	}
	s.pos++
	return nil
}

func (s *Scanner) skipInstruction() error {
	s.pos += len("<?")
	from := s.pos
	if _, err := s.scanName(); err != nil {
		return err
	}
	target := s.doc[from:s.pos]
	if bytes.EqualFold(target, []byte("xml")) {
		return s.fail(s.tok, "an XML declaration may only stand at the very start")
	}
	n := bytes.Index(s.doc[s.pos:], []byte("?>"))
	if n < 0 {
		return s.fail(s.tok, "processing instruction is not closed")
	}
	if n > 0 && classes[s.doc[s.pos]]&classSpace == 0 {
		return s.fail(s.pos, "illegal character in a name")
	}
	if i := illegalAt(s.doc[s.pos : s.pos+n]); i >= 0 {
		return s.fail(s.pos+i, "illegal character in a processing instruction")
	}
	s.pos += n + 2
	return nil
}
