package indicatorhttp

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromtable"
	"lapwing/internal/web"
)

// maxReceipts is how many receipts an answer holds. A body of 64 MiB may have
// a million figures in it.
const maxReceipts = 1000

// takenDocument is the answer of POST /api/v1/figures.
type takenDocument struct {
	DryRun     bool                  `json:"dry_run,omitempty"`
	Totals     indicator.Result      `json:"totals"`
	Notes      []string              `json:"notes,omitempty"` // about all of it
	Receipts   []receipt             `json:"receipts"`        // of what was refused, and of what a person should look at
	Left       int64                 `json:"receipts_left_out,omitempty"`
	Understood *fromtable.Understood `json:"understood,omitempty"` // of a table
}

// receipt says what became of a figure.
type receipt struct {
	Place       string            `json:"place"`
	Outcome     indicator.Outcome `json:"outcome"`
	Indicator   string            `json:"indicator,omitempty"`
	Source      string            `json:"source,omitempty"`
	Geography   string            `json:"geography,omitempty"`
	Period      string            `json:"period,omitempty"`
	Value       *float64          `json:"value,omitempty"`
	Status      indicator.Status  `json:"status,omitempty"`
	Provisional bool              `json:"provisional,omitempty"`
	Reasons     []string          `json:"reasons,omitempty"` // why it was refused
	Notes       []string          `json:"notes,omitempty"`
}

// takenProblem is the answer where nothing of it, or not all, could be read
// or taken.
type takenProblem struct {
	web.Problem
	takenDocument
}

// take takes in figures as lapwing series import does: a table or JSON. The
// answer is 201 where a figure was accepted, 200 where all were known already
// or revised some, 422 with the reasons where everything was refused, and 400
// where the body cannot be read; what stands before the place that is named is
// taken in. With dry_run the same is said, and nothing is changed.
//
// All figures are of the key's source. When the desk learned them is for the
// desk to say: a partner cannot change what was known on an earlier day.
func (p *pages) take(w http.ResponseWriter, r *http.Request, g Grant) error {
	asked, err := readTaking(r.URL.Query(), &g)
	if err == nil {
		err = checkBody(r)
	}
	if err != nil {
		return err
	}
	if asked.dryRun && !p.spend(w, g, dryRunCost) {
		return nil
	}
	leave, err := p.taking.enter(g.Who.ID)
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	t := &taking{g: &g, doc: takenDocument{DryRun: asked.dryRun, Receipts: []receipt{}}}
	body := &wholeBody{r: r.Body, cancel: cancel}
	if asked.dryRun {
		body.r = http.MaxBytesReader(w, r.Body, maxDryBody)
	}
	understood, rows, err := p.desk.ReadFigures(body, asked.options)
	if broke := body.broke(); broke != nil {
		return broke
	}
	if err != nil {
		return t.unread(w, err)
	}
	t.doc.Totals, err = p.desk.Import(ctx, g.Who, indicator.Request{Inputs: "POST /api/v1/figures", Rows: t.rows(rows), DryRun: asked.dryRun, Receipt: t.receipt})
	if broke := body.broke(); broke != nil {
		return broke
	}
	t.doc.Understood = understood
	if t.cut != nil && t.doc.Totals.Read > 0 {
		return t.half(w)
	}
	if err != nil {
		return err
	}
	return t.answer(w)
}

// taking is one body on its way in.
type taking struct {
	g     *Grant
	doc   takenDocument
	dated int   // figures that said when they were learned
	cut   error // why the rest cannot be read
}

// rows are those that were read, as far as the key goes.
func (t *taking) rows(in iter.Seq2[indicator.Row, error]) iter.Seq2[indicator.Row, error] {
	return func(yield func(indicator.Row, error) bool) {
		for r, err := range in {
			if err != nil {
				t.cut = err
				yield(indicator.Row{}, fault.Because(fault.Invalid, err, "the body cannot be read: %s", said(err)))
				return
			}
			t.confine(&r)
			if !yield(r, nil) {
				return
			}
		}
	}
}

