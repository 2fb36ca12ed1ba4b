package series

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// The benchmark of detectors is that of Noufaily et al. (2013), section 4: 42
// scenarios of twelve years of weeks, with four outbreaks in the past and one
// in the last year. The oracle has ten replicates of each; makeBench draws
// others, so that what was chosen on some is judged on others.

// benchScenario is a baseline: exp(Theta + Beta t + season) cases a week, of
// variance Phi times that.
type benchScenario struct {
	ID    int     `json:"id"`
	Theta float64 `json:"theta"`
	Phi   float64 `json:"phi"`
	Beta  float64 `json:"beta"`
	G1    float64 `json:"g1"`
	G2    float64 `json:"g2"`
	M     int     `json:"m"`     // waves of the season
	Trend int     `json:"trend"` // whether there is one
}

// mean is the expected count of week t, from 1.
func (s benchScenario) mean(t int) float64 {
	eta := s.Theta + float64(s.Trend)*s.Beta*float64(t)
	for j := 1; j <= s.M; j++ {
		sin, cos := math.Sincos(2 * math.Pi * float64(j*t) / 52)
		eta += s.G1*cos + s.G2*sin
	}
	return math.Exp(eta)
}

// benchScenarios are the 42: seven sets of parameters, without and with trend,
// with no, one and two waves.
func benchScenarios() []benchScenario {
	var out []benchScenario
	for _, p := range []benchScenario{
		{Theta: 0.1, Phi: 1.5, Beta: 0.0025, G1: 0.6, G2: 0.6},
		{Theta: -2, Phi: 2, Beta: 0.005, G1: 0.1, G2: 0.3},
		{Theta: 1.5, Phi: 1, Beta: 0.003, G1: 0.2, G2: -0.4},
		{Theta: 0.5, Phi: 5, Beta: 0.002, G1: 0.5, G2: 0.5},
		{Theta: 2.5, Phi: 3, Beta: 0.001, G1: 1, G2: 0.1},
		{Theta: 3.75, Phi: 1.1, Beta: 0.001, G1: 0.1, G2: -0.1},
		{Theta: 5, Phi: 1.2, Beta: 0.0001, G1: 0.05, G2: 0.01},
	} {
		for p.Trend = range 2 {
			for p.M = range 3 {
				p.ID = len(out) + 1
				out = append(out, p)
			}
		}
	}
	return out
}

// The weeks that are judged, from 1.
const benchFirst, benchLast = 576, 624

type benchSet struct {
	Runs []benchRun `json:"runs"`
}

type benchRun struct {
	Scenario int             `json:"scenario"`
	Rep      int             `json:"rep"`
	Baseline []float64       `json:"baseline"`
	Past     []benchOutbreak `json:"past"`
	Current  benchOutbreak   `json:"current"`
}

type benchOutbreak struct {
	Start int       `json:"start"`
	K     float64   `json:"k"` // size in standard deviations of the first week
	Weeks []int     `json:"weeks"`
	Adds  []float64 `json:"adds"`
}

func (o benchOutbreak) last() int { return o.Weeks[len(o.Weeks)-1] }

func (o benchOutbreak) addTo(counts []float64) {
	for i, w := range o.Weeks {
		counts[w-1] += o.Adds[i]
	}
}

// makeBench draws reps series of each of the 42 scenarios.
func makeBench(seed uint64, reps int) benchSet {
	var set benchSet
	for _, sc := range benchScenarios() {
		for rep := range reps {
			set.Runs = append(set.Runs, drawRun(rand.New(rand.NewPCG(seed, uint64(sc.ID)<<32|uint64(rep))), sc, rep+1, nil))
		}
	}
	return set
}

// drawRun draws a series, with a level by which each week is multiplied, or none.
func drawRun(rng *rand.Rand, sc benchScenario, rep int, level []float64) benchRun {
	mean := func(t int) float64 {
		if level == nil {
			return sc.mean(t)
		}
		return sc.mean(t) * level[t-1]
	}
	outbreak := func(first, last int, k float64) benchOutbreak {
		start := first + rng.IntN(last-first+1)
		return drawOutbreak(rng, start, k, k*math.Sqrt(sc.Phi*mean(start)))
	}
	run := benchRun{Scenario: sc.ID, Rep: rep, Baseline: make([]float64, benchLast)}
	for i := range run.Baseline {
		run.Baseline[i] = drawCount(rng, mean(i+1), sc.Phi)
	}
	for _, k := range []float64{2, 3, 5, 10} {
		run.Past = append(run.Past, outbreak(313, 575, k))
	}
	run.Current = outbreak(benchFirst, benchLast, float64(1+rng.IntN(10)))
	return run
}

