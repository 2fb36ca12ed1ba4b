package chart

import "math"

// track is a series as lines: those between final figures, those that end in
// a provisional one, and figures that stand alone.
type track struct {
	final, provisional [][]pt
	alone              []spot
	marks              []spot // the provisional figures
	last               spot   // the last figure there is
	any                bool
}

type spot struct {
	pt
	provisional bool
}

// trace follows the values; a missing one ends a line. Where there are many
// periods, points less than grain apart are drawn as one column.
func trace(vs []Value, n int, x func(i int) float64, y scale, grain float64) track {
	var t track
	seen := map[[2]int]bool{} // of those that stand alone, to draw each place once
	point := func(i int) pt { return pt{x(i), y.at(vs[i].V)} }
	n = min(n, len(vs))
	ok := func(i int) bool { return i >= 0 && i < n && vs[i].ok() }
	var line []pt
	dashed := false
	flush := func() {
		if len(line) > 1 {
			if dashed {
				t.provisional = append(t.provisional, thinned(line, grain))
			} else {
				t.final = append(t.final, thinned(line, grain))
			}
		}
		line = nil
	}
	for i := range n {
		if !ok(i) {
			flush()
			continue
		}
		p, prov := point(i), vs[i].Provisional
		t.last, t.any = spot{p, prov}, true
		if prov {
			t.marks = append(t.marks, t.last)
		}
		if !ok(i-1) && !ok(i+1) {
			if at := [2]int{tenths(p.x) / 8, tenths(p.y) / 8}; !seen[at] {
				seen[at] = true
				t.alone = append(t.alone, t.last)
			}
		}
		if len(line) > 0 && prov != dashed {
			from := line[len(line)-1]
			flush()
			line = []pt{from}
		}
		dashed = prov
		line = append(line, p)
	}
	flush()
	return t
}

// thinned is the line with at most four points to a column of that width: the
// first, lowest, highest and last of what falls on it, so that it looks the
// same.
func thinned(l []pt, grain float64) []pt {
	if len(l) < 4 || float64(len(l))*grain < 2*(l[len(l)-1].x-l[0].x) {
		return l
	}
	var out []pt
	for i := 0; i < len(l); {
		col := math.Floor(l[i].x / grain)
		lo, hi, j := i, i, i+1
		for ; j < len(l) && math.Floor(l[j].x/grain) == col; j++ {
			if l[j].y < l[lo].y {
				lo = j
			}
			if l[j].y > l[hi].y {
				hi = j
			}
		}
		keep := [4]int{i, min(lo, hi), max(lo, hi), j - 1}
		for k, at := range keep {
			if k == 0 || at != keep[k-1] {
				out = append(out, l[at])
			}
		}
		i = j
	}
	return out
}

// stretch is periods from..to-1.
type stretch struct{ from, to int }

// gaps are the stretches without a figure.
func gaps(vs []Value, n int) []stretch {
	var out []stretch
	for i := 0; i < n; i++ {
		if at(vs, i).ok() {
			continue
		}
		from := i
		for i < n && !at(vs, i).ok() {
			i++
		}
		out = append(out, stretch{from, i})
	}
	return out
}

// reason is why a stretch has no figures, where all of it says the same.
func reason(vs []Value, s stretch) string {
	why := at(vs, s.from).status()
	for i := s.from + 1; i < s.to; i++ {
		if at(vs, i).status() != why {
			return noData
		}
	}
	return why
}

// count says how many figures there are and how many are provisional.
func count(vs []Value, n int) (have, provisional int) {
	for i := range n {
		if v := at(vs, i); v.ok() {
			have++
			if v.Provisional {
				provisional++
			}
		}
	}
	return have, provisional
}
