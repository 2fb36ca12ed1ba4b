package indicatorhttp

import (
	"context"
	"net/http"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/chart"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/web"
	"lapwing/series"
)

// seriesPage is what series.html shows.
type seriesPage struct {
	indicator.Key
	Definition indicator.Stated
	AsOf       string // as it was asked for
	Here, CSV  string // addresses

	Run      indicator.Run
	Values   int // periods with a value
	Learned  time.Time
	Charts   []chart.Chart
	Judged   *judged
	Days     bool // they were added up to weeks to be judged
	Rows     []figureRow
	Steps    []revisionRow // the latest first
	Left     int           // revisions beyond those
	Revised  int           // periods that were revised
	Events   []eventRow
	Expected bool // the rows say what was expected
}

type figureRow struct {
	Period string
	indicator.Observation
	Known           bool // something was told of the period
	Revised         int  // how often
	Expected, Upper float64
	Assessed, Alarm bool
}

type revisionRow struct {
	Period        string
	Before, After indicator.Observation
	Batch         int64
}

// How many of the latest figures and revisions a page shows.
const (
	shownFigures   = 60
	shownRevisions = 60
)

// readKey reads the name of a series from the address; NotFound where it
// cannot be one.
func readKey(r *http.Request) (indicator.Key, error) {
	k := indicator.Key{Indicator: r.PathValue("indicator"), Source: r.PathValue("source"), Geography: r.PathValue("geography"), Length: calendar.Length(r.PathValue("length"))}
	for _, s := range []string{k.Indicator, k.Source, k.Geography} {
		if len(s) > 200 || checkValues("", []string{s}, false) != nil {
			return k, errNoSeries
		}
	}
	if k.Length.PerYear() == 0 {
		return k, errNoSeries
	}
	return k, nil
}

var errNoSeries = fault.New(fault.NotFound, "there is no such series: the page Indicators lists them")

// readAsOf reads the only parameter of a series page.
func readAsOf(r *http.Request) (time.Time, error) {
	q := r.URL.Query()
	for name, values := range q {
		if name != "as_of" {
			return time.Time{}, fault.New(fault.Invalid, "there is no parameter %.60q: there is as_of", name)
		}
		if err := checkValues(name, values, false); err != nil {
			return time.Time{}, err
		}
	}
	return endOf(q.Get("as_of"))
}

// find gives a series; NotFound where nothing was ever known of it.
func (p *pages) find(ctx context.Context, k indicator.Key) (indicator.Series, error) {
	found, err := p.desk.Series(ctx, indicator.One(k))
	if err == nil && len(found) == 0 {
		err = errNoSeries
	}
	if err != nil {
		return indicator.Series{}, err
	}
	return found[0], nil
}

// series shows one series: its course with outages, what was to be expected,
// alarms and events, its latest figures, and how they were revised; also as
// known on an earlier day.
func (p *pages) series(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	ctx := r.Context()
	k, err := readKey(r)
	if err != nil {
		return err
	}
	asOf, err := readAsOf(r)
	if err != nil {
		return err
	}
	if _, err := p.find(ctx, k); err != nil {
		return err
	}
	v := &seriesPage{Key: k, AsOf: r.URL.Query().Get("as_of"), Here: address(k)}
	v.CSV = withAsOf(v.Here+"/figures.csv", v.AsOf)
	if v.Definition, err = p.desk.Definition(ctx, k.Indicator, asOf); fault.KindOf(err) == fault.NotFound {
		v.Definition, err = p.desk.Definition(ctx, k.Indicator, time.Time{}) // it was defined later
	}
	if err != nil {
		return err
	}
	sel := indicator.One(k)
	sel.AsOf = asOf
	if err := p.desk.Runs(ctx, sel, func(r indicator.Run) error { v.Run = r; return nil }); err != nil {
		return err
	}
	if len(v.Run.Known) > 0 {
		if err := p.fill(ctx, v, sel); err != nil {
			return err
		}
	}
	return p.views.Render(w, "series", web.View{Title: "Series", Section: "/indicators", Main: v})
}

// fill puts the page of a series together of which something was known.
func (p *pages) fill(ctx context.Context, v *seriesPage, sel indicator.Selection) error {
	run := &v.Run
	revised := map[calendar.Day]int{}
	err := p.desk.Revisions(ctx, sel, func(r indicator.Revision) error {
		revised[r.After.First]++
		v.step(r)
		return nil
	})
	if err != nil {
		return err
	}
	v.Revised = len(revised)
	end := run.Period(len(run.Known) - 1).Last()
	drawn := last(run)[0].First
	if run.Length == calendar.Daily { // its weeks go further back
		drawn = max(run.Known[0].First, min(drawn, end-calendar.Day(7*shown[calendar.Weekly])))
	}
	es, err := p.desk.EventsOn(ctx, v.Key, drawn, end, sel.AsOf)
	if err != nil {
		return err
	}
	v.Events = eventRows(es, func(string) string { return v.Definition.Name })
	v.judge(es)
	for _, o := range run.Known {
		if o.Status == indicator.Observed {
			v.Values++
		}
		if o.Learned.After(v.Learned) {
			v.Learned = o.Learned
		}
	}
	v.rows(revised)
	return nil
}

// judge judges the run, and draws it.
func (v *seriesPage) judge(es []indicator.Event) {
	run, def := &v.Run, &v.Definition
	title := def.Name + " by " + string(run.Length)
	if run.Length != calendar.Daily {
		j := judge(*run, shown[run.Length])
		if j.Detector != "" {
			v.Judged = &j
		}
		v.Expected = j.Assessed > 0
		v.Charts = append(v.Charts, course("course", title, def.Units, run, v.Judged, es))
		return
	}
	v.Charts = append(v.Charts, course("course", title, def.Units, run, nil, es))
	w := weeks(*run)
	if len(w.Known) == 0 {
		return
	}
	j := judge(w, shown[calendar.Weekly])
	v.Judged, v.Days = &j, true
	if j.Assessed > 0 {
		v.Charts = append(v.Charts, course("weeks", def.Name+" by week, against what was to be expected", def.Units, &w, &j, es))
	}
}

// rows are the latest figures, the last period first.
func (v *seriesPage) rows(revised map[calendar.Day]int) {
	run := &v.Run
	for i := len(run.Known) - 1; i >= max(0, len(run.Known)-shownFigures); i-- {
		o := run.Known[i]
		row := figureRow{Period: run.Period(i).String(), Observation: o, Known: !o.Learned.IsZero(), Revised: revised[o.First]}
		if at := i - v.from(); v.Expected && at >= 0 && at < len(v.Judged.evals) {
			e := v.Judged.evals[at]
			row.Assessed, row.Alarm = e.Outcome != series.NotAssessed, e.Outcome == series.Alarm
			row.Expected, row.Upper = e.Expected, e.Upper
		}
		v.Rows = append(v.Rows, row)
	}
}

func (v *seriesPage) from() int {
	if v.Judged == nil {
		return 0
	}
	return v.Judged.from
}

// step keeps the latest revisions.
func (v *seriesPage) step(r indicator.Revision) {
	row := revisionRow{v.Length.Of(r.After.First).String(), r.Before, r.After, r.Batch}
	i := 0
	for i < len(v.Steps) && !r.After.Learned.After(v.Steps[i].After.Learned) {
		i++
	}
	if len(v.Steps) < shownRevisions {
		v.Steps = append(v.Steps, revisionRow{})
	} else {
		v.Left++
		if i == len(v.Steps) {
			return
		}
	}
	copy(v.Steps[i+1:], v.Steps[i:])
	v.Steps[i] = row
}
