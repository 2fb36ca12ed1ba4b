package fromtable

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lapwing/internal/calendar"
)

func TestReadPeriod(t *testing.T) {
	t.Parallel()
	p := periods{langs: anyLanguage, length: calendar.Daily, order: DayFirst}
	for in, want := range map[string]string{
		"2020-03-01": "2020-03-01", "2020-3-1": "2020-03-01", "2020/03/01": "2020-03-01", "2020.03.01": "2020-03-01", "20200301": "2020-03-01",
		"01.03.2020": "2020-03-01", "1.3.2020": "2020-03-01", "1. 3. 2020": "2020-03-01", "1.3.20": "2020-03-01", "1.3.99": "1999-03-01",
		"01/03/2020": "2020-03-01", "01-03-2020": "2020-03-01", "1 March 2020": "2020-03-01", "1st March 2020": "2020-03-01", "March 1, 2020": "2020-03-01",
		"1. März 2020": "2020-03-01", "1er mars 2020": "2020-03-01", "1 de marzo de 2020": "2020-03-01", "1 Mar 20": "2020-03-01", "1 марта 2020": "",
		"2020. március 1.": "2020-03-01", "1. března 2020": "2020-03-01", "1 marca 2020 r.": "2020-03-01", "1 Μαρτίου 2020": "2020-03-01", "01-MAR-2020": "2020-03-01",
		"29.02.2020": "2020-02-29", "29.02.2019": "", "31.04.2020": "", "00.01.2020": "", "01.13.2020": "", "32/01/2020": "", "2020-13-01": "", "20201301": "",
		"2020-03-01T00:00:00Z": "2020-03-01", "2020-03-01 00:00:00.000": "2020-03-01", "2020-03-01T00:00:00+01:00": "2020-03-01", "2020-03-01 10:00": "", "01.03.2020 00:00": "2020-03-01",
		"2020-W10": "2020-W10", "2020W10": "2020-W10", "2020-W1": "2020-W01", "W10 2020": "2020-W10", "W10/2020": "2020-W10", "KW10/20": "2020-W10", "10. KW 2020": "2020-W10",
		"2020 week 10": "2020-W10", "Week 10, 2020": "2020-W10", "S10 2020": "", "2020-W53": "2020-W53", "2021-W53": "", "2020-W54": "", "2020-W00": "",
		"2020-03": "2020-03", "2020-3": "2020-03", "03/2020": "2020-03", "3/2020": "2020-03", "03.2020": "2020-03", "202003": "2020-03", "2020M03": "2020-03", "M3 2020": "2020-03",
		"Mar 2020": "2020-03", "mars 2020": "2020-03", "2020 Mar": "2020-03", "Mar-20": "2020-03", "März 20": "2020-03", "marts 2020": "2020-03", "ožujak 2020": "2020-03", "Μάρτιος 2020": "2020-03",
		"maaliskuu 2020": "2020-03", "2020-13": "", "2020-00": "", "13/2020": "",
		"2020-Q1": "2020-Q1", "2020Q1": "2020-Q1", "Q1 2020": "2020-Q1", "Q1/20": "2020-Q1", "1. Quartal 2020": "2020-Q1", "T1 2020": "2020-Q1", "1er trimestre 2020": "2020-Q1", "2020K1": "2020-Q1", "Q5 2020": "", "Q0 2020": "",
		"2020": "", "43891": "", "": "", "March": "", "1 March": "", "yesterday": "", "12 34 2020": "", "01.03/2020": "", "1.3.2020.4": "", "2020-03-01-04": "", "99999999": "", "0000-01-01": "",
		"listopad 2020": "", "2020-03-01 foo": "", "foo 2020-03-01": "", "\x00\x002020": "", "2020\u00a0Q1": "2020-Q1", strings.Repeat("1", 70): "", "1899-12-31": "", "2200-01-01": "",
		"02.03.2020 - 08.03.2020": "2020-W10", "2020-03-01/2020-03-31": "2020-03", "01.01.2020–31.03.2020": "2020-Q1", "01.03.2020 bis 01.03.2020": "2020-03-01", "02.03.2020 - 09.03.2020": "",
	} {
		w := p.read(in)
		got := ""
		if w.problem == "" {
			got = w.period.String()
		}
		if got != want {
			t.Errorf("%q is %q (%s), want %q", in, got, w.problem, want)
		}
	}
}

