package series

import (
	"fmt"
	"math"
)

// Nowcast completes counts of the latest periods by what is still to come in:
// Lawless, "Adjustments for reporting delays and the prediction of occurred but
// not reported events", Canadian Journal of Statistics 22 (1994), 15-31, which
// is the chain ladder of insurers told as a hazard that runs backwards.
//
// It takes the delays of all periods (or of the latest Window) for alike, the
// events for independent, and the longest delay of the triangle for the end. A
// source that sends its reports in bulk, or that got slower, breaks this.
//
// R's surveillance::nowcast(method = "lawless") departs from the paper: the
// first line of its variance (2.16), which is the uncertainty about the delays,
// is computed and dropped; its truncated normal distribution does not sum to 1;
// what lies above 300 is lost, and limits there become 0; and a period without
// a report so far is 0 for certain. Compat "r" reproduces that.
type Nowcast struct {
	Window   int     `json:"m"`         // learn the delays from that many periods before now; 0: from all
	Alpha    float64 `json:"alpha"`     // 1 minus the level of the intervals
	MinShare float64 `json:"min_share"` // a period of which less is expected to be in is not assessed
	Compat   string  `json:"compat"`    // "" or "documented" for the paper, "r" for medians and limits as R has them, whatever MinShare
}

// NewNowcast gives 95 % intervals, and assesses periods of which a tenth is in.
func NewNowcast() Nowcast { return Nowcast{Alpha: 0.05, MinShare: 0.1} }

// Completion is a triangle completed.
type Completion struct {
	// ReverseHazard[d] is the probability that an event was reported with delay
	// d, given that its delay is no longer: equation 2.9, and 1 for d = 0. NaN
	// where no event says anything of it.
	ReverseHazard []float64
	Delay         []float64 // probability that a delay is at most d, of those up to the longest
	Periods       []Completed
	Note          string // what limits all of it
}

// Completed is a period with what is still to come.
type Completed struct {
	Index    int     // of the period in the triangle
	Reported float64 // so far; NaN where some of it is not known
	Share    float64 // of all its events that are expected to be reported by now
	Expected float64 // its events in the end: Reported/Share, equation 2.12
	Median   float64 // Expected as a whole number
	Lower    float64 // limits of what its events will be in the end
	Upper    float64
	Settled  bool   // old enough that nothing more is to come
	Assessed bool   // there is an answer: Expected, Median and limits
	Note     string // why it was not assessed, or what limits the answer
}

// Complete completes a triangle, in time linear in its cells.
func (m Nowcast) Complete(t *Triangle) (*Completion, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	if err := checkCompat("nowcast", m.Compat); err != nil {
		return nil, err
	}
	switch {
	case !(m.Alpha > 0) || m.Alpha >= 1:
		return nil, fmt.Errorf("series: nowcast: alpha is %v: it lies between 0 and 1", m.Alpha)
	case m.Window < 0:
		return nil, fmt.Errorf("series: nowcast: m is %d", m.Window)
	case !(m.MinShare >= 0) || m.MinShare > 1:
		return nil, fmt.Errorf("series: nowcast: min_share is %v: it is a share", m.MinShare)
	}
	d := m.learn(t)
	out := &Completion{ReverseHazard: d.hazard, Delay: d.share, Periods: make([]Completed, 0, len(t.Counts))}
	for i := range t.Counts {
		out.Periods = append(out.Periods, m.complete(t, d, i))
	}
	if last := len(d.share) - 1; len(t.Counts) <= last {
		out.Note = fmt.Sprintf("delays go up to %d periods, and the triangle has only %d", last, len(t.Counts))
	}
	return out, nil
}

// delays is what periods tell of them, by delay.
type delays struct {
	hazard   []float64 // reverse hazard, equation 2.9
	share    []float64 // probability of no longer a delay, equation 2.13; NaN where a longer one has no hazard
	variance []float64 // of share, equation 2.15
	likeR    []float64 // share where a hazard that is not known is 0
}

