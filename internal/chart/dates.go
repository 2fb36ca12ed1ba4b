package chart

import (
	"math"
	"strconv"
	"time"

	"lapwing/internal/calendar"
)

var months = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// dates places periods side by side between a and b, all as wide.
type dates struct {
	length calendar.Length
	first  calendar.Day
	n      int
	a, b   float64
}

// period is one of a known length within the years 1000 to 9000; where it is
// not, the day or year next to it.
func period(l calendar.Length, first calendar.Day, otherwise calendar.Length) calendar.Period {
	if l.PerYear() == 0 {
		l = otherwise
	}
	return l.Of(min(max(first, calendar.Date(1000, 1, 1)), calendar.Date(9000, 1, 1)))
}

func (x dates) step() float64 { return (x.b - x.a) / float64(max(x.n, 1)) }

// mid is the middle of period i.
func (x dates) mid(i int) float64 { return x.a + (float64(i)+0.5)*x.step() }

// left is where period i begins.
func (x dates) left(i int) float64 { return x.a + float64(i)*x.step() }

// day is where that day begins, within a and b.
func (x dates) day(d calendar.Day) float64 {
	d = min(max(d, x.first), x.length.Add(x.first, x.n))
	p := x.length.Of(d)
	part := float64(d-p.First) / float64(p.Next(1).First-p.First)
	return x.left(x.length.Between(x.first, p.First)) + part*x.step()
}

// tick is a date on the axis.
type tick struct {
	x          float64
	word, year string // the second below the first
	small      bool   // without words
}

// steps are the distances that ticks may have.
var steps = []struct{ days, months int }{{1, 0}, {7, 0}, {0, 1}, {0, 3}, {0, 6}, {0, 12}, {0, 24}, {0, 60}, {0, 120}, {0, 240}, {0, 600}, {0, 1200}, {0, 6000}}

// ticks are at the beginnings of days, weeks, months, quarters or years: the
// closest that leave room for their words. Periods of a month or more are
// named at their middle, shorter ones where the month begins.
func (x dates) ticks(f font) []tick {
	if x.n <= 0 {
		return nil
	}
	long := x.length == calendar.Monthly || x.length == calendar.Quarterly
	last := x.length.Add(x.first, x.n) // the first day after
	perDay := (x.b - x.a) / max(float64(last-x.first), 1)
	var out []tick
	for _, s := range steps {
		if s.days > 0 && (long || x.length == calendar.Weekly || last-x.first > 70) || s.months == 1 && x.length == calendar.Quarterly {
			continue
		}
		room := perDay * (float64(s.days) + 30.4*float64(s.months))
		need := f.width("Mar") + 6
		switch {
		case s.days > 0:
			need = f.width("30") + 8
		case s.months >= 12:
			need = f.width("2020") + 10
		case x.length == calendar.Quarterly:
			need = f.width("Q3") + 8
		}
		if room < need {
			continue
		}
		out = x.years(x.every(s.days, s.months, last, long), f)
		if s.months == 1 && x.length == calendar.Daily {
			for d := calendar.Weekly.First(x.first + 6); d < last; d += 7 {
				out = append(out, tick{x: x.day(d), small: true})
			}
		}
		break
	}
	return out
}

// every makes a tick at each such beginning.
func (x dates) every(days, step int, last calendar.Day, long bool) []tick {
	var out []tick
	add := func(d calendar.Day, word, year string) {
		if d < x.first || d >= last || len(out) >= 400 {
			return
		}
		t := tick{x: x.day(d), word: word, year: year}
		if long || days == 1 {
			t.x += x.step() / 2
		}
		out = append(out, t)
	}
	if days > 0 {
		d := x.first
		if days == 7 {
			d = calendar.Weekly.First(d)
		}
		for ; d < last && len(out) < 400; d += calendar.Day(days) {
			t := d.Time()
			add(d, strconv.Itoa(t.Day()), months[t.Month()-1]+" "+strconv.Itoa(t.Year()))
		}
		return out
	}
	t := x.first.Time()
	m := int(t.Month()) - 1
	year := t.Year()
	if step >= 12 {
		y := step / 12
		for year -= year % y; len(out) < 400; year += y {
			d := calendar.Date(year, 1, 1)
			if d >= last {
				break
			}
			add(d, strconv.Itoa(year), "")
		}
		return out
	}
	for m -= m % step; len(out) < 400; m += step {
		d := calendar.Date(year, time.Month(1+m), 1)
		if d >= last {
			break
		}
		t := d.Time()
		word := months[t.Month()-1]
		if x.length == calendar.Quarterly {
			word = "Q" + strconv.Itoa((int(t.Month())+2)/3)
		}
		add(d, word, strconv.Itoa(t.Year()))
	}
	return out
}

// years leaves the second word only where it changes, and where it has room.
func (x dates) years(ts []tick, f font) []tick {
	before := ""
	for i := range ts {
		if y := ts[i].year; y == before {
			ts[i].year = ""
		} else {
			before = y
		}
	}
	next := math.Inf(1)
	for i := len(ts) - 1; i >= 0; i-- {
		if ts[i].year == "" {
			continue
		}
		half := f.width(ts[i].year) / 2
		if ts[i].x+half+6 > next {
			ts[i].year = ""
			continue
		}
		next = ts[i].x - half
	}
	return ts
}

// dayWords is a date as a person writes it: 1 Mar 2020.
func dayWords(d calendar.Day) string {
	t := d.Time()
	return strconv.Itoa(t.Day()) + " " + months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// periodWords is a period as a person writes it.
func periodWords(p calendar.Period) string {
	year, n := p.Number()
	switch p.Length {
	case calendar.Weekly:
		return "week " + strconv.Itoa(n) + " of " + strconv.Itoa(year)
	case calendar.Monthly:
		return months[n-1] + " " + strconv.Itoa(year)
	case calendar.Quarterly:
		return "Q" + strconv.Itoa(n) + " " + strconv.Itoa(year)
	}
	return dayWords(p.First)
}
