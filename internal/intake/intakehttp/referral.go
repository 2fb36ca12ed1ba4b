package intakehttp

import (
	"strings"
	"time"

	"lapwing/internal/intake"
	"lapwing/internal/referral"
)

// How much of a referral a page shows. A report may have twenty thousand
// fields; the API has them all.
const (
	maxParties = 100
	maxFiles   = 200
	maxItems   = 300  // identifiers of one party, matches, findings, lookups ...
	maxFields  = 3000 // of the original
	maxText    = 20000
	maxValue   = 2000 // bytes of one field
)

// referralPage is what referral.html shows.
type referralPage struct {
	*intake.Record
	Shown   intake.VersionRecord // the version that is shown
	Basis   *intake.AssessmentRecord
	Kinds   []referral.Kind
	Marks   []string // flags of the report in our words
	Unnamed int      // flags that have no words of ours

	Matches  part[referral.Match]
	Links    part[referral.Link]
	Answers  []answer
	Law      part[referral.Law]
	Parties  part[party]
	Places   part[place]
	Files    part[file]
	Lookups  part[referral.Lookup]
	Texts    part[passage]
	Findings part[referral.Finding]
	Fields   part[referral.Field]
	Strange  part[referral.Field]
}

// A part is the beginning of a list, and how much of it is left out.
type part[T any] struct {
	List []T
	Left int
	All  int
}

func first[T any](most int, all []T) part[T] {
	return part[T]{all[:min(most, len(all))], max(0, len(all)-most), len(all)}
}

// each makes a part of what fn makes of the first of all.
func each[S, T any](most int, all []S, fn func(i int, s *S) T) part[T] {
	p := part[T]{Left: max(0, len(all)-most), All: len(all)}
	for i := range all[:min(most, len(all))] {
		p.List = append(p.List, fn(i, &all[i]))
	}
	return p
}

// describe makes the page of a record in the version asked for, 0 the current one.
func describe(rec *intake.Record, version int64) *referralPage {
	if version == 0 {
		version = rec.Version
	}
	p := &referralPage{Record: rec}
	for _, v := range rec.Versions {
		if v.Version == version {
			p.Shown = v
		}
	}
	if rec.Assessment == nil {
		rec.Assessment = new(referral.Assessment)
	}
	for i := range rec.Assessments {
		if rec.Assessments[i].Body == rec.Assessment {
			p.Basis = &rec.Assessments[i]
		}
	}
	a, d := rec.Assessment, rec.Draft
	if p.Kinds = a.Kinds; len(p.Kinds) == 0 {
		p.Kinds = []referral.Kind{rec.Kind}
	}
	p.Marks, p.Unnamed = marks(d.Flags)
	p.Matches = first(maxItems, a.Media.Matches)
	p.Links = first(maxItems, a.Relations)
	p.Answers = answers(&a.Jurisdiction)
	p.Law = first(maxItems, d.Law)
	p.Parties = each(maxParties, d.Parties, func(i int, x *referral.Party) party { return describeParty(d, i, x) })
	p.Places = each(maxParties, d.Places, func(_ int, x *referral.Place) place {
		return place{x, word(placeWords, x.Kind), first(maxItems, x.Identifiers), named(len(x.Name) > 0, len(x.Identifiers), len(x.Addresses), 0)}
	})
	p.Files = each(maxFiles, d.Files, func(i int, x *referral.File) file { return describeFile(&a.Media, i, x) })
	p.Lookups = first(maxItems, d.Lookups)
	p.Texts = passages(d)
	p.Findings = first(maxItems, p.Shown.Findings)
	p.Fields = fields(d.Fields)
	p.Strange = fields(d.Unknown)
	return p
}

// Borrowed says that the version that is shown was never assessed itself: one
// that came late, after a newer one.
func (p *referralPage) Borrowed() bool { return p.Basis != nil && p.Basis.Version != p.Shown.Version }

// Notice is the label of a notice.
func (p *referralPage) Notice(code string) string {
	if w, ok := noticeWords[code]; ok {
		return w
	}
	return "To note"
}

// Meaning is the verdict on the files as a sentence.
func (p *referralPage) Meaning() string { return word(mediaMeaning, p.Assessment.Media.Verdict) }

// Stage is the step in the life of the report that a version stands for.
func (p *referralPage) Stage(s referral.Stage) string { return stageWords[s] }

// Handling are the marking codes with their meaning.
func (p *referralPage) Handling() (out []string) {
	for _, h := range p.Draft.Handling {
		out = append(out, word(handlingWords, h))
	}
	return out
}

// Happened is the first time of the event that the shown version states.
func (p *referralPage) Happened() time.Time { return p.first(referral.MomentIncident) }

// Came is when the source, as the shown version states it, or else the desk
// received the report.
func (p *referralPage) Came() time.Time {
	if t := p.first(referral.MomentReceived); !t.IsZero() {
		return t
	}
	return p.Recorded
}

func (p *referralPage) first(k referral.MomentKind) time.Time {
	for _, m := range p.Draft.Times {
		if m.Kind == k && !m.UTC.IsZero() {
			return m.UTC
		}
	}
	return time.Time{}
}

// A moment is a time of the report or of the desk.
type moment struct {
	Label string
	At    time.Time
	Text  string // as the source wrote it
	Note  string
}

// Times are when what happened, as the source and the desk know it.
func (p *referralPage) Times() []moment {
	var ms []moment
	for _, t := range p.Draft.Times {
		m := moment{Label: word(momentWords, t.Kind), At: t.UTC, Text: t.Text}
		switch {
		case t.UTC.IsZero():
			m.Note = "could not be read as a time"
		case !t.Zoned:
			m.Note = "no zone was stated; UTC is assumed"
		}
		ms = append(ms, m)
	}
	return append(ms, moment{Label: "First taken in here", At: p.Recorded}, moment{Label: "Last changed here", At: p.Changed})
}

// An answer is one side of the question who can act.
type answer struct {
	Title, Note string
	List        []referral.CountryFinding
}

func answers(c *referral.Countries) []answer {
	return []answer{
		{"Country of a reported person", "", c.Suspect},
		{"Country of a child", "", c.Victim},
		{"Country of hosting", "For takedown only.", c.Hosting},
	}
}

// A passage is free text of the source.
type passage struct {
	Path, Text string
	Left       int // bytes that are not shown
}

// passages are the free texts; the reason to hurry goes first.
func passages(d *referral.Draft) part[passage] {
	all := d.Texts
	if strings.TrimSpace(d.Escalation) != "" {
		all = append([]referral.Text{{Path: "The source's reason to hurry", Value: d.Escalation}}, all...)
	}
	return each(maxItems, all, func(_ int, t *referral.Text) passage {
		text, left := cut(t.Value, maxText)
		return passage{t.Path, text, left}
	})
}

func fields(fs []referral.Field) part[referral.Field] {
	return each(maxFields, fs, func(_ int, f *referral.Field) referral.Field {
		v, left := cut(f.Value, maxValue)
		if left > 0 {
			v += " … and " + of(left, "byte", "bytes") + " more"
		}
		return referral.Field{Path: f.Path, Value: v}
	})
}

// cut is the beginning of s without half a letter at its end, and how many
// bytes are left out.
func cut(s string, most int) (string, int) {
	if len(s) <= most {
		return s, 0
	}
	n := most
	for n > most-4 && n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n], len(s) - n
}

// Identifiers is the beginning of a list of identifiers.
func (p *referralPage) Identifiers(ids []referral.Identifier) part[referral.Identifier] {
	return first(maxItems, ids)
}
