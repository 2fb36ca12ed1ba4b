package totable

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// maxCells is how many cells a cube may have, whether there are figures in
// them or not.
const maxCells = 50_000_000

// JSONStat writes JSON-stat 2.0 (https://json-stat.org/full): a dataset for
// each indicator and length of period, with the dimensions time, geography and
// source; several in a collection. What an indicator measures and what not
// comes from its definition, where there is one in defs. Status is p for
// provisional, or the reason why there is no value; a cell without either is
// one of which nothing is known. It holds all figures, up to 160 bytes for each.
func JSONStat(w io.Writer, figures Figures, defs []indicator.Definition) error {
	cubes := map[indicator.Key]*cube{}
	for f, err := range figures {
		if err != nil {
			return err
		}
		k := indicator.Key{Indicator: f.Indicator, Length: f.Length}
		c := cubes[k]
		if c == nil {
			c = &cube{Key: k, places: map[string]int32{}, sources: map[string]int32{}}
			cubes[k] = c
		}
		c.cells = append(c.cells, cell{first: f.First, place: id(c.places, f.Geography), source: id(c.sources, f.Source),
			value: f.Value, status: f.Status, provisional: f.Provisional})
		if f.Learned.After(c.updated) {
			c.updated = f.Learned
		}
	}
	b := bufio.NewWriterSize(w, 64<<10)
	out := &object{w: b}
	keys := slices.SortedFunc(maps.Keys(cubes), indicator.Key.Compare)
	if len(keys) == 1 {
		if err := cubes[keys[0]].write(out, definition(defs, keys[0].Indicator)); err != nil {
			return err
		}
	} else {
		out.open("{")
		out.member("version", "2.0")
		out.member("class", "collection")
		out.member("label", "Indicators")
		out.name("link")
		out.open("{")
		out.name("item")
		out.open("[")
		for _, k := range keys {
			out.element()
			if err := cubes[k].write(out, definition(defs, k.Indicator)); err != nil {
				return err
			}
		}
		out.close("]")
		out.close("}")
		out.close("}")
	}
	b.WriteByte('\n')
	if out.err != nil {
		return out.err
	}
	return b.Flush()
}

func definition(defs []indicator.Definition, id string) indicator.Definition {
	if i := slices.IndexFunc(defs, func(d indicator.Definition) bool { return d.ID == id }); i >= 0 {
		return defs[i]
	}
	return indicator.Definition{ID: id, Name: id}
}

// A cube is a dataset.
type cube struct {
	indicator.Key   // indicator and length
	places, sources map[string]int32
	cells           []cell
	updated         time.Time
}

// A cell has its place in the cube, geography and source as numbers.
type cell struct {
	at            int
	first         calendar.Day
	place, source int32
	value         float64
	status        indicator.Status
	provisional   bool
}

// id numbers names in the order in which they come.
func id(ids map[string]int32, name string) int32 {
	n, ok := ids[name]
	if !ok {
		n = int32(len(ids))
		ids[name] = n
	}
	return n
}

// sorted gives the names in order, and for each id its place among them.
func sorted(ids map[string]int32) (names []string, place []int) {
	names = slices.Sorted(maps.Keys(ids))
	place = make([]int, len(names))
	for i, n := range names {
		place[ids[n]] = i
	}
	return names, place
}

func (c *cube) write(out *object, d indicator.Definition) error {
	periods := map[calendar.Day]int{}
	for _, cell := range c.cells {
		periods[cell.first] = 0
	}
	times := slices.Sorted(maps.Keys(periods))
	for i, t := range times {
		periods[t] = i
	}
	geographies, place := sorted(c.places)
	who, source := sorted(c.sources)
	size := len(times) * len(geographies) * len(who)
	if size > maxCells {
		return fmt.Errorf("%s in %ss has %d periods, %d geographies and %d sources: a cube of more than %d cells; ask for fewer",
			c.Indicator, c.Length, len(times), len(geographies), len(who), maxCells)
	}
	for i := range c.cells {
		at := &c.cells[i]
		at.at = (periods[at.first]*len(geographies)+place[at.place])*len(who) + source[at.source]
	}
	slices.SortFunc(c.cells, func(a, b cell) int { return cmp.Compare(a.at, b.at) })
	for i := 1; i < len(c.cells); i++ {
		if at := c.cells[i]; at.at == c.cells[i-1].at {
			f := indicator.Figure{Key: c.Key}
			f.Geography, f.Source, f.First = geographies[place[at.place]], who[source[at.source]], at.first
			return twoFigures(f)
		}
	}

	out.open("{")
	out.member("version", "2.0")
	out.member("class", "dataset")
	out.member("label", fmt.Sprintf("%s, by %s", d.Name, c.Length))
	if len(who) == 1 {
		out.member("source", who[0])
	}
	if !c.updated.IsZero() {
		out.member("updated", c.updated.UTC().Format(time.RFC3339))
	}
	var notes []string
	for _, n := range []struct{ before, text string }{{"Measures: ", d.Measures}, {"Does not measure: ", d.DoesNotMeasure}, {"Direction: ", d.Direction}} {
		if n.text != "" {
			notes = append(notes, n.before+n.text)
		}
	}
	if notes = append(notes, d.Caveats...); len(notes) > 0 {
		out.member("note", notes)
	}
	out.member("id", []string{"time", "geography", "source"})
	out.member("size", []int{len(times), len(geographies), len(who)})
	out.member("role", map[string][]string{"time": {"time"}, "geo": {"geography"}})

	out.name("dimension")
	out.open("{")
	var names []string
	for _, t := range times {
		names = append(names, calendar.Period{Length: c.Length, First: t}.String())
	}
	out.dimension("time", string(c.Length), names)
	out.dimension("geography", "geography", geographies)
	out.dimension("source", "source", who)
	out.close("}")

	if err := out.cells(c.cells, size); err != nil {
		return fmt.Errorf("%s: %w", c.Indicator, err)
	}
	out.member("extension", map[string]any{"lapwing": map[string]string{"indicator": c.Indicator, "length": string(c.Length), "unit": cmp.Or(d.Units, d.Unit)}})
	out.close("}")
	return out.err
}

