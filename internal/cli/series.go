package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"lapwing/internal/app"
	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromtable"
	"lapwing/internal/indicator/totable"
)

type seriesCmd struct {
	Import  seriesImportCmd  `cmd:"" help:"Read figures of partners: CSV as they send it, or JSON."`
	Ls      seriesLsCmd      `cmd:"" help:"The series of the desk: indicator, source, place, length of period."`
	Show    seriesShowCmd    `cmd:"" help:"The figures of one series, also as known on an earlier day, and how they were revised."`
	Export  seriesExportCmd  `cmd:"" help:"Write figures as CSV, JSON, JSON-stat 2.0 or Parquet."`
	Count   seriesCountCmd   `cmd:"" help:"Count the desk's own referrals anew, by country and day."`
	Refused seriesRefusedCmd `cmd:"" help:"Rows that could not be taken, with their reasons."`
}

// choose are flags that select figures.
type choose struct {
	Indicator string `help:"Only this indicator." placeholder:"ID"`
	Source    string `help:"Only this source." placeholder:"NAME"`
	Geography string `help:"Only these countries, with commas between: DE,FR." placeholder:"CODES"`
	Per       string `help:"Only series by day, week, month or quarter." enum:",day,week,month,quarter" default:""`
	From      string `help:"Periods from this one on: 2020-03-01, 2020-W10, 2020-03, 2020-Q1." placeholder:"PERIOD"`
	To        string `help:"Periods up to this one." placeholder:"PERIOD"`
	AsOf      string `help:"As known at the end of that day; without it, now." placeholder:"DATE"`
}

func (f *choose) selection() (sel indicator.Selection, err error) {
	if f.Indicator != "" {
		sel.Indicators = []string{f.Indicator}
	}
	if f.Source != "" {
		sel.Sources = []string{f.Source}
	}
	for _, g := range strings.Split(f.Geography, ",") {
		if g = strings.TrimSpace(g); g != "" {
			sel.Geographies = append(sel.Geographies, g)
		}
	}
	sel.Length = calendar.Length(f.Per)
	if f.From != "" {
		p, err := calendar.Parse(f.From)
		if err != nil {
			return sel, fault.New(fault.Invalid, "--from: %v", err)
		}
		sel.From = p.First
	}
	if f.To != "" {
		p, err := calendar.Parse(f.To)
		if err != nil {
			return sel, fault.New(fault.Invalid, "--to: %v", err)
		}
		sel.To = p.Last()
	}
	sel.AsOf, err = endOf(f.AsOf, "--as-of")
	return sel, err
}

type seriesImportCmd struct {
	File                 string            `arg:"" help:"CSV or JSON; - reads standard input."`
	DryRun               bool              `help:"Say how the file is understood and what would happen, and change nothing."`
	Indicator            string            `help:"Indicator, where the file does not say it (lapwing indicator ls)." placeholder:"ID"`
	Source               string            `help:"Who counted, where the file does not say it." placeholder:"NAME"`
	Geography            string            `help:"Country, where the file does not say it." placeholder:"CODE"`
	Length               string            `help:"Length of the periods, where dates do not show it: day, week, month or quarter." enum:",day,week,month,quarter" default:""`
	Learned              string            `help:"Day on which the desk learned the figures, to fill in the past; without it, now." placeholder:"DATE"`
	Columns              string            `help:"Which column is what, such as period=Monat,value=Anzahl." placeholder:"FIELD=COLUMN,…"`
	DateOrder            string            `help:"Order of 1/3/2020: dmy or mdy." enum:",dmy,mdy" default:""`
	Decimal              string            `help:"What stands before decimals: point or comma." enum:",point,comma" default:""`
	Delimiter            string            `help:"Between cells: comma, semicolon, tab, bar or the character." placeholder:"NAME"`
	Encoding             string            `help:"Encoding of the text: utf-8, utf-16, windows-1252, …" placeholder:"NAME"`
	ExcelDates           string            `help:"Periods are Excel's day numbers, from 1900 or 1904." enum:",1900,1904" default:""`
	Words                map[string]string `help:"What a text stands for: --words 'Deutschland gesamt=DE'." placeholder:"TEXT=MEANING"`
	Marks                map[string]string `help:"What a mark in a cell stands for: --marks 'x=unavailable'." placeholder:"TEXT=STATUS"`
	ZeroMeansUnavailable []string          `help:"Series in which a zero says that the source was dark: forum-posts/*/*/day." placeholder:"SERIES"`
	JSON                 bool              `help:"End with one line of JSON: the totals (with --dry-run, what was understood, too)."`
}

