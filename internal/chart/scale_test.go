package chart

import (
	"math"
	"slices"
	"strings"
	"testing"

	"lapwing/internal/calendar"

	"pgregory.net/rapid"
)

func TestTicks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		values []float64
		about  int
		want   string
	}{
		{[]float64{0, 0}, 5, "0 1"},
		{[]float64{3}, 5, "0 1 2 3"},
		{[]float64{0, 7}, 5, "0 2 4 6 8"},
		{[]float64{12, 97}, 5, "0 20 40 60 80 100"},
		{[]float64{1180}, 5, "0 500 1 000 1 500"},
		{[]float64{982114}, 5, "0 200 000 400 000 600 000 800 000 1 000 000"},
		{[]float64{8899000}, 5, "0 2M 4M 6M 8M 10M"},
		{[]float64{46e6}, 5, "0 10M 20M 30M 40M 50M"},
		{[]float64{0.31}, 5, "0.0 0.1 0.2 0.3 0.4"},
		{[]float64{-4, 11}, 5, "−5 0 5 10 15"},
		{[]float64{-40}, 4, "−40 −30 −20 −10 0"},
		{[]float64{1e15}, 5, "0 200T 400T 600T 800T 1 000T"},
		{[]float64{math.NaN(), math.Inf(1), 1e300, 4}, 5, "0 1 2 3 4"},
	} {
		var r reach
		r.add(tt.values...)
		_, ticks := r.scale(0, 100, tt.about)
		got := strings.ReplaceAll(strings.Join(tickWords(ticks, false), " "), thin, " ")
		if got != tt.want {
			t.Errorf("ticks of %v: got %s, want %s", tt.values, got, tt.want)
		}
	}
}

// TestTicksOfAnything asks of any data that ticks are few, even, 1-2-5, and
// that the scale holds the data.
func TestTicksOfAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		vs := rapid.SliceOf(rapid.Float64()).Draw(t, "values")
		about := rapid.IntRange(1, 9).Draw(t, "about")
		var r reach
		r.add(vs...)
		s, ticks := r.scale(200, 0, about)
		if n := len(ticks); n < 1 || n > about+3 {
			t.Fatalf("%d ticks, asked for about %d: %v", n, about, ticks)
		}
		slack := 1e-8*(s.hi-s.lo) + 1e-11 // far less than a tenth of a pixel
		for _, v := range vs {
			if drawable(v) && (v < s.lo-slack || v > s.hi+slack) {
				t.Fatalf("%v is outside of %v to %v", v, s.lo, s.hi)
			}
			if y := s.at(v); y < 0 || y > 200 || math.IsNaN(y) != math.IsNaN(v) {
				t.Fatalf("%v is placed at %v", v, y)
			}
		}
		if !slices.Contains(ticks, 0) {
			t.Fatalf("no tick at zero: %v", ticks)
		}
		if len(ticks) > 1 {
			step := ticks[1] - ticks[0]
			m := step / math.Pow(10, math.Floor(math.Log10(step)+1e-9))
			if !near(m, 1, 1e-6) && !near(m, 2, 1e-6) && !near(m, 5, 1e-6) {
				t.Fatalf("a step of %v is not 1, 2 or 5 times a power of ten", step)
			}
		}
		words := tickWords(ticks, about%2 == 0)
		if u := slices.Compact(slices.Clone(words)); len(u) != len(words) {
			t.Fatalf("two ticks have the same word: %v for %v", words, ticks)
		}
	})
}

