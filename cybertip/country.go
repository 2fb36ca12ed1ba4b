package cybertip

import "strings"

// Codes of the XSD simpleTypes country and state. Countries are ISO 3166-1 alpha-2 with A1 (anonymous proxy), A2
// (satellite provider), O1 (other), AP, EU, XK and the retired AN and FX: GB and GR, not UK or EL.
var (
	countryCodes = codeSet(`A1 A2 O1
		AD AE AF AG AI AL AM AN AO AP AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
		BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CX CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM
		FO FR FX GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT
		JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
		MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
		QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
		TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW`)
	stateCodes = codeSet(`AK AL AR AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH
		NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY`)
)

func codeSet(codes string) map[string]bool {
	set := map[string]bool{}
	for code := range strings.FieldsSeq(codes) {
		set[code] = true
	}
	return set
}

// IsCountry reports whether the schema knows the country code. Not every code is a place: see [IsPlace].
func IsCountry(code string) bool { return countryCodes[code] }

// IsPlace reports whether the country code names one country or territory. A1, A2, O1, AP and EU do not; never
// route by them.
func IsPlace(code string) bool {
	switch code {
	case "A1", "A2", "O1", "AP", "EU":
		return false
	}
	return countryCodes[code]
}

// IsState reports whether the schema knows the code of a US state or territory.
func IsState(code string) bool { return stateCodes[code] }
