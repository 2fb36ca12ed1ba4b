package series

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"testing"
	"time"
)

// Seeds of the replicates. Seasonal was chosen on the first and on those of the
// oracle; the others were kept back, and looked at once.
const benchChosen, benchHeldBack, benchDrift, benchQuick = 1, 20261122, 5, 4

// TestDetectBenchScore has alarms counted by hand.
func TestDetectBenchScore(t *testing.T) {
	t.Parallel()
	evaluations := func(alarms ...int) (out []Evaluation) {
		for w := benchFirst; w <= benchLast; w++ {
			e := Evaluation{Index: w - 1, Outcome: Quiet}
			for _, a := range alarms {
				if a == w {
					e.Outcome = Alarm
				}
			}
			out = append(out, e)
		}
		return out
	}
	outbreak := benchOutbreak{Start: 600, K: 4, Weeks: []int{600, 602}, Adds: []float64{1, 1}}
	var s benchScore
	quiet := evaluations(580, 581)
	quiet[len(quiet)-1].Outcome = NotAssessed
	s.add(benchRun{Scenario: 1, Current: outbreak}, quiet, evaluations(580, 601, 602, 603)) // found in its second week
	s.add(benchRun{Scenario: 42, Current: outbreak}, evaluations(), evaluations(599, 603))  // missed by a week on either side
	s.add(benchRun{Scenario: 42, Current: outbreak}, evaluations(), evaluations(600))
	want := benchScore{weeks: 147, judged: 146, alarms: 2, runs: 3, found: 2, by: [3]int{1, 2, 2}, delay: 1, inside: 2, outside: 4}
	want.size[1].runs, want.size[1].found = 3, 2
	want.block[0].weeks, want.block[0].alarms, want.block[6].weeks = 48, 2, 98
	if s != want {
		t.Errorf("got %+v\nwant %+v", s, want)
	}
}

// TestDetectBenchGenerator compares what is drawn with what it is drawn from.
func TestDetectBenchGenerator(t *testing.T) {
	t.Parallel()
	set := makeBench(benchQuick, 2)
	if again := makeBench(benchQuick, 2); !reflect.DeepEqual(set, again) {
		t.Error("the same seed gave other series")
	}
	scenarios := benchScenarios()
	var z2, size, want, late [2]float64
	for _, r := range set.Runs {
		sc := scenarios[r.Scenario-1]
		for i, y := range r.Baseline {
			m := sc.mean(i + 1)
			z2[0] += (y - m) * (y - m) / m
			z2[1] += sc.Phi
		}
		for i, o := range append(r.Past, r.Current) {
			if i < 4 && (o.Start < 313 || o.Start > 575) || i == 4 && (o.Start < benchFirst || o.Start > benchLast) || o.Weeks[0] < o.Start || o.last() > benchLast {
				t.Fatalf("outbreak %+v", o)
			}
			if m := sc.mean(o.Start); o.K*math.Sqrt(sc.Phi*m) > 3 && o.Start < 610 {
				want[0] += o.K * math.Sqrt(sc.Phi*m)
				for j, w := range o.Weeks {
					size[0] += o.Adds[j]
					if w > o.Start {
						late[0] += o.Adds[j]
					}
				}
			}
		}
	}
	for _, x := range []struct {
		what      string
		got, want float64
	}{{"variance over mean", z2[0] / z2[1], 1}, {"size of outbreaks", size[0] / want[0], 1}, {"share after the first week", late[0] / size[0], 0.5}} {
		if math.Abs(x.got-x.want) > 0.05*x.want {
			t.Errorf("%s: got %.3f, want %.3f", x.what, x.got, x.want)
		}
	}
	if s := scenarios[33]; s.ID != 34 || s.Theta != 3.75 || s.Trend != 1 || s.M != 0 {
		t.Errorf("scenario 34 is %+v", s)
	}
}

// TestDetectBenchOracle compares the scenarios with the oracle's, and has R's
// flexible Farrington reproduced from its alarms by the score.
func TestDetectBenchOracle(t *testing.T) {
	t.Parallel()
	var set struct {
		Scenarios []benchScenario `json:"scenarios"`
		benchSet
	}
	var r struct {
		Summary map[string]struct {
			FPR, POD  float64
			FirstWeek float64 `json:"POD_first_week"`
			PPV       float64 `json:"PPV_week"`
			Delay     float64 `json:"mean_delay_weeks"`
		} `json:"summary"`
		Alarms map[string]map[string][][]int `json:"alarms"`
	}
	if !readOracle(t, "bench_series.json", &set) || !readOracle(t, "bench_r_result.json", &r) {
		return
	}
	if !reflect.DeepEqual(set.Scenarios, benchScenarios()) {
		t.Errorf("scenarios: got %v\nwant %v", benchScenarios(), set.Scenarios)
	}
	cases, worst := 0, 0.0
	for name, want := range r.Summary {
		var s benchScore
		for i, run := range set.Runs {
			var e [2][]Evaluation
			for j, which := range []string{"without_current", "with_current"} {
				for w := benchFirst; w <= benchLast; w++ {
					e[j] = append(e[j], Evaluation{Index: w - 1, Outcome: Quiet})
				}
				for _, w := range r.Alarms[name][which][i] {
					e[j][w-benchFirst].Outcome = Alarm
				}
			}
			s.add(run, e[0], e[1])
		}
		for _, x := range [][2]float64{{s.FPR(), want.FPR}, {s.POD(), want.POD}, {s.FirstWeek(), want.FirstWeek}, {s.PPV(), want.PPV}, {s.Delay(), want.Delay}} {
			if o := off(x[0], x[1]); o > 1e-9 {
				t.Errorf("%s: got %v, R has %v", name, x[0], x[1])
			} else {
				cases, worst = cases+1, max(worst, o)
			}
		}
	}
	report(t, "score of the detection benchmark", cases, worst)
}

