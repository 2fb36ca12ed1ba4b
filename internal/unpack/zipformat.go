package unpack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"time"
)

// The records of a zip archive, as in PKWARE's APPNOTE 6.3.10; the section
// numbers are those of that document. They are read here one by one, and not
// with archive/zip, which keeps some 300 bytes of each entry in memory and
// cannot read an archive that was cut off.

const (
	sigLocal      = 0x04034b50 // 4.3.7
	sigDescriptor = 0x08074b50 // 4.3.9
	sigHeader     = 0x02014b50 // 4.3.12
	sigEnd64      = 0x06064b50 // 4.3.14
	sigLocator64  = 0x07064b50 // 4.3.15
	sigEnd        = 0x06054b50 // 4.3.16

	localSize     = 30
	headerSize    = 46
	locator64Size = 20
	end64Size     = 56
	endSize       = 22

	flagEncrypted  = 1 << 0 // 4.4.4
	flagDescriptor = 1 << 3
	methodStore    = 0 // 4.4.5
	methodDeflate  = 8
)

var (
	le             = binary.LittleEndian
	errNoDirectory = errors.New("the directory at its end is missing")
	errSignature   = errors.New("there is no entry where one should begin")
)

// A directory says where the headers of all entries are.
type directory struct {
	base         int64 // bytes before the archive, of a program that unpacks itself
	offset, size int64
	entries      int64
}

// findDirectory reads the end of the archive.
func findDirectory(r io.ReaderAt, size int64) (d directory, err error) {
	tail := make([]byte, min(size, endSize+1<<16+locator64Size))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return d, err
	}
	at := -1
	for i := len(tail) - endSize; i >= 0; i-- {
		if le.Uint32(tail[i:]) == sigEnd && i+endSize+int(le.Uint16(tail[i+20:])) <= len(tail) {
			at = i
			break
		}
	}
	if at < 0 {
		return d, errNoDirectory
	}
	end := tail[at:]
	last := size - int64(len(tail)) + int64(at) // where the directory ends
	entries, dirSize, offset := uint64(le.Uint16(end[10:])), uint64(le.Uint32(end[12:])), uint64(le.Uint32(end[16:]))
	if (entries == 0xffff || dirSize == 0xffffffff || offset == 0xffffffff) && at >= locator64Size {
		if loc := tail[at-locator64Size:]; le.Uint32(loc) == sigLocator64 {
			var end64 [end64Size]byte
			where := le.Uint64(loc[8:])
			if where > uint64(last) {
				return d, errNoDirectory
			}
			if _, err := r.ReadAt(end64[:], int64(where)); err != nil || le.Uint32(end64[:]) != sigEnd64 {
				return d, errNoDirectory
			}
			entries, dirSize, offset = le.Uint64(end64[32:]), le.Uint64(end64[40:]), le.Uint64(end64[48:])
			last = int64(where)
		}
	}
	if dirSize > uint64(last) || offset > uint64(last) || entries > uint64(size)/headerSize+1 {
		return d, errNoDirectory
	}
	d = directory{offset: int64(offset), size: int64(dirSize), entries: int64(entries)}
	if d.base = last - d.size - d.offset; d.base < 0 {
		return d, errNoDirectory
	}
	if d.base > 0 && isHeader(r, d.offset) { // a gap before the end, not a beginning
		d.base = 0
	}
	d.offset += d.base
	return d, nil
}

func isHeader(r io.ReaderAt, at int64) bool {
	var sig [4]byte
	_, err := r.ReadAt(sig[:], at)
	return err == nil && le.Uint32(sig[:]) == sigHeader
}

// A zipHeader is what the directory says of one entry (4.3.12), or the entry's
// own header (4.3.7).
type zipHeader struct {
	made, flags, method uint16
	crc                 uint32
	packed, unpacked    uint64
	attributes          uint32
	offset              uint64
	modified            time.Time
	name                string
}

