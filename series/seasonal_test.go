package series

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// seasonalDraw draws a series with a season and a trend.
func seasonalDraw(seed uint64, freq, n int, level, phi float64) *Series {
	rng := rand.New(rand.NewPCG(seed, uint64(freq)))
	s := &Series{Freq: freq, Start: [2]int{2010, 1}, Counts: make([]float64, n)}
	for i := range s.Counts {
		year := float64(i) / float64(freq)
		s.Counts[i] = drawCount(rng, level*math.Exp(0.05*year+0.3*math.Cos(2*math.Pi*year)), phi)
	}
	return s
}

// seasonalAt evaluates one period.
func seasonalAt(tb testing.TB, d Seasonal, s *Series, t int) Evaluation {
	tb.Helper()
	out, err := d.Detect(s, t, t+1)
	if err != nil {
		tb.Fatal(err)
	}
	return out[0]
}

// TestSeasonalFit compares coefficients, variance and φ with those of penalised
// iterated weighted least squares on the whole design, period by period.
func TestSeasonalFit(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name      string
		freq, t   int
		harmonics int
		missing   []int
		exposed   bool
	}{
		{"weeks", 52, 260, 3, nil, false},
		{"weeks with gaps", 52, 208, 2, []int{0, 3, 100, 101, 102, 203}, false},
		{"months with population", 12, 120, 3, []int{17}, true},
		{"quarters", 4, 40, 3, nil, false},
		{"years", 1, 30, 3, nil, false},
		{"days", 365, 819, 1, nil, false},
	} {
		s := seasonalDraw(3, x.freq, x.t+1, 20, 2)
		for _, i := range x.missing {
			s.Counts[i] = Missing
		}
		if x.exposed {
			s.Population = make([]float64, s.Len())
			for i := range s.Population {
				s.Population[i] = 1e5 * (1 + float64(i)/100)
			}
		}
		d := NewSeasonal()
		d.LevelYears, d.Contamination, d.Harmonics = 0, 0, x.harmonics
		f := newSeasonalFit(d, s, s.Len())
		f.start(x.t)

		row := func(i int) []float64 {
			r := []float64{1}
			waves := func(n, freq, at int) {
				for j := 1; j <= n && 2*j <= freq; j++ {
					w := 2 * math.Pi * float64(j) * float64(at) / float64(freq)
					r = append(r, math.Cos(w))
					if 2*j < freq {
						r = append(r, math.Sin(w))
					}
				}
			}
			waves(x.harmonics, x.freq, i)
			if x.freq == 365 {
				waves(3, 7, i)
			}
			return append(r, float64(i-x.t)/float64(x.freq))
		}
		p := len(row(0))
		beta := make([]float64, p)
		beta[0] = math.Log(20)
		if x.exposed {
			beta[0] -= math.Log(1e5)
		}
		phi, inv := 1.0, mat.NewDense(p, p, nil)
		for range 50 {
			info, grad := mat.NewDense(p, p, nil), mat.NewVecDense(p, nil)
			n, chi := 0.0, 0.0
			for i := range x.t - int(math.Round(float64(x.freq)/13)) {
				if IsMissing(s.Counts[i]) {
					continue
				}
				r, eta := row(i), 0.0
				if x.exposed {
					eta = math.Log(s.Population[i])
				}
				for k := range r {
					eta += r[k] * beta[k]
				}
				mu := math.Exp(eta)
				n, chi = n+1, chi+(s.Counts[i]-mu)*(s.Counts[i]-mu)/mu
				for k := range r {
					grad.SetVec(k, grad.AtVec(k)+r[k]*(s.Counts[i]-mu))
					for l := range r {
						info.Set(k, l, info.At(k, l)+mu*r[k]*r[l])
					}
				}
			}
			free := n
			for k := range p {
				prior := 0.0
				if k == p-1 {
					prior = phi / 0.04
				} else if k > 0 {
					prior = phi / 0.25
				}
				grad.SetVec(k, grad.AtVec(k)-prior*beta[k])
				info.Set(k, k, info.At(k, k)+prior)
			}
			if err := inv.Inverse(info); err != nil {
				t.Fatal(err)
			}
			for k := range p {
				prior := 0.0
				if k == p-1 {
					prior = phi / 0.04
				} else if k > 0 {
					prior = phi / 0.25
				}
				free -= 1 - prior*inv.At(k, k)
				for l := range p {
					beta[k] += inv.At(k, l) * grad.AtVec(l)
				}
			}
			phi = max(1, chi/free)
		}
		want, variance := 0.0, 0.0
		if x.exposed {
			want = math.Log(s.Population[x.t])
		}
		for k, a := range row(x.t) {
			want += a * beta[k]
			for l, b := range row(x.t) {
				variance += phi * a * b * inv.At(k, l)
			}
		}
		mean, v := f.predict(x.t)
		if off(mean, math.Exp(want)) > 1e-5 || off(v, variance) > 1e-4 || math.Abs(v/variance-1) > 1e-3 || off(f.phi, phi) > 1e-4 {
			t.Errorf("%s: mean %v, variance %v, phi %v; want %v, %v, %v", x.name, mean, v, f.phi, math.Exp(want), variance, phi)
		}
	}
}

