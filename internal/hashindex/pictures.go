package hashindex

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// hash is a PDQ hash as four words, the first byte highest, so that the order of words is the order of bytes.
type hash [4]uint64

func fromBytes(b [32]byte) (h hash) {
	for i := range h {
		h[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	return h
}

func compareHashes(a, b hash) int { return slices.Compare(a[:], b[:]) }

// pictures is the table of PDQ hashes. Each distinct hash stands in it once, however many references it has, so that a
// hash that every list carries costs a search no more than another.
type pictures struct {
	hashes []hash   // distinct, ascending
	starts []uint32 // the references of hashes[i] are refs[starts[i]:starts[i+1]], ascending
	refs   []int64

	chunks   []chunk // none while a scan is as fast
	maxSteps int     // probes and candidates beyond which a search does better to scan
}

// newPictures takes over hashes and their references.
func newPictures(hashes []hash, refs []int64) pictures {
	p := distinctPictures(hashes, refs)
	p.chunks = newChunks(p.hashes, chunksFor(len(p.hashes)))
	p.maxSteps = len(p.hashes) / stepsOfScan
	return p
}

func distinctPictures(hashes []hash, refs []int64) (p pictures) {
	order := ascending(len(refs), func(i int) uint64 { return hashes[i][0] }, func(a, b int) int {
		if c := compareHashes(hashes[a], hashes[b]); c != 0 {
			return c
		}
		return cmp.Compare(refs[a], refs[b])
	})
	p = pictures{hashes: make([]hash, 0, len(refs)), refs: make([]int64, 0, len(refs))}
	for at, i := range order {
		h, ref := hashes[i], refs[i]
		isNew := at == 0 || h != p.hashes[len(p.hashes)-1]
		if !isNew && ref == p.refs[len(p.refs)-1] {
			continue
		}
		if isNew {
			p.hashes = append(p.hashes, h)
			p.starts = append(p.starts, uint32(len(p.refs)))
		}
		p.refs = append(p.refs, ref)
	}
	p.starts = append(p.starts, uint32(len(p.refs)))
	return p
}

// work counts what a search did.
type work struct {
	probes     int // buckets looked into
	candidates int // hashes compared one by one because a bucket named them
	scanned    int // hashes compared in a scan
}

// near appends to dst every entry at most r bits away from q, sorted by distance and reference.
func (p *pictures) near(dst []Hit, q hash, r int) ([]Hit, work) {
	if r < 0 {
		return dst, work{}
	}
	r = min(r, 256)
	begin := len(dst)
	dst, done, complete := p.probe(dst, q, r)
	if !complete {
		dst = p.scan(dst[:begin], q, r)
		done.scanned = len(p.hashes)
	}
	slices.SortFunc(dst[begin:], func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Ref, b.Ref))
	})
	return dst, done
}

// scan appends every entry at most r bits away from q by comparing all of them. It is the measure of what is right.
func (p *pictures) scan(dst []Hit, q hash, r int) []Hit {
	for i := range p.hashes {
		h := &p.hashes[i]
		d := bits.OnesCount64(h[0]^q[0]) + bits.OnesCount64(h[1]^q[1])
		if d > r {
			continue // nearly always, so the other half is rarely counted
		}
		if d += bits.OnesCount64(h[2]^q[2]) + bits.OnesCount64(h[3]^q[3]); d <= r {
			dst = p.appendRefs(dst, i, d)
		}
	}
	return dst
}

func (p *pictures) exact(q hash) []Hit {
	i, found := slices.BinarySearchFunc(p.hashes, q, compareHashes)
	if !found {
		return nil
	}
	return p.appendRefs(nil, i, 0)
}

func (p *pictures) appendRefs(dst []Hit, i, distance int) []Hit {
	for _, ref := range p.refs[p.starts[i]:p.starts[i+1]] {
		dst = append(dst, Hit{ref, distance})
	}
	return dst
}

func (p *pictures) bytes() int64 {
	n := 32*int64(cap(p.hashes)) + 4*int64(cap(p.starts)) + 8*int64(cap(p.refs))
	for _, c := range p.chunks {
		n += 4 * int64(cap(c.starts)+cap(c.ids))
	}
	return n
}
