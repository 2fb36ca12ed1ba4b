package indicatorhttp

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/web"
)

// keyed lets requests with a key through that has one of the scopes, so many
// in a time. The key stands in the header Authorization (RFC 6750, section
// 2.1) and nowhere else: an address is written to logs and histories.
func (p *pages) keyed(h func(w http.ResponseWriter, r *http.Request, g Grant) error, scopes ...string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
		secret := bearer(r)
		if secret == "" {
			return unauthorized(w, "Bearer", "a key is needed: send it in the header Authorization as Bearer, a blank and the key; lapwing key create makes one")
		}
		g, err := p.desk.CheckKey(r.Context(), secret, scopes...)
		switch fault.KindOf(err) {
		case fault.NotFound:
			return unauthorized(w, `Bearer error="invalid_token"`, fault.Msg(err))
		case fault.Denied:
			w.Header().Set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="`+scopes[0]+`"`)
			return err
		}
		if err != nil {
			return err
		}
		if !p.spend(w, g, 1) {
			return nil
		}
		return h(w, r, g)
	}
}

// spend takes tokens of a key; where there are too few it answers 429 and
// gives false.
func (p *pages) spend(w http.ResponseWriter, g Grant, tokens float64) bool {
	wait := p.limit.take(g.Who.ID, tokens)
	if wait <= 0 {
		return true
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
	_ = web.WriteProblem(w, web.NewProblem(http.StatusTooManyRequests, "the key asks too often: once a second is fine, and a few more at once"))
	return false
}

// bearer is the key that the request carries; "" where there is none.
func bearer(r *http.Request) string {
	all := r.Header.Values("Authorization")
	if len(all) != 1 {
		return ""
	}
	scheme, key, _ := strings.Cut(all[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(key)
}

func unauthorized(w http.ResponseWriter, challenge, detail string) error {
	w.Header().Set("WWW-Authenticate", challenge)
	return web.WriteProblem(w, web.NewProblem(http.StatusUnauthorized, detail))
}

// allows says whether the key may write and read an indicator.
func (g *Grant) allows(indicator string) bool {
	return len(g.Indicators) == 0 || slices.Contains(g.Indicators, indicator)
}