// TestSeasonalBound has the definition: the smallest count above the bound is
// the smallest with a mid-p value below alpha, which is summed up from the
// probabilities of a negative binomial count.
func TestSeasonalBound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		mean := math.Exp(rapid.Float64Range(-5, 5).Draw(t, "log mean"))
		phi := rapid.SampledFrom([]float64{1, 1.001, 1.3, 2, 8}).Draw(t, "phi")
		look := newSeasonalLook(rapid.SampledFrom([]float64{0.1, 0.01, 0.001}).Draw(t, "alpha"))
		got := look.bound(mean, phi, math.Inf(1))
		above, k := 1.0, 0.0
		for ; ; k++ {
			mass := math.Exp(seasonalLogMass(k, mean, phi))
			above -= mass
			if above+mass/2 < look.alpha {
				break
			}
		}
		if !(got >= k-1 && got < k) {
			t.Fatalf("bound %v of mean %v, phi %v, alpha %v: %v is the first improbable count", got, mean, phi, look.alpha, k)
		}
		for y := max(0, k-2); y < k+2; y++ {
			if q := look.quiet(y, mean, phi, math.Inf(1)); q != (y < k) {
				t.Fatalf("count %v of mean %v, phi %v: quiet is %v, the first improbable count is %v", y, mean, phi, q, k)
			}
		}
	})
}

// TestSeasonalWiden compares with the quantiles of Student's t distribution.
func TestSeasonalWiden(t *testing.T) {
	t.Parallel()
	for _, free := range []float64{4, 10, 50, 500} {
		for _, alpha := range []float64{0.05, 0.01, 0.005} {
			r := qt(1-alpha, free) / qnorm(1-alpha)
			if got, want := newSeasonalLook(alpha).widen(2, free), 2*r*r; math.Abs(got/want-1) > 0.03 {
				t.Errorf("alpha %v, %v degrees of freedom: %v, want about %v", alpha, free, got, want)
			}
		}
	}
}

