package chart

import (
	"maps"
	"slices"
	"testing"
)

func BenchmarkSVG(b *testing.B) {
	all := samples()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = len(SVG(all[name]))
			}
			b.ReportMetric(float64(n), "bytes")
		})
	}
}

func BenchmarkPNG(b *testing.B) {
	all := samples()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				p, err := PNG(all[name])
				if err != nil {
					b.Fatal(err)
				}
				n = len(p)
			}
			b.ReportMetric(float64(n), "bytes")
		})
	}
}
