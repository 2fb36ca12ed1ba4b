// Package cli is the program as a value: [Run] with everything that it may
// touch of the outside. One file holds one command.
//
// A command prints for people, and with --json for programs: one object a
// line. It ends with 0 when all is done, 2 when it is done and something was
// refused, and 1 when it failed.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/user"
	"runtime/debug"
	"strings"

	"lapwing/internal/app"
	"lapwing/internal/config"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/series"

	"github.com/alecthomas/kong"
)

// Env is what the program may touch.
type Env struct {
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
}

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1
	exitRefused = 2 // done, and something was refused
)

// errRefused makes a command end with exitRefused; it has said why.
var errRefused = errors.New("something was refused")

// errSilent makes a command end with exitFailed without another word.
var errSilent = errors.New("failed")

// globals are the flags that every command takes.
type globals struct {
	Data     string `help:"Folder of the desk: database, keys, address databases (LAPWING_DATA)." placeholder:"DIR"`
	Database string `help:"postgres://… or sqlite:PATH; without it a SQLite file in the data folder (LAPWING_DATABASE)." placeholder:"URL"`
	Keys     string `help:"File with the desk's keys; without it keys.json in the data folder (LAPWING_KEYS)." placeholder:"FILE"`
	Verbose  bool   `short:"v" help:"Log what goes on to standard error."`
}

type grammar struct {
	globals

	Intake    intakeCmd    `cmd:"" help:"Take referrals in: folders, archives, files, standard input. (intake take --help lists the flags for that.)"`
	Queue     queueCmd     `cmd:"" help:"List referrals, those first that a child may need most."`
	Show      showCmd      `cmd:"" help:"Everything known about one referral: content, versions, reasons."`
	Hash      hashCmd      `cmd:"" help:"Fingerprints of files: MD5, SHA-1, SHA-256, PDQ. Nothing is kept."`
	List      listCmd      `cmd:"" help:"Hash lists: create, import, show, export, remove."`
	Series    seriesCmd    `cmd:"" help:"Figures of partners and of the desk: import, show, export."`
	Indicator indicatorCmd `cmd:"" help:"What the figures measure, and what they do not."`
	Event     eventCmd     `cmd:"" help:"Events that may explain a change."`
	Report    reportCmd    `cmd:"" help:"The situational report: is it rising, how sure are we, what is missing."`
	Detect    detectCmd    `cmd:"" help:"Judge one series of counts from standard input: is this more than was to be expected?"`
	Key       keyCmd       `cmd:"" help:"Keys with which partners' programs send figures and ask for them."`
	Geo       geoCmd       `cmd:"" help:"Address databases that say which country an address is in."`
	Replay    replayCmd    `cmd:"" help:"Make assessments again with the versions they name, and compare."`
	Audit     auditCmd     `cmd:"" help:"The audit trail: show, verify, checkpoint."`
	Serve     serveCmd     `cmd:"" help:"Show the desk in a browser, on this machine only."`
	Demo      demoCmd      `cmd:"" help:"Make a desk full of invented referrals to try things on."`
	Bench     benchCmd     `cmd:"" help:"Measure this machine."`
	Config    configCmd    `cmd:"" help:"Show the settings in force and where each can be set."`
	Version   versionCmd   `cmd:"" help:"Say which lapwing this is."`
}

// command is what each command's Run gets.
type command struct {
	Env
	ctx     context.Context
	globals *globals
	who     identity.Actor
}

// Run runs one command and gives its exit code.
func Run(ctx context.Context, env Env) int {
	var g grammar
	exited := -1
	parser, err := kong.New(&g,
		kong.Name("lapwing"),
		kong.Description("The open response desk against online child sexual abuse: takes referrals in and loses none, recognises known files, links, ranks and routes what came."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Summary: true}),
		kong.Writers(env.Stdout, env.Stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.Vars{"formats": formatNames(), "methods": strings.Join(series.Methods(), ", ")},
	)
	if err != nil {
		fmt.Fprintln(env.Stderr, "lapwing:", err)
		return exitFailed
	}
	if len(env.Args) == 0 {
		env.Args = []string{"--help"}
	}
	k, err := parser.Parse(env.Args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(env.Stderr, "lapwing: %v (lapwing --help lists what there is)\n", err)
		return exitFailed
	}
	c := &command{Env: env, ctx: ctx, globals: &g.globals, who: identity.Local(userName(env.Getenv))}
	err = k.Run(c)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errRefused):
		return exitRefused
	case errors.Is(err, errSilent):
		return exitFailed
	}
	fmt.Fprintln(env.Stderr, "lapwing:", explain(err))
	return exitFailed
}

// explain is an error for the person at the keyboard. They own the machine, so
// they may read the cause too.
func explain(err error) string {
	if errors.Is(err, context.Canceled) {
		return "stopped; the same command goes on where it ended"
	}
	if fault.KindOf(err) != fault.Internal {
		return fault.Msg(err)
	}
	return err.Error()
}

func userName(getenv func(string) string) string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return getenv("USER")
}

func (c *command) config() (config.Config, error) {
	g := c.globals
	return config.Load(config.Config{Data: g.Data, Database: g.Database, Keys: g.Keys}, c.Getenv)
}

// desk opens the desk. The caller closes it.
func (c *command) desk() (*app.Desk, error) {
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	return app.Open(c.ctx, cfg, app.Options{Log: c.log()})
}

// withDesk opens the desk for fn.
func (c *command) withDesk(fn func(d *app.Desk) error) error {
	d, err := c.desk()
	if err != nil {
		return err
	}
	defer d.Close()
	return fn(d)
}

func (c *command) log() *slog.Logger {
	level := slog.LevelError
	if c.globals.Verbose {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(c.Stderr, &slog.HandlerOptions{Level: level}))
}

type versionCmd struct{}

func (versionCmd) Run(c *command) error {
	fmt.Fprintln(c.Stdout, "lapwing", Version())
	return nil
}

// Version is the program's version: the module's, or the commit it was built from.
func Version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := b.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range b.Settings {
		if s.Key == "vcs.revision" {
			return "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return "devel"
}

type configCmd struct {
	JSON bool `help:"As one JSON object."`
}

func (cmd configCmd) Run(c *command) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if cmd.JSON {
		return c.printJSON(cfg)
	}
	for i, s := range config.Settings() {
		fmt.Fprintf(c.Stdout, "%-13s %s\n%14s%s (%s)\n", s.Name, cfg.Get(i), "", s.Help, s.Env)
	}
	return nil
}

// terminal says whether w is a terminal, where progress is worth showing.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %s", number(n), many)
}

// number is n with a thin space between groups of three digits.
func number(n int64) string {
	s := fmt.Sprint(n)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	if neg {
		s = "-" + s
	}
	return s
}
