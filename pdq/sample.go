package pdq

import (
	"image"
	"image/color"
)

// weighted[c][v] is the share of colour c (red, green, blue) with value v in the brightness of a pixel.
// The weights are those of fillFloatLumaFromRGB upstream; a brightness is (red + green) + blue.
var weighted = func() (t [3][256]float32) {
	for c, weight := range [3]float32{0.299, 0.587, 0.114} {
		for v := range t[c] {
			t[c][v] = weight * float32(v)
		}
	}
	return t
}()

func brightness(r, g, b uint8) float32 { return weighted[0][r] + weighted[1][g] + weighted[2][b] }

// sample fills h.luma with the brightness of the pixels on the grid, and returns the size of the grid.
// Image types that decoders return have a loop of their own; anything else is asked pixel by pixel.
func (h *Hasher) sample(img image.Image) (columns, rows int) {
	if img == nil {
		return 0, 0
	}
	r := img.Bounds()
	if r.Empty() {
		return 0, 0
	}
	columns, rows = Grid(r.Dx(), r.Dy())
	luma := h.grow(columns, rows)
	h.cols = h.cols[:0]
	for x := range columns {
		h.cols = append(h.cols, source(x, columns, r.Dx()))
	}
	row := h.rowReader(img)
	for y := range rows {
		row(luma[y*columns:][:columns], r.Min.Y+source(y, rows, r.Dy()))
	}
	return columns, rows
}

// rowReader returns a function that fills dst with the brightness of the wanted pixels of row y, in the image's coordinates.
func (h *Hasher) rowReader(img image.Image) func(dst []float32, y int) {
	left := img.Bounds().Min.X
	switch m := img.(type) {
	case *image.YCbCr:
		return h.ycbcrRows(m)
	case *image.NYCbCrA:
		return h.ycbcrRows(&m.YCbCr)
	case *image.Gray:
		return func(dst []float32, y int) {
			pix := m.Pix[m.PixOffset(left, y):]
			for i, x := range h.cols {
				dst[i] = float32(pix[x])
			}
		}
	case *image.Gray16:
		return func(dst []float32, y int) {
			pix := m.Pix[m.PixOffset(left, y):]
			for i, x := range h.cols {
				dst[i] = float32(pix[2*x])
			}
		}
	case *image.NRGBA:
		return func(dst []float32, y int) {
			pix := m.Pix[m.PixOffset(left, y):]
			for i, x := range h.cols {
				p := pix[4*x:][:3]
				dst[i] = brightness(p[0], p[1], p[2])
			}
		}
	case *image.RGBA:
		return func(dst []float32, y int) {
			pix := m.Pix[m.PixOffset(left, y):]
			for i, x := range h.cols {
				p := pix[4*x:][:4]
				if p[3] == 255 {
					dst[i] = brightness(p[0], p[1], p[2])
				} else {
					dst[i] = opaque(color.RGBA{p[0], p[1], p[2], p[3]}.RGBA())
				}
			}
		}
	case *image.Paletted:
		var palette [256]float32
		for i, c := range m.Palette[:min(len(m.Palette), 256)] {
			palette[i] = colour(c)
		}
		return func(dst []float32, y int) {
			pix := m.Pix[m.PixOffset(left, y):]
			for i, x := range h.cols {
				dst[i] = palette[pix[x]]
			}
		}
	case image.RGBA64Image: // as below, without a value on the heap for every pixel
		return func(dst []float32, y int) {
			for i, x := range h.cols {
				dst[i] = opaque(m.RGBA64At(left+x, y).RGBA())
			}
		}
	default:
		return func(dst []float32, y int) {
			for i, x := range h.cols {
				dst[i] = colour(m.At(left+x, y))
			}
		}
	}
}

func colour(c color.Color) float32 {
	if n, ok := c.(color.NRGBA); ok {
		return brightness(n.R, n.G, n.B)
	}
	if c == nil {
		return 0
	}
	return opaque(c.RGBA())
}

// opaque returns the brightness of a colour with 16-bit values multiplied by alpha, as if alpha were full.
func opaque(r, g, b, a uint32) float32 {
	if a == 0 {
		return 0
	}
	if a != 0xffff {
		r, g, b = min(r*0xffff/a, 0xffff), min(g*0xffff/a, 0xffff), min(b*0xffff/a, 0xffff)
	}
	return brightness(uint8(r>>8), uint8(g>>8), uint8(b>>8))
}
