package report

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"lapwing/internal/audit"
	"lapwing/internal/calendar"
	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
)

// A Store keeps notes, all versions of them.
type Store interface {
	Atomically(ctx context.Context, fn func(context.Context) error) error
	// Notes gives the newest version of each section's note of a window, those
	// without text left out.
	Notes(ctx context.Context, window string) ([]Note, error)
	// PutNote adds a version.
	PutNote(ctx context.Context, window string, n Note) error
}

// Editor keeps what editors write to reports.
type Editor struct {
	Store Store
	Clock clock.Clock
	Audit *audit.Log
}

// maxNote bounds a note, in characters.
const maxNote = 20000

// Window names what a report is about: notes belong to it, whenever the report
// is made again.
func Window(from, to calendar.Day) string { return from.String() + ".." + to.String() }

// Notes gives the notes of a window.
func (e *Editor) Notes(ctx context.Context, from, to calendar.Day) ([]Note, error) {
	return e.Store.Notes(ctx, Window(from, to))
}

// Write replaces the note of a section; an empty text takes it away. Earlier
// versions are kept. Sections are those of the report: ids of indicators, and
// the fixed parts.
func (e *Editor) Write(ctx context.Context, who identity.Actor, from, to calendar.Day, section, text string) (err error) {
	defer fault.Wrap(&err, "write the note to %s", section)
	text = strings.TrimSpace(text)
	switch {
	case to < from:
		return fault.New(fault.Invalid, "the window ends before it begins")
	case section == "" || len(section) > 64:
		return fault.New(fault.Invalid, "a note belongs to a section of the report")
	case !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxNote:
		return fault.New(fault.Invalid, "a note is a text of at most %d characters", maxNote)
	}
	return e.Store.Atomically(ctx, func(ctx context.Context) error {
		if err := e.Store.PutNote(ctx, Window(from, to), Note{Section: section, Text: text, Author: who.ID, Written: e.Clock.Now()}); err != nil {
			return err
		}
		return e.Audit.Record(ctx, who, audit.Act{Kind: audit.Alteration, Action: "report.note", Subject: Window(from, to) + " " + section})
	})
}

// Sections are the ids that a note may name, besides those of indicators.
var Sections = []string{"periods", "alarms", "coverage", "revised", "events", "methods"}

// IsSection says whether a report about those indicators has the section.
func IsSection(id string, indicators []string) bool {
	return slices.Contains(Sections, id) || slices.Contains(indicators, id)
}

// ListSections names them all, for an error.
func ListSections(indicators []string) string {
	return strings.Join(slices.Concat(indicators, Sections), ", ")
}
