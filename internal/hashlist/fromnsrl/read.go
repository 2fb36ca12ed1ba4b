// Package fromnsrl reads NIST's Reference Data Set of the National Software
// Reference Library: digests of files that belong to known software
// (formats.md C.5).
//
//   - [Read] reads NSRLFile.txt of RDS 2 and the SQL deltas of RDS 3, and
//     tells them apart. SQL is parsed, never executed.
//   - [ReadFile] reads the SQLite file of RDS 3 in its minimal form from a
//     path, without writing to it.
//
// One entry stands for one file, whatever the number of products that have
// it: its id is "sha256:" and the SHA-256, in RDS 2 "sha1:" and the SHA-1.
// Rows of one file stand together in all three forms and are taken together.
//
// Known is not harmless: RDS 2 marks malicious files, which get the label "M"
// of the scheme "nsrl-special". A list of this kind lowers noise and closes
// nothing.
package fromnsrl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/table"
	"lapwing/internal/referral"
)

// Read is a [hashlist.Reader] for text: RDS 2 or a delta of RDS 3.
func Read(ctx context.Context, r io.Reader, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) error {
	in, err := hashlist.Begin(ctx, o, emit, note)
	if err != nil {
		return err
	}
	text := table.Text(r)
	head, _ := text.Peek(hashlist.DetectBytes) // an error comes again below
	switch hashlist.Detect(head) {
	case hashlist.NSRL3:
		return hashlist.BrokenAt("byte 0", "this is a SQLite file, which is read from a path and not from a stream")
	case hashlist.NSRL3Delta:
		return readDelta(in, text)
	}
	return readRDS2(in, text)
}

// Columns of NSRLFile.txt (formats.md C.5).
const (
	colSHA1    = 0
	colMD5     = 1
	colSize    = 4
	colSpecial = 7
	columns    = 8
)

func readRDS2(in *hashlist.Reading, r io.Reader) error {
	rows := table.NewRows(r, ',', in.MaxEntry)
	var run *hashlist.Entry // the file whose rows are being read
	for headed := false; ; {
		if err := in.Alive(); err != nil {
			return err
		}
		fields, err := rows.Next()
		var skipped *table.Skipped
		switch {
		case errors.Is(err, io.EOF) && !headed:
			return hashlist.BrokenAt(hashlist.Line(1), "the file is empty")
		case errors.Is(err, io.EOF):
			if run != nil {
				return in.Emit(run)
			}
			return nil
		case errors.As(err, &skipped):
			in.Refuse(hashlist.Line(skipped.Line), "%s", skipped.Why)
			continue
		case err != nil:
			return err
		}
		if !headed {
			if !isRDS2(fields) {
				return hashlist.BrokenAt(hashlist.Line(rows.Number()), "the header is not that of NSRLFile.txt: %s", hashlist.NSRL2Header)
			}
			headed = true
			continue
		}
		if len(fields) < columns {
			in.Refuse(hashlist.Line(rows.Number()), "the row has %d fields; NSRLFile.txt has %d", len(fields), columns)
			continue
		}
		// A file name with quotes may give more fields: all but the first
		// four are counted from the end.
		fields = append(fields[:colSize:colSize], fields[len(fields)-(columns-colSize):]...)
		if run != nil && bytes.EqualFold(fields[colSHA1], []byte(run.ID[len("sha1:"):])) {
			special(in, run, fields[colSpecial])
			continue
		}
		e := rds2Entry(in, fields, hashlist.Line(rows.Number()))
		if e == nil {
			continue
		}
		if run != nil {
			if err := in.Emit(run); err != nil {
				return err
			}
		}
		run = e
	}
}

func isRDS2(fields [][]byte) bool {
	got := `"` + string(bytes.Join(fields, []byte(`","`))) + `"`
	return bytes.EqualFold([]byte(got), []byte(hashlist.NSRL2Header))
}

func rds2Entry(in *hashlist.Reading, fields [][]byte, where string) *hashlist.Entry {
	e := hashlist.NewEntry(in.Source, "", where)
	if err := e.AddHash("sha1", lower(fields[colSHA1])); err != nil {
		in.Refuse(where, "%v", err)
		return nil
	}
	e.ID = "sha1:" + e.Hashes[0].Value
	addOthers(in, e, "", lower(fields[colMD5]))
	if n, err := strconv.ParseInt(string(fields[colSize]), 10, 64); err == nil && n > 0 {
		e.Size = n
	}
	special(in, e, fields[colSpecial])
	return e
}

// addOthers adds the digests that do not name the file.
func addOthers(in *hashlist.Reading, e *hashlist.Entry, sha1, md5 string) {
	if sha1 != "" {
		if err := e.AddHash("sha1", sha1); err != nil {
			in.Warn(e.Path, "a fingerprint is left out: %v", err)
		}
	}
	if md5 != "" {
		if err := e.AddHash("md5", md5); err != nil {
			in.Warn(e.Path, "a fingerprint is left out: %v", err)
		}
	}
}

// special keeps a SpecialCode, such as M for malicious, as a label.
func special(in *hashlist.Reading, e *hashlist.Entry, code []byte) {
	code = bytes.TrimSpace(code)
	if len(code) == 0 {
		return
	}
	for _, l := range e.Labels {
		if l.Value == string(code) {
			return
		}
	}
	if len(e.Labels) < 10 {
		e.Labels = append(e.Labels, referral.Label{Scheme: "nsrl-special", Value: string(code), Author: in.Author, At: in.At})
	}
}

func lower(b []byte) string { return string(bytes.ToLower(bytes.TrimSpace(b))) }
