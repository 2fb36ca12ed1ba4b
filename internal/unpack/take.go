package unpack

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// headSize is how much of a file is looked at to say what it is.
const headSize = 16 << 10

// take reads one entry and adds what it is to the gather. The error is that of
// emit or ctx, errLater, or a *broken that ends an archive around the entry.
func (w *walker) take(e entry, g *gather) error {
	src := &counter{r: e.r}
	br := w.pools.reader(src)
	defer w.pools.putReader(br)
	head, err := br.Peek(headSize)
	if len(head) == 0 {
		if err != io.EOF {
			return w.fail(e, g, err, nil)
		}
		e.size = 0
		return w.problem(g, e, Empty, "the file is empty", nil)
	}
	if kind := w.o.Sniff(head); kind != "" && !isWritten(head) {
		return w.media(e, br, kind, g)
	}
	switch class := w.o.Classify(head, e.name); class {
	case XML, Text:
		return w.whole(e, br, class, g)
	case JSON, NDJSON, JSONArray, CSV:
		return w.records(e, br, class, g)
	case Gzip:
		return w.gzip(e, br, src, g)
	case Zip, Tar:
		if e.later {
			return errLater
		}
		if class == Tar {
			return w.tar(e, br, g)
		}
		return w.zip(e, br, head, g)
	case Blank:
		return w.problem(g, e, Empty, "the file holds nothing but blanks", nil)
	default:
		return w.binary(e, br, head, g)
	}
}

// isWritten says whether a file was certainly written by a person or a program
// that writes text, whatever its first letters are the sign of: "The wide
// road" has the mark of a QuickTime film at its fifth byte. Every film or
// picture has other bytes than those of text near its beginning.
func isWritten(head []byte) bool {
	for _, c := range head[:min(len(head), 16)] {
		if c >= 0x80 {
			return false
		}
	}
	return isText(head) && !bytes.HasPrefix(head, []byte("GIF8"))
}

// whole reads a document that is one.
func (w *walker) whole(e entry, r *bufio.Reader, class Class, g *gather) error {
	data, err := w.readDoc(e, r)
	if errors.Is(err, errLarge) {
		reason := fmt.Sprintf("a document of more than %s is not read; split it", size(w.o.MaxDoc))
		return w.problem(g, e, TooLarge, reason, nil)
	}
	if err != nil {
		return w.fail(e, g, err, data)
	}
	if !isText(data) {
		return w.problem(g, e, Unknown, "it begins as text and goes on as something else", data)
	}
	if e.size < 0 {
		e.size = int64(len(data))
	}
	return w.doc(e, g, class, data)
}

// doc adds a document of its own.
func (w *walker) doc(e entry, g *gather, class Class, data []byte) error {
	return g.add(e.dir, &item{name: e.name, doc: &Doc{Path: e.path, Size: e.size, Modified: e.modified, Data: data, Class: class}})
}

// errLarge says that a document is over MaxDoc.
var errLarge = errors.New("over the limit of a document")

// readDoc reads all of r, if that is no more than MaxDoc.
func (w *walker) readDoc(e entry, r *bufio.Reader) ([]byte, error) {
	if e.size > w.o.MaxDoc {
		return nil, errLarge
	}
	return readUpTo(r, e.size, w.o.MaxDoc)
}

// readUpTo reads r to its end; size is what it should have, -1 where that is
// not known. With more than limit bytes the error is errLarge and the data is
// nil; any other error comes with the data so far. Memory follows what is
// read, not what was claimed.
func readUpTo(r *bufio.Reader, size, limit int64) ([]byte, error) {
	if size < 0 {
		size = int64(r.Buffered())
	}
	data := make([]byte, 0, min(size, limit, 1<<20))
	for {
		if len(data) == cap(data) {
			if _, err := r.Peek(1); err == io.EOF {
				return data, nil
			} else if err != nil {
				return data, err
			}
			if int64(len(data)) >= limit {
				return nil, errLarge
			}
			data = append(data, 0)[:len(data)]
		}
		n, err := r.Read(data[len(data):min(int64(cap(data)), limit)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return data, err
		}
	}
}

// media fingerprints a stream and forgets it.
func (w *walker) media(e entry, r io.Reader, kind string, g *gather) error {
	in := &watched{r: r}
	prints, err := w.o.Fingerprint(w.ctx, in)
	if _, e := io.Copy(io.Discard, in); err == nil {
		err = e
	}
	switch {
	case in.err != nil:
		return w.fail(e, g, in.err, nil)
	case w.ctx.Err() != nil:
		return w.ctx.Err()
	case err != nil:
		return w.problem(g, e, Damaged, "media that could not be fingerprinted: "+shown(err.Error()), nil)
	}
	m := &Media{Path: e.path, Size: in.n, Modified: e.modified, Kind: kind, Fingerprints: prints}
	return g.add(e.dir, &item{name: e.name, media: m})
}

// watched remembers what went wrong below a reader that may hide it.
type watched struct {
	r   io.Reader
	n   int64
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.r.Read(p)
	w.n += int64(n)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// binary tells of a file that nobody here can read. Its bytes only go through
// a checksum, and only if they are no more than those of a document.
func (w *walker) binary(e entry, r io.Reader, head []byte, g *gather) error {
	p := &Problem{Path: e.path, Size: e.size, Kind: Unknown, Reason: binaryReason(head, e.name)}
	if e.size <= w.o.MaxDoc {
		h := sha256.New()
		n, err := io.Copy(h, io.LimitReader(r, w.o.MaxDoc+1))
		if err != nil {
			return w.fail(e, g, err, nil)
		}
		if n <= w.o.MaxDoc {
			p.Size, p.Digest = n, hex.EncodeToString(h.Sum(nil))
		}
	}
	return g.add(e.dir, &item{name: e.name, problem: p})
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// fail tells why an entry could not be read to its end, with what was read of
// it. An error that ends more than the entry goes to those who can tell it.
func (w *walker) fail(e entry, g *gather, err error, data []byte) error {
	if ctxErr := w.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	var b *broken
	if errors.As(err, &b) || errors.Is(err, errLater) {
		return err
	}
	kind, reason := failure(err, w.o)
	if kind == Bomb {
		data = nil
	}
	return w.problem(g, e, kind, reason, data)
}

// failure says what a reading error means to the officer.
func failure(err error, o Options) (Kind, string) {
	var pe *fs.PathError
	switch {
	case errors.Is(err, errSpent):
		return Bomb, fmt.Sprintf("it unpacks to more than %s, or to more than %d times its size; the rest was not read", size(o.MaxTotal), o.MaxRatio)
	case errors.Is(err, errBomb):
		return Bomb, fmt.Sprintf("it unpacks to more than %d times its size; the rest was not read", o.MaxRatio)
	case errors.Is(err, errMany):
		return TooLarge, fmt.Sprintf("it has more than %d entries; the rest was not read", o.MaxFiles)
	case errors.As(err, &pe):
		return Unreadable, reasonOf(err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Damaged, "it breaks off before its end"
	}
	return Damaged, "it is damaged: " + shown(strings.TrimPrefix(err.Error(), "unpack: "))
}

// size is a number of bytes as a person reads it.
func size(n int64) string {
	const units = "KMGT"
	for i := len(units) - 1; i >= 0; i-- {
		if unit := int64(1) << (10 * (i + 1)); n >= unit && n%unit == 0 {
			return fmt.Sprintf("%d %ciB", n/unit, units[i])
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
