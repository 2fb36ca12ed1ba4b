package known

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"lapwing/internal/hashindex"
	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"
)

// A Row is an entry or a tombstone on its way into the store.
type Row struct {
	Identity     []byte
	Entry        *hashlist.Entry // nil: a tombstone
	Fingerprints []Fingerprint   // of the entry
	Digest       int64           // of all that the entry says
	More         []byte          // what is neither in columns nor a fingerprint
	// Held is set by Store.Put where the entry said the same before the
	// change: its row from then, which holds on. Else it is 0.
	Held int64
}

// A Fingerprint of an entry.
type Fingerprint struct {
	Entry   int64 // its row
	Kind    string
	Value   []byte // bytes of a digest or PDQ, text of an opaque value
	Quality int
}

// newRow prepares an entry or tombstone for the store. Fingerprints that the
// index would not take are left out and noted.
func newRow(list int64, ch hashlist.Change, note func(referral.Finding)) (*Row, error) {
	if (ch.Entry == nil) == (ch.Tombstone == nil) {
		return nil, errors.New("a change is an entry or a tombstone")
	}
	if t := ch.Tombstone; t != nil {
		return &Row{Identity: identityOf(list, t.Source, t.ID)}, nil
	}
	e := ch.Entry
	r := &Row{Identity: identityOf(list, e.Source, e.ID), Entry: e}
	said := make([]byte, 0, 256)
	for _, h := range e.Hashes {
		f := Fingerprint{Kind: h.Kind, Value: ValueBytes(h), Quality: h.Quality}
		if err := hashindex.Kind(f.Kind).Check(f.Value); err != nil {
			note(referral.Finding{Path: e.Path, Severity: referral.Warn, Text: fmt.Sprintf("a fingerprint of %d bytes is left out: it cannot be one of its type, or it is longer than %d bytes", len(f.Value), hashindex.MaxValue)})
			continue
		}
		r.Fingerprints = append(r.Fingerprints, f)
		said = append(append(said, f.Kind...), ' ')
		said = binary.AppendUvarint(binary.AppendUvarint(said, uint64(f.Quality)), uint64(len(f.Value)))
		said = append(said, f.Value...)
	}
	more, err := moreOf(e)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append(append(said, '\n'), more...))
	r.Digest = int64(binary.BigEndian.Uint64(sum[:]))
	if len(more) > 0 {
		r.More = sealed.Pack(more)
	}
	return r, nil
}

// size is about how much memory the row takes.
func (r *Row) size() int {
	n := 500 + len(r.More)
	for _, f := range r.Fingerprints {
		n += 100 + 3*len(f.Value) // as text and as bytes
	}
	return n
}

var nothing, _ = json.Marshal(&hashlist.Entry{})

// moreOf is the JSON of what an entry says beyond its columns and
// fingerprints; nil where that is nothing.
func moreOf(e *hashlist.Entry) ([]byte, error) {
	rest := *e
	rest.Source, rest.ID, rest.Hashes, rest.Path = "", "", nil, ""
	b, err := json.Marshal(&rest)
	if err != nil || bytes.Equal(b, nothing) {
		return nil, err
	}
	return b, nil
}

// identityOf is the digest of list, source and id by which an entry is found.
func identityOf(list int64, source, id string) []byte {
	b := make([]byte, 0, 256)
	for _, s := range []string{source, id} {
		b = append(binary.BigEndian.AppendUint64(b, uint64(len(s))), s...)
	}
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(b, uint64(list)))
	return sum[:16]
}

// ValueBytes is the stored form of a fingerprint: the bytes where its form is
// known, else the text.
func ValueBytes(h referral.Hash) []byte {
	if n, ok := referral.HashKinds[h.Kind]; ok {
		if b, err := hex.DecodeString(h.Value); err == nil && len(b) == n {
			return b
		}
	}
	return []byte(h.Value)
}

// HashOf is the opposite of ValueBytes.
func HashOf(f *Fingerprint) referral.Hash {
	h := referral.Hash{Kind: f.Kind, Value: string(f.Value), Quality: f.Quality}
	if n, ok := referral.HashKinds[f.Kind]; ok && len(f.Value) == n {
		h.Value = hex.EncodeToString(f.Value)
	}
	return h
}
