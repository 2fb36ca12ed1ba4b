package unpack

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// records reads a document that may hold many records, one after the other.
func (w *walker) records(e entry, r *bufio.Reader, class Class, g *gather) error {
	plain, done := w.pools.plain(r)
	defer done()
	s := &splitter{w: w, e: e, r: plain, g: g, class: JSON}
	switch class {
	case NDJSON:
		return s.lines()
	case JSONArray:
		return s.array()
	case CSV:
		s.class = CSV
		return s.rows()
	}
	return s.values()
}

// A splitter cuts one file into records.
type splitter struct {
	w      *walker
	e      entry
	r      *bufio.Reader
	g      *gather
	class  Class
	given  int64 // records and problems that were added
	offset int64 // bytes of the file, as UTF-8, that were read
	header []byte
	comma  byte
}

// record adds record number n.
func (s *splitter) record(n int64, data []byte) error {
	s.given++
	if !isText(data) {
		return s.problem(n, Unknown, "the record has bytes in it that are not text", data)
	}
	d := &Doc{
		Path: s.path(n), Size: int64(len(data)), Modified: s.e.modified,
		Data: data, Class: s.class, Record: n, Header: s.header, Comma: rune(s.comma),
	}
	return s.g.add(s.e.dir, &item{name: s.e.name, doc: d})
}

func (s *splitter) path(n int64) string { return fmt.Sprintf("%s#%d", s.e.path, n) }

// problem adds a Problem about record number n.
func (s *splitter) problem(n int64, kind Kind, reason string, data []byte) error {
	s.given++
	e := s.e
	e.path, e.size = s.path(n), int64(len(data))
	if data == nil {
		e.size = -1
	}
	return s.w.problem(s.g, e, kind, reason, data)
}

// broke adds the Problem that the file is damaged after record number n.
func (s *splitter) broke(n int64, why string) error {
	reason := fmt.Sprintf("%s at byte %d, after record %d; what comes before was read", why, s.offset, n)
	return s.w.problem(s.g, s.e, Damaged, reason, nil)
}

// fail tells of a reading error after record number n.
func (s *splitter) fail(n int64, err error) error {
	if err == io.EOF {
		return s.broke(n, "it breaks off in the middle of a record")
	}
	return s.w.fail(s.e, s.g, err, nil)
}

// finish says so when a file held no record at all.
func (s *splitter) finish(reason string) error {
	if s.given > 0 {
		return nil
	}
	return s.w.problem(s.g, s.e, Empty, reason, nil)
}

// line reads a line without its end. What is longer than limit is skipped,
// and the error is errLarge.
func (s *splitter) line(limit int64, end byte) ([]byte, error) {
	var line []byte
	large := false
	for {
		part, err := s.r.ReadSlice(end)
		s.offset += int64(len(part))
		if large = large || int64(len(line)+len(part)) > limit+2; large {
			line = nil
		} else if line == nil && err == nil {
			line = bytes.Clone(part)
		} else {
			line = append(line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && (large || len(line) > 0):
			err = nil
		}
		if large && err == nil {
			return nil, errLarge
		}
		return line, err
	}
}

// trimEnd is the line without its end.
func trimEnd(line []byte) []byte { return bytes.TrimRight(line, "\r\n") }

// lines hands out JSON Lines: a record for each line that is not blank.
func (s *splitter) lines() error {
	for n := int64(1); ; n++ {
		line, err := s.line(s.w.o.MaxDoc, '\n')
		switch {
		case err == io.EOF:
			return s.finish("there is no record in it")
		case errors.Is(err, errLarge):
			err = s.problem(n, TooLarge, fmt.Sprintf("the line has more than %s", size(s.w.o.MaxDoc)), nil)
		case err != nil:
			return s.fail(n-1, err)
		default:
			if line = bytes.Trim(line, " \t\r\n\x1e"); len(line) == 0 {
				continue
			}
			err = s.record(n, line)
		}
		if err != nil {
			return err
		}
	}
}

// values hands out JSON that is one value (a document of its own, whatever it
// is), or several one after the other (a record each).
func (s *splitter) values() error {
	first, err := s.blank()
	if err != nil {
		return s.fail(0, err)
	}
	if first != '{' {
		return s.whole(nil)
	}
	value, err := s.value(s.w.o.MaxDoc)
	if err == io.EOF { // not JSON after all, or broken off: the reader says what is wrong
		return s.whole(value)
	}
	if errors.Is(err, errLarge) {
		return s.tooLarge()
	}
	if err != nil {
		return s.w.fail(s.e, s.g, err, value)
	}
	next, err := s.blank()
	if err == io.EOF {
		return s.whole(value)
	}
	if err != nil {
		return s.w.fail(s.e, s.g, err, value)
	}
	if next != '{' {
		return s.whole(value)
	}
	for n := int64(1); ; n++ {
		if err := s.record(n, value); err != nil {
			return err
		}
		next, err := s.blank()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return s.fail(n, err)
		}
		if next != '{' {
			return s.broke(n, "there is something that is not a record")
		}
		if value, err = s.value(s.w.o.MaxDoc); errors.Is(err, errLarge) {
			return s.broke(n, fmt.Sprintf("there is a record of more than %s", size(s.w.o.MaxDoc)))
		} else if err != nil {
			return s.fail(n, err)
		}
	}
}

