package fromtable

import (
	"math/bits"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// Limits of what is remembered while a table is read.
const (
	maxNames  = 50_000 // different texts in the columns of indicator, source or geography
	maxSeries = 250_000
	maxWords  = 4 << 20 // of 64 periods each, over all series: 32 MB
)

// A name is what a text in a column of names came to.
type name struct {
	text    string
	problem string
	left    string // why its lines are left out
}

// tooMany stands for every name past the limit.
var tooMany = &name{}

// names remembers what texts came to; the same text means the same *name.
type names struct {
	what   string
	read   func(string) name
	none   *name // for an empty cell
	byRaw  map[string]*name
	byText map[string]*name
	last   *name
	lastIs string
}

func newNames(what, byDefault string, read func(string) name) *names {
	n := &names{what: what, read: read, byRaw: map[string]*name{}, byText: map[string]*name{}}
	n.none = &name{problem: "the " + what + " is missing (option " + what + ")"}
	if byDefault != "" {
		d := read(byDefault)
		n.none = &d
		n.byText[d.text] = n.none
	}
	return n
}

// named is the name with that text.
func (n *names) named(text string) *name {
	if n.byText[text] == nil {
		n.byText[text] = &name{text: text}
	}
	return n.byText[text]
}

// of is what the text of a cell means.
func (n *names) of(raw []byte, e *encoding) *name {
	if len(raw) == 0 {
		return n.none
	}
	if n.last != nil && n.lastIs == string(raw) {
		return n.last
	}
	if got := n.byRaw[string(raw)]; got != nil {
		n.last, n.lastIs = got, string(raw)
		return got
	}
	s, ok := e.text(raw)
	got := name{problem: notUTF8}
	if ok {
		got = n.read(s)
	}
	p := &got
	switch {
	case got.problem == "" && got.left == "":
		if len(n.byText) >= maxNames {
			return tooMany
		}
		if known := n.byText[got.text]; known != nil {
			p = known
		} else {
			n.byText[got.text] = p
		}
	case len(n.byRaw) >= maxNames || len(raw) > maxName:
		return p
	}
	if len(n.byRaw) < 2*maxNames {
		n.byRaw[string(raw)] = p
	}
	return p
}

type seriesKey struct {
	indicator, source, place *name
	length                   calendar.Length
}

// A series is what is remembered of one.
type series struct {
	key     indicator.Key
	dark    bool // a zero says that the source was dark
	periods periodSet
}

// seriesOf is the series, nil past the limit.
func (t *Table) seriesOf(k seriesKey) *series {
	if t.last != nil && t.lastKey == k {
		return t.last
	}
	s := t.series[k]
	if s == nil {
		if len(t.series) == maxSeries {
			return nil
		}
		s = &series{key: indicator.Key{Indicator: k.indicator.text, Source: k.source.text, Geography: k.place.text, Length: k.length}}
		s.dark = t.o.zeroIsDark(s.key)
		t.series[k] = s
	}
	t.last, t.lastKey = s, k
	return s
}

// twice says whether the period was there before, and remembers it.
func (t *Table) twice(s *series, index int32) bool {
	if t.noDoubles {
		return false
	}
	was, ok := s.periods.add(index, &t.words)
	t.noDoubles = !ok
	return was
}

// A periodSet remembers periods of one length by their numbers.
type periodSet struct {
	from int32
	bits []uint64
}

// add says whether the period was there before, and adds it. ok is false where
// words, which counts those of all sets, grows past maxWords.
func (s *periodSet) add(index int32, words *int) (was, ok bool) {
	word := index >> 6
	if s.bits == nil {
		s.from = word
	}
	if i := int(word - s.from); i < 0 || i >= len(s.bits) {
		if !s.grow(word, words) {
			return false, false
		}
	}
	i, bit := word-s.from, uint64(1)<<(index&63)
	was = s.bits[i]&bit != 0
	s.bits[i] |= bit
	return was, true
}

// grow makes room for a word of periods, with some more in that direction.
func (s *periodSet) grow(word int32, words *int) bool {
	from, to := s.from, s.from+int32(len(s.bits))
	spare := int32(bits.Len(uint(len(s.bits))))
	if word < from {
		from = word - spare
	} else {
		to = word + 1 + spare
	}
	*words += int(to-from) - len(s.bits)
	if *words > maxWords {
		return false
	}
	grown := make([]uint64, to-from)
	copy(grown[s.from-from:], s.bits)
	s.from, s.bits = from, grown
	return true
}

// Doubles finds periods that stand twice in what is read at one time. It
// remembers some 32 MB of them at most, and then finds no more. The zero
// value is ready.
type Doubles struct {
	series map[indicator.Key]*periodSet
	words  int
	full   bool
}

// Twice says whether that period of the series was asked about before.
func (d *Doubles) Twice(k indicator.Key, first calendar.Day) bool {
	if d.full {
		return false
	}
	s := d.series[k]
	if s == nil {
		if d.full = len(d.series) == maxSeries; d.full {
			return false
		}
		if d.series == nil {
			d.series = map[indicator.Key]*periodSet{}
		}
		s = &periodSet{}
		d.series[k] = s
	}
	was, ok := s.add(indexOf(calendar.Period{Length: k.Length, First: first}), &d.words)
	d.full = !ok
	return was
}
