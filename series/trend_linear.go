package series

import (
	"fmt"
	"math"
)

// linear fits the line by least squares; rates are not weighted by exposure.
func (t *Trend) linear(m TrendModel, x [][]float64, k known, freq int) error {
	y := k.rates()
	var ls leastSquares
	if !ls.factor(x, nil) {
		return fmt.Errorf("series: trend %w: %w", ErrNotAssessed, errCollinear)
	}
	coef := make([]float64, len(x))
	ls.solve(y, coef)
	mean, square, total, rest := 0.0, 0.0, 0.0, 0.0
	for _, v := range y {
		mean += v / float64(len(y))
		square += v * v
	}
	for i, v := range y {
		total += (v - mean) * (v - mean)
		rest += ls.rest[i] * ls.rest[i]
	}
	if rest <= 1e-24*square {
		return fmt.Errorf("series: trend %w: the values do not scatter about the line, so there is no interval", ErrNotAssessed)
	}
	t.DF = len(y) - len(x)
	t.Sigma = math.Sqrt(rest / float64(t.DF))
	t.R2 = 1 - rest/total
	t.ACF1 = lagOne(ls.rest)
	t.Lags = m.Lags
	if m.Lags == AutoLags {
		t.Lags = min(int(4*math.Pow(float64(len(y))/100, 2.0/9)), len(y)-1)
	}
	if t.Lags >= len(y) {
		return fmt.Errorf("series: trend %w: %d lags need more than %d known periods", ErrNotAssessed, t.Lags, len(y))
	}
	t.SE = t.Sigma * math.Sqrt(ls.inverse(1, 1))
	if t.Lags > 0 {
		t.SE = math.Sqrt(neweyWest(x, &ls, t.Lags))
	}
	if !(t.SE > 0) {
		return fmt.Errorf("series: trend %w: no standard error with %d lags of %d known periods; take fewer", ErrNotAssessed, t.Lags, len(y))
	}
	t.Intercept, t.Season = coef[0], append(t.Season, coef[2:]...)
	t.Slope, t.Stat, t.P = wald(coef[1], t.SE, t.Conf, t.DF)
	scale := 100 * float64(freq) / mean
	t.PercentYear = Interval{scale * t.Slope.Estimate, scale * t.Slope.Lower, scale * t.Slope.Upper}
	return nil
}

// neweyWest is the variance of the second coefficient (Newey and West 1987): the
// products of what each period pulls at it and what its neighbours do, with
// Bartlett's weights.
func neweyWest(x [][]float64, ls *leastSquares, lags int) float64 {
	pull := make([]float64, ls.n)
	for j := range x {
		b := ls.inverse(1, j)
		for i := range pull {
			pull[i] += b * x[j][i] * ls.rest[i]
		}
	}
	v := 0.0
	for lag := 0; lag <= lags; lag++ {
		sum := 0.0
		for i := lag; i < len(pull); i++ {
			sum += pull[i] * pull[i-lag]
		}
		if lag > 0 {
			sum *= 2 * (1 - float64(lag)/float64(lags+1))
		}
		v += sum
	}
	return math.Max(0, v)
}
