package series

import "math"

// leastSquares solves weighted least squares by the modified Gram-Schmidt
// orthogonalisation, with the response carried along as one more column: as
// accurate as Householder's reflections (Björck 1967), while the normal
// equations would lose half of the digits to a time that runs from 1 to 1500.
// It keeps its memory from one use to the next.
type leastSquares struct {
	n, p int
	q    []float64 // p columns of length n, orthonormal
	r    []float64 // p×p, upper triangle, by rows
	inv  []float64 // inverse of r
	rest []float64 // residual of the response, weighted
	qty  []float64
}

// dependent is the part of a column's length below which it counts as a
// combination of those before it.
const dependent = 1e-13

// factor decomposes the columns of x, each row times its root weight (no roots
// are 1 everywhere). It says whether the columns are independent.
func (s *leastSquares) factor(x [][]float64, root []float64) bool {
	s.p = len(x)
	if s.p == 0 {
		return false
	}
	s.n = len(x[0])
	n, p := s.n, s.p
	s.q, s.r, s.inv = sized(s.q, n*p), sized(s.r, p*p), sized(s.inv, p*p)
	for j := range p {
		qj := s.q[j*n : (j+1)*n]
		copy(qj, x[j])
		for i := range root {
			qj[i] *= root[i]
		}
		whole := norm(qj)
		for k := range j {
			s.r[k*p+j] = project(s.q[k*n:(k+1)*n], qj)
		}
		left := norm(qj)
		if !(left > dependent*whole) || math.IsInf(left, 1) {
			return false
		}
		s.r[j*p+j] = left
		for i := range qj {
			qj[i] /= left
		}
	}
	for j := range p { // the columns of the inverse, by back substitution
		for i := p - 1; i >= 0; i-- {
			v := 0.0
			if i == j {
				v = 1
			}
			for k := i + 1; k <= j; k++ {
				v -= s.r[i*p+k] * s.inv[k*p+j]
			}
			s.inv[i*p+j] = v / s.r[i*p+i]
			if i > j {
				s.inv[i*p+j] = 0
			}
		}
	}
	return true
}

// solve writes the coefficients for the response z, which is weighted already,
// into coef, and keeps the weighted residuals in s.rest.
func (s *leastSquares) solve(z, coef []float64) {
	n, p := s.n, s.p
	s.rest, s.qty = sized(s.rest, n), sized(s.qty, p)
	copy(s.rest, z)
	for k := range p {
		s.qty[k] = project(s.q[k*n:(k+1)*n], s.rest)
	}
	for i := p - 1; i >= 0; i-- {
		v := s.qty[i]
		for k := i + 1; k < p; k++ {
			v -= s.r[i*p+k] * coef[k]
		}
		coef[i] = v / s.r[i*p+i]
	}
}

// inverse is an element of (xᵀwx)⁻¹.
func (s *leastSquares) inverse(j, k int) float64 {
	v := 0.0
	for i := max(j, k); i < s.p; i++ {
		v += s.inv[j*s.p+i] * s.inv[k*s.p+i]
	}
	return v
}

// length is the distance of two vectors of coefficients, in standard errors
// where the response has the variance 1.
func (s *leastSquares) length(a, b []float64) float64 {
	sum := 0.0
	for j := range s.p {
		v := 0.0
		for k := j; k < s.p; k++ {
			v += s.r[j*s.p+k] * (a[k] - b[k])
		}
		sum += v * v
	}
	return math.Sqrt(sum)
}

// leverages writes the diagonal of the hat matrix.
func (s *leastSquares) leverages(hat []float64) {
	clear(hat)
	for k := range s.p {
		for i, v := range s.q[k*s.n : (k+1)*s.n] {
			hat[i] += v * v
		}
	}
}

// project takes the part along the unit vector q out of v, and says how long it was.
func project(q, v []float64) float64 {
	dot := 0.0
	for i, a := range q {
		dot += a * v[i]
	}
	for i, a := range q {
		v[i] -= dot * a
	}
	return dot
}

func norm(v []float64) float64 {
	sum := 0.0
	for _, a := range v {
		sum += a * a
	}
	return math.Sqrt(sum)
}