// drawCount draws a negative binomial count of variance phi·mean.
func drawCount(rng *rand.Rand, mean, phi float64) float64 {
	if phi > 1 {
		mean = distuv.Gamma{Alpha: mean / (phi - 1), Beta: 1 / (phi - 1), Src: rng}.Rand()
	}
	if mean == 0 {
		return 0
	}
	return distuv.Poisson{Lambda: mean, Src: rng}.Rand()
}

// drawOutbreak draws an outbreak of Poisson(size) cases, one at least, each a
// lognormal(0, 0.5) number of weeks after its start, whole weeks counting.
func drawOutbreak(rng *rand.Rand, start int, k, size float64) benchOutbreak {
	adds := map[int]float64{}
	for range max(1, int(distuv.Poisson{Lambda: size, Src: rng}.Rand())) {
		adds[min(benchLast, start+int(math.Exp(rng.NormFloat64()/2)))]++
	}
	o := benchOutbreak{Start: start, K: k}
	for w := range adds {
		o.Weeks = append(o.Weeks, w)
	}
	slices.Sort(o.Weeks)
	for _, w := range o.Weeks {
		o.Adds = append(o.Adds, adds[w])
	}
	return o
}

// makeDrift draws series whose level does what the model of a detector does not
// know of: "walk" wanders by 2 % a week, "step" rises or falls by half on the
// scale of logs in week 380 to 550, "bend" grows by 30 % a year until then and
// stops, "peak" swings by ±60 % in seven years, "echo" has weekly disturbances
// that last some weeks.
func makeDrift(kind string, seed uint64, reps int) benchSet {
	var set benchSet
	for _, sc := range benchScenarios() {
		if sc.M != 1 || sc.Trend != 0 {
			continue
		}
		for rep := range reps {
			rng := rand.New(rand.NewPCG(seed, uint64(sc.ID)<<32|uint64(rep)))
			at, sign, x := 380+rng.IntN(170), float64(1-2*rng.IntN(2)), 0.0
			level := make([]float64, benchLast)
			for i := range level {
				switch kind {
				case "walk":
					x += 0.02 * rng.NormFloat64()
				case "step":
					if i == at {
						x = sign / 2
					}
				case "bend":
					if i < at {
						x += 0.005
					}
				case "peak":
					x = 0.6 * math.Sin(2*math.Pi*float64(i)/52/7.3+float64(rep))
				case "echo":
					x = 0.8*x + 0.09*rng.NormFloat64()
				}
				level[i] = math.Exp(x)
			}
			set.Runs = append(set.Runs, drawRun(rng, sc, rep+1, level))
		}
	}
	return set
}

// A benchLoss is what becomes of a tenth of the weeks.
type benchLoss struct {
	name    string
	rate    float64
	value   float64
	current bool // also in the weeks that are judged
}

var (
	noLoss      = benchLoss{name: "complete"}
	lostPast    = benchLoss{"10 % of the history lost, coded missing", 0.1, Missing, false}
	lostAll     = benchLoss{"10 % of all weeks lost, coded missing", 0.1, Missing, true}
	zeroPast    = benchLoss{"10 % of the history lost, coded zero", 0.1, 0, false}
	zeroAll     = benchLoss{"10 % of all weeks lost, coded zero", 0.1, 0, true}
	benchLosses = []benchLoss{noLoss, lostPast, zeroPast, lostAll, zeroAll}
)

// series is the run with its current outbreak or without it; the same weeks are
// lost in either.
func (r benchRun) series(current bool, loss benchLoss) *Series {
	c := slices.Clone(r.Baseline)
	for _, o := range r.Past {
		o.addTo(c)
	}
	if current {
		r.Current.addTo(c)
	}
	rng := rand.New(rand.NewPCG(77, uint64(r.Scenario)<<32|uint64(r.Rep)))
	for i := range c {
		if rng.Float64() < loss.rate && (loss.current || i < benchFirst-1) {
			c[i] = loss.value
		}
	}
	return &Series{Counts: c, Freq: 52, Start: [2]int{2003, 1}}
}
