package fromhotline

import (
	"strings"

	"lapwing/internal/referral"
)

// Choices are the eight plain answers to "what happened?" on a report form,
// with the kind that each stands for until an analyst says more.
var Choices = []struct {
	Code string
	Kind referral.Kind
}{
	{"material", referral.CSAMDistribution},     // material that shows the sexual abuse of a child is online
	{"own-picture", referral.CSAMSelfgen},       // an intimate picture of me, or of a child I know, was passed on
	{"threat", referral.SolicitExtortion},       // someone threatens to show pictures, or asks for money or more
	{"approach", referral.SolicitGrooming},      // someone contacts a child for sexual purposes
	{"sent-to-child", referral.ExposureObscene}, // someone sent sexual material to a child
	{"abuse", referral.AbuseContact},            // a child is or was sexually abused
	{"exploitation", referral.Commercial},       // a child is offered or sold, live or on a journey too
	{"other", referral.KindUnknown},             // none of these, or the person does not know
}

// KindOf is the kind for an answer of [Choices] or for a code of the taxonomy.
// Case does not count, nor whether "-", "_" or a blank joins the words.
func KindOf(word string) (referral.Kind, bool) {
	word = plain(word)
	for _, c := range Choices {
		if c.Code == word {
			return c.Kind, true
		}
	}
	for _, k := range referral.Kinds {
		if string(k.Kind) == word {
			return k.Kind, true
		}
	}
	return referral.KindUnknown, false
}

// SchemeICCAM is the scheme of an item's classification, in the three values
// that INHOPE's ICCAM uses (formats.md B.4).
const SchemeICCAM = "iccam"

// Values of [SchemeICCAM].
const (
	Baseline          = "baseline"           // illegal in practically every country
	NationallyIllegal = "nationally illegal" // illegal where the analyst works
	NotIllegal        = "not illegal"
)

// Classification is the ICCAM value that a word means.
func Classification(word string) (string, bool) {
	switch w := strings.ReplaceAll(plain(word), "-", " "); w {
	case Baseline, NationallyIllegal, NotIllegal:
		return w, true
	}
	return "", false
}

// SchemeAge is the scheme of the label that holds an age band.
const SchemeAge = "age-band"

// Ages are the age bands, those of the IWF (formats.md B.4), and the answer
// that the person shown is grown up.
var Ages = []string{"0-2", "3-6", "7-10", "11-13", "14-15", "16-17", "adult"}

// AgeBand is the band that a text means; dashes of any length will do.
func AgeBand(s string) (string, bool) {
	s = strings.Map(func(c rune) rune {
		switch c {
		case ' ', '\t', '\u00a0':
			return -1
		case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '_':
			return '-'
		}
		return c
	}, strings.ToLower(s))
	for _, a := range Ages {
		if a == s {
			return a, true
		}
	}
	return "", false
}

// selfGenerated gives the kind for what an item says of who made it.
var selfGenerated = map[string]referral.Kind{
	"voluntary":   referral.CSAMSelfgenVol,
	"coerced":     referral.CSAMSelfgenCoer,
	"unspecified": referral.CSAMSelfgen,
}

// SelfGenerated is the kind for the value of self_generated: voluntary,
// coerced, unspecified or an answer yes. It is empty for no and for unknown.
func SelfGenerated(s string) (k referral.Kind, ok bool) {
	s = plain(s)
	if k, ok := selfGenerated[s]; ok {
		return k, true
	}
	t, ok := Answer(s)
	if t == referral.True {
		return referral.CSAMSelfgen, ok
	}
	return "", ok
}

// Answer reads a yes or no.
func Answer(s string) (referral.Tri, bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "1":
		return referral.True, true
	case "false", "no", "0":
		return referral.False, true
	case "", "unknown":
		return referral.Unknown, true
	}
	return referral.Unknown, false
}

// Handling says whether s is a handling code of formats.md D.5.
func Handling(s string) bool {
	return len(s) == 2 && s[0] == 'H' && s[1] >= '0' && s[1] <= '3'
}

// Evaluation says whether s is one of the sixteen pairs of formats.md D.4.
func Evaluation(s string) bool {
	return len(s) == 2 && strings.IndexByte("ABCX", s[0]) >= 0 && s[1] >= '1' && s[1] <= '4'
}

func plain(s string) string {
	return strings.Map(func(c rune) rune {
		switch c {
		case '_', ' ':
			return '-'
		}
		return c
	}, strings.ToLower(strings.TrimSpace(s)))
}
