package series

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// ErrNotAssessed is wrapped by every error that says that the parameters are
// in order, but the data do not allow an answer: too few periods, no counts, no
// variation. The error names what is lacking.
var ErrNotAssessed = errors.New("not assessed")

// Interval is an estimate with the bounds of its confidence interval.
type Interval struct {
	Estimate, Lower, Upper float64
}

// TrendMethod is the model of the counts that a trend rests on. Its values are
// those that R users know.
type TrendMethod string

const (
	// LinearTrend is a straight line by least squares: so many counts a period
	// more or less. Intervals are Student's t.
	LinearTrend TrendMethod = "lm"
	// PoissonTrend is a constant rate of growth of counts that vary as little as
	// independent events do. Counts of reports nearly always vary more, and the
	// interval is then too narrow.
	PoissonTrend TrendMethod = "poisson"
	// QuasiPoissonTrend is the same line, with an interval as wide as the scatter
	// about it asks for (Wedderburn 1974). Intervals are Student's t.
	QuasiPoissonTrend TrendMethod = "quasipoisson"
	// NegBinTrend is a constant rate of growth of counts whose variance is
	// mean + mean²/theta, theta by maximum likelihood (Lawless 1987).
	NegBinTrend TrendMethod = "negbin"
)

// AutoLags chooses the lags of Newey and West by their rule of thumb of 1994,
// the whole part of 4 (n/100)^(2/9).
const AutoLags = -1

// TrendModel says how the trend of a series is estimated.
type TrendModel struct {
	Method TrendMethod `json:"method"`
	Conf   float64     `json:"conf"` // of the interval, above 0 and below 1
	// Harmonics is the number of waves a year (one a year, two a year, ...)
	// fitted beside the trend, so that a season is not taken for one.
	Harmonics int `json:"harmonics"`
	// Offset makes it the trend of the rate: count per Population. LinearTrend
	// takes the rates as they are, the others weigh them by what was watched.
	Offset bool `json:"offset"`
	// Lags, for LinearTrend only: standard errors that allow for correlation
	// between periods up to that many apart (Newey and West 1987, Bartlett
	// weights, no prewhitening), or AutoLags. 0 is the ordinary standard error.
	// A lag counts the known periods: a gap is stepped over.
	Lags int `json:"lags"`
}

// NewTrendModel is the model of that method with 95 % intervals, no season, no
// offset and ordinary standard errors.
func NewTrendModel(m TrendMethod) TrendModel { return TrendModel{Method: m, Conf: 0.95} }

// Trend is the trend of a range of periods.
type Trend struct {
	Method  TrendMethod
	From    int // index of the first period of the range, as in Series.Counts
	N       int // periods used
	Missing int // periods left out, because count or exposure is missing

	// Slope is the change from one period to the next: of the count for
	// LinearTrend, of the logarithm of the expected count for the others.
	Slope Interval
	Conf  float64
	SE    float64 // standard error of Slope
	Stat  float64 // Slope.Estimate/SE
	DF    int     // degrees of freedom of Student's t; 0 where the interval is of the normal distribution
	P     float64 // two-sided, of no trend

	// PercentYear is the change in per cent a year. For LinearTrend it is per
	// cent of the mean count, taken as if that were known without error.
	PercentYear Interval

	Intercept  float64   // expected count, or its logarithm, in the period before the first
	Season     []float64 // coefficients of cos and sin of 2πht/Freq, h from 1
	Lags       int       // lags used for SE
	Sigma      float64   // LinearTrend: standard deviation of the residuals
	R2         float64   // LinearTrend: part of the variance that the model explains
	Dispersion float64   // QuasiPoissonTrend: variance as a multiple of the mean (Pearson)
	Theta      float64   // NegBinTrend; +Inf where the counts vary no more than Poisson's
	LogLik     float64   // PoissonTrend and NegBinTrend: logarithm of the likelihood
	// ACF1 is the correlation of the residuals (for counts: Pearson's) of one
	// known period and the next. Far above 0, every interval but that of Newey
	// and West is too narrow.
	ACF1 float64
}

// At is the level of the trend in a period of the series, without season; for a
// trend with offset, for an exposure of 1.
func (t Trend) At(period int) float64 {
	level := t.Intercept + t.Slope.Estimate*float64(period-t.From+1)
	if t.Method == LinearTrend {
		return level
	}
	return math.Exp(level)
}

// Fit estimates the trend over the periods [from, to). The time of a period is
// its place in the range, so that missing periods leave gaps and do not close up.
//
// It fails with [ErrNotAssessed] where there are not more known periods than
// coefficients, where no or too few counts are above zero, and where the counts
// lie so exactly on the line that there is no scatter to make an interval of.
func (m TrendModel) Fit(s *Series, from, to int) (Trend, error) {
	if err := m.check(s); err != nil {
		return Trend{}, err
	}
	k, err := s.known(from, to, m.Offset)
	if err != nil {
		return Trend{}, err
	}
	t := Trend{Method: m.Method, From: from, N: len(k.y), Missing: k.missing, Conf: m.Conf}
	if coefs := 2 + 2*m.Harmonics; t.N <= coefs {
		return t, fmt.Errorf("series: trend %w: %d known periods for %d coefficients; take a longer range", ErrNotAssessed, t.N, coefs)
	}
	x := m.design(k.time, s.Freq)
	if m.Method == LinearTrend {
		err = t.linear(m, x, k, s.Freq)
	} else {
		err = t.loglinear(x, k, s.Freq)
	}
	if err != nil {
		return Trend{Method: m.Method, From: from, N: t.N, Missing: t.Missing, Conf: m.Conf}, err
	}
	return t, nil
}

