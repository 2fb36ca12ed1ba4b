package pdq

import (
	"fmt"
	"image"
	"sync"
)

// minSide is the least width and height with a hash of its own (MIN_HASHABLE_DIM in hashing/pdqhashing.cpp).
const minSide = 5

// A Hasher computes hashes and keeps its buffers, about 2 MB, for the next picture.
// The zero value is ready for use. A Hasher serves one goroutine at a time.
type Hasher struct {
	luma   []float32      // brightness, row by row, later the filtered picture; rows rounded up to a multiple of 4
	spare  []float32      // the other half of each filter pass
	band   []float32      // four filtered rows
	narrow []float32      // the 64 columns that survive decimation, of every row
	sums   []float32      // running sums of a column pass
	cols   []int          // the source column of each sample,
	chroma []chromaColumn // and where its chroma lies

	block [64][64]float32
	dct   [16][16]float32
}

var hashers = sync.Pool{New: func() any { return new(Hasher) }}

// FromImage returns the hash of a picture and its quality, 0 (nothing to see) to 100.
// A picture with a side under 5 pixels, or none at all, gets the zero Hash and quality 0.
// It may be called from many goroutines. See [Hasher.Image] for what it does with each kind of image.
func FromImage(img image.Image) (Hash, int) {
	h := hashers.Get().(*Hasher)
	defer h.release()
	return h.Image(img)
}

// Dihedral returns the hashes of a picture and of its rotations and reflections, and the quality, in upstream's order:
// orig, rot90, rot180, rot270 (counter-clockwise), flipx (upside down), flipy (mirrored), flipp and flipm (along the main and
// the other diagonal). All come from one transform of the picture. Hashes of pixels that were really turned are near them,
// by 0 to 40 bits in the tests of this package: not always within [MatchDistance].
func Dihedral(img image.Image) ([8]Hash, int) {
	h := hashers.Get().(*Hasher)
	defer h.release()
	return h.Dihedral(img)
}

// release wipes what is left of the picture before the next caller gets the buffers.
func (h *Hasher) release() {
	for _, s := range [][]float32{h.luma, h.spare, h.band, h.narrow, h.sums} {
		clear(s[:cap(s)])
	}
	clear(h.block[:])
	clear(h.dct[:])
	hashers.Put(h)
}

// Image returns the hash of a picture and its quality, like [FromImage].
//
// A picture wider or higher than 512 is first reduced to 512 × 512 by taking the nearest pixel, as upstream's tool does;
// [Grid] tells which. Brightness is 0.299 R + 0.587 G + 0.114 B of the 8-bit colours, or the grey value where the image
// type is grey. Transparency is ignored: the colour counts as if the pixel were opaque. Of 16-bit samples the high byte
// counts. YCbCr pixels, as they come out of a JPEG decoder, become RGB by the rules of libjpeg, smooth chroma included,
// because that is what upstream sees; Go's own conversion would differ by a step here and there. Orientation tags,
// colour profiles and gamma play no part.
func (h *Hasher) Image(img image.Image) (Hash, int) {
	return h.hash(h.sample(img))
}

// hash returns the hash and quality of the samples in h.luma.
func (h *Hasher) hash(width, height int) (Hash, int) {
	if !h.reduce(width, height, width == 64 && height == 64) {
		return Hash{}, 0
	}
	return bitsAboveMedian(&h.dct), quality(&h.block)
}

// Dihedral returns eight hashes and the quality, like the function [Dihedral].
func (h *Hasher) Dihedral(img image.Image) ([8]Hash, int) {
	var hashes [8]Hash
	// Upstream filters here even at 64 × 64, where the plain hash does not: pdqDihedralHash256esFromFloatLuma.
	if width, height := h.sample(img); !h.reduce(width, height, false) {
		return hashes, 0
	}
	for i := range hashes {
		turned := turn(&h.dct, i)
		hashes[i] = bitsAboveMedian(&turned)
	}
	return hashes, quality(&h.block)
}

// Luma returns the hash and quality of brightness samples, 0 to 255, given row by row. They are hashed at the size they
// have: what is larger than 512 has to be reduced by the caller, see [Grid]. The samples are not changed.
// The only error is a number of samples that is not width × height.
func (h *Hasher) Luma(samples []float32, width, height int) (Hash, int, error) {
	if err := checkSize(len(samples), width, height); err != nil {
		return Hash{}, 0, err
	}
	copy(h.grow(width, height), samples)
	hash, quality := h.hash(width, height)
	return hash, quality, nil
}

// Luma8 is [Hasher.Luma] for samples of a byte.
func (h *Hasher) Luma8(samples []uint8, width, height int) (Hash, int, error) {
	if err := checkSize(len(samples), width, height); err != nil {
		return Hash{}, 0, err
	}
	luma := h.grow(width, height)
	for i, v := range samples {
		luma[i] = float32(v)
	}
	hash, quality := h.hash(width, height)
	return hash, quality, nil
}

func checkSize(n, width, height int) error {
	fits := width >= 0 && height >= 0 && n == 0
	if width > 0 && height > 0 {
		fits = n/width == height && n%width == 0
	}
	if !fits {
		return fmt.Errorf("pdq: %d samples do not make %d × %d, give one per pixel", n, width, height)
	}
	return nil
}

// Grid returns the size at which a picture of width × height is hashed. Sample (x, y) of the grid is the pixel
// (x*width/columns, y*height/rows), rounded down.
func Grid(width, height int) (columns, rows int) {
	if width > gridSide || height > gridSide {
		return gridSide, gridSide
	}
	return width, height
}

// source returns the pixel for sample i of n on a side of so many pixels.
func source(i, n, side int) int { return int(int64(i) * int64(side) / int64(n)) }

// gridSide is DOWNSAMPLE_DIMS in io/pdqio.cpp.
const gridSide = 512

// grow makes room for width × height samples, and for the rows that round their number up to a multiple of four.
func (h *Hasher) grow(width, height int) []float32 {
	h.luma = resize(h.luma, width*((height+3)&^3))
	return h.luma
}

func resize(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}
