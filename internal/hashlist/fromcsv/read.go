// Package fromcsv reads hash lists in tables with a header: CSV with commas,
// semicolons, tabs or bars, in UTF-8, UTF-16 or Windows-1252.
//
// The options' Mapping says what the columns hold; headers with usual names
// ("MD5", "sha-1", "Category", "PDQ Hash") need none. A row is one entry. One
// without an id has "type:fingerprint" of its first fingerprint for one, and
// rows that follow each other with the same source and id are one entry. A
// row whose column "deleted" says yes is a tombstone.
//
// It reads back what hashlist.WriteCSV writes.
package fromcsv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

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
	t := sheet{Reading: in}
	rows := table.NewRows(r, 0, in.MaxEntry)
	for {
		if err := in.Alive(); err != nil {
			return err
		}
		fields, err := rows.Next()
		var skipped *table.Skipped
		switch {
		case errors.Is(err, io.EOF):
			if t.columns == nil {
				return hashlist.BrokenAt(hashlist.Line(1), "the table is empty; its first row names the columns")
			}
			return t.flush()
		case errors.As(err, &skipped):
			if t.columns == nil {
				return hashlist.BrokenAt(hashlist.Line(skipped.Line), "the first row names the columns, but %s", skipped.Why)
			}
			in.Refuse(hashlist.Line(skipped.Line), "%s", skipped.Why)
			continue
		case err != nil:
			return err
		}
		if t.columns == nil {
			err = t.header(fields, rows.Number())
		} else {
			err = t.row(fields, rows.Number())
		}
		if err != nil {
			return err
		}
		if n := rows.Converted(); n != 0 {
			in.WarnOnce("encoding", hashlist.Line(n), "the line is not UTF-8; such lines are read as Windows-1252")
		}
	}
}

type sheet struct {
	*hashlist.Reading
	columns []hashlist.Column // Field "" where a column is not read
	pending *hashlist.Entry   // may go on in the next row
}

func (t *sheet) flush() error {
	e := t.pending
	if e == nil {
		return nil
	}
	t.pending = nil
	return t.Emit(e)
}

func (t *sheet) header(fields [][]byte, n int64) error {
	var unread, missing []string
	found := map[string]bool{}
	hash := false
	for _, field := range fields {
		name := strings.TrimSpace(unprotect(string(field)))
		c, ok := t.Mapping.Find(name)
		if ok {
			found[strings.ToLower(c.Header)] = true
		} else {
			c, ok = hashlist.UsualColumn(name)
		}
		if ok && c.Field == hashlist.FieldLabel && c.Of == "" {
			if c.Of = t.Scheme; c.Of == "" {
				t.Warn(hashlist.Line(n), "the column %.40q is a classification in a scheme that nobody names: map it as label:scheme; it is not read", name)
				ok = false
			}
		}
		if !ok {
			c.Field = ""
			unread = append(unread, fmt.Sprintf("%.40q", name))
		}
		hash = hash || c.Field == hashlist.FieldHash || c.Field == hashlist.FieldHashes
		t.columns = append(t.columns, c)
	}
	for _, c := range t.Mapping {
		if !found[strings.ToLower(c.Header)] {
			missing = append(missing, fmt.Sprintf("%q", c.Header))
		}
	}
	if len(missing) > 0 {
		return hashlist.BrokenAt(hashlist.Line(n), "the table has no column %s; it has %d columns, separated as its first row is", strings.Join(missing, ", "), len(fields))
	}
	if !hash {
		return hashlist.BrokenAt(hashlist.Line(n), "no column holds a fingerprint: name one with a mapping such as md5=Header")
	}
	if len(unread) > 0 {
		t.Warn(hashlist.Line(n), "columns that are not read: %.400s", strings.Join(unread, ", "))
	}
	return nil
}

// A record is one row as it is being read.
type record struct {
	*hashlist.Entry
	kind, author string
	quality      int
	bare         []string // fingerprints whose kind may stand in another column
	deleted      bool
}

func (t *sheet) row(fields [][]byte, n int64) error {
	where := hashlist.Line(n)
	for _, extra := range fields[min(len(t.columns), len(fields)):] {
		if len(extra) > 0 {
			t.Refuse(where, "the row has %d fields and the header %d: a separator is not quoted", len(fields), len(t.columns))
			return nil
		}
	}
	e := record{Entry: hashlist.NewEntry(t.Source, "", where), author: t.Author, quality: -1}
	for i, field := range fields[:min(len(t.columns), len(fields))] {
		c := &t.columns[i]
		if c.Field == "" || len(field) == 0 {
			continue
		}
		t.cell(&e, c, strings.TrimSpace(unprotect(string(field))))
	}
	for _, value := range e.bare {
		kind := e.kind
		if kind == "" {
			kind = hashlist.KindOf([]byte(value), t.DefaultKind)
		}
		if kind == "" {
			t.Warn(where, "a fingerprint is left out: its length does not tell its type; map its column, or name a default")
			continue
		}
		t.add(e.Entry, kind, value)
	}
	for i := range e.Labels {
		e.Labels[i].Author, e.Labels[i].At = e.author, e.At
	}
	for i := range e.Hashes {
		if e.Hashes[i].Kind == "pdq" && e.quality >= 0 {
			e.Hashes[i].Quality = e.quality
			break
		}
	}
	return t.finish(&e)
}

