package cybertip

// Places of the elements in personOrUserReported, intendedRecipient and victim, which have one order among them.
const (
	atPerson = iota
	atVehicle
	atESPIdentifier
	atESPService
	atCompromised
	atScreenName
	atDisplayName
	atProfileURL
	atProfileBio
	atIPCapture
	atDevice
	atThirdParty
	atSchoolName
	atPriorReports
	atGroup
	atTemporarily
	atPermanently
	atLocation
	atAllEmails
	atAssociated
	atAdditionalInfo
)

func (d *decoder) reported(p *PersonOrUserReported) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "personOrUserReportedPerson":
			d.accountPerson(&p.Account, &f)
		case "vehicleDescription":
			if d.one(&f, atVehicle) {
				p.Vehicle = d.text(300)
			}
		case "thirdPartyUserReported":
			if d.one(&f, atThirdParty) {
				p.ThirdParty = d.asBool(d.leaf())
			}
		case "groupIdentifier":
			if d.one(&f, atGroup) {
				p.GroupIdentifier = d.text(255)
			}
		case "associatedAccount":
			d.item(&f, atAssociated, len(p.Associated)+1)
			d.charge(512)
			d.associated(more(&p.Associated))
		case "additionalInfo":
			if d.one(&f, atAdditionalInfo) {
				p.AdditionalInfo = d.text(0)
			}
		default:
			d.account(&p.Account, &f)
		}
	}
	d.leave(&f)
}

func (d *decoder) recipient(p *IntendedRecipient) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "intendedRecipientPerson":
			d.accountPerson(&p.Account, &f)
		case "groupIdentifier":
			if d.one(&f, atGroup) {
				p.GroupIdentifier = d.text(255)
			}
		case "additionalInfo":
			d.item(&f, atAdditionalInfo, len(p.AdditionalInfo)+1)
			p.AdditionalInfo = append(p.AdditionalInfo, d.text(0))
		default:
			d.account(&p.Account, &f)
		}
	}
	d.leave(&f)
}

func (d *decoder) victim(p *Victim) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "victimPerson":
			d.accountPerson(&p.Account, &f)
		case "schoolName":
			if d.one(&f, atSchoolName) {
				p.SchoolName = d.text(255)
			}
		case "associatedAccount":
			d.item(&f, atAssociated, len(p.Associated)+1)
			d.charge(512)
			d.associated(more(&p.Associated))
		case "additionalInfo":
			if d.one(&f, atAdditionalInfo) {
				p.AdditionalInfo = d.text(0)
			}
		default:
			d.account(&p.Account, &f)
		}
	}
	d.leave(&f)
	d.require(&f, atPerson, "victimPerson")
}

func (d *decoder) accountPerson(a *Account, f *frame) {
	if d.one(f, atPerson) {
		a.Person = new(Person)
		d.person(a.Person)
	}
}

// account reads a child that all three kinds of people have.
func (d *decoder) account(a *Account, f *frame) {
	switch string(d.s.Local()) {
	case "espIdentifier":
		if d.one(f, atESPIdentifier) {
			a.ESPIdentifier = d.text(255)
		}
	case "espService":
		if d.one(f, atESPService) {
			a.ESPService = d.text(100)
		}
	case "compromisedAccount":
		if d.one(f, atCompromised) {
			a.Compromised = d.asBool(d.leaf())
		}
	case "screenName":
		if d.one(f, atScreenName) {
			a.ScreenName = d.text(256)
		}
	case "displayName":
		d.item(f, atDisplayName, len(a.DisplayNames)+1)
		a.DisplayNames = append(a.DisplayNames, d.text(0))
	case "profileUrl":
		d.item(f, atProfileURL, len(a.ProfileURLs)+1)
		a.ProfileURLs = append(a.ProfileURLs, d.text(0))
	case "profileBio":
		if d.one(f, atProfileBio) {
			a.ProfileBio = d.text(0)
		}
	case "ipCaptureEvent":
		d.item(f, atIPCapture, len(a.IPCaptures)+1)
		d.ipCapture(more(&a.IPCaptures))
	case "deviceId":
		d.item(f, atDevice, len(a.Devices)+1)
		d.device(more(&a.Devices))
	case "priorCTReports":
		d.priorReport(&a.PriorReports, f, atPriorReports)
	case "accountTemporarilyDisabled":
		if d.one(f, atTemporarily) {
			a.TemporarilyDisabled = new(Disabled)
			d.disabled(a.TemporarilyDisabled, true)
		}
	case "accountPermanentlyDisabled":
		if d.one(f, atPermanently) {
			a.PermanentlyDisabled = new(Disabled)
			d.disabled(a.PermanentlyDisabled, false)
		}
	case "estimatedLocation":
		if d.one(f, atLocation) {
			a.Location = new(EstimatedLocation)
			d.location(a.Location)
		}
	case "allEmailsReported":
		if d.one(f, atAllEmails) {
			a.AllEmailsReported = d.asBool(d.leaf())
		}
	default:
		d.unknown(f)
	}
}

