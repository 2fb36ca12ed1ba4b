package assess

import (
	"cmp"
	"slices"
	"strconv"

	"lapwing/internal/referral"
)

// A who says whose fact a piece of evidence is, for its sentence.
type who int

const (
	whoReported who = iota
	whoTied
	whoChild
	whoTiedChild
	whoRecipient
	whoScene
	numWho
)

func (w who) String() string {
	return [...]string{
		"a reported person", "an account tied to a reported person", "a child", "an account tied to a child",
		"an intended recipient", "the incident",
	}[w]
}

func whoOf(role referral.Role) who {
	switch role {
	case referral.RoleVictim:
		return whoChild
	case referral.RoleRecipient:
		return whoRecipient
	case referral.RoleAssociated:
		return whoTied
	}
	return whoReported
}

// Codes of the evidence rules (formats.md H.3), in the order of their strength.
const (
	evResidence        = "residence"
	evPhoneVerified    = "phone-verified"
	evEstimateVerified = "estimate-verified"
	evScene            = "scene"
	evIPEvent          = "ip-event"
	evEstimate         = "estimate"
	evLookup           = "lookup"
	evIPDated          = "ip-dated"
	evIPRegistration   = "ip-registration"
	evAddressOther     = "address-other"
	evIPUndated        = "ip-undated"
	evPhone            = "phone"
	evRepresented      = "represented"
	evApparent         = "apparent"
	evExistingCase     = "existing-case"
	evMailDomain       = "mail-domain"
	evHosting          = "hosting"
	evHostingLookup    = "hosting-lookup"
	evHostingIP        = "hosting-ip"
)

var evidenceCodes = []string{
	evResidence, evPhoneVerified, evEstimateVerified, evScene, evIPEvent, evEstimate, evLookup, evIPDated, evIPRegistration,
	evAddressOther, evIPUndated, evPhone, evRepresented, evApparent, evExistingCase, evMailDomain, evHosting, evHostingLookup, evHostingIP,
}

// maxStrength is below 100: evidence of this kind is never certain.
const maxStrength = 99

// A clue is one fact that points at a country.
type clue struct {
	rule       string
	who        who
	country    *country
	percent    int // of the rule's strength
	shared     int // countries that share the calling code, 0 for none
	numbered   bool
	registered bool
	base       string
}

// An answer collects the clues for one question: where is the suspect, where
// is the child, where is it hosted.
type answer struct {
	rules *Rules
	found []countryClues
}

type countryClues struct {
	code  string // of the authority that acts
	clues []weighed
}

type weighed struct {
	clue
	strength int
	times    int
}

// add weighs the clue. The same kind of fact again adds nothing but its
// number: twenty logins are one habit.
func (a *answer) add(c clue) {
	w := weighed{clue: c, times: 1, strength: a.rules.evidence[c.rule].Strength * c.percent / 100}
	if c.shared > 1 && !c.numbered {
		w.strength = w.strength * 2 / (c.shared + 1) // E.164 says no more than that it is one of them
	}
	if w.strength < 1 {
		return
	}
	i := slices.IndexFunc(a.found, func(f countryClues) bool { return f.code == c.country.authority })
	if i < 0 {
		i = len(a.found)
		a.found = append(a.found, countryClues{code: c.country.authority})
	}
	f := &a.found[i]
	for j := range f.clues {
		have := &f.clues[j]
		if have.rule != c.rule || have.who != c.who || have.country != c.country {
			continue
		}
		times := have.times + 1
		if w.strength > have.strength || w.strength == have.strength && w.base < have.base {
			*have = w
		}
		have.times = times
		return
	}
	f.clues = append(f.clues, w)
}

// findings ranks the countries. A country is as strong as its strongest
// evidence; each further kind adds a little, so that evidence never lowers it.
func (a *answer) findings() []referral.CountryFinding {
	if len(a.found) == 0 {
		return nil
	}
	out := make([]referral.CountryFinding, 0, len(a.found))
	for _, f := range a.found {
		slices.SortFunc(f.clues, func(x, y weighed) int {
			return cmp.Or(cmp.Compare(y.strength, x.strength), cmp.Compare(x.rule, y.rule), cmp.Compare(x.who, y.who),
				cmp.Compare(x.country.code, y.country.code))
		})
		cf := referral.CountryFinding{Country: f.code, Evidence: make([]referral.Evidence, 0, len(f.clues))}
		kinds := 0
		for i, w := range f.clues {
			if w.rule != evExistingCase && !slices.ContainsFunc(f.clues[:i], func(x weighed) bool { return x.rule == w.rule }) {
				kinds++
			}
			cf.Evidence = append(cf.Evidence, referral.Evidence{Rule: w.rule, Strength: w.strength, Because: a.because(&w), Base: w.base})
		}
		cf.Strength = min(f.clues[0].strength+a.rules.Corroborates*max(kinds-1, 0), maxStrength)
		out = append(out, cf)
	}
	slices.SortFunc(out, func(x, y referral.CountryFinding) int {
		return cmp.Or(cmp.Compare(y.Strength, x.Strength), cmp.Compare(x.Country, y.Country))
	})
	return out
}

// because is the rule's sentence with what limits this clue.
func (a *answer) because(w *weighed) string {
	s := a.rules.evidence[w.rule].by[w.who]
	if w.times > 1 {
		s += " Facts of this kind: " + strconv.Itoa(w.times) + "."
	}
	if w.registered {
		s += " The database says where the holder is registered, not where the user is."
	}
	switch {
	case w.shared > 1 && w.numbered:
		s += " Countries that share the calling code: " + strconv.Itoa(w.shared) + "; the area code decides."
	case w.shared > 1:
		s += " Countries that share the calling code: " + strconv.Itoa(w.shared) + "."
	}
	if w.country.code != w.country.authority {
		s += " It names " + w.country.code + ", for which " + w.country.authority + " acts."
	}
	return s
}
