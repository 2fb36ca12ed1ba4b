package series

import (
	"errors"
	"math"
)

// glm is the regression log E[y] = offset + x·b of counts, fitted by
// iteratively reweighted least squares (McCullagh and Nelder 1989, section
// 2.5). The variance of a count is its mean (Poisson; with the dispersion,
// quasi-Poisson), or mean + mean²/theta (negative binomial).
//
// For Poisson, start, step and the rule when to stop are those of R's glm.fit,
// because the figures at the last step depend on them: the covariance and the hat
// values are of the weights with which the last step was solved, one step older
// than the means, and so is the dispersion.
//
// A glm may be fitted again with other input; it then reuses its memory.
type glm struct {
	x       [][]float64 // columns of the design, each as long as y
	y       []float64   // counts, 0 or more
	weights []float64   // prior weights, 0 or more; none is 1 everywhere
	offset  []float64   // logarithm of the exposure; none is 0 everywhere
	theta   float64     // size of the negative binomial; 0 or +Inf is Poisson

	coef       []float64
	mu         []float64 // fitted means
	hat        []float64 // leverages
	deviance   float64
	dispersion float64 // Pearson's; NaN where df is 0
	df         int     // observations with weight, less coefficients
	iter       int
	converged  bool

	qr      leastSquares
	root    []float64 // roots of the working weights
	z       []float64 // working response
	eta     []float64
	coefOld []float64
}

const (
	glmEpsilon = 1e-8 // relative change of the deviance at which R's fit has converged
	glmMaxIter = 25

	newtonStep    = 1e-6 // last step of the descent, in standard errors; the next is its square
	newtonMaxIter = 200  // it may start far off

	tinyMean = 0x1p-52 // least mean, so that no weight is zero
)

var (
	errCollinear = errors.New("the columns of the design depend on each other")
	errSparse    = errors.New("too few periods with a count above zero")
	errDiverged  = errors.New("the fit does not converge")
)

// fit fits the coefficients at the given theta. It starts from the counts
// themselves; for the negative binomial, from Poisson's fit.
//
// Where the observations that are above zero cannot tell the coefficients
// apart, the likelihood may have no maximum (some coefficient runs off to
// infinity), and the answer is errSparse instead of wherever the steps stop.
func (g *glm) fit() error {
	theta := g.theta
	g.theta = 0
	err := g.fitPoisson()
	g.theta = theta
	if err != nil || g.poisson() {
		return err
	}
	return g.steps(true)
}

func (g *glm) fitPoisson() error {
	n, p := len(g.y), len(g.x)
	g.mu, g.root, g.z, g.eta, g.hat = sized(g.mu, n), sized(g.root, n), sized(g.z, n), sized(g.eta, n), sized(g.hat, n)
	g.coef, g.coefOld = sized(g.coef, p), sized(g.coefOld, p)
	g.df = -p
	for i, y := range g.y {
		g.root[i] = 0
		if g.weight(i) > 0 {
			g.df++
			if y > 0 {
				g.root[i] = 1
			}
		}
		g.mu[i] = y + 0.1
		g.eta[i] = math.Log(g.mu[i])
	}
	if g.df < 0 || !g.qr.factor(g.x, g.root) {
		return errSparse
	}
	if g.steps(false) == nil {
		return nil
	}
	// Where R gives up, go down from the least squares of the logarithms instead.
	for i, y := range g.y {
		g.root[i] = math.Sqrt(g.weight(i))
		g.z[i] = g.root[i] * (math.Log(y+0.1) - g.off(i))
	}
	if !g.qr.factor(g.x, g.root) {
		return errCollinear
	}
	g.qr.solve(g.z, g.coef)
	g.predict()
	return g.steps(true)
}

