// Package fromhotline reads what a hotline sends: a report from the public
// with what the hotline's analyst adds, as JSON in the form that Lapwing
// publishes (docs/formats/hotline-report.md and its schema).
//
// [Read] makes a draft of one document and lists all that is wrong with it.
// [Report] is the same form as a Go value, for those who write reports.
// [Clean] gives the document without what must not be kept: media, and the
// machine of the person who reported.
//
// The package only reads. Whether the values make sense is asked of every
// draft by package lint; what follows from them is for package assess.
package fromhotline

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// Format is the name of this format; Reader the version of its reader.
const (
	Format = "hotline-json"
	Reader = 1
)

// Schema is the value of a report's property "format".
const Schema = "hotline-report/1"

// Options are the limits of a document. Zero means the default.
type Options struct {
	MaxBytes  int // 16 MiB
	MaxDepth  int // 16 levels; the form itself has 5
	MaxValues int // 20 000 values, lists and objects
}

func (o Options) orDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 16 << 20
	}
	o.MaxBytes = min(o.MaxBytes, math.MaxInt32)
	if o.MaxDepth <= 0 {
		o.MaxDepth = 16
	}
	if o.MaxValues <= 0 {
		o.MaxValues = 20000
	}
	return o
}

// Read reads one report. It gives one draft and everything that is wrong with
// the document, or no draft where a finding refuses it. Paths in drafts and
// findings count from 1: items[2]/hashes[1]/value.
func Read(b []byte, o Options) ([]*referral.Draft, []referral.Finding) {
	doc, err := parse(b, o.orDefaults())
	if err != nil {
		return nil, []referral.Finding{{Severity: referral.Refuse, Text: err.Error()}}
	}
	defer doc.release()
	r := &reader{d: &referral.Draft{Format: Format, Reader: Reader, IDFrom: referral.IDStated}}
	if !r.recognise(doc.root) {
		return nil, r.findings
	}
	r.dropReporter(doc.root)
	r.report(doc.root)
	r.collect(doc)
	if referral.Refuses(r.findings) {
		return nil, r.findings
	}
	return []*referral.Draft{r.d}, r.findings
}

// A reader fills one draft.
type reader struct {
	d          *referral.Draft
	findings   []referral.Finding
	author     string // of the assessment, where an item names none
	assessed   time.Time
	classified []string // ICCAM values of the items, in order
}

// recognise says whether the document is a hotline report at all.
func (r *reader) recognise(root *node) bool {
	if root.kind == isList {
		r.refuse(root, "this is a list: send one report per document, or several as lines of JSON")
		return false
	}
	if f := root.peek("format"); f != "" && !strings.HasPrefix(f, "hotline-report/") {
		r.refuse(root.get("format"), `another format is named here; a hotline report says "`+Schema+`" or leaves it out`)
		return false
	}
	for c := range each(root) {
		switch c.name {
		case "format", "hotline", "received_at", "report", "items", "assessment":
			return root.kind == isObject
		}
	}
	r.refuse(root, "this is not a hotline report: it has none of that form's properties (hotline, id, received_at, report, items)")
	return false
}

func (r *reader) report(root *node) {
	d := r.d
	if f := root.get("format"); f != nil {
		if r.word(f) != Schema {
			r.warn(f, "the document is of another version of the form than "+Schema+": what that has no name for is kept as it is")
		}
	}
	d.Source = r.source(root)
	d.ExternalID = r.id(root)
	r.status(root)

	received := r.moment(root.get("received_at"), referral.MomentReceived)
	if !received && !d.Retracted {
		r.refuse(root, "received_at is missing or cannot be read: the time at which the hotline got the report, as 2006-01-02T15:04:05Z")
	}
	d.Informational = r.tri(root.get("informational"))
	d.Priority = r.word(root.get("priority"))
	r.word(root.get("language"))

	assessment := r.sub(root, "assessment")
	r.assessment(assessment)
	r.told(r.sub(root, "report"))
	r.kinds(assessment.get("kinds"))
	r.parties(root.get("parties"))
	r.items(root.get("items"))
	r.prior(root.get("previous_reports"))
	r.forwarded(root.get("forwarded"))
	if len(d.Incidents) == 0 && len(r.classified) == 0 && !d.Retracted {
		r.refuse(root, "neither report/what nor the classification of an item says what this is about")
	}
	r.byClassification()
	slices.Sort(d.Flags)
	d.Flags = slices.Compact(d.Flags)
}

