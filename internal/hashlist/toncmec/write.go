// Package toncmec writes entries in the shape of NCMEC's Hash Sharing API,
// version 2 (formats.md B.1), so that a client of that interface can read a
// desk's list.
//
// The shape has room for a number of fingerprints, one classification, links
// and feedback. Series, flags, sizes and labels of other schemes have no
// place in it; SHA-256 has none either.
package toncmec

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
)

// Namespace of the documents, as in fromncmec.
const Namespace = "https://hashsharing.ncmec.org/hashsharing/v2"

// A Member is an organisation in the document.
type Member struct{ ID, Name string }

// A Page is one document. The interface pages by a thousand changes.
type Page struct {
	Changes []hashlist.Change
	Next    string // path and query of the next page, "" on the last

	// Scheme of the labels that are written as classification; "industry" where empty.
	Scheme string
	// Member for a source or the author of a vote. Where nil, what stands
	// behind the last ":" is the member's id.
	Member func(source string) Member
}

// Write writes the page. It gives what could not be written: an entry that is
// neither an image nor a video, or a fingerprint that has no element, is left
// out.
func Write(w io.Writer, p Page) ([]referral.Finding, error) {
	if p.Member == nil {
		p.Member = func(source string) Member {
			return Member{ID: source[strings.LastIndexByte(source, ':')+1:]}
		}
	}
	p.Scheme = cmp.Or(p.Scheme, "industry")
	d := writer{out: bufio.NewWriter(w), page: p}
	d.raw(xml.Header)
	d.raw(`<queryResult xmlns="` + Namespace + `">` + "\n")
	for i, c := range p.Changes {
		if media := mediaOf(c); media != hashlist.Image && media != hashlist.Video {
			d.leftOut(fmt.Sprintf("change %d", i+1), "it is neither an image nor a video")
		}
	}
	d.list("images", "image", "deletedImage", hashlist.Image)
	d.list("videos", "video", "deletedVideo", hashlist.Video)
	if p.Next != "" {
		d.raw("<paging>")
		d.leaf("next", p.Next)
		d.raw("</paging>\n")
	}
	d.raw("</queryResult>\n")
	return d.findings, d.out.Flush()
}

type writer struct {
	out      *bufio.Writer // keeps its first error
	page     Page
	findings []referral.Finding
}

func (d *writer) raw(s string) { d.out.WriteString(s) }

func (d *writer) text(s string) { xml.EscapeText(d.out, []byte(s)) }

func (d *writer) leaf(name, s string) {
	d.raw("<" + name + ">")
	d.text(s)
	d.raw("</" + name + ">")
}

func (d *writer) attr(name, s string) {
	if s != "" {
		d.raw(" " + name + `="`)
		d.text(s)
		d.raw(`"`)
	}
}

func (d *writer) leftOut(path, why string) {
	d.findings = append(d.findings, referral.Finding{Path: path, Severity: referral.Warn, Text: "left out: " + why})
}

func mediaOf(c hashlist.Change) string {
	if c.Entry != nil {
		return c.Entry.Media
	}
	return c.Tombstone.Media
}

// list writes images or videos, in the order of the changes.
func (d *writer) list(list, entry, deleted, media string) {
	n, latest := 0, time.Time{}
	for _, c := range d.page.Changes {
		if mediaOf(c) != media {
			continue
		}
		n++
		at := time.Time{}
		if c.Entry != nil {
			at = c.Entry.At
		} else {
			at = c.Tombstone.At
		}
		if at.After(latest) {
			latest = at
		}
	}
	if n == 0 {
		return
	}
	d.raw(fmt.Sprintf(`<%s count="%d"`, list, n))
	d.attr("maxTimestamp", stamp(latest))
	d.raw(">\n")
	for i, c := range d.page.Changes {
		if mediaOf(c) != media {
			continue
		}
		if t := c.Tombstone; t != nil {
			d.raw("<" + deleted + ">")
			d.member(t.Source)
			d.leaf("id", t.ID)
			d.stamp(t.At)
			d.raw("</" + deleted + ">\n")
			continue
		}
		d.raw("<" + entry + ">")
		d.entry(c.Entry, fmt.Sprintf("change %d", i+1))
		d.raw("</" + entry + ">\n")
	}
	d.raw("</" + list + ">\n")
}

