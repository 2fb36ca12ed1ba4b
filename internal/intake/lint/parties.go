package lint

import (
	"strings"
	"time"

	"lapwing/internal/referral"
)

// adult is the age from which nobody is a child (Directive 2011/93/EU, Art. 2).
const adult = 18

// oldest is the greatest age that is believed.
const oldest = 120

func (l *linter) parties() {
	for n, p := range l.d.Parties {
		path := at("parties", n)
		switch p.Role {
		case referral.RoleReported, referral.RoleRecipient, referral.RoleVictim, referral.RoleReporter:
		case referral.RoleAssociated:
			if p.Of < 0 || p.Of > len(l.d.Parties) || p.Of == n+1 {
				l.warn(path, "the account is tied to a party that the report does not have")
			}
		default:
			l.warn(path, "the party has no place in the report: reported, recipient, victim, associated or reporter")
		}
		l.age(path, p)
		for i, id := range p.Identifiers {
			path := or(id.Path, at(path+"/identifiers", i))
			l.identifier(path, id, p.Role != referral.RoleReporter)
			if p.Role == referral.RoleReporter && (id.Kind == referral.IDIP || id.Kind == referral.IDDevice) {
				l.warn(path, "the network address or device of whoever reported is not to be kept: its reader should have dropped it")
			}
		}
		for i, a := range p.Addresses {
			l.country(or(a.Path, at(path+"/addresses", i))+"/country", a.Country, nameAllowed)
		}
		for i, e := range p.Estimates {
			path := or(e.Path, at(path+"/estimates", i))
			l.country(path+"/country", e.Country, codeExpected)
			l.time(path, e.At)
		}
	}
}

func (l *linter) age(path string, p referral.Party) {
	switch {
	case p.Age < 0 || p.Age > oldest:
		l.warn(path+"/age", "nobody is of this age; leave it out where it is not known")
	case p.Role == referral.RoleVictim && p.Age >= adult:
		l.warn(path+"/age", "the child in the report is stated to be %d years old or more", adult)
	}
	if p.Born == "" {
		return
	}
	born, ok := birth(p.Born)
	switch {
	case !ok:
		l.warn(path+"/born", "the date of birth cannot be read: 2006-01-02 is expected, or year and month, or the year")
	case born.After(l.now):
		l.warn(path+"/born", "the date of birth lies in the future")
	case l.now.Year()-born.Year() > oldest:
		l.warn(path+"/born", "the date of birth lies more than %d years back", oldest)
	}
}

func birth(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
