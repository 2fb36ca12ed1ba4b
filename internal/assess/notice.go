package assess

import (
	"slices"
	"strconv"
	"strings"

	"lapwing/internal/referral"
)

// maxAgencies is how many agencies are told apart: enough to know that there are too many.
const maxAgencies = 100

// notices lists what must not be overlooked, in the order in which it matters.
func notices(d *referral.Draft, a *referral.Assessment, r *Rules) []referral.Notice {
	var ns []referral.Notice
	tell := func(code, text string) { ns = append(ns, referral.Notice{Code: code, Text: text}) }
	if strings.TrimSpace(d.Escalation) != "" {
		tell("escalated", "The source asks to hurry: a child may be in danger. Its reason is in the report.")
	}
	if hasFlag(d.Flags, dangerFlags) {
		tell("escalated", "The source says that a child is in danger now.")
	}
	if anyReported(d, func(p *referral.Party) bool { return p.Notified == referral.True }) {
		tell("notified", "A reported person was told of the measure against the account and may know of the report.")
	}
	served := false
	for _, l := range d.Law {
		served = served || l.Served == referral.True
	}
	if served {
		tell("legal-process", "Legal process was served already: somebody works on this. Speak to them first.")
	}
	deconflict(d, a, r, tell)
	if anyReported(d, func(p *referral.Party) bool { return p.Compromised == referral.True }) {
		tell("compromised", "A reported account may have been taken over: its owner need not be who used it.")
	}
	return ns
}

// anyReported says whether it holds for a reported person or an account tied to one.
func anyReported(d *referral.Draft, holds func(*referral.Party) bool) bool {
	return slices.ContainsFunc(d.Parties, func(p referral.Party) bool {
		return (p.Role == referral.RoleReported || p.Role == referral.RoleAssociated) && holds(&p)
	})
}

// deconflict names everybody who has to be spoken to before one acts alone.
func deconflict(d *referral.Draft, a *referral.Assessment, r *Rules, tell func(code, text string)) {
	var withCase, agencies []string
	for _, l := range d.Law {
		if c, _ := countryOf(l.Country); c != nil && !slices.Contains(withCase, c.authority) {
			withCase = append(withCase, c.authority)
		}
		if name := fold(l.Agency); name != "" && len(agencies) < maxAgencies && !slices.Contains(agencies, name) {
			agencies = append(agencies, name)
		}
	}
	if len(withCase) > 0 {
		slices.Sort(withCase)
		tell("deconfliction", "An agency has the report or a case already, in: "+strings.Join(withCase, ", ")+". Speak to it before acting.")
	}
	switch {
	case len(agencies) > 1:
		tell("deconfliction", "Agencies that hold this report already: "+strconv.Itoa(len(agencies))+". Agree on who acts.")
	case len(agencies) == 1 && len(withCase) == 0:
		tell("deconfliction", "An agency holds this report already. Speak to it before acting.")
	}
	suspect, victim := codesOf(strongest(a.Jurisdiction.Suspect, r)), codesOf(strongest(a.Jurisdiction.Victim, r))
	if len(suspect) > 1 {
		tell("deconfliction", "The evidence for the suspect's country ties: "+strings.Join(suspect, ", ")+". Tell all of them, and tell each of the others.")
	}
	if len(victim) > 1 {
		tell("deconfliction", "The evidence for the child's country ties: "+strings.Join(victim, ", ")+". Tell all of them, and tell each of the others.")
	}
	if len(suspect) > 0 && len(victim) > 0 && !slices.Equal(suspect, victim) && a.Jurisdiction.Suspect[0].Evidence[0].Rule != evExistingCase {
		tell("deconfliction", "The evidence for suspect and child points at different countries: "+strings.Join(suspect, ", ")+" and "+strings.Join(victim, ", ")+
			". Both may have jurisdiction.")
	}
}

func codesOf(fs []referral.CountryFinding) []string {
	var cs []string
	for _, f := range fs {
		cs = append(cs, f.Country)
	}
	return cs
}