func (m TrendModel) check(s *Series) error {
	switch m.Method {
	case LinearTrend, PoissonTrend, QuasiPoissonTrend, NegBinTrend:
	default:
		return fmt.Errorf("series: no trend method %q; take lm, poisson, quasipoisson or negbin", m.Method)
	}
	if m.Lags < AutoLags || m.Lags != 0 && m.Method != LinearTrend {
		return fmt.Errorf("series: %d lags for a trend of method %s; only lm takes lags", m.Lags, m.Method)
	}
	if m.Harmonics < 0 || m.Harmonics > 0 && 2*m.Harmonics >= s.Freq {
		return fmt.Errorf("series: %d harmonics need more than %d periods a year, not %d", m.Harmonics, 2*m.Harmonics, s.Freq)
	}
	return checkConf(m.Conf)
}

func checkConf(conf float64) error {
	if !(conf > 0 && conf < 1) {
		return fmt.Errorf("series: a confidence of %v is not between 0 and 1", conf)
	}
	return nil
}

// design is the columns 1, t, and cos and sin of each harmonic.
func (m TrendModel) design(time []float64, freq int) [][]float64 {
	x := make([][]float64, 2+2*m.Harmonics)
	for j := range x {
		x[j] = make([]float64, len(time))
	}
	for i, t := range time {
		x[0][i], x[1][i] = 1, t
		for h := 1; h <= m.Harmonics; h++ {
			x[2*h+1][i], x[2*h][i] = math.Sincos(2 * math.Pi * float64(h) * t / float64(freq))
		}
	}
	return x
}

// loglinear fits the three models of counts.
func (t *Trend) loglinear(x [][]float64, k known, freq int) error {
	g := glm{x: x, y: k.y, offset: k.logExposure}
	err := g.fitTheta(t.Method == NegBinTrend)
	if err != nil {
		return fmt.Errorf("series: trend %w: %w", ErrNotAssessed, err)
	}
	t.SE = math.Sqrt(g.covariance(1, 1))
	switch t.Method {
	case QuasiPoissonTrend:
		if g.dispersion < noScatter {
			return fmt.Errorf("series: trend %w: the counts do not scatter about the line; PoissonTrend has an interval", ErrNotAssessed)
		}
		t.Dispersion, t.DF = g.dispersion, g.df
		t.SE *= math.Sqrt(g.dispersion)
	case NegBinTrend:
		t.Theta = g.theta
		t.LogLik = g.logLikelihood()
	case PoissonTrend:
		t.LogLik = g.logLikelihood()
	}
	t.Intercept, t.Season = g.coef[0], append(t.Season, g.coef[2:]...)
	t.Slope, t.Stat, t.P = wald(g.coef[1], t.SE, t.Conf, t.DF)
	year := func(slope float64) float64 { return 100 * math.Expm1(float64(freq)*slope) }
	t.PercentYear = Interval{year(t.Slope.Estimate), year(t.Slope.Lower), year(t.Slope.Upper)}
	for i, mu := range g.mu { // the working response is done with: it holds the residuals
		g.z[i] = (k.y[i] - mu) * math.Sqrt(g.information(mu)) / mu
	}
	t.ACF1 = lagOne(g.z)
	return nil
}

// noScatter is a dispersion that only rounding leaves.
const noScatter = 1e-9

// lagOne is the autocorrelation at lag 1, as R's acf has it.
func lagOne(v []float64) float64 {
	mean := 0.0
	for _, a := range v {
		mean += a / float64(len(v))
	}
	num, den := 0.0, 0.0
	for i, a := range v {
		den += (a - mean) * (a - mean)
		if i > 0 {
			num += (a - mean) * (v[i-1] - mean)
		}
	}
	if den == 0 {
		return 0
	}
	return num / den
}

// wald is the interval of an estimate, its statistic and two-sided p-value, by
// Student's t with df degrees of freedom, or by the normal distribution if df is 0.
func wald(estimate, se, conf float64, df int) (ci Interval, stat, p float64) {
	stat = estimate / se
	z := qnorm((1 + conf) / 2)
	if df > 0 {
		z = qt((1+conf)/2, float64(df))
	}
	return Interval{estimate, estimate - z*se, estimate + z*se}, stat, twoSided(stat, df)
}

// twoSided is P(|T| > |stat|).
func twoSided(stat float64, df int) float64 {
	if df == 0 {
		return math.Erfc(math.Abs(stat) / math.Sqrt2)
	}
	v := float64(df)
	return mathext.RegIncBeta(v/2, 0.5, v/(v+stat*stat))
}
