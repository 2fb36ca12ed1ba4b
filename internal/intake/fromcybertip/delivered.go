package fromcybertip

import (
	"cmp"
	"strings"
	"time"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// delivered makes a draft of a report as NCMEC passed it on: what the provider
// sent, and what NCMEC's systems and analysts added.
func delivered(r *cybertip.Delivered, id string) *referral.Draft {
	d := &referral.Draft{
		Format: FormatJSON, Reader: Reader, Source: Source, ExternalID: id, IDFrom: referral.IDStated,
		Revision: referral.Revision{Stage: referral.Delivered, At: latest(r)},
		Fields:   fieldsOf(r.Fields),
	}
	v := delivery{d: d, root: place{fields: r.Fields}}
	v.sent = v.root.get("reportedInformation")
	v.provider(&r.ESP, &r.Incident)
	v.incident(r)
	v.times(r)
	v.law(r)
	v.places(r.Incidents)
	v.people(referral.RoleReported, r.Reported, "reportedPeople", "reportedPersons")
	v.people(referral.RoleRecipient, r.Recipients, "intendedRecipients")
	v.people(referral.RoleVictim, r.Victims, "childVictims")
	v.reporter(&r.ESP)
	unread := v.files(r.Files)
	v.lookups(r.GeoLookups)
	v.texts(v.sent, r.AdditionalInfo, additionalInfo...)
	more := v.root.get("additionalNcmecInformation")
	v.text(more, r.Summary, "executiveSummary")
	v.texts(more, r.Notes, "notes")
	d.Unknown = fieldsOf(withUnread(&cybertip.Content{Fields: r.Fields, Unknown: r.Unknown}, unread))
	setMaterial(d)
	return d
}

// latest is the last time at which NCMEC says that it did something with the
// report: a later delivery of the same report has a later one.
func latest(r *cybertip.Delivered) time.Time {
	at := utc(r.Processed)
	later := func(t cybertip.Time) {
		if u := utc(t); u.After(at) {
			at = u
		}
	}
	later(r.Available)
	for i := range r.Agencies {
		later(r.Agencies[i].Available)
	}
	return at
}

// A delivery is a delivered report on its way into a draft.
type delivery struct {
	d    *referral.Draft
	root place
	sent place // what the provider sent
}

var additionalInfo = []string{"additionalInformations", "additonalInformations"} // the second form occurs (formats.md A.9)

func (v *delivery) text(in place, value string, names ...string) {
	if value != "" {
		v.d.Texts = append(v.d.Texts, referral.Text{Path: in.at(value, names...), Value: value})
	}
}

func (v *delivery) texts(in place, values []string, names ...string) {
	if len(values) == 0 {
		return
	}
	c := in.cursor(names...)
	for _, s := range values {
		if s != "" {
			v.d.Texts = append(v.d.Texts, referral.Text{Path: c.find(s), Value: s})
		}
	}
}

// provider is who reported. A brand of the provider can stand where a person
// has the last name.
func (v *delivery) provider(esp *cybertip.ReportingESP, in *cybertip.DeliveredSummary) {
	p := referral.Provider{Name: esp.Name, Service: in.Platform}
	if p.Name == "" {
		p.Name, p.Service = in.Platform, ""
	}
	if esp.FirstName == "" && esp.LastName != "" {
		p.Service = esp.LastName
	}
	if strings.EqualFold(p.Service, p.Name) {
		p.Service = ""
	}
	v.d.Provider = p
}

// incident takes what it is about: the provider's type first, then NCMEC's
// own. A class that NCMEC gave stays beside the provider's, both are opinions.
func (v *delivery) incident(r *cybertip.Delivered) {
	d, in := v.d, &r.Incident
	incidents(d, append(append([]string{string(in.Type)}, in.AdditionalTypes...), r.NCMECClassification))
	if said, asks := asksToHurry(in.Escalation); asks {
		d.Escalation = said
	}
	if d.Priority = r.Priority.ID; d.Priority == "" {
		d.Priority = r.Priority.Value
	}
	if d.Informational = triOf(r.Informational); d.Informational == referral.Unknown {
		d.Informational = informational(r.Agencies)
	}
	v.text(v.sent.get("incidentSummary"), in.TimeNote, "incidentDateTimeDescription")
}

// asksToHurry takes a reason, but not a plain no.
func asksToHurry(s string) (string, bool) {
	switch strings.ToLower(s) {
	case "", "false", "no", "none", "null", "n/a":
		return "", false
	case "true", "yes":
		return escalation(""), true
	}
	return s, true
}

// informational is what the kinds of referral say where the report does not:
// false where one agency got it as a referral, to act on.
func informational(as []cybertip.Agency) referral.Tri {
	out := referral.Unknown
	for i := range as {
		switch t := strings.ToLower(as[i].ReferralType); {
		case strings.Contains(t, "informational"):
			if out == referral.Unknown {
				out = referral.True
			}
		case t == "referral" || t == "referred":
			out = referral.False
		}
	}
	return out
}

func (v *delivery) times(r *cybertip.Delivered) {
	seen := map[referral.Moment]bool{}
	add := func(kind referral.MomentKind, t cybertip.Time) {
		if m, ok := moment(kind, t); ok && !seen[m] {
			seen[m] = true
			v.d.Times = append(v.d.Times, m)
		}
	}
	add(referral.MomentIncident, r.Incident.Time)
	add(referral.MomentReceived, r.Received)
	add(referral.MomentProcessed, r.Processed)
	add(referral.MomentAvailable, r.Available)
	for i := range r.Agencies {
		add(referral.MomentAvailable, r.Agencies[i].Available)
	}
}

// law lists the agencies that got the report, and the country to which NCMEC
// sent it: which of the agencies is that country's is not stated.
func (v *delivery) law(r *cybertip.Delivered) {
	seen := map[referral.Law]bool{{}: true}
	add := func(l referral.Law) {
		if !seen[l] {
			seen[l] = true
			v.d.Law = append(v.d.Law, l)
		}
	}
	for i := range r.Agencies {
		add(referral.Law{Agency: r.Agencies[i].Name})
	}
	if r.SentToLE != cybertip.False {
		add(referral.Law{Country: countryCode(r.InternationalCountry)})
	}
}

var placeKinds = map[string]referral.PlaceKind{
	"webpageIncident": referral.PlaceWeb, "emailIncident": referral.PlaceEmail, "chatIncident": referral.PlaceChat,
	"peerToPeerIncident": referral.PlaceP2P, "gamingIncident": referral.PlaceGame, "cellPhoneIncident": referral.PlacePhone,
	"newsgroupIncident": referral.PlaceNewsgroup, "nonInternetIncident": referral.PlaceOffline,
}

func (v *delivery) places(all []cybertip.DeliveredIncident) {
	in := v.sent.get("incidentDetails")
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Kind == all[0].Kind {
			n++
		}
		kind, ok := placeKinds[all[0].Kind]
		if !ok {
			kind = referral.PlaceOther
		}
		at := elements(in, all[:n], func(a *cybertip.DeliveredIncident) string {
			return cmp.Or(a.ID, firstOf(a.AdditionalInfo), firstCapture(a.Captures))
		}, all[0].Kind)
		for i := range all[:n] {
			p := referral.Place{Kind: kind}
			captures(&p.Identifiers, all[i].Captures, at[i], "")
			v.texts(at[i], all[i].AdditionalInfo, additionalInfo...)
			v.d.Places = append(v.d.Places, p)
		}
		all = all[n:]
	}
}

