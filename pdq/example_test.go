package pdq_test

import (
	"fmt"
	"image"
	"image/color"

	"lapwing/pdq"
)

// rings draws circles around a point somewhat left of the middle.
func rings(width, height int) image.Image {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := 600*x/width-200, 400*y/height-230
			m.SetGray(x, y, color.Gray{Y: uint8((u*u + v*v) / 300)})
		}
	}
	return m
}

func ExampleFromImage() {
	large, quality := pdq.FromImage(rings(600, 400))
	small, _ := pdq.FromImage(rings(300, 200))
	fmt.Println(large)
	fmt.Println("worth keeping:", quality >= pdq.MinQuality)
	fmt.Println("same picture at half the size:", pdq.Distance(large, small) <= pdq.MatchDistance)
	// Output:
	// fff77db7ffbb6db26e936d906c916480649124902291b490aad992922b49aa59
	// worth keeping: true
	// same picture at half the size: true
}

func ExampleParse() {
	a, err := pdq.Parse("d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22")
	if err != nil {
		fmt.Println(err)
	}
	b, _ := pdq.Parse("D8F8F0CEE0F4A84F0637022A038F67F0B36E2ED596631E1D33E6339C4E9C9B22")
	fmt.Println(pdq.Distance(a, b))
	_, err = pdq.Parse("d8f8f0ce")
	fmt.Println(err)
	// Output:
	// 2
	// pdq: hash of 8 characters, want 64 hexadecimal digits
}

func ExampleHasher_Luma8() {
	// A decoder that knows how to skip pixels delivers those of the grid only.
	picture := rings(4000, 3000).(*image.Gray)
	columns, rows := pdq.Grid(4000, 3000)
	var samples []uint8
	for y := range rows {
		for x := range columns {
			samples = append(samples, picture.GrayAt(x*4000/columns, y*3000/rows).Y)
		}
	}
	var h pdq.Hasher
	sampled, _, err := h.Luma8(samples, columns, rows)
	whole, _ := pdq.FromImage(picture)
	fmt.Println(columns, rows, sampled == whole, err)
	// Output: 512 512 true <nil>
}

func ExampleDihedral() {
	picture := rings(512, 512)
	mirrored := image.NewGray(picture.Bounds())
	for y := range 512 {
		for x := range 512 {
			mirrored.Set(511-x, y, picture.At(x, y))
		}
	}
	seen, _ := pdq.FromImage(mirrored)
	known, _ := pdq.Dihedral(picture)
	for i, name := range []string{"orig", "rot90", "rot180", "rot270", "flipx", "flipy", "flipp", "flipm"} {
		if pdq.Distance(seen, known[i]) <= pdq.MatchDistance {
			fmt.Println(name)
		}
	}
	// Output: flipy
}
