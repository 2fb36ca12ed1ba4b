package assess

import "strings"

// soldNames are two-letter names of countries that are sold to everyone, so
// that an address under them says nothing of a country.
var soldNames = map[string]bool{
	"ac": true, "ag": true, "ai": true, "am": true, "as": true, "bz": true, "cc": true, "cd": true, "cf": true, "cm": true, "co": true,
	"cx": true, "dj": true, "fm": true, "ga": true, "gd": true, "gg": true, "gl": true, "gq": true, "gs": true, "io": true, "im": true,
	"is": true, "la": true, "li": true, "lc": true, "ly": true, "me": true, "ml": true, "ms": true, "mu": true, "nu": true, "pm": true,
	"pn": true, "pw": true, "re": true, "sc": true, "sh": true, "so": true, "st": true, "su": true, "sx": true, "tf": true, "tk": true,
	"tl": true, "to": true, "tv": true, "vc": true, "vg": true, "wf": true, "ws": true, "yt": true,
}

// mailCountry is the country under whose name the address's domain is.
func mailCountry(address string) *country {
	at := strings.LastIndexByte(address, '@')
	dot := strings.LastIndexByte(address, '.')
	if at < 1 || dot < at || len(address)-dot != 3 {
		return nil
	}
	tld := strings.ToLower(address[dot+1:])
	if soldNames[tld] || noCountry[strings.ToUpper(tld)] != "" {
		return nil
	}
	c, _ := countryOf(tld)
	return c
}