func TestDateTicks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		length calendar.Length
		first  string
		n      int
		width  float64
		want   string
	}{
		{calendar.Daily, "2020-03-01", 10, 600, "1/Mar 2020 2 3 4 5 6 7 8 9 10"},
		{calendar.Daily, "2020-02-20", 40, 300, "24/Feb 2020 2/Mar 2020 9 16 23 30"},
		{calendar.Daily, "2020-03-01", 122, 650, "Mar/2020 Apr May Jun"},
		{calendar.Daily, "2020-11-15", 122, 650, "Dec/2020 Jan/2021 Feb Mar"},
		{calendar.Daily, "2016-01-01", 1827, 650, "Jan/2016 Apr Jul Oct Jan/2017 Apr Jul Oct Jan/2018 Apr Jul Oct Jan/2019 Apr Jul Oct Jan/2020 Apr Jul Oct"},
		{calendar.Weekly, "2016-01-04", 260, 660, "Apr/2016 Jul Oct Jan/2017 Apr Jul Oct Jan/2018 Apr Jul Oct Jan/2019 Apr Jul Oct Jan/2020 Apr Jul Oct"},
		{calendar.Monthly, "2020-01-01", 12, 600, "Jan/2020 Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"},
		{calendar.Monthly, "2020-01-01", 12, 110, "Jan/2020 Apr Jul Oct"},
		{calendar.Monthly, "1990-05-01", 400, 600, "1992 1994 1996 1998 2000 2002 2004 2006 2008 2010 2012 2014 2016 2018 2020 2022"},
		{calendar.Quarterly, "2018-04-01", 5, 600, "Q2/2018 Q3 Q4 Q1/2019 Q2"},
		{calendar.Quarterly, "2018-01-01", 40, 600, "Q1/2018 Q3 Q1/2019 Q3 Q1/2020 Q3 Q1/2021 Q3 Q1/2022 Q3 Q1/2023 Q3 Q1/2024 Q3 Q1/2025 Q3 Q1/2026 Q3 Q1/2027 Q3"},
		{calendar.Quarterly, "2018-01-01", 40, 400, "2018 2019 2020 2021 2022 2023 2024 2025 2026 2027"},
		{calendar.Daily, "2020-03-05", 1, 600, "5/Mar 2020"},
	} {
		var first calendar.Day
		if err := first.UnmarshalText([]byte(tt.first)); err != nil {
			t.Fatal(err)
		}
		x := dates{length: tt.length, first: first, n: tt.n, a: 0, b: tt.width}
		var got []string
		for _, k := range x.ticks(tickFont) {
			if k.small {
				continue
			}
			if k.year != "" {
				k.word += "/" + k.year
			}
			got = append(got, k.word)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%d %ss from %s on %v:\n got %s\nwant %s", tt.n, tt.length, tt.first, tt.width, s, tt.want)
		}
	}
}

// TestTickIsWhereTheDayIs compares the place of a tick with that of the
// period that begins there.
func TestTickIsWhereTheDayIs(t *testing.T) {
	t.Parallel()
	daily := dates{length: calendar.Daily, first: calendar.Date(2020, 1, 1), n: 366, a: 10, b: 376}
	if got := daily.day(calendar.Date(2020, 3, 1)); got != 10+31+29 {
		t.Errorf("1 March is at %v, want %v", got, 10+31+29)
	}
	monthly := dates{length: calendar.Monthly, first: calendar.Date(2020, 1, 1), n: 12, a: 0, b: 120}
	if got := monthly.day(calendar.Date(2020, 4, 16)); got != 35 {
		t.Errorf("16 April is at %v, want 35, the middle of the fourth month", got)
	}
	if got, want := monthly.ticks(tickFont.sized(1))[3].x, monthly.mid(3); got != want {
		t.Errorf("the tick of April is at %v, its point at %v", got, want)
	}
	weekly := dates{length: calendar.Weekly, first: calendar.Date(2020, 3, 2), n: 10, a: 0, b: 70}
	if got := weekly.day(calendar.Date(2020, 3, 11)); got != 9 {
		t.Errorf("Wednesday of the second week is at %v, want 9", got)
	}
	if got := weekly.day(calendar.Date(1990, 1, 1)); got != 0 {
		t.Errorf("a day before the chart is at %v, want its beginning", got)
	}
	if got := weekly.day(calendar.Date(2090, 1, 1)); got != 70 {
		t.Errorf("a day after the chart is at %v, want its end", got)
	}
}
