// Package referral is the vocabulary of the desk: what a report says once it
// has been read ([Draft]), what the desk concludes from it ([Assessment]),
// and the field's own terms for both.
//
// It holds data and the pure functions on it; it knows no file format, no
// store and no page. Format readers make a Draft, package assess makes an
// Assessment of it, package intake keeps both.
package referral

import "time"

// Tri is a statement that may be absent. In CyberTips absent is not false:
// whether a provider looked at a file decides what police may do
// (formats.md A.6).
type Tri int8

const (
	Unknown Tri = 0
	False   Tri = -1
	True    Tri = 1
)

// TriOf is the Tri for b.
func TriOf(b bool) Tri {
	if b {
		return True
	}
	return False
}

func (t Tri) String() string {
	switch t {
	case True:
		return "yes"
	case False:
		return "no"
	}
	return "not stated"
}

// A Draft is one report as its source told it, in the desk's own words and
// before anyone judged it. Nothing that the source said is missing: what has
// no place in the structure is in Fields, and what the reader did not know at
// all is in Unknown as well.
//
// A Draft is sealed at rest as JSON. Its encoding is canonical: the same
// report gives the same bytes.
type Draft struct {
	Format     string `json:"format"`      // format that was read: see package intake
	Reader     int    `json:"reader"`      // version of that format's reader
	Source     string `json:"source"`      // who vouches for the external id: "ncmec", a hotline's short name
	ExternalID string `json:"external_id"` // the report's id at the source
	IDFrom     IDFrom `json:"id_from"`

	Revision  Revision `json:"revision,omitzero"`
	Retracted bool     `json:"retracted,omitempty"` // the source takes the report back

	Informational Tri    `json:"informational,omitzero"` // true: the source says there is not enough to act on
	Priority      string `json:"priority,omitempty"`     // as printed by the source, opaque; never sorted by (formats.md A.9)
	Escalation    string `json:"escalation,omitempty"`   // the source's reason to hurry; its presence is the flag

	// Marking fields travel with the referral (formats.md D.4, D.5).
	Handling   []string `json:"handling,omitempty"`   // H0-H3
	Evaluation string   `json:"evaluation,omitempty"` // Europol 4x4: "B2"

	Incidents []Incident `json:"incidents,omitempty"` // in the source's order; the first incident type stays first
	Flags     []string   `json:"flags,omitempty"`     // the source's annotations, wire names, sorted
	Times     []Moment   `json:"times,omitempty"`
	Provider  Provider   `json:"provider,omitzero"`
	Law       []Law      `json:"law,omitempty"` // agencies that hold the report already

	Parties []Party  `json:"parties,omitempty"`
	Places  []Place  `json:"places,omitempty"`
	Files   []File   `json:"files,omitempty"`
	Lookups []Lookup `json:"lookups,omitempty"` // what the source's own systems found out about addresses
	Texts   []Text   `json:"texts,omitempty"`   // free text, restricted: never indexed, folded when shown

	Fields  []Field `json:"fields,omitempty"`  // every leaf of the original, in document order
	Unknown []Field `json:"unknown,omitempty"` // those leaves that the reader has no name for
}

// IDFrom says how the external id is known.
type IDFrom string

const (
	IDStated    IDFrom = "stated"    // the report carries it
	IDCompanion IDFrom = "companion" // a file beside the report names it
	IDDigest    IDFrom = "digest"    // nobody names it: the digest of the canonical content stands in
)

// A Revision orders the versions of one report. Stage goes first: what a
// source delivers later in its own process is newer, whatever its clock says.
type Revision struct {
	Stage Stage     `json:"stage,omitzero"`
	At    time.Time `json:"at,omitzero"` // as stated by the source; zero where it states none
}

// A Stage is a step in the life of a report at its source.
type Stage int8

const (
	Submitted Stage = 0 // as the provider sent it
	Delivered Stage = 1 // as the clearing house passed it on
	Withdrawn Stage = 2 // taken back
)

// Compare is -1, 0 or +1 as r is older than, as old as, or newer than o. A
// version that states no time is as old as any other of its stage: then the
// order of arrival decides.
func (r Revision) Compare(o Revision) int {
	switch {
	case r.Stage < o.Stage:
		return -1
	case r.Stage > o.Stage:
		return 1
	case r.At.IsZero() || o.At.IsZero():
		return 0
	}
	return r.At.Compare(o.At)
}

