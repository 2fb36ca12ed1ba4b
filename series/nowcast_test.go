package series

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNowcastOracle(t *testing.T) {
	t.Parallel()
	var f struct {
		Cases []struct {
			ID  string
			Out struct {
				Triangle
				Days          []string
				Reported      []num
				ReverseHazard []num `json:"reverse_hazard_own"`
				Delay         []num `json:"F_delay_own"`
				ChainLadder   []num `json:"chain_ladder_own"`
				Lawless       struct {
					Days   []string
					Median []num
					Lower  []num `json:"ci95_lower"`
					Upper  []num `json:"ci95_upper"`
				}
			}
		}
	}
	if !readOracle(t, "nowcast.json", &f) {
		return
	}
	worst := map[string]float64{}
	periods := 0
	for _, c := range f.Cases {
		for _, compat := range []string{"r", ""} {
			m := NewNowcast()
			m.Compat, m.MinShare = compat, 0
			got, err := m.Complete(&c.Out.Triangle)
			if err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
			check := func(field string, i int, got, want, tolerance float64) {
				t.Helper()
				e := off(got, want)
				worst[field] = max(worst[field], e)
				if e > tolerance {
					t.Errorf("%s, compat %q, %s of %d: got %v, want %v", c.ID, compat, field, i+1, got, want)
				}
			}
			for d := range got.Delay {
				if d > 0 { // there the oracle has 0, and Lawless 1
					check("reverse_hazard_own", d, got.ReverseHazard[d], float64(c.Out.ReverseHazard[d]), 1e-12)
				}
				check("F_delay_own", d, got.Delay[d], float64(c.Out.Delay[d]), 1e-12)
			}
			for i, p := range got.Periods {
				check("reported", i, p.Reported, float64(c.Out.Reported[i]), 0)
				check("chain_ladder_own", i, p.Expected, float64(c.Out.ChainLadder[i]), 1e-12)
			}
			if compat != "r" {
				continue
			}
			for i := range c.Out.Lawless.Days {
				periods++
				p := got.Periods[len(got.Periods)-len(c.Out.Lawless.Days)+i]
				check("lawless median", p.Index, p.Median, float64(c.Out.Lawless.Median[i]), 0)
				check("lawless ci95_lower", p.Index, p.Lower, float64(c.Out.Lawless.Lower[i]), 0)
				check("lawless ci95_upper", p.Index, p.Upper, float64(c.Out.Lawless.Upper[i]), 0)
			}
		}
	}
	for _, field := range []string{"reverse_hazard_own", "F_delay_own", "chain_ladder_own"} {
		report(t, "nowcast "+field, len(f.Cases), worst[field])
	}
	for _, field := range []string{"lawless median", "lawless ci95_lower", "lawless ci95_upper"} {
		report(t, "nowcast "+field+" (compat r)", periods, worst[field])
	}
}

