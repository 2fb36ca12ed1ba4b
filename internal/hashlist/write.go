package hashlist

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// Changes are what a writer writes: from the store, or from a reader by
// [Stream]. The first error ends the writing with it.
type Changes = iter.Seq2[Change, error]

// Stream turns a reading into changes. It may be walked as often as read may
// be called.
func Stream(read func(emit func(Change) error) error) Changes {
	return func(yield func(Change, error) bool) {
		stopped := false
		err := read(func(c Change) error {
			if stopped = !yield(c, nil); stopped {
				return errStopped
			}
			return nil
		})
		if err != nil && !stopped {
			yield(Change{}, err)
		}
	}
}

// WriteText writes a line "type fingerprint id" for each fingerprint of the
// active entries, separated by tabs; package fromtext reads it back. It keeps
// nothing else: no source, label, quality, link or tombstone.
func WriteText(w io.Writer, changes Changes) error {
	out := bufio.NewWriter(w)
	for c, err := range changes {
		if err != nil {
			return err
		}
		if c.Entry == nil {
			continue
		}
		for _, h := range c.Entry.Hashes {
			kind := h.Kind
			if !KnownKind(kind) {
				kind = "opaque:" + kind
			}
			out.WriteString(kind)
			out.WriteByte('\t')
			out.WriteString(quoted(h.Value))
			out.WriteByte('\t')
			out.WriteString(quoted(c.Entry.ID))
			if err := out.WriteByte('\n'); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// quoted is s, in Go quotes where a line could not hold it as it is.
func quoted(s string) string {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`",;|`, c) >= 0 {
			return strconv.Quote(s)
		}
	}
	return s
}

// JSONHead is how a list in the desk's own form begins.
const JSONHead = `{"format":"lapwing-hashlist","version":1}`

// WriteJSONL writes a head and then a line of JSON for each change, with
// everything that is known of it; package fromjsonl reads it back.
func WriteJSONL(w io.Writer, changes Changes) error {
	out := bufio.NewWriter(w)
	out.WriteString(JSONHead + "\n")
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for c, err := range changes {
		if err != nil {
			return err
		}
		if err := enc.Encode(c); err != nil {
			return err
		}
	}
	return out.Flush()
}

// csvHashes are the kinds with a column of their own; others stand in
// other_hashes, as does a second fingerprint of a kind.
var csvHashes = []string{"md5", "sha1", "sha256", "pdq", "photodna"}

// WriteCSV writes a table that package fromcsv reads without a mapping: a row
// for each change, tombstones with yes in the column deleted. It leaves out
// the authors and times of labels, votes, links, producer and path. A field
// that a spreadsheet could take for a formula has an apostrophe before it.
func WriteCSV(w io.Writer, changes Changes) error {
	out := csvWriter{Writer: bufio.NewWriter(w)}
	out.row("entry_source", "id", "media")
	out.more(csvHashes...)
	out.more("pdq_quality", "other_hashes", "labels", "series")
	out.more(FlagNames...)
	out.more("size", "sightings", "at", "deleted")
	for c, err := range changes {
		if err != nil {
			return err
		}
		e, deleted := c.Entry, ""
		if t := c.Tombstone; t != nil {
			e, deleted = &Entry{Source: t.Source, ID: t.ID, Media: t.Media, At: t.At}, "yes"
		}
		out.row(e.Source, e.ID, e.Media)
		own, quality, others := sortHashes(e.Hashes)
		out.more(own...)
		out.more(quality, others, labelPairs(e.Labels), e.Series)
		for _, name := range FlagNames {
			out.more(triText(*e.Flags.Field(name)))
		}
		if err := out.more(countText(e.Size), countText(e.Sightings), timeText(e.At), deleted); err != nil {
			return err
		}
	}
	out.end()
	return out.Flush()
}

// sortHashes gives the fingerprints of csvHashes, the quality of the PDQ
// among them, and the pairs of all others. Only a PDQ that has no quality, or
// is the only one, keeps what is known of it.
func sortHashes(hashes []referral.Hash) (own []string, quality, others string) {
	own = make([]string, len(csvHashes))
	var rest []pair
next:
	for _, h := range hashes {
		for i, kind := range csvHashes {
			if h.Kind == kind && own[i] == "" {
				if own[i] = h.Value; h.Quality != 0 {
					quality = strconv.Itoa(h.Quality)
				}
				continue next
			}
		}
		rest = append(rest, pair{h.Kind, h.Value})
	}
	return own, quality, joinPairs(rest)
}

func labelPairs(labels []referral.Label) string {
	var pairs []pair
	for _, l := range labels {
		pairs = append(pairs, pair{l.Scheme, l.Value})
	}
	return joinPairs(pairs)
}

func triText(t referral.Tri) string {
	if t == referral.Unknown {
		return ""
	}
	return t.String()
}

func countText(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

type csvWriter struct {
	*bufio.Writer
	begun bool // a row is open
}

func (w *csvWriter) end() {
	if w.begun {
		w.WriteString("\r\n")
	}
}

func (w *csvWriter) row(fields ...string) {
	w.end()
	w.begun = false
	w.more(fields...)
}

func (w *csvWriter) more(fields ...string) (err error) {
	for _, s := range fields {
		if w.begun {
			w.WriteByte(',')
		}
		w.begun = true
		if s != "" && strings.IndexByte("=+-@'\t\r", s[0]) >= 0 {
			s = "'" + s
		}
		if strings.ContainsAny(s, ",;|\t\r\n\"") || strings.TrimSpace(s) != s {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		_, err = w.WriteString(s)
	}
	return err
}
