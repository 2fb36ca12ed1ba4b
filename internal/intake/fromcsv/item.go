package fromcsv

import (
	"slices"
	"strings"
	"time"

	"lapwing/internal/intake/fromhotline"
	"lapwing/internal/referral"
)

// file is what the analyst looked at, and the ICCAM value that it got.
func (r *reader) file() (f referral.File, classified string) {
	f.Name = r.word(FileName)
	author := r.word(Author)
	if author == "" {
		author = r.d.Source
	}
	var at time.Time
	if m, ok := r.when(Assessed); ok {
		at = m.utc
	}
	label := func(scheme, value string) {
		f.Labels = append(f.Labels, referral.Label{Scheme: scheme, Value: value, Author: author, At: at})
	}
	if c := r.one(Classification); c != nil {
		if v, ok := fromhotline.Classification(r.translate(c.text)); ok {
			classified = v
			label(fromhotline.SchemeICCAM, v)
		} else if _, ok := fromhotline.KindOf(r.translate(c.text)); !ok {
			r.warn(c, "a classification is one of baseline, nationally illegal, not illegal: this word is kept as the hotline's own; say what it means with the words option")
			label(r.d.Source, r.word(Classification))
		}
	}
	for _, c := range r.by[What] {
		if v, ok := fromhotline.Classification(r.translate(c.text)); ok && classified == "" {
			classified = v
			label(fromhotline.SchemeICCAM, v)
		}
	}
	if c := r.one(AgeBand); c != nil {
		if v, ok := fromhotline.AgeBand(c.text); ok {
			label(fromhotline.SchemeAge, v)
		} else if !strings.EqualFold(r.word(AgeBand), "unknown") {
			r.bad(c, "an age band is one of "+strings.Join(fromhotline.Ages, ", ")+", unknown")
		}
	}
	r.hashes(&f)
	for _, c := range r.by[URL] {
		for _, u := range strings.Fields(c.text) {
			f.Identifiers = append(f.Identifiers, referral.Identifier{Kind: referral.IDURL, Value: u, Path: c.path})
		}
	}
	return f, classified
}

func (r *reader) hashes(f *referral.File) {
	for _, field := range []Field{MD5, SHA1, SHA256, PDQ, PhotoDNA, Hash} {
		for _, c := range r.by[field] {
			for _, v := range strings.FieldsFunc(c.text, func(c rune) bool { return strings.ContainsRune(" \t\r\n,;|", c) }) {
				kind := string(field)
				if field == Hash {
					switch len(v) {
					case 32:
						kind = "md5"
					case 40:
						kind = "sha1"
					case 64: // a PDQ is as long: its column has to say so
						kind = "sha256"
					default:
						r.bad(c, "a fingerprint without a type has 32 (MD5), 40 (SHA-1) or 64 (SHA-256) hexadecimal characters")
						continue
					}
				}
				h, err := referral.NewHash(kind, v)
				if err != nil {
					r.bad(c, err.Error())
					continue
				}
				f.Hashes = append(f.Hashes, h)
			}
		}
	}
}

// incidents says what the report is about, and keeps the file where there is
// more to it than its address.
func (r *reader) incidents(f referral.File, classified string) {
	d := r.d
	for _, field := range []Field{What, Classification} {
		for _, c := range r.by[field] {
			for _, w := range strings.FieldsFunc(c.text, func(c rune) bool { return strings.ContainsRune("\r\n;|", c) }) {
				if w = strings.TrimSpace(w); w == "" {
					continue
				}
				ours := r.translate(w)
				if _, ok := fromhotline.Classification(ours); ok {
					continue
				}
				k, ok := fromhotline.KindOf(ours)
				if !ok && field == Classification {
					continue
				}
				if !ok {
					r.warn(c, "this word for what happened has no place in the taxonomy and is kept as it is; say what it means with the words option")
				}
				r.incident(w, k)
			}
		}
	}
	if c := r.one(SelfGenerated); c != nil {
		s := r.translate(c.text)
		if k, ok := fromhotline.SelfGenerated(s); !ok {
			r.bad(c, "self_generated is one of no, voluntary, coerced, unspecified, unknown")
		} else if k != "" {
			f.Annotations = append(f.Annotations, "self_generated")
			r.incident("self_generated", k)
		}
	}
	if r.yes(Generated) == referral.True {
		f.Annotations = append(f.Annotations, "generated")
		r.incident("generated", referral.CSAMGenerated)
	}
	if r.yes(Commercial) == referral.True {
		f.Annotations = append(f.Annotations, "commercial")
		r.incident("commercial", referral.Commercial)
	}
	slices.Sort(f.Annotations)

	switch {
	case classified == fromhotline.NotIllegal:
		r.incident(classified, referral.NoneNotIllegal)
	case classified != "" && len(d.Incidents) == 0:
		r.incident(classified, referral.CSAMDistribution)
	case len(d.Incidents) == 0 && r.one(Classification) != nil:
		r.incident(r.word(Classification), referral.KindUnknown)
	case len(d.Incidents) == 0 && !d.Retracted:
		r.refuse("what", "nothing says what this is about: map a column to what or to classification, or fill it in")
	}
	if len(f.Labels) > 0 || len(f.Hashes) > 0 || f.Name != "" || len(f.Annotations) > 0 {
		d.Files = append(d.Files, f)
	}
}

func (r *reader) incident(wire string, k referral.Kind) {
	for _, i := range r.d.Incidents {
		if i.Kind == k && (k != referral.KindUnknown || i.Wire == wire) {
			return
		}
	}
	r.d.Incidents = append(r.d.Incidents, referral.Incident{Wire: wire, Kind: k})
}

func (r *reader) yes(f Field) referral.Tri {
	c := r.one(f)
	if c == nil {
		return referral.Unknown
	}
	t, ok := fromhotline.Answer(r.translate(c.text))
	if !ok {
		r.bad(c, "yes or no is expected here")
	}
	return t
}
