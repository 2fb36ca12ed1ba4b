// Package outlook answers, of figures, what a minister asks: is it rising, how
// sure are we, and what is missing.
//
// [Look] is a pure function of a [Question] and of [Data], the figures as known
// on a date. It gives an [Outlook]: for each series its level, its change
// against the same period of the year before and against the period before,
// its trend, its alarms and a [Label] with reasons; for each indicator and over
// all of them a summary; and what is missing, late and revised. It never fills
// in what is not known, and what it cannot say it says.
package outlook

import (
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// Question is what is asked.
type Question struct {
	From, To calendar.Day // window, both days included
	AsOf     time.Time    // what was known then
	Since    time.Time    // issue before this one: what was learned after it is "revised"; zero for none
	Alpha    float64      // one-sided chance of a false alarm at one evaluation; 0 stands for 0.005
	Budget   int          // alarms that the reader is ready to follow up; 0 for all
}

// Data is what is known on Question.AsOf.
type Data struct {
	Definitions []indicator.Definition
	Lines       []Line
	Events      []indicator.Event
}

// Line is a series with everything known of it: also before the window, for
// baselines. Figures are in order of their periods, at most one for each.
type Line struct {
	Key       indicator.Key
	Figures   []indicator.Observation
	Revisions []Revision // in the window, learned after Question.Since
	Lags      []int      // days from the end of a period to its first figure, of the last periods; for what is late
}

// Revision is a figure that was changed.
type Revision struct {
	Before, After indicator.Observation
}

// Label says what a change of a series is.
type Label string

const (
	Steady   Label = "steady"   // nothing to explain
	Real     Label = "real"     // it happened, as far as figures can tell
	Artefact Label = "artefact" // the way of counting made it: outage, backlog, source, definition
	Unknown  Label = "unknown"  // the figures do not allow an answer
)

// Reason is why a verdict is as it is. Code is stable, Text is a sentence.
type Reason struct {
	Code string `json:"code"` // as in "outage", "backlog", "source-joined", "definition", "few-counts", "zero-baseline", "short-history", "late"
	Text string `json:"text"`
}

// Direction of a change, by its interval: rising where all of it is above 1.
type Direction string

const (
	Rising      Direction = "rising"
	Falling     Direction = "falling"
	Flat        Direction = "no clear change"
	NotAssessed Direction = "not assessed"
)

// Change is one stretch of time against another.
type Change struct {
	Now, Before               float64      // sums over the periods that both have
	NowPeriods, BeforePeriods int          // periods with a value that were compared
	Left                      int          // periods left out because one side is missing
	From, To                  calendar.Day // for the year before: first and last day of the periods that are compared
	Ratio, Low, High, P       float64      // NaN where not assessed
	Conf                      float64      // of the interval, 0.95
	Method                    string       // as in "negative binomial"
	Direction                 Direction
	Reasons                   []Reason // why not assessed, or what limits it
}

// Trend is a slope over the history up to the end of the window.
type Trend struct {
	PercentPerYear, Low, High, P float64 // NaN where not assessed
	Periods                      int
	Method                       string
	Direction                    Direction
	Reasons                      []Reason
}

// Alarm is a period above its bound.
type Alarm struct {
	Key                       indicator.Key
	Period                    calendar.Period
	Observed, Expected, Upper float64
	Score                     float64 // (observed-expected)/(upper-expected)
	Detector                  string  // name and parameters, for whoever checks
	Label                     Label
	Reasons                   []Reason
	Events                    []indicator.Event // that overlap: offered as explanation, never as proof
}

// Coverage counts periods of the window, up to AsOf.
type Coverage struct {
	Expected    int // that should have a figure by now
	Reported    int // that have a value
	Provisional int // of those, not final
	Unavailable int
	NotReported int
	Suppressed  int
	Late        int // due, judged by how late this source usually is, and not here
}

// Share is Reported of Expected, from 0 to 1; 1 where nothing is expected.
func (c Coverage) Share() float64 {
	if c.Expected == 0 {
		return 1
	}
	return float64(c.Reported) / float64(c.Expected)
}

// Add adds the counts of another.
func (c *Coverage) Add(o Coverage) {
	c.Expected += o.Expected
	c.Reported += o.Reported
	c.Provisional += o.Provisional
	c.Unavailable += o.Unavailable
	c.NotReported += o.NotReported
	c.Suppressed += o.Suppressed
	c.Late += o.Late
}

// SeriesView is what can be said of one series.
type SeriesView struct {
	Key         indicator.Key
	Level       float64 // mean of the periods with a value in the window; NaN where there is none
	YearOnYear  Change
	Previous    Change // against the stretch of the same length before the window
	Trend       Trend
	Alarms      []Alarm
	Evaluations int // periods that were judged for an alarm
	NotJudged   int // periods that could not be
	Coverage    Coverage
	Label       Label
	Reasons     []Reason
	Events      []indicator.Event
	Dense       []Point // every period from a year (or five quarters) before the window to its end, gaps included
}

// Point is a period of a series, for charts and tables.
type Point struct {
	Period          calendar.Period
	Status          indicator.Status
	Value           float64 // NaN without a value
	Provisional     bool
	Expected, Upper float64 // NaN where not judged
	Alarm           bool
}

// IndicatorView is what can be said of an indicator over its sources and places.
type IndicatorView struct {
	Definition  indicator.Definition
	Total       []Point // sum over the places of the sources that reported throughout; gaps where one is missing
	TotalOf     string  // which series the total is of, and which it leaves out, as a sentence
	YearOnYear  Change
	Previous    Change
	Trend       Trend
	Direction   Direction // of the indicator: from YearOnYear, with the label considered
	Label       Label
	Reasons     []Reason
	Coverage    Coverage
	Countries   int      // with a figure
	Rising      int      // countries of which it can be said
	Falling     int      //
	NotAssessed []string // countries that could not be assessed
	Alarms      int
}

// Finding is a sentence built from numbers.
type Finding struct {
	Text      string
	Indicator string // "" for one about all
	Label     Label
}

// Outlook is the answer.
type Outlook struct {
	Question    Question
	Headline    string    // one sentence: rising in how many indicators, how much of the data is in, who is not assessed
	Findings    []Finding // the strongest first
	Indicators  []IndicatorView
	Series      []SeriesView // in order of their keys
	Alarms      []Alarm      // ranked: real before unknown before artefact, then by score
	OverBudget  int          // alarms beyond the budget
	Evaluations int
	FalseAlarms float64 // to be expected among the alarms: Evaluations × Alpha
	Coverage    Coverage
	Revised     []RevisedLine
	Detector    string // what judged
}

// RevisedLine is a series with figures that changed since the issue before.
type RevisedLine struct {
	Key       indicator.Key
	Revisions []Revision
}
