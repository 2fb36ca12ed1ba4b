package intakehttp

import (
	"net/http"

	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/web"
)

// queueDocument is the answer of GET /api/v1/referrals.
type queueDocument struct {
	Referrals []intake.Summary `json:"referrals"`
	Next      string           `json:"next,omitempty"` // give it as after for the next page
}

func (p *pages) apiQueue(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	f, err := readFilter(r.URL.Query())
	if err != nil {
		return err
	}
	rows, next, err := p.list(r, f)
	if err != nil {
		return err
	}
	if rows == nil {
		rows = []intake.Summary{}
	}
	return web.WriteJSON(w, http.StatusOK, queueDocument{rows, next})
}

// apiReferral gives one referral, by its reference, the beginning of it, or
// the report's number at its source. It is a look like any other, and recorded.
func (p *pages) apiReferral(w http.ResponseWriter, r *http.Request, who identity.Actor) error {
	version, err := readVersion(r)
	if err != nil {
		return err
	}
	ref, err := p.find(r, r.PathValue("ref"))
	if err != nil {
		return err
	}
	r.SetPathValue("ref", ref) // what is logged leaves it out
	rec, err := p.desk.Show(r.Context(), who, ref, version)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, rec)
}