// TestSeasonalLooks draws normal periods and counts how often either look alarms.
func TestSeasonalLooks(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ alpha, memory float64 }{{0.01, 0.6}, {0.05, 1}, {0.05, 0.3}, {0.02, 0}, {0.2, 0.5}} {
		d := NewSeasonal()
		d.Alpha, d.Memory = x.alpha, x.memory
		l := d.looks()
		rng := rand.New(rand.NewPCG(8, 8))
		const n = 400_000
		alarms, before := 0, 0.0
		for range n {
			z := rng.NormFloat64()
			if z > l.one.z || x.memory > 0 && before <= l.one.z && z > l.high.z && z+before > math.Sqrt2*l.two.z {
				alarms++
			}
			before = z
		}
		if got := float64(alarms) / n; math.Abs(got-x.alpha) > 4*math.Sqrt(x.alpha/n) {
			t.Errorf("alpha %v, memory %v: %v", x.alpha, x.memory, got)
		}
		if off(l.two.alpha, min(0.5, x.memory*l.one.alpha)) > 1e-12 || l.only.alpha != x.alpha {
			t.Errorf("alpha %v, memory %v: looks %+v", x.alpha, x.memory, l)
		}
	}
}

// TestSeasonalMemory alarms by the sum where neither week would by itself, says
// so, and forgets a week that alarmed by itself, is missing or cannot be a count.
func TestSeasonalMemory(t *testing.T) {
	t.Parallel()
	s := seasonalDraw(1, 52, 300, 50, 1)
	d := NewSeasonal()
	s.Counts[298] = seasonalAt(t, d, s, 298).Expected
	plain := seasonalAt(t, d, s, 299)
	s.Counts[298] = math.Floor(seasonalAt(t, d, s, 298).Upper)
	quiet := seasonalAt(t, d, s, 298)
	raised := seasonalAt(t, d, s, 299)
	if quiet.Outcome != Quiet || raised.Upper > plain.Upper-2 {
		t.Fatalf("after %+v the bound is %v, else %v", quiet, raised.Upper, plain.Upper)
	}
	single := NewSeasonal()
	single.Memory = 0
	s.Counts[299] = math.Floor(seasonalAt(t, single, s, 299).Upper)
	if e := seasonalAt(t, d, s, 299); e.Outcome != Alarm || !strings.Contains(e.Note, "together with the period before") || e.Score <= 1 {
		t.Errorf("two high weeks: %+v", e)
	}
	if raised.Upper <= raised.Expected {
		t.Errorf("bound %v is not above what is expected, %v", raised.Upper, raised.Expected)
	}
	for name, before := range map[string]float64{"alarmed": plain.Upper + 30, "zero": 0, "missing": Missing} {
		s.Counts[298] = before
		// Alone the bound is that of the whole alpha, after an alarm that of its share.
		if e := seasonalAt(t, d, s, 299); math.Abs(e.Upper-plain.Upper) > 2 || e.Outcome == Alarm && e.Note != "" {
			t.Errorf("after a week that is %s: %+v, usually the bound is %v", name, e, plain.Upper)
		}
	}
}

// TestSeasonalWindow changes single counts and sees which bounds move.
func TestSeasonalWindow(t *testing.T) {
	t.Parallel()
	const at = 299
	s := seasonalDraw(2, 52, 320, 40, 1.5)
	d := NewSeasonal()
	d.Years = 3
	want := seasonalAt(t, d, s, at)
	for _, x := range []struct {
		week  int
		moves bool
	}{
		{at + 1, false}, {319, false}, // what follows
		{at - 1, true},                   // memory
		{at - 2, false}, {at - 4, false}, // left out
		{at - 5, true}, {at - 4 - 156, true}, // learned from
		{at - 4 - 157, false}, {at - 13 - 157, false}, {0, false}, // three years and no more
	} {
		c := slices.Clone(s.Counts)
		c[x.week] += 9
		got := seasonalAt(t, d, &Series{Counts: c, Freq: 52}, at)
		if moved := got.Upper != want.Upper; moved != x.moves {
			t.Errorf("a change in week %d, judged in %d: moved is %v, bound %v, was %v", x.week, at, moved, got.Upper, want.Upper)
		}
	}
}

