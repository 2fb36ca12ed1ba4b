package pdq

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// onlyAt hides everything of an image but the three methods it must have.
type onlyAt struct{ image.Image }

func (o onlyAt) At(x, y int) color.Color { return o.Image.At(x, y) }

// TestSamePixelsSameHash shows that the way in which an image type keeps its pixels, and where they lie, play no part.
func TestSamePixelsSameHash(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{90, 70}, {700, 300}} {
		base := drawNRGBA(image.Rectangle{Max: size})
		for i := range base.Pix { // 6 levels a colour, so that a palette can hold them all
			if i%4 != 3 {
				base.Pix[i] = base.Pix[i] / 43 * 51
			}
		}
		want, wantQuality := FromImage(base)
		for name, img := range map[string]draw.Image{
			"RGBA":         image.NewRGBA(base.Rect),
			"RGBA64":       image.NewRGBA64(base.Rect),
			"NRGBA64":      image.NewNRGBA64(base.Rect),
			"Paletted":     image.NewPaletted(base.Rect, cube()),
			"part of RGBA": image.NewRGBA(base.Rect.Inset(-9)).SubImage(base.Rect).(draw.Image),
			"elsewhere":    image.NewNRGBA(base.Rect.Add(image.Pt(-31, 1000))),
		} {
			draw.Draw(img, img.Bounds(), base, image.Point{}, draw.Src)
			for _, img := range []image.Image{img, onlyAt{img}} {
				if got, quality := FromImage(img); got != want || quality != wantQuality {
					t.Errorf("%s (%T) %v: got %v, %d, want %v, %d", name, img, size, got, quality, want, wantQuality)
				}
			}
		}
	}
}

func cube() (p color.Palette) {
	for i := range 216 {
		p = append(p, color.RGBA{uint8(i / 36 * 51), uint8(i / 6 % 6 * 51), uint8(i % 6 * 51), 255})
	}
	return p
}

func TestGreyTypes(t *testing.T) {
	t.Parallel()
	grey := drawGray(image.Rect(0, 0, 200, 90))
	wide := image.NewGray16(grey.Rect)
	for i, v := range grey.Pix {
		wide.Pix[2*i], wide.Pix[2*i+1] = v, uint8(i)
	}
	want, _ := FromImage(grey)
	if got, _ := FromImage(wide); got != want {
		t.Errorf("16 bit with the same high bytes: got %v, want %v", got, want)
	}
}

func TestTransparencyIsIgnored(t *testing.T) {
	t.Parallel()
	opaque := drawNRGBA(image.Rect(0, 0, 80, 80))
	want, _ := FromImage(opaque)
	straight := drawNRGBA(opaque.Rect)
	for i := 3; i < len(straight.Pix); i += 4 {
		straight.Pix[i] = uint8(i)
	}
	if got, _ := FromImage(straight); got != want {
		t.Errorf("straight alpha: got %v, want %v", got, want)
	}
	premultiplied := image.NewRGBA(opaque.Rect)
	for i := 3; i < len(straight.Pix); i += 4 {
		straight.Pix[i] = 200
	}
	draw.Draw(premultiplied, opaque.Rect, straight, image.Point{}, draw.Src)
	if got, _ := FromImage(premultiplied); Distance(got, want) > 4 { // colours lost a step when they were multiplied
		t.Errorf("premultiplied alpha: got %v, want nearly %v", got, want)
	}
	if _, quality := FromImage(image.NewRGBA(opaque.Rect)); quality != 0 {
		t.Errorf("all transparent: quality %d, want 0", quality)
	}
}

