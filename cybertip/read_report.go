package cybertip

// The numbers given to one, item and require are the places of the elements in their schema sequence.

func (d *decoder) report(r *Report) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "batchedReport":
			if d.one(&f, 0) {
				r.Batch = d.batchedReport()
			}
		case "incidentSummary":
			if d.one(&f, 1) {
				r.Incident = new(IncidentSummary)
				d.incidentSummary(r.Incident)
			}
		case "internetDetails":
			d.item(&f, 2, len(r.Internet)+1)
			d.internetDetails(more(&r.Internet))
		case "lawEnforcement":
			if d.one(&f, 3) {
				r.LawEnforcement = new(LawEnforcement)
				d.lawEnforcement(r.LawEnforcement)
			}
		case "reporter":
			if d.one(&f, 4) {
				r.Reporter = new(Reporter)
				d.reporter(r.Reporter)
			}
		case "personOrUserReported":
			d.item(&f, 5, len(r.Reported)+1)
			d.charge(512)
			d.reported(more(&r.Reported))
		case "intendedRecipient":
			d.item(&f, 6, len(r.Recipients)+1)
			d.charge(512)
			d.recipient(more(&r.Recipients))
		case "victim":
			d.item(&f, 7, len(r.Victims)+1)
			d.charge(512)
			d.victim(more(&r.Victims))
		case "additionalInfo":
			if d.one(&f, 8) {
				r.AdditionalInfo = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 1, "incidentSummary")
	d.require(&f, 4, "reporter")
}

// more makes the slice longer by one and returns the new element.
func more[T any](s *[]T) *T {
	*s = append(*s, *new(T))
	return &(*s)[len(*s)-1]
}

func (d *decoder) batchedReport() (reason BatchReason) {
	has := false
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		switch {
		case !ok:
		case string(attrs[i].Local) == "reason":
			has = true
			reason = asEnum(d, v, BatchReasons)
		default:
			d.unknownAttr()
		}
	}
	if !has {
		d.find(SeverityError, string(d.path)+"/@reason", "is missing")
	}
	f := d.enter()
	for d.child(&f) {
		d.unknown(&f)
	}
	d.leave(&f)
	return reason
}

func (d *decoder) incidentSummary(s *IncidentSummary) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "incidentType":
			if d.one(&f, 0) {
				s.Type = asEnum(d, d.leaf(), IncidentTypes)
			}
		case "platform":
			if d.one(&f, 1) {
				s.Platform = d.text(256)
			}
		case "escalateToHighPriority":
			if d.one(&f, 2) {
				reason := d.text(3000)
				s.Escalation = &reason
				if reason == "" {
					d.find(SeverityWarning, d.at(), "is empty; its presence asks for high priority, so it needs a reason")
				}
			}
		case "reportAnnotations":
			if d.one(&f, 3) {
				s.Flags = ReportFlags(d.flags(ReportFlagNames[:], 5))
			}
		case "incidentDateTime":
			if d.one(&f, 4) {
				s.Time = d.asTime(d.leaf())
			}
		case "incidentDateTimeDescription":
			if d.one(&f, 5) {
				s.TimeNote = d.text(3000)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "incidentType")
	d.require(&f, 4, "incidentDateTime")
}

// flags reads elements whose presence says true. Those from the index newer on are newer than the pinned schema.
func (d *decoder) flags(names []string, newer int) (set uint16) {
	f := d.enter()
	f.disorder = true // any order is fine
next:
	for d.child(&f) {
		for i, name := range names {
			if string(d.s.Local()) != name {
				continue
			}
			if d.one(&f, i) && d.flag() {
				set |= 1 << i
			}
			if i >= newer {
				d.find(SeverityWarning, d.at(), textNewer)
			}
			continue next
		}
		d.unknown(&f)
	}
	d.leave(&f)
	return set
}

func (d *decoder) flag() bool {
	v := d.leaf()
	if v == "" {
		return d.err == nil
	}
	b, form := parseBool(v)
	if b == False {
		d.find(SeverityError, d.at(), "may only be true; leave it out where it is not")
		return false
	}
	d.checkForm(v, form, "true")
	return b == True
}

func (d *decoder) lawEnforcement(l *LawEnforcement) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		switch {
		case !ok:
		case string(attrs[i].Local) == "fleaCountry":
			l.ParentCountry = d.asCountry(v)
			d.find(SeverityWarning, d.at(), textElsewhere)
		default:
			d.unknownAttr()
		}
	}
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "agencyName":
			if d.one(&f, 0) {
				l.AgencyName = d.asNeeded(d.leaf(), 255)
			}
		case "caseNumber":
			if d.one(&f, 1) {
				l.CaseNumber = d.text(100)
			}
		case "officerContact":
			if d.one(&f, 2) {
				l.Officer = new(ContactPerson)
				d.contactPerson(l.Officer)
			}
		case "reportedToLe":
			if d.one(&f, 3) {
				l.ReportedToLE = d.asBool(d.leaf())
			}
		case "servedLegalProcessDomestic":
			if d.one(&f, 4) {
				l.LegalProcessDomestic = d.asBool(d.leaf())
			}
		case "servedLegalProcessInternational":
			if d.one(&f, 5) {
				l.LegalProcessInternational = new(LegalProcess)
				d.legalProcess(l.LegalProcessInternational)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "agencyName")
}

func (d *decoder) legalProcess(p *LegalProcess) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		switch {
		case !ok:
		case string(attrs[i].Local) == "fleaCountry":
			p.Country = d.asCountry(v)
		default:
			d.unknownAttr()
		}
	}
	p.Served = d.asBool(d.leaf())
}

func (d *decoder) reporter(r *Reporter) {
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "reportingPerson":
			if d.one(&f, 0) {
				r.Person = new(Person)
				d.person(r.Person)
			}
		case "contactPerson":
			if d.one(&f, 1) {
				r.Contact = new(ContactPerson)
				d.contactPerson(r.Contact)
			}
		case "companyTemplate":
			if d.one(&f, 2) {
				r.Template = d.text(0)
			}
		case "termsOfService":
			if d.one(&f, 3) {
				r.TermsOfService = d.text(0)
			}
		case "legalURL":
			if d.one(&f, 4) {
				r.LegalURL = d.text(2083)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "reportingPerson")
}
