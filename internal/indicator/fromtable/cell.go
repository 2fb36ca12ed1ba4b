package fromtable

import (
	"fmt"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// A cell is what the cell of a value came to.
type cell struct {
	value       float64
	has         bool // there is a value
	status      indicator.Status
	provisional bool
	problem     string

	marker, flag string // as counted
}

// maxMarkers is how many markers are counted, and how many cells remembered.
const (
	maxMarkers = 100
	maxCells   = 4096
)

// value reads a value's cell.
func (t *Table) value(raw []byte) cell {
	if v, ok := quick(raw, t.dec); ok && v <= maxExact {
		return cell{value: v, has: true}
	}
	c, ok := t.cells[string(raw)]
	if !ok {
		read := t.readValue(raw)
		c = &read
		if len(t.cells) < maxCells && len(raw) <= 64 {
			t.cells[string(raw)] = c
		}
	}
	if c.marker != "" || len(raw) == 0 {
		t.count("m"+c.marker, c.marker, string(c.status))
	}
	if c.flag != "" {
		t.count("f"+c.flag, c.flag, flagMeaning(c.flag))
	}
	return *c
}

// count counts a marker or flag.
func (t *Table) count(key, text, means string) {
	m := t.markers[key]
	if m == nil {
		if len(t.markers) == maxMarkers {
			return
		}
		m = &Marker{Text: text, Means: means}
		t.markers[key] = m
	}
	m.Count++
}

func flagMeaning(flag string) string {
	if f, _ := flags(flag); f.provisional {
		return "provisional"
	}
	return "kept as a value, the flag is not kept"
}

func (t *Table) readValue(raw []byte) cell {
	s, ok := t.enc.text(raw)
	if !ok {
		return cell{problem: notUTF8}
	}
	s = strings.TrimSpace(s)
	if m, ok := t.o.mark(s); ok {
		switch {
		case m.zero:
			return cell{has: true}
		case m.status != indicator.Observed:
			return cell{status: m.status, marker: s}
		}
		return cell{problem: quote(s) + " is not a number (option marks gives it a meaning that only a status has)"}
	}
	text, behind, ok := cutFlags(s)
	if !ok {
		if m, ok := markerOf(s); ok {
			return cell{status: m.status, provisional: m.provisional, marker: s}
		}
		return cell{problem: quote(s) + " is neither a number nor a known word for a missing one (option marks)"}
	}
	v, m, _ := number(text, t.dec)
	c := cell{value: v, has: true}
	if behind = strings.TrimSpace(behind); behind != "" {
		f, ok := flags(behind)
		switch word, known := meanings()[lower(strings.Trim(behind, "()"))]; {
		case f.forecast && ok:
			return cell{problem: quote(s) + " is marked as a forecast, which is not a figure"}
		case ok:
			c.provisional = f.provisional
		case known && word.observed:
			c.provisional = word.provisional
		default:
			return cell{problem: fmt.Sprintf("%s is not a number: what stands behind it is not a flag", quote(s))}
		}
		c.flag = behind
	}
	switch m {
	case notANumber:
		c.problem = quote(s) + " is not a number"
	case belowZero:
		c.problem = quote(s) + " is below zero"
	case tooLarge:
		c.problem = quote(s) + " is too large a number to be kept exactly"
	case wrongGroups:
		c.problem = quote(s) + " is not a number: its separators do not stand after thousands"
	case wrongMark:
		c.problem = fmt.Sprintf("%s has its decimals after the wrong mark: the values above have a decimal %s (option decimal)", quote(s), map[byte]Decimal{'.': Point, ',': Comma}[t.dec])
	case twice:
		if t.dec == 0 {
			c.problem = quote(s) + " is in the thousands or has three decimals: say what stands before decimals (option decimal)"
		}
	}
	return c
}

// A statusCell is what the cell of a status says.
type statusCell struct {
	meaning
	problem string
}

// status brings together what the cells of value and status say.
func (t *Table) status(raw []byte, v *cell, o *indicator.Observation) (problem string) {
	if len(raw) == 0 {
		return ""
	}
	c, ok := t.statuses[string(raw)]
	if !ok {
		c = t.readStatus(raw)
		if len(t.statuses) < maxCells && len(raw) <= 64 {
			t.statuses[string(raw)] = c
		}
	}
	switch {
	case c.problem != "":
		return c.problem
	case c.forecast:
		return "the figure is marked as a forecast, which is not a figure"
	case c.status != indicator.Observed:
		if v.has && v.value != 0 {
			return fmt.Sprintf("there is a value, and the status says %s", c.status)
		}
		o.Status, o.Value = c.status, 0
		t.count("s"+string(raw), string(raw), string(c.status)+", in the column of status")
	case c.observed && !v.has && v.problem == "" && v.marker == "" && !c.provisional:
		return fmt.Sprintf("there is no value, and the status says %s", quote(string(raw)))
	}
	o.Provisional = o.Provisional || c.provisional
	return ""
}

func (t *Table) readStatus(raw []byte) statusCell {
	s, ok := t.enc.text(raw)
	if !ok {
		return statusCell{problem: notUTF8}
	}
	if m, ok := t.o.mark(s); ok {
		return statusCell{meaning: m}
	}
	m, ok := statusOf(s)
	if !ok {
		return statusCell{problem: quote(s) + " is not a known status (option marks)"}
	}
	return statusCell{meaning: m}
}

// An answer says whether a figure is provisional.
type answer struct {
	yes     bool
	problem string
}

func (t *Table) answer(raw []byte) answer {
	if len(raw) == 0 {
		return answer{}
	}
	a, ok := t.answers[string(raw)]
	if ok {
		return a
	}
	s, _ := t.enc.text(raw)
	f := fold(s)
	if m, ok := meanings()[lower(s)]; yesWords[f] || ok && m.provisional || s == "*" {
		a.yes = true
	} else if !noWords[f] && !(ok && m.observed) {
		a.problem = quote(s) + " does not say whether the figure is provisional: write yes or no"
	}
	if len(t.answers) < maxCells && len(raw) <= 64 {
		t.answers[string(raw)] = a
	}
	return a
}

// A moment is when a figure was learned.
type moment struct {
	time    time.Time
	day     calendar.Day
	problem string
}

// dayOnEarth is the latest date that it is anywhere at the time: figures of
// today may come from the other side of the date line.
func dayOnEarth(t time.Time) calendar.Day { return calendar.DayOf(t.UTC().Add(14 * time.Hour)) }

var momentLayouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "02.01.2006 15:04", "02.01.2006 15:04:05"}

func (t *Table) moment(raw []byte) (m moment) {
	if len(raw) == 0 {
		return m
	}
	m, ok := t.times[string(raw)]
	if ok {
		return m
	}
	s, _ := t.enc.text(raw)
	m.problem = quote(s) + " is not a time: write it as 2020-04-03T10:00:00Z or 2020-04-03"
	for _, l := range momentLayouts {
		if at, err := time.Parse(l, s); err == nil {
			m = moment{time: at.UTC()}
			break
		}
	}
	if r, ok := readPeriod(s, "", false); ok && m.problem != "" && !r.timed && (r.form == isoDay || r.form == dottedDay) {
		if d, ok := date(r.y, r.m, r.d); ok {
			m = moment{time: d.Time()}
		}
	}
	m.day = dayOnEarth(m.time)
	if len(t.times) < maxCells && len(raw) <= 64 {
		t.times[string(raw)] = m
	}
	return m
}
