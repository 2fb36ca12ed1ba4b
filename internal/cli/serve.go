package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"lapwing/internal/app"

	"golang.org/x/sync/errgroup"
)

type serveCmd struct {
	Listen string `help:"Address of this machine to answer on; port 0 takes a free one (LAPWING_LISTEN)." placeholder:"HOST:PORT"`
}

func (cmd *serveCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		addr := d.Config.Listen
		if cmd.Listen != "" {
			addr = cmd.Listen
		}
		return serve(c, d, addr)
	})
}

// serve answers until the context ends, and does the desk's follow-up work.
func serve(c *command, d *app.Desk, addr string) error {
	srv, err := d.Server(addr, c.log())
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", srv.Addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "the desk is at http://%s (stop with Ctrl-C)\n", l.Addr())
	g, ctx := errgroup.WithContext(c.ctx)
	g.Go(func() error {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error { return d.Jobs.Work(ctx) })
	g.Go(func() error { return d.Follow(ctx) })
	g.Go(func() error { return d.Count(ctx) })
	g.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return srv.Shutdown(end)
	})
	return g.Wait()
}