func (cmd *seriesImportCmd) options() (o fromtable.Options, err error) {
	o = fromtable.Options{Indicator: cmd.Indicator, Source: cmd.Source, Geography: cmd.Geography, Length: calendar.Length(cmd.Length),
		DateOrder: fromtable.DateOrder(cmd.DateOrder), Decimal: fromtable.Decimal(cmd.Decimal), Delimiter: cmd.Delimiter, Encoding: cmd.Encoding,
		ExcelDates: cmd.ExcelDates, Words: cmd.Words, Marks: cmd.Marks, ZeroMeansUnavailable: cmd.ZeroMeansUnavailable}
	if cmd.Columns != "" {
		if o.Columns, err = fromtable.ParseColumns(cmd.Columns); err != nil {
			return o, fault.New(fault.Invalid, "--columns: %v", err)
		}
	}
	if cmd.Learned != "" {
		var d calendar.Day
		if err := d.UnmarshalText([]byte(cmd.Learned)); err != nil {
			return o, fault.New(fault.Invalid, "--learned: %v", err)
		}
		o.Learned = d.Time().Add(12 * time.Hour)
	}
	return o, nil
}

func (cmd *seriesImportCmd) Run(c *command) error {
	o, err := cmd.options()
	if err != nil {
		return err
	}
	return c.withDesk(func(d *app.Desk) error {
		in, name, err := cmd.open(c, o)
		if err != nil {
			return err
		}
		defer in.Close()
		understood, rows, err := app.ReadFigures(in, o)
		var unclear *fromtable.Unclear
		if errors.As(err, &unclear) && cmd.DryRun && !cmd.JSON {
			fmt.Fprintln(c.Stdout, flags(unclear.Understood.String()))
		}
		if err != nil {
			return fault.New(fault.Invalid, "%s: %s", cmd.File, flags(err.Error()))
		}
		p := newProgress(c.Stderr, "figures")
		shown := 0
		res, err := d.Figures.Import(c.ctx, c.who, indicator.Request{
			Inputs: filepath.Base(cmd.File), Name: name, Rows: rows, Learned: o.Learned, DryRun: cmd.DryRun,
			Progress: func(t indicator.Totals) { p.settled(t.Settled(), t.Refused) },
			Receipt:  func(r indicator.Receipt) { shown = cmd.tell(c, p, r, shown) },
		})
		p.end()
		if err != nil {
			return err
		}
		if err := cmd.sum(c, understood, res); err != nil {
			return err
		}
		if res.Refused > 0 {
			return errRefused
		}
		return nil
	})
}

