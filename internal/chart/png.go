package chart

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
)

// png draws with so many pixels to one of the drawing.
func (d *drawing) png(scale float64) ([]byte, error) {
	w, h := int(math.Ceil(d.w*scale)), int(math.Ceil(d.h*scale))
	if w < 1 || h < 1 || w*h > 64<<20 {
		return nil, fmt.Errorf("a chart of %d by %d pixels is not drawn: ask for a narrower one", w, h)
	}
	r := &raster{img: image.NewRGBA(image.Rect(0, 0, w, h)), scale: scale}
	for i := range r.img.Pix {
		r.img.Pix[i] = 0xff // paper
	}
	for i := range d.ops {
		r.op(&d.ops[i])
	}
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&b, palettize(r.img))
	return b.Bytes(), err
}

// palettize is the image with at most 256 colours: all it has, or the most
// frequent and for the rest, which are shades at the edges of shapes, the
// nearest. It makes the file a quarter as large.
func palettize(m *image.RGBA) *image.Paletted {
	count := map[uint32]int{}
	var last uint32
	run := 0
	for i := 0; i+3 < len(m.Pix); i += 4 {
		c := binary.BigEndian.Uint32(m.Pix[i:]) >> 8
		if c == last {
			run++
			continue
		}
		count[last] += run
		last, run = c, 1
	}
	count[last] += run
	all := make([]uint32, 0, len(count))
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b uint32) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	kept := all[:min(len(all), 256)]
	index := make(map[uint32]uint8, len(all))
	pal := make(color.Palette, len(kept))
	for i, c := range kept {
		index[c] = uint8(i)
		pal[i] = color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 0xff}
	}
	for _, c := range all[len(kept):] {
		index[c] = nearest(kept, c)
	}
	out := image.NewPaletted(m.Bounds(), pal)
	last, at := ^uint32(0), uint8(0)
	for i := 0; i+3 < len(m.Pix); i += 4 {
		if c := binary.BigEndian.Uint32(m.Pix[i:]) >> 8; c != last {
			last, at = c, index[c]
		}
		out.Pix[i/4] = at
	}
	return out
}

func nearest(of []uint32, c uint32) uint8 {
	best, least := 0, math.MaxInt
	for i, o := range of {
		d := 0
		for s := 0; s < 24; s += 8 {
			e := int(c>>s&0xff) - int(o>>s&0xff)
			d += e * e
		}
		if d < least {
			best, least = i, d
		}
	}
	return uint8(best)
}