// TestNowcastByHand checks triangles worked out by hand: hazards 1/6 (4 of 24
// events reported by delay 2) and 10/27, hence shares 5/6 and 85/162, and
// equation 2.16 with these, 2.352 and 6.4924.
func TestNowcastByHand(t *testing.T) {
	t.Parallel()
	tri := Triangle{Counts: [][]float64{{4, 3, 1}, {2, 4, 2}, {6, 1, 1}, {5, 2, 9}, {3, 9, 9}}}
	m, like := NewNowcast(), NewNowcast()
	like.Compat = "r"
	got, err := m.Complete(&tri)
	if err != nil {
		t.Fatal(err)
	}
	asR, err := like.Complete(&tri)
	if err != nil {
		t.Fatal(err)
	}
	for d, want := range []struct{ hazard, delay float64 }{{1, 85. / 162}, {10. / 27, 5. / 6}, {1. / 6, 1}} {
		if off(got.ReverseHazard[d], want.hazard) > 1e-15 || off(got.Delay[d], want.delay) > 1e-15 {
			t.Errorf("delay %d: got %v and %v, want %+v", d, got.ReverseHazard[d], got.Delay[d], want)
		}
	}
	for i, want := range []struct{ expected, median, lower, upper, rMedian, rLower, rUpper float64 }{
		{8, 8, 8, 8, 8, 8, 8}, {8, 8, 8, 8, 8, 8, 8}, {8, 8, 8, 8, 8, 8, 8},
		{8.4, 8, 7, 12, 9, 7, 10},
		{3 * 162. / 85, 6, 3, 11, 6, 3, 9},
	} {
		p, r := got.Periods[i], asR.Periods[i]
		if off(p.Expected, want.expected) > 1e-14 || p.Median != want.median || p.Lower != want.lower || p.Upper != want.upper {
			t.Errorf("period %d: got %+v, want %+v", i+1, p, want)
		}
		if r.Median != want.rMedian || r.Lower != want.rLower || r.Upper != want.rUpper {
			t.Errorf("period %d, compat r: got %+v, want %+v", i+1, r, want)
		}
	}
	// Nothing reported yet: ln 0.025 / ln (77/162) is 4.96. R is certain of 0.
	tri.Counts[4][0] = 0
	if got, err = m.Complete(&tri); err != nil {
		t.Fatal(err)
	}
	if p := got.Periods[4]; !p.Assessed || p.Expected != 0 || p.Lower != 0 || p.Upper != 4 || p.Note == "" {
		t.Errorf("nothing reported yet: got %+v, want 0 to 4 with a note", p)
	}
	if asR, err = like.Complete(&tri); err != nil {
		t.Fatal(err)
	}
	if p := asR.Periods[4]; p.Median != 0 || p.Lower != 0 || p.Upper != 0 {
		t.Errorf("nothing reported yet, compat r: got %+v, want 0 to 0", p)
	}
	// Too little expected to be in.
	m.MinShare = 0.53
	if got, err = m.Complete(&tri); err != nil {
		t.Fatal(err)
	}
	if p := got.Periods[4]; p.Assessed || !IsMissing(p.Expected) || !IsMissing(p.Upper) || !strings.Contains(p.Note, "too recent: 52 %") {
		t.Errorf("with less than the least share: got %+v", p)
	}
	if p := got.Periods[3]; !p.Assessed {
		t.Errorf("with more than the least share: got %+v", p)
	}
	// R's table of totals ends at 300; limits beyond it become 0.
	edge := Triangle{Counts: [][]float64{{100, 200}, {100, 201}, {100, 0}}}
	if asR, err = like.Complete(&edge); err != nil {
		t.Fatal(err)
	}
	if a, b := asR.Periods[0], asR.Periods[1]; a.Median != 300 || a.Upper != 300 || b.Median != 0 || b.Upper != 0 {
		t.Errorf("about 300, compat r: got %+v", asR.Periods)
	}
	wide := Triangle{Counts: [][]float64{{100, 300}, {100, 300}, {100, 0}}}
	if asR, err = like.Complete(&wide); err != nil {
		t.Fatal(err)
	}
	if p := asR.Periods[2]; p.Lower != 0 || p.Upper != 0 || p.Median != 0 || asR.Periods[0].Median != 0 {
		t.Errorf("above 300, compat r: got %+v", asR.Periods)
	}
}

// drawTriangle draws a triangle with small counts, some of them unknown.
func drawTriangle(t *rapid.T) *Triangle {
	rows, width := rapid.IntRange(1, 12).Draw(t, "periods"), rapid.IntRange(1, 6).Draw(t, "delays")
	tri := &Triangle{}
	cell := rapid.SampledFrom([]float64{0, 0, 1, 2, 5, 40, 301, Missing})
	if rapid.Bool().Draw(t, "all known") {
		cell = rapid.SampledFrom([]float64{0, 1, 1, 2, 3, 7})
	}
	for range rows {
		tri.Counts = append(tri.Counts, rapid.SliceOfN(cell, width, width).Draw(t, "row"))
	}
	return tri
}

