package fromtable

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Limits of a table: more than any made by people or programs of statistics.
const (
	maxPrefix  = 1 << 20  // bytes from which it is decided how to read the rest
	maxRecord  = 1 << 20  // bytes of a line
	maxQuoted  = 64 << 10 // bytes of a record that goes on over several lines
	maxLines   = 100      // lines of such a record
	maxColumns = 20_000
)

// A badRecord is a line that cannot be cut into cells. Reading goes on after it.
type badRecord struct {
	line int
	text string
}

func (b *badRecord) Error() string { return fmt.Sprintf("line %d: %s", b.line, b.text) }

// records cuts text into records of cells, which may be quoted with ""
// (RFC 4180); quotes that follow no rule are taken as they stand. A quoted
// cell may go on over several lines; where its end is missing, the lines are
// read each for itself.
type records struct {
	src     io.Reader
	buf     []byte
	at, end int // unread is buf[at:end]
	err     error
	sep     byte
	eol     byte

	line    int // on which the record begins that next gave last, from 1
	nextOne int // on which the next begins
	single  int // lines before this one are not joined

	cells   [][]byte
	scratch []byte // cells with doubled quotes
}

func newRecords(src io.Reader) *records {
	return &records{src: src, buf: make([]byte, 32<<10), eol: '\n', nextOne: 1}
}

// peek gives the first bytes, up to maxPrefix, without taking them.
func (r *records) peek() []byte {
	for r.end-r.at < maxPrefix && r.err == nil {
		r.fill()
	}
	return r.buf[r.at:min(r.end, r.at+maxPrefix)]
}

func (r *records) fill() {
	if r.end == len(r.buf) {
		to := r.buf
		if r.end-r.at > len(to)/2 {
			to = make([]byte, min(2*len(to), maxPrefix+maxRecord))
		}
		r.end = copy(to, r.buf[r.at:r.end])
		r.buf, r.at = to, 0
	}
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		r.err = err
		if n > 0 || err != nil {
			return
		}
	}
	r.err = io.ErrNoProgress
}

var errLong = errors.New("the line is too long")

// lineEnd is where, counted from at, the line ends that begins there at off.
func (r *records) lineEnd(off int) (int, error) {
	seen := off
	for {
		if i := bytes.IndexByte(r.buf[min(r.at+seen, r.end):r.end], r.eol); i >= 0 {
			return seen + i, nil
		}
		seen = r.end - r.at
		switch {
		case seen > maxRecord:
			return 0, errLong
		case r.err != nil && seen > off:
			return seen, nil
		case r.err != nil:
			return 0, r.err
		}
		r.fill()
	}
}

// take counts a line of n bytes as read.
func (r *records) take(n int) {
	r.at = min(r.at+n+1, r.end)
	r.nextOne++
}

// next gives the next record that is not empty. Its cells are valid until it
// is called again. The error is a badRecord, io.EOF, or that of the reader.
func (r *records) next() ([][]byte, error) {
	for {
		n, err := r.lineEnd(0)
		r.line = r.nextOne
		if errors.Is(err, errLong) {
			return nil, r.skipLong()
		}
		if err != nil {
			return nil, err
		}
		line := r.buf[r.at : r.at+n]
		if n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		if blank(line) {
			r.take(n)
			continue
		}
		if bytes.IndexByte(line, '"') < 0 {
			err = r.cut(line)
			r.take(n)
			return r.cells, err
		}
		open, err := r.cutQuoted(line)
		if open {
			return r.join(n)
		}
		r.take(n)
		return r.cells, err
	}
}

func blank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' {
			return false
		}
	}
	return true
}

// skipLong drops a line that is longer than a line may be.
func (r *records) skipLong() error {
	r.cells = r.cells[:0]
	for {
		if i := bytes.IndexByte(r.buf[r.at:r.end], r.eol); i >= 0 {
			r.take(i)
			break
		}
		r.at = r.end
		if r.err != nil {
			r.nextOne++
			break
		}
		r.fill()
	}
	return &badRecord{r.line, fmt.Sprintf("the line has more than %d bytes", maxRecord)}
}

// join reads on where a quoted cell is open at the end of a line of n bytes.
func (r *records) join(n int) ([][]byte, error) {
	first, lines := n, 1
	for r.line >= r.single && lines < maxLines && n < maxQuoted {
		end, err := r.lineEnd(n + 1)
		if err != nil {
			break
		}
		n = end
		lines++
		line := r.buf[r.at : r.at+n]
		if line[n-1] == '\r' {
			line = line[:n-1]
		}
		open, err := r.cutQuoted(line)
		if open {
			continue
		}
		r.nextOne += lines - 1
		r.take(n)
		return r.cells, err
	}
	r.single = max(r.single, r.line+lines)
	r.cells = r.cells[:0]
	r.take(first)
	return nil, &badRecord{r.line, "a quoted cell has no end"}
}

func (r *records) tooWide() error {
	r.cells = r.cells[:0]
	return &badRecord{r.line, fmt.Sprintf("the line has more than %d cells", maxColumns)}
}

// cut fills cells from a line without quotes.
func (r *records) cut(line []byte) error {
	r.cells = r.cells[:0]
	for {
		if len(r.cells) == maxColumns {
			return r.tooWide()
		}
		i := bytes.IndexByte(line, r.sep)
		if i < 0 {
			r.cells = append(r.cells, trim(line))
			return nil
		}
		r.cells = append(r.cells, trim(line[:i]))
		line = line[i+1:]
	}
}

// cutQuoted fills cells; open says that a quoted cell does not end.
func (r *records) cutQuoted(line []byte) (open bool, err error) {
	r.cells, r.scratch = r.cells[:0], r.scratch[:0]
	for {
		if len(r.cells) == maxColumns {
			return false, r.tooWide()
		}
		cell, rest := line, line
		for len(rest) > 0 && rest[0] == ' ' {
			rest = rest[1:]
		}
		if len(rest) > 0 && rest[0] == '"' {
			text, after, closed := r.quoted(rest[1:])
			if !closed {
				return true, nil
			}
			r.cells = append(r.cells, trim(text))
			if after < 0 {
				return false, nil
			}
			line = rest[1+after:]
			continue
		}
		i := bytes.IndexByte(cell, r.sep)
		if i < 0 {
			r.cells = append(r.cells, trim(cell))
			return false, nil
		}
		r.cells = append(r.cells, trim(cell[:i]))
		line = cell[i+1:]
	}
}

// quoted reads what follows an opening quote; after is where the next cell
// begins, -1 at the end of the record.
func (r *records) quoted(b []byte) (text []byte, after int, closed bool) {
	start, from := len(r.scratch), 0
	for {
		i := bytes.IndexByte(b[from:], '"')
		if i < 0 {
			return nil, 0, false
		}
		i += from
		end := i + 1
		for end < len(b) && b[end] == ' ' {
			end++
		}
		if end == len(b) || b[end] == r.sep {
			after = end + 1
			if end == len(b) {
				after = -1
			}
			if len(r.scratch) == start {
				return b[from:i], after, true
			}
			r.scratch = append(r.scratch, b[from:i]...)
			return r.scratch[start:len(r.scratch):len(r.scratch)], after, true
		}
		r.scratch = append(r.scratch, b[from:i+1]...)
		from = i + 1
		if from < len(b) && b[from] == '"' { // doubled
			from++
		}
	}
}

// trim cuts blanks and tabs off both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}
