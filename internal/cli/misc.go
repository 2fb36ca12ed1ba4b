package cli

import (
	"fmt"

	"lapwing/internal/app"
	"lapwing/internal/intake"
)

type geoCmd struct {
	Add geoAddCmd `cmd:"" help:"Copy an MMDB or RIR file into the desk and use it from now on."`
	Ls  geoLsCmd  `cmd:"" help:"The address databases of the desk."`
}

type geoAddCmd struct {
	Files []string `arg:"" help:"MaxMind DB (.mmdb) or RIR delegated-extended files." type:"existingfile"`
}

func (cmd *geoAddCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		for _, f := range cmd.Files {
			b, err := d.Bases.Add(f)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.Stdout, "%s, built %s\n", printable(b.Name), b.Built)
		}
		return nil
	})
}

type geoLsCmd struct {
	JSON bool `help:"One JSON object a line."`
}

func (cmd *geoLsCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		bs := d.Bases.List()
		for _, b := range bs {
			if cmd.JSON {
				if err := c.printJSON(b); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(c.Stdout, "%s, built %s\n", printable(b.Name), b.Built)
		}
		if len(bs) == 0 && !cmd.JSON {
			fmt.Fprintln(c.Stdout, "none: lapwing geo add FILE adds one")
		}
		return nil
	})
}

type replayCmd struct {
	IDs  []string `arg:"" optional:"" help:"References; without any, all referrals."`
	JSON bool     `help:"End with one line of JSON: the counts."`
}

func (cmd *replayCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		var n struct {
			Assessments int64 `json:"assessments"`
			Same        int64 `json:"same"`
			Different   int64 `json:"different"`
		}
		p := newProgress(c.Stderr, "assessments")
		each := func(r intake.Replay) error {
			n.Assessments++
			p.settled(n.Assessments, 0)
			if r.Same {
				n.Same++
				return nil
			}
			n.Different++
			_, err := fmt.Fprintf(c.Stderr, "%s assessment %d: %s\n", r.Ref, r.Number, printable(r.Why))
			return err
		}
		var err error
		if len(cmd.IDs) == 0 {
			err = d.Intake.ReplayAll(c.ctx, each)
		}
		for _, id := range cmd.IDs {
			ref, ferr := d.Intake.Find(c.ctx, id)
			if ferr != nil {
				return ferr
			}
			if err = d.Intake.Replay(c.ctx, ref, each); err != nil {
				break
			}
		}
		p.end()
		if err != nil {
			return err
		}
		if cmd.JSON {
			err = c.printJSON(n)
		} else {
			_, err = fmt.Fprintf(c.Stdout, "%s made again: %s the same, %s different\n", plural(n.Assessments, "assessment", "assessments"), number(n.Same), number(n.Different))
		}
		if err == nil && n.Different > 0 {
			return errSilent
		}
		return err
	})
}
