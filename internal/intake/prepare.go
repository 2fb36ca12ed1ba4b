package intake

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"lapwing/internal/assess"
	"lapwing/internal/intake/lint"
	"lapwing/internal/referral"
)

// prepare does for an item all that needs no transaction: lint, encoding,
// sealing, identifiers and their blind index. It may run in any order and in
// parallel.
func (s *Service) prepare(it *item, now time.Time) error {
	if it.refused() {
		return nil
	}
	if !it.part {
		it.findings = append(it.findings, lint.Draft(it.draft, now)...)
		if referral.Refuses(it.findings) {
			it.draft = nil
			return nil
		}
	}
	return s.seal(it)
}

// seal computes what depends on the draft's content, and seals it with a data
// key of its own.
func (s *Service) seal(it *item) (err error) {
	d := it.draft
	it.ref = s.Keys.Ref(d.Source, d.ExternalID)
	if it.content, it.base, it.ours, err = encode(d); err != nil {
		return err
	}
	if it.part {
		return nil // it will be merged into a draft that is sealed already
	}
	it.keys = oneRole(assess.Identify(d))
	it.blinds = make([]string, len(it.keys))
	for i, k := range it.keys {
		it.blinds[i] = s.Keys.Blind(k.Kind, k.Value)
	}
	it.hashes = fileHashes(d)
	if it.rk, it.wrapped, err = s.Keys.NewRecordKey(keyPlace(it.ref)); err != nil {
		return err
	}
	it.sealed = it.rk.Seal(it.content, contentPlace(it.ref, it.base[:]))
	return nil
}

// encode gives the draft as it is sealed, and the digest that tells whether
// two deliveries are the same report: over what the source said, without the
// fingerprints that the desk computed itself.
func encode(d *referral.Draft) (content []byte, base [sha256.Size]byte, ours int64, err error) {
	if content, err = json.Marshal(d); err != nil {
		return
	}
	for i := range d.Files {
		for _, h := range d.Files[i].Hashes {
			if h.Ours {
				ours++
			}
		}
	}
	if ours == 0 {
		return content, sha256.Sum256(content), 0, nil
	}
	bare := *d
	bare.Files = make([]referral.File, len(d.Files))
	for i, f := range d.Files {
		f.Media = ""
		var stated []referral.Hash
		for _, h := range f.Hashes {
			if !h.Ours {
				stated = append(stated, h)
			}
		}
		f.Hashes = stated
		bare.Files[i] = f
	}
	b, err := json.Marshal(&bare)
	return content, sha256.Sum256(b), ours, err
}

// oneRole keeps each identifier once, in its strongest role: stated before
// mentioned, then in the order in which the report names it.
func oneRole(keys []assess.Key) []assess.Key {
	at := make(map[[2]string]int, len(keys))
	out := keys[:0:0]
	for _, k := range keys {
		id := [2]string{k.Kind, k.Value}
		if i, ok := at[id]; !ok {
			at[id] = len(out)
			out = append(out, k)
		} else if out[i].Mentioned && !k.Mentioned {
			out[i] = k
		}
	}
	return out
}

// fileHashes lists the fingerprints by which files are linked and matched,
// each once.
func fileHashes(d *referral.Draft) []referral.Hash {
	var out []referral.Hash
	seen := map[string]bool{}
	for i := range d.Files {
		for _, h := range d.Files[i].Hashes {
			if k := FileKey(h); !seen[k] {
				seen[k] = true
				out = append(out, h)
			}
		}
	}
	return out
}
