package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxFields is how many fields a row may have.
const MaxFields = 1000

// Rows cuts text into rows of separated fields, which may be quoted with ""
// (RFC 4180). Quotes that follow no rule are taken as they stand. A quoted
// field may go on over several lines; where its end is missing, the line is
// skipped and the following ones are read each for itself.
type Rows struct {
	lines *Lines
	sep   byte
	limit int
	line  int64 // on which the row begins

	row    []byte // the row when it has several lines
	fields [][]byte
	buf    []byte // fields whose quotes were doubled

	later     []byte // lines that a missing quote had swallowed
	laterLine int64
	then      error // what ended them
}

// NewRows reads r as [Text], rows of up to limit bytes. Where sep is 0 the
// first row decides between comma, semicolon, tab and bar.
func NewRows(r io.Reader, sep byte, limit int) *Rows {
	return &Rows{lines: NewLines(r, limit), sep: sep, limit: limit}
}

// Number of the line on which the row that Next gave last begins, from 1.
func (r *Rows) Number() int64 { return r.line }

// Converted is [Lines.Converted].
func (r *Rows) Converted() int64 { return r.lines.Converted }

// Separator that is in use, 0 before the first row.
func (r *Rows) Separator() byte { return r.sep }

// Next gives a row that is not empty. Its fields are valid until it is called
// again. The error is [Skipped], io.EOF after the last row, or the reader's.
func (r *Rows) Next() ([][]byte, error) {
	for {
		if len(r.later) > 0 {
			if fields, err := r.replay(); err != nil || fields != nil {
				return fields, err
			}
			continue
		}
		if err := r.then; err != nil {
			r.then, r.line = nil, r.lines.Number()
			return nil, err
		}
		line, err := r.lines.raw()
		r.line = r.lines.Number()
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if r.sep == 0 {
			if sep, only := separatorLine(line); only {
				r.sep = sep
				continue
			}
			r.sep = guessSeparator(line)
		}
		open, err := r.split(line)
		if err != nil || !open {
			return r.fields, err
		}
		return r.continued(line)
	}
}

// continued reads on where a quoted field is open at the end of the line.
func (r *Rows) continued(line []byte) ([][]byte, error) {
	r.row = append(r.row[:0], line...)
	first := len(r.row)
	for {
		line, err := r.lines.raw()
		var skipped *Skipped
		if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &skipped) {
			return nil, err
		}
		if err == nil {
			r.row = append(append(r.row, '\n'), line...)
		}
		if err != nil || len(r.row) > r.limit {
			if len(r.row) > first {
				r.later = append(r.later[:0], r.row[first+1:]...)
				r.laterLine = r.line + 1
			}
			if skipped != nil {
				r.then = skipped
			}
			return nil, &Skipped{r.line, "a quoted field has no end"}
		}
		if !r.stillOpen(line) {
			_, err := r.split(r.row)
			return r.fields, err
		}
	}
}

// stillOpen says whether a quoted field is open at the end of a line at whose
// beginning one is. It goes by the rules of split and looks at each line once.
func (r *Rows) stillOpen(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte("\r"))
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			return true
		}
		line = line[i+1:]
		switch {
		case len(line) == 0:
			return false
		case line[0] == '"':
			line = line[1:]
		case line[0] == r.sep:
			for len(line) > 0 && (len(line) < 2 || line[1] != '"') { // fields without quotes
				i := bytes.IndexByte(line[1:], r.sep)
				if i < 0 {
					return false
				}
				line = line[i+1:]
			}
			line = line[2:]
		}
	}
}

// replay reads the lines that a missing quote had swallowed, one row each.
func (r *Rows) replay() ([][]byte, error) {
	line, rest, _ := bytes.Cut(r.later, []byte("\n"))
	r.later, r.line = rest, r.laterLine
	r.laterLine++
	if len(bytes.TrimSpace(line)) == 0 {
		return nil, nil
	}
	open, err := r.split(line)
	if err == nil && open {
		err = &Skipped{r.line, "a quoted field has no end"}
	}
	return r.fields, err
}

// split fills r.fields; open says that a quoted field does not end.
func (r *Rows) split(row []byte) (open bool, err error) {
	if n := len(row); n > 0 && row[n-1] == '\r' {
		row = row[:n-1]
	}
	r.fields, r.buf = r.fields[:0], r.buf[:0]
	for {
		if len(r.fields) == MaxFields {
			return false, &Skipped{r.line, fmt.Sprintf("the row has more than %d fields", MaxFields)}
		}
		if len(row) == 0 || row[0] != '"' {
			i := bytes.IndexByte(row, r.sep)
			if i < 0 {
				r.fields = append(r.fields, row)
				return false, nil
			}
			r.fields = append(r.fields, row[:i])
			row = row[i+1:]
			continue
		}
		field, n, closed := r.quoted(row)
		if !closed {
			return true, nil
		}
		r.fields = append(r.fields, field)
		if n == len(row) {
			return false, nil
		}
		row = row[n+1:]
	}
}

// quoted reads the field that begins with a quote at row[0]; n is the place
// of the separator after it, or len(row).
func (r *Rows) quoted(row []byte) (field []byte, n int, closed bool) {
	start := len(r.buf)
	from := 1
	for {
		i := bytes.IndexByte(row[from:], '"')
		if i < 0 {
			return nil, 0, false
		}
		i += from
		switch {
		case i+1 == len(row) || row[i+1] == r.sep:
			if len(r.buf) == start {
				return row[from:i], i + 1, true
			}
			r.buf = append(r.buf, row[from:i]...)
			return r.buf[start:len(r.buf):len(r.buf)], i + 1, true
		case row[i+1] == '"':
			r.buf = append(r.buf, row[from:i+1]...)
			from = i + 2
		default: // a quote that nobody doubled
			r.buf = append(r.buf, row[from:i+1]...)
			from = i + 1
		}
	}
}

// separatorLine reads the first line "sep=;" that spreadsheets write.
func separatorLine(line []byte) (sep byte, ok bool) {
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) {
		return line[4], bytes.IndexByte([]byte(",;\t|"), line[4]) >= 0
	}
	return 0, false
}

func guessSeparator(line []byte) byte {
	var count [256]int
	quoted := false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted {
			count[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte(";\t|") {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}
