package assess

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"lapwing/internal/referral"
)

// callingCountries is the set of countries that share a calling code, the
// main one first (E.164; formats.md H.3). Those for which the same authority
// acts count once: all of +44 is answered by GB, while +7 is RU or KZ. Codes
// of services and not of places (+800, +870) have none.
func callingCountries(code int) []*country {
	var cs []*country
	for _, region := range phonenumbers.GetRegionCodesForCountryCode(code) {
		c, _ := countryOf(region)
		if c != nil && !slices.ContainsFunc(cs, func(x *country) bool { return x.authority == c.authority }) {
			cs = append(cs, c)
		}
	}
	return cs
}

// splitCalling takes the calling code off digits in international form,
// longest code first.
func splitCalling(digits string) (code int, national string) {
	for n := min(3, len(digits)); n >= 1; n-- {
		c, err := strconv.Atoi(digits[:n])
		if err == nil && digits[0] != '0' && len(phonenumbers.GetRegionCodesForCountryCode(c)) > 0 {
			return c, digits[n:]
		}
	}
	return 0, ""
}

// phoneCountries says which countries a number may belong to. A number in
// national form without a stated calling code has none: to read it with the
// help of a country and to count it as evidence for that country would be a
// circle. shared is the number of countries with the calling code, and numbered
// says that the digits behind it decided between them.
func phoneCountries(id *referral.Identifier) (cs []*country, shared int, numbered bool) {
	digits, plus := phoneDigits(id.Value)
	if !plus {
		cc, _ := phoneDigits(id.Calling)
		if len(cc) > 3 {
			return nil, 0, false
		}
		digits = cc
	}
	code, national := splitCalling(digits)
	if code == 0 {
		return nil, 0, false
	}
	cs = callingCountries(code)
	if len(cs) < 2 {
		return cs, len(cs), false
	}
	if !plus {
		_, national = splitCalling(strings.TrimPrefix(phoneKey(*id, ""), "+"))
	}
	// Numbers move between operators, not between countries, so the area code
	// tells Kazakhstan from Russia. Where the plan has no such area, all stay.
	if n, err := strconv.ParseUint(national, 10, 64); err == nil && len(national) < 18 {
		cc := int32(code)
		number := &phonenumbers.PhoneNumber{CountryCode: &cc, NationalNumber: &n}
		if national[0] == '0' {
			leading := true
			number.ItalianLeadingZero = &leading
		}
		if c, _ := countryOf(phonenumbers.GetRegionCodeForNumber(number)); c != nil {
			return []*country{c}, len(cs), true
		}
	}
	return cs, len(cs), false
}

// phoneDigits is the number without separators; plus says that it was in
// international form, with "+" or "00". It is "" for a text with anything
// else in it, up to an extension.
func phoneDigits(s string) (digits string, plus bool) {
	s = strings.TrimSpace(s)
	if len(s) > maxPhone {
		return "", false
	}
	b := make([]byte, 0, 24)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '+':
			if i != 0 {
				return "", false
			}
			plus = true
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			b = append(b, c)
		case '(':
			if strings.HasPrefix(s[i:], "(0)") && plus {
				i += 2 // the trunk zero of national form
			}
		case ' ', '-', '.', ')', '/':
		default:
			return "", false
		}
	}
	if !plus && len(b) > 2 && b[0] == '0' && b[1] == '0' {
		return string(b[2:]), true
	}
	return string(b), plus
}
