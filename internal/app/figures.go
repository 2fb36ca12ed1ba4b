package app

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"

	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromjson"
	"lapwing/internal/indicator/fromtable"
)

// ReadFigures recognises figures from their first bytes, a table or JSON, and
// gives their rows, which are read as they are asked for. Of a table it also
// gives what was understood of it; that is complete once the rows are read.
func ReadFigures(r io.Reader, o fromtable.Options) (*fromtable.Understood, iter.Seq2[indicator.Row, error], error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(512)
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(head) > 0 && (head[0] == '{' || head[0] == '[') {
		jo := fromjson.Options{Indicator: o.Indicator, Source: o.Source, Geography: o.Geography, Length: o.Length, Learned: o.Learned, Geographies: o.Geographies}
		return nil, rows(func(yield func(fromtable.Row) error) error { return fromjson.Read(in, jo, yield) }), nil
	}
	t, err := fromtable.Open(in, o)
	if err != nil {
		return nil, nil, err
	}
	return t.Understood(), rows(t.Read), nil
}

// rows turns a reader's rows into those of an import.
func rows(read func(func(fromtable.Row) error) error) iter.Seq2[indicator.Row, error] {
	stop := errors.New("enough")
	return func(yield func(indicator.Row, error) bool) {
		err := read(func(r fromtable.Row) error {
			if !yield(indicator.Row{Place: r.Place.String(), Figure: r.Figure, Problems: r.Problems, Text: r.Text}, nil) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			yield(indicator.Row{}, err)
		}
	}
}