// TestSeasonalBenchQuick fails when the default detector gets worse. The series
// are always the same: its limits are a few series from what was measured.
func TestSeasonalBenchQuick(t *testing.T) {
	t.Parallel()
	set := makeBench(benchQuick, 2)
	t.Logf("\n%s", benchHead)
	for _, x := range []struct {
		name     string
		set      benchSet
		loss     benchLoss
		fpr, pod float64 // at most, at least
	}{
		{"complete", set, noLoss, 0.0115, 0.505},
		{"zeros for lost weeks", set, zeroPast, 0.0120, 0.490},
		{"a wandering level", makeDrift("walk", benchDrift, 3), noLoss, 0.0080, 0.520},
	} {
		s := scoreBench(t, x.set, x.loss, NewSeasonal())
		t.Log(s.row(x.name))
		if s.FPR() > x.fpr || s.POD() < x.pod {
			t.Errorf("%s: FPR %.4f and POD %.3f, want at most %g and at least %g", x.name, s.FPR(), s.POD(), x.fpr, x.pod)
		}
	}
}

// TestDetectBench prints the tables of docs/methods.md; it takes minutes.
func TestDetectBench(t *testing.T) {
	if os.Getenv("LAPWING_DETECTBENCH") == "" {
		t.Skip("set LAPWING_DETECTBENCH=1 for the whole benchmark")
	}
	farrington := func(alpha float64) FarringtonFlexible {
		d := NewFarringtonFlexible()
		d.Alpha = alpha
		return d
	}
	seasonal := func(alpha float64) Seasonal {
		d := NewSeasonal()
		d.Alpha = alpha
		return d
	}
	sets := []struct {
		name string
		benchSet
	}{{"held back, 25 replicates", makeBench(benchHeldBack, 25)}}
	var public benchSet
	if readOracle(t, "bench_series.json", &public) {
		sets = append(sets, struct {
			name string
			benchSet
		}{"the oracle's 10 replicates", public})
	}
	for _, set := range sets {
		fmt.Printf("\n%s\n\n%s\n", set.name, benchHead)
		for _, alpha := range []float64{0.005, 0.01, 0.05} {
			f := scoreBench(t, set.benchSet, noLoss, farrington(alpha))
			fmt.Println(f.row(fmt.Sprintf("flexible Farrington, alpha %g", alpha)))
			s := scoreBench(t, set.benchSet, noLoss, seasonal(alpha))
			fmt.Println(s.row(fmt.Sprintf("seasonal, alpha %g", alpha)))
			same := alpha
			for range 5 { // the same rate of false alarms
				same *= f.FPR() / s.FPR()
				s = scoreBench(t, set.benchSet, noLoss, seasonal(same))
			}
			fmt.Println(s.row(fmt.Sprintf("seasonal, alpha %.4f", same)))
		}
		one := NewSeasonal()
		one.Memory = 0
		fmt.Println(scoreBench(t, set.benchSet, noLoss, one).row("seasonal, alpha 0.01, memory 0"))
		for _, loss := range benchLosses[1:] {
			fmt.Println(scoreBench(t, set.benchSet, loss, farrington(0.01)).row("flexible Farrington, " + loss.name))
			fmt.Println(scoreBench(t, set.benchSet, loss, seasonal(0.01)).row("seasonal, " + loss.name))
		}
		fmt.Println("\nfalse alarms by set of parameters\n\n| alpha | 1 | 2 | 3 | 4 | 5 | 6 | 7 |\n|---|---|---|---|---|---|---|---|")
		for _, alpha := range []float64{0.005, 0.01, 0.05} {
			fmt.Println(alpha, scoreBench(t, set.benchSet, noLoss, seasonal(alpha)).blocks())
		}
	}
	fmt.Printf("\nlevels that leave the model\n\n%s\n", benchHead)
	for _, kind := range []string{"walk", "step", "bend", "peak", "echo"} {
		set := makeDrift(kind, benchHeldBack, 40)
		fmt.Println(scoreBench(t, set, noLoss, farrington(0.01)).row(kind + ", flexible Farrington"))
		fmt.Println(scoreBench(t, set, noLoss, seasonal(0.01)).row(kind + ", seasonal"))
		still := NewSeasonal()
		still.LevelYears = 0
		fmt.Println(scoreBench(t, set, noLoss, still).row(kind + ", seasonal without level"))
	}
}

// BenchmarkSeasonal is a year of weeks after eleven, on all scenarios.
func BenchmarkSeasonal(b *testing.B) {
	set := makeBench(benchQuick, 1)
	var weekly, dated, monthly []*Series
	for _, r := range set.Runs {
		s := r.series(true, noLoss)
		weekly = append(weekly, s)
		with := *s
		for i := range s.Counts {
			with.Dates = append(with.Dates, time.Date(2010, 1, 4+7*i, 0, 0, 0, 0, time.UTC))
		}
		dated = append(dated, &with)
		monthly = append(monthly, &Series{Counts: s.Counts[:120], Freq: 12})
	}
	for _, x := range []struct {
		name   string
		all    []*Series
		judged int
	}{{"weeks", weekly, 52}, {"dated", dated, 52}, {"months", monthly, 52}, {"one", weekly, 1}} {
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for _, s := range x.all {
					out, err := NewSeasonal().Detect(s, s.Len()-x.judged, s.Len())
					if err != nil {
						b.Fatal(err)
					}
					n += len(out)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/evaluation")
		})
	}
}
