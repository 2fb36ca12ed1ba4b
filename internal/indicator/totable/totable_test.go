package totable

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"

	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromjson"
	"lapwing/internal/indicator/fromtable"
)

var update = flag.Bool("update", false, "write the golden files anew")

func each(fs []indicator.Figure) Figures {
	return func(yield func(indicator.Figure, error) bool) {
		for _, f := range fs {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// known are geographies that are read back without being told.
var known = []string{"DE", "AT", "FR", "GR", "GB", "NO", "XK", "EU27", "US", "NA", "ALL"}

// figures draws figures as a desk keeps them, each of another period of its
// series, or a later one for the same.
func figures(t *rapid.T, revisions bool) []indicator.Figure {
	name := rapid.StringMatching(`[a-zäλ0-9][a-zß0-9._-]{0,11}`)
	learned := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(4e9, 4.2e9).Draw(t, "s"), rapid.SampledFrom([]int64{0, 1, 999_000_000, 123_456_789}).Draw(t, "ns")).UTC()
	})
	type slot struct {
		k       indicator.Key
		first   calendar.Day
		learned time.Time
	}
	seen := map[slot]bool{}
	one := rapid.Custom(func(t *rapid.T) indicator.Figure {
		l := rapid.SampledFrom(calendar.Lengths).Draw(t, "length")
		f := indicator.Figure{
			Key: indicator.Key{Indicator: name.Draw(t, "indicator"), Source: name.Draw(t, "source"), Geography: rapid.SampledFrom(known).Draw(t, "geography"), Length: l},
			Observation: indicator.Observation{
				First:       l.First(calendar.Date(1950, 1, 1) + calendar.Day(rapid.IntRange(0, 50_000).Draw(t, "day"))),
				Status:      rapid.SampledFrom([]indicator.Status{indicator.Observed, indicator.Observed, indicator.Observed, indicator.Unavailable, indicator.NotReported, indicator.Suppressed}).Draw(t, "status"),
				Provisional: rapid.Bool().Draw(t, "provisional"),
			},
		}
		if f.Status == indicator.Observed {
			f.Value = rapid.OneOf(
				rapid.Map(rapid.Int64Range(0, 1<<53), func(n int64) float64 { return float64(n) }),
				rapid.Map(rapid.IntRange(0, 2000), func(n int) float64 { return float64(n) }),
				rapid.Map(rapid.IntRange(0, 2_000_000), func(n int) float64 { return float64(n) / 1000 }),
				rapid.Float64Range(0, 1), rapid.Float64Range(0, 1e15), rapid.SampledFrom([]float64{0, 1e-7, 5e-324, 1 << 53, 0.1, 1.234, 12.345}),
			).Draw(t, "value")
		}
		return f
	})
	var fs []indicator.Figure
	for _, f := range rapid.SliceOfN(one, 1, 40).Draw(t, "figures") {
		if revisions {
			f.Learned = learned.Draw(t, "learned")
		}
		s := slot{f.Key, f.First, f.Learned}
		if !seen[s] {
			seen[s] = true
			fs = append(fs, f)
		}
	}
	return fs
}

func readTable(table []byte, o fromtable.Options) (fs []indicator.Figure, err error) {
	tb, err := fromtable.Open(bytes.NewReader(table), o)
	if err != nil {
		return nil, err
	}
	err = tb.Read(func(r fromtable.Row) error {
		if len(r.Problems) > 0 {
			return fmt.Errorf("%s: %v", r.Place, r.Problems)
		}
		fs = append(fs, r.Figure)
		return nil
	})
	return fs, err
}

func TestCSVRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := figures(t, rapid.Bool().Draw(t, "revisions"))
		var b bytes.Buffer
		if err := CSV(&b, each(want)); err != nil {
			t.Fatal(err)
		}
		got, err := readTable(b.Bytes(), fromtable.Options{})
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, b.String())
		}
	})
}

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := figures(t, rapid.Bool().Draw(t, "revisions"))
		for name, write := range map[string]func(*bytes.Buffer) error{
			"lines":    func(b *bytes.Buffer) error { return JSONLines(b, each(want)) },
			"document": func(b *bytes.Buffer) error { return JSON(b, each(want)) },
		} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			var got []indicator.Figure
			err := fromjson.Read(bytes.NewReader(b.Bytes()), fromjson.Options{}, func(r fromtable.Row) error {
				if len(r.Problems) > 0 {
					return fmt.Errorf("%s: %v", r.Place, r.Problems)
				}
				got = append(got, r.Figure)
				return nil
			})
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, b.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s (-want +got):\n%s\n%s", name, diff, b.String())
			}
		}
	})
}

func TestParquetRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := figures(t, true)
		var b bytes.Buffer
		if err := Parquet(&b, each(want)); err != nil {
			t.Fatal(err)
		}
		rows, err := parquet.Read[row](bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil || len(rows) != len(want) {
			t.Fatalf("%d rows, want %d: %v", len(rows), len(want), err)
		}
		for i, r := range rows {
			w := want[i]
			if r.Indicator != w.Indicator || r.Source != w.Source || r.Geography != w.Geography || r.Length != string(w.Length) ||
				r.First != int32(w.First) || r.Last != int32(w.Length.Add(w.First, 1)-1) || r.Provisional != w.Provisional ||
				(r.Value != nil) != (w.Status == indicator.Observed) || r.Value != nil && *r.Value != w.Value || *r.Learned != w.Learned.UnixMicro() {
				t.Fatalf("row %d is %+v, want %+v", i, r, w)
			}
		}
	})
}

// TestWideRoundTrip: a full grid comes back as it was.
func TestWideRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(calendar.Lengths).Draw(t, "length")
		n := rapid.IntRange(1, 10).Draw(t, "periods")
		first := l.First(calendar.Date(2018, 1, 1) + calendar.Day(rapid.IntRange(0, 1000).Draw(t, "first")))
		places := known[:rapid.IntRange(1, len(known)).Draw(t, "places")]
		places = slices.Sorted(slices.Values(places))
		var want []indicator.Figure
		for _, source := range []string{"a", "b"} {
			for i := range n {
				for _, g := range places {
					f := indicator.Figure{Key: indicator.Key{Indicator: "referrals", Source: source, Geography: g, Length: l}}
					f.First = l.Add(first, i)
					f.Status = rapid.SampledFrom([]indicator.Status{indicator.Observed, indicator.Unavailable, indicator.NotReported, indicator.Suppressed}).Draw(t, "status")
					if f.Status == indicator.Observed {
						f.Value = float64(rapid.IntRange(0, 5000).Draw(t, "value")) / 4
						f.Provisional = rapid.Bool().Draw(t, "provisional")
					}
					want = append(want, f)
				}
			}
		}
		var b bytes.Buffer
		if err := WideCSV(&b, each(rapid.Permutation(want).Draw(t, "order"))); err != nil {
			t.Fatal(err)
		}
		got, err := readTable(b.Bytes(), fromtable.Options{})
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, b.String())
		}
	})
}

// sample are figures with everything in them that a form has to show.
func sample() []indicator.Figure {
	k := indicator.Key{Indicator: "referrals", Source: "ncmec", Geography: "DE", Length: calendar.Monthly}
	at := func(y int, m time.Month, o indicator.Observation) indicator.Figure {
		o.First = calendar.Date(y, m, 1)
		o.Learned = time.Date(2020, 6, 3, 10, 0, 0, 0, time.UTC)
		return indicator.Figure{Key: k, Observation: o}
	}
	fs := []indicator.Figure{
		at(2020, 1, indicator.Observation{Value: 1234}), at(2020, 2, indicator.Observation{}),
		at(2020, 3, indicator.Observation{Status: indicator.Unavailable}), at(2020, 4, indicator.Observation{Status: indicator.Suppressed, Provisional: true}),
		at(2020, 5, indicator.Observation{Value: 12.5, Provisional: true}),
	}
	k.Geography, k.Source = "FR", "other, inc"
	fs = append(fs, at(2020, 2, indicator.Observation{Status: indicator.NotReported}), at(2020, 6, indicator.Observation{Value: 7}))
	k = indicator.Key{Indicator: "contacts", Source: "insafe", Geography: "EU27", Length: calendar.Quarterly}
	return append(fs, at(2020, 1, indicator.Observation{Value: 99}))
}

var defs = []indicator.Definition{{ID: "referrals", Name: "Referrals", Measures: "reports that were passed on", DoesNotMeasure: "abuse", Unit: "referral", Units: "referrals",
	Caveats: []string{"one report may hold many files"}}}

