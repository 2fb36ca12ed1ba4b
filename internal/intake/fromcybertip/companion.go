package fromcybertip

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// Kinds of companions, as their paths in a draft begin. A wrapper is whatever
// stands around reports and companions and is neither.
const (
	kindFile    = "fileDetails"
	kindAnswer  = "reportResponse"
	kindDone    = "reportDoneResponse"
	kindWrapper = "wrapper"
)

const keyBytes = 8

// groupOf is the beginning of a path that names its companion, as in
// fileDetails[3f62a1c09b5e7d84]; "" for paths of the report itself. Numbers of
// elements in documents do not have 16 digits.
func groupOf(path string) string {
	i := strings.IndexByte(path, '[')
	end := i + 2*keyBytes + 2
	if i < 0 || len(path) < end || path[end-1] != ']' || len(path) > end && path[end] != '/' {
		return ""
	}
	switch path[:i] {
	case kindFile, kindAnswer, kindDone, kindWrapper:
	default:
		return ""
	}
	for _, c := range path[i+1 : end-1] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return ""
		}
	}
	return path[:end]
}

// groupName names a companion by its content.
func groupName(kind string, fields []cybertip.Field) string {
	h := sha256.New()
	b := make([]byte, 0, 256)
	text := func(s string) {
		b = binary.BigEndian.AppendUint32(b[:0], uint32(len(s)))
		h.Write(append(b, s...))
	}
	text(kind)
	for _, f := range fields {
		text(f.Path)
		text(f.Value)
	}
	return kind + "[" + hex.EncodeToString(h.Sum(nil)[:keyBytes]) + "]"
}

// companions reads the documents beside reports.
type companions struct {
	part     *referral.Draft
	seen     map[string]bool
	findings *findings
}

// wrapperOf is what stood in the document outside of all that is known; nil
// where there is nothing.
func wrapperOf(in *cybertip.Document) *referral.Draft {
	if len(in.Fields) == 0 {
		return nil
	}
	c := companions{part: new(referral.Draft), seen: map[string]bool{}, findings: new(findings)}
	c.group(kindWrapper, &in.Content, nil)
	return c.part
}

// companions fills Files, Answers and what goes into drafts.
func (d *Document) companions(in *cybertip.Document, wrapper *referral.Draft, fs *findings) {
	c := companions{part: new(referral.Draft), seen: map[string]bool{}, findings: fs}
	for _, f := range in.Files {
		d.Files = append(d.Files, c.fileDetails(f))
	}
	for _, r := range in.Responses {
		d.Answers = append(d.Answers, c.answer(r))
	}
	for _, r := range in.Done {
		d.Answers = append(d.Answers, c.done(r))
	}
	fs.add("", clean(c.part)...)
	d.part = new(referral.Draft)
	byGroup := func(a, b referral.Field) int { return strings.Compare(groupOf(a.Path), groupOf(b.Path)) }
	slices.SortStableFunc(c.part.Fields, byGroup)
	slices.SortStableFunc(c.part.Unknown, byGroup)
	slices.SortStableFunc(c.part.Texts, func(a, b referral.Text) int { return strings.Compare(groupOf(a.Path), groupOf(b.Path)) })
	add(d.part, c.part)
	if wrapper != nil {
		add(d.part, wrapper)
		clean(d.part)
	}
	switch {
	case len(d.Drafts) > 1:
		fs.add("", warned("", fmt.Sprintf("beside %d reports the document holds %d file details and answers, and nobody can tell which report they belong to: "+
			"give each report a document of its own", len(d.Drafts), len(d.Files)+len(d.Answers))))
	case len(d.Drafts) == 1 && len(d.reportIDs()) > 1:
		fs.add("", warned("", "the file details and answers beside the report name different reports: some of the files may belong to another report"))
	}
}

// group adds the leaves of a companion, those with a path in unread as unknown
// too, and says under which path. Again is true for a companion that was there
// already: it says nothing new.
func (c *companions) group(kind string, content *cybertip.Content, unread map[string]bool) (path string, again bool) {
	path = groupName(kind, content.Fields)
	if c.seen[path] {
		return path, true
	}
	c.seen[path] = true
	for _, f := range content.Fields {
		c.part.Fields = append(c.part.Fields, referral.Field{Path: below(path, f.Path), Value: f.Value})
	}
	for _, f := range withUnread(content, unread) {
		c.part.Unknown = append(c.part.Unknown, referral.Field{Path: below(path, f.Path), Value: f.Value})
	}
	c.findings.take(path, content.Findings)
	return path, false
}

