package unpack

import (
	"errors"
	"fmt"
	"io"
)

// budget bounds what one file on the disk may unpack to, through all the
// archives within it.
type budget struct {
	raw *rawFile
	out int64    // bytes that were unpacked, on every level
	top *archive // the archive that the file is, if it is one
}

// packed is the size of the file, or what was read of a stream.
func (b *budget) packed() int64 {
	if b.raw.size >= 0 {
		return b.raw.size
	}
	return b.raw.read
}

// A growth is a reader of unpacked bytes that stops when they become far more
// than the packed bytes can stand for.
type growth struct {
	r      io.Reader
	packed func() int64 // bytes that were read of the packed form
	out    int64
	o      *Options
	budget *budget
}

// errBomb says that something unpacks to far more than a real file would.
var errBomb = errors.New("it unpacks to far more than a real file would")

// errSpent is errBomb for the whole of what lies in one file on the disk:
// nothing more of it is unpacked.
var errSpent = fmt.Errorf("%w: all that is in the file together", errBomb)

func (g *growth) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.out += int64(n)
	g.budget.out += int64(n)
	switch b := g.budget; {
	case g.out > ratioFree && g.out/g.o.MaxRatio > g.packed():
		return 0, errBomb
	case b.out > g.o.MaxTotal, b.out > totalFree && b.out/g.o.MaxRatio > b.packed():
		if b.top != nil {
			return 0, &broken{b.top, errSpent}
		}
		return 0, errSpent
	}
	return n, err
}

// counter counts what is read through it. An error of the reader stays: who
// looks ahead and goes on will meet it again.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(p []byte) (n int, err error) {
	if c.err == nil {
		n, c.err = c.r.Read(p)
		c.n += int64(n)
	}
	return n, c.err
}

// An archive is one that is being read.
type archive struct {
	path  string
	outer *archive // the one it lies in; nil on the disk
}

// broken is an error that ends the reading of an archive, as opposed to that
// of one entry.
type broken struct {
	of  *archive
	err error
}

func (b *broken) Error() string { return b.err.Error() }
func (b *broken) Unwrap() error { return b.err }

// breaks makes every error of r, but for the end, one that ends the archive.
// An error that already ends an archive around it stays what it is.
type breaks struct {
	r  io.Reader
	of *archive
}

func (b breaks) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	return n, breaking(err, b.of)
}

func breaking(err error, of *archive) error {
	if err == nil || err == io.EOF {
		return err
	}
	if b := (*broken)(nil); errors.As(err, &b) {
		return err
	}
	return &broken{of, err}
}
