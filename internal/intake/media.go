package intake

import (
	"crypto/sha256"
	"path"
	"strings"

	"lapwing/internal/referral"
	"lapwing/internal/unpack"
)

// joinMedia gives the fingerprints of media files to the reports that name
// them, by digest first and then by name. The bytes are gone already. Media
// that no report names is refused: nobody could say what it belongs to.
func joinMedia(items []*item, media []unpack.Media) (left []*item) {
	if len(media) == 0 {
		return nil
	}
	byHash := map[string][]place{}
	byName := map[string][]place{}
	for _, it := range items {
		if it.draft == nil {
			continue
		}
		for i := range it.draft.Files {
			f := &it.draft.Files[i]
			at := place{it, i}
			for _, h := range f.Hashes {
				byHash[h.Kind+h.Value] = append(byHash[h.Kind+h.Value], at)
			}
			for _, n := range []string{f.Name, f.Original} {
				if n != "" {
					byName[baseName(n)] = append(byName[baseName(n)], at)
				}
			}
		}
	}
	for i := range media {
		m := &media[i]
		to := byHash["md5"+m.Fingerprints.MD5]
		if len(to) == 0 {
			to = byHash["sha1"+m.Fingerprints.SHA1]
		}
		if len(to) == 0 {
			to = byHash["sha256"+m.Fingerprints.SHA256]
		}
		if len(to) == 0 {
			// A name alone must not speak against a stated digest.
			for _, p := range byName[baseName(m.Path)] {
				if !p.contradicts(m) {
					to = append(to, p)
				}
			}
		}
		key := sha256.Sum256([]byte(m.Path + "\x00" + m.Fingerprints.SHA256))
		if len(to) == 0 {
			it := &item{path: m.Path, size: m.Size, digest: sha256.Sum256([]byte("media\x00" + m.Fingerprints.SHA256)), key: [16]byte(key[:16])}
			it.refuse("", "a media file that no report beside it names: its fingerprints were computed, its bytes were not kept")
			left = append(left, it)
			continue
		}
		for _, p := range to {
			p.give(m)
			p.it.mixKey([16]byte(key[:16]))
		}
	}
	return left
}

type place struct {
	it   *item
	file int
}

func (p place) contradicts(m *unpack.Media) bool {
	for _, h := range p.it.draft.Files[p.file].Hashes {
		switch {
		case h.Kind == "md5" && h.Value != m.Fingerprints.MD5,
			h.Kind == "sha1" && h.Value != m.Fingerprints.SHA1,
			h.Kind == "sha256" && h.Value != m.Fingerprints.SHA256:
			return true
		}
	}
	return false
}

// give adds the fingerprints that the source did not state.
func (p place) give(m *unpack.Media) {
	f := &p.it.draft.Files[p.file]
	f.Media = m.Fingerprints.MediaType
	add := func(h referral.Hash) {
		for _, have := range f.Hashes {
			if have.Kind == h.Kind && have.Value == h.Value {
				return
			}
		}
		h.Ours = true
		f.Hashes = append(f.Hashes, h)
	}
	add(referral.Hash{Kind: "md5", Value: m.Fingerprints.MD5})
	add(referral.Hash{Kind: "sha1", Value: m.Fingerprints.SHA1})
	add(referral.Hash{Kind: "sha256", Value: m.Fingerprints.SHA256})
	if m.Fingerprints.PDQ != nil {
		add(referral.Hash{Kind: "pdq", Value: m.Fingerprints.PDQ.String(), Quality: m.Fingerprints.Quality})
	}
}

func baseName(p string) string {
	return strings.ToLower(path.Base(strings.ReplaceAll(p, `\`, "/")))
}
