package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"lapwing/internal/app"
	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/outlook"
	"lapwing/internal/report"
)

type reportCmd struct {
	Make reportMakeCmd `cmd:"" default:"withargs" help:"Make the situational report: is it rising, how sure are we, what is missing."`
	Note reportNoteCmd `cmd:"" help:"Write, show or take away what an editor has to say to a section; it survives later editions."`
}

// window is the stretch of time that a report is about.
type window struct {
	From string `help:"First day or period: 2026-01-01, 2026-W05, 2026-01 or 2026-Q1; without it the first month of the year that --to is in." placeholder:"PERIOD"`
	To   string `help:"Last day or period; without it the last whole month." placeholder:"PERIOD"`
}

func (w *window) days(now time.Time) (from, to calendar.Day, err error) {
	to = calendar.Monthly.First(calendar.DayOf(now)) - 1
	if w.To != "" {
		p, err := calendar.Parse(w.To)
		if err != nil {
			return 0, 0, fault.New(fault.Invalid, "--to: %v", err)
		}
		to = p.Last()
	}
	from = calendar.Date(to.Time().Year(), time.January, 1)
	if w.From != "" {
		p, err := calendar.Parse(w.From)
		if err != nil {
			return 0, 0, fault.New(fault.Invalid, "--from: %v", err)
		}
		from = p.First
	}
	if to < from {
		return 0, 0, fault.New(fault.Invalid, "the report would end on %s, before it begins on %s", to, from)
	}
	if to-from > 10*366 {
		return 0, 0, fault.New(fault.Invalid, "a report is about at most ten years, this is about %d days", to-from+1)
	}
	return from, to, nil
}

type reportMakeCmd struct {
	window
	AsOf   string  `help:"Use what was known at the end of that day; without it, now." placeholder:"DATE"`
	Since  string  `help:"Day of the issue before this one: what was learned after it is listed as revised." placeholder:"DATE"`
	Alpha  float64 `default:"0.005" help:"Chance of a false alarm at one evaluation."`
	Budget int     `help:"How many alarms the reader can follow up; 0 lists the first forty."`
	Out    string  `short:"o" help:"File to write: .html, or .pdf through an installed Chromium; without it the key findings are printed." placeholder:"FILE"`
	Files  string  `help:"Folder for every chart as SVG and PNG and every table as CSV." placeholder:"DIR"`
	JSON   bool    `help:"Print the findings as one line of JSON."`
}

func (cmd *reportMakeCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		from, to, err := cmd.days(d.Clock.Now())
		if err != nil {
			return err
		}
		if cmd.Alpha <= 0 || cmd.Alpha > 0.2 {
			return fault.New(fault.Invalid, "--alpha is a chance above 0 and up to 0.2, as in 0.005")
		}
		q := outlook.Question{From: from, To: to, Alpha: cmd.Alpha, Budget: cmd.Budget}
		if q.AsOf, err = endOf(cmd.AsOf, "--as-of"); err != nil {
			return err
		}
		if q.Since, err = endOf(cmd.Since, "--since"); err != nil {
			return err
		}
		if q.AsOf.IsZero() {
			if _, err := d.Figures.CountOwn(c.ctx); err != nil {
				return err
			}
		}
		r, err := d.Report(c.ctx, q)
		if err != nil {
			return err
		}
		switch strings.ToLower(filepath.Ext(cmd.Out)) {
		case ".html", ".htm":
			err = writeReport(cmd.Out, r.HTML)
		case ".pdf":
			err = writePDF(c.ctx, cmd.Out, r)
		case "":
			if cmd.Out != "" {
				err = fault.New(fault.Invalid, "--out ends with .html or .pdf")
			}
		default:
			err = fault.New(fault.Invalid, "--out ends with .html or .pdf, not with %s", filepath.Ext(cmd.Out))
		}
		if err != nil {
			return err
		}
		if cmd.Files != "" {
			if err := writeFiles(cmd.Files, r); err != nil {
				return err
			}
		}
		return cmd.print(c, r)
	})
}

func (cmd *reportMakeCmd) print(c *command, r *report.Report) error {
	var rising []string
	for _, f := range r.Rising {
		rising = append(rising, f.Text)
	}
	if cmd.JSON {
		return c.printJSON(struct {
			Window   string   `json:"window"`
			AsOf     string   `json:"as_of"`
			Headline string   `json:"headline"`
			Rising   []string `json:"rising"`
			Sure     []string `json:"sure"`
			Missing  []string `json:"missing"`
			Invented bool     `json:"invented,omitempty"`
		}{r.Window, r.AsOf, r.Headline, rising, r.Sure, r.Missing, r.Invented})
	}
	fmt.Fprintf(c.Stdout, "%s, as known on %s\n", r.Window, r.AsOf)
	if r.Invented {
		fmt.Fprintln(c.Stdout, "INVENTED FIGURES: nothing in this report happened")
	}
	fmt.Fprintf(c.Stdout, "\n%s\n", r.Headline)
	for _, part := range []struct {
		title string
		lines []string
	}{{"Is it rising?", rising}, {"How sure are we?", r.Sure}, {"What is missing?", r.Missing}} {
		if len(part.lines) == 0 {
			continue
		}
		fmt.Fprintf(c.Stdout, "\n%s\n", part.title)
		for _, l := range part.lines {
			fmt.Fprintf(c.Stdout, "- %s\n", printable(l))
		}
	}
	return nil
}

