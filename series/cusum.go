package series

import (
	"fmt"
	"math"
)

// CUSUM adds up how far the counts, made comparable by a transformation, are
// above what is normal: C = max(0, C before + transformed count - K), from 0 at
// the start of the range. The period alarms where C >= H, so a small rise that
// lasts is found as well as a large one that does not.
//
// As in R's package the sum is not set back after an alarm: it goes on
// alarming until the counts have fallen low enough for long enough. Reset sets
// it to 0 after each alarm, the usual form of the chart where somebody looks
// into each alarm.
//
// Expected is the level M, Score is C/H, and Upper is the count with which C
// would have reached H, 0 where any count would.
//
// A missing count is not assessed and leaves the sum as it is; while a sum from
// before the gap is still carried, Note says so. With the default level one
// missing value before the range leaves nothing to hold the counts against.
//
// Source: Rossi, Lampugnani and Marchi, Statist Med 18 (1999) 2111-2122;
// Pierce and Schafer, J Am Stat Assoc 81 (1986) 977-986 for "anscombe2nd".
type CUSUM struct {
	K     float64 `json:"k"`     // reference value, in units of the transformed count
	H     float64 `json:"h"`     // decision boundary, in the same units
	M     Level   `json:"m"`     // normal level; none: the mean of all periods before the range
	Trans string  `json:"trans"` // transformation of the count x at the level m, see the constants
	Alpha float64 `json:"alpha"` // of "pearsonNegBin": the variance is m + Alpha·m²
	Reset bool    `json:"reset"` // back to 0 after an alarm

	// Compat is "" or "r" for the package's bounds, two of which do not invert
	// their transformation: that of "anscombe2nd" has m^(1/3) for m^(-1/3), that
	// of "none" is H - C. "documented" inverts them, and takes a bound of
	// "rossi" that no count can have as 0. The alarms are the same.
	Compat string `json:"compat"`
}

// Transformations of a [CUSUM].
const (
	TransStandard      = "standard"      // (x-m)/√m
	TransRossi         = "rossi"         // (x-3m+2√(xm))/(2√m)
	TransAnscombe      = "anscombe"      // 3/2·(x^⅔-m^⅔)/m^⅙
	TransAnscombe2nd   = "anscombe2nd"   // 3/2·(x^⅔-(m^⅔-m^-⅓/9))/m^⅙
	TransPearsonNegBin = "pearsonNegBin" // (x-m)/√(m+Alpha·m²)
	TransNone          = "none"          // x
)

// NewCUSUM has K 1.04 and H 2.26 on the standard transformation. Were the
// transformed counts standard normal, it would be on average 530 periods to a
// false alarm, 13 until a rise by one standard deviation is found, and 3 by two
// (Brook and Evans, Biometrika 59 (1972) 539-549). Low counts are skewed, and
// alarm more often.
func NewCUSUM() CUSUM { return CUSUM{K: 1.04, H: 2.26, Trans: TransStandard, Alpha: 0.1} }

const (
	noteSumHeld   = "periods before it are missing: the sum was held meanwhile"
	noteSumAlarms = "the sum alarms, not this count alone"
	noteSumQuiet  = "above the bound of this transformation, but the sum, which decides, is within its limit"
)

// Detect implements [Detector].
func (c CUSUM) Detect(s *Series, from, to int) ([]Evaluation, error) {
	if err := s.checkRange(from, to); err != nil {
		return nil, err
	}
	if err := c.check(to - from); err != nil {
		return nil, err
	}
	level := c.M
	if len(level.Values) == 0 && level.Model == "" {
		level.Model = "mean"
	}
	poisson := 0.0
	normal := level.expect(s, from, from, &poisson)
	out := make([]Evaluation, 0, to-from)
	sum, held := 0.0, false
	for t := from; t < to; t++ {
		m, x := normal.at(t), s.Counts[t]
		if c.Trans != TransNone && !(m > 0 && isFinite(m)) {
			v := notAssessed(s, t, noteLevelUnknown)
			if normal.note != "" {
				v.Note = normal.note
			}
			held = held || sum > 0
			out = append(out, v)
			continue
		}
		v := Evaluation{Index: t, Observed: x, Expected: m, Score: math.NaN()}
		if IsMissing(x) {
			v.Upper, v.Note = c.bound(m, sum, sum), noteCount
			held = held || sum > 0
			out = append(out, v)
			continue
		}
		next := math.Max(0, sum+c.transform(x, m)-c.K)
		if !isFinite(next) {
			out = append(out, notAssessed(s, t, noteHuge))
			continue
		}
		v.Upper, v.Score = c.bound(m, sum, next), scoreOf(next, c.H)
		v.Outcome = Quiet
		if next >= c.H {
			v.Outcome = Alarm
		}
		held = held && next > 0
		v.Note = c.note(v, held)
		if sum = next; c.Reset && v.Outcome == Alarm {
			sum = 0
		}
		out = append(out, v)
	}
	return out, nil
}