// TestSeasonalSame has the same answer whatever range is asked for and whatever follows.
func TestSeasonalSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		freq := rapid.SampledFrom([]int{1, 4, 12, 52}).Draw(t, "freq")
		n := rapid.IntRange(1, 5*freq+20).Draw(t, "periods")
		level := rapid.SampledFrom([]float64{0.05, 3, 200}).Draw(t, "level")
		s := seasonalDraw(rapid.Uint64Range(0, 99).Draw(t, "seed"), freq, n, level, 2)
		for range rapid.IntRange(0, 20).Draw(t, "gaps") {
			s.Counts[rapid.IntRange(0, n-1).Draw(t, "gap")] = Missing
		}
		d := NewSeasonal()
		d.Years = rapid.SampledFrom([]float64{0, 0, 1, 2}).Draw(t, "years")
		all, err := d.Detect(s, 0, n)
		if err != nil {
			t.Fatal(err)
		}
		from := rapid.IntRange(0, n-1).Draw(t, "from")
		to := rapid.IntRange(from, n).Draw(t, "to")
		part, err := d.Detect(&Series{Counts: s.Counts[:to], Freq: freq}, from, to)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(part), fmt.Sprint(all[from:to]); got != want {
			t.Fatalf("periods %d to %d:\n%s\nof all:\n%s", from, to, got, want)
		}
		for _, e := range all {
			switch {
			case e.Outcome == NotAssessed && (e.Note == "" || !math.IsNaN(e.Upper)), e.Outcome == Alarm && e.Observed == 0,
				e.Outcome != NotAssessed && (IsMissing(e.Observed) || !(e.Upper > e.Expected*0.5) || !(e.Expected > 0)):
				t.Fatalf("%+v", e)
			}
		}
	})
}

// TestSeasonalShort has no answer from less than a year, a cautious one with a
// note from less than two, and a plain one from more.
func TestSeasonalShort(t *testing.T) {
	t.Parallel()
	d := NewSeasonal()
	for _, x := range []struct{ freq, none, cautious int }{{52, 51, 103}, {12, 11, 23}, {4, 7, 7}, {365, 364, 729}} {
		s := seasonalDraw(4, x.freq, 5*x.freq, 30, 1.5)
		for _, at := range []int{0, 1, x.none, x.none + 1, x.cautious, x.cautious + 1} {
			e := seasonalAt(t, d, s, at)
			switch {
			case at <= x.none && e.Outcome != NotAssessed,
				at > x.none && e.Outcome == NotAssessed,
				at > x.none && (e.Note == seasonalShort) != (at <= x.cautious):
				t.Errorf("%d periods a year, period %d: %+v", x.freq, at, e)
			}
		}
	}
	short := seasonalDraw(5, 52, 60, 30, 1.5)
	long := seasonalDraw(5, 52, 520, 30, 1.5)
	a, b := seasonalAt(t, d, short, 59), seasonalAt(t, d, long, 519)
	if ra, rb := a.Upper/a.Expected, b.Upper/b.Expected; ra < 1.05*rb {
		t.Errorf("bound over expected is %v with a year of history, %v with ten", ra, rb)
	}
}