// TestForms keeps the bytes of every form but Parquet.
func TestForms(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*bytes.Buffer, Figures) error{
		"long.csv":     func(b *bytes.Buffer, fs Figures) error { return CSV(b, fs) },
		"wide.csv":     func(b *bytes.Buffer, fs Figures) error { return WideCSV(b, fs) },
		"lines.jsonl":  func(b *bytes.Buffer, fs Figures) error { return JSONLines(b, fs) },
		"figures.json": func(b *bytes.Buffer, fs Figures) error { return JSON(b, fs) },
		"stat.json":    func(b *bytes.Buffer, fs Figures) error { return JSONStat(b, fs, defs) },
		"one-stat.json": func(b *bytes.Buffer, fs Figures) error {
			return JSONStat(b, func(yield func(indicator.Figure, error) bool) {
				for f, err := range fs {
					if f.Indicator == "contacts" && !yield(f, err) {
						return
					}
				}
			}, nil)
		},
	} {
		var b bytes.Buffer
		if err := write(&b, each(sample())); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.HasSuffix(name, "json") && !json.Valid(b.Bytes()) {
			t.Errorf("%s is not JSON:\n%s", name, b.String())
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestJSONStat looks up every figure by its position in the cube, as a reader
// of JSON-stat does, in a dense and in a sparse one.
func TestJSONStat(t *testing.T) {
	t.Parallel()
	type dataset struct {
		ID, Size  json.RawMessage
		Dimension map[string]struct {
			Category struct{ Index []string }
		}
		Value  json.RawMessage
		Status map[string]string
	}
	rapid.Check(t, func(t *rapid.T) {
		var fs []indicator.Figure
		for _, f := range figures(t, false) {
			f.Indicator, f.Length = "referrals", calendar.Daily
			f.Source = []string{"a", "b"}[len(f.Source)%2]
			if !slices.ContainsFunc(fs, func(o indicator.Figure) bool { return o.Key == f.Key && o.First == f.First }) {
				fs = append(fs, f)
			}
		}
		if rapid.Bool().Draw(t, "dense") {
			for i := range fs {
				fs[i].First, fs[i].Geography, fs[i].Source = calendar.Day(i/2), []string{"DE", "FR"}[i%2], "a"
			}
		}
		var b bytes.Buffer
		if err := JSONStat(&b, each(fs), defs); err != nil {
			t.Fatal(err)
		}
		var d dataset
		if err := json.Unmarshal(b.Bytes(), &d); err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		size := 1
		for _, dim := range d.Dimension {
			size *= len(dim.Category.Index)
		}
		value := func(i int) *float64 {
			if d.Value[0] == '[' {
				var vs []*float64
				if err := json.Unmarshal(d.Value, &vs); err != nil || len(vs) != size {
					t.Fatalf("%d values, want %d: %v", len(vs), size, err)
				}
				return vs[i]
			}
			var vs map[string]*float64
			if err := json.Unmarshal(d.Value, &vs); err != nil {
				t.Fatal(err)
			}
			return vs[fmt.Sprint(i)]
		}
		at := func(dim, what string) int { return slices.Index(d.Dimension[dim].Category.Index, what) }
		for _, f := range fs {
			i := (at("time", f.First.String())*len(d.Dimension["geography"].Category.Index)+at("geography", f.Geography))*len(d.Dimension["source"].Category.Index) + at("source", f.Source)
			v, st := value(i), d.Status[fmt.Sprint(i)]
			switch {
			case f.Status != indicator.Observed:
				if v != nil || st != string(f.Status) {
					t.Fatalf("%+v is %v with status %q", f, v, st)
				}
			case v == nil || *v != f.Value || (st == "p") != f.Provisional:
				t.Fatalf("%+v is %v with status %q", f, v, st)
			}
		}
	})
}

// TestSameBytes: the same figures give the same bytes, however often.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	fs := slices.Repeat(sample(), 1)
	for i := range 3000 {
		f := fs[i%8]
		f.First, f.Value, f.Source = f.Length.Add(f.First, 10+i), float64(i), fmt.Sprint("s", i%50)
		fs = append(fs, f)
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"CSV":      func(b *bytes.Buffer) error { return CSV(b, each(fs)) },
		"WideCSV":  func(b *bytes.Buffer) error { return WideCSV(b, each(fs)) },
		"JSON":     func(b *bytes.Buffer) error { return JSON(b, each(fs)) },
		"JSONStat": func(b *bytes.Buffer) error { return JSONStat(b, each(fs), defs) },
		"Parquet":  func(b *bytes.Buffer) error { return Parquet(b, each(fs)) },
	} {
		var first bytes.Buffer
		if err := write(&first); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for range 3 {
			var again bytes.Buffer
			if err := write(&again); err != nil || !bytes.Equal(first.Bytes(), again.Bytes()) {
				t.Errorf("%s differs from one time to the next: %v", name, err)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	f := sample()[0]
	nan := f
	nan.Value = math.NaN()
	stops := func(yield func(indicator.Figure, error) bool) {
		if yield(f, nil) {
			yield(indicator.Figure{}, os.ErrDeadlineExceeded)
		}
	}
	for name, write := range map[string]func(Figures) error{
		"CSV": func(fs Figures) error { return CSV(&bytes.Buffer{}, fs) }, "WideCSV": func(fs Figures) error { return WideCSV(&bytes.Buffer{}, fs) },
		"JSON": func(fs Figures) error { return JSON(&bytes.Buffer{}, fs) }, "JSONLines": func(fs Figures) error { return JSONLines(&bytes.Buffer{}, fs) },
		"JSONStat": func(fs Figures) error { return JSONStat(&bytes.Buffer{}, fs, nil) }, "Parquet": func(fs Figures) error { return Parquet(&bytes.Buffer{}, fs) },
	} {
		if err := write(stops); err != os.ErrDeadlineExceeded {
			t.Errorf("%s of figures that break off: %v, want the error of the figures", name, err)
		}
		if err := write(each([]indicator.Figure{nan})); err == nil {
			t.Errorf("%s writes NaN", name)
		}
		if err := write(each(nil)); err != nil {
			t.Errorf("%s of nothing: %v", name, err)
		}
		again := f
		again.Value++
		if err := write(each([]indicator.Figure{f, again})); (err != nil) != (name == "WideCSV" || name == "JSONStat") {
			t.Errorf("%s of two figures for one period: %v", name, err)
		}
	}
}
