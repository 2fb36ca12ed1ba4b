// Package lint says everything that looks wrong with a draft, whatever format
// it came from: what is missing, what cannot be, what identifies nobody.
//
// [Draft] is the whole of it. Readers say what is wrong with a document; lint
// says what is wrong with what they made of it. It repairs nothing, and a
// finding is not a judgement of the report: what follows from it is for
// package assess and for people.
package lint

import (
	"fmt"
	"strconv"
	"time"

	"lapwing/internal/referral"
)

// MaxFindings is how many findings are listed; beyond it the last one gives
// the number of the others.
const MaxFindings = 500

// Draft lists what is wrong with d at the time now, in the order of the
// draft's fields. A finding refuses the draft only where it has no key: no
// source or no external id. No text repeats a value of the draft.
//
// A report that its source takes back needs no more than its key.
func Draft(d *referral.Draft, now time.Time) []referral.Finding {
	if d == nil {
		return []referral.Finding{{Severity: referral.Refuse, Text: "there is no report: read it again from its original"}}
	}
	l := &linter{d: d, now: now}
	l.key()
	l.times()
	l.kinds()
	l.law()
	l.parties()
	l.places()
	l.files()
	l.lookups()
	l.counts()
	if l.more > 0 {
		l.list = append(l.list, referral.Finding{Severity: referral.Warn, Text: strconv.Itoa(l.more) + " more findings are not listed"})
	}
	return l.list
}

type linter struct {
	d    *referral.Draft
	now  time.Time
	list []referral.Finding
	more int
}

func (l *linter) find(s referral.Severity, path, text string) {
	if len(l.list) >= MaxFindings {
		l.more++
		return
	}
	l.list = append(l.list, referral.Finding{Path: path, Severity: s, Text: text})
}

func (l *linter) warn(path, format string, args ...any) {
	if len(l.list) >= MaxFindings {
		l.more++
		return
	}
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	l.find(referral.Warn, path, format)
}

func (l *linter) key() {
	if l.d.Source == "" {
		l.find(referral.Refuse, "source", "nobody vouches for this report: say which source it comes from")
	}
	if l.d.ExternalID == "" {
		l.find(referral.Refuse, "external_id", "the report has no id at its source: without one a later version cannot be told from a new report")
	}
}

func (l *linter) kinds() {
	if len(l.d.Incidents) == 0 && !l.d.Retracted {
		l.warn("incidents", "the report does not say what it is about")
	}
	known := false
	for _, i := range l.d.Incidents {
		known = known || i.Kind.Valid() && i.Kind != referral.KindUnknown
	}
	for n, i := range l.d.Incidents {
		path := at("incidents", n)
		switch {
		case i.Kind == referral.KindUnknown || i.Kind == "":
			if known {
				l.warn(path, "the source's word for this incident has no place in the taxonomy yet")
			} else {
				l.warn(path, "the source's word for this incident has no place in the taxonomy yet, and the report names no other: a person has to say what it is about")
			}
		case !i.Kind.Valid():
			l.warn(path, "this kind is not in the taxonomy")
		}
	}
}

func (l *linter) law() {
	for n, a := range l.d.Law {
		l.country(at("law", n)+"/country", a.Country, codeExpected)
	}
}

// counts finds lists that are too long to come from one report: they are
// mostly several reports in one, or a loop at the source.
func (l *linter) counts() {
	d := l.d
	for _, c := range []struct {
		what string
		n    int
		max  int
	}{
		{"incidents", len(d.Incidents), 25},
		{"flags", len(d.Flags), 100},
		{"times", len(d.Times), 50},
		{"law", len(d.Law), 100},
		{"parties", len(d.Parties), 200},
		{"places", len(d.Places), 500},
		{"files", len(d.Files), 5000},
		{"lookups", len(d.Lookups), 5000},
		{"texts", len(d.Texts), 1000},
		{"fields", len(d.Fields), 100_000},
	} {
		if c.n > c.max {
			l.warn(c.what, "%d %s are more than one report has (%d): see whether several reports were put into one", c.n, c.what, c.max)
		}
	}
	for n, p := range d.Parties {
		if len(p.Identifiers) > maxIdentifiers {
			l.warn(at("parties", n)+"/identifiers", "%d identifiers are more than one person or account has (%d)", len(p.Identifiers), maxIdentifiers)
		}
	}
	for n, f := range d.Files {
		if len(f.Hashes) > maxHashes {
			l.warn(or(f.Path, at("files", n))+"/hashes", "%d fingerprints are more than one file has (%d): see whether several files were put into one", len(f.Hashes), maxHashes)
		}
	}
}

const (
	maxIdentifiers = 2000 // accounts with years of logins have many addresses
	maxHashes      = 40
)

// at is the path of element i of a list, counted from 1 as in the readers.
func at(list string, i int) string { return list + "[" + strconv.Itoa(i+1) + "]" }

// or is the path that the reader gave, or else where it is in the draft.
func or(path, draft string) string {
	if path != "" {
		return path
	}
	return draft
}