// TestSeasonalNoData has series that do not allow an answer.
func TestSeasonalNoData(t *testing.T) {
	t.Parallel()
	fill := func(n int, v float64) []float64 { return slices.Repeat([]float64{v}, n) }
	gappy := fill(200, Missing)
	for i := 0; i < 200; i += 9 {
		gappy[i] = 7
	}
	lateStart := append(fill(120, Missing), fill(50, 4)...)
	for _, x := range []struct {
		name   string
		counts []float64
		note   string
	}{
		{"empty but one", []float64{3}, seasonalYoung},
		{"all missing", fill(200, Missing), seasonalMissing},
		{"all zero", fill(200, 0), seasonalZero},
		{"zero until now", append(fill(199, 0), 12), seasonalZero},
		{"a case among those left out", append(fill(197, 0), 1, 0, 9), seasonalZero},
		{"nearly all missing", gappy[:199], seasonalFew},
		{"began lately", lateStart, seasonalYoung},
		{"now missing", append(fill(199, 5), Missing), seasonalMissing},
		{"beyond arithmetic", fill(200, 1e305), seasonalUnfit},
	} {
		s := &Series{Counts: x.counts, Freq: 52}
		if e := seasonalAt(t, NewSeasonal(), s, len(x.counts)-1); e.Outcome != NotAssessed || e.Note != x.note || !math.IsNaN(e.Upper) {
			t.Errorf("%s: %+v, want %q", x.name, e, x.note)
		}
	}
	if out, err := NewSeasonal().Detect(&Series{Freq: 52}, 0, 0); err != nil || len(out) != 0 {
		t.Errorf("an empty series: %v, %v", out, err)
	}
	for _, s := range []*Series{{Counts: []float64{1, -1}, Freq: 52}, {Counts: []float64{1, 2}}, {Counts: []float64{1, 2}, Freq: 52, Population: []float64{1}}} {
		if _, err := NewSeasonal().Detect(s, 0, len(s.Counts)); err == nil {
			t.Errorf("no error for %+v", s)
		}
	}
	s := seasonalDraw(1, 52, 200, 9, 1)
	if _, err := NewSeasonal().Detect(s, 100, 201); err == nil {
		t.Error("no error beyond the end")
	}
}

// TestSeasonalHostile never panics, and never has an answer that is no number.
func TestSeasonalHostile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SampledFrom([]float64{0, 0, 1, 2, 0.5, 1e3, 1e9, 1e18, 1e150, 1e308, 5e-324, Missing})
		s := &Series{
			Freq:   rapid.SampledFrom([]int{1, 2, 3, 4, 12, 52, 365}).Draw(t, "freq"),
			Counts: rapid.SliceOfN(value, 1, 120).Draw(t, "counts"),
		}
		if rapid.Bool().Draw(t, "exposed") {
			exposure := rapid.SampledFrom([]float64{0, 1, 1e6, 1e-300, 1e300, math.Inf(1), -1, Missing})
			s.Population = rapid.SliceOfN(exposure, s.Len(), s.Len()).Draw(t, "population")
		}
		d := NewSeasonal()
		d.Alpha = rapid.SampledFrom([]float64{1e-9, 0.001, 0.01, 0.49}).Draw(t, "alpha")
		d.Memory = rapid.SampledFrom([]float64{0, 0.01, 0.6, 10}).Draw(t, "memory")
		d.Harmonics = rapid.IntRange(0, 12).Draw(t, "harmonics")
		d.LevelYears = rapid.SampledFrom([]float64{0, 1e-9, 0.15, 1e9}).Draw(t, "level")
		d.RecentYears = rapid.SampledFrom([]float64{0, 0.1, 10}).Draw(t, "recent")
		d.Years = rapid.SampledFrom([]float64{0, 0.01, 2, 1e300}).Draw(t, "years")
		d.Contamination = rapid.SampledFrom([]float64{0, 0.012, 0.49}).Draw(t, "contamination")
		out, err := d.Detect(s, 0, s.Len())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range out {
			if e.Outcome != NotAssessed && !(e.Upper >= 0 && e.Expected > 0) {
				t.Fatalf("%+v", e)
			}
		}
	})
}

