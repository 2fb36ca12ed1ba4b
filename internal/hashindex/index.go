package hashindex

// Index answers which entries have a given value, and which PDQ hashes are near a given one. It never changes once it is
// built, so any number of goroutines may use it at once. The zero value is an index without entries.
type Index struct {
	digests  map[group]*digests
	pictures pictures
}

// Hit is an entry that matched.
type Hit struct {
	Ref      int64 // what the caller knows the entry by, as given to Builder.Add
	Distance int   // bits that differ, 0 to 256; always 0 in an answer of Exact
}

// Exact returns every entry of this kind with exactly this value, sorted by Ref. It compares whole values, so it never
// returns an entry with another one. A value that fails Kind.Check has no entries.
func (x *Index) Exact(kind Kind, value []byte) []Hit {
	kind, err := kind.checked(value)
	if err != nil {
		return nil
	}
	if kind == PDQ {
		return x.pictures.exact(fromBytes([32]byte(value)))
	}
	if d := x.digests[group{kind, len(value)}]; d != nil {
		return d.exact(value)
	}
	return nil
}

// Near returns every PDQ entry whose hash differs from q in at most maxDistance of the 256 bits, sorted by Distance and
// then by Ref. Below 0 there is nothing to find, from 256 on everything.
func (x *Index) Near(q [32]byte, maxDistance int) []Hit {
	return x.AppendNear(nil, q, maxDistance)
}

// AppendNear is Near for callers that ask often: it appends the answer to dst, and allocates only when dst is too small.
func (x *Index) AppendNear(dst []Hit, q [32]byte, maxDistance int) []Hit {
	dst, _ = x.pictures.near(dst, fromBytes(q), maxDistance)
	return dst
}

// Len is the number of entries of all kinds: of distinct pairs of value and reference.
func (x *Index) Len() int {
	n := len(x.pictures.refs)
	for _, d := range x.digests {
		n += len(d.refs)
	}
	return n
}

// Bytes is the memory that the index holds, but for a few hundred bytes for each kind. The package comment tells what
// it is made of.
func (x *Index) Bytes() int64 {
	n := x.pictures.bytes()
	for _, d := range x.digests {
		n += d.bytes()
	}
	return n
}
