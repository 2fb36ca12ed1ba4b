package cli

import (
	"encoding/json"
	"io"
	"math"
	"strings"
	"time"

	"lapwing/internal/fault"
	"lapwing/series"
)

type detectCmd struct {
	Method string `default:"seasonal" help:"Which detector: ${methods}." placeholder:"NAME"`
	Params string `help:"Its parameters, where they differ from the defaults." placeholder:"JSON"`
	Compat string `enum:",r" default:"" help:"With r: as R's package surveillance does it, where that differs from the papers." placeholder:"r"`
}

func (detectCmd) Help() string {
	return `Reads one series from standard input,
  {"counts":[12,null,9,…],"freq":52,"start":[2015,1],"dates":["2015-01-05",…],"population":[…],"range":[261,312]}
and judges the periods in range, which counts from 1 and includes its end. null is a period of which nothing is known; start, dates, population and
range may be left out. It writes
  {"upperbound":[…],"expected":[…],"alarm":[…],"score":[…],"note":[…]}
over the range: alarm is 1, 0, or null where the period could not be assessed; note says why.

Example:
  echo '{"counts":[3,4,2,5,3,4,3,21],"freq":52,"range":[8,8]}' | lapwing detect --method ears --params '{"method":"C1"}'`
}

// maxSeries bounds what detect reads.
const maxSeries = 64 << 20

func (cmd *detectCmd) Run(c *command) error {
	d, err := series.New(cmd.Method, []byte(cmd.Params), cmd.Compat)
	if err != nil {
		return fault.New(fault.Invalid, "%v", err)
	}
	var in struct {
		Counts     []*float64 `json:"counts"`
		Freq       int        `json:"freq"`
		Start      [2]int     `json:"start"`
		Dates      []string   `json:"dates"`
		Population []*float64 `json:"population"`
		Range      []int      `json:"range"`
	}
	if err := json.NewDecoder(io.LimitReader(c.Stdin, maxSeries)).Decode(&in); err != nil {
		return fault.New(fault.Invalid, "standard input is not a series: %v", err)
	}
	if in.Freq == 0 {
		in.Freq = 52
	}
	s := &series.Series{Counts: orMissing(in.Counts), Freq: in.Freq, Start: in.Start, Population: orMissing(in.Population)}
	for _, text := range in.Dates {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return fault.New(fault.Invalid, "%q is not a date like 2020-03-01", text)
		}
		s.Dates = append(s.Dates, day)
	}
	from, to := 0, s.Len()
	if in.Range != nil {
		if len(in.Range) != 2 {
			return fault.New(fault.Invalid, "a range is its first and its last period")
		}
		from, to = in.Range[0]-1, in.Range[1]
	}
	es, err := d.Detect(s, from, to)
	if err != nil {
		return fault.New(fault.Invalid, "%s", strings.TrimPrefix(err.Error(), "series: "))
	}
	out := struct {
		Upper    []*float64 `json:"upperbound"`
		Expected []*float64 `json:"expected"`
		Alarm    []*int     `json:"alarm"`
		Score    []*float64 `json:"score"`
		Note     []string   `json:"note"`
	}{[]*float64{}, []*float64{}, []*int{}, []*float64{}, []string{}}
	for _, e := range es {
		out.Upper = append(out.Upper, orNull(e.Upper))
		out.Expected = append(out.Expected, orNull(e.Expected))
		out.Score = append(out.Score, orNull(e.Score))
		out.Note = append(out.Note, e.Note)
		var alarm *int
		if e.Outcome != series.NotAssessed {
			alarm = new(int)
			if e.Outcome == series.Alarm {
				*alarm = 1
			}
		}
		out.Alarm = append(out.Alarm, alarm)
	}
	return c.printJSON(out)
}

func orMissing(in []*float64) []float64 {
	var out []float64
	for _, v := range in {
		if v == nil {
			out = append(out, series.Missing)
		} else {
			out = append(out, *v)
		}
	}
	return out
}

// orNull is nil for what JSON has no number for.
func orNull(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