// open opens the file, and names it by its content and how it is read, so that
// an import that was cut off goes on where it ended.
func (cmd *seriesImportCmd) open(c *command, o fromtable.Options) (io.ReadCloser, string, error) {
	if cmd.File == "-" {
		return io.NopCloser(c.Stdin), "", nil
	}
	f, err := os.Open(cmd.File)
	if err != nil {
		return nil, "", fault.New(fault.Invalid, "%v", err)
	}
	h := sha256.New()
	if err := errors.Join(json.NewEncoder(h).Encode(o), copyTo(h, f)); err != nil {
		f.Close()
		return nil, "", err
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, hex.EncodeToString(h.Sum(nil)), err
}

var option = regexp.MustCompile(`\boption ([a-z_]+)`)

// flags says a reader's options as flags of this command.
func flags(text string) string {
	return option.ReplaceAllStringFunc(strings.TrimSpace(text), func(s string) string {
		return "--" + strings.ReplaceAll(strings.TrimPrefix(s, "option "), "_", "-")
	})
}

func copyTo(w io.Writer, r io.Reader) error { _, err := io.Copy(w, r); return err }

// toldRows is how many refused or remarkable rows an import prints.
const toldRows = 20

func (cmd *seriesImportCmd) tell(c *command, p *progress, r indicator.Receipt, shown int) int {
	if len(r.Reasons) == 0 && len(r.Notes) == 0 || shown > toldRows {
		return shown
	}
	p.end()
	switch {
	case shown == toldRows:
		fmt.Fprintln(c.Stderr, "… and more: lapwing series refused lists those that were not taken")
	case len(r.Reasons) > 0:
		fmt.Fprintf(c.Stderr, "%s: refused: %s\n", printable(r.Place), printable(strings.Join(r.Reasons, "; ")))
	default:
		fmt.Fprintf(c.Stderr, "%s: note: %s\n", printable(r.Place), printable(strings.Join(r.Notes, "; ")))
	}
	return shown + 1
}

func (cmd *seriesImportCmd) sum(c *command, u *fromtable.Understood, res indicator.Result) error {
	if cmd.JSON {
		if cmd.DryRun {
			return c.printJSON(struct {
				DryRun     bool                  `json:"dry_run"`
				Understood *fromtable.Understood `json:"understood,omitempty"`
				indicator.Result
			}{true, u, res})
		}
		return c.printJSON(res)
	}
	if cmd.DryRun && u != nil {
		fmt.Fprintln(c.Stdout, flags(u.String()))
		fmt.Fprintln(c.Stdout)
	}
	verb := "figures"
	if cmd.DryRun {
		verb = "dry run, nothing is changed: figures"
	}
	fmt.Fprintf(c.Stdout, "%s: %s read, %s accepted, %s updated, %s duplicate, %s refused", verb, number(res.Read), number(res.Accepted), number(res.Updated), number(res.Duplicate), number(res.Refused))
	if res.Created > 0 {
		fmt.Fprintf(c.Stdout, "; %s", plural(res.Created, "new series", "new series"))
	}
	if res.Late > 0 {
		fmt.Fprintf(c.Stdout, "; %s older than what is known, kept as history", number(res.Late))
	}
	if res.Restated > 0 {
		fmt.Fprintf(c.Stdout, "; %s changed a final figure", number(res.Restated))
	}
	if res.Partial {
		fmt.Fprint(c.Stdout, "; the dry run looked at the beginning only")
	}
	fmt.Fprintln(c.Stdout)
	return nil
}

type seriesLsCmd struct {
	choose
	JSON bool `help:"One JSON object a line."`
}

func (cmd *seriesLsCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		sel, err := cmd.selection()
		if err != nil {
			return err
		}
		all, err := d.Figures.Series(c.ctx, sel)
		if err != nil {
			return err
		}
		var t table
		t.row("series", "from", "to", "periods", "revisions", "learned")
		for _, s := range all {
			if cmd.JSON {
				if err := c.printJSON(s); err != nil {
					return err
				}
				continue
			}
			t.row(s.Key.String(), s.Length.Of(s.First).String(), s.Length.Of(s.Last).String(), number(s.Periods), number(s.Revisions), day(s.Learned))
		}
		switch {
		case cmd.JSON:
		case len(all) == 0:
			fmt.Fprintln(c.Stdout, "none: lapwing series import FILE reads figures")
		default:
			t.print(c.Stdout)
		}
		return nil
	})
}

type seriesShowCmd struct {
	Series    string `arg:"" help:"Which one, as series ls names it: referrals/ncmec/DE/month."`
	AsOf      string `help:"As known at the end of that day; without it, now." placeholder:"DATE"`
	Revisions bool   `help:"Every step by which the figures changed."`
	JSON      bool   `help:"One JSON object a line."`
}

