package assess

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// A hearing goes through the draft once and sorts every fact that may point
// at a country into three answers, or says why it points nowhere.
type hearing struct {
	d        *referral.Draft
	rules    *Rules
	geo      Locator
	contact  bool // the recipient is, as a rule, the child
	suspect  answer
	victim   answer
	hosting  answer
	events   []time.Time
	seen     []sighting
	byAddr   map[netip.Addr]int // index into seen, made for the first lookup
	bases    []referral.Base
	unusable []reason
}

// maxSharing is the number of countries up to which a shared calling code says anything.
const maxSharing = 5

// A reason says why facts of one sort point nowhere, and how many they are.
type reason struct {
	text  string // with {n}
	times int
}

// judgeCountries answers where the suspect is, where the child is and where
// it is hosted, each with its evidence, and who is to be told (formats.md H.3).
func judgeCountries(d *referral.Draft, kinds []referral.Kind, geo Locator, r *Rules) (referral.Countries, []referral.Base) {
	h := hearing{d: d, rules: r, geo: geo, contact: anyOf(kinds, contactKinds)}
	h.suspect.rules, h.victim.rules, h.hosting.rules = r, r, r
	for _, m := range d.Times {
		if m.Kind == referral.MomentIncident && !m.UTC.IsZero() {
			h.events = append(h.events, m.UTC)
		}
	}
	for i := range d.Files {
		if at := d.Files[i].Uploaded; !at.IsZero() {
			h.events = append(h.events, at)
		}
	}
	slices.SortFunc(h.events, time.Time.Compare)
	for i := range d.Parties {
		h.party(i)
	}
	for i := range d.Files {
		for j := range d.Files[i].Identifiers {
			h.identifier(&h.suspect, whoReported, 100, &d.Files[i].Identifiers[j])
		}
	}
	for i := range d.Places {
		h.place(&d.Places[i])
	}
	for i := range d.Lookups {
		h.lookup(&d.Lookups[i])
	}
	for _, l := range d.Law {
		h.stated(&h.suspect, evExistingCase, whoReported, 100, l.Country)
	}
	return h.close(), h.bases
}

// side says which answer a party's facts belong to; nil for none.
func (h *hearing) side(i int) (*answer, who, int) {
	p := &h.d.Parties[i]
	switch p.Role {
	case referral.RoleReported:
		return &h.suspect, whoReported, 100
	case referral.RoleVictim:
		return &h.victim, whoChild, 100
	case referral.RoleRecipient:
		if h.contact {
			return &h.victim, whoRecipient, h.rules.RecipientPercent
		}
	case referral.RoleAssociated:
		if p.Of >= 1 && p.Of <= len(h.d.Parties) {
			switch h.d.Parties[p.Of-1].Role {
			case referral.RoleVictim:
				return &h.victim, whoTiedChild, h.rules.AssociatedPercent
			case referral.RoleReported:
			default:
				return nil, 0, 0
			}
		}
		return &h.suspect, whoTied, h.rules.AssociatedPercent
	}
	return nil, 0, 0
}

func (h *hearing) party(i int) {
	to, w, percent := h.side(i)
	if to == nil {
		return
	}
	p := &h.d.Parties[i]
	for j := range p.Addresses {
		rule := evAddressOther
		switch wireName(p.Addresses[j].Use) {
		case "", "home", "residence":
			rule = evResidence
		}
		h.stated(to, rule, w, percent, p.Addresses[j].Country)
	}
	for j := range p.Estimates {
		rule := evEstimate
		if p.Estimates[j].Verified == referral.True {
			rule = evEstimateVerified
		}
		h.stated(to, rule, w, percent, p.Estimates[j].Country)
	}
	for j := range p.Identifiers {
		h.identifier(to, w, percent, &p.Identifiers[j])
	}
}

