package hashing

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/bits"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// drawn returns steps with a chequerboard and a disc on them, in colours that the web-safe palette has.
func drawn(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := 1000*x/width, 1000*y/height
			r, g, b := u/200, v/170, 5-(u+v)/400
			if (u/90+v/140)%2 == 0 {
				r = 5 - r
			}
			if (u-300)*(u-300)+(v-600)*(v-600) < 200*200 {
				g, b = 5-g, b/2
			}
			c := color.NRGBA{uint8(51 * r), uint8(51 * g), uint8(51 * b), 255}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// encoded returns m as a file of the media type.
func encoded(t testing.TB, m image.Image, mediaType string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch mediaType {
	case "image/jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 95})
	case "image/png":
		err = png.Encode(&b, m)
	case "image/gif":
		p := image.NewPaletted(m.Bounds(), palette.WebSafe)
		for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
			for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
				p.Set(x, y, m.At(x, y))
			}
		}
		blank := image.NewPaletted(m.Bounds(), palette.WebSafe) // the second frame must not count
		err = gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{p, blank}, Delay: []int{9, 9}})
	case "image/bmp":
		err = bmp.Encode(&b, m)
	case "image/tiff":
		err = tiff.Encode(&b, m, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
	case "image/webp":
		return webpFile(chunk("VP8L", lossless(m)))
	default:
		t.Fatalf("no encoder for %s", mediaType)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func chunk(id string, body []byte) []byte {
	b := append([]byte(id), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...)
	b = append(b, body...)
	return append(b, make([]byte, len(body)&1)...)
}

func webpFile(chunks ...[]byte) []byte {
	return chunk("RIFF", append([]byte("WEBP"), bytes.Join(chunks, nil)...))
}

// animated returns an animation whose frames are the given chunks, all of the size of a canvas of width × height.
func animated(width, height int, frames ...[]byte) []byte {
	canvas := []byte{2, 0, 0, 0}
	canvas = append(binary.LittleEndian.AppendUint32(canvas, uint32(width-1))[:7], binary.LittleEndian.AppendUint32(nil, uint32(height-1))[:3]...)
	chunks := [][]byte{chunk("VP8X", canvas), chunk("ANIM", make([]byte, 6))}
	for _, f := range frames {
		place := append(make([]byte, 6), canvas[4:]...)
		chunks = append(chunks, chunk("ANMF", append(append(place, 100, 0, 0, 0), f...)))
	}
	return webpFile(chunks...)
}

// lossless writes a VP8L bitstream (RFC 9649 section 3) in its plainest form: no transforms, eight bits for each of red, green and blue.
func lossless(m image.Image) []byte {
	var w bitWriter
	r := m.Bounds()
	w.put(0x2f, 8)
	w.put(uint32(r.Dx()-1), 14)
	w.put(uint32(r.Dy()-1), 14)
	w.put(0, 1+3)   // no alpha, version 0
	w.put(0, 1+1+1) // no transforms, no colour cache, one set of codes
	for _, symbols := range []int{280, 256, 256} {
		w.put(0, 1)    // a code with lengths,
		w.put(12-4, 4) // which are themselves coded: of the first twelve in the order 17, 18, 0, 1 … 5, 16, 6, 7, 8
		for i := range 12 {
			w.put([]uint32{2: 1, 11: 1}[min(i, 11)]&1, 3) // lengths 0 and 8 get a bit each
		}
		w.put(0, 1) // for all symbols
		for s := range symbols {
			if s < 256 {
				w.put(1, 1)
			} else {
				w.put(0, 1)
			}
		}
	}
	w.put(1|0<<1|1<<2|255<<3, 11) // alpha is always 255
	w.put(1|0<<1|0<<2|0<<3, 4)    // distances are not used
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			for _, v := range []uint8{c.G, c.R, c.B} {
				w.put(uint32(bits.Reverse8(v)), 8)
			}
		}
	}
	return append(w.out, 0, 0, 0)
}

type bitWriter struct {
	out []byte
	n   int
}

func (w *bitWriter) put(v uint32, n int) {
	for i := range n {
		if w.n%8 == 0 {
			w.out = append(w.out, 0)
		}
		w.out[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
}

// lossy writes a VP8 key frame (RFC 6386) whose partitions are all zeros. To an arithmetic decoder that is a "no" to every question,
// which makes a picture of nearly one grey: brightness 127 to 129 in the range of video.
func lossy(width, height int) []byte {
	const first = 4000 // bytes of the first partition
	head := []byte{1<<4 | first<<5&0xff, first >> 3 & 0xff, first >> 11, 0x9d, 0x01, 0x2a,
		byte(width), byte(width >> 8), byte(height), byte(height >> 8)}
	return append(head, make([]byte, first+4000)...)
}

// scanBomb returns a grey progressive JPEG in which each scan says in few bytes that nothing changes in any block.
func scanBomb(side, scans int) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}
	b = append(b, bytes.Repeat([]byte{1}, 64)...)
	b = append(b, 0xff, 0xc2, 0, 11, 8, byte(side>>8), byte(side), byte(side>>8), byte(side), 1, 1, 0x11, 0)
	b = append(b, 0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xe0) // one code, "0": a run of empty blocks
	for range scans {
		b = append(b, 0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0)
		var run []byte
		n := 0
		put := func(bit byte) {
			if n%8 == 0 {
				run = append(run, 0)
			}
			run[n/8] |= bit << (7 - n%8)
			n++
		}
		for blocks := (side + 7) / 8 * ((side + 7) / 8); blocks > 0; blocks -= 1 << 14 {
			put(0) // the code, then 14 bits on top of 2¹⁴
			for range 14 {
				put(0)
			}
		}
		b = append(b, run...)
	}
	return append(b, 0xff, 0xd9)
}
