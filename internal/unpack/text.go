package unpack

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// control marks the bytes that no text has, in any encoding based on ASCII.
var control = func() (t [256]bool) {
	for c := range 0x20 {
		t[c] = true
	}
	for _, c := range []byte("\t\n\v\f\r\x1b\x1e") { // the last begins the values of a JSON text sequence
		t[c] = false
	}
	return t
}()

// isText says whether the bytes may be text: nothing in them that only binary
// files have. UTF-16 is recognised by its byte-order mark.
func isText(b []byte) bool {
	if big, ok := isUTF16(b); ok {
		order := byteOrder(big)
		for b = b[2:]; len(b) >= 2; b = b[2:] {
			if u := order.Uint16(b); u < 0x80 && control[u] || u == 0xffff {
				return false
			}
		}
		return true
	}
	if bytes.HasPrefix(b, []byte("<\x00?\x00")) || bytes.HasPrefix(b, []byte("\x00<\x00?")) {
		order := byteOrder(b[0] == 0)
		for ; len(b) >= 2; b = b[2:] {
			if u := order.Uint16(b); u < 0x80 && control[u] || u == 0xffff {
				return false
			}
		}
		return true
	}
	for _, c := range b {
		if control[c] {
			return false
		}
	}
	return true
}

// encodedRun is how many characters of base64 or hexadecimal are taken for a
// file that was put into a text. They come in lines of encodedLine at least,
// with encodedGap other characters between two lines at most.
const (
	encodedRun  = 4096
	encodedLine = 40
	encodedGap  = 20
)

// HoldsEncoded says whether a text carries a long run of base64 or
// hexadecimal, 3 KiB of bytes or more, over any number of lines. It may be a
// picture, so a text of which this is true must not be kept.
func HoldsEncoded(b []byte) bool {
	run, line, gap := 0, 0, 0
	for _, c := range b {
		switch {
		case c == 0: // UTF-16
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', c == '+', c == '/', c == '-', c == '_', c == '=':
			line++
			switch {
			case line < encodedLine:
			case line > encodedLine:
				run++
			case gap > encodedGap:
				run = line
			default:
				run += line
			}
			if run >= encodedRun {
				return true
			}
		case line >= encodedLine:
			line, gap = 0, 1
		default:
			line, gap = 0, gap+line+1
		}
	}
	return false
}

func isUTF16(b []byte) (big, ok bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return true, true
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return false, true
	}
	return false, false
}

func byteOrder(big bool) binary.ByteOrder {
	if big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

func decode16(b []byte, big bool) []byte {
	out, _ := io.ReadAll(&reader16{r: bytes.NewReader(b), order: byteOrder(big)})
	return out
}

// plain is r as UTF-8 without a byte-order mark, if it is UTF-16 or UTF-8 with
// one; anything else as it is. done gives the reader back.
func (p *pools) plain(r *bufio.Reader) (plain *bufio.Reader, done func()) {
	head, _ := r.Peek(3)
	if big, ok := isUTF16(head); ok {
		r.Discard(2)
		u := p.reader(&reader16{r: r, order: byteOrder(big)})
		return u, func() { p.putReader(u) }
	}
	if string(head) == "\xef\xbb\xbf" {
		r.Discard(3)
	}
	return r, func() {}
}

// reader16 turns UTF-16 into UTF-8. What is not UTF-16 becomes U+FFFD.
type reader16 struct {
	r     io.Reader
	order binary.ByteOrder
	in    [4096]byte
	n     int // bytes in in
	high  uint16
	out   []byte // not given yet
	store []byte
	err   error
}

func (u *reader16) Read(p []byte) (int, error) {
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

func (u *reader16) fill() {
	var n int
	n, u.err = u.r.Read(u.in[u.n:])
	u.n += n
	out := u.store[:0]
	whole := u.n &^ 1
	for i := 0; i < whole; i += 2 {
		c := u.order.Uint16(u.in[i:])
		if u.high != 0 {
			r := utf16.DecodeRune(rune(u.high), rune(c))
			u.high = 0
			out = utf8.AppendRune(out, r)
			if r != utf8.RuneError {
				continue
			}
		}
		if utf16.IsSurrogate(rune(c)) {
			if c < 0xdc00 {
				u.high = c
				continue
			}
			c = utf8.RuneError
		}
		out = utf8.AppendRune(out, rune(c))
	}
	u.n = copy(u.in[:], u.in[whole:u.n])
	if u.err == io.EOF && (u.n > 0 || u.high != 0) {
		u.n, u.high = 0, 0
		out = utf8.AppendRune(out, utf8.RuneError)
	}
	u.store, u.out = out, out
}
