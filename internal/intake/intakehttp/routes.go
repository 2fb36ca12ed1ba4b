// Package intakehttp shows what intake took in: the queue and one referral as
// pages that only read, what was refused, the runs of intake, and the same as
// JSON with the door POST /api/v1/referrals through which others send.
//
// [Register] is the list of routes. What a page shows of a referral is made in
// referral.go and the files beside it; the words for codes are in words.go.
// Values of the source are folded until somebody opens them, and the source's
// own words for what happened stay in the original at the end of the page.
package intakehttp

import (
	"context"
	"embed"
	"net/http"

	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/referral"
	"lapwing/internal/web"
)

// Desk is what the pages need of [intake.Service]. Show and ListRefused record
// who looked, and show nothing where that cannot be recorded.
type Desk interface {
	Queue(ctx context.Context, f intake.Filter) ([]intake.Summary, error)
	Counts(ctx context.Context) (map[referral.State]int64, error)
	Find(ctx context.Context, what string) (string, error)
	Show(ctx context.Context, who identity.Actor, ref string, version int64) (*intake.Record, error)
	ListRefused(ctx context.Context, who identity.Actor, state string, each func(*intake.Refused) error) error
	Batches(ctx context.Context, last int) ([]intake.Batch, error)
	Run(ctx context.Context, who identity.Actor, req intake.Request) (intake.Totals, error)
}

var _ Desk = (*intake.Service)(nil)

//go:embed *.html
var templates embed.FS

// maxBody is the largest body of POST /api/v1/referrals in bytes. More than
// that goes through lapwing intake on the machine itself.
const maxBody = 64 << 20

type pages struct {
	desk  Desk
	views *web.Views
	slots chan struct{} // bounds how many bodies are taken in at one time
}

// Register adds the routes of intake.
func Register(k *web.Kit, d Desk) {
	p := &pages{desk: d, views: k.Views(templates, funcs), slots: make(chan struct{}, 4)}
	k.Nav("Queue", "/referrals")
	k.Nav("Refused", "/refused")
	k.Nav("Runs", "/batches")

	k.Page("GET /{$}", p.home)
	k.Page("GET /referrals", p.queue)
	k.Page("GET /referrals/{ref}", p.referral)
	k.Page("GET /refused", p.refused)
	k.Page("GET /batches", p.batches)

	k.API("GET /api/v1/referrals", p.apiQueue)
	k.API("GET /api/v1/referrals/{ref}", p.apiReferral)
	k.Upload("POST /api/v1/referrals", maxBody, p.apiTake)
}

func (p *pages) home(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
	http.Redirect(w, r, "/referrals", http.StatusSeeOther)
	return nil
}
