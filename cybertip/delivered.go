package cybertip

// Delivered is one report as NCMEC makes it available to law enforcement: what the provider sent, and what NCMEC's
// systems and analysts added.
//
// No schema of this form is public. The fields below are those that several independent tools read from it; any of them may be
// absent from any report, and there are others, which Content keeps. Booleans, numbers and strings stand in for each other
// in the wild, lists come as [...], {"name": [...]} or a single value, and texts as "text" or {"value": "text"}; all
// of these are read as the same.
//
// A delivered report is not final: NCMEC may add an incident type, reclassify files, or make the report available to
// further countries, and then delivers it again under the same ReportID.
type Delivered struct {
	Content

	ReportID      Int
	Informational Bool // True: by NCMEC's judgement not enough to act on, or widely known
	Received      Time // dateReceived
	Available     Time // dateMadeAvailable

	// Section A, reportedInformation: from the provider.
	ESP            ReportingESP
	Incident       DeliveredSummary
	Incidents      []DeliveredIncident // incidentDetails
	Reported       []DeliveredPerson   // reportedPeople
	Recipients     []DeliveredPerson   // intendedRecipients
	Victims        []DeliveredPerson   // childVictims
	Files          []DeliveredFile     // uploadedFiles
	AdditionalInfo []string            // restricted free text; some providers put everything here

	// Section B, automatedInformation: from NCMEC's systems.
	GeoLookups   []GeoLookup
	PhoneLookups []Field // phoneGeoLookups, whose form is not known
	AutoCloses   []Field // trace of automatic routing, whose form is not known
	AutoRefers   []Field // trace of automatic routing, whose form is not known

	// Section C, additionalNcmecInformation: from NCMEC's analysts.
	Priority             Priority
	NCMECClassification  string // may differ from the provider's incident type; keep both
	InternationalCountry string
	SentToLE             Bool // sentToLawEnforcement
	Processed            Time // dateTimeProcessed
	Summary              string
	Notes                []string

	// Section D, lawEnforcementContactInformation: who received the report. Several agencies may hold it.
	Agencies []Agency
}

// ReportingESP is the provider (reportingEsp).
type ReportingESP struct {
	ID         string
	Name       string // espName
	FirstName  string
	LastName   string // may hide a brand of the provider
	EntityType string // associationsEntityType
	Emails     []ContactPoint
	Phones     []ContactPoint
	Addresses  []DeliveredAddress
	Contact    *Officer // contactForLawEnforcement.contactPerson
}

// DeliveredSummary says what happened and when (incidentSummary).
type DeliveredSummary struct {
	Type            IncidentType
	AdditionalTypes []string // additionalIncidentTypes
	Time            Time     // incidentDateTime
	TimeNote        string   // incidentDateTimeDescription
	Range           []Field  // incidentDateRange, whose form is not known
	Platform        string
	Escalation      string // espEscalation
}

// DeliveredIncident says where something happened (an element of one of the lists of incidentDetails).
type DeliveredIncident struct {
	Kind           string // name of the list, such as webpageIncident
	ID             string
	Captures       []Capture
	AdditionalInfo []string // restricted free text
}

// IncidentKinds lists the lists of incidentDetails that are known.
var IncidentKinds = []string{"webpageIncident", "emailIncident", "chatIncident", "peerToPeerIncident", "gamingIncident",
	"cellPhoneIncident", "newsgroupIncident", "otherInternetIncident", "internetIncident", "nonInternetIncident"}

// DeliveredPerson is a reported person, an intended recipient or a child.
type DeliveredPerson struct {
	ID                  string
	EntityType          string // associationsEntityType
	FirstName           string
	MiddleName          string
	LastName            string
	PreferredName       string
	Gender              string
	Pronouns            string // preferredPronouns
	DateOfBirth         Time
	ApproximateAge      Int
	PhysicalDescription string
	VehicleDescription  string
	VehicleTagNumber    string
	Occupation          string

	ESPService          string
	ESPUserID           string
	ScreenNames         []string // screenName and screenNames
	DisplayNames        []string
	Emails              []ContactPoint
	Phones              []ContactPoint
	Addresses           []DeliveredAddress
	ProfileBio          string
	IPAddress           string
	Captures            []Capture
	Locations           []EstimatedLocation // espEstimatedLocations
	PriorReports        []int64             // priorCybertipReports
	TemporarilyDisabled *Disabled           // accountTemporarilyDisabled
	PermanentlyDisabled *Disabled           // accountPermanentlyDisabled

	// The following are kept as printed; whether they are words or booleans is not known.
	RelationshipToReporter string
	RelationshipToVictim   string // relationshipToChildVictim
	AccessToVictim         string // accessToChildVictim
	AccessToChildren       string
	AccessToFirearms       string
	ConvictedOffender      string // convictedSexOffender
	AwareOfReport          string

	GangAffiliation       []string
	Languages             []string
	Races                 []string
	Disabilities          []string
	DisabilityInfo        string   // additionalDisabilityInformation
	AdditionalContactInfo []string // additionalContactInformation
	AdditionalInfo        []string // restricted free text
}

// ContactPoint is an e-mail address or a phone number.
type ContactPoint struct {
	Value    string
	Verified Bool
}

// DeliveredAddress is a postal address.
type DeliveredAddress struct {
	Street1, Street2, City, State, PostalCode, Country string
}

// Kinds of captures that have been seen.
const (
	CaptureIP         = "IP Address"
	CaptureDevice     = "Device ID"
	CaptureURL        = "URL"
	CaptureProfileURL = "Profile URL"
)

// Capture is something the provider saw (an element of sourceCaptures).
type Capture struct {
	Type          string // captureType
	ValueType     string // for devices such as IMEI
	Value         string
	Event         EventName // upper and lower case of the known ones are made alike
	Time          Time      // dateTime
	PossibleProxy Bool
	Port          Int
}

// DeliveredFile is an uploaded file.
type DeliveredFile struct {
	Name           string // filename
	OriginalName   string // originalFilename
	SubmittalID    string
	MD5            string // verificationHash
	ViewedByESP    Bool   // absent is not False
	Classification Classification
	Tags           []string    // ncmecTags, of all groups
	Metadata       []NameValue // espMetadata
	Captures       []Capture
	AdditionalInfo []string
}

// GeoLookup is where a database places an IP address.
type GeoLookup struct {
	Of           string // name of the list, such as reportedPersonGeoLookups
	IPAddress    string
	Country      string
	Region       string
	City         string
	PostalCode   string
	Latitude     Float // degrees
	Longitude    Float // degrees
	MetroCode    string
	AreaCode     string
	ESP          string
	Organization string
	Types        []string
}

// GeoLookupLists lists the lists of geoLookups that are known.
var GeoLookupLists = []string{"reportedPersonGeoLookups", "childVictimGeoLookups", "intendedRecipientGeoLookups",
	"imageGeoLookups", "internetGeoLookups"}

// Priority is NCMEC's priority. The codes seen are 1 (a child in imminent danger), 2, 3 and E; sources do not agree on
// what E means. Show it as it is and do not sort by it.
type Priority struct{ ID, Value string }

// Agency is an agency that holds the report.
type Agency struct {
	Name         string // agency
	Available    Time   // dateTimeMadeAvailable
	ReferralType string
	Officer      *Officer
}

// Officer is somebody to get in touch with, at an agency or at the provider.
type Officer struct {
	FirstName string
	LastName  string
	Title     string
	Emails    []ContactPoint
	Phones    []ContactPoint
}
