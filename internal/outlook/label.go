package outlook

import (
	"fmt"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// label says what the change and the alarms of a series are worth.
func (r *run) label(v *SeriesView, d Data, q Question) {
	base := r.obs[max(0, r.yearBefore(max(r.from, 0)))].First
	last := r.length.Add(r.obs[len(r.obs)-1].First, 1) - 1
	var artefact, unknown []Reason

	for _, e := range eventsOf(d.Events, r.line.Key, base, last) {
		if e.Kind == indicator.DefinitionChange || e.Kind == indicator.SourceChange {
			artefact = append(artefact, Reason{"definition", fmt.Sprintf("From %s on something else is counted: %s.", e.From, e.Name)})
			for i := range v.Alarms {
				if a := &v.Alarms[i]; a.Period.Last() >= e.From {
					a.Label = Artefact
					a.Reasons = append(a.Reasons, Reason{"definition", "Something else is counted since " + e.From.String() + "."})
				}
			}
		}
	}
	if joined := r.obs[0].First; r.from-r.length.PerYear() < 0 && v.YearOnYear.Direction == NotAssessed {
		unknown = append(unknown, Reason{"source-joined", fmt.Sprintf("The series begins only on %s.", joined)})
	} else if r.yearBefore(max(r.from, 0)) < 0 {
		artefact = append(artefact, Reason{"source-joined", fmt.Sprintf("The series begins on %s, within what is compared.", joined)})
	}
	if n := r.silence(); n >= silent[r.length] {
		unknown = append(unknown, Reason{"source-left", fmt.Sprintf("The last %d periods that are due are not here.", n)})
	}
	if c := v.Coverage; c.Unavailable > 0 {
		text := plural(c.Unavailable, "period of the window is missing because the source was not available.", "periods of the window are missing because the source was not available.")
		if c.Share() < 0.8 {
			unknown = append(unknown, Reason{"outage", text})
		} else {
			v.Reasons = append(v.Reasons, Reason{"outage", text})
		}
	}
	if c := v.Coverage; c.Expected > 0 && c.Share() < 0.5 {
		unknown = append(unknown, Reason{"coverage", fmt.Sprintf("Only %d of %d periods have a value.", c.Reported, c.Expected)})
	}
	if v.Coverage.Reported == 0 {
		unknown = append(unknown, Reason{"no-figures", "There is no value in the window."})
	}
	if v.YearOnYear.Direction == NotAssessed {
		unknown = append(unknown, v.YearOnYear.Reasons...)
	} else if v.YearOnYear.Now+v.YearOnYear.Before < 20 {
		unknown = append(unknown, Reason{"few-counts", "Fewer than 20 were counted in this window and the one a year before together."})
	}
	if n, s := r.known(max(0, r.yearBefore(max(r.from, 0))), max(r.from, 0)); n > 0 && s == 0 && v.Level > 0 {
		unknown = append(unknown, Reason{"zero-baseline", "Nothing was counted in the year before."})
	}

	moved := v.YearOnYear.Direction == Rising || v.YearOnYear.Direction == Falling || len(v.Alarms) > 0
	onlyArtefacts := len(v.Alarms) > 0 && v.YearOnYear.Direction != Rising && v.YearOnYear.Direction != Falling
	for _, a := range v.Alarms {
		onlyArtefacts = onlyArtefacts && a.Label == Artefact
	}
	switch {
	case len(artefact) > 0 && moved:
		v.Label = Artefact
	case len(unknown) > 0:
		v.Label = Unknown
	case onlyArtefacts:
		v.Label = Artefact
		artefact = append(artefact, v.Alarms[0].Reasons...)
	case moved:
		v.Label = Real
	default:
		v.Label = Steady
	}
	v.Reasons = append(append(artefact, unknown...), v.Reasons...)
	v.Reasons = distinct(v.Reasons)
}

// silent is how many periods without a word say that a source may have left.
var silent = map[calendar.Length]int{calendar.Daily: 7, calendar.Weekly: 3, calendar.Monthly: 2, calendar.Quarterly: 2}

// silence is how many of the last due periods have no value at all.
func (r *run) silence() (n int) {
	for i := r.due - 1; i >= max(r.from, 0); i-- {
		if r.obs[i].Status != indicator.NotReported {
			break
		}
		n++
	}
	return n
}

func distinct(rs []Reason) (out []Reason) {
	seen := map[Reason]bool{}
	for _, r := range rs {
		if !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	return out
}

// changed says whether the way of counting changed between the base and the
// end of the window, so that sums over time compare two things.
func (r *run) changed(d Data) bool {
	base := r.obs[max(0, r.yearBefore(max(r.from, 0)))].First
	for _, e := range eventsOf(d.Events, r.line.Key, base, calendar.Day(1<<30)) {
		if e.From <= r.obs[len(r.obs)-1].First && (e.Kind == indicator.DefinitionChange || e.Kind == indicator.SourceChange) {
			return true
		}
	}
	return false
}
