package indicatorhttp

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever an address asks, a store may be asked for it, or it is refused.
func FuzzParameters(f *testing.F) {
	for _, s := range []string{
		"indicator=referrals&source=ncmec&geography=DE,FR&per=month&from=2025-Q1&to=2025-12-31&as_of=2026-01-01&as=csv",
		"from=1970-01-01&to=1970-01-01", "as_of=0000-01-01", "geography=%00", "source=%FF,a", "per=", "indicator=" + strings.Repeat(",", 300),
		"dry_run&words=a%3DDE&words=b%3D&marks=x%3D0&columns=period%3Da,value%3D%22b,c%22&length=week", "zero_means_unavailable=p2p/*/*/day",
	} {
		f.Add(s)
	}
	g := &Grant{Source: "ncmec"}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		sel, as, err := readQuestion(q)
		if err == nil {
			for _, names := range [][]string{sel.Indicators, sel.Sources, sel.Geographies, {as, string(sel.Length)}} {
				if len(names) > maxNames {
					t.Errorf("%q names %d", query, len(names))
				}
				for _, n := range names {
					if !utf8.ValidString(n) || strings.ContainsRune(n, 0) {
						t.Errorf("%q asks for %q", query, n)
					}
				}
			}
			if sel.To == 0 && strings.TrimSpace(q.Get("to")) != "" || sel.From == 0 && strings.TrimSpace(q.Get("from")) != "" {
				t.Errorf("a bound of %q is none: %+v", query, sel)
			}
			if sel.AsOf.IsZero() != (strings.TrimSpace(q.Get("as_of")) == "") {
				t.Errorf("%q is as known on %v", query, sel.AsOf)
			}
		}
		if a, err := readTaking(q, g); err == nil && (a.options.Source != g.Source || !a.options.Learned.IsZero()) {
			t.Errorf("%q changes what a key may not: %+v", query, a.options)
		}
	})
}
