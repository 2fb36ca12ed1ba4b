package synth

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"lapwing/cybertip"
)

// cybertips writes the reports as providers submit them.
func (d *desk) cybertips() error {
	for _, t := range d.tips {
		if t.format != formatXML {
			continue
		}
		if err := d.putReport(t, t.received); err != nil {
			return err
		}
		d.count(formatXML, accepted)
		d.end(t, formatXML, false)
		if !t.twice.IsZero() {
			if err := d.putReport(t, t.twice); err != nil {
				return err
			}
			d.count(formatXML, duplicate)
		}
	}
	return d.lateFiles()
}

// putReport writes the report with what lies beside it: in a folder of its own, or loose among others.
func (d *desk) putReport(t *tip, at time.Time) error {
	stem := fmt.Sprint(t.reportID)
	if t.reportID == 0 {
		stem = fmt.Sprintf("report-%05d", t.n)
	}
	dir, first, rest := folder(at, "cybertip/"+stem), "/report.xml", "/"
	if d.shape(at) == inOneFolder {
		first, rest = ".xml", "-"
	}
	if err := d.put(dir+first, at, d.report(t)); err != nil {
		return err
	}
	if t.answer {
		answer := &cybertip.Response{Code: cybertip.IntOf(cybertip.CodeSuccess), Description: "Success",
			ReportID: cybertip.IntOf(t.reportID)}
		if err := d.put(dir+rest+"response.xml", at, answer); err != nil {
			return err
		}
	}
	for i := range t.files {
		f := &t.files[i]
		if err := d.put(fmt.Sprintf("%s%sfile-%d.xml", dir, rest, i+1), at, d.fileDetails(t, f, i)); err != nil {
			return err
		}
		if f.picture != nil {
			d.tree[dir+rest+f.name()] = entry{f.picture.bytes, at}
		}
	}
	return nil
}

// put writes a document of NCMEC's schema.
func (d *desk) put(path string, at time.Time, doc interface{ WriteXML(io.Writer) error }) error {
	var b bytes.Buffer
	if err := doc.WriteXML(&b); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	d.tree[path] = entry{b.Bytes(), at}
	return nil
}

// lateFiles writes details of files that come when their report is here already.
func (d *desk) lateFiles() error {
	n := 0
	for _, t := range d.tips {
		if t.format != formatXML || len(t.files) == 0 || !t.again.IsZero() || t.n%50 != 0 {
			continue
		}
		at := t.received.AddDate(0, 2, 0)
		if !at.Before(d.until) || d.last[t].media != "new" {
			continue // with another known file the report stays what it is
		}
		r := newRandom(d.seed, drawDemo, uint64(t.n)|1<<61)
		f := d.newMedia(&r, false, true)
		if err := d.put(folder(at, fmt.Sprintf("late/%d/file-9.xml", t.reportID)), at, d.fileDetails(t, &f, 8)); err != nil {
			return err
		}
		d.count(formatXML, updated)
		if n++; n == 4 {
			break
		}
	}
	return nil
}

func (d *desk) report(t *tip) *cybertip.Report {
	r := newRandom(d.seed, drawShape, uint64(t.n))
	p := &providers[t.provider]
	out := &cybertip.Report{
		Incident: &cybertip.IncidentSummary{
			Type: t.wire, Platform: p.name, Flags: t.flags, Time: cybertip.At(t.incident),
		},
		Reporter: &cybertip.Reporter{
			Person:         &cybertip.Person{FirstName: "Test", LastName: "Reporter", Emails: mailOf("reports." + p.host)},
			Contact:        &cybertip.ContactPerson{FirstName: "Test", LastName: "Contact", Emails: mailOf("legal." + p.host)},
			Template:       p.name + " is an invented provider. Synthetic text on legal process and on how long records are kept.",
			TermsOfService: "Synthetic terms of " + p.name + ".",
			LegalURL:       "https://" + p.host + "/legal",
		},
		Reported:       []cybertip.PersonOrUserReported{d.reported(&r, t, t.who, true)},
		AdditionalInfo: t.text(),
	}
	if r.in(700) {
		out.Incident.TimeNote = "Time of detection, as the provider states it."
	}
	if t.escalated {
		reason := fmt.Sprintf("Synthetic reason for report %d.", t.n)
		out.Incident.Escalation = &reason
	}
	if t.viral && r.in(500) {
		out.Batch = cybertip.BatchViral
	}
	out.Internet = d.places(&r, t, p)
	if t.served != "" {
		out.LawEnforcement = &cybertip.LawEnforcement{
			AgencyName: "Example Police " + t.served, CaseNumber: fmt.Sprintf("EX-%d", t.n), ReportedToLE: cybertip.True,
			LegalProcessInternational: &cybertip.LegalProcess{Served: cybertip.True, Country: t.served},
		}
	}
	if t.second != nil {
		out.Reported = append(out.Reported, d.reported(&r, t, t.second, false))
	}
	if t.recipient != nil {
		out.Recipients = []cybertip.IntendedRecipient{{Account: cybertip.Account{
			ESPIdentifier: t.recipient.account(), ESPService: p.name, ScreenName: t.recipient.screen(),
			IPCaptures: d.captures(&r, t, t.recipient, 1),
		}}}
	}
	if c := t.child; c != nil {
		v := cybertip.Victim{Account: cybertip.Account{
			Person: &cybertip.Person{FirstName: "Test", LastName: fmt.Sprintf("Child %d", c.number),
				Age: cybertip.IntOf(int64(c.age))},
			ESPIdentifier: c.account(), ESPService: p.name,
		}}
		if r.in(600) {
			v.Location = &cybertip.EstimatedLocation{City: "Exampletown", CountryCode: countries[c.country].code}
		}
		out.Victims = []cybertip.Victim{v}
	}
	return out
}

