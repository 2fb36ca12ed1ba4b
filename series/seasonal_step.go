package series

import "math"

// spread works out the season of each phase and empties the sums by phase.
func (f *seasonalFit) spread() {
	q := f.season
	for phase := range f.eta {
		eta := 0.0
		for k, v := range f.rows[phase*q : phase*q+q] {
			eta += v * f.beta[k]
		}
		f.eta[phase] = eta
	}
	clear(f.w0)
	clear(f.w1)
	clear(f.w2)
	clear(f.r0)
	clear(f.r1)
}

// step is one of Newton's steps for the coefficients, from the sums by phase:
// periods of one phase differ in nothing but the trend, so that the normal
// equations are summed over phases and not over periods. It leaves the inverse
// of the information in inv, and in free how many of the periods' weight are
// not used up by the coefficients.
func (f *seasonalFit) step(weight float64) {
	q, p := f.season, f.season+1
	clear(f.info)
	clear(f.grad)
	last := f.info[q*p : q*p+p]
	for phase, w := range f.w0 {
		if w == 0 {
			continue
		}
		row := f.rows[phase*q : phase*q+q]
		for k, v := range row {
			f.grad[k] += v * f.r0[phase]
			last[k] += v * f.w1[phase]
			vw := v * w
			info := f.info[k*p : k*p+k+1]
			for l := range info {
				info[l] += vw * row[l]
			}
		}
		f.grad[q] += f.r1[phase]
		last[q] += f.w2[phase]
	}
	// The constant has no prior, but for what keeps the equations solvable.
	phi := max(1, f.phi)
	f.prior[0] = 1e-9
	for k := 1; k < q; k++ {
		f.prior[k] = phi / (f.d.SeasonSD * f.d.SeasonSD)
	}
	f.prior[q] = phi / (f.d.TrendSD * f.d.TrendSD)
	for k, v := range f.prior {
		f.grad[k] -= v * f.beta[k]
		f.info[k*p+k] += v
	}
	if !seasonalCholesky(f.info, f.chol, p) {
		f.beta[0] = math.NaN()
		return
	}
	seasonalSolve(f.chol, f.grad, p)
	f.free = weight
	for k, v := range f.grad {
		f.beta[k] += max(-1, min(1, v))
		column := f.inv[k*p : k*p+p]
		clear(column)
		column[k] = 1
		seasonalSolve(f.chol, column, p)
		f.free -= 1 - f.prior[k]*column[k]
	}
	f.free = max(1, f.free)
}

// seasonalCholesky is the lower triangle l with l·l' = a of a p by p matrix of
// which the lower triangle is read; false where a is not positive definite.
func seasonalCholesky(a, l []float64, p int) bool {
	for i := range p {
		for j := 0; j <= i; j++ {
			s := a[i*p+j]
			for k := range j {
				s -= l[i*p+k] * l[j*p+k]
			}
			if i > j {
				l[i*p+j] = s / l[j*p+j]
				continue
			}
			if !(s > 0) || math.IsInf(s, 1) {
				return false
			}
			l[i*p+i] = math.Sqrt(s)
		}
	}
	return true
}

// seasonalSolve turns b into x of l·l'·x = b.
func seasonalSolve(l, b []float64, p int) {
	for i := range p {
		for k := range i {
			b[i] -= l[i*p+k] * b[k]
		}
		b[i] /= l[i*p+i]
	}
	for i := p - 1; i >= 0; i-- {
		for k := i + 1; k < p; k++ {
			b[i] -= l[k*p+i] * b[k]
		}
		b[i] /= l[i*p+i]
	}
}
