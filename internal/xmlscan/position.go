package xmlscan

import (
	"fmt"
	"unicode/utf8"
)

// Error says why a document was not accepted and where.
type Error struct {
	Line   int    // counted from 1
	Column int    // counted in characters, from 1
	Text   string // what is wrong; may hold element names of the document, never its text
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Text)
}

// position returns the line and column of the byte at off in a UTF-8 document.
func position(doc []byte, off int) (line, column int) {
	off = min(off, len(doc))
	line = 1
	start := 0
	for i := 0; i < off; i++ {
		switch doc[i] {
		case '\n':
			line, start = line+1, i+1
		case '\r': // a line end of its own, unless a line feed follows
			if i+1 >= len(doc) || doc[i+1] != '\n' {
				line, start = line+1, i+1
			}
		}
	}
	return line, utf8.RuneCount(doc[start:off]) + 1
}

// Position returns the line and column at which the current token starts.
func (s *Scanner) Position() (line, column int) { return position(s.doc, s.tok) }

// fail records and returns the error that ends the scan.
func (s *Scanner) fail(off int, format string, args ...any) error {
	line, column := position(s.doc, off)
	s.err = &Error{Line: line, Column: column, Text: fmt.Sprintf(format, args...)}
	return s.err
}
