package cli

import (
	"fmt"
	"io"
	"strings"

	"lapwing/internal/app"
	"lapwing/internal/intake"
	"lapwing/internal/referral"
)

type showCmd struct {
	ID      string `arg:"" help:"Reference, the beginning of one, or the report's id at its source."`
	Version int64  `help:"An earlier version."`
	Fields  bool   `help:"Also every field of the original."`
	JSON    bool   `help:"Everything as one JSON object."`
}

func (cmd *showCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		ref, err := d.Intake.Find(c.ctx, cmd.ID)
		if err != nil {
			return err
		}
		rec, err := d.Intake.Show(c.ctx, c.who, ref, cmd.Version)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return c.printJSON(rec)
		}
		showRecord(c.Stdout, rec, cmd.Fields)
		return nil
	})
}

func showRecord(w io.Writer, r *intake.Record, fields bool) {
	p := func(format string, args ...any) {
		for i, a := range args {
			if s, ok := a.(string); ok {
				args[i] = printable(s)
			}
		}
		fmt.Fprintf(w, format+"\n", args...)
	}
	d, a := r.Draft, r.Assessment
	p("%s  %s %s  %s", r.Ref, r.Source, r.ExternalID, string(r.State))
	p("risk %d, completeness %d, files %s, countries %s", r.Risk, r.Completeness, string(r.Media), orDash(strings.Join(r.Countries, " ")))
	for _, n := range a.Notices {
		p("! %s", n.Text)
	}
	p("\nwhat")
	for _, i := range d.Incidents {
		p("  %s", i.Kind.Label())
	}
	for _, m := range d.Times {
		p("  %-10s %s", string(m.Kind), m.Text)
	}
	if d.Provider.Name != "" {
		p("  reported by %s", strings.TrimSpace(d.Provider.Name+" "+d.Provider.Service))
	}
	p("\nwhy this risk (rules %s)", a.Rules)
	factors(p, a.Risk)
	p("\nhow complete")
	factors(p, a.Completeness)
	p("\nfiles: %d known, %d near, %d new, %d known-good, %d without a usable fingerprint", a.Media.Known, a.Media.Near, a.Media.New, a.Media.Benign, a.Media.Blind)
	for _, m := range a.Media.Matches {
		p("  file %d: %s at distance %d: list %s (version %d), %s %s%s", m.File, m.Algorithm, m.Distance, m.List, m.Version, m.Source, m.Entry, labels(m.Labels))
	}
	for _, s := range a.Media.Reasons {
		p("  %s", s)
	}
	if len(a.Media.Matches) > 0 {
		p("  a match is not a verdict: a person confirms")
	}
	p("\nlinks")
	for _, l := range a.Relations {
		weak := ""
		if l.Weak {
			weak = " (weak)"
		}
		p("  %s%s: %s", l.Why, weak, strings.Join(l.Earlier, " "))
	}
	if len(a.Relations) == 0 {
		p("  none")
	}
	p("\ncountries")
	for _, g := range []struct {
		name string
		fs   []referral.CountryFinding
	}{{"suspect", a.Jurisdiction.Suspect}, {"victim", a.Jurisdiction.Victim}, {"hosting", a.Jurisdiction.Hosting}} {
		for _, f := range g.fs {
			p("  %-8s %s %d", g.name, f.Country, f.Strength)
			for _, e := range f.Evidence {
				p("           %s", e.Because)
			}
		}
	}
	for _, u := range a.Jurisdiction.Unusable {
		p("  not usable: %s", u)
	}
	p("\nversions")
	for _, v := range r.Versions {
		mark := " "
		if v.Current {
			mark = "*"
		}
		p(" %s%d  %s  recorded %s", mark, v.Version, v.Format, minute(v.Recorded))
		for _, f := range v.Findings {
			p("      %s: %s", string(f.Severity), finding(f))
		}
	}
	for _, x := range r.Assessments {
		p("  assessment %d of version %d, %s: rules %s, lists %d, links up to %d", x.Number, x.Version, minute(x.Made), x.Body.Rules, x.Body.Lists, x.Body.Links)
	}
	if fields {
		p("\nthe original")
		for _, f := range d.Fields {
			p("  %s = %s", f.Path, f.Value)
		}
	} else {
		p("\n%d fields of the original: --fields lists them", len(d.Fields))
	}
	if len(d.Unknown) > 0 {
		p("\nnot known to the reader, kept as they are")
		for _, f := range d.Unknown {
			p("  %s = %s", f.Path, f.Value)
		}
	}
}

func factors(p func(string, ...any), s referral.Score) {
	for _, f := range s.Factors {
		if f.Missing {
			p("       ?  %s", f.Because)
		} else {
			p("    %+4d  %s", f.Weight, f.Because)
		}
	}
}

func labels(ls []referral.Label) string {
	var b strings.Builder
	for _, l := range ls {
		fmt.Fprintf(&b, ", %s %s by %s", l.Scheme, l.Value, orDash(l.Author))
	}
	return b.String()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
