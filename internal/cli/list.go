package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lapwing/internal/app"
	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/fromany"
	"lapwing/internal/hashlist/toncmec"
	"lapwing/internal/known"
	"lapwing/internal/referral"
)

type listCmd struct {
	Create listCreateCmd `cmd:"" help:"Make an empty hash list."`
	Import listImportCmd `cmd:"" help:"Read files into a list: text, CSV, NCMEC XML, VICS, ICSE, NSRL."`
	Ls     listLsCmd     `cmd:"" help:"The lists of the desk."`
	Show   listShowCmd   `cmd:"" help:"One list: what it holds and how it changed."`
	Export listExportCmd `cmd:"" help:"Write the entries of a list."`
	Rm     listRmCmd     `cmd:"" help:"Take a list away; what it matched is assessed again."`
}

type listCreateCmd struct {
	Name      string `arg:"" help:"Lower-case letters, digits, dot, dash, underscore."`
	Source    string `help:"Who vouches for entries that name nobody; without it the list's name." placeholder:"NAME"`
	KnownGood bool   `help:"The list names known-good files: less noise, never a reason to close."`
	Note      string `help:"What the list is, for colleagues."`
}

func (cmd *listCreateCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		err := d.Known.Create(c.ctx, c.who, known.List{Name: cmd.Name, Source: cmd.Source, Good: cmd.KnownGood, Note: cmd.Note})
		if err == nil {
			fmt.Fprintf(c.Stdout, "list %s is made; lapwing list import %s FILE… fills it\n", cmd.Name, cmd.Name)
		}
		return err
	})
}

type listImportCmd struct {
	Name    string   `arg:"" help:"The list."`
	Files   []string `arg:"" help:"Files; - reads standard input."`
	Map     string   `help:"For CSV: which column is what, such as md5=Hash,id=Number,label:industry=Category." placeholder:"FIELD=COLUMN,…"`
	Kind    string   `help:"Kind of fingerprints that the file does not name: sha256 or pdq." enum:",sha256,pdq" default:""`
	Scheme  string   `help:"Scheme of classifications that the file does not name." placeholder:"NAME"`
	Author  string   `help:"Whose opinion the classifications are; without it the source's." placeholder:"NAME"`
	Replace bool     `help:"The file is the whole list: entries that it does not name are ended."`
	JSON    bool     `help:"End with one line of JSON: the counts."`
}

func (cmd *listImportCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		l, err := d.Known.List(c.ctx, cmd.Name)
		if err != nil {
			return err
		}
		if cmd.Replace && len(cmd.Files) != 1 {
			return fault.New(fault.Invalid, "--replace takes one file: the whole list")
		}
		o := hashlist.Options{Source: l.Source, Author: cmd.Author, DefaultKind: cmd.Kind, Scheme: cmd.Scheme}
		if cmd.Map != "" {
			if o.Mapping, err = hashlist.ParseMapping(cmd.Map); err != nil {
				return fault.Because(fault.Invalid, err, "--map: %v", err)
			}
		}
		var all known.Result
		for _, file := range cmd.Files {
			res, err := cmd.read(c, d, l, file, o)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			all.Number = res.Number
			all.Read, all.Added, all.Changed, all.Unchanged = all.Read+res.Read, all.Added+res.Added, all.Changed+res.Changed, all.Unchanged+res.Unchanged
			all.Removed, all.Refused = all.Removed+res.Removed, all.Refused+res.Refused
		}
		if err := d.Jobs.Drain(c.ctx); err != nil {
			return err
		}
		if cmd.JSON {
			err = c.printJSON(all)
		} else {
			_, err = fmt.Fprintf(c.Stdout, "%s read: %s added, %s changed, %s unchanged, %s removed, %s refused\n", number(all.Read), number(all.Added), number(all.Changed), number(all.Unchanged), number(all.Removed), number(all.Refused))
		}
		if err == nil && all.Refused > 0 {
			return errRefused
		}
		return err
	})
}

func (cmd *listImportCmd) read(c *command, d *app.Desk, l *known.List, file string, o hashlist.Options) (known.Result, error) {
	p := newProgress(c.Stderr, "entries")
	defer p.end()
	notes := 0
	return d.Known.Import(c.ctx, c.who, l.Name, known.Import{
		Replace:  cmd.Replace,
		Progress: func(n int64) { p.settled(n, 0) },
		Note: func(f referral.Finding) {
			if notes++; notes <= 20 {
				fmt.Fprintf(c.Stderr, "%s: %s: %s\n", printable(file), f.Severity, finding(f))
			} else if notes == 21 {
				fmt.Fprintln(c.Stderr, "further notes are left out")
			}
		},
		Read: func(ctx context.Context, emit func(hashlist.Change) error, note func(referral.Finding)) error {
			if file == "-" {
				return fromany.Read(ctx, c.Stdin, o, emit, note)
			}
			return fromany.ReadFile(ctx, file, o, emit, note)
		},
	})
}

