package series

import (
	"fmt"
	"math"
	"testing"
)

// wavySeries is a made-up series: two waves a year and a burst, no chance in it.
func wavySeries(n int) *Series {
	s := &Series{Freq: 52, Start: [2]int{2020, 1}, Counts: make([]float64, n)}
	for i := range s.Counts {
		s.Counts[i] = math.Round(12 + 5*math.Sin(2*math.Pi*float64(i)/26) + 3*math.Sin(float64(i*i)))
		if i%97 > 92 {
			s.Counts[i] += 15
		}
	}
	return s
}

// The memory taken does not grow with each period: at most by the doubling of
// a buffer.
func TestNoMemoryPerPeriod(t *testing.T) {
	s := wavySeries(2400)
	lr := NewGLRPoisson()
	lr.Theta, lr.Mu0 = 0.4, Level{Values: []float64{12}}
	windowed := NewGLRPoisson()
	windowed.M, windowed.Mu0 = 20, Level{Values: []float64{12}}
	for _, d := range []Detector{NewEARS(), EARS{Method: "C3", Baseline: 7}, NewBayes(), NewRKI(), NewCUSUM(), lr, windowed,
		OutbreakP{100, "value", 0}, NewCDC()} {
		few := testing.AllocsPerRun(5, func() { detectAll(t, d, s, 400, 500) })
		many := testing.AllocsPerRun(5, func() { detectAll(t, d, s, 400, 2400) })
		if many > few+40 {
			t.Errorf("%T: %v allocations for 100 periods, %v for 2000", d, few, many)
		}
	}
}

func BenchmarkDetectors(b *testing.B) {
	s := wavySeries(312)
	value := NewGLRPoisson()
	value.Ret = "value"
	for _, d := range []Detector{NewEARS(), EARS{Method: "C3", Baseline: 7}, NewBayes(), NewRKI(), NewCUSUM(), NewGLRPoisson(), value,
		NewGLRNegBin(), NewOutbreakP(), CDC{4, 1, 0.025}} {
		b.Run(fmt.Sprintf("%T", d), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				detectAll(b, d, s, 260, 312)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/52, "ns/period")
		})
	}
}
