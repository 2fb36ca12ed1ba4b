package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Guard lets only requests of this machine through, and of those only what
// its person asked for. As there is no sign-in, being here is the only proof
// there is, and a browser that visits other sites must not lend it to them:
//
//   - the connection comes from a loopback address, and not by way of a proxy;
//   - Host names this machine, not a name that somebody made to point here
//     (DNS rebinding);
//   - a request that changes something comes from the desk's own pages or from
//     no page (Sec-Fetch-Site, Origin: [http.CrossOriginProtection]);
//   - what other sites may do is lead here by a link, not load parts of it
//     (Sec-Fetch-Mode, Sec-Fetch-Dest).
func Guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		why := ""
		switch {
		case !loopback(r.RemoteAddr) || proxied(r):
			why = "Sign-in does not exist yet, so the desk answers only on this machine. Open it there."
		case !ownHost(r.Host):
			why = "The desk does not go by this name. Open it as http://localhost with its port."
		case cross.Check(r) != nil:
			why = "The request comes from another site and was not carried out. Open the desk itself and try there."
		case embedded(r):
			why = "Another site tried to load a part of the desk. Open the desk itself."
		}
		if why != "" {
			http.Error(w, why, http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(remote string) bool {
	a, err := netip.ParseAddrPort(remote)
	return err == nil && a.Addr().Unmap().IsLoopback()
}

// proxied says whether something passed the request on, so that its address
// is not that of who asks.
func proxied(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

// ownHost says whether the Host header names this machine: localhost, or a
// loopback address written as such.
func ownHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	} else if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		name = host[1 : len(host)-1]
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(name)
	return err == nil && a.Zone() == "" && a.IsLoopback()
}

// embedded says whether a page of another site loads the answer as a part of
// itself. Browsers that do not say so are older than 2023.
func embedded(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
	}
	return false
}
