package fromtable

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// An encoding turns cells into text. Most cells need none of it: digits and
// ASCII are the same in all that are read here.
type encoding struct {
	name    string
	charmap *charmap.Charmap // nil for UTF-8
	open    bool             // nothing but ASCII so far: a cell that is not UTF-8 is Windows-1252
}

// notUTF8 is the text of a cell whose bytes are none.
const notUTF8 = "the bytes of this cell are not UTF-8 as the rest of the file; say the encoding, such as windows-1252 (option encoding)"

// text of a cell; ok is false where its bytes are none in this encoding.
func (e *encoding) text(b []byte) (s string, ok bool) {
	c := e.charmap
	if c == nil {
		if utf8.Valid(b) {
			return string(b), true
		}
		if !e.open {
			return strings.ToValidUTF8(string(b), "\ufffd"), false
		}
		c = charmap.Windows1252
	}
	out, err := c.NewDecoder().Bytes(b)
	return strings.ToValidUTF8(string(out), "\ufffd"), err == nil && utf8.Valid(out) && !bytes.ContainsRune(out, utf8.RuneError)
}

var magics = []struct{ begin, is string }{
	{"PK\x03\x04", "a ZIP archive or a spreadsheet (xlsx, ods): save the sheet as CSV"},
	{"\xd0\xcf\x11\xe0", "an old spreadsheet (xls): save the sheet as CSV"},
	{"\x1f\x8b", "compressed with gzip: unpack it first"},
	{"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first"},
	{"%PDF", "a PDF: ask for the table that it was made from"},
	{"PAR1", "Parquet: ask for CSV"},
}

// decode decides the encoding from the first bytes, and gives a reader that
// tells cells apart in any of them: UTF-16 becomes UTF-8 at once.
func decode(in io.Reader, option string) (*records, encoding, error) {
	rs := newRecords(in)
	head := rs.peek()
	if len(head) == 0 {
		err := rs.err
		if err == nil || errors.Is(err, io.EOF) {
			err = errors.New("the file is empty")
		}
		return nil, encoding{}, err
	}
	option = strings.ToLower(option)
	wide := func(name string, order unicode.Endianness) (*records, encoding, error) {
		d := unicode.UTF16(order, unicode.UseBOM).NewDecoder()
		wrapped := newRecords(d.Reader(io.MultiReader(bytes.NewReader(rs.buf[rs.at:rs.end]), &rest{rs})))
		wrapped.peek()
		return wrapped, encoding{name: name}, nil
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return wide("UTF-16 with a byte order mark", unicode.LittleEndian)
	case option == "utf-16" && zeros(head, 0):
		return wide("UTF-16, high byte first", unicode.BigEndian)
	case option == "utf-16":
		return wide("UTF-16, low byte first", unicode.LittleEndian)
	case zeros(head, 1):
		return wide("UTF-16, low byte first", unicode.LittleEndian)
	case zeros(head, 0):
		return wide("UTF-16, high byte first", unicode.BigEndian)
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.begin)) {
			return nil, encoding{}, errors.New("this is not a table but " + m.is)
		}
	}
	e := encoding{name: "UTF-8"}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		rs.at += 3
		e.name = "UTF-8 with a byte order mark"
		return rs, e, nil
	}
	if cm := charmaps[option]; cm != nil {
		return rs, encoding{name: option, charmap: cm}, nil
	}
	switch {
	case option == "utf-8":
	case ascii(head):
		e = encoding{name: "ASCII", open: true}
	case !validPrefix(head):
		e = encoding{name: "Windows-1252", charmap: charmap.Windows1252}
	}
	first := bytes.TrimLeft(head[:min(len(head), 4096)], " \t\r\n")
	switch {
	case bytes.HasPrefix(first, []byte("{")), bytes.HasPrefix(first, []byte("[{")), bytes.HasPrefix(first, []byte("[\n")):
		return nil, encoding{}, errors.New("this is not a table but looks like JSON: read it as JSON (docs/formats/figures.md)")
	case bytes.HasPrefix(first, []byte("<")):
		return nil, encoding{}, errors.New("this is not a table but looks like HTML or XML: ask for CSV, or save the table as CSV")
	case bytes.Count(head[:min(len(head), 4096)], []byte{0}) > 8:
		return nil, encoding{}, errors.New("this is not a table but a file of bytes: ask for CSV")
	}
	return rs, e, nil
}

// rest reads on where a records left its source.
type rest struct{ rs *records }

func (r *rest) Read(p []byte) (int, error) {
	if r.rs.err != nil {
		return 0, r.rs.err
	}
	return r.rs.src.Read(p)
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// validPrefix says whether b is UTF-8 that may be cut in its last character.
func validPrefix(b []byte) bool {
	for range utf8.UTFMax {
		if utf8.Valid(b) {
			return true
		}
		if len(b) < maxPrefix-utf8.UTFMax {
			return false
		}
		b = b[:len(b)-1]
	}
	return false
}

// zeros says whether in b nearly every other byte, from the given one on, is
// zero and the others are not: text as UTF-16.
func zeros(b []byte, from int) bool {
	b = b[:min(len(b), 4096)]
	var zero [2]int
	for i, c := range b {
		if c == 0 {
			zero[i%2]++
		}
	}
	return len(b) >= 8 && zero[from]*10 > len(b)/2*7 && zero[1-from]*50 < len(b)
}