type listLsCmd struct {
	JSON bool `help:"One JSON object a line."`
}

func (cmd *listLsCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		ls, err := d.Known.Lists(c.ctx)
		if err != nil {
			return err
		}
		t := &table{}
		t.row("list", "entries", "version", "changed", "source", "what")
		for _, l := range ls {
			if cmd.JSON {
				if err := c.printJSON(l); err != nil {
					return err
				}
				continue
			}
			what := l.Note
			if l.Good {
				what = strings.TrimSpace("known-good. " + what)
			}
			t.row(l.Name, number(l.Entries), fmt.Sprint(l.Version), minute(l.Changed), l.Source, what)
		}
		if cmd.JSON {
			return nil
		}
		if len(ls) == 0 {
			fmt.Fprintln(c.Stdout, "no hash lists yet: lapwing list create NAME makes one")
			return nil
		}
		t.print(c.Stdout)
		return nil
	})
}

type listShowCmd struct {
	Name string `arg:"" help:"The list."`
	JSON bool   `help:"As one JSON object."`
}

func (cmd *listShowCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		l, err := d.Known.Show(c.ctx, cmd.Name)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return c.printJSON(l)
		}
		fmt.Fprintf(c.Stdout, "%s: %s, version %d, source %s\n", l.Name, plural(l.Entries, "entry", "entries"), l.Version, printable(l.Source))
		if l.Good {
			fmt.Fprintln(c.Stdout, "names known-good files: less noise, never a reason to close")
		}
		if l.Note != "" {
			fmt.Fprintln(c.Stdout, printable(l.Note))
		}
		t := &table{}
		var kinds []string
		for k := range l.Fingerprints {
			kinds = append(kinds, k)
		}
		slices.Sort(kinds)
		for _, k := range kinds {
			t.row("  "+k, number(l.Fingerprints[k]))
		}
		for _, ch := range l.History {
			t.row(fmt.Sprintf("  change %d", ch.Number), minute(ch.At), ch.What, fmt.Sprintf("%s added, %s changed, %s removed", number(ch.Added), number(ch.Changed), number(ch.Removed)), ch.Actor)
		}
		t.print(c.Stdout)
		return nil
	})
}

type listExportCmd struct {
	Name string `arg:"" help:"The list."`
	As   string `help:"text (type, fingerprint, id), csv, jsonl (everything) or ncmec (XML, images and videos only)." enum:"text,csv,jsonl,ncmec" default:"text"`
}

func (cmd *listExportCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		entries := hashlist.Stream(func(emit func(hashlist.Change) error) error {
			return d.Known.Export(c.ctx, c.who, cmd.Name, func(e *hashlist.Entry) error { return emit(hashlist.Change{Entry: e}) })
		})
		switch cmd.As {
		case "csv":
			return hashlist.WriteCSV(c.Stdout, entries)
		case "jsonl":
			return hashlist.WriteJSONL(c.Stdout, entries)
		case "ncmec":
			return exportNCMEC(c, entries)
		}
		return hashlist.WriteText(c.Stdout, entries)
	})
}

// exportNCMEC writes one page with everything: who wants a list of millions
// takes another form.
func exportNCMEC(c *command, entries hashlist.Changes) error {
	var page toncmec.Page
	for ch, err := range entries {
		if err != nil {
			return err
		}
		page.Changes = append(page.Changes, ch)
	}
	left, err := toncmec.Write(c.Stdout, page)
	for _, f := range left {
		fmt.Fprintf(c.Stderr, "left out: %s\n", finding(f))
	}
	if err == nil && len(left) > 0 {
		return errRefused
	}
	return err
}

type listRmCmd struct {
	Name string `arg:"" help:"The list."`
}

func (cmd *listRmCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		if err := d.Known.Remove(c.ctx, c.who, cmd.Name); err != nil {
			return err
		}
		if err := d.Jobs.Drain(c.ctx); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.Stdout, "list %s matches no more; what was concluded with it stays explained\n", cmd.Name)
		return err
	})
}
