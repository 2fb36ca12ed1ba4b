package assess

import (
	"net/url"
	"strings"
)

// maxURL bounds what is read as an address of the web; NCMEC allows 2083 characters.
const maxURL = 4096

// urlKey is the address with scheme and host in lower case, without default
// port, user and fragment. Path and query stay as they are: their case counts.
// A text without a scheme that begins with a host is read as https, because
// sources leave it out. Addresses inside somebody's own network have no key.
func urlKey(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxURL {
		return ""
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return ""
	}
	host := u.Hostname()
	if a, ok := parseIP(host); ok {
		if classOf(a) == ipLocal {
			return ""
		}
		host = a.String()
		if a.Is6() {
			host = "[" + host + "]"
		}
	} else if host = domainKey(host); !strings.Contains(host, ".") {
		return ""
	}
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port != "" && port != defaultPort[scheme] {
		host += ":" + port
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return scheme + "://" + host + path
}

var defaultPort = map[string]string{"http": "80", "https": "443", "ftp": "21", "ws": "80", "wss": "443"}
