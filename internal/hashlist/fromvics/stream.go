package fromvics

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"lapwing/internal/hashlist"
)

// A stream cuts a JSON document into values that fit into memory. It follows
// only strings and brackets; who gets a value checks the rest.
type stream struct {
	r     io.Reader
	buf   []byte // read; what lies before pos has been given
	pos   int
	off   int64 // of buf[0] in the document
	err   error // of the reader
	limit int   // bytes of one value
}

var errLong = errors.New("a value is longer than the limit")

func newStream(r io.Reader, limit int) *stream {
	return &stream{r: r, limit: limit, buf: make([]byte, 0, 64<<10)}
}

// where the next byte is.
func (s *stream) where() string { return "byte " + strconv.FormatInt(s.off+int64(s.pos), 10) }

// fill reads more, and keeps what lies behind pos.
func (s *stream) fill() error {
	if s.err != nil {
		return s.err
	}
	if s.pos > 0 {
		n := copy(s.buf, s.buf[s.pos:])
		s.buf, s.off, s.pos = s.buf[:n], s.off+int64(s.pos), 0
	}
	if len(s.buf) == cap(s.buf) {
		s.buf = append(make([]byte, 0, 2*cap(s.buf)), s.buf...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf, s.err = s.buf[:len(s.buf)+n], err
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	s.err = io.ErrNoProgress
	return s.err
}

// peek is the next byte that is not white space.
func (s *stream) peek() (byte, error) {
	for {
		for ; s.pos < len(s.buf); s.pos++ {
			switch c := s.buf[s.pos]; c {
			case ' ', '\t', '\r', '\n':
			default:
				return c, nil
			}
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// is takes the next byte if it is c.
func (s *stream) is(c byte) (bool, error) {
	next, err := s.peek()
	if err != nil || next != c {
		return false, err
	}
	s.pos++
	return true, nil
}

// expect takes the next byte, which must be c.
func (s *stream) expect(c byte) error {
	ok, err := s.is(c)
	if err == nil && !ok {
		return hashlist.BrokenAt(s.where(), "it is not JSON: %q is missing", c)
	}
	return err
}

// value gives the next value, until the next call of any method. One that is
// longer than the limit is passed over: errLong.
func (s *stream) value() ([]byte, error) {
	first, err := s.peek()
	if err != nil {
		return nil, err
	}
	var (
		c    = cutter{simple: first != '"' && first != '{' && first != '['}
		n    = 0 // bytes of the value that lie behind pos
		long = false
	)
	for {
		m, done := c.cut(s.buf[s.pos+n:])
		n += m
		long = long || n > s.limit
		if !done && long { // none of it is wanted any more
			s.pos, n = s.pos+n, 0
		}
		if !done {
			err := s.fill()
			if err != nil && !(c.simple && errors.Is(err, io.EOF)) {
				return nil, err
			}
			done = err != nil
		}
		if !done {
			continue
		}
		value := s.buf[s.pos : s.pos+n]
		s.pos += n
		switch {
		case long:
			return nil, errLong
		case n == 0:
			return nil, hashlist.BrokenAt(s.where(), "it is not JSON: a value is missing")
		}
		return value, nil
	}
}

// A cutter finds the end of a value whose bytes come in parts.
type cutter struct {
	simple          bool // a number or a word
	depth           int
	quoted, escaped bool
}

// cut looks at more bytes: n of them belong to the value, and done says that
// it ends there.
func (c *cutter) cut(b []byte) (n int, done bool) {
	if c.simple {
		if n = bytes.IndexAny(b, " \t\r\n,:]}"); n < 0 {
			return len(b), false
		}
		return n, true
	}
	for i := 0; i < len(b); i++ {
		switch {
		case c.escaped:
			c.escaped = false
		case c.quoted:
			for i < len(b) && !inString[b[i]] {
				i++
			}
			if i == len(b) {
				return i, false
			}
			c.escaped = b[i] == '\\'
			c.quoted = b[i] != '"'
		default:
			switch b[i] {
			case '"':
				c.quoted = true
				continue
			case '{', '[':
				c.depth++
			case '}', ']':
				c.depth--
			default:
				continue
			}
		}
		if !c.quoted && c.depth == 0 {
			return i + 1, true
		}
	}
	return len(b), false
}
