package unpack

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
)

// zip reads a zip archive: in place where it lies on the disk, in memory
// where it comes out of a stream.
func (w *walker) zip(e entry, r *bufio.Reader, head []byte, g *gather) error {
	if e.depth >= w.o.MaxDepth {
		return w.tooDeep(e, g)
	}
	if reason := officeReason(head); reason != "" {
		return w.problem(g, e, Unknown, reason, nil)
	}
	at, n := e.at, e.size
	if at == nil {
		limit := w.o.MaxNested - e.held
		reason := fmt.Sprintf("a zip inside an archive is read up to %s; unpack the outer one first", size(w.o.MaxNested))
		if e.depth == 0 {
			reason = fmt.Sprintf("a zip of more than %s cannot be read from a pipe; give its path", size(w.o.MaxNested))
		}
		if e.size > limit {
			return w.problem(g, e, TooLarge, reason, nil)
		}
		data, err := readUpTo(r, e.size, limit)
		if errors.Is(err, errLarge) {
			return w.problem(g, e, TooLarge, reason, nil)
		}
		var b *broken
		if err != nil && (errors.As(err, &b) || w.ctx.Err() != nil) {
			return w.fail(e, g, err, nil)
		}
		// Any other error means that the rest is missing: read what there is.
		at, n = bytes.NewReader(data), int64(len(data))
		e.held += int64(cap(data))
	}
	e.depth++
	z := &zipReader{w: w, e: e, a: e.open(), g: newGather(w, lookahead), at: at, size: n}
	dir, err := findDirectory(at, n)
	if err == nil {
		err = z.entries(dir)
	}
	if errors.Is(err, errNoDirectory) {
		err = z.salvage()
	}
	return w.closeArchive(z.a, e, err, "", z.g, g)
}

// officeReason recognises the zips that are documents of other programs, by
// the name of their first entry.
func officeReason(head []byte) string {
	var l localHeader
	if l.parse(head) != nil || len(head) < localSize+l.nameLen {
		return ""
	}
	switch string(head[localSize:][:l.nameLen]) {
	case "[Content_Types].xml", "_rels/.rels", "mimetype":
		return "an Office document (such as xlsx or docx): save it as CSV, text or XML"
	}
	return ""
}

// A zipReader is one zip archive that is being read.
type zipReader struct {
	w    *walker
	e    entry
	a    *archive
	g    *gather
	at   io.ReaderAt
	size int64
}

// entries reads the entries in the order of the directory.
func (z *zipReader) entries(d directory) error {
	br := bufio.NewReader(io.NewSectionReader(z.at, d.offset, d.size))
	n := int64(0)
	for ; ; n++ {
		var h zipHeader
		err := h.read(br)
		if err == io.EOF {
			break
		}
		if err != nil {
			if n == 0 {
				return errNoDirectory
			}
			return breaking(fmt.Errorf("its directory is damaged after %d of %d entries; those before were read: %w", n, d.entries, err), z.a)
		}
		if n >= int64(z.w.o.MaxFiles) {
			return &broken{z.a, errMany}
		}
		if err := z.entry(&h, d.base); err != nil {
			return err
		}
	}
	if uint16(n) != uint16(d.entries) { // more than 65,535 are counted modulo 65,536 by old programs
		return &broken{z.a, fmt.Errorf("its directory has %d entries and should have %d", n, d.entries)}
	}
	return nil
}

// named is the entry of that header, and whether there is anything to read of
// it; if not, what there is to tell was told.
func (z *zipReader) named(h *zipHeader) (in entry, ok bool, err error) {
	told := func(in entry, kind Kind, reason string) (entry, bool, error) {
		return in, false, z.w.problem(z.g, in, kind, reason, nil)
	}
	unpacked := int64(min(h.unpacked, 1<<62))
	mode := h.fileMode()
	if strings.HasSuffix(h.name, "/") || strings.HasSuffix(h.name, `\`) || mode.IsDir() {
		if h.unpacked == 0 {
			return in, false, nil
		}
		return told(z.w.stray(z.a, z.e, h.name, unpacked), BadPath, "the name is that of a folder, but the entry has content")
	}
	dir, name, kind, reason := member(h.name)
	if reason != "" {
		return told(z.w.stray(z.a, z.e, h.name, unpacked), kind, reason)
	}
	in = z.w.inner(z.a, z.e, dir, name)
	in.size, in.modified = unpacked, timeOf(h.modified)
	switch {
	case mode&fs.ModeType != 0:
		return told(in, Special, "a link or a device: it is not followed or read")
	case h.flags&flagEncrypted != 0:
		return told(in, Encrypted, "it is encrypted: unpack the archive with its password first")
	case h.method != methodStore && h.method != methodDeflate:
		return told(in, Unknown, fmt.Sprintf("it is packed by method %d; only store and deflate are read", h.method))
	}
	return in, true, nil
}

// entry reads one entry by its header in the directory.
func (z *zipReader) entry(h *zipHeader, base int64) error {
	in, ok, err := z.named(h)
	if err != nil || !ok {
		return err
	}
	var local [localSize]byte
	var l localHeader
	at := base + int64(h.offset)
	if h.offset > uint64(z.size) || h.packed > uint64(z.size) {
		err = errOutside
	} else if _, err = z.at.ReadAt(local[:], at); err == nil {
		err = l.parse(local[:])
	}
	data := at + localSize + int64(l.nameLen) + int64(l.extraLen)
	if err == nil && data+int64(h.packed) > z.size {
		err = errOutside
	}
	if err != nil {
		if err == io.EOF {
			err = errOutside
		}
		return z.w.fail(in, z.g, err, nil)
	}
	packed := &counter{r: io.NewSectionReader(z.at, data, int64(h.packed))}
	var raw io.Reader = packed
	if h.method == methodDeflate {
		buffered := z.w.pools.reader(packed)
		defer z.w.pools.putReader(buffered)
		unpacker := z.w.pools.flate(buffered)
		defer z.w.pools.putFlate(unpacker)
		raw = unpacker
	}
	in.r = &growth{
		r:      &checked{r: raw, left: h.unpacked, sum: crc32.NewIEEE(), want: h.crc},
		packed: func() int64 { return packed.n }, o: &z.w.o, budget: z.e.budget,
	}
	return z.w.take(in, z.g)
}

var (
	errOutside  = errors.New("its place lies outside the archive")
	errChecksum = errors.New("its checksum does not fit")
	errLength   = errors.New("it has another length than the archive says")
)

// checked compares what is read with the length and checksum that the archive
// gives.
type checked struct {
	r    io.Reader
	left uint64
	sum  hash.Hash32
	want uint32
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if uint64(n) > c.left {
		return 0, errLength
	}
	c.left -= uint64(n)
	c.sum.Write(p[:n])
	if err == io.EOF {
		switch {
		case c.left > 0:
			return n, errLength
		case c.sum.Sum32() != c.want:
			return n, errChecksum
		}
	}
	return n, err
}
