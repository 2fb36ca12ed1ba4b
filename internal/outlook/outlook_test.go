package outlook

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/internal/synth"
)

// demo is the data of the demo as known on a date.
func demo(asOf time.Time) Data {
	figs, events := synth.Figures(1, time.Time{})
	by := map[indicator.Key]map[calendar.Day]indicator.Observation{}
	lags := map[indicator.Key][]int{}
	for _, f := range figs {
		if f.Learned.After(asOf) {
			continue
		}
		if by[f.Key] == nil {
			by[f.Key] = map[calendar.Day]indicator.Observation{}
		}
		if _, ok := by[f.Key][f.First]; !ok {
			lags[f.Key] = append(lags[f.Key], int(calendar.DayOf(f.Learned)-f.Key.Length.Add(f.First, 1)))
		}
		by[f.Key][f.First] = f.Observation
	}
	d := Data{Events: events, Definitions: indicator.Shipped()}
	for k, obs := range by {
		l := Line{Key: k, Lags: lags[k]}
		for _, o := range obs {
			l.Figures = append(l.Figures, o)
		}
		slices.SortFunc(l.Figures, func(a, b indicator.Observation) int { return int(a.First - b.First) })
		d.Lines = append(d.Lines, l)
	}
	return d
}

// tenMonths asks about January to October 2026 on the day after.
func tenMonths() Question {
	return Question{From: calendar.Date(2026, 1, 1), To: calendar.Date(2026, 10, 31), AsOf: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)}
}

// months is a line of monthly figures up to October 2026, the last one last.
func months(k string, values ...float64) Line {
	key, err := indicator.ParseKey(k)
	if err != nil {
		panic(err)
	}
	l := Line{Key: key, Lags: []int{1, 1, 1, 1, 1, 1}}
	first := calendar.Monthly.Add(calendar.Date(2026, 10, 1), 1-len(values))
	for i, v := range values {
		o := indicator.Observation{First: calendar.Monthly.Add(first, i), Value: v, Learned: calendar.Monthly.Add(first, i+1).Time()}
		if math.IsNaN(v) {
			o.Value, o.Status = 0, indicator.Unavailable
		}
		l.Figures = append(l.Figures, o)
	}
	return l
}

// around gives n counts that scatter around mean a little.
func around(mean float64, n int) []float64 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Round(mean + r.NormFloat64()*math.Sqrt(mean))
	}
	return out
}

func look(t *testing.T, d Data) Outlook {
	t.Helper()
	d.Definitions = indicator.Shipped()
	q := tenMonths()
	q.AsOf = q.AsOf.AddDate(0, 0, 5)
	return Look(q, d)
}

func has(rs []Reason, code string) bool {
	return slices.ContainsFunc(rs, func(r Reason) bool { return r.Code == code })
}

// The same figures, in whatever order they are handed over, give the same
// outlook, and the demo gives the one that it was made for.
func TestDemo(t *testing.T) {
	t.Parallel()
	d := demo(tenMonths().AsOf)
	o := Look(tenMonths(), d)
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(d.Lines), func(i, j int) { d.Lines[i], d.Lines[j] = d.Lines[j], d.Lines[i] })
	again := Look(tenMonths(), d)
	// NaN is not equal to itself: compare what is printed.
	if fmt.Sprintf("%+v", o) != fmt.Sprintf("%+v", again) {
		t.Error("the order of the lines changes the outlook")
	}
	if len(o.Indicators) != 6 || len(o.Series) != 6*27 {
		t.Fatalf("%d indicators, %d series", len(o.Indicators), len(o.Series))
	}
	if !strings.HasPrefix(o.Headline, "Rising in ") || !strings.Contains(o.Headline, "% of expected data in") {
		t.Errorf("headline %q", o.Headline)
	}
	label := map[string]Label{}
	reasons := map[string][]Reason{}
	for _, v := range o.Series {
		label[v.Key.String()], reasons[v.Key.String()] = v.Label, v.Reasons
	}
	for _, c := range []struct {
		key    string
		want   Label
		reason string
	}{
		{"blocked-attempts/sample-block-list/PL/week", Real, ""},
		{"blocked-attempts/sample-block-list/PT/week", Artefact, "definition"},
		{"blocked-attempts/sample-block-list/EE/week", Steady, "source-joined"},
		{"referrals/sample-clearing-house/BG/month", Unknown, "source-left"},
		{"public-reports/sample-helplines/CY/quarter", Unknown, "no-figures"},
		{"darkweb-activity/sample-forum-monitor/DE/month", Real, ""},
	} {
		if label[c.key] != c.want || c.reason != "" && !has(reasons[c.key], c.reason) {
			t.Errorf("%s is %s because of %v, want %s (%s)", c.key, label[c.key], reasons[c.key], c.want, c.reason)
		}
	}
	for _, v := range o.Indicators {
		if v.Definition.ID == "referrals" && (v.Direction != Rising || v.YearOnYear.Low < 1 || v.YearOnYear.Ratio < 1.3 || v.YearOnYear.Ratio > 1.5) {
			t.Errorf("referrals: %s %+v", v.Direction, v.YearOnYear)
		}
	}
	var romania *Alarm
	for i, a := range o.Alarms {
		if a.Key.String() == "referrals/sample-clearing-house/RO/month" && a.Period.String() == "2026-02" {
			romania = &o.Alarms[i]
		}
	}
	if romania == nil || romania.Label != Artefact || !has(romania.Reasons, "backlog") {
		t.Errorf("what waited in Romania and came at once: %+v", romania)
	}
}

