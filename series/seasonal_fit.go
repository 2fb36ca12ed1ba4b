package series

import "math"

// seasonalFit is what was learned of a series from the periods before the one
// to be evaluated, and the room to learn it in.
type seasonalFit struct {
	d Seasonal
	s *Series
	seasonalDesign

	recent, window, block int // periods: left out, at most learned from (or 0), between fits from scratch
	at                    int // period that the fit is for, or -1
	origin                int // period in which the trend is zero
	ceiling               float64

	beta    []float64 // constant, season, trend
	phi     float64   // variance of a count in terms of its mean, at least 1
	free    float64   // degrees of freedom of phi
	outages int       // zeros taken for outages

	rho   float64   // what the level keeps from one period to the next
	drift float64   // variance of the level
	level []float64 // by period, as it was known before it
	now   float64   // the level for the next period, and its variance
	nowV  float64

	eta                []float64 // by phase of the year
	w0, w1, w2, r0, r1 []float64 // by phase: sums of weights and residuals, times trend, times its square
	info, chol, inv    []float64
	prior, grad, x     []float64

	noted    int // outages that noteText is about
	noteText string
}

const (
	// seasonalStart is how many passes a fit from scratch takes, the first
	// seasonalPlain of them without an eye for outbreaks. From one period to the
	// next a single pass is enough.
	seasonalStart, seasonalPlain = 12, 3

	seasonalExcess = 4   // mean of the excess of an outbreak, in standard deviations
	seasonalCut    = 2.5 // standard deviations by which a period can move the level at most
	seasonalLow    = 5.3 // minus the log probability from which a zero may be an outage: 1 in 200
)

// newSeasonalFit makes room for periods below to.
func newSeasonalFit(d Seasonal, s *Series, to int) *seasonalFit {
	year := float64(s.Freq)
	f := &seasonalFit{
		d: d, s: s, seasonalDesign: newSeasonalDesign(s, to, d.Harmonics), at: -1,
		recent: int(math.Round(d.RecentYears * year)), block: max(1, s.Freq/4),
	}
	if w := math.Ceil(d.Years * year); w < float64(to) {
		f.window = int(w)
	}
	if d.LevelYears > 0 {
		f.rho = math.Exp(-1 / (d.LevelYears * year))
	}
	p, phases := f.season+1, len(f.rows)/f.season
	room := make([]float64, to+6*phases+3*p*p+4*p)
	take := func(n int) []float64 {
		part := room[:n:n]
		room = room[n:]
		return part
	}
	f.level = take(to)
	f.eta, f.w0, f.w1, f.w2, f.r0, f.r1 = take(phases), take(phases), take(phases), take(phases), take(phases), take(phases)
	f.info, f.chol, f.inv = take(p*p), take(p*p), take(p*p)
	f.beta, f.prior, f.grad, f.x = take(p), take(p), take(p), take(p)
	return f
}

// reference are the periods to learn from for period t.
func (f *seasonalFit) reference(t int) (from, to int) {
	to = max(0, t-f.recent)
	if f.window > 0 {
		from = max(0, to-f.window)
	}
	return from, to
}

// enough says why there is too little to learn from for period t, or nothing.
func (f *seasonalFit) enough(t int) string {
	from, to := f.reference(t)
	first := from
	for first < to && f.knownTo[first+1] == f.knownTo[from] {
		first++
	}
	switch n := f.knownTo[to] - f.knownTo[from]; {
	case t-first < f.s.Freq:
		return seasonalYoung
	case n < max(8, f.s.Freq/2):
		return seasonalFew
	case f.casesTo[to] == f.casesTo[from]:
		return seasonalZero
	}
	return ""
}

// learn fits the model for period t. It gives the same whichever periods were
// fitted before: a fit goes from period to period, a pass each, but starts from
// scratch at fixed periods, four times a year.
func (f *seasonalFit) learn(t int) string {
	if why := f.enough(t); why != "" {
		f.at = -1
		return why
	}
	from := t / f.block * f.block
	if f.enough(from) != "" {
		from = t
	}
	if f.at != t-1 || from == t {
		f.start(from)
		f.at = from
	}
	for f.at < t {
		f.at++
		f.pass(f.at, false)
	}
	return ""
}

// start fits the model for period t from scratch.
func (f *seasonalFit) start(t int) {
	from, to := f.reference(t)
	exposure := 0.0
	for i := from; i < to; i++ {
		if f.known(i) {
			exposure += math.Exp(f.offset(i))
		}
	}
	cases := f.casesTo[to] - f.casesTo[from]
	clear(f.beta)
	f.beta[0] = math.Log(cases / exposure)
	f.ceiling = math.Log(cases+1) + 10
	f.phi, f.drift, f.origin = 0, 0, t
	for k := range seasonalStart {
		f.pass(t, k < seasonalPlain)
	}
}

