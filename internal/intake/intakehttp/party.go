package intakehttp

import (
	"strconv"
	"strings"

	"lapwing/internal/referral"
)

// A party is a person or account as the page shows it: what is said about it
// in the open, what names it folded.
type party struct {
	*referral.Party
	Title       string
	Facts       []fact
	Identifiers part[referral.Identifier]
	Holds       string // what is folded
}

// A fact is something stated about a party or file.
type fact struct{ Label, Value string }

func describeParty(d *referral.Draft, i int, x *referral.Party) party {
	p := party{Party: x, Title: word(roleWords, x.Role) + number1(d, i), Identifiers: first(maxItems, x.Identifiers)}
	add := func(label, value string) {
		if value != "" {
			p.Facts = append(p.Facts, fact{label, value})
		}
	}
	if x.Role == referral.RoleAssociated && x.Of >= 1 && x.Of <= len(d.Parties) {
		of := &d.Parties[x.Of-1]
		add("Belongs to", word(roleWords, of.Role)+number1(d, x.Of-1))
	}
	add("Sort of account", accountWords[letters(x.Type)])
	add("Service", x.Service)
	if x.Age > 0 {
		add("Stated age", strconv.Itoa(x.Age))
	}
	for _, t := range []struct {
		label string
		is    referral.Tri
	}{
		{"Knows of the measure or report", x.Notified},
		{"Account taken over by somebody else", x.Compromised},
		{"Has access to a child", x.Access},
		{"Account is at another company", x.ThirdParty},
		{"Account was disabled", x.Disabled},
	} {
		if t.is != referral.Unknown {
			add(t.label, t.is.String())
		}
	}
	if len(x.Prior) > 0 {
		add("Earlier reports at the source", count(len(x.Prior)))
	}
	p.Holds = named(x.Name != (referral.Name{}) || x.Born != "" || x.Group != "", len(x.Identifiers), len(x.Addresses), len(x.Estimates))
	if p.Holds == "" && len(x.Prior) > 0 {
		p.Holds = "report numbers"
	}
	return p
}

// accountWords are the sorts of associated accounts (formats.md A.5).
var accountWords = map[string]string{
	"billing": "billing", "linked": "linked", "business": "business", "creator": "creator",
	"parentguardian": "parent or guardian", "other": "other",
}

// number1 tells parties of one role apart: " 2", or nothing where there is one.
func number1(d *referral.Draft, i int) string {
	n, at := 0, 0
	for j := range d.Parties {
		if d.Parties[j].Role == d.Parties[i].Role {
			n++
		}
		if j == i {
			at = n
		}
	}
	if n < 2 {
		return ""
	}
	return " " + strconv.Itoa(at)
}

// FullName is the name as the source gives it.
func (p party) FullName() string {
	return strings.Join(strings.Fields(p.Name.First+" "+p.Name.Middle+" "+p.Name.Last), " ")
}

// named says what is folded: "name, 3 identifiers, 1 address".
func named(name bool, identifiers, addresses, estimates int) string {
	var s []string
	if name {
		s = append(s, "name")
	}
	if identifiers > 0 {
		s = append(s, of(identifiers, "identifier", "identifiers"))
	}
	if addresses > 0 {
		s = append(s, of(addresses, "address", "addresses"))
	}
	if estimates > 0 {
		s = append(s, of(estimates, "estimated location", "estimated locations"))
	}
	return strings.Join(s, ", ")
}

// A place is where it happened, as the page shows it.
type place struct {
	*referral.Place
	Title       string
	Identifiers part[referral.Identifier]
	Holds       string
}

// identifierNotes is what is known of an identifier besides its value. Words
// of the source in it are foreign.
func identifierNotes(x referral.Identifier) []string {
	var s []string
	add := func(ok bool, text string) {
		if ok {
			s = append(s, text)
		}
	}
	add(x.Mentioned, "only mentioned, not stated as theirs")
	add(x.Verified == referral.True, "verified")
	add(x.Verified == referral.False, "not verified")
	add(x.Event != "", x.Event)
	add(x.Proxy == referral.True, "possibly a proxy")
	add(x.Proxy == referral.False, "not a proxy, as the source says")
	if x.Port != 0 {
		add(true, "port "+strconv.Itoa(x.Port))
	} else if x.Kind == referral.IDIP {
		add(true, "no port stated")
	}
	add(x.Calling != "", "calling code "+x.Calling)
	add(x.Use != "", strings.ToLower(x.Use))
	switch {
	case x.Scope == "":
	case x.Kind == referral.IDDevice:
		add(true, x.Scope)
	default:
		add(true, "at "+x.Scope)
	}
	return s
}
