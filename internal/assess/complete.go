package assess

import "lapwing/internal/referral"

var completenessCodes = []string{
	"account", "contact", "ip.full", "ip.timed", "ip.bare", "ip", "person", "country", "time", "time.zoneless", "files", "viewed", "victim",
}

// holdings is what there is to work with in a report.
type holdings struct {
	account, contact, person, victim bool
	ip                               string // the best of ip.full, ip.timed, ip.bare
}

// judgeCompleteness is how much there is to work with. It says nothing of how
// much is at stake: a thin report about a child in danger comes first all the same.
func judgeCompleteness(d *referral.Draft, a *referral.Assessment, r *Rules) referral.Score {
	s := scoring{rules: r.completeness, out: make([]referral.Factor, 0, 10)}
	h := holdingsOf(d)
	s.either(h.account, "account")
	s.either(h.contact, "contact")
	if h.ip != "" {
		s.add(h.ip, 0)
	} else {
		s.missing("ip")
	}
	s.either(h.person, "person")
	s.either(len(a.Jurisdiction.Concerned) > 0, "country")
	stated, zoned := false, false
	for _, m := range d.Times {
		if m.Kind == referral.MomentIncident && !m.UTC.IsZero() {
			stated, zoned = true, zoned || m.Zoned
		}
	}
	if stated && !zoned {
		s.add("time.zoneless", 0)
	} else {
		s.either(zoned, "time")
	}
	s.either(a.Media.Known+a.Media.Near+a.Media.New+a.Media.Benign > 0, "files")
	viewed := len(d.Files) > 0
	for i := range d.Files {
		viewed = viewed && d.Files[i].Viewed != referral.Unknown
	}
	s.either(viewed, "viewed")
	s.either(h.victim, "victim")
	return s.score()
}

// either counts the factor, or notes that it is missing.
func (s *scoring) either(have bool, code string) {
	if have {
		s.add(code, 0)
		return
	}
	s.missing(code)
}

func holdingsOf(d *referral.Draft) (h holdings) {
	for i := range d.Parties {
		p := &d.Parties[i]
		switch p.Role {
		case referral.RoleVictim:
			h.victim = h.victim || p.Name != (referral.Name{}) || p.Age > 0 || p.Born != "" || len(p.Identifiers)+len(p.Addresses) > 0
		case referral.RoleReported, referral.RoleAssociated:
			h.person = h.person || p.Name != (referral.Name{}) || len(p.Addresses) > 0
			h.take(p.Identifiers)
		}
	}
	for i := range d.Files {
		h.take(d.Files[i].Identifiers)
	}
	return h
}

func (h *holdings) take(ids []referral.Identifier) {
	for i := range ids {
		id := &ids[i]
		if id.Mentioned || id.Value == "" {
			continue
		}
		switch id.Kind {
		case referral.IDAccount, referral.IDScreen:
			h.account = true
		case referral.IDEmail, referral.IDPhone:
			h.contact = true
		case referral.IDIP:
			h.takeIP(id)
		}
	}
}

func (h *holdings) takeIP(id *referral.Identifier) {
	a, ok := parseIP(id.Value)
	if !ok || id.Proxy == referral.True {
		return
	}
	switch c := classOf(a); {
	case c == ipLocal, c == ipShared && id.Port == 0, h.ip == "ip.full":
	case !id.At.IsZero() && id.Port > 0:
		h.ip = "ip.full"
	case !id.At.IsZero():
		h.ip = "ip.timed"
	case h.ip == "":
		h.ip = "ip.bare"
	}
}