// priorReport leaves a number that cannot be read out of the list; it stays among the fields.
func (d *decoder) priorReport(list *[]int64, f *frame, n int) {
	f.count++
	d.item(f, n, f.count)
	if id := d.asInt(d.leaf(), 64); id.Set {
		*list = append(*list, id.N)
	}
}

func (d *decoder) associated(a *AssociatedAccount) {
	d.associatedAttrs(a)
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "platform":
			if d.one(&f, 0) {
				d.associatedPlatform(a)
			}
		case "firstName":
			if d.one(&f, 1) {
				a.FirstName = d.text(256)
			}
		case "middleName":
			if d.one(&f, 2) {
				a.MiddleName = d.text(256)
			}
		case "lastName":
			if d.one(&f, 3) {
				a.LastName = d.text(256)
			}
		case "approximateAge":
			if d.one(&f, 4) {
				a.ApproximateAge = d.asIntWithin(d.leaf(), 0, 150)
			}
		case "ageAssertionDiscrepancy":
			if d.one(&f, 5) {
				a.AgeDiscrepancy = d.asBool(d.leaf())
				d.find(SeverityWarning, d.at(), textNewer)
			}
		case "dateOfBirth":
			if d.one(&f, 6) {
				a.DateOfBirth = d.asDate(d.leaf())
			}
		case "phone":
			d.item(&f, 7, len(a.Phones)+1)
			d.phone(more(&a.Phones))
		case "email":
			d.item(&f, 8, len(a.Emails)+1)
			d.email(more(&a.Emails))
		case "allEmailsReported":
			if d.one(&f, 9) {
				a.AllEmailsReported = d.asBool(d.leaf())
			}
		case "address":
			d.item(&f, 10, len(a.Addresses)+1)
			d.address(more(&a.Addresses))
		case "espService":
			if d.one(&f, 11) {
				a.ESPService = d.text(256)
			}
		case "espIdentifier":
			if d.one(&f, 12) {
				a.ESPIdentifier = d.text(256)
			}
		case "profileUrl":
			d.item(&f, 13, len(a.ProfileURLs)+1)
			a.ProfileURLs = append(a.ProfileURLs, d.text(0))
		case "screenName":
			if d.one(&f, 14) {
				a.ScreenName = d.text(256)
			}
		case "displayName":
			d.item(&f, 15, len(a.DisplayNames)+1)
			a.DisplayNames = append(a.DisplayNames, d.text(0))
		case "profileBio":
			if d.one(&f, 16) {
				a.ProfileBio = d.text(0)
			}
		case "groupIdentifier":
			if d.one(&f, 17) {
				a.GroupIdentifier = d.text(256)
			}
		case "compromisedAccount":
			if d.one(&f, 18) {
				a.Compromised = d.asBool(d.leaf())
			}
		case "accountTemporarilyDisabled":
			if d.one(&f, 19) {
				a.TemporarilyDisabled = new(Disabled)
				d.disabled(a.TemporarilyDisabled, true)
			}
		case "accountPermanentlyDisabled":
			if d.one(&f, 20) {
				a.PermanentlyDisabled = new(Disabled)
				d.disabled(a.PermanentlyDisabled, false)
			}
		case "ipCaptureEvent":
			d.item(&f, 21, len(a.IPCaptures)+1)
			d.ipCapture(more(&a.IPCaptures))
		case "deviceId":
			d.item(&f, 22, len(a.Devices)+1)
			d.device(more(&a.Devices))
		case "priorCTReport":
			d.priorReport(&a.PriorReports, &f, 23)
		case "additionalInfo":
			if d.one(&f, 24) {
				a.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

// associatedAttrs reads the attributes in the schema's form and in that of newer clients.
func (d *decoder) associatedAttrs(a *AssociatedAccount) {
	has := false
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		if !ok {
			continue
		}
		switch name := string(attrs[i].Local); {
		case name == "type" || name == "accountType" && !has:
			a.Type = asEnum(d, v, AssociatedTypes)
			has = true
			if name == "accountType" {
				d.find(SeverityWarning, d.at(), textElsewhere)
			}
		case name == "thirdPartyUser":
			a.Platform = &AssociatedPlatform{ThirdPartyUser: d.asBool(v)}
			d.find(SeverityWarning, d.at(), textElsewhere)
		default:
			d.unknownAttr()
		}
	}
	if !has {
		d.find(SeverityError, string(d.path)+"/@type", "is missing")
	}
}

func (d *decoder) associatedPlatform(a *AssociatedAccount) {
	if a.Platform == nil {
		a.Platform = new(AssociatedPlatform)
	}
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		switch {
		case !ok:
		case string(attrs[i].Local) == "thirdPartyUser":
			a.Platform.ThirdPartyUser = d.asBool(v)
		default:
			d.unknownAttr()
		}
	}
	a.Platform.Name = d.text(256)
}
