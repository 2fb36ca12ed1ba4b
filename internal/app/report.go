package app

import (
	"context"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/report"
)

// Today is the desk's date, in UTC.
func (d *Desk) Today() calendar.Day { return calendar.DayOf(d.Clock.Now().UTC()) }

// WriteNote replaces the note to a section of the report about a window; an
// empty text takes it away.
func (d *Desk) WriteNote(ctx context.Context, who identity.Actor, from, to calendar.Day, section, text string) error {
	defs, err := d.Figures.Definitions(ctx, d.Clock.Now())
	if err != nil {
		return err
	}
	var ids []string
	for _, s := range defs {
		ids = append(ids, s.ID)
	}
	if !report.IsSection(section, ids) {
		return fault.New(fault.Invalid, "no section %q: there are %s", section, report.ListSections(ids))
	}
	return d.Editor.Write(ctx, who, from, to, section, text)
}
