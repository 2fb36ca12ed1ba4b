package indicatorhttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/totable"
	"lapwing/internal/web"
)

// maxHeld is how many figures an answer has in a form that holds them all, at
// 160 bytes each.
const maxHeld = 500_000

// A form is how figures are written.
type form struct {
	kind, ending string // media type, and the end of a file's name
	holds        bool   // it holds all figures
	write        func(w io.Writer, fs totable.Figures, defs []indicator.Definition) error
}

func plainForm(kind, ending string, holds bool, write func(io.Writer, totable.Figures) error) form {
	return form{kind, ending, holds, func(w io.Writer, fs totable.Figures, _ []indicator.Definition) error { return write(w, fs) }}
}

var forms = map[string]form{
	"json":      plainForm("application/json", "json", false, totable.JSON),
	"jsonl":     plainForm("application/jsonl", "jsonl", false, totable.JSONLines),
	"csv":       plainForm("text/csv; charset=utf-8", "csv", false, totable.CSV),
	"wide":      plainForm("text/csv; charset=utf-8", "csv", true, totable.WideCSV),
	"json-stat": {"application/json", "json", true, totable.JSONStat},
	"parquet":   plainForm("application/vnd.apache.parquet", "parquet", false, totable.Parquet),
}

// ask gives the figures of a question, as they are read: an answer that breaks
// off breaks off the connection, and is not taken for a whole one.
func (p *pages) ask(w http.ResponseWriter, r *http.Request, g Grant) error {
	sel, as, err := readQuestion(r.URL.Query())
	if err != nil {
		return err
	}
	if as == "" {
		as = "json"
	}
	f, ok := forms[as]
	if !ok {
		return fault.New(fault.Invalid, "there is no form %.60q: there are %s", as, strings.Join(slices.Sorted(maps.Keys(forms)), ", "))
	}
	if err := g.confine(&sel); err != nil {
		return err
	}
	stated, err := p.desk.Definitions(r.Context(), sel.AsOf)
	if err != nil {
		return err
	}
	if err := areDefined(sel.Indicators, stated); err != nil {
		return err
	}
	leave, err := p.giving.enter(g.Who.ID)
	if err != nil {
		return err
	}
	defer leave()
	return p.give(w, r, f, sel, stated)
}

// confine keeps a question to the key's indicators.
func (g *Grant) confine(sel *indicator.Selection) error {
	if len(g.Indicators) == 0 {
		return nil
	}
	for _, i := range sel.Indicators {
		if !g.allows(i) {
			return fault.New(fault.Denied, "the key may ask for %s only", strings.Join(g.Indicators, ", "))
		}
	}
	if len(sel.Indicators) == 0 {
		sel.Indicators = g.Indicators
	}
	return nil
}

// areDefined says which name is not that of an indicator: its figures are not
// none, the name is wrong.
func areDefined(ids []string, stated []indicator.Stated) error {
	for _, id := range ids {
		if !slices.ContainsFunc(stated, func(s indicator.Stated) bool { return s.ID == id }) {
			return fault.New(fault.NotFound, "no indicator %.60q is defined here: GET /api/v1/indicators lists them", id)
		}
	}
	return nil
}

// Times of an answer: who reads too slowly holds up what the store can free.
const (
	answerTime = 10 * time.Minute
	writeTime  = 30 * time.Second
)

// give writes the figures of a selection.
func (p *pages) give(w http.ResponseWriter, r *http.Request, f form, sel indicator.Selection, stated []indicator.Stated) error {
	ctx, cancel := context.WithTimeout(r.Context(), answerTime)
	defer cancel()
	var defs []indicator.Definition
	for _, s := range stated {
		defs = append(defs, s.Definition)
	}
	out := &stream{w: w, c: http.NewResponseController(w), f: f}
	err := f.write(out, p.figures(ctx, sel, f.holds), defs)
	if err != nil && out.begun {
		// Half an answer must not look like a whole one.
		panic(http.ErrAbortHandler)
	}
	if err == nil && !out.begun {
		_, err = out.Write(nil) // no lines are an answer, too
	}
	return err
}

// figures are those of a selection, for a writer.
func (p *pages) figures(ctx context.Context, sel indicator.Selection, held bool) totable.Figures {
	enough := errors.New("enough")
	return func(yield func(indicator.Figure, error) bool) {
		n := 0
		err := p.desk.Figures(ctx, sel, func(f indicator.Figure) error {
			if n++; held && n > maxHeld {
				return fault.New(fault.Invalid, "there are more than %d figures, which is too much for this form: ask for fewer, or as csv, jsonl or parquet", maxHeld)
			}
			if !yield(f, nil) {
				return enough
			}
			return nil
		})
		if err != nil && !errors.Is(err, enough) {
			yield(indicator.Figure{}, fmt.Errorf("read figures: %w", err))
		}
	}
}

// A stream is an answer whose headers go out with its first bytes, and whose
// reader has so much time for each part.
type stream struct {
	w     http.ResponseWriter
	c     *http.ResponseController
	f     form
	begun bool
}

func (s *stream) Write(b []byte) (int, error) {
	if !s.begun {
		s.begun = true
		s.w.Header().Set("Content-Type", s.f.kind)
		s.w.Header().Set("Content-Disposition", `attachment; filename="figures.`+s.f.ending+`"`)
	}
	// Where the connection has no deadlines there is none to move.
	_ = s.c.SetWriteDeadline(time.Now().Add(writeTime))
	return s.w.Write(b)
}

// indicatorsDocument is the answer of GET /api/v1/indicators.
type indicatorsDocument struct {
	Indicators []indicator.Stated `json:"indicators"`
}

// askIndicators gives what the indicators measure, and what they do not.
func (p *pages) askIndicators(w http.ResponseWriter, r *http.Request, g Grant) error {
	q := r.URL.Query()
	for name, values := range q {
		if name != "as_of" {
			return fault.New(fault.Invalid, "there is no parameter %.60q: there is as_of", name)
		}
		if err := checkValues(name, values, false); err != nil {
			return err
		}
	}
	asOf, err := endOf(q.Get("as_of"))
	if err != nil {
		return err
	}
	stated, err := p.desk.Definitions(r.Context(), asOf)
	if err != nil {
		return err
	}
	doc := indicatorsDocument{Indicators: []indicator.Stated{}}
	for _, s := range stated {
		if g.allows(s.ID) {
			s.By = "" // who stated it is the desk's own affair
			doc.Indicators = append(doc.Indicators, s)
		}
	}
	return web.WriteJSON(w, http.StatusOK, doc)
}

// seriesCSV gives the figures of one series page. It is a part of the console,
// so it takes no key.
func (p *pages) seriesCSV(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	k, err := readKey(r)
	if err != nil {
		return err
	}
	asOf, err := readAsOf(r)
	if err != nil {
		return err
	}
	if _, err := p.find(r.Context(), k); err != nil {
		return err
	}
	leave, err := p.giving.enter("")
	if err != nil {
		return err
	}
	defer leave()
	sel := indicator.One(k)
	sel.AsOf = asOf
	return p.give(w, r, forms["csv"], sel, nil)
}
