package cli

import (
	"fmt"
	"strings"

	"lapwing/internal/app"
	"lapwing/internal/fault"
	"lapwing/internal/intake"
	"lapwing/internal/referral"
)

type queueCmd struct {
	State   []string `help:"Only these states: open, informational, retracted, closed. Without it the open ones." placeholder:"STATE"`
	All     bool     `help:"Every state."`
	Country string   `help:"Only referrals that concern this country, such as LU." placeholder:"CODE"`
	Source  string   `help:"Only from this source, such as ncmec." placeholder:"NAME"`
	Kind    string   `help:"Only this kind, or a family of them: csam, solicit, abuse." placeholder:"KIND"`
	Media   string   `help:"Only with this verdict on the files: known, near, new, none." enum:",known,near,new,none" default:"" placeholder:"VERDICT"`
	Risk    int      `help:"Only with a risk of at least this." placeholder:"0-100"`
	Limit   int      `short:"n" help:"How many; 0 for all. By default 40 for people and all with --json." default:"-1"`
	JSON    bool     `help:"One JSON object a line."`
}

func (cmd *queueCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		f := intake.Filter{All: cmd.All, Country: cmd.Country, Source: cmd.Source, Kind: cmd.Kind, Media: referral.MediaVerdict(cmd.Media), MinRisk: cmd.Risk}
		for _, s := range cmd.State {
			st := referral.State(s)
			switch st {
			case referral.StateOpen, referral.StateInformational, referral.StateRetracted, referral.StateClosed:
				f.States = append(f.States, st)
			default:
				return fault.New(fault.Invalid, "%q is not a state: open, informational, retracted, closed", s)
			}
		}
		limit := cmd.Limit
		if limit < 0 && !cmd.JSON {
			limit = 40
		}
		if cmd.JSON {
			return cmd.printJSON(c, d, f, limit)
		}
		if limit > 0 {
			f.Limit = limit + 1
		}
		rows, err := d.Intake.Queue(c.ctx, f)
		if err != nil {
			return err
		}
		more := limit > 0 && len(rows) > limit
		if more {
			rows = rows[:limit]
		}
		t := &table{}
		t.row("id", "risk", "compl.", "files", "countries", "kind", "source", "external id", "received", "links", "state")
		for _, r := range rows {
			t.row(r.Ref, fmt.Sprint(r.Risk), fmt.Sprint(r.Completeness), string(r.Media), strings.Join(r.Countries, " "), r.Kind.Label(),
				r.Source, r.ExternalID, day(r.Received), fmt.Sprint(r.Links), string(r.State))
		}
		t.print(c.Stdout)
		if more {
			fmt.Fprintln(c.Stdout, "there are more: --limit 0 lists all")
		}
		return nil
	})
}

// printJSON reads the queue in pages, so that a million referrals need no
// more memory than a hundred.
func (cmd *queueCmd) printJSON(c *command, d *app.Desk, f intake.Filter, limit int) error {
	const page = 1000
	for printed := 0; ; {
		f.Limit = page
		if limit >= 0 && limit != 0 {
			f.Limit = min(page, limit-printed)
		}
		rows, err := d.Intake.Queue(c.ctx, f)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := c.printJSON(r); err != nil {
				return err
			}
		}
		printed += len(rows)
		if len(rows) < f.Limit || limit > 0 && printed >= limit {
			return nil
		}
		f.After = &rows[len(rows)-1].Position
	}
}
