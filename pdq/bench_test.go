package pdq

import (
	"image"
	"testing"
)

func BenchmarkHasher(b *testing.B) {
	big := image.Rect(0, 0, 4000, 3000)
	for _, c := range []struct {
		name string
		img  image.Image
	}{
		{"Gray512x512", drawGray(image.Rect(0, 0, 512, 512))},
		{"NRGBA512x512", drawNRGBA(image.Rect(0, 0, 512, 512))},
		{"NRGBA300x200", drawNRGBA(image.Rect(0, 0, 300, 200))},
		{"NRGBA12MP", drawNRGBA(big)},
		{"YCbCr444of12MP", drawYCbCr(big, image.YCbCrSubsampleRatio444)},
		{"YCbCr420of12MP", drawYCbCr(big, image.YCbCrSubsampleRatio420)},
	} {
		b.Run(c.name, func(b *testing.B) {
			var h Hasher
			b.ReportAllocs()
			for b.Loop() {
				h.Image(c.img)
			}
		})
	}
	b.Run("Dihedral512x512", func(b *testing.B) {
		var h Hasher
		img := drawGray(image.Rect(0, 0, 512, 512))
		for b.Loop() {
			h.Dihedral(img)
		}
	})
}

func BenchmarkDistance(b *testing.B) {
	x, y := Hash{1, 2, 3}, Hash{31: 7}
	sum := 0
	for b.Loop() {
		sum += Distance(x, y)
	}
	_ = sum
}
