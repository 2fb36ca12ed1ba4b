package fromhotline

import (
	"slices"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// items takes in what the analyst looked at: a picture, a video or a page
// each, with its fingerprints and what the analyst says of it.
func (r *reader) items(n *node) {
	for i := range r.list(n) {
		if r.object(i) {
			r.item(i)
		}
	}
}

func (r *reader) item(n *node) {
	f := referral.File{
		ID:       r.word(n.get("id")),
		Name:     r.word(n.get("name")),
		Original: r.word(n.get("original_name")),
		Media:    r.word(n.get("media_type")),
		Public:   r.tri(n.get("public")),
		Path:     n.path,
	}
	r.word(n.get("type"))
	f.Uploaded, _, _ = r.time(n.get("uploaded_at"))
	r.hashes(n.get("hashes"), &f)
	r.labels(n, &f)

	if k, ok := r.self(n.get("self_generated")); ok {
		f.Annotations = append(f.Annotations, "self_generated")
		r.incident("self_generated", k)
	}
	if r.tri(n.get("generated")) == referral.True {
		f.Annotations = append(f.Annotations, "generated")
		r.incident("generated", referral.CSAMGenerated)
	}
	if r.tri(n.get("commercial")) == referral.True {
		f.Annotations = append(f.Annotations, "commercial")
		r.incident("commercial", referral.Commercial)
	}
	slices.Sort(f.Annotations)

	var url *referral.Identifier
	if u := n.get("url"); u != nil {
		if s := r.word(u); s != "" {
			url = &referral.Identifier{Kind: referral.IDURL, Value: s, Path: u.path}
			f.Identifiers = append(f.Identifiers, *url)
		}
	}
	r.hosting(n, url)
	r.note(n.get("note"))
	r.d.Files = append(r.d.Files, f)
}

func (r *reader) hashes(n *node, f *referral.File) {
	for h := range r.list(n) {
		if !r.object(h) {
			continue
		}
		kind, value := h.get("type"), h.get("value")
		quality := r.number(h.get("quality"), 0, 100)
		k, v := r.word(kind), r.word(value)
		if k == "" && v == "" {
			continue
		}
		if value != nil && value.media {
			continue
		}
		hash, err := referral.NewHash(k, v)
		if err != nil {
			if value == nil {
				value = h
			}
			text := err.Error()
			if v == "" {
				text = "the fingerprint is empty" // its type may be any word: not repeated
			}
			r.bad(value, text)
			continue
		}
		if hash.Kind == "pdq" {
			hash.Quality = quality
		}
		f.Hashes = append(f.Hashes, hash)
	}
}

// labels keeps what is said about the item as opinions with author and time.
func (r *reader) labels(n *node, f *referral.File) {
	author, at := r.by(n, r.author, r.assessed)
	add := func(scheme, value string) {
		f.Labels = append(f.Labels, referral.Label{Scheme: scheme, Value: value, Author: author, At: at})
	}
	class := n.get("classification")
	if w := r.word(class); w != "" {
		if v, ok := Classification(w); ok {
			add(SchemeICCAM, v)
			r.classified = append(r.classified, v)
		} else {
			r.bad(class, "a classification is one of "+Baseline+", "+NationallyIllegal+", "+NotIllegal+"; other schemes go into labels")
		}
	}
	age := n.get("age_band")
	if w := r.word(age); w != "" {
		if v, ok := AgeBand(w); ok {
			add(SchemeAge, v)
		} else if !strings.EqualFold(w, "unknown") {
			r.bad(age, "an age band is one of "+strings.Join(Ages, ", ")+", unknown")
		}
	}
	for l := range r.list(n.get("labels")) {
		if !r.object(l) {
			continue
		}
		v := referral.Label{Scheme: strings.ToLower(r.word(l.get("scheme"))), Value: r.word(l.get("value"))}
		v.Author, v.At = r.by(l, author, at)
		if v.Scheme == "" || v.Value == "" {
			r.bad(l, "a label has a scheme and a value")
			continue
		}
		f.Labels = append(f.Labels, v)
	}
}

// by is who says what n says and when; where n is silent, what holds around it.
func (r *reader) by(n *node, author string, at time.Time) (string, time.Time) {
	if s := r.word(n.get("author")); s != "" {
		author = s
	}
	if t, _, ok := r.time(n.get("at")); ok {
		at = t
	}
	if author == "" {
		author = r.d.Source
	}
	return author, at
}

func (r *reader) self(n *node) (referral.Kind, bool) {
	k, ok := SelfGenerated(r.word(n))
	if !ok {
		r.bad(n, "self_generated is one of no, voluntary, coerced, unspecified, unknown")
	}
	return k, k != ""
}
