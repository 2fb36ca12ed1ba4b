package fromnsrl

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"lapwing/internal/hashlist"
)

// A scanner cuts SQL text into tokens, as SQLite does it. It executes nothing.
type scanner struct {
	r     *bufio.Reader
	line  int64
	limit int // bytes of a token

	kind byte   // of the token: see below; otherwise the character itself
	text []byte // of the token, until the next one
}

// Kinds of tokens. A name is a word that cannot be a keyword, for it was
// quoted.
const (
	tokEnd    byte = 0
	tokWord   byte = 'w'
	tokName   byte = 'q'
	tokString byte = 's'
	tokNumber byte = 'n'
	tokBlob   byte = 'b'
)

func newScanner(r *bufio.Reader, limit int) *scanner { return &scanner{r: r, line: 1, limit: limit} }

func (s *scanner) broken(format string, args ...any) error {
	return hashlist.BrokenAt(hashlist.Line(s.line), format, args...)
}

// word says whether the token is the keyword.
func (s *scanner) word(keyword string) bool {
	return s.kind == tokWord && len(s.text) == len(keyword) && strings.EqualFold(string(s.text), keyword)
}

// next reads a token. At the end of the text kind is tokEnd.
func (s *scanner) next() error {
	s.text = s.text[:0]
	c, err := s.start()
	if errors.Is(err, io.EOF) {
		s.kind = tokEnd
		return nil
	}
	if err != nil {
		return err
	}
	switch {
	case c == '\'':
		s.kind = tokString
		return s.quoted('\'')
	case c == '"' || c == '`':
		s.kind = tokName
		return s.quoted(c)
	case c == '[':
		s.kind = tokName
		return s.quoted(']')
	case wordByte(c) || c == '.' && s.digitAhead():
		s.kind = tokWord
		if c >= '0' && c <= '9' || c == '.' {
			s.kind = tokNumber
		}
		s.text = append(s.text, c)
		if err := s.rest(); err != nil {
			return err
		}
		if s.kind == tokWord && (string(s.text) == "x" || string(s.text) == "X") {
			if next, err := s.r.Peek(1); err == nil && next[0] == '\'' {
				s.r.Discard(1)
				s.kind, s.text = tokBlob, s.text[:0]
				return s.quoted('\'')
			}
		}
		return nil
	}
	s.kind = c
	return nil
}

func (s *scanner) digitAhead() bool {
	next, err := s.r.Peek(1)
	return err == nil && next[0] >= '0' && next[0] <= '9'
}

// rest reads on in a word or number.
func (s *scanner) rest() error {
	for {
		c, err := s.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if !wordByte(c) && !(s.kind == tokNumber && c == '.') {
			return s.r.UnreadByte()
		}
		if len(s.text) == s.limit {
			return s.broken("a word is longer than %d bytes", s.limit)
		}
		s.text = append(s.text, c)
	}
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$' || c >= 0x80
}

// quoted reads up to the closing mark; a doubled one stands for itself,
// except for ']'.
func (s *scanner) quoted(mark byte) error {
	begun := s.line
	for {
		part, err := s.r.ReadSlice(mark)
		full := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !full {
			if errors.Is(err, io.EOF) {
				s.line = begun
				return s.broken("a text in quotes has no end")
			}
			return err
		}
		for _, c := range part {
			if c == '\n' {
				s.line++
			}
		}
		if !full {
			part = part[:len(part)-1]
		}
		if len(s.text)+len(part) >= s.limit {
			s.line = begun
			return s.broken("a text in quotes is longer than %d bytes", s.limit)
		}
		s.text = append(s.text, part...)
		if full {
			continue
		}
		if next, err := s.r.Peek(1); mark == ']' || err != nil || next[0] != mark {
			return nil
		}
		s.r.Discard(1)
		s.text = append(s.text, mark)
	}
}

// start is the first character of the next token, after blanks and comments.
func (s *scanner) start() (byte, error) {
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			return 0, err
		}
		two, _ := s.r.Peek(1)
		switch {
		case c == '\n':
			s.line++
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
		case c == '-' && len(two) == 1 && two[0] == '-':
			err = s.pass(0, '\n')
		case c == '/' && len(two) == 1 && two[0] == '*':
			s.r.Discard(1)
			err = s.pass('*', '/')
		default:
			return c, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// pass reads on to the byte last, where it follows before; 0 is any byte.
func (s *scanner) pass(before, last byte) error {
	for previous := byte(0); ; {
		c, err := s.r.ReadByte()
		if err != nil {
			return err
		}
		if c == '\n' {
			s.line++
		}
		if c == last && (before == 0 || previous == before) {
			return nil
		}
		previous = c
	}
}
