// Package fromncmec reads entries of NCMEC's Hash Sharing API, version 2, as
// its call GET /v2/entries answers them (formats.md B.1).
//
// An entry's source is the options' source (by custom "ncmec"), ":" and the
// number of the member who gave it; its id is the member's. What other members say of its
// fingerprints becomes votes. deletedImage and deletedVideo are tombstones.
// An entry of which no fingerprint can be used is handed on all the same: it
// replaces an earlier version that could.
//
// One document is one page; [ReadPage] tells where the next one is. Entries
// are not in the order of time: who polls moves on only after the last page.
package fromncmec

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
)

// Namespace of the documents.
const Namespace = "https://hashsharing.ncmec.org/hashsharing/v2"

// Limits besides that of an entry's length.
const (
	maxDepth = 16
	maxNodes = 100_000 // elements of one entry
)

// A Page is what a document says beside its entries.
type Page struct {
	Next   string    // path and query of the next page, "" for the last
	Latest time.Time // latest time that the document states for its entries
}

// Read is a [hashlist.Reader]. That there is a next page is noted.
func Read(ctx context.Context, r io.Reader, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) error {
	page, err := ReadPage(ctx, r, o, emit, note)
	if err == nil && page.Next != "" && note != nil {
		note(referral.Finding{Path: "paging/next", Severity: referral.Warn, Text: "this is one page of several: the rest of the list is not in this file"})
	}
	return err
}

// ReadPage is [Read] for who goes on to the next page.
func ReadPage(ctx context.Context, r io.Reader, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) (Page, error) {
	in, err := hashlist.Begin(ctx, o, emit, note)
	if err != nil {
		return Page{}, err
	}
	m := &meter{r: r, limit: int64(in.MaxEntry) + slack}
	d := document{Reading: in, xml: xml.NewDecoder(m), meter: m}
	err = d.read()
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax):
		err = hashlist.BrokenAt(hashlist.Line(int64(syntax.Line)), "it is not well-formed XML (%.100s)", syntax.Msg)
	case errors.Is(err, errLong):
		err = d.broken("an entry is longer than %d bytes", in.MaxEntry)
	}
	return d.page, err
}

type document struct {
	*hashlist.Reading
	xml   *xml.Decoder
	meter *meter
	page  Page
}

func (d *document) broken(format string, args ...any) error {
	line, _ := d.xml.InputPos()
	return hashlist.BrokenAt(hashlist.Line(int64(line)), format, args...)
}

// token gives the next start, end or text; it passes over comments and the
// like and refuses what could declare entities.
func (d *document) token() (xml.Token, error) {
	for {
		t, err := d.xml.Token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil, io.EOF
			}
			if d.meter.err != nil && !errors.Is(d.meter.err, io.EOF) {
				return nil, d.meter.err
			}
			var syntax *xml.SyntaxError
			if !errors.As(err, &syntax) {
				return nil, d.broken("it cannot be read as XML in UTF-8 (%.100s)", err)
			}
			return nil, err
		}
		switch t.(type) {
		case xml.Directive:
			return nil, d.broken("it has a document type or another declaration; such documents are not read")
		case xml.StartElement, xml.EndElement, xml.CharData:
			return t, nil
		}
	}
}

func (d *document) read() error {
	root := false
	for {
		d.meter.mark(d.xml)
		t, err := d.token()
		if errors.Is(err, io.EOF) {
			if !root {
				return d.broken("there is no queryResult in it")
			}
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if root || start.Name.Local != "queryResult" {
			return d.broken("there is an element %.40q where one queryResult is expected", start.Name.Local)
		}
		root = true
		if start.Name.Space != Namespace {
			d.Warn(d.line(), "the namespace is not that of version 2 of the Hash Sharing API; it is read as if it were")
		}
		if err := d.result(); err != nil {
			return err
		}
	}
}

// result reads the children of queryResult.
func (d *document) result() error {
	return d.children(func(start xml.StartElement) error {
		switch start.Name.Local {
		case "images", "videos":
			return d.entries(start)
		case "paging":
			n, err := d.node(start, 1, new(int))
			if err != nil {
				return err
			}
			d.page.Next = n.text("next")
			return nil
		}
		d.WarnOnce(start.Name.Local, d.line(), "the element %.40q is not known; it is not read", start.Name.Local)
		return d.xml.Skip()
	})
}

// children calls f at each start until the end of the element that is open.
func (d *document) children(f func(xml.StartElement) error) error {
	for {
		d.meter.mark(d.xml)
		t, err := d.token()
		if errors.Is(err, io.EOF) {
			return d.broken("the document ends too early")
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := f(t); err != nil {
				return err
			}
		}
	}
}

// entries reads images or videos.
func (d *document) entries(list xml.StartElement) error {
	if t, ok := hashlist.ParseTime(attr(list, "maxTimestamp")); ok && t.After(d.page.Latest) {
		d.page.Latest = t
	}
	n := 0
	err := d.children(func(start xml.StartElement) error {
		if err := d.Alive(); err != nil {
			return err
		}
		where := d.line()
		tree, err := d.node(start, 1, new(int))
		if err != nil {
			return err
		}
		n++
		switch start.Name.Local {
		case "image":
			return d.entry(tree, hashlist.Image, where)
		case "video":
			return d.entry(tree, hashlist.Video, where)
		case "deletedImage":
			return d.tombstone(tree, hashlist.Image, where)
		case "deletedVideo":
			return d.tombstone(tree, hashlist.Video, where)
		}
		n--
		d.WarnOnce(start.Name.Local, where, "the element %.40q is not known; it is not read", start.Name.Local)
		return nil
	})
	if err != nil {
		return err
	}
	if said := attr(list, "count"); said != "" && said != strconv.Itoa(n) {
		d.Warn(d.line(), "the %.10s say that they are %.20s, but there are %d", list.Name.Local, said, n)
	}
	return nil
}

func (d *document) line() string {
	line, _ := d.xml.InputPos()
	return hashlist.Line(int64(line))
}

// source of a member, and of the votes of a member.
func (d *document) source(member *node) string {
	if member == nil || member.attr("id") == "" {
		return ""
	}
	return fmt.Sprintf("%s:%s", d.Source, member.attr("id"))
}
