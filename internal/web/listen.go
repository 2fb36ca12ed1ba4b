package web

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/fault"
)

// ListenAddr is the address to listen on for what an operator wrote:
// localhost or a loopback address, with a port (0: any that is free). Every
// other address is refused with [fault.Invalid]. The name localhost becomes
// 127.0.0.1 and is not looked up, as a resolver may say anything.
func ListenAddr(addr string) (string, error) {
	const usage = "write it as localhost:8080"
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fault.New(fault.Invalid, "the address %q has no port: %s", addr, usage)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		return "", fault.New(fault.Invalid, "the port of %q is not a number from 0 to 65535: %s", addr, usage)
	}
	if strings.EqualFold(host, "localhost") {
		return net.JoinHostPort("127.0.0.1", port), nil
	}
	a, err := netip.ParseAddr(host)
	if err != nil || a.Zone() != "" || !a.IsLoopback() {
		return "", fault.New(fault.Invalid, "%q can be reached from elsewhere: sign-in does not exist yet, so the desk answers only on this machine; %s", addr, usage)
	}
	return net.JoinHostPort(host, port), nil
}

// Server is an HTTP server for the desk with limits on what one connection
// may cost. A route that takes long (see [Kit.Upload]) moves its own deadlines.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
