package intakehttp

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/web"
)

// refusedPage is what refused.html shows.
type refusedPage struct {
	Tabs  []tab
	State string
	Rows  []intake.Refused
	Next  string
}

var refusedStates = []string{intake.RefusedHeld, intake.RefusedTaken, intake.RefusedExpired, allState}

var refusedWords = map[string]string{
	intake.RefusedHeld: "Held for repair", intake.RefusedTaken: "Taken in later", intake.RefusedExpired: "Expired", allState: "All",
}

// errEnough ends a list that is longer than its page.
var errEnough = errors.New("enough")

// refused lists what could not be taken in, with the reasons. Paths are sealed
// values, so the service records who looked.
func (p *pages) refused(w http.ResponseWriter, r *http.Request, who identity.Actor) error {
	q := r.URL.Query()
	page := refusedPage{State: q.Get("state")}
	if page.State == "" {
		page.State = intake.RefusedHeld
	}
	if !slices.Contains(refusedStates, page.State) {
		return fault.New(fault.Invalid, "%q is no state of a refused item: it is one of held, taken, expired, all", page.State)
	}
	var after int64
	if v := q.Get("after"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 {
			return fault.New(fault.Invalid, "after is %q; it must be the number of a refused item", v)
		}
		after = n
	}
	state := page.State
	if state == allState {
		state = ""
	}
	err := p.desk.ListRefused(r.Context(), who, state, func(x *intake.Refused) error {
		if x.ID <= after {
			return nil
		}
		if len(page.Rows) == pageSize {
			last := page.Rows[pageSize-1].ID
			page.Next = "/refused?" + url.Values{"state": {page.State}, "after": {strconv.FormatInt(last, 10)}}.Encode()
			return errEnough
		}
		page.Rows = append(page.Rows, *x)
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	for _, s := range refusedStates {
		page.Tabs = append(page.Tabs, tab{Label: refusedWords[s], Value: s, Href: "/refused?state=" + s, Open: s == page.State})
	}
	return p.views.Render(w, "refused", web.View{Title: "Refused", Section: "/refused", Main: page})
}