// read takes the next header of a directory. io.EOF is its end.
func (h *zipHeader) read(r io.Reader) error {
	var b [headerSize]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return err
	}
	if le.Uint32(b[:]) != sigHeader {
		return errSignature
	}
	nameLen, extraLen, commentLen := int(le.Uint16(b[28:])), int(le.Uint16(b[30:])), int(le.Uint16(b[32:]))
	rest := make([]byte, nameLen+extraLen+commentLen)
	if _, err := io.ReadFull(r, rest); err != nil {
		return noEOF(err)
	}
	*h = zipHeader{
		made: le.Uint16(b[4:]), flags: le.Uint16(b[8:]), method: le.Uint16(b[10:]), crc: le.Uint32(b[16:]),
		packed: uint64(le.Uint32(b[20:])), unpacked: uint64(le.Uint32(b[24:])),
		attributes: le.Uint32(b[38:]), offset: uint64(le.Uint32(b[42:])),
		modified: dosTime(le.Uint16(b[14:]), le.Uint16(b[12:])), name: string(rest[:nameLen]),
	}
	h.extra(rest[nameLen:][:extraLen])
	return nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// extra reads the fields that follow the name: 64-bit sizes (4.5.3) and the
// time in UTC.
func (h *zipHeader) extra(b []byte) {
	for len(b) >= 4 {
		id, n := le.Uint16(b), int(le.Uint16(b[2:]))
		if b = b[4:]; n > len(b) {
			return
		}
		field := b[:n]
		b = b[n:]
		switch id {
		case 0x0001:
			for _, v := range []*uint64{&h.unpacked, &h.packed, &h.offset} {
				if *v == 0xffffffff && len(field) >= 8 {
					*v = le.Uint64(field)
					field = field[8:]
				}
			}
		case 0x5455: // extended timestamp, Info-ZIP
			if len(field) >= 5 && field[0]&1 != 0 {
				h.modified = time.Unix(int64(int32(le.Uint32(field[1:]))), 0).UTC()
			}
		}
	}
}

// fileMode is the type of the entry where it was made on a system that tells
// (4.4.2): Unix or macOS, in the upper half of the attributes.
func (h *zipHeader) fileMode() fs.FileMode {
	if system := h.made >> 8; system != 3 && system != 19 {
		return 0
	}
	switch h.attributes >> 16 & 0xf000 {
	case 0x4000:
		return fs.ModeDir
	case 0xa000:
		return fs.ModeSymlink
	case 0x1000, 0x2000, 0x6000, 0xc000:
		return fs.ModeIrregular
	}
	return 0
}

// dosTime is a time as DOS has it, taken for UTC since its zone is not told;
// the zero time where it is none.
func dosTime(date, clock uint16) time.Time {
	y, m, d := int(date>>9)+1980, time.Month(date>>5&15), int(date&31)
	if m == 0 || d == 0 {
		return time.Time{}
	}
	return time.Date(y, m, d, int(clock>>11), int(clock>>5&63), int(clock&31)*2, 0, time.UTC)
}

// A localHeader is the part of an entry's own header that says where its data
// begins.
type localHeader struct{ nameLen, extraLen int }

func (l *localHeader) parse(b []byte) error {
	if len(b) < localSize || le.Uint32(b) != sigLocal {
		return errSignature
	}
	l.nameLen, l.extraLen = int(le.Uint16(b[26:])), int(le.Uint16(b[28:]))
	return nil
}

// readLocal takes the next header of an entry from a stream. errSignature
// means that something else comes there.
func (h *zipHeader) readLocal(r io.Reader) error {
	var b [localSize]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return err
	}
	var l localHeader
	if err := l.parse(b[:]); err != nil {
		return err
	}
	rest := make([]byte, l.nameLen+l.extraLen)
	if _, err := io.ReadFull(r, rest); err != nil {
		return noEOF(err)
	}
	*h = zipHeader{
		flags: le.Uint16(b[6:]), method: le.Uint16(b[8:]), crc: le.Uint32(b[14:]),
		packed: uint64(le.Uint32(b[18:])), unpacked: uint64(le.Uint32(b[22:])),
		modified: dosTime(le.Uint16(b[12:]), le.Uint16(b[10:])), name: string(bytes.Clone(rest[:l.nameLen])),
	}
	h.extra(rest[l.nameLen:])
	return nil
}
