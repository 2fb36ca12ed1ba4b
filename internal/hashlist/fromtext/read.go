// Package fromtext reads hash lists in plain lines:
//
//	md5 8516c09421a983ab389e625404dd0215
//	sha1,0b52f45a07d89d9ea64019d956176afaa8e2d55d,ref-17
//	0b52f45a07d89d9ea64019d956176afaa8e2d55d
//	# a comment
//
// A line is a type and a fingerprint, then the entry's id if it has one,
// separated by blanks, a tab, a comma, a semicolon or a bar. The type may be
// missing where the length tells it: 32 hexadecimal characters are an MD5,
// 40 a SHA-1; 64 may be a SHA-256 or a PDQ, so that the options must say
// which. What follows a bare fingerprint is not read: in the output of md5sum
// it is the name of the file.
//
// An entry without an id has "type:fingerprint" for one. Lines that follow
// each other with the same id are one entry with several fingerprints. A
// field in Go quotes is unquoted, and "opaque:name" is a type that this
// program does not know: so writes hashlist.WriteText.
package fromtext

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

// Read is a [hashlist.Reader].
func Read(ctx context.Context, r io.Reader, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) error {
	in, err := hashlist.Begin(ctx, o, emit, note)
	if err != nil {
		return err
	}
	lines := table.NewLines(r, in.MaxEntry)
	t := text{Reading: in, kinds: map[string]string{}}
	for {
		if err := in.Alive(); err != nil {
			return err
		}
		line, err := lines.Next()
		var skipped *table.Skipped
		switch {
		case errors.Is(err, io.EOF):
			return t.flush()
		case errors.As(err, &skipped):
			in.Refuse(hashlist.Line(skipped.Line), "%s", skipped.Why)
			continue
		case err != nil:
			return err
		}
		if err := t.line(line, lines.Number()); err != nil {
			return err
		}
	}
}

type text struct {
	*hashlist.Reading
	pending *hashlist.Entry // may get more fingerprints from the next line
	kinds   map[string]string
	id      []byte
}

func (t *text) flush() error {
	e := t.pending
	if e == nil {
		return nil
	}
	t.pending = nil
	return t.Emit(e)
}

func (t *text) line(line []byte, n int64) error {
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] == '#' {
		return nil
	}
	first, rest := field(line)
	kind, value, id := "", "", ""
	if hashlist.LooksBare(first) {
		kind = hashlist.KindOf(first, t.DefaultKind)
		if kind == "" {
			t.Refuse(hashlist.Line(n), "a fingerprint of %d characters may be a sha256 or a pdq: write its type before it, or name a default", len(first))
			return nil
		}
		if len(rest) > 0 {
			t.WarnOnce("rest", hashlist.Line(n), "what follows a bare fingerprint is not read; an entry with an id is written: type fingerprint id")
		}
		return t.bare(kind, first, n)
	}
	if kind = t.kind(first); kind == "" {
		t.Refuse(hashlist.Line(n), "the line is neither a fingerprint nor a known type and a fingerprint; types are %s", strings.Join(hashlist.Kinds, ", "))
		return nil
	}
	second, rest := field(rest)
	if len(rest) == 0 && second != nil && second[0] != '"' {
		return t.bare(kind, second, n)
	}
	var ok1, ok2 bool
	value, ok1 = unquote(second)
	id, ok2 = unquote(rest)
	if !ok1 || !ok2 {
		t.Refuse(hashlist.Line(n), "a quoted field is not closed, or not quoted as Go does it")
		return nil
	}
	if id == "" {
		return t.bare(kind, []byte(value), n)
	}
	if e := t.pending; e != nil && e.ID == id {
		if err := e.AddHash(kind, value); err != nil {
			t.Refuse(hashlist.Line(n), "%v", err)
		}
		return nil
	}
	if err := t.flush(); err != nil {
		return err
	}
	e := hashlist.NewEntry(t.Source, id, hashlist.Line(n))
	if err := e.AddHash(kind, value); err != nil {
		t.Refuse(hashlist.Line(n), "%v", err)
		return nil
	}
	t.pending = e
	return nil
}

// bare hands on an entry without an id.
func (t *text) bare(kind string, value []byte, n int64) error {
	if err := t.flush(); err != nil {
		return err
	}
	// The id is made first so that the fingerprint can be a part of it: one
	// allocation for both.
	t.id = append(append(append(t.id[:0], kind...), ':'), value...)
	if _, hex := referral.HashKinds[kind]; hex {
		for i, c := range t.id {
			if c >= 'A' && c <= 'F' {
				t.id[i] = c | 0x20
			}
		}
	}
	id := string(t.id)
	e := hashlist.NewEntry(t.Source, id, hashlist.Line(n))
	if err := e.AddHash(kind, id[len(kind)+1:]); err != nil {
		t.Refuse(hashlist.Line(n), "%v", err)
		return nil
	}
	if got := e.Hashes[0].Value; len(got)+len(kind)+1 != len(id) || kind == "photodna" {
		e.ID = kind + ":" + got // the same fingerprint has the same id, however it was written
	}
	return t.Emit(e)
}

// kind of a type as written, empty where it is not known.
func (t *text) kind(b []byte) string {
	if k, ok := t.kinds[string(b)]; ok {
		return k
	}
	if len(b) > 64 {
		return ""
	}
	s, _ := unquote(b)
	opaque, found := strings.CutPrefix(s, "opaque:")
	k := referral.HashKind(opaque)
	if !found && !hashlist.KnownKind(k) {
		return ""
	}
	if len(t.kinds) < 100 {
		t.kinds[string(b)] = k
	}
	return k
}

// field cuts the first field off a line, and what separates it.
func field(line []byte) (first, rest []byte) {
	end := len(line)
	if end > 0 && line[0] == '"' {
		for i := 1; i < len(line); i++ {
			if line[i] == '\\' {
				i++
			} else if line[i] == '"' {
				end = i + 1
				break
			}
		}
	} else if i := bytes.IndexAny(line, " \t,;|"); i >= 0 {
		end = i
	}
	first, rest = line[:end], line[end:]
	rest = bytes.TrimLeft(rest, " \t")
	if len(rest) > 0 && (rest[0] == ',' || rest[0] == ';' || rest[0] == '|') {
		rest = bytes.TrimLeft(rest[1:], " \t")
	}
	return first, rest
}

func unquote(b []byte) (string, bool) {
	if len(b) == 0 || b[0] != '"' {
		return string(b), true
	}
	s, err := strconv.Unquote(string(b))
	return s, err == nil
}
