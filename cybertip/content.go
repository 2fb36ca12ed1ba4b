package cybertip

import "slices"

// Content is what reading a document found beside its typed values.
type Content struct {
	// Fields holds every leaf in document order: attributes, the text of elements without inner elements, and of
	// elements that the schema has as text. Declarations (xmlns) and attributes of the XML Schema instance
	// namespace are left out. In JSON a leaf is a string, number or boolean.
	Fields []Field

	// Unknown is the subset of Fields that has no place in the typed values: elements, attributes and members which
	// are not known, further occurrences of those that may occur once, text between elements. A known element with
	// a value that could not be read is not unknown; Findings says what is wrong with it.
	Unknown []Field

	// Findings says what is wrong with the document, in document order, at most MaxFindings.
	Findings []Finding
}

// Field is one leaf of a document.
//
// Path leads from the document's own root, which is not named, to the leaf: element names joined by slashes, as in
// personOrUserReported[1]/ipCaptureEvent[2]/ipAddress. Elements that may occur more than once always carry their
// number, counted from 1 among those of the same name with the same parent; so do second and further occurrences of
// other elements, and unknown elements of which there are several. An attribute ends the path as /@name, text
// between elements as /text(). Prefixes are left out.
//
// In JSON, members and array elements take the places of elements, as in
// reportedInformation/reportedPeople/reportedPersons[1]/emails/emails[1]/value. Array elements always carry their
// number. Names stand as they are, so a name with a slash in it, or one that repeats, can make two paths alike.
//
// Value is the text without white space at its ends. An empty element, such as a flag, has the value "".
type Field struct{ Path, Value string }

// Severity says how bad a Finding is.
type Severity string

// Severities.
const (
	// SeverityError: required content is missing, or a value does not have the form or is not in the set that the schema
	// prescribes. The server would refuse the document.
	SeverityError Severity = "error"
	// SeverityWarning: nothing is lost, but something is unusual: order, unknown or repeated elements, forms that the schema
	// does not allow but which are clear, texts beyond the documented length, doubtful values.
	SeverityWarning Severity = "warning"
)

// Finding is something wrong with a document.
type Finding struct {
	Path     string // as in Field
	Severity Severity
	Text     string // a sentence without a capital and full stop; never holds the value
}

// MaxFindings is how many findings of one document are kept.
const MaxFindings = 1000

// Get returns the value of the first field with that path.
func (c *Content) Get(path string) (value string, ok bool) {
	i := slices.IndexFunc(c.Fields, func(f Field) bool { return f.Path == path })
	if i < 0 {
		return "", false
	}
	return c.Fields[i].Value, true
}

// HasErrors reports whether any finding is a SeverityError.
func (c *Content) HasErrors() bool {
	return slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Severity == SeverityError })
}

func (c *Content) find(severity Severity, path, text string) {
	switch n := len(c.Findings); {
	case n < MaxFindings-1:
		c.Findings = append(c.Findings, Finding{path, severity, text})
	case n == MaxFindings-1:
		c.Findings = append(c.Findings, Finding{"", SeverityWarning, "there are more findings than are listed"})
	}
}
