package geo

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
	"sort"
)

// A wide is an address as a number of 128 bits; IPv4 is in the lower 32.
type wide struct{ hi, lo uint64 }

func wideOf(a netip.Addr) wide {
	if a.Is4() {
		b := a.As4()
		return wide{lo: uint64(binary.BigEndian.Uint32(b[:]))}
	}
	b := a.As16()
	return wide{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

func (w wide) cmp(o wide) int { return cmp.Or(cmp.Compare(w.hi, o.hi), cmp.Compare(w.lo, o.lo)) }

func (w wide) next() wide {
	w.lo++
	if w.lo == 0 {
		w.hi++
	}
	return w
}

func (w wide) before() wide {
	if w.lo == 0 {
		w.hi--
	}
	w.lo--
	return w
}

// A span is a row of a list: the addresses from first to last belong to code.
type span struct {
	first, last wide
	code        uint16
}

// flatten makes spans that do not overlap, in order. Where they did, the one
// that lies within the other counts, and of two equal ones the first: merged
// lists repeat rows, and a part can be held elsewhere than the whole. Neighbours
// of one code become one.
func flatten(in []span) []span {
	slices.SortStableFunc(in, func(a, b span) int { return cmp.Or(a.first.cmp(b.first), b.last.cmp(a.last)) })
	out := make([]span, 0, len(in))
	emit := func(first, last wide, code uint16) {
		if first.cmp(last) > 0 {
			return
		}
		if n := len(out); n > 0 && out[n-1].code == code && out[n-1].last.next() == first {
			out[n-1].last = last
			return
		}
		out = append(out, span{first, last, code})
	}
	var open []span // those around the present place, the outermost first
	var at wide     // everything before is done
	done := false   // at went past the last address there is
	finish := func() {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		if done || s.last.cmp(at) < 0 {
			return
		}
		emit(at, s.last, s.code)
		at = s.last.next()
		done = at == wide{}
	}
	for _, s := range in {
		for len(open) > 0 && open[len(open)-1].last.cmp(s.first) < 0 {
			finish()
		}
		if n := len(open); n > 0 {
			if open[n-1].first == s.first && open[n-1].last == s.last {
				continue
			}
			if at.cmp(s.first) < 0 {
				emit(at, s.first.before(), open[n-1].code)
			}
		}
		if !done && at.cmp(s.first) < 0 {
			at = s.first
		}
		open = append(open, s)
	}
	for len(open) > 0 {
		finish()
	}
	return slices.Clip(out)
}

// A table holds the spans of both families, each in arrays that are searched
// by halves: 10 bytes for a row of IPv4, 34 for one of IPv6.
type table struct {
	codes []string
	four  struct {
		first, last []uint32
		code        []uint16
	}
	six struct {
		first, last []wide
		code        []uint16
	}
}

func newTable(codes []string, four, six []span) *table {
	t := &table{codes: codes}
	four, six = flatten(four), flatten(six)
	t.four.first, t.four.last, t.four.code = make([]uint32, len(four)), make([]uint32, len(four)), make([]uint16, len(four))
	for i, s := range four {
		t.four.first[i], t.four.last[i], t.four.code[i] = uint32(s.first.lo), uint32(s.last.lo), s.code
	}
	t.six.first, t.six.last, t.six.code = make([]wide, len(six)), make([]wide, len(six)), make([]uint16, len(six))
	for i, s := range six {
		t.six.first[i], t.six.last[i], t.six.code[i] = s.first, s.last, s.code
	}
	return t
}

func (t *table) lookup(a netip.Addr) (Answer, bool) {
	w := wideOf(a)
	var code string
	if a.Is4() {
		v := uint32(w.lo)
		i := sort.Search(len(t.four.first), func(i int) bool { return t.four.first[i] > v }) - 1
		if i < 0 || t.four.last[i] < v {
			return Answer{}, false
		}
		code = t.codes[t.four.code[i]]
	} else {
		i := sort.Search(len(t.six.first), func(i int) bool { return t.six.first[i].cmp(w) > 0 }) - 1
		if i < 0 || t.six.last[i].cmp(w) < 0 {
			return Answer{}, false
		}
		code = t.codes[t.six.code[i]]
	}
	return Answer{Country: usable(code), Kind: Registered, Registered: code}, true
}