// whole hands out what was read and what follows as one document.
func (s *splitter) whole(start []byte) error {
	rest, err := readUpTo(s.r, -1, s.w.o.MaxDoc-int64(len(start)))
	if errors.Is(err, errLarge) {
		return s.tooLarge()
	}
	data := rest
	if start != nil {
		data = append(start, rest...)
	}
	if err != nil {
		return s.w.fail(s.e, s.g, err, data)
	}
	if !isText(data) {
		return s.w.problem(s.g, s.e, Unknown, "it begins as text and goes on as something else", data)
	}
	if s.e.size < 0 {
		s.e.size = int64(len(data))
	}
	return s.w.doc(s.e, s.g, s.class, data)
}

func (s *splitter) tooLarge() error {
	reason := fmt.Sprintf("a JSON value of more than %s is not read; give an array of reports, or one on each line", size(s.w.o.MaxDoc))
	return s.w.problem(s.g, s.e, TooLarge, reason, nil)
}

// array hands out the elements of a JSON array.
func (s *splitter) array() error {
	if _, err := s.blank(); err != nil {
		return s.fail(0, err)
	}
	s.discard(1) // the bracket, by which the array was recognised
	for n := int64(1); ; n++ {
		next, err := s.blank()
		switch {
		case err != nil:
			return s.fail(n-1, err)
		case next == ']' && n == 1:
			return s.finish("the list in it is empty")
		case next != '{' && next != '[':
			return s.broke(n-1, "there is something that is not a record")
		}
		value, err := s.value(s.w.o.MaxDoc)
		switch {
		case errors.Is(err, errLarge):
			err = s.problem(n, TooLarge, fmt.Sprintf("the record has more than %s", size(s.w.o.MaxDoc)), nil)
		case err != nil:
			return s.fail(n-1, err)
		default:
			err = s.record(n, value)
		}
		if err != nil {
			return err
		}
		switch next, err := s.blank(); {
		case err != nil:
			return s.fail(n, err)
		case next == ']':
			return s.end(n)
		case next != ',':
			return s.broke(n, "a comma is missing")
		}
		s.discard(1)
	}
}

// end sees that nothing follows the array.
func (s *splitter) end(n int64) error {
	s.discard(1)
	_, err := s.blank()
	switch {
	case err == io.EOF:
		return nil
	case err != nil:
		return s.fail(n, err)
	}
	return s.broke(n, "something follows the end of the list")
}

func (s *splitter) discard(n int) {
	n, _ = s.r.Discard(n)
	s.offset += int64(n)
}

// blank passes over blanks and says what comes next, without taking it.
func (s *splitter) blank() (byte, error) {
	for {
		b, err := s.r.Peek(1)
		if len(b) == 0 {
			return 0, err
		}
		switch b[0] {
		case ' ', '\t', '\r', '\n', 0x1e:
			s.discard(1)
		default:
			return b[0], nil
		}
	}
}

// value takes a JSON object or array, by its brackets alone: whether it is
// well formed is for the reader. With io.EOF the data is what there was. What
// is longer than limit is skipped to its end, and the error is errLarge.
func (s *splitter) value(limit int64) ([]byte, error) {
	var data []byte
	depth, quoted, escaped, large := 0, false, false, false
	for {
		if _, err := s.r.Peek(1); err != nil {
			if large {
				err = errLarge
			}
			return data, err
		}
		part, _ := s.r.Peek(s.r.Buffered())
		n := 0
		for n < len(part) {
			c := part[n]
			n++
			if quoted {
				switch {
				case escaped:
					escaped = false
				case c == '\\':
					escaped = true
				case c == '"':
					quoted = false
				}
				continue
			}
			switch c {
			case '"':
				quoted = true
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			if depth == 0 {
				break
			}
		}
		if large = large || int64(len(data)+n) > limit; large {
			data = nil
		} else {
			data = append(data, part[:n]...)
		}
		s.discard(n)
		if depth == 0 && !quoted {
			if large {
				return nil, errLarge
			}
			return data, nil
		}
	}
}
