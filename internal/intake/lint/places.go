package lint

import "strings"

func (l *linter) places() {
	for n, p := range l.d.Places {
		path := at("places", n)
		for i, id := range p.Identifiers {
			// The address of a place is that of a server: nobody asks for its subscriber.
			l.identifier(or(id.Path, at(path+"/identifiers", i)), id, false)
		}
		for i, a := range p.Addresses {
			l.country(or(a.Path, at(path+"/addresses", i))+"/country", a.Country, nameAllowed)
		}
		l.country(path+"/hosting", p.Hosting, codeExpected)
		l.country(path+"/apparent", p.Apparent, codeExpected)
	}
}

func (l *linter) lookups() {
	for n, k := range l.d.Lookups {
		path := or(k.Path, at("lookups", n))
		l.ip(path, strings.TrimSpace(k.IP))
		l.country(path, k.Country, nameAllowed)
	}
}

// Whether a country may be written out: in postal addresses and in look-ups
// of others it mostly is.
const (
	codeExpected = false
	nameAllowed  = true
)

// country finds countries that are no code, and codes that name no country.
func (l *linter) country(path, c string, written bool) {
	c = strings.ToUpper(strings.TrimSpace(c))
	switch why := unusable[c]; {
	case c == "" || isCountry(c) || c == "EL" || c == "UK":
	case why != "":
		l.warn(path, "the code stands for %s: nothing can be routed on it", why)
	case len(c) == 2:
		l.warn(path, "this is not a country of ISO 3166-1")
	case written:
		l.warn(path, "the country is written out: it counts once it is a code of two letters (ISO 3166-1)")
	default:
		l.warn(path, "a code of two letters (ISO 3166-1) is expected")
	}
}

// unusable are codes that occur and name no country of today (formats.md A.4, H.1).
var unusable = map[string]string{
	"A1": "an anonymous proxy",
	"A2": "a satellite network",
	"O1": "some other country",
	"T1": "the Tor network",
	"AP": "Asia and the Pacific",
	"EU": "the European Union",
	"XX": "no known country",
	"ZZ": "no known country",
	"AN": "the Netherlands Antilles, dissolved in 2010: BQ, CW or SX",
	"CS": "Serbia and Montenegro, dissolved in 2006: RS or ME",
	"FX": "metropolitan France, withdrawn: FR",
	"SU": "the Soviet Union, dissolved in 1991",
	"YU": "Yugoslavia, dissolved in 2003",
	"TP": "East Timor, now TL",
	"ZR": "Zaire, now CD",
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

func isCountry(c string) bool {
	return len(c) == 2 && strings.Contains(countries, " "+c+" ")
}
