package series

import (
	"slices"
	"testing"
)

// TestAlarmWeeksOfBenchmark runs the detectors over the 840 series of the
// detection benchmark: they alarm in exactly the weeks in which R's do.
func TestAlarmWeeksOfBenchmark(t *testing.T) {
	t.Parallel()
	var want struct {
		Alarms map[string]map[string][][]int `json:"alarms"`
	}
	var bench struct {
		Runs []struct {
			Baseline []float64
			Past     []struct{ Weeks, Adds []int }
			Current  struct{ Weeks, Adds []int }
		} `json:"runs"`
	}
	if !readOracle(t, "bench_r_result.json", &want) || !readOracle(t, "bench_series.json", &bench) {
		return
	}
	ears := func(method, compat string) EARS {
		return EARS{Method: method, Baseline: 7, Compat: compat}
	}
	rossi := NewCUSUM()
	rossi.Trans = TransRossi
	rossiGLM := rossi
	rossiGLM.M = Level{Model: "glm", Harmonics: 1}
	detectors := map[string]Detector{
		"ears_C1":            ears("C1", ""),
		"ears_C2":            ears("C2", ""),
		"ears_C3":            ears("C3", "r"),
		"ears_C3_documented": ears("C3", ""),
		"bayes1_a05":         NewBayes(),
		"bayes2_a05":         Bayes{Years: 1, HalfWidth: 6, ThisYear: true, Alpha: 0.05},
		"bayes3_a05":         Bayes{Years: 2, HalfWidth: 4, Alpha: 0.05},
		"rki1":               RKI{HalfWidth: 6, ThisYear: true},
		"rki2":               RKI{Years: 1, HalfWidth: 6, ThisYear: true},
		"rki3":               NewRKI(),
		"cusum_rossi":        rossi,
		"cusum_glm_rossi":    rossiGLM,
		"cdc":                CDC{Years: 5, Months: 1, Alpha: 0.01},
	}
	for name, d := range detectors {
		differ := 0
		for i, run := range bench.Runs {
			counts := slices.Clone(run.Baseline)
			for _, p := range run.Past {
				for j, week := range p.Weeks {
					counts[week-1] += float64(p.Adds[j])
				}
			}
			for _, which := range []string{"without_current", "with_current"} {
				if which == "with_current" {
					for j, week := range run.Current.Weeks {
						counts[week-1] += float64(run.Current.Adds[j])
					}
				}
				s := &Series{Counts: counts, Freq: 52, Start: [2]int{2000, 1}}
				evaluations, err := d.Detect(s, 575, 624)
				if err != nil {
					t.Fatal(err)
				}
				var got []int
				for _, v := range evaluations {
					if v.Outcome == Alarm {
						got = append(got, v.Index+1)
					}
				}
				if w := want.Alarms[name][which][i]; !slices.Equal(got, w) {
					if differ++; differ <= 2 {
						t.Errorf("%s, run %d %s: alarms in %v, R's in %v", name, i+1, which, got, w)
					}
				}
			}
		}
		report(t, "alarm weeks of "+name, 2*len(bench.Runs), float64(differ))
	}
}
