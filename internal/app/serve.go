package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"lapwing/internal/indicator/indicatorhttp"
	"lapwing/internal/intake/intakehttp"
	"lapwing/internal/report/reporthttp"
	"lapwing/internal/web"
)

// Server answers for the desk on an address of this machine.
func (d *Desk) Server(addr string, log *slog.Logger) (*http.Server, error) {
	addr, err := web.ListenAddr(addr)
	if err != nil {
		return nil, err
	}
	kit := web.New(web.Options{Log: log, Demo: d.Demo})
	intakehttp.Register(kit, d.Intake)
	indicatorhttp.Register(kit, figuresDesk{d.Figures, d.APIKeys})
	reporthttp.Register(kit, d)
	srv := web.Server(kit.Handler(), log)
	srv.Addr = addr
	return srv, nil
}

// Count counts the desk's own referrals and tallies anew, at once and then
// every hour, so that indicators show them. Several processes may do so.
func (d *Desk) Count(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if _, err := d.Figures.CountOwn(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("the desk's own figures were not counted", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Follow takes over what other processes change: hash lists and address
// databases. What fails is tried again; until then the desk goes on with what
// it has, and its assessments say what that is.
func (d *Desk) Follow(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	failed := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			err := errors.Join(d.Known.Refresh(ctx), d.Bases.Refresh())
			if err != nil && !failed && ctx.Err() == nil {
				d.log.Error("changes of other processes are not taken over", "error", err)
			}
			failed = err != nil
		}
	}
}