func (c CUSUM) check(periods int) error {
	switch {
	case !isFinite(c.K):
		return fmt.Errorf("series: k is %v", c.K)
	case !(c.H > 0) || !isFinite(c.H):
		return fmt.Errorf("series: h is %v, use a number above 0", c.H)
	case c.Trans == TransPearsonNegBin && (!(c.Alpha >= 0) || !isFinite(c.Alpha)):
		return fmt.Errorf("series: alpha is %v, use 0 or more", c.Alpha)
	case c.Compat != "" && c.Compat != "r" && c.Compat != "documented":
		return fmt.Errorf("series: compat is %q, use r or documented", c.Compat)
	}
	switch c.Trans {
	case TransStandard, TransRossi, TransAnscombe, TransAnscombe2nd, TransPearsonNegBin, TransNone:
		return c.M.check(periods)
	}
	return fmt.Errorf("series: trans is %q, use standard, rossi, anscombe, anscombe2nd, pearsonNegBin or none", c.Trans)
}

// note says where bound and alarm disagree, or that the sum is from before a gap.
func (c CUSUM) note(v Evaluation, held bool) string {
	switch {
	case held:
		return noteSumHeld
	case v.Outcome == Alarm && v.Observed < v.Upper:
		return noteSumAlarms
	case v.Outcome == Quiet && v.Observed > v.Upper:
		return noteSumQuiet
	}
	return ""
}

// transform makes the count x comparable, given the level m.
func (c CUSUM) transform(x, m float64) float64 {
	switch c.Trans {
	case TransRossi:
		return (x - 3*m + 2*math.Sqrt(x)*math.Sqrt(m)) / (2 * math.Sqrt(m))
	case TransStandard:
		return (x - m) / math.Sqrt(m)
	case TransAnscombe:
		return 1.5 * (twoThirds(x) - twoThirds(m)) / math.Pow(m, 1.0/6)
	case TransAnscombe2nd:
		return 1.5 * (twoThirds(x) - (twoThirds(m) - 1/(9*math.Cbrt(m)))) / math.Pow(m, 1.0/6)
	case TransPearsonNegBin:
		return (x - m) / math.Sqrt(m+c.Alpha*m*m)
	}
	return x
}

// bound is the count with which the sum would have reached H; before and after
// are the sum before and after the period.
func (c CUSUM) bound(m, before, after float64) float64 {
	need := c.H + c.K - before // the transformed count that reaches H
	documented := c.Compat == "documented"
	var u float64
	switch c.Trans {
	case TransRossi:
		// x + 2√(xm) = 3m + 2√m·need, solved for √x.
		root := math.Sqrt(4*m+2*math.Sqrt(m)*need) - math.Sqrt(m)
		u = root * root
		if documented && root < 0 {
			u = 0
		}
	case TransStandard:
		u = math.Ceil(math.Sqrt(m)*need + m)
	case TransAnscombe:
		u = threeHalves(2.0/3*math.Pow(m, 1.0/6)*need + twoThirds(m))
	case TransAnscombe2nd:
		bias := math.Cbrt(m) / 9
		if documented {
			bias = 1 / (9 * math.Cbrt(m))
		}
		u = threeHalves(2.0/3*math.Pow(m, 1.0/6)*need + twoThirds(m) - bias)
	case TransPearsonNegBin:
		u = math.Sqrt(m+c.Alpha*m*m)*need + m
	default:
		u = c.H - after
		if documented {
			u = need
		}
	}
	if !(u > 0) {
		return 0
	}
	return u
}

func twoThirds(x float64) float64 { return math.Cbrt(x) * math.Cbrt(x) }

// threeHalves is x^(3/2), 0 for x below 0.
func threeHalves(x float64) float64 {
	if x < 0 {
		return 0
	}
	return x * math.Sqrt(x)
}