// TestChromaIsSmoothed has its expected values from libjpeg's rule, worked out by hand on a row and a column of three samples.
func TestChromaIsSmoothed(t *testing.T) {
	t.Parallel()
	// Red chroma 100, 140, 200. Each pixel: three quarters of its own sample and a quarter of the next, +1/4 or +2/4, rounded down.
	smoothed := []float64{100, 110, 130, 155, 185, 200}
	var h Hasher
	for _, c := range []struct {
		ratio image.YCbCrSubsampleRatio
		r     image.Rectangle
		want  []float64
	}{
		{image.YCbCrSubsampleRatio422, image.Rect(0, 0, 6, 1), smoothed},
		{image.YCbCrSubsampleRatio440, image.Rect(0, 0, 1, 6), smoothed},
		{image.YCbCrSubsampleRatio420, image.Rect(0, 0, 6, 1), smoothed},
		{image.YCbCrSubsampleRatio420, image.Rect(0, 0, 1, 6), smoothed},
		{image.YCbCrSubsampleRatio444, image.Rect(0, 0, 3, 1), []float64{100, 140, 200}},
		{image.YCbCrSubsampleRatio411, image.Rect(0, 0, 6, 1), []float64{100, 100, 100, 100, 140, 140}},
		{image.YCbCrSubsampleRatio422, image.Rect(0, 0, 5, 1), smoothed[:5]},
		{image.YCbCrSubsampleRatio422, image.Rect(2, 0, 4, 1), []float64{140, 140}}, // what lies outside doesn't shine in
	} {
		m := image.NewYCbCr(image.Rect(0, 0, 6, 6), c.ratio)
		for i := range m.Y {
			m.Y[i], m.Cb[min(i, len(m.Cb)-1)] = 120, 128
		}
		for y := range 6 {
			for x := range 6 {
				at := m.COffset(x, 0)
				if c.r.Dy() > 1 {
					at = m.COffset(0, y) / m.CStride
				}
				m.Cr[m.COffset(x, y)] = []uint8{100, 140, 200, 210, 220, 230}[at]
			}
		}
		h.sample(m.SubImage(c.r))
		for i, cr := range c.want {
			red, green := math.Floor(120+1.402*(cr-128)+.5), math.Floor(120-0.71414*(cr-128)+.5)
			want := 0.299*red + 0.587*green + 0.114*120
			if math.Abs(float64(h.luma[i])-want) > 0.001 {
				t.Errorf("%v %v, sample %d: brightness %v, want %v", c.ratio, c.r, i, h.luma[i], want)
			}
		}
	}
}

func TestYCbCrAtTheEndsOfTheRange(t *testing.T) {
	t.Parallel()
	var h Hasher
	for _, c := range []struct {
		y, cb, cr uint8
		r, g, b   float64
	}{
		{0, 128, 128, 0, 0, 0},
		{255, 128, 128, 255, 255, 255},
		{255, 255, 255, 255, 121, 255},
		{0, 0, 0, 0, 135, 0},
		{76, 85, 255, 254, 0, 0},
	} {
		m := &image.YCbCr{Y: []uint8{c.y}, Cb: []uint8{c.cb}, Cr: []uint8{c.cr}, YStride: 1, CStride: 1, Rect: image.Rect(0, 0, 1, 1)}
		h.sample(m)
		if want := 0.299*c.r + 0.587*c.g + 0.114*c.b; math.Abs(float64(h.luma[0])-want) > 0.001 {
			t.Errorf("YCbCr %d, %d, %d: brightness %v, want %v", c.y, c.cb, c.cr, h.luma[0], want)
		}
	}
}

func TestTooSmallOrEmpty(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{0, 0}, {0, 9}, {1, 1}, {1, 400}, {400, 1}, {4, 5}, {5, 4}, {4, 512}} {
		for _, img := range []image.Image{
			drawNRGBA(image.Rectangle{Max: size}), drawGray(image.Rectangle{Max: size}),
			drawYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420),
		} {
			if got, quality := FromImage(img); got != (Hash{}) || quality != 0 {
				t.Errorf("%T %v: got %v, %d, want the zero hash and 0", img, size, got, quality)
			}
			if got, quality := Dihedral(img); got != ([8]Hash{}) || quality != 0 {
				t.Errorf("%T %v: got dihedral %v, %d, want zero hashes and 0", img, size, got, quality)
			}
		}
	}
	if got, quality := FromImage(nil); got != (Hash{}) || quality != 0 {
		t.Errorf("no image: got %v, %d, want the zero hash and 0", got, quality)
	}
	// Above 512 upstream stretches the short side, so there is something to hash.
	if _, quality := FromImage(drawNRGBA(image.Rect(0, 0, 600, 2))); quality == 0 {
		t.Errorf("600 × 2: quality 0")
	}
}

func TestNothingToSee(t *testing.T) {
	t.Parallel()
	if got, quality := FromImage(image.NewGray(image.Rect(0, 0, 300, 200))); got != (Hash{}) || quality != 0 {
		t.Errorf("all black: got %v, %d, want the zero hash and 0", got, quality)
	}
	if _, quality := FromImage(image.NewUniform(color.White)); quality != 0 { // two thousand million pixels wide
		t.Errorf("endless white: quality %d, want 0", quality)
	}
}

