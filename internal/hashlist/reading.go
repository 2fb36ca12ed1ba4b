package hashlist

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"lapwing/internal/referral"
)

// A Reader reads a list of one format and hands on what it says, in the
// file's order. The format packages have one each, called Read.
//
// It holds one entry at a time, whatever the size of the file. A row that
// cannot be used is noted with its place and reading goes on: a finding of
// severity Refuse means that the row was left out, Warn that it was taken.
// The error is that of emit or of the reader as they are, ctx's, or a
// [Broken]. Note may be nil.
type Reader = func(ctx context.Context, r io.Reader, o Options, emit func(Change) error, note func(referral.Finding)) error

// A Reading is what the readers of all formats share: options with their
// defaults, the checks that each entry passes, and the notes.
type Reading struct {
	Options
	ctx  context.Context
	emit func(Change) error
	note func(referral.Finding)
	n    uint
	from string // the last source that was found to be good
	said map[string]bool
}

// Begin checks the options.
func Begin(ctx context.Context, o Options, emit func(Change) error, note func(referral.Finding)) (*Reading, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Author == "" {
		o.Author = o.Source
	}
	if o.MaxEntry == 0 {
		o.MaxEntry = DefaultMaxEntry
	}
	if note == nil {
		note = func(referral.Finding) {}
	}
	return &Reading{Options: o, ctx: ctx, emit: emit, note: note}, ctx.Err()
}

// Alive is ctx's error, looked at now and then. Readers call it once for
// each row, also for those that give nothing.
func (r *Reading) Alive() error {
	if r.n++; r.n%256 == 0 {
		return r.ctx.Err()
	}
	return nil
}

// Emit hands on an entry, unless it cannot be kept: then that is noted. Texts
// that are too long or hold control characters are left out of it.
func (r *Reading) Emit(e *Entry) error {
	if e.At.IsZero() {
		e.At = r.At
	}
	if why := r.badIdentity(e.Source, e.ID); why != "" {
		r.Refuse(e.Path, "%s", why)
		return nil
	}
	if !keepable(e.Series) {
		e.Series = ""
		r.Warn(e.Path, "the series is left out: a name has up to %d bytes, without control characters", maxID)
	}
	if !keepable(e.Producer) {
		e.Producer = ""
	}
	if len(e.Labels) > 0 {
		e.Labels = keepOnly(r, e.Path, "label", e.Labels, func(l referral.Label) bool {
			return l.Scheme != "" && l.Value != "" && len(l.Scheme) <= maxName && plain(l.Scheme) && keepable(l.Value) && keepable(l.Author)
		})
	}
	if len(e.Votes) > 0 {
		e.Votes = keepOnly(r, e.Path, "vote", e.Votes, func(v Vote) bool {
			return len(v.Kind) <= maxKind && plain(v.Kind) && keepable(v.Author) && keepable(v.Reason) && keepable(v.ReasonID)
		})
	}
	if len(e.Links) > 0 {
		e.Links = keepOnly(r, e.Path, "link", e.Links, func(l Link) bool {
			return len(l.Kind) <= maxKind && plain(l.Kind) && keepable(l.Rel) && keepable(l.Href)
		})
	}
	return r.emit(Change{Entry: e})
}

// Bury hands on a tombstone, unless it names no entry: then that is noted.
func (r *Reading) Bury(t *Tombstone) error {
	if t.At.IsZero() {
		t.At = r.At
	}
	if why := r.badIdentity(t.Source, t.ID); why != "" {
		r.Refuse(t.Path, "%s", why)
		return nil
	}
	return r.emit(Change{Tombstone: t})
}

// Refuse notes that the row at path was left out.
func (r *Reading) Refuse(path, format string, args ...any) {
	r.note(referral.Finding{Path: path, Severity: referral.Refuse, Text: fmt.Sprintf(format, args...)})
}

// Warn notes something about a row that was taken.
func (r *Reading) Warn(path, format string, args ...any) {
	r.note(referral.Finding{Path: path, Severity: referral.Warn, Text: fmt.Sprintf(format, args...)})
}

// WarnOnce is Warn for what is true of the whole file: the same key is noted
// the first time only.
func (r *Reading) WarnOnce(key, path, format string, args ...any) {
	if r.said[key] || len(r.said) >= 100 {
		return
	}
	if r.said == nil {
		r.said = map[string]bool{}
	}
	r.said[key] = true
	r.Warn(path, format, args...)
}

func (r *Reading) badIdentity(source, id string) string {
	switch {
	case source != "" && source == r.from && id != "" && len(id) <= maxID && plain(id):
		return ""
	case source == "" || id == "":
		return "the entry has no source or no id, so nobody could take it back"
	case len(source) > maxName || len(id) > maxID:
		return fmt.Sprintf("an id has up to %d bytes and a source up to %d", maxID, maxName)
	case !plain(source) || !plain(id):
		return "the id or the source has control characters or is not UTF-8"
	}
	r.from = source
	return ""
}

// Line is the path of a line, counted from 1.
func Line(n int64) string {
	var b [32]byte
	return string(strconv.AppendInt(append(b[:0], "line "...), n, 10))
}

func keepable(s string) bool { return len(s) <= maxID && plain(s) }

func keepOnly[T any](r *Reading, path, what string, all []T, ok func(T) bool) []T {
	kept := all[:0]
	for _, v := range all {
		if ok(v) {
			kept = append(kept, v)
		}
	}
	if n := len(all) - len(kept); n > 0 {
		r.Warn(path, "%d of %d %ss are left out: a part is missing, too long or has control characters", n, len(all), what)
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}