// TestSeasonalParameters refuses what makes no sense and says which it is.
func TestSeasonalParameters(t *testing.T) {
	t.Parallel()
	s := seasonalDraw(1, 52, 200, 9, 1)
	for _, x := range []struct{ params, want string }{
		{`{}`, ""}, {`{"alpha":0.05,"memory":0,"years":3,"recentYears":0,"harmonics":0,"seasonSD":1,"trendSD":1,"levelYears":0,"contamination":0}`, ""},
		{`{"alpha":0}`, "alpha"}, {`{"alpha":1e-10}`, "alpha"}, {`{"alpha":0.5}`, "alpha"}, {`{"memory":0.001}`, "memory"}, {`{"memory":-1}`, "memory"}, {`{"years":-1}`, "years"}, {`{"recentYears":-0.1}`, "recentYears"},
		{`{"harmonics":-1}`, "harmonics"}, {`{"harmonics":13}`, "harmonics"}, {`{"seasonSD":0}`, "seasonSD"}, {`{"trendSD":0}`, "trendSD"},
		{`{"levelYears":-1}`, "levelYears"}, {`{"contamination":0.5}`, "contamination"},
	} {
		d := NewSeasonal()
		if err := json.Unmarshal([]byte(x.params), &d); err != nil {
			t.Fatal(err)
		}
		_, err := d.Detect(s, 150, 200)
		if (err == nil) != (x.want == "") || err != nil && !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", x.params, err, x.want)
		}
	}
	for _, d := range []Seasonal{{}, {Alpha: math.NaN()}, {Alpha: 0.01, SeasonSD: math.NaN(), TrendSD: 1}} {
		if _, err := d.Detect(s, 150, 200); err == nil {
			t.Errorf("no error for %+v", d)
		}
	}
}

// TestSeasonalOutage leaves out zeros that cannot be counts and says so.
func TestSeasonalOutage(t *testing.T) {
	t.Parallel()
	s := seasonalDraw(6, 52, 300, 40, 1.3)
	lost, zero := &Series{Freq: 52, Counts: slices.Clone(s.Counts)}, &Series{Freq: 52, Counts: slices.Clone(s.Counts)}
	n := 0
	for i := 5; i < 290; i += 10 {
		lost.Counts[i], zero.Counts[i] = Missing, 0
		n++
	}
	d := NewSeasonal()
	a, b := seasonalAt(t, d, lost, 299), seasonalAt(t, d, zero, 299)
	if math.Abs(a.Upper-b.Upper) > 0.5 || math.Abs(a.Expected-b.Expected) > 0.1 {
		t.Errorf("zeros for lost weeks: %+v; missing: %+v", b, a)
	}
	if want := fmt.Sprintf("%d zeros", n); !strings.Contains(b.Note, want) || a.Note != "" {
		t.Errorf("notes %q and %q, want %q in the first", b.Note, a.Note, want)
	}
	zero.Counts[299] = 0
	if e := seasonalAt(t, d, zero, 299); e.Outcome != Quiet || !strings.Contains(e.Note, "outage") {
		t.Errorf("a zero now: %+v", e)
	}
	sparse := seasonalDraw(6, 52, 300, 0.5, 1.3)
	if e := seasonalAt(t, d, sparse, 299); strings.Contains(e.Note, "zero") {
		t.Errorf("zeros of a sparse series: %+v", e)
	}
}

// TestSeasonalOutbreak is hardly moved by an outbreak in the past.
func TestSeasonalOutbreak(t *testing.T) {
	t.Parallel()
	s := seasonalDraw(7, 52, 300, 20, 1.2)
	d := NewSeasonal()
	a := seasonalAt(t, d, s, 299)
	for i := 180; i < 186; i++ {
		s.Counts[i] += 60
	}
	if b := seasonalAt(t, d, s, 299); math.Abs(b.Upper-a.Upper) > 0.5 {
		t.Errorf("bound %v with six weeks of outbreak in the past, %v without", b.Upper, a.Upper)
	}
	d.Contamination = 0
	if b := seasonalAt(t, d, s, 299); b.Upper < a.Upper+5 {
		t.Errorf("bound %v where outbreaks are not looked for: this test shows nothing", b.Upper)
	}
}

