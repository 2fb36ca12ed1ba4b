package intakehttp

import (
	"net/http"
	"net/url"
	"strconv"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/web"
)

// referral shows everything known about one referral. Its address is its
// whole reference; what a person typed instead (the beginning, the report's
// number at its source) leads there. Showing is recorded by the service.
func (p *pages) referral(w http.ResponseWriter, r *http.Request, who identity.Actor) error {
	version, err := readVersion(r)
	if err != nil {
		return err
	}
	asked := r.PathValue("ref")
	ref, err := p.find(r, asked)
	if err != nil {
		return err
	}
	if ref != asked {
		to := url.URL{Path: "/referrals/" + ref, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
		return nil
	}
	rec, err := p.desk.Show(r.Context(), who, ref, version)
	if err != nil {
		return err
	}
	return p.views.Render(w, "referral", web.View{Title: "Referral " + ref, Section: "/referrals", Main: describe(rec, version)})
}

// readVersion is the version that the query names, 0 for the current one.
func readVersion(r *http.Request) (int64, error) {
	v := r.URL.Query().Get("version")
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.Invalid, "version is %q; it must be a number from 1, or be left out for the current one", v)
	}
	return n, nil
}
