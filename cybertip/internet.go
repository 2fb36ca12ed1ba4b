package cybertip

// InternetDetails says where something happened (XSD element internetDetails). Exactly one of its fields is set.
type InternetDetails struct {
	WebPage     *WebPageIncident
	Email       *EmailIncident
	Newsgroup   *NewsgroupIncident
	Chat        *ChatIncident
	Gaming      *GamingIncident
	CellPhone   *CellPhoneIncident
	NonInternet *NonInternetIncident
	PeerToPeer  *PeerToPeerIncident
}

// WebPageIncident (XSD element webPageIncident).
type WebPageIncident struct {
	ThirdPartyHosted Bool // attribute thirdPartyHostedContent: the provider knows nothing more
	URLs             []string
	AdditionalInfo   string
}

// EmailIncident (XSD element emailIncident).
type EmailIncident struct {
	Emails         []Email // emailAddress
	Content        string  // restricted free text
	AdditionalInfo string
}

// NewsgroupIncident (XSD element newsgroupIncident).
type NewsgroupIncident struct {
	Name           string
	Emails         []Email // emailAddress
	Content        string  // restricted free text
	AdditionalInfo string
}

// ChatIncident (XSD element chatImIncident).
type ChatIncident struct {
	Client         string // chatClient
	Room           string // chatRoomName
	Content        string // restricted free text
	AdditionalInfo string
}

// GamingIncident (XSD element onlineGamingIncident).
type GamingIncident struct {
	Game           string // gameName
	Console        string
	Content        string // restricted free text
	AdditionalInfo string
}

// CellPhoneIncident (XSD element cellPhoneIncident).
type CellPhoneIncident struct {
	Phone          *Phone // phoneNumber
	Latitude       Float  // degrees
	Longitude      Float  // degrees
	AdditionalInfo string
}

// NonInternetIncident (XSD element nonInternetIncident).
type NonInternetIncident struct {
	Location       string    // locationName
	Addresses      []Address // incidentAddress
	AdditionalInfo string
}

// PeerToPeerIncident (XSD element peer2peerIncident).
type PeerToPeerIncident struct {
	Client         string
	IPCaptures     []IPCapture // ipCaptureEvent
	FileNames      string
	AdditionalInfo string
}
