package fromtable

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"lapwing/internal/indicator"
)

// isoCountries are the officially assigned alpha-2 codes of ISO 3166-1, and XK
// (Kosovo), which is not in the standard but in what offices send.
const isoCountries = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR" +
	" GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP" +
	" KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ" +
	" NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW" +
	" SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ" +
	" UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"

// countryLanguages are those in which names of countries are known, from the
// data of the Unicode CLDR in golang.org/x/text. Where a name means one
// country here and another there, the earlier language has it.
const countryLanguages = "en de fr es it pt nl pl cs sk sl hr hu ro bg el sv da nb fi et lv lt is tr uk sr"

// countryAliases are forms that CLDR does not have: the European Union's own
// codes for Greece and the United Kingdom, later and former names, short ones.
var countryAliases = map[string]string{
	"GR": "EL|Hellas|Hellenic Republic|Ellada",
	"GB": "UK|Great Britain|Großbritannien|Grande-Bretagne|Gran Bretaña|Gran Bretagna|Grã-Bretanha|Groot-Brittannië|Wielka Brytania|England and Wales and Scotland and Northern Ireland",
	"CZ": "Czech Republic|Tschechische Republik|République tchèque|República Checa|Repubblica Ceca|Česká republika|Czech Rep",
	"SK": "Slovak Republic|Slowakische Republik|République slovaque|Slovenská republika",
	"NL": "Holland|The Netherlands|Pays Bas|Hollande",
	"MK": "North Macedonia|Nordmazedonien|Macédoine du Nord|Macedonia del Norte|Macedonia del Nord|Republic of North Macedonia|Severna Makedonija|FYROM",
	"SZ": "Eswatini", "TR": "Türkiye", "CV": "Cabo Verde", "CI": "Ivory Coast|Côte d'Ivoire",
	"IE": "Republic of Ireland|Eire|Éire|Irish Republic", "MT": "Repubblika ta' Malta", "LU": "Luxemburg|Lëtzebuerg|Luxembourg",
	"US": "USA|United States of America|Vereinigte Staaten von Amerika|États-Unis d'Amérique|Estados Unidos de América",
	"KR": "Republic of Korea|Korea Republic of|South Korea", "RU": "Russian Federation|Russland|Fédération de Russie",
	"MD": "Republic of Moldova|Moldova Republic of", "XK": "Kosovo", "VN": "Viet Nam", "AE": "UAE",
	"BA": "Bosnia & Herzegovina|Bosnia-Herzegovina|Bosnien und Herzegowina|BiH", "CH": "Schweizerische Eidgenossenschaft|Swiss Confederation",
	"DE": "Federal Republic of Germany|Germany (until 1990 former territory of the FRG)|Bundesrepublik Deutschland|BRD", "BE": "Belgien|Belgique|België",
}

// regions are names that desks use for more than one country.
var regions = map[string]string{
	"EU": "European Union|Europäische Union|Union européenne|Unión Europea|Unione europea|União Europeia|Europese Unie",
	"EU27": "EU-27|EU 27|EU27_2020|EU-27 (2020)|European Union (27)|European Union - 27 countries (from 2020)|EU27 (from 2020)" +
		"|Europäische Union - 27 Länder (ab 2020)|Union européenne - 27 pays (à partir de 2020)",
	"EU28": "EU-28|EU 28|European Union - 28 countries (2013-2020)|European Union (28)",
	"EEA":  "European Economic Area|EWR|Europäischer Wirtschaftsraum",
}

// totals are words for the sum over what stands beside it in a table.
const totals = "total|totals|grand total|all|all countries|sum|world|overall|subtotal|Summe|Gesamt|Insgesamt|Gesamtsumme|Gesamtergebnis|alle|alle Länder|ensemble|somme|total général|tous" +
	"|totale|totaal|suma|razem|ogółem|celkem|spolu|celkom|skupaj|ukupno|összesen|общо|σύνολο|summa|totalt|i alt|yhteensä|kokku|kopā|iš viso|Total geral|Total general"

type places struct {
	byText map[string]string // folded name to code
	totals map[string]bool
}

var placesByName = sync.OnceValue(func() places {
	p := places{map[string]string{}, map[string]bool{}}
	add := func(text, code string) {
		if f := fold(text); f != "" && p.byText[f] == "" {
			p.byText[f] = code
		}
	}
	codes := strings.Fields(isoCountries)
	for _, c := range codes {
		add(c, c)
	}
	for _, c := range codes {
		add(language.MustParseRegion(c).ISO3(), c)
	}
	for code, names := range regions {
		add(code, code)
		for n := range strings.SplitSeq(names, "|") {
			add(n, code)
		}
	}
	for code, names := range countryAliases {
		for n := range strings.SplitSeq(names, "|") {
			add(n, code)
		}
	}
	for l := range strings.FieldsSeq(countryLanguages) {
		names := display.Regions(language.MustParse(l))
		for _, c := range codes {
			add(names.Name(language.MustParseRegion(c)), c)
		}
	}
	for t := range strings.SplitSeq(totals, "|") {
		p.totals[fold(t)] = true
	}
	return p
})

// Country gives the geography that a text means: the ISO 3166-1 alpha-2 code
// of a country written as alpha-2, alpha-3 or by its name in one of 27
// languages; EL and UK are Greece and the United Kingdom; EU, EU27, EU28 and
// EEA are themselves, and so is ALL, in capitals. Otherwise case, accents and
// what stands in brackets do not count.
func Country(text string) (code string, ok bool) {
	if len(text) > maxName {
		return "", false
	}
	if text == indicator.All {
		return indicator.All, true
	}
	known := placesByName().byText
	whole := fold(text)
	if code = known[whole]; code != "" && (len(whole) > 3 || bareCode(text)) {
		return code, true
	}
	for _, article := range []string{"the", "republicof", "kingdomof"} {
		if rest, cut := strings.CutPrefix(whole, article); cut && len(rest) > 3 {
			if code = known[rest]; code != "" {
				return code, true
			}
		}
	}
	// "Germany (DE)", "DE: Germany", "DE - Deutschland".
	before, after, cut := strings.Cut(text, "(")
	if !cut {
		for _, sep := range []string{":", " - ", " – "} {
			if before, after, cut = strings.Cut(text, sep); cut {
				break
			}
		}
	}
	if !cut {
		return "", false
	}
	a, b := known[fold(before)], known[fold(after)]
	if a != "" && b != "" && a != b {
		return "", false
	}
	if a == "" {
		// In brackets only a code: "Others (mainly Germany)" is not Germany.
		if t := strings.Trim(after, " )"); len(t) > 3 || fold(before) == "" {
			return "", false
		}
		a = b
	}
	return a, a != ""
}

// bareCode says whether nothing but letters, dots and the star of a footnote
// stand in a text: U.K., but not D/E.
func bareCode(text string) bool {
	for _, r := range strings.Trim(text, " *\u00a0") {
		if r != '.' && !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
			return false
		}
	}
	return true
}

// isTotal says whether a text stands for the sum over everything.
func isTotal(text string) bool {
	return len(text) <= maxName && placesByName().totals[fold(text)]
}
