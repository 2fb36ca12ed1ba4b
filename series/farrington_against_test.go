package series

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawFarringtonSeries is a series of a few years with all that the methods
// have to bear: season, trend, outbreaks, gaps, exposure, dates.
func drawFarringtonSeries(t *rapid.T, years, half int) *Series {
	freq := rapid.SampledFrom([]int{52, 52, 12, 4, 24}).Draw(t, "freq")
	n := years*freq + half + rapid.IntRange(3, 20).Draw(t, "extra")
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	s := &Series{Freq: freq, Start: [2]int{2015, 1}, Counts: make([]float64, n)}
	level := rapid.Float64Range(0.5, 6).Draw(t, "level")
	phi := rapid.Float64Range(1.05, 8).Draw(t, "phi")
	slope := rapid.Float64Range(-0.4, 0.4).Draw(t, "slope") / float64(freq)
	wave := rapid.Float64Range(0, 0.8).Draw(t, "wave")
	for i := range s.Counts {
		mu := math.Exp(level + slope*float64(i) + wave*math.Sin(2*math.Pi*float64(i)/float64(freq)))
		if r.Float64() < 0.03 {
			mu *= 4
		}
		s.Counts[i] = qnbinom(r.Float64(), mu/(phi-1), mu)
	}
	if rapid.Bool().Draw(t, "gaps") {
		for range 3 {
			for i := r.IntN(n); r.IntN(4) > 0 && i < n; i++ {
				s.Counts[i] = Missing
			}
		}
	}
	if rapid.Bool().Draw(t, "population") {
		s.Population = make([]float64, n)
		for i := range s.Population {
			s.Population[i] = 1000 * math.Exp(0.3*math.Sin(float64(i)/9)) * (1 + 0.2*r.Float64())
		}
	}
	if freq != 4 && freq != 24 && rapid.Bool().Draw(t, "dates") {
		s.Dates = plainFarringtonDates(time.Date(2015, 1, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*r.IntN(60)), freq, n)
	}
	return s
}

func TestFarringtonFlexibleAgainstPlain(t *testing.T) {
	t.Parallel()
	assessed := 0
	rapid.Check(t, func(t *rapid.T) {
		m := NewFarringtonFlexible()
		m.Years = rapid.IntRange(1, 5).Draw(t, "b")
		m.HalfWidth = rapid.IntRange(0, 1).Draw(t, "w")
		s := drawFarringtonSeries(t, m.Years, m.HalfWidth)
		if s.Freq > 12 {
			m.HalfWidth = rapid.IntRange(0, 4).Draw(t, "w of weeks")
		}
		m.Levels = rapid.IntRange(1, min(12, s.Freq-2*m.HalfWidth)).Draw(t, "noPeriods")
		m.SkipLast = rapid.SampledFrom([]int{0, 1, m.HalfWidth, s.Freq / 2}).Draw(t, "pastWeeksNotIncluded")
		m.Reweight = rapid.Bool().Draw(t, "reweight")
		m.WeightsThreshold = rapid.SampledFrom([]float64{1, 2.58}).Draw(t, "weightsThreshold")
		m.PThresholdTrend = rapid.SampledFrom([]float64{1, 0.05, 0.5}).Draw(t, "pThresholdTrend")
		m.Trend = rapid.Bool().Draw(t, "trend")
		m.Alpha = rapid.SampledFrom([]float64{0.005, 0.05}).Draw(t, "alpha")
		m.Limit54 = [2]int{0, 1}
		m.PopulationOffset = len(s.Population) > 0
		m.ThresholdMethod = rapid.SampledFrom([]string{"nbPlugin", "muan", "delta"}).Draw(t, "thresholdMethod")
		m.PowerTrans = rapid.SampledFrom([]string{"2/3", "1/2", "none"}).Draw(t, "powertrans")
		last := s.Len() - 1
		got, err := m.Explain(s, last-1, last+1)
		if err != nil {
			t.Fatal(err)
		}
		for k, r := range got {
			at := last - 1 + k
			labels := plainFarringtonLabels(s, at, m.Years, m.HalfWidth, m.Levels, m.SkipLast)
			want := plainFarringtonModel(s, at, labels, m.Levels-1, m.PopulationOffset, m.Trend, m.Reweight, m.Years, m.WeightsThreshold, m.PThresholdTrend)
			if !want.ok && !want.runaway && r.Outcome != NotAssessed {
				t.Fatalf("period %d: %+v, plainly there is no model", at, r)
			}
			if !want.ok || want.runaway || IsMissing(s.Counts[at]) || r.Note == noteAllZero {
				continue
			}
			compareFarrington(t, at, r, want)
			z := qnorm(1 - m.Alpha)
			var upper float64
			switch m.ThresholdMethod {
			case "nbPlugin":
				upper = plainFarringtonQuantile(1-m.Alpha, want.mean, want.phi)
			case "muan":
				upper = plainFarringtonQuantile(1-m.Alpha, math.Exp(math.Log(want.mean)+z*want.se), want.phi)
			case "delta":
				upper = plainFarringtonPower(m.PowerTrans, want, z)
			}
			if e := relOff(r.Upper, upper); !(e < 1e-8) {
				t.Fatalf("period %d: bound %v, plainly %v", at, r.Upper, upper)
			}
			if (r.Outcome == Alarm) != (r.Observed > upper) || r.Outcome == NotAssessed {
				t.Fatalf("period %d: %v of %v above %v", at, r.Outcome, r.Observed, upper)
			}
			assessed++
		}
	})
	if assessed < 50 {
		t.Errorf("only %d periods were compared", assessed)
	}
}

