package assess

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// A sighting is an address of the draft and whose it is.
type sighting struct {
	addr  netip.Addr
	to    *answer
	who   who
	proxy bool
	port  bool
}

// address places an IP address, or says why it can't be used.
func (h *hearing) address(to *answer, w who, percent int, id *referral.Identifier) {
	a, ok := parseIP(id.Value)
	if !ok {
		h.cannot("Addresses that could not be read: {n}.")
		return
	}
	h.seen = append(h.seen, sighting{addr: a, to: to, who: w, proxy: id.Proxy == referral.True, port: id.Port > 0})
	if id.Proxy == referral.True {
		h.cannot("Addresses behind a proxy, as the source says: {n}.")
		return
	}
	rule := evHostingIP
	if to != &h.hosting {
		rule = h.ipRule(id)
	}
	loc, ok := h.locate(a, id.Port > 0)
	if !ok {
		return
	}
	if c := h.country(loc.Country); c != nil {
		cl := clue{rule: rule, who: w, country: c, percent: percent, registered: loc.Registered, base: loc.Base.Name}
		if loc.Registered {
			cl.percent = cl.percent * h.rules.RegisteredPercent / 100
		}
		to.add(cl)
	}
	if loc.Represented != "" && loc.Represented != loc.Country && to != &h.hosting {
		if c := h.country(loc.Represented); c != nil {
			to.add(clue{rule: evRepresented, who: w, country: c, percent: percent, base: loc.Base.Name})
		}
	}
}

// ipRule is the row of H.3 for an address of a person.
func (h *hearing) ipRule(id *referral.Identifier) string {
	event := wireName(id.Event)
	switch {
	case event == "registration":
		return evIPRegistration
	case id.At.IsZero():
		return evIPUndated
	case event == "upload" || event == "login":
		if h.nearEvent(id.At) {
			return evIPEvent
		}
	}
	return evIPDated
}

func (h *hearing) nearEvent(at time.Time) bool {
	days := time.Duration(h.rules.EventDays) * 24 * time.Hour
	i, _ := slices.BinarySearchFunc(h.events, at.Add(-days), time.Time.Compare)
	return i < len(h.events) && !h.events[i].After(at.Add(days))
}

// locate asks the databases about an address that can be used at all.
func (h *hearing) locate(a netip.Addr, port bool) (Located, bool) {
	class := classOf(a)
	switch {
	case class == ipLocal:
		h.cannot("Private, local or reserved addresses: {n}.")
		return Located{}, false
	case class == ipShared && !port:
		h.cannot("Addresses of carrier-grade NAT (100.64.0.0/10) without a port: {n}.")
		return Located{}, false
	}
	if h.geo != nil {
		if loc, ok := h.geo.Locate(a); ok {
			if !slices.Contains(h.bases, loc.Base) {
				h.bases = append(h.bases, loc.Base)
			}
			if loc.Country != "" {
				return loc, true
			}
		}
	}
	switch {
	case class == ipDocumentation:
		h.cannot("Addresses from ranges that exist for documentation: {n}.")
	case h.geo == nil:
		h.cannot("Addresses that were not placed because the desk has no address database: {n}.")
	default:
		h.cannot("Addresses that no database places: {n}.")
	}
	return Located{}, false
}

// lookup takes what the source's own systems say about an address.
func (h *hearing) lookup(l *referral.Lookup) {
	if strings.TrimSpace(l.Country) == "" {
		return
	}
	a, ok := parseIP(l.IP)
	if !ok {
		h.cannot("Addresses that could not be read: {n}.")
		return
	}
	seen := h.sighted(a)
	if seen >= 0 && h.seen[seen].proxy {
		return // its reason is given already
	}
	port := seen >= 0 && h.seen[seen].port
	class := classOf(a)
	if class == ipLocal || class == ipShared && !port || class == ipDocumentation {
		// The source places what cannot be placed. A documentation range is
		// believed where the desk's own databases know it: demos and tests use them.
		if _, ok := h.locate(a, port); !ok {
			return
		}
	}
	to, w := h.about(l.About, seen)
	if to == nil {
		h.cannot("Lookups of the source that do not say whose address it is: {n}.")
		return
	}
	rule := evLookup
	if to == &h.hosting {
		rule = evHostingLookup
	}
	h.stated(to, rule, w, 100, l.Country)
}

// sighted is the index of the address in seen, -1 where the rest of the
// report does not have it. Proxy and port count for all sightings of it.
func (h *hearing) sighted(a netip.Addr) int {
	if h.byAddr == nil {
		h.byAddr = make(map[netip.Addr]int, len(h.seen))
		for i, s := range h.seen {
			if j, ok := h.byAddr[s.addr]; ok {
				h.seen[j].proxy = h.seen[j].proxy || s.proxy
				h.seen[j].port = h.seen[j].port || s.port
				continue
			}
			h.byAddr[s.addr] = i
		}
	}
	if i, ok := h.byAddr[a]; ok {
		return i
	}
	return -1
}

// about says whose address a lookup is about: as it states, else as the rest of the report has it.
func (h *hearing) about(role referral.Role, seen int) (*answer, who) {
	switch role {
	case referral.RoleReported:
		return &h.suspect, whoReported
	case referral.RoleVictim:
		return &h.victim, whoChild
	case referral.RoleRecipient:
		if h.contact {
			return &h.victim, whoRecipient
		}
	case "":
		if seen >= 0 {
			return h.seen[seen].to, h.seen[seen].who
		}
		if slices.ContainsFunc(h.d.Places, func(p referral.Place) bool { return p.Kind == referral.PlaceWeb }) {
			return &h.hosting, whoScene
		}
	}
	return nil, 0
}
