package cybertip

// Account is what the three kinds of people in a report have in common: a person, and the account at the provider.
type Account struct {
	Person              *Person
	ESPIdentifier       string // the account's id at the provider, at most 255 characters
	ESPService          string // the provider's product, at most 100 characters
	Compromised         Bool   // compromisedAccount: somebody else may have used it
	ScreenName          string // at most 256 characters
	DisplayNames        []string
	ProfileURLs         []string
	ProfileBio          string
	IPCaptures          []IPCapture // ipCaptureEvent
	Devices             []Device    // deviceId
	PriorReports        []int64     // priorCTReports: numbers of earlier reports
	TemporarilyDisabled *Disabled   // accountTemporarilyDisabled
	PermanentlyDisabled *Disabled   // accountPermanentlyDisabled
	Location            *EstimatedLocation
	AllEmailsReported   Bool // the provider knows no further address
}

// PersonOrUserReported is a reported person or account (XSD element personOrUserReported).
type PersonOrUserReported struct {
	Account
	Vehicle         string // vehicleDescription, at most 300 characters
	ThirdParty      Bool   // thirdPartyUserReported: the account is at another company
	GroupIdentifier string // an organised group online, at most 255 characters
	Associated      []AssociatedAccount
	AdditionalInfo  string
}

// IntendedRecipient is somebody for whom material was meant (XSD element intendedRecipient).
type IntendedRecipient struct {
	Account
	GroupIdentifier string // at most 255 characters
	AdditionalInfo  []string
}

// Victim is a child that was harmed (XSD element victim). Its Person is required.
type Victim struct {
	Account
	SchoolName     string // at most 255 characters
	Associated     []AssociatedAccount
	AdditionalInfo string
}

// AssociatedAccount is another account of the same person, or of somebody near (XSD complexType associatedAccount).
type AssociatedAccount struct {
	Type AssociatedType // attribute type, required; newer clients write accountType, which is read as the same

	Platform       *AssociatedPlatform
	FirstName      string
	MiddleName     string
	LastName       string
	ApproximateAge Int // in years, 0 to 150
	DateOfBirth    Time
	Phones         []Phone
	Emails         []Email

	AllEmailsReported   Bool
	Addresses           []Address
	ESPService          string
	ESPIdentifier       string
	ProfileURLs         []string
	ScreenName          string
	DisplayNames        []string
	ProfileBio          string
	GroupIdentifier     string
	Compromised         Bool
	TemporarilyDisabled *Disabled
	PermanentlyDisabled *Disabled
	IPCaptures          []IPCapture
	Devices             []Device
	PriorReports        []int64 // priorCTReport, here in the singular
	AdditionalInfo      string

	// AgeDiscrepancy is ageAssertionDiscrepancy, newer than the pinned schema: read but not written.
	AgeDiscrepancy Bool
}

// AssociatedPlatform is where an associated account is (XSD element platform of associatedAccount).
type AssociatedPlatform struct {
	Name           string // at most 256 characters
	ThirdPartyUser Bool   // it is not the reporting provider
}
