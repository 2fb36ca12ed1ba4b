package pdq

import (
	"bufio"
	"fmt"
	"image"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// rows reads a file of fields separated by spaces; # starts a comment.
func rows(t *testing.T, name string) (all [][]string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if line := lines.Text(); !strings.HasPrefix(line, "#") {
			all = append(all, strings.Fields(line))
		}
	}
	return all
}

// drawn returns the picture of a row: its kind and its size, such as 640x480.
func drawn(t *testing.T, kind, size string) image.Image {
	t.Helper()
	var width, height int
	if _, err := fmt.Sscanf(size, "%dx%d", &width, &height); err != nil {
		t.Fatalf("size %q: %v", size, err)
	}
	r := image.Rect(0, 0, width, height)
	ratios := map[string]image.YCbCrSubsampleRatio{
		"444": image.YCbCrSubsampleRatio444, "422": image.YCbCrSubsampleRatio422, "440": image.YCbCrSubsampleRatio440,
		"420": image.YCbCrSubsampleRatio420, "411": image.YCbCrSubsampleRatio411, "410": image.YCbCrSubsampleRatio410,
	}
	switch kind {
	case "rgb":
		return drawNRGBA(r)
	case "grey":
		return drawGray(r)
	case "flat":
		return drawBands(r, height)
	case "bands":
		return drawBands(r, 3)
	default:
		return drawYCbCr(r, ratios[kind])
	}
}

// TestGolden compares with what Meta's program printed for the same pixels; the files say how they were made.
func TestGolden(t *testing.T) {
	t.Parallel()
	var reused Hasher
	for _, name := range []string{"testdata/golden.txt", "testdata/ycbcr.txt"} {
		for _, row := range rows(t, name) {
			kind, size, wantQuality, want := row[0], row[1], row[2], row[3]
			img := drawn(t, kind, size)
			for _, hash := range []func(image.Image) (Hash, int){FromImage, reused.Image} {
				if got, quality := hash(img); got.String() != want || strconv.Itoa(quality) != wantQuality {
					t.Errorf("%s %s: got %v, quality %d, want %s, %s", kind, size, got, quality, want, wantQuality)
				}
			}
		}
	}
}

func TestGoldenDihedral(t *testing.T) {
	t.Parallel()
	names := []string{"orig", "rot90", "rot180", "rot270", "flipx", "flipy", "flipp", "flipm"}
	for i, row := range rows(t, "testdata/dihedral.txt") {
		kind, size, name, want := row[0], row[1], row[2], row[3]
		got, _ := Dihedral(drawn(t, kind, size))
		if name != names[i%8] || got[i%8].String() != want {
			t.Errorf("%s %s %s: got %v, want %s", kind, size, name, got[i%8], want)
		}
	}
}

// TestCosinesAreFarFromRounding shows that the table of the transform does not hang on the last bits of math.Cos, which may
// differ between architectures.
func TestCosinesAreFarFromRounding(t *testing.T) {
	t.Parallel()
	for i := range cosines {
		for j, got := range cosines[i] {
			exact := math.Sqrt(1.0/32) * math.Cos(math.Pi/128*float64(i+1)*float64(2*j+1))
			if math.Abs(float64(got)-exact) > 3e-8*math.Abs(exact)*2 {
				t.Errorf("cosine %d, %d = %g, want about %g", i, j, got, exact)
			}
			scaled := float64(float32(math.Sqrt(1.0/32))) * math.Cos(math.Pi/128*float64(i+1)*float64(2*j+1))
			if low, high := float32(scaled*(1-1e-15)), float32(scaled*(1+1e-15)); low != high {
				t.Errorf("cosine %d, %d lies between %g and %g: its rounding depends on the machine", i, j, low, high)
			}
		}
	}
}
