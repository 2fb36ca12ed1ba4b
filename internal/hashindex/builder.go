package hashindex

import (
	"errors"
	"math"
)

// Builder collects entries for an Index. The zero value is ready to use. It is not safe for use by several goroutines
// at once.
type Builder struct {
	digests  map[group]*collected
	pictures collectedPictures
}

// group is a set of values of one kind and one length in bytes, so that a table of them needs no offsets.
type group struct {
	kind Kind
	size int
}

type collected struct {
	values []byte // one after the other
	refs   []int64
}

type collectedPictures struct {
	hashes []hash
	refs   []int64
}

// Add takes in one value and the reference by which the caller knows the entry. Several references may share a value;
// the same value with the same reference counts once. The value is copied. Add fails when the value can't be one of
// this kind (see Kind.Check), and the builder is then as it was before.
func (b *Builder) Add(kind Kind, value []byte, ref int64) error {
	kind, err := kind.checked(value)
	if err != nil {
		return err
	}
	if kind == PDQ {
		return b.AddPDQ([32]byte(value), ref)
	}
	at := group{kind, len(value)}
	c := b.digests[at]
	if c == nil {
		if b.digests == nil {
			b.digests = make(map[group]*collected)
		}
		c = new(collected)
		b.digests[at] = c
	}
	if len(c.refs) >= maxEntries {
		return errFull
	}
	c.values = append(c.values, value...)
	c.refs = append(c.refs, ref)
	return nil
}

// AddPDQ is Add for a PDQ hash.
func (b *Builder) AddPDQ(h [32]byte, ref int64) error {
	if len(b.pictures.refs) >= maxEntries {
		return errFull
	}
	b.pictures.hashes = append(b.pictures.hashes, fromBytes(h))
	b.pictures.refs = append(b.pictures.refs, ref)
	return nil
}

// maxEntries keeps positions within 32 bits.
const maxEntries = math.MaxUint32 - 1

var errFull = errors.New("hashindex: a kind holds at most 4294967294 entries; spread them over several indexes")

// Build makes the index and leaves the builder empty. For a moment it needs about twice the memory of the entries.
func (b *Builder) Build() *Index {
	x := &Index{digests: make(map[group]*digests, len(b.digests))}
	for at, c := range b.digests {
		x.digests[at] = newDigests(at.size, c.values, c.refs)
		delete(b.digests, at) // what was collected can be freed while the rest is built
	}
	hashes, refs := b.pictures.hashes, b.pictures.refs
	b.pictures = collectedPictures{}
	x.pictures = newPictures(hashes, refs)
	return x
}
