package fromcybertip

import (
	"cmp"
	"strings"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

func (v *delivery) people(role referral.Role, all []cybertip.DeliveredPerson, names ...string) {
	at := elements(v.sent, all, func(p *cybertip.DeliveredPerson) string {
		return cmp.Or(p.ESPUserID, p.ID, p.LastName, p.FirstName, firstOf(p.ScreenNames), firstCapture(p.Captures),
			firstPoint(p.Emails), firstPoint(p.Phones), firstOf(p.DisplayNames), firstOf(p.AdditionalInfo))
	}, names...)
	for i := range all {
		v.person(role, &all[i], at[i])
	}
}

func firstOf(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

func firstCapture(cs []cybertip.Capture) string {
	if len(cs) == 0 {
		return ""
	}
	return cs[0].Value
}

func firstPoint(cs []cybertip.ContactPoint) string {
	if len(cs) == 0 {
		return ""
	}
	return cs[0].Value
}

func (v *delivery) person(role referral.Role, a *cybertip.DeliveredPerson, at place) {
	p := referral.Party{
		Role:    role,
		Name:    referral.Name{First: a.FirstName, Middle: a.MiddleName, Last: a.LastName},
		Age:     within(a.ApproximateAge, 0, 150),
		Born:    dayOf(a.DateOfBirth),
		Service: a.ESPService,
		Prior:   priorIDs(a.PriorReports),
		Access:  either(answer(a.AccessToVictim), answer(a.AccessToChildren)),
	}
	p.Disabled, p.Notified = disabled(a.TemporarilyDisabled, a.PermanentlyDisabled)
	p.Notified = either(p.Notified, answer(a.AwareOfReport))
	contacts(&p, a.Emails, a.Phones, a.Addresses, at)
	scope := cmp.Or(a.ESPService, v.d.Provider.Name)
	add := func(id referral.Identifier, path string) {
		if id.Value != "" {
			id.Path = path
			p.Identifiers = append(p.Identifiers, id)
		}
	}
	add(referral.Identifier{Kind: referral.IDAccount, Value: a.ESPUserID, Scope: scope}, at.at(a.ESPUserID, "espUserId"))
	names := at.cursor("screenName", "screenNames")
	for _, s := range a.ScreenNames {
		add(referral.Identifier{Kind: referral.IDScreen, Value: s, Scope: scope}, names.find(s))
	}
	names = at.cursor("displayNames")
	for _, s := range a.DisplayNames {
		add(referral.Identifier{Kind: referral.IDScreen, Value: s, Scope: scope, Use: useDisplay, Mentioned: true}, names.find(s))
	}
	add(referral.Identifier{Kind: referral.IDIP, Value: a.IPAddress}, at.at(a.IPAddress, "ipAddress"))
	captures(&p.Identifiers, a.Captures, at, scope)
	var list []place
	if len(a.Locations) > 0 {
		list = at.list("espEstimatedLocations")
	}
	for i, l := range a.Locations {
		e := referral.Estimate{City: l.City, Region: l.Region, Country: countryCode(l.CountryCode), Verified: triOf(l.Verified), At: utc(l.Timestamp)}
		if e.City+e.Region+e.Country == "" {
			continue
		}
		if len(list) == len(a.Locations) {
			e.Path = list[i].path
		}
		p.Estimates = append(p.Estimates, e)
	}
	v.d.Parties = append(v.d.Parties, p)
	v.text(at, a.ProfileBio, "profileBio")
	v.text(at, a.PhysicalDescription, "physicalDescription")
	v.text(at, a.VehicleDescription, "vehicleDescription")
	v.text(at, a.DisabilityInfo, "additionalDisabilityInformation")
	v.texts(at, a.AdditionalContactInfo, "additionalContactInformation")
	v.texts(at, a.AdditionalInfo, additionalInfo...)
}

// answer reads what may be a boolean or a word. Words that are neither yes nor
// no stay among the fields.
func answer(s string) referral.Tri {
	switch strings.ToLower(s) {
	case "true", "yes", "y":
		return referral.True
	case "false", "no", "n":
		return referral.False
	}
	return referral.Unknown
}

func contacts(p *referral.Party, emails, phones []cybertip.ContactPoint, addresses []cybertip.DeliveredAddress, at place) {
	points := func(kind referral.IdentifierKind, all []cybertip.ContactPoint, name string) {
		if len(all) == 0 {
			return
		}
		list := at.cursor(name)
		for _, c := range all {
			if c.Value != "" {
				p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: kind, Value: c.Value, Verified: triOf(c.Verified), Path: list.find(c.Value)})
			}
		}
	}
	points(referral.IDEmail, emails, "emails")
	points(referral.IDPhone, phones, "phones")
	var list []place
	if len(addresses) > 0 {
		list = at.list("addresses")
	}
	for i, a := range addresses {
		v := referral.Address{Street: both(a.Street1, a.Street2), City: a.City, Postal: a.PostalCode, Region: a.State, Country: countryCode(a.Country)}
		if v == (referral.Address{}) {
			continue
		}
		if len(list) == len(addresses) {
			v.Path = list[i].path
		}
		p.Addresses = append(p.Addresses, v)
	}
}

