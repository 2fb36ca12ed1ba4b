package indicatorhttp

import (
	"fmt"
	"math"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/series"
)

// alpha is the chance of a false alarm at one evaluation.
const alpha = 0.005

// detector judges single periods; nil for quarters, which are shown with their
// trend. Days are added up to weeks first. It is the one of the report.
func detector(l calendar.Length) (d series.Detector, name string) {
	if l != calendar.Weekly && l != calendar.Monthly {
		return nil, ""
	}
	m := series.NewSeasonal()
	m.Alpha = alpha
	return m, fmt.Sprintf("seasonal, alpha %g", alpha)
}

// judged is what a detector says of the last periods of a run.
type judged struct {
	Run      indicator.Run
	Detector string
	Assessed int // periods that it could judge
	Not      int // periods that it could not
	Why      string
	Alarms   []alarm // the latest first

	from  int // first period that was judged
	evals []series.Evaluation
}

type alarm struct {
	Period                    string
	Observed, Expected, Upper float64
	Score                     string
	Provisional               bool

	first calendar.Day
}

// False is how many alarms chance alone lets expect.
func (j *judged) False() string { return fmt.Sprintf("%.1f", float64(j.Assessed)*alpha) }

// judge judges the last n periods of a run.
func judge(r indicator.Run, n int) judged {
	d, name := detector(r.Length)
	j := judged{Run: r, Detector: name, from: max(0, len(r.Known)-n)}
	if d == nil || len(r.Known) == 0 {
		return j
	}
	evals, err := d.Detect(&r.Series, j.from, len(r.Known))
	if err != nil {
		j.Not, j.Why = len(r.Known)-j.from, err.Error()
		return j
	}
	j.evals = evals
	why := map[string]int{}
	for _, e := range evals {
		if e.Outcome == series.NotAssessed {
			j.Not++
			if why[e.Note]++; why[e.Note] > why[j.Why] {
				j.Why = e.Note
			}
			continue
		}
		j.Assessed++
		if e.Outcome != series.Alarm {
			continue
		}
		o := r.Known[e.Index]
		a := alarm{Period: r.Period(e.Index).String(), Observed: e.Observed, Expected: e.Expected, Upper: e.Upper, Provisional: o.Provisional, first: o.First}
		if !math.IsNaN(e.Score) && !math.IsInf(e.Score, 0) {
			a.Score = fmt.Sprintf("%.1f", e.Score)
		}
		j.Alarms = append(j.Alarms, a)
	}
	for i, k := 0, len(j.Alarms)-1; i < k; i, k = i+1, k-1 {
		j.Alarms[i], j.Alarms[k] = j.Alarms[k], j.Alarms[i]
	}
	return j
}

// weeks adds the days of a run up to weeks: a week with a day without a value
// has none, and one that is not whole is left out.
func weeks(r indicator.Run) indicator.Run {
	k := r.Key
	k.Length = calendar.Weekly
	if len(r.Known) == 0 {
		return indicator.Run{Key: k}
	}
	var out []indicator.Observation
	skip := int(calendar.Weekly.First(r.Known[0].First+6) - r.Known[0].First)
	for i := skip; i+7 <= len(r.Known); i += 7 {
		o := indicator.Observation{First: r.Known[i].First}
		for _, d := range r.Known[i : i+7] {
			switch {
			case o.Status != indicator.Observed:
			case d.Status != indicator.Observed:
				o.Status, o.Value = d.Status, 0
			default:
				o.Value += d.Value
				o.Provisional = o.Provisional || d.Provisional
			}
			if d.Learned.After(o.Learned) {
				o.Learned = d.Learned
			}
		}
		out = append(out, o)
	}
	return indicator.Dense(k, out, 0, 0)
}
