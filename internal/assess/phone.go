package assess

import (
	"regexp"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"

	"lapwing/internal/referral"
)

// maxPhone bounds what is read as a phone number; sources allow 50 characters.
const maxPhone = 64

// phoneKey is the number in E.164, or "" where its country is not certain.
// Extensions do not count: E.164 has none.
func phoneKey(id referral.Identifier, hint string) string {
	text := strings.TrimSpace(id.Value)
	if text == "" || len(text) > maxPhone {
		return ""
	}
	digits, plus := phoneDigits(text)
	if plus {
		return international(digits, text)
	}
	if strings.HasPrefix(text, "+") { // with signs that phoneDigits leaves to the library
		return libraryE164(text, "")
	}
	if cc, _ := phoneDigits(id.Calling); cc != "" && len(cc) <= 3 {
		stated := international(cc+digits, "+"+cc+text)
		if !strings.HasPrefix(digits, cc) {
			return stated
		}
		// The source states the code and may have written it in the number as well.
		whole := international(digits, "+"+text)
		if stated == "" || whole != "" && !valid(stated) && valid(whole) {
			return whole
		}
		return stated
	}
	if hint == "" {
		return ""
	}
	return libraryE164(text, hint)
}

// A callingPlan is what must be known of a calling code to see that a number
// in international form is E.164 as it stands. The library works some 25 µs
// on a number; most numbers need none of that.
type callingPlan struct {
	trunk  *regexp.Regexp // what the library may take off or rewrite at the start of the national number
	length uint32         // bit n: a national number may have n digits
}

var callingPlans = sync.OnceValue(func() map[int]callingPlan {
	plans := make(map[int]callingPlan, 220)
	all, err := phonenumbers.MetadataCollection()
	if err != nil {
		return plans // every number goes to the library
	}
	for _, m := range all.GetMetadata() {
		code := int(m.GetCountryCode())
		if phonenumbers.GetRegionCodeForCountryCode(code) != m.GetId() || m.GetId() == "001" {
			continue
		}
		p := callingPlan{trunk: regexp.MustCompile(`^$`)}
		if t := m.GetNationalPrefixForParsing(); t != "" {
			if p.trunk, err = regexp.Compile(`^(?:` + t + `)`); err != nil {
				continue
			}
		}
		for _, n := range m.GetGeneralDesc().GetPossibleLength() {
			if n > 0 && n < 32 {
				p.length |= 1 << n
			}
		}
		for _, n := range m.GetGeneralDesc().GetPossibleLengthLocalOnly() {
			if n > 0 && n < 32 {
				p.length &^= 1 << n
			}
		}
		plans[code] = p
	}
	return plans
})

// international is E.164 for digits that begin with a calling code; text is
// what the library reads where the digits alone do not settle it.
func international(digits, text string) string {
	if settled(digits) {
		return "+" + digits
	}
	if strings.HasPrefix(text, "00") {
		text = "+" + text[2:]
	}
	return libraryE164(text, "")
}

// settled says whether digits in international form are E.164 as they stand:
// a possible number from which the library would take nothing off.
func settled(digits string) bool {
	code, national := splitCalling(digits)
	if code == 0 {
		return false
	}
	p, ok := callingPlans()[code]
	return ok && len(national) < 32 && p.length&(1<<len(national)) != 0 && !p.trunk.MatchString(national)
}

// libraryE164 is what the library makes of the text, if it makes the same of
// its own answer: a number from which it takes one trunk zero after another is none.
func libraryE164(text, region string) string {
	v := parseE164(text, region)
	if v == "" || !settled(v[1:]) && parseE164(v, "") != v {
		return ""
	}
	return v
}

func parseE164(text, region string) string {
	n, err := phonenumbers.Parse(text, region)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

func valid(e164 string) bool {
	n, err := phonenumbers.Parse(e164, "")
	return err == nil && phonenumbers.IsValidNumber(n)
}