func (d *writer) member(source string) {
	m := d.page.Member(source)
	d.raw("<member")
	d.attr("id", m.ID)
	d.raw(">")
	d.text(m.Name)
	d.raw("</member>")
}

func (d *writer) stamp(t time.Time) {
	if !t.IsZero() {
		d.leaf("timestamp", stamp(t))
	}
}

// stamp is ISO 8601 in UTC; a fraction is written where there is one.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (d *writer) entry(e *hashlist.Entry, where string) {
	d.member(e.Source)
	d.stamp(e.At)
	d.leaf("id", e.ID)
	if i := slices.IndexFunc(e.Labels, func(l referral.Label) bool { return l.Scheme == d.page.Scheme }); i >= 0 {
		d.leaf("classification", e.Labels[i].Value)
	}
	d.raw("<fingerprints>")
	written := map[string]bool{}
	for _, h := range e.Hashes {
		name, ok := elements[h.Kind]
		if !ok || written[h.Kind] {
			d.leftOut(where, "a "+h.Kind+" for which the shape has no place")
			continue
		}
		written[h.Kind] = true
		d.leaf(name.element, h.Value)
	}
	for _, l := range e.Links {
		name, ok := elements[l.Kind]
		if !ok || written[l.Kind] {
			d.leftOut(where, "a link for which the shape has no place")
			continue
		}
		written[l.Kind] = true
		d.raw("<" + name.element)
		d.attr("rel", l.Rel)
		d.attr("href", l.Href)
		d.raw("/>")
	}
	d.raw("</fingerprints>")
	if len(e.Votes) > 0 {
		d.feedback(e.Votes)
	}
}

// elements are the kinds of fingerprint that the shape knows, by element and
// by the name in feedback (formats.md B.1).
var elements = map[string]struct{ element, feedback string }{
	"md5":           {"md5", "Md5"},
	"sha1":          {"sha1", "Sha1"},
	"photodna":      {"pdna", "Pdna"},
	"pdq":           {"pdq", "Pdq"},
	"tmkpdqf":       {"tmk-pdqf", "TmkPdqf"},
	"videntifier":   {"videntifier", "Videntifier"},
	"netclean":      {"netclean", "Netclean"},
	"ssvhpdna":      {"ssvh-pdna", "SsvhPdna"},
	"ssvhsaferhash": {"ssvh-safer-hash", "SsvhSaferHash"},
}

// feedback writes each vote for itself: votes keep their own time that way.
func (d *writer) feedback(votes []hashlist.Vote) {
	latest := slices.MaxFunc(votes, func(a, b hashlist.Vote) int { return a.At.Compare(b.At) }).At
	d.raw("<feedback")
	d.attr("lastUpdateTimestamp", stamp(latest))
	d.raw(">")
	for _, v := range votes {
		name := "negativeFeedback"
		if v.Positive {
			name = "affirmativeFeedback"
		}
		kind := cmp.Or(elements[v.Kind].feedback, v.Kind)
		d.raw("<" + name)
		d.attr("type", kind)
		d.attr("lastUpdateTimestamp", stamp(v.At))
		d.raw(">")
		reason := !v.Positive && (v.Reason != "" || v.ReasonID != "")
		if reason {
			d.raw("<reasons><reason")
			d.attr("guid", v.ReasonID)
			d.attr("name", v.Reason)
			d.attr("type", kind)
			d.raw("/>")
		}
		d.raw("<members")
		d.attr("timestamp", stamp(v.At))
		d.raw(">")
		d.member(v.Author)
		d.raw("</members>")
		if reason {
			d.raw("</reasons>")
		}
		d.raw("</" + name + ">")
	}
	d.raw("</feedback>")
}
