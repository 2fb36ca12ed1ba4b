package fromcybertip

import (
	"cmp"
	"strconv"
	"strings"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

func (s *submission) reported(a *cybertip.PersonOrUserReported, n int) {
	back := s.enter("personOrUserReported", n)
	defer s.leave(back)
	p := referral.Party{Role: referral.RoleReported, ThirdParty: triOf(a.ThirdParty), Group: a.GroupIdentifier}
	s.account(&p, &a.Account, "personOrUserReportedPerson")
	s.d.Parties = append(s.d.Parties, p)
	s.text("vehicleDescription", 0, a.Vehicle)
	s.associated(a.Associated)
	s.text("additionalInfo", 0, a.AdditionalInfo)
}

func (s *submission) recipient(a *cybertip.IntendedRecipient, n int) {
	back := s.enter("intendedRecipient", n)
	defer s.leave(back)
	p := referral.Party{Role: referral.RoleRecipient, Group: a.GroupIdentifier}
	s.account(&p, &a.Account, "intendedRecipientPerson")
	s.d.Parties = append(s.d.Parties, p)
	for i, text := range a.AdditionalInfo {
		s.text("additionalInfo", i+1, text)
	}
}

func (s *submission) victim(a *cybertip.Victim, n int) {
	back := s.enter("victim", n)
	defer s.leave(back)
	p := referral.Party{Role: referral.RoleVictim}
	s.account(&p, &a.Account, "victimPerson")
	s.d.Parties = append(s.d.Parties, p)
	s.associated(a.Associated)
	s.text("additionalInfo", 0, a.AdditionalInfo)
}

// account takes what the three kinds of parties have in common.
func (s *submission) account(p *referral.Party, a *cybertip.Account, person string) {
	p.Service = a.ESPService
	p.Compromised = triOf(a.Compromised)
	p.Disabled, p.Notified = disabled(a.TemporarilyDisabled, a.PermanentlyDisabled)
	p.Prior = priorIDs(a.PriorReports)
	n := len(a.DisplayNames) + len(a.ProfileURLs) + len(a.IPCaptures) + len(a.Devices) + 2
	if a.Person != nil {
		n += len(a.Person.Phones) + len(a.Person.Emails)
	}
	p.Identifiers = make([]referral.Identifier, 0, n)
	if a.Person != nil {
		back := s.enter(person, 0)
		s.person(p, a.Person)
		s.leave(back)
	}
	scope := a.ESPService
	if scope == "" && p.ThirdParty != referral.True { // an account elsewhere is not the provider's
		scope = s.provider.Name
	}
	s.names(p, scope, a.ESPIdentifier, a.ScreenName, a.DisplayNames, a.ProfileURLs, a.ProfileBio)
	s.captures(p, a.IPCaptures, a.Devices)
	if l := a.Location; l != nil {
		e := referral.Estimate{City: l.City, Region: l.Region, Country: countryCode(l.CountryCode),
			Verified: triOf(l.Verified), At: utc(l.Timestamp)}
		if e.City+e.Region+e.Country != "" {
			back := s.enter("estimatedLocation", 0)
			e.Path = s.here()
			s.leave(back)
			p.Estimates = []referral.Estimate{e}
		}
	}
}

// associated adds accounts tied to the party that was added last.
func (s *submission) associated(as []cybertip.AssociatedAccount) {
	of := len(s.d.Parties)
	for i := range as {
		a := &as[i]
		back := s.enter("associatedAccount", i+1)
		p := referral.Party{
			Role: referral.RoleAssociated, Of: of, Type: string(a.Type),
			Name:        referral.Name{First: a.FirstName, Middle: a.MiddleName, Last: a.LastName},
			Age:         within(a.ApproximateAge, 0, 150),
			Born:        dayOf(a.DateOfBirth),
			Prior:       priorIDs(a.PriorReports),
			Group:       a.GroupIdentifier,
			Compromised: triOf(a.Compromised),
		}
		p.Disabled, p.Notified = disabled(a.TemporarilyDisabled, a.PermanentlyDisabled)
		p.Service = a.ESPService
		if a.Platform != nil {
			p.ThirdParty = triOf(a.Platform.ThirdPartyUser)
			p.Service = cmp.Or(p.Service, a.Platform.Name)
		}
		scope := p.Service
		if scope == "" && p.ThirdParty != referral.True {
			scope = s.provider.Name
		}
		s.contacts(&p, a.Phones, a.Emails, a.Addresses)
		s.names(&p, scope, a.ESPIdentifier, a.ScreenName, a.DisplayNames, a.ProfileURLs, a.ProfileBio)
		s.captures(&p, a.IPCaptures, a.Devices)
		s.d.Parties = append(s.d.Parties, p)
		s.text("additionalInfo", 0, a.AdditionalInfo)
		s.leave(back)
	}
}

func (s *submission) person(p *referral.Party, a *cybertip.Person) {
	p.Name = referral.Name{First: a.FirstName, Last: a.LastName}
	p.Age = within(a.Age, 0, 150)
	p.Born = dayOf(a.DateOfBirth)
	s.contacts(p, a.Phones, a.Emails, a.Addresses)
}

func (s *submission) contacts(p *referral.Party, phones []cybertip.Phone, emails []cybertip.Email, addresses []cybertip.Address) {
	for i := range phones {
		s.phone(&p.Identifiers, "phone", i+1, &phones[i])
	}
	for i := range emails {
		s.email(&p.Identifiers, "email", i+1, &emails[i])
	}
	for i := range addresses {
		s.address(&p.Addresses, "address", i+1, &addresses[i])
	}
}

func (s *submission) phone(to *[]referral.Identifier, name string, n int, a *cybertip.Phone) {
	if a.Number != "" {
		*to = append(*to, referral.Identifier{Kind: referral.IDPhone, Value: a.Number, Calling: a.CallingCode,
			Verified: triOf(a.Verified), Use: string(a.Type), Path: s.path(name, n)})
	}
}

func (s *submission) email(to *[]referral.Identifier, name string, n int, a *cybertip.Email) {
	if a.Address != "" {
		*to = append(*to, referral.Identifier{Kind: referral.IDEmail, Value: a.Address,
			Verified: triOf(a.Verified), Use: string(a.Type), Path: s.path(name, n)})
	}
}

func (s *submission) address(to *[]referral.Address, name string, n int, a *cybertip.Address) {
	v := referral.Address{Use: string(a.Type), Street: a.Street, City: a.City, Postal: a.ZipCode,
		Region: cmp.Or(a.State, a.NonUSState), Country: countryCode(a.Country)}
	if v.Street+v.City+v.Postal+v.Region+v.Country != "" {
		back := s.enter(name, n)
		v.Path = s.here()
		s.leave(back)
		*to = append(*to, v)
	}
}

// names takes the account's names and addresses. A display name is chosen
// freely and shared by many, so it counts as mentioned beside the account.
func (s *submission) names(p *referral.Party, scope, id, screen string, display, urls []string, bio string) {
	add := func(v referral.Identifier, name string, n int) {
		if v.Value != "" {
			v.Path = s.path(name, n)
			p.Identifiers = append(p.Identifiers, v)
		}
	}
	add(referral.Identifier{Kind: referral.IDAccount, Value: id, Scope: scope}, "espIdentifier", 0)
	add(referral.Identifier{Kind: referral.IDScreen, Value: screen, Scope: scope}, "screenName", 0)
	for i, v := range display {
		add(referral.Identifier{Kind: referral.IDScreen, Value: v, Scope: scope, Use: useDisplay, Mentioned: true}, "displayName", i+1)
	}
	for i, v := range urls {
		add(referral.Identifier{Kind: referral.IDURL, Value: v, Use: useProfile}, "profileUrl", i+1)
	}
	s.text("profileBio", 0, bio)
}

// Uses of identifiers for which NCMEC has no type.
const (
	useDisplay = "Display"
	useProfile = "Profile"
)

func (s *submission) captures(p *referral.Party, ips []cybertip.IPCapture, devices []cybertip.Device) {
	for i := range ips {
		s.ip(&p.Identifiers, i+1, &ips[i])
	}
	for i := range devices {
		s.device(&p.Identifiers, i+1, &devices[i])
	}
}

// ip takes an ipCaptureEvent; n is 0 where there is one at most.
func (t *trail) ip(to *[]referral.Identifier, n int, c *cybertip.IPCapture) {
	if c.Address == "" {
		return
	}
	back := t.enter("ipCaptureEvent", n)
	*to = append(*to, referral.Identifier{Kind: referral.IDIP, Value: c.Address, Event: event(c.Event), At: utc(c.Time),
		Proxy: triOf(c.PossibleProxy), Port: within(c.Port, 1, 65535), Path: t.path("ipAddress", 0)})
	t.leave(back)
}

func (t *trail) device(to *[]referral.Identifier, n int, c *cybertip.Device) {
	if c.ID == "" {
		return
	}
	back := t.enter("deviceId", n)
	*to = append(*to, referral.Identifier{Kind: referral.IDDevice, Value: c.ID, Scope: c.IDType, Event: event(c.Event),
		At: utc(c.Time), Path: t.path("idValue", 0)})
	t.leave(back)
}

func event(n cybertip.EventName) string {
	switch n {
	case "":
		return ""
	case cybertip.EventLogin:
		return "login"
	case cybertip.EventUpload:
		return "upload"
	}
	return strings.ToLower(string(n))
}

// disabled says whether an account was closed by either measure, and whether
// its holder was told of either.
func disabled(temporarily, permanently *cybertip.Disabled) (closed, notified referral.Tri) {
	for _, d := range []*cybertip.Disabled{temporarily, permanently} {
		if d != nil {
			closed = either(closed, triOf(d.Disabled))
			notified = either(notified, triOf(d.UserNotified))
		}
	}
	return closed, notified
}

func priorIDs(ids []int64) []string {
	if len(ids) == 0 {
		return nil
	}
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = strconv.FormatInt(id, 10)
	}
	return out
}