// endOf is the end of a day, the zero time for "".
func endOf(text, flag string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	var d calendar.Day
	if err := d.UnmarshalText([]byte(text)); err != nil {
		return time.Time{}, fault.New(fault.Invalid, "%s: %v", flag, err)
	}
	return (d + 1).Time().Add(-time.Microsecond), nil
}

// writeReport writes a file whole or not at all.
func writeReport(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".report-*")
	if err != nil {
		return fault.Because(fault.Invalid, err, "the report cannot be written: %v", err)
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func writeFiles(dir string, r *report.Report) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fault.Because(fault.Invalid, err, "the folder for charts cannot be made: %v", err)
	}
	return r.Each(func(name string, content []byte) error {
		return os.WriteFile(filepath.Join(dir, name), content, 0o644)
	})
}

// browsers print pages to PDF.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// writePDF lets an installed browser print the report. The page loads nothing,
// and the browser starts with a folder of its own.
func writePDF(ctx context.Context, out string, r *report.Report) error {
	var program string
	for _, b := range browsers {
		if p, err := exec.LookPath(b); err == nil {
			program = p
			break
		}
	}
	if program == "" {
		return fault.New(fault.Invalid, "a PDF is printed by Chromium, which is not installed (on Debian: apt install chromium); --out report.html needs nothing")
	}
	dir, err := os.MkdirTemp("", "lapwing-report-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var page bytes.Buffer
	if err := r.HTML(&page); err != nil {
		return err
	}
	html, pdf := filepath.Join(dir, "report.html"), filepath.Join(dir, "report.pdf")
	if err := os.WriteFile(html, page.Bytes(), 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	args := []string{"--headless=new", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--no-pdf-header-footer", "--user-data-dir=" + dir, "--print-to-pdf=" + pdf, "file://" + html}
	if os.Geteuid() == 0 {
		args = append([]string{"--no-sandbox"}, args...) // Chromium has no sandbox for root
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.WaitDelay = 5 * time.Second
	if said, err := cmd.CombinedOutput(); err != nil {
		return fault.Because(fault.Internal, fmt.Errorf("%w: %s", err, said), "%s could not print the report", filepath.Base(program))
	}
	b, err := os.ReadFile(pdf)
	if err != nil {
		return fault.Because(fault.Internal, err, "%s printed nothing", filepath.Base(program))
	}
	return writeReport(out, func(w io.Writer) error { _, err := w.Write(b); return err })
}

type reportNoteCmd struct {
	window
	Section string `arg:"" optional:"" help:"Id of an indicator, or periods, alarms, coverage, revised, events, methods; without it all notes are shown."`
	Text    string `help:"The note; - reads standard input, an empty text takes it away. Without it the note is shown." placeholder:"TEXT"`
	Remove  bool   `help:"Take the note away."`
	JSON    bool   `help:"One JSON object a line."`
}

func (cmd *reportNoteCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		from, to, err := cmd.days(d.Clock.Now())
		if err != nil {
			return err
		}
		if cmd.Text != "" || cmd.Remove {
			if err := cmd.write(c, d, from, to); err != nil {
				return err
			}
			fmt.Fprintf(c.Stderr, "the note to %s stands in every edition of the report from %s to %s\n", cmd.Section, from, to)
			return nil
		}
		notes, err := d.Editor.Notes(c.ctx, from, to)
		if err != nil {
			return err
		}
		for _, n := range notes {
			if cmd.Section != "" && n.Section != cmd.Section {
				continue
			}
			if cmd.JSON {
				if err := c.printJSON(n); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(c.Stdout, "%s (%s, %s)\n%s\n\n", n.Section, printable(n.Author), day(n.Written), strings.TrimSpace(n.Text))
		}
		return nil
	})
}

func (cmd *reportNoteCmd) write(c *command, d *app.Desk, from, to calendar.Day) error {
	text := cmd.Text
	if cmd.Remove {
		text = ""
	} else if text == "-" {
		b, err := io.ReadAll(io.LimitReader(c.Stdin, 1<<20))
		if err != nil {
			return err
		}
		text = string(b)
	}
	return d.WriteNote(c.ctx, c.who, from, to, cmd.Section, text)
}
