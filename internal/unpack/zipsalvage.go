package unpack

import (
	"bufio"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// salvage reads a zip without a directory: the entries follow one another from
// the beginning, each behind a header of its own. It ends where that breaks
// off, and always tells so.
func (z *zipReader) salvage() error {
	src := &counter{r: io.NewSectionReader(z.at, 0, z.size)}
	br := z.w.pools.reader(src)
	defer z.w.pools.putReader(br)
	pos := func() int64 { return src.n - int64(br.Buffered()) }
	n, last := 0, "its beginning"
	stop := func(why string) error {
		return &broken{z.a, fmt.Errorf("the directory at its end is missing: %s at byte %d, in or after %s; %d entries before that were read", why, pos(), last, n)}
	}
	for {
		var h zipHeader
		err := h.readLocal(br)
		switch {
		case errors.Is(err, errSignature), err == io.EOF:
			return stop("the entries end")
		case err != nil:
			return stop("it breaks off")
		case n >= z.w.o.MaxFiles:
			return &broken{z.a, errMany}
		}
		last = brief(h.name)
		if h.flags&flagDescriptor != 0 && (h.method != methodDeflate || h.flags&flagEncrypted != 0) {
			return stop("an entry has no length")
		}
		in, ok, err := z.named(&h)
		if err != nil {
			return err
		}
		part := &localReader{z: z, br: br, h: &h, left: int64(min(h.packed, 1<<62)), sum: crc32.NewIEEE()}
		err = part.take(in, ok, pos)
		if b := (*broken)(nil); errors.As(err, &b) && b.of == z.a && b.err == errCut {
			return stop("it breaks off")
		}
		if err != nil {
			return err
		}
		n++
	}
}

// errCut says that the archive ends, or makes no sense, within an entry.
var errCut = errors.New("it breaks off within an entry")

// A localReader reads the data of one entry in a stream. It has the length in
// front, or behind it in a descriptor.
type localReader struct {
	z    *zipReader
	br   *bufio.Reader
	h    *zipHeader
	left int64 // packed bytes, if the length is known

	unpacker io.Reader // if it is not
	sum      hash.Hash32
	end      error
}

func (l *localReader) known() bool { return l.h.flags&flagDescriptor == 0 }
func (l *localReader) cut() error  { return &broken{l.z.a, errCut} }

// take reads the entry, if it is wanted, and goes to its end.
func (l *localReader) take(in entry, wanted bool, pos func() int64) error {
	pools := &l.z.w.pools
	var data io.Reader
	if l.known() {
		data = packedPart{l}
		if wanted && l.h.method == methodDeflate {
			buffered := pools.reader(data)
			defer pools.putReader(buffered)
			z := pools.flate(buffered)
			defer pools.putFlate(z)
			data = z
		}
		data = &checked{r: data, left: l.h.unpacked, sum: l.sum, want: l.h.crc}
	} else { // flate takes no byte more than it needs of a reader by bytes
		z := pools.flate(l.br)
		defer pools.putFlate(z)
		l.unpacker, in.size = z, -1
		data = describedPart{l}
	}
	start := pos()
	in.r = &growth{r: data, packed: func() int64 { return pos() - start }, o: &l.z.w.o, budget: l.z.e.budget}
	if wanted {
		if err := l.z.w.take(in, l.z.g); err != nil {
			return err
		}
	}
	var err error
	if l.known() {
		_, err = io.Copy(io.Discard, packedPart{l})
	} else if _, err = io.Copy(io.Discard, in.r); err == errChecksum {
		err = nil // it was told, or nobody wanted the entry
	}
	return breaking(err, l.z.a)
}

// packedPart is the packed data of known length.
type packedPart struct{ *localReader }

func (l packedPart) Read(p []byte) (int, error) {
	if l.left == 0 {
		return 0, io.EOF
	}
	n, err := l.br.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	if err == io.EOF {
		err = l.cut()
	}
	return n, err
}

// describedPart is the unpacked data of unknown length. Its end is followed by
// the descriptor (4.3.9), which gives the checksum.
type describedPart struct{ *localReader }

func (l describedPart) Read(p []byte) (int, error) {
	if l.end != nil {
		return 0, l.end
	}
	n, err := l.unpacker.Read(p)
	l.sum.Write(p[:n])
	switch {
	case err == io.EOF:
		l.end = l.descriptor()
	case err != nil:
		l.end = l.cut()
	}
	return n, l.end
}

// descriptor passes over checksum and lengths: 12 bytes, or 20 in a large
// archive, behind a signature that may be missing. It answers io.EOF or what
// is wrong.
func (l *localReader) descriptor() error {
	b, _ := l.br.Peek(28)
	for _, n := range []int{16, 24, 12, 20} {
		if len(b) < n+4 {
			continue
		}
		if sig := le.Uint32(b[n:]); sig != sigLocal && sig != sigHeader {
			continue
		}
		want := le.Uint32(b)
		if n%8 == 0 {
			want = le.Uint32(b[4:])
		}
		l.br.Discard(n)
		if l.sum.Sum32() != want {
			return errChecksum
		}
		return io.EOF
	}
	if len(b) >= 16 && le.Uint32(b) == sigDescriptor && le.Uint32(b[4:]) == l.sum.Sum32() {
		l.br.Discard(16) // the last entry before the break
		return io.EOF
	}
	return l.cut()
}