// An Incident is what the report is about.
type Incident struct {
	Wire string `json:"wire,omitempty"` // the source's own words, byte for byte; never shown as a label
	Kind Kind   `json:"kind"`           // our code
}

// A Moment is a time with its meaning and its original text.
type Moment struct {
	Kind MomentKind `json:"kind"`
	UTC  time.Time  `json:"utc,omitzero"` // zero where the text could not be read
	Text string     `json:"text"`
	// Zoned says that the text named its offset; without one UTC was assumed.
	Zoned bool `json:"zoned,omitempty"`
}

// MomentKind says what happened at the time.
type MomentKind string

const (
	MomentIncident  MomentKind = "incident"  // the event, or its detection: sources mix the two
	MomentReceived  MomentKind = "received"  // by the clearing house or hotline
	MomentAvailable MomentKind = "available" // made available to police
	MomentProcessed MomentKind = "processed"
)

// Provider is the service on which it happened and which reported it.
type Provider struct {
	Name    string `json:"name,omitempty"`    // who reported: "Example Platform"
	Service string `json:"service,omitempty"` // the product or sub-brand
}

// Law names an agency which the report has reached or which acted already. A
// country here is a strong hint that a case exists (formats.md A.3.3).
type Law struct {
	Agency  string `json:"agency,omitempty"`
	Case    string `json:"case,omitempty"`
	Country string `json:"country,omitempty"` // ISO 3166-1 alpha-2
	Served  Tri    `json:"served,omitzero"`   // legal process was served
}

// A Party is a person or account in the report.
type Party struct {
	Role        Role         `json:"role"`
	Of          int          `json:"of,omitempty"`   // for RoleAssociated: 1-based index of the party that it belongs to
	Type        string       `json:"type,omitempty"` // for RoleAssociated: Billing, Linked ...
	Name        Name         `json:"name,omitzero"`
	Age         int          `json:"age,omitempty"` // stated, 0 unknown
	Born        string       `json:"born,omitempty"`
	Service     string       `json:"service,omitempty"` // product on which the account is
	Identifiers []Identifier `json:"identifiers,omitempty"`
	Addresses   []Address    `json:"addresses,omitempty"`
	Estimates   []Estimate   `json:"estimates,omitempty"`
	Prior       []string     `json:"prior,omitempty"` // earlier report ids that the source names
	Group       string       `json:"group,omitempty"`

	Compromised Tri `json:"compromised,omitzero"`
	ThirdParty  Tri `json:"third_party,omitzero"` // the account is at another company
	Disabled    Tri `json:"disabled,omitzero"`
	Notified    Tri `json:"notified,omitzero"` // the person may know
	Access      Tri `json:"access,omitzero"`   // stated access to a child
}

// Role is a party's place in the report.
type Role string

const (
	RoleReported   Role = "reported"   // a suspect at most: reported is not convicted
	RoleRecipient  Role = "recipient"  // intended recipient
	RoleVictim     Role = "victim"     // a child
	RoleAssociated Role = "associated" // account tied to a reported person or child
	RoleReporter   Role = "reporter"
)

// Name of a person, as the source gives it.
type Name struct {
	First  string `json:"first,omitempty"`
	Middle string `json:"middle,omitempty"`
	Last   string `json:"last,omitempty"`
}

// An Identifier is something that may tie two reports together.
type Identifier struct {
	Kind  IdentifierKind `json:"kind"`
	Value string         `json:"value"`           // as the source wrote it
	Scope string         `json:"scope,omitempty"` // account and screen name: provider and service; device: type
	// Mentioned: found in free text or beside the person, not stated as theirs.
	Mentioned bool      `json:"mentioned,omitempty"`
	Verified  Tri       `json:"verified,omitzero"`
	Event     string    `json:"event,omitempty"` // login, registration, upload, purchase, other, unknown; lower case
	At        time.Time `json:"at,omitzero"`
	Proxy     Tri       `json:"proxy,omitzero"`
	Port      int       `json:"port,omitempty"`
	Calling   string    `json:"calling,omitempty"` // phone: stated calling code, "+352"
	Use       string    `json:"use,omitempty"`     // Home, Work, Billing, Recovery ...
	Path      string    `json:"path,omitempty"`    // where in the original
}

// IdentifierKind names what sort of identifier it is.
type IdentifierKind string

