package pdq

import "image"

// drawNRGBA returns a test picture: a slope in each colour, a chequerboard, a disc and some noise, all in whole numbers so that it is the
// same everywhere. It is not square in its content: no rotation or reflection leaves it as it is.
func drawNRGBA(r image.Rectangle) *image.NRGBA {
	m := image.NewNRGBA(r)
	w, h := r.Dx(), r.Dy()
	noise := uint32(1)
	for y := range h {
		for x := range w {
			noise = noise*1664525 + 1013904223
			u, v := 1000*x/w, 1000*y/h // thousandths of the picture
			red, green, blue := u/8+int(noise>>28), v/5, 255-(u+v)/8
			if (u/90+v/140)%2 == 0 {
				red += 60
				green -= 30
			}
			if (u-300)*(u-300)+(v-600)*(v-600) < 200*200 {
				red, blue = red/3, blue/2
			}
			p := m.Pix[m.PixOffset(r.Min.X+x, r.Min.Y+y):]
			p[0], p[1], p[2], p[3] = clip(int32(red)), clip(int32(green)), clip(int32(blue)), 255
		}
	}
	return m
}

// drawBands returns bands of one colour each across the whole width, as high as asked. All but 16 of the frequencies of such a
// picture are rounding errors, so its hash shows a sum that runs in another order; with bands as high as the picture all are.
func drawBands(r image.Rectangle, high int) *image.NRGBA {
	m := image.NewNRGBA(r)
	for y := range r.Dy() {
		v := y / high * 37
		for x := range r.Dx() {
			copy(m.Pix[m.PixOffset(r.Min.X+x, r.Min.Y+y):], []uint8{uint8(90 + v), uint8(201 - v), uint8(33 + 3*v), 255})
		}
	}
	return m
}

func drawGray(r image.Rectangle) *image.Gray {
	m, rgb := image.NewGray(r), drawNRGBA(r)
	for i := range m.Pix {
		m.Pix[i] = rgb.Pix[4*i]/2 + rgb.Pix[4*i+1]/2
	}
	return m
}

// drawYCbCr takes the three planes from three corners of a drawn picture; the colours are odd, and reach both ends of the range.
func drawYCbCr(r image.Rectangle, ratio image.YCbCrSubsampleRatio) *image.YCbCr {
	m, rgb := image.NewYCbCr(r, ratio), drawNRGBA(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := rgb.Pix[rgb.PixOffset(x, y):]
			m.Y[m.YOffset(x, y)] = p[1]
			m.Cb[m.COffset(x, y)] = p[0]
			m.Cr[m.COffset(x, y)] = p[2]
		}
	}
	return m
}
