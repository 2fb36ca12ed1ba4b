package unpack

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"time"
)

// walker is what one Walk shares among its parts. All of it runs in the
// goroutine of the caller.
type walker struct {
	ctx     context.Context
	o       Options
	emit    func(*Group) error
	ordinal int64
	done    int64 // bytes of the inputs that are done with
	told    int64 // what Progress knows of it
	pools   pools
}

// Walk reads the inputs (folders, archives, documents, "-" for Options.Stdin)
// and hands out groups, one after the other, in an order that depends only on
// the inputs: those in the order given, folders by name, archives in their own
// order. Plain files that are named next to each other count as one folder.
//
// What cannot be read is a Problem in a group and never ends the walk. The
// error is that of emit or of ctx. Memory does not grow with the inputs, but
// for 8 bytes and the name of each file of one folder.
func Walk(ctx context.Context, inputs []string, o Options, emit func(*Group) error) error {
	w := &walker{ctx: ctx, o: o.withDefaults(), emit: emit}
	loose := newGather(w, lookahead)
	for _, in := range inputs {
		if err := w.input(in, loose); err != nil {
			return err
		}
	}
	if err := loose.flush(); err != nil {
		return err
	}
	w.o.Progress(w.done)
	return ctx.Err()
}

// input walks one input. loose collects the plain files among the inputs.
func (w *walker) input(in string, loose *gather) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if in == "-" {
		if err := loose.flush(); err != nil {
			return err
		}
		return w.stdin()
	}
	name := inputPath(in)
	e := entry{dir: shown(path.Dir(name)), name: path.Base(name), path: shown(name), size: -1}
	info, err := os.Stat(in) // a link that is named as an input is followed
	if err != nil {
		return w.problem(loose, e, Unreadable, reasonOf(err), nil)
	}
	if info.IsDir() {
		if err := loose.flush(); err != nil {
			return err
		}
		return w.folder(in, shown(name), loose)
	}
	if !info.Mode().IsRegular() {
		return w.problem(loose, e, Special, specialReason(info.Mode()), nil)
	}
	err = w.file(in, e, loose, true, true)
	if errors.Is(err, errLater) {
		if err := loose.flush(); err != nil {
			return err
		}
		err = w.file(in, e, loose, false, true)
	}
	return err
}

// stdin reads standard input as one file.
func (w *walker) stdin() error {
	g := newGather(w, lookahead)
	e := entry{dir: "-", name: "-", path: "-", size: -1}
	if w.o.Stdin == nil {
		if err := w.problem(g, e, Unreadable, "there is no standard input here; give a path", nil); err != nil {
			return err
		}
		return g.flush()
	}
	raw := &rawFile{w: w, r: w.o.Stdin, size: -1}
	e.r, e.budget = raw, &budget{raw: raw}
	if err := w.take(e, g); err != nil {
		return err
	}
	return g.flush()
}

// errLater says that a file is an archive and was put off.
var errLater = errors.New("an archive, to be read after the documents")

// file reads one file of the disk. With later set, an archive is not read:
// the answer is errLater. With follow set, the name may be that of a link.
func (w *walker) file(name string, e entry, g *gather, later, follow bool) error {
	f, err := openRegular(name, follow)
	if err != nil {
		return w.problem(g, e, kindOf(err), reasonOf(err), nil)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return w.problem(g, e, Unreadable, reasonOf(err), nil)
	}
	e.size, e.modified = info.Size(), info.ModTime().UTC()
	if !info.Mode().IsRegular() {
		e.size = -1
		return w.problem(g, e, Special, specialReason(info.Mode()), nil)
	}
	raw := &rawFile{w: w, r: f, at: f, size: info.Size()}
	e.r, e.at, e.budget, e.later = raw, raw, &budget{raw: raw}, later
	err = w.take(e, g)
	if errors.Is(err, errLater) {
		w.done -= raw.read // it will be read again
		return err
	}
	raw.finish()
	return err
}

// rawFile counts what is read of an input.
type rawFile struct {
	w    *walker
	r    io.Reader
	at   io.ReaderAt
	size int64 // -1 unknown
	read int64 // no more than size
}

func (f *rawFile) Read(p []byte) (int, error) {
	if err := f.w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := f.r.Read(p)
	f.count(int64(n))
	return n, err
}

func (f *rawFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := f.at.ReadAt(p, off)
	f.count(int64(n))
	return n, err
}

func (f *rawFile) count(n int64) {
	if f.size >= 0 {
		n = min(n, f.size-f.read)
	}
	f.read += n
	f.w.progress(n)
}

// finish counts what nobody wanted to read.
func (f *rawFile) finish() { f.count(f.size - f.read) }

// progress counts bytes of the inputs as done with.
func (w *walker) progress(n int64) {
	w.done += n
	if w.done-w.told >= 1<<20 {
		w.told = w.done
		w.o.Progress(w.done)
	}
}

// problem adds a Problem about an entry to the gather.
func (w *walker) problem(g *gather, e entry, kind Kind, reason string, data []byte) error {
	p := &Problem{Path: e.path, Size: e.size, Kind: kind, Reason: reason}
	if len(data) > 0 {
		p.Digest = digest(data)
		if int64(len(data)) <= w.o.MaxDoc && isText(data) && !HoldsEncoded(data) {
			p.Data = data
		}
	}
	return g.add(e.dir, &item{name: e.name, problem: p})
}

func kindOf(err error) Kind {
	if errors.Is(err, errSpecial) {
		return Special
	}
	return Unreadable
}

// errSpecial says that something is not a regular file.
var errSpecial = errors.New("a link, a device or a pipe: it is not followed or read")

// reasonOf says what the machine said, without the path that is told already.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "no permission to read it"
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}

func specialReason(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "a symbolic link: links are not followed"
	case m&fs.ModeNamedPipe != 0:
		return `a pipe: give it as standard input ("-") to read it`
	case m&fs.ModeSocket != 0:
		return "a socket: there is nothing to read"
	case m&fs.ModeDevice != 0:
		return "a device: it is not read"
	}
	return "not a regular file"
}

// An entry is one file on its way to being read, wherever it lies.
type entry struct {
	dir, name, path string // as shown
	size            int64  // -1 unknown
	modified        time.Time
	r               io.Reader
	at              io.ReaderAt // in place of r where the file can be read at any place
	later           bool        // put archives off
	gzipped         bool        // r unpacks gzip
	archive         *archive    // the innermost one around the entry; nil on the disk
	budget          *budget     // of the file on the disk that all this lies in
	held            int64       // bytes of archives around it that are in memory
	depth           int         // archives around it
}