var lookupRoles = map[string]referral.Role{
	"reportedPersonGeoLookups":    referral.RoleReported,
	"childVictimGeoLookups":       referral.RoleVictim,
	"intendedRecipientGeoLookups": referral.RoleRecipient,
}

// lookups takes where NCMEC's systems placed addresses. Lists of images and
// places do not say whose address it is.
func (v *delivery) lookups(all []cybertip.GeoLookup) {
	in := v.root.get("automatedInformation").get("autoGeneratedNotes").get("geoLookups")
	var list cursor
	of := ""
	for i := range all {
		l := &all[i]
		if l.Of != of {
			list, of = in.cursor(l.Of), l.Of
		}
		if l.IPAddress == "" {
			continue
		}
		holder := l.ESP
		if holder == "" {
			holder = l.Organization
		}
		v.d.Lookups = append(v.d.Lookups, referral.Lookup{IP: l.IPAddress, Country: countryCode(l.Country), City: l.City,
			Holder: holder, About: lookupRoles[l.Of], Path: list.find(l.IPAddress)})
	}
}

// files takes what was uploaded. It gives the paths of digests that could not
// be read; package cybertip complains of them.
func (v *delivery) files(all []cybertip.DeliveredFile) (unread map[string]bool) {
	at := elements(v.sent, all, func(f *cybertip.DeliveredFile) string {
		return cmp.Or(f.MD5, f.SubmittalID, f.Name, f.OriginalName, firstCapture(f.Captures), firstOf(f.AdditionalInfo))
	}, "uploadedFiles")
	unread = map[string]bool{}
	for i := range all {
		a := &all[i]
		f := referral.File{ID: a.SubmittalID, Name: a.Name, Original: a.OriginalName, Viewed: triOf(a.ViewedByESP), Path: at[i].path}
		if a.MD5 != "" {
			path := at[i].at(a.MD5, "verificationHash")
			if h, err := referral.NewHash("md5", a.MD5); err == nil {
				f.Hashes = []referral.Hash{h}
			} else {
				unread[path] = true
			}
		}
		if a.Classification != "" {
			f.Labels = append(f.Labels, referral.Label{Scheme: schemeIndustry, Value: string(a.Classification), Author: v.d.Provider.Name})
		}
		for _, tag := range a.Tags {
			f.Labels = append(f.Labels, referral.Label{Scheme: schemeTags, Value: tag, Author: "NCMEC"})
		}
		for _, m := range a.Metadata {
			if t, ok := uploadTime(m); ok && f.Uploaded.IsZero() {
				f.Uploaded = t
			}
		}
		captures(&f.Identifiers, a.Captures, at[i], "")
		v.texts(at[i], a.AdditionalInfo, additionalInfo...)
		v.d.Files = append(v.d.Files, f)
	}
	return unread
}

// uploadTime reads the one piece of a provider's metadata that the desk knows.
// What it cannot read stays among the fields.
func uploadTime(m cybertip.NameValue) (time.Time, bool) {
	if !strings.EqualFold(m.Name, "Upload Date and Time") {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, m.Value)
	return utc(cybertip.Time{T: t.UTC()}), err == nil
}
