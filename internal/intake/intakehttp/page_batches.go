package intakehttp

import (
	"net/http"

	"lapwing/internal/identity"
	"lapwing/internal/web"
)

// batches lists the newest runs of intake with their ledgers.
func (p *pages) batches(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	bs, err := p.desk.Batches(r.Context(), pageSize)
	if err != nil {
		return err
	}
	return p.views.Render(w, "batches", web.View{Title: "Runs", Section: "/batches", Main: bs})
}