// TestPeriodWritten: a period in any of the ways to write it is read as it is.
func TestPeriodWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Date(1990, 1, 1) + calendar.Day(rapid.IntRange(0, 30_000).Draw(t, "day"))
		l := rapid.SampledFrom(calendar.Lengths).Draw(t, "length")
		p := l.Of(d)
		y, n := p.Number()
		at := p.First.Time()
		row := strings.Fields(strings.TrimPrefix(rapid.SampledFrom(monthNames).Draw(t, "language"), "+ "))
		forms := strings.Split(row[at.Month()-1], "|")
		month := forms[rapid.IntRange(0, len(forms)-1).Draw(t, "form")]
		if rapid.Bool().Draw(t, "capitals") {
			month = strings.ToUpper(month)
		}
		var ways []string
		switch l {
		case calendar.Daily:
			for _, layout := range []string{"2006-01-02", "02.01.2006", "2.1.2006", "2006/01/02", "20060102", "02/01/2006", "2-1-2006", "2006-01-02T15:04:05Z", "2. 1. 2006", "2 January 2006", "Jan 2, 2006"} {
				ways = append(ways, at.Format(layout))
			}
			ways = append(ways, fmt.Sprintf("%d %s %d", at.Day(), month, at.Year()), fmt.Sprintf("%d. %s %d", at.Day(), month, at.Year()))
		case calendar.Weekly:
			ways = []string{fmt.Sprintf("%d-W%02d", y, n), fmt.Sprintf("%dW%d", y, n), fmt.Sprintf("W%d %d", n, y), fmt.Sprintf("KW %02d/%d", n, y), fmt.Sprintf("%d week %d", y, n),
				p.First.String() + " - " + p.Last().String(), p.First.Time().Format("02.01.2006") + " – " + p.Last().Time().Format("02.01.2006")}
		case calendar.Monthly:
			ways = []string{fmt.Sprintf("%d-%02d", y, n), fmt.Sprintf("%02d/%d", n, y), fmt.Sprintf("%d.%d", n, y), fmt.Sprintf("%dM%02d", y, n), fmt.Sprintf("%d%02d", y, n), month + fmt.Sprint(" ", y), fmt.Sprint(y, " ", month)}
		default:
			ways = []string{fmt.Sprintf("%d-Q%d", y, n), fmt.Sprintf("Q%d %d", n, y), fmt.Sprintf("%dQ%d", y, n), fmt.Sprintf("%d. Quartal %d", n, y), fmt.Sprintf("T%d/%d", n, y)}
		}
		way := rapid.SampledFrom(ways).Draw(t, "way")
		ps := periods{langs: anyLanguage, length: calendar.Daily, order: DayFirst}
		w := ps.read(way)
		if strings.Contains(w.problem, "in one language and another month in another") {
			return // listopad
		}
		if w.problem != "" || w.period != p {
			t.Fatalf("%q is %v (%s), want %v", way, w.period, w.problem, p)
		}
	})
}

func TestReadPart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		l    calendar.Length
		want int
	}{
		{"3", calendar.Monthly, 3}, {"03", calendar.Monthly, 3}, {"März", calendar.Monthly, 3}, {"M03", calendar.Monthly, 3}, {"13", calendar.Monthly, 0}, {"0", calendar.Monthly, 0},
		{"53", calendar.Weekly, 53}, {"KW 10", calendar.Weekly, 10}, {"W10", calendar.Weekly, 10}, {"Q1", calendar.Weekly, 0}, {"54", calendar.Weekly, 0},
		{"Q4", calendar.Quarterly, 4}, {"1. Quartal", calendar.Quarterly, 1}, {"5", calendar.Quarterly, 0}, {"listopad", calendar.Monthly, 0}, {"2020", calendar.Monthly, 0}, {"", calendar.Monthly, 0},
	} {
		if got, ok := readPart(tt.in, tt.l, anyLanguage); ok != (tt.want > 0) || ok && got != tt.want {
			t.Errorf("readPart(%q, %s) = %d, %v; want %d", tt.in, tt.l, got, ok, tt.want)
		}
	}
}

// TestMonths: every name of a month means it, in its own language, and only
// the names that Croatian shares with its neighbours mean two.
func TestMonths(t *testing.T) {
	t.Parallel()
	if len(monthNames) != 25 || anyLanguage != 1<<len(monthNames)-1 {
		t.Fatalf("%d languages do not fill %b", len(monthNames), anyLanguage)
	}
	for l, row := range monthNames {
		months := strings.Fields(strings.TrimPrefix(row, "+ "))
		if len(months) != 12 {
			t.Errorf("%q has %d months", row, len(months))
		}
		for i, forms := range months {
			for name := range strings.SplitSeq(forms, "|") {
				w := monthWords()[fold(name)]
				if w == nil {
					t.Errorf("%q is no month", name)
				} else if m, several := w.in(1 << l); m != i+1 || several {
					t.Errorf("%q is month %d, want %d", name, m, i+1)
				}
			}
		}
	}
	for begin, w := range monthWords() {
		if _, several := w.in(anyLanguage); several && !strings.HasPrefix(begin, "lis") && !strings.HasPrefix(begin, "lip") && !strings.HasPrefix(begin, "srp") {
			t.Errorf("%q means several months", begin)
		}
		if weekWords[begin] || quarterWords[begin] || monthMarks[begin] || fillers[begin] {
			t.Errorf("%q is a month and something else", begin)
		}
	}
}

// TestIndexOf: periods one after the other have numbers one after the other.
func TestIndexOf(t *testing.T) {
	t.Parallel()
	for _, l := range calendar.Lengths {
		p := l.Of(calendar.Date(1899, time.December, 1))
		for range 5000 {
			if next := p.Next(1); indexOf(next) != indexOf(p)+1 {
				t.Fatalf("%v has number %d, %v %d", p, indexOf(p), next, indexOf(next))
			}
			p = p.Next(1)
		}
	}
}
