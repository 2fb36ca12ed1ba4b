package synth

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"lapwing/pdq"
)

// A picture is a drawing that lies beside a report: colours that run into each other, and shapes.
type picture struct {
	name  string
	bytes []byte
	pdq   string // of the drawing
}

// pictures is how many there are, in turn new, known, near and known-good.
const pictures = 24

// newPicture draws picture n, as PNG or as JPEG.
func (d *desk) newPicture(n int) (media, error) {
	r := newRandom(d.seed, drawPicture, uint64(n))
	img := draw(&r, 240+16*r.n(8), 180+12*r.n(8))
	var b bytes.Buffer
	var err error
	name := fmt.Sprintf("drawing-%02d.png", n)
	if n/4%2 == 1 {
		name = fmt.Sprintf("drawing-%02d.jpg", n)
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 88})
	} else {
		err = png.Encode(&b, img)
	}
	if err != nil {
		return media{}, err
	}
	hash, quality := pdq.FromImage(img)
	if quality < pdq.MinQuality {
		return media{}, fmt.Errorf("drawing %d has a PDQ quality of %d: draw more shapes", n, quality)
	}
	f := media{
		number:   5_000 + n,
		standing: [...]standing{standsNew, standsKnown, standsNear, standsGood}[n%4],
		md5:      fmt.Sprintf("%x", md5.Sum(b.Bytes())),
		sha1:     fmt.Sprintf("%x", sha1.Sum(b.Bytes())),
		sha256:   fmt.Sprintf("%x", sha256.Sum256(b.Bytes())),
		picture:  &picture{name: name, bytes: b.Bytes(), pdq: hash.String()},
	}
	return f, nil
}

// draw fills a picture in whole numbers, so that it is the same on every machine.
func draw(r *random, width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	from, to := [3]int{r.n(256), r.n(256), r.n(256)}, [3]int{r.n(256), r.n(256), r.n(256)}
	type shape struct{ x, y, w, h, kind, red, green, blue int }
	shapes := make([]shape, 14)
	for i := range shapes {
		shapes[i] = shape{r.n(width), r.n(height), 12 + r.n(width/4), 12 + r.n(height/4), r.n(3), r.n(256), r.n(256), r.n(256)}
	}
	for y := range height {
		for x := range width {
			c := [3]int{}
			for i := range c {
				c[i] = (from[i]*(width-x)*(height-y) + to[i]*(x*height+y*width-x*y)) / (width * height)
			}
			for _, s := range shapes {
				dx, dy := x-s.x, y-s.y
				inside := false
				switch s.kind {
				case 0: // disc, squeezed
					inside = dx*dx*s.h*s.h+dy*dy*s.w*s.w < s.w*s.w*s.h*s.h
				case 1: // rectangle
					inside = dx > -s.w && dx < s.w && dy > -s.h && dy < s.h
				case 2: // stripes
					inside = dx > 0 && dx < 2*s.w && dy > 0 && dy < 2*s.h && (dx+dy)/9%2 == 0
				}
				if inside {
					c = [3]int{s.red, s.green, s.blue}
				}
			}
			p := img.Pix[img.PixOffset(x, y):]
			p[0], p[1], p[2], p[3] = byte(c[0]), byte(c[1]), byte(c[2]), 255
		}
	}
	return img
}
