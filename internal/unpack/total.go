package unpack

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Total estimates the work of a Walk over the inputs, for a progress bar: it
// may run beside it. bytes is what lies on the disk; known is false where that
// is not all, because of standard input or something that cannot be read.
// files counts the files in folders and in zip archives; a tar or gzip, which
// has no directory, counts as one. Names decide what an archive is. Links are
// not followed, as in Walk.
func Total(ctx context.Context, inputs []string) (files, bytes int64, known bool) {
	t := &total{ctx: ctx, known: true}
	for _, in := range inputs {
		if in == "-" {
			t.known = false
			continue
		}
		info, err := os.Stat(in)
		switch {
		case err != nil:
			t.known = false
		case info.IsDir():
			t.folder(in)
		default:
			t.file(in, info)
		}
	}
	return t.files, t.bytes, t.known && ctx.Err() == nil
}

type total struct {
	ctx          context.Context
	files, bytes int64
	known        bool
}

func (t *total) folder(dir string) {
	d, err := os.Open(dir)
	if err != nil {
		t.known = false
		return
	}
	var below []string
	for t.ctx.Err() == nil {
		entries, err := d.ReadDir(1024)
		for _, e := range entries {
			if e.IsDir() {
				below = append(below, e.Name())
			} else if info, err := e.Info(); err == nil {
				t.file(filepath.Join(dir, e.Name()), info)
			} else {
				t.known = false
			}
		}
		if err != nil {
			t.known = t.known && err == io.EOF
			break
		}
	}
	d.Close()
	for _, name := range below {
		if t.ctx.Err() != nil {
			return
		}
		t.folder(filepath.Join(dir, name))
	}
}

func (t *total) file(name string, info fs.FileInfo) {
	t.files++
	if !info.Mode().IsRegular() {
		return
	}
	t.bytes += info.Size()
	if strings.EqualFold(filepath.Ext(name), ".zip") {
		t.files += zipEntries(name, info.Size()) - 1
	}
}

// zipEntries is the number of entries that a zip claims to have, 1 if it does
// not say.
func zipEntries(name string, size int64) int64 {
	f, err := openRegular(name, true)
	if err != nil {
		return 1
	}
	defer f.Close()
	d, err := findDirectory(f, size)
	if err != nil {
		return 1
	}
	return d.entries
}
