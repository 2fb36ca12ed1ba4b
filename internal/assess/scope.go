package assess

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"lapwing/internal/referral"
)

// accountKey is "scope/id": an account id or screen name means something only
// at its provider and service. It is "" without a scope.
func accountKey(d *referral.Draft, p *referral.Party, id *referral.Identifier) string {
	value := strings.TrimSpace(id.Value)
	scope := scopeOf(d, p, id)
	if scope == "" || value == "" || len(value) > 1024 || placeholder[fold(value)] || len(value) < 3 && fold(value) == "" {
		return ""
	}
	if id.Kind == referral.IDScreen {
		if value = caseless(strings.TrimPrefix(value, "@")); value == "" {
			return ""
		}
	} else {
		value = norm.NFC.String(value) // providers decide whether case counts: it stays
	}
	return scope + "/" + value
}

// placeholder holds what sources write where they have no account id, folded:
// as a key it would tie thousands of strangers together.
var placeholder = map[string]bool{
	"0": true, "1": true, "na": true, "none": true, "null": true, "nil": true, "unknown": true, "undefined": true,
	"anonymous": true, "deleted": true, "deleteduser": true, "guest": true, "notavailable": true, "notprovided": true, "redacted": true,
}

// scopeOf is the folded name of where the account is: as the identifier says,
// else the party's service, else the provider that reports. An account that
// the source puts at another company without naming it has no scope.
func scopeOf(d *referral.Draft, p *referral.Party, id *referral.Identifier) string {
	if s := fold(id.Scope); s != "" {
		return s
	}
	var service string
	if p != nil {
		service = p.Service
		if p.ThirdParty == referral.True {
			return fold(service)
		}
	}
	if service == "" {
		service = d.Provider.Service
	}
	name, part := fold(d.Provider.Name), fold(service)
	if part == name {
		part = ""
	}
	return name + part
}

// fold keeps the letters and digits of a name in lower case, so that
// "Example Platform" and "example-platform" are one. It is cheap for ASCII.
func fold(s string) string {
	plain := true
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return foldUnicode(s)
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b = append(b, c)
		}
	}
	return string(b)
}

func foldUnicode(s string) string {
	var b strings.Builder
	for _, r := range caseless(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// caseless is the text in Unicode NFKC with its case folded.
func caseless(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
		}
	}
	return strings.ToLower(s)
}
