package cybertip

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// Digest returns a SHA-256 hash of the report's content: its identity where no report id is known.
//
// It is the hash of these bytes, in which every string is preceded by its length in bytes as a 32-bit big-endian
// number:
//
//  1. the string "cybertip report 1";
//  2. for each of the report's Fields, sorted by Path and then by Value, both byte by byte: Path, Value.
//
// So it does not depend on the order of attributes, on the order of elements with different names, on white space
// between elements or at the ends of values, on comments, CDATA sections, prefixes, declarations or the encoding. It
// does depend on the order of elements with the same name, and on the spelling of values: 1 and true differ, as do
// a flag <spam/> and <spam>true</spam>.
//
// For a report that was read, Fields are those that were read, unknown ones included; changing the typed values
// afterwards doesn't change the digest. For one that was put together by a program and has no Fields, they are those of
// the XML that WriteXML writes for it, or would write if it were valid (beyond the limits of ReadXML: one field without a
// path whose value is that XML).
func (r *Report) Digest() [32]byte {
	fields := r.Fields
	if len(fields) == 0 {
		var e emitter
		e.report(r)
		if doc, err := ReadXML(e.b); err == nil {
			fields = doc.Reports[0].Fields
		} else { // larger than ReadXML takes
			fields = []Field{{Value: string(e.b)}}
		}
	}
	return digest("cybertip report 1", fields)
}

func digest(label string, fields []Field) [32]byte {
	fields = slices.Clone(fields)
	slices.SortFunc(fields, func(a, b Field) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Value, b.Value))
	})
	size := 4 + len(label)
	for _, f := range fields {
		size += 8 + len(f.Path) + len(f.Value)
	}
	b := make([]byte, 0, size)
	add := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	add(label)
	for _, f := range fields {
		add(f.Path)
		add(f.Value)
	}
	return sha256.Sum256(b)
}
