package indicator

import (
	"fmt"
	"slices"
	"time"

	"lapwing/internal/calendar"
)

// receipt says what became of the row.
func (r *row) receipt() Receipt {
	v := &r.verdict
	out := Receipt{Place: r.place, Outcome: v.outcome, Figure: Figure{r.series.Key, r.Observation}, Created: r.created}
	if !r.dated {
		out.Figure.Learned = time.Time{}
	}
	switch v.outcome {
	case Refused:
		out.Reasons, out.Refused = slices.Clone(r.problems), r.refused
	case Duplicate:
		out.Figure.Learned = v.before.Learned
	default:
		out.Figure.Learned = v.learned
		if v.before != nil {
			o := v.before.Observation
			out.Before = &o
		}
		out.Notes = r.notes()
	}
	return out
}

// notes say what a person should look at, though it was taken.
func (r *row) notes() (out []string) {
	v := &r.verdict
	if v.late {
		out = append(out, "a later figure is known: this one is history only")
	}
	if v.restated {
		out = append(out, "the figure before was final: "+v.before.says())
	}
	p := r.series.Length.Of(r.First)
	if p.Last() >= calendar.DayOf(v.learned) && !r.Provisional && r.Status == Observed {
		out = append(out, "the period was not over when the figure was learned, and it is not marked as provisional")
	}
	return out
}

// says is the observation in words.
func (o *Observation) says() string {
	if o.Status != Observed {
		return string(o.Status)
	}
	s := fmt.Sprintf("%.0f", o.Value)
	if o.Provisional {
		s += " (provisional)"
	}
	return s
}
