package outlook

import (
	"fmt"
	"math"
	"strings"

	"lapwing/internal/calendar"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Number writes a count with narrow spaces between thousands; large ones as
// millions.
func Number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.Abs(v) >= 1e6:
		return strings.TrimSuffix(fmt.Sprintf("%.2f", v/1e6), "0") + " million"
	}
	digits := fmt.Sprintf("%.0f", math.Abs(v))
	var b strings.Builder
	if v < 0 && digits != "0" {
		b.WriteString("−")
	}
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && len(digits) > 3 {
			b.WriteString("\u202f")
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Percent writes a ratio as a change: +106 %, −12 %.
func Percent(ratio float64) string {
	p := math.Round((ratio - 1) * 100)
	switch {
	case math.IsNaN(p) || math.IsInf(p, 0):
		return "–"
	case p > 0:
		return fmt.Sprintf("+%.0f %%", p)
	case p < 0:
		return fmt.Sprintf("−%.0f %%", -p)
	}
	return "±0 %"
}

// InWords says a ratio as people do.
func InWords(ratio float64) string {
	switch p := math.Round(math.Abs(ratio-1) * 100); {
	case math.IsNaN(p):
		return "not to be compared with what was before"
	case ratio >= 3.5:
		return fmt.Sprintf("%.1f times as many", ratio)
	case ratio >= 2.9:
		return "tripled"
	case ratio >= 2.1:
		return fmt.Sprintf("%.1f times as many", ratio)
	case ratio >= 1.95:
		return "doubled"
	case ratio >= 1.85:
		return "almost doubled"
	case ratio > 1 && p >= 1:
		return fmt.Sprintf("%.0f %% more", p)
	case ratio <= 0.55 && ratio >= 0.45:
		return "halved"
	case p >= 1:
		return fmt.Sprintf("%.0f %% less", p)
	}
	return "as many"
}

// Country is the name of a country or other geography.
func Country(code string) string {
	if len(code) == 2 {
		if r, err := language.ParseRegion(code); err == nil {
			if name := display.English.Regions().Name(r); name != "" && name != "Unknown Region" {
				return name
			}
		}
	}
	return code
}

// countries lists names, at most five of them.
func countries(codes []string) string {
	var names []string
	for i, c := range codes {
		if i == 4 && len(codes) > 5 {
			names = append(names, fmt.Sprintf("%d others", len(codes)-4))
			break
		}
		names = append(names, Country(c))
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Span says a stretch of time: January to October 2026.
func Span(from, to calendar.Day) string {
	a, b := from.Time(), to.Time()
	next := (to + 1).Time()
	switch {
	case a.Day() == 1 && next.Day() == 1 && a.Year() == b.Year() && a.Month() == b.Month():
		return a.Format("January 2006")
	case a.Day() == 1 && next.Day() == 1 && a.Year() == b.Year() && a.Month() == 1 && b.Month() == 12:
		return a.Format("2006")
	case a.Day() == 1 && next.Day() == 1 && a.Year() == b.Year():
		return a.Format("January") + " to " + b.Format("January 2006")
	case a.Day() == 1 && next.Day() == 1:
		return a.Format("January 2006") + " to " + b.Format("January 2006")
	}
	return a.Format("2 January 2006") + " to " + b.Format("2 January 2006")
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// periodWords is a period for people: April 2026.
func periodWords(p Point) string {
	t := p.Period.First.Time()
	switch p.Period.Length {
	case calendar.Monthly:
		return t.Format("January 2006")
	case calendar.Daily:
		return "one day, " + t.Format("2 January 2006") + ","
	case calendar.Weekly:
		return "the week from " + t.Format("2 January 2006")
	}
	return p.Period.String()
}
