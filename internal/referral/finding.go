package referral

// A Finding is something wrong with a report. Readers and lint list all that
// they find, each with the path to it, not just the first.
type Finding struct {
	Path     string   `json:"path,omitempty"` // "" for the document as a whole
	Severity Severity `json:"severity"`
	Text     string   `json:"text"` // what is wrong and what would be right; no personal value
}

// Severity says what a finding does to the report.
type Severity string

const (
	Refuse Severity = "error"   // the report cannot be taken in like this; it is kept sealed for repair
	Warn   Severity = "warning" // it is taken in, and the finding is shown with it
)

// Refuses says whether any finding keeps the report from being taken in.
func Refuses(fs []Finding) bool {
	for _, f := range fs {
		if f.Severity == Refuse {
			return true
		}
	}
	return false
}
