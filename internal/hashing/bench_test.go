package hashing

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"lapwing/pdq"
)

// photo returns a JPEG file of 12 megapixels at quality 90, with slopes, edges and the noise of a sensor: about 4 MB.
func photo(b *testing.B) []byte {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	m := drawn(4000, 3000)
	for i := range m.Pix {
		if i%4 != 3 {
			slope := i / 4 % 4000 / 80
			m.Pix[i] = uint8(min(max(int(m.Pix[i])/2+slope+40+int(r.NormFloat64()*10), 0), 255))
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, m, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

// BenchmarkPhoto: Read is from file to all fingerprints; the others are its parts.
func BenchmarkPhoto(b *testing.B) {
	file := photo(b)
	perSecond := func(b *testing.B) {
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "images/s")
		b.ReportMetric(float64(len(file))/1e6, "MB")
	}
	b.Run("Read", func(b *testing.B) {
		for b.Loop() {
			if f, err := Read(b.Context(), bytes.NewReader(file), Limits{}); err != nil || f.PDQ == nil {
				b.Fatal(f, err)
			}
		}
		perSecond(b)
	})
	var img image.Image
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			var err error
			if img, err = jpeg.Decode(bytes.NewReader(file)); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
	b.Run("PDQ", func(b *testing.B) {
		for b.Loop() {
			pdq.FromImage(img)
		}
		perSecond(b)
	})
	b.Run("digests", func(b *testing.B) {
		for b.Loop() {
			md5.Sum(file)
			sha1.Sum(file)
			sha256.Sum256(file)
		}
		perSecond(b)
	})
}
