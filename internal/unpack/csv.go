package unpack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// rowState reads on in a line of CSV: open says whether a quote is open before
// and after the line, commas counts the separators outside of quotes. Quotes
// count as they do for encoding/csv with LazyQuotes: one opens only at the
// beginning of a field, and closes only at its end.
func rowState(line []byte, comma byte, open bool) (stillOpen bool, commas int) {
	if !open && bytes.IndexByte(line, '"') < 0 {
		return false, bytes.Count(line, []byte{comma})
	}
	start := !open // of a field
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case !open:
			switch {
			case c == comma:
				commas++
				start = true
				continue
			case c == '"' && start:
				open = true
			}
			start = false
		case c == '"':
			switch rest := line[i+1:]; {
			case len(rest) > 0 && rest[0] == '"':
				i++
			case len(rest) > 0 && rest[0] == comma, len(trimEnd(rest)) == 0:
				open = false
			}
		}
	}
	return open, commas
}

// rows hands out the rows of a CSV file.
func (s *splitter) rows() error {
	head, err := s.r.Peek(headSize)
	s.comma, _ = delimiter(head, s.e.name, err == io.EOF)
	if _, n, ok := separatorLine(head); ok {
		s.discard(n)
	}
	r := &rowReader{s: s, limit: s.w.o.MaxRecord, end: '\n', credit: creditMost}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		r.end = '\r'
	}
	n := int64(0) // rows, as a spreadsheet counts them
	for {
		row, err := r.next()
		if err == io.EOF {
			return s.finish("there are no rows below its header")
		}
		n++
		switch {
		case errors.Is(err, errLarge):
			err = s.problem(n, TooLarge, fmt.Sprintf("the row has more than %s", size(s.w.o.MaxRecord)), nil)
		case errors.Is(err, errQuote):
			err = s.problem(n, Damaged, "a quote is opened in this row and not closed", row)
		case err != nil:
			return s.fail(n-1, err)
		case s.nothing(row):
			continue
		case s.header == nil:
			s.header = row
			continue
		default:
			err = s.record(n, row)
		}
		if err != nil {
			return err
		}
	}
}

// nothing says whether a row is made of separators, quotes and blanks alone.
func (s *splitter) nothing(row []byte) bool {
	for _, c := range row {
		if c != s.comma && c != ' ' && c != '\t' && c != '"' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// errQuote says that a quote is opened and not closed.
var errQuote = errors.New("a quote that is not closed")

// A rowReader puts the lines of a file together to rows. It looks ahead when a
// quote is open; if the quote isn't closed within limit bytes, the line is a
// row of its own, and reading goes on with the line after it.
type rowReader struct {
	s      *splitter
	limit  int64
	end    byte
	ahead  []byte // lines that were read and not handed out
	pos    int    // where in ahead the next row begins
	err    error  // what followed the lines in ahead
	credit int64  // bytes that may be looked at in vain
}

// A file pays for the bytes that are looked at in vain with those that are
// read, so that a file full of open quotes takes time in proportion to its size.
const (
	creditPerByte = 4
	creditMost    = 16 << 20
)

// next is the next row, without its end. With errQuote it is the line that
// opens a quote; errLarge is a row that was skipped.
func (r *rowReader) next() ([]byte, error) {
	if r.pos == len(r.ahead) {
		r.ahead, r.pos = nil, 0
	}
	first, n, open := 0, 0, false
	for {
		line, err := r.lineAt(r.pos + n)
		switch {
		case err == nil:
		case n > 0 && (err == io.EOF || errors.Is(err, errLarge)):
			return r.inVain(first, n)
		default:
			return nil, err
		}
		open, _ = rowState(line, r.s.comma, open)
		if n += len(line); first == 0 {
			first = n
		}
		if !open {
			return r.take(n), nil
		}
		if int64(n) > min(r.limit, r.credit) {
			return r.inVain(first, n)
		}
	}
}

func (r *rowReader) inVain(first, n int) ([]byte, error) {
	r.credit -= int64(n)
	return r.take(first), errQuote
}

// take is the next n bytes, without the line end.
func (r *rowReader) take(n int) []byte {
	row := r.ahead[r.pos : r.pos+n : r.pos+n]
	r.pos += n
	r.credit = min(r.credit+creditPerByte*int64(n), creditMost)
	if len(r.ahead) > 2*n {
		row = bytes.Clone(row) // or a short row keeps all that was looked at alive
	}
	return trimEnd(row)
}

// lineAt is the line that begins at that place of ahead, with its end.
func (r *rowReader) lineAt(at int) ([]byte, error) {
	if at < len(r.ahead) {
		rest := r.ahead[at:]
		if i := bytes.IndexByte(rest, r.end); i >= 0 {
			rest = rest[:i+1]
		}
		return rest, nil
	}
	if r.err == nil {
		line, err := r.s.line(r.limit, r.end)
		if err == nil {
			if r.ahead == nil {
				r.ahead = line
				return line, nil
			}
			at -= r.pos
			r.ahead, r.pos = append(r.ahead[r.pos:], line...), 0
			return r.ahead[at:], nil
		}
		r.err = err
	}
	err := r.err
	if at == r.pos && errors.Is(err, errLarge) {
		r.err = nil // the line after it is next
	}
	return nil, err
}