// steps goes from eta and mu to those of greatest likelihood at the given
// theta. With downhill, coef must be those of eta, and a step that makes the
// fit worse is halved; R halves only one that leaves the numbers.
//
// The steps are Newton's: weighted by the information in what was observed,
// which for Poisson is what was to be expected. For the negative binomial the
// latter may take hundreds of steps; it is used at the end, for the covariance.
func (g *glm) steps(downhill bool) error {
	last, most := g.dev(), glmMaxIter
	if downhill {
		most = newtonMaxIter
	}
	for g.iter = 1; g.iter <= most; g.iter++ {
		for i, mu := range g.mu {
			ratio := g.variance(g.y[i]) / g.variance(mu)
			g.root[i] = math.Sqrt(g.weight(i) * g.information(mu) * ratio)
			g.z[i] = g.root[i] * (g.eta[i] - g.off(i) + (g.y[i]-mu)/mu/ratio)
		}
		if !g.qr.factor(g.x, g.root) {
			return errCollinear
		}
		copy(g.coefOld, g.coef)
		g.qr.solve(g.z, g.coef)
		g.predict()
		g.deviance = g.dev()
		for half := 0; !isFinite(g.deviance) || downhill && g.deviance-last > 1e-10*(math.Abs(last)+0.1); half++ {
			if !downhill && g.iter == 1 {
				return errDiverged
			}
			if half == 60 {
				break // the step is nothing
			}
			for j := range g.coef {
				g.coef[j] = (g.coef[j] + g.coefOld[j]) / 2
			}
			g.predict()
			g.deviance = g.dev()
		}
		g.converged = math.Abs(g.deviance-last)/(math.Abs(g.deviance)+0.1) < glmEpsilon
		if downhill {
			g.converged = g.qr.length(g.coef, g.coefOld) < newtonStep
		}
		if g.converged {
			break
		}
		last = g.deviance
	}
	if !g.converged {
		return errDiverged
	}
	if !g.poisson() {
		for i, mu := range g.mu {
			g.root[i] = math.Sqrt(g.weight(i) * g.information(mu))
		}
		if !g.qr.factor(g.x, g.root) {
			return errCollinear
		}
	}
	pearson := 0.0
	for i, mu := range g.mu {
		r := g.root[i] * (g.y[i] - mu) / mu
		pearson += r * r
	}
	g.dispersion = pearson / float64(g.df)
	g.qr.leverages(g.hat)
	return nil
}

func (g *glm) weight(i int) float64 {
	if g.weights == nil {
		return 1
	}
	return g.weights[i]
}

func (g *glm) off(i int) float64 {
	if g.offset == nil {
		return 0
	}
	return g.offset[i]
}

// poisson says that the variance is the mean.
func (g *glm) poisson() bool { return g.theta == 0 || math.IsInf(g.theta, 1) }

// variance is that of a count with the mean mu, in units of mu.
func (g *glm) variance(mu float64) float64 {
	if g.poisson() {
		return 1
	}
	return 1 + mu/g.theta
}

// information is what one observation is expected to tell of the logarithm of
// its mean.
func (g *glm) information(mu float64) float64 { return mu / g.variance(mu) }

// predict computes eta and mu from the coefficients.
func (g *glm) predict() {
	for i := range g.eta {
		e := g.off(i)
		for j, b := range g.coef {
			e += b * g.x[j][i]
		}
		g.eta[i] = e
		g.mu[i] = math.Max(math.Exp(e), tinyMean)
	}
}

// dev is the deviance at the means.
func (g *glm) dev() float64 {
	sum := 0.0
	for i, mu := range g.mu {
		w := g.weight(i)
		switch {
		case w == 0:
		case g.poisson():
			sum += w * poissonDeviance(g.y[i], mu)
		default:
			sum += w * negBinDeviance(g.y[i], mu, g.theta)
		}
	}
	return 2 * sum
}

// covariance is that of coefficients j and k where the dispersion is 1.
func (g *glm) covariance(j, k int) float64 { return g.qr.inverse(j, k) }

// anscombe is the standardised Anscombe residual of an observation
// (Farrington et al. 1996), with a dispersion of at least 1.
func (g *glm) anscombe(i int) float64 {
	phi := math.Max(1, g.dispersion)
	y, mu := g.y[i], g.mu[i]
	return 1.5 * (math.Cbrt(y*y)/math.Pow(mu, 1.0/6) - math.Sqrt(mu)) / math.Sqrt(phi*(1-g.hat[i]))
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// sized is a slice of length n, in the memory of s where that suffices.
func sized(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	return s[:n]
}
