package assess

import (
	"slices"
	"strings"

	"lapwing/internal/referral"
)

// flagKinds says which kind a flag of the report or an annotation of a file
// adds (formats.md G.2), by the wire name as wireName folds it.
var flagKinds = map[string]referral.Kind{
	"sextortion":                 referral.SolicitExtortion,
	"csamsolicitation":           referral.SolicitExtortion,
	"minortominorinteraction":    referral.PeerMinor,
	"sadisticonlineexploitation": referral.NetworkSadistic,
	"spam":                       referral.NoneViral,
	"potentialmeme":              referral.NoneViral,
	"viral":                      referral.NoneViral,
	"viralpotentialmeme":         referral.NoneViral,
	"generativeai":               referral.CSAMGenerated,
	"animedrawingvirtualhentai":  referral.CSAMGenerated,
	"possibleselfproduction":     referral.CSAMSelfgen,
	"livestreaming":              referral.AbuseLivestream,
}

// Flags that weigh in other ways, folded likewise.
var (
	dangerFlags   = []string{"danger", "dangernow", "childindanger", "childindangernow", "imminentdanger"}
	severityFlags = []string{"physicalharm", "violencegore", "bestiality"}
	viralFlags    = []string{"viral", "potentialmeme", "viralpotentialmeme"}
)

// wireName folds a flag's name: sources agree on the words, not on case and signs.
func wireName(s string) string { return fold(s) }

// kindsOf lists what the report is about: the incidents in the source's
// order, so that the first stays first, then what flags and annotations add.
func kindsOf(d *referral.Draft) []referral.Kind {
	var ks []referral.Kind
	add := func(k referral.Kind) {
		if k != "" && !slices.Contains(ks, k) {
			ks = append(ks, k)
		}
	}
	for _, in := range d.Incidents {
		k := in.Kind
		if !k.Valid() {
			k = referral.KindUnknown
		}
		add(k)
	}
	for _, fl := range d.Flags {
		add(flagKinds[wireName(fl)])
	}
	for i := range d.Parties {
		if strings.TrimSpace(d.Parties[i].Group) != "" {
			add(referral.NetworkSadistic) // formats.md G.2: groupIdentifier
		}
	}
	for i := range d.Files {
		for _, an := range d.Files[i].Annotations {
			add(flagKinds[wireName(an)])
		}
	}
	return ks
}

// contactKinds are those in which the intended recipient is, as a rule, the child.
var contactKinds = []referral.Kind{
	referral.SolicitGrooming, referral.SolicitExtortion, referral.CSAMSelfgenCoer, referral.AbuseContact,
	referral.AbuseLivestream, referral.Trafficking, referral.Travel, referral.NetworkSadistic, referral.ExposureObscene,
}

func anyOf(ks, of []referral.Kind) bool {
	return slices.ContainsFunc(ks, func(k referral.Kind) bool { return slices.Contains(of, k) })
}

func hasFlag(flags, of []string) bool {
	return slices.ContainsFunc(flags, func(f string) bool { return slices.Contains(of, wireName(f)) })
}
