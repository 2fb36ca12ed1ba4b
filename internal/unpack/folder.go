package unpack

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// names is the list of what a folder holds, small enough for millions: the
// names in one piece, and 12 bytes each.
type names struct {
	text []byte
	at   []nameAt
}

type nameAt struct {
	off     uint32
	n, stem uint16 // bytes of the name, and of its stem
	typ     fileType
}

type fileType uint8

const (
	regularFile fileType = iota
	subFolder
	otherFile
)

// errMany says that a folder has more entries than are read.
var errMany = errors.New("too many entries")

func typeOf(m fs.FileMode) fileType {
	switch {
	case m.IsRegular():
		return regularFile
	case m.IsDir():
		return subFolder
	}
	return otherFile
}

// listFolder reads the names of a folder, in the order in which they are to be read.
func listFolder(name string, most int) (*names, error) {
	d, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	l := &names{}
	for {
		entries, err := d.ReadDir(1024)
		for _, e := range entries {
			if len(l.at) >= most || len(l.text) > math.MaxUint32-math.MaxUint16 {
				return nil, errMany
			}
			if name := e.Name(); len(name) <= math.MaxUint16 { // no system has longer ones
				l.add(name, typeOf(e.Type()))
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	l.sort()
	return l, nil
}

func (l *names) add(name string, typ fileType) {
	l.at = append(l.at, nameAt{uint32(len(l.text)), uint16(len(name)), uint16(stemLen(name)), typ})
	l.text = append(l.text, name...)
}

// sort puts the names in order: by stem, then by name.
func (l *names) sort() {
	slices.SortFunc(l.at, func(a, b nameAt) int {
		x, y := l.text[a.off:][:a.n], l.text[b.off:][:b.n]
		return cmp.Or(bytes.Compare(x[:a.stem], y[:b.stem]), bytes.Compare(x, y))
	})
}

func (l *names) name(i int) string { return string(l.text[l.at[i].off:][:l.at[i].n]) }

// folder walks a folder: its files, then its sub-folders and archives by name.
// g is where a folder that cannot be read is told.
func (w *walker) folder(dir, show string, g *gather) error {
	all, err := listFolder(dir, w.o.MaxFiles)
	if err != nil {
		e := entry{dir: path.Dir(show), name: path.Base(show), path: show, size: -1}
		kind, reason := Unreadable, reasonOf(err)
		if errors.Is(err, errMany) {
			kind, reason = TooLarge, fmt.Sprintf("the folder has more than %d entries; split it", w.o.MaxFiles)
		}
		return w.problem(g, e, kind, reason, nil)
	}
	files := newGather(w, 1)
	var later names
	for i, at := range all.at {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		name := all.name(i)
		if at.typ == subFolder {
			later.add(name, subFolder)
			continue
		}
		err := w.inFolder(dir, show, name, at.typ, files, true)
		if errors.Is(err, errLater) {
			later.add(name, regularFile)
		} else if err != nil {
			return err
		}
	}
	if err := files.flush(); err != nil {
		return err
	}
	all = nil // a tree may be deep
	for i, at := range later.at {
		name := later.name(i)
		if at.typ == subFolder {
			err = w.folder(filepath.Join(dir, name), path.Join(show, shown(name)), files)
		} else {
			err = w.inFolder(dir, show, name, at.typ, files, false)
		}
		if err != nil {
			return err
		}
	}
	return files.flush()
}

// inFolder reads a file of a folder.
func (w *walker) inFolder(dir, show, name string, typ fileType, g *gather, later bool) error {
	sys := filepath.Join(dir, name)
	e := entry{dir: show, name: name, path: path.Join(show, shown(name)), size: -1}
	if typ == otherFile {
		info, err := os.Lstat(sys)
		if err != nil {
			return w.problem(g, e, Unreadable, reasonOf(err), nil)
		}
		if !info.Mode().IsRegular() {
			return w.problem(g, e, Special, specialReason(info.Mode()), nil)
		}
	}
	return w.file(sys, e, g, later, false)
}