// TestNowcastDefinition compares with the definitions, each summed up anew.
func TestNowcastDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tri := drawTriangle(t)
		m := NewNowcast()
		m.Window = rapid.IntRange(0, 8).Draw(t, "m")
		m.MinShare = rapid.SampledFrom([]float64{0, 0.1, 0.6, 1}).Draw(t, "min_share")
		got, err := m.Complete(tri)
		if err != nil {
			t.Fatal(err)
		}
		last, longest := len(tri.Counts)-1, len(tri.Counts[0])-1
		// upTo is N(t, x), and whether it can be known now.
		upTo := func(i, x int) (float64, bool) {
			sum := 0.0
			for d := 0; d <= x; d++ {
				sum += tri.Counts[i][d]
			}
			return sum, i+x <= last && !math.IsNaN(sum)
		}
		for i, p := range got.Periods {
			x := min(longest, last-i)
			share, green := 1.0, 0.0
			for y := x + 1; y <= longest; y++ {
				with, all := 0.0, 0.0
				for j := range tri.Counts {
					if n, ok := upTo(j, y); ok && (m.Window == 0 || j >= last-m.Window) {
						with += tri.Counts[j][y]
						all += n
					}
				}
				share *= 1 - with/all
				green += with / all / (all * (1 - with/all))
			}
			n, known := upTo(i, x)
			answer := known && last >= longest && share >= m.MinShare && share > 0
			if p.Assessed != answer || answer == IsMissing(p.Lower) || answer == IsMissing(p.Upper) || answer == IsMissing(p.Expected) || !answer && p.Note == "" {
				t.Fatalf("period %d of %v: got %+v, want an answer: %v", i+1, tri.Counts, p, answer)
			}
			if p.Settled != (i+longest <= last) || p.Settled && answer && (p.Lower != n || p.Upper != n || p.Expected != n) {
				t.Fatalf("period %d of %v: got %+v, settled", i+1, tri.Counts, p)
			}
			if !answer {
				continue
			}
			if off(p.Share, share) > 1e-12 || off(p.Expected, n/share) > 1e-10 || p.Reported != n {
				t.Fatalf("period %d of %v: got %+v, want share %v, expected %v", i+1, tri.Counts, p, share, n/share)
			}
			if p.Lower < n || p.Lower > p.Median || p.Median > p.Upper || p.Lower > p.Expected || p.Expected > p.Upper {
				t.Fatalf("period %d of %v: %+v is out of order", i+1, tri.Counts, p)
			}
			v := n*(n+1)/math.Pow(share, 4)*share*share*green + n*(1-share)/(share*share)
			if want := n/share + 1.959963984540054*math.Sqrt(v); n > 0 && math.Abs(p.Upper-max(n, math.Ceil(want))) > 0 && math.Abs(want-math.Round(want)) > 1e-9 {
				t.Fatalf("period %d of %v: upper %v, want %v", i+1, tri.Counts, p.Upper, want)
			}
			if n == 0 && share < 1 {
				// The largest total that shows none with more than 2.5 %.
				if k := p.Upper; math.Pow(1-share, k) < 0.025*(1-1e-12) || math.Pow(1-share, k+1) > 0.025*(1+1e-12) {
					t.Fatalf("period %d of %v: upper %v with share %v", i+1, tri.Counts, k, share)
				}
			}
		}
	})
}

// TestNowcastAhead: what lies after now is not looked at.
func TestNowcastAhead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tri := drawTriangle(t)
		compat := rapid.SampledFrom([]string{"", "documented", "r"}).Draw(t, "compat")
		m := Nowcast{Alpha: 0.1, Compat: compat}
		before, err := m.Complete(tri)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range tri.Counts {
			for d := range row {
				if i+d >= len(tri.Counts) {
					row[d] = rapid.SampledFrom([]float64{0, 9, -1, 0.5, math.Inf(1), Missing}).Draw(t, "ahead")
				}
			}
		}
		after, err := m.Complete(tri)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := fmt.Sprintf("%+v", before), fmt.Sprintf("%+v", after); a != b {
			t.Fatalf("what lies ahead of %v counts:\n%s\n%s", tri.Counts, a, b)
		}
	})
}

// drawnTriangle is the triangle of Poisson counts with known delays, and what
// the counts are in the end.
func drawnTriangle(r *rand.Rand, periods int, mean float64, delay []float64) (*Triangle, []float64) {
	tri, err := NewTriangle(periods, len(delay)-1)
	if err != nil {
		panic(err)
	}
	total := make([]float64, periods)
	for i := range total {
		for left := r.ExpFloat64(); left < mean; left += r.ExpFloat64() {
			total[i]++
			u, d := r.Float64(), 0
			for ; d < len(delay)-1 && u >= delay[d]; d++ {
				u -= delay[d]
			}
			if i+d < periods {
				if err := tri.Add(i, i+d, 1); err != nil {
					panic(err)
				}
			}
		}
	}
	return tri, total
}

