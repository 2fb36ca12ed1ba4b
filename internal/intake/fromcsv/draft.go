package fromcsv

import (
	"slices"
	"strings"

	"lapwing/internal/intake/fromhotline"
	"lapwing/internal/referral"
)

// take sorts the cells by field.
func (r *reader) take(cells []cell) {
	r.by = make(map[Field][]*cell, len(cells))
	for i := range cells {
		c := &cells[i]
		if c.field == "" || c.dropped || strings.TrimSpace(c.text) == "" {
			continue
		}
		if c.media && c.field != Text && c.field != Note {
			c.bad = true // keep says so; what stands for media is no value
			continue
		}
		if len(r.by[c.field]) > 0 && !slices.Contains(many, c.field) {
			r.bad(c, "another column means "+string(c.field)+" too, which takes one: the first counts")
			continue
		}
		r.by[c.field] = append(r.by[c.field], c)
	}
}

// one is the cell of a field, nil where there is none.
func (r *reader) one(f Field) *cell {
	if cs := r.by[f]; len(cs) > 0 {
		return cs[0]
	}
	return nil
}

func (r *reader) word(f Field) string {
	if c := r.one(f); c != nil {
		return strings.TrimSpace(c.text)
	}
	return ""
}

// draft makes the draft of the cells.
func (r *reader) draft() {
	d := r.d
	r.key()
	if m, ok := r.when(Updated); ok {
		d.Revision.At = m.utc
	}
	received := r.moment(Received, referral.MomentReceived)
	r.moment(Happened, referral.MomentIncident)
	if !received && !d.Retracted {
		r.refuse(path(r.one(Received), "received"), "the time at which the hotline got the report is missing or cannot be read: map its column to received; 2006-01-02 and 02.01.2006 can be read, with a time of day and a zone")
	}
	r.place()
	r.reporter()
	r.flags()
	f, classified := r.file()
	r.incidents(f, classified)
	for _, field := range []Field{Text, Note} {
		for _, c := range r.by[field] {
			d.Texts = append(d.Texts, referral.Text{Path: c.path, Value: c.text})
		}
	}
	if ids := r.words(Previous); len(ids) > 0 {
		d.Parties = append(d.Parties, referral.Party{Role: referral.RoleAssociated, Type: "previous reports", Prior: ids})
	}
}

func path(c *cell, field string) string {
	if c != nil {
		return c.path
	}
	return field
}

func (r *reader) key() {
	d := r.d
	d.Source = r.o.Source
	if d.Source == "" {
		d.Source = r.word(Hotline)
	}
	d.Source = strings.ToLower(strings.TrimSpace(d.Source))
	d.ExternalID = r.word(ID)
	switch {
	case d.Source == "":
		r.refuse("hotline", "the hotline is missing: name the source of the file, or map the column that has it to hotline")
	case !fitsKey(d.Source, 64):
		r.refuse("hotline", "the short name of the hotline has at most 64 characters, none of them a control character")
	}
	switch {
	case d.ExternalID == "":
		r.refuse(path(r.one(ID), "id"), "the id is missing: map the column with the hotline's number of the report to id; without it a later version cannot be told from a new report")
	case !fitsKey(d.ExternalID, 256):
		r.refuse(r.one(ID).path, "an id has at most 256 characters, none of them a control character")
	}
	c := r.one(Status)
	if c == nil {
		return
	}
	switch r.translate(c.text) {
	case "retracted":
		d.Retracted = true
		d.Revision.Stage = referral.Withdrawn
	case "new", "assessed", "forwarded", "closed":
	default:
		r.bad(c, "status is one of new, assessed, forwarded, closed, retracted")
	}
}

// fitsKey says whether a store can keep s as part of a key.
func fitsKey(s string, max int) bool {
	return len(s) <= max && strings.IndexFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f }) < 0
}

