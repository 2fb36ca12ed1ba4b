package hashing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"lapwing/pdq"
)

// maxSide is the largest width and height of a picture: what JPEG can express. It keeps thin pictures from asking for wide
// tiles (TIFF), and sizes from overflowing.
const maxSide = 65535

// A format is how pictures of one media type are decoded. config reads no further than the header; decode returns
// the first frame; perPixel is the most that decode takes, in bytes per pixel of the size that config gave.
type format struct {
	config   func(*source) (image.Config, error)
	decode   func(*source) (image.Image, error)
	perPixel func(image.Config, *source) int64
}

var formats = map[string]format{
	"image/jpeg": {from(jpeg.DecodeConfig), from(jpeg.Decode), jpegBytes},
	"image/png":  {from(png.DecodeConfig), from(png.Decode), atMost(12)}, // 16 bits × 4, and as much again for half the interlaced rows
	"image/gif":  {from(gif.DecodeConfig), from(gif.Decode), atMost(2)},
	"image/webp": {webpConfig, webpDecode, atMost(12)},
	"image/bmp":  {from(bmp.DecodeConfig), from(bmp.Decode), atMost(4)},
	"image/tiff": {from(tiff.DecodeConfig), from(tiff.Decode), atMost(32)}, // the picture, and one block of it that grows by doubling
}

func from[T any](f func(io.Reader) (T, error)) func(*source) (T, error) {
	return func(s *source) (T, error) { return f(s) }
}

func atMost(n int64) func(image.Config, *source) int64 {
	return func(image.Config, *source) int64 { return n }
}

// jpegBytes counts a byte per sample, four more for the coefficients of a progressive file, and four for colours other than YCbCr.
// A file is progressive only if the marker SOF2 is in it somewhere.
func jpegBytes(c image.Config, s *source) int64 {
	samples := int64(3)
	switch c.ColorModel {
	case color.GrayModel:
		samples = 1
	case color.CMYKModel:
		samples = 4
	}
	if bytes.Contains(s.data, []byte{0xff, 0xc2}) {
		return 5*samples + 4
	}
	return samples + 4
}

// perceptual returns the PDQ hash and quality of a picture, or a note why there is none.
func perceptual(ctx context.Context, data []byte, mediaType string, size int64, l Limits) (*pdq.Hash, int, string) {
	f, decodable := formats[mediaType]
	switch {
	case decodable && size > l.ImageBytes:
		return nil, 0, "image file larger than the limit of " + mebibytes(l.ImageBytes)
	case decodable:
		return f.guarded(ctx, data, l)
	case strings.HasPrefix(mediaType, "image/"):
		return nil, 0, "no decoder for " + mediaType
	case strings.HasPrefix(mediaType, "video/"):
		return nil, 0, "a video: digests only"
	default:
		return nil, 0, "not an image"
	}
}

// guarded decodes and hashes within the limits, and trusts neither data nor decoder.
func (f format) guarded(ctx context.Context, data []byte, l Limits) (h *pdq.Hash, quality int, note string) {
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	defer func() {
		if recover() != nil { // a decoder met bytes that its authors did not think of
			h, quality, note = nil, 0, "could not be decoded: the decoder gave up on malformed data"
		}
	}()
	found, quality, err := f.hash(&source{ctx: ctx, data: data}, l)
	var why refusal
	switch {
	case errors.As(err, &why):
		return nil, 0, string(why)
	case err != nil && ctx.Err() != nil: // not every decoder passes the error of its reader on
		return nil, 0, fmt.Sprintf("could not be decoded: it takes longer than the limit of %v", l.Time)
	case err != nil:
		return nil, 0, "could not be decoded: " + short(err.Error())
	}
	return &found, quality, ""
}

// A refusal is a note why a picture was not hashed although its header could be read.
type refusal string

func (r refusal) Error() string { return string(r) }

func (f format) hash(s *source, l Limits) (pdq.Hash, int, error) {
	c, err := f.config(s)
	if err != nil {
		return pdq.Hash{}, 0, err
	}
	width, height := int64(c.Width), int64(c.Height)
	if width < 0 || height < 0 || width > maxSide || height > maxSide || width*height > l.Pixels {
		return pdq.Hash{}, 0, refusal(fmt.Sprintf("image larger than the limit of %s megapixels or %d pixels a side", megapixels(l.Pixels), maxSide))
	}
	if width*height*f.perPixel(c, s) > l.Memory {
		return pdq.Hash{}, 0, refusal("decoding the image may take more memory than the limit of " + mebibytes(l.Memory))
	}
	img, err := f.decode(&source{ctx: s.ctx, data: s.data})
	if err != nil {
		return pdq.Hash{}, 0, err
	}
	if columns, rows := pdq.Grid(img.Bounds().Dx(), img.Bounds().Dy()); min(columns, rows) < 5 {
		return pdq.Hash{}, 0, refusal("image too small, a side has fewer than 5 pixels")
	}
	h, quality := pdq.FromImage(img)
	return h, quality, nil
}

func megapixels(n int64) string { return fmt.Sprintf("%.4g", float64(n)/1e6) }

// short keeps a note from a decoder on one line of printable ASCII.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	return s[:min(len(s), 120)]
}

// A source hands a file to a decoder in small pieces, and stops when the time is over. Decoders ask again and again, even where
// few bytes make much work; so none works on for long.
type source struct {
	ctx  context.Context
	data []byte
	at   int64
}

const piece = 1024

func (s *source) Read(p []byte) (int, error) {
	n, err := s.ReadAt(p[:min(len(p), piece)], s.at)
	s.at += int64(n)
	if n > 0 {
		err = nil
	}
	return n, err
}

// ReadAt is what the TIFF decoder wants; without it, it would make a copy of its own.
func (s *source) ReadAt(p []byte, at int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	if at < 0 || at > int64(len(s.data)) {
		return 0, io.EOF
	}
	n := copy(p, s.data[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
