package lint

import (
	"net/netip"
	"strings"

	"lapwing/internal/referral"
)

// identifier finds identifiers that cannot be what they are said to be. The
// checks are light: what they pass may still not exist.
func (l *linter) identifier(path string, id referral.Identifier, subscriber bool) {
	l.time(path, id.At)
	if id.Port < 0 || id.Port > 65535 {
		l.warn(path, "ports go from 0 to 65535")
	}
	v := strings.TrimSpace(id.Value)
	if v == "" {
		l.warn(path, "the identifier is empty")
		return
	}
	switch id.Kind {
	case referral.IDEmail:
		if why := email(v); why != "" {
			l.warn(path, "this is not an e-mail address: %s", why)
		}
	case referral.IDPhone:
		if why := phone(v); why != "" {
			l.warn(path, "this is not a phone number: %s", why)
		}
	case referral.IDIP:
		l.ip(path, v)
		if subscriber {
			l.subscriber(path, id)
		}
	case referral.IDAccount, referral.IDScreen, referral.IDDevice, referral.IDURL, referral.IDPayment:
	default:
		l.warn(path, "the sort of this identifier is not known: it is kept, and ties no reports together")
	}
	if id.Kind == referral.IDAccount || id.Kind == referral.IDScreen {
		if id.Scope == "" && l.d.Provider == (referral.Provider{}) {
			l.warn(path, "an account or screen name without its service is anybody's: name the service")
		}
	}
}

// ip finds addresses of which no registry knows a user.
func (l *linter) ip(path, v string) {
	a, err := netip.ParseAddr(v)
	if err != nil {
		l.warn(path, "this is not an IP address: IPv4 or IPv6 without port, brackets or prefix length")
		return
	}
	if a.Zone() != "" {
		l.warn(path, "an address with a zone is of a local network: it leads to nobody")
		return
	}
	a = a.Unmap()
	for _, r := range reserved {
		if r.Contains(a) {
			l.warn(path, "the address is of %s (%s): it leads to nobody", r.what, r.source)
			return
		}
	}
}

// subscriber finds addresses that lack what an operator needs to name a
// subscriber (formats.md H.3).
func (l *linter) subscriber(path string, id referral.Identifier) {
	a, err := netip.ParseAddr(strings.TrimSpace(id.Value))
	if err != nil {
		return
	}
	v4 := a.Unmap().Is4()
	switch {
	case id.At.IsZero() && v4 && id.Port == 0:
		l.warn(path, "the address has neither time with zone nor source port: addresses change hands, and behind carrier-grade address translation hundreds share one, so that it identifies nobody")
	case id.At.IsZero():
		l.warn(path, "the address has no time with zone: addresses change hands, so that it identifies nobody")
	case v4 && id.Port == 0:
		l.warn(path, "the address has no source port: behind carrier-grade address translation hundreds share one at the same second, so that it may identify nobody")
	}
}

type block struct {
	netip.Prefix
	what, source string
}

// reserved are the address blocks that are nobody's on the internet: the IANA
// special-purpose registries (RFC 6890) and multicast.
var reserved = func() []block {
	var bs []block
	for _, r := range [][3]string{
		{"0.0.0.0/8", "no network", "RFC 791"},
		{"10.0.0.0/8", "a private network", "RFC 1918"},
		{"100.64.0.0/10", "a carrier's inner network", "RFC 6598"},
		{"127.0.0.0/8", "the machine itself", "RFC 1122"},
		{"169.254.0.0/16", "a local link", "RFC 3927"},
		{"172.16.0.0/12", "a private network", "RFC 1918"},
		{"192.0.0.0/24", "protocol assignments", "RFC 6890"},
		{"192.0.2.0/24", "documentation", "RFC 5737"},
		{"192.168.0.0/16", "a private network", "RFC 1918"},
		{"198.18.0.0/15", "benchmarks", "RFC 2544"},
		{"198.51.100.0/24", "documentation", "RFC 5737"},
		{"203.0.113.0/24", "documentation", "RFC 5737"},
		{"224.0.0.0/4", "multicast", "RFC 5771"},
		{"240.0.0.0/4", "a reserved block", "RFC 1112"},
		{"::/128", "no network", "RFC 4291"},
		{"::1/128", "the machine itself", "RFC 4291"},
		{"100::/64", "nowhere, for discarding", "RFC 6666"},
		{"2001:2::/48", "benchmarks", "RFC 5180"},
		{"2001:db8::/32", "documentation", "RFC 3849"},
		{"3fff::/20", "documentation", "RFC 9637"},
		{"fc00::/7", "a private network", "RFC 4193"},
		{"fe80::/10", "a local link", "RFC 4291"},
		{"ff00::/8", "multicast", "RFC 4291"},
	} {
		bs = append(bs, block{netip.MustParsePrefix(r[0]), r[1], r[2]})
	}
	return bs
}()

// email says why v is not an address of the common form (RFC 5321, 4.5.3.1
// for the lengths), "" where it may be one.
func email(v string) string {
	local, domain, ok := strings.Cut(v, "@")
	switch {
	case !ok:
		return "there is no @"
	case strings.Contains(domain, "@"):
		return "there is more than one @"
	case local == "" || len(local) > 64:
		return "what stands before the @ has 1 to 64 characters"
	case strings.ContainsAny(v, " \t\r\n,;<>\""):
		return "there are blanks, brackets or commas in it"
	case len(v) > 254:
		return "it is longer than 254 characters"
	case !host(domain):
		return "what stands after the @ is not the name of a host"
	}
	return ""
}

// host says whether s looks like a domain name of two labels or more. Letters
// outside ASCII pass: names may be internationalised.
func host(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for i := range len(l) {
			switch c := l[i]; {
			case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c >= 0x80:
			default:
				return false
			}
		}
	}
	return true
}

// phone says why v is not a phone number: it has 4 to 15 digits (E.164; short
// numbers of a country have fewer), the usual marks between them, and at most
// an extension in words.
func phone(v string) string {
	num := v
	if i := strings.IndexFunc(v, func(c rune) bool {
		return c == 'x' || c == 'X' || c == 'e' || c == 'E' || c == '#' || c == ';' || c == ','
	}); i > 0 {
		num = v[:i] // the extension
	}
	digits := 0
	for i, c := range num {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '+' && strings.TrimLeft(num[:i], " (\u00a0") == "":
		case strings.ContainsRune(" -./()\u00a0\u2010\u2011\u2012\u2013\t", c):
		default:
			return "there are characters that no number has"
		}
	}
	if digits < 4 || digits > 15 {
		return "a number has 4 to 15 digits"
	}
	return ""
}