func (r *reader) when(f Field) (moment, bool) {
	c := r.one(f)
	if c == nil {
		return moment{}, false
	}
	m, ok := when(c.text, r.o.Zone)
	switch {
	case !ok:
		r.bad(c, "this is not a date that can be read: 2006-01-02 or 02.01.2006, with a time of day and a zone where there are")
	case m.doubt != "":
		r.warn(c, m.doubt)
	}
	return m, ok
}

func (r *reader) moment(f Field, k referral.MomentKind) bool {
	m, ok := r.when(f)
	if c := r.one(f); c != nil {
		r.d.Times = append(r.d.Times, referral.Moment{Kind: k, UTC: m.utc, Text: c.text, Zoned: m.zoned})
	}
	return ok
}

// words are the parts of the cells of a field that takes several.
func (r *reader) words(f Field) []string {
	var ws []string
	for _, c := range r.by[f] {
		ws = append(ws, strings.FieldsFunc(c.text, func(c rune) bool { return strings.ContainsRune(" \t\r\n,;|", c) })...)
	}
	return ws
}

func (r *reader) place() {
	app := r.word(App)
	p := referral.Place{Kind: referral.PlaceOther, Name: app, Hosting: country(r.word(HostingCountry)), Apparent: country(r.word(ApparentCountry))}
	for _, c := range r.by[URL] {
		for _, u := range strings.Fields(c.text) {
			p.Kind = referral.PlaceWeb
			p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: referral.IDURL, Value: u, Path: c.path})
		}
	}
	if c := r.one(User); c != nil {
		// Whose account it is nobody says: it may be the child's own.
		p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: referral.IDScreen, Value: r.word(User), Scope: app, Mentioned: true, Path: c.path})
	}
	if c := r.one(HostingIP); c != nil {
		p.Kind = referral.PlaceWeb
		p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: referral.IDIP, Value: r.word(HostingIP), Use: "Hosting", Path: c.path})
		r.d.Lookups = append(r.d.Lookups, referral.Lookup{IP: r.word(HostingIP), Country: p.Hosting, Holder: r.word(HostingProvider), Path: c.path})
	}
	if p.Name != "" || p.Hosting != "" || p.Apparent != "" || len(p.Identifiers) > 0 {
		r.d.Places = append(r.d.Places, p)
	}
}

func country(s string) string {
	if len(s) == 2 {
		return strings.ToUpper(s)
	}
	return s
}

func (r *reader) reporter() {
	p := referral.Party{Role: referral.RoleReporter}
	if c := r.one(ReporterRole); c != nil {
		p.Type = r.translate(c.text)
		switch p.Type {
		case "child", "parent", "witness", "professional":
		default:
			r.warn(c, "the role of whoever reported is one of child, parent, witness, professional")
		}
	}
	if c := r.one(ContactEmail); c != nil {
		p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: referral.IDEmail, Value: r.word(ContactEmail), Path: c.path})
	}
	if c := r.one(ContactPhone); c != nil {
		p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: referral.IDPhone, Value: r.word(ContactPhone), Path: c.path})
	}
	if p.Type != "" || len(p.Identifiers) > 0 {
		r.d.Parties = append(r.d.Parties, p)
	}
}

func (r *reader) flags() {
	d := r.d
	if r.yes(Danger) == referral.True {
		d.Flags = append(d.Flags, "child_in_danger_now")
		d.Escalation = "whoever reported says that a child is in danger now"
	}
	for _, h := range r.words(Handling) {
		if h = strings.ToUpper(h); fromhotline.Handling(h) {
			d.Handling = append(d.Handling, h)
		} else {
			r.bad(r.one(Handling), "a handling code is one of H0, H1, H2, H3")
		}
	}
	if c := r.one(Evaluation); c != nil {
		if e := strings.ToUpper(strings.ReplaceAll(r.word(Evaluation), " ", "")); fromhotline.Evaluation(e) {
			d.Evaluation = e
		} else {
			r.bad(c, "an evaluation has both halves, as A2: source A, B, C or X, information 1, 2, 3 or 4")
		}
	}
	slices.Sort(d.Flags)
	d.Flags = slices.Compact(d.Flags)
}
