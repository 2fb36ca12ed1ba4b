package cybertip

func (e *emitter) reported(p *PersonOrUserReported) {
	e.open("personOrUserReported")
	e.person("personOrUserReportedPerson", p.Person)
	e.leaf("vehicleDescription", p.Vehicle)
	e.accountStart(&p.Account)
	e.bool("thirdPartyUserReported", p.ThirdParty)
	e.priorReports("priorCTReports", p.PriorReports)
	e.leaf("groupIdentifier", p.GroupIdentifier)
	e.accountEnd(&p.Account)
	e.associatedAccounts(p.Associated)
	e.leaf("additionalInfo", p.AdditionalInfo)
	e.end()
}

func (e *emitter) recipient(p *IntendedRecipient) {
	e.open("intendedRecipient")
	e.person("intendedRecipientPerson", p.Person)
	e.accountStart(&p.Account)
	e.priorReports("priorCTReports", p.PriorReports)
	e.leaf("groupIdentifier", p.GroupIdentifier)
	e.accountEnd(&p.Account)
	e.each("additionalInfo", p.AdditionalInfo)
	e.end()
}

func (e *emitter) victim(p *Victim) {
	e.open("victim")
	e.person("victimPerson", p.Person)
	e.accountStart(&p.Account)
	e.leaf("schoolName", p.SchoolName)
	e.priorReports("priorCTReports", p.PriorReports)
	e.accountEnd(&p.Account)
	e.associatedAccounts(p.Associated)
	e.leaf("additionalInfo", p.AdditionalInfo)
	e.end()
}

// accountStart writes espIdentifier to deviceId.
func (e *emitter) accountStart(a *Account) {
	e.leaf("espIdentifier", a.ESPIdentifier)
	e.leaf("espService", a.ESPService)
	e.bool("compromisedAccount", a.Compromised)
	e.leaf("screenName", a.ScreenName)
	e.each("displayName", a.DisplayNames)
	e.each("profileUrl", a.ProfileURLs)
	e.leaf("profileBio", a.ProfileBio)
	e.ipCaptures(a.IPCaptures)
	e.devices(a.Devices)
}

// accountEnd writes accountTemporarilyDisabled to allEmailsReported.
func (e *emitter) accountEnd(a *Account) {
	e.disabled("accountTemporarilyDisabled", a.TemporarilyDisabled)
	e.disabled("accountPermanentlyDisabled", a.PermanentlyDisabled)
	e.location(a.Location)
	e.bool("allEmailsReported", a.AllEmailsReported)
}

func (e *emitter) associatedAccounts(accounts []AssociatedAccount) {
	for i := range accounts {
		e.associated(&accounts[i])
	}
}

func (e *emitter) associated(a *AssociatedAccount) {
	e.tag("associatedAccount")
	e.attr("type", string(a.Type))
	e.inside()
	if a.Platform != nil {
		e.tag("platform")
		e.attr("thirdPartyUser", boolText(a.Platform.ThirdPartyUser))
		e.text(a.Platform.Name)
	}
	e.leaf("firstName", a.FirstName)
	e.leaf("middleName", a.MiddleName)
	e.leaf("lastName", a.LastName)
	e.int("approximateAge", a.ApproximateAge)
	e.bool("ageAssertionDiscrepancy", a.AgeDiscrepancy) // refused by finish
	e.date("dateOfBirth", a.DateOfBirth)
	e.phones(a.Phones)
	e.emails("email", a.Emails)
	e.bool("allEmailsReported", a.AllEmailsReported)
	e.addresses("address", a.Addresses)
	e.leaf("espService", a.ESPService)
	e.leaf("espIdentifier", a.ESPIdentifier)
	e.each("profileUrl", a.ProfileURLs)
	e.leaf("screenName", a.ScreenName)
	e.each("displayName", a.DisplayNames)
	e.leaf("profileBio", a.ProfileBio)
	e.leaf("groupIdentifier", a.GroupIdentifier)
	e.bool("compromisedAccount", a.Compromised)
	e.disabled("accountTemporarilyDisabled", a.TemporarilyDisabled)
	e.disabled("accountPermanentlyDisabled", a.PermanentlyDisabled)
	e.ipCaptures(a.IPCaptures)
	e.devices(a.Devices)
	e.priorReports("priorCTReport", a.PriorReports)
	e.leaf("additionalInfo", a.AdditionalInfo)
	e.end()
}
