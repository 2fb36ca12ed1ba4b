package fromcsv

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// A Field is what a column can mean.
type Field string

// Fields, with the property of the hotline report (docs/formats/hotline-report.md)
// that each stands for.
const (
	Hotline         Field = "hotline"
	ID              Field = "id"
	Updated         Field = "updated" // updated_at
	Status          Field = "status"
	Received        Field = "received" // received_at
	Happened        Field = "happened" // report/happened_at
	What            Field = "what"     // report/what
	Danger          Field = "danger"   // report/child_in_danger_now
	URL             Field = "url"      // report/where/url and items/url
	App             Field = "app"      // report/where/app
	User            Field = "user"     // report/where/user
	ReporterRole    Field = "reporter" // report/reporter/role
	ContactEmail    Field = "contact_email"
	ContactPhone    Field = "contact_phone"
	Text            Field = "text"           // report/text
	Classification  Field = "classification" // items/classification
	AgeBand         Field = "age_band"
	SelfGenerated   Field = "self_generated"
	Generated       Field = "generated"
	Commercial      Field = "commercial"
	Author          Field = "author"           // assessment/author
	Assessed        Field = "assessed"         // assessment/at
	HostingCountry  Field = "hosting_country"  // items/hosting/country
	HostingIP       Field = "hosting_ip"       // items/hosting/ip
	HostingProvider Field = "hosting_provider" // items/hosting/provider
	ApparentCountry Field = "apparent_country"
	FileName        Field = "file_name" // items/name
	MD5             Field = "md5"
	SHA1            Field = "sha1"
	SHA256          Field = "sha256"
	PDQ             Field = "pdq"
	PhotoDNA        Field = "photodna"
	Hash            Field = "hash"       // MD5, SHA-1 or SHA-256 by length
	Previous        Field = "previous"   // previous_reports
	Handling        Field = "handling"   // assessment/handling
	Evaluation      Field = "evaluation" // both halves: A2
	Note            Field = "note"
)

// Fields lists every field.
var Fields = []Field{Hotline, ID, Updated, Status, Received, Happened, What, Danger, URL, App, User,
	ReporterRole, ContactEmail, ContactPhone, Text, Classification, AgeBand, SelfGenerated, Generated, Commercial,
	Author, Assessed, HostingCountry, HostingIP, HostingProvider, ApparentCountry, FileName,
	MD5, SHA1, SHA256, PDQ, PhotoDNA, Hash, Previous, Handling, Evaluation, Note}

// many are the fields that may have several columns.
var many = []Field{URL, Hash, MD5, SHA1, SHA256, PDQ, PhotoDNA, Text, Note, What, Previous, Handling}

// A Mapping says what columns mean: name of the column to field. Case and
// blanks around a name do not count.
type Mapping map[string]Field

// of is the field of a column.
func (m Mapping) of(column string) Field {
	if f, ok := m[column]; ok {
		return f
	}
	var found Field
	best := ""
	for c, f := range m {
		// The least of the names that fit, since a map has no order.
		if strings.EqualFold(strings.TrimSpace(c), strings.TrimSpace(column)) && (found == "" || c < best) {
			found, best = f, c
		}
	}
	return found
}

// ParseMapping reads a mapping that a person wrote: field=column, separated by
// commas; a part with a comma in it stands in double quotes.
//
//	id=Report No,received=Eingang,"url=Adresse, voll"
func ParseMapping(s string) (Mapping, error) {
	rd := csv.NewReader(strings.NewReader(s))
	rd.FieldsPerRecord, rd.TrimLeadingSpace = -1, true
	parts, err := rd.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("the mapping cannot be read: write field=column,field=column; %w", err)
	}
	m := Mapping{}
	for _, p := range slices.Concat(parts...) {
		if strings.TrimSpace(p) == "" {
			continue
		}
		field, column, ok := strings.Cut(p, "=")
		f := Field(strings.ToLower(strings.TrimSpace(field)))
		column = strings.TrimSpace(column)
		switch {
		case !ok || column == "":
			return nil, fmt.Errorf("%q in the mapping has no column: write field=column", p)
		case !slices.Contains(Fields, f):
			return nil, fmt.Errorf("%q is not a field; there are %s", field, join(Fields))
		case m.of(column) != "":
			return nil, fmt.Errorf("the mapping has the column %q twice", column)
		}
		if !slices.Contains(many, f) {
			for c, other := range m {
				if other == f {
					return nil, fmt.Errorf("the mapping has two columns for %s, %q and %q: it takes one", f, c, column)
				}
			}
		}
		m[column] = f
	}
	if len(m) == 0 {
		return nil, fmt.Errorf("the mapping is empty: write field=column,field=column")
	}
	return m, nil
}

func join(fs []Field) string {
	var ss []string
	for _, f := range fs {
		ss = append(ss, string(f))
	}
	return strings.Join(ss, ", ")
}
