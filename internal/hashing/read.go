// Package hashing turns a stream of bytes into fingerprints and lets the bytes go: MD5, SHA-1 and SHA-256 of any file, and
// the PDQ hash of a picture. Nothing of the content is stored or logged.
//
// [Read] does it in one pass and returns [Fingerprints], within [Limits]; [Sniff] recognises media by its first bytes.
// Files may be hostile. Pictures are decoded in Go only, after their header has been checked against the limits, and a
// picture that can't be decoded still gets its digests, with the reason why there is no PDQ hash.
//
// Video gets digests here; its frames, matching, and what to do about a match are left to others.
package hashing

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"sync"
	"time"

	"lapwing/internal/fault"
	"lapwing/pdq"
)

// Fingerprints are what is kept of a file.
type Fingerprints struct {
	MD5, SHA1, SHA256 string    // lower-case hexadecimal
	Size              int64     // bytes
	MediaType         string    // as Sniff saw it, such as image/jpeg; empty when not known as media
	PDQ               *pdq.Hash // nil without a hash; PDQNote says why
	Quality           int       // of PDQ, 0 to 100; below pdq.MinQuality it should be neither stored nor looked up
	PDQNote           string    // such as "not an image"; for people, without anything of the content
}

// Limits bound what one file may cost. A field that is zero or less means its default.
type Limits struct {
	Bytes      int64         // largest file; reading stops with fault.Invalid beyond it. 512 MiB
	ImageBytes int64         // largest file that is held in memory and decoded as a picture. 64 MiB
	Pixels     int64         // largest picture, width × height as its header says. 100 million
	Memory     int64         // largest need of a decoder, estimated before it starts, in bytes. 1 GiB
	Time       time.Duration // longest time spent on decoding. 30 s
}

func (l Limits) orDefaults() Limits {
	set := func(v *int64, def int64) {
		if *v <= 0 {
			*v = def
		}
	}
	set(&l.Bytes, 512<<20)
	set(&l.ImageBytes, 64<<20)
	set(&l.Pixels, 100_000_000)
	set(&l.Memory, 1<<30)
	set((*int64)(&l.Time), int64(30*time.Second))
	return l
}

// Read reads r to its end and returns its fingerprints. Memory stays flat except for pictures, which take up to
// 2 × ImageBytes + Memory. It fails when r fails, ctx ends or the file is larger than l.Bytes; anything that is wrong with a picture
// is no error but a PDQNote. Read looks at ctx between reads and can't interrupt one.
func Read(ctx context.Context, r io.Reader, l Limits) (f Fingerprints, err error) {
	defer fault.Wrap(&err, "fingerprint a file")
	l = l.orDefaults()
	work := buffers.Get().(*buffer)
	defer work.release()
	digests := [3]hash.Hash{md5.New(), sha1.New(), sha256.New()}

	keep, idle := true, 0
	for {
		if err := ctx.Err(); err != nil {
			return Fingerprints{}, err
		}
		n, readErr := r.Read(work.chunk)
		part := work.chunk[:n]
		if f.Size += int64(n); f.Size > l.Bytes {
			return Fingerprints{}, fault.New(fault.Invalid, "the file is larger than the limit of %s; raise the limit or split the file", mebibytes(l.Bytes))
		}
		for _, d := range digests {
			d.Write(part)
		}
		if keep {
			work.kept = append(work.kept, part...)
			keep = mayDecode(work.kept, f.Size, l)
		}
		if readErr == io.EOF {
			break
		}
		if readErr != nil {
			return Fingerprints{}, fmt.Errorf("read: %w", readErr)
		}
		if idle++; n > 0 {
			idle = 0
		}
		if idle > 100 {
			return Fingerprints{}, fmt.Errorf("read: %w", io.ErrNoProgress)
		}
	}
	f.MD5, f.SHA1, f.SHA256 = digest(digests[0]), digest(digests[1]), digest(digests[2])
	f.MediaType = Sniff(work.kept)
	f.PDQ, f.Quality, f.PDQNote = perceptual(ctx, work.kept, f.MediaType, f.Size, l)
	if err := ctx.Err(); err != nil {
		return Fingerprints{}, err
	}
	return f, nil
}

// mayDecode reports whether the bytes so far can still become a picture that will be decoded.
func mayDecode(head []byte, size int64, l Limits) bool {
	if size < sniffBytes {
		return true
	}
	_, decodable := formats[Sniff(head)]
	return decodable && size <= l.ImageBytes
}

func digest(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

func mebibytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d MiB", n>>20)
}

// A buffer holds what is being read. Only modest ones are used again, and never with the content of a file in them.
type buffer struct {
	chunk []byte
	kept  []byte
}

const reusedBytes = 16 << 20

var buffers = sync.Pool{New: func() any { return &buffer{chunk: make([]byte, 64<<10)} }}

func (b *buffer) release() {
	clear(b.chunk)
	clear(b.kept)
	b.kept = b.kept[:0]
	if cap(b.kept) <= reusedBytes {
		buffers.Put(b)
	}
}
