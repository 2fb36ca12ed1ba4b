package cybertip

func (v ref) person() DeliveredPerson {
	return DeliveredPerson{
		ID:                     v.str("id"),
		EntityType:             v.str("associationsEntityType"),
		FirstName:              v.str("firstName"),
		MiddleName:             v.str("middleName"),
		LastName:               v.str("lastName"),
		PreferredName:          v.str("preferredName"),
		Gender:                 v.str("gender"),
		Pronouns:               v.str("preferredPronouns"),
		DateOfBirth:            v.date("dateOfBirth"),
		ApproximateAge:         v.int("approximateAge"),
		PhysicalDescription:    v.str("physicalDescription"),
		VehicleDescription:     v.str("vehicleDescription"),
		VehicleTagNumber:       v.str("vehicleTagNumber"),
		Occupation:             v.str("occupation"),
		ESPService:             v.str("espService"),
		ESPUserID:              v.str("espUserId"),
		ScreenNames:            append(v.texts("screenName"), v.texts("screenNames")...),
		DisplayNames:           v.texts("displayNames"),
		Emails:                 v.contactPoints("emails"),
		Phones:                 v.contactPoints("phones"),
		Addresses:              collect(v, ref.address, "addresses"),
		ProfileBio:             v.str("profileBio"),
		IPAddress:              v.str("ipAddress"),
		Captures:               v.captures(),
		Locations:              collect(v, ref.location, "espEstimatedLocations"),
		PriorReports:           v.priorReports(),
		TemporarilyDisabled:    v.get("accountTemporarilyDisabled").disabled(),
		PermanentlyDisabled:    v.get("accountPermanentlyDisabled").disabled(),
		RelationshipToReporter: v.str("relationshipToReporter"),
		RelationshipToVictim:   v.str("relationshipToChildVictim"),
		AccessToVictim:         v.str("accessToChildVictim"),
		AccessToChildren:       v.str("accessToChildren"),
		AccessToFirearms:       v.str("accessToFirearms"),
		ConvictedOffender:      v.str("convictedSexOffender"),
		AwareOfReport:          v.str("awareOfReport"),
		GangAffiliation:        v.texts("gangAffiliation"),
		Languages:              v.texts("languages"),
		Races:                  v.texts("races"),
		Disabilities:           v.texts("disabilities"),
		DisabilityInfo:         v.str("additionalDisabilityInformation"),
		AdditionalContactInfo:  v.texts("additionalContactInformation"),
		AdditionalInfo:         v.additionalInfo(),
	}
}

func (v ref) location() EstimatedLocation {
	return EstimatedLocation{
		City:        v.str("city"),
		Region:      v.str("region"),
		CountryCode: v.str("countryCode"),
		Verified:    v.bool("verified"),
		Timestamp:   v.time("timestamp"),
	}
}

// priorReports takes the numbers of earlier reports, which may be numbers, strings, or objects with a reportId.
func (v ref) priorReports() []int64 {
	var ids []int64
	for _, e := range v.list("priorCybertipReports") {
		m := e
		if inner := e.get("reportId", "value"); !inner.none() {
			m = inner
		}
		text := m.text()
		if text == "" {
			continue
		}
		if n, form := parseInt(text, 64); form != bad {
			ids = append(ids, n.N)
		} else {
			m.find(SeverityError, "is not a whole number")
		}
	}
	return ids
}

// disabled takes a boolean, or an object of which one may expect what the submitted report has.
func (v ref) disabled() *Disabled {
	switch {
	case v.none():
		return nil
	case v.node().kind != '{':
		text := v.text()
		b, form := parseBool(text)
		if form == bad && text != "" {
			v.find(SeverityError, "is not true or false")
		}
		return &Disabled{Disabled: b}
	}
	return &Disabled{
		Disabled:       v.bool("value", "disabled"),
		DisabledDate:   v.time("disabledDate"),
		UserNotified:   v.bool("userNotified"),
		UserNotifiedOn: v.time("userNotifiedDate"),
		ReenabledDate:  v.time("reenabledDate"),
	}
}
