package cybertip

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"lapwing/internal/xmlscan"
)

// Limits of ReadXML. Beyond them a document is refused.
const (
	MaxXMLBytes    = 16 << 20
	maxXMLDepth    = 48 // the schema itself needs 6
	maxXMLElements = 1 << 19
	maxXMLName     = 128

	// What reading makes of a document may take this many times its size in memory, and a little more. Ordinary
	// reports need 4 to 6 times their size.
	maxGrowth   = 16
	extraGrowth = 128 << 10
)

// Document is what ReadXML found: one report or file details or answer, or all those in a wrapper, in order.
type Document struct {
	Content // of the wrapper alone; empty where the root is one of the kinds below

	Root      string // name of the root element without its prefix
	Reports   []*Report
	Files     []*FileDetails
	Responses []*Response
	Done      []*DoneResponse
}

// ReadXML reads an XML document of NCMEC's submission interface: <report>, <fileDetails>, <reportResponse>,
// <reportDoneResponse>, or any other root element that holds some of these at any depth.
//
// Elements may stand in any order, may be empty or unknown, and may carry a namespace prefix. The document must be
// well-formed XML without a document type declaration, in UTF-8, UTF-16, ISO-8859-1, ISO-8859-15 or windows-1252, of
// at most MaxXMLBytes. What is wrong within it is told by the Findings of each part.
func ReadXML(b []byte) (*Document, error) {
	if len(b) > MaxXMLBytes {
		return nil, fmt.Errorf("cybertip: a document of %d bytes is larger than the limit of %d; split it", len(b), MaxXMLBytes)
	}
	d := decoders.Get().(*decoder)
	doc, err := d.read(b)
	if len(b) <= 1<<20 { // the buffers of large documents are not kept
		d.reset()
		decoders.Put(d)
	}
	if err != nil {
		return nil, fmt.Errorf("cybertip: %w", err)
	}
	return doc, nil
}

var decoders = sync.Pool{New: func() any {
	s, err := xmlscan.New(nil, xmlscan.Limits{
		Bytes: MaxXMLBytes, Depth: maxXMLDepth, Elements: maxXMLElements, Name: maxXMLName})
	if err != nil {
		panic(err) // an empty document is only refused when it is read
	}
	return &decoder{s: s}
}}

func (d *decoder) reset() {
	_ = d.s.Reset(nil)
	*d = decoder{s: d.s, path: d.path[:0]}
}

func (d *decoder) read(b []byte) (*Document, error) {
	if err := d.s.Reset(b); err != nil {
		return nil, err
	}
	d.budget = maxGrowth*len(b) + extraGrowth
	d.hint = min(bytes.Count(b, []byte("<"))/2, 512)
	if _, err := d.s.Next(); err != nil {
		return nil, err
	}
	doc := &Document{Root: string(d.s.Local())}
	d.out, d.wrapper, d.arena = &doc.Content, doc, new(arena)
	if !d.document() {
		d.quiet = true // the schema knows no wrappers: nothing in them is worth a finding
		d.tree()
	}
	if d.err == nil {
		_, d.err = d.s.Next() // what follows the root
	}
	if d.err != nil {
		return nil, d.err
	}
	if len(doc.Reports)+len(doc.Files)+len(doc.Responses)+len(doc.Done) == 0 {
		return nil, errors.New("the document holds no report, fileDetails, reportResponse or reportDoneResponse element")
	}
	return doc, nil
}

// document reads the current element if it is one of the kinds of documents.
func (d *decoder) document() bool {
	doc := d.wrapper
	switch string(d.s.Local()) {
	case "report":
		r := new(Report)
		doc.Reports = append(doc.Reports, r)
		defer d.begin(&r.Content)()
		d.report(r)
	case "fileDetails":
		r := new(FileDetails)
		doc.Files = append(doc.Files, r)
		defer d.begin(&r.Content)()
		d.fileDetails(r)
	case "reportResponse":
		r := new(Response)
		doc.Responses = append(doc.Responses, r)
		defer d.begin(&r.Content)()
		d.response(r)
	case "reportDoneResponse":
		r := new(DoneResponse)
		doc.Done = append(doc.Done, r)
		defer d.begin(&r.Content)()
		d.doneResponse(r)
	default:
		return false
	}
	return true
}

// begin directs what is read to c until the function that it returns is called.
func (d *decoder) begin(c *Content) (end func()) {
	saved := *d
	d.out, d.path, d.wrapper, d.quiet, d.arena = c, d.path[len(d.path):], nil, false, new(arena)
	d.charge(512)
	c.Fields = make([]Field, 0, d.hint)
	return func() {
		budget, err, xsi := d.budget, d.err, d.xsi
		*d = saved
		d.budget, d.err, d.xsi, d.hint = budget, err, xsi, len(c.Fields)+8
	}
}
