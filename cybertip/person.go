package cybertip

// Person is what is known of somebody (XSD complexType person).
type Person struct {
	FirstName   string // at most 100 characters
	LastName    string // at most 100 characters
	Phones      []Phone
	Emails      []Email
	Addresses   []Address
	Age         Int // in years, 0 to 150
	DateOfBirth Time

	// AgeDiscrepancy is ageAssertionDiscrepancy: the age that the person states is in doubt. It is newer than the
	// pinned schema: read but not written.
	AgeDiscrepancy Bool
}

// ContactPerson is somebody to get in touch with (XSD complexType contactPerson).
type ContactPerson struct {
	FirstName string // at most 100 characters
	LastName  string // at most 100 characters
	Phones    []Phone
	Emails    []Email
	Addresses []Address
}

// Phone is a phone number (XSD complexType phone).
type Phone struct {
	Number      string // at most 50 characters, in any notation
	Type        PhoneType
	Verified    Bool
	VerifiedOn  Time   // attribute verificationDate
	CallingCode string // attribute countryCallingCode: + and one to three digits
	Extension   string // digits, at most 10
}

// Email is an e-mail address (XSD complexType email).
type Email struct {
	Address    string // at most 255 characters
	Type       EmailType
	Verified   Bool
	VerifiedOn Time // attribute verificationDate
}

// Address is a postal address (XSD complexType address).
type Address struct {
	Type       AddressType
	Street     string // element address, at most 255 characters
	City       string // at most 100 characters
	ZipCode    string // at most 20 characters
	State      string // code of a US state, see IsState
	NonUSState string // nonUsaState, at most 100 characters
	Country    string // see IsCountry
}

// IPCapture is an IP address seen at an event (XSD complexType ipCaptureEvent).
type IPCapture struct {
	Address       string // ipAddress, required; any text: the schema does not check it
	Event         EventName
	Time          Time // dateTime; without it an address says little
	PossibleProxy Bool
	Port          Int // without it an address shared by many customers says little
}

// Device is an identifier of a device seen at an event (XSD complexType deviceId).
type Device struct {
	IDType string // required; free text such as IMEI, ICCID, SSID, IDFA, GAID; at most 255 characters
	ID     string // idValue, required; at most 2083 characters
	Event  EventName
	Time   Time // dateTime
}

// EstimatedLocation is where the provider believes a person to be (XSD complexType estimatedLocation).
type EstimatedLocation struct {
	City        string // at most 255 characters
	Region      string // at most 255 characters
	CountryCode string // see IsCountry
	Verified    Bool
	Timestamp   Time
}

// Disabled says that an account was closed, or that it was not
// (XSD complexTypes accountTemporarilyDisabled and accountPermanentlyDisabled).
type Disabled struct {
	Disabled       Bool
	DisabledDate   Time
	UserNotified   Bool // true means that the person may know of the report
	UserNotifiedOn Time // attribute userNotifiedDate
	ReenabledDate  Time // of temporarily disabled accounts only
}
