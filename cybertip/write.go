package cybertip

import (
	"fmt"
	"io"
	"strings"
)

// InvalidError says why a document was not written: everything in it that the pinned schema does not allow.
type InvalidError struct{ Findings []Finding }

func (e *InvalidError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cybertip: not written, the schema of 2025-11 does not allow it:")
	for i, f := range e.Findings {
		if i == 10 {
			fmt.Fprintf(&b, " and %d more", len(e.Findings)-i)
			break
		}
		if i > 0 {
			b.WriteString(";")
		}
		fmt.Fprintf(&b, " %s %s", f.Path, f.Text)
	}
	return b.String()
}

// WriteXML writes the report in schema order, as UTF-8. Absent and empty values are left out; white space at the
// ends of texts is written but is lost when the report is read again. Content is not written: what was unknown when the report was
// read has no place in the schema.
//
// If the report would not be valid by the schema of 2025-11, nothing is written and the error is an *InvalidError.
// Lengths are not part of that schema, so WriteXML does not check them; the Findings of reading do.
func (r *Report) WriteXML(w io.Writer) error {
	var e emitter
	e.report(r)
	return e.finish(w)
}

// WriteXML writes the file details as Report.WriteXML writes a report.
func (r *FileDetails) WriteXML(w io.Writer) error {
	var e emitter
	e.fileDetails(r)
	return e.finish(w)
}

// WriteXML writes the answer as Report.WriteXML writes a report.
func (r *Response) WriteXML(w io.Writer) error {
	var e emitter
	e.response(r)
	return e.finish(w)
}

// WriteXML writes the answer as Report.WriteXML writes a report.
func (r *DoneResponse) WriteXML(w io.Writer) error {
	var e emitter
	e.doneResponse(r)
	return e.finish(w)
}

// finish checks what was emitted by reading it, so that the rules of the schema stand in one place.
func (e *emitter) finish(w io.Writer) error {
	doc, err := ReadXML(e.b)
	if err != nil {
		return fmt.Errorf("cybertip: not written: %w", err)
	}
	invalid := &InvalidError{Findings: e.bad}
	for _, f := range doc.content().Findings {
		if f.unwritable() {
			invalid.Findings = append(invalid.Findings, f)
		}
	}
	if len(invalid.Findings) > 0 {
		return invalid
	}
	_, err = w.Write(e.b)
	return err
}

// content returns that of the one document in d.
func (d *Document) content() *Content {
	switch {
	case len(d.Reports) > 0:
		return &d.Reports[0].Content
	case len(d.Files) > 0:
		return &d.Files[0].Content
	case len(d.Responses) > 0:
		return &d.Responses[0].Content
	case len(d.Done) > 0:
		return &d.Done[0].Content
	}
	return &d.Content
}
