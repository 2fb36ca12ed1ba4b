package assess

import (
	"fmt"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"lapwing/internal/referral"
)

// TestPhoneAsTheLibrary holds the short way against the library's long one.
func TestPhoneAsTheLibrary(t *testing.T) {
	t.Parallel()
	var codes []int
	for c := range phonenumbers.GetSupportedCallingCodes() {
		codes = append(codes, c)
	}
	short := 0
	check := func(fail func(string, ...any), code int, national string) {
		text := fmt.Sprintf("+%d%s", code, national)
		got, want := phoneKey(referral.Identifier{Kind: referral.IDPhone, Value: text}, ""), libraryE164(text, "")
		if got != want {
			fail("%s: got %q, the library says %q", text, got, want)
		}
		if want != "" {
			short++
		}
	}
	for region := range phonenumbers.GetSupportedRegions() { // real plans, with their traps
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.MOBILE, phonenumbers.FIXED_LINE, phonenumbers.TOLL_FREE} {
			n := phonenumbers.GetExampleNumberForType(region, kind)
			if n == nil {
				continue
			}
			national := phonenumbers.GetNationalSignificantNumber(n)
			for _, trunk := range []string{"", "0", "1", "8", "9", "15", "06"} {
				check(t.Errorf, int(n.GetCountryCode()), trunk+national)
			}
		}
	}
	if short < 500 {
		t.Errorf("only %d example numbers were possible: the check checks nothing", short)
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t.Fatalf, rapid.SampledFrom(codes).Draw(t, "code"), rapid.StringMatching(`[0-9]{3,14}`).Draw(t, "national"))
	})
}

func TestPhoneCountries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value, calling, want string
	}{
		{"+352621000000", "", "[LU] 1 false"},
		{"621000000", "+352", "[LU] 1 false"},
		{"621000000", "", "[] 0 false"},
		{"+442079460000", "", "[GB] 1 false"}, // GG, IM and JE have another code, GB acts
		{"+77011234567", "", "[KZ] 2 true"},
		{"+74951234567", "", "[RU] 2 true"},
		{"7011234567", "7", "[KZ] 2 true"},
		{"+7000", "", "[RU KZ] 2 false"},
		{"+12025550143", "", "[US] 15 true"},
		{"+14165550143", "", "[CA] 15 true"},
		{"+390669812345", "", "[VA] 2 true"},
		{"06 1234 5678", "+39", "[IT] 2 true"},
		{"+262692123456", "", "[RE] 1 false"},
		{"+590690123456", "", "[GP] 1 false"},
		{"+80012345678", "", "[] 0 false"},
		{"+99912345678", "", "[] 0 false"},
		{"rubbish", "+1", "[US AG AI BB BS CA DM DO GD JM KN LC SX TT VC] 15 false"},
	} {
		id := referral.Identifier{Kind: referral.IDPhone, Value: c.value, Calling: c.calling}
		cs, shared, numbered := phoneCountries(&id)
		codes := []string{}
		for _, x := range cs {
			codes = append(codes, x.code)
		}
		if got := fmt.Sprint(codes, shared, numbered); got != c.want {
			t.Errorf("countries of %q with calling code %q: got %s, want %s", c.value, c.calling, got, c.want)
		}
	}
}