// An earlier date gives the earlier answer, and nothing that was learned later.
func TestAsKnownOnAnEarlierDate(t *testing.T) {
	t.Parallel()
	q := tenMonths()
	q.To, q.AsOf = calendar.Date(2026, 4, 30), time.Date(2026, 5, 12, 12, 0, 0, 0, time.UTC)
	o := Look(q, demo(q.AsOf))
	for _, v := range o.Indicators {
		if v.Definition.ID != "referrals" {
			continue
		}
		last := v.Total[len(v.Total)-1]
		if last.Period.String() != "2026-04" || !last.Provisional {
			t.Errorf("in May the last month was %+v, want a provisional April", last)
		}
	}
}

// An outage is a gap: it neither lowers a change nor counts as a fall.
func TestAnOutageIsNoZero(t *testing.T) {
	t.Parallel()
	values := around(400, 58)
	dark, zero := slices.Clone(values), slices.Clone(values)
	for _, i := range []int{52, 53, 54} {
		dark[i], zero[i] = math.NaN(), 0
	}
	o := look(t, Data{Lines: []Line{months("referrals/a/DE/month", dark...), months("referrals/b/DE/month", zero...)}})
	a, b := o.Series[0], o.Series[1]
	if a.YearOnYear.Direction != Flat || a.YearOnYear.NowPeriods != 7 || a.YearOnYear.Left != 3 || !has(a.Reasons, "outage") || a.Coverage.Unavailable != 3 {
		t.Errorf("with an outage: %+v, %v, %+v", a.YearOnYear, a.Reasons, a.Coverage)
	}
	if b.YearOnYear.Ratio > 0.8 {
		t.Errorf("a counted zero is taken for an outage: %+v", b.YearOnYear)
	}
	for _, p := range a.Dense {
		if p.Status == indicator.Unavailable && !math.IsNaN(p.Value) {
			t.Errorf("%s has the value %v", p.Period, p.Value)
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	flat := around(200, 58)
	double := slices.Clone(flat)
	for i := 48; i < 58; i++ {
		double[i] = math.Round(double[i] * 2)
	}
	few := make([]float64, 58)
	for i := range few {
		few[i] = float64(i % 2)
	}
	fresh := around(50, 58)
	for i := range 48 {
		fresh[i] = 0
	}
	changed := indicator.Event{ID: "x", Name: "x", Kind: indicator.DefinitionChange, From: calendar.Date(2025, 12, 1), To: calendar.Date(2025, 12, 1), Countries: []string{"FR"}}
	for _, c := range []struct {
		name   string
		line   Line
		want   Label
		reason string
	}{
		{"nothing", months("referrals/a/DE/month", flat...), Steady, ""},
		{"doubled", months("referrals/a/DE/month", double...), Real, ""},
		{"counted otherwise", months("referrals/a/FR/month", double...), Artefact, "definition"},
		{"few", months("referrals/a/DE/month", few...), Unknown, "few-counts"},
		{"nothing before", months("referrals/a/DE/month", fresh...), Unknown, "zero-baseline"},
		{"joined this year", months("referrals/a/DE/month", around(200, 8)...), Unknown, "source-joined"},
		{"joined last summer", months("referrals/a/DE/month", double[58-17:]...), Artefact, "source-joined"},
	} {
		o := look(t, Data{Lines: []Line{c.line}, Events: []indicator.Event{changed}})
		v := o.Series[0]
		if v.Label != c.want || c.reason != "" && !has(v.Reasons, c.reason) {
			t.Errorf("%s: %s because of %v, want %s (%s); change %+v", c.name, v.Label, v.Reasons, c.want, c.reason, v.YearOnYear)
		}
	}
}

// A source is late only once it is later than it usually is.
func TestLate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lag, late, expected int
	}{{1, 1, 10}, {20, 0, 9}} {
		l := months("referrals/a/DE/month", around(300, 58)...)
		l.Figures = l.Figures[:len(l.Figures)-1] // October is not here on 6 November
		l.Lags = []int{c.lag, c.lag, c.lag, c.lag, c.lag, c.lag}
		got := look(t, Data{Lines: []Line{l}}).Series[0].Coverage
		if got.Late != c.late || got.Expected != c.expected {
			t.Errorf("usually %d days: %+v, want %d late of %d", c.lag, got, c.late, c.expected)
		}
	}
}

