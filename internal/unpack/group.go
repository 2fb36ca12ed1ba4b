package unpack

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"lapwing/internal/hashing"
)

// A Group is some of the files of one directory that may belong together.
// Who receives it owns it; only Doc.Header is shared with other groups.
type Group struct {
	Dir      string // "inbox", "inbox/a.zip!/dir"; "-" for standard input
	Docs     []Doc
	Media    []Media
	Problems []Problem
	// Whole: these are all the files of the directory, as far as it was asked
	// for. An archive that scatters a directory may say so of a part of it.
	Whole bool
}

// A Doc is one document, or one record of a document that holds many.
type Doc struct {
	Path     string    // "inbox/a.zip!/dir/report.xml", "inbox/reports.csv#17"; the same in every run
	Size     int64     // bytes of the file, unpacked; of the record where Record is set
	Modified time.Time // of the file, as its folder or archive has it; may be zero
	Data     []byte    // the whole document or record, without a line end
	Class    Class     // XML, JSON, CSV (one row) or Text
	Record   int64     // row, line or element in its file; 0 for a document of its own
	Header   []byte    // of CSV: the first row, raw. Shared by all rows; not to be changed
	Comma    rune      // of CSV: what separates the fields
	Ordinal  int64     // place in the walk, from 1; the same in every run over the same inputs
}

// Media is a picture, video or sound that lies beside the reports. Its bytes
// went through the fingerprints and are gone.
type Media struct {
	Path         string
	Size         int64
	Modified     time.Time
	Kind         string // what Options.Sniff called it
	Fingerprints hashing.Fingerprints
}

// A Problem is something that could not be read.
type Problem struct {
	Path   string
	Size   int64 // bytes as told by the folder or archive, or as read; -1 unknown
	Kind   Kind
	Reason string // a sentence for the officer
	Digest string // SHA-256 of Data, or of the whole file where that was cheap; lower-case hexadecimal, or ""
	Data   []byte // what was read, only when it is text and no larger than a document may be
}

// A Kind sorts problems, for counts and for tests. Its value is stable.
type Kind string

const (
	Empty      Kind = "empty"      // there is nothing in it
	TooLarge   Kind = "too large"  // over a limit of bytes, entries or name length
	Damaged    Kind = "damaged"    // broken off, wrong checksum, not what it claims
	Encrypted  Kind = "encrypted"  // needs a password
	TooDeep    Kind = "too deep"   // archives within archives
	Bomb       Kind = "bomb"       // unpacks to far more than a real file would
	Unreadable Kind = "unreadable" // the machine refused: permission, vanished, disk error
	Special    Kind = "special"    // link, device, pipe, socket
	BadPath    Kind = "bad path"   // a name that leaves its archive
	Unknown    Kind = "unknown"    // binary, or a packing that is not supported
)

// Key names an item for the ledger: the first 16 bytes of the SHA-256 of
// path, size, time of modification and content. The same item has the same
// key in every run; a file that was changed in between has another.
//
// The content is part of it because a stream and many archives have no times.
func Key(d Doc) [16]byte {
	h := sha256.New()
	var n [8]byte
	number := func(v int64) {
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	part := func(b []byte) {
		number(int64(len(b)))
		h.Write(b)
	}
	part([]byte(d.Path))
	number(d.Size)
	if d.Modified.IsZero() {
		number(0)
	} else {
		number(d.Modified.UnixMicro())
	}
	part(d.Header)
	part(d.Data)
	return [16]byte(h.Sum(nil))
}
