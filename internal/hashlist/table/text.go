// Package table reads lines and rows of foreign text.
//
// [Text] turns what programs call a text file (UTF-8 with or without a mark,
// UTF-16, Windows-1252) into UTF-8, [Lines] cuts it into lines and [Rows] into
// rows of fields. All hold one line or row at a time and have a limit for it;
// what cannot be read is skipped with its line number, and reading goes on.
//
// It knows nothing of hash lists.
package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

const bufferSize = 64 << 10

// Text is r as UTF-8, without a byte order mark. UTF-16 is recognised by its
// mark or by its zero bytes. Bytes that are not UTF-8 stay: [Lines] takes
// them for Windows-1252.
func Text(r io.Reader) *bufio.Reader {
	in := bufio.NewReaderSize(r, bufferSize)
	head, _ := in.Peek(64) // an error comes again with the first read
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		in.Discard(3)
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		in.Discard(2)
		return bufio.NewReaderSize(&utf16Reader{r: in}, bufferSize)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		in.Discard(2)
		return bufio.NewReaderSize(&utf16Reader{r: in, bigEndian: true}, bufferSize)
	case zeros(head, 1):
		return bufio.NewReaderSize(&utf16Reader{r: in}, bufferSize)
	case zeros(head, 0):
		return bufio.NewReaderSize(&utf16Reader{r: in, bigEndian: true}, bufferSize)
	}
	return in
}

// zeros says whether in b every other byte, from the given one on, is zero
// and the others are not: ASCII as UTF-16.
func zeros(b []byte, from int) bool {
	for i, c := range b {
		if (c == 0) != (i%2 == from) {
			return false
		}
	}
	return len(b) >= 8
}

// utf16Reader gives UTF-8 for UTF-16. Half characters become U+FFFD.
type utf16Reader struct {
	r         *bufio.Reader
	bigEndian bool
	out       []byte // what did not fit into the last p
	high      rune   // first half of a character, 0 if none
	err       error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf16Reader) fill() {
	u.out = u.out[:0:cap(u.out)]
	var raw [4096]byte
	n, err := io.ReadFull(u.r, raw[:])
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	u.err = err
	for i := 0; i+1 < n; i += 2 {
		c := rune(raw[i]) | rune(raw[i+1])<<8
		if u.bigEndian {
			c = rune(raw[i])<<8 | rune(raw[i+1])
		}
		u.add(c)
	}
	if n%2 == 1 {
		u.add(utf8.RuneError)
	}
	if u.err != nil && u.high != 0 {
		u.high, u.out = 0, utf8.AppendRune(u.out, utf8.RuneError)
	}
}

func (u *utf16Reader) add(c rune) {
	if u.high != 0 {
		whole := utf16.DecodeRune(u.high, c)
		u.high = 0
		u.out = utf8.AppendRune(u.out, whole) // U+FFFD where the halves do not fit
		if whole != utf8.RuneError {
			return
		}
	}
	if c >= 0xd800 && c < 0xdc00 {
		u.high = c
		return
	}
	u.out = utf8.AppendRune(u.out, c) // U+FFFD for a second half alone
}

// windows1252 is what the bytes 0x80 to 0x9f mean; all others mean
// themselves. The five that mean nothing are U+FFFD.
var windows1252 = [32]rune{
	'€', utf8.RuneError, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', utf8.RuneError, 'Ž', utf8.RuneError,
	utf8.RuneError, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', utf8.RuneError, 'ž', 'Ÿ',
}

func appendWindows1252(dst, src []byte) []byte {
	for _, c := range src {
		switch {
		case c < 0x80:
			dst = append(dst, c)
		case c < 0xa0:
			dst = utf8.AppendRune(dst, windows1252[c-0x80])
		default:
			dst = utf8.AppendRune(dst, rune(c))
		}
	}
	return dst
}
