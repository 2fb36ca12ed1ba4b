package fromhotline

import (
	"net/netip"
	"strings"
)

// AboutReporter says whether a property or column of this name would hold the
// network address, the browser or the device of whoever wrote the report.
// Lapwing keeps none of these of a member of the public, nowhere.
// Case and anything but letters and digits do not count.
func AboutReporter(name string) bool {
	if len(name) > maxName {
		return false
	}
	var buf [maxName]byte
	b := buf[:0]
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c|0x20)
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b = append(b, c)
		}
	}
	switch string(b) {
	case "ip", "ips", "ipv4", "ipv6", "ipaddr", "ipaddress", "ipaddresses", "iphash",
		"clientip", "clientipaddress", "remoteip", "remoteaddr", "remoteaddress", "remotehost",
		"reporterip", "reporteripaddress", "senderip", "submitterip", "submissionip", "userip", "visitorip",
		"sourceip", "sourceport", "xforwardedfor", "forwardedfor", "xrealip", "realip",
		"useragent", "httpuseragent", "reporteruseragent", "browser", "browserversion", "operatingsystem",
		"fingerprint", "browserfingerprint", "device", "deviceid", "devicefingerprint",
		"cookie", "cookies", "session", "sessionid", "headers", "httpheaders", "referer", "referrer",
		"geoip", "geolocation":
		return true
	}
	return false
}

// AboutMachine says whether a value is itself a network address, alone or with
// a port, or a browser's name for itself.
func AboutMachine(value string) bool {
	value = strings.TrimSpace(value)
	if strings.HasPrefix(value, "Mozilla/") || strings.HasPrefix(value, "Opera/") {
		return true
	}
	if len(value) < 2 || len(value) > 64 || strings.IndexByte(value, '.') < 0 && strings.IndexByte(value, ':') < 0 {
		return false
	}
	for i := 0; i < len(value) && value[i] != '%'; i++ { // what a zone may have follows "%"
		switch c := value[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F', strings.IndexByte(".:[]/", c) >= 0:
		default:
			return false
		}
	}
	if _, err := netip.ParseAddr(strings.Trim(value, "[]")); err == nil {
		return true
	}
	if _, err := netip.ParseAddrPort(value); err == nil {
		return true
	}
	_, err := netip.ParsePrefix(value)
	return err == nil
}

// dropReporter marks everything that would tell from which machine the report
// was written. What a report says of machines stands under items, parties
// and report/where; everywhere else an address can only be the reporter's.
func (r *reader) dropReporter(root *node) {
	for n := root.first; n != nil; n = n.next {
		switch n.name {
		case "items":
		case "parties":
			for p := range values(n) {
				if plain(p.peek("role")) == "reporter" {
					r.dropIn(p)
					r.dropIdentifiers(p)
				}
			}
		default:
			r.dropIn(n)
		}
	}
}

func (r *reader) dropIn(n *node) {
	switch {
	case n.path == "report/where":
	case n.kind != isNull && AboutReporter(n.name):
		r.drop(n)
	case n.leaf():
		switch n.name {
		case "id", "text", "note": // told by a person, or a number that may look like an address
		default:
			if n.kind == isString && AboutMachine(n.text) {
				r.drop(n)
			}
		}
	default:
		for c := n.first; c != nil; c = c.next {
			r.dropIn(c)
		}
	}
}

// dropIdentifiers takes machines out of the reporter's identifiers, whatever
// their value looks like.
func (r *reader) dropIdentifiers(party *node) {
	for l := range each(party) {
		if l.name != "identifiers" || l.dropped {
			continue
		}
		for i := range values(l) {
			if k := plain(i.peek("kind")); (k == "ip" || k == "device") && !i.dropped {
				r.drop(i)
			}
		}
	}
}

func (r *reader) drop(n *node) {
	n.dropped, n.told = true, true
	r.warn(n, "the network address, browser or device of whoever reports is never kept: this value was dropped on purpose; do not send it")
}
