package cli

import (
	"fmt"
	"strings"
	"time"

	"lapwing/internal/apikey"
	"lapwing/internal/app"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromtable"
)

type keyCmd struct {
	Create keyCreateCmd `cmd:"" help:"Make a key for a partner's program. Its secret is printed once."`
	Ls     keyLsCmd     `cmd:"" help:"The keys of the desk, also those that open nothing any more."`
	Revoke keyRevokeCmd `cmd:"" help:"End a key at once and for good."`
}

type keyCreateCmd struct {
	Name      string        `arg:"" help:"Whose program it is."`
	Source    string        `help:"Source of the figures that it writes: no others are taken with it." placeholder:"NAME"`
	Indicator []string      `help:"Indicators that it may write and read; without it all (lapwing indicator ls)." placeholder:"ID,…"`
	Scope     []string      `help:"What it may do: figures:write, figures:read." default:"figures:write" placeholder:"SCOPE,…"`
	Expires   time.Duration `help:"How long it is valid; 0 is for ever." default:"8760h" placeholder:"HOURS"`
	JSON      bool          `help:"As one line of JSON."`
}

func (cmd *keyCreateCmd) Run(c *command) error {
	k := apikey.Key{Name: cmd.Name, Source: cmd.Source}
	for _, s := range cmd.Scope {
		k.Scopes = append(k.Scopes, apikey.Scope(strings.TrimSpace(s)))
	}
	if cmd.Expires < 0 {
		return fault.New(fault.Invalid, "--expires is how long the key is valid, as in 2160h for ninety days; 0 is for ever")
	}
	if cmd.Source != "" {
		name, err := fromtable.Name(cmd.Source)
		if err != nil {
			return fault.New(fault.Invalid, "--source: %v", err)
		}
		if k.Source = name; name == indicator.OwnSource {
			return fault.New(fault.Invalid, "--source: %s is what the desk calls its own counts: give the source another name", name)
		}
	}
	return c.withDesk(func(d *app.Desk) error {
		for _, id := range cmd.Indicator {
			if _, err := d.Figures.Definition(c.ctx, id, time.Time{}); err != nil {
				return err
			}
			k.Indicators = append(k.Indicators, id)
		}
		if cmd.Expires > 0 {
			k.Expires = d.Clock.Now().Add(cmd.Expires)
		}
		secret, made, err := d.APIKeys.Create(c.ctx, c.who, k)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return c.printJSON(struct {
				Secret string `json:"secret"`
				apikey.Key
			}{secret, made})
		}
		until := "for ever"
		if !made.Expires.IsZero() {
			until = "until " + minute(made.Expires)
		}
		fmt.Fprintf(c.Stderr, "key %s for %s is valid %s. Its secret is shown this once; the desk keeps none:\n", made.ID, printable(made.Name), until)
		fmt.Fprintln(c.Stdout, secret)
		return nil
	})
}

type keyLsCmd struct {
	JSON bool `help:"One JSON object a line."`
}

func (cmd *keyLsCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		all, err := d.APIKeys.List(c.ctx)
		if err != nil {
			return err
		}
		var t table
		t.row("id", "name", "may", "source", "indicators", "state", "ends", "last used", "failures", "made by")
		for _, k := range all {
			state := k.State(d.Clock.Now())
			if cmd.JSON {
				err := c.printJSON(struct {
					apikey.Key
					State string `json:"state"`
				}{k, state})
				if err != nil {
					return err
				}
				continue
			}
			t.row(k.ID, k.Name, scopes(k.Scopes), dash(k.Source), dash(strings.Join(k.Indicators, ",")), state, ends(&k), lastUsed(&k), number(k.Failures), k.By)
		}
		switch {
		case cmd.JSON:
		case len(all) == 0:
			fmt.Fprintln(c.Stdout, "none: lapwing key create NAME --source NAME makes one for a partner's program")
		default:
			t.print(c.Stdout)
		}
		return nil
	})
}

func scopes(ss []apikey.Scope) string {
	var out []string
	for _, s := range ss {
		out = append(out, string(s))
	}
	return strings.Join(out, ",")
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func ends(k *apikey.Key) string {
	if !k.Revoked.IsZero() {
		return day(k.Revoked)
	}
	return day(k.Expires)
}

func lastUsed(k *apikey.Key) string {
	if k.LastUsed == 0 {
		return "never"
	}
	return k.LastUsed.String()
}

type keyRevokeCmd struct {
	ID string `arg:"" help:"Which one, as key ls names it."`
}

func (cmd *keyRevokeCmd) Run(c *command) error {
	return c.withDesk(func(d *app.Desk) error {
		if err := d.APIKeys.Revoke(c.ctx, c.who, cmd.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.Stdout, "key %s opens nothing any more\n", cmd.ID)
		return err
	})
}
