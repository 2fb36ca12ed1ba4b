package synth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"lapwing/cybertip"
)

// deliveries writes the reports as NCMEC delivers them, JSON in the reconstructed shape of formats.md A.9: lists have
// doubled names, what is not known is null.
func (d *desk) deliveries() error {
	for _, t := range d.tips {
		if t.isHotline() {
			continue
		}
		if t.format == formatJSON {
			if err := d.putDelivered(t, t.received, 1, t.received); err != nil {
				return err
			}
			d.count(formatJSON, accepted)
			d.end(t, formatJSON, t.informational)
			if !t.twice.IsZero() {
				if err := d.putDelivered(t, t.received, 1, t.twice); err != nil {
					return err
				}
				d.count(formatJSON, duplicate)
			}
		}
		if t.again.IsZero() {
			continue
		}
		// Delivered once more; or for the first time, of a report that came from its provider before.
		if err := d.putDelivered(t, t.again, 2, t.again); err != nil {
			return err
		}
		d.count(formatJSON, updated)
		d.end(t, formatJSON, false)
	}
	return nil
}

// putDelivered writes version v, made available on one day and received on another.
func (d *desk) putDelivered(t *tip, available time.Time, v int, at time.Time) error {
	var b bytes.Buffer
	if t.n%40 == 0 {
		b.WriteString("\ufeff")
	}
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(d.delivered(t, available, v)); err != nil {
		return err
	}
	d.tree[folder(at, fmt.Sprintf("delivered/%d.json", t.reportID))] = entry{b.Bytes(), at}
	return nil
}

type (
	object = map[string]any // encoded with its names in order
	list   = []any
)

