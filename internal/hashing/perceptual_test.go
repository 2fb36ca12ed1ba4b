package hashing

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"io"
	"strings"
	"testing"
	"time"

	"lapwing/pdq"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	m := drawn(300, 200)
	want, wantQuality := pdq.FromImage(m)
	for mediaType := range formats {
		allowed := 0
		if mediaType == "image/jpeg" { // loses something
			allowed = 12
		}
		f := read(t, encoded(t, m, mediaType), Limits{})
		if f.MediaType != mediaType || f.PDQ == nil {
			t.Errorf("%s: got %+v", mediaType, f)
			continue
		}
		d := pdq.Distance(*f.PDQ, want)
		if d > allowed || max(f.Quality-wantQuality, wantQuality-f.Quality) > allowed {
			t.Errorf("%s: distance %d, quality %d, want at most %d, about %d", mediaType, d, f.Quality, allowed, wantQuality)
		}
	}
}

func TestWebP(t *testing.T) {
	t.Parallel()
	m := drawn(101, 60)
	want, _ := pdq.FromImage(m)
	first, second := chunk("VP8L", lossless(m)), chunk("VP8L", lossless(image.NewNRGBA(m.Rect)))
	for name, data := range map[string][]byte{
		"plain":                     webpFile(first),
		"after a chunk of odd size": webpFile(chunk("ICCP", []byte("abc")), first),
		"animated, first frame":     animated(101, 60, first, second),
		"frame beside a small one":  animated(1, 1, append(chunk("ALPH", []byte{0}), first...)),
	} {
		if f := read(t, data, Limits{}); f.PDQ == nil || *f.PDQ != want {
			t.Errorf("%s: got %v (%s), want %v", name, f.PDQ, f.PDQNote, want)
		}
	}
	for name, data := range map[string][]byte{
		"no chunks":          webpFile(),
		"chunk cut off":      webpFile(first[:len(first)-9]),
		"no frame":           webpFile(chunk("EXIF", []byte("abcd"))),
		"endless chunk size": append(webpFile(), "VP8L\xff\xff\xff\xff"...),
		"inter frame":        webpFile(chunk("VP8 ", append([]byte{1}, lossy(90, 90)[1:]...))),
	} {
		if f := read(t, data, Limits{}); f.PDQ != nil || !strings.HasPrefix(f.PDQNote, "could not be decoded: ") {
			t.Errorf("%s: got %v, note %q", name, f.PDQ, f.PDQNote)
		}
	}

	data := webpFile(chunk("VP8 ", lossy(90, 70)))
	if f := read(t, data, Limits{}); f.PDQ == nil || f.Quality != 0 {
		t.Errorf("lossy: got %+v", f)
	}
	// Video range: 128 is (128-16)×255/219 = 130.4 of 255.
	grey, err := webpDecode(&source{ctx: t.Context(), data: data})
	if err != nil || grey.Bounds() != image.Rect(0, 0, 90, 70) {
		t.Fatalf("lossy: %v, %v", grey, err)
	}
	if y := grey.(*image.YCbCr).YCbCrAt(50, 50); y.Y < 129 || y.Y > 132 || y.Cb < 127 || y.Cb > 129 {
		t.Errorf("lossy: pixel %v, want about 130, 128, 128", y)
	}
}