// source is the hotline's short name, in lower case: the half of a report's
// key that must not depend on who typed it.
func (r *reader) source(root *node) string {
	n := root.get("hotline")
	s := strings.ToLower(r.word(n))
	switch {
	case s == "":
		r.refuse(root, "hotline is missing: the short name of the hotline whose report this is")
	case !fitsKey(s, 64):
		r.refuse(n, "the short name of the hotline has at most 64 characters, none of them a control character")
	case strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "":
		r.warn(n, "a hotline's short name has letters, digits, dot and dash only")
	}
	return s
}

func (r *reader) id(root *node) string {
	n := root.get("id")
	s := r.word(n)
	switch {
	case s == "":
		r.refuse(root, "id is missing: the number under which the hotline keeps this report")
	case !fitsKey(s, 256):
		r.refuse(n, "an id has at most 256 characters, none of them a control character")
	}
	return s
}

// fitsKey says whether a store can keep s as part of a key.
func fitsKey(s string, max int) bool {
	return len(s) <= max && strings.IndexFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f }) < 0
}

func (r *reader) status(root *node) {
	at := root.get("updated_at")
	if t, _, ok := r.time(at); ok {
		r.d.Revision.At = t
	}
	if v := root.get("version"); v != nil {
		if n := r.number(v, 1, 1<<31-1); n > 1 && r.d.Revision.At.IsZero() {
			r.warn(v, "a later version without updated_at: then the order of arrival decides which is newest")
		}
	}
	switch n := root.get("status"); plain(r.word(n)) {
	case "", "new", "assessed", "forwarded", "closed":
	case "retracted":
		r.d.Retracted = true
		r.d.Revision.Stage = referral.Withdrawn
	default:
		r.bad(n, "status is one of new, assessed, forwarded, closed, retracted")
	}
	r.note(root.get("retraction_reason"))
}

// told takes in what the person who reported said.
func (r *reader) told(n *node) {
	d := r.d
	for what := range r.list(n.get("what")) {
		w := r.word(what)
		if w == "" {
			continue
		}
		kind, ok := KindOf(w)
		if !ok {
			r.warn(what, "what happened is one of "+choiceCodes()+": this word has no place among them and is kept as it is")
		}
		r.incident(w, kind)
	}
	r.moment(n.get("happened_at"), referral.MomentIncident)
	r.note(n.get("happened_text"))
	if r.tri(n.get("child_in_danger_now")) == referral.True {
		d.Flags = append(d.Flags, "child_in_danger_now")
		if d.Escalation == "" {
			d.Escalation = "whoever reported says that a child is in danger now"
		}
	}
	for w := range r.list(n.get("where")) {
		r.place(w)
	}
	r.reporter(r.sub(n, "reporter"))
	r.note(n.get("text"))
}

func (r *reader) reporter(n *node) {
	who := n.get("role")
	p := referral.Party{Role: referral.RoleReporter, Type: plain(r.word(who))}
	switch p.Type {
	case "", "child", "parent", "witness", "professional":
	default:
		r.warn(who, "the role of whoever reported is one of child, parent, witness, professional")
	}
	c := r.sub(n, "contact")
	p.Name.First = r.word(c.get("first_name"))
	p.Name.Last = r.word(c.get("last_name"))
	for _, k := range []referral.IdentifierKind{referral.IDEmail, referral.IDPhone} {
		for v := range r.list(c.get(string(k))) {
			if s := r.word(v); s != "" {
				p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: k, Value: s, Path: v.path})
			}
		}
	}
	if p.Type != "" || p.Name != (referral.Name{}) || len(p.Identifiers) > 0 {
		r.d.Parties = append(r.d.Parties, p)
	}
}

// assessment takes in what holds for the report as a whole.
func (r *reader) assessment(n *node) {
	d := r.d
	r.author = r.word(n.get("author"))
	r.assessed, _, _ = r.time(n.get("at"))
	d.Escalation = r.word(n.get("escalation"))
	for h := range r.list(n.get("handling")) {
		switch s := strings.ToUpper(r.word(h)); {
		case Handling(s):
			d.Handling = append(d.Handling, s)
		case s != "":
			r.bad(h, "a handling code is one of H0, H1, H2, H3")
		}
	}
	r.note(n.get("handling_text"))
	src, inf := n.get("source_evaluation"), n.get("information_evaluation")
	switch s := strings.ToUpper(r.word(src) + r.word(inf)); {
	case Evaluation(s):
		d.Evaluation = s
	case s != "":
		r.bad(src, "an evaluation has both halves: source A, B, C or X, information 1, 2, 3 or 4")
		r.bad(inf, "an evaluation has both halves: source A, B, C or X, information 1, 2, 3 or 4")
	}
	r.note(n.get("note"))
}

