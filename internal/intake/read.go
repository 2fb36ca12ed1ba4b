package intake

import (
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"lapwing/internal/intake/fromcsv"
	"lapwing/internal/intake/fromcybertip"
	"lapwing/internal/intake/fromhotline"
	"lapwing/internal/referral"
	"lapwing/internal/unpack"
)

// Reading says how documents are read.
type Reading struct {
	Format  string // one of Formats; "" recognises each document from its bytes
	Mapping string // of CSV columns to fields; see fromcsv.ParseMapping
	Source  string // who vouches for a format that does not say so itself
}

// readGroup makes items of the files of one directory. Files that belong to
// one report (its fileDetails, the server's answers, its media) become part
// of that report's item; everything else is an item of its own.
func (r *reader) readGroup(g *unpack.Group) []*item {
	var c companions
	var items []*item
	for i := range g.Docs {
		items = append(items, r.readDoc(&g.Docs[i], &c)...)
	}
	items = append(items, c.join(items, g.Whole)...)
	items = append(items, joinMedia(items, g.Media)...)
	for i := range g.Problems {
		items = append(items, problemItem(&g.Problems[i]))
	}
	return items
}

func (r *reader) readDoc(d *unpack.Doc, c *companions) []*item {
	format := r.Format
	if format == "" || d.Header != nil {
		format = recognise(d.Data, d.Header)
	}
	mk := func(n int) *item {
		p := d.Path
		if n > 0 {
			p = fmt.Sprintf("%s#%d", p, n+1)
		}
		k := unpack.Key(*d)
		k[15] ^= byte(n)
		k[14] ^= byte(n >> 8)
		return &item{path: p, key: k, format: format, raw: d.Data, size: d.Size, digest: sha256.Sum256(d.Data)}
	}
	var drafts []*referral.Draft
	var findings []referral.Finding
	var extra *item // companions in the document that belong to nobody in it
	switch format {
	case fromcybertip.FormatXML:
		doc, fs := fromcybertip.ReadXML(d.Data)
		findings = fs
		if doc == nil {
			break
		}
		drafts = doc.Drafts
		if len(doc.Files)+len(doc.Answers) == 0 {
			break
		}
		beside := mk(len(drafts))
		beside.findings = fs
		switch _, err := doc.ReportID(); {
		case len(drafts) == 0 && !referral.Refuses(fs):
			c.list = append(c.list, &companion{beside, doc})
			return nil
		case len(drafts) == 1 && err == nil:
			doc.Join(drafts[0])
		case len(drafts) == 1:
			beside.refuse("", err.Error())
			extra = beside
		case len(drafts) > 1:
			beside.refuse("", "the document holds several reports, and details of files that do not say to which of them they belong")
			extra = beside
		}
	case fromcybertip.FormatJSON:
		drafts, findings = fromcybertip.ReadJSON(d.Data)
	case fromhotline.Format:
		drafts, findings = fromhotline.Read(d.Data, fromhotline.Options{})
	case fromcsv.Format:
		drafts, findings = r.readRow(d)
	default:
		it := mk(0)
		it.refuse("", "this is not a format that intake takes: "+formatNames())
		return []*item{it}
	}
	if referral.Refuses(findings) || len(drafts) == 0 {
		it := mk(0)
		it.findings = findings
		if !referral.Refuses(findings) {
			it.refuse("", "no report is in it")
		}
		it.raw = r.keepable(format, d)
		return []*item{it}
	}
	items := make([]*item, len(drafts))
	for i, draft := range drafts {
		items[i] = mk(i)
		items[i].draft = draft
		items[i].findings = findings
	}
	if extra != nil {
		items = append(items, extra)
	}
	return items
}

// keepable is what may be kept of a refused document: without media, and
// without the machine of a person who reported to a hotline. Where nobody can
// tell what is in it, nothing is kept.
func (r *reader) keepable(format string, d *unpack.Doc) []byte {
	switch format {
	case fromhotline.Format:
		b, _ := fromhotline.Clean(d.Data, fromhotline.Options{})
		return b
	case fromcsv.Format:
		o, err := r.table(d.Header, d.Comma)
		if err != nil {
			return nil
		}
		row, ok := fromcsv.Clean(d.Data, *o)
		if !ok {
			return nil
		}
		return rowWithHeader(d.Header, row)
	}
	if unpack.HoldsEncoded(d.Data) {
		return nil // it may be a picture
	}
	return d.Data
}