// object writes JSON with a line for each member, in the order given.
type object struct {
	w     *bufio.Writer
	err   error
	depth int
	begun []bool
}

func (o *object) open(bracket string) {
	o.w.WriteString(bracket)
	o.depth++
	o.begun = append(o.begun, false)
}

func (o *object) close(bracket string) {
	o.depth--
	o.begun = o.begun[:o.depth]
	o.w.WriteString("\n" + strings.Repeat(" ", o.depth) + bracket)
}

// element begins a member or an element on a line of its own.
func (o *object) element() {
	if o.begun[o.depth-1] {
		o.w.WriteByte(',')
	}
	o.begun[o.depth-1] = true
	o.w.WriteString("\n" + strings.Repeat(" ", o.depth))
}

func (o *object) name(name string) {
	o.element()
	o.value(name)
	o.w.WriteString(": ")
}

func (o *object) member(name string, v any) {
	o.name(name)
	o.value(v)
}

func (o *object) value(v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil && o.err == nil {
		o.err = err
	}
	o.w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func (o *object) dimension(name, label string, index []string) {
	o.name(name)
	o.value(map[string]any{"label": label, "category": map[string]any{"index": index}})
}

// cells writes value and status: value as a list where at least half of it is
// filled, otherwise by position. The cells are sorted.
func (o *object) cells(cells []cell, size int) error {
	o.name("value")
	brackets := "{}"
	if len(cells)*2 >= size {
		brackets = "[]"
	}
	b := []byte(brackets[:1])
	next, begun := 0, false
	for _, c := range cells {
		if brackets == "[]" {
			for ; next < c.at; next++ {
				b = append(b, "null,"...)
			}
			next++
		}
		switch {
		case c.status == indicator.Observed:
			if brackets == "{}" {
				b = appendPosition(b, c.at, begun)
			}
			begun = true
			var err error
			if b, err = appendNumber(b, c.value); err != nil {
				return err
			}
		case brackets == "[]":
			b = append(b, "null"...)
		}
		if brackets == "[]" && next < size {
			b = append(b, ',')
		}
		b = o.spill(b)
	}
	for ; brackets == "[]" && next < size; next++ {
		b = append(b, "null"...)
		if next+1 < size {
			b = append(b, ',')
		}
		b = o.spill(b)
	}
	o.w.Write(append(b, brackets[1]))

	b, begun = b[:0], false
	for _, c := range cells {
		s := string(c.status)
		if c.status == indicator.Observed && c.provisional {
			s = "p"
		}
		if s == "" {
			continue
		}
		if !begun {
			o.name("status")
			b = append(b, '{')
		}
		b = appendPosition(b, c.at, begun)
		begun = true
		b = o.spill(append(append(append(b, '"'), s...), '"'))
	}
	if begun {
		o.w.Write(append(b, '}'))
	}
	return nil
}

// appendPosition writes the name of a member, with a comma before all but the
// first.
func appendPosition(b []byte, at int, begun bool) []byte {
	if begun {
		b = append(b, ',')
	}
	return append(strconv.AppendInt(append(b, '"'), int64(at), 10), `":`...)
}

// spill keeps what is to be written short.
func (o *object) spill(b []byte) []byte {
	if len(b) < 16<<10 {
		return b
	}
	o.w.Write(b)
	return b[:0]
}