func (h *hearing) place(p *referral.Place) {
	for j := range p.Addresses {
		h.stated(&h.suspect, evScene, whoScene, 100, p.Addresses[j].Country)
		h.stated(&h.victim, evScene, whoScene, 100, p.Addresses[j].Country)
	}
	h.stated(&h.hosting, evHosting, whoScene, 100, p.Hosting)
	h.stated(&h.hosting, evApparent, whoScene, 100, p.Apparent)
	for j := range p.Identifiers {
		id := &p.Identifiers[j]
		if id.Kind != referral.IDIP {
			continue
		}
		if p.Kind == referral.PlaceP2P { // the address that was seen offering the files
			h.identifier(&h.suspect, whoReported, 100, id)
			continue
		}
		h.identifier(&h.hosting, whoScene, 100, id)
	}
}

// stated takes a country as a source wrote it.
func (h *hearing) stated(to *answer, rule string, w who, percent int, text string) {
	if text == "" {
		return
	}
	if c := h.country(text); c != nil {
		to.add(clue{rule: rule, who: w, country: c, percent: percent})
	}
}

func (h *hearing) country(text string) *country {
	c, code := countryOf(text)
	switch {
	case c != nil:
		return c
	case code != "":
		h.cannot("The code " + code + " stands for " + noCountry[code] + " and not for a country: {n}.")
	case strings.TrimSpace(text) != "":
		h.cannot("Stated countries that could not be read: {n}.")
	}
	return nil
}

func (h *hearing) identifier(to *answer, w who, percent int, id *referral.Identifier) {
	if id.Mentioned {
		return // mentioned is not "belongs to"
	}
	switch id.Kind {
	case referral.IDPhone:
		rule := evPhone
		if id.Verified == referral.True {
			rule = evPhoneVerified
		}
		cs, shared, numbered := phoneCountries(id)
		if numbered {
			percent = percent * h.rules.AreaPercent / 100
		}
		if len(cs) > maxSharing {
			h.cannot("Phone numbers with a calling code that too many countries share, and no area code that decides: {n}.")
			return
		}
		for _, c := range cs {
			to.add(clue{rule: rule, who: w, country: c, percent: percent, shared: shared, numbered: numbered})
		}
	case referral.IDEmail:
		if c := mailCountry(id.Value); c != nil {
			to.add(clue{rule: evMailDomain, who: w, country: c, percent: percent})
		}
	case referral.IDIP:
		h.address(to, w, percent, id)
	}
}

// cannot counts a fact that points nowhere.
func (h *hearing) cannot(text string) {
	for i := range h.unusable {
		if h.unusable[i].text == text {
			h.unusable[i].times++
			return
		}
	}
	h.unusable = append(h.unusable, reason{text, 1})
}

func (h *hearing) close() referral.Countries {
	c := referral.Countries{Suspect: h.suspect.findings(), Victim: h.victim.findings(), Hosting: h.hosting.findings()}
	told := append(strongest(c.Suspect, h.rules), strongest(c.Victim, h.rules)...)
	slices.SortFunc(told, func(x, y referral.CountryFinding) int {
		return cmp.Or(cmp.Compare(y.Strength, x.Strength), cmp.Compare(x.Country, y.Country))
	})
	for _, f := range told {
		if !slices.Contains(c.Concerned, f.Country) {
			c.Concerned = append(c.Concerned, f.Country)
		}
	}
	slices.SortFunc(h.unusable, func(a, b reason) int { return cmp.Compare(a.text, b.text) })
	switch {
	case len(c.Concerned) > 0:
	case len(c.Suspect)+len(c.Victim) > 0:
		c.Unusable = append(c.Unusable, "What evidence there is only hints at countries: none is told on that alone.")
	default:
		c.Unusable = append(c.Unusable, "No usable evidence points at the country of a suspect or a child.")
	}
	for _, r := range h.unusable {
		c.Unusable = append(c.Unusable, strings.Replace(r.text, "{n}", strconv.Itoa(r.times), 1))
	}
	slices.SortFunc(h.bases, func(a, b referral.Base) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Built, b.Built))
	})
	return c
}

// strongest is the best finding and all that tie with it: never a silent guess.
func strongest(fs []referral.CountryFinding, r *Rules) []referral.CountryFinding {
	if len(fs) == 0 || fs[0].Strength < r.Floor {
		return nil
	}
	n := 1
	for n < len(fs) && fs[n].Strength >= max(fs[0].Strength-r.TieMargin, r.Floor) {
		n++
	}
	return slices.Clone(fs[:n])
}