func (cmd *seriesShowCmd) Run(c *command) error {
	k, err := indicator.ParseKey(cmd.Series)
	if err != nil {
		return fault.New(fault.Invalid, "%v", err)
	}
	sel := indicator.One(k)
	if sel.AsOf, err = endOf(cmd.AsOf, "--as-of"); err != nil {
		return err
	}
	return c.withDesk(func(d *app.Desk) error {
		if cmd.Revisions {
			return d.Figures.Revisions(c.ctx, sel, func(r indicator.Revision) error {
				if cmd.JSON {
					return c.printJSON(r)
				}
				_, err := fmt.Fprintf(c.Stdout, "%s  %s  →  %s  learned %s\n", k.Length.Of(r.After.First), figure(r.Before), figure(r.After), minute(r.After.Learned))
				return err
			})
		}
		found := false
		err := d.Figures.Runs(c.ctx, sel, func(r indicator.Run) error {
			found = true
			for i, o := range r.Known {
				if cmd.JSON {
					if err := c.printJSON(indicator.Figure{Key: k, Observation: o}); err != nil {
						return err
					}
					continue
				}
				learned := "-"
				if !o.Learned.IsZero() {
					learned = minute(o.Learned)
				}
				fmt.Fprintf(c.Stdout, "%-10s  %16s  learned %s\n", r.Period(i), figure(o), learned)
			}
			return nil
		})
		if err == nil && !found {
			return fault.New(fault.NotFound, "no figures of %s were known then: lapwing series ls lists what there is", k)
		}
		return err
	})
}

func figure(o indicator.Observation) string {
	if o.Status != indicator.Observed {
		return string(o.Status)
	}
	s := number(int64(o.Value))
	if o.Provisional {
		s += " p"
	}
	return s
}

type seriesExportCmd struct {
	choose
	As  string `enum:"csv,wide,json,jsonl,json-stat,parquet" default:"csv" help:"csv (one figure a line), wide (one column a country), json, jsonl, json-stat, parquet."`
	Out string `short:"o" help:"File; without it standard output." placeholder:"FILE"`
}

func (cmd *seriesExportCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		sel, err := cmd.selection()
		if err != nil {
			return err
		}
		stop := errors.New("enough")
		figures := func(yield func(indicator.Figure, error) bool) {
			err := d.Figures.Figures(c.ctx, sel, func(f indicator.Figure) error {
				if !yield(f, nil) {
					return stop
				}
				return nil
			})
			if err != nil && !errors.Is(err, stop) {
				yield(indicator.Figure{}, err)
			}
		}
		write := func(w io.Writer) error {
			switch cmd.As {
			case "wide":
				return totable.WideCSV(w, figures)
			case "json":
				return totable.JSON(w, figures)
			case "jsonl":
				return totable.JSONLines(w, figures)
			case "parquet":
				return totable.Parquet(w, figures)
			case "json-stat":
				stated, err := d.Figures.Definitions(c.ctx, sel.AsOf)
				if err != nil {
					return err
				}
				var defs []indicator.Definition
				for _, s := range stated {
					defs = append(defs, s.Definition)
				}
				return totable.JSONStat(w, figures, defs)
			}
			return totable.CSV(w, figures)
		}
		if cmd.Out == "" {
			return write(c.Stdout)
		}
		return writeReport(cmd.Out, write)
	})
}

type seriesCountCmd struct {
	JSON bool `help:"End with one line of JSON: the totals."`
}

func (cmd *seriesCountCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		res, err := d.Figures.CountOwn(c.ctx)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return c.printJSON(res)
		}
		fmt.Fprintf(c.Stdout, "the desk's own referrals by country and day: %s figures are new, %s changed, %s are as they were\n", number(res.Accepted), number(res.Updated), number(res.Duplicate))
		return nil
	})
}

type seriesRefusedCmd struct {
	Batch int64 `help:"Only of that import." placeholder:"NUMBER"`
	All   bool  `help:"Also those whose keeping has ended."`
	JSON  bool  `help:"One JSON object a line."`
}

func (cmd *seriesRefusedCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		state := indicator.RefusedHeld
		if cmd.All {
			state = ""
		}
		n := 0
		err := d.Figures.ListRefused(c.ctx, c.who, cmd.Batch, state, func(r *indicator.RefusedFigure) error {
			n++
			if cmd.JSON {
				return c.printJSON(r)
			}
			_, err := fmt.Fprintf(c.Stdout, "%d  %s: %s\n", r.ID, printable(r.Place), printable(strings.Join(r.Reasons, "; ")))
			return err
		})
		if err == nil && n == 0 && !cmd.JSON {
			fmt.Fprintln(c.Stdout, "nothing is refused")
		}
		return err
	})
}
