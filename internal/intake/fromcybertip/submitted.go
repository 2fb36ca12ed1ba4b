package fromcybertip

import (
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// unusable says why a submitted report cannot be taken in. Of everything in
// it NCMEC requires just two things.
func unusable(in *cybertip.IncidentSummary) (fs []referral.Finding) {
	const typePath, timePath = "incidentSummary/incidentType", "incidentSummary/incidentDateTime"
	if in == nil {
		in = new(cybertip.IncidentSummary)
	}
	if in.Type == "" {
		fs = append(fs, refused(typePath, "the report does not say what it is about; NCMEC requires incidentType"))
	}
	switch {
	case in.Time.IsZero():
		fs = append(fs, refused(timePath, "the report does not say when it happened; NCMEC requires incidentDateTime"))
	case utc(in.Time).IsZero():
		fs = append(fs, refused(timePath, "the time of the incident cannot be read; it is written like 2026-01-15T10:00:00Z"))
	}
	return fs
}

// submitted makes a draft of a report as a provider sent it.
func submitted(r *cybertip.Report) *referral.Draft {
	digest := r.Digest()
	d := &referral.Draft{
		Format: FormatXML, Reader: Reader, Source: Source,
		ExternalID: "sha256-" + hex.EncodeToString(digest[:16]), IDFrom: referral.IDDigest,
		Fields: fieldsOf(r.Fields), Unknown: fieldsOf(r.Unknown),
	}
	s := submission{trail: trail{fields: r.Fields, at: make([]byte, 0, 128)}, d: d, provider: providerOf(r)}
	d.Provider = s.provider
	if r.Batch != "" {
		d.Flags = append(d.Flags, string(r.Batch))
	}
	s.incident(r.Incident)
	s.places(r.Internet)
	s.law(r.LawEnforcement)
	d.Parties = make([]referral.Party, 0, countParties(r))
	for i := range r.Reported {
		s.reported(&r.Reported[i], i+1)
	}
	for i := range r.Recipients {
		s.recipient(&r.Recipients[i], i+1)
	}
	for i := range r.Victims {
		s.victim(&r.Victims[i], i+1)
	}
	s.reporter(r.Reporter)
	s.text("additionalInfo", 0, r.AdditionalInfo)
	setMaterial(d)
	return d
}

// A submission is a submitted report on its way into a draft.
type submission struct {
	trail
	d        *referral.Draft
	provider referral.Provider
}

func countParties(r *cybertip.Report) int {
	n := len(r.Reported) + len(r.Recipients) + len(r.Victims) + 1
	for i := range r.Reported {
		n += len(r.Reported[i].Associated)
	}
	for i := range r.Victims {
		n += len(r.Victims[i].Associated)
	}
	return n
}

func (s *submission) text(name string, n int, value string) {
	if value != "" {
		s.d.Texts = append(s.d.Texts, referral.Text{Path: s.path(name, n), Value: value})
	}
}

func (s *submission) incident(in *cybertip.IncidentSummary) {
	back := s.enter("incidentSummary", 0)
	defer s.leave(back)
	s.d.Incidents = []referral.Incident{{Wire: string(in.Type), Kind: kindOf(string(in.Type))}}
	if in.Escalated() {
		s.d.Escalation = escalation(*in.Escalation)
	}
	s.d.Flags = append(s.d.Flags, in.Flags.Names()...)
	slices.Sort(s.d.Flags)
	if in.Flags.Has(cybertip.ReportInformational) {
		s.d.Informational = referral.True
	}
	if m, ok := moment(referral.MomentIncident, in.Time); ok {
		s.d.Times = []referral.Moment{m}
	}
	s.text("incidentDateTimeDescription", 0, in.TimeNote)
}

// escalation is the provider's reason. The element's presence asks to hurry,
// so an empty one must not look like none.
func escalation(reason string) string {
	if strings.TrimSpace(reason) == "" {
		return "(no reason given)"
	}
	return reason
}

// providerOf finds the provider's name, for which the submitted form has no
// field. It is, in this order: the platform of the incident, the service of
// the first reported account that is the provider's own, the domain of the
// reporter's e-mail address, the host of the reporter's legal address. The
// service stands beside the platform where it is another name.
func providerOf(r *cybertip.Report) (p referral.Provider) {
	if r.Incident != nil {
		p.Name = r.Incident.Platform
	}
	for i := range r.Reported {
		if a := &r.Reported[i]; a.ThirdParty != cybertip.True && a.ESPService != "" {
			if p.Name == "" {
				p.Name = a.ESPService
			} else if !strings.EqualFold(a.ESPService, p.Name) {
				p.Service = a.ESPService
			}
			break
		}
	}
	if p.Name != "" || r.Reporter == nil {
		return p
	}
	var emails []cybertip.Email
	if r.Reporter.Person != nil {
		emails = r.Reporter.Person.Emails
	}
	if r.Reporter.Contact != nil {
		emails = append(emails[:len(emails):len(emails)], r.Reporter.Contact.Emails...)
	}
	for _, e := range emails {
		if i := strings.LastIndexByte(e.Address, '@'); i > 0 && i+1 < len(e.Address) {
			p.Name = strings.ToLower(e.Address[i+1:])
			return p
		}
	}
	if u, err := url.Parse(r.Reporter.LegalURL); err == nil {
		p.Name = strings.ToLower(u.Hostname())
	}
	return p
}

func (s *submission) law(l *cybertip.LawEnforcement) {
	if l == nil {
		return
	}
	served := triOf(l.LegalProcessDomestic)
	if l.LegalProcessInternational != nil {
		served = either(served, triOf(l.LegalProcessInternational.Served))
	}
	law := referral.Law{Agency: l.AgencyName, Case: l.CaseNumber, Country: countryCode(l.Country()), Served: served}
	if law != (referral.Law{}) {
		s.d.Law = []referral.Law{law}
	}
}

// reporter adds whoever sent the report, and whom the provider names for
// questions. Its standing texts are not about the incident: they stay among
// the fields.
func (s *submission) reporter(r *cybertip.Reporter) {
	if r == nil {
		return
	}
	back := s.enter("reporter", 0)
	defer s.leave(back)
	if p := r.Person; p != nil {
		inner := s.enter("reportingPerson", 0)
		party := referral.Party{Role: referral.RoleReporter, Type: "Reporting person"}
		s.person(&party, p)
		s.leave(inner)
		s.addReporter(party)
	}
	party := referral.Party{Role: referral.RoleReporter, Type: "Contact"}
	if c := r.Contact; c != nil {
		inner := s.enter("contactPerson", 0)
		s.person(&party, &cybertip.Person{FirstName: c.FirstName, LastName: c.LastName, Phones: c.Phones, Emails: c.Emails, Addresses: c.Addresses})
		s.leave(inner)
	}
	if r.LegalURL != "" {
		party.Identifiers = append(party.Identifiers, referral.Identifier{
			Kind: referral.IDURL, Value: r.LegalURL, Use: "Legal", Path: s.path("legalURL", 0)})
	}
	s.addReporter(party)
}

func (s *submission) addReporter(p referral.Party) {
	if p.Name != (referral.Name{}) || p.Age > 0 || p.Born != "" || len(p.Identifiers)+len(p.Addresses) > 0 {
		s.d.Parties = append(s.d.Parties, p)
	}
}
