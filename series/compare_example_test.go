package series_test

import (
	"fmt"

	"lapwing/series"
)

// One month against the same month of the year before: 206 thousand reports
// where there were 100 thousand, here in thousands.
func ExampleComparison_Counts() {
	r, err := series.NewComparison(series.MidPRatio).Counts(series.Rate{Count: 206, Exposure: 31}, series.Rate{Count: 100, Exposure: 31})
	if err != nil {
		fmt.Println(err)
		return
	}
	change := r.Change()
	fmt.Printf("%+.0f %% (%+.0f to %+.0f), P = %.1g\n", change.Estimate, change.Lower, change.Upper, r.P)
	// Output: +106 % (+63 to +162), P = 1e-09
}

// A quarter of weeks against the quarter before, in which a source was dark for
// two weeks. The weeks scatter, and the model knows it.
func ExampleComparison_Periods() {
	na := series.Missing
	s := &series.Series{
		Freq:   52,
		Counts: []float64{41, 38, 52, na, na, 44, 61, 39, 47, 55, 58, 70, 49, 66, 83, 51, 74, 60},
	}
	r, err := series.NewComparison(series.NegBinRatio).Periods(s, series.Span{From: 9, To: 18}, series.Span{From: 0, To: 9})
	if err != nil {
		fmt.Println(err)
		return
	}
	change := r.Change()
	fmt.Printf("%+.0f %% (%+.0f to %+.0f); %d weeks missing before\n", change.Estimate, change.Lower, change.Upper, r.MissingBefore)
	// Output: +37 % (+16 to +62); 2 weeks missing before
}
