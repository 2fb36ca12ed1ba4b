package intakehttp

import (
	"net/http"
	"net/url"
	"strings"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/referral"
	"lapwing/internal/web"
)

// queuePage is what queue.html shows.
type queuePage struct {
	Filter   intake.Filter
	State    string // of the tab that is open, "" where the filter names several
	Tabs     []tab
	Kinds    []kindGroup
	Verdicts []referral.MediaVerdict
	// OtherKind is the kind of the filter where the list does not offer it: the
	// beginning of several.
	OtherKind string
	Filtered  bool // by more than the state
	Clear     string
	Rows      []intake.Summary
	First     string // address of the first page, where this is not it
	Next      string // address of the next page, where there is one
}

type tab struct {
	Label, Value, Href string
	Count              int64
	Open               bool
}

// queue shows the referrals, those first that a child may need most. With
// find it leads to the one referral that the text names.
func (p *pages) queue(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	q := r.URL.Query()
	if what := strings.TrimSpace(q.Get("find")); what != "" {
		ref, err := p.find(r, what)
		if err == nil {
			http.Redirect(w, r, "/referrals/"+url.PathEscape(ref), http.StatusSeeOther)
		}
		return err
	}
	q.Del("find")
	f, err := readFilter(q)
	if err != nil {
		return err
	}
	counts, err := p.desk.Counts(r.Context())
	if err != nil {
		return err
	}
	rows, next, err := p.list(r, f)
	if err != nil {
		return err
	}
	page := queuePage{Filter: f, Tabs: tabs(&f, counts), Kinds: kindGroups, Verdicts: verdicts, Rows: rows}
	for _, t := range page.Tabs {
		if t.Open {
			page.State, page.Clear = t.Value, t.Href
		}
	}
	if !offered(f.Kind) {
		page.OtherKind = f.Kind
	}
	here := query(&f)
	page.Filtered = len(here) > 1 || len(here) == 1 && !here.Has("state")
	if q.Has("limit") && f.Limit != pageSize {
		here.Set("limit", q.Get("limit"))
	}
	if f.After != nil {
		page.First = address(here)
	}
	if next != "" {
		here.Set("after", next)
		page.Next = address(here)
	}
	return p.views.Render(w, "queue", web.View{Title: "Queue", Section: "/referrals", Main: page})
}

func address(q url.Values) string {
	if len(q) == 0 {
		return "/referrals"
	}
	return "/referrals?" + q.Encode()
}

// list gives one page of the queue and the place where the next one begins,
// "" where there is none.
func (p *pages) list(r *http.Request, f intake.Filter) (rows []intake.Summary, next string, err error) {
	want := f.Limit
	f.Limit++
	if rows, err = p.desk.Queue(r.Context(), f); err != nil {
		return nil, "", err
	}
	if len(rows) > want {
		rows = rows[:want]
		next = writePosition(rows[want-1].Position)
	}
	return rows, next, nil
}

// find resolves what a person typed or followed.
func (p *pages) find(r *http.Request, what string) (string, error) {
	if !plain(what) {
		return "", fault.New(fault.NotFound, "no referral has such a name: a reference has 16 letters and digits")
	}
	return p.desk.Find(r.Context(), what)
}

// tabs leads to the states with the filter as it is otherwise.
func tabs(f *intake.Filter, counts map[referral.State]int64) []tab {
	var total int64
	for _, n := range counts {
		total += n
	}
	var ts []tab
	add := func(label, value string, n int64, to intake.Filter, open bool) {
		ts = append(ts, tab{Label: label, Value: value, Count: n, Href: address(query(&to)), Open: open})
	}
	for _, s := range states {
		to := *f
		to.States, to.All = []referral.State{s}, false
		open := !f.All && (len(f.States) == 1 && f.States[0] == s || len(f.States) == 0 && s == referral.StateOpen)
		add(word(stateWords, s), string(s), counts[s], to, open)
	}
	to := *f
	to.States, to.All = nil, true
	add("All", allState, total, to, f.All)
	return ts
}

// A kindGroup is a branch of the taxonomy in the filter's list.
type kindGroup struct {
	Label string
	Kinds []kindChoice
}

type kindChoice struct{ Value, Label string }

// offered says whether the filter's list has the kind.
func offered(kind string) bool {
	for _, g := range kindGroups {
		for _, k := range g.Kinds {
			if k.Value == kind {
				return true
			}
		}
	}
	return false
}

var branchWords = map[string]string{
	"csam": "Material (CSAM)", "solicit": "Solicitation", "abuse": "Abuse", "exploit": "Exploitation",
	"none": "Set aside",
}

// kindGroups are the branches with more than one kind, and one group for the rest.
var kindGroups = func() []kindGroup {
	var gs []kindGroup
	rest := kindGroup{Label: "Other"}
	at := map[string]int{}
	for _, k := range referral.Kinds {
		branch, _, _ := strings.Cut(string(k.Kind), ".")
		c := kindChoice{string(k.Kind), upperFirst(k.Label)}
		if branchWords[branch] == "" {
			rest.Kinds = append(rest.Kinds, c)
			continue
		}
		i, ok := at[branch]
		if !ok {
			i = len(gs)
			at[branch] = i
			gs = append(gs, kindGroup{branchWords[branch], []kindChoice{{branch, branchWords[branch] + ": any"}}})
		}
		gs[i].Kinds = append(gs[i].Kinds, c)
	}
	return append(gs, rest)
}()
