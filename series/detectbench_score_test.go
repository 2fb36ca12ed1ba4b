package series

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// benchScore is how a detector did, in the terms of the oracle: false alarms in
// the judged weeks of series without their current outbreak, and whether, when
// and how cleanly it found that outbreak in series with it.
type benchScore struct {
	weeks, judged, alarms int    // without the current outbreak
	runs, found           int    // with it
	by                    [3]int // found in the first week, by the second, by the third
	delay                 int    // weeks from the start to the first alarm, of those found
	inside, outside       int    // alarms in weeks with cases of the outbreak, and outside its span
	size                  [3]struct{ runs, found int }
	block                 [7]struct{ weeks, alarms int } // by set of parameters
}

func frac(a, b int) float64 { return float64(a) / float64(max(1, b)) }

func (s *benchScore) FPR() float64       { return frac(s.alarms, s.judged) }
func (s *benchScore) POD() float64       { return frac(s.found, s.runs) }
func (s *benchScore) FirstWeek() float64 { return frac(s.by[0], s.runs) }
func (s *benchScore) PPV() float64       { return frac(s.inside, s.inside+s.outside) }
func (s *benchScore) Delay() float64     { return frac(s.delay, s.found) }

const benchHead = "| detector | FPR | POD | first week | by the second | k 1-3 | k 4-6 | k 7-10 | PPV of a week | delay, weeks |\n|---|---|---|---|---|---|---|---|---|---|"

// row is a line of the table under benchHead.
func (s *benchScore) row(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %.4f | %.3f | %.3f | %.3f |", name, s.FPR(), s.POD(), s.FirstWeek(), frac(s.by[1], s.runs))
	for _, k := range s.size {
		fmt.Fprintf(&b, " %.2f |", frac(k.found, k.runs))
	}
	fmt.Fprintf(&b, " %.2f | %.2f |", s.PPV(), s.Delay())
	return b.String()
}

// blocks is the rate of false alarms in each of the seven sets of parameters.
func (s *benchScore) blocks() string {
	var b strings.Builder
	for _, x := range s.block {
		fmt.Fprintf(&b, " %.4f", frac(x.alarms, x.weeks))
	}
	return b.String()
}

// scoreBench runs a detector over a set.
func scoreBench(tb testing.TB, set benchSet, loss benchLoss, d Detector) *benchScore {
	tb.Helper()
	total := &benchScore{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	jobs := make(chan benchRun)
	for range min(2, runtime.NumCPU()) {
		wg.Go(func() {
			for r := range jobs {
				quiet, err := d.Detect(r.series(false, loss), benchFirst-1, benchLast)
				if err != nil {
					tb.Error(err)
				}
				loud, err := d.Detect(r.series(true, loss), benchFirst-1, benchLast)
				if err != nil {
					tb.Error(err)
				}
				mu.Lock()
				total.add(r, quiet, loud)
				mu.Unlock()
			}
		})
	}
	for _, r := range set.Runs {
		jobs <- r
	}
	close(jobs)
	wg.Wait()
	return total
}

func (s *benchScore) add(r benchRun, quiet, loud []Evaluation) {
	block := &s.block[(r.Scenario-1)/6]
	for _, e := range quiet {
		s.weeks++
		if e.Outcome == NotAssessed {
			continue
		}
		s.judged++
		block.weeks++
		if e.Outcome == Alarm {
			s.alarms++
			block.alarms++
		}
	}
	k := &s.size[0]
	if r.Current.K > 6 {
		k = &s.size[2]
	} else if r.Current.K > 3 {
		k = &s.size[1]
	}
	s.runs++
	k.runs++
	first := -1
	for _, e := range loud {
		week := e.Index + 1
		switch {
		case e.Outcome != Alarm:
		case week < r.Current.Start || week > r.Current.last():
			s.outside++
		default:
			if slices.Contains(r.Current.Weeks, week) {
				s.inside++
			}
			if first < 0 {
				first = week - r.Current.Start
			}
		}
	}
	if first < 0 {
		return
	}
	s.found++
	k.found++
	s.delay += first
	for w := first; w < len(s.by); w++ {
		s.by[w]++
	}
}