// TestTurnedPictures turns real pixels and compares with the hashes that come from the transform alone.
func TestTurnedPictures(t *testing.T) {
	t.Parallel()
	const side, last = 512, 511
	base := drawNRGBA(image.Rect(0, 0, side, side))
	dihedral, quality := Dihedral(base)
	for i, place := range []func(x, y int) (int, int){
		func(x, y int) (int, int) { return x, y },
		func(x, y int) (int, int) { return y, last - x }, // a quarter counter-clockwise
		func(x, y int) (int, int) { return last - x, last - y },
		func(x, y int) (int, int) { return last - y, x },
		func(x, y int) (int, int) { return x, last - y }, // upside down
		func(x, y int) (int, int) { return last - x, y },
		func(x, y int) (int, int) { return y, x },
		func(x, y int) (int, int) { return last - y, last - x },
	} {
		turned := image.NewNRGBA(base.Rect)
		for y := range side {
			for x := range side {
				u, v := place(x, y)
				turned.SetNRGBA(u, v, base.NRGBAAt(x, y))
			}
		}
		got, gotQuality := FromImage(turned)
		if d := Distance(got, dihedral[i]); d > 20 || max(gotQuality-quality, quality-gotQuality) > 1 {
			t.Errorf("transformation %d: %d bits from the turned picture, want at most 20; quality %d and %d", i, d, quality, gotQuality)
		}
		for j := range dihedral {
			if j != i && Distance(got, dihedral[j]) < 60 {
				t.Errorf("transformation %d is as near as %d to the turned picture", j, i)
			}
		}
	}
}

// TestLumaOnTheGrid is the promise to decoders that deliver only the samples of the grid.
func TestLumaOnTheGrid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(1, 900).Draw(t, "width"), rapid.IntRange(1, 900).Draw(t, "height")
		m := drawGray(image.Rect(0, 0, width, height))
		columns, rows := Grid(width, height)
		var bytes []uint8
		var floats []float32
		for y := range rows {
			for x := range columns {
				v := m.Pix[m.PixOffset(x*width/columns, y*height/rows)]
				bytes, floats = append(bytes, v), append(floats, float32(v))
			}
		}
		var h Hasher
		want, wantQuality := FromImage(m)
		got8, quality8, err8 := h.Luma8(bytes, columns, rows)
		got, quality, err := h.Luma(floats, columns, rows)
		if got8 != want || got != want || quality8 != wantQuality || quality != wantQuality || err8 != nil || err != nil {
			t.Fatalf("%d × %d: got %v %d %v and %v %d %v, want %v %d", width, height, got8, quality8, err8, got, quality, err, want, wantQuality)
		}
	})
}

func TestLumaRefusesWrongSizes(t *testing.T) {
	t.Parallel()
	var h Hasher
	for _, c := range []struct{ n, width, height int }{
		{63, 8, 8}, {65, 8, 8}, {1, 0, 0}, {1, -1, -1}, {0, 1, 1}, {0, -1, 0}, {4, math.MaxInt, 4}, {0, math.MaxInt, math.MaxInt},
	} {
		if _, _, err := h.Luma8(make([]uint8, c.n), c.width, c.height); err == nil {
			t.Errorf("Luma8 takes %d samples as %d × %d", c.n, c.width, c.height)
		}
		if _, _, err := h.Luma(make([]float32, c.n), c.width, c.height); err == nil {
			t.Errorf("Luma takes %d samples as %d × %d", c.n, c.width, c.height)
		}
	}
	if got, quality, err := h.Luma8(nil, 0, 0); err != nil || quality != 0 || got != (Hash{}) {
		t.Errorf("Luma8 of nothing: %v, %d, %v", got, quality, err)
	}
	nan := float32(math.NaN())
	if _, quality, err := h.Luma([]float32{29: nan}, 5, 6); err != nil || quality < 0 || quality > 100 {
		t.Errorf("not a number: quality %d, %v", quality, err)
	}
}

// TestHasherForgets shows that what a Hasher saw before does not leak into the next hash.
func TestHasherForgets(t *testing.T) {
	t.Parallel()
	var reused Hasher
	rapid.Check(t, func(t *rapid.T) {
		r := image.Rect(0, 0, rapid.IntRange(1, 600).Draw(t, "width"), rapid.IntRange(1, 600).Draw(t, "height"))
		kind := rapid.SampledFrom([]string{"rgb", "grey", "420", "422"}).Draw(t, "kind")
		var img image.Image = drawGray(r)
		switch kind {
		case "rgb":
			img = drawNRGBA(r)
		case "420":
			img = drawYCbCr(r, image.YCbCrSubsampleRatio420)
		case "422":
			img = drawYCbCr(r, image.YCbCrSubsampleRatio422)
		}
		var fresh Hasher
		want, _ := fresh.Image(img)
		if got, _ := reused.Image(img); got != want {
			t.Fatalf("%s %v: a used hasher returns %v, a fresh one %v", kind, r, got, want)
		}
	})
}

func TestFromImageAtOnce(t *testing.T) {
	t.Parallel()
	img := drawNRGBA(image.Rect(0, 0, 100, 80))
	want, _ := FromImage(img)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if got, _ := FromImage(img); got != want {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	all.Wait()
}
