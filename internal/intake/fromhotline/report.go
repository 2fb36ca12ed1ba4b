package fromhotline

import "time"

// A Report is a hotline report in the published form, for those who write
// reports. The names of its properties, what they mean and which are needed
// stand in docs/formats/hotline-report.md. A nil *bool is not stated.
type Report struct {
	Format           string    `json:"format,omitempty"` // [Schema]
	Hotline          string    `json:"hotline"`
	ID               string    `json:"id"`
	Version          int       `json:"version,omitempty"`
	UpdatedAt        time.Time `json:"updated_at,omitzero"`
	Status           string    `json:"status,omitempty"`
	RetractionReason string    `json:"retraction_reason,omitempty"`
	ReceivedAt       time.Time `json:"received_at,omitzero"`
	Language         string    `json:"language,omitempty"` // BCP 47
	Informational    *bool     `json:"informational,omitempty"`
	Priority         string    `json:"priority,omitempty"`

	Told            Told       `json:"report,omitzero"`
	Assessment      Assessment `json:"assessment,omitzero"`
	Items           []Item     `json:"items,omitempty"`
	Parties         []Party    `json:"parties,omitempty"`
	PreviousReports []string   `json:"previous_reports,omitempty"`
	Forwarded       []Forward  `json:"forwarded,omitempty"`
}

// Told is what the person who reported said.
type Told struct {
	What             []string  `json:"what,omitempty"` // codes of [Choices]
	HappenedAt       time.Time `json:"happened_at,omitzero"`
	HappenedText     string    `json:"happened_text,omitempty"`
	ChildInDangerNow *bool     `json:"child_in_danger_now,omitempty"`
	Where            []Where   `json:"where,omitempty"`
	Reporter         Reporter  `json:"reporter,omitzero"`
	Text             string    `json:"text,omitempty"`
}

// Where is an address on the web, an app with a user name, or a place.
type Where struct {
	Kind        string       `json:"kind,omitempty"`
	URL         string       `json:"url,omitempty"`
	App         string       `json:"app,omitempty"`
	User        string       `json:"user,omitempty"`
	Name        string       `json:"name,omitempty"`
	Address     *Address     `json:"address,omitempty"`
	Identifiers []Identifier `json:"identifiers,omitempty"`
	ThirdParty  *bool        `json:"third_party,omitempty"`
	Note        string       `json:"note,omitempty"`
}

// Reporter is who reported, as far as they wished to say.
type Reporter struct {
	Role    string  `json:"role,omitempty"` // child, parent, witness, professional
	Contact Contact `json:"contact,omitzero"`
}

// Contact is how to reach the person, where they wish to be reached.
type Contact struct {
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
}

// Assessment is what the analyst says of the report as a whole.
type Assessment struct {
	Author                string    `json:"author,omitempty"` // a label such as "analyst 4", not a name
	At                    time.Time `json:"at,omitzero"`
	Kinds                 []string  `json:"kinds,omitempty"` // codes of the taxonomy
	Escalation            string    `json:"escalation,omitempty"`
	Handling              []string  `json:"handling,omitempty"` // H0 to H3
	HandlingText          string    `json:"handling_text,omitempty"`
	SourceEvaluation      string    `json:"source_evaluation,omitempty"`      // A, B, C, X
	InformationEvaluation string    `json:"information_evaluation,omitempty"` // 1 to 4
	Note                  string    `json:"note,omitempty"`
}

// Item is a picture, a video or a page that the analyst looked at.
type Item struct {
	ID              string    `json:"id,omitempty"`
	Type            string    `json:"type,omitempty"` // image, video, page, other
	URL             string    `json:"url,omitempty"`
	Name            string    `json:"name,omitempty"`
	OriginalName    string    `json:"original_name,omitempty"`
	MediaType       string    `json:"media_type,omitempty"`
	UploadedAt      time.Time `json:"uploaded_at,omitzero"`
	Public          *bool     `json:"public,omitempty"`
	Hashes          []Hash    `json:"hashes,omitempty"`
	Classification  string    `json:"classification,omitempty"` // baseline, nationally illegal, not illegal
	Author          string    `json:"author,omitempty"`
	At              time.Time `json:"at,omitzero"`
	Labels          []Label   `json:"labels,omitempty"`
	AgeBand         string    `json:"age_band,omitempty"`
	SelfGenerated   string    `json:"self_generated,omitempty"`
	Generated       *bool     `json:"generated,omitempty"` // by computer or AI
	Commercial      *bool     `json:"commercial,omitempty"`
	Hosting         Hosting   `json:"hosting,omitzero"`
	ApparentCountry string    `json:"apparent_country,omitempty"`
	Note            string    `json:"note,omitempty"`
}

