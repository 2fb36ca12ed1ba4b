package cli

import (
	"fmt"
	"os"

	"lapwing/internal/bench"
	"lapwing/internal/fault"
)

type benchCmd struct {
	Figures benchFiguresCmd `cmd:"" help:"Import a generated CSV of daily figures."`
	Intake  benchIntakeCmd  `cmd:"" help:"Take in generated CyberTipline reports and compare with the bare insert of the same rows."`
}

type benchIntakeCmd struct {
	N      int    `short:"n" default:"1000000" help:"How many reports."`
	Dir    string `help:"Folder for the stores, made and removed; without it a temporary one." placeholder:"DIR"`
	Bare   string `help:"With --database: address of a second, empty PostgreSQL database for the bare insert." placeholder:"URL"`
	NoBare bool   `help:"Leave the bare insert out."`
	Keep   bool   `help:"Leave the stores where they are."`
	JSON   bool   `help:"As one line of JSON."`
}

func (cmd *benchIntakeCmd) Run(c *command) error {
	dir, err := benchDir(cmd.Dir)
	if err != nil {
		return err
	}
	if !cmd.Keep {
		defer os.RemoveAll(dir)
	}
	if c.globals.Database != "" && cmd.Bare == "" && !cmd.NoBare {
		return fault.New(fault.Invalid, "with --database the bare insert needs a database of its own: --bare")
	}
	p := newProgress(c.Stderr, "referrals")
	r, err := bench.Intake(c.ctx, bench.IntakeOptions{N: cmd.N, Dir: dir, Database: c.globals.Database, Bare: cmd.Bare, NoBare: cmd.NoBare,
		Progress: func(n int64) { p.settled(n, 0) }})
	p.end()
	if err != nil {
		return err
	}
	if cmd.JSON {
		return c.printJSON(r)
	}
	fmt.Fprintf(c.Stdout, "%s, %d cores: %s reports (%s MB of XML) in %.1f s: %s/s, peak memory %.0f MB\n", r.Engine, r.CPUs, number(r.Totals.Read), number(r.XMLBytes>>20), r.Seconds, number(int64(r.PerSecond)), r.PeakMB)
	if cmd.NoBare {
		return nil
	}
	fmt.Fprintf(c.Stdout, "bare insert of the same %s rows: %.1f s; intake takes %.2f times as long\n", number(r.Rows), r.BareSec, r.Ratio)
	return nil
}

// benchDir is a new folder for the stores of a benchmark.
func benchDir(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "lapwing-bench-*")
	}
	if _, err := os.Stat(dir); err == nil {
		return "", fault.New(fault.Invalid, "%s is there already: a benchmark wants a new folder", dir)
	}
	return dir, nil
}

type benchFiguresCmd struct {
	N        int    `short:"n" default:"10000000" help:"About how many figures."`
	ByPeriod bool   `help:"The file goes day by day instead of series by series."`
	Dir      string `help:"Folder for the store, made and removed; without it a temporary one." placeholder:"DIR"`
	Keep     bool   `help:"Leave the store where it is."`
	JSON     bool   `help:"As one line of JSON."`
}

func (cmd *benchFiguresCmd) Run(c *command) error {
	dir, err := benchDir(cmd.Dir)
	if err != nil {
		return err
	}
	if !cmd.Keep {
		defer os.RemoveAll(dir)
	}
	p := newProgress(c.Stderr, "figures")
	r, err := bench.Figures(c.ctx, bench.FiguresOptions{N: cmd.N, ByPeriod: cmd.ByPeriod, Dir: dir, Database: c.globals.Database, Progress: func(n int64) { p.settled(n, 0) }})
	p.end()
	if err != nil {
		return err
	}
	if cmd.JSON {
		return c.printJSON(r)
	}
	fmt.Fprintf(c.Stdout, "%s, %d cores: %s figures (%s MB of CSV) in %.1f s: %s/s, %s refused, peak memory %.0f MB\n", r.Engine, r.CPUs, number(r.Totals.Read), number(r.CSVBytes>>20), r.Seconds, number(int64(r.PerSecond)), number(r.Totals.Refused), r.PeakMB)
	return nil
}
