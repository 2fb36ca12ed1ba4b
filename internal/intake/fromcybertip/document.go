package fromcybertip

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// Document is what one XML document held.
type Document struct {
	// Drafts has one draft for each <report>. A report as submitted does not
	// carry its number, so that ExternalID is a digest of its content until
	// Join finds the number.
	Drafts  []*referral.Draft
	Files   []FileDetails
	Answers []Answer

	part *referral.Draft // the companions as they go into a draft; nil without any
}

// FileDetails says that a provider told something of a file (<fileDetails>).
type FileDetails struct {
	ReportID string // "" where it names none
	FileID   string
	Path     string // of its leaves, in the draft that it is joined to
}

// Answer is an answer of NCMEC's server (<reportResponse>, <reportDoneResponse>).
type Answer struct {
	ReportID string // "" where it names none
	FileIDs  []string
	Code     int64
	Path     string // of its leaves, in the draft that it is joined to
}

// ReadXML reads reports, file details and answers. It gives no Document where
// a finding refuses it: bytes that are no such document, and reports that do
// not say what they are about or when it happened, the two things that NCMEC
// requires. All else that is wrong is a warning.
//
// Paths of findings are those of the drafts' fields, companions' included; in
// a document with several reports those of reports have report[n] before them.
func ReadXML(b []byte) (*Document, []referral.Finding) {
	in, err := cybertip.ReadXML(b)
	if err != nil {
		return nil, []referral.Finding{refused("", err.Error())}
	}
	prefix := func(i int) string {
		if len(in.Reports) == 1 {
			return ""
		}
		return "report[" + strconv.Itoa(i+1) + "]"
	}
	var fs findings
	for i, r := range in.Reports {
		fs.add(prefix(i), unusable(r.Incident)...)
	}
	if referral.Refuses(fs) {
		for i, r := range in.Reports {
			fs.take(prefix(i), r.Findings)
		}
		return nil, fs
	}
	var d Document
	wrapper := wrapperOf(in)
	for i, r := range in.Reports {
		draft := submitted(r)
		fs.take(prefix(i), r.Findings)
		if wrapper != nil {
			add(draft, wrapper)
		}
		fs.add(prefix(i), clean(draft)...)
		d.Drafts = append(d.Drafts, draft)
	}
	if len(in.Files)+len(in.Responses)+len(in.Done) > 0 {
		d.companions(in, wrapper, &fs)
	}
	return &d, fs
}

// ReportID is the number of the report that the companions in the document
// name, "" where they name none. The error is for an officer.
func (d *Document) ReportID() (string, error) {
	ids := d.reportIDs()
	switch len(ids) {
	case 0:
		return "", nil
	case 1:
		return ids[0], nil
	}
	return "", fmt.Errorf("the file details and answers in this document name %d different reports; "+
		"nobody can tell which of them is meant: give those of each report a document of their own", len(ids))
}

func (d *Document) reportIDs() (ids []string) {
	note := func(id string) {
		if id != "" && !slices.Contains(ids, id) && len(ids) < 100 {
			ids = append(ids, id)
		}
	}
	for _, f := range d.Files {
		note(f.ReportID)
	}
	for _, a := range d.Answers {
		note(a.ReportID)
	}
	return ids
}

// Join adds the document's file details and answers to the draft of their
// report: files, with the identifiers of their upload, texts and leaves, and
// the report's number where the draft has only a digest for it. Files with the
// same id or the same digest are one file. Joining again changes nothing, and
// the order in which documents are joined does not matter.
func (d *Document) Join(to *referral.Draft) {
	if d.part == nil {
		return
	}
	add(to, d.part)
	if to.IDFrom != referral.IDDigest {
		return
	}
	if id, err := d.ReportID(); err == nil && id != "" {
		to.ExternalID, to.IDFrom = id, referral.IDCompanion
	}
}

// Part is a draft that holds only the files, for a report that the desk may
// have already. Merge brings it into that report's draft.
func (d *Document) Part(id string) *referral.Draft {
	p := &referral.Draft{Format: FormatXML, Reader: Reader, Source: Source, ExternalID: id, IDFrom: referral.IDCompanion}
	if d.part != nil {
		add(p, d.part)
	}
	return p
}

// ReadJSON reads one report as NCMEC delivers it. It refuses what is no such
// report, and one without a report number; all else that is wrong is a warning.
func ReadJSON(b []byte) ([]*referral.Draft, []referral.Finding) {
	in, err := cybertip.ReadDelivered(b)
	if err != nil {
		return nil, []referral.Finding{refused("", err.Error())}
	}
	var fs findings
	id, err := reportID(in.ReportID)
	switch {
	case err != nil:
		fs.add("", refused("reportId", err.Error()))
	case id == "":
		fs.add("", refused("reportId", "the report number is missing or cannot be read; without it nobody can tell whether the report is here already"))
	}
	fs.take("", in.Findings)
	if referral.Refuses(fs) {
		return nil, fs
	}
	d := delivered(in, id)
	fs.add("", clean(d)...)
	return []*referral.Draft{d}, fs
}

// reportID is a report's number as text, "" where there is none.
func reportID(n cybertip.Int) (string, error) {
	switch {
	case !n.Set:
		return "", nil
	case n.N <= 0:
		return "", errors.New("a report number is greater than 0")
	}
	return strconv.FormatInt(n.N, 10), nil
}
