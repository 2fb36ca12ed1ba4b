package outlook

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/series"
)

// detector is what judges single periods, with its name for whoever checks.
func detector(alpha float64) (series.Detector, string) {
	d := series.NewSeasonal()
	d.Alpha = alpha
	return d, fmt.Sprintf("seasonal, alpha %g", alpha)
}

// judge looks for periods of the window above what was to be expected.
func (r *run) judge(v *SeriesView, q Question) []series.Evaluation {
	d, name := detector(q.Alpha)
	s := r.asSeries()
	from := max(r.from, 0)
	if from >= r.due {
		return nil
	}
	es, err := d.Detect(s, from, r.due)
	if err != nil {
		v.Reasons = append(v.Reasons, Reason{"not-judged", upper(err.Error()) + "."})
		v.NotJudged += r.due - from
		return nil
	}
	for _, e := range es {
		if e.Outcome == series.NotAssessed {
			v.NotJudged++
			continue
		}
		v.Evaluations++
		if e.Outcome != series.Alarm {
			continue
		}
		a := Alarm{Key: r.line.Key, Period: r.length.Of(r.obs[e.Index].First), Observed: e.Observed, Expected: e.Expected, Upper: e.Upper, Score: e.Score, Detector: name}
		if e.Note != "" {
			a.Reasons = append(a.Reasons, Reason{"note", upper(e.Note) + "."})
		}
		r.explain(&a, es, e)
		v.Alarms = append(v.Alarms, a)
	}
	return es
}

// explain labels an alarm: what arrives at once after a silence, or after a
// source began to count otherwise, did not happen at once.
func (r *run) explain(a *Alarm, es []series.Evaluation, e series.Evaluation) {
	a.Label = Real
	missing, deficit := 0, 0.0
	for i := e.Index - 1; i >= max(0, e.Index-backlogReach); i-- {
		if math.IsNaN(r.value(i)) {
			missing++
			deficit += e.Expected
			continue
		}
		expected := r.value(r.yearBefore(i)) // before the window nothing was judged
		if j := i - es[0].Index; j >= 0 {
			expected = es[j].Expected
		}
		if v := r.value(i); v < 0.6*expected { // false where nothing was expected
			deficit += expected - v
		}
	}
	if excess := e.Observed - e.Expected; deficit > 0 && excess <= 1.6*deficit && excess >= 0.3*deficit {
		a.Label = Artefact
		text := "Less than expected came in the periods before, and about as much more in this one: it may have waited."
		if missing > 0 {
			text = "The source was silent just before, and about as much more came afterwards: it may have waited."
		}
		a.Reasons = append(a.Reasons, Reason{"backlog", text})
	}
	if r.obs[e.Index].Provisional {
		a.Reasons = append(a.Reasons, Reason{"provisional", "The figure is provisional."})
	}
	if e.Expected < 1 {
		a.Label = Unknown
		a.Reasons = append(a.Reasons, Reason{"few-counts", "Less than one was to be expected: a single count weighs much."})
	}
}

// backlogReach is in how many periods before a surge a silence can explain it.
const backlogReach = 6

// events gives those that overlap the days and concern the series.
func eventsOf(events []indicator.Event, k indicator.Key, from, to calendar.Day) (out []indicator.Event) {
	for _, e := range events {
		if !e.Touches(k, from, to) {
			continue
		}
		out = append(out, e)
	}
	return out
}

// weight orders labels of alarms.
var weight = map[Label]int{Real: 0, Unknown: 1, Artefact: 2}

func rank(as []Alarm) {
	score := func(a Alarm) float64 {
		if math.IsNaN(a.Score) {
			return 0
		}
		return a.Score
	}
	slices.SortStableFunc(as, func(a, b Alarm) int {
		return cmp.Or(cmp.Compare(weight[a.Label], weight[b.Label]), cmp.Compare(score(b), score(a)), a.Key.Compare(b.Key), cmp.Compare(a.Period.First, b.Period.First))
	})
}
