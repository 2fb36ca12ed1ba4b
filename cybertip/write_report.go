package cybertip

func (e *emitter) report(r *Report) {
	e.root("report")
	if r.Batch != "" {
		e.tag("batchedReport")
		e.attr("reason", string(r.Batch))
		e.text("")
	}
	if r.Incident != nil {
		e.incidentSummary(r.Incident)
	}
	for i := range r.Internet {
		e.internetDetails(&r.Internet[i])
	}
	if r.LawEnforcement != nil {
		e.lawEnforcement(r.LawEnforcement)
	}
	if r.Reporter != nil {
		e.reporter(r.Reporter)
	}
	for i := range r.Reported {
		e.reported(&r.Reported[i])
	}
	for i := range r.Recipients {
		e.recipient(&r.Recipients[i])
	}
	for i := range r.Victims {
		e.victim(&r.Victims[i])
	}
	e.leaf("additionalInfo", r.AdditionalInfo)
	e.end()
}

func (e *emitter) incidentSummary(s *IncidentSummary) {
	e.open("incidentSummary")
	e.leaf("incidentType", string(s.Type))
	e.leaf("platform", s.Platform)
	if s.Escalation != nil {
		e.always("escalateToHighPriority", *s.Escalation)
	}
	e.flags("reportAnnotations", s.Flags.Names())
	e.time("incidentDateTime", s.Time)
	e.leaf("incidentDateTimeDescription", s.TimeNote)
	e.end()
}

func (e *emitter) lawEnforcement(l *LawEnforcement) {
	e.tag("lawEnforcement")
	e.attr("fleaCountry", l.ParentCountry) // refused by finish
	e.inside()
	e.leaf("agencyName", l.AgencyName)
	e.leaf("caseNumber", l.CaseNumber)
	e.contactPerson("officerContact", l.Officer)
	e.bool("reportedToLe", l.ReportedToLE)
	e.bool("servedLegalProcessDomestic", l.LegalProcessDomestic)
	if p := l.LegalProcessInternational; p != nil {
		e.tag("servedLegalProcessInternational")
		e.attr("fleaCountry", p.Country)
		e.text(boolText(p.Served))
	}
	e.end()
}

func (e *emitter) reporter(r *Reporter) {
	e.open("reporter")
	e.person("reportingPerson", r.Person)
	e.contactPerson("contactPerson", r.Contact)
	e.leaf("companyTemplate", r.Template)
	e.leaf("termsOfService", r.TermsOfService)
	e.leaf("legalURL", r.LegalURL)
	e.end()
}

func (e *emitter) internetDetails(n *InternetDetails) {
	e.open("internetDetails")
	if v := n.WebPage; v != nil {
		e.tag("webPageIncident")
		e.attr("thirdPartyHostedContent", boolText(v.ThirdPartyHosted))
		e.inside()
		e.each("url", v.URLs)
		e.leaf("additionalInfo", v.AdditionalInfo)
		e.end()
	}
	if v := n.Email; v != nil {
		e.open("emailIncident")
		e.emails("emailAddress", v.Emails)
		e.leaf("content", v.Content)
		e.leaf("additionalInfo", v.AdditionalInfo)
		e.end()
	}
	if v := n.Newsgroup; v != nil {
		e.open("newsgroupIncident")
		e.leaf("name", v.Name)
		e.emails("emailAddress", v.Emails)
		e.leaf("content", v.Content)
		e.leaf("additionalInfo", v.AdditionalInfo)
		e.end()
	}
	if v := n.Chat; v != nil {
		e.open("chatImIncident")
		e.leaf("chatClient", v.Client)
		e.leaf("chatRoomName", v.Room)
		e.leaf("content", v.Content)
		e.leaf("additionalInfo", v.AdditionalInfo)
		e.end()
	}
	if v := n.Gaming; v != nil {
		e.open("onlineGamingIncident")
		e.leaf("gameName", v.Game)
		e.leaf("console", v.Console)
		e.leaf("content", v.Content)
		e.leaf("additionalInfo", v.AdditionalInfo)
		e.end()
	}
	if v := n.CellPhone; v != nil {
		e.open("cellPhoneIncident")
		if v.Phone != nil {
			e.phone("phoneNumber", v.Phone)
		}
		e.float("latitude", v.Latitude)
		e.float("longitude", v.Longitude)
		e.leaf("additionalInfo", v.AdditionalInfo)
		e.end()
	}
	if v := n.NonInternet; v != nil {
		e.open("nonInternetIncident")
		e.leaf("locationName", v.Location)
		e.addresses("incidentAddress", v.Addresses)
		e.leaf("additionalInfo", v.AdditionalInfo)
		e.end()
	}
	if v := n.PeerToPeer; v != nil {
		e.open("peer2peerIncident")
		e.leaf("client", v.Client)
		e.ipCaptures(v.IPCaptures)
		e.leaf("fileNames", v.FileNames)
		e.leaf("additionalInfo", v.AdditionalInfo)
		e.end()
	}
	e.end()
}
