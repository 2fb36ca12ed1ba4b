package synth

import (
	"cmp"
	"math"
	"slices"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// Figures of the demo are five years of the six indicators for the 27 Member
// States, invented, in the shapes that analysts meet: a spring in which
// referrals come near a million a month, a jump of blocked attempts in one
// country, forum figures with days on which the site was dark, helpline
// contacts with a linear trend, and the ways in which sources fail: late,
// revised, silent, all at once after a silence, joining, and counting otherwise
// from one day on.

// Figures gives the figures in the order in which the desk learned them, with
// the events that go with them. Until is the last day; the zero value stands
// for that of the demo.
func Figures(seed uint64, until time.Time) ([]indicator.Figure, []indicator.Event) {
	if until.IsZero() {
		until = defaultUntil
	}
	f := &figures{seed: seed, until: calendar.DayOf(until)}
	f.first = calendar.Monthly.Add(calendar.Monthly.First(f.until), -59)
	f.spring = f.lastMonth(time.April)
	for i := range memberStates {
		f.place = i
		f.referrals()
		f.blocked()
		f.p2p()
		f.helpline()
		f.forum()
		f.messages()
	}
	slices.SortFunc(f.out, func(a, b indicator.Figure) int {
		return cmp.Or(a.Learned.Compare(b.Learned), a.Key.Compare(b.Key), cmp.Compare(a.First, b.First))
	})
	return f.out, f.events()
}

// Sources of the demo's figures. They are invented, as is all that they say.
const (
	clearingHouse = "sample-clearing-house"
	blockList     = "sample-block-list"
	peerWatch     = "sample-p2p-monitor"
	helplines     = "sample-helplines"
	forumWatch    = "sample-forum-monitor"
)

type figures struct {
	seed         uint64
	first, until calendar.Day
	spring       calendar.Day // 1 April of the last spring
	place        int
	out          []indicator.Figure
}

// lastMonth is the first day of the last whole month of that name.
func (f *figures) lastMonth(m time.Month) calendar.Day {
	y := f.until.Time().Year()
	if calendar.Date(y, m+1, 1)-1 > f.until {
		y--
	}
	return calendar.Date(y, m, 1)
}

// size is the share of the country among the Member States.
func (f *figures) size() float64 {
	all := 0
	for _, c := range countries[:memberStates] {
		all += c.people
	}
	return float64(countries[f.place].people) / float64(all)
}

// draw makes one series: mean gives what is to be expected of a period that
// is so many years after the beginning, and the counts scatter around it with
// variance spread × mean. Then shape may change what is told of it.
func (f *figures) draw(id, source string, l calendar.Length, lag int, spread float64, mean func(years float64, d calendar.Day) float64, shape func(*indicator.Observation)) {
	key := indicator.Key{Indicator: id, Source: source, Geography: countries[f.place].code, Length: l}
	r := newRandom(f.seed, figureKind+uint64(len(id))<<8+uint64(id[0]), uint64(f.place))
	for d := l.First(f.first); ; d = l.Add(d, 1) {
		end := l.Add(d, 1)
		if end-1 > f.until {
			return
		}
		if d < f.first {
			continue
		}
		mu := mean(float64(d-f.first)/365.25, d)
		o := indicator.Observation{First: d, Value: math.Max(0, math.Round(mu+r.normal()*math.Sqrt(spread*mu))), Learned: f.at(end, lag)}
		shape(&o)
		if o.Status != indicator.Observed {
			o.Value = 0
		}
		if source == clearingHouse && o.Status == indicator.Observed {
			// What it tells first is lower, and final a month later.
			first := o
			first.Value, first.Provisional = math.Round(o.Value*0.94), true
			f.tell(key, first)
			o.Learned = o.Learned.AddDate(0, 0, 30)
		}
		f.tell(key, o)
	}
}

// tell adds an observation, if it is here already.
func (f *figures) tell(key indicator.Key, o indicator.Observation) {
	if !o.Learned.After(f.at(f.until, 1)) {
		f.out = append(f.out, indicator.Figure{Key: key, Observation: o})
	}
}

// figureKind keeps the draws of figures apart from those of referrals.
const figureKind = 0xf16

// at is nine in the morning, so many days after.
func (f *figures) at(d calendar.Day, lag int) time.Time {
	return (d + calendar.Day(lag)).Time().Add(9 * time.Hour)
}

// season is 1 on average over a year, largest in the month given.
func season(d calendar.Day, peak float64, height float64) float64 {
	return 1 + height*math.Cos(2*math.Pi*(float64(d.Time().YearDay())/365.25-peak/12))
}

// bump is 0 outside (from, to) and rises to 1 between.
func bump(d, from, to calendar.Day) float64 {
	if d < from || d > to {
		return 0
	}
	return math.Sin(math.Pi * float64(d-from+1) / float64(to-from+2))
}

// code of the country whose figures are made.
func (f *figures) code() string { return countries[f.place].code }

// referrals: monthly, learned ten days after, revised a month later. In the
// last spring all of them together come near a million in one month.
func (f *figures) referrals() {
	f.draw("referrals", clearingHouse, calendar.Monthly, 10, 40, func(y float64, d calendar.Day) float64 {
		mu := 300e3 * f.size() * math.Exp(0.06*y) * season(d, 2, 0.08)
		switch d {
		case calendar.Monthly.Add(f.spring, -1):
			mu *= 1.5
		case f.spring:
			mu *= 2.3
		case calendar.Monthly.Add(f.spring, 1):
			mu *= 1.7
		}
		return mu
	}, func(o *indicator.Observation) {
		switch {
		case f.code() == "MT" && o.Value < 130:
			o.Status = indicator.Suppressed
		case f.code() == "BG" && o.First >= calendar.Monthly.Add(f.spring, 2):
			o.Learned = o.Learned.AddDate(10, 0, 0) // it sent nothing since
		case f.code() == "RO" && o.First >= calendar.Monthly.Add(f.spring, -5) && o.First < calendar.Monthly.Add(f.spring, -2):
			o.Value = math.Round(o.Value * 0.1) // most of it waits …
		case f.code() == "RO" && o.First == calendar.Monthly.Add(f.spring, -2):
			o.Value = math.Round(o.Value * 3.7) // … and comes at once
		}
	})
}

// blocked: weekly. One country alone comes near nine million in a month from
// the spring on; one counted every request instead of every visit from a day on.
func (f *figures) blocked() {
	jump := calendar.Weekly.First(f.spring - 14)
	other := calendar.Weekly.First(f.spring - 200)
	f.draw("blocked-attempts", blockList, calendar.Weekly, 3, 900, func(y float64, d calendar.Day) float64 {
		mu := 4.2e6 * f.size() * math.Exp(0.03*y) * season(d, 0, 0.1)
		if f.code() == "PL" {
			mu = 0.85e6 * math.Exp(0.05*y) * season(d, 0, 0.05)
			if d >= jump {
				mu *= 1.85
			}
		}
		if f.code() == "PT" && d >= other {
			mu *= 2.4
		}
		return mu
	}, func(o *indicator.Observation) {
		if f.code() == "HU" && o.First >= f.spring-70 && o.First < f.spring-28 {
			o.Status = indicator.Unavailable
		}
		if f.code() == "EE" && o.First < calendar.Weekly.First(f.spring-400) {
			o.Learned = o.Learned.AddDate(10, 0, 0) // it joined later
		}
	})
}

// p2p: daily, most on Sundays.
func (f *figures) p2p() {
	gone := []calendar.Day{f.spring - 33, f.spring + 61}
	f.draw("p2p", peerWatch, calendar.Daily, 1, 3, func(y float64, d calendar.Day) float64 {
		mu := 5200 * math.Pow(f.size(), 0.8) * math.Exp(-0.04*y) * season(d, 0, 0.12)
		if wd := d.Time().Weekday(); wd == time.Sunday || wd == time.Saturday {
			mu *= 1.15
		}
		return mu * (1 + 0.45*bump(d, f.spring-20, f.spring+55))
	}, func(o *indicator.Observation) {
		for _, g := range gone {
			if o.First >= g && o.First < g+4 {
				o.Status = indicator.Unavailable
			}
		}
	})
}

// helpline contacts: quarterly with a linear trend.
func (f *figures) helpline() {
	f.draw("public-reports", helplines, calendar.Quarterly, 25, 4, func(y float64, d calendar.Day) float64 {
		return 21000 * math.Pow(f.size(), 0.7) * 0.25 * (1 + 0.11*y) * season(d, 1, 0.05)
	}, func(o *indicator.Observation) {
		if f.code() == "CY" {
			o.Status = indicator.NotReported
		}
		if f.code() == "LV" && o.First.Time().Month() == time.July {
			o.Status = indicator.NotReported // nobody counts in summer
		}
	})
}

// forum posts by the country that a visitor seems to come from: weekly, with
// weeks in which the forum could not be reached.
func (f *figures) forum() {
	f.draw("forum-posts", forumWatch, calendar.Weekly, 2, 6, func(y float64, d calendar.Day) float64 {
		mu := 2600 * math.Pow(f.size(), 0.75) * (1 + 0.05*y) * season(d, 11, 0.1)
		return mu * (1 + 0.6*bump(d, f.spring-12, f.spring+80))
	}, func(o *indicator.Observation) {
		n := newRandom(f.seed, figureKind, uint64(o.First)) // the forum is dark for all at once
		if n.in(55) || o.First >= f.spring+98 && o.First < f.spring+126 {
			o.Status = indicator.Unavailable
		}
	})
}

// messages on dark web forums: monthly; they tripled within the last year.
func (f *figures) messages() {
	f.draw("darkweb-activity", forumWatch, calendar.Monthly, 5, 5, func(y float64, d calendar.Day) float64 {
		mu := 1500 * math.Pow(f.size(), 0.6)
		if from := f.spring - 60; d > from {
			mu *= 1 + 2*math.Min(1, float64(d-from)/90)
		}
		return mu
	}, func(o *indicator.Observation) {})
}

// normal is a draw from the standard normal distribution (Box and Muller 1958).
func (r *random) normal() float64 {
	u := (float64(r.next()>>11) + 0.5) / (1 << 53)
	v := float64(r.next()>>11) / (1 << 53)
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*v)
}

// events of the demo.
func (f *figures) events() []indicator.Event {
	return []indicator.Event{
		{ID: "stay-at-home", Name: "Stay-at-home orders (invented)", Kind: indicator.Lockdown, From: f.spring - 17, To: f.spring + 44},
		{ID: "campaign", Name: "Awareness campaign of the helplines (invented)", Kind: indicator.Campaign, From: f.spring + 30, To: f.spring + 58, Indicator: "public-reports"},
		{ID: "forum-closed", Name: "A forum is taken down (invented)", Kind: indicator.Takedown, From: f.spring + 98, To: f.spring + 98, Indicator: "forum-posts"},
		{ID: "pt-counting", Name: "Portugal counts requests instead of visits (invented)", Kind: indicator.DefinitionChange, From: calendar.Weekly.First(f.spring - 200), To: calendar.Weekly.First(f.spring - 200), Countries: []string{"PT"}, Indicator: "blocked-attempts", Source: blockList},
		{ID: "duty-to-report", Name: "A duty to report begins (invented)", Kind: indicator.LawChange, From: calendar.Date(f.spring.Time().Year()-1, time.July, 1), To: calendar.Date(f.spring.Time().Year()-1, time.July, 1), Indicator: "referrals"},
	}
}
