package series

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The oracle is a set of results of R, kept outside the project. A plain clone
// does not have it; the tests that need no oracle stand beside those that do.
const oracleDir = "../../shared/data/surveillance"

// readOracle decodes a file of the oracle into v, and says whether it is there.
func readOracle(t testing.TB, name string, v any) bool {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(oracleDir, name))
	if os.IsNotExist(err) {
		t.Logf("%s is not here: only the project's own cases are run", name)
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return true
}

// num is a number of the oracle: null is NaN, and "Inf", "-Inf", "NaN" are texts.
type num float64

func (n *num) UnmarshalJSON(b []byte) error {
	switch s := strings.Trim(string(b), `"`); s {
	case "null", "NaN", "NA":
		*n = num(math.NaN())
	case "Inf":
		*n = num(math.Inf(1))
	case "-Inf":
		*n = num(math.Inf(-1))
	case "true", "TRUE":
		*n = 1
	case "false", "FALSE":
		*n = 0
	default:
		var f float64
		if err := json.Unmarshal([]byte(s), &f); err != nil {
			return err
		}
		*n = num(f)
	}
	return nil
}

func floats(ns []num) []float64 {
	out := make([]float64, len(ns))
	for i, n := range ns {
		out[i] = float64(n)
	}
	return out
}

// oracleSeries gives the series of the oracle by their names.
func oracleSeries(t testing.TB) map[string]*Series {
	t.Helper()
	out := map[string]*Series{}
	for _, name := range []string{"series_package.json", "series_synthetic.json"} {
		var f struct {
			Series []struct {
				ID         string   `json:"id"`
				Freq       int      `json:"freq"`
				Start      [2]int   `json:"start"`
				Counts     []num    `json:"counts"`
				Dates      []string `json:"dates"`
				Population []num    `json:"population"`
			} `json:"series"`
		}
		if !readOracle(t, name, &f) {
			return nil
		}
		for _, x := range f.Series {
			s := &Series{Counts: floats(x.Counts), Freq: x.Freq, Start: x.Start, Population: floats(x.Population)}
			for _, d := range x.Dates {
				day, err := time.Parse(time.DateOnly, d)
				if err != nil {
					t.Fatal(err)
				}
				s.Dates = append(s.Dates, day)
			}
			out[x.ID] = s
		}
	}
	return out
}

// off is how far got is from want: relative where want is large, absolute
// where it is small; NaN only equals NaN.
func off(got, want float64) float64 {
	switch {
	case math.IsNaN(got) && math.IsNaN(want), got == want:
		return 0
	case math.IsNaN(got) != math.IsNaN(want), math.IsInf(got, 0), math.IsInf(want, 0):
		return math.Inf(1)
	}
	return math.Abs(got-want) / math.Max(1, math.Abs(want))
}

// report logs a line of the table in docs/methods.md.
func report(t testing.TB, method string, cases int, worst float64) {
	t.Helper()
	t.Logf("ORACLE | %s | %d | %.1e |", method, cases, worst)
}