// A sum holds only places that told everything and counted the same.
func TestTheSumSaysWhatItIsOf(t *testing.T) {
	t.Parallel()
	gap := around(300, 58)
	gap[50] = math.NaN()
	o := look(t, Data{Lines: []Line{
		months("referrals/a/DE/month", around(300, 58)...), months("referrals/a/FR/month", around(100, 58)...), months("referrals/a/IT/month", gap...),
		months("referrals/a/ALL/month", around(700, 58)...), months("referrals/b/DE/month", around(10, 58)...),
	}})
	v := o.Indicators[0]
	if v.TotalOf != "Sum of 2 of 3 countries as told by a, without Italy, which did not tell every period." {
		t.Errorf("the sum is %q", v.TotalOf)
	}
	if got := v.Total[len(v.Total)-1].Value; got < 300 || got > 500 {
		t.Errorf("the sum of October is %v, want about 400: neither Italy, nor the total that the source gives, nor the other source", got)
	}
	if !slices.Contains(v.NotAssessed, "IT") == (v.Countries == 3) && v.Countries != 3 {
		t.Errorf("%d countries", v.Countries)
	}
}

// Whatever the figures, an outlook neither panics nor says what they do not hold.
func TestHostileFigures(t *testing.T) {
	t.Parallel()
	zero := make([]float64, 58)
	dark := make([]float64, 58)
	huge := make([]float64, 58)
	for i := range dark {
		dark[i], huge[i] = math.NaN(), 1e12
	}
	for _, values := range [][]float64{zero, dark, huge, {5}, {0}, {math.NaN()}, around(3, 2)} {
		for _, length := range []string{"day", "week", "month", "quarter"} {
			l := months("referrals/a/DE/month", values...)
			l.Key.Length = calendar.Length(length)
			for i := range l.Figures {
				l.Figures[i].First = l.Key.Length.First(calendar.Date(2026, 10, 1))
				l.Figures[i].First = l.Key.Length.Add(l.Figures[i].First, i+1-len(l.Figures))
			}
			for _, v := range look(t, Data{Lines: []Line{l}}).Series {
				if (math.IsNaN(v.YearOnYear.Low) || math.IsNaN(v.YearOnYear.High)) != (v.YearOnYear.Direction == NotAssessed) {
					t.Errorf("%v by %s: %+v", values[:1], length, v.YearOnYear)
				}
			}
		}
	}
	if o := look(t, Data{}); len(o.Series) != 0 || o.Headline == "" {
		t.Errorf("no figures: %+v", o)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for ratio, want := range map[float64]string{3: "tripled", 1.5: "50 % more", 1.9: "almost doubled", 2.06: "doubled", 2.5: "2.5 times as many", 0.5: "halved", 0.88: "12 % less", 1.001: "as many", 4.2: "4.2 times as many"} {
		if got := InWords(ratio); got != want {
			t.Errorf("InWords(%v) = %q, want %q", ratio, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0", 999: "999", 1000: "1\u202f000", 123456: "123\u202f456", 4.57e6: "4.57 million", 2e6: "2.0 million", -1234: "−1\u202f234", math.NaN(): "–"} {
		if got := Number(v); got != want {
			t.Errorf("Number(%v) = %q, want %q", v, got, want)
		}
	}
	for _, c := range []struct {
		from, to calendar.Day
		want     string
	}{
		{calendar.Date(2026, 1, 1), calendar.Date(2026, 10, 31), "January to October 2026"}, {calendar.Date(2026, 1, 1), calendar.Date(2026, 12, 31), "2026"},
		{calendar.Date(2025, 11, 1), calendar.Date(2026, 2, 28), "November 2025 to February 2026"}, {calendar.Date(2026, 4, 1), calendar.Date(2026, 4, 30), "April 2026"},
		{calendar.Date(2026, 4, 2), calendar.Date(2026, 4, 30), "2 April 2026 to 30 April 2026"},
	} {
		if got := Span(c.from, c.to); got != c.want {
			t.Errorf("Span(%s, %s) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
}
