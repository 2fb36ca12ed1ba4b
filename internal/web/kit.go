// Package web is the console kit: what every page of the desk shares and no
// module should have to think about. It knows no module.
//
// A [Kit] takes routes ([Kit.Page], [Kit.API], [Kit.Upload]) and gives the
// handler that answers them ([Kit.Handler]): with the headers that keep a
// browser from doing anything on behalf of others, behind [Guard], with one
// line of log each that names no person and no referral, and with every error
// turned into a page or a problem document in one place. [Views] are a
// module's templates within the common layout; [Visible] shows what a stranger
// wrote without letting it act. [ListenAddr] and [Server] open the door.
//
// No page needs a script, and none is shipped. Sign-in, forms and sessions are
// not here yet: until they are, the desk answers only the machine it runs on.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"os/user"
	"strings"
	"time"

	"lapwing/internal/identity"
)

// Options are what a desk says about itself.
type Options struct {
	// Who acts. Until sign-in exists it is whoever started the desk, which is
	// also what stands here where nothing is set.
	Who identity.Actor
	// Demo says on every page that everything on the desk is invented.
	Demo bool
	// Log gets one line for each request. nil: none.
	Log *slog.Logger
}

// A Handler answers one route. An error becomes a page or a problem document
// that says what to do; until then nothing may have been written.
type Handler func(w http.ResponseWriter, r *http.Request, who identity.Actor) error

// Kit is the desk's console.
type Kit struct {
	o      Options
	mux    *http.ServeMux
	assets *assets
	own    *Views // pages of the kit itself
	nav    []link
}

type link struct{ Label, Href string }

// Limits of a request that no route widens.
const (
	maxBody    = 64 << 10
	uploadTime = 15 * time.Minute
)

// New makes a kit that answers nothing yet but its assets and GET /healthz.
func New(o Options) *Kit {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if !o.Who.Valid() {
		o.Who = starter()
	}
	k := &Kit{o: o, mux: http.NewServeMux(), assets: readAssets()}
	k.own = k.Views(ownPages, nil)
	k.mux.Handle("GET /static/{file}", k.assets)
	k.API("GET /healthz", func(w http.ResponseWriter, _ *http.Request, _ identity.Actor) error {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err := w.Write([]byte("ok\n"))
		return err
	})
	return k
}

// starter is the person who runs this process.
func starter() identity.Actor {
	u, err := user.Current()
	if err != nil {
		return identity.Local("")
	}
	return identity.Local(u.Username)
}

// Nav puts a page into the navigation, after those that are there.
func (k *Kit) Nav(label, href string) { k.nav = append(k.nav, link{label, href}) }

// Page answers the pattern of [http.ServeMux] with HTML.
func (k *Kit) Page(pattern string, h Handler) { k.handle(pattern, maxBody, 0, h, k.failPage) }

// API answers the pattern with JSON; errors are problem documents (RFC 9457).
func (k *Kit) API(pattern string, h Handler) { k.handle(pattern, maxBody, 0, h, failJSON) }

// Upload is an API route that takes a body of up to limit bytes, and time to
// read it.
func (k *Kit) Upload(pattern string, limit int64, h Handler) {
	k.handle(pattern, limit, uploadTime, h, failJSON)
}

type failing func(w http.ResponseWriter, r *http.Request, err error)

func (k *Kit) handle(pattern string, limit int64, length time.Duration, h Handler, fail failing) {
	k.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if length > 0 {
			// Where the connection has no deadlines there is none to move.
			c := http.NewResponseController(w)
			_ = c.SetReadDeadline(time.Now().Add(length))
			_ = c.SetWriteDeadline(time.Now().Add(length))
		}
		if r.ContentLength > limit {
			k.fail(w, r, &http.MaxBytesError{Limit: limit}, fail)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		if err := h(w, r, k.o.Who); err != nil {
			k.fail(w, r, err, fail)
		}
	})
}

// Handler answers requests from this machine with what was registered.
func (k *Kit) Handler() http.Handler {
	return k.logged(headers(Guard(k.recovered(http.HandlerFunc(k.route)))))
}

// route is the mux, with the kit's own pages where there is no such route.
func (k *Kit) route(w http.ResponseWriter, r *http.Request) {
	h, pattern := k.mux.Handler(r)
	if pattern != "" {
		k.mux.ServeHTTP(w, r)
		return
	}
	var probe statusOnly
	h.ServeHTTP(&probe, r)
	if allow := probe.Header().Get("Allow"); allow != "" {
		w.Header().Set("Allow", allow)
	}
	k.failFor(r)(w, r, unrouted(probe.status))
}

// failFor is how errors look at an address that has no route of its own.
func (k *Kit) failFor(r *http.Request) failing {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return failJSON
	}
	return k.failPage
}

// statusOnly is a ResponseWriter that keeps the header and the status.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header {
	if s.header == nil {
		s.header = http.Header{}
	}
	return s.header
}
func (s *statusOnly) Write(b []byte) (int, error) { return len(b), nil }
func (s *statusOnly) WriteHeader(status int)      { s.status = status }

// gone says whether the client left before it was answered.
func gone(r *http.Request) bool { return context.Cause(r.Context()) != nil }
