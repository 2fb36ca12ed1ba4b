package referral

// An Assessment is what the desk concludes from a draft, by rules that a
// person can read. It holds no personal value: reasons name what kind of fact
// they rest on, never the fact itself, so that an assessment may be listed and
// filtered without unsealing anything.
//
// The same draft, the same views and the same versions give the same bytes
// when it is encoded as JSON, years later too.
type Assessment struct {
	Rules string `json:"rules"`         // version of the rules in package assess
	Lists int64  `json:"lists"`         // state of all hash lists: the number of the last change that was seen
	Links int64  `json:"links"`         // recorded versions up to this number could be linked to
	Geo   []Base `json:"geo,omitempty"` // address databases that answered
	Now   int64  `json:"now"`           // the time at which it was made, microseconds: ages are counted from it

	Kinds        []Kind    `json:"kinds,omitempty"`
	Media        Media     `json:"media"`
	Relations    []Link    `json:"relations,omitempty"`
	Jurisdiction Countries `json:"jurisdiction"`
	Risk         Score     `json:"risk"`         // risk to a child, 0-100
	Completeness Score     `json:"completeness"` // how much there is to work with, 0-100
	Notices      []Notice  `json:"notices,omitempty"`
}

// A Base is a database with its build date: the answer for a past event
// should come from a past database (formats.md H.2).
type Base struct {
	Name  string `json:"name"`
	Built string `json:"built"` // date, 2006-01-02
}

// MediaVerdict says what is known of the files of a report. It is a match or
// its absence, not a finding: a person confirms.
type MediaVerdict string

const (
	MediaKnown MediaVerdict = "known" // a file's digest is on a list
	MediaNear  MediaVerdict = "near"  // a file's PDQ is within the match distance of one on a list
	MediaNew   MediaVerdict = "new"   // there are files, none is on any list
	MediaNone  MediaVerdict = "none"  // no files, or none with a fingerprint
)

// Media is the verdict over all files of a report.
type Media struct {
	Verdict MediaVerdict `json:"verdict"`
	Known   int          `json:"known"` // number of files
	Near    int          `json:"near"`
	New     int          `json:"new"`
	Benign  int          `json:"benign"` // on a known-good list: less noise, never a reason to close
	Blind   int          `json:"blind"`  // files without a usable fingerprint
	Matches []Match      `json:"matches,omitempty"`
	Reasons []string     `json:"reasons,omitempty"`
}

// A Match says that a file's fingerprint meets an entry of a list.
type Match struct {
	File      int     `json:"file"` // 1-based, in the draft's order
	Algorithm string  `json:"algorithm"`
	Distance  int     `json:"distance"` // bits; 0 for digests
	List      string  `json:"list"`
	Version   int64   `json:"version"` // of the list
	Source    string  `json:"source"`  // identity of the entry is (source, id)
	Entry     string  `json:"entry"`
	Good      bool    `json:"good,omitempty"` // the list names known-good files
	Labels    []Label `json:"labels,omitempty"`
}

// A Link says that the report shares something with earlier reports.
type Link struct {
	Kind    string   `json:"kind"` // an IdentifierKind, "file" or "prior-report"
	Role    Role     `json:"role,omitempty"`
	Count   int      `json:"count"`             // earlier referrals that share it
	Capped  bool     `json:"capped,omitempty"`  // there are more than Count
	Earlier []string `json:"earlier,omitempty"` // the newest of them
	// Weak: the shared thing was only mentioned, or is shared by so many that it says little.
	Weak bool   `json:"weak,omitempty"`
	Why  string `json:"why"`
}

// Countries is the answer to "who can act": two answers and what supports them.
type Countries struct {
	// Concerned lists the countries to tell, strongest first: the best of each
	// answer, all of them where the evidence ties. Empty: no usable evidence.
	Concerned []string         `json:"concerned,omitempty"`
	Suspect   []CountryFinding `json:"suspect,omitempty"`
	Victim    []CountryFinding `json:"victim,omitempty"`
	Hosting   []CountryFinding `json:"hosting,omitempty"` // for takedown only
	Unusable  []string         `json:"unusable,omitempty"`
}

// A CountryFinding is one country with the evidence for it.
type CountryFinding struct {
	Country  string     `json:"country"` // ISO 3166-1 alpha-2; Greece is GR, the United Kingdom GB
	Strength int        `json:"strength"`
	Evidence []Evidence `json:"evidence"`
}

// Evidence is one fact that points at a country.
type Evidence struct {
	Rule     string `json:"rule"`           // row of formats.md H.3
	Strength int    `json:"strength"`       // 1-100
	Because  string `json:"because"`        // sentence without personal values
	Base     string `json:"base,omitempty"` // database that answered
}

// A Score is a number with everything that made it.
type Score struct {
	Value   int      `json:"value"` // 0-100
	Factors []Factor `json:"factors,omitempty"`
}

// A Factor is one reason of a score.
type Factor struct {
	Code    string `json:"code"`
	Weight  int    `json:"weight"` // what it added or took away; 0 where it is missing
	Because string `json:"because"`
	Missing bool   `json:"missing,omitempty"` // the report does not say
	AgeDays int    `json:"age_days,omitempty"`
}

// A Notice is something that whoever opens the referral must not overlook.
type Notice struct {
	Code string `json:"code"` // "notified", "legal-process", "deconfliction", "compromised", "escalated"
	Text string `json:"text"`
}

// State is where a referral stands.
type State string

const (
	StateOpen          State = "open"
	StateInformational State = "informational" // kept and matched, out of the work queue (formats.md A.9)
	StateRetracted     State = "retracted"     // the source took it back
	StateClosed        State = "closed"
)
