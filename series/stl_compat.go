package series

// middlesLikeR is the sum of the two middle values of a as the program of the
// authors, and so R's stats::stl, finds them: by sorting only as much as that
// takes. For an even number of values it asks for the upper of the two before
// the lower, and its search takes the places asked for as ascending: where it
// happens to split the values just between the two, it forgets one of them and
// gives what stands there. The scale of one robust pass is then slightly off.
func middlesLikeR(a []float64) float64 {
	m := len(a)
	p := partialSort{a: a, want: [2]int{m / 2, m - m/2 - 1}}
	p.sort(0, m-1, 0, 2)
	return a[p.want[0]] + a[p.want[1]]
}

// partialSort is quicksort that leaves alone parts in which nothing is wanted
// (Singleton, Communications of the ACM 12, 1969, algorithm 347).
type partialSort struct {
	a    []float64
	want [2]int
}

// sort puts want[from:to] in order within the places lo to hi.
func (p *partialSort) sort(lo, hi, from, to int) {
	for from < to && lo < hi {
		if lo > 0 && hi-lo <= 10 {
			for i := lo + 1; i <= hi; i++ {
				for j := i; j > lo && p.a[j] < p.a[j-1]; j-- {
					p.a[j], p.a[j-1] = p.a[j-1], p.a[j]
				}
			}
			return
		}
		low, high := p.split(lo, hi)
		if low-lo <= hi-high { // the smaller part first: from the right, what lies above it
			cut := to
			for cut > from && p.want[cut-1] > low {
				cut--
			}
			if cut > from {
				p.sort(lo, low, from, cut)
				from = cut
			}
			lo = high
		} else { // from the left, what lies below it
			cut := from
			for cut < to && p.want[cut] < high {
				cut++
			}
			if cut < to {
				p.sort(high, hi, cut, to)
				to = cut
			}
			hi = low
		}
	}
}

// split moves small values to the places lo to low, and large ones to high to
// hi, about the median of the first, middle and last.
func (p *partialSort) split(lo, hi int) (low, high int) {
	a, mid := p.a, (lo+hi)/2
	if a[lo] > a[mid] {
		a[lo], a[mid] = a[mid], a[lo]
	}
	if a[hi] < a[mid] {
		a[hi], a[mid] = a[mid], a[hi]
		if a[lo] > a[mid] {
			a[lo], a[mid] = a[mid], a[lo]
		}
	}
	pivot := a[mid]
	for low, high = hi, lo; ; a[low], a[high] = a[high], a[low] {
		for low--; a[low] > pivot; low-- {
		}
		for high++; a[high] < pivot; high++ {
		}
		if high > low {
			return low, high
		}
	}
}
