package series_test

import (
	"errors"
	"fmt"

	"lapwing/series"
)

// Three years of quarters. The season is fitted beside the trend.
func ExampleTrendModel_Fit() {
	s := &series.Series{
		Freq:   4,
		Counts: []float64{310, 402, 290, 351, 365, series.Missing, 344, 402, 431, 560, 398, 480},
	}
	m := series.NewTrendModel(series.QuasiPoissonTrend)
	m.Harmonics = 1
	trend, err := m.Fit(s, 0, s.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	y := trend.PercentYear
	fmt.Printf("%+.1f %% a year (%+.1f to %+.1f), %d quarters, %d missing\n", y.Estimate, y.Lower, y.Upper, trend.N, trend.Missing)
	// Output: +19.5 % a year (+9.0 to +31.1), 11 quarters, 1 missing
}

// What cannot be said is an error that says why.
func ExampleTrendModel_Fit_notAssessed() {
	s := &series.Series{Freq: 12, Counts: []float64{0, 0, 0, 0, 0, 0}}
	_, err := series.NewTrendModel(series.NegBinTrend).Fit(s, 0, s.Len())
	fmt.Println(errors.Is(err, series.ErrNotAssessed))
	fmt.Println(err)
	// Output:
	// true
	// series: trend not assessed: too few periods with a count above zero
}

func ExampleMannKendall_Test() {
	s := &series.Series{Freq: 12, Counts: []float64{12, 15, 11, 19, 22, 18, 25, 31, 24, 40}}
	r, err := series.MannKendall{}.Test(s, 0, s.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("S = %d, tau = %.2f, P = %.4f\n", r.S, r.TauB, r.P)
	// Output: S = 33, tau = 0.73, P = 0.0032
}

func ExampleSen_Fit() {
	s := &series.Series{Freq: 12, Counts: []float64{12, 15, 11, 19, 22, 18, 25, 31, 24, 400}}
	r, err := series.NewSen().Fit(s, 0, s.Len())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f more each month (%.2f to %.2f)\n", r.Slope.Estimate, r.Slope.Lower, r.Slope.Upper)
	// Output: 2.50 more each month (1.29 to 7.00)
}
