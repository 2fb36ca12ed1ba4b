package calendar_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"

	"pgregory.net/rapid"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day         string
		length      calendar.Length
		text        string
		first, last string
		year, n     int
	}{
		{"2020-02-29", calendar.Daily, "2020-02-29", "2020-02-29", "2020-02-29", 2020, 60},
		{"2020-12-31", calendar.Daily, "2020-12-31", "2020-12-31", "2020-12-31", 2020, 366},
		{"2020-03-01", calendar.Weekly, "2020-W09", "2020-02-24", "2020-03-01", 2020, 9}, // a Sunday
		{"2020-03-02", calendar.Weekly, "2020-W10", "2020-03-02", "2020-03-08", 2020, 10},
		{"2021-01-03", calendar.Weekly, "2020-W53", "2020-12-28", "2021-01-03", 2020, 53},
		{"2018-12-31", calendar.Weekly, "2019-W01", "2018-12-31", "2019-01-06", 2019, 1},
		{"1969-12-28", calendar.Weekly, "1969-W52", "1969-12-22", "1969-12-28", 1969, 52},
		{"1970-01-01", calendar.Weekly, "1970-W01", "1969-12-29", "1970-01-04", 1970, 1},
		{"2020-02-29", calendar.Monthly, "2020-02", "2020-02-01", "2020-02-29", 2020, 2},
		{"2019-12-31", calendar.Monthly, "2019-12", "2019-12-01", "2019-12-31", 2019, 12},
		{"2020-03-31", calendar.Quarterly, "2020-Q1", "2020-01-01", "2020-03-31", 2020, 1},
		{"2020-04-01", calendar.Quarterly, "2020-Q2", "2020-04-01", "2020-06-30", 2020, 2},
		{"2020-12-31", calendar.Quarterly, "2020-Q4", "2020-10-01", "2020-12-31", 2020, 4},
		{"0001-01-01", calendar.Daily, "0001-01-01", "0001-01-01", "0001-01-01", 1, 1},
	} {
		p := c.length.Of(day(t, c.day))
		y, n := p.Number()
		if p.String() != c.text || p.First.String() != c.first || p.Last().String() != c.last || y != c.year || n != c.n {
			t.Errorf("%s of %s: %v, %v to %v, number %d of %d; want %s, %s to %s, %d of %d", c.length, c.day, p, p.First, p.Last(), n, y, c.text, c.first, c.last, c.n, c.year)
		}
		if got, err := calendar.Parse(c.text); err != nil || got != p {
			t.Errorf("Parse(%q) = %v, %v", c.text, got, err)
		}
	}
}

func day(t *testing.T, s string) (d calendar.Day) {
	t.Helper()
	if err := d.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2020", "2020-", "2020-1", "2020-00", "2020-13", "2020-W00", "2020-W54", "2021-W53", "2020-W1", "2020-W+1", "2020-Q0", "2020-Q5", "2020-Q", "2020-q1", "2020-w10",
		"2020-02-30", "2021-02-29", "2020-3-1", "2020/03/01", "01.03.2020", "+020-03", "-020-03", "2020-+3", "20200301", "2020-03-01T00:00:00Z", "٢٠٢٠-03", "2020-0\x003", " 2020-03", "2020-03 "} {
		if p, err := calendar.Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", s, p)
		} else if !strings.Contains(err.Error(), "2020") && !strings.Contains(err.Error(), "no week 53") {
			t.Errorf("Parse(%q): %v does not say how it is written", s, err)
		}
	}
}

func TestDayAsText(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal([]calendar.Day{0, calendar.Date(2020, 2, 29)})
	if err != nil || string(b) != `["1970-01-01","2020-02-29"]` {
		t.Errorf("%s, %v", b, err)
	}
	var ds []calendar.Day
	if err := json.Unmarshal(b, &ds); err != nil || len(ds) != 2 || ds[0] != 0 || ds[1] != 18321 {
		t.Errorf("%v, %v", ds, err)
	}
	for _, s := range []string{`["2020-02-30"]`, `["today"]`, `[5]`} {
		if err := json.Unmarshal([]byte(s), &ds); err == nil {
			t.Errorf("%s was read as %v", s, ds)
		}
	}
	// A day is the date in the time's own zone.
	late := time.Date(2020, 3, 1, 0, 30, 0, 0, time.FixedZone("", 2*3600))
	if got := calendar.DayOf(late).String(); got != "2020-03-01" {
		t.Errorf("the day of %v is %s", late, got)
	}
	if got := calendar.DayOf(late.UTC()).String(); got != "2020-02-29" {
		t.Errorf("the day of %v is %s", late.UTC(), got)
	}
}

func TestUnknownLength(t *testing.T) {
	t.Parallel()
	l := calendar.Length("year")
	if l.PerYear() != 0 {
		t.Errorf("a year of %q has %d", l, l.PerYear())
	}
	for l, n := range map[calendar.Length]int{calendar.Daily: 365, calendar.Weekly: 52, calendar.Monthly: 12, calendar.Quarterly: 4} {
		if l.PerYear() != n {
			t.Errorf("a year has %d of %s, want %d", l.PerYear(), l, n)
		}
	}
}

// Periods of a length follow each other without gap and overlap; to add and to
// count agree; what is written is read.
func TestPeriodsFollowEachOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(calendar.Lengths).Draw(t, "length")
		d := calendar.Day(rapid.IntRange(int(calendar.Date(1, 1, 8)), int(calendar.Date(9999, 1, 1))).Draw(t, "day"))
		p := l.Of(d)
		if p.First > d || p.Last() < d {
			t.Fatalf("%v is not in the %s from %v to %v", d, l, p.First, p.Last())
		}
		if l.Of(p.Last()) != p || l.Of(p.First) != p {
			t.Fatalf("%v: its own days are in %v and %v", p, l.Of(p.First), l.Of(p.Last()))
		}
		if next := p.Next(1); next != l.Of(p.Last()+1) || next.First != p.Last()+1 {
			t.Fatalf("after %v comes %v", p, next)
		}
		n := rapid.IntRange(-3000, 3000).Draw(t, "n")
		q := p.Next(n)
		if l.Of(q.First) != q || l.Between(p.First, q.First) != n || q.Next(-n) != p {
			t.Fatalf("%v + %d = %v, and between them are %d", p, n, q, l.Between(p.First, q.First))
		}
		if (q.First > p.First) != (n > 0) {
			t.Fatalf("%v + %d = %v", p, n, q)
		}
		got, err := calendar.Parse(p.String())
		if err != nil || got != p {
			t.Fatalf("%v was read as %v, %v", p, got, err)
		}
		if y, w := p.First.Time().ISOWeek(); l == calendar.Weekly && (p.String() != fmt.Sprintf("%04d-W%02d", y, w) || p.First.Time().Weekday() != time.Monday) {
			t.Fatalf("the week of %v is %v", d, p)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2020-03-01", "2020-W10", "2020-W53", "2020-03", "2020-Q1", "0000-W01", "9999-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := calendar.Parse(s)
		if err != nil {
			return
		}
		if p.String() != s || p.Length.Of(p.First) != p {
			t.Fatalf("%q was read as %v from %v", s, p, p.First)
		}
	})
}
