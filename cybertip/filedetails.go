package cybertip

import "strings"

// FileDetails describes one file of a report (XSD element fileDetails). Fields stand in schema order.
type FileDetails struct {
	Content // what reading found; not written

	ReportID         Int    // required
	FileID           string // required; an opaque token
	FileName         string
	OriginalFileName string // at most 2056 characters
	Uploaded         Time   // uploadedToEspTimestamp
	Location         string // locationOfFile, at most 2083 characters
	ViewedByESP      Bool   // fileViewedByEsp: the provider looked at the whole file. Absent is not False
	EXIFViewedByESP  Bool   // exifViewedByEsp
	Public           Bool   // publiclyAvailable. Absent is not False
	Relevance        FileRelevance
	PotentialMeme    Bool           // schema: either this or Flags
	Flags            FileFlags      // fileAnnotations
	Classification   Classification // industryClassification
	Hashes           []FileHash     // originalFileHash
	IPCapture        *IPCapture
	Devices          []Device
	Details          []FileMetadata
	AdditionalInfo   []string
}

// FileHash is a hash of the file before it was uploaded (XSD complexType hash).
type FileHash struct {
	Type  string // attribute hashType, required; free text such as MD5, SHA1, SHA-256; at most 64 characters
	Value string
}

// Algorithm returns the type of the hash in one spelling: upper case, without hyphens, underscores and blanks, such as
// MD5, SHA1, SHA256, PDQ, PHOTODNA.
func (h FileHash) Algorithm() string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == '_' || r == ' ':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, h.Type)
}

// FileMetadata is a set of names and values that go with the file (XSD element details).
type FileMetadata struct {
	Type  DetailsType
	Pairs []NameValue // nameValuePair, at least one
}

// NameValue is one piece of metadata (XSD complexType nameValue).
type NameValue struct {
	Name  string // required, at most 64 characters
	Value string // required, may be empty

	// Type is where newer clients put the attribute type of FileMetadata. It is read, but not written.
	Type DetailsType
}
