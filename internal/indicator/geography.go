package indicator

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// All is the geography of a figure over all countries.
const All = "ALL"

// Groups are geographies of more than one country whose members are known
// here: the Member States of the European Union since February 2020.
var Groups = map[string][]string{
	"EU27": strings.Fields("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"),
}

// countries are the officially assigned codes of ISO 3166-1 alpha-2, and XK,
// which is in use for Kosovo.
const countries = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR" +
	" GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP" +
	" KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ" +
	" NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW" +
	" SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ" +
	" UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW "

func isCountry(g string) bool { return len(g) == 2 && strings.Contains(countries, " "+g+" ") }

// maxName is how long the name of an indicator, a source or a geography may
// be, in bytes.
const maxName = 200

// geographyProblem says what is wrong with a geography; "" where nothing is.
// Two letters are a country, but for EU; everything longer is a name of the
// desk's own, unless it is a country's code of three letters.
func geographyProblem(g string) string {
	if isCountry(g) || g == "EU" {
		return ""
	}
	if r, err := language.ParseRegion(g); err == nil && len(g) <= 3 {
		if c := r.Canonicalize().String(); isCountry(c) {
			return fmt.Sprintf("%.60q is not how a country is written here: write %s", g, c)
		}
	}
	switch first, _ := utf8.DecodeRuneInString(g); {
	case utf8.RuneCountInString(g) == 2 && unicode.IsLetter(first):
		return fmt.Sprintf("%.60q is not a country of ISO 3166-1", g)
	case len(g) < 3 || len(g) > maxName || !unicode.IsLetter(first) || strings.TrimSpace(g) != g ||
		strings.ContainsFunc(g, func(r rune) bool { return r == '/' || r == utf8.RuneError || !unicode.IsPrint(r) }):
		return fmt.Sprintf("%.60q is not a geography: a country is written as DE, a name of the desk's own begins with a letter, has 3 to %d bytes and no slash, as in EU27", g, maxName)
	}
	return ""
}

// Within says whether the figures of geography g count, at least in part,
// what happened in one of the countries; no countries are everywhere.
func within(g string, countries []string) bool {
	if len(countries) == 0 || g == All || slices.Contains(countries, g) || slices.Contains(countries, All) {
		return true
	}
	for _, c := range countries {
		if slices.Contains(Groups[g], c) || slices.Contains(Groups[c], g) {
			return true
		}
	}
	return false
}
