package unpack

import (
	"context"
	"io"

	"lapwing/internal/hashing"
)

// Options says how to read and how much is too much. The zero value of every
// field is usable; a limit of zero is the default that is named with it.
type Options struct {
	// Stdin is what the input "-" reads.
	Stdin io.Reader

	// Sniff names the kind of media that a file starts as, "" for none:
	// hashing.Sniff.
	Sniff func(head []byte) string

	// Fingerprint reads to its end what Sniff recognised: hashing.Read with its
	// own limits. What it cannot read is a Problem with the text of its error.
	Fingerprint func(ctx context.Context, r io.Reader) (hashing.Fingerprints, error)

	// Classify replaces [Classify]. head is the first 16 KiB of the file.
	Classify func(head []byte, name string) Class

	// Progress is told, from time to time and at the end, how many bytes of
	// the inputs are done with. It compares to the bytes of [Total].
	Progress func(done int64)

	Window      int   // files and records in a group: 256
	WindowBytes int64 // bytes of documents in a group: 4 MiB

	MaxDoc    int64 // bytes of a document, a line or an element: 16 MiB
	MaxRecord int64 // bytes of a CSV row: 1 MiB
	MaxNested int64 // bytes of the zips that have to be held in memory at one time: 64 MiB
	MaxTotal  int64 // bytes that one archive may unpack to: 1 TiB
	MaxFiles  int   // entries of one folder or archive: 10 million
	MaxDepth  int   // archives within one another: 3

	// MaxRatio is how many times its packed size something may unpack to: 200.
	// 16 MiB are free, so that small and very regular texts pass.
	MaxRatio int64
}

// ratioFree is what one entry may unpack to before MaxRatio counts, totalFree
// what all that lies in one file on the disk may: a few bombs in an archive do
// not keep the rest from being read.
const (
	ratioFree = 16 << 20
	totalFree = 16 * ratioFree
)

// lookahead is how many windows of an archive are held back to bring together
// what it scatters; stemWindows is how many one stem may fill.
const (
	lookahead   = 4
	stemWindows = 4
)

// longestName is the longest file name in bytes, longestPath the longest path
// within an archive.
const (
	longestName = 255
	longestPath = 4096
)

func (o Options) withDefaults() Options {
	def := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	defInt := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	defInt(&o.Window, 256)
	def(&o.WindowBytes, 4<<20)
	def(&o.MaxDoc, 16<<20)
	def(&o.MaxRecord, 1<<20)
	def(&o.MaxNested, 64<<20)
	def(&o.MaxTotal, 1<<40)
	def(&o.MaxRatio, 200)
	defInt(&o.MaxFiles, 10_000_000)
	defInt(&o.MaxDepth, 3)
	o.MaxRecord = min(o.MaxRecord, o.MaxDoc)
	if o.Classify == nil {
		o.Classify = Classify
	}
	if o.Sniff == nil {
		o.Sniff = hashing.Sniff
	}
	if o.Fingerprint == nil {
		o.Fingerprint = func(ctx context.Context, r io.Reader) (hashing.Fingerprints, error) {
			return hashing.Read(ctx, r, hashing.Limits{})
		}
	}
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	return o
}