func formatNames() string {
	var names []string
	for _, f := range Formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

func problemItem(p *unpack.Problem) *item {
	it := &item{path: p.Path, raw: p.Data, size: max(p.Size, 0)}
	it.refuse("", p.Reason)
	seed := []byte(p.Path + "\x00" + p.Reason + "\x00" + p.Digest)
	it.digest = sha256.Sum256(seed)
	if len(p.Data) > 0 {
		it.digest = sha256.Sum256(p.Data)
	}
	copy(it.key[:], it.digest[:])
	if len(p.Data) > 0 {
		k := sha256.Sum256(seed)
		copy(it.key[:], k[:])
	}
	return it
}

// companions are the documents beside reports that speak about one: what a
// provider told NCMEC about each file, and what NCMEC answered.
type companions struct{ list []*companion }

type companion struct {
	it  *item
	doc *fromcybertip.Document
}

// join gives each companion to its report. A report as submitted carries no
// id, so the names of the files decide: a report that is alone in a whole
// directory has all companions there; otherwise it has those whose name
// begins with its own name, or whose report id stands in its name. Those left
// over are items of their own: details of files for a report that the desk
// may have already, or a refusal.
func (c *companions) join(items []*item, whole bool) (left []*item) {
	var reports []*item
	stated := map[string]*item{}
	for _, it := range items {
		switch {
		case it.draft == nil || it.draft.Source != fromcybertip.Source:
		case it.draft.IDFrom == referral.IDDigest:
			reports = append(reports, it)
		default:
			stated[it.draft.ExternalID] = it
		}
	}
	for _, k := range c.list {
		id, err := k.doc.ReportID()
		if err != nil {
			k.it.refuse("", err.Error())
			left = append(left, k.it)
			continue
		}
		var to *item
		if it := stated[id]; it != nil {
			to = it
		} else if len(reports) == 1 && whole && len(stated) == 0 {
			to = reports[0]
		} else {
			to = byName(reports, k.it.path, id)
		}
		if to == nil {
			left = append(left, alone(k, id))
			continue
		}
		if to.draft.IDFrom == referral.IDCompanion && to.draft.ExternalID != id {
			k.it.refuse("", fmt.Sprintf("it names report %s, and another file beside the same report names report %s", id, to.draft.ExternalID))
			left = append(left, k.it)
			continue
		}
		k.doc.Join(to.draft)
		to.findings = append(to.findings, k.it.findings...)
		to.mixKey(k.it.key)
	}
	return left
}

// mixKey makes the ledger's key depend on what was joined, too.
func (it *item) mixKey(k [16]byte) {
	for i := range k {
		it.key[i] ^= k[i]
	}
}

// byName finds the report that a companion belongs to by its file name.
func byName(reports []*item, companion, id string) (best *item) {
	name := stem(companion)
	longest := 0
	for _, it := range reports {
		s := stem(it.path)
		if hasNumber(s, id) {
			return it
		}
		rest, ok := strings.CutPrefix(name, s)
		if ok && len(s) > longest && (rest == "" || !unicode.IsLetter(rune(rest[0])) && !unicode.IsDigit(rune(rest[0]))) {
			best, longest = it, len(s)
		}
	}
	return best
}

func stem(p string) string {
	b := path.Base(p)
	return strings.TrimSuffix(b, path.Ext(b))
}

// hasNumber says whether the run of digits stands in s.
func hasNumber(s, digits string) bool {
	return digits != "" && slices.Contains(strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }), digits)
}

// alone is a companion without its report: the details of files may belong to
// a report that the desk has.
func alone(k *companion, id string) *item {
	it := k.it
	if id == "" || len(k.doc.Files) == 0 {
		it.refuse("", "it speaks about a report, and no report stands beside it")
		return it
	}
	it.draft = k.doc.Part(id)
	it.part = true
	return it
}
