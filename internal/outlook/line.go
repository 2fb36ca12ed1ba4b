package outlook

import (
	"math"
	"slices"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/series"
)

// run is a line made dense: one place a period from its first figure to the
// end of the window, in the length of the line.
type run struct {
	line   *Line
	length calendar.Length
	first  calendar.Day // of place 0
	obs    []indicator.Observation
	had    []bool // there is a figure, whatever it says
	from   int    // the window is [from, to)
	to     int
	due    int // [from, due) are over, and as old as this source's figures usually are when they come
}

// lay makes a line dense; nil where no whole period of the window can be told.
func lay(l *Line, q Question) *run {
	if len(l.Figures) == 0 {
		return nil
	}
	n := l.Key.Length
	r := &run{line: l, length: n, first: n.First(l.Figures[0].First)}
	start := n.First(q.From)
	if start < q.From {
		start = n.Add(start, 1)
	}
	end := n.First(q.To + 1) // the period with the day after the window is not whole in it
	if end <= start {
		return nil
	}
	r.from, r.to = n.Between(r.first, start), n.Between(r.first, end)
	if r.to <= 0 {
		return nil
	}
	r.obs = make([]indicator.Observation, r.to)
	r.had = make([]bool, r.to)
	for i := range r.obs {
		r.obs[i] = indicator.Observation{First: n.Add(r.first, i), Status: indicator.NotReported}
	}
	for _, o := range l.Figures {
		if i := n.Between(r.first, o.First); i >= 0 && i < r.to {
			r.obs[i], r.had[i] = o, true
		}
	}
	known, lag := calendar.DayOf(q.AsOf.UTC()), calendar.Day(usualLag(l))
	r.due = max(r.from, 0)
	for r.due < r.to && (r.had[r.due] || n.Add(r.obs[r.due].First, 1)+lag <= known) {
		r.due++
	}
	return r
}

// usualLag is within how many days after the end of a period nine of ten
// figures of this source came; where too few say, one period. A history that
// was filled in later says nothing of it, so it is two periods and ten days at
// most.
func usualLag(l *Line) int {
	period := 370 / max(1, l.Key.Length.PerYear())
	if len(l.Lags) < 5 {
		return period
	}
	s := slices.Clone(l.Lags)
	slices.Sort(s)
	return min(s[(len(s)*9)/10], 2*period+10)
}

// value is the count of place i; Missing outside the run and without a value.
func (r *run) value(i int) float64 {
	if i < 0 || i >= len(r.obs) || r.obs[i].Status != indicator.Observed {
		return series.Missing
	}
	return r.obs[i].Value
}

// yearBefore is the place that place i is compared with: the same month,
// quarter or ISO week of the year before, or the day 52 weeks before.
func (r *run) yearBefore(i int) int {
	switch r.length {
	case calendar.Daily:
		return i - 364
	case calendar.Weekly:
		return i - 52
	}
	return i - r.length.PerYear()
}

func (r *run) coverage() (c Coverage) {
	for i := max(r.from, 0); i < r.to; i++ {
		o := r.obs[i]
		if i >= r.due && !r.had[i] {
			continue // nobody can expect it yet
		}
		c.Expected++
		switch {
		case !r.had[i]:
			c.Late++
			c.NotReported++
		case o.Status == indicator.Observed:
			c.Reported++
			if o.Provisional {
				c.Provisional++
			}
		case o.Status == indicator.Unavailable:
			c.Unavailable++
		case o.Status == indicator.Suppressed:
			c.Suppressed++
		default:
			c.NotReported++
		}
	}
	return c
}

// judged is the run as it is judged: days are added up to weeks, because a day
// of the week is no season, and a week with an unknown day is unknown.
func (r *run) judged() *run {
	if r.length != calendar.Daily {
		return r
	}
	w := &run{line: r.line, length: calendar.Weekly, first: calendar.Weekly.First(r.first + 6)}
	off := int(w.first - r.first)
	for i := off; i+7 <= len(r.obs); i += 7 {
		o := indicator.Observation{First: r.obs[i].First}
		for _, d := range r.obs[i : i+7] {
			if d.Status != indicator.Observed && o.Status == indicator.Observed {
				o.Status, o.Value = d.Status, 0
			}
			if o.Status == indicator.Observed {
				o.Value += d.Value
				o.Provisional = o.Provisional || d.Provisional
			}
		}
		w.obs = append(w.obs, o)
		w.had = append(w.had, true)
	}
	day := func(i int) int { return max(0, (i-off+6)/7) } // the first whole week from that day on
	w.from, w.to = min(day(r.from), len(w.obs)), len(w.obs)
	w.due = min(max(w.from, (r.due-off)/7), w.to)
	if r.from < off {
		w.from = 0
	}
	return w
}

// asSeries is the run for the methods, up to its end.
func (r *run) asSeries() *series.Series {
	y, n := r.length.Of(r.first).Number()
	s := &series.Series{Freq: r.length.PerYear(), Start: [2]int{y, n}, Counts: make([]float64, len(r.obs))}
	for i := range r.obs {
		s.Counts[i] = r.value(i)
	}
	return s
}

// known counts the values of [from, to).
func (r *run) known(from, to int) (n int, sum float64) {
	for i := from; i < to; i++ {
		if v := r.value(i); !math.IsNaN(v) {
			n++
			sum += v
		}
	}
	return n, sum
}
