package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLook writes the samples to the folder that CHART_LOOK names, to be
// looked at: as they are, in grey, as seen without green receptors, and dark.
func TestLook(t *testing.T) {
	dir := os.Getenv("CHART_LOOK")
	if dir == "" {
		t.Skip("CHART_LOOK names no folder to write to")
	}
	all := samples()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		svg := SVG(all[name])
		data, err := PNG(all[name])
		if err != nil {
			t.Fatal(err)
		}
		write(name+".svg", svg)
		write(name+".png", data)
		write(name+".dark.svg", []byte(dark(string(svg))))
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		grey := image.NewGray(img.Bounds())
		draw.Draw(grey, grey.Bounds(), img, image.Point{}, draw.Src)
		write(name+".grey.png", encode(t, grey))
		deut := image.NewRGBA(img.Bounds())
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				deut.Set(x, y, seenBy(deuteranope, img.At(x, y)))
			}
		}
		write(name+".deut.png", encode(t, deut))
	}
}

func encode(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// dark turns the colours as DarkCSS does.
func dark(svg string) string {
	for _, t := range tones() {
		svg = strings.ReplaceAll(svg, `"`+t.light+`"`, `"`+t.dark+`"`)
	}
	return svg
}

func seenBy(m [9]float64, c color.Color) color.Color {
	r, g, b, _ := c.RGBA()
	lin := [3]float64{linear(float64(r) / 0xffff), linear(float64(g) / 0xffff), linear(float64(b) / 0xffff)}
	out := [3]uint8{}
	for i := range out {
		out[i] = uint8(255*display(m[3*i]*lin[0]+m[3*i+1]*lin[1]+m[3*i+2]*lin[2]) + 0.5)
	}
	return color.RGBA{out[0], out[1], out[2], 255}
}
