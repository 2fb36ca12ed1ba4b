package assess

import (
	"net/netip"
	"strings"
)

// An ipClass says what an address can be used for.
type ipClass int

const (
	ipPublic        ipClass = iota
	ipDocumentation         // RFC 5737, RFC 3849, RFC 9637: nobody's, but demos and tests use them
	ipShared                // 100.64.0.0/10, RFC 6598: carrier-grade NAT, useless without a port
	ipLocal                 // private, loopback, link-local, reserved: says nothing outside its own network
)

var documentation = prefixes("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")

var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// special is the rest of the IANA special-purpose registries that netip has no question for.
var special = prefixes("0.0.0.0/8", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64")

func prefixes(ss ...string) (ps []netip.Prefix) {
	for _, s := range ss {
		ps = append(ps, netip.MustParsePrefix(s))
	}
	return ps
}

func within(a netip.Addr, ps []netip.Prefix) bool {
	for _, p := range ps {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// parseIP reads an address as sources write it: also in brackets, with a
// port, a zone or a full prefix length behind it. IPv4 in IPv6 is IPv4.
func parseIP(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	a, err := netip.ParseAddr(s)
	if err != nil {
		if ap, err2 := netip.ParseAddrPort(s); err2 == nil {
			a = ap.Addr()
		} else if p, err2 := netip.ParsePrefix(s); err2 == nil && p.IsSingleIP() {
			a = p.Addr()
		} else if len(s) > 2 && s[0] == '[' && s[len(s)-1] == ']' {
			if a, err = netip.ParseAddr(s[1 : len(s)-1]); err != nil {
				return netip.Addr{}, false
			}
		} else {
			return netip.Addr{}, false
		}
	}
	return a.WithZone("").Unmap(), true
}

func classOf(a netip.Addr) ipClass {
	switch {
	case a.IsPrivate(), a.IsLoopback(), a.IsLinkLocalUnicast(), a.IsMulticast(), a.IsUnspecified(), within(a, special):
		return ipLocal
	case sharedSpace.Contains(a):
		return ipShared
	case within(a, documentation):
		return ipDocumentation
	}
	return ipPublic
}

// ipKey is the address alone, without port or time, or "" for one that ties
// nothing together: local ones, and shared ones without a port.
func ipKey(s string, port int) string {
	a, ok := parseIP(s)
	if !ok {
		return ""
	}
	switch classOf(a) {
	case ipLocal:
		return ""
	case ipShared:
		if port == 0 {
			return ""
		}
	}
	return a.String()
}
