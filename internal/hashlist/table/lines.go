package table

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Skipped says that a line or row was not read. The next one can be.
type Skipped struct {
	Line int64 // on which it begins, from 1
	Why  string
}

func (s *Skipped) Error() string { return fmt.Sprintf("line %d: %s", s.Line, s.Why) }

// Lines cuts text into lines.
type Lines struct {
	// Converted is the first line that was not UTF-8 and was read as
	// Windows-1252, 0 while there is none.
	Converted int64

	r     *bufio.Reader
	limit int
	n     int64
	long  []byte // a line that the reader's buffer does not hold
	conv  []byte
}

// NewLines reads r as [Text], lines of up to limit bytes.
func NewLines(r io.Reader, limit int) *Lines { return &Lines{r: Text(r), limit: limit} }

// Number of the line that Next gave last, from 1.
func (l *Lines) Number() int64 { return l.n }

// Next gives a line without its end, as valid UTF-8, until it is called
// again. The error is [Skipped] for a line beyond the limit, io.EOF after the
// last line, or the reader's.
func (l *Lines) Next() ([]byte, error) {
	line, err := l.raw()
	if err != nil {
		return nil, err
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, nil
}

// raw is Next with the '\r' of a line end left on.
func (l *Lines) raw() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	l.n++
	long := false
	if errors.Is(err, bufio.ErrBufferFull) {
		line, long, err = l.collect(line)
	}
	switch {
	case errors.Is(err, io.EOF) && len(line) > 0: // a last line without an end
	case err != nil:
		return nil, err
	default:
		line = line[:len(line)-1]
	}
	if long || len(line) > l.limit {
		return nil, &Skipped{l.n, fmt.Sprintf("the line is longer than %d bytes", l.limit)}
	}
	if !utf8.Valid(line) {
		if l.Converted == 0 {
			l.Converted = l.n
		}
		l.conv = appendWindows1252(l.conv[:0], line)
		line = l.conv
	}
	return line, nil
}

// collect reads on where a line has begun with part and is longer than the
// reader's buffer. Beyond the limit it lets the rest go by: long.
func (l *Lines) collect(part []byte) (line []byte, long bool, err error) {
	l.long = append(l.long[:0], part...)
	for {
		part, err := l.r.ReadSlice('\n')
		if long = long || len(l.long) > l.limit; !long {
			l.long = append(l.long, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l.long, long, err
		}
	}
}