// confine keeps a row to what the key allows.
func (t *taking) confine(r *indicator.Row) {
	refuse := func(format string, args ...any) {
		r.Problems = append(slices.Clip(r.Problems), fmt.Sprintf(format, args...))
	}
	f := &r.Figure
	// What a row does not say is a problem of its own, which the reader told.
	if f.Source != "" && f.Source != t.g.Source {
		refuse("the figure is of %.60q, and the key writes figures of %s only", f.Source, t.g.Source)
	}
	if f.Indicator != "" && !t.g.allows(f.Indicator) {
		refuse("the key does not write figures of %.60q: it writes %s", f.Indicator, strings.Join(t.g.Indicators, ", "))
	}
	if !f.Learned.IsZero() {
		t.dated++
		f.Learned = time.Time{}
	}
}

// receipt keeps those that a person should look at.
func (t *taking) receipt(r indicator.Receipt) {
	if len(r.Reasons) == 0 && len(r.Notes) == 0 {
		return
	}
	if len(t.doc.Receipts) == maxReceipts {
		t.doc.Left++
		return
	}
	f := &r.Figure
	out := receipt{Place: r.Place, Outcome: r.Outcome, Indicator: f.Indicator, Source: f.Source, Geography: f.Geography,
		Status: f.Status, Provisional: f.Provisional, Reasons: r.Reasons, Notes: r.Notes}
	if f.Length.PerYear() > 0 {
		out.Period = calendar.Period{Length: f.Length, First: f.First}.String()
	}
	if f.Status == indicator.Observed && !math.IsNaN(f.Value) && !math.IsInf(f.Value, 0) {
		v := f.Value
		out.Value = &v
	}
	t.doc.Receipts = append(t.doc.Receipts, out)
}

func (t *taking) note() {
	if t.dated > 0 {
		t.doc.Notes = append(t.doc.Notes, fmt.Sprintf("Figures that say when they were learned: %d. That is for the desk to say: they are learned now.", t.dated))
	}
	if t.doc.Totals.Partial {
		t.doc.Notes = append(t.doc.Notes, fmt.Sprintf("The dry run looked at the first %d figures only.", indicator.DryRunRows))
	}
}

// unread answers where nothing of the body can be read. A table that leaves
// questions open comes with what was understood of it.
func (t *taking) unread(w http.ResponseWriter, err error) error {
	var u *fromtable.Unclear
	if !errors.As(err, &u) {
		return fault.Because(fault.Invalid, err, "the body cannot be read: %s", said(err))
	}
	t.doc.Understood = &u.Understood
	return web.WriteProblem(w, takenProblem{web.NewProblem(http.StatusBadRequest, said(err)+" Give the options as parameters of the address."), t.doc})
}

// half answers where the rest of the body cannot be read.
func (t *taking) half(w http.ResponseWriter) error {
	t.note()
	detail := fmt.Sprintf("The body cannot be read to its end: %s. What stands before that is taken in: mend the rest and send it again.", said(t.cut))
	return web.WriteProblem(w, takenProblem{web.NewProblem(http.StatusBadRequest, detail), t.doc})
}

func (t *taking) answer(w http.ResponseWriter) error {
	t.note()
	switch n := &t.doc.Totals; {
	case n.Read == 0:
		return errEmpty
	case n.Accepted > 0 && !t.doc.DryRun:
		return web.WriteJSON(w, http.StatusCreated, t.doc)
	case n.Accepted+n.Updated+n.Duplicate > 0:
		return web.WriteJSON(w, http.StatusOK, t.doc)
	}
	detail := "No figure could be taken in; each receipt has the reasons. What was sent is kept sealed for repair."
	if t.doc.DryRun {
		detail = "No figure could be taken in; each receipt has the reasons."
	}
	return web.WriteProblem(w, takenProblem{web.NewProblem(http.StatusUnprocessableEntity, detail), t.doc})
}

// said is the text of a reader's error, which may quote the body.
func said(err error) string {
	s := strings.ToValidUTF8(err.Error(), "\uFFFD")
	if len(s) > 2000 {
		s = strings.ToValidUTF8(s[:2000], "") + "…"
	}
	return s
}