func TestStretch(t *testing.T) {
	t.Parallel()
	luma := []uint8{0, 16, 17, 126, 235, 255}
	stretch(luma, 16, 235, 0)
	chroma := []uint8{0, 16, 128, 184, 240, 255}
	stretch(chroma, 16, 240, 128)
	if want := []uint8{0, 0, 1, 128, 255, 255}; !bytes.Equal(luma, want) {
		t.Errorf("brightness %v, want %v", luma, want)
	}
	if want := []uint8{0, 0, 128, 192, 255, 255}; !bytes.Equal(chroma, want) {
		t.Errorf("chroma %v, want %v", chroma, want)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	png := encoded(t, drawn(90, 60), "image/png")
	header := func(mediaType string, width, height int) []byte {
		size := func(b []byte, order binary.AppendByteOrder) []byte {
			return order.AppendUint32(order.AppendUint32(b, uint32(width)), uint32(height))
		}
		switch mediaType {
		case "image/png":
			b := bytes.Clone(encoded(t, drawn(1, 1), mediaType))
			copy(b[16:], size(nil, binary.BigEndian))
			return b[:29] // the checksum no longer fits; the header is read before it
		case "image/bmp":
			b := encoded(t, drawn(1, 1), mediaType)
			copy(b[18:], size(nil, binary.LittleEndian))
			return b
		case "image/gif":
			b := encoded(t, drawn(1, 1), mediaType)
			binary.LittleEndian.PutUint16(b[6:], uint16(width))
			binary.LittleEndian.PutUint16(b[8:], uint16(height))
			return b
		}
		return nil
	}
	for _, c := range []struct {
		name   string
		data   []byte
		limits Limits
		want   string
	}{
		{"text", []byte("just words"), Limits{}, "not an image"},
		{"video", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"), Limits{}, "a video: digests only"},
		{"sound", []byte("\x00\x00\x00\x14ftypM4A \x00\x00\x02\x00M4A "), Limits{}, "not an image"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), Limits{}, "no decoder for image/heic"},
		{"long file", png, Limits{ImageBytes: int64(len(png) - 1)}, fmt.Sprintf("image file larger than the limit of %d bytes", len(png)-1)},
		{"a pixel too many", png, Limits{Pixels: 90*60 - 1}, "image larger than the limit of 0.005399 megapixels or 65535 pixels a side"},
		{"too much memory", png, Limits{Memory: 90*60*12 - 1}, "decoding the image may take more memory than the limit of 64799 bytes"},
		{"1 pixel", encoded(t, drawn(1, 1), "image/png"), Limits{}, "image too small, a side has fewer than 5 pixels"},
		{"4 pixels high", encoded(t, drawn(300, 4), "image/jpeg"), Limits{}, "image too small, a side has fewer than 5 pixels"},
		{"BMP bomb", header("image/bmp", 30000, 30000), Limits{}, "image larger than the limit of 100 megapixels"},
		{"GIF bomb", header("image/gif", 65535, 65535), Limits{}, "image larger than the limit of 100 megapixels"},
		{"thin BMP", header("image/bmp", 1, 1<<20), Limits{}, "image larger than the limit of 100 megapixels or 65535 pixels a side"},
		{"WebP bomb in a small canvas", animated(1, 1, chunk("VP8L", lossless(drawn(1, 1))[:4])), Limits{}, "could not be decoded: "},
		{"progressive bomb", scanBomb(4000, 1), Limits{Memory: 100 << 20}, "decoding the image may take more memory than the limit of 100 MiB"},
		{"JPEG that isn't", []byte("\xff\xd8\xff" + strings.Repeat("no", 600)), Limits{}, "could not be decoded: "},
		{"PNG that is a JPEG", append([]byte("\x89PNG\r\n\x1a\n"), encoded(t, drawn(9, 9), "image/jpeg")...), Limits{}, "could not be decoded: "},
	} {
		f := read(t, c.data, c.limits)
		if f.PDQ != nil || !strings.HasPrefix(f.PDQNote, c.want) {
			t.Errorf("%s: PDQ %v, note %q, want none and %q", c.name, f.PDQ, f.PDQNote, c.want)
		}
	}
	for _, l := range []Limits{{ImageBytes: int64(len(png))}, {Pixels: 90 * 60}, {Memory: 90 * 60 * 12}, {Bytes: -1, Time: -1}} {
		if f := read(t, png, l); f.PDQ == nil {
			t.Errorf("exactly at the limit %+v: note %q", l, f.PDQNote)
		}
	}
	if f := read(t, scanBomb(64, 3), Limits{}); f.PDQ == nil {
		t.Errorf("a small progressive file: note %q", f.PDQNote)
	}
}

// TestTIFFTiles: a tile much wider than a thin picture could take thousands of times its memory.
func TestTIFFTiles(t *testing.T) {
	t.Parallel()
	entry := func(tag, value uint32) []byte {
		b := binary.LittleEndian.AppendUint16(nil, uint16(tag))
		b = append(b, 4, 0, 1, 0, 0, 0) // one LONG
		return binary.LittleEndian.AppendUint32(b, value)
	}
	const tall = 90_000_000
	b := []byte("II*\x00\x08\x00\x00\x00\x09\x00")
	for _, e := range [][2]uint32{{256, 1}, {257, tall}, {258, 8}, {259, 8}, {262, 1}, {322, 16}, {323, tall}, {324, 0}, {325, 1000}} {
		b = append(b, entry(e[0], e[1])...)
	}
	if f := read(t, append(b, make([]byte, 2000)...), Limits{}); f.MediaType != "image/tiff" || !strings.Contains(f.PDQNote, "65535 pixels a side") {
		t.Errorf("got %+v", f)
	}
}

func TestTimeIsLimited(t *testing.T) {
	t.Parallel()
	data := scanBomb(3000, 4000) // 200 kB that would take a minute
	start := time.Now()
	f := read(t, data, Limits{Time: 100 * time.Millisecond})
	if took := time.Since(start); took > 5*time.Second || f.PDQNote != "could not be decoded: it takes longer than the limit of 100ms" {
		t.Errorf("after %v: note %q", took, f.PDQNote)
	}
}

func TestDecoderThatPanics(t *testing.T) {
	t.Parallel()
	bad := format{
		config: func(*source) (image.Config, error) {
			return image.Config{ColorModel: color.GrayModel, Width: 9, Height: 9}, nil
		},
		decode:   func(s *source) (image.Image, error) { return nil, fmt.Errorf("%x", s.data[len(s.data)]) },
		perPixel: func(image.Config, *source) int64 { return 1 },
	}
	h, quality, note := bad.guarded(t.Context(), []byte("data"), Limits{}.orDefaults())
	if h != nil || quality != 0 || note != "could not be decoded: the decoder gave up on malformed data" {
		t.Errorf("got %v, %d, %q", h, quality, note)
	}
	bad.decode = func(*source) (image.Image, error) {
		return nil, fmt.Errorf("line\nbreak %s", strings.Repeat("é", 200))
	}
	if _, _, note := bad.guarded(t.Context(), nil, Limits{}.orDefaults()); strings.ContainsAny(note, "\né") || len(note) > 150 {
		t.Errorf("note %q", note)
	}
}

// TestCutAndDamaged: whatever happens to a picture, its digests are right, and Read says why there is no hash.
func TestCutAndDamaged(t *testing.T) {
	t.Parallel()
	for mediaType := range formats {
		whole := encoded(t, drawn(60, 50), mediaType)
		for i := range 60 {
			read(t, whole[:len(whole)*i/60], Limits{})
			damaged := bytes.Clone(whole)
			for j := i; j < len(damaged); j += 61 {
				damaged[j] ^= byte(1 << (i % 8))
			}
			read(t, damaged, Limits{Pixels: 1e6, Time: time.Second})
		}
		if f := read(t, whole[:len(whole)/2], Limits{}); f.MediaType != mediaType {
			t.Errorf("half of %s: got %+v", mediaType, f)
		}
	}
}

// TestPolyglots: what hangs behind a picture changes its digests and not its PDQ hash.
func TestPolyglots(t *testing.T) {
	t.Parallel()
	tail := []byte("PK\x03\x04 <script>/* two files in one */</script> %PDF-1.7")
	for mediaType := range formats {
		whole := encoded(t, drawn(60, 50), mediaType)
		alone, both := read(t, whole, Limits{}), read(t, append(bytes.Clone(whole), tail...), Limits{})
		if both.PDQ == nil || *both.PDQ != *alone.PDQ || both.MediaType != mediaType || both.MD5 == alone.MD5 {
			t.Errorf("%s with a tail: got %+v, alone %+v", mediaType, both, alone)
		}
		if f := read(t, append(bytes.Clone(tail), whole...), Limits{}); f.PDQ != nil || f.PDQNote != "not an image" {
			t.Errorf("%s behind something else: got %+v", mediaType, f)
		}
	}
}

func FuzzRead(f *testing.F) {
	for mediaType := range formats {
		f.Add(encoded(f, drawn(20, 12), mediaType))
	}
	f.Add([]byte("abc"))
	f.Add(scanBomb(64, 3))
	f.Add(webpFile(chunk("VP8 ", lossy(20, 20))))
	f.Add(animated(20, 12, chunk("VP8L", lossless(drawn(20, 12)))))
	l := Limits{Bytes: 1 << 20, ImageBytes: 256 << 10, Pixels: 100_000, Memory: 4 << 20, Time: time.Second}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Read(t.Context(), io.MultiReader(bytes.NewReader(data)), l)
		if err != nil {
			if int64(len(data)) <= l.Bytes {
				t.Errorf("error %v", err)
			}
			return
		}
		checkDigests(t, got, data)
		if got.MediaType != Sniff(data) {
			t.Errorf("media type %q, sniffed %q", got.MediaType, Sniff(data))
		}
	})
}