func mailOf(desk string) []cybertip.Email {
	return []cybertip.Email{{Address: desk + "@example.com", Type: cybertip.EmailBusiness}}
}

func (t *tip) text() string {
	s := fmt.Sprintf("Synthetic text for report %d.", t.n)
	if t.mentions > 0 {
		s += fmt.Sprintf(" It mentions %s in passing.", appendMail(nil, t.mentions, 0))
	}
	return s
}

func (d *desk) reported(r *random, t *tip, p *person, main bool) cybertip.PersonOrUserReported {
	pr := &providers[p.provider]
	out := cybertip.PersonOrUserReported{Account: cybertip.Account{
		Person:        &cybertip.Person{FirstName: "Test", LastName: p.lastName()},
		ESPIdentifier: p.account(), ESPService: pr.name, ScreenName: p.screen(),
		IPCaptures: d.captures(r, t, p, 1+r.n(3)),
	}}
	if r.in(750) {
		out.Person.Emails = append(out.Person.Emails, cybertip.Email{Address: p.email(0), Type: cybertip.EmailHome,
			Verified: cybertip.BoolOf(r.in(600))})
	}
	if r.in(120) {
		out.Person.Emails = append(out.Person.Emails, cybertip.Email{Address: p.email(1), Type: cybertip.EmailRecovery,
			Verified: cybertip.False})
	}
	if r.in(350) && countries[p.country].code != "IT" { // +39 is Vatican City's as well, and nothing unassigned tells them apart
		out.Person.Phones = []cybertip.Phone{{Number: p.phone, Type: cybertip.PhoneMobile,
			Verified: cybertip.BoolOf(r.in(500))}}
	}
	if r.in(140) {
		out.Person.Addresses = []cybertip.Address{{Type: pick(r, []cybertip.AddressType{cybertip.AddressHome,
			cybertip.AddressBilling}),
			Street: "1 Example Street", City: "Exampletown", ZipCode: "00000", Country: countries[p.country].code}}
	}
	if r.in(400) {
		out.ProfileURLs = []string{p.profile()}
	}
	if r.in(250) || p.device != p.number {
		out.Devices = []cybertip.Device{{IDType: pick(r, []string{"IDFA", "GAID"}), ID: p.deviceID(),
			Event: cybertip.EventLogin, Time: cybertip.At(t.incident.Add(-time.Hour))}}
	}
	if r.in(450) {
		out.Location = &cybertip.EstimatedLocation{City: "Exampletown", CountryCode: countries[p.abroad].code,
			Verified: cybertip.BoolOf(r.in(150)), Timestamp: cybertip.At(t.incident)}
	}
	if p.group > 0 {
		out.GroupIdentifier = fmt.Sprintf("example-group-%d", p.group)
	}
	if r.in(60) {
		out.Associated = []cybertip.AssociatedAccount{{Type: cybertip.AssociatedLinked,
			Platform:      &cybertip.AssociatedPlatform{Name: "Other Example", ThirdPartyUser: cybertip.True},
			ESPIdentifier: fmt.Sprintf("o-%d", p.number)}}
	}
	if !main {
		return out
	}
	out.PriorReports = t.prior
	if t.compromised {
		out.Compromised = cybertip.True
	}
	if t.notified || r.in(400) {
		off := &cybertip.Disabled{Disabled: cybertip.True, DisabledDate: cybertip.At(t.incident.Add(20 * time.Minute)),
			UserNotified: cybertip.BoolOf(t.notified)}
		if t.notified {
			off.UserNotifiedOn = cybertip.At(t.incident.Add(30 * time.Minute))
		}
		out.PermanentlyDisabled = off
	}
	return out
}