const (
	IDEmail   IdentifierKind = "email"
	IDPhone   IdentifierKind = "phone"
	IDAccount IdentifierKind = "account" // account id at a provider
	IDScreen  IdentifierKind = "screen"  // screen or user name at a provider
	IDIP      IdentifierKind = "ip"
	IDDevice  IdentifierKind = "device"
	IDURL     IdentifierKind = "url" // profile or content address
	IDPayment IdentifierKind = "payment"
)

// Address is a postal address.
type Address struct {
	Use     string `json:"use,omitempty"` // Home, Billing ...
	Street  string `json:"street,omitempty"`
	City    string `json:"city,omitempty"`
	Postal  string `json:"postal,omitempty"`
	Region  string `json:"region,omitempty"`
	Country string `json:"country,omitempty"` // as written
	Path    string `json:"path,omitempty"`
}

// Estimate is where the provider believes the account to be.
type Estimate struct {
	City     string    `json:"city,omitempty"`
	Region   string    `json:"region,omitempty"`
	Country  string    `json:"country,omitempty"` // as written
	Verified Tri       `json:"verified,omitzero"`
	At       time.Time `json:"at,omitzero"`
	Path     string    `json:"path,omitempty"`
}

// A Place is where it happened, online or not.
type Place struct {
	Kind        PlaceKind    `json:"kind"`
	Name        string       `json:"name,omitempty"` // client, room, game, newsgroup, place
	Identifiers []Identifier `json:"identifiers,omitempty"`
	Addresses   []Address    `json:"addresses,omitempty"`
	Hosting     string       `json:"hosting,omitempty"`  // hosting country, for takedown only
	Apparent    string       `json:"apparent,omitempty"` // country that the content appears to come from
	ThirdParty  Tri          `json:"third_party,omitzero"`
}

// PlaceKind is the sort of place: the variants of CyberTip internetDetails.
type PlaceKind string

const (
	PlaceWeb       PlaceKind = "web"
	PlaceEmail     PlaceKind = "email"
	PlaceNewsgroup PlaceKind = "newsgroup"
	PlaceChat      PlaceKind = "chat"
	PlaceGame      PlaceKind = "game"
	PlacePhone     PlaceKind = "phone"
	PlaceP2P       PlaceKind = "p2p"
	PlaceOffline   PlaceKind = "offline"
	PlaceOther     PlaceKind = "other"
)

// A File is a picture, video or other file that the report names. The desk
// never has its bytes, only what is said about them and their fingerprints.
type File struct {
	ID          string       `json:"id,omitempty"`   // the source's id of the file
	Name        string       `json:"name,omitempty"` // as stored
	Original    string       `json:"original,omitempty"`
	Hashes      []Hash       `json:"hashes,omitempty"`
	Labels      []Label      `json:"labels,omitempty"`
	Annotations []string     `json:"annotations,omitempty"` // wire names, sorted
	Viewed      Tri          `json:"viewed,omitzero"`       // by the provider
	Public      Tri          `json:"public,omitzero"`
	Relevance   string       `json:"relevance,omitempty"`
	Uploaded    time.Time    `json:"uploaded,omitzero"`
	Identifiers []Identifier `json:"identifiers,omitempty"` // of the upload
	Media       string       `json:"media,omitempty"`       // media type, where the desk saw the stream
	Path        string       `json:"path,omitempty"`
}

// A Hash is a fingerprint: a kind of [HashKinds] or any other name in lower
// case without "-" and "_", and its normalised value.
type Hash struct {
	Kind    string `json:"kind"`
	Value   string `json:"value"`
	Quality int    `json:"quality,omitempty"` // PDQ only, 0-100
	// Ours: computed by the desk from the stream, not stated by the source.
	Ours bool `json:"ours,omitempty"`
}

// A Label is somebody's classification in somebody's scheme. Labels are kept
// beside each other, never converted, never merged (formats.md B.4).
type Label struct {
	Scheme string    `json:"scheme"` // "industry", "iccam", "interpol-baseline", "uk", "vics-us" ...
	Value  string    `json:"value"`
	Author string    `json:"author,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// A Lookup is what the source's own system said about an address.
type Lookup struct {
	IP      string `json:"ip"`
	Country string `json:"country,omitempty"`
	City    string `json:"city,omitempty"`
	Holder  string `json:"holder,omitempty"`
	About   Role   `json:"about,omitempty"` // whose address it is, where known
	Path    string `json:"path,omitempty"`
}

// Text is free text with the place where it stood.
type Text struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

// A Field is one leaf of the original document.
type Field struct {
	Path  string `json:"p"`
	Value string `json:"v"`
}
