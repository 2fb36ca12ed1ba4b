package chart

import (
	"encoding/binary"
	"math"
	"testing"

	"lapwing/internal/calendar"
)

// feed makes data from bytes; when they run out, zeros.
type feed struct{ b []byte }

func (f *feed) byte() byte {
	if len(f.b) == 0 {
		return 0
	}
	c := f.b[0]
	f.b = f.b[1:]
	return c
}

func (f *feed) below(n int) int { return int(f.byte()) % n }

func (f *feed) uint64() uint64 {
	var b [8]byte
	f.b = f.b[copy(b[:], f.b):]
	return binary.LittleEndian.Uint64(b[:])
}

func (f *feed) float() float64 {
	switch f.below(4) {
	case 0:
		return math.Float64frombits(f.uint64())
	case 1:
		return float(int(f.byte()))
	}
	return float64(int8(f.byte())) * float64(f.below(9)+1)
}

func (f *feed) text() string {
	if f.below(3) == 0 {
		return name(int(f.byte()))
	}
	n := min(f.below(40), len(f.b))
	s := string(f.b[:n])
	f.b = f.b[n:]
	return s
}

func (f *feed) value() Value {
	return Value{V: f.float(), Provisional: f.byte()&1 == 1, Why: f.text()}
}

func (f *feed) values() []Value {
	n := f.below(60)
	if f.below(10) == 0 {
		n *= 50
	}
	out := make([]Value, n)
	for i := range out {
		out[i] = Value{V: f.float(), Provisional: f.byte()&7 == 1}
	}
	return out
}

func (f *feed) floats() []float64 {
	out := make([]float64, f.below(70))
	for i := range out {
		out[i] = f.float()
	}
	return out
}

func (f *feed) day() calendar.Day { return calendar.Day(int32(uint32(f.uint64()))) >> f.below(30) }

func (f *feed) length() calendar.Length {
	return append(calendar.Lengths, "", "x")[f.below(6)]
}

func (f *feed) events() []Event {
	out := make([]Event, f.below(12))
	for i := range out {
		out[i] = Event{f.text(), f.day(), f.day()}
	}
	return out
}

func (f *feed) chart() Chart {
	fr := Frame{ID: f.text(), Title: f.text(), Subtitle: f.text(), Note: f.text(), Source: f.text(), Desc: f.text(), Width: f.float() * 10, Bare: f.byte()&1 == 1}
	switch f.below(7) {
	case 0:
		c := Multiples{Frame: fr, Unit: f.text(), First: calendar.Period{Length: f.length(), First: f.day()}, Then: f.text(), Now: f.text(), Scale: Scale(f.below(3)), Style: Style(f.below(3)), Order: Order(f.below(5))}
		for range f.below(35) {
			c.Panels = append(c.Panels, Panel{f.text(), f.text(), f.values(), f.values()})
		}
		return c
	case 1:
		c := Lines{Frame: fr, Unit: f.text(), Length: f.length(), First: f.day(), Events: f.events()}
		for range f.below(20) {
			c.Series = append(c.Series, Line{f.text(), f.below(3) == 0, f.values()})
		}
		return c
	case 2:
		c := Timeline{Frame: fr, Unit: f.text(), Length: f.length(), First: f.day(), Values: f.values(), Median: f.below(20) - 3, Events: f.events()}
		if f.byte()&1 == 1 {
			c.Baseline = &Baseline{f.text(), f.floats(), f.floats(), f.floats()}
		}
		for range f.below(9) {
			c.Alarms = append(c.Alarms, Alarm{c.First + calendar.Day(f.byte()), f.text()})
		}
		return c
	case 3:
		return Trend{Frame: fr, Unit: f.text(), Length: f.length(), First: f.day(), Values: f.values(), Fit: f.floats(), Lower: f.floats(), Upper: f.floats(), Name: f.text(), Words: f.text()}
	case 4:
		c := Compare{Frame: fr, Before: f.text(), Now: f.text(), Interval: f.text()}
		for range f.below(20) {
			c.Items = append(c.Items, Item{f.text(), f.text(), f.value(), f.value(), f.float(), f.float(), f.float(), f.text(), f.text()})
		}
		return c
	case 5:
		c := Strip{Frame: fr}
		for range f.below(12) {
			c.Rows = append(c.Rows, Row{f.text(), f.text(), f.values(), f.value(), f.text(), f.text(), f.text(), Direction(f.byte()), Label(f.byte()), f.text(), int(int8(f.byte())), int(int8(f.byte()))})
		}
		return c
	}
	c := Grid{Frame: fr, Length: f.length(), First: f.day(), Periods: f.below(90) - 5}
	for range f.below(20) {
		r := SourceRow{Name: f.text()}
		for range f.below(90) {
			r.Cells = append(r.Cells, State(f.byte()%7))
		}
		c.Sources = append(c.Sources, r)
	}
	return c
}

// FuzzChart draws whatever the bytes make: well formed, nothing on anything
// else, the same twice.
func FuzzChart(f *testing.F) {
	r := noise(11)
	for range 60 {
		b := make([]byte, 2500)
		for i := range b {
			b[i] = byte(r.IntN(256))
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 20_000 {
			return
		}
		c := (&feed{b}).chart()
		sound(t, c)
		if len(b) > 0 && b[0]%16 == 0 { // the image costs more
			if _, err := PNG(c); err != nil {
				t.Error(err)
			}
		}
	})
}
