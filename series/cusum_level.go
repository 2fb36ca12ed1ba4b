package series

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// Level is the mean that a chart takes for normal, period by period. The zero
// Level leaves the choice to the chart.
//
// In JSON it is a number, an array with one number a period of the range
// (null: not known), one of the names of Model, or an object
// {"S": harmonics, "trend": bool, "refit": bool}, which is Model "glm".
type Level struct {
	Values []float64 // given: one for all periods of the range, or one for each

	// Model says how to estimate it from the periods before the range.
	// "mean" is their mean; one of them missing, and there is no level.
	// "present" is the mean of those that are there.
	// "glm" is the regression log E[y] = a + b·t + Σ c·cos(2πst/freq) + d·sin(2πst/freq)
	// of those that are there (Höhle and Paul 2008, section 2).
	Model     string
	Harmonics int  // in "glm": s runs from 1 to it, as far as a year has periods for
	Trend     bool // in "glm": with b
	Refit     bool // estimate again after each alarm, up to the period of the alarm; GLR only
}

// UnmarshalJSON implements [json.Unmarshaler].
func (l *Level) UnmarshalJSON(b []byte) error {
	var read Level
	switch b = bytes.TrimSpace(b); {
	case len(b) == 0 || string(b) == "null":
	case b[0] == '"':
		if err := json.Unmarshal(b, &read.Model); err != nil {
			return err
		}
		if read.Model == "glm" {
			read.Harmonics = 1
		}
	case b[0] == '{':
		o := levelObject{S: 1}
		if err := json.Unmarshal(b, &o); err != nil {
			return err
		}
		read = Level{Model: "glm", Harmonics: o.S, Trend: o.Trend, Refit: o.Refit}
	case b[0] == '[':
		var values []*float64
		if err := json.Unmarshal(b, &values); err != nil {
			return err
		}
		read.Values = make([]float64, len(values))
		for i, v := range values {
			read.Values[i] = Missing
			if v != nil {
				read.Values[i] = *v
			}
		}
	default:
		var v float64
		if err := json.Unmarshal(b, &v); err != nil {
			return err
		}
		read.Values = []float64{v}
	}
	*l = read
	return nil
}

// MarshalJSON implements [json.Marshaler].
func (l Level) MarshalJSON() ([]byte, error) {
	switch {
	case len(l.Values) > 0:
		values := make([]*float64, len(l.Values))
		for i, v := range l.Values {
			if isFinite(v) {
				values[i] = &v
			}
		}
		return json.Marshal(values)
	case l.Model == "glm":
		return json.Marshal(levelObject{l.Harmonics, l.Trend, l.Refit})
	case l.Model != "":
		return json.Marshal(l.Model)
	}
	return []byte("null"), nil
}

type levelObject struct {
	S     int  `json:"S"`
	Trend bool `json:"trend"`
	Refit bool `json:"refit"`
}

const (
	noteHistoryGap   = "a value before the range is missing: give the level, or ask for the mean of the values present"
	noteNoHistory    = "there is nothing before the range to take the level from"
	noteLevelUnknown = "the level is not known, or not above zero"
)

func (l Level) check(periods int) error {
	switch {
	case len(l.Values) > 1 && len(l.Values) != periods:
		return fmt.Errorf("series: %d levels for %d periods: give one, or one for each", len(l.Values), periods)
	case len(l.Values) > 0 && l.Model != "":
		return fmt.Errorf("series: the level is both given and to be estimated by %q", l.Model)
	case l.Model != "" && l.Model != "mean" && l.Model != "present" && l.Model != "glm":
		return fmt.Errorf("series: level model is %q, use mean, present or glm", l.Model)
	case l.Harmonics < 0:
		return fmt.Errorf("series: %d harmonics, use 0 or more", l.Harmonics)
	}
	for i, v := range l.Values {
		if v < 0 || math.IsInf(v, 0) {
			return fmt.Errorf("series: level %d is %v", i+1, v)
		}
	}
	return nil
}

// expectation gives the level of each period.
type expectation struct {
	given     []float64
	from      int // period of given[0]
	constant  float64
	coef      []float64 // intercept, trend if any, then cosine and sine of each harmonic
	trend     bool
	freq      float64
	until     float64
	harmonics int
	alpha     float64 // dispersion: variance mean + alpha·mean²
	note      string  // why it has none
}

func (e *expectation) at(t int) float64 {
	switch {
	case len(e.given) == 1:
		return e.given[0]
	case len(e.given) > 1:
		return e.given[t-e.from]
	case e.coef == nil:
		return e.constant
	}
	eta, j := e.coef[0], 1
	if e.trend {
		eta += e.coef[j] * e.trendAt(t)
		j++
	}
	for h := 1; h <= e.harmonics; h++ {
		sin, cos := math.Sincos(e.phase(h, t))
		eta += e.coef[j]*cos + e.coef[j+1]*sin
		j += 2
	}
	return math.Exp(eta)
}

// trendAt is t about the middle of the periods fitted; the fit is the same
// whatever the origin and the unit.
func (e *expectation) trendAt(t int) float64 { return (float64(t) - e.until/2) / e.until }

func (e *expectation) phase(h, t int) float64 {
	return 2 * math.Pi * math.Mod(float64(h)*float64(t), e.freq) / e.freq
}

// expect takes the level from the periods before until, for the periods from
// there on. alpha is the dispersion of the counts, nil where it is to be
// estimated with the level.
func (l Level) expect(s *Series, from, until int, alpha *float64) expectation {
	e := expectation{given: l.Values, from: from, constant: math.NaN(), freq: float64(s.Freq), until: float64(until)}
	if alpha != nil {
		e.alpha = *alpha
	}
	if len(l.Values) > 0 {
		return e
	}
	var sum, n float64
	for _, c := range s.Counts[:until] {
		switch {
		case !IsMissing(c):
			sum += c
			n++
		case l.Model == "mean":
			e.note = noteHistoryGap
			return e
		}
	}
	if n == 0 {
		e.note = noteNoHistory
		return e
	}
	if l.Model != "glm" && alpha != nil {
		e.constant = sum / n
		return e
	}
	if l.Model == "glm" {
		e.trend, e.harmonics = l.Trend, min(l.Harmonics, (s.Freq-1)/2)
	}
	e.fit(s.Counts[:until], alpha)
	return e
}

// fit estimates the regression of the counts that are there.
func (e *expectation) fit(counts []float64, alpha *float64) {
	columns := 1 + 2*e.harmonics
	if e.trend {
		columns++
	}
	g := glm{x: make([][]float64, columns)}
	for t, c := range counts {
		if IsMissing(c) {
			continue
		}
		g.y = append(g.y, c)
		g.x[0] = append(g.x[0], 1)
		j := 1
		if e.trend {
			g.x[j] = append(g.x[j], e.trendAt(t))
			j++
		}
		for h := 1; h <= e.harmonics; h++ {
			sin, cos := math.Sincos(e.phase(h, t))
			g.x[j] = append(g.x[j], cos)
			g.x[j+1] = append(g.x[j+1], sin)
			j += 2
		}
	}
	if alpha != nil && *alpha > 0 {
		g.theta = 1 / *alpha
	}
	if err := g.fitTheta(alpha == nil); err != nil {
		e.note = "the level cannot be estimated: " + err.Error()
		return
	}
	if alpha == nil && !g.poisson() {
		e.alpha = 1 / g.theta
	}
	e.coef = g.coef
}
