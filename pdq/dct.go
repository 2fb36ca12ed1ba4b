package pdq

import (
	"math"
	"slices"
)

// cosines holds rows 1 to 16 of the 64-point discrete cosine transform (type II, orthonormal), rounded to float32.
// Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010; dct_matrix_64 upstream.
var cosines = func() (m [16][64]float32) {
	scale := float64(float32(math.Sqrt(2.0 / 64)))
	for i := range m {
		for j := range m[i] {
			m[i][j] = float32(scale * math.Cos(math.Pi/2/64*float64(i+1)*float64(2*j+1)))
		}
	}
	return m
}()

// transform returns the 16 × 16 lowest frequencies of a block, without the constant ones: C × block × Cᵀ.
// Each sum runs over its terms one by one, and float32() keeps the compiler from fusing a product with it.
func transform(block *[64][64]float32) (out [16][16]float32) {
	for i := range out {
		var half [64]float32 // row i of C × block
		for x := 0; x < 64; x += 8 {
			var a, b, c, d, e, f, g, h float32
			for k := range block {
				w, v := cosines[i][k], block[k][x:x+8:x+8]
				a += float32(w * v[0])
				b += float32(w * v[1])
				c += float32(w * v[2])
				d += float32(w * v[3])
				e += float32(w * v[4])
				f += float32(w * v[5])
				g += float32(w * v[6])
				h += float32(w * v[7])
			}
			copy(half[x:], []float32{a, b, c, d, e, f, g, h})
		}
		for j := 0; j < 16; j += 4 {
			var a, b, c, d float32
			for k, v := range half {
				a += float32(v * cosines[j][k])
				b += float32(v * cosines[j+1][k])
				c += float32(v * cosines[j+2][k])
				d += float32(v * cosines[j+3][k])
			}
			out[i][j], out[i][j+1], out[i][j+2], out[i][j+3] = a, b, c, d
		}
	}
	return out
}

// bitsAboveMedian sets bit 16i+j where frequency (i, j) is greater than the median; bit 0 is the last of the text form.
// Upstream finds the median by Torben's method, which ends at the 128th smallest of the 256 values.
func bitsAboveMedian(dct *[16][16]float32) (h Hash) {
	var sorted [256]float32
	for i := range dct {
		copy(sorted[16*i:], dct[i][:])
	}
	slices.Sort(sorted[:])
	median := sorted[127]
	for i := range dct {
		for j, v := range dct[i] {
			if v > median {
				k := 16*i + j
				h[31-k/8] |= 1 << (k % 8)
			}
		}
	}
	return h
}

// quality measures how much a block has to tell: the sum of its steps between neighbours, each in whole hundredths of the
// full range so that noise falls away, scaled so that 9000 means 100 (pdqImageDomainQualityMetric).
func quality(block *[64][64]float32) int {
	step := func(u, v float32) int {
		d := int(float32((u-v)*100) / 255)
		return max(d, -d)
	}
	sum := 0
	for y := range block {
		for x := range block[y] {
			if y < 63 {
				sum += step(block[y][x], block[y+1][x])
			}
			if x < 63 {
				sum += step(block[y][x], block[y][x+1])
			}
		}
	}
	return min(max(sum/90, 0), 100)
}

// turn returns the frequencies of the picture after transformation i of the dihedral group, in the order of [Dihedral].
// Turning a picture only transposes its frequencies and changes the sign of the odd ones (the table above
// dct16OriginalToRotate90 upstream: its first index is the row, and the lowest row and column have frequency 1).
func turn(dct *[16][16]float32, i int) (out [16][16]float32) {
	transpose := [8]bool{false, true, false, true, false, false, true, true}[i]
	evenRows := [8]bool{false, false, true, true, true, false, false, true}[i]
	evenCols := [8]bool{false, true, true, false, false, true, false, true}[i]
	for y := range dct {
		for x, v := range dct[y] {
			// Rows and columns count from 0 here, so the even ones hold the odd frequencies.
			if (evenRows && y%2 == 0) != (evenCols && x%2 == 0) {
				v = -v
			}
			if transpose {
				out[x][y] = v
			} else {
				out[y][x] = v
			}
		}
	}
	return out
}
