package indicatorhttp

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/chart"
	"lapwing/internal/indicator"
	"lapwing/internal/web"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// funcs are what the templates may call.
var funcs = template.FuncMap{
	"svg":    func(c chart.Chart) template.HTML { return template.HTML(chart.SVG(c)) },
	"number": number,
	"of":     of,
	"place":  func(g string) template.HTML { return web.Visible(place(g)) },
	"minute": func(t time.Time) template.HTML { return at(t, "2006-01-02 15:04", "&nbsp;UTC") },
	"day":    func(t time.Time) template.HTML { return at(t, time.DateOnly, "") },
	"figure": figure,
	"state":  state,
	"kind":   func(k indicator.EventKind) template.HTML { return web.Visible(kindWord(k)) },
	"up":     upper,
}

// place is the name of a country with its code; of other geographies the name
// that they have here.
func place(g string) string {
	if g == indicator.All {
		return "All countries (ALL)"
	}
	if len(g) != 2 {
		return g
	}
	r, err := language.ParseRegion(g)
	if err != nil {
		return g
	}
	if name := display.English.Regions().Name(r); name != "" && name != "Unknown Region" {
		return name + " (" + g + ")"
	}
	return g
}

// number is a count with narrow blanks between groups of three digits.
func number(n any) string {
	switch v := n.(type) {
	case int:
		return chart.Number(float64(v))
	case int64:
		return chart.Number(float64(v))
	case float64:
		return chart.Number(v)
	}
	return ""
}

// of is "1 figure" or "3 figures".
func of(n any, one, many string) string {
	if c := number(n); c != "1" {
		return c + " " + many
	}
	return "1 " + one
}

// at is a time in UTC.
func at(t time.Time, layout, zone string) template.HTML {
	if t.IsZero() {
		return `<span class="none">never</span>`
	}
	t = t.UTC()
	return template.HTML(`<time datetime="` + t.Format("2006-01-02T15:04:05Z") + `">` + t.Format(layout) + zone + `</time>`)
}

// figure is the value, or the reason why there is none.
func figure(o indicator.Observation) string {
	if o.Status != indicator.Observed {
		return string(o.Status)
	}
	return chart.Number(o.Value)
}

// state says how far a figure can be relied on.
func state(o indicator.Observation) string {
	switch {
	case o.Status != indicator.Observed && o.Provisional:
		return "no value, provisional"
	case o.Status != indicator.Observed:
		return "no value"
	case o.Provisional:
		return "provisional"
	}
	return "final"
}

var kindWords = map[indicator.EventKind]string{
	indicator.Lockdown: "Lockdown", indicator.Campaign: "Campaign", indicator.LawChange: "Change of law", indicator.Takedown: "Takedown",
	indicator.DefinitionChange: "Counted otherwise", indicator.SourceChange: "Change at a source", indicator.Other: "Other",
}

func kindWord(k indicator.EventKind) string {
	if w := kindWords[k]; w != "" {
		return w
	}
	return string(k)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// span is the first and the last period, or the one that there is.
func span(l calendar.Length, first, last calendar.Day) string {
	from, to := l.Of(first).String(), l.Of(last).String()
	if from == to {
		return from
	}
	return from + " to " + to
}

// address is that of a series page.
func address(k indicator.Key) string {
	parts := []string{"/series"}
	for _, s := range []string{k.Indicator, k.Source, k.Geography, string(k.Length)} {
		parts = append(parts, url.PathEscape(s))
	}
	return strings.Join(parts, "/")
}

func withAsOf(address, asOf string) string {
	if asOf == "" {
		return address
	}
	return address + "?" + url.Values{"as_of": {asOf}}.Encode()
}
