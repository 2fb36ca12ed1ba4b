package pdq

// This file reduces brightness to 64 × 64: two passes of a box filter along rows and columns, together a tent (Jarosz, "Fast
// Image Convolutions", SIGGRAPH 2001), then the pixel at the centre of each cell. The filter keeps a running sum, whose
// rounding errors are part of the hash; hence one addition, then one subtraction per pixel, in float32, in this order. Columns
// and rows whose result nobody looks at are left out, which changes no sum.

// reduce turns the samples in h.luma into h.block and h.dct. It reports whether the picture is large enough to be hashed.
// With asIs the picture is 64 × 64 already and not filtered.
func (h *Hasher) reduce(width, height int, asIs bool) bool {
	if width < minSide || height < minSide {
		return false
	}
	if asIs {
		for y := range h.block {
			copy(h.block[y][:], h.luma[64*y:])
		}
	} else {
		h.filter(width, height)
	}
	h.dct = transform(&h.block)
	return true
}

func (h *Hasher) filter(width, height int) {
	alongRow, alongCol := window(width), window(height)
	padded := (height + 3) &^ 3
	h.spare = resize(h.spare, width*padded)
	h.band = resize(h.band, 4*width)
	h.narrow = resize(h.narrow, 2*64*padded)
	h.sums = resize(h.sums, max(width, 64))

	for y := 0; y < padded; y += 4 {
		boxRows(h.spare[y*width:], h.luma[y*width:], width, alongRow)
	}
	boxCols(h.luma, h.spare, h.sums[:width], height, alongCol)
	for y := 0; y < padded; y += 4 {
		boxRows(h.band, h.luma[y*width:], width, alongRow)
		for i := range 4 {
			from, to := h.band[i*width:], h.narrow[(y+i)*64:][:64]
			for x := range to {
				to[x] = from[centre(x, width)]
			}
		}
	}
	smooth := h.narrow[64*padded:]
	boxCols(smooth, h.narrow, h.sums[:64], height, alongCol)
	for y := range h.block {
		copy(h.block[y][:], smooth[64*centre(y, height):])
	}
}

// window returns the length of the box for a side of n pixels, half of what each of the 64 cells covers, rounded up
// (computeJaroszFilterWindowSize in downscaling/downscaling.cpp).
func window(n int) int { return (n + 127) / 128 }

// centre returns the middle pixel of cell i of 64 on a side of n pixels, (i + 0.5) n / 64 (decimateFloat).
func centre(i, n int) int { return (2*i + 1) * n / 128 }

// reciprocal returns 1/n and true where multiplying by it is the same as dividing by n: for powers of two.
func reciprocal(n int) (float32, bool) { return 1 / float32(n), n&(n-1) == 0 }

// boxRows filters four rows of src into dst. Four at a time, so that the processor need not wait for one sum.
// At the ends, where the box sticks out, the mean is over what is inside (box1DFloat has the same four phases).
func boxRows(dst, src []float32, width, window int) {
	s0, s1, s2, s3 := src[:width], src[width:][:width], src[2*width:][:width], src[3*width:][:width]
	d0, d1, d2, d3 := dst[:width], dst[width:][:width], dst[2*width:][:width], dst[3*width:][:width]
	ahead := (window+2)/2 - 1
	var a, b, c, d, n float32
	in, out, gone := 0, 0, 0
	for ; in < ahead; in++ {
		a, b, c, d = a+s0[in], b+s1[in], c+s2[in], d+s3[in]
		n++
	}
	for ; in < window; in, out = in+1, out+1 {
		a, b, c, d = a+s0[in], b+s1[in], c+s2[in], d+s3[in]
		n++
		d0[out], d1[out], d2[out], d3[out] = a/n, b/n, c/n, d/n
	}
	if inverse, exact := reciprocal(window); exact {
		for ; in < width; in, out, gone = in+1, out+1, gone+1 {
			a, b, c, d = a+s0[in], b+s1[in], c+s2[in], d+s3[in]
			a, b, c, d = a-s0[gone], b-s1[gone], c-s2[gone], d-s3[gone]
			d0[out], d1[out], d2[out], d3[out] = a*inverse, b*inverse, c*inverse, d*inverse
		}
	}
	for ; in < width; in, out, gone = in+1, out+1, gone+1 {
		a, b, c, d = a+s0[in], b+s1[in], c+s2[in], d+s3[in]
		a, b, c, d = a-s0[gone], b-s1[gone], c-s2[gone], d-s3[gone]
		d0[out], d1[out], d2[out], d3[out] = a/n, b/n, c/n, d/n
	}
	for ; out < width; out, gone = out+1, gone+1 {
		a, b, c, d = a-s0[gone], b-s1[gone], c-s2[gone], d-s3[gone]
		n--
		d0[out], d1[out], d2[out], d3[out] = a/n, b/n, c/n, d/n
	}
}

// boxCols filters the columns of src, as many as there are sums, into dst; row by row, because that is how they lie in memory.
func boxCols(dst, src, sums []float32, height, window int) {
	width := len(sums)
	row := func(s []float32, y int) []float32 { return s[y*width:][:len(sums)] }
	clear(sums)
	ahead := (window+2)/2 - 1
	n := float32(0)
	in, out, gone := 0, 0, 0
	for ; in < ahead; in++ {
		for i, v := range row(src, in) {
			sums[i] += v
		}
		n++
	}
	for ; in < window; in, out = in+1, out+1 {
		n++
		to := row(dst, out)
		for i, v := range row(src, in) {
			sums[i] += v
			to[i] = sums[i] / n
		}
	}
	inverse, exact := reciprocal(window)
	for ; in < height; in, out, gone = in+1, out+1, gone+1 {
		to, old := row(dst, out), row(src, gone)
		if exact {
			for i, v := range row(src, in) {
				sum := sums[i] + v
				sum -= old[i]
				sums[i] = sum
				to[i] = sum * inverse
			}
		} else {
			for i, v := range row(src, in) {
				sum := sums[i] + v
				sum -= old[i]
				sums[i] = sum
				to[i] = sum / n
			}
		}
	}
	for ; out < height; out, gone = out+1, gone+1 {
		n--
		to := row(dst, out)
		for i, v := range row(src, gone) {
			sums[i] -= v
			to[i] = sums[i] / n
		}
	}
}