// pass is a step of the fit for period t: the weights of the periods given the
// coefficients, then the coefficients given the weights by one step of iterated
// weighted least squares, then φ and the level.
func (f *seasonalFit) pass(t int, plain bool) {
	from, to := f.reference(t)
	f.spread()
	var sum, weight, means float64
	var l, seen seasonalLevel
	slope, year := f.beta[f.season], float64(f.s.Freq)
	settled := from + int(f.d.LevelYears*year)
	f.outages = 0
	for i := from; i < to; i++ {
		l.forget(f.rho)
		level := l.shrunk(f.drift, f.phi)
		f.level[i] = level
		if !f.known(i) {
			continue
		}
		y, phase := f.s.Counts[i], f.phase[i]
		trend := float64(i-f.origin) / year
		mean := math.Exp(max(-30, min(f.ceiling, f.eta[phase]+slope*trend)) + f.offset(i))
		// What was to be expected from as far back as for period t.
		expected := mean
		if i-f.recent >= from {
			expected *= 1 + f.level[i-f.recent]
		}
		w := 1.0
		if !plain {
			if w = f.weight(y, expected); w < 0.5 && y == 0 {
				f.outages++
				continue
			}
		}
		weight += w
		means += w * mean
		sum += w * (y - expected) * (y - expected) / expected
		wm, wr := w*mean, w*(y-mean)
		f.w0[phase] += wm
		f.w1[phase] += wm * trend
		f.w2[phase] += wm * trend * trend
		f.r0[phase] += wr
		f.r1[phase] += wr * trend
		if f.rho > 0 {
			l.add(y, mean, level, f.phi, plain)
			if i >= settled {
				seen.a += l.a*l.a - f.phi*l.c
				seen.b += l.b * l.b
			}
		}
	}
	f.step(weight)
	f.phi = max(1, sum/f.free)
	// The squares that φ is the mean of vary by 2 plus the kurtosis of a
	// count: where counts are small, φ is known as if from fewer of them.
	kurtosis := (6*f.phi*f.phi - 6*f.phi + 1) / (f.phi * means / weight)
	f.free = max(1, f.free/(1+kurtosis/2))
	f.drift = 0
	if seen.a > 0 && seen.b > 0 {
		f.drift = seen.a / seen.b
	}
	f.now = l.shrunk(f.drift, f.phi)
	f.nowV = l.variance(f.drift, f.phi)
}

// weight is the probability of a count to be an ordinary one: not one with an
// excess, exponential with a mean of seasonalExcess standard deviations, and not
// a zero that stands for an outage.
func (f *seasonalFit) weight(y, mean float64) float64 {
	res := y - mean
	if res*res <= 2*f.phi*mean {
		return 1
	}
	if res > 0 {
		excess := seasonalExcess * math.Sqrt(f.phi*mean)
		return 1 / (1 + f.d.Contamination/(excess+1)*math.Exp(-res/excess-seasonalLogMass(y, mean, f.phi)))
	}
	if y == 0 {
		if mass := seasonalLogMass(0, mean, f.phi); mass < -seasonalLow {
			return 1 / (1 + f.d.Contamination*math.Exp(-mass))
		}
	}
	return 1
}

// predict is the expected count of period i, and the variance of its logarithm.
func (f *seasonalFit) predict(i int) (mean, v float64) {
	p := f.season + 1
	copy(f.x, f.row(i))
	f.x[f.season] = float64(i-f.origin) / float64(f.s.Freq)
	eta := f.offset(i)
	for k, a := range f.x {
		eta += a * f.beta[k]
		for l, b := range f.x {
			v += a * b * f.inv[k*p+l]
		}
	}
	return math.Exp(eta) * (1 + f.now), v*f.phi + f.nowV
}

// before is the count of the period before t and what was to be expected in it;
// it is not ok where there is none to be looked at.
func (f *seasonalFit) before(t int) (y, mean float64, ok bool) {
	if f.d.Memory == 0 || t == 0 || !f.known(t-1) {
		return 0, 0, false
	}
	y = f.s.Counts[t-1]
	mean, _ = f.predict(t - 1)
	ok = mean > 0 && !math.IsInf(mean, 0) && (y > 0 || f.weight(y, mean) >= 0.5)
	return y, mean, ok
}
