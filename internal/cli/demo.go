package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"lapwing/internal/app"
	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/fromany"
	"lapwing/internal/indicator"
	"lapwing/internal/intake"
	"lapwing/internal/known"
	"lapwing/internal/referral"
	"lapwing/internal/synth"
)

type demoCmd struct {
	Serve  bool   `help:"Show the desk in a browser afterwards."`
	Listen string `help:"Address of this machine to answer on." placeholder:"HOST:PORT"`
	Seed   uint64 `default:"1" help:"Another number invents other referrals."`
	JSON   bool   `help:"End with one line of JSON: the totals."`
}

func (cmd *demoCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		counts, err := d.Intake.Counts(c.ctx)
		if err != nil {
			return err
		}
		there := int64(0)
		for _, n := range counts {
			there += n
		}
		switch {
		case d.Demo && there > 0:
			fmt.Fprintf(c.Stderr, "the demo desk is there already, with %s\n", plural(there, "referral", "referrals"))
		case there > 0:
			return fault.New(fault.Conflict, "this desk holds %s that may be real: name an empty folder with --data", plural(there, "referral", "referrals"))
		default:
			if err := cmd.fill(c, d); err != nil {
				return err
			}
		}
		if !cmd.Serve {
			fmt.Fprintf(c.Stderr, "look at it: lapwing serve --data %s, or lapwing queue --data %s\n", d.Config.Data, d.Config.Data)
			return nil
		}
		addr := d.Config.Listen
		if cmd.Listen != "" {
			addr = cmd.Listen
		}
		return serve(c, d, addr)
	})
}

// fill writes the invented inbox and takes it in as any other.
func (cmd *demoCmd) fill(c *command, d *app.Desk) error {
	if err := d.MarkDemo(c.ctx); err != nil {
		return err
	}
	dir := filepath.Join(d.Config.Data, "invented")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	m, err := synth.Demo(dir, cmd.Seed, synth.DemoOptions{})
	if err != nil {
		return err
	}
	for _, f := range m.Geo {
		if _, err := d.Bases.Add(filepath.Join(dir, f)); err != nil && fault.KindOf(err) != fault.Conflict {
			return err
		}
	}
	for _, l := range m.Lists {
		if err := cmd.list(c, d, l.Name, l.Good, l.Note, filepath.Join(dir, l.File)); err != nil {
			return err
		}
	}
	p := newProgress(c.Stderr, "referrals")
	t, err := d.Intake.Run(c.ctx, c.who, intake.Request{
		Inputs: []string{filepath.Join(dir, m.Inbox)}, Unpack: unpackOptions(nil),
		Progress: func(t intake.Totals) { p.settled(t.Settled(), t.Refused) },
	})
	p.end()
	if err != nil {
		return err
	}
	if err := d.Jobs.Drain(c.ctx); err != nil {
		return err
	}
	if err := cmd.figures(c, d); err != nil {
		return err
	}
	if cmd.JSON {
		return c.printJSON(t)
	}
	fmt.Fprintf(c.Stdout, "invented referrals: %s read, %s accepted, %s updated, %s duplicate, %s refused\n", number(t.Read), number(t.Accepted), number(t.Updated), number(t.Duplicate), number(t.Refused))
	return nil
}

// figures gives the desk five years of invented figures of six indicators,
// each learned when a source would have told it.
func (cmd *demoCmd) figures(c *command, d *app.Desk) error {
	figures, events := synth.Figures(cmd.Seed, time.Time{})
	p := newProgress(c.Stderr, "figures")
	defer p.end()
	res, err := d.Figures.Import(c.ctx, c.who, indicator.Request{
		Inputs: "invented figures",
		Rows: func(yield func(indicator.Row, error) bool) {
			for i, f := range figures {
				if !yield(indicator.Row{Place: fmt.Sprintf("figure %d", i+1), Figure: f}, nil) {
					return
				}
			}
		},
		Progress: func(t indicator.Totals) { p.settled(t.Settled(), t.Refused) },
	})
	if err != nil {
		return err
	}
	if res.Refused > 0 {
		return fault.New(fault.Internal, "%d invented figures were refused", res.Refused)
	}
	if _, err := d.Figures.PutEvents(c.ctx, c.who, events); err != nil {
		return err
	}
	_, err = d.Figures.CountOwn(c.ctx)
	return err
}

func (cmd *demoCmd) list(c *command, d *app.Desk, name string, good bool, note, file string) error {
	if err := d.Known.Create(c.ctx, c.who, known.List{Name: name, Good: good, Note: note}); err != nil {
		return err
	}
	_, err := d.Known.Import(c.ctx, c.who, name, known.Import{
		Read: func(ctx context.Context, emit func(hashlist.Change) error, note func(referral.Finding)) error {
			return fromany.ReadFile(ctx, file, hashlist.Options{Source: name}, emit, note)
		},
	})
	return err
}