// numbered is the report that a companion names.
func (c *companions) numbered(n cybertip.Int, path string) string {
	id, err := reportID(n)
	if err != nil {
		c.findings.add(path, warned("reportId", err.Error()))
	}
	return id
}

func (c *companions) answer(r *cybertip.Response) Answer {
	f := referral.File{ID: r.FileID}
	hs := hashes{fields: &r.Content}
	if r.Hash != "" {
		hs.take("hash", "md5", r.Hash)
	}
	path, again := c.group(kindAnswer, &r.Content, hs.unread)
	c.findings.add(path, hs.found...)
	a := Answer{ReportID: c.numbered(r.ReportID, path), Code: r.Code.N, Path: path}
	if c.failed(r.Code, path) || again {
		return a
	}
	if r.FileID != "" {
		a.FileIDs = []string{r.FileID}
	}
	if f.Hashes = hs.list; f.ID != "" || len(f.Hashes) > 0 {
		f.Path = path
		c.part.Files = append(c.part.Files, f)
	}
	return a
}

func (c *companions) done(r *cybertip.DoneResponse) Answer {
	path, again := c.group(kindDone, &r.Content, nil)
	a := Answer{ReportID: c.numbered(r.ReportID, path), Code: r.Code.N, Path: path}
	if c.failed(r.Code, path) || again {
		return a
	}
	for _, id := range r.FileIDs {
		if id != "" {
			a.FileIDs = append(a.FileIDs, id)
			c.part.Files = append(c.part.Files, referral.File{ID: id, Path: path})
		}
	}
	return a
}

// failed says whether the server answered that it did not do what it was asked.
func (c *companions) failed(code cybertip.Int, path string) bool {
	if !code.Set || code.N == cybertip.CodeSuccess {
		return false
	}
	said := "a code that is none of its own"
	if code.N > 0 && code.N < 10000 { // anything else could be somebody's number
		said = fmt.Sprintf("code %d", code.N)
	}
	c.findings.add(path, warned("responseCode", "NCMEC's server answered with "+said+": what was sent to it did not take effect"))
	return true
}

func (c *companions) fileDetails(r *cybertip.FileDetails) FileDetails {
	hs := hashes{fields: &r.Content}
	for i, h := range r.Hashes {
		hs.take(fmt.Sprintf("originalFileHash[%d]", i+1), h.Type, h.Value)
	}
	for i, m := range r.Details {
		for j, p := range m.Pairs {
			if (m.Type == cybertip.DetailsHash || p.Type == cybertip.DetailsHash) && p.Value != "" && isFingerprint(p.Name) {
				hs.take(fmt.Sprintf("details[%d]/nameValuePair[%d]/value", i+1, j+1), p.Name, p.Value)
			}
		}
	}
	path, again := c.group(kindFile, &r.Content, hs.unread)
	c.findings.add(path, hs.found...)
	details := FileDetails{ReportID: c.numbered(r.ReportID, path), FileID: r.FileID, Path: path}
	if again {
		return details
	}
	f := referral.File{
		ID: r.FileID, Name: r.FileName, Original: r.OriginalFileName, Hashes: hs.list,
		Annotations: r.Flags.Names(), Viewed: triOf(r.ViewedByESP), Public: triOf(r.Public),
		Relevance: string(r.Relevance), Uploaded: utc(r.Uploaded), Path: path,
	}
	if r.PotentialMeme == cybertip.True {
		f.Annotations = append(f.Annotations, cybertip.FileMeme.Names()...)
	}
	if r.Classification != "" {
		f.Labels = []referral.Label{{Scheme: schemeIndustry, Value: string(r.Classification)}}
	}
	t := trail{at: []byte(path)}
	if r.Location != "" {
		f.Identifiers = append(f.Identifiers, referral.Identifier{Kind: referral.IDURL, Value: r.Location, Use: "File", Path: t.path("locationOfFile", 0)})
	}
	if r.IPCapture != nil {
		t.ip(&f.Identifiers, 0, r.IPCapture)
	}
	for i := range r.Devices {
		t.device(&f.Identifiers, i+1, &r.Devices[i])
	}
	if len(r.Fields) > 0 {
		c.part.Files = append(c.part.Files, f)
	}
	for i, text := range r.AdditionalInfo {
		if text != "" {
			c.part.Texts = append(c.part.Texts, referral.Text{Path: t.path("additionalInfo", i+1), Value: text})
		}
	}
	return details
}
