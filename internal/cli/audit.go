package cli

import (
	"encoding/json"
	"fmt"
	"os"

	"lapwing/internal/app"
	"lapwing/internal/audit"
	"lapwing/internal/fault"
)

type auditCmd struct {
	Show       auditShowCmd       `cmd:"" help:"Entries of the trail, oldest first."`
	Verify     auditVerifyCmd     `cmd:"" help:"Check that nothing was altered, moved or removed; say where if something was."`
	Checkpoint auditCheckpointCmd `cmd:"" help:"Print the signed head of the trail, to be kept elsewhere."`
}

type auditShowCmd struct {
	Last    int    `default:"50" help:"How many of the newest; 0 for all."`
	Actor   string `help:"Only acts of this actor."`
	Action  string `help:"Only this action, such as intake.show."`
	Subject string `help:"Only acts on this subject: a referral's reference, list/NAME."`
	JSON    bool   `help:"One JSON object a line."`
}

func (cmd *auditShowCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		f := audit.Filter{Actor: cmd.Actor, Action: cmd.Action, Subject: cmd.Subject, Last: cmd.Last}
		t := &table{}
		err := d.Audit.Show(c.ctx, f, func(e audit.Entry) error {
			if cmd.JSON {
				var line struct {
					audit.Entry
					Detail json.RawMessage `json:"detail"`
				}
				line.Entry, line.Detail = e, json.RawMessage(e.Detail)
				if !json.Valid(line.Detail) {
					line.Detail, _ = json.Marshal(e.Detail)
				}
				return c.printJSON(line)
			}
			t.row(fmt.Sprint(e.Index), e.At.Format("2006-01-02 15:04:05 MST"), e.Actor, string(e.Kind), e.Action, e.Subject, e.Detail)
			return nil
		})
		t.print(c.Stdout)
		return err
	})
}

type auditVerifyCmd struct {
	Checkpoint []string `help:"File with a checkpoint that was kept elsewhere; may be given more than once." placeholder:"FILE"`
	JSON       bool     `help:"As one JSON object."`
}

func (cmd *auditVerifyCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		var kept []string
		for _, name := range cmd.Checkpoint {
			b, err := os.ReadFile(name)
			if err != nil {
				return fault.Because(fault.Invalid, err, "the checkpoint: %v", err)
			}
			kept = append(kept, string(b))
		}
		rep, err := d.Audit.Verify(c.ctx, kept...)
		if err != nil {
			return err
		}
		if cmd.JSON {
			if err := c.printJSON(rep); err != nil {
				return err
			}
		} else {
			for _, p := range rep.Problems {
				fmt.Fprintf(c.Stdout, "%s: %s\n", p.Where, p.What)
			}
			if rep.More > 0 {
				fmt.Fprintf(c.Stdout, "and %s more\n", number(int64(rep.More)))
			}
			if rep.Whole() {
				fmt.Fprintf(c.Stdout, "whole: %s, root %s\n", plural(rep.Size, "entry", "entries"), rep.Root)
				if len(kept) == 0 {
					fmt.Fprintln(c.Stdout, "a tail that was cut off shows only against a checkpoint kept elsewhere: lapwing audit checkpoint makes one, --checkpoint compares")
				}
			} else {
				fmt.Fprintln(c.Stdout, "NOT WHOLE")
			}
		}
		if !rep.Whole() {
			return errSilent
		}
		return nil
	})
}

type auditCheckpointCmd struct {
	Key bool `help:"Print the public key with which checkpoints are verified instead."`
}

func (cmd *auditCheckpointCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		if cmd.Key {
			fmt.Fprintln(c.Stdout, audit.VerifierKey(d.Keys.Signer()))
			return nil
		}
		note, err := d.Audit.Checkpoint(c.ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(c.Stdout, note)
		return err
	})
}
