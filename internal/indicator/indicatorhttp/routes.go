// Package indicatorhttp is the figures' face: the door through which partners'
// programs send and ask for them, and pages that show the indicators, a series
// and the events.
//
// [Register] is the list of routes. The addresses below /api/v1 take a key
// (api_key.go): what it may do is decided here, whether it is valid by the
// desk. The pages need none, like all pages of the console. What a series page
// says is put together in page_series.go, what it judges in judge.go, and what it
// draws in draw.go.
package indicatorhttp

import (
	"context"
	"embed"
	"io"
	"iter"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromtable"
	"lapwing/internal/web"
)

// Desk is what the routes need: the figures of [indicator.Service], a reader,
// and whoever knows the keys.
type Desk interface {
	Definitions(ctx context.Context, asOf time.Time) ([]indicator.Stated, error)
	Definition(ctx context.Context, id string, asOf time.Time) (indicator.Stated, error)
	Series(ctx context.Context, sel indicator.Selection) ([]indicator.Series, error)
	Figures(ctx context.Context, sel indicator.Selection, each func(indicator.Figure) error) error
	Runs(ctx context.Context, sel indicator.Selection, each func(indicator.Run) error) error
	Revisions(ctx context.Context, sel indicator.Selection, each func(indicator.Revision) error) error
	Events(ctx context.Context, asOf time.Time) ([]indicator.Event, error)
	EventsOn(ctx context.Context, k indicator.Key, from, to calendar.Day, asOf time.Time) ([]indicator.Event, error)
	Import(ctx context.Context, who identity.Actor, req indicator.Request) (indicator.Result, error)

	// ReadFigures reads a table or JSON. Of a table it also gives what was
	// understood, which is complete once the rows are read.
	ReadFigures(r io.Reader, o fromtable.Options) (*fromtable.Understood, iter.Seq2[indicator.Row, error], error)
	// CheckKey gives what the key with that secret may do. It fails with
	// NotFound where there is none that is valid, and with Denied where it has
	// none of the scopes.
	CheckKey(ctx context.Context, secret string, scopes ...string) (Grant, error)
}

// Scopes of keys.
const (
	writeScope = "figures:write"
	readScope  = "figures:read"
)

// A Grant is what a key allows.
type Grant struct {
	Who        identity.Actor
	Source     string   // figures that it writes are of this source
	Indicators []string // that it may write and read; none: all
}

//go:embed *.html
var templates embed.FS

// Limits of what comes in. What is larger goes through lapwing series import
// on the machine itself.
const (
	maxBody = 64 << 20 // bytes
	// A dry run holds all figures in memory, and other writers wait for it.
	maxDryBody = 8 << 20
)

type pages struct {
	desk  Desk
	views *web.Views

	limit  *limiter
	taking *slots // bodies that are being taken in
	giving *slots // answers that are being sent
}

// Register adds the routes of figures.
func Register(k *web.Kit, d Desk) { register(k, d) }

func register(k *web.Kit, d Desk) *pages {
	p := &pages{desk: d, views: k.Views(templates, funcs),
		limit: &limiter{now: time.Now}, taking: &slots{most: 4, each: 1}, giving: &slots{most: 4, each: 2}}
	k.Nav("Indicators", "/indicators")
	k.Nav("Events", "/events")

	k.Page("GET /indicators", p.indicators)
	k.Page("GET /series/{indicator}/{source}/{geography}/{length}", p.series)
	k.Page("GET /series/{indicator}/{source}/{geography}/{length}/figures.csv", p.seriesCSV)
	k.Page("GET /events", p.events)

	k.Upload("POST /api/v1/figures", maxBody, p.keyed(p.take, writeScope))
	k.API("GET /api/v1/figures", p.keyed(p.ask, readScope))
	k.API("GET /api/v1/indicators", p.keyed(p.askIndicators, readScope, writeScope))
	return p
}
