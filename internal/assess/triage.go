package assess

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// riskCodes are the factors of the risk besides one for each kind.
var riskCodes = []string{
	"danger", "escalated", "kind", "kind.further", "media", "media.new", "media.near", "media.known", "media.benign",
	"age.youngest", "age.young", "age.teen", "age", "access", "severity", "victim.again",
	"repeat.many", "repeat.few", "repeat.once", "recent.week", "recent.month", "recent.year", "recent", "informational", "viral",
}

// A scoring adds factors up.
type scoring struct {
	rules map[string]*FactorRule
	sum   int
	out   []referral.Factor
}

// add counts the factor with its weight; n stands in its sentence.
func (s *scoring) add(code string, n int) *referral.Factor { return s.rule(s.rules[code], n) }

func (s *scoring) rule(r *FactorRule, n int) *referral.Factor {
	because := strings.Replace(r.Because, "{n}", strconv.Itoa(n), 1)
	s.sum += r.Weight
	s.out = append(s.out, referral.Factor{Code: r.Code, Weight: r.Weight, Because: because})
	return &s.out[len(s.out)-1]
}

// missing notes a factor of which the report says nothing.
func (s *scoring) missing(code string) {
	s.out = append(s.out, referral.Factor{Code: code, Because: s.rules[code].Missing, Missing: true})
}

func (s *scoring) score() referral.Score {
	return referral.Score{Value: min(max(s.sum, 0), 100), Factors: s.out}
}

// judgeRisk is the risk to a child, victim first: what may still go on and
// who can still be reached goes before what is known and over.
func judgeRisk(d *referral.Draft, a *referral.Assessment, again repeats, now time.Time, r *Rules) referral.Score {
	s := scoring{rules: r.risk, out: make([]referral.Factor, 0, 8)}
	if hasFlag(d.Flags, dangerFlags) {
		s.add("danger", 0)
	}
	if strings.TrimSpace(d.Escalation) != "" {
		s.add("escalated", 0)
	}
	riskOfKinds(&s, a.Kinds, r)
	riskOfMedia(&s, d, a.Media)
	riskToChildren(&s, d, now)
	if n := again.victim; n > 0 {
		s.add("victim.again", n)
	}
	switch n := again.reported; {
	case n >= 10:
		s.add("repeat.many", n)
	case n >= 3:
		s.add("repeat.few", n)
	case n > 0:
		s.add("repeat.once", n)
	}
	riskOfTime(&s, d, now)
	if d.Informational == referral.True || hasFlag(d.Flags, []string{"informational"}) {
		s.add("informational", 0)
	}
	if hasFlag(d.Flags, viralFlags) || len(d.Files) > 0 && !slices.ContainsFunc(d.Files, func(f referral.File) bool { return !hasFlag(f.Annotations, viralFlags) }) {
		s.add("viral", 0)
	}
	return s.score()
}

// riskOfKinds counts the gravest kind in full and each further one a little.
func riskOfKinds(s *scoring, ks []referral.Kind, r *Rules) {
	var gravest *FactorRule
	further := 0
	for _, k := range ks {
		f := r.kinds[k]
		if f == nil {
			continue
		}
		if f.Weight > 0 {
			further++
		}
		if gravest == nil || f.Weight > gravest.Weight {
			gravest = f
		}
	}
	if gravest == nil {
		s.missing("kind")
		return
	}
	s.rule(gravest, 0)
	if further > 1 {
		f, times := s.add("kind.further", further-1), min(further-1, 3)
		s.sum += f.Weight * (times - 1)
		f.Weight *= times
	}
}

func riskOfMedia(s *scoring, d *referral.Draft, m referral.Media) {
	switch m.Verdict {
	case referral.MediaNew:
		s.add("media.new", m.New)
	case referral.MediaNear:
		s.add("media.near", m.Near)
	case referral.MediaKnown:
		s.add("media.known", m.Known)
	default:
		if m.Benign > 0 {
			s.add("media.benign", m.Benign)
		} else if len(d.Files) > 0 {
			s.missing("media")
		}
	}
	for i := range d.Files {
		if hasFlag(d.Files[i].Annotations, severityFlags) {
			s.add("severity", 0)
			return
		}
	}
}

// riskToChildren looks at the age of children and at who can reach them.
func riskToChildren(s *scoring, d *referral.Draft, now time.Time) {
	youngest, indicated := -1, ""
	access, denied := false, false
	for i := range d.Parties {
		p := &d.Parties[i]
		switch p.Role {
		case referral.RoleVictim, referral.RoleRecipient:
			if n := ageOf(p, now); n >= 0 && n < 18 && (youngest < 0 || n < youngest) {
				youngest = n
			}
		case referral.RoleReported:
			access = access || p.Access == referral.True
			denied = denied || p.Access == referral.False
		}
	}
	for i := range d.Files {
		f := &d.Files[i]
		if hasFlag(f.Annotations, []string{"infant"}) {
			indicated = "age.youngest"
			break
		}
		for _, l := range f.Labels {
			if wireName(l.Scheme) == "industry" && strings.HasPrefix(wireName(l.Value), "a") { // A: the younger group, formats.md A.5
				indicated = "age.young"
			}
		}
	}
	switch {
	case youngest >= 0 && youngest <= 6, indicated == "age.youngest":
		s.add("age.youngest", 0)
	case youngest >= 7 && youngest <= 12, indicated == "age.young":
		s.add("age.young", 0)
	case youngest >= 13:
		s.add("age.teen", 0)
	default:
		s.missing("age")
	}
	switch {
	case access:
		s.add("access", 0)
	case !denied:
		s.missing("access")
	}
}

// ageOf is the stated age, or the age today by the stated date of birth; -1
// where neither is known.
func ageOf(p *referral.Party, now time.Time) int {
	if p.Age > 0 {
		return p.Age
	}
	born, err := time.Parse(time.DateOnly, p.Born)
	if err != nil || born.After(now) {
		return -1
	}
	years := now.Year() - born.Year()
	if born.AddDate(years, 0, 0).After(now) {
		years--
	}
	return max(years, 0)
}

func riskOfTime(s *scoring, d *referral.Draft, now time.Time) {
	at := eventTime(d)
	if at.IsZero() {
		s.missing("recent")
		return
	}
	days := max(int(now.Sub(at)/(24*time.Hour)), 0)
	code := ""
	switch {
	case days <= 7:
		code = "recent.week"
	case days <= 30:
		code = "recent.month"
	case days <= 365:
		code = "recent.year"
	default:
		return
	}
	s.add(code, 0).AgeDays = days
}

// eventTime is the latest time that the source gives for the event.
func eventTime(d *referral.Draft) (at time.Time) {
	for _, m := range d.Times {
		if m.Kind == referral.MomentIncident && m.UTC.After(at) {
			at = m.UTC
		}
	}
	return at
}
