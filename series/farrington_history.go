package series

import "math"

// farringtonHistory is what the fits of all periods need of a series, worked
// out once.
type farringtonHistory struct {
	counts   []float64 // 0 where unknown
	known    []float64 // 1, or 0 where the count or its exposure is not known
	exposure []float64 // none, or 1 where not known
	root6    []float64 // none, or the sixth root of the exposure
	time     []float64 // in periods
	even     bool      // time rises by 1 a period

	// The fit starts from means of count + 0.1.
	start    []float64 // count + 0.1
	working  []float64 // the first working response
	startDev []float64 // deviance of the count from its start

	yLogY []float64 // count · log(count/exposure)
	y23   []float64 // count^(2/3)
}

func newFarringtonHistory(s *Series, time []float64, offset bool) *farringtonHistory {
	n := s.Len()
	buf := make([]float64, 7*n)
	next := func() []float64 {
		b := buf[:n:n]
		buf = buf[n:]
		return b
	}
	h := &farringtonHistory{
		counts: next(), known: next(), time: time, even: true,
		start: next(), working: next(), startDev: next(), yLogY: next(), y23: next(),
	}
	if offset {
		h.exposure, h.root6 = make([]float64, n), make([]float64, n)
	}
	for i, y := range s.Counts {
		if i > 0 && time[i]-time[i-1] != 1 {
			h.even = false
		}
		ok, logExposure := !IsMissing(y), 0.0
		if offset {
			p := s.Population[i]
			if !knownExposure(p) {
				ok, p = false, 1
			}
			h.exposure[i], h.root6[i], logExposure = p, math.Cbrt(math.Sqrt(p)), math.Log(p)
		}
		if ok {
			h.known[i] = 1
		} else {
			y = 0
		}
		h.counts[i], h.start[i] = y, y+0.1
		logStart := math.Log(y + 0.1)
		h.working[i] = logStart - logExposure - 0.1/(y+0.1)
		h.startDev[i] = 0.2
		if y > 0 {
			logY := math.Log(y)
			h.startDev[i] = 2 * (y*(logY-logStart) + 0.1)
			h.yLogY[i] = y * (logY - logExposure)
			root := math.Cbrt(y)
			h.y23[i] = root * root
		}
	}
	return h
}

// knownExposure says whether a population can be an offset: log 0 cannot.
func knownExposure(p float64) bool { return p > 0 && !math.IsInf(p, 1) }

// powers sets e to exp(slope · (time-origin)), from one period to the next by
// multiplication where time allows it, over the periods [lo, hi).
func (h *farringtonHistory) powers(e []float64, slope, origin float64, lo, hi int) {
	time := h.time[lo:hi]
	e = e[lo:hi]
	if slope == 0 {
		for i := range e {
			e[i] = 1
		}
		return
	}
	if !h.even {
		for i, t := range time {
			e[i] = math.Exp(slope * (t - origin))
		}
		return
	}
	// Four chains side by side, begun anew every 256 periods.
	r := math.Exp(slope)
	r2 := r * r
	r4 := r2 * r2
	for len(e) > 0 {
		part := e[:min(256, len(e))]
		x0 := math.Exp(slope * (time[0] - origin))
		x1, x2 := x0*r, x0*r2
		x3 := x2 * r
		for ; len(part) >= 4; part = part[4:] {
			part[0], part[1], part[2], part[3] = x0, x1, x2, x3
			x0, x1, x2, x3 = x0*r4, x1*r4, x2*r4, x3*r4
		}
		if len(part) > 0 {
			part[0] = x0
		}
		if len(part) > 1 {
			part[1] = x1
		}
		if len(part) > 2 {
			part[2] = x2
		}
		k := min(256, len(e))
		e, time = e[k:], time[k:]
	}
}
