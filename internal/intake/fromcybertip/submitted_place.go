package fromcybertip

import (
	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// places takes where it happened. An element that wrongly holds several
// variants becomes as many places.
func (s *submission) places(all []cybertip.InternetDetails) {
	if len(all) > 0 {
		s.d.Places = make([]referral.Place, 0, len(all))
	}
	for i := range all {
		back := s.enter("internetDetails", i+1)
		s.place(&all[i])
		s.leave(back)
	}
}

func (s *submission) place(a *cybertip.InternetDetails) {
	if v := a.WebPage; v != nil {
		p := referral.Place{Kind: referral.PlaceWeb, ThirdParty: triOf(v.ThirdPartyHosted)}
		s.variant("webPageIncident", &p, "", v.AdditionalInfo, func() {
			for i, u := range v.URLs {
				if u != "" {
					p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: referral.IDURL, Value: u, Path: s.path("url", i+1)})
				}
			}
		})
	}
	if v := a.Email; v != nil {
		p := referral.Place{Kind: referral.PlaceEmail}
		s.variant("emailIncident", &p, v.Content, v.AdditionalInfo, func() { s.emails(&p, v.Emails) })
	}
	if v := a.Newsgroup; v != nil {
		p := referral.Place{Kind: referral.PlaceNewsgroup, Name: v.Name}
		s.variant("newsgroupIncident", &p, v.Content, v.AdditionalInfo, func() { s.emails(&p, v.Emails) })
	}
	if v := a.Chat; v != nil {
		p := referral.Place{Kind: referral.PlaceChat, Name: both(v.Client, v.Room)}
		s.variant("chatImIncident", &p, v.Content, v.AdditionalInfo, nil)
	}
	if v := a.Gaming; v != nil {
		p := referral.Place{Kind: referral.PlaceGame, Name: both(v.Game, v.Console)}
		s.variant("onlineGamingIncident", &p, v.Content, v.AdditionalInfo, nil)
	}
	if v := a.CellPhone; v != nil {
		p := referral.Place{Kind: referral.PlacePhone}
		s.variant("cellPhoneIncident", &p, "", v.AdditionalInfo, func() {
			if v.Phone != nil {
				s.phone(&p.Identifiers, "phoneNumber", 0, v.Phone)
			}
		})
	}
	if v := a.NonInternet; v != nil {
		p := referral.Place{Kind: referral.PlaceOffline, Name: v.Location}
		s.variant("nonInternetIncident", &p, "", v.AdditionalInfo, func() {
			for i := range v.Addresses {
				s.address(&p.Addresses, "incidentAddress", i+1, &v.Addresses[i])
			}
		})
	}
	if v := a.PeerToPeer; v != nil {
		p := referral.Place{Kind: referral.PlaceP2P, Name: v.Client}
		s.variant("peer2peerIncident", &p, "", v.AdditionalInfo, func() {
			for i := range v.IPCaptures {
				s.ip(&p.Identifiers, i+1, &v.IPCaptures[i])
			}
			s.text("fileNames", 0, v.FileNames) // names that people give to files describe them
		})
	}
}

// variant adds a place with what fill adds to it, and its texts.
func (s *submission) variant(name string, p *referral.Place, content, info string, fill func()) {
	back := s.enter(name, 0)
	if fill != nil {
		fill()
	}
	s.text("content", 0, content)
	s.text("additionalInfo", 0, info)
	s.leave(back)
	s.d.Places = append(s.d.Places, *p)
}

func (s *submission) emails(p *referral.Place, all []cybertip.Email) {
	for i := range all {
		s.email(&p.Identifiers, "emailAddress", i+1, &all[i])
	}
}

func both(a, b string) string {
	if a != "" && b != "" {
		return a + ", " + b
	}
	return a + b
}