// TestNowcastCoverage holds the intervals against what came in the end: 95 %
// of them should contain it. The delays are learnt from few periods, so that
// their uncertainty, which R drops, matters.
func TestNowcastCoverage(t *testing.T) {
	t.Parallel()
	delay := []float64{0.2, 0.1, 0.1, 0.1, 0.2, 0.3}
	r := rand.New(rand.NewPCG(1994, 15))
	for _, c := range []struct {
		compat   string
		from, to float64
	}{{"", 0.94, 0.98}, {"r", 0.85, 0.93}} {
		in, all := 0.0, 0.0
		for range 300 {
			tri, total := drawnTriangle(r, 7, 60, delay)
			m := NewNowcast()
			m.Compat = c.compat
			got, err := m.Complete(tri)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range got.Periods {
				if !p.Settled && p.Assessed {
					all++
					if p.Lower <= total[p.Index] && total[p.Index] <= p.Upper {
						in++
					}
				}
			}
		}
		t.Logf("compat %q: %.1f %% of %.0f intervals hold", c.compat, 100*in/all, all)
		if share := in / all; share < c.from || share > c.to {
			t.Errorf("compat %q: %.3f of the 95 %% intervals hold, want between %v and %v", c.compat, share, c.from, c.to)
		}
	}
}

func TestTriangle(t *testing.T) {
	t.Parallel()
	tri, err := NewTriangle(4, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []struct{ event, report int }{{0, 0}, {0, 2}, {0, 3}, {1, 1}, {3, 3}, {1, 3}} {
		if err := tri.Add(a.event, a.report, 1); err != nil {
			t.Errorf("Add(%d, %d): %v", a.event, a.report, err)
		}
	}
	if got, want := fmt.Sprint(tri.Counts), "[[1 0 2] [1 0 1] [0 0 0] [1 0 0]]"; got != want {
		t.Errorf("after adding: got %s, want %s", got, want)
	}
	for _, a := range []struct {
		event, report int
		n             float64
	}{{-1, 0, 1}, {2, 1, 1}, {2, 4, 1}, {0, 0, -1}, {0, 0, math.NaN()}, {0, 0, math.Inf(1)}} {
		if err := tri.Add(a.event, a.report, a.n); err == nil {
			t.Errorf("Add(%d, %d, %v): no error", a.event, a.report, a.n)
		}
	}
	if err := tri.Unknown(2); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(tri.Counts), "[[1 0 NaN] [1 NaN 1] [NaN 0 0] [1 0 0]]"; got != want {
		t.Errorf("after a dark period: got %s, want %s", got, want)
	}
	if tri.Unknown(4) == nil || tri.Unknown(-1) == nil {
		t.Error("a period outside the triangle can be dark")
	}
	got, err := NewNowcast().Complete(tri)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range got.Periods[:3] {
		if p.Assessed || !IsMissing(p.Reported) || !IsMissing(p.Expected) || !strings.Contains(p.Note, "not known") {
			t.Errorf("period %d, of which a report is not known: got %+v", i+1, p)
		}
	}
}

func TestNowcastRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ periods, delay int }{{0, 1}, {-1, 1}, {1, -1}, {1 << 40, 1}, {1, 1 << 40}, {math.MaxInt, math.MaxInt}} {
		if _, err := NewTriangle(c.periods, c.delay); err == nil {
			t.Errorf("NewTriangle(%d, %d): no error", c.periods, c.delay)
		}
	}
	good := [][]float64{{1, 2}, {1, 0}}
	for _, c := range []struct {
		name   string
		m      Nowcast
		counts [][]float64
	}{
		{"no periods", NewNowcast(), nil},
		{"no delays", NewNowcast(), [][]float64{{}, {}}},
		{"uneven", NewNowcast(), [][]float64{{1, 2}, {1}}},
		{"negative", NewNowcast(), [][]float64{{1, -2}, {1, 0}}},
		{"half an event", NewNowcast(), [][]float64{{1, 2}, {1.5, 0}}},
		{"infinite", NewNowcast(), [][]float64{{math.Inf(1), 2}, {1, 0}}},
		{"alpha 0", Nowcast{}, good},
		{"alpha 1", Nowcast{Alpha: 1}, good},
		{"alpha NaN", Nowcast{Alpha: math.NaN()}, good},
		{"m below 0", Nowcast{Alpha: 0.05, Window: -1}, good},
		{"share above 1", Nowcast{Alpha: 0.05, MinShare: 2}, good},
		{"compat", Nowcast{Alpha: 0.05, Compat: "s"}, good},
	} {
		if _, err := c.m.Complete(&Triangle{Counts: c.counts}); err == nil {
			t.Errorf("%s: no error", c.name)
		}
	}
	// A delay longer than all that was looked at.
	for _, compat := range []string{"", "r"} {
		got, err := Nowcast{Alpha: 0.05, Compat: compat}.Complete(&Triangle{Counts: [][]float64{{3, 2, 1}, {4, 1, 0}}})
		if err != nil || got.Note == "" {
			t.Fatalf("short triangle: got %+v, %v", got, err)
		}
		for i, p := range got.Periods {
			if p.Assessed || !IsMissing(p.Upper) || !strings.Contains(p.Note, "old enough") {
				t.Errorf("short triangle, compat %q, period %d: got %+v", compat, i+1, p)
			}
		}
	}
	// The shape of the largest triangles, thin ones too, is worked through quickly.
	for _, shape := range [][2]int{{1 << 20, 0}, {1, 1<<20 - 1}, {1024, 1023}} {
		tri, err := NewTriangle(shape[0], shape[1])
		if err != nil {
			t.Fatal(err)
		}
		for i := range tri.Counts {
			tri.Counts[i][0] = 5
		}
		for _, compat := range []string{"", "r"} {
			if _, err := (Nowcast{Alpha: 0.05, Compat: compat}).Complete(tri); err != nil {
				t.Errorf("triangle %v: %v", shape, err)
			}
		}
	}
}

