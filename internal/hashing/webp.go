package hashing

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"

	"golang.org/x/image/vp8"
	"golang.org/x/image/vp8l"
)

// WebP is taken apart here rather than by golang.org/x/image/webp, because that knows no animations, and because this way
// the size that is checked is the size of the frame that is decoded. Transparency has no part in a PDQ hash and is not read.
// Container: RFC 9649 section 2.

var errNoFrame = errors.New("webp: no complete frame")

// webpFrame returns the bitstream of the first frame, and whether it is lossless.
func webpFrame(data []byte) (frame []byte, lossless bool, err error) {
	if len(data) < 12 {
		return nil, false, errNoFrame
	}
	for data = data[12:]; len(data) >= 8; {
		size := int64(binary.LittleEndian.Uint32(data[4:]))
		body := data[8:]
		switch id := string(data[:4]); id {
		case "VP8 ", "VP8L":
			if size > int64(len(body)) {
				return nil, false, errNoFrame
			}
			return body[:size], id == "VP8L", nil
		case "ANMF": // position, size, duration and flags, then chunks as outside
			size = 16
		}
		if size += size & 1; size > int64(len(body)) {
			break
		}
		data = body[size:]
	}
	return nil, false, errNoFrame
}

func vp8Header(d *vp8.Decoder, frame []byte, s *source) (vp8.FrameHeader, error) {
	d.Init(&source{ctx: s.ctx, data: frame}, len(frame))
	header, err := d.DecodeFrameHeader()
	if err == nil && (!header.KeyFrame || header.Width == 0 || header.Height == 0) {
		err = errNoFrame
	}
	return header, err
}

func webpConfig(s *source) (image.Config, error) {
	frame, lossless, err := webpFrame(s.data)
	if err != nil {
		return image.Config{}, err
	}
	if lossless {
		return vp8l.DecodeConfig(bytes.NewReader(frame))
	}
	header, err := vp8Header(vp8.NewDecoder(), frame, s)
	return image.Config{ColorModel: color.YCbCrModel, Width: header.Width, Height: header.Height}, err
}

func webpDecode(s *source) (image.Image, error) {
	frame, lossless, err := webpFrame(s.data)
	if err != nil {
		return nil, err
	}
	if lossless {
		return vp8l.Decode(&source{ctx: s.ctx, data: frame})
	}
	d := vp8.NewDecoder()
	if _, err := vp8Header(d, frame, s); err != nil {
		return nil, err
	}
	m, err := d.DecodeFrame()
	if err != nil {
		return nil, err
	}
	stretch(m.Y, 16, 235, 0)
	stretch(m.Cb, 16, 240, 128)
	stretch(m.Cr, 16, 240, 128)
	return m, nil
}

// stretch maps samples from the range low to high of video, which VP8 has (RFC 6386 section 9.2), to the full range of JPEG, which
// package pdq expects. The value fixed keeps its place; for brightness that is the lower end.
func stretch(samples []uint8, low, high, fixed int) {
	var table [256]uint8
	from := fixed
	if fixed == 0 {
		from = low
	}
	span := high - low
	for v := range table {
		scaled := (v - from) * 255
		if scaled >= 0 {
			scaled += span / 2
		} else {
			scaled -= span / 2
		}
		table[v] = uint8(min(max(scaled/span+fixed, 0), 255))
	}
	for i, v := range samples {
		samples[i] = table[v]
	}
}
