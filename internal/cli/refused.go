package cli

import (
	"fmt"
	"io"
	"os"

	"lapwing/internal/app"
	"lapwing/internal/intake"
)

type refusedCmd struct {
	Ls    refusedLsCmd    `cmd:"" default:"withargs" help:"List refused items with their reasons (the default)."`
	Show  refusedShowCmd  `cmd:"" help:"The bytes that were kept of one item, for repair."`
	Retry refusedRetryCmd `cmd:"" help:"Take refused items again, as they were or repaired."`
}

type refusedLsCmd struct {
	All  bool `help:"Also those that were taken later or have expired."`
	JSON bool `help:"One JSON object a line."`
}

func (cmd *refusedLsCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		state := intake.RefusedHeld
		if cmd.All {
			state = ""
		}
		n := 0
		err := d.Intake.ListRefused(c.ctx, c.who, state, func(r *intake.Refused) error {
			n++
			if cmd.JSON {
				return c.printJSON(r)
			}
			fmt.Fprintf(c.Stdout, "%d  %s  %s, %s bytes, %s", r.ID, printable(r.Path), r.State, number(r.Size), minute(r.Last))
			if r.Seen > 1 {
				fmt.Fprintf(c.Stdout, ", came %d times", r.Seen)
			}
			if !r.Kept {
				fmt.Fprint(c.Stdout, ", bytes not kept")
			}
			fmt.Fprintln(c.Stdout)
			for _, f := range r.Findings {
				fmt.Fprintf(c.Stdout, "     %s: %s\n", f.Severity, finding(f))
			}
			return nil
		})
		if err == nil && n == 0 && !cmd.JSON {
			fmt.Fprintln(c.Stdout, "nothing is refused")
		}
		return err
	})
}

type refusedShowCmd struct {
	ID   int64 `arg:"" help:"Number of the item."`
	JSON bool  `help:"The reasons as JSON instead of the bytes."`
}

func (cmd *refusedShowCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		r, data, err := d.Intake.RefusedBytes(c.ctx, c.who, cmd.ID)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return c.printJSON(r)
		}
		for _, f := range r.Findings {
			fmt.Fprintf(c.Stderr, "%s: %s\n", f.Severity, finding(f))
		}
		if len(data) == 0 {
			fmt.Fprintln(c.Stderr, "no bytes were kept of it")
		}
		_, err = c.Stdout.Write(data)
		return err
	})
}

type refusedRetryCmd struct {
	IDs  []int64 `arg:"" optional:"" help:"Numbers of items; without any, all that are held."`
	File string  `help:"The repaired file in place of one item; - reads standard input." placeholder:"FILE"`
	JSON bool    `help:"End with one line of JSON: the totals."`
	reading
}

func (cmd *refusedRetryCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		var repaired []byte
		var err error
		switch cmd.File {
		case "":
		case "-":
			repaired, err = io.ReadAll(io.LimitReader(c.Stdin, 64<<20))
		default:
			repaired, err = os.ReadFile(cmd.File)
		}
		if err != nil {
			return err
		}
		ids := cmd.IDs
		if len(ids) == 0 {
			err := d.Intake.ListRefused(c.ctx, c.who, intake.RefusedHeld, func(r *intake.Refused) error {
				if r.Kept {
					ids = append(ids, r.ID)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		t, err := d.Intake.Retry(c.ctx, c.who, ids, repaired, cmd.reading.reading(), func(id int64, r intake.Receipt) {
			if cmd.JSON {
				return
			}
			fmt.Fprintf(c.Stdout, "%d  %s", id, r.Outcome)
			if r.Ref != "" {
				fmt.Fprintf(c.Stdout, " as %s", r.Ref)
			}
			fmt.Fprintln(c.Stdout)
			if r.Outcome == intake.Rejected {
				for _, f := range r.Findings {
					fmt.Fprintf(c.Stdout, "     %s: %s\n", f.Severity, finding(f))
				}
			}
		})
		if cmd.JSON {
			if jerr := c.printJSON(t); err == nil {
				err = jerr
			}
		}
		if err == nil && t.Refused > 0 {
			return errRefused
		}
		return err
	})
}
