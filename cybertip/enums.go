package cybertip

// The values below are wire values: they are stored and sent byte for byte as NCMEC's schema spells them. Several are
// terms that are no longer used for what they name; show people a label of your own.

// IncidentType is what a report is about (XSD simpleType incidentType).
type IncidentType string

// Incident types.
const (
	// IncidentMaterial concerns child sexual abuse material.
	IncidentMaterial IncidentType = "Child Pornography (possession, manufacture, and distribution)"
	// IncidentTrafficking concerns the sexual exploitation of a child by trafficking.
	IncidentTrafficking IncidentType = "Child Sex Trafficking"
	// IncidentTravel concerns the sexual exploitation of children in travel and tourism.
	IncidentTravel IncidentType = "Child Sex Tourism"
	// IncidentAbuse concerns the sexual abuse of a child.
	IncidentAbuse IncidentType = "Child Sexual Molestation"
	// IncidentMisleadingDomain concerns a domain name that leads children to harmful content.
	IncidentMisleadingDomain IncidentType = "Misleading Domain Name"
	// IncidentMisleadingContent concerns words or images that lead children to harmful content.
	IncidentMisleadingContent IncidentType = "Misleading Words or Digital Images on the Internet"
	// IncidentEnticement concerns the solicitation of a child, coercion and extortion included.
	IncidentEnticement IncidentType = "Online Enticement of Children for Sexual Acts"
	// IncidentUnsolicited concerns harmful material sent to a child.
	IncidentUnsolicited IncidentType = "Unsolicited Obscene Material Sent to a Child"
)

// IncidentTypes lists the incident types in schema order.
var IncidentTypes = []IncidentType{IncidentMaterial, IncidentTrafficking, IncidentTravel, IncidentAbuse,
	IncidentMisleadingDomain, IncidentMisleadingContent, IncidentEnticement, IncidentUnsolicited}

// BatchReason says why a report is batched (XSD simpleType batchedReportReason).
type BatchReason string

// BatchViral marks a batch of reports on material that went viral.
const BatchViral BatchReason = "VIRAL_POTENTIAL_MEME"

// BatchReasons lists the reasons for a batched report.
var BatchReasons = []BatchReason{BatchViral}

// EventName says what an address or device was captured at (XSD simpleType ipCaptureType).
type EventName string

// Event names.
const (
	EventLogin        EventName = "Login"
	EventRegistration EventName = "Registration"
	EventPurchase     EventName = "Purchase"
	EventUpload       EventName = "Upload"
	EventOther        EventName = "Other"
	EventUnknown      EventName = "Unknown"
)

// EventNames lists the event names in schema order.
var EventNames = []EventName{EventLogin, EventRegistration, EventPurchase, EventUpload, EventOther, EventUnknown}

// AddressType is the kind of a postal address (XSD simpleType addressType).
type AddressType string

// Address types.
const (
	AddressHome      AddressType = "Home"
	AddressBusiness  AddressType = "Business"
	AddressBilling   AddressType = "Billing"
	AddressShipping  AddressType = "Shipping"
	AddressTechnical AddressType = "Technical"
)

// AddressTypes lists the address types in schema order.
var AddressTypes = []AddressType{AddressHome, AddressBusiness, AddressBilling, AddressShipping, AddressTechnical}

// EmailType is the kind of an e-mail address (XSD simpleType emailType).
type EmailType string

// E-mail types.
const (
	EmailHome     EmailType = "Home"
	EmailWork     EmailType = "Work"
	EmailBusiness EmailType = "Business"
	EmailRecovery EmailType = "Recovery"
)

// EmailTypes lists the e-mail types in schema order.
var EmailTypes = []EmailType{EmailHome, EmailWork, EmailBusiness, EmailRecovery}

// PhoneType is the kind of a phone number (XSD simpleType phoneType).
type PhoneType string

// Phone types.
const (
	PhoneMobile   PhoneType = "Mobile"
	PhoneHome     PhoneType = "Home"
	PhoneBusiness PhoneType = "Business"
	PhoneWork     PhoneType = "Work"
	PhoneFax      PhoneType = "Fax"
	PhoneInternet PhoneType = "Internet"
	PhoneRecovery PhoneType = "Recovery"
)

// PhoneTypes lists the phone types in schema order.
var PhoneTypes = []PhoneType{PhoneMobile, PhoneHome, PhoneBusiness, PhoneWork, PhoneFax, PhoneInternet, PhoneRecovery}

// AssociatedType says how an account is associated (XSD simpleType associatedAccountType).
type AssociatedType string

// Kinds of associated accounts.
const (
	AssociatedBilling  AssociatedType = "Billing"
	AssociatedLinked   AssociatedType = "Linked"
	AssociatedBusiness AssociatedType = "Business"
	AssociatedCreator  AssociatedType = "Creator"
	AssociatedGuardian AssociatedType = "Parent/Guardian"
	AssociatedOther    AssociatedType = "Other"
)

// AssociatedTypes lists the kinds of associated accounts in schema order.
var AssociatedTypes = []AssociatedType{AssociatedBilling, AssociatedLinked, AssociatedBusiness, AssociatedCreator,
	AssociatedGuardian, AssociatedOther}

// FileRelevance says whether a file is what is reported or goes with it (XSD simpleType fileRelevance). An absent
// value means FileReported.
type FileRelevance string

// Values of FileRelevance.
const (
	FileReported     FileRelevance = "Reported"
	FileSupplemental FileRelevance = "Supplemental Reported"
)

// FileRelevances lists the values of FileRelevance.
var FileRelevances = []FileRelevance{FileReported, FileSupplemental}

// Classification is the provider's label on the industry scale (XSD simpleType fileClassification): the letter
// stands for the age group, the digit for the content. It is not a legal finding.
type Classification string

// Classifications.
const (
	ClassA1 Classification = "A1"
	ClassA2 Classification = "A2"
	ClassB1 Classification = "B1"
	ClassB2 Classification = "B2"
)

// Classifications lists the industry classifications.
var Classifications = []Classification{ClassA1, ClassA2, ClassB1, ClassB2}

// DetailsType is the kind of file metadata (XSD simpleType metadataTypes).
type DetailsType string

// Kinds of file metadata.
const (
	DetailsEXIF DetailsType = "EXIF"
	DetailsHash DetailsType = "HASH"
)

// DetailsTypes lists the kinds of file metadata.
var DetailsTypes = []DetailsType{DetailsEXIF, DetailsHash}