// TestSeasonalLevel follows a series to another level, and stays where there is none.
func TestSeasonalLevel(t *testing.T) {
	t.Parallel()
	s := seasonalDraw(8, 52, 400, 50, 1.2)
	d, still := NewSeasonal(), NewSeasonal()
	still.LevelYears = 0
	if a, b := seasonalAt(t, d, s, 399), seasonalAt(t, still, s, 399); math.Abs(math.Log(a.Expected/b.Expected)) > 0.05 {
		t.Errorf("a steady series: %v expected, %v without a level", a.Expected, b.Expected)
	}
	for i := 330; i < 400; i++ {
		s.Counts[i] *= 2
	}
	recent := 0.0
	for _, y := range s.Counts[370:396] {
		recent += y / 26
	}
	if a := seasonalAt(t, d, s, 399); math.Abs(a.Expected/recent-1) > 0.15 {
		t.Errorf("after a step %v expected, the last half year had %v", a.Expected, recent)
	}
}

// TestSeasonalPopulation expects in proportion to the population.
func TestSeasonalPopulation(t *testing.T) {
	t.Parallel()
	s := seasonalDraw(9, 12, 100, 30, 1)
	s.Population = slices.Repeat([]float64{1e6}, 100)
	d := NewSeasonal()
	a := seasonalAt(t, d, s, 99)
	plain := seasonalAt(t, d, &Series{Counts: s.Counts, Freq: 12}, 99)
	s.Population[99] *= 2
	b := seasonalAt(t, d, s, 99)
	if off(a.Expected, plain.Expected) > 1e-6 || off(b.Expected, 2*a.Expected) > 1e-9 {
		t.Errorf("%v expected, %v without population, %v with twice", a.Expected, plain.Expected, b.Expected)
	}
	for _, v := range []float64{Missing, 0} {
		s.Population[99] = v
		if e := seasonalAt(t, d, s, 99); e.Outcome != NotAssessed || e.Note != seasonalExposure {
			t.Errorf("population %v: %+v", v, e)
		}
	}
}

// TestSeasonalDates has the season follow the calendar where there are dates.
func TestSeasonalDates(t *testing.T) {
	t.Parallel()
	s := &Series{Freq: 52}
	first := time.Date(2000, 1, 3, 0, 0, 0, 0, time.UTC)
	for i := range 14 * 52 {
		day := first.AddDate(0, 0, 7*i)
		s.Dates = append(s.Dates, day)
		s.Counts = append(s.Counts, math.Round(100*math.Exp(math.Cos(2*math.Pi*float64(day.YearDay()-1)/366))))
	}
	d := NewSeasonal()
	d.LevelYears = 0
	for t0 := 14*52 - 52; t0 < 14*52; t0++ {
		if e := seasonalAt(t, d, s, t0); math.Abs(e.Expected/e.Observed-1) > 0.03 {
			t.Fatalf("%s: %v expected, %v counted", s.Dates[t0].Format(time.DateOnly), e.Expected, e.Observed)
		}
	}
}

// TestSeasonalAllocations has none for another period.
func TestSeasonalAllocations(t *testing.T) {
	s := seasonalDraw(1, 52, 400, 20, 1.5)
	count := func(periods int) float64 {
		return testing.AllocsPerRun(3, func() {
			if _, err := NewSeasonal().Detect(s, 300, 300+periods); err != nil {
				t.Fatal(err)
			}
		})
	}
	if one, many := count(1), count(100); many > one+2 { // an alarm or two by the sum have a note
		t.Errorf("%v allocations for a period, %v for a hundred", one, many)
	}
}

// TestSeasonalTogether judges many series at once with one detector.
func TestSeasonalTogether(t *testing.T) {
	t.Parallel()
	s := seasonalDraw(1, 52, 300, 20, 1.5)
	d := NewSeasonal()
	want, err := d.Detect(s, 250, 300)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan []Evaluation)
	for range 4 {
		go func() {
			out, _ := d.Detect(s, 250, 300)
			got <- out
		}()
	}
	for range 4 {
		if out := <-got; !reflect.DeepEqual(out, want) {
			t.Error("another answer when asked four times at once")
		}
	}
}
