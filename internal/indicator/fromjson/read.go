// Package fromjson reads figures that partners send as JSON: a document with
// what its figures have in common and the figures, a plain list of figures, or
// JSON lines with one figure each. The form is docs/formats/figures.schema.json,
// the prose docs/formats/figures.md.
//
// [Read] hands over one [fromtable.Row] after the other, with all problems of
// a figure that is none. It holds one figure at a time.
package fromjson

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator/fromtable"
)

// MaxFigure is how many bytes a figure, or any other value in a document, may
// have.
const MaxFigure = 64 << 10

// Options say what a document does not say.
type Options struct {
	Indicator   string          `json:"indicator,omitempty"`
	Source      string          `json:"source,omitempty"`
	Geography   string          `json:"geography,omitempty"`
	Length      calendar.Length `json:"length,omitempty"` // figures of another are problems
	Learned     time.Time       `json:"learned,omitzero"`
	Geographies []string        `json:"geographies,omitempty"` // names of the desk's own beside the countries
}

// Read hands every figure to yield in the order of the document, and every one
// that is none with its problems. It stops with the error of yield, or with
// one that says where the document cannot be read any more: what came before
// was handed over.
func Read(in io.Reader, o Options, yield func(fromtable.Row) error) error {
	r := &reader{o: o, yield: yield, common: common{indicator: o.Indicator, source: o.Source, geography: o.Geography, learned: o.Learned}}
	b := bufio.NewReaderSize(in, MaxFigure)
	head, err := b.Peek(MaxFigure)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if rest, ok := bytes.CutPrefix(head, []byte("\xef\xbb\xbf")); ok {
		b.Discard(3)
		head = rest
	}
	first := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(first) == 0 && err == nil:
		return errors.New("the document begins with nothing but blanks")
	case len(first) == 0:
		return errors.New("the document is empty")
	case first[0] != '{' && first[0] != '[':
		return errors.New("this is not JSON: it begins neither with { nor with [")
	}
	line, _, _ := bytes.Cut(first, []byte("\n"))
	if first[0] == '{' && json.Valid(line) && !hasFigures(line) {
		return r.lines(b)
	}
	return r.document(b, first[0])
}

// hasFigures says whether an object is a document.
func hasFigures(object []byte) (has bool) {
	eachProperty(object, func(name string, value []byte) { has = has || name == "figures" })
	return has
}

type reader struct {
	o       Options
	yield   func(fromtable.Row) error
	common  common
	doubles fromtable.Doubles
	names   map[property]named
}

// common is what figures say that do not say it themselves.
type common struct {
	indicator, source, geography string
	learned                      time.Time
}

// lines reads JSON lines. A line that is broken is a problem, and reading goes
// on after it.
func (r *reader) lines(b *bufio.Reader) error {
	for n := 1; ; n++ {
		line, err := b.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = b.ReadSlice('\n')
			}
			row := fromtable.Row{Place: fromtable.Place{Line: n}, Problems: []string{fmt.Sprintf("the line has more than %d bytes", MaxFigure)}}
			if gave := r.give(row, nil); gave != nil {
				return gave
			}
			line = nil
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			gave := error(nil)
			if json.Valid(line) {
				gave = r.figure(fromtable.Place{Line: n}, line)
			} else {
				gave = r.give(fromtable.Row{Place: fromtable.Place{Line: n}, Problems: []string{"the line is not JSON"}}, line)
			}
			if gave != nil {
				return gave
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading stopped in line %d: %w", n, err)
		}
	}
}

// document reads a document or a list of figures.
func (r *reader) document(b *bufio.Reader, begins byte) error {
	g := &guard{r: b, allow: 4 * MaxFigure}
	dec := json.NewDecoder(g)
	if _, err := dec.Token(); err != nil {
		return broken(dec, g, err)
	}
	if begins == '[' {
		return r.end(dec, g, r.list(dec, g))
	}
	seen := map[string]bool{}
	for dec.More() {
		g.allow = dec.InputOffset() + 4*MaxFigure
		t, err := dec.Token()
		if err != nil {
			return broken(dec, g, err)
		}
		name, _ := t.(string)
		if seen[name] {
			return fmt.Errorf("the property %q stands twice in the document", name)
		}
		if seen["figures"] {
			return fmt.Errorf("the property %q stands after figures: figures come last, since what they have in common has to be known before", name)
		}
		seen[name] = true
		if name == "figures" {
			if t, err := dec.Token(); err != nil {
				return broken(dec, g, err)
			} else if t != json.Delim('[') {
				return errors.New("figures is not a list")
			}
			if err := r.list(dec, g); err != nil {
				return err
			}
			continue
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return broken(dec, g, err)
		}
		if problem := r.common.set(name, raw); problem != "" {
			return errors.New(problem)
		}
	}
	if _, err := dec.Token(); err != nil {
		return broken(dec, g, err)
	}
	if !seen["figures"] {
		return errors.New("the document has no figures: it has to hold a list of that name")
	}
	return r.end(dec, g, nil)
}

// end makes sure that nothing follows.
func (r *reader) end(dec *json.Decoder, g *guard, err error) error {
	if err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("something follows the document, at byte %d", dec.InputOffset())
	}
	return nil
}

// list reads figures up to the end of their list.
func (r *reader) list(dec *json.Decoder, g *guard) error {
	var raw json.RawMessage
	for n := 1; dec.More(); n++ {
		g.allow = dec.InputOffset() + 4*MaxFigure
		if err := dec.Decode(&raw); err != nil {
			return broken(dec, g, err)
		}
		if err := r.figure(fromtable.Place{Figure: n}, raw); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return broken(dec, g, err)
	}
	return nil
}

// A guard stops a value that does not end.
type guard struct {
	r        io.Reader
	n, allow int64
	long     bool
}

var errLong = fmt.Errorf("a value has more than %d bytes", MaxFigure)

func (g *guard) Read(p []byte) (int, error) {
	if g.n > g.allow {
		g.long = true
		return 0, errLong
	}
	n, err := g.r.Read(p[:min(len(p), MaxFigure)])
	g.n += int64(n)
	return n, err
}

// broken says where and why a document cannot be read on.
func broken(dec *json.Decoder, g *guard, err error) error {
	switch syntax := (*json.SyntaxError)(nil); {
	case g.long:
		return fmt.Errorf("%w, after byte %d", errLong, dec.InputOffset())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the document ends early, after byte %d", dec.InputOffset())
	case errors.As(err, &syntax):
		return fmt.Errorf("this is not JSON, near byte %d: %s", syntax.Offset, strings.TrimPrefix(syntax.Error(), "json: "))
	}
	return fmt.Errorf("the document cannot be read after byte %d: %w", dec.InputOffset(), err)
}