// Hash is a fingerprint of an item.
type Hash struct {
	Type    string `json:"type"`
	Value   string `json:"value"`
	Quality int    `json:"quality,omitempty"` // PDQ, 0-100
}

// Label is an opinion in any other scheme (formats.md B.4).
type Label struct {
	Scheme string    `json:"scheme"`
	Value  string    `json:"value"`
	Author string    `json:"author,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// Hosting is where the item lies, for takedown.
type Hosting struct {
	Country   string    `json:"country,omitempty"`
	IP        string    `json:"ip,omitempty"`
	Provider  string    `json:"provider,omitempty"`
	Registrar string    `json:"registrar,omitempty"`
	CDN       string    `json:"cdn,omitempty"` // delivery network before the true host
	CheckedAt time.Time `json:"checked_at,omitzero"`
	Note      string    `json:"note,omitempty"`
}

// Party is a person or account.
type Party struct {
	Role            string       `json:"role"` // reported, recipient, victim, associated, reporter
	Of              int          `json:"of,omitempty"`
	Type            string       `json:"type,omitempty"`
	FirstName       string       `json:"first_name,omitempty"`
	MiddleName      string       `json:"middle_name,omitempty"`
	LastName        string       `json:"last_name,omitempty"`
	Age             int          `json:"age,omitempty"`
	Born            string       `json:"born,omitempty"` // 2006-01-02
	Service         string       `json:"service,omitempty"`
	Identifiers     []Identifier `json:"identifiers,omitempty"`
	Addresses       []Address    `json:"addresses,omitempty"`
	Locations       []Location   `json:"locations,omitempty"`
	PreviousReports []string     `json:"previous_reports,omitempty"`
	Group           string       `json:"group,omitempty"`
	Compromised     *bool        `json:"compromised,omitempty"`
	ThirdParty      *bool        `json:"third_party,omitempty"`
	Disabled        *bool        `json:"disabled,omitempty"`
	Notified        *bool        `json:"notified,omitempty"`
	AccessToChild   *bool        `json:"access_to_child,omitempty"`
	Note            string       `json:"note,omitempty"`
}

// Identifier is something by which a person or account may be known again.
type Identifier struct {
	Kind        string    `json:"kind"` // email, phone, account, screen, ip, device, url, payment
	Value       string    `json:"value"`
	Scope       string    `json:"scope,omitempty"`
	Mentioned   *bool     `json:"mentioned,omitempty"`
	Verified    *bool     `json:"verified,omitempty"`
	Event       string    `json:"event,omitempty"`
	At          time.Time `json:"at,omitzero"`
	Proxy       *bool     `json:"proxy,omitempty"`
	Port        int       `json:"port,omitempty"`
	CallingCode string    `json:"calling_code,omitempty"`
	Use         string    `json:"use,omitempty"`
}

// Address is a postal address.
type Address struct {
	Use     string `json:"use,omitempty"`
	Street  string `json:"street,omitempty"`
	City    string `json:"city,omitempty"`
	Postal  string `json:"postal,omitempty"`
	Region  string `json:"region,omitempty"`
	Country string `json:"country,omitempty"`
}

// Location is where an account is believed to be.
type Location struct {
	City     string    `json:"city,omitempty"`
	Region   string    `json:"region,omitempty"`
	Country  string    `json:"country,omitempty"`
	Verified *bool     `json:"verified,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// Forward is an agency that has the report already.
type Forward struct {
	Agency       string    `json:"agency,omitempty"`
	Case         string    `json:"case,omitempty"`
	Country      string    `json:"country,omitempty"`
	At           time.Time `json:"at,omitzero"`
	LegalProcess *bool     `json:"legal_process,omitempty"`
}
