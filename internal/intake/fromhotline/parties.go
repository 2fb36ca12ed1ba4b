package fromhotline

import (
	"strings"

	"lapwing/internal/referral"
)

// parties takes in the persons and accounts that the hotline names.
func (r *reader) parties(n *node) {
	at := map[int]int{} // position in the document's list to position in the draft's
	for p := range r.list(n) {
		if r.object(p) {
			r.party(p)
			at[int(p.pos)] = len(r.d.Parties)
		}
	}
	for i := range r.d.Parties {
		if p := &r.d.Parties[i]; p.Of > 0 {
			p.Of = at[p.Of] // 0 where there is no such party
		}
	}
}

func (r *reader) party(n *node) {
	p := referral.Party{
		Name:    referral.Name{First: r.word(n.get("first_name")), Middle: r.word(n.get("middle_name")), Last: r.word(n.get("last_name"))},
		Age:     r.number(n.get("age"), 0, 150),
		Born:    r.word(n.get("born")),
		Service: r.word(n.get("service")),
		Group:   r.word(n.get("group")),
		Prior:   r.words(n.get("previous_reports")),

		Compromised: r.tri(n.get("compromised")),
		ThirdParty:  r.tri(n.get("third_party")),
		Disabled:    r.tri(n.get("disabled")),
		Notified:    r.tri(n.get("notified")),
		Access:      r.tri(n.get("access_to_child")),
	}
	role := n.get("role")
	switch w := referral.Role(plain(r.word(role))); w {
	case referral.RoleReported, referral.RoleRecipient, referral.RoleVictim, referral.RoleAssociated, referral.RoleReporter:
		p.Role = w
	case "child":
		p.Role = referral.RoleVictim
	default:
		// Nobody becomes a suspect by a word that we do not know.
		p.Role = referral.RoleAssociated
		if role != nil {
			r.bad(role, "a role is one of reported, recipient, victim, associated, reporter; the party is taken in as associated")
		} else {
			r.warn(n, "the party has no role (reported, recipient, victim, associated, reporter) and is taken in as associated")
		}
	}
	typ := r.word(n.get("type"))
	of := r.number(n.get("of"), 1, 10000)
	if p.Role == referral.RoleAssociated {
		p.Type, p.Of = typ, of
	}
	p.Identifiers = r.identifiers(n.get("identifiers"), p.Service)
	p.Addresses = r.addresses(n.get("addresses"))
	p.Estimates = r.locations(n.get("locations"))
	r.note(n.get("note"))
	r.d.Parties = append(r.d.Parties, p)
}

// identifiers reads a list of identifiers; account and screen names belong to
// the service where they name none of their own.
func (r *reader) identifiers(n *node, service string) []referral.Identifier {
	var ids []referral.Identifier
	for i := range r.list(n) {
		if !r.object(i) {
			continue
		}
		kind, value := i.get("kind"), i.get("value")
		id := referral.Identifier{
			Kind:      referral.IdentifierKind(plain(r.word(kind))),
			Value:     r.word(value),
			Scope:     r.word(i.get("scope")),
			Mentioned: r.tri(i.get("mentioned")) == referral.True,
			Verified:  r.tri(i.get("verified")),
			Event:     strings.ToLower(r.word(i.get("event"))),
			Proxy:     r.tri(i.get("proxy")),
			Port:      r.number(i.get("port"), 1, 65535),
			Calling:   r.word(i.get("calling_code")),
			Use:       r.word(i.get("use")),
			Path:      i.path,
		}
		id.At, _, _ = r.time(i.get("at"))
		if id.Value == "" {
			continue
		}
		switch id.Kind {
		case referral.IDAccount, referral.IDScreen:
			if id.Scope == "" {
				id.Scope = service
			}
		case referral.IDEmail, referral.IDPhone, referral.IDIP, referral.IDDevice, referral.IDURL, referral.IDPayment:
		default:
			r.bad(value, "an identifier's kind is one of email, phone, account, screen, ip, device, url, payment")
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

func (r *reader) locations(n *node) []referral.Estimate {
	var es []referral.Estimate
	for l := range r.list(n) {
		if !r.object(l) {
			continue
		}
		e := referral.Estimate{
			City:     r.word(l.get("city")),
			Region:   r.word(l.get("region")),
			Country:  r.country(l.get("country")),
			Verified: r.tri(l.get("verified")),
		}
		e.At, _, _ = r.time(l.get("at"))
		if e != (referral.Estimate{}) {
			e.Path = l.path
			es = append(es, e)
		}
	}
	return es
}