// captures takes what the provider saw. Types that are not known stay among
// the fields.
func captures(to *[]referral.Identifier, all []cybertip.Capture, at place, scope string) {
	if len(all) == 0 {
		return
	}
	list := at.cursor("sourceInformation", "sourceCaptures")
	for i := range all {
		c := &all[i]
		if c.Value == "" {
			continue
		}
		id := referral.Identifier{Value: c.Value, Event: event(c.Event), At: utc(c.Time), Proxy: triOf(c.PossibleProxy), Port: within(c.Port, 1, 65535)}
		id.Path = list.find(c.Value)
		switch t := strings.ToLower(c.Type); {
		case strings.Contains(t, "ip address"), t == "ip":
			id.Kind = referral.IDIP
		case strings.Contains(t, "device"):
			id.Kind, id.Scope = referral.IDDevice, c.ValueType
		case strings.Contains(t, "profile url"):
			id.Kind, id.Use = referral.IDURL, useProfile
		case strings.Contains(t, "url"):
			id.Kind = referral.IDURL
		case strings.Contains(t, "mail"):
			id.Kind = referral.IDEmail
		case strings.Contains(t, "phone"), strings.Contains(t, "mobile"):
			id.Kind = referral.IDPhone
		case strings.Contains(t, "screen name"), strings.Contains(t, "user name"), strings.Contains(t, "username"):
			id.Kind, id.Scope = referral.IDScreen, scope
		default:
			continue
		}
		*to = append(*to, id)
	}
}

// reporter adds who reported for the provider, and whom it names for
// questions.
func (v *delivery) reporter(esp *cybertip.ReportingESP) {
	at := v.sent.get("reportingEsp")
	p := referral.Party{Role: referral.RoleReporter, Type: "Reporting person"}
	if esp.FirstName != "" { // a last name alone is a brand
		p.Name = referral.Name{First: esp.FirstName, Last: esp.LastName}
	}
	contacts(&p, esp.Emails, esp.Phones, esp.Addresses, at)
	v.addReporter(p)
	c := esp.Contact
	if c == nil {
		return
	}
	at = at.get("contactForLawEnforcement")
	if inner := at.get("contactPerson"); len(inner.fields) > 0 {
		at = inner
	}
	p = referral.Party{Role: referral.RoleReporter, Type: "Contact", Name: referral.Name{First: c.FirstName, Last: c.LastName}}
	contacts(&p, c.Emails, c.Phones, nil, at)
	v.addReporter(p)
}

func (v *delivery) addReporter(p referral.Party) {
	if p.Name != (referral.Name{}) || len(p.Identifiers)+len(p.Addresses) > 0 {
		v.d.Parties = append(v.d.Parties, p)
	}
}
