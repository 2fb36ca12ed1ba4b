// Package fromjsonl reads hash lists in the desk's own form: a head and then
// one change in JSON on each line, as hashlist.WriteJSONL writes them.
//
// Entries name their own source; the options' stands in where they do not.
// Fingerprints are normalised again, for the file may come from anybody.
package fromjsonl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/table"
	"lapwing/internal/referral"
)

// Read is a [hashlist.Reader].
func Read(ctx context.Context, r io.Reader, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) error {
	in, err := hashlist.Begin(ctx, o, emit, note)
	if err != nil {
		return err
	}
	lines := table.NewLines(r, in.MaxEntry)
	headed := false
	for {
		if err := in.Alive(); err != nil {
			return err
		}
		line, err := lines.Next()
		var skipped *table.Skipped
		switch {
		case errors.Is(err, io.EOF):
			if !headed {
				return hashlist.BrokenAt(hashlist.Line(1), "the file is empty")
			}
			return nil
		case errors.As(err, &skipped):
			in.Refuse(hashlist.Line(skipped.Line), "%s", skipped.Why)
			continue
		case err != nil:
			return err
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if !headed {
			if err := checkHead(line); err != nil {
				return err
			}
			headed = true
			continue
		}
		if err := change(in, line, hashlist.Line(lines.Number())); err != nil {
			return err
		}
	}
}

func checkHead(line []byte) error {
	var head struct {
		Format  string
		Version int
	}
	if err := json.Unmarshal(line, &head); err != nil || head.Format != "lapwing-hashlist" {
		return hashlist.BrokenAt(hashlist.Line(1), "the first line is not %s", hashlist.JSONHead)
	}
	if head.Version != 1 {
		return hashlist.BrokenAt(hashlist.Line(1), "this program reads version 1 of the form, the file has version %d", head.Version)
	}
	return nil
}

func change(in *hashlist.Reading, line []byte, where string) error {
	var c hashlist.Change
	if err := json.Unmarshal(line, &c); err != nil {
		in.Refuse(where, "the line is not a change in JSON")
		return nil
	}
	switch {
	case (c.Entry == nil) == (c.Tombstone == nil):
		in.Refuse(where, "a line has an entry or a tombstone")
		return nil
	case c.Tombstone != nil:
		t := c.Tombstone
		if t.Source == "" {
			t.Source = in.Source
		}
		t.At, t.Media = sane(in, where, t.At), hashlist.ParseMedia(t.Media)
		t.Path = where
		return in.Bury(t)
	}
	e := c.Entry
	if e.Source == "" {
		e.Source = in.Source
	}
	hashes := e.Hashes
	e.Hashes = nil
	for _, h := range hashes {
		n := len(e.Hashes)
		if err := e.AddHash(h.Kind, h.Value); err != nil {
			in.Warn(where, "a fingerprint is left out: %v", err)
			continue
		}
		if h.Kind == "pdq" && len(e.Hashes) > n && h.Quality > 0 && h.Quality <= 100 {
			e.Hashes[n].Quality = h.Quality
		}
	}
	e.Media, e.At = hashlist.ParseMedia(e.Media), sane(in, where, e.At)
	e.Size, e.Sightings = max(e.Size, 0), max(e.Sightings, 0)
	for _, name := range hashlist.FlagNames {
		if f := e.Flags.Field(name); *f < referral.False || *f > referral.True {
			*f = referral.Unknown
		}
	}
	for i := range e.Labels {
		e.Labels[i].At = sane(in, where, e.Labels[i].At)
	}
	for i := range e.Votes {
		e.Votes[i].Kind = referral.HashKind(e.Votes[i].Kind)
		e.Votes[i].At = sane(in, where, e.Votes[i].At)
	}
	e.Path = where
	return in.Emit(e)
}

// sane is t, or no time where t cannot be one of ours.
func sane(in *hashlist.Reading, where string, t time.Time) time.Time {
	t = t.UTC()
	if y := t.Year(); !t.IsZero() && (y < 1970 || y > 9999) {
		in.Warn(where, "a time is left out: it is not between 1970 and 9999")
		return time.Time{}
	}
	return t
}