func TestFarringtonAgainstPlain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := NewFarrington()
		m.Years = rapid.IntRange(2, 5).Draw(t, "b")
		m.HalfWidth = 1
		s := drawFarringtonSeries(t, m.Years, m.HalfWidth)
		s.Population = nil
		if s.Freq > 12 {
			m.HalfWidth = rapid.IntRange(1, 4).Draw(t, "w of weeks")
		}
		m.Reweight = rapid.Bool().Draw(t, "reweight")
		m.Trend = rapid.Bool().Draw(t, "trend")
		m.Limit54 = [2]int{0, 1}
		m.PowerTrans = rapid.SampledFrom([]string{"2/3", "1/2", "none"}).Draw(t, "powertrans")
		at := s.Len() - 1
		got, err := m.Explain(s, at, at+1)
		if err != nil {
			t.Fatal(err)
		}
		labels := plainFarringtonLabels(s, at, m.Years, m.HalfWidth, 1, m.HalfWidth)
		want := plainFarringtonModelAt(s, at, labels, 0, false, m.Trend, m.Reweight, m.Years, 1, 0.05, func(k int) float64 { return float64(k) })
		r := got[0]
		if !want.ok || want.runaway || IsMissing(s.Counts[at]) || r.Note == noteAllZero {
			return
		}
		compareFarrington(t, at, r, want)
		if upper := plainFarringtonPower(m.PowerTrans, want, qnorm(1-m.Alpha/2)); relOff(r.Upper, upper) > 1e-8 {
			t.Fatalf("bound %v, plainly %v", r.Upper, upper)
		}
	})
}

func compareFarrington(t *rapid.T, at int, got FarringtonReason, want plainFarringtonReason) {
	t.Helper()
	if got.Trend != want.trend {
		t.Fatalf("period %d: trend %v, plainly %v (p %v)", at, got.Trend, want.trend, want.p)
	}
	for _, c := range []struct {
		what      string
		got, want float64
		limit     float64
	}{
		{"mean", got.Mean, want.mean, 1e-8},
		{"standard error", got.SE, want.se, 1e-8},
		{"dispersion", got.Phi, want.phi, 1e-8},
		{"slope", got.Slope, want.slope, 1e-6},
		{"p-value", got.SlopeP, want.p, 1e-5},
	} {
		if math.IsNaN(c.got) != math.IsNaN(c.want) || off(c.got, c.want) > c.limit {
			t.Fatalf("period %d: %s %v, plainly %v", at, c.what, c.got, c.want)
		}
	}
}

// plainFarringtonQuantile adds up probabilities of the negative binomial of variance
// phi·mu from their definition.
func plainFarringtonQuantile(p, mu, phi float64) float64 {
	size, sum := mu/(phi-1), 0.0
	for k := 0.0; ; k++ {
		if phi > 1 {
			a, _ := math.Lgamma(size + k)
			b, _ := math.Lgamma(size)
			c, _ := math.Lgamma(k + 1)
			sum += math.Exp(a - b - c - size*math.Log(phi) + k*math.Log(1-1/phi))
		} else {
			c, _ := math.Lgamma(k + 1)
			sum += math.Exp(k*math.Log(mu) - mu - c)
		}
		if sum >= p {
			return k
		}
	}
}

func plainFarringtonPower(powertrans string, r plainFarringtonReason, z float64) float64 {
	tau := r.phi + math.Pow(r.se*r.mean, 2)/r.mean
	switch powertrans {
	case "none":
		return r.mean + z*math.Sqrt(r.mean*tau)
	case "1/2":
		return math.Pow(math.Sqrt(r.mean)+z*math.Sqrt(tau/4), 2)
	}
	return math.Pow(math.Pow(r.mean, 2./3)+z*math.Sqrt(4./9*math.Cbrt(r.mean)*tau), 1.5)
}
