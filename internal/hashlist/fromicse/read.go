// Package fromicse reads hash sets that INTERPOL's ICSE database exports:
// tables separated by semicolons with a fixed header (formats.md C.4).
//
// Baseline becomes a label of the scheme "interpol-baseline", yes or no. The
// entry's id is the Image ID; its source is the options', "icse" by custom.
package fromicse

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/table"
	"lapwing/internal/referral"
)

// Columns of the export, in its order (formats.md C.4).
const (
	colMD5 = iota
	colSHA1
	colPhotoDNA
	colID
	colDistributed
	colVictim
	colOffender
	colSeries
	colSubmissions
	colAvailable
	colMedia
	colBaseline
	columns
)

// Read is a [hashlist.Reader].
func Read(ctx context.Context, r io.Reader, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) error {
	in, err := hashlist.Begin(ctx, o, emit, note)
	if err != nil {
		return err
	}
	rows := table.NewRows(r, ';', in.MaxEntry)
	headed := false
	for {
		if err := in.Alive(); err != nil {
			return err
		}
		fields, err := rows.Next()
		var skipped *table.Skipped
		switch {
		case errors.Is(err, io.EOF) && headed:
			return nil
		case errors.Is(err, io.EOF):
			return hashlist.BrokenAt(hashlist.Line(1), "the file is empty")
		case errors.As(err, &skipped):
			in.Refuse(hashlist.Line(skipped.Line), "%s", skipped.Why)
			continue
		case err != nil:
			return err
		}
		if !headed {
			if !isHeader(fields) {
				return hashlist.BrokenAt(hashlist.Line(rows.Number()), "the header is not that of an ICSE export: %s", hashlist.ICSEHeader)
			}
			headed = true
			continue
		}
		if len(fields) != columns {
			in.Refuse(hashlist.Line(rows.Number()), "the row has %d fields; an ICSE export has %d", len(fields), columns)
			continue
		}
		if err := row(in, fields, hashlist.Line(rows.Number())); err != nil {
			return err
		}
	}
}

func isHeader(fields [][]byte) bool {
	return strings.EqualFold(string(bytes.Join(fields, []byte(";"))), hashlist.ICSEHeader)
}

func row(in *hashlist.Reading, fields [][]byte, where string) error {
	text := func(col int) string { return string(bytes.TrimSpace(fields[col])) }
	e := hashlist.NewEntry(in.Source, text(colID), where)
	for col, kind := range []string{colMD5: "md5", colSHA1: "sha1", colPhotoDNA: "photodna"} {
		if s := text(col); s != "" {
			if err := e.AddHash(kind, s); err != nil {
				in.Warn(where, "a fingerprint is left out: %v", err)
			}
		}
	}
	if len(e.Hashes) == 0 {
		in.Refuse(where, "the row has no fingerprint that can be used")
		return nil
	}
	if e.ID == "" {
		e.ID = e.Hashes[0].Kind + ":" + e.Hashes[0].Value
	}
	var baseline referral.Tri
	for _, f := range []struct {
		col  int
		into *referral.Tri
	}{
		{colDistributed, &e.Flags.Distributed},
		{colVictim, &e.Flags.VictimIdentified},
		{colOffender, &e.Flags.OffenderIdentified},
		{colAvailable, &e.Flags.Available},
		{colBaseline, &baseline},
	} {
		var ok bool
		if *f.into, ok = hashlist.ParseTri(text(f.col)); !ok {
			in.Warn(where, "column %d is neither yes nor no; it is taken as not stated", f.col+1)
		}
	}
	if baseline != referral.Unknown {
		e.Labels = []referral.Label{{Scheme: "interpol-baseline", Value: baseline.String(), Author: in.Author, At: in.At}}
	}
	e.Series = text(colSeries)
	e.Media = hashlist.ParseMedia(text(colMedia))
	if s := text(colSubmissions); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < 0 {
			in.Warn(where, "the number of submissions is not a number; it is left out")
			n = 0
		}
		e.Sightings = n
	}
	return in.Emit(e)
}