// captures are the events at which addresses of the person were seen, newest first.
func (d *desk) captures(r *random, t *tip, p *person, n int) []cybertip.IPCapture {
	var out []cybertip.IPCapture
	for i := range n {
		c := cybertip.IPCapture{Address: p.ip(i), Event: cybertip.EventLogin}
		at := t.incident.Add(-time.Duration(10+r.n(2000)) * time.Minute)
		switch {
		case i == 0 && r.in(400):
			c.Event = cybertip.EventUpload
		case i == 2:
			c.Event = cybertip.EventRegistration
			at = at.AddDate(0, -r.n(18), 0)
		}
		if !r.in(40) {
			c.Time = cybertip.At(at)
		}
		if r.in(650) {
			c.Port = cybertip.IntOf(int64(1024 + r.n(60_000)))
		}
		if r.in(300) {
			c.PossibleProxy = cybertip.BoolOf(r.in(150))
		}
		out = append(out, c)
	}
	return out
}

// places say where it happened.
func (d *desk) places(r *random, t *tip, p *provider) []cybertip.InternetDetails {
	if r.in(150) {
		return nil
	}
	switch p.sort {
	case "chat":
		return []cybertip.InternetDetails{{Chat: &cybertip.ChatIncident{Client: p.name,
			Room: fmt.Sprintf("Synthetic room %d", t.n%90), Content: t.text()}}}
	case "email":
		return []cybertip.InternetDetails{{Email: &cybertip.EmailIncident{Emails: []cybertip.Email{{Address: t.who.email(0)}}}}}
	case "game":
		return []cybertip.InternetDetails{{Gaming: &cybertip.GamingIncident{Game: "Example Game", Console: "PC"}}}
	case "p2p":
		return []cybertip.InternetDetails{{PeerToPeer: &cybertip.PeerToPeerIncident{Client: p.name,
			IPCaptures: d.captures(r, t, t.who, 1), FileNames: fmt.Sprintf("synthetic-file-%d.bin", t.n)}}}
	}
	return []cybertip.InternetDetails{{WebPage: &cybertip.WebPageIncident{URLs: []string{fmt.Sprintf("https://%s/p/%d",
		p.host, t.n)}}}}
}

func (d *desk) fileDetails(t *tip, f *media, i int) *cybertip.FileDetails {
	r := newRandom(d.seed, drawFile, uint64(t.n)<<8|uint64(i)|1<<60)
	out := &cybertip.FileDetails{
		ReportID: cybertip.IntOf(t.reportID), FileID: fmt.Sprintf("%032d", t.n*10+i),
		FileName: f.name(), OriginalFileName: fmt.Sprintf("original-%d-%d.jpg", t.n, i+1),
		Uploaded:  cybertip.At(t.incident.Add(-time.Duration(1+i) * time.Minute)),
		Relevance: cybertip.FileReported, Classification: cybertip.Classification(f.class),
	}
	out.ViewedByESP, out.Public = cybertip.Bool(r.n(3)), cybertip.Bool(r.n(3))
	if f.supplemental {
		out.Relevance = cybertip.FileSupplemental
	}
	if f.viral {
		out.Flags |= cybertip.FileViral
	}
	if !f.viral && r.in(40) {
		out.Flags |= cybertip.FileGenerated
	}
	hash := func(kind, value string, perMille int) {
		if value != "" && r.in(perMille) {
			out.Hashes = append(out.Hashes, cybertip.FileHash{Type: kind, Value: value})
		}
	}
	hash("MD5", f.md5, 1000)
	hash(pick(&r, []string{"SHA1", "SHA-1"}), f.sha1, 700)
	hash("SHA256", f.sha256, 500)
	hash("PDQ", f.pdq, 1000)
	if r.in(700) && t.who != nil {
		out.IPCapture = &cybertip.IPCapture{Address: t.who.ip(0), Event: cybertip.EventUpload, Time: out.Uploaded,
			Port: cybertip.IntOf(int64(1024 + r.n(60_000)))}
	}
	if r.in(60) {
		out.Details = []cybertip.FileMetadata{{Type: cybertip.DetailsEXIF, Pairs: []cybertip.NameValue{{Name: "Make",
			Value: "Example"}}}}
	}
	return out
}
