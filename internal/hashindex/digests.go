package hashindex

import (
	"bytes"
	"cmp"
	"sort"
)

// digests is a table of values of one length, in ascending order of value and then reference.
type digests struct {
	size   int    // bytes of a value
	values []byte // one after the other; a value with several references stands there once for each
	refs   []int64
	parts  directory
}

// newDigests takes over values, len(refs) of them with size bytes each, and their references.
func newDigests(size int, values []byte, refs []int64) *digests {
	given := digests{size: size, values: values, refs: refs}
	order := ascending(len(refs), given.prefix, func(a, b int) int {
		if c := bytes.Compare(given.value(a), given.value(b)); c != 0 {
			return c
		}
		return cmp.Compare(refs[a], refs[b])
	})
	d := &digests{size: size, values: make([]byte, 0, len(values)), refs: make([]int64, 0, len(refs))}
	for at, i := range order {
		value, ref := given.value(int(i)), refs[i]
		if at > 0 && ref == d.refs[len(d.refs)-1] && bytes.Equal(value, d.value(len(d.refs)-1)) {
			continue
		}
		d.values = append(d.values, value...)
		d.refs = append(d.refs, ref)
	}
	d.parts = newDirectory(len(d.refs), d.prefix)
	return d
}

// exact looks in the one part in which the value can be: four values on average, and never more than log2(n) steps
// when a source chose its values so that all of them fall into one part.
func (d *digests) exact(value []byte) []Hit {
	from, to := d.parts.part(prefixOf(value))
	at := int(from) + sort.Search(int(to-from), func(i int) bool {
		return bytes.Compare(d.value(int(from)+i), value) >= 0
	})
	var hits []Hit
	for ; at < int(to) && bytes.Equal(d.value(at), value); at++ {
		hits = append(hits, Hit{Ref: d.refs[at]})
	}
	return hits
}

func (d *digests) value(i int) []byte  { return d.values[i*d.size : (i+1)*d.size] }
func (d *digests) prefix(i int) uint64 { return prefixOf(d.value(i)) }

// prefixOf is the first 64 bits of value, with zeros behind a shorter one.
func prefixOf(value []byte) (p uint64) {
	for i := range 8 {
		p <<= 8
		if i < len(value) {
			p |= uint64(value[i])
		}
	}
	return p
}

func (d *digests) bytes() int64 {
	return int64(cap(d.values)) + 8*int64(cap(d.refs)) + 4*int64(cap(d.parts.starts))
}
