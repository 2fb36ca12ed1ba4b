package chart

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

func TestGolden(t *testing.T) {
	t.Parallel()
	all := samples()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		var table bytes.Buffer
		if err := all[name].Table().WriteCSV(&table); err != nil {
			t.Fatal(err)
		}
		for file, got := range map[string][]byte{name + ".svg": SVG(all[name]), name + ".csv": table.Bytes()} {
			path := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
				t.Errorf("%s differs; look at the chart (CHART_LOOK), then -update (-want +got):\n%s", path, cut(diff, 3000))
			}
		}
	}
}

// TestSameBytes draws from several goroutines at once.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	c := sampleMultiples()
	svg, want := SVG(c), mustPNG(t, c)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if !bytes.Equal(SVG(sampleMultiples()), svg) {
				t.Error("the SVG differs from one time to the next")
			}
			if got, err := PNG(sampleMultiples()); err != nil || !bytes.Equal(got, want) {
				t.Errorf("the PNG differs from one time to the next (error %v)", err)
			}
		})
	}
	wg.Wait()
}

func mustPNG(t *testing.T, c Chart) []byte {
	t.Helper()
	b, err := PNG(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestPNGIsTheDrawing asks of the image what the drawing says: twice its
// size, paper at the corner, each fill colour where a shape is.
func TestPNGIsTheDrawing(t *testing.T) {
	t.Parallel()
	for name, c := range samples() {
		d := c.draw()
		img, err := png.Decode(bytes.NewReader(mustPNG(t, c)))
		if err != nil {
			t.Fatal(err)
		}
		if got := img.Bounds().Size(); got.X != int(2*d.w) || got.Y != int(2*d.h) {
			t.Errorf("%s: image of %v, want twice %v by %v", name, got, d.w, d.h)
		}
		m, ok := img.(*image.Paletted)
		if !ok {
			t.Fatalf("%s: the image is a %T, want one with a palette", name, img)
		}
		used := map[uint8]bool{}
		for _, i := range m.Pix {
			used[i] = true
		}
		colours := map[string]bool{}
		for i := range used {
			r, g, b, _ := m.Palette[i].RGBA()
			colours[hexOf(uint8(r>>8), uint8(g>>8), uint8(b>>8))] = true
		}
		for _, o := range d.ops {
			want := o.paint.fill
			if o.kind == opText {
				want = o.font.fill
			}
			if want != "" && !colours[want] {
				t.Errorf("%s: nothing in the image is %s (%s%s)", name, want, o.paint.class, o.font.class)
			}
		}
	}
}

func hexOf(r, g, b uint8) string {
	const digits = "0123456789abcdef"
	return string([]byte{'#', digits[r>>4], digits[r&15], digits[g>>4], digits[g&15], digits[b>>4], digits[b&15]})
}