func (t *sheet) finish(e *record) error {
	if e.deleted {
		if err := t.flush(); err != nil {
			return err
		}
		if e.ID == "" && len(e.Hashes) > 0 {
			e.ID = e.Hashes[0].Kind + ":" + e.Hashes[0].Value
		}
		return t.Bury(&hashlist.Tombstone{Source: e.Source, ID: e.ID, Media: e.Media, At: e.At, Path: e.Path})
	}
	if len(e.Hashes) == 0 {
		t.Refuse(e.Path, "the row has no fingerprint that can be used")
		return nil
	}
	if e.ID == "" {
		e.ID = e.Hashes[0].Kind + ":" + e.Hashes[0].Value
	} else if p := t.pending; p != nil && p.ID == e.ID && p.Source == e.Source {
		for _, h := range e.Hashes {
			n := len(p.Hashes)
			t.add(p, h.Kind, h.Value)
			if len(p.Hashes) > n {
				p.Hashes[n] = h
			}
		}
		return nil
	}
	if err := t.flush(); err != nil {
		return err
	}
	t.pending = e.Entry
	return nil
}

// cell puts a field of a row where its column belongs.
func (t *sheet) cell(e *record, c *hashlist.Column, s string) {
	ok := true
	switch c.Field {
	case hashlist.FieldSource:
		e.Source = s
	case hashlist.FieldID:
		e.ID = s
	case hashlist.FieldKind:
		e.kind = s
	case hashlist.FieldHash:
		if s == "" {
			break
		}
		if c.Of == "" {
			e.bare = append(e.bare, s)
			break
		}
		t.add(e.Entry, c.Of, s)
	case hashlist.FieldHashes:
		for kind, value := range hashlist.Pairs(s) {
			t.add(e.Entry, kind, value)
		}
	case hashlist.FieldQuality:
		e.quality, ok = number(s, 100)
	case hashlist.FieldLabel:
		if c.Of == "interpol-baseline" { // its two values, however they are written
			if tri, is := hashlist.ParseTri(s); is {
				s = map[referral.Tri]string{referral.True: "yes", referral.False: "no"}[tri]
			}
		}
		if s != "" {
			e.Labels = append(e.Labels, referral.Label{Scheme: c.Of, Value: s})
		}
	case hashlist.FieldLabels:
		for scheme, value := range hashlist.Pairs(s) {
			e.Labels = append(e.Labels, referral.Label{Scheme: scheme, Value: value})
		}
	case hashlist.FieldAuthor:
		if s != "" {
			e.author = s
		}
	case hashlist.FieldMedia:
		e.Media = hashlist.ParseMedia(s)
		ok = e.Media != "" || s == ""
	case hashlist.FieldSeries:
		e.Series = s
	case hashlist.FieldSize:
		e.Size, ok = number(s, int64(1)<<62)
	case hashlist.FieldSightings:
		e.Sightings, ok = number(s, int64(1)<<62)
	case hashlist.FieldAt:
		e.At, ok = hashlist.ParseTime(s)
	case hashlist.FieldFlag:
		*e.Flags.Field(c.Of), ok = hashlist.ParseTri(s)
	case hashlist.FieldDeleted:
		var tri referral.Tri
		tri, ok = hashlist.ParseTri(s)
		e.deleted = tri == referral.True
	}
	if !ok {
		t.Warn(e.Path, "the %s is left out: the column %.40q has something else", c.Field, c.Header)
	}
}

func (t *sheet) add(e *hashlist.Entry, kind, value string) {
	if err := e.AddHash(kind, value); err != nil {
		t.Warn(e.Path, "a fingerprint is left out: %v", err)
	}
}

func number[T int | int64](s string, max T) (T, bool) {
	if s == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > int64(max) {
		return 0, false
	}
	return T(n), true
}

// unprotect takes off the apostrophe that keeps a spreadsheet from reading a
// field as a formula (hashlist.WriteCSV).
func unprotect(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexByte("=+-@'\t\r", s[1]) >= 0 {
		return s[1:]
	}
	return s
}
