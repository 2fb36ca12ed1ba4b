package indicator

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
)

// MaxValue is the largest count that is taken for one: a million million in
// a period is a mistake.
const MaxValue = 1e12

// MinDay and MaxDay are the first days of the earliest and of the latest
// period that a figure may be of.
var (
	MinDay = calendar.Date(1980, 1, 1)
	MaxDay = calendar.Date(2148, 12, 31) // the store counts days since 1970 in 16 bits
)

// OwnSource is the source of what the desk counts itself.
const OwnSource = "desk"

// A name is how an indicator or a source is written: lower-case letters,
// digits, dot, dash and underscore.
var name = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{Nd}][\p{Ll}\p{Lo}\p{Mn}\p{Nd}._-]*$`)

func isName(s string) bool { return len(s) <= maxName && name.MatchString(s) }

// keyProblems says everything that is wrong with the name of a series. own
// lets the desk itself speak.
func keyProblems(k Key, defined map[string]bool, own bool) (out []string) {
	if !defined[k.Indicator] {
		out = append(out, fmt.Sprintf("no indicator %.60q is defined here: define it, or write one of those that are", k.Indicator))
	}
	switch {
	case !isName(k.Source):
		out = append(out, fmt.Sprintf("%.60q is not the name of a source: it has 1 to %d lower-case letters, digits, dots, dashes and underscores", k.Source, maxName))
	case k.Source == OwnSource && !own:
		out = append(out, fmt.Sprintf("%q is what the desk calls its own counts: give the source another name", OwnSource))
	}
	if p := geographyProblem(k.Geography); p != "" {
		out = append(out, p)
	}
	if k.Length.PerYear() == 0 {
		out = append(out, fmt.Sprintf("%.60q is not the length of a period: day, week, month or quarter", k.Length))
	}
	return out
}

// problems says everything that is wrong with an observation that was learned
// at the time.
func (o *Observation) problems(l calendar.Length, learned time.Time) (out []string) {
	if code(o.Status) < 0 {
		out = append(out, fmt.Sprintf("%.60q does not say why there is no value: unavailable, not reported or suppressed does", o.Status))
	}
	switch v := o.Value; {
	case o.Status != Observed:
		if v != 0 {
			out = append(out, fmt.Sprintf("there is a value, %v, and it is said that there is none (%.60s)", v, o.Status))
		}
	case math.IsNaN(v) || math.IsInf(v, 0):
		out = append(out, "the value is not a number: say unavailable, not reported or suppressed where there is none")
	case v < 0:
		out = append(out, fmt.Sprintf("the value %v is less than nothing: a count begins at 0", v))
	case v > MaxValue:
		out = append(out, fmt.Sprintf("the value %v is more than can be meant: counts go up to a million million", v))
	case v != math.Trunc(v):
		out = append(out, fmt.Sprintf("the value %v is not a whole number: figures are counts; see whether a dot or a comma is meant for thousands", v))
	}
	switch first := o.First; {
	case first < MinDay || first > MaxDay:
		out = append(out, fmt.Sprintf("the period begins on %v: see whether day, month and year are in their places (from %v on)", first, MinDay))
	case l.PerYear() != 0 && l.First(first) != first:
		out = append(out, fmt.Sprintf("%v is not the first day of a %s: that is %v", first, l, l.First(first)))
	case first > dayOnEarth(learned):
		out = append(out, fmt.Sprintf("the period begins on %v, and nothing was known of it on %v", first, calendar.DayOf(learned)))
	}
	return out
}

// dayOnEarth is the latest date that it is anywhere: a desk on the other side
// of the date line may have figures of its today.
func dayOnEarth(t time.Time) calendar.Day { return calendar.DayOf(t.UTC().Add(14 * time.Hour)) }

// statuses are as they are stored: a new one is appended.
var statuses = []Status{Observed, Unavailable, NotReported, Suppressed}

func code(s Status) int { return slices.Index(statuses, s) }

// Code is how status and provisional are stored: 2 * status, and 1 where it is
// provisional.
func (o *Observation) Code() int64 {
	n := int64(2 * code(o.Status))
	if o.Provisional {
		n++
	}
	return n
}

// SetCode is the opposite of [Observation.Code].
func (o *Observation) SetCode(n int64) error {
	if n < 0 || n/2 >= int64(len(statuses)) {
		return fmt.Errorf("the state of a figure is %d: the store was written by a newer program, or altered", n)
	}
	o.Status, o.Provisional = statuses[n/2], n%2 == 1
	return nil
}

// checkDefinition says everything that is wrong with a definition.
func (s *Service) checkDefinition(ctx context.Context, d *Definition) error {
	var bad []string
	if !isName(d.ID) {
		bad = append(bad, "the id has lower-case letters, digits, dots, dashes and underscores only")
	}
	for _, f := range []struct{ name, text string }{
		{"name", d.Name}, {"measures", d.Measures}, {"does_not_measure", d.DoesNotMeasure}, {"unit", d.Unit}, {"units", d.Units}, {"direction", d.Direction},
	} {
		if p := textProblem(f.text); p != "" {
			bad = append(bad, f.name+" "+p)
		}
	}
	if len(d.Caveats) > 50 {
		bad = append(bad, "there are more than 50 caveats")
	}
	for _, c := range d.Caveats {
		if p := textProblem(c); p != "" {
			bad = append(bad, "a caveat "+p)
		}
	}
	if d.Length.PerYear() == 0 {
		bad = append(bad, "length is day, week, month or quarter")
	}
	if d.Of != "" {
		if of, err := s.Definition(ctx, d.Of, time.Time{}); fault.KindOf(err) == fault.NotFound || err == nil && (of.Of != "" || d.Of == d.ID) {
			bad = append(bad, "of names an indicator that is not itself a view of another")
		} else if err != nil {
			return err
		}
	}
	if len(bad) > 0 {
		return fault.New(fault.Invalid, "%s", strings.Join(bad, "; "))
	}
	return nil
}

// textProblem says what is wrong with a text that a report prints.
func textProblem(s string) string {
	switch {
	case strings.TrimSpace(s) == "":
		return "says nothing"
	case len(s) > 2000:
		return "is longer than 2000 bytes"
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "is not one line of plain text"
	}
	return ""
}

func namesOf(ds []Stated) string {
	var out []string
	for _, d := range ds {
		out = append(out, d.ID)
	}
	return strings.Join(out, ", ")
}