func (r *reader) kinds(n *node) {
	for k := range r.list(n) {
		w := r.word(k)
		if w == "" {
			continue
		}
		kind, ok := KindOf(w)
		if !ok {
			r.warn(k, "this kind has no place in the taxonomy and is kept as it is")
		}
		r.incident(w, kind)
	}
}

// incident adds what the report is about, each kind once; a word without a
// kind of its own is kept each time.
func (r *reader) incident(wire string, k referral.Kind) {
	for _, i := range r.d.Incidents {
		if i.Kind == k && (k != referral.KindUnknown || i.Wire == wire) {
			return
		}
	}
	r.d.Incidents = append(r.d.Incidents, referral.Incident{Wire: wire, Kind: k})
}

// byClassification says what the report is about where only the items do, and
// that nothing illegal was found where that is so for every item.
func (r *reader) byClassification() {
	if len(r.classified) == 0 {
		return
	}
	illegal := slices.IndexFunc(r.classified, func(c string) bool { return c != NotIllegal })
	switch {
	case illegal < 0:
		r.incident(NotIllegal, referral.NoneNotIllegal)
	case len(r.d.Incidents) == 0:
		r.incident(r.classified[illegal], referral.CSAMDistribution)
	}
}

func (r *reader) prior(n *node) {
	ids := r.words(n)
	if len(ids) == 0 {
		return
	}
	for i := range r.d.Parties {
		if p := &r.d.Parties[i]; p.Role == referral.RoleReported {
			p.Prior = append(p.Prior, ids...)
			return
		}
	}
	// The earlier reports are about the content; the draft keeps their ids
	// with a party, so they get one that says nothing else of anybody.
	r.d.Parties = append(r.d.Parties, referral.Party{Role: referral.RoleAssociated, Type: "previous reports", Prior: ids})
}

func (r *reader) forwarded(n *node) {
	for f := range r.list(n) {
		if !r.object(f) {
			continue
		}
		l := referral.Law{
			Agency:  r.word(f.get("agency")),
			Case:    r.word(f.get("case")),
			Country: r.country(f.get("country")),
			Served:  r.tri(f.get("legal_process")),
		}
		r.time(f.get("at"))
		if l != (referral.Law{}) {
			r.d.Law = append(r.d.Law, l)
		}
	}
}

func choiceCodes() string {
	var s []string
	for _, c := range Choices {
		s = append(s, c.Code)
	}
	return strings.Join(s, ", ")
}

func (r *reader) refuse(n *node, text string) { r.find(n, referral.Refuse, text) }
func (r *reader) warn(n *node, text string)   { r.find(n, referral.Warn, text) }

func (r *reader) find(n *node, s referral.Severity, text string) {
	path := ""
	if n != nil {
		path = n.path
	}
	r.findings = append(r.findings, referral.Finding{Path: path, Severity: s, Text: text})
}

// maxUnknown is how many findings speak of single properties without a name;
// beyond it one gives the number of the others. The draft has them all.
const maxUnknown = 100

// collect fills Fields and Unknown, in document order.
func (r *reader) collect(doc *document) {
	r.d.Fields = make([]referral.Field, 0, doc.leaves)
	unknown := 0
	var walk func(n *node, told bool)
	walk = func(n *node, told bool) {
		if n.dropped {
			return
		}
		if n.media {
			r.warn(n, "media has no place in a report: the desk keeps its length and SHA-256 and let the bytes go; send fingerprints")
		}
		if len(n.name) > maxName {
			r.warn(n, "the name of this property is too long and is cut in the path")
		}
		if !n.used && !n.told && !told && (n.leaf() || n.first != nil) && n.kind != isNull {
			if unknown++; unknown <= maxUnknown {
				r.warn(n, "the form has no such property, or it stands here twice: kept as it is, not interpreted")
			}
			told = true
		}
		told = told || n.told
		if n.leaf() {
			f := referral.Field{Path: n.path, Value: n.text}
			r.d.Fields = append(r.d.Fields, f)
			if !n.used {
				r.d.Unknown = append(r.d.Unknown, f)
			}
			return
		}
		for c := n.first; c != nil; c = c.next {
			walk(c, told)
		}
	}
	walk(doc.root, false)
	if unknown > maxUnknown {
		r.warn(nil, fmt.Sprintf("%d more properties without a name in this form are kept as they are", unknown-maxUnknown))
	}
}
