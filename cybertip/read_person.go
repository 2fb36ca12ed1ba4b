package cybertip

func (d *decoder) person(p *Person) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "firstName":
			if d.one(&f, 0) {
				p.FirstName = d.text(100)
			}
		case "lastName":
			if d.one(&f, 1) {
				p.LastName = d.text(100)
			}
		case "phone":
			d.item(&f, 2, len(p.Phones)+1)
			d.phone(more(&p.Phones))
		case "email":
			d.item(&f, 3, len(p.Emails)+1)
			d.email(more(&p.Emails))
		case "address":
			d.item(&f, 4, len(p.Addresses)+1)
			d.address(more(&p.Addresses))
		case "age":
			if d.one(&f, 5) {
				p.Age = d.asIntWithin(d.leaf(), 0, 150)
			}
		case "ageAssertionDiscrepancy":
			if d.one(&f, 6) {
				p.AgeDiscrepancy = d.asBool(d.leaf())
				d.find(SeverityWarning, d.at(), textNewer)
			}
		case "dateOfBirth":
			if d.one(&f, 7) {
				p.DateOfBirth = d.asDate(d.leaf())
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) contactPerson(p *ContactPerson) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "firstName":
			if d.one(&f, 0) {
				p.FirstName = d.text(100)
			}
		case "lastName":
			if d.one(&f, 1) {
				p.LastName = d.text(100)
			}
		case "phone":
			d.item(&f, 2, len(p.Phones)+1)
			d.phone(more(&p.Phones))
		case "email":
			d.item(&f, 3, len(p.Emails)+1)
			d.email(more(&p.Emails))
		case "address":
			d.item(&f, 4, len(p.Addresses)+1)
			d.address(more(&p.Addresses))
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) phone(p *Phone) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		if !ok {
			continue
		}
		switch string(attrs[i].Local) {
		case "type":
			p.Type = asEnum(d, v, PhoneTypes)
		case "verified":
			p.Verified = d.asBool(v)
		case "verificationDate":
			p.VerifiedOn = d.asTime(v)
		case "countryCallingCode":
			p.CallingCode = d.asCallingCode(v)
		case "extension":
			p.Extension = d.asExtension(v)
		default:
			d.unknownAttr()
		}
	}
	p.Number = d.text(50)
}

func (d *decoder) email(e *Email) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		if !ok {
			continue
		}
		switch string(attrs[i].Local) {
		case "type":
			e.Type = asEnum(d, v, EmailTypes)
		case "verified":
			e.Verified = d.asBool(v)
		case "verificationDate":
			e.VerifiedOn = d.asTime(v)
		default:
			d.unknownAttr()
		}
	}
	e.Address = d.text(255)
}

func (d *decoder) address(a *Address) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		switch {
		case !ok:
		case string(attrs[i].Local) == "type":
			a.Type = asEnum(d, v, AddressTypes)
		default:
			d.unknownAttr()
		}
	}
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "address":
			if d.one(&f, 0) {
				a.Street = d.text(255)
			}
		case "city":
			if d.one(&f, 1) {
				a.City = d.text(100)
			}
		case "zipCode":
			if d.one(&f, 2) {
				a.ZipCode = d.text(20)
			}
		case "state":
			if d.one(&f, 3) {
				a.State = d.asState(d.leaf())
			}
		case "nonUsaState":
			if d.one(&f, 4) {
				a.NonUSState = d.text(100)
			}
		case "country":
			if d.one(&f, 5) {
				a.Country = d.asCountry(d.leaf())
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

func (d *decoder) ipCapture(c *IPCapture) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "ipAddress":
			if d.one(&f, 0) {
				c.Address = d.asIP(d.leaf())
			}
		case "eventName":
			if d.one(&f, 1) {
				c.Event = asEnum(d, d.leaf(), EventNames)
			}
		case "dateTime":
			if d.one(&f, 2) {
				c.Time = d.asTime(d.leaf())
			}
		case "possibleProxy":
			if d.one(&f, 3) {
				c.PossibleProxy = d.asBool(d.leaf())
			}
		case "port":
			if d.one(&f, 4) {
				c.Port = d.asIntWithin(d.leaf(), 1, 65535)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "ipAddress")
}

func (d *decoder) device(c *Device) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "idType":
			if d.one(&f, 0) {
				c.IDType = d.asNeeded(d.leaf(), 255)
			}
		case "idValue":
			if d.one(&f, 1) {
				c.ID = d.asNeeded(d.leaf(), 2083)
			}
		case "eventName":
			if d.one(&f, 2) {
				c.Event = asEnum(d, d.leaf(), EventNames)
			}
		case "dateTime":
			if d.one(&f, 3) {
				c.Time = d.asTime(d.leaf())
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "idType")
	d.require(&f, 1, "idValue")
}

func (d *decoder) location(l *EstimatedLocation) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		if !ok {
			continue
		}
		switch string(attrs[i].Local) {
		case "verified":
			l.Verified = d.asBool(v)
		case "timestamp":
			l.Timestamp = d.asTime(v)
		default:
			d.unknownAttr()
		}
	}
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "city":
			if d.one(&f, 0) {
				l.City = d.text(255)
			}
		case "region":
			if d.one(&f, 1) {
				l.Region = d.text(255)
			}
		case "countryCode":
			if d.one(&f, 2) {
				l.CountryCode = d.asCountry(d.leaf())
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
}

// disabled reads accountTemporarilyDisabled and accountPermanentlyDisabled; only the first may be reenabled.
func (d *decoder) disabled(a *Disabled, temporarily bool) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		if !ok {
			continue
		}
		switch name := string(attrs[i].Local); {
		case name == "disabledDate":
			a.DisabledDate = d.asTime(v)
		case name == "userNotified":
			a.UserNotified = d.asBool(v)
		case name == "userNotifiedDate":
			a.UserNotifiedOn = d.asTime(v)
		case name == "reenabledDate" && temporarily:
			a.ReenabledDate = d.asTime(v)
		default:
			d.unknownAttr()
		}
	}
	a.Disabled = d.asBool(d.leaf())
}
