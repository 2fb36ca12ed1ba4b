package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"lapwing/internal/app"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
)

type indicatorCmd struct {
	Ls   indicatorLsCmd   `cmd:"" help:"The indicators of the desk."`
	Show indicatorShowCmd `cmd:"" help:"What an indicator measures, and what it does not."`
	Add  indicatorAddCmd  `cmd:"" help:"Add an indicator of the desk's own, or change it; its versions are kept."`
}

type indicatorLsCmd struct {
	JSON bool `help:"One JSON object a line."`
}

func (cmd *indicatorLsCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		all, err := d.Figures.Definitions(c.ctx, time.Time{})
		if err != nil {
			return err
		}
		var t table
		t.row("id", "name", "counts", "per", "from")
		for _, s := range all {
			if cmd.JSON {
				if err := c.printJSON(s); err != nil {
					return err
				}
				continue
			}
			from := "this desk, version " + fmt.Sprint(s.Version)
			if s.Shipped {
				from = "shipped"
			}
			t.row(s.ID, s.Name, s.Units, string(s.Definition.Length), from)
		}
		if !cmd.JSON {
			t.print(c.Stdout)
		}
		return nil
	})
}

type indicatorShowCmd struct {
	ID   string `arg:"" help:"Which one, as indicator ls names it."`
	JSON bool   `help:"As one line of JSON."`
}

func (cmd *indicatorShowCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		s, err := d.Figures.Definition(c.ctx, cmd.ID, time.Time{})
		if err != nil {
			return err
		}
		if cmd.JSON {
			return c.printJSON(s)
		}
		fmt.Fprintf(c.Stdout, "%s (%s), %s by %s\n\nMeasures: %s\n\nDoes not measure: %s\n\nA rise can mean: %s\n", printable(s.Name), s.ID, printable(s.Units), s.Definition.Length, printable(s.Measures), printable(s.DoesNotMeasure), printable(s.Direction))
		for _, m := range s.Caveats {
			fmt.Fprintf(c.Stdout, "- %s\n", printable(m))
		}
		return nil
	})
}

type indicatorAddCmd struct {
	File string `arg:"" help:"JSON as indicator show --json prints it: id, name, measures, does_not_measure, unit, units, direction, caveats, length; - reads standard input."`
}

func (cmd *indicatorAddCmd) Run(c *command) error {
	b, err := readAll(c, cmd.File)
	if err != nil {
		return err
	}
	var def indicator.Definition
	if err := json.Unmarshal(b, &def); err != nil {
		return fault.New(fault.Invalid, "%s: %v", cmd.File, err)
	}
	return c.withDesk(func(d *app.Desk) error {
		s, err := d.Figures.Define(c.ctx, c.who, def)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.Stdout, "indicator %s, version %d\n", s.ID, s.Version)
		return nil
	})
}

// readAll reads a small file, or standard input for "-".
func readAll(c *command, path string) ([]byte, error) {
	in := c.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%v", err)
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, 16<<20))
}

type eventCmd struct {
	Ls  eventLsCmd  `cmd:"" help:"Events that may explain a change: lockdowns, campaigns, laws, takedowns, other ways of counting."`
	Add eventAddCmd `cmd:"" help:"Add events from a JSON file, or change those whose id is there."`
	Rm  eventRmCmd  `cmd:"" help:"Take an event away; what was known before stays."`
}

type eventLsCmd struct {
	JSON bool `help:"One JSON object a line."`
}

func (cmd *eventLsCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		es, err := d.Figures.Events(c.ctx, time.Time{})
		if err != nil {
			return err
		}
		var t table
		t.row("id", "from", "to", "kind", "where", "concerns", "name")
		for _, e := range es {
			if cmd.JSON {
				if err := c.printJSON(e); err != nil {
					return err
				}
				continue
			}
			where, about := strings.Join(e.Countries, " "), e.Indicator
			if where == "" {
				where = "everywhere"
			}
			if about == "" {
				about = "all"
			}
			t.row(e.ID, e.From.String(), e.To.String(), string(e.Kind), where, about, e.Name)
		}
		switch {
		case cmd.JSON:
		case len(es) == 0:
			fmt.Fprintln(c.Stdout, "none: lapwing event add FILE adds them")
		default:
			t.print(c.Stdout)
		}
		return nil
	})
}

type eventAddCmd struct {
	File string `arg:"" help:"JSON list of events: id, name, kind (lockdown, campaign, law, takedown, definition, source, other), from, to, and where it matters countries, indicator, source, note; - reads standard input."`
	JSON bool   `help:"One JSON object for each event."`
}

func (cmd *eventAddCmd) Run(c *command) error {
	b, err := readAll(c, cmd.File)
	if err != nil {
		return err
	}
	es, err := indicator.ReadEvents(strings.NewReader(string(b)))
	if err != nil {
		return err
	}
	return c.withDesk(func(d *app.Desk) error {
		out, err := d.Figures.PutEvents(c.ctx, c.who, es)
		if err != nil {
			return err
		}
		refused := false
		for _, r := range out {
			refused = refused || len(r.Reasons) > 0
			if cmd.JSON {
				if err := c.printJSON(r); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(c.Stdout, "%s: %s", printable(r.ID), r.Outcome)
			if len(r.Reasons) > 0 {
				fmt.Fprintf(c.Stdout, ": %s", printable(strings.Join(r.Reasons, "; ")))
			}
			fmt.Fprintln(c.Stdout)
		}
		if refused {
			return errRefused
		}
		return nil
	})
}

type eventRmCmd struct {
	ID string `arg:"" help:"Which one, as event ls names it."`
}

func (cmd *eventRmCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error { return d.Figures.RemoveEvent(c.ctx, c.who, cmd.ID) })
}
