package series_test

import (
	"fmt"
	"log"
	"math"

	"lapwing/series"
)

// Six years of weekly counts with a season, and an outbreak in the last week.
func ExampleFarringtonFlexible() {
	s := &series.Series{Freq: 52, Start: [2]int{2019, 1}, Counts: make([]float64, 6*52)}
	for i := range s.Counts {
		s.Counts[i] = math.Round(20 + 8*math.Sin(2*math.Pi*float64(i)/52) + 4*math.Sin(float64(i*i)))
	}
	s.Counts[310], s.Counts[311] = series.Missing, 41
	m := series.NewFarringtonFlexible()
	m.AssessPartly = true // the missing week does not keep the next from an answer
	reasons, err := m.Explain(s, 309, 312)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range reasons {
		fmt.Printf("week %d: %v of %.1f expected, bound %v: %v", r.Index+1, r.Observed, r.Expected, r.Upper, r.Outcome)
		if r.Note != "" {
			fmt.Printf(" (%s)", r.Note)
		}
		fmt.Println()
	}
	// Output:
	// week 310: 21 of 16.6 expected, bound 28: quiet
	// week 311: NaN of NaN expected, bound NaN: not assessed (the count is missing)
	// week 312: 41 of 18.5 expected, bound 30: alarm
}
