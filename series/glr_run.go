package series

import "math"

// glrRun are the periods of a [GLR] since its start or its last alarm. A period
// that is not known has count 0 and mean 0, which adds nothing to any sum.
type glrRun struct {
	alpha float64
	sign  float64 // 1 for a rise, -1 for a fall
	x, mu []float64
	total float64 // of the counts
	gap   bool    // whether a period of the run is not known
	sum   float64 // the statistic where κ is known

	// Of the periods from k on, without the open one, for each k: sums that are
	// only ever added to, so that nothing cancels.
	counts []float64 // Σx
	means  []float64 // Σmu
	score  []float64 // Σ(x-mu)/(1+alpha·mu): its sign is that of the best κ
	kappa  []float64 // the best κ found last, where the search starts next
}

func (r *glrRun) restart() {
	*r = glrRun{alpha: r.alpha, sign: r.sign, x: r.x[:0], mu: r.mu[:0],
		counts: r.counts[:0], means: r.means[:0], score: r.score[:0], kappa: r.kappa[:0]}
}

// open adds a period of mean mu whose count is still open.
func (r *glrRun) open(mu float64) {
	r.x, r.mu = append(r.x, 0), append(r.mu, mu)
	r.counts, r.means = append(r.counts, 0), append(r.means, 0)
	r.score, r.kappa = append(r.score, 0), append(r.kappa, 0)
}

// close gives the open period its count.
func (r *glrRun) close(x float64) {
	n := len(r.x) - 1
	mu := r.mu[n]
	d := (x - mu) / (1 + r.alpha*mu)
	r.x[n] = x
	r.total += x
	for k := range r.counts {
		r.counts[k] += x
		r.means[k] += mu
		r.score[k] += d
	}
}

// void makes the open period one that is not known.
func (r *glrRun) void() {
	n := len(r.x) - 1
	r.x[n], r.mu[n] = 0, 0
	r.gap = true
}

// skip adds a period that is not known.
func (r *glrRun) skip() {
	r.open(0)
	r.gap = true
}

// statistic is the largest log ratio over the starts first … last where the
// open count is x; 0 where there is none.
func (r *glrRun) statistic(first, last int, x float64) float64 {
	most := 0.0
	for k := last; k >= first; k-- {
		most = math.Max(most, r.logRatio(k, x))
	}
	return most
}

// logRatio is sup over κ of the log ratio of the periods k … n where the open
// count is x.
func (r *glrRun) logRatio(k int, x float64) float64 {
	if r.alpha > 0 {
		return r.negBin(k, x)
	}
	counts, means := r.counts[k]+x, r.means[k]+r.mu[len(r.mu)-1]
	if !(r.sign*(counts-means) > 0) {
		return 0
	}
	return poissonRatio(counts, means)
}

// poissonRatio is c·log(c/m) - c + m, also where c is close to m.
func poissonRatio(c, m float64) float64 {
	if c == 0 {
		return m
	}
	return c * -log1pMinus((m-c)/c)
}

// cases is the least open count that takes the statistic to the limit; for a
// fall, the least that does not.
func (r *glrRun) cases(first, last int, limit float64) float64 {
	if r.sign < 0 {
		least := 0.0
		for k := last; k >= first; k-- {
			if r.logRatio(k, least) >= limit {
				least = r.search(k, least, func(v float64) bool { return v < limit })
			}
		}
		return least
	}
	reaches := func(v float64) bool { return v >= limit }
	least := r.search(last, -1, reaches)
	for k := last - 1; k >= first && least > 0; k-- {
		if reaches(r.logRatio(k, least-1)) {
			least = r.bisect(k, -1, least-1, reaches)
		}
	}
	return least
}

// search is the least count above lo whose log ratio is enough, by doubling.
func (r *glrRun) search(k int, lo float64, enough func(float64) bool) float64 {
	hi := math.Max(1, math.Ceil(r.mu[len(r.mu)-1]))
	for hi <= lo || !enough(r.logRatio(k, hi)) {
		if hi > mostCounts {
			return math.Inf(1)
		}
		lo, hi = math.Max(lo, hi), 2*hi
	}
	return r.bisect(k, lo, hi, enough)
}

// bisect is the least count above lo whose log ratio is enough; that of hi is.
func (r *glrRun) bisect(k int, lo, hi float64, enough func(float64) bool) float64 {
	for hi-lo > 1 {
		if m := math.Floor((lo + hi) / 2); enough(r.logRatio(k, m)) {
			hi = m
		} else {
			lo = m
		}
	}
	return hi
}
