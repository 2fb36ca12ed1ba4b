package hashlist

import (
	"fmt"
	"slices"
	"strings"

	"lapwing/internal/referral"
)

// A Mapping says what the columns of a table hold.
type Mapping []Column

// A Column is a column of a table by its header, and what it holds.
type Column struct {
	Header string // compared without regard to case and surrounding blanks
	Field  Field
	Of     string // FieldHash: kind, "" for a bare one; FieldLabel: scheme, "" for that of the options; FieldFlag: a name of FlagNames
}

// A Field is something that a column may hold.
type Field string

const (
	FieldSource    Field = "source"
	FieldID        Field = "id"
	FieldHash      Field = "hash"
	FieldKind      Field = "kind"    // the kind of the bare hash in the same row
	FieldHashes    Field = "hashes"  // several, as WriteCSV writes them
	FieldQuality   Field = "quality" // of the PDQ in the same row, 0-100
	FieldLabel     Field = "label"
	FieldLabels    Field = "labels" // several, as WriteCSV writes them
	FieldAuthor    Field = "author" // of the row's labels
	FieldMedia     Field = "media"
	FieldSeries    Field = "series"
	FieldSize      Field = "size"
	FieldSightings Field = "sightings"
	FieldAt        Field = "at"
	FieldFlag      Field = "flag"
	FieldDeleted   Field = "deleted" // yes: the row is a tombstone
)

var plainFields = []Field{
	FieldSource, FieldID, FieldHash, FieldKind, FieldHashes, FieldQuality, FieldLabel, FieldLabels,
	FieldAuthor, FieldMedia, FieldSeries, FieldSize, FieldSightings, FieldAt, FieldDeleted,
}

// ParseMapping reads "field=Header" separated by commas, such as
//
//	md5=Hash,label:industry=Category,id=Reference
//
// A field is one of the Field constants, a kind of fingerprint ("md5",
// "hash:other"), "label:scheme", or a flag ("flag:distributed").
func ParseMapping(s string) (Mapping, error) {
	var m Mapping
	for part := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		field, header, found := strings.Cut(part, "=")
		c := Column{Header: strings.TrimSpace(header)}
		if !found || c.Header == "" {
			return nil, fmt.Errorf("the mapping %q has no column: write field=Header", part)
		}
		var ok bool
		if c.Field, c.Of, ok = parseField(field); !ok {
			return nil, fmt.Errorf("the mapping has no field %q: it has %v, the kinds of fingerprint, label:scheme and flag:name", field, plainFields)
		}
		m = append(m, c)
	}
	return m, nil
}

func parseField(s string) (f Field, of string, ok bool) {
	name, of, found := strings.Cut(strings.TrimSpace(s), ":")
	name, of = strings.ToLower(name), strings.TrimSpace(of)
	switch {
	case !found && slices.Contains(plainFields, Field(name)):
		return Field(name), "", true
	case !found && KnownKind(referral.HashKind(name)):
		return FieldHash, referral.HashKind(name), true
	case found && Field(name) == FieldHash:
		return FieldHash, referral.HashKind(of), of != ""
	case found && Field(name) == FieldLabel:
		return FieldLabel, of, of != ""
	case found && Field(name) == FieldFlag:
		of = strings.ReplaceAll(strings.ToLower(of), "-", "_")
		return FieldFlag, of, slices.Contains(FlagNames, of)
	}
	return "", "", false
}

// Find is the mapping's column for a header.
func (m Mapping) Find(header string) (Column, bool) {
	header = strings.TrimSpace(header)
	for _, c := range m {
		if strings.EqualFold(c.Header, header) {
			return c, true
		}
	}
	return Column{}, false
}

// UsualColumn recognises a header that needs no mapping.
func UsualColumn(header string) (Column, bool) {
	c := Column{Header: header}
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + ('a' - 'A')
		}
		return -1
	}, header)
	if bare := strings.TrimSuffix(strings.TrimSuffix(name, "hash"), "digest"); KnownKind(referral.HashKind(bare)) {
		c.Field, c.Of = FieldHash, referral.HashKind(bare)
		return c, true
	}
	if u, ok := usual[name]; ok {
		c.Field, c.Of = u.Field, u.Of
		return c, true
	}
	for _, flag := range FlagNames {
		if bare := strings.ReplaceAll(flag, "_", ""); name == bare || name == "is"+bare {
			c.Field, c.Of = FieldFlag, flag
			return c, true
		}
	}
	return c, false
}

var usual = map[string]Column{
	"entrysource":            {Field: FieldSource},
	"id":                     {Field: FieldID},
	"entryid":                {Field: FieldID},
	"imageid":                {Field: FieldID},
	"mediaid":                {Field: FieldID},
	"hashid":                 {Field: FieldID},
	"hash":                   {Field: FieldHash},
	"hashvalue":              {Field: FieldHash},
	"hashtype":               {Field: FieldKind},
	"hashkind":               {Field: FieldKind},
	"hashname":               {Field: FieldKind},
	"algorithm":              {Field: FieldKind},
	"signaltype":             {Field: FieldKind},
	"otherhashes":            {Field: FieldHashes},
	"pdqquality":             {Field: FieldQuality},
	"quality":                {Field: FieldQuality},
	"classification":         {Field: FieldLabel},
	"category":               {Field: FieldLabel},
	"industryclassification": {Field: FieldLabel, Of: "industry"},
	"baseline":               {Field: FieldLabel, Of: "interpol-baseline"},
	"interpolbaseline":       {Field: FieldLabel, Of: "interpol-baseline"},
	"labels":                 {Field: FieldLabels},
	"media":                  {Field: FieldMedia},
	"mediatype":              {Field: FieldMedia},
	"mimetype":               {Field: FieldMedia},
	"contenttype":            {Field: FieldMedia},
	"series":                 {Field: FieldSeries},
	"seriesname":             {Field: FieldSeries},
	"size":                   {Field: FieldSize},
	"filesize":               {Field: FieldSize},
	"mediasize":              {Field: FieldSize},
	"sightings":              {Field: FieldSightings},
	"numberofsubmissions":    {Field: FieldSightings},
	"at":                     {Field: FieldAt},
	"updated":                {Field: FieldAt},
	"dateupdated":            {Field: FieldAt},
	"timestamp":              {Field: FieldAt},
	"lastmodified":           {Field: FieldAt},
	"deleted":                {Field: FieldDeleted},
	"fileavailable":          {Field: FieldFlag, Of: "available"},
}
