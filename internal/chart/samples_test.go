package chart

import (
	"math"
	"math/rand/v2"
	"time"

	"lapwing/internal/calendar"
)

// The samples are invented figures, shaped like those of a report.

func noise(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

func wave(seed uint64, n int, level, trend, season float64, period int) []Value {
	r := noise(seed)
	out := make([]Value, n)
	for i := range out {
		m := level * (1 + trend*float64(i)/float64(n)) * (1 + season*math.Sin(2*math.Pi*float64(i)/float64(period)))
		out[i].V = math.Max(0, math.Round(m+math.Sqrt(m)*r.NormFloat64()*1.5))
	}
	return out
}

func sampleDaily() Timeline {
	n := 122
	vs := wave(1, n, 420, 0.6, 0.05, 7)
	for i := 31; i < 38; i++ {
		vs[i] = None("site unavailable")
	}
	for i := 71; i < 73; i++ {
		vs[i] = None("")
	}
	vs[54].V = 1180
	vs[55].V = 960
	vs[90] = None("not reported")
	for i := n - 5; i < n; i++ {
		vs[i].Provisional = true
	}
	return Timeline{
		Frame: Frame{ID: "daily", Title: "Posts rose by half in two months, with two outages",
			Subtitle: "Posts a day in one forum section, 1 March to 30 June 2020 (invented)", Source: "Partner A, counts only"},
		Unit: "posts", First: calendar.Date(2020, 3, 1), Values: vs, Median: 7,
		Alarms: []Alarm{{calendar.Date(2020, 4, 24), "score 3.1"}, {calendar.Date(2020, 4, 25), "score 2.0"}},
		Events: []Event{
			{"School closures in most countries", calendar.Date(2020, 3, 16), calendar.Date(2020, 5, 11)},
			{"Campaign", calendar.Date(2020, 4, 20), 0},
			{"Section moved", calendar.Date(2020, 5, 2), 0},
			{"Takedown announced", calendar.Date(2020, 6, 25), 0},
		},
	}
}

func sampleWeekly() Timeline {
	n := 5 * 52
	vs := wave(2, n, 60, 0.8, 0.3, 52)
	b := &Baseline{Name: "Expected, with its upper bound (0.5 %)"}
	for i := range vs {
		if i < 104 {
			b.Expected = append(b.Expected, math.NaN())
			b.Upper = append(b.Upper, math.NaN())
			continue
		}
		m := 60 * (1 + 0.7*float64(i)/float64(n)) * (1 + 0.3*math.Sin(2*math.Pi*float64(i)/52))
		b.Expected = append(b.Expected, m)
		b.Upper = append(b.Upper, m+2.58*1.5*math.Sqrt(m))
	}
	vs[180].V, vs[181].V, vs[182].V = 150, 171, 163
	for i := 210; i < 222; i++ {
		vs[i] = None("unavailable")
	}
	vs[n-1].Provisional, vs[n-2].Provisional = true, true
	first := calendar.Weekly.First(calendar.Date(2016, time.January, 7))
	var alarms []Alarm
	for i, v := range vs {
		if v.V > num(b.Upper, i) {
			alarms = append(alarms, Alarm{calendar.Weekly.Add(first, i), ""})
		}
	}
	return Timeline{
		Frame: Frame{ID: "weekly", Title: "Referrals to DE: above the bound in three weeks of 2019",
			Subtitle: "Referrals by week received, 2016 to 2020 (invented)", Source: "own intake", Note: "The last two weeks are not complete"},
		Unit: "referrals", Length: calendar.Weekly, First: first, Values: vs, Baseline: b, Alarms: alarms,
		Events: []Event{{"Law in force", calendar.Date(2017, 11, 1), 0}, {"Partner B joined", calendar.Date(2018, 2, 1), 0}, {"Definition changed", calendar.Date(2019, 1, 1), 0}},
	}
}

var countries = []string{"Austria", "Belgium", "Bulgaria", "Croatia", "Cyprus", "Czechia", "Denmark", "Estonia", "Finland", "France", "Germany", "Greece", "Hungary", "Ireland", "Italy", "Latvia", "Lithuania", "Luxembourg", "Malta", "Netherlands", "Poland", "Portugal", "Romania", "Slovakia", "Slovenia", "Spain", "Sweden"}

func sampleMultiples() Multiples {
	c := Multiples{
		Frame: Frame{ID: "multiples", Title: "More referrals than the year before in 21 of 27 Member States",
			Subtitle: "Referrals by month received, January to October 2020 and 2019 (invented)", Source: "NCMEC referrals as passed on to Member States"},
		Unit: "referrals", First: calendar.Monthly.Of(calendar.Date(2020, 1, 1)), Order: ByLevel,
	}
	r := noise(3)
	for i, name := range countries {
		level := math.Exp(4 + 6*r.Float64())
		before := wave(uint64(100+i), 12, level, 0.2, 0.1, 12)
		now := wave(uint64(200+i), 10, level*(0.9+r.Float64()), 0.2, 0.1, 12)
		now[2].V *= 2.2
		now[9].Provisional = true
		switch i {
		case 4:
			now[5], now[6] = None("not reported"), None("not reported")
		case 12:
			before[3] = None("")
		case 18:
			now = nil
		case 21:
			for k := range now {
				now[k] = None("suppressed")
			}
		}
		p := Panel{Name: name, Before: before, Now: now}
		if w := RatioWords(p.change()); w != "" {
			p.Note = w
		}
		c.Panels = append(c.Panels, p)
	}
	return c
}

func sampleMultipleBars() Multiples {
	c := sampleMultiples()
	c.Frame = Frame{ID: "bars", Title: "Nine countries, as bars on one scale", Subtitle: "Referrals by month (invented)"}
	c.Style, c.Scale, c.Order = AsBars, SharedScale, ByName
	c.Panels = c.Panels[:9]
	return c
}

func sampleLines() Lines {
	c := Lines{
		Frame: Frame{ID: "lines", Title: "Four countries lead, and all but one rose in spring",
			Subtitle: "Detections by month, 2018 to 2020 (invented)", Source: "Partner C"},
		Unit: "detections", Length: calendar.Monthly, First: calendar.Date(2018, 1, 1),
		Events: []Event{{"Lockdowns", calendar.Date(2020, 3, 15), calendar.Date(2020, 5, 31)}},
	}
	r := noise(5)
	for i, name := range countries {
		vs := wave(uint64(300+i), 36, 400+3500*r.Float64(), 0.3*r.Float64(), 0.15, 12)
		if name == "Italy" {
			vs[14], vs[15], vs[16] = None("dark"), None("dark"), None("dark")
		}
		for k := 27; k < 30; k++ {
			vs[k].V = math.Round(vs[k].V * 1.35)
		}
		vs[35].Provisional = true
		c.Series = append(c.Series, Line{Name: name, Values: vs, Front: name == "Germany" || name == "France" || name == "Italy" || name == "Poland" || name == "Spain" || name == "Netherlands"})
	}
	return c
}

func sampleTrend() Trend {
	vs := Values(812, 790, 871, 902, 888, 941, 1003, 978, 1032, 1190, 1124, 1178)
	vs[6] = None("two lines not reported")
	vs[11].Provisional = true
	c := Trend{
		Frame: Frame{ID: "trend", Title: "Contacts to helplines grow by some 36 a quarter",
			Subtitle: "Contacts by quarter, 2018 to 2020 (invented)", Source: "12 helplines that reported throughout"},
		Unit: "contacts", First: calendar.Date(2018, 1, 1), Values: vs,
		Name: "Linear trend, with its 95 % interval", Words: "+36 contacts a quarter (95 % interval: 26 to 46)",
	}
	for i := range 14 {
		t := float64(i)
		c.Fit = append(c.Fit, 780+36*t)
		c.Lower = append(c.Lower, 780+36*t-25-1.2*math.Abs(t-5.5)*6)
		c.Upper = append(c.Upper, 780+36*t+25+1.2*math.Abs(t-5.5)*6)
	}
	return c
}

func sampleCompare() Compare {
	v := func(x float64) Value { return Value{V: x} }
	nan := math.NaN()
	return Compare{
		Frame:  Frame{ID: "compare", Title: "Forum messages tripled; files made available almost doubled", Subtitle: "January to March against April to June 2020 (invented)", Source: "Partners A to E, counts only"},
		Before: "Jan–Mar", Now: "Apr–Jun", Interval: "95 % interval",
		Items: []Item{
			{Name: "Forum messages", Note: "a day", Before: v(500), Now: v(1500), Ratio: 3, Lower: 2.71, Upper: 3.32},
			{Name: "Files made available", Note: "a month", Before: v(40100), Now: v(77000), Ratio: 1.92, Lower: 1.9, Upper: 1.94},
			{Name: "Referrals", Note: "all countries", Before: v(312400), Now: v(643544), Ratio: 2.06, Lower: 1.6, Upper: 2.7, Words: "×2.1 (+106 %)"},
			{Name: "Blocked attempts", Note: "7 countries", Before: v(2100000), Now: Value{V: 3150000, Provisional: true}, Ratio: 1.5, Lower: 0.82, Upper: 2.8},
			{Name: "P2P detections", Before: v(88000), Now: v(81000), Ratio: 0.92, Lower: 0.81, Upper: 1.04},
			{Name: "Helpline contacts about coercion", Note: "12 lines", Before: v(3), Now: v(14), Ratio: 4.67, Lower: 1.3, Upper: 25.3},
			{Name: "Hotline reports", Note: "closed in May", Before: v(1800), Now: None("unavailable"), Ratio: nan, Lower: nan, Upper: nan},
			{Name: "New threads", Before: v(0), Now: v(12), Ratio: math.Inf(1), Lower: 2.9, Upper: math.Inf(1)},
			{Name: "Takedown requests", Before: v(620), Now: v(310), Ratio: 0.5, Lower: 0.44, Upper: 0.57},
		},
	}
}

func sampleStrip() Strip {
	daily := sampleDaily()
	lines := sampleLines()
	q := sampleTrend()
	return Strip{
		Frame: Frame{ID: "strip", Title: "Rising in 4 of 6 indicators; one rise is an artefact", Subtitle: "As known on 15 July 2020 (invented)"},
		Rows: []Row{
			{Name: "Referrals", Unit: "a month", Values: wave(21, 30, 400000, 0.6, 0.2, 12), Level: Value{V: 982114}, Period: "June 2020", Change: "×2.1", Against: "on June 2019 (×1.6 to ×2.7)", Goes: Up, Label: Real, Reason: "27 sources agree", Have: 25, Want: 27},
			{Name: "Blocked attempts", Unit: "a month, 7 countries", Values: wave(22, 30, 5e6, 0.6, 0.1, 12), Level: Value{V: 8899000, Provisional: true}, Period: "June 2020", Change: "+50 %", Against: "on June 2019", Goes: Up, Label: Artefact, Reason: "two providers joined", Have: 5, Want: 7},
			{Name: "P2P detections", Unit: "a day", Values: lines.Series[4].Values, Level: Value{V: 2241}, Period: "30 June 2020", Change: "unchanged", Against: "on 2019 (−4 to +5 %)", Goes: Level, Label: Real, Have: 27, Want: 27},
			{Name: "Reports from the public", Unit: "contacts a quarter", Values: q.Values, Level: Value{V: 1178, Provisional: true}, Period: "Q2 2020", Change: "+36 a quarter", Against: "26 to 46", Goes: Up, Label: Unknown, Reason: "a line is silent", Have: 11, Want: 12},
			{Name: "Forum posts against baseline", Unit: "a day", Values: daily.Values, Level: Value{V: 720, Provisional: true}, Period: "30 June 2020", Change: "2 alarms", Against: "in 122 days", Goes: Unclear, Label: Unknown, Reason: "10 days dark", Have: 112, Want: 122},
			{Name: "Dark web forum activity", Unit: "messages a month", Values: []Value{None(""), None("")}, Level: None("not reported"), Period: "", Label: NoLabel, Have: 0, Want: 1},
		},
	}
}

func sampleGrid() Grid {
	c := Grid{Frame: Frame{ID: "grid", Title: "Three sources have not reported since spring", Subtitle: "Figures by month and source, 2018 to 2020 (invented)"}, First: calendar.Date(2018, 7, 1), Periods: 24}
	r := noise(9)
	for i, name := range []string{"NCMEC", "Web-IQ", "Child Rescue Coalition", "INSAFE helplines", "IWF", "Hotline AT", "Hotline BE", "Hotline CZ", "Hotline DE", "Police unit FR", "Police unit IT", "Police unit PL"} {
		row := SourceRow{Name: name}
		for k := range 24 {
			s := Reported
			switch x := r.Float64(); {
			case i == 6 && k < 9:
				s = NotDue
			case (i == 7 || i == 10) && k > 18:
				s = Missing
			case i == 11 && k%6 == 2:
				s = Suppressed
			case x < 0.08:
				s = Late
			case x < 0.1:
				s = Missing
			}
			row.Cells = append(row.Cells, s)
		}
		c.Sources = append(c.Sources, row)
	}
	return c
}

func samples() map[string]Chart {
	return map[string]Chart{
		"daily":     sampleDaily(),
		"weekly":    sampleWeekly(),
		"compare":   sampleCompare(),
		"strip":     sampleStrip(),
		"grid":      sampleGrid(),
		"lines":     sampleLines(),
		"trend":     sampleTrend(),
		"multiples": sampleMultiples(),
		"bars":      sampleMultipleBars(),
	}
}