// TestNowcastParams: the names are those of R.
func TestNowcastParams(t *testing.T) {
	t.Parallel()
	m := NewNowcast()
	if err := json.Unmarshal([]byte(`{"m": 30, "alpha": 0.1, "min_share": 0.2, "compat": "r"}`), &m); err != nil {
		t.Fatal(err)
	}
	if want := (Nowcast{30, 0.1, 0.2, "r"}); m != want {
		t.Errorf("got %+v, want %+v", m, want)
	}
}

// FuzzTriangle: triangles and parameters of others are worked through, or refused.
func FuzzTriangle(f *testing.F) {
	f.Add([]byte(`{"triangle":[[4,3,1],[2,4,0],[6,0,0]],"m":2,"alpha":0.1,"compat":"r"}`))
	f.Add([]byte(`{"triangle":[[0],[1e15]],"min_share":1}`))
	f.Add([]byte(`{"triangle":[[],[1]]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var tri Triangle
		m := NewNowcast()
		if json.Unmarshal(b, &tri) != nil || json.Unmarshal(b, &m) != nil {
			return
		}
		got, err := m.Complete(&tri)
		if err != nil {
			return
		}
		for _, p := range got.Periods {
			if p.Assessed == IsMissing(p.Upper) || !p.Assessed && p.Note == "" || m.Compat != "r" && p.Assessed && !(p.Reported <= p.Lower && p.Lower <= p.Upper) {
				t.Errorf("%s: got %+v", b, p)
			}
		}
	})
}

func ExampleNowcast() {
	// Reports of five days, by how many days later they came in; today is the
	// fifth day, and cells that lie ahead are not read.
	t := &Triangle{Counts: [][]float64{
		{40, 30, 10},
		{38, 33, 9},
		{44, 29, 12},
		{41, 28, 0},
		{22, 0, 0},
	}}
	got, err := NewNowcast().Complete(t)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range got.Periods {
		fmt.Printf("day %d: %.0f so far (%.0f %%), %.0f to %.0f in the end\n", p.Index+1, p.Reported, 100*p.Share, p.Lower, p.Upper)
	}
	// Output:
	// day 1: 80 so far (100 %), 80 to 80 in the end
	// day 2: 80 so far (100 %), 80 to 80 in the end
	// day 3: 85 so far (100 %), 85 to 85 in the end
	// day 4: 69 so far (87 %), 71 to 87 in the end
	// day 5: 22 so far (50 %), 29 to 58 in the end
}

func ExampleTriangle() {
	// One event after the other: the week it happened in, the week it was
	// reported in, counted from the first week. Nothing came through in week 3.
	t, err := NewTriangle(5, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range [][2]int{{0, 0}, {0, 1}, {1, 1}, {1, 2}, {3, 4}, {4, 4}} {
		if err := t.Add(e[0], e[1], 1); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := t.Unknown(3); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Counts)
	// Output: [[1 1 0] [1 1 NaN] [0 NaN 0] [NaN 1 0] [1 0 0]]
}
