package cybertip

// Report is one report as a provider submits it (XSD element report). Fields stand in schema order.
type Report struct {
	Content // what reading found; not written

	Batch          BatchReason // batchedReport/@reason; empty unless the report is batched
	Incident       *IncidentSummary
	Internet       []InternetDetails
	LawEnforcement *LawEnforcement
	Reporter       *Reporter
	Reported       []PersonOrUserReported
	Recipients     []IntendedRecipient
	Victims        []Victim
	AdditionalInfo string
}

// IncidentSummary says what happened and when (XSD element incidentSummary).
type IncidentSummary struct {
	Type       IncidentType // required
	Platform   string       // full name of the application, at most 256 characters
	Escalation *string      // escalateToHighPriority: the reason. It is the element's presence that escalates
	Flags      ReportFlags  // reportAnnotations
	Time       Time         // incidentDateTime, required
	TimeNote   string       // incidentDateTimeDescription: often the only hint that Time is the time of detection
}

// Escalated reports whether the provider asked for high priority: it sees an immediate risk to a child.
func (s *IncidentSummary) Escalated() bool { return s != nil && s.Escalation != nil }

// LawEnforcement says which agency knows of the incident already (XSD element lawEnforcement).
type LawEnforcement struct {
	AgencyName                string // required
	CaseNumber                string
	Officer                   *ContactPerson
	ReportedToLE              Bool
	LegalProcessDomestic      Bool // servedLegalProcessDomestic
	LegalProcessInternational *LegalProcess

	// ParentCountry is fleaCountry where older clients put it, on lawEnforcement itself. It is read, but not written.
	ParentCountry string
}

// Country returns the country of the foreign agency that served legal process, wherever it was written. That
// country has a case already.
func (l *LawEnforcement) Country() string {
	switch {
	case l == nil:
		return ""
	case l.LegalProcessInternational != nil && l.LegalProcessInternational.Country != "":
		return l.LegalProcessInternational.Country
	}
	return l.ParentCountry
}

// LegalProcess says whether a foreign agency served legal process, and of which country it is
// (XSD element servedLegalProcessInternational).
type LegalProcess struct {
	Served  Bool
	Country string // attribute fleaCountry
}

// Reporter is the provider (XSD element reporter).
type Reporter struct {
	Person         *Person // reportingPerson, required but often empty
	Contact        *ContactPerson
	Template       string // companyTemplate: the provider's standing text on legal process and retention
	TermsOfService string
	LegalURL       string // legalURL, at most 2083 characters
}
