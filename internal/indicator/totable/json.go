package totable

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
)

// line is a figure as docs/formats/figures.schema.json has it.
type line struct {
	Indicator   string           `json:"indicator"`
	Source      string           `json:"source"`
	Geography   string           `json:"geography"`
	Period      string           `json:"period"`
	Value       *float64         `json:"value"`
	Status      indicator.Status `json:"status,omitempty"`
	Provisional bool             `json:"provisional,omitempty"`
	Learned     string           `json:"learned,omitempty"`
}

func lineOf(f *indicator.Figure) line {
	l := line{Indicator: f.Indicator, Source: f.Source, Geography: f.Geography, Period: calendar.Period{Length: f.Length, First: f.First}.String(),
		Status: f.Status, Provisional: f.Provisional}
	if f.Status == indicator.Observed {
		l.Value = &f.Value
	}
	if !f.Learned.IsZero() {
		l.Learned = f.Learned.UTC().Format(time.RFC3339Nano)
	}
	return l
}

// JSONLines writes one JSON object a line and figure.
func JSONLines(w io.Writer, figures Figures) error {
	return objects(w, figures, "", "", "\n")
}

// JSON writes one document with a list of figures.
func JSON(w io.Writer, figures Figures) error {
	return objects(w, figures, "{\"figures\":[\n", ",\n", "\n]}\n")
}

// objects writes begin, the figures with between, or else end, behind each,
// and end. Where between is "" every figure has an end of its own.
func objects(w io.Writer, figures Figures, begin, between, end string) error {
	b := bufio.NewWriterSize(w, 64<<10)
	b.WriteString(begin)
	var one bytes.Buffer
	enc := json.NewEncoder(&one)
	enc.SetEscapeHTML(false)
	n := 0
	for f, err := range figures {
		if err != nil {
			return err
		}
		one.Reset()
		if err := enc.Encode(lineOf(&f)); err != nil {
			return fmt.Errorf("%s of %s: %w", f.First, f.Key, err)
		}
		if n++; n > 1 {
			b.WriteString(between)
		}
		b.Write(bytes.TrimSuffix(one.Bytes(), []byte("\n")))
		if between == "" {
			b.WriteString(end)
		}
	}
	if between != "" {
		b.WriteString(end)
	}
	return b.Flush()
}
