package app

import (
	"context"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/internal/outlook"
	"lapwing/internal/report"
)

// history is how many days before the window an outlook looks at: the season
// of five years and the year that it is compared with.
const history = 6*366 + 7

// lags is how many of the last periods of a series say how late it usually is.
const lags = 40

// Outlook answers the question from the figures that the desk keeps, as known
// on the date of the question (zero: now), and gives what it answered from.
func (d *Desk) Outlook(ctx context.Context, q outlook.Question) (o outlook.Outlook, data outlook.Data, err error) {
	if q.AsOf.IsZero() {
		q.AsOf = d.Clock.Now()
	}
	stated, err := d.Figures.Definitions(ctx, q.AsOf)
	if err != nil {
		return o, data, err
	}
	for _, s := range stated {
		data.Definitions = append(data.Definitions, s.Definition)
	}
	if data.Events, err = d.Figures.Events(ctx, q.AsOf); err != nil {
		return o, data, err
	}
	sel := indicator.Selection{From: q.From - history, To: q.To, AsOf: q.AsOf}
	at := map[indicator.Key]int{}
	err = d.Figures.Figures(ctx, sel, func(f indicator.Figure) error {
		i, ok := at[f.Key]
		if !ok {
			i = len(data.Lines)
			at[f.Key] = i
			data.Lines = append(data.Lines, outlook.Line{Key: f.Key})
		}
		l := &data.Lines[i]
		l.Figures = append(l.Figures, f.Observation)
		return nil
	})
	if err != nil {
		return o, data, err
	}
	// How late a source is, its first word for a period tells.
	type place struct {
		key   indicator.Key
		first calendar.Day
	}
	told := map[place]time.Time{}
	err = d.Figures.Revisions(ctx, sel, func(r indicator.Revision) error {
		p := place{r.Key, r.After.First}
		if t, ok := told[p]; !ok || r.Before.Learned.Before(t) {
			told[p] = r.Before.Learned
		}
		return nil
	})
	if err != nil {
		return o, data, err
	}
	for i := range data.Lines {
		l := &data.Lines[i]
		for _, f := range l.Figures[max(0, len(l.Figures)-lags):] {
			t, ok := told[place{l.Key, f.First}]
			if !ok {
				t = f.Learned
			}
			l.Lags = append(l.Lags, max(0, int(calendar.DayOf(t.UTC())-l.Key.Length.Add(f.First, 1))))
		}
	}
	if !q.Since.IsZero() {
		sel.From = q.From
		err = d.Figures.Changed(ctx, sel, q.Since, q.AsOf, func(c indicator.Change) error {
			if i, ok := at[c.Key]; ok && c.Before != nil {
				data.Lines[i].Revisions = append(data.Lines[i].Revisions, outlook.Revision{Before: *c.Before, After: c.After})
			}
			return nil
		})
	}
	if err != nil {
		return o, data, err
	}
	return outlook.Look(q, data), data, nil
}

// Report composes the situational report that answers the question, with the
// notes that editors wrote to its window.
func (d *Desk) Report(ctx context.Context, q outlook.Question) (*report.Report, error) {
	o, data, err := d.Outlook(ctx, q)
	if err != nil {
		return nil, err
	}
	notes, err := d.Editor.Notes(ctx, q.From, q.To)
	if err != nil {
		return nil, err
	}
	return report.Compose(o, data, report.Options{Desk: d.Config.Desk, Program: "lapwing", Invented: d.Demo, Notes: notes}), nil
}