// named is a list in an object of the same name, or null.
func named(name string, l list) any {
	if len(l) == 0 {
		return nil
	}
	return object{name: l}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func values(ss ...string) (l list) {
	for _, s := range ss {
		l = append(l, object{"value": s})
	}
	return l
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (d *desk) delivered(t *tip, available time.Time, v int) object {
	r := newRandom(d.seed, drawShape, uint64(t.n)|1<<60)
	p := &providers[t.provider]
	received := t.incident.Add(2 * time.Hour)
	var further any
	classification := "Synthetic class"
	if v > 1 {
		further = list{string(cybertip.IncidentMisleadingContent)}
		classification = "Synthetic class, reviewed"
	}
	var escalation any
	if t.escalated {
		escalation = fmt.Sprintf("Synthetic reason for report %d.", t.n)
	}
	var lookups list
	for i := range 2 {
		lookups = append(lookups, d.lookup(t.who, i))
	}
	people := list{d.deliveredPerson(&r, t, t.who, true)}
	if t.second != nil {
		people = append(people, d.deliveredPerson(&r, t, t.second, false))
	}
	var recipients, victims, files list
	if t.recipient != nil {
		recipients = list{object{"espService": p.name, "espUserId": t.recipient.account(),
			"screenName": object{"value": t.recipient.screen()}}}
	}
	if c := t.child; c != nil {
		victims = list{object{"firstName": "Test", "lastName": fmt.Sprintf("Child %d", c.number),
			"approximateAge": c.age, "espService": p.name, "espUserId": c.account(),
			"espEstimatedLocations": object{"espEstimatedLocations": list{object{"city": "Exampletown", "region": nil,
				"countryCode": countries[c.country].code, "verified": false, "timestamp": nil}}}}}
	}
	for i := range t.files {
		files = append(files, d.deliveredFile(&r, t, &t.files[i], i))
	}
	agencies := list{object{"agency": "Example Police " + countries[t.who.country].code,
		"dateTimeMadeAvailable": stamp(available), "referralType": "NCMEC_ANALYST",
		"officer": object{"firstName": "Test", "lastName": "Officer", "title": nil,
			"emails": object{"emails": values("officer@example.org")}, "phones": object{"phones": list{}}}}}
	other := ""
	switch {
	case t.served != "":
		other = t.served
	case v > 1:
		other = countries[r.n(memberStates)].code
	}
	if other != "" {
		agencies = append(agencies, object{"agency": "Example Police " + other,
			"dateTimeMadeAvailable": stamp(available), "referralType": "NCMEC_AUTO", "officer": nil})
	}
	var priority any = object{"priorityId": t.priority, "value": "Synthetic priority"}
	if t.n%17 == 0 {
		priority = nil
	}
	var informational any = t.informational && v == 1
	if t.n%13 == 0 {
		informational = fmt.Sprint(informational) // some programs write words
	}
	return object{
		"reportId": t.reportID, "informational": informational, "dateReceived": stamp(received),
		"dateMadeAvailable": stamp(available),
		"reportedInformation": object{
			"reportingEsp": object{"espName": p.name, "firstName": nil, "lastName": nil, "addresses": nil, "phones": nil,
				"emails": nil, "id": nil,
				"contactForLawEnforcement": object{"contactPerson": object{"firstName": "Test", "lastName": "Contact",
					"emails": object{"emails": values("legal." + p.host + "@example.com")}}},
				"associationsEntityType": "Reporter"},
			"incidentSummary": object{"incidentType": string(t.wire), "platform": p.name,
				"incidentDateTime": stamp(t.incident), "incidentDateTimeDescription": nil,
				"incidentDateRange": nil, "espEscalation": escalation, "additionalIncidentTypes": further},
			"incidentDetails":        d.deliveredPlaces(t, p),
			"reportedPeople":         object{"reportedPersons": people},
			"intendedRecipients":     named("intendedRecipients", recipients),
			"childVictims":           named("childVictims", victims),
			"uploadedFiles":          named("uploadedFiles", files),
			"additionalInformations": values(t.text()),
		},
		"automatedInformation": object{"autoGeneratedNotes": object{
			"geoLookups": object{"reportedPersonGeoLookups": lookups, "childVictimGeoLookups": list{},
				"intendedRecipientGeoLookups": list{},
				"imageGeoLookups":             list{}, "internetGeoLookups": list{}},
			"phoneGeoLookups": nil, "autoCloses": list{}, "autoRefers": list{}}},
		"additionalNcmecInformation": object{"priority": priority, "ncmecClassification": classification,
			"internationalCountry": countries[t.who.country].name,
			"sentToLawEnforcement": true, "dateTimeProcessed": stamp(available.Add(-time.Hour)),
			"executiveSummary": object{"value": fmt.Sprintf("Synthetic summary of report %d.", t.n)},
			"notes":            object{"notes": values(fmt.Sprintf("Synthetic note %d on report %d.", v, t.n))}},
		"lawEnforcementContactInformation": object{"lawEnforcementContacts": agencies},
	}
}

func (d *desk) lookup(p *person, i int) object {
	return object{"ipAddress": p.ip(i), "country": countries[p.abroad].code, "region": nil, "city": "Exampletown",
		"postalCode": nil,
		"latitude":   nil, "longitude": nil, "metropolitanCode": nil, "areaCode": nil, "esp": "Example Access",
		"organization": "Example Access", "types": list{"residential"}}
}

func (d *desk) deliveredPlaces(t *tip, p *provider) object {
	out := object{}
	for _, kind := range cybertip.IncidentKinds {
		out[kind] = list{}
	}
	place := object{"id": 1, "sourceInformation": nil,
		"additionalInformations": values(fmt.Sprintf("Synthetic place of report %d.", t.n))}
	kind := "webpageIncident"
	switch p.sort {
	case "chat":
		kind = "chatIncident"
	case "email":
		kind = "emailIncident"
	case "game":
		kind = "gamingIncident"
	case "p2p":
		kind = "peerToPeerIncident"
	default:
		place["sourceInformation"] = object{"sourceCaptures": list{object{"captureType": cybertip.CaptureURL,
			"value": fmt.Sprintf("https://%s/p/%d", p.host, t.n)}}}
	}
	out[kind] = list{place}
	return out
}

// capture is an element of sourceCaptures.
func capture(kind string, valueType any, value string, event, at, proxy, port any) object {
	return object{"captureType": kind, "valueType": valueType, "value": value, "eventName": event, "dateTime": at,
		"possibleProxy": proxy, "port": port}
}

func (d *desk) deliveredPerson(r *random, t *tip, p *person, main bool) object {
	captures := list{}
	for i, c := range d.captures(r, t, p, 1+r.n(3)) {
		var proxy, port any
		if c.PossibleProxy != cybertip.Unknown {
			proxy = c.PossibleProxy == cybertip.True
		}
		if c.Port.Set {
			port = c.Port.N
		}
		event := string(c.Event)
		if i == 1 {
			event = "LOGIN"
		}
		captures = append(captures, capture(cybertip.CaptureIP, nil, c.Address, event, orNull(c.Time.Text), proxy, port))
	}
	if r.in(250) || p.device != p.number {
		captures = append(captures, capture(cybertip.CaptureDevice, "IDFA", p.deviceID(), "Login", stamp(t.incident), nil, nil))
	}
	if r.in(400) {
		captures = append(captures, capture(cybertip.CaptureProfileURL, nil, p.profile(), nil, nil, nil, nil))
	}
	var emails, phones, places list
	if r.in(750) {
		emails = list{object{"value": p.email(0), "verified": r.in(600)}}
	}
	if r.in(300) && countries[p.country].code != "IT" {
		phones = list{object{"value": p.phone, "verified": r.in(500)}}
	}
	if r.in(400) {
		places = list{object{"city": "Exampletown", "region": nil, "countryCode": countries[p.abroad].code,
			"verified": r.in(150), "timestamp": stamp(t.incident)}}
	}
	out := object{
		"id": fmt.Sprintf("p%d", p.number), "firstName": "Test", "middleName": nil, "lastName": p.lastName(),
		"preferredName": nil, "gender": nil, "dateOfBirth": nil, "approximateAge": nil,
		"espService": providers[p.provider].name, "espUserId": p.account(), "screenName": object{"value": p.screen()},
		"screenNames": nil, "displayNames": nil,
		"emails": named("emails", emails), "phones": named("phones", phones), "addresses": nil, "profileBio": nil,
		"ipAddress":         nil,
		"sourceInformation": object{"sourceCaptures": captures}, "espEstimatedLocations": named("espEstimatedLocations",
			places),
		"accountTemporarilyDisabled": nil, "accountPermanentlyDisabled": nil, "priorCybertipReports": nil,
		"accessToChildren": nil, "additionalInformations": nil, "associationsEntityType": "Reported Person",
	}
	if main && len(t.prior) > 0 {
		out["priorCybertipReports"] = t.prior
	}
	if main && t.notified {
		out["accountPermanentlyDisabled"] = object{"value": true, "disabledDate": stamp(t.incident),
			"userNotified": true, "userNotifiedDate": stamp(t.incident)}
	}
	return out
}

func (d *desk) deliveredFile(r *random, t *tip, f *media, i int) object {
	var viewed any
	if r.in(700) {
		viewed = r.in(400)
	}
	var tags any
	if f.viral {
		tags = object{"groups": list{object{"tags": values("Synthetic tag: viral")}}}
	}
	return object{
		"filename": f.name(), "originalFilename": fmt.Sprintf("original-%d-%d.jpg", t.n, i+1),
		"submittalId":      fmt.Sprintf("s-%d-%d", t.n, i+1),
		"verificationHash": orNull(f.md5), "viewedByEsp": viewed, "industryClassification": orNull(f.class), "ncmecTags": tags,
		"espMetadata": object{"metadatas": list{object{"name": "Upload Date and Time", "value": stamp(t.incident)}}},
		"sourceInformation": object{"sourceCaptures": list{capture(cybertip.CaptureIP, nil, t.who.ip(0), "Upload",
			stamp(t.incident), nil, nil)}},
		"additionalInformations": nil,
	}
}
