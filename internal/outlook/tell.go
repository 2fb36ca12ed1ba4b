package outlook

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// describe says what a sum is made of.
func describe(source string, in, of int, gaps, other []string) string {
	var b strings.Builder
	if of == 1 {
		fmt.Fprintf(&b, "As told by %s.", source)
	} else {
		fmt.Fprintf(&b, "Sum of %d of %d countries as told by %s", in, of, source)
		if len(gaps) > 0 {
			fmt.Fprintf(&b, ", without %s, which did not tell every period", countries(gaps))
		}
		if len(other) > 0 {
			fmt.Fprintf(&b, ", without %s, where something else is counted than a year before", countries(other))
		}
		b.WriteString(".")
	}
	return b.String()
}

// tell makes the sentences.
func (o *Outlook) tell() {
	var rising, falling, open, n int
	missing := map[string]bool{}
	for _, v := range o.Indicators {
		if v.Definition.Of != "" {
			continue // another view of one that is counted
		}
		n++
		switch {
		case v.Direction == Rising && v.Label == Real:
			rising++
		case v.Direction == Falling && v.Label == Real:
			falling++
		case v.Label == Unknown:
			open++
		}
		for _, g := range v.NotAssessed {
			missing[g] = true
		}
	}
	if n == 0 {
		o.Headline = "There are no figures for this window."
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Rising in %d of %d indicators", rising, n)
	if falling > 0 {
		fmt.Fprintf(&b, ", falling in %d", falling)
	}
	if open > 0 {
		fmt.Fprintf(&b, ", not to be said of %d", open)
	}
	fmt.Fprintf(&b, "; %.0f %% of expected data in", 100*o.Coverage.Share())
	if len(missing) > 0 {
		fmt.Fprintf(&b, "; %s not assessed in at least one indicator", plural(len(missing), "country", "countries"))
	}
	b.WriteString(".")
	o.Headline = b.String()

	for _, v := range o.Indicators {
		if v.Definition.Of == "" {
			o.Findings = append(o.Findings, Finding{Text: v.Sentence(o.Question), Indicator: v.Definition.ID, Label: v.Label})
		}
	}
	// What rises most for certain comes first, what cannot be said last.
	order := map[string]float64{}
	for _, v := range o.Indicators {
		switch {
		case v.Label == Unknown || math.IsNaN(v.YearOnYear.Low):
			order[v.Definition.ID] = -1
		default:
			order[v.Definition.ID] = math.Max(v.YearOnYear.Low, 0.001)
		}
	}
	slices.SortStableFunc(o.Findings, func(a, b Finding) int { return cmp.Compare(order[b.Indicator], order[a.Indicator]) })
	if len(o.Alarms) > 0 {
		o.Findings = append(o.Findings, Finding{Text: o.alarmSentence(), Label: Steady})
	}
}

func (o *Outlook) alarmSentence() string {
	by := map[Label]int{}
	for _, a := range o.Alarms {
		by[a.Label]++
	}
	s := fmt.Sprintf("%s in %s evaluations, of which about %.0f would be expected by chance alone at %g %%",
		plural(len(o.Alarms), "alarm", "alarms"), Number(float64(o.Evaluations)), o.FalseAlarms, 100*o.Question.Alpha)
	if by[Artefact] > 0 {
		s += fmt.Sprintf("; %d can be explained by the way of counting", by[Artefact])
	}
	return s + "."
}

// NameOf is the name of an indicator of the outlook.
func (o *Outlook) NameOf(id string) string {
	for _, v := range o.Indicators {
		if v.Definition.ID == id {
			return v.Definition.Name
		}
	}
	return id
}

// Sentence says what is to be said of an indicator.
func (v *IndicatorView) Sentence(q Question) string {
	c := v.YearOnYear
	name, when := v.Definition.Name, Span(q.From, q.To)
	if c.To != 0 && c.To < q.To {
		when = Span(c.From, c.To)
	}
	if v.Direction == NotAssessed || math.IsNaN(c.Ratio) {
		why := "the figures do not allow an answer"
		if len(v.Reasons) > 0 {
			why = strings.TrimSuffix(v.Reasons[0].Text, ".")
			why = strings.ToLower(why[:1]) + why[1:]
		}
		return fmt.Sprintf("%s, %s: not assessed: %s.", name, when, why)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s: %s %s", name, when, Number(c.Now), v.Definition.Units)
	switch words := InWords(c.Ratio); {
	case c.Direction == Flat:
		fmt.Fprintf(&b, ", no clear change against the year before (%s; 95 %% interval %s to %s)", Percent(c.Ratio), Percent(c.Low), Percent(c.High))
	case words == "tripled" || strings.HasSuffix(words, "doubled") || words == "halved":
		fmt.Fprintf(&b, ", %s against the year before (%s; 95 %% interval %s to %s)", words, Percent(c.Ratio), Percent(c.Low), Percent(c.High))
	default:
		if strings.HasSuffix(words, "times as many") {
			words += " as"
		} else {
			words += " than"
		}
		fmt.Fprintf(&b, ", %s a year before (95 %% interval %s to %s)", words, Percent(c.Low), Percent(c.High))
	}
	if p := v.peak(); p != nil {
		fmt.Fprintf(&b, "; most in %s with %s", periodWords(*p), Number(p.Value))
	}
	if v.Trend.Direction == Rising || v.Trend.Direction == Falling {
		fmt.Fprintf(&b, "; over five years %s a year", Percent(1+v.Trend.PercentPerYear/100))
	}
	b.WriteString(".")
	if v.Rising > 0 {
		fmt.Fprintf(&b, " It rose in %d of %d countries", v.Rising, v.Countries)
		if v.Falling > 0 {
			fmt.Fprintf(&b, " and fell in %d", v.Falling)
		}
		b.WriteString(".")
	}
	return b.String()
}

// peak is the largest period of the window, where it stands out.
func (v *IndicatorView) peak() *Point {
	var best *Point
	var all []float64
	for i := range v.Total {
		p := &v.Total[i]
		if math.IsNaN(p.Value) {
			continue
		}
		all = append(all, p.Value)
		if best == nil || p.Value > best.Value {
			best = p
		}
	}
	if len(all) < 6 {
		return nil
	}
	slices.Sort(all)
	if best.Value < 1.5*all[len(all)/2] {
		return nil
	}
	return best
}
