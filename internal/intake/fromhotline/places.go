package fromhotline

import (
	"strings"

	"lapwing/internal/referral"
)

// place takes in one entry of report/where: an address, or an app with a user
// name, or a place on the ground.
func (r *reader) place(n *node) {
	if !r.object(n) {
		return
	}
	p := referral.Place{ThirdParty: r.tri(n.get("third_party"))}
	kind := n.get("kind")
	switch k := referral.PlaceKind(plain(r.word(kind))); k {
	case "", referral.PlaceWeb, referral.PlaceEmail, referral.PlaceNewsgroup, referral.PlaceChat, referral.PlaceGame,
		referral.PlacePhone, referral.PlaceP2P, referral.PlaceOffline, referral.PlaceOther:
		p.Kind = k
	default:
		r.bad(kind, "a place is one of web, email, newsgroup, chat, game, phone, p2p, offline, other")
	}
	p.Name = r.word(n.get("app"))
	if name := r.word(n.get("name")); p.Name == "" {
		p.Name = name
	} else if name != "" {
		p.Name += ", " + name
	}
	for u := range r.list(n.get("url")) {
		if s := r.word(u); s != "" {
			p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: referral.IDURL, Value: s, Path: u.path})
		}
	}
	// Whose account it is the form does not ask: it may be the child's own.
	for u := range r.list(n.get("user")) {
		if s := r.word(u); s != "" {
			p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: referral.IDScreen, Value: s,
				Scope: r.word(n.get("app")), Mentioned: true, Path: u.path})
		}
	}
	p.Identifiers = append(p.Identifiers, r.identifiers(n.get("identifiers"), r.word(n.get("app")))...)
	p.Addresses = r.addresses(n.get("address"))
	r.note(n.get("note"))
	if p.Kind == "" {
		switch {
		case len(p.Identifiers) > 0 && p.Identifiers[0].Kind == referral.IDURL:
			p.Kind = referral.PlaceWeb
		case len(p.Addresses) > 0:
			p.Kind = referral.PlaceOffline
		default:
			p.Kind = referral.PlaceOther
		}
	}
	if p.Name != "" || len(p.Identifiers) > 0 || len(p.Addresses) > 0 {
		r.d.Places = append(r.d.Places, p)
	}
}

// hosting adds where an item lies to the place that has the item's address.
// Hosting country and apparent country stay apart: the first is for takedown
// only, the second is a hint at a child or a suspect (formats.md B.5).
func (r *reader) hosting(item *node, url *referral.Identifier) {
	h := r.sub(item, "hosting")
	apparent := r.country(item.get("apparent_country"))
	country := r.country(h.get("country"))
	ip := h.get("ip")
	addr := r.word(ip)
	holder := r.word(h.get("provider"))
	r.word(h.get("registrar"))
	at, _, _ := r.time(h.get("checked_at"))
	if cdn := r.word(h.get("cdn")); cdn != "" && !strings.EqualFold(cdn, "false") && !strings.EqualFold(cdn, "no") {
		r.d.Flags = append(r.d.Flags, "cdn")
	}
	r.note(h.get("note"))
	if addr != "" {
		r.d.Lookups = append(r.d.Lookups, referral.Lookup{IP: addr, Country: country, Holder: holder, Path: ip.path})
	}
	if url == nil && addr == "" && country == "" && apparent == "" {
		return
	}
	p := r.placeOf(url)
	if addr != "" {
		p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: referral.IDIP, Value: addr, Use: "Hosting", At: at, Path: ip.path})
	}
	if p.Hosting == "" {
		p.Hosting = country
	}
	if p.Apparent == "" {
		p.Apparent = apparent
	}
}

// placeOf is the place with the address, a new one where there is none yet.
func (r *reader) placeOf(url *referral.Identifier) *referral.Place {
	places := &r.d.Places
	if url != nil {
		for i := range *places {
			for _, id := range (*places)[i].Identifiers {
				if id.Kind == referral.IDURL && id.Value == url.Value {
					return &(*places)[i]
				}
			}
		}
	}
	p := referral.Place{Kind: referral.PlaceWeb}
	if url != nil {
		p.Identifiers = []referral.Identifier{*url}
	}
	*places = append(*places, p)
	return &(*places)[len(*places)-1]
}

func (r *reader) addresses(n *node) []referral.Address {
	var as []referral.Address
	for a := range r.list(n) {
		if !r.object(a) {
			continue
		}
		v := referral.Address{
			Use:     r.word(a.get("use")),
			Street:  r.word(a.get("street")),
			City:    r.word(a.get("city")),
			Postal:  r.word(a.get("postal")),
			Region:  r.word(a.get("region")),
			Country: r.country(a.get("country")),
		}
		if v != (referral.Address{}) {
			v.Path = a.path
			as = append(as, v)
		}
	}
	return as
}
