package series

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// farringtonYear is 27 countries × 6 indicators of 5 years of history and a
// year of weeks to evaluate, invented: seasonal, some rising, negative binomial
// counts from a few to thousands a week, with outbreaks.
func farringtonYear() []*Series {
	const weeks = 5*52 + 3 + 52
	r := rand.New(rand.NewPCG(27, 6))
	var out []*Series
	for country := range 27 {
		for indicator := range 6 {
			level := 1 + 0.9*float64(indicator) + 0.05*float64(country)
			slope, wave, phi := (r.Float64()-0.3)*0.003, r.Float64()*0.5, 1+4*r.Float64()
			s := &Series{Freq: 52, Start: [2]int{2015, 1}, Counts: make([]float64, weeks)}
			for i := range s.Counts {
				mu := math.Exp(level + slope*float64(i) + wave*math.Sin(2*math.Pi*float64(i)/52))
				if r.Float64() < 0.01 {
					mu *= 2.5
				}
				s.Counts[i] = qnbinom(r.Float64(), mu/(phi-1), mu)
			}
			out = append(out, s)
		}
	}
	return out
}

// BenchmarkFarringtonFlexibleYear is the 8 424 evaluations of a year.
func BenchmarkFarringtonFlexibleYear(b *testing.B) {
	all := farringtonYear()
	m := NewFarringtonFlexible()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for _, s := range all {
			out, err := m.Detect(s, s.Len()-52, s.Len())
			if err != nil {
				b.Fatal(err)
			}
			n += len(out)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/evaluation")
}

// TestFarringtonYearAgainstR is for script/bench-farrington, which names a
// folder. It writes the counts of the benchmark there, and once R's bounds are
// there too, compares them.
func TestFarringtonYearAgainstR(t *testing.T) {
	dir := os.Getenv("LAPWING_FARRINGTON_R")
	if dir == "" {
		t.Skip("LAPWING_FARRINGTON_R names no folder; see script/bench-farrington")
	}
	all := farringtonYear()
	text, err := os.ReadFile(filepath.Join(dir, "bounds.csv"))
	if os.IsNotExist(err) {
		var b strings.Builder
		for i := range all[0].Counts {
			for j, s := range all {
				if j > 0 {
					b.WriteByte(',')
				}
				fmt.Fprint(&b, s.Counts[i])
			}
			b.WriteByte('\n')
		}
		if err := os.WriteFile(filepath.Join(dir, "counts.csv"), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	equal, none := 0, 0
	for j, s := range all {
		out, err := NewFarringtonFlexible().Detect(s, s.Len()-52, s.Len())
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range out {
			want := math.NaN()
			if rows[i][j] != "" {
				if want, err = strconv.ParseFloat(rows[i][j], 64); err != nil {
					t.Fatal(err)
				}
			}
			if off(e.Upper, want) != 0 {
				t.Errorf("series %d, week %d: bound %v, R has %v", j+1, i+1, e.Upper, want)
				continue
			}
			equal++
			if math.IsNaN(want) {
				none++
			}
		}
	}
	t.Logf("%d bounds are equal, %d of them none", equal, none)
	if !t.Failed() {
		if err := os.WriteFile(filepath.Join(dir, "equal"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
