package pdq

import "image"

// This file turns YCbCr pixels into brightness the way libjpeg and libjpeg-turbo do (jdcolor.c and the "fancy" upsampling of
// jdsample.c). Chroma that has half the columns or rows is interpolated: the nearest sample counts three quarters, the next one
// on the pixel's side a quarter. Chroma at a quarter of the columns is repeated. Red, green and blue are rounded and clipped
// before they are weighed, which is why brightness is not simply Y.

// A chromaColumn says where a wanted column finds its chroma within a row: its own sample, the next one, and what rounds.
type chromaColumn struct{ own, next, round int32 }

// toRGB holds, for each value of Cb or Cr, what it adds to blue and red, and to green in units of 1/65536.
var toRGB = func() (t struct{ blue, red, greenCb, greenCr [256]int32 }) {
	const half = 1 << 15
	for i := range t.red {
		x := int32(i) - 128
		t.red[i] = (91881*x + half) >> 16   // 1.40200
		t.blue[i] = (116130*x + half) >> 16 // 1.77200
		t.greenCb[i] = -22554*x + half      // 0.34414
		t.greenCr[i] = -46802 * x           // 0.71414
	}
	return t
}()

func (h *Hasher) ycbcrRows(m *image.YCbCr) func(dst []float32, y int) {
	r := m.Rect
	halfCols := m.SubsampleRatio == image.YCbCrSubsampleRatio420 || m.SubsampleRatio == image.YCbCrSubsampleRatio422
	halfRows := m.SubsampleRatio == image.YCbCrSubsampleRatio420 || m.SubsampleRatio == image.YCbCrSubsampleRatio440

	// Sixteenths: one direction rounds by 1/4 and 2/4 in turn, both together by 8/16 and 7/16, as libjpeg dithers.
	round := [2]int32{0, 0}
	switch {
	case halfCols && halfRows:
		round = [2]int32{8, 7}
	case halfCols:
		round = [2]int32{4, 8}
	}
	h.chroma = h.chroma[:0]
	first := m.COffset(r.Min.X, r.Min.Y)
	for _, x := range h.cols {
		x += r.Min.X
		next := x
		if halfCols {
			next = neighbour(x, r.Min.X, r.Max.X)
		}
		h.chroma = append(h.chroma, chromaColumn{
			own:   int32(m.COffset(x, r.Min.Y) - first),
			next:  int32(m.COffset(next, r.Min.Y) - first),
			round: round[x&1],
		})
	}

	return func(dst []float32, y int) {
		luma := m.Y[m.YOffset(r.Min.X, y):]
		own := m.COffset(r.Min.X, y)
		next, rowRound := own, int32(0)
		if halfRows {
			next = m.COffset(r.Min.X, neighbour(y, r.Min.Y, r.Max.Y))
			if !halfCols {
				rowRound = 4 + 4*int32(y&1)
			}
		}
		cb, cr, nextCb, nextCr := m.Cb[own:], m.Cr[own:], m.Cb[next:], m.Cr[next:]
		for i, c := range h.chroma {
			b := 9*int32(cb[c.own]) + 3*int32(nextCb[c.own]) + 3*int32(cb[c.next]) + int32(nextCb[c.next])
			r := 9*int32(cr[c.own]) + 3*int32(nextCr[c.own]) + 3*int32(cr[c.next]) + int32(nextCr[c.next])
			b, r = (b+c.round+rowRound)>>4&255, (r+c.round+rowRound)>>4&255
			y := int32(luma[h.cols[i]])
			dst[i] = brightness(
				clip(y+toRGB.red[r]),
				clip(y+(toRGB.greenCb[b]+toRGB.greenCr[r])>>16),
				clip(y+toRGB.blue[b]))
		}
	}
}

// neighbour returns the coordinate next to v on the side where the next chroma sample is, or v where the picture ends.
func neighbour(v, low, high int) int {
	if v&1 == 0 {
		return max(v-1, low)
	}
	return min(v+1, high-1)
}

func clip(v int32) uint8 { return uint8(min(max(v, 0), 255)) }
