// Package fromany reads a hash list of any format that the desk knows: it
// looks at the first bytes and calls the right reader.
package fromany

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/fromcsv"
	"lapwing/internal/hashlist/fromicse"
	"lapwing/internal/hashlist/fromjsonl"
	"lapwing/internal/hashlist/fromncmec"
	"lapwing/internal/hashlist/fromnsrl"
	"lapwing/internal/hashlist/fromtext"
	"lapwing/internal/hashlist/fromvics"
	"lapwing/internal/referral"
)

// Readers are the readers of streams by format. hashlist.NSRL3 has none: it
// is read from a path, by [ReadFile] or fromnsrl.ReadFile.
var Readers = map[hashlist.Format]hashlist.Reader{
	hashlist.Text:       fromtext.Read,
	hashlist.CSV:        fromcsv.Read,
	hashlist.JSONL:      fromjsonl.Read,
	hashlist.NCMEC:      fromncmec.Read,
	hashlist.VICS:       fromvics.Read,
	hashlist.ICSE:       fromicse.Read,
	hashlist.NSRL2:      fromnsrl.Read,
	hashlist.NSRL3Delta: fromnsrl.Read,
}

// Read is a [hashlist.Reader] for a stream of any format.
func Read(ctx context.Context, r io.Reader, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) error {
	in := bufio.NewReaderSize(r, hashlist.DetectBytes)
	head, _ := in.Peek(hashlist.DetectBytes) // an error comes again with the first read
	format := hashlist.Detect(head)
	if format == hashlist.Unrecognised && len(o.Mapping) > 0 {
		format = hashlist.CSV // a mapping is for a table whose header says nothing
	}
	read, ok := Readers[format]
	switch {
	case format == hashlist.NSRL3:
		return hashlist.BrokenAt("byte 0", "this is a SQLite file, which is read from a path and not from a stream")
	case !ok:
		return hashlist.BrokenAt("byte 0", "the format is not recognised; the desk reads %v", hashlist.Formats)
	}
	return read(ctx, in, o, emit, note)
}

// ReadFile is [Read] for the file at path.
func ReadFile(ctx context.Context, path string, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, hashlist.DetectBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && n == 0 && err != io.EOF {
		return err
	}
	if hashlist.Detect(head[:n]) == hashlist.NSRL3 {
		return fromnsrl.ReadFile(ctx, path, o, emit, note)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the list from its beginning: %w", err)
	}
	return Read(ctx, f, o, emit, note)
}
