package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"lapwing/internal/app"
	"lapwing/internal/fault"
	"lapwing/internal/hashing"
	"lapwing/internal/intake"
	"lapwing/internal/referral"
	"lapwing/internal/unpack"
)

type intakeCmd struct {
	Take    takeCmd    `cmd:"" default:"withargs" help:"Take in what lies at the paths (the default)."`
	Refused refusedCmd `cmd:"" help:"Items that could not be taken in: list, show, retry."`
	Batches batchesCmd `cmd:"" help:"Earlier runs and their ledgers."`
}

func formatNames() string {
	var names []string
	for _, f := range intake.Formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// reading are the flags that say how documents are read.
type reading struct {
	Format string `help:"Read everything as this format (${formats}) instead of recognising each document from its bytes." placeholder:"NAME"`
	Map    string `help:"For CSV: which column is what, such as id=Number,received=Date,url=Address." placeholder:"FIELD=COLUMN,…"`
	Source string `help:"Who vouches for reports that do not say so themselves, such as the hotline's short name." placeholder:"NAME"`
}

func (r reading) reading() intake.Reading {
	return intake.Reading{Format: r.Format, Mapping: r.Map, Source: r.Source}
}

type takeCmd struct {
	Paths []string `arg:"" help:"Folders, zip or tar archives, files; - reads standard input."`
	reading
	Batch    string `help:"Name of the run; the same name goes on with a run that was stopped, also from standard input." placeholder:"NAME"`
	JSON     bool   `help:"End with one line of JSON: the totals."`
	Receipts string `help:"Write what became of each item to this file, one JSON object a line." placeholder:"FILE"`
	Quiet    bool   `short:"q" help:"Do not list what was refused."`
}

func (cmd *takeCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		req := intake.Request{Inputs: cmd.Paths, Name: cmd.Batch, Reading: cmd.reading.reading(), Unpack: unpackOptions(c.Stdin)}
		p := newProgress(c.Stderr, "referrals")
		if p != nil {
			if _, bytes, known := unpack.Total(c.ctx, cmd.Paths); known {
				p.of(bytes)
			}
		}
		req.Unpack.Progress = p.bytes
		req.Progress = func(t intake.Totals) { p.settled(t.Settled(), t.Refused) }
		receipts, closeReceipts, err := receiptFile(cmd.Receipts)
		if err != nil {
			return err
		}
		var refused []intake.Receipt
		req.Receipt = func(r intake.Receipt) {
			receipts(r)
			if r.Outcome == intake.Rejected && len(refused) < 20 {
				refused = append(refused, r)
			}
		}
		t, err := d.Intake.Run(c.ctx, c.who, req)
		p.end()
		if cerr := closeReceipts(); err == nil {
			err = cerr
		}
		if err == nil {
			err = d.Jobs.Drain(c.ctx)
		}
		if !cmd.Quiet && len(refused) > 0 {
			printRefused(c.Stderr, refused, t.Refused)
		}
		if cmd.JSON {
			if jerr := c.printJSON(t); err == nil {
				err = jerr
			}
		} else {
			fmt.Fprintf(c.Stdout, "%s read: %s accepted, %s updated, %s duplicate, %s refused",
				number(t.Read), number(t.Accepted), number(t.Updated), number(t.Duplicate), number(t.Refused))
			if t.Unfinished > 0 {
				fmt.Fprintf(c.Stdout, ", %s unfinished", number(t.Unfinished))
			}
			fmt.Fprintln(c.Stdout)
		}
		if err == nil && t.Refused > 0 {
			return errRefused
		}
		return err
	})
}

func unpackOptions(stdin io.Reader) unpack.Options {
	return unpack.Options{Stdin: stdin, Sniff: hashing.Sniff, Fingerprint: fingerprint}
}

// receiptFile opens the file for receipts; without a name it swallows them.
func receiptFile(name string) (put func(intake.Receipt), end func() error, err error) {
	if name == "" {
		return func(intake.Receipt) {}, func() error { return nil }, nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, fault.Because(fault.Invalid, err, "the file for receipts: %v", err)
	}
	enc := json.NewEncoder(f)
	var failed error
	put = func(r intake.Receipt) {
		if failed == nil {
			failed = enc.Encode(r)
		}
	}
	return put, func() error {
		if err := f.Close(); failed == nil {
			failed = err
		}
		return failed
	}, nil
}

func printRefused(w io.Writer, refused []intake.Receipt, total int64) {
	for _, r := range refused {
		fmt.Fprintf(w, "refused %s (item %d)\n", printable(r.Path), r.Refused)
		for _, f := range r.Findings {
			if f.Severity == referral.Refuse {
				fmt.Fprintf(w, "  %s\n", finding(f))
			}
		}
	}
	if more := total - int64(len(refused)); more > 0 {
		fmt.Fprintf(w, "and %s more\n", number(more))
	}
	fmt.Fprintln(w, "They are kept sealed: lapwing intake refused lists them, lapwing intake refused retry takes them again.")
}

func finding(f referral.Finding) string {
	if f.Path == "" {
		return printable(f.Text)
	}
	return printable(f.Path + ": " + f.Text)
}

type batchesCmd struct {
	ID   int64 `arg:"" optional:"" help:"Number of a run: what became of each of its items."`
	Last int   `default:"20" help:"How many runs."`
	JSON bool  `help:"One JSON object a line."`
}

func (cmd batchesCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		if cmd.ID != 0 {
			return cmd.ledger(c, d)
		}
		bs, err := d.Intake.Batches(c.ctx, cmd.Last)
		if err != nil {
			return err
		}
		t := &table{}
		t.row("batch", "started", "state", "read", "accepted", "updated", "duplicate", "refused", "inputs")
		for _, b := range bs {
			if cmd.JSON {
				if err := c.printJSON(b); err != nil {
					return err
				}
				continue
			}
			t.row(fmt.Sprint(b.ID), minute(b.Started), b.State, number(b.Read), number(b.Accepted), number(b.Updated), number(b.Duplicate), number(b.Refused), b.Inputs)
		}
		if !cmd.JSON {
			t.print(c.Stdout)
		}
		return nil
	})
}

// ledger prints the items of one run.
func (cmd batchesCmd) ledger(c *command, d *app.Desk) error {
	return d.Intake.Ledger(c.ctx, c.who, cmd.ID, func(l intake.Line) error {
		if cmd.JSON {
			return c.printJSON(l)
		}
		became := l.Ref
		if l.Refused != 0 {
			became = fmt.Sprintf("item %d", l.Refused)
		}
		_, err := fmt.Fprintf(c.Stdout, "%-9s  %-16s  %s\n", l.Outcome, became, printable(l.Path))
		return err
	})
}
