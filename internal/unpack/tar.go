package unpack

import (
	"archive/tar"
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"time"
)

// inner is the entry of an archive, without what it is to be read from.
func (w *walker) inner(a *archive, e entry, dir, name string) entry {
	show := below(a.path, dir)
	return entry{
		dir: show, name: name, path: path.Join(show, shown(name)), size: -1,
		archive: a, budget: e.budget, held: e.held, depth: e.depth,
	}
}

// stray is the entry of an archive whose name is not used.
func (w *walker) stray(a *archive, e entry, raw string, size int64) entry {
	in := w.inner(a, e, "", brief(raw))
	in.path, in.size = in.dir+"/"+brief(raw), size
	return in
}

// open makes e the archive around what follows; the depth was checked.
func (e *entry) open() *archive {
	a := &archive{path: e.path, outer: e.archive}
	if e.budget.top == nil {
		e.budget.top = a
	}
	return a
}

// tar reads a tar archive, plain or out of a gzip file, from its beginning to
// its end.
func (w *walker) tar(e entry, r *bufio.Reader, g *gather) error {
	if !e.gzipped { // gzip has counted already
		if e.depth >= w.o.MaxDepth {
			return w.tooDeep(e, g)
		}
		e.depth++
	}
	t := &tarReader{w: w, e: e, a: e.open(), g: newGather(w, lookahead)}
	t.src = &counter{r: breaks{r, t.a}}
	err := t.entries()
	if err == nil {
		err = t.rest()
	}
	return w.closeArchive(t.a, e, err, t.where(), t.g, g)
}

// closeArchive hands out what the archive's own gather holds and tells, in
// that of its directory, why the archive was not read to its end, if so.
func (w *walker) closeArchive(a *archive, e entry, err error, where string, own, g *gather) error {
	var b *broken
	if err != nil && (!errors.As(err, &b) || w.ctx.Err() != nil) {
		return cmp.Or(w.ctx.Err(), err)
	}
	if err := own.flush(); err != nil {
		return err
	}
	g.used = true // an archive is a file of the one around it
	switch {
	case err == nil && !own.used:
		return w.problem(g, e, Empty, "there is no file in the archive", nil)
	case err == nil:
		return nil
	case b.of != a:
		return err
	}
	kind, reason := failure(b.err, w.o)
	return w.problem(g, e, kind, reason+where, nil)
}

// A tarReader is one tar archive that is being read.
type tarReader struct {
	w    *walker
	e    entry
	a    *archive
	g    *gather
	src  *counter
	last string // the entry that was begun last
	n    int    // entries
	end  int64  // where the next header should begin; -1 not known
}

// where says how far the archive was read.
func (t *tarReader) where() string {
	if t.last == "" {
		return fmt.Sprintf(" (at byte %d, before its first entry)", t.src.n)
	}
	return fmt.Sprintf(" (at byte %d, in or after its entry %d, %s; those before it were read)", t.src.n, t.n, t.last)
}

func (t *tarReader) entries() error {
	tr := tar.NewReader(t.src)
	for {
		h, err := tr.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return breaking(tarError(err), t.a)
		}
		if t.n >= t.w.o.MaxFiles {
			return &broken{t.a, errMany}
		}
		t.n++
		t.last = brief(h.Name)
		switch t.end = t.src.n + (h.Size+511)&^511; {
		case sparse(h):
			t.end = -1
		case h.Typeflag != tar.TypeReg:
			t.end = t.src.n
		}
		if err := t.entry(h, tr); err != nil {
			return err
		}
	}
}

// tarError is a clearer form of archive/tar's errors.
func tarError(err error) error {
	if errors.Is(err, tar.ErrHeader) {
		return errors.New("the header of an entry makes no sense")
	}
	return err
}

func sparse(h *tar.Header) bool {
	if h.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for key := range h.PAXRecords {
		if len(key) > 10 && key[:10] == "GNU.sparse" {
			return true
		}
	}
	return false
}

// entry reads one entry.
func (t *tarReader) entry(h *tar.Header, tr io.Reader) error {
	if h.Typeflag == tar.TypeDir || h.Typeflag == tar.TypeXGlobalHeader {
		return nil
	}
	dir, name, kind, reason := member(h.Name)
	if reason != "" {
		return t.w.problem(t.g, t.w.stray(t.a, t.e, h.Name, h.Size), kind, reason, nil)
	}
	in := t.w.inner(t.a, t.e, dir, name)
	in.size, in.modified = h.Size, timeOf(h.ModTime)
	if kind, reason = tarType(h.Typeflag); reason != "" {
		return t.w.problem(t.g, in, kind, reason, nil)
	}
	in.r = breaks{tr, t.a}
	if sparse(h) { // the holes take no place in the archive
		start := t.src.n
		in.r = &growth{r: in.r, packed: func() int64 { return t.src.n - start }, o: &t.w.o, budget: t.e.budget}
	}
	return t.w.take(in, t.g)
}

// timeOf is the time of an entry, the zero time where the archive has none.
func timeOf(t time.Time) time.Time {
	if t.IsZero() || t.Unix() == 0 {
		return time.Time{}
	}
	return t.UTC()
}

func tarType(flag byte) (Kind, string) {
	switch flag {
	case tar.TypeReg, tar.TypeGNUSparse, tar.TypeCont:
		return "", ""
	case tar.TypeSymlink, tar.TypeLink:
		return Special, "a link: links in archives are not followed"
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return Special, "a device or pipe: there is nothing to read"
	}
	return Unknown, fmt.Sprintf("an entry of kind %q, which only tar itself understands", flag)
}

// rest reads what follows the last entry, so that a checksum around the
// archive is seen, and says so if the archive does not end as it should.
func (t *tarReader) rest() error {
	marked := t.end < 0 || t.src.n > t.end
	buf := make([]byte, 4096)
	for {
		n, err := t.src.Read(buf)
		for _, c := range buf[:n] {
			if c != 0 {
				return &broken{t.a, errors.New("something follows the end of the archive")}
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if !marked {
		return &broken{t.a, errors.New("the mark at its end is missing, so that more may be missing")}
	}
	return nil
}
