package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lapwing/internal/fault"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	type headers map[string]string
	for _, c := range []struct {
		name, method, host, remote string
		headers                    headers
		want                       int
	}{
		{"the person's browser", "GET", "localhost:8080", "127.0.0.1:5000", nil, 200},
		{"host in capitals", "GET", "LOCALHOST", "127.0.0.1:5000", nil, 200},
		{"IPv4", "GET", "127.0.0.1:8080", "127.0.0.1:5000", nil, 200},
		{"IPv4 without a port", "GET", "127.0.0.1", "127.0.0.1:5000", nil, 200},
		{"IPv6", "GET", "[::1]:8080", "[::1]:5000", nil, 200},
		{"IPv6 without a port", "GET", "[::1]", "[::1]:5000", nil, 200},
		{"IPv4 in IPv6", "GET", "localhost", "[::ffff:127.0.0.1]:5000", nil, 200},
		{"a second loopback address", "GET", "127.0.0.2:8080", "127.0.0.2:5000", nil, 200},

		{"rebound name", "GET", "desk.example:8080", "127.0.0.1:5000", nil, 403},
		{"name that begins well", "GET", "localhost.example", "127.0.0.1:5000", nil, 403},
		{"name that ends well", "GET", "example.localhost", "127.0.0.1:5000", nil, 403},
		{"name like an address", "GET", "127.0.0.1.example", "127.0.0.1:5000", nil, 403},
		{"another address", "GET", "192.0.2.1:8080", "127.0.0.1:5000", nil, 403},
		{"all addresses", "GET", "0.0.0.0:8080", "127.0.0.1:5000", nil, 403},
		{"loopback with a zone", "GET", "[::1%25lo]:8080", "127.0.0.1:5000", nil, 403},
		{"no host", "GET", "", "127.0.0.1:5000", nil, 403},
		{"blank host", "GET", " ", "127.0.0.1:5000", nil, 403},
		{"port alone", "GET", ":8080", "127.0.0.1:5000", nil, 403},
		{"from elsewhere", "GET", "localhost:8080", "192.0.2.7:5000", nil, 403},
		{"from elsewhere, IPv6", "GET", "localhost:8080", "[2001:db8::1]:5000", nil, 403},
		{"from nowhere", "GET", "localhost:8080", "", nil, 403},
		{"by a proxy", "GET", "localhost:8080", "127.0.0.1:5000", headers{"X-Forwarded-For": "192.0.2.7"}, 403},
		{"by a standard proxy", "GET", "localhost:8080", "127.0.0.1:5000", headers{"Forwarded": "for=192.0.2.7"}, 403},
		{"by a gateway", "GET", "localhost:8080", "127.0.0.1:5000", headers{"Via": "1.1 example"}, 403},

		{"a script without a browser", "POST", "localhost:8080", "127.0.0.1:5000", nil, 200},
		{"own form", "POST", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8080"}, 200},
		{"own form of an old browser", "POST", "localhost:8080", "127.0.0.1:5000", headers{"Origin": "http://localhost:8080"}, 200},
		{"another site's form", "POST", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		{"another port's form", "POST", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:3000"}, 403},
		{"another site's form, old browser", "POST", "localhost:8080", "127.0.0.1:5000", headers{"Origin": "https://evil.example"}, 403},
		{"another port's form, old browser", "POST", "localhost:8080", "127.0.0.1:5000", headers{"Origin": "http://localhost:3000"}, 403},
		{"no origin to speak of", "POST", "localhost:8080", "127.0.0.1:5000", headers{"Origin": "null"}, 403},
		{"another site's delete", "DELETE", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "cross-site"}, 403},

		{"a link from elsewhere", "GET", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200},
		{"typed", "GET", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200},
		{"own style", "GET", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "style"}, 200},
		{"a picture in another site", "GET", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403},
		{"a frame in another site", "GET", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403},
		{"a script of another site", "GET", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403},
		{"a script of another port", "GET", "localhost:8080", "127.0.0.1:5000", headers{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			through := false
			h := Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { through = true }))
			r := httptest.NewRequest(c.method, "/", nil)
			r.Host, r.RemoteAddr = c.host, c.remote
			for k, v := range c.headers {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.want || through != (c.want == 200) {
				t.Errorf("%s Host %q from %q with %v: status %d, let through %v; want %d", c.method, c.host, c.remote, c.headers, w.Code, through, c.want)
			}
			if !through && w.Body.Len() == 0 {
				t.Error("a refusal says nothing")
			}
		})
	}
}

func TestListenAddr(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"localhost:8080", "127.0.0.1:8080"},
		{"LocalHost:0", "127.0.0.1:0"},
		{"127.0.0.1:8080", "127.0.0.1:8080"},
		{"127.8.8.8:65535", "127.8.8.8:65535"},
		{"[::1]:8080", "[::1]:8080"},
		{":8080", ""},
		{"0.0.0.0:8080", ""},
		{"[::]:8080", ""},
		{"192.0.2.1:8080", ""},
		{"10.0.0.1:8080", ""},
		{"[2001:db8::1]:8080", ""},
		{"[::ffff:127.0.0.1]:8080", "[::ffff:127.0.0.1]:8080"},
		{"[::ffff:192.0.2.1]:8080", ""},
		{"[::1%lo]:8080", ""},
		{"desk.example:8080", ""},
		{"localhost.example:8080", ""},
		{"localhost.:8080", ""},
		{"127.1:8080", ""},
		{"2130706433:8080", ""},
		{"localhost", ""},
		{"8080", ""},
		{"", ""},
		{"localhost:", ""},
		{"localhost:http", ""},
		{"localhost:-1", ""},
		{"localhost:+1", ""},
		{"localhost:65536", ""},
		{"localhost:080", ""},
	} {
		got, err := ListenAddr(c.in)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("ListenAddr(%q) = %q, %v; want %q", c.in, got, err, c.want)
		}
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("ListenAddr(%q): %v is %v, want invalid", c.in, err, fault.KindOf(err))
		}
	}
	const say = "sign-in does not exist yet, so the desk answers only on this machine"
	if _, err := ListenAddr("192.0.2.1:80"); err == nil || !strings.Contains(err.Error(), say) {
		t.Errorf("ListenAddr of another machine says %v, want %q in it", err, say)
	}
}
