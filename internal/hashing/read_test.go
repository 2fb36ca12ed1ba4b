package hashing

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"lapwing/internal/fault"
)

func read(t *testing.T, data []byte, l Limits) Fingerprints {
	t.Helper()
	f, err := Read(t.Context(), bytes.NewReader(data), l)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	checkDigests(t, f, data)
	return f
}

func checkDigests(t *testing.T, f Fingerprints, data []byte) {
	t.Helper()
	m, s1, s2 := md5.Sum(data), sha1.Sum(data), sha256.Sum256(data)
	if f.MD5 != hex.EncodeToString(m[:]) || f.SHA1 != hex.EncodeToString(s1[:]) || f.SHA256 != hex.EncodeToString(s2[:]) || f.Size != int64(len(data)) {
		t.Errorf("wrong digests or size for %d bytes: %+v", len(data), f)
	}
	if (f.PDQ == nil) == (f.PDQNote == "") || f.PDQ == nil && f.Quality != 0 {
		t.Errorf("PDQ %v, quality %d and note %q don't fit together", f.PDQ, f.Quality, f.PDQNote)
	}
}

// The digests of RFC 1321 appendix A.5 and FIPS 180 for "abc".
func TestKnownDigests(t *testing.T) {
	t.Parallel()
	f := read(t, []byte("abc"), Limits{})
	want := Fingerprints{
		MD5: "900150983cd24fb0d6963f7d28e17f72", SHA1: "a9993e364706816aba3e25717850c26c9cd0d89d",
		SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Size: 3, PDQNote: "not an image",
	}
	if f != want {
		t.Errorf("got %+v, want %+v", f, want)
	}
	if f := read(t, nil, Limits{}); f.Size != 0 || f.MD5 != "d41d8cd98f00b204e9800998ecf8427e" || f.PDQNote != "not an image" {
		t.Errorf("empty file: got %+v", f)
	}
}

// TestPiecesDoNotMatter: the same bytes give the same fingerprints however the reader hands them out.
func TestPiecesDoNotMatter(t *testing.T) {
	t.Parallel()
	files := [][]byte{[]byte("abc"), bytes.Repeat([]byte{7}, 200_000)}
	for mediaType := range formats {
		files = append(files, encoded(t, drawn(90, 60), mediaType))
	}
	rapid.Check(t, func(rt *rapid.T) {
		data := rapid.SampledFrom(files).Draw(rt, "file")
		data = data[:rapid.IntRange(0, len(data)).Draw(rt, "length")]
		want := read(t, data, Limits{})
		wrap := rapid.SampledFrom([]func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader}).Draw(rt, "reader")
		got, err := Read(t.Context(), wrap(bytes.NewReader(data)), Limits{})
		if (got.PDQ == nil) != (want.PDQ == nil) || got.PDQ != nil && *got.PDQ != *want.PDQ {
			rt.Fatalf("PDQ %v, want %v", got.PDQ, want.PDQ)
		}
		if got.PDQ = want.PDQ; err != nil || got != want {
			rt.Fatalf("got %+v, %v, want %+v", got, err, want)
		}
	})
}

type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) { e.read += int64(len(p)); return len(p), nil }

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestReadStops(t *testing.T) {
	t.Parallel()
	long := &endless{}
	if _, err := Read(t.Context(), long, Limits{Bytes: 1 << 20}); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "limit of 1 MiB") {
		t.Errorf("endless file: error %v, want fault.Invalid that names the limit", err)
	} else if long.read > 2<<20 {
		t.Errorf("endless file: read %d bytes beyond the limit", long.read)
	}
	if _, err := Read(t.Context(), bytes.NewReader(make([]byte, 1000)), Limits{Bytes: 1000}); err != nil {
		t.Errorf("a file as long as the limit: %v", err)
	}
	broken := errors.New("disk on fire")
	if f, err := Read(t.Context(), io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), Limits{}); !errors.Is(err, broken) || f != (Fingerprints{}) {
		t.Errorf("reader that fails: got %+v, %v, want nothing and its error", f, err)
	}
	if _, err := Read(t.Context(), stuck{}, Limits{}); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("reader that gives nothing: error %v, want io.ErrNoProgress", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, &endless{}, Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v, want context.Canceled", err)
	}
}

// cancelAtEOF ends the context with the last byte, so that it ends while the picture would be decoded.
type cancelAtEOF struct {
	io.Reader
	cancel context.CancelFunc
}

func (c cancelAtEOF) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err == io.EOF {
		c.cancel()
	}
	return n, err
}

func TestCancelledWhileDecoding(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	f, err := Read(ctx, cancelAtEOF{bytes.NewReader(encoded(t, drawn(200, 200), "image/png")), cancel}, Limits{})
	if !errors.Is(err, context.Canceled) || f != (Fingerprints{}) {
		t.Errorf("got %+v, %v, want nothing and context.Canceled", f, err)
	}
}

// TestMemoryStaysFlat reads what is no picture, and what is one too large to be decoded.
func TestMemoryStaysFlat(t *testing.T) {
	for _, head := range []string{"text", "\xff\xd8\xff\xe0"} {
		data := io.MultiReader(strings.NewReader(head), io.LimitReader(&endless{}, 64<<20))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f, err := Read(t.Context(), data, Limits{ImageBytes: 1 << 20})
		runtime.ReadMemStats(&after)
		if err != nil || f.Size != 64<<20+4 {
			t.Fatalf("%q: %+v, %v", head, f, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
			t.Errorf("%q: 64 MiB took %d bytes of memory", head, took)
		}
	}
}

func TestBuffersAreWiped(t *testing.T) {
	t.Parallel()
	b := &buffer{chunk: []byte("secret"), kept: []byte("secret")}
	chunk, kept := b.chunk, b.kept
	b.release()
	if !bytes.Equal(chunk, make([]byte, 6)) || !bytes.Equal(kept, make([]byte, 6)) {
		t.Errorf("left over: %q and %q", chunk, kept)
	}
}

func TestReadAtOnce(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for mediaType := range formats {
		data := encoded(t, drawn(120, 80), mediaType)
		all.Go(func() {
			for range 10 {
				f, err := Read(t.Context(), bytes.NewReader(data), Limits{})
				if err != nil || f.MediaType != mediaType || f.PDQ == nil {
					t.Errorf("%s: %+v, %v", mediaType, f, err)
				}
				checkDigests(t, f, data)
			}
		})
	}
	all.Wait()
}