func (m Nowcast) learn(t *Triangle) delays {
	// How many events had a delay, and how many had it or a shorter one, in the
	// periods of which both are known: equations 2.7 and 2.8.
	width := len(t.Counts[0])
	with, upTo := make([]float64, width), make([]float64, width)
	first := 0
	if m.Window > 0 {
		first = max(0, len(t.Counts)-1-m.Window)
	}
	for i := first; i < len(t.Counts); i++ {
		sum := 0.0
		for x, n := range t.Counts[i][:t.known(i)] {
			if sum += n; IsMissing(sum) {
				break
			}
			with[x] += n
			upTo[x] += sum
		}
	}
	d := delays{make([]float64, width), make([]float64, width), make([]float64, width), make([]float64, width)}
	last := width - 1
	d.share[last], d.likeR[last] = 1, 1
	relative := 0.0
	for x := last; x > 0; x-- {
		g := with[x] / upTo[x]
		relative += g / (upTo[x] * (1 - g))
		d.hazard[x] = g
		d.share[x-1] = d.share[x] * (1 - g)
		d.variance[x-1] = d.share[x-1] * d.share[x-1] * relative
		d.likeR[x-1] = d.likeR[x]
		if !math.IsNaN(g) {
			d.likeR[x-1] *= 1 - g
		}
	}
	d.hazard[0] = 1
	return d
}

// complete is the answer for one period.
func (m Nowcast) complete(t *Triangle, d delays, i int) Completed {
	nan := math.NaN()
	c := Completed{Index: i, Expected: nan, Median: nan, Lower: nan, Upper: nan}
	for _, n := range t.Counts[i][:t.known(i)] {
		c.Reported += n
	}
	x := t.known(i) - 1
	c.Share = d.share[x]
	c.Settled = x == len(d.share)-1
	switch {
	case IsMissing(c.Reported):
		c.Note = "it is not known what was reported in some periods"
	case len(t.Counts) < len(d.share):
		c.Note = "no period is old enough to show the longest delays"
	case m.Compat == "r":
		m.likeR(&c, d.likeR[x])
	case math.IsNaN(c.Share):
		c.Note = "no events show how often a delay this long or longer occurs"
	case c.Share < m.MinShare || c.Share == 0:
		c.Note = fmt.Sprintf("too recent: %.2g %% of its events are expected to be reported by now", 100*c.Share)
	default:
		c.Assessed = true
		c.Expected = c.Reported / c.Share
		c.Median = math.Round(c.Expected)
		m.limits(&c, d.variance[x])
	}
	return c
}

// limits are those of the normal approximation, equation 2.16 and below it,
// widened to whole numbers.
func (m Nowcast) limits(c *Completed, variance float64) {
	n, w := c.Reported, c.Share
	if n == 0 && w < 1 {
		// The approximation has no width here. The upper limit is the largest
		// number of events of which it is not too improbable that none is in.
		c.Lower, c.Upper = 0, math.Floor(math.Log(m.Alpha/2)/math.Log1p(-w))
		c.Note = "nothing is reported yet: the limit is the largest number that may well show none"
		return
	}
	if w == 1 && !c.Settled {
		c.Note = "no event had a longer delay so far: more may still come"
	}
	sd := math.Sqrt(n*(n+1)/(w*w*w*w)*variance + n*(1-w)/(w*w))
	half := -qnorm(m.Alpha/2) * sd
	c.Lower = max(n, math.Floor(c.Expected-half))
	c.Upper = max(n, math.Ceil(c.Expected+half))
}

// likeR is what surveillance 1.20.3 gives, its faults included.
func (m Nowcast) likeR(c *Completed, w float64) {
	const most = 300 // its N.tInf.max
	n := c.Reported
	if c.Share = w; w == 0 {
		c.Note = "too recent: none of its events are expected to be reported by now"
		return
	}
	c.Assessed = true
	c.Expected = n / w
	sd := math.Sqrt(n * (1 - w) / (w * w))
	below := func(k float64) float64 { return math.Erfc((c.Expected-k)/sd/math.Sqrt2) / 2 }
	quantile := func(q float64) float64 {
		if sd == 0 && c.Expected <= most {
			return c.Expected
		}
		for k := n; k <= most && sd > 0; k++ {
			if below(k)/(1-below(n)) > q {
				return k
			}
		}
		return 0
	}
	c.Median, c.Lower, c.Upper = quantile(0.5), quantile(m.Alpha/2), quantile(1-m.Alpha/2)
}
